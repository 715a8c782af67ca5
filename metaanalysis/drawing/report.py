"""One page with every figure and table, and a page for every source file it links to; no network, no script."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.render import file_name, write
from metaanalysis.drawing.summary import summary
from metaanalysis.drawing.tables_as_text import cell
from metaanalysis.registry import Entry, figures
from metaanalysis.style import source_page

LONG = 100
"""Rows from which on a table starts folded."""
VIEWS = {True: "as published in 2020", False: "corrected"}

THEMES = """\
<fieldset class=theme><legend>Reading</legend>\
<label><input type=radio name=theme id=theme-system checked> system</label>\
<label><input type=radio name=theme id=theme-light> light</label>\
<label><input type=radio name=theme id=theme-dark> dark</label>\
</fieldset>"""
"""Dark or light, by style alone: what the system prefers unless the reader chooses."""


def view_of(corpus: Corpus) -> str:
    """The view a picture shows, with its papers and their dates, or `as published in 2020`."""
    if corpus.as_published:
        return VIEWS[True]
    return ", ".join(filter(None, (VIEWS[False], papers_of(corpus), corpus.dates)))


def papers_of(corpus: Corpus) -> str:
    """How many papers, those outside the 2020 survey apart: `81 + 1 papers`."""
    total = len(corpus.papers)
    outside = sum(paper.survey() is None for paper in corpus.papers.values())
    return f"{total - outside} + {outside} papers" if outside else f"{total} papers"


def write_report(
    corpus: Corpus,
    folder: Path,
    figures: Mapping[Entry, str],
    tables: Mapping[Entry, pd.DataFrame],
    formats: tuple[str, ...],
) -> Path:
    """Writes `folder`/index.html from rendered SVGs and tables, those that rebuild a printed one first."""
    figures = dict(sorted(figures.items(), key=_as_printed))
    tables = dict(sorted(tables.items(), key=_as_printed))
    parts = [_lead(corpus), summary(corpus, tables)]
    parts += [_contents(figures, "Figures"), _contents(tables, "Tables")]
    parts += [_figure(entry, svg, formats) for entry, svg in figures.items()]
    parts += [_table(entry, data, corpus.dates) for entry, data in tables.items()]
    title = f"prunebase: what pruning papers report, {VIEWS[corpus.as_published]}"
    return write(folder / "index.html", _page(title, "".join(parts)))


def _as_printed(item: tuple[Entry, object]) -> tuple[bool, str, str]:
    entry = item[0]
    return not entry.rebuilds, entry.rebuilds, entry.name


def _anchor(entry: Entry) -> str:
    """Where an entry stands in the page; a statistic whose name a figure has too stands elsewhere."""
    return f"table-{entry.name}" if entry.kind == "statistic" and entry.name in figures() else entry.name


def _contents(entries: Iterable[Entry], title: str) -> str:
    items = [f'<li><a href="#{_anchor(entry)}">{html.escape(entry.title)}</a></li>' for entry in entries]
    return f'<nav aria-label="{title}"><h2>{title}</h2><ul>{"".join(items)}</ul></nav>'


def _lead(corpus: Corpus) -> str:
    numeric = sum(entry.point is not None and not entry.released for entry in corpus.entries)
    view = "Corrections and the authors' own additional numbers applied; <code>--as-published</code> draws 2020's."
    if corpus.as_published:
        view = "Every number as the 2020 survey's sheet has it, slips included."
    return (
        f"<p class=lead>{papers_of(corpus)}, {len(corpus.comparisons)} comparisons, {numeric} operating points and "
        f"{sum(entry.released for entry in corpus.entries):,} released runs; {html.escape(corpus.dates)}. {view} "
        "Points in the tradeoff grid are links to the line they come from.</p>"
    )


def _figure(entry: Entry, svg: str, formats: tuple[str, ...]) -> str:
    title = html.escape(entry.title)
    links = [f'<a href="{file_name(entry.name, kind)}">{kind.upper()}</a>' for kind in formats]
    return (
        f'<section id="{entry.name}"><h2>{title}</h2>'
        f'<div class=chart role=img aria-label="{title}">{inline(svg, entry.name)}</div>'
        f"<p class=caption>{html.escape(entry.caption)}</p>"
        f"<p class=links><code>{entry.name}</code> {', '.join(links)}</p></section>"
    )


def _table(entry: Entry, data: pd.DataFrame, dates: str) -> str:
    """A section with the table, folded away if it is long; a file and line become a link to that line."""
    is_linked = "file" in data and "line" in data
    parts = ["<div class=table><table><thead><tr>"]
    for name in data.columns:
        parts.append(f"<th scope=col>{html.escape(str(name).replace('_', ' '))}</th>")
    parts.append("</tr></thead><tbody>")
    for row in data.to_dict("records"):
        parts.append("<tr>")
        for column, value in row.items():
            parts.append(_cell(str(column), value, row if is_linked else {}))
        parts.append("</tr>")
    parts.append("</tbody></table></div>")
    table = "".join(parts)
    if len(data) > LONG:
        table = f"<details><summary>{len(data):,} rows</summary>{table}</details>"
    return (
        f'<section id="{_anchor(entry)}"><h2>{html.escape(entry.title)}</h2>{table}'
        f"<p class=caption>{html.escape(entry.caption)}</p><p class=links><code>{entry.name}</code> "
        f'<a href="{entry.name}.csv">CSV</a> {html.escape(dates)}</p></section>'
    )


def _cell(column: str, value: object, row: Mapping[Any, Any]) -> str:
    """A cell of a row; `row` is empty where its file and line are no link."""
    text = html.escape(cell(value))
    if column == "verdict":
        return f'<td class="verdict {text.split(" ")[0]}">{text}</td>'
    if column == "file" and text and row and cell(row["line"]):
        text = f'<a href="{source_page(str(value), int(str(row["line"])))}">{text}</a>'
    return f"<td>{text}</td>"


def inline(svg: str, name: str) -> str:
    """The SVG for use inside a page: ids made its own, descriptions turned into hover text."""
    svg = re.sub(r'(id="|url\(#)(clip|gradient|pattern)', rf"\g<1>{name}-\g<2>", svg)
    return re.sub(r'(<path aria-label="([^"]+)"[^>]*?)(?:/>|></path>)', r"\1><title>\2</title></path>", svg)


def write_sources(corpus: Corpus, folder: Path, corpus_folder: Path) -> None:
    """A page with numbered lines for every file a point comes from."""
    files = set()
    for part in (corpus, corpus.reruns):
        files |= {paper.file for paper in part.papers.values()}
        files |= {point.file for point in part.points}
    files.add(f"{corpus_folder.name}/vocabulary/architectures.yaml")  # the unpruned networks of Figure 1
    for file in sorted(files):
        path = corpus_folder.parent / file
        if not path.is_file():
            path = Path(file)  # our own runs, read from elsewhere
        items = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            items.append(f'<li id="L{number}">{html.escape(line)}</li>')
        write(folder / f"{path.name}.html", _page(file, f"<ol class=source>{''.join(items)}</ol>"))


def _page(title: str, body: str) -> str:
    style = resources.files("metaanalysis").joinpath("drawing/report.css").read_text(encoding="utf-8")
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        '<meta name=color-scheme content="light dark">'
        f"<title>{html.escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{THEMES}<h1>{html.escape(title)}</h1>{body}"
        "<footer>Numbers: the survey sheet of Blalock et al. (2020), MIT licence, and the papers named in each file."
        "</footer></main></body></html>\n"
    )
