"""The comparisons that papers claim, each held against the evidence: can it be checked, and does it hold up?

A paper that sets its numbers beside another's is taken to claim that it does better. Each side stands with the most
accurate of its treatments at the amount, as papers show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from corpus.catalogue.corpus import Corpus, OperatingPoint
from metaanalysis.evidence.amounts import NEAR
from metaanalysis.evidence.question import AMOUNTS, MEASURES, Question
from metaanalysis.evidence.studies import PaperStudy, Studies, StudyArm, studies_of, weakest
from metaanalysis.evidence.synthesis import Difference, Evidence, class_spread, evidence_from

DISTINGUISHABLE, WITHIN_NOISE, NOT_COMPARABLE = "distinguishable", "within noise", "not comparable"
VERDICTS = (DISTINGUISHABLE, WITHIN_NOISE, NOT_COMPARABLE)
DIRECT, INDIRECT = "direct", "indirect"


def verdict_of(difference: Difference) -> str:
    """Whether a difference can be told from none."""
    return DISTINGUISHABLE if difference.is_told else WITHIN_NOISE


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim at the place where the evidence on it is most precise.

    `difference` is the claiming paper's treatment minus the other's; `with_spread` is the same where tau of methods is
    not known and that among methods of one structure stands in for it, an upper bound (None if there is none).
    """

    question: Question
    treatment: str
    other: str
    path: str
    error_source: str
    difference: Difference
    with_spread: Difference | None
    has_tau: bool
    read: str
    other_read: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed comparison: what checking it gave, or why it cannot be checked."""

    paper: str
    compares_to: str
    checked: CheckedClaim | None
    because: str

    @property
    def verdict(self) -> str:
        """One of VERDICTS."""
        return NOT_COMPARABLE if self.checked is None else verdict_of(self.checked.difference)

    @property
    def holds_up(self) -> bool:
        """Whether the claiming paper's network is more accurate, and distinguishably so."""
        if self.checked is None:
            return False
        return self.verdict == DISTINGUISHABLE and self.checked.difference.value > 0


@lru_cache(maxsize=8)
def claims_of(corpus: Corpus, assumed_scale: float = 1.0) -> tuple[Claim, ...]:
    """Every claimed comparison of a corpus, in its order, with assumed deviations times `assumed_scale`."""
    reader = _ClaimReader(corpus, assumed_scale)
    return tuple(reader.claim(one.paper, one.compares_to) for one in corpus.comparisons)


Setting = tuple[str, str]


class _ClaimReader:
    """Checks claims; the studies of a question are read once."""

    def __init__(self, corpus: Corpus, assumed_scale: float):
        self.corpus, self.assumed_scale = corpus, assumed_scale
        self._studies: dict[Question, Studies] = {}

    def claim(self, paper: str, other: str) -> Claim:
        """The claim of one paper over another."""
        mine, theirs = self._by_setting(paper), self._by_setting(other)
        shared = [setting for setting in mine if setting in theirs]
        if not shared:
            return Claim(paper, other, None, self._nothing_shared(paper, other))
        nearest: tuple[float, float] | None = None
        chosen: Question | None = None
        for question in self._questions(mine, theirs, shared):
            precision = self._precision(question, paper, other)
            if precision is not None and (nearest is None or precision < nearest):
                nearest, chosen = precision, question
        checked = self._checked(chosen, paper, other) if chosen is not None else None
        if checked is None:
            return Claim(paper, other, None, _why_not(mine, theirs, shared))
        return Claim(paper, other, checked, "")

    def _precision(self, question: Question, paper: str, other: str) -> tuple[float, float] | None:
        """The standard error of the comparison there without the help of other papers, and the ratio; None if it
        cannot be made. Less is more precise."""
        sides = sides_of(self._studies_of(question).studies, paper, other)
        if sides is None:
            return None
        variance = sum(side.variance for side in sides)
        return round(sqrt(variance), 9), question.ratio

    def _by_setting(self, key: str) -> dict[Setting, list[OperatingPoint]]:
        """A paper's points that may stand beside others', by dataset and network."""
        points: dict[Setting, list[OperatingPoint]] = {}
        for point in self.corpus.papers[key].points if key in self.corpus.papers else ():
            if point.stands_beside_papers and not point.released:
                points.setdefault((point.dataset, point.architecture), []).append(point)
        return points

    def _nothing_shared(self, paper: str, other: str) -> str:
        papers = [self.corpus.papers[key] for key in (paper, other) if key in self.corpus.papers]
        entries = [{(entry.dataset, entry.architecture) for entry in one.entries} for one in papers]
        if len(entries) == 2 and entries[0] & entries[1]:
            return "no numbers on a dataset and network that both use"
        return "no dataset and network in common"

    def _questions(
        self,
        mine: dict[Setting, list[OperatingPoint]],
        theirs: dict[Setting, list[OperatingPoint]],
        shared: Iterable[Setting],
    ) -> Iterator[Question]:
        """Where both papers may be read: at every amount that one of them prints; Top-5 only where no Top-1 serves."""
        for measure in MEASURES:
            questions = []
            for setting in shared:
                for amount in AMOUNTS:
                    for ratio in common_ratios(mine[setting], theirs[setting], amount, measure):
                        question = Question(*setting, amount, ratio, measure=measure)
                        questions.append(question.scaled(self.assumed_scale))
            if questions:
                yield from questions
                return

    def _checked(self, question: Question, paper: str, other: str) -> CheckedClaim | None:
        studies = self._studies_of(question)
        evidence = evidence_from(studies)
        sides = sides_of(studies.studies, paper, other)
        if sides is None:
            return None
        mine, theirs = sides
        difference = evidence.difference(mine.treatment, theirs.treatment)
        if difference is None:
            return None
        return CheckedClaim(
            question=question,
            treatment=mine.treatment,
            other=theirs.treatment,
            path=path_kind(evidence, mine.treatment, theirs.treatment),
            error_source=weakest([*mine.sources, *theirs.sources]),
            difference=difference,
            with_spread=self._with_spread(evidence, mine.treatment, theirs.treatment),
            has_tau=evidence.tau is not None,
            read=mine.read,
            other_read=theirs.read,
        )

    def _with_spread(self, evidence: Evidence, mine: str, theirs: str) -> Difference | None:
        if evidence.tau is not None:
            return evidence.difference(mine, theirs)
        spread = class_spread(self.corpus, evidence)
        if spread is None:
            return None
        return evidence_from(evidence.studies, tau2=spread.tau**2).difference(mine, theirs)

    def _studies_of(self, question: Question) -> Studies:
        if question not in self._studies:
            self._studies[question] = studies_of(self.corpus, question)
        return self._studies[question]


