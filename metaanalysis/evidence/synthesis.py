"""The evidence on one question put together: tau between papers, and which treatments can be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, isnan, sqrt
from statistics import median

import numpy as np
import pandas as pd
from scipy.stats import norm

from corpus.catalogue.corpus import Corpus
from metaanalysis.evidence.question import AMOUNTS, Question
from metaanalysis.evidence.studies import UNPRUNED, Studies, studies_of, weakest
from metaanalysis.network import COLUMNS, NetworkResult, network_meta_analysis

INTERVAL = "t"
"""Kind of interval: Student's t on the standard errors. Hartung and Knapp's would take its scale from the scatter alone
and so hide what is assumed; the benchmark of intervals finds that `t` never covers too little."""
NORMAL = float(norm.ppf(0.975))
USUAL_RATIOS = (2.0, 3.0, 4.0, 5.0, 8.0, 16.0, 32.0)
DIFFERENCES = (0.2, 0.5, 1.0)
"""Differences, in points, for which the needed number of papers or runs is worked out."""
SCALES = (0.5, 1.0, 2.0)
TREATMENT_COLUMNS = (
    *(
        "treatment",
        "studies",
        "change",
        "low",
        "high",
        "low_sampling",
        "high_sampling",
        "error_source",
        "read",
    ),
)


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Of `pairs` pairs of treatments, how many studies connect and how many of those an interval tells apart.

    `difference` is how far two treatments must lie apart to be told so, for the pair in the middle, and
    `least_difference` for the pair that is known best; None without a connected pair.
    """

    pairs: int
    connected: int
    apart: int
    difference: float | None
    least_difference: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One treatment minus another in points, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_told(self) -> bool:
        """Whether the interval holds no zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Needed:
    """What it takes for 95 % intervals of half a width of `difference` points, on two treatments never compared.

    `papers` that each run both once; `runs` of both in one paper, None if no number is enough since papers differ by
    more than that.
    """

    difference: float
    papers: int
    runs: int | None


@dataclass(frozen=True, eq=False)
class Evidence:
    """The evidence on a question; `result` is its network meta-analysis."""

    studies: Studies
    result: NetworkResult

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.studies.question

    @property
    def treatments(self) -> tuple[str, ...]:
        """All treatments but the unpruned network."""
        return tuple(name for name in self.result.treatments if name != UNPRUNED)

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers, and studies of our own, that say something."""
        return tuple(dict.fromkeys(study.paper for study in self.studies.studies))

    @property
    def tau(self) -> float | None:
        """The standard deviation between papers of one and the same contrast, in points; None if it stays unknown.

        It takes a treatment that two studies hold.
        """
        tau2 = self.result.component_of(UNPRUNED).tau2
        return None if isnan(tau2) else sqrt(tau2)

    @property
    def degrees(self) -> int:
        """Degrees of freedom that tau is estimated with."""
        return self.result.component_of(UNPRUNED).degrees

    @cached_property
    def told_apart(self) -> ToldApart:
        """How many pairs of treatments can be told apart, the unpruned network not counted as one."""
        total = len(self.treatments) * (len(self.treatments) - 1) // 2
        halves, connected, apart = [], 0, 0
        for part in self.result.components:
            inside = np.array([name != UNPRUNED for name in part.treatments])
            pairs = np.triu(np.outer(inside, inside), 1)
            half = part.half_width(INTERVAL)[pairs]
            apart += int((np.abs(part.random.effects[pairs]) > half).sum())
            connected += len(half)
            halves += half.tolist()
        return ToldApart(
            pairs=total,
            connected=connected,
            apart=apart,
            difference=median(halves) if halves else None,
            least_difference=min(halves) if halves else None,
        )

    def difference(self, treatment: str, other: str) -> Difference | None:
        """`treatment` minus `other`; None where no path of studies leads from one to the other."""
        part = self.result.component_of(treatment)
        if other not in part.treatments:
            return None
        place, other_place = part.treatments.index(treatment), part.treatments.index(other)
        value = float(part.random.effects[place, other_place])
        half = float(part.half_width(INTERVAL)[place, other_place])
        return Difference(value, value - half, value + half)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each treatment, the highest change first, with the columns TREATMENT_COLUMNS.

        change is its accuracy minus the unpruned network's, in points. low and high are the 95 % interval with what
        papers differ by, low_sampling and high_sampling that of trials alone. error_source is the weakest of its
        studies'; NaN where no path of studies leads to the unpruned network.
        """
        league = self.result.league
        beside_unpruned = league[league["treatment_b"] == UNPRUNED].set_index("treatment_a")
        arms = self.studies.arms
        rows = []
        for treatment in self.treatments:
            own = arms[arms["treatment"] == treatment]
            pair = beside_unpruned.loc[treatment]
            half = NORMAL * pair["se_common"]
            sources = list(own["error_source"])
            row = {
                "treatment": treatment,
                "studies": len(own),
                "change": pair["effect_random"],
                "low": pair["low_random"],
                "high": pair["high_random"],
                "low_sampling": pair["effect_common"] - half,
                "high_sampling": pair["effect_common"] + half,
                "error_source": weakest(sources),
                "read": "; ".join(f"{arm['study']}: {arm['read']}" for arm in own.to_dict("records")),
            }
            rows.append(row)
        table = pd.DataFrame(rows, columns=list(TREATMENT_COLUMNS))
        return table.sort_values("change", ascending=False, kind="stable", ignore_index=True)

    def needed(self, difference: float, tau: float | None = None) -> Needed:
        """What it takes to tell two treatments `difference` points apart; `tau` stands in for an unknown one.

        A run prunes one network each way, with the assumed deviation of each. A paper adds tau once.
        """
        known = self.tau if self.tau is not None else tau
        between = (known or 0.0) ** 2
        assumed = self.question.assumed_scale * (self.studies.assumed.deviation or 0.0)
        sampling = 2 * assumed**2
        allowed = (difference / NORMAL) ** 2
        papers = max(1, _whole((sampling + between) / allowed))
        runs = None
        if allowed > between:
            runs = max(1, _whole(sampling / (allowed - between)))
        return Needed(difference, papers, runs)


def _whole(number: float) -> int:
    """The next whole number, but for what arithmetic in doubles adds."""
    return ceil(number - 1e-9)


def evidence_of(corpus: Corpus, question: Question, tau2: float | None = None) -> Evidence:
    """The evidence on a question; ValueError where no paper says anything, with what the papers cover.

    `tau2` is a variance between papers to take instead of an estimate.

    >>> evidence_of(corpus.load(), Question("CIFAR-10", "ResNet-56", "theoretical_speedup", 2)).tau  # doctest: +SKIP
    """
    return evidence_from(studies_of(corpus, question), tau2)


def evidence_from(studies: Studies, tau2: float | None = None) -> Evidence:
    """The evidence of studies that were read already."""
    if not studies.studies:
        raise ValueError(nothing_said(studies))
    contrasts = studies.contrasts[list(COLUMNS)]
    result = network_meta_analysis(contrasts, reference=UNPRUNED, interval=INTERVAL, tau2=tau2)
    return Evidence(studies, result)


def nothing_said(studies: Studies) -> str:
    """Why there is no evidence at all, with what is there instead."""
    reasons = [f"{left.label} {left.because}" for left in studies.left_out if "covers" in left.because]
    found = f"; {'; '.join(reasons[:3])}" if reasons else ""
    return f"{studies.question.words}: no paper says anything that can be read there{found}"


def usual_amount(
    corpus: Corpus,
    dataset: str,
    architecture: str,
    amount: str | None = None,
    *,
    by: str = "method",
    measure: str = "top1",
    assumed_scale: float = 1.0,
    reruns: bool = False,
) -> tuple[str, float]:
    """The amount at which most papers can be read, as measure and ratio; the smaller ratio where several are alike.

    `amount` fixes the measure of amount; the options by name are those of a `Question`.
    """
    best, most = (amount or "compression_ratio", USUAL_RATIOS[0]), (0, 0)
    for candidate in AMOUNTS if amount is None else (amount,):
        for ratio in USUAL_RATIOS:
            question = Question(dataset, architecture, candidate, ratio, by, measure, assumed_scale, reruns)
            studies = studies_of(corpus, question)
            size = (len({study.paper for study in studies.studies}), len(studies.arms))
            if size > most:
                best, most = (candidate, ratio), size
    return best


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What comes out with the assumed deviation times `scale`."""

    scale: float
    tau: float | None
    told: ToldApart


