"""Reads studies; what no run could be done with is told before anything trains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.schema.reader import CorpusError, Document, Problem, read_file
from corpus.schema.suggest import did_you_mean
from corpus.schema.validate import validated
from rerun.study.study import Study
from rerun.study.study_file import StudyFile

if TYPE_CHECKING:
    from corpus.schema.vocabulary import Names

FOLDER = Path(__file__).parent.parent / "studies"
VOCABULARY = "corpus/vocabulary/architectures.yaml"


def studies() -> dict[str, Path]:
    """The studies that come with prunebase, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def study_as_written(name: str | Path) -> Study:
    """The study by its name or its file, read for its form alone; whether its runs can be done needs torch.

    CorpusError with every problem of the form, ValueError if no study has the name.
    """
    study, document = _written(name)
    if study is None or document.problems:
        raise CorpusError(document.problems)
    return study


def read_study(name: str | Path) -> Study:
    """The study by its name or its file, all of whose runs can be done.

    CorpusError with every problem at once if there is any, ValueError if no study has the name.

    >>> len(read_study("smoke").runs)
    31
    """
    study, document = _written(name)
    if study is not None:
        document.problems += _what_cannot_be_run(document, study)
    if document.problems:
        raise CorpusError(document.problems)
    return study


def _written(name: str | Path) -> tuple[Study | None, Document]:
    path = Path(name)
    if path.suffix != ".yaml":
        known = studies()
        if str(name) not in known:
            raise ValueError(
                f"study '{name}' is unknown{did_you_mean(str(name), known)}; expected {', '.join(known)}"
            )
        path = known[str(name)]
    document = read_file(path)
    file = validated(document, StudyFile)
    return (None if file is None else Study(path.stem, file)), document


def _what_cannot_be_run(document: Document, study: Study) -> Iterator[Problem]:
    """Names that the corpus or this package lacks, and amounts that the network cannot reach."""
    # These bring the whole catalogue, and those below torch; a list of the studies waits for neither.
    from corpus.catalogue.papers import default_folder
    from corpus.schema.vocabulary import read_names

    names, _ = read_names(default_folder() / "vocabulary", "corpus/vocabulary")
    yield from _dataset_problems(document, study.file, names)
    architecture_problems = list(_architecture_problems(document, study.file, names))
    yield from architecture_problems
    yield from _amount_problems(document, study.file, has_network=not architecture_problems)


def _dataset_problems(document: Document, file: StudyFile, names: Names) -> Iterator[Problem]:
    from rerun.images.in_memory import SOURCES

    is_ours = names.datasets.canonical(file.dataset) == file.dataset
    if not is_ours or (not file.invented and file.dataset not in SOURCES):
        expected = ", ".join(SOURCES)
        yield document.problem(
            ("dataset",), f"dataset '{file.dataset}' cannot be re-run; expected {expected}"
        )
    elif file.dataset == "ImageNet" and (file.rounds or file.training_images):
        what = "pruned in rounds" if file.rounds else "cut to `training_images`"
        expected = ", ".join(name for name in SOURCES if name != "ImageNet")
        message = f"dataset 'ImageNet' lies in files and cannot be {what}; expected {expected}"
        yield document.problem(("dataset",), message)


def _architecture_problems(document: Document, file: StudyFile, names: Names) -> Iterator[Problem]:
    """The network, at every width and depth, must be one that this package builds and the corpus can record."""
    from rerun.architectures import architecture, scaled_name

    try:
        architecture(file.architecture)
    except ValueError as error:
        yield document.problem(("architecture",), str(error))
        return
    for depth in file.depths or (None,):
        for width in file.widths:
            place = ("widths",) if width != 1 and "widths" in document.tree else ("architecture",)
            try:
                name = scaled_name(file.architecture, width, depth)
            except ValueError as error:
                is_about_depth = "depth" in str(error).split(";")[0]
                yield document.problem(("depths",) if is_about_depth else place, str(error))
                continue
            if names.architectures.canonical(name) != name:
                message = f"architecture '{name}' is not in {VOCABULARY}; add it there first"
                yield document.problem(place, message)


def _amount_problems(document: Document, file: StudyFile, *, has_network: bool) -> Iterator[Problem]:
    from rerun.baselines import baseline
    from rerun.images.in_memory import SOURCES
    from rerun.pruning.counts import anatomy
    from rerun.pruning.filters.sizes import expected_ratio
    from rerun.pruning.masks import Unreachable, kept_for

    chosen = []
    for number, name in enumerate(file.baselines):
        try:
            chosen.append(baseline(name))
        except ValueError as error:
            yield document.problem(("baselines", number), str(error))
    if not has_network:
        return
    classes = SOURCES[file.dataset].classes if file.dataset in SOURCES else None
    counts = anatomy(file.architecture, classes)
    for number, ratio in enumerate(file.ratios):
        try:
            for entry in chosen:
                kept_for(counts, entry.prunable(counts, file.prunes_classifier), ratio)
        except Unreachable as error:
            yield document.problem(("ratios", number), str(error))
    for number, name in enumerate(file.plans):
        try:
            expected_ratio(name, file.architecture)
        except ValueError as error:
            yield document.problem(("plans", number), str(error))
