"""How far reported sizes and accuracies of one unpruned network lie apart.

Section 5.2 of Blalock et al. (2020) finds the multiply-adds of one network on one dataset reported up to four times as
high by one paper as by another: AlexNet on ImageNet, where AlexNet and CaffeNet count as one, as in Figure 3. One row
per setting and measure that two papers or more report; the canonical value is the median of the reference tables, or of
the papers where no table has the network. About twice: within 15 % of two, as FLOPs are to multiply-adds.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.survey.readings import figure_data
from metaanalysis.tradeoffs.unpruned import COUNTS

COLUMNS = (
    *("dataset", "architecture", "measure", "papers", "canonical", "canonical_from", "lowest", "lowest_in"),
    *("highest", "highest_in", "highest_over_lowest", "highest_minus_lowest", "about_twice", "about_half"),
)


def table(corpus: Corpus, *, at_least: int = 2) -> pd.DataFrame:
    """One row per setting and measure that `at_least` papers report; counts, percent and percentage points."""
    settings: dict[tuple[str, str, str], list] = {}
    for row in figure_data("baseline_drift", corpus).itertuples():
        settings.setdefault((row.dataset, row.architecture, row.measure), []).append(row)
    rows = [
        (*setting, *_spread(reports, setting[2] in COUNTS))
        for setting, reports in settings.items()
        if len({report.paper for report in reports}) >= at_least
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _spread(reports: list, count: bool) -> tuple:
    lowest, highest = min(reports, key=lambda row: row.value), max(reports, key=lambda row: row.value)
    flagged = [
        ", ".join(sorted({row.paper for row in reports if row.flag == flag}))
        for flag in ("about twice", "about half")
    ]
    return (
        *(len({row.paper for row in reports}), lowest.canonical, lowest.canonical_from),
        *(lowest.value, lowest.paper, highest.value, highest.paper),
        highest.value / lowest.value if count else None,
        None if count else highest.value - lowest.value,
        *flagged,
    )
