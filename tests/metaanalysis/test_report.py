"""The static report: a summary whose numbers are its tables', readable in light and dark, without script or network."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from corpus.catalogue.papers import default_folder
from metaanalysis.drawing.report import LONG, write_report, write_sources
from metaanalysis.drawing.summary import TILES, summary
from metaanalysis.registry import figures, statistics

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path aria-label="a point" d="M0,0"/></svg>'


@pytest.fixture(scope="module")
def tables(everything):
    return {entry: entry.data(everything) for entry in statistics().values()}


@pytest.fixture(scope="module")
def page(everything, tables, tmp_path_factory) -> str:
    """index.html with every table and, for speed, one drawing in place of all."""
    folder = tmp_path_factory.mktemp("report")
    drawn = dict.fromkeys(figures().values(), SVG)
    return write_report(everything, folder, drawn, tables, ("svg", "csv")).read_text(encoding="utf-8")


class Tags(HTMLParser):
    """Tags with their attributes, and whether every element is closed."""

    VOID = frozenset(("meta", "input", "br", "path", "rect", "line", "link", "img"))

    def __init__(self):
        super().__init__()
        self.tags, self.open = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def tags(page) -> Tags:
    parser = Tags()
    parser.feed(page)
    return parser


def test_the_summary_comes_first(page):
    """Nothing but the title, a line on the corpus and the choice of reading stands above it."""
    assert page.index("id=summary") < page.index("<nav") < page.index("<svg")


def test_every_number_on_top_is_a_cell_of_a_table(everything, tables):
    """The tiles print the findings of the view that is shown."""
    by_name = {entry.name: data for entry, data in tables.items()}
    told = dict(zip(by_name["findings"]["id"], by_name["findings"]["corrected"], strict=True))
    shown = re.findall(r"<b>(.*?)</b>.*?<span>(.*?)</span>", summary(everything, tables))
    assert [text for _, text in shown] == [html.escape(text) for text in TILES.values()]
    for (number, _), name in zip(shown, TILES, strict=True):
        if number.endswith("x"):
            assert float(number[:-1]) == pytest.approx(float(told[name]), rel=0.05)  # two digits are shown
        else:
            assert told[name].startswith(f"{number} (")


def test_the_summary_counts_corrections_as_the_table_lists_them(everything, tables):
    """How many were corrected, and what moves on the grid."""
    changes = next(data for entry, data in tables.items() if entry.name == "sheet_corrections")
    kinds, grid = Counter(changes["kind"]), Counter(changes["kind"][changes["figure"] == "fragmentation"])
    text = summary(everything, tables)
    assert f"{kinds['corrected']} numbers and names" in text
    assert f"{grid['moves']} points move, {grid['appears']} appear and {grid['leaves']} leave" in text


def test_as_published_the_summary_tells_the_published_numbers(everything, tables):
    """26 of 63 curves are a single point as published; the corrected view counts other configurations."""
    findings = next(data for entry, data in tables.items() if entry.name == "findings").set_index("id")
    text = summary(everything.other_view, tables)
    assert findings.loc["points_per_curve", "as_published"].split(" (")[0] in text
    assert findings.loc["points_per_curve", "corrected"].split(" (")[0] not in text


def test_a_corpus_without_the_survey_has_no_summary(toy, everything, tables):
    """Sentences about a survey that is not there are left out, not shown as zeros."""
    outside = {key: paper for key, paper in everything.papers.items() if not paper.survey()}
    assert summary(replace(everything, papers=outside), tables) == ""
    assert summary(toy, {}) == ""


def test_no_script_and_no_network(tags):
    """Every reference stays beside the page, and nothing runs."""
    for tag, attributes in tags.tags:
        assert tag not in ("script", "link", "iframe", "object")
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href"):
            assert not (attributes.get(name) or "").startswith(("http", "//"))


def test_the_page_is_well_formed(tags):
    """Every element is closed in order, and every id is there once."""
    assert tags.open == []
    ids = [attributes["id"] for _, attributes in tags.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_link_inside_the_page_leads_somewhere(tags):
    """Contents and summary point at sections that exist."""
    ids = {attributes.get("id") for _, attributes in tags.tags}
    inside = {
        attributes["href"][1:]
        for _, attributes in tags.tags
        if (attributes.get("href") or "").startswith("#")
    }
    assert {"findings", "sheet_corrections", "corrections_on_the_grid"} <= inside <= ids


def test_light_and_dark_can_be_read_and_chosen(page, tags):
    """The system's preference holds unless the reader chooses; each colour is defined for both, charts included."""
    assert "@media (prefers-color-scheme: dark)" in page
    chosen = {attributes["id"] for tag, attributes in tags.tags if tag == "input"}
    assert chosen == {"theme-system", "theme-light", "theme-dark"}
    style = page[page.index("<style>") : page.index("</style>")]
    light, by_system, by_hand = (
        set(re.findall(r"(--[a-z]+):", block)) for block in re.findall(r"color-scheme: [^}]+", style)
    )
    assert light == by_system == by_hand
    assert set(re.findall(r"var\((--[a-z]+)\)", style)) <= light


@pytest.mark.parametrize("scheme", [0, 1, 2])
def test_text_stands_out_from_its_background(page, scheme):
    """Contrast of at least 4.5 to 1 (WCAG 2.1, level AA) for text, links and verdicts, in each reading."""
    style = page[page.index("<style>") : page.index("</style>")]
    colours = dict(
        re.findall(r"--([a-z]+): (#[0-9a-f]{6})", re.findall(r"color-scheme: [^}]+", style)[scheme])
    )
    for name in ("ink", "soft", "link", "good", "bad"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_long_tables_are_folded_and_short_ones_open(page, tables):
    """A table of hundreds of rows does not stand between the reader and the next one."""
    for entry, data in tables.items():
        anchor = f"table-{entry.name}" if entry.name in figures() else entry.name
        section = page[page.index(f'<section id="{anchor}">') :]
        section = section[: section.index("</section>")]
        assert ("<details>" in section) == (len(data) > LONG)
        assert section.count("<tr>") == len(data) + 1


def test_a_line_of_the_corpus_is_a_link_to_its_page(page, everything, tmp_path):
    """Each link from the tables is to a source page with that line."""
    write_sources(everything, tmp_path / "sources", default_folder())
    links = set(re.findall(r'href="(sources/[^"#]+)#L(\d+)"', page))
    assert len(links) > 100
    pages = {file: (tmp_path / file).read_text(encoding="utf-8") for file, _ in links}
    assert all(f'id="L{line}"' in pages[file] for file, line in links)
