"""The verb `impact`: what a change of the corpus changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import terminal
from app.cli.application import verb
from app.cli.options import CorpusOption, corpus_folder, require_known

FORMATS = ("text", "md", "json", "html")


@verb("prunebase impact --base HEAD --format md")
def impact(
    base: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Git commit to compare with (default: where main was left)."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Compare with the corpus in this folder.")
    ] = None,
    format: Annotated[str, typer.Option(help="text, md, json or html (with pictures).")] = "text",
    pictures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Draw each figure that moves here, before and after, as SVG."),
    ] = None,
    corpus: CorpusOption = None,
) -> None:
    """Tell what a change of the corpus changes: numbers, contradictions, statistics, figures, findings."""
    from metaanalysis.impact import corpus_changes
    from metaanalysis.impact import text as impact_text
    from metaanalysis.impact.corpus_changes import write_pictures

    require_known("--format", format, FORMATS)
    if base is not None and against is not None:
        raise ValueError("--base and --against name two things to compare with; give one")
    folder = corpus_folder(corpus)
    drawn = {}
    if format == "html" or pictures is not None:
        changes, drawn = corpus_changes.impact_with_pictures(folder, base, against)
    else:
        changes = corpus_changes.impact(folder, base, against)
    if format == "html":
        print(impact_text.page(changes, drawn), end="")
    else:
        writers = {"text": impact_text.text, "md": impact_text.markdown, "json": impact_text.to_json}
        print(writers[format](changes), end="")
    if pictures is not None:
        for path in write_pictures(drawn, pictures):
            terminal.fail(str(path))
