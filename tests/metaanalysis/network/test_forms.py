"""What comes out: league table, ranking and summary as CSV, JSON and text, from the library and from the verb."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
from scipy.stats import norm
from typer.testing import CliRunner

from metaanalysis.network import LEAGUE, network_meta_analysis
from metaanalysis.network.verb import draw, network_text

TRIALS = """study,treatment_a,treatment_b,effect,standard_error
1,A,B,1.0,0.5
2,A,B,2.0,0.4
3,B,C,1.5,0.3
4,A,C,1.0,0.6
5,X,Y,1.0,0.5
"""
SUMMARY = (
    *("tau2", "q", "df_q", "q_within", "df_within", "q_between", "df_between", "i2"),
    *("studies", "treatments", "contrasts", "components"),
)


@pytest.fixture
def trials(tmp_path, monkeypatch) -> str:
    """A file with two components, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trials.csv").write_text(TRIALS, encoding="utf-8")
    return "trials.csv"


def test_csv_is_the_league_table(trials):
    """One row for each ordered pair with the public columns; empty where nothing connects the two."""
    rows = list(csv.DictReader(io.StringIO(network_text(trials, format="csv"))))
    assert tuple(rows[0]) == LEAGUE
    assert len(rows) == 5 * 4
    across = next(row for row in rows if (row["treatment_a"], row["treatment_b"]) == ("A", "X"))
    assert set(list(across.values())[2:]) == {""}
    within = next(row for row in rows if (row["treatment_a"], row["treatment_b"]) == ("X", "Y"))
    assert float(within["effect_common"]) == 1.0
    assert float(within["share_direct"]) == pytest.approx(1, rel=1e-12)
    assert within["indirect"] == ""


def test_json_has_league_summary_and_ranking(trials):
    """The same rows with null for missing, the public keys, and P-scores."""
    document = json.loads(network_text(trials, format="json", small_is_better=True))
    assert set(document) == {"league", "summary", "ranking"}
    assert tuple(document["league"][0]) == LEAGUE
    assert set(SUMMARY) <= set(document["summary"])
    assert document["summary"]["components"] == 2
    assert set(document["ranking"][0]) == {"treatment", "p_score_common", "p_score_random"}
    across = next(
        row for row in document["league"] if row["treatment_a"] == "A" and row["treatment_b"] == "X"
    )
    assert across["effect_random"] is None


def test_the_text_says_what_matters(trials):
    """Counts, heterogeneity, the reference, pairs and notes stand in the text."""
    text = network_text(trials, reference="B")
    for words in (
        "5 studies, 5 treatments, 5 contrasts, 2 components",
        "Against B",
        "A - B",
        "note: 2 components",
    ):
        assert words in text
    assert "A - X" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_many_pairs_are_counted_not_listed(random_table):
    """A text is for reading: beyond twelve treatments it points to the other formats."""
    from metaanalysis.network.text import table_text

    text = table_text(network_meta_analysis(random_table(1, 40, 15)))
    assert "105 pairs; --format csv or json lists them all" in text
    assert text.count("\n") < 40


def test_the_direction_turns_the_ranking(table):
    """P-scores by their definition, for both directions; the two sum to one."""
    data = table("1 A B 1 0.5\n2 B C 1 0.5")
    large = network_meta_analysis(data).ranking.set_index("treatment")["p_score_common"]
    small = network_meta_analysis(data, small_is_better=True).ranking.set_index("treatment")[
        "p_score_common"
    ]
    a_over_b, a_over_c = norm.cdf(1 / 0.5), norm.cdf(2 / 0.5**0.5)
    assert large["A"] == pytest.approx((a_over_b + a_over_c) / 2, rel=1e-12)
    np.testing.assert_allclose(large + small[large.index], 1, rtol=1e-12)
    assert large.index[0] == "A"
    assert small.index[0] == "C"


def test_an_unknown_format_is_refused(trials):
    """With a suggestion."""
    with pytest.raises(
        ValueError, match="--format: 'cvs' is unknown; expected table, csv, json; did you mean 'csv'"
    ):
        network_text(trials, format="cvs")


def test_pictures_are_drawn_beside_the_text(trials, tmp_path):
    """Both pictures are whole SVG files."""
    network_text(trials, pictures=tmp_path / "drawn")
    for name in ("forest", "network"):
        picture = (tmp_path / "drawn" / f"{name}.svg").read_text(encoding="utf-8")
        assert picture.startswith("<svg")
        assert picture.endswith("</svg>")
        assert ">C<" in picture


def test_the_verb_prints_and_fails_as_the_others_do(trials):
    """The command prints the CSV alone; a bad table gives its lines and exit code 1."""
    from app.cli.main import app

    run = CliRunner().invoke(
        app, ["network", trials, "--format", "csv", "--tau", "REML", "--small-is-better"]
    )
    assert run.exit_code == 0
    assert run.stdout == network_text(trials, tau="REML", small_is_better=True, format="csv")
    with open(trials, "a", encoding="utf-8") as stream:
        stream.write("6,A,B,x,0\n")
    wrong = CliRunner().invoke(app, ["network", trials])
    assert wrong.exit_code == 1
    assert wrong.stderr.splitlines() == [
        "trials.csv:7:7: effect: 'x' is not a number; expected one such as 0.25",
        "trials.csv:7:9: a standard error of 0; expected a number above zero",
    ]


def test_a_missing_file_is_an_os_error(tmp_path):
    """The command line turns it into its message."""
    with pytest.raises(FileNotFoundError):
        network_text(tmp_path / "nothing.csv")


def test_drawing_says_what_it_wrote(tmp_path, table):
    """The files come back, in the folder asked for."""
    files = draw(network_meta_analysis(table("1 A B 1 0.5\n2 A B 2 0.5")), tmp_path)
    assert sorted(file.name for file in files) == ["forest.svg", "network.svg"]
