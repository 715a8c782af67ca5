"""What can be told apart on the common configurations, and how many claims hold up.

For each common configuration, at the amount of pruning at which most papers can be read: the spread between papers
(tau, points; missing where no method is run by two papers, since nothing then says what it is), how far two methods
must lie apart to be told so with 95 % (the pair in the middle), and how many pairs of methods can be told apart of
how many, with the deviation between trials as assumed, halved, and doubled. `tau_of_structures` is the spread among
methods that remove the same structure, an upper bound, and `apart_with_bound` the pairs told apart with it. The last
row counts the claimed comparisons: `pairs` claimed, `connected` that can be checked, `apart` distinguishable,
`hold_up` those of them in which the claiming paper is the more accurate one, `apart_with_bound` as above.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.evidence.claims import DISTINGUISHABLE, Claim, claims_of, verdict_of
from metaanalysis.evidence.configurations import evidence_at
from metaanalysis.evidence.question import AMOUNTS
from metaanalysis.evidence.synthesis import Evidence, class_spread, sensitivity
from metaanalysis.tradeoffs.curves import SIX_CONFIGURATIONS

COLUMNS = (
    *(
        "configuration",
        "papers",
        "methods",
        "tau",
        "tau_of_structures",
        "must_differ_by",
        "pairs",
        "connected",
    ),
    *("apart", "apart_if_halved", "apart_if_doubled", "apart_with_bound", "hold_up"),
    *("assumed_deviation", "assumed_from"),
)
COUNTS = ("papers", "methods", "pairs", "connected", "apart", "apart_if_halved", "apart_if_doubled")


def table(corpus: Corpus) -> pd.DataFrame:
    """One row for each configuration that papers say something on, and one for the claims; points and counts."""
    rows = []
    for dataset, architecture in SIX_CONFIGURATIONS:
        evidence = evidence_at(corpus, dataset, architecture)
        if evidence is not None:
            rows.append(_row(corpus, evidence))
    rows.append(_claims(corpus))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    whole = dict.fromkeys((*COUNTS, "apart_with_bound", "hold_up"), "Int64")
    numbers = dict.fromkeys(("tau", "tau_of_structures", "must_differ_by", "assumed_deviation"), "float64")
    return frame.astype(whole | numbers)


def _row(corpus: Corpus, evidence: Evidence) -> dict[str, object]:
    question, told = evidence.question, evidence.told_apart
    halved, _, doubled = sensitivity(corpus, question)
    spread = class_spread(corpus, evidence)
    amount = f"{question.ratio:g}x {AMOUNTS[question.amount]}"
    return {
        "configuration": f"{question.architecture} on {question.dataset} at {amount}",
        "papers": len(evidence.papers),
        "methods": len(evidence.treatments),
        "tau": evidence.tau,
        "tau_of_structures": None if spread is None else spread.tau,
        "must_differ_by": told.difference,
        "pairs": told.pairs,
        "connected": told.connected,
        "apart": told.apart,
        "apart_if_halved": halved.told.apart,
        "apart_if_doubled": doubled.told.apart,
        "apart_with_bound": None if spread is None else spread.told.apart,
        "assumed_deviation": evidence.studies.assumed.deviation,
        "assumed_from": evidence.studies.assumed.words,
    }


def _claims(corpus: Corpus) -> dict[str, object]:
    claims = claims_of(corpus)
    checked = [claim.checked for claim in claims if claim.checked is not None]
    bounded = [one.with_spread for one in checked if one.with_spread is not None]
    halved, doubled = (_told(claims_of(corpus, scale)) for scale in (0.5, 2.0))
    return {
        "configuration": "claimed comparisons",
        "pairs": len(claims),
        "connected": len(checked),
        "apart": _told(claims),
        "apart_if_halved": halved,
        "apart_if_doubled": doubled,
        "apart_with_bound": sum(verdict_of(difference) == DISTINGUISHABLE for difference in bounded),
        "hold_up": sum(claim.holds_up for claim in claims),
        "assumed_from": "of each configuration",
    }


def _told(claims: Iterable[Claim]) -> int:
    return sum(claim.verdict == DISTINGUISHABLE for claim in claims)
