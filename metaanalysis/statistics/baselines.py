"""How far reported sizes and accuracies of one unpruned network lie apart.

Section 5.2 of Blalock et al. (2020) finds the multiply-adds of one network on one dataset reported up to four times as
high by one paper as by another: AlexNet on ImageNet, where AlexNet and CaffeNet count as one, as in Figure 3. One row
per setting and measure that two papers or more report; the canonical value is the median of the reference tables, or of
the papers where no table has the network. About twice: within 15 % of two, as FLOPs are to multiply-adds.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.tradeoffs.unpruned import COUNTS, reported

COLUMNS = (
    "dataset",
    "architecture",
    "measure",
    "papers",
    "canonical",
    "canonical_from",
    "lowest",
    "lowest_in",
    "highest",
    "highest_in",
    "highest_over_lowest",
    "highest_minus_lowest",
    "about_twice",
    "about_half",
)
SETTING = ["dataset", "architecture", "measure"]


def table(corpus: Corpus, *, at_least: int = 2) -> pd.DataFrame:
    """One row per setting and measure that `at_least` papers report; counts, percent and percentage points."""
    rows = []
    alike = reported(corpus)
    alike = alike[
        ~alike["flag"].str.endswith("views")
    ]  # an accuracy of several crops is another measurement
    for setting, reports in alike.groupby(SETTING, sort=False):
        if reports["paper"].nunique() >= at_least:
            rows.append({**dict(zip(SETTING, setting, strict=True)), **_spread(reports)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _spread(reports: pd.DataFrame) -> dict[str, object]:
    """What the reports of one measure of one network have at their two ends."""
    values = reports["value"].to_numpy()
    lowest, highest = reports.iloc[values.argmin()], reports.iloc[values.argmax()]
    is_count = lowest["measure"] in COUNTS
    return {
        "papers": reports["paper"].nunique(),
        "canonical": lowest["canonical"],
        "canonical_from": lowest["canonical_from"],
        "lowest": lowest["value"],
        "lowest_in": lowest["paper"],
        "highest": highest["value"],
        "highest_in": highest["paper"],
        "highest_over_lowest": highest["value"] / lowest["value"] if is_count else None,
        "highest_minus_lowest": None if is_count else highest["value"] - lowest["value"],
        "about_twice": _papers_with(reports, "about twice"),
        "about_half": _papers_with(reports, "about half"),
    }


def _papers_with(reports: pd.DataFrame, flag: str) -> str:
    return ", ".join(sorted(set(reports["paper"][reports["flag"] == flag])))
