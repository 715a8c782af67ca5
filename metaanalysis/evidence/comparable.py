"""Whether two papers or methods can be compared: in one study, through others, or not, and what would make it so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import cast

import networkx as nx

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.schema.suggest import did_you_mean
from metaanalysis.evidence.claims import PaperSide, common_ratios, sides_of
from metaanalysis.evidence.question import AMOUNTS, MEASURES, Question
from metaanalysis.evidence.studies import UNPRUNED, PaperStudy, Studies, studies_of
from metaanalysis.evidence.synthesis import Difference, evidence_from
from metaanalysis.fairness.setups import SetupsOfPairs

DIRECT, INDIRECT, NOT = "direct", "indirect", "not comparable"
LONGEST = 3
"""Studies on the longest path that is shown: each adds its error, so that longer ones say little."""


@dataclass(frozen=True, slots=True)
class PathLink:
    """A step of a path: two treatments, and the study that holds both."""

    treatment: str
    other: str
    study: str


@dataclass(frozen=True, slots=True)
class ComparablePath:
    """A way from one treatment to another; `setup` is the comparison setup of Wang et al. that its two ends satisfy."""

    links: tuple[PathLink, ...]
    setup: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A question at which both sides can be read: their treatments, all paths, and the difference."""

    question: Question
    treatment: str
    other: str
    difference: Difference | None
    paths: tuple[ComparablePath, ...]

    @property
    def kind(self) -> str:
        """`direct` if one study holds both, else `indirect`."""
        return DIRECT if any(len(path.links) == 1 for path in self.paths) else INDIRECT


@dataclass(frozen=True, slots=True)
class Comparability:
    """What can be said of paper `one` beside paper `other`; `missing` names the links that would make more of it."""

    one: str
    other: str
    meetings: tuple[Meeting, ...]
    missing: tuple[str, ...]

    @property
    def kind(self) -> str:
        """`direct`, `indirect` or `not comparable`."""
        kinds = {meeting.kind for meeting in self.meetings}
        if DIRECT in kinds:
            return DIRECT
        return INDIRECT if kinds else NOT


def comparable(corpus: Corpus, one: str, other: str) -> Comparability:
    """How two papers can be compared, by their keys; ValueError for a key that the corpus does not have.

    >>> comparable(corpus.load(), "he2018soft", "he2017channel").kind  # doctest: +SKIP
    'indirect'
    """
    for key in (one, other):
        if key not in corpus.papers:
            hint = did_you_mean(key, corpus.papers) or "; expected a key such as li2016pruning"
            raise ValueError(f"no paper '{key}' in the corpus{hint}")
    if one == other:
        raise ValueError(f"'{one}' beside itself; expected two papers")
    setups = SetupsOfPairs(corpus)
    meetings = list(_meetings(corpus, setups, one, other))
    missing = () if meetings else tuple(_missing_links(corpus, one, other))
    return Comparability(one, other, tuple(meetings), missing)


def _meetings(corpus: Corpus, setups: SetupsOfPairs, one: str, other: str) -> Iterator[Meeting]:
    """The meeting on each dataset, network and measure of amount, at the most precise ratio."""
    for setting in _shared(corpus, one, other):
        for amount in AMOUNTS:
            for measure in MEASURES:
                meeting = _meeting(
                    corpus, setups, (one, other), Question(*setting, amount, 1.0, measure=measure)
                )
                if meeting is not None:
                    yield meeting
                    break  # Top-5 only where Top-1 says nothing


def _meeting(
    corpus: Corpus, setups: SetupsOfPairs, papers: tuple[str, str], asked: Question
) -> Meeting | None:
    points, other_points = (
        [point for point in _points(corpus, key) if asked.concerns(corpus, point)] for key in papers
    )
    least = inf
    best: tuple[Studies, tuple[PaperSide, PaperSide]] | None = None
    for ratio in common_ratios(points, other_points, asked.amount, asked.measure):
        studies = studies_of(
            corpus, Question(asked.dataset, asked.architecture, asked.amount, ratio, measure=asked.measure)
        )
        sides = sides_of(studies.studies, *papers)
        if sides is not None:
            variance = sum(side.variance for side in sides)
            if best is None or variance < least:
                least, best = variance, (studies, sides)
    if best is None:
        return None
    studies, (mine, theirs) = best
    difference = evidence_from(studies).difference(mine.treatment, theirs.treatment)
    paths = []
    for links in paths_between(studies.studies, mine.treatment, theirs.treatment):
        paths.append(ComparablePath(links, _setup(studies, setups, links)))
    return Meeting(studies.question, mine.treatment, theirs.treatment, difference, tuple(paths))


