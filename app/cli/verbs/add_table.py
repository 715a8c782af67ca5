"""The verb `add-table`: a table of a paper becomes blocks of its file, a person confirming what columns mean."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.application import verb
from app.cli.options import CorpusOption, corpus_folder, require_known
from app.cli.text_files import read_text

if TYPE_CHECKING:
    from corpus.contribute.table_import import Imported
    from corpus.contribute.tables.cell import Table
    from corpus.contribute.tables.columns import Column, ColumnQuestion
    from corpus.schema.vocabulary import Names


@verb(
    'prunebase add-table wang2023trainability --csv table.csv --where "Table 1" '
    "--dataset CIFAR-10 --architecture ResNet-56 --yes"
)
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
    from corpus.contribute.correct import paper_file
    from corpus.contribute.table_import import CITED, Setting, blocks_of
    from corpus.contribute.tables.columns import chosen_from
    from corpus.contribute.tables.text import read_table
    from corpus.schema.reader import CorpusError
    from corpus.schema.vocabulary import read_names

    folder = corpus_folder(corpus)
    path = paper_file(folder, paper)
    names, problems = read_names(folder / "vocabulary", str(folder / "vocabulary"))
    if problems:
        raise CorpusError(problems)
    numbers = measures_of("--unpruned", unpruned)
    if cited:
        require_known("--cited", cited, CITED)
    setting = Setting(
        where=where,
        dataset=dataset,
        architecture=architecture,
        method=method,
        read_from=read_from,
        trials=trials,
        flops_counts=flops_counts,
        unpruned=numbers,
        unpruned_row=unpruned_row,
        cited=cited,
    )
    text, name = read_text(csv)
    table = read_table(text, name, format)
    interactive = is_at_a_terminal() and not yes
    columns = _columns(table, names, chosen_from(map or ()), dataset, interactive)
    imported = blocks_of(table, columns, setting, names)
    _show_mapping(table, columns, imported)
    if not cited and not interactive:
        _refuse_cited(table, imported)
    _write(path, imported, confirm=interactive, unconfirmed=yes)


def measures_of(option: str, text: str) -> dict[str, str]:
    """`top1=93.04%, params=0.85M` as a mapping; ValueError for a part without an equals sign."""
    numbers = {}
    for part in text.split(","):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        if not equals:
            raise ValueError(f"{option}: '{part.strip()}' is not measure=number; expected top1=93.04%")
        numbers[name.strip()] = value.strip()
    return numbers


def is_at_a_terminal() -> bool:
    """Whether there is a person who can be asked."""
    return sys.stdin.isatty()


def _columns(
    table: Table, names: Names, chosen: dict[str, str], dataset: str, interactive: bool
) -> list[Column]:
    """What each column holds; a person at the terminal is asked what is not clear, a script is refused."""
    from corpus.contribute.tables.columns import ColumnQuestion, columns_of
    from corpus.schema.reader import CorpusError

    columns = columns_of(table, names, chosen, dataset)
    while questions := [column for column in columns if isinstance(column, ColumnQuestion)]:
        if not interactive:
            raise CorpusError(question.problem(table) for question in questions)
        # one answer may settle other columns, so that each is asked about in turn
        question = questions[0]
        chosen = chosen | {question.head.text: _answer_to(question)}
        columns = columns_of(table, names, chosen, dataset)
    return columns


def _answer_to(question: ColumnQuestion) -> str:
    """The answer that a person at the terminal picks."""
    from corpus.contribute.tables.columns import meaning

    print(f"Column '{question.head.text}' may be:")
    for number, answer in enumerate(question.answers, 1):
        print(f"  {number}  {answer:<22} {meaning(answer)}")
    while True:
        number = typer.prompt("Which", type=int)
        if 1 <= number <= len(question.answers):
            return question.answers[number - 1]
        print(f"Expected 1 to {len(question.answers)}.")


def _show_mapping(table: Table, columns: list[Column], imported: Imported) -> None:
    """What becomes of each column, with its first cell as an example."""
    from corpus.contribute.tables.written_cells import example

    print(f"{table.file} ({table.format}): {len(table.rows)} rows, {len(columns)} columns")
    width = max(len(column.head.text) for column in columns)
    for number, column in enumerate(columns):
        cells = [row[number].text for row in table.rows]
        line = f"  {column.head.text:<{width}}  ->  {column.written:<22} {example(column, cells)}"
        print(line.rstrip())
    for label in imported.unpruned_rows:
        print(f"  row '{label}'  ->  the unpruned network")
    if imported.methods:
        print(f"methods: {', '.join(imported.methods)}")
    if imported.cited_rows:
        print(f"quoted, not written: {', '.join(imported.cited_rows)}")
    for block in imported.blocks:
        points = len(block["pruned"])
        line = f"{points} operating points: {block['architecture']} on {block['dataset']}"
        if "flops_counts" in block:
            line += f"; flops_counts: {block['flops_counts']}"
        print(line)
    print(imported.account)


def _refuse_cited(table: Table, imported: Imported) -> None:
    """ValueError for rows that cite other works, which a script must say that it knows to be quoted."""
    if not imported.cited_rows:
        return
    count, first = len(imported.cited_rows), ", ".join(imported.cited_rows[:5])
    remedy = "leave them out with --cited skip; if this paper measured them itself, --cited own"
    raise ValueError(f"{table.file}: {count} rows cite other works ({first}), so they are quoted; {remedy}")


def _write(path: Path, imported: Imported, *, confirm: bool, unconfirmed: bool) -> None:
    """Writes the blocks into the paper's file once a person, or `--yes`, agrees; ValueError otherwise."""
    from corpus.catalogue.papers import shown
    from corpus.contribute.table_import import with_blocks
    from corpus.contribute.yaml_edit import write_atomically
    from corpus.schema.reader import read_file

    text = with_blocks(read_file(path, shown(path)), path.read_text(encoding="utf-8"), imported)
    if confirm:
        if not typer.confirm(f"Write this into {shown(path)}?"):
            raise ValueError("nothing was written")
    elif not unconfirmed:
        raise ValueError("nothing was written: there is no terminal to confirm at; add --yes")
    write_atomically(path, text)
    terminal.fail(f"written; next: prunebase check {shown(path)}")
