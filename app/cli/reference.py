"""Rewrites the reference sections of README and CONTRIBUTING from the code: `python -m app.cli.reference`.

With `--check` it only says whether they are current.
"""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus.numbers.measures import MEASURES, UNPRUNED_MEASURES
from corpus.schema.paper import (
    Block,
    Comparison,
    Correction,
    Exclusion,
    Method,
    PaperFile,
    Place,
    PrunedRow,
    Unpruned,
)
from corpus.schema.recipe import BaseModelUsed, Recipe, Stage

DOCUMENTS = tuple(Path(__file__).parent.parent.parent / name for name in ("README.md", "CONTRIBUTING.md"))
MAPPINGS = {
    "At the top": PaperFile,
    "Under a name in `methods`": Method,
    "In a block of `results`": Block,
    "In `unpruned`": Unpruned,
    "In a row of `pruned`": PrunedRow,
    "In `correction`, under a measure": Correction,
    "In `exclude`": Exclusion,
    "In `compares_to`, if not a bare key": Comparison,
    "In `recipe`, which may be a list": Recipe,
    "In `base` of a recipe": BaseModelUsed,
    "In `pretraining`, `pruning` and `fine_tuning` of a recipe": Stage,
}
_MARKED = re.compile(r"(<!-- begin generated: (\w+) -->\n).*?(<!-- end generated: \2 -->)", re.DOTALL)


def keys() -> Iterator[str]:
    """Every key of a paper's file, mapping by mapping; measures have a section of their own."""
    for heading, model in MAPPINGS.items():
        yield f"**{heading}**"
        yield ""
        for name, field in model.model_fields.items():
            if name in MEASURES or (
                model is PrunedRow and name in Block.model_fields and name in Place.model_fields
            ):
                continue
            needed = " *(needed)*" if field.is_required() else ""
            choices = _choices(field.annotation)
            listed = f" One of {', '.join(f'`{choice}`' for choice in choices)}." if choices else ""
            yield f"- `{field.alias or name}`{needed}: {field.description or ''}.{listed}"
        if model is PrunedRow:
            repeated = ", ".join(f"`{name}`" for name in Place.model_fields)
            yield f"- {repeated}: as in the block, for this row alone"
        if model in (PrunedRow, Unpruned):
            yield "- measures, as below"
        if model is BaseModelUsed:
            yield "- `top1`, `top5`: its accuracies, as below"
        yield ""


def _choices(annotation: object) -> tuple[str, ...]:
    """The texts allowed, where a key takes one of a few; the list of measures is not repeated."""
    for option in (annotation, *typing.get_args(annotation)):
        if typing.get_origin(option) is typing.Literal and set(typing.get_args(option)) != set(MEASURES):
            return typing.get_args(option)
    return ()


def measures() -> Iterator[str]:
    """Every measure with its unit, an example and its definition."""
    yield "| Measure | Unit | Such as | Better | Definition |"
    yield "| --- | --- | --- | --- | --- |"
    for measure in MEASURES.values():
        mark = "" if measure.name not in UNPRUNED_MEASURES else " ◦"
        example = f"`{measure.example}`".replace(" (or ", "` or `").replace(")`", "`")
        yield f"| `{measure.name}`{mark} | {measure.unit} | {example} | {measure.better} | {measure.definition} |"
    yield ""
    yield "◦ also of the unpruned network"


def verbs() -> Iterator[str]:
    """Every verb of the command line with the first sentence of its help."""
    from typer.main import get_command

    from app.cli.main import app

    for name, command in sorted(get_command(app).commands.items()):
        said = " ".join((command.help or "").split("\n\n")[0].split())
        yield f"- `prunebase {name}`: {said}"


def drawn() -> Iterator[str]:
    """Every figure and statistic with its title and options."""
    from metaanalysis.registry import figures, statistics

    for heading, entries in (("figure", figures()), ("statistic", statistics())):
        yield f"| {heading.capitalize()} | Shows | Options |"
        yield "| --- | --- | --- |"
        for entry in entries.values():
            options = ", ".join(f"`--{option.name.replace('_', '-')}`" for option in entry.options)
            yield f"| `{entry.name}` | {entry.title} | {options} |"
        yield ""


def tables() -> Iterator[str]:
    """Every public table with its columns."""
    from corpus.database.tables import COLUMNS

    for name, columns in COLUMNS.items():
        yield f"- `{name}`: {', '.join(columns)}"


def studies() -> Iterator[str]:
    """Every study of our own with the survey's figures that it rebuilds."""
    import yaml

    yield "| Study | What it runs | Figures of the survey |"
    yield "| --- | --- | --- |"
    for path in sorted((Path(__file__).parent.parent.parent / "rerun" / "studies").glob("*.yaml")):
        study = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield f"| `{path.stem}` | {study['title']} | {', '.join(map(str, study.get('figures', ())))} |"


SECTIONS: dict[str, Callable[[], Iterator[str]]] = {
    "keys": keys,
    "measures": measures,
    "verbs": verbs,
    "figures": drawn,
    "tables": tables,
    "studies": studies,
}


def rewritten(text: str) -> str:
    """The document with each marked section as the code has it now; KeyError for a section that no code writes."""
    return _MARKED.sub(
        lambda marked: marked[1] + "\n".join(SECTIONS[marked[2]]()).strip() + f"\n{marked[3]}", text
    )


def main(arguments: list[str]) -> int:
    """Rewrites the documents, or with `--check` says which are not as the code has them; returns the exit code."""
    stale = 0
    for document in DOCUMENTS:
        before = document.read_text(encoding="utf-8")
        after = rewritten(before)
        if before == after:
            continue
        stale = 1
        if "--check" in arguments:
            print(f"{document.name} is not current: run python -m app.cli.reference")
        else:
            document.write_text(after, encoding="utf-8")
    return stale if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
