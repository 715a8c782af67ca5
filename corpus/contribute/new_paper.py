"""Starts a paper's file: the bibliography filled in, and a commented skeleton with this corpus's commonest choices."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args, get_origin

from corpus.catalogue.papers import shown
from corpus.checks.duplicates import Imprint, same_paper
from corpus.contribute.bibtex import Bibliography, free_key, known_venue, surname_of
from corpus.contribute.yaml_edit import LINE_LENGTH, mapping, text_of, write_atomically
from corpus.numbers.measures import MEASURES
from corpus.schema.fields import KEY_PATTERN
from corpus.schema.paper import Method
from corpus.schema.reader import CorpusError, Document, Problem, read_file
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names, read_names

AXES = ("structure", "scoring", "scope", "scheduling", "fine_tuning")
MODELINE = "# yaml-language-server: $schema=../schema.json"


@dataclass(frozen=True, slots=True)
class Started:
    """A new paper's file, and what its author should know."""

    path: Path
    notes: tuple[str, ...]


def new_paper(
    folder: Path,
    bibliography: Bibliography,
    *,
    key: str | None = None,
    methods: Iterable[str] = (),
    compares_to: Iterable[str] = (),
    another_paper: bool = False,
) -> Started:
    """Writes papers/<key>.yaml in the corpus `folder`; CorpusError if the paper or the key is there already.

    `methods` are short names, with name and axes where known: `l1: name=L1-norm, structure=filter`.
    `another_paper` says that a paper of nearly the same title is another one.
    """
    _require(bibliography)
    documents = _documents(folder)
    _refuse_duplicate(bibliography, documents, another_paper)
    taken = set(documents)
    key = key or free_key(bibliography, ())
    _refuse_key(key, taken, folder, free_key(bibliography, taken))
    names, problems = read_names(folder / "vocabulary", str(folder / "vocabulary"))
    if problems:
        raise CorpusError(problems)
    venue = known_venue(bibliography.venue, names)
    path = folder / "papers" / f"{key}.yaml"
    others = _known_keys(compares_to, taken)
    text = _text(bibliography, venue or bibliography.venue, _methods(methods), others, documents.values())
    write_atomically(path, text)
    return Started(path, tuple(_notes(bibliography, venue, names)))


def _require(bibliography: Bibliography) -> None:
    for name, flag in (
        ("title", "--title"),
        ("authors", "--author"),
        ("date", "--date"),
        ("venue", "--venue"),
    ):
        if not getattr(bibliography, name):
            raise ValueError(f"{name}: neither the BibTeX entry nor a flag gives it; add {flag}")
    surname_of(bibliography)  # the key rests on it


def _documents(folder: Path) -> dict[str, Document]:
    """The papers' files by key, read for their bibliography only: a file that has other errors still counts."""
    paths = sorted((folder / "papers").glob("*.yaml"))
    return {path.stem: read_file(path, shown(path)) for path in paths}


def _refuse_duplicate(
    bibliography: Bibliography, documents: dict[str, Document], another_paper: bool
) -> None:
    ours = Imprint(bibliography.title, bibliography.arxiv or None, bibliography.doi or None)
    for document in documents.values():
        tree = document.tree if isinstance(document.tree, dict) else {}
        known = {
            name: value for name in ("title", "arxiv", "doi") if isinstance(value := tree.get(name), str)
        }
        match = same_paper(ours, Imprint(known.get("title", ""), known.get("arxiv"), known.get("doi")))
        if match and (match.certain or not another_paper):
            remedy = "" if match.certain else "; if it is another paper, add --another-paper"
            told = f"this paper is in the corpus already ({match.because}); nothing was written"
            place = (match.key if match.key in known else "title",)
            raise CorpusError([document.problem(place, f"{told}; add to that file{remedy}")])


def _refuse_key(key: str, taken: set[str], folder: Path, free: str) -> None:
    if not re.fullmatch(KEY_PATTERN, key):
        raise ValueError(f"--key: '{key}' is not a paper key; expected surname, year, word: {free}")
    if key in taken:
        path = shown(folder / "papers" / f"{key}.yaml")
        message = f"exists already and is another paper; nothing was written; free is: --key {free}"
        raise CorpusError([Problem(path, 1, 1, message)])


def _known_keys(keys: Iterable[str], taken: set[str]) -> list[str]:
    for key in keys:
        if key not in taken:
            raise ValueError(
                f"--compares-to: '{key}' is not a paper of the corpus{did_you_mean(key, taken)}"
            )
    return list(keys)


def _methods(written: Iterable[str]) -> dict[str, dict[str, str]]:
    """`l1: name=L1-norm, structure=filter` as a method's short name, name and axes."""
    methods: dict[str, dict[str, str]] = {}
    for text in written:
        name, _, stated = text.partition(":")
        methods[name.strip()] = axes = {}
        for part in filter(None, (part.strip() for part in stated.split(","))):
            axis, _, choice = (half.strip() for half in part.partition("="))
            if axis == "name":
                axes[axis] = choice
                continue
            if axis not in AXES:
                raise ValueError(
                    f"--method: no axis '{axis}'{did_you_mean(axis, AXES)}; expected {', '.join(AXES)}"
                )
            if choice not in (known := _choices(axis)):
                hint = did_you_mean(choice, known)
                raise ValueError(
                    f"--method: {axis} '{choice}' is not allowed{hint}; expected {', '.join(known)}"
                )
            axes[axis] = choice
    return methods


