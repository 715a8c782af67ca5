"""The verb `tablecheck`: what a table gets wrong, whatever paper it stands in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.application import verb
from app.cli.options import CorpusOption, TextFormatOption, corpus_folder, require_known

if TYPE_CHECKING:
    from corpus.contribute.tablecheck import TableReport


@verb("prunebase tablecheck table.csv --dataset CIFAR-10 --architecture ResNet-56")
def tablecheck(
    file: Annotated[Path, typer.Argument(help="A table as CSV, TSV, Markdown or LaTeX tabular.")],
    dataset: Annotated[str | None, typer.Option(help="Where no column names it, such as CIFAR-10.")] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Where no column names it, such as ResNet-56.")
    ] = None,
    map: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=MEASURE", help="What a column is.")
    ] = None,
    format: TextFormatOption = "text",
    corpus: CorpusOption = None,
) -> None:
    """Check the arithmetic of any compression table and name the likely slip; exit code 1 if anything is wrong."""
    from corpus.contribute.tablecheck import TableReport, check_table
    from corpus.contribute.tables.columns import chosen_from
    from corpus.schema.reader import CorpusError
    from corpus.schema.vocabulary import read_names

    require_known("--format", format, ("text", "json"))
    names, problems = read_names(_vocabulary(corpus), "vocabulary")
    if problems:
        raise CorpusError(problems)
    try:
        chosen = chosen_from(map or ())
        report = check_table(file, names, dataset=dataset, architecture=architecture, chosen=chosen)
    except (ValueError, OSError):
        if format == "json":
            print(_json(TableReport()))  # whoever reads JSON gets its object, with nothing in it
        raise
    if format == "json":
        print(_json(report))
    else:
        print(_text(report))
    if report.problems:
        raise typer.Exit(1)


def _vocabulary(corpus: Path | None) -> Path:
    """The folder of names; a corpus without papers will do."""
    if corpus is not None and (corpus / "vocabulary").is_dir():
        return corpus / "vocabulary"
    return corpus_folder(corpus) / "vocabulary"


def _json(report: TableReport) -> str:
    """The public object, as text."""
    return json.dumps(report.as_json(), ensure_ascii=False, indent=1)


def _text(report: TableReport) -> str:
    """Slips, roundings apart, columns whose meaning stayed open, what was read, and the account of all cells."""
    wrong = [str(problem) for problem in report.problems if problem.kind != "rounding"]
    roundings = [str(problem) for problem in report.problems if problem.kind == "rounding"]
    lines = [*wrong, *roundings]
    for note in report.notes:
        lines.append(f"not read: {note}")
    lines.append(f"read: {', '.join(report.measures) or 'no measure that a paper has'}")
    counts = f"{report.rows} rows, {report.comparisons} pairs of numbers compared, {len(wrong) or 'nothing'} wrong"
    if roundings:
        counts += f", {len(roundings)} off by a rounding"
    if not report.comparisons and not report.problems:
        counts += " (no two columns say the same thing twice)"
    return "\n".join([*lines, counts, str(report.account)])
