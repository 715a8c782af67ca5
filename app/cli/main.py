"""The command line: every verb is a thin layer over a library call."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import terminal
from corpus.schema.suggest import did_you_mean

if TYPE_CHECKING:
    from corpus.catalogue.corpus import Corpus

app = typer.Typer(
    name="prunebase",
    help="Reported results of neural-network pruning: check, search, query, and redraw the 2020 survey.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help="The corpus folder (default: this checkout's)."),
]
PublishedOption = Annotated[
    bool,
    typer.Option(
        "--as-published", help="The world as the 2020 sheet has it: nothing corrected, nothing added."
    ),
]
RerunsOption = Annotated[
    bool,
    typer.Option("--reruns", help="With our own runs, under attribution 'rerun' (never as published)."),
]
RerunsFromOption = Annotated[
    Path | None, typer.Option("--reruns-from", metavar="DIR", help="Our own runs (default: rerun/results).")
]
OutputOption = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where files go.")]


def told(verb: Callable) -> Callable:
    """Turns the library's errors into messages on standard error and exit code 1."""

    @wraps(verb)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            verb(*arguments, **options)
        except BrokenPipeError:
            raise
        except (ValueError, OSError) as error:
            from corpus.schema.reader import CorpusError

            terminal.fail(str(error) if isinstance(error, CorpusError) else f"error: {error}")
            raise typer.Exit(1) from None

    return run


def corpus_folder(folder: Path | None) -> Path:
    """The corpus to read: the one named, else this checkout's, else the packaged one."""
    from corpus.checks.check import default_folder

    if folder is not None:
        if not (folder / "papers").is_dir():
            raise ValueError(f"{folder}: not a corpus; expected a folder with papers/ and vocabulary/")
        return folder
    here = Path.cwd()
    checkouts = (parent / "corpus" for parent in (here, *here.parents))
    return next((found for found in checkouts if (found / "vocabulary").is_dir()), default_folder())


def load(
    folder: Path | None, as_published: bool = False, reruns: bool = False, reruns_from: Path | None = None
) -> Corpus:
    """The corpus, or CorpusError."""
    import corpus

    where = {"reruns": apart(reruns, as_published), "reruns_from": results_folder(reruns_from)}
    return corpus.load(corpus_folder(folder), as_published=as_published, **where)


def apart(reruns: bool, as_published: bool) -> bool:
    """Whether our own runs are asked for; ValueError if the published view is too, which has none."""
    if reruns and as_published:
        raise ValueError("--reruns: the world as published has no re-runs; leave out --as-published")
    return reruns


def results_folder(folder: Path | None) -> Path | None:
    """The folder of our own runs if one is named; ValueError if no document is in it."""
    if folder is not None and not any(folder.glob("*.yaml")):
        raise ValueError(
            f"--reruns-from: no documents in {folder}; expected <key>.yaml, as `prunebase rerun` writes"
        )
    return folder


@app.command()
@told
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Papers to check in place of the corpus's own.")
    ] = None,
    corpus: CorpusOption = None,
    format: Annotated[str, typer.Option(help="text, json or github.")] = "text",
    warnings: Annotated[
        str, typer.Option(help="List warnings: all, none, contradiction, doubt or 'unknown location'.")
    ] = "none",
    timing: Annotated[
        bool, typer.Option("--timing", help="Say how long the check took, after imports.")
    ] = False,
    cache: Annotated[
        bool, typer.Option(help="Remember what is known of unchanged files of a large corpus.")
    ] = True,
) -> None:
    """Check every paper: all errors in one go, and contradictions in FILES; exit code 1 if there is any error."""
    from corpus.checks.check import WARNINGS, Cache, check_papers

    formats = {"text": None, "json": terminal.report_json, "github": terminal.report_github}
    _one_of("--format", format, formats)
    _one_of("--warnings", warnings, ("all", "none", *WARNINGS))
    started = time.perf_counter()
    folder = corpus_folder(corpus)
    report = check_papers(folder, files=files or (), cache=Cache(folder) if cache else None, reruns=True)
    took = time.perf_counter() - started
    listed = {"all": WARNINGS, "none": ()}.get(warnings, (warnings,))
    named = [str(file) for file in files or ()]
    print((formats[format] or (lambda found: terminal.report_text(found, listed, named)))(report))
    if timing:
        terminal.fail(f"checked in {took:.2f} s")
    if report.errors:
        raise typer.Exit(1)


@app.command()
@told
def show(
    paper: Annotated[str, typer.Argument(help="A paper's key, such as li2016pruning.")],
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
) -> None:
    """Show a paper: its bibliography, comparisons and every result."""
    from app.cli.paper_page import paper_text

    print(paper_text(load(corpus, as_published), paper))


@app.command()
@told
def explain(
    paper: Annotated[str, typer.Argument(help="A paper's key, such as li2016pruning.")],
    measure: Annotated[str, typer.Argument(help="A measure, such as top1_change.")],
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
) -> None:
    """Explain where a value comes from: the tree of printed numbers with file and line."""
    print(load(corpus, as_published).explain(paper, measure))


@app.command()
@told
def find(
    dataset: Annotated[str | None, typer.Option(help="Such as ImageNet.")] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Such as ResNet-50, or a family such as VGG.")
    ] = None,
    compression: Annotated[str | None, typer.Option(metavar="3..5", help="Compression ratios.")] = None,
    speedup: Annotated[str | None, typer.Option(metavar="2..", help="Theoretical speedups.")] = None,
    format: Annotated[str, typer.Option(help="table, csv, json, md or latex.")] = "table",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
) -> None:
    """Find what has been reported, by year, with intervals; never ranked."""
    from metaanalysis.drawing.tables_as_text import TABLE_FORMATS

    _one_of("--format", format, TABLE_FORMATS)
    found = load(corpus, as_published).find(
        dataset=dataset,
        architecture=architecture,
        compression=_range("--compression", compression),
        speedup=_range("--speedup", speedup),
    )
    if format == "table":
        from app.cli.paper_page import found_table

        terminal.print_table(found_table(found))
        print(f"{len(found)} operating points of {found['paper'].nunique()} papers")
    else:
        _print_as(found, format)