def _notes(bibliography: Bibliography, venue: str | None, names: Names) -> Iterable[str]:
    if venue is None:
        hint = did_you_mean(bibliography.venue, names.venues.entries)
        yield f"venue: '{bibliography.venue}' is not in vocabulary/venues.yaml{hint}; correct it, or add it there"
    elif venue != bibliography.venue:
        yield f"venue: '{bibliography.venue}' is taken as {venue}"
    if not bibliography.arxiv and not bibliography.doi:
        yield "no arXiv id and no DOI; with one of them a second entry of the paper is found more surely"


def _text(
    bibliography: Bibliography,
    venue: str,
    methods: dict,
    compares_to: list[str],
    documents: Iterable[Document],
) -> str:
    entries = {"title": bibliography.title, "authors": list(bibliography.authors), "venue": venue}
    entries |= {
        name: value for name in ("date", "arxiv", "doi", "url") if (value := getattr(bibliography, name))
    }
    entries |= {"compares_to": compares_to} if compares_to else {}
    trees = [document.tree for document in documents if isinstance(document.tree, dict)]
    parts = [
        MODELINE,
        text_of(mapping(entries)).rstrip(),
        *_methods_skeleton(trees, bool(methods), bool(compares_to)),
    ]
    if methods:
        made = mapping({name: mapping(axes, flow=True) for name, axes in methods.items()})
        parts.append(text_of(mapping({"methods": made})).rstrip())
    return "\n".join([*parts, *_results_skeleton(trees), ""])


def _methods_skeleton(trees: list[dict], started: bool, compared: bool) -> Iterable[str]:
    """One commented line for each axis of a method, with its choices, the commonest first."""
    methods = [
        method for tree in trees for method in _mappings(tree.get("methods")) if isinstance(method, dict)
    ]
    if not compared:
        yield "# Papers of the corpus that it sets its own numbers beside:"
        yield (
            "# compares_to: ["
            + ", ".join(_commonest(tree.get("compares_to", ()) for tree in trees)[:3])
            + "]"
        )
    yield "# How it prunes, on the survey's axes; leave out what the paper does not say:"
    if not started:
        yield from ("# methods:", "#   short-name:")
    for axis in AXES:
        used = Counter(str(method[axis]) for method in methods if axis in method)
        choices = sorted(_choices(axis), key=lambda choice: -used[choice])
        yield f"#     {f'{axis}: {choices[0]}':<24} # or {', '.join(choices[1:])}"
    yield "#     stated_in: Section 3"


def _results_skeleton(trees: list[dict]) -> Iterable[str]:
    """A commented block: the commonest dataset and architecture, and the measures most used."""
    blocks = [block for tree in trees for block in tree.get("results") or () if isinstance(block, dict)]
    pairs = Counter((str(block.get("dataset")), str(block.get("architecture"))) for block in blocks)
    dataset, architecture = pairs.most_common(1)[0][0] if pairs else ("CIFAR-10", "ResNet-56")
    rows = [row for block in blocks for row in block.get("pruned") or () if isinstance(row, dict)]
    used = Counter(measure for row in rows for measure in row if measure in MEASURES)
    often = sorted(MEASURES, key=lambda measure: -used[measure])
    yield "# Results, one block for each table and network; `prunebase add-table` writes them from a table."
    settings = ", ".join(f"{other} on {data}" for (data, other), _ in pairs.most_common(5))
    yield from _commented(f"Networks met most often: {settings}." if settings else "")
    yield from _commented(f"Measures, the commonest first: {', '.join(often)}.")
    yield from ("# results:", "#   - where: Table 1", "#     read_from: table")
    yield from (f"#     dataset: {dataset}", f"#     architecture: {architecture}")
    yield f"#     unpruned: {{{_example(('top1', 'params', 'flops'))}}}"
    yield from ("#     pruned:", f"#       - {{{_example(often[:2])}}}")


def _commented(text: str) -> list[str]:
    return textwrap.wrap(text, LINE_LENGTH - 2, initial_indent="# ", subsequent_indent="#   ")


def _example(measures: Iterable[str]) -> str:
    return ", ".join(f"{measure}: {MEASURES[measure].example.split()[0]}" for measure in measures)


def _mappings(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else ()


def _commonest(lists: Iterable[object]) -> list[str]:
    counted = Counter(
        key for keys in lists if isinstance(keys, list) for key in keys if isinstance(key, str)
    )
    return [key for key, _ in counted.most_common()]


def _choices(axis: str) -> tuple[str, ...]:
    annotation = Method.model_fields[axis].annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ()
