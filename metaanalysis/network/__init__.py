"""Network meta-analysis of any table of contrasts; it knows nothing of pruning.

`read_contrasts` reads a CSV table, `network_meta_analysis` analyses it (or a data frame with the same columns).
"""

from __future__ import annotations

from metaanalysis.network.analysis import INTERVALS, TAU, network_meta_analysis
from metaanalysis.network.contrasts import COLUMNS, read_contrasts
from metaanalysis.network.precision import Precision
from metaanalysis.network.result import LEAGUE, NetworkResult

__all__ = [
    "COLUMNS",
    "INTERVALS",
    "LEAGUE",
    "TAU",
    "NetworkResult",
    "Precision",
    "network_meta_analysis",
    "read_contrasts",
]