@app.command()
@told
def query(
    sql: Annotated[
        str, typer.Argument(help="One SELECT on the public tables, or - to read it from standard input.")
    ],
    format: Annotated[str, typer.Option(help="table, csv, json, md or latex.")] = "table",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
    reruns: RerunsOption = False,
) -> None:
    """Query the public tables with SQL, in memory, with no way out."""
    from metaanalysis.drawing.tables_as_text import TABLE_FORMATS

    _one_of("--format", format, TABLE_FORMATS)
    text = sys.stdin.read() if sql == "-" else sql
    _print_as(load(corpus, as_published, reruns).sql(text), format)


@app.command()
@told
def build(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE")] = Path("prunebase.duckdb"),
    parquet: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write each table as Parquet.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="DIR", help="Also write each table as CSV.")] = None,
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
    reruns: RerunsOption = False,
) -> None:
    """Build the database: the public tables as one DuckDB file."""
    from corpus.database.parts import build_folder
    from corpus.database.public_tables import export

    own = apart(reruns, as_published)
    print(build_folder(corpus_folder(corpus), output, as_published=as_published, reruns=own))
    for folder, kind in ((parquet, "parquet"), (csv, "csv")):
        if folder is not None:
            for path in export(output, folder, kind):
                print(path)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@told
def figures(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Figures to draw (default: all).")] = None,
    output: OutputOption = Path("build/figures"),
    format: Annotated[
        str, typer.Option(help="svg, png, csv, json, html, vega; several with commas.")
    ] = "svg,png,csv",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
    reruns_from: RerunsFromOption = None,
) -> None:
    """Draw figures, and index.html with every figure and table when none is named."""
    from app.cli.drawing import draw

    names, options = _split(context, names)
    formats = tuple(format.split(","))
    own = results_folder(reruns_from)
    for path in draw(lambda: corpus_folder(corpus), names, output, formats, as_published, options, own):
        print(path)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
@told
def stats(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Statistics to print (default: all).")] = None,
    format: Annotated[str, typer.Option(help="table, csv, json, md or latex.")] = "table",
    corpus: CorpusOption = None,
    as_published: PublishedOption = False,
    reruns_from: RerunsFromOption = None,
) -> None:
    """Print statistics."""
    from app.cli.drawing import chosen_options
    from metaanalysis.drawing.tables_as_text import TABLE_FORMATS
    from metaanalysis.registry import select, statistics

    _one_of("--format", format, TABLE_FORMATS)
    names, options = _split(context, names)
    entries = select(statistics(), names)
    chosen = chosen_options(entries, options)
    loaded = load(corpus, as_published, reruns_from=reruns_from)
    for entry in entries:
        data = entry.data(loaded, **chosen[entry.name])
        if format == "table":
            terminal.print_table(data, entry.title)
            print()
        else:
            _print_as(data, format)


def _print_as(data: Any, format: str) -> None:
    from metaanalysis.drawing.tables_as_text import table_text

    if format == "table":
        terminal.print_table(data)
    else:
        print(table_text(data, format), end="")


def _one_of(option: str, value: str, known: Any) -> None:
    if value not in known:
        raise ValueError(
            f"{option}: '{value}' is unknown{did_you_mean(value, known)}; expected {', '.join(known)}"
        )


def _range(option: str, text: str | None) -> tuple[float | None, float | None] | None:
    """`3..5`, `3..`, `..5` or `4` as a pair."""
    if text is None:
        return None
    low, dots, high = text.partition("..")
    try:
        ends = tuple(float(end.rstrip("x")) if end else None for end in (low, high if dots else low))
    except ValueError:
        raise ValueError(f"{option}: '{text}' is not a range; expected 3..5, 3.., ..5 or 4") from None
    if not all(end is None or 0 <= end < float("inf") for end in ends):
        raise ValueError(f"{option}: '{text}' is impossible; expected positive numbers")
    if None not in ends and ends[0] > ends[1]:
        raise ValueError(f"{option}: {text} is empty; expected the smaller number first")
    return ends


def _split(context: typer.Context, names: list[str] | None) -> tuple[list[str], dict[str, str]]:
    """Names, and `--option value` pairs that belong to a figure or statistic."""
    words = [*(names or []), *context.args]
    chosen, options = [], {}
    position = iter(words)
    for word in position:
        if not word.startswith("--"):
            chosen.append(word)
            continue
        name, equals, value = word.removeprefix("--").partition("=")
        options[name.replace("-", "_")] = value if equals else _value_of(word, position)
    return chosen, options


def _value_of(option: str, words: Iterator[str]) -> str:
    value = next(words, None)
    if value is None:
        raise ValueError(f"{option}: expected a value after it")
    return value


@contextmanager
def _quiet_pipes() -> Iterator[None]:
    """A reader that stops early (`| head`) is no error."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


def main() -> None:
    """The `prunebase` command."""
    gc.set_threshold(
        20_000, 20, 50
    )  # a corpus is many small objects that stay: looking at them less saves a fifth
    with _quiet_pipes():
        app()


from app.cli import (  # noqa: E402 (they register their verbs)
    contribute,  # noqa: F401
    fair,  # noqa: F401
    impact,  # noqa: F401
    predict,  # noqa: F401
    rerun,  # noqa: F401
    serve,  # noqa: F401
)
