"""Claimed comparisons held against the evidence: can they be checked, and do they hold up?

Each comparison that a paper claims, read where the evidence on it is most precise: at an amount of pruning that both
papers reach, on a dataset and network that both use, by Top-1 or else Top-5. `difference` is the most accurate
treatment of `paper` minus that of `compares_to`, each against its own unpruned network, in points, with its 95 %
interval. Verdicts: `distinguishable` (the interval holds no zero), `within noise`, `not comparable` (`because` says
why). Where no method is run by two papers, tau between papers is not known and the interval that of trials alone, so
too narrow; `low_with_spread` and `high_with_spread` take the spread among methods of one structure in its place, an
upper bound. `holds_up` is a claim whose paper is distinguishably better. `error_source` says whether standard errors
are assumed.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.evidence.claims_table import COLUMNS, claims_table

__all__ = ["COLUMNS", "table"]


def table(corpus: Corpus) -> pd.DataFrame:
    """One row for each claimed comparison, those that can be checked first, by their difference; in points."""
    return claims_table(corpus)
