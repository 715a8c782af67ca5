"""The contract that every file in metaanalysis/figures and metaanalysis/statistics keeps."""

from __future__ import annotations

import importlib
import inspect
import io
import typing
from dataclasses import replace
from pathlib import Path
from typing import Literal

import altair as alt
import pandas as pd
import pytest

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.render import Drawing, Gallery
from metaanalysis.drawing.tables_as_text import csv_of, json_of, latex_of, markdown_of
from metaanalysis.registry import Entry, figures, select, statistics

FOLDERS = {
    kind: Path(importlib.import_module(f"metaanalysis.{kind}").__path__[0])
    for kind in ("figures", "statistics")
}
FIGURES, STATISTICS = figures(), statistics()
each_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
each_statistic = pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
each_entry = pytest.mark.parametrize(
    "entry", [*FIGURES.values(), *STATISTICS.values()], ids=lambda entry: entry.name
)
PNG = b"\x89PNG\r\n\x1a\n"
NEED_RUNS = ("initial_models", "rerun_tradeoffs", "reported_and_rerun")
"""Figures that are empty, and say so, until a study of our own has what they draw."""
USED_IN_FIRST_ISSUE = {
    "comparison_counts": ["direction", "degree", "peer_reviewed", "papers"],
    "fragmentation": [
        *(
            "dataset",
            "architecture",
            "x_metric",
            "y_metric",
            "label",
            "paper",
            "year",
            "x",
            "y",
            "y_std",
            "survey_row",
        )
    ],
    "results_per_paper": ["panel", "count", "peer_reviewed", "n"],
    "common_pairs": ["dataset", "architecture", "papers"],
    "corpus_counts": ["quantity", "value"],
}


@pytest.fixture(scope="module")
def empty(everything) -> Corpus:
    """A corpus of no paper, with the real vocabulary."""
    return replace(
        everything, papers={}, contradictions=(), read_other_view=lambda: replace(everything, papers={})
    )


@pytest.fixture(scope="module")
def drawn(everything):
    """The data of a figure or statistic, made once for all tests here."""
    made: dict[tuple[str, str], pd.DataFrame] = {}

    def data(entry: Entry) -> pd.DataFrame:
        if (entry.kind, entry.name) not in made:
            made[entry.kind, entry.name] = entry.data(everything)
        return made[entry.kind, entry.name]

    return data