def sensitivity(corpus: Corpus, question: Question) -> list[Sensitivity]:
    """Tau and the pairs told apart with the assumed deviation halved, as it is, and doubled."""
    rows = []
    for scale in SCALES:
        evidence = evidence_of(corpus, question.scaled(scale * question.assumed_scale))
        rows.append(Sensitivity(scale, evidence.tau, evidence.told_apart))
    return rows


@dataclass(frozen=True, slots=True)
class ClassSpread:
    """Tau among methods that remove the same structure, and what can be told apart with it taken for tau of methods.

    It is too large, as methods differ too: an upper bound of what papers differ by.
    """

    tau: float
    degrees: int
    told: ToldApart


def class_spread(corpus: Corpus, evidence: Evidence) -> ClassSpread | None:
    """The bound on tau where methods have none of their own: no method is run by two papers. None if it is unknown."""
    question = evidence.question
    if evidence.tau is not None or question.by != "method":
        return None
    by_structure = Question(
        question.dataset,
        question.architecture,
        question.amount,
        question.ratio,
        "structure",
        question.measure,
        question.assumed_scale,
        question.reruns,
    )
    studies = studies_of(corpus, by_structure)
    if not studies.studies:
        return None
    classes = evidence_from(studies)
    if classes.tau is None:
        return None
    widened = evidence_from(evidence.studies, tau2=classes.tau**2)
    return ClassSpread(classes.tau, classes.degrees, widened.told_apart)
