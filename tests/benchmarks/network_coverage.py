"""How often 95 % intervals of a network meta-analysis hold the true effect, and how long a large network takes.

Networks are invented: known effects, a known variance between studies, arms with variances of their own, every fifth
study with three or four arms. Each cell of the table is a number of studies and a tau, which is given in units of the
standard error of a typical contrast; coverage is the mean over all pairs of treatments and all networks. Standard
errors are taken as known, as they are by every method of this kind.

    python tests/benchmarks/network_coverage.py                 # ten minutes
    python tests/benchmarks/network_coverage.py --networks 100  # a look

Options: --networks N --treatments N --studies 8,15,30,60 --tau DL,REML --seed N --timing (only the timing).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from metaanalysis.network import INTERVALS, network_meta_analysis

TYPICAL_ERROR = 0.3
TAUS = (0.0, 0.3, 1.0, 3.0, 10.0)
AIM = (0.92, 0.97)
"""Coverage between these is taken as 95 %."""


def arms_of_studies(random: np.random.Generator, studies: int, treatments: int) -> Iterator[np.ndarray]:
    """The treatments of each study; the first studies make a random tree, so that the network is connected."""
    order = random.permutation(treatments)
    for number in range(studies):
        if number + 1 < treatments:
            yield np.array([order[number + 1], order[random.integers(number + 1)]])
            continue
        arms = 2 if number % 5 else int(random.integers(3, 5))
        yield random.choice(treatments, min(arms, treatments), replace=False)


def invented(
    random: np.random.Generator, studies: int, treatments: int, tau: float, truth: np.ndarray
) -> pd.DataFrame:
    """A table of contrasts; `truth` (treatments,) are the true levels, `tau` the standard deviation between studies."""
    rows = []
    for number, arms in enumerate(arms_of_studies(random, studies, treatments)):
        variances = TYPICAL_ERROR**2 / 2 * np.exp(random.normal(0, 0.8, len(arms)))
        between = random.normal(0, tau / np.sqrt(2), len(arms))
        measured = truth[arms] + between + random.normal(0, np.sqrt(variances))
        for a, b in combinations(range(len(arms)), 2):
            names = {
                "study": f"s{number}",
                "treatment_a": f"t{arms[a]:03}",
                "treatment_b": f"t{arms[b]:03}",
            }
            error = float(np.sqrt(variances[a] + variances[b]))
            rows.append(names | {"effect": float(measured[a] - measured[b]), "standard_error": error})
    return pd.DataFrame(rows)


def coverage(
    random: np.random.Generator, networks: int, studies: int, treatments: int, tau: float, method: str
) -> dict[str, float]:
    """The share of intervals that hold the true effect, by kind of interval; and of 95 % predictions."""
    held = {kind: [] for kind in (*INTERVALS, "prediction")}
    for _ in range(networks):
        truth = random.normal(0, 1, treatments)
        table = invented(random, studies, treatments, tau, truth)
        further = truth + random.normal(0, tau / np.sqrt(2), treatments)
        result = network_meta_analysis(table, tau=method)
        for kind in INTERVALS:
            league = replace(result, interval=kind).league
            held[kind].append(share_held(league, "low_random", "high_random", truth))
        held["prediction"].append(share_held(result.prediction, "low", "high", further))
    return {kind: float(np.nanmean(shares)) for kind, shares in held.items()}


def share_held(table: pd.DataFrame, low: str, high: str, levels: np.ndarray) -> float:
    """The share of a table's intervals that hold the difference of the levels; NaN if it has none."""
    table = table[table[low].notna()]
    first = table["treatment_a"].str[1:].astype(int).to_numpy()
    second = table["treatment_b"].str[1:].astype(int).to_numpy()
    effects = levels[first] - levels[second]
    inside = (table[low] <= effects) & (effects <= table[high])
    return float(inside.mean()) if len(table) else float("nan")


def table_of_coverage(chosen: argparse.Namespace) -> pd.DataFrame:
    """Coverage in every cell, printed as it comes."""
    random = np.random.default_rng(chosen.seed)
    print(
        f"{chosen.treatments} treatments, {chosen.networks} networks a cell, seed {chosen.seed}; tau in standard errors"
    )
    print(
        f"{'tau by':<8}{'studies':>8}{'tau':>6}"
        + "".join(f"{kind:>15}" for kind in (*INTERVALS, "prediction"))
    )
    rows = []
    for method in chosen.tau.split(","):
        for studies in map(int, chosen.studies.split(",")):
            for tau in TAUS:
                cell = coverage(
                    random, chosen.networks, studies, chosen.treatments, tau * TYPICAL_ERROR, method
                )
                shown = "".join(f"{100 * share:>14.1f}{mark(share)}" for share in cell.values())
                print(f"{method:<8}{studies:>8}{tau:>6g}{shown}", flush=True)
                rows.append({"method": method, "studies": studies, "tau": tau} | cell)
    return pd.DataFrame(rows)


def mark(share: float) -> str:
    """`-` below the aim, `+` above it, else a blank."""
    low, high = AIM
    return "-" if share < low else "+" if share > high else " "


def verdict(rows: pd.DataFrame) -> str:
    """For each kind of interval the cells within the aim, and where it falls short."""
    lines = []
    for kind in INTERVALS:
        short = rows[rows[kind] < AIM[0]]
        within = rows[kind].between(*AIM).sum()
        where = ", ".join(
            f"{row.method} {row.studies} studies tau {row.tau:g}" for row in short.itertuples()
        )
        lines.append(
            f"{kind}: {within} of {len(rows)} cells within {AIM[0]:.0%} to {AIM[1]:.0%}; below: {where or 'none'}"
        )
    return "\n".join(lines)


def timing(seed: int, treatments: int = 200, contrasts: int = 2000) -> str:
    """Seconds for a large network from the data frame to league table, ranking and summary."""
    random = np.random.default_rng(seed)
    truth = random.normal(0, 1, treatments)
    table = invented(random, contrasts, treatments, TYPICAL_ERROR, truth)
    names = table["study"].to_numpy()
    last = names[contrasts - 1]
    table = table[: contrasts if names[contrasts] != last else int(np.argmax(names == last))]
    lines = []
    for method in ("DL", "REML"):
        started = time.perf_counter()
        result = network_meta_analysis(table, tau=method)
        rows = len(result.league), len(result.ranking), len(result.summary)
        took = time.perf_counter() - started
        lines.append(
            f"{method}: {treatments} treatments, {len(table)} contrasts, {rows[0]:,} rows of league: {took:.2f} s"
        )
    return "\n".join(lines)


def main() -> None:
    """Prints the table of coverage, what it shows, and the timing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--networks", type=int, default=500)
    parser.add_argument("--treatments", type=int, default=5)
    parser.add_argument("--studies", default="8,15,30,60")
    parser.add_argument("--tau", default="DL,REML")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timing", action="store_true")
    chosen = parser.parse_args()
    if not chosen.timing:
        print(verdict(table_of_coverage(chosen)))
    print(timing(chosen.seed))


if __name__ == "__main__":
    main()
