"""Reading a table of contrasts: every slip gets one line with file, line and column."""

from __future__ import annotations

import pandas as pd
import pytest

from corpus.schema.reader import CorpusError
from metaanalysis.network import network_meta_analysis, read_contrasts
from metaanalysis.network.contrasts import rounding

HEAD = "study,treatment_a,treatment_b,effect,standard_error\n"


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Reads a text as `trials.csv` and analyses it."""
    monkeypatch.chdir(tmp_path)

    def reading(text: str):
        (tmp_path / "trials.csv").write_text(text, encoding="utf-8")
        return network_meta_analysis(read_contrasts("trials.csv"))

    return reading


def errors(read, text: str) -> list[str]:
    """The lines of the error that a text gives."""
    with pytest.raises(CorpusError) as raised:
        read(text)
    return str(raised.value).splitlines()


WRONG = {
    "an unknown and a missing column": (
        "study,treatment_a,treatment_b,efect,standard_error\n1,A,B,1,1\n",
        ["1:1: no column 'effect'", "1:31: unknown column 'efect'; expected study,"],
    ),
    "a repeated column": (
        "study,study,treatment_a,treatment_b,effect,standard_error\n",
        ["1:7: column 'study' stands"],
    ),
    "an extra column": (HEAD.strip() + ",year\n1,A,B,1,1,2011\n", ["1:53: unknown column 'year'"]),
    "semicolons": (
        HEAD.replace(",", ";"),
        ["1:1: the columns are separated by semicolons; expected commas"],
    ),
    "an empty file": ("", ["1:1: an empty table; expected the columns study,"]),
    "a head alone": (HEAD, ["1:1: no rows; expected one for each contrast"]),
    "a zero standard error": (
        HEAD + "1,A,B,1,0\n",
        ["2:9: a standard error of 0; expected a number above zero"],
    ),
    "a negative standard error": (HEAD + "1,A,B,1,-0.2\n", ["2:9: a standard error of -0.2"]),
    "NaN": (
        HEAD + "1,A,B,nan,1\n2,A,B,1,NaN\n",
        ["2:7: effect: 'nan' is not", "3:9: standard_error: 'NaN' is not"],
    ),
    "infinity": (HEAD + "1,A,B,1e999,1\n", ["2:7: effect: '1e999' is not a number"]),
    "an empty cell": (HEAD + "1,A,B,,1\n", ["2:7: effect: an empty cell is not a number"]),
    "text for a number": (
        HEAD + "1,A,B,small,1\n",
        ["2:7: effect: 'small' is not a number; expected one such as"],
    ),
    "a decimal comma": (HEAD + '1,A,B,"0,5",1\n', ["2:7: effect: '0,5' is not a number"]),
    "no name": (HEAD + "1,,B,1,1\n", ["2:3: no treatment_a; expected a name"]),
    "a treatment against itself": (
        HEAD + "1,A,A,1,1\n",
        ["2:5: 'A' against itself; expected two different"],
    ),
    "a short row": (HEAD + "1,A,B,1\n", ["2:1: 4 cells; expected 5"]),
    "a pair twice": (
        HEAD + "1,A,B,1,1\n1,B,A,-1,1\n",
        ["3:1: study '1' gives 'B' against 'A' twice, first in line 2"],
    ),
    "missing pairs": (
        HEAD + "x,A,B,1,1\n1,A,B,1,1\n1,A,C,2,1\n",
        ["3:1: study '1' has 3 arms and 2 of their 3 pairs; missing: 'B' against 'C'"],
    ),
    "two pairs apart": (
        HEAD + "1,A,B,1,1\n1,C,D,2,1\n",
        ["2:1: study '1' has 4 arms and 2 of their 6 pairs; missing: 'A' against 'C', 'A' against 'D'"],
    ),
    "effects that do not add up": (
        HEAD + "1,A,B,1,0.5\n1,B,C,1,0.5\n1,A,C,5,0.5\n",
        ["2:1: study '1': effects do not add up: 'A' - 'B' and 'B' - 'C' make 2, but 'A' - 'C' is 5"],
    ),
    "standard errors without variances of arms": (
        HEAD + "1,A,B,1,0.1\n1,B,C,1,0.1\n1,A,C,2,0.5\n",
        [
            "2:1: study '1': no variance for each arm gives these standard errors: that of 'B' would be -0.115"
        ],
    ),
    "several at once": (
        HEAD + "1,A,B,1,0\n2,A,B,x,1\n3,C,C,1,1\n",
        ["2:9: a standard error", "3:7: effect: 'x'", "4:5: 'C' against itself"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_a_wrong_table_says_what_and_where(read, text: str, expected: list[str]):
    """Each slip is one line that begins with its place, and all of them are shown."""
    shown = errors(read, text)
    assert len(shown) == len(expected)
    for line, beginning in zip(shown, expected, strict=True):
        assert line.startswith(f"trials.csv:{beginning}")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("study,treatment_a,treatment_b,efect,standard_error\n", "did you mean 'effect'?"),
        ("study,treatment_a,treatment_b,effect,standard_eror\n", "did you mean 'standard_error'?"),
        (HEAD + '1,A,B,"0,5",1\n', "did you mean 0.5?"),
        (HEAD + "1,A,B,−0.5,1\n", "did you mean -0.5?"),
    ],
)
def test_a_near_miss_gets_a_suggestion(read, text: str, hint: str):
    """A misspelt column, a decimal comma and a typographic minus are recognised."""
    assert any(line.endswith(hint) for line in errors(read, text))


def test_a_byte_that_is_not_utf8_is_placed(tmp_path):
    """A file in another encoding is refused at the byte that shows it."""
    file = tmp_path / "trials.csv"
    file.write_bytes(HEAD.encode() + "1,Büchner,B,1,1\n".encode("latin-1"))
    with pytest.raises(CorpusError, match=r"trials\.csv:2:4: byte 0xfc is not UTF-8"):
        read_contrasts(file)


def test_columns_stand_in_any_order_and_cells_in_quotes(tmp_path):
    """A byte order mark, quotes, commas and line breaks within them, and blank lines are what CSV allows."""
    file = tmp_path / "trials.csv"
    head = "effect,standard_error,treatment_b,treatment_a,study\r\n"
    text = head + '\r\n1.5,0.5,"x, ""y""",A,"two\nlines"\r\n2,1,C,A, z \r\n'
    file.write_text("\ufeff" + text, encoding="utf-8", newline="")
    first, second = read_contrasts(file).contrasts
    assert (first.study, first.treatment_a, first.treatment_b) == ("two\nlines", "A", 'x, "y"')
    assert (first.effect, first.standard_error, first.line) == (1.5, 0.5, 3)
    assert (second.study, second.line, second.column) == ("z", 5, 1)


