"""Claimed comparisons as a table, which a figure draws and a statistic prints."""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.evidence.claims import Claim, claims_of, verdict_of

COLUMNS = (
    *("paper", "compares_to", "name", "verdict", "holds_up", "because"),
    *("dataset", "architecture", "amount", "ratio", "measure"),
    *("treatment", "other_treatment", "path", "difference", "low", "high"),
    *("low_with_spread", "high_with_spread", "verdict_with_spread", "tau_known", "error_source"),
    *("read", "other_read"),
)
NUMBERS = ("ratio", "difference", "low", "high", "low_with_spread", "high_with_spread")


def claims_table(corpus: Corpus) -> pd.DataFrame:
    """One row for each claimed comparison, those that can be checked first, by their difference; in points."""
    rows = [_row(corpus, claim) for claim in claims_of(corpus)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame[list(NUMBERS)] = frame[list(NUMBERS)].astype(float)
    ordered = frame.sort_values(
        ["difference", "paper", "compares_to"], ascending=[False, True, True], kind="stable"
    )
    return ordered.reset_index(drop=True)


def _row(corpus: Corpus, claim: Claim) -> dict[str, object]:
    """A claim with the columns COLUMNS; what there is not is missing."""
    labels = [_label(corpus, key) for key in (claim.paper, claim.compares_to)]
    row: dict[str, object] = {
        "paper": claim.paper,
        "compares_to": claim.compares_to,
        "name": " – ".join(labels),
        "verdict": claim.verdict,
        "holds_up": claim.holds_up,
        "because": claim.because,
    }
    checked = claim.checked
    if checked is None:
        return row
    row |= {
        "dataset": checked.question.dataset,
        "architecture": checked.question.architecture,
        "amount": checked.question.amount,
        "ratio": checked.question.ratio,
        "measure": checked.question.measure,
        "treatment": checked.treatment,
        "other_treatment": checked.other,
        "path": checked.path,
        "difference": checked.difference.value,
        "low": checked.difference.low,
        "high": checked.difference.high,
        "tau_known": checked.has_tau,
        "error_source": checked.error_source,
        "read": checked.read,
        "other_read": checked.other_read,
    }
    if checked.with_spread is not None:
        row |= {
            "low_with_spread": checked.with_spread.low,
            "high_with_spread": checked.with_spread.high,
            "verdict_with_spread": verdict_of(checked.with_spread),
        }
    return row


def _label(corpus: Corpus, key: str) -> str:
    return corpus.papers[key].label if key in corpus.papers else key
