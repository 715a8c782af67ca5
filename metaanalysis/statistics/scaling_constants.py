"""Constants of the scaling law for each family of pruned networks, and how far it is off.

The law is that of Rosenfeld et al. (2021); its evidence is iterative magnitude pruning with rewinding; other families
say that they are outside it. Per constant, the least-squares value and its 95% bootstrap interval; then the mean and
standard deviation of the relative deviation over all points of the family, and the standard deviation for networks that
were left out of the fit. A constant that the points cannot tell, such as the width exponent of one width, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.scaling.families import Family, families
from metaanalysis.scaling.fit import LawFit
from metaanalysis.scaling.law import CONSTANTS

COLUMNS = (
    "family",
    "attribution",
    "evidence",
    "networks",
    "points",
    "constant",
    "value",
    "low",
    "high",
    "mean_deviation",
    "sd_deviation",
    "sd_left_out",
)


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per family and constant; plateau and deviations are fractions."""
    rows: list[dict] = []
    for family in families(corpus):
        if family.fit is not None:
            rows += _constants(family, family.fit)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _constants(family: Family, fit: LawFit) -> Iterator[dict[str, object]]:
    for constant, is_free in zip(CONSTANTS, family.points.free, strict=True):
        if not is_free:
            continue
        low, high = fit.interval(constant)
        yield {
            "family": family.title,
            "attribution": family.attribution,
            "evidence": "outside" if family.caveat else "inside",
            "networks": len(family.networks),
            "points": len(family.points),
            "constant": constant,
            "value": getattr(fit.law, constant),
            "low": low,
            "high": high,
            "mean_deviation": fit.mean,
            "sd_deviation": fit.spread,
            "sd_left_out": np.nan if fit.left_out is None else float(fit.left_out.std(ddof=1)),
        }