def paths_between(studies: tuple[PaperStudy, ...], one: str, other: str) -> list[tuple[PathLink, ...]]:
    """Every path of at most LONGEST studies from one treatment to another, each study used once, the shortest first."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for study in studies:
        names = [arm.treatment for arm in study.arms]
        for place, name in enumerate(names):
            for later in names[place + 1 :]:
                graph.add_edge(name, later, key=study.name)
    if one not in graph or other not in graph:
        return []
    paths = []
    for path in nx.all_simple_edge_paths(graph, one, other, cutoff=LONGEST):
        edges = cast("list[tuple[str, str, str]]", path)  # the stubs know the edges of simple graphs alone
        used = [study for _, _, study in edges]
        if len(set(used)) == len(used):  # two steps in one study are one step
            paths.append(tuple(PathLink(*edge) for edge in edges))
    return sorted(paths, key=lambda links: (len(links), [link.study for link in links]))


def _setup(studies: Studies, setups: SetupsOfPairs, links: tuple[PathLink, ...]) -> str:
    """The strictest setup of two results, one at each end of the path."""
    first = _results_of(studies, links[0].study, links[0].treatment)
    last = _results_of(studies, links[-1].study, links[-1].other)
    return setups.setup(first, last)


def _results_of(studies: Studies, study: str, treatment: str) -> tuple[str, ...]:
    for known in studies.studies:
        for arm in known.arms:
            if known.name == study and arm.treatment == treatment:
                return arm.point_ids
    return ()


def _points(corpus: Corpus, key: str) -> list[OperatingPoint]:
    points = corpus.papers[key].points
    return [point for point in points if point.stands_beside_papers and not point.released]


def _shared(corpus: Corpus, one: str, other: str) -> list[tuple[str, str]]:
    settings = [
        {(point.dataset, point.architecture) for point in _points(corpus, key)} for key in (one, other)
    ]
    return sorted(settings[0] & settings[1])


def _missing_links(corpus: Corpus, one: str, other: str) -> Iterator[str]:
    """What would connect two papers: a run at the other's amount, or on the other's network."""
    shared = _shared(corpus, one, other)
    for dataset, architecture in shared:
        ranges = [_range(corpus, key, dataset, architecture) for key in (one, other)]
        yield (
            f"{architecture} on {dataset} is in both, {one} at {ranges[0]}, {other} at {ranges[1]}: "
            f"a run of either at an amount of the other, with the accuracy before and after, would connect them"
        )
    if shared:
        return
    for key, against in ((one, other), (other, one)):
        settings = sorted({(point.dataset, point.architecture) for point in _points(corpus, against)})
        named = ", ".join(f"{architecture} on {dataset}" for dataset, architecture in settings[:4])
        if named:
            yield f"no network is in both: a run of {key} on one of {against} ({named}) would connect them"


def _range(corpus: Corpus, key: str, dataset: str, architecture: str) -> str:
    """The amounts at which a paper says how far accuracy fell on a network, in words."""
    said = []
    for amount, word in AMOUNTS.items():
        ratios = []
        for point in _points(corpus, key):
            if (point.dataset, point.architecture) == (dataset, architecture) and amount in point.values:
                ratios.append(point.number(amount))
        if ratios:
            said.append(f"{_ratios_in_words(ratios)} {word}")
    return " and ".join(said) or "no amount that it prints"


def _ratios_in_words(ratios: list[float]) -> str:
    """The range of ratios in words: `2x to 8x`."""
    low, high = min(ratios), max(ratios)
    return f"{low:.3g}x" if low == high else f"{low:.3g}x to {high:.3g}x"


def comparable_text(found: Comparability, most: int = 12) -> str:
    """The answer in plain words, with at most `most` paths for each place."""
    lines = [f"{found.one} and {found.other}: {found.kind}"]
    for meeting in found.meetings:
        lines += ["", f"{meeting.question.words}: {meeting.kind}"]
        if meeting.difference is not None:
            difference = meeting.difference
            lines.append(
                f"  {meeting.treatment} minus {meeting.other}: {difference.value:+.2f} points "
                f"({difference.low:+.2f} to {difference.high:+.2f})"
            )
        for path in meeting.paths[:most]:
            steps = "; ".join(f"{link.treatment} – {link.other} in {link.study}" for link in path.links)
            lines.append(f"  {steps}")
            lines.append(f"    setup of the two ends: {path.setup}")
        if len(meeting.paths) > most:
            lines.append(f"  and {len(meeting.paths) - most} more paths (--format json)")
    if found.missing:
        lines.append("")
        lines += [f"missing: {text}" for text in found.missing]
    elif found.kind == INDIRECT:
        lines += [
            "",
            "missing: a paper or a run that prunes one network by both ways would compare them directly",
        ]
    return "\n".join(lines) + "\n"


def comparable_tree(found: Comparability) -> dict[str, object]:
    """The whole answer as JSON takes it."""
    meetings = []
    for meeting in found.meetings:
        difference = meeting.difference
        paths = []
        for path in meeting.paths:
            links = [
                {"treatment": link.treatment, "other": link.other, "study": link.study}
                for link in path.links
            ]
            paths.append({"links": links, "setup": path.setup})
        meetings.append(
            {
                "question": meeting.question.words,
                "kind": meeting.kind,
                "treatment": meeting.treatment,
                "other_treatment": meeting.other,
                "difference": None if difference is None else difference.value,
                "low": None if difference is None else difference.low,
                "high": None if difference is None else difference.high,
                "paths": paths,
            }
        )
    return {
        "one": found.one,
        "other": found.other,
        "kind": found.kind,
        "meetings": meetings,
        "missing": list(found.missing),
        "comparator": UNPRUNED,
    }
