"""Rewrites the marked sections of the documents from code and corpus: `python -m app.cli.reference`.

With `--check` it only says whether they are current. A section stands between `<!-- begin generated: NAME -->` and
`<!-- end generated: NAME -->`; NAME is a key of SECTIONS.
"""

from __future__ import annotations

import ast
import re
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from corpus.numbers.measures import MEASURES, UNPRUNED_MEASURES
from corpus.schema.checked import ValueCheck
from corpus.schema.paper import (
    Block,
    Comparison,
    Correction,
    Exclusion,
    Method,
    PaperFile,
    Place,
    PrunedRow,
    ReproducedBlock,
    Unpruned,
)
from corpus.schema.protocol import Protocol
from corpus.schema.recipe import BaseModelUsed, Recipe, Stage
from corpus.schema.source import SourceSnapshot

ROOT = Path(__file__).parent.parent.parent
AUDITS = ROOT / "docs" / "audits"
"""Sheets of second readers, filled in."""
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md")
MAPPINGS = {
    "At the top": PaperFile,
    "Under a name in `methods`": Method,
    "In a block of `results`": Block,
    "In a block of `quoted` and `reproduced`, beside that": ReproducedBlock,
    "In `source`": SourceSnapshot,
    "In `protocol`": Protocol,
    "In `unpruned`": Unpruned,
    "In a row of `pruned`": PrunedRow,
    "In `correction`, under a measure": Correction,
    "In `checked`": ValueCheck,
    "In `exclude`": Exclusion,
    "In `compares_to`, if not a bare key": Comparison,
    "In `recipe`, which may be a list": Recipe,
    "In `base` of a recipe": BaseModelUsed,
    "In `pretraining`, `pruning` and `fine_tuning` of a recipe": Stage,
}
PACKAGES = ("corpus", "metaanalysis", "rerun", "app")
_MARKED = re.compile(
    r"(?P<begin><!-- begin generated: (?P<name>\w+) -->\n).*?(?P<end><!-- end generated: (?P=name) -->)",
    re.DOTALL,
)


def found() -> Iterator[str]:
    """Five numbers read from the statistics of this corpus, each with the command that prints it."""
    import corpus
    from app.cli.five_numbers import key_numbers

    yield "| What was found | Printed by |"
    yield "| --- | --- |"
    for number in key_numbers(corpus.load(ROOT / "corpus")):
        yield f"| {number.sentence} | `prunebase stats {number.statistic}` |"


def checked() -> Iterator[str]:
    """How many printed values were set beside which kind of source, and how blind second readings came out."""
    import corpus
    from app.cli.check_report import KINDS_IN_WORDS
    from corpus.audit import score_sheet
    from corpus.catalogue.checks_of_values import count_by_kind

    papers = corpus.load(ROOT / "corpus")
    values = [value for paper in papers.papers.values() for value in paper.values]
    counts = count_by_kind(values)
    first, *others = KINDS_IN_WORDS.items()
    verified = f"**{counts[first[0]]:,}** are {first[1]}, and no more."
    yield f"Of {len(values):,} printed values (released runs aside) {verified}"
    parts = [f"{counts[kind]:,} {words}" for kind, words in others if counts[kind]]
    yield f"Of the others: {', '.join(parts)}. `prunebase explain` and the table `checks` say where."
    for sheet in sorted(AUDITS.glob("*.csv")):
        everything = score_sheet(papers, sheet).agreements[-1]
        interval = f"95 % Wilson interval {100 * everything.low:.0f} to {100 * everything.high:.0f} %"
        place = sheet.relative_to(ROOT).as_posix()
        yield ""
        yield (
            f"A second reader who did not see ours agrees on {everything.agree} of {everything.read} numbers "
            f"({interval}): [{place}]({place}), `prunebase audit score {place}`."
        )


def rooms() -> Iterator[str]:
    """Every folder of code with what it knows: the first sentence of its `__init__.py`."""
    for package in PACKAGES:
        yield f"**{package}/**"
        yield ""
        for folder in sorted(path.parent for path in (ROOT / package).rglob("__init__.py")):
            if folder != ROOT / package:
                yield f"- `{folder.relative_to(ROOT).as_posix()}/`: {first_sentence(folder / '__init__.py')}"
        yield ""


def baselines() -> Iterator[str]:
    """Every way of choosing weights that a study may name."""
    for path in sorted((ROOT / "rerun" / "baselines").glob("[a-z]*.py")):
        yield f"- `{path.stem}`: {first_sentence(path)}"


def first_sentence(path: Path) -> str:
    """The first line of a module's docstring; read, not imported, as rerun needs torch."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def keys() -> Iterator[str]:
    """Every key of a paper's file, mapping by mapping; measures have a section of their own."""
    for heading, model in MAPPINGS.items():
        yield f"**{heading}**"
        yield ""
        for name, field in model.model_fields.items():
            of_place = model is PrunedRow and name in Block.model_fields and name in Place.model_fields
            repeated = of_place or (model is ReproducedBlock and name in Block.model_fields)
            if name not in MEASURES and not repeated:
                yield _key(name, field)
        if model is PrunedRow:
            names = ", ".join(f"`{name}`" for name in Place.model_fields)
            yield f"- {names}: as in the block, for this row alone"
        if model in (PrunedRow, Unpruned):
            yield "- measures, as below"
        if model is BaseModelUsed:
            yield "- `top1`, `top5`: its accuracies, as below"
        yield ""


def _key(name: str, field: FieldInfo) -> str:
    """A key with its description and, where it takes one of a few, its choices."""
    line = f"- `{field.alias or name}`"
    if field.is_required():
        line += " *(needed)*"
    line += f": {field.description or ''}."
    choices = _choices(field.annotation)
    if choices:
        line += f" One of {', '.join(f'`{choice}`' for choice in choices)}."
    return line


def _choices(annotation: object) -> tuple[str, ...]:
    """The texts allowed, where a key takes one of a few; the list of measures is not repeated."""
    for option in (annotation, *typing.get_args(annotation)):
        if typing.get_origin(option) is typing.Literal:
            choices = typing.get_args(option)
            if set(choices) != set(MEASURES):
                return choices
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
    for path in sorted((ROOT / "rerun" / "studies").glob("*.yaml")):
        study = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield f"| `{path.stem}` | {study['title']} | {', '.join(map(str, study.get('figures', ())))} |"


SECTIONS: dict[str, Callable[[], Iterator[str]]] = {
    "found": found,
    "checked": checked,
    "rooms": rooms,
    "baselines": baselines,
    "keys": keys,
    "measures": measures,
    "verbs": verbs,
    "figures": drawn,
    "tables": tables,
    "studies": studies,
}


def rewritten(text: str) -> str:
    """The document with each marked section as the code has it now; KeyError for a section that no code writes."""

    def section(match: re.Match) -> str:
        lines = SECTIONS[match["name"]]()
        return match["begin"] + "\n".join(lines).strip() + "\n" + match["end"]

    return _MARKED.sub(section, text)


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
