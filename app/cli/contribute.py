"""The verbs that write: `new` starts a paper, `add-table` adds a table of it, `correct` corrects a number."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.main import CorpusOption, app, corpus_folder, told

if TYPE_CHECKING:
    from corpus.contribute.columns import Column, Question
    from corpus.contribute.table_cell import Table
    from corpus.contribute.table_import import Imported
    from corpus.schema.vocabulary import Names


@app.command()
@told
def new(
    bibtex: Annotated[
        str | None, typer.Option(metavar="FILE", help="The paper's BibTeX entry; - reads it.")
    ] = None,
    arxiv_bibtex: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The entry that arXiv exports; - reads it from standard input."),
    ] = None,
    title: Annotated[str, typer.Option(help="Instead of the entry's, as are all of these.")] = "",
    author: Annotated[
        list[str] | None, typer.Option(help="Given name first; once for each author.")
    ] = None,
    venue: Annotated[str, typer.Option(help="Name in vocabulary/venues.yaml.")] = "",
    date: Annotated[str, typer.Option(help="Year and month, such as 2017-03.")] = "",
    arxiv: Annotated[str, typer.Option(help="arXiv id, such as 1608.08710.")] = "",
    doi: Annotated[str, typer.Option(help="Such as 10.1109/ICCV.2017.298.")] = "",
    url: Annotated[str, typer.Option(help="Where the paper is read.")] = "",
    key: Annotated[
        str | None, typer.Option(help="Surname, year, word: the default, from author and title.")
    ] = None,
    method: Annotated[
        list[str] | None, typer.Option(help='Such as "l1: name=L1-norm, structure=filter"; several times.')
    ] = None,
    compares_to: Annotated[
        list[str] | None, typer.Option(help="Key of a paper it compares to; several times.")
    ] = None,
    another_paper: Annotated[
        bool, typer.Option("--another-paper", help="It is not the paper of nearly the same title.")
    ] = False,
    corpus: CorpusOption = None,
) -> None:
    """Start a paper's file: bibliography filled in, the rest as a commented skeleton; never overwrites."""
    from corpus.catalogue.papers import shown
    from corpus.contribute.bibtex import Bibliography, from_bibtex
    from corpus.contribute.new_paper import new_paper

    given = Bibliography(title, tuple(author or ()), venue, date, arxiv, doi, url)
    source = bibtex or arxiv_bibtex
    if source is not None:
        text, name = _read(source)
        given = given.over(from_bibtex(text, name))
    if arxiv_bibtex is not None:
        given = given.over(Bibliography(venue="arXiv"))
    started = new_paper(
        corpus_folder(corpus),
        given,
        key=key,
        methods=method or (),
        compares_to=compares_to or (),
        another_paper=another_paper,
    )
    path = shown(started.path)
    print(path)
    for note in started.notes:
        terminal.fail(f"note: {note}")
    terminal.fail(f"next: prunebase add-table {started.path.stem} --csv FILE, then prunebase check {path}")


@app.command()
@told
def add_table(
    paper: Annotated[str, typer.Argument(metavar="KEY", help="The paper's key.")],
    csv: Annotated[
        str, typer.Option(metavar="FILE", help="CSV, TSV, Markdown or LaTeX tabular; - reads it.")
    ],
    where: Annotated[str, typer.Option(help='Where it stands in the paper, such as "Table 4".')],
    dataset: Annotated[str, typer.Option(help="If no column names it.")] = "",
    architecture: Annotated[str, typer.Option(help="If no column names it.")] = "",
    method: Annotated[str, typer.Option(help="One of the paper's methods, if no column names it.")] = "",
    map: Annotated[
        list[str] | None, typer.Option(help='What a column holds: "Pruned %=params_pruned"; several times.')
    ] = None,
    unpruned: Annotated[str, typer.Option(help='From caption or text: "top1=93.04%, params=0.85M".')] = "",
    unpruned_row: Annotated[str, typer.Option(help="Label of the row that is the unpruned network.")] = "",
    flops_counts: Annotated[
        str, typer.Option(help="multiply-adds, flops (two per multiply-add) or unknown.")
    ] = "",
    trials: Annotated[str, typer.Option(help="Repetitions behind each number.")] = "",
    read_from: Annotated[str, typer.Option(help="table, text, figure or released-data.")] = "table",
    format: Annotated[
        str | None, typer.Option(help="csv, tsv, markdown or latex, if it is taken for another.")
    ] = None,
    cited: Annotated[
        str, typer.Option(help="Rows that cite other works: skip (quoted) or own (measured here).")
    ] = "",
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Write without asking; columns and rows not understood are refused."),
    ] = False,
    corpus: CorpusOption = None,
) -> None:
    """Add a table of the paper as blocks: shows what each column becomes, asks where it is not clear, then writes."""
    from corpus.contribute.columns import chosen_from
    from corpus.contribute.correct import paper_file
    from corpus.contribute.table_import import CITED, Setting, blocks_of
    from corpus.contribute.table_text import read_table
    from corpus.schema.reader import CorpusError
    from corpus.schema.vocabulary import read_names

    folder = corpus_folder(corpus)
    path = paper_file(folder, paper)
    names, problems = read_names(folder / "vocabulary", str(folder / "vocabulary"))
    if problems:
        raise CorpusError(problems)
    numbers = _pairs("--unpruned", unpruned)
    setting = Setting(
        where, dataset, architecture, method, read_from, trials, flops_counts, numbers, unpruned_row, cited
    )
    if cited and cited not in CITED:
        raise ValueError(f"--cited: '{cited}' is unknown; expected {' or '.join(CITED)}")
    text, name = _read(csv)
    table = read_table(text, name, format)
    asks = _at_a_terminal() and not yes
    columns = _columns(table, names, chosen_from(map or ()), dataset, asks)
    imported = blocks_of(table, columns, setting, names)
    _show_mapping(table, columns, imported)
    _refuse_cited(table, imported, cited, asks)
    _write(path, imported, confirm=asks, silent=yes)


