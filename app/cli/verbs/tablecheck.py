"""The verb `tablecheck`: what a table gets wrong, whatever paper it stands in."""

from __future__ import annotations

import json
from dataclasses import asdict
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
    from corpus.contribute.columns import chosen_from
    from corpus.contribute.tablecheck import check_table
    from corpus.schema.reader import CorpusError
    from corpus.schema.vocabulary import read_names

    require_known("--format", format, ("text", "json"))
    names, problems = read_names(_vocabulary(corpus), "vocabulary")
    if problems:
        raise CorpusError(problems)
    report = check_table(
        file, names, dataset=dataset, architecture=architecture, chosen=chosen_from(map or ())
    )
    if format == "json":
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        print(_text(report))
    if report.problems:
        raise typer.Exit(1)


def _vocabulary(corpus: Path | None) -> Path:
    """The folder of names; a corpus without papers will do."""
    if corpus is not None and (corpus / "vocabulary").is_dir():
        return corpus / "vocabulary"
    return corpus_folder(corpus) / "vocabulary"


def _text(report: TableReport) -> str:
    """Problems, columns that were not read, columns that were, and counts."""
    lines = [str(problem) for problem in report.problems]
    for note in report.notes:
        lines.append(f"not read: {note}")
    lines.append(f"read: {', '.join(report.measures)}")
    wrong = len(report.problems) or "nothing"
    counts = f"{report.rows} rows, {report.comparisons} pairs of numbers compared, {wrong} wrong"
    if not report.comparisons and not report.problems:
        counts += " (no two columns say the same thing twice)"
    return "\n".join([*lines, counts])