def test_a_data_frame_is_read_as_its_csv():
    """A frame's own types are taken, and its slips are placed as in its CSV."""
    frame = pd.DataFrame(
        {
            "study": [1],
            "treatment_a": ["A"],
            "treatment_b": ["B"],
            "effect": [0.1 + 0.2],
            "standard_error": [1],
        }
    )
    league = network_meta_analysis(frame).league
    assert league["effect_common"][0] == pytest.approx(0.1 + 0.2, rel=1e-15)
    with pytest.raises(CorpusError, match=r"^table:2:7: effect: an empty cell"):
        network_meta_analysis(frame.assign(effect=float("nan")))


@pytest.mark.parametrize(("text", "half"), [("-1.20", 0.005), ("3e2", 50), ("7", 0.5), ("1.5e-3", 0.00005)])
def test_rounding_is_half_a_unit_of_the_last_digit(text: str, half: float):
    """What a printed number may have been before it was rounded."""
    assert rounding(text) == pytest.approx(half, rel=1e-12)


def test_options_are_checked():
    """Unknown options and references are refused, with a suggestion."""
    frame = pd.DataFrame(
        {
            "study": [1],
            "treatment_a": ["Alpha"],
            "treatment_b": ["B"],
            "effect": [1.0],
            "standard_error": [1.0],
        }
    )
    with pytest.raises(ValueError, match=r"tau: 'REM' is unknown; expected DL, REML.*did you mean 'REML'"):
        network_meta_analysis(frame, tau="REM")
    with pytest.raises(ValueError, match="interval: 'z' is unknown"):
        network_meta_analysis(frame, interval="z")
    with pytest.raises(ValueError, match="no treatment 'Alfa' in the table; did you mean 'Alpha'"):
        network_meta_analysis(frame, reference="Alfa")