def _ratios(points: Iterable[OperatingPoint], amount: str, measure: str) -> list[float]:
    """The amounts of points that say how far accuracy fell."""
    return [
        point.number(amount)
        for point in points
        if amount in point.values and f"{measure}_change" in point.values
    ]


def common_ratios(
    mine: Iterable[OperatingPoint], theirs: Iterable[OperatingPoint], amount: str, measure: str
) -> list[float]:
    """The amounts of either paper that lie within both ranges, or as near as a single point may count."""
    sides = [_ratios(points, amount, measure) for points in (mine, theirs)]
    if not all(sides):
        return []
    lowest = max(min(ratios) for ratios in sides) * (1 - NEAR)
    highest = min(max(ratios) for ratios in sides) / (1 - NEAR)
    inside = {
        round(ratio, 4) for ratios in sides for ratio in ratios if lowest <= ratio <= highest and ratio >= 1
    }
    return sorted(inside)


@dataclass(frozen=True, slots=True)
class PaperSide:
    """A treatment of a paper: the unpruned network and the treatment of every study of the paper that holds it."""

    treatment: str
    values: tuple[tuple[StudyArm, StudyArm], ...]

    @property
    def change(self) -> float:
        """The highest change, in points."""
        return max(arm.change for _, arm in self.values)

    @property
    def variance(self) -> float:
        """That of the change of the study that is known best."""
        return min(unpruned.variance + arm.variance for unpruned, arm in self.values)

    @property
    def sources(self) -> list[str]:
        """Where the standard error of each study comes from."""
        return [weakest((unpruned.error_source, arm.error_source)) for unpruned, arm in self.values]

    @property
    def read(self) -> str:
        """Between which points the values lie."""
        return "; ".join(arm.read for _, arm in self.values)


def sides_of(studies: Iterable[PaperStudy], paper: str, other: str) -> tuple[PaperSide, PaperSide] | None:
    """The most accurate treatments of two papers; None where one cannot be read.

    What the first paper runs of the other's own methods is the other's side.
    """
    studies = list(studies)
    theirs = _best(_treatments(studies, other))
    own = _treatments(studies, paper)
    if theirs is not None:
        own.pop(theirs.treatment, None)
    mine = _best(own)
    if mine is None or theirs is None:
        return None
    return mine, theirs


def _treatments(studies: Iterable[PaperStudy], paper: str) -> dict[str, PaperSide]:
    values: dict[str, list[tuple[StudyArm, StudyArm]]] = {}
    for study in studies:
        unpruned, *pruned = study.arms
        for arm in pruned if study.paper == paper else ():
            values.setdefault(arm.treatment, []).append((unpruned, arm))
    return {treatment: PaperSide(treatment, tuple(pairs)) for treatment, pairs in values.items()}


def _best(sides: dict[str, PaperSide]) -> PaperSide | None:
    return max(sides.values(), key=lambda side: (side.change, side.treatment), default=None)


def path_kind(evidence: Evidence, mine: str, theirs: str) -> str:
    """`direct` if a study holds both treatments, else `indirect`."""
    for study in evidence.studies.studies:
        treatments = {arm.treatment for arm in study.arms}
        if {mine, theirs} <= treatments:
            return DIRECT
    return INDIRECT


def _why_not(
    mine: dict[Setting, list[OperatingPoint]],
    theirs: dict[Setting, list[OperatingPoint]],
    shared: Iterable[Setting],
) -> str:
    """What is in the way on the datasets and networks that two papers share; the smallest obstacle of all."""
    obstacles = {2: "", 1: "", 0: ""}
    for setting in shared:
        network = f"{setting[1]} on {setting[0]}"
        changes = [
            {
                measure
                for point in side[setting]
                for measure in MEASURES
                if f"{measure}_change" in point.values
            }
            for side in (mine, theirs)
        ]
        amounts = [
            {amount for point in side[setting] for amount in AMOUNTS if amount in point.values}
            for side in (mine, theirs)
        ]
        if not changes[0] & changes[1]:
            obstacles[0] = f"no accuracy of one kind before and after pruning in both ({network})"
        elif not amounts[0] & amounts[1]:
            obstacles[1] = f"no compression ratio or speedup that both give ({network})"
        else:
            obstacles[2] = f"no amount of pruning that both reach ({network})"
    return next(text for text in obstacles.values() if text)
