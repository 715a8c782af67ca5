"""The verb `check`: is the corpus sound?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli import check_report, terminal
from app.cli.application import verb
from app.cli.options import CorpusOption, corpus_folder, require_known

FORMATS = ("text", "json", "github")


@verb("prunebase check --warnings contradiction")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Papers to check in place of the corpus's own.")
    ] = None,
    corpus: CorpusOption = None,
    format: Annotated[str, typer.Option(help="text, json or github.")] = "text",
    warnings: Annotated[
        str,
        typer.Option(help="List warnings: all, none, contradiction, unit, doubt or 'unknown location'."),
    ] = "none",
    timing: Annotated[
        bool, typer.Option("--timing", help="Say how long the check took, after imports.")
    ] = False,
) -> None:
    """Check every paper: all errors in one go, and contradictions in FILES; exit code 1 if there is any error."""
    from corpus.checks.check import WARNINGS, check_papers

    require_known("--format", format, FORMATS)
    require_known("--warnings", warnings, ("all", "none", *WARNINGS))
    started = time.perf_counter()
    folder = corpus_folder(corpus)
    report = check_papers(folder, files=files or (), reruns=True)
    seconds = time.perf_counter() - started
    if format == "json":
        print(check_report.report_json(report))
    elif format == "github":
        print(check_report.report_github(report))
    else:
        listed = {"all": WARNINGS, "none": ()}.get(warnings, (warnings,))
        print(check_report.report_text(report, listed, map(str, files or ())))
    if timing:
        terminal.fail(f"checked in {seconds:.2f} s")
    if report.errors:
        raise typer.Exit(1)
