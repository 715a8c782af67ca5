"""The verbs that write papers: `new` starts a file, `correct` corrects a number of one."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli import terminal
from app.cli.application import verb
from app.cli.options import CorpusOption, corpus_folder
from app.cli.text_files import read_text


@verb("prunebase new --arxiv-bibtex paper.bib --venue ICLR --date 2023-05")
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
        text, name = read_text(source)
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


@verb(
    "prunebase correct li2016pruning --row 142 --measure top1_error --value 6.91% "
    '--from "Table 1" --because "the last digit was misread"'
)
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