def test_a_file_is_the_registration():
    """Every file of the folders is registered under its name, and nothing else is."""
    for known, folder in ((FIGURES, FOLDERS["figures"]), (STATISTICS, FOLDERS["statistics"])):
        assert set(known) == {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_a_figure_and_a_statistic_of_one_name_have_one_table(drawn):
    """Both write <name>.csv into one folder, so it must be the same."""
    for name in FIGURES.keys() & STATISTICS.keys():
        assert csv_of(FIGURES[name].public(drawn(FIGURES[name]))) == csv_of(drawn(STATISTICS[name]))


@each_entry
def test_the_docstring_is_title_and_caption(entry: Entry):
    """The first line is a short title without a full stop, the rest a caption of whole sentences."""
    assert 5 < len(entry.title) <= 90
    assert not entry.title.endswith(".")
    assert len(entry.caption) > 60
    assert entry.caption.endswith((".", ")"))


@each_figure
def test_a_figure_has_data_and_chart(figure: Entry):
    """`data(corpus, *, options) -> DataFrame`, `chart(data) -> Chart`, and COLUMNS."""
    module = importlib.import_module(f"metaanalysis.figures.{figure.name}")
    data, chart = inspect.signature(module.data), inspect.signature(module.chart)
    assert next(iter(data.parameters)) == "corpus"
    assert list(chart.parameters) == ["data"]
    assert typing.get_type_hints(module.data)["return"] is pd.DataFrame
    assert isinstance(module.COLUMNS, tuple)
    assert len(set(module.COLUMNS)) == len(module.COLUMNS) > 0
    assert module.data.__doc__
    assert module.chart.__doc__


@each_statistic
def test_a_statistic_has_a_table(statistic: Entry):
    """`table(corpus, *, options) -> DataFrame`."""
    module = importlib.import_module(f"metaanalysis.statistics.{statistic.name}")
    assert next(iter(inspect.signature(module.table).parameters)) == "corpus"
    assert typing.get_type_hints(module.table)["return"] is pd.DataFrame
    assert module.table.__doc__


@each_entry
def test_options_can_become_flags_and_widgets(entry: Entry):
    """Every further parameter is keyword-only, with a default: a bool, a whole number or one of a closed choice."""
    kind, function = ("figures", "data") if entry.kind == "figure" else ("statistics", "table")
    function = getattr(importlib.import_module(f"metaanalysis.{kind}.{entry.name}"), function)
    hints = typing.get_type_hints(function)
    _, *options = inspect.signature(function).parameters.values()
    for option in options:
        assert option.kind is option.KEYWORD_ONLY
        if typing.get_origin(hints[option.name]) is Literal:
            assert option.default in typing.get_args(hints[option.name])
        else:
            assert hints[option.name] in (bool, int)
            assert isinstance(option.default, hints[option.name])
    for option in entry.options:
        spelled = str(option.default).lower() if isinstance(option.default, bool) else str(option.default)
        assert option.parse(spelled) == option.default
        with pytest.raises(ValueError, match=option.name):
            option.parse("no such thing")


@each_entry
def test_the_exported_columns_are_the_public_ones(entry: Entry, drawn):
    """CSV header and JSON keys are COLUMNS, in order; the documented ones are as documented."""
    public = entry.public(drawn(entry))
    expected = list(entry.columns or public.columns)
    if entry.name in USED_IN_FIRST_ISSUE:
        assert expected == USED_IN_FIRST_ISSUE[entry.name]
    text = csv_of(public)
    assert text.splitlines()[0] == ",".join(expected)
    read = pd.read_csv(io.StringIO(text))
    assert list(read.columns) == expected
    assert len(read) == len(public)
    assert len(public) > 0 or entry.name in NEED_RUNS
    assert len(pd.read_json(io.StringIO(json_of(public)))) == len(public)
    for name in public.select_dtypes("float"):
        assert read[name].astype(float).equals(public[name].reset_index(drop=True).astype(float)), name


@each_statistic
def test_a_statistic_prints_as_markdown_and_latex(statistic: Entry, drawn):
    """One line per row under a heading, in either."""
    table = drawn(statistic)
    assert len(markdown_of(table).splitlines()) == len(table) + 2
    assert latex_of(table).count(r"\\") == len(table) + 1


@each_figure
def test_a_figure_is_drawn(figure: Entry, drawn, tmp_path):
    """The chart is valid Vega-Lite and becomes an SVG and a PNG with something on them, as wide as a page at most."""
    chart = figure.chart(drawn(figure), "corrected")
    assert isinstance(chart, alt.TopLevelMixin)
    specification = chart.to_dict(validate=True)
    assert specification["title"]["text"] == figure.title
    gallery = Gallery(("svg", "png"))
    gallery.add(Drawing(figure, drawn(figure), "corrected"))
    svg = gallery.finish()[figure.name]
    gallery.write(tmp_path)
    assert (tmp_path / f"{figure.name}.svg").read_text(encoding="utf-8") == svg
    if figure.name in NEED_RUNS and drawn(figure).empty:
        assert "no re-run results yet" in svg
    else:
        assert svg.count("<path") + svg.count("<line") + svg.count("<rect") > 10
    assert 'width="' in svg
    png = (tmp_path / f"{figure.name}.png").read_bytes()
    assert png.startswith(PNG)
    assert int.from_bytes(png[16:20], "big") > 400  # width in pixels
    assert len(png) > 5000


@each_entry
@pytest.mark.parametrize("as_published", [False, True], ids=["corrected", "published"])
def test_an_empty_corpus_is_no_crash(entry: Entry, empty, as_published):
    """Without a paper there is a table with the same columns, or a message that says what is missing."""
    corpus = replace(empty, as_published=as_published)
    try:
        data = entry.data(corpus)
    except ValueError as error:
        message = str(error)
        assert message
        assert "\n" not in message
    else:
        assert list(entry.public(data).columns) == list(entry.columns or data.columns)


@each_entry
def test_data_is_the_same_each_time(entry: Entry, everything, drawn):
    """Nothing depends on the order of a set or on an earlier call."""
    pd.testing.assert_frame_equal(entry.data(everything), drawn(entry))


@each_entry
def test_both_views_have_the_same_columns(entry: Entry, published, drawn):
    """As published or corrected, the table has the same columns."""
    assert list(entry.data(published).columns) == list(drawn(entry).columns)


def test_unknown_names_are_told_together():
    """All unknown names come in one error, each with the nearest known one."""
    with pytest.raises(
        ValueError, match=r"(?s)fragmentaton.*fragmentation.*comparison_count'.*comparison_counts"
    ):
        select(FIGURES, ["fragmentaton", "comparison_count"])