def _columns(table: Table, names: Names, chosen: dict[str, str], dataset: str, asks: bool) -> list[Column]:
    """What each column holds; a person at the terminal is asked what is not clear, a script is refused."""
    from corpus.contribute.columns import Question, columns_of
    from corpus.schema.reader import CorpusError

    columns = columns_of(table, names, chosen, dataset)
    while questions := [column for column in columns if isinstance(column, Question)]:
        if not asks:
            raise CorpusError(question.problem(table) for question in questions)
        chosen = chosen | {questions[0].head.text: _asked(questions[0])}
        columns = columns_of(table, names, chosen, dataset)
    return columns


def _refuse_cited(table: Table, imported: Imported, cited: str, asks: bool) -> None:
    """Rows that cite other works are quoted: a script must say that it knows."""
    if not imported.cited_rows or cited or asks:
        return
    rows = ", ".join(imported.cited_rows[:5])
    remedy = "leave them out with --cited skip; if this paper measured them itself, --cited own"
    count = len(imported.cited_rows)
    raise ValueError(f"{table.file}: {count} rows cite other works ({rows}), so they are quoted; {remedy}")


def _write(path: Path, imported: Imported, *, confirm: bool, silent: bool) -> None:
    from corpus.catalogue.papers import shown
    from corpus.contribute.table_import import with_blocks
    from corpus.contribute.yaml_edit import write_atomically
    from corpus.schema.reader import read_file

    text = with_blocks(read_file(path, shown(path)), path.read_text(encoding="utf-8"), imported)
    if confirm and not typer.confirm(f"Write this into {shown(path)}?"):
        raise ValueError("nothing was written")
    if not confirm and not silent:
        raise ValueError("nothing was written: there is no terminal to confirm at; add --yes")
    write_atomically(path, text)
    terminal.fail(f"written; next: prunebase check {shown(path)}")


def _show_mapping(table: Table, columns: list[Column], imported: Imported) -> None:
    """What becomes of each column, with its first cell as an example."""
    from corpus.contribute.table_cells import example

    print(f"{table.file} ({table.format}): {len(table.rows)} rows, {len(columns)} columns")
    wide = max(len(column.head.text) for column in columns)
    for number, column in enumerate(columns):
        cells = [row[number].text for row in table.rows]
        print(f"  {column.head.text:<{wide}}  ->  {column.written:<22} {example(column, cells)}".rstrip())
    for label in imported.unpruned_rows:
        print(f"  row '{label}'  ->  the unpruned network")
    if imported.methods:
        print(f"methods: {', '.join(imported.methods)}")
    if imported.cited_rows:
        print(f"quoted, not written: {', '.join(imported.cited_rows)}")
    for block in imported.blocks:
        counted = f"; flops_counts: {block['flops_counts']}" if "flops_counts" in block else ""
        print(
            f"{len(block['pruned'])} operating points: {block['architecture']} on {block['dataset']}{counted}"
        )
    print(imported.account)


def _asked(question: Question) -> str:
    """The answer a person at the terminal picks."""
    from corpus.contribute.columns import meaning

    print(f"Column '{question.head.text}' may be:")
    for number, answer in enumerate(question.answers, 1):
        print(f"  {number}  {answer:<22} {meaning(answer)}")
    while not 1 <= (picked := typer.prompt("Which", type=int)) <= len(question.answers):
        print(f"Expected 1 to {len(question.answers)}.")
    return question.answers[picked - 1]


@app.command()
@told
def correct(
    paper: Annotated[str, typer.Argument(metavar="KEY", help="The paper's key.")],
    row: Annotated[
        str, typer.Option(help="survey_row (142), block1.2, block1.unpruned, or line 24 of the file.")
    ],
    measure: Annotated[str, typer.Option(help="The measure whose number is wrong.")],
    because: Annotated[str, typer.Option(help="What went wrong, in one sentence.")],
    value: Annotated[
        str | None, typer.Option(help="The value that holds; none if the number is void.")
    ] = None,
    moved_to: Annotated[str | None, typer.Option(help="The measure the number belongs to.")] = None,
    source: Annotated[
        str | None, typer.Option("--from", help="Where the right value stands: Table 3.")
    ] = None,
    corpus: CorpusOption = None,
) -> None:
    """Correct a number: writes the correction beside what was printed, and shows the change."""
    from corpus.contribute.correct import correct as write_correction

    folder = corpus_folder(corpus)
    difference = write_correction(
        folder,
        paper,
        row=row,
        measure=measure,
        because=because,
        value=value,
        moved_to=moved_to,
        source=source,
    )
    print(difference, end="")


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _read(source: str) -> tuple[str, str]:
    """The text of a file or of standard input (-), and what to call it."""
    if source == "-":
        return sys.stdin.read(), "standard input"
    from corpus.contribute.table_text import table_text

    return table_text(Path(source)), source


def _pairs(option: str, text: str) -> dict[str, str]:
    """`top1=93.04%, params=0.85M` as a mapping."""
    pairs = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = part.partition("=")
        if not equals:
            raise ValueError(f"{option}: '{part}' is not measure=number; expected top1=93.04%")
        pairs[name.strip()] = value.strip()
    return pairs
