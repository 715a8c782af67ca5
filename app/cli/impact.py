"""The verbs `tablecheck` and `impact`: what a table gets wrong, and what a change of the corpus changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.main import CorpusOption, app, corpus_folder, told

if TYPE_CHECKING:
    from corpus.contribute.tablecheck import TableReport

BaseOption = Annotated[
    str | None,
    typer.Option(
        "--base", metavar="REF", help="Git commit to compare with (default: where main was left)."
    ),
]
AgainstOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Compare with the corpus in this folder.")
]
PicturesOption = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Draw each figure that moves here, before and after, as SVG."),
]


@app.command()
@told
def tablecheck(
    file: Annotated[Path, typer.Argument(help="A table as CSV, TSV, Markdown or LaTeX tabular.")],
    dataset: Annotated[str | None, typer.Option(help="Where no column names it, such as CIFAR-10.")] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Where no column names it, such as ResNet-56.")
    ] = None,
    map: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=MEASURE", help="What a column is.")
    ] = None,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    corpus: CorpusOption = None,
) -> None:
    """Check the arithmetic of any compression table and name the likely slip; exit code 1 if anything is wrong."""
    from corpus.contribute.columns import chosen_from
    from corpus.contribute.tablecheck import TableReport, check_table
    from corpus.schema.reader import CorpusError
    from corpus.schema.vocabulary import read_names

    _one_of(format, ("text", "json"))
    names, problems = read_names(_vocabulary(corpus), "vocabulary")
    if problems:
        raise CorpusError(problems)
    try:
        chosen = chosen_from(map or ())
        report = check_table(file, names, dataset=dataset, architecture=architecture, chosen=chosen)
    except (ValueError, OSError):
        if format == "json":
            print(_table_json(TableReport()))  # whoever reads JSON gets an object, with nothing in it
        raise
    print(_table_json(report) if format == "json" else _table_text(report))
    if report.problems:
        raise typer.Exit(1)


def _vocabulary(corpus: Path | None) -> Path:
    """The folder of names; no papers are needed."""
    return (corpus if corpus and (corpus / "vocabulary").is_dir() else corpus_folder(corpus)) / "vocabulary"


def _table_text(report: TableReport) -> str:
    wrong = [problem for problem in report.problems if problem.kind != "rounding"]
    roundings = [problem for problem in report.problems if problem.kind == "rounding"]
    compared = f"{report.rows} rows, {report.comparisons} pairs of numbers compared"
    counted = f"{compared}, {len(wrong) or 'nothing'} wrong"
    if roundings:
        counted += f", {len(roundings)} off by a rounding"
    if not report.comparisons and not report.problems:
        counted += " (no two columns say the same thing twice)"
    lines = [*map(str, wrong), *map(str, roundings)]
    lines += [f"not read: {note}" for note in report.notes]
    lines.append(f"read: {', '.join(report.measures) or 'no measure of a paper file'}")
    return "\n".join([*lines, counted, str(report.account)])


def _table_json(report: TableReport) -> str:
    import json

    return json.dumps(report.as_json(), ensure_ascii=False, indent=1)


@app.command()
@told
def impact(
    base: BaseOption = None,
    against: AgainstOption = None,
    format: Annotated[str, typer.Option(help="text, md, json or html (with pictures).")] = "text",
    pictures: PicturesOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Tell what a change of the corpus changes: numbers, contradictions, statistics, figures, findings."""
    _one_of(format, ("text", "md", "json", "html"))
    if base is not None and against is not None:
        raise ValueError("--base and --against name two things to compare with; give one")
    _tell(corpus_folder(corpus), base, against, format, pictures)


def _one_of(format: str, known: tuple[str, ...]) -> None:
    from corpus.schema.suggest import did_you_mean

    if format not in known:
        raise ValueError(
            f"--format: '{format}' is unknown{did_you_mean(format, known)}; expected {', '.join(known)}"
        )


def _tell(folder: Path, base: str | None, against: Path | None, format: str, pictures: Path | None) -> None:
    from metaanalysis.impact import corpus_changes as library
    from metaanalysis.impact import text as impact_text

    drawn = {}
    if format == "html" or pictures is not None:
        found, drawn = library.impact_with_pictures(folder, base, against)
    else:
        found = library.impact(folder, base, against)
    makers = {"text": impact_text.text, "md": impact_text.markdown, "json": impact_text.to_json}
    print(impact_text.page(found, drawn) if format == "html" else makers[format](found), end="")
    if pictures is not None:
        from app.cli import terminal
        from metaanalysis.impact.pictures import write_pictures

        for path in write_pictures(drawn, pictures):
            terminal.fail(str(path))
