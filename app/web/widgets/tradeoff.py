"""Operating points of one dataset and architecture as a tradeoff: the choice, the rows, the frontier."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from corpus.catalogue.corpus import Corpus, OperatingPoint
from corpus.numbers.measures import AXES, measure_of, shown_in

X_METRICS, Y_METRICS = shown_in(AXES, "x"), shown_in(AXES, "y")
LABELS = {name: measure_of(name).label for name in shown_in(AXES)}
"""What an axis says, by measure."""
SURVEY, TABLES, EVERYTHING = "survey", "tables", "everything"
SCOPES = (SURVEY, TABLES, EVERYTHING)
"""What Figure 3 of the survey draws; every row of the papers' tables; released runs as well."""
COLUMNS = (
    "point_id",
    "paper",
    "label",
    "method",
    "structure",
    "year",
    "peer_reviewed",
    "dataset",
    "architecture",
    "x_metric",
    "x",
    "x_low",
    "x_high",
    "y_metric",
    "y",
    "y_low",
    "y_high",
    "y_std",
    "printed",
    "derivation",
    "location",
    "file",
    "line",
)


@dataclass(frozen=True)
class Choice:
    """What a tradeoff shows; an empty tuple leaves everything in.

    Where the accuracy needs a protocol only points of one are shown: `protocol`, or the most used one if it is empty.
    """

    dataset: str
    architecture: str
    merged: bool = False
    x_metric: str = "compression_ratio"
    y_metric: str = "top1_change"
    scope: str = SURVEY
    papers: tuple[str, ...] = ()
    structures: tuple[str, ...] = ()
    years: tuple[int, int] = (0, 9999)
    only_peer_reviewed: bool = False
    protocol: str = ""


def group_of(corpus: Corpus, architecture: str, merged: bool) -> str:
    """The name that an architecture goes by: its family's if families are merged."""
    return corpus.names.family(architecture) if merged else architecture


def configurations(corpus: Corpus, merged: bool) -> dict[str, dict[str, int]]:
    """Numbers of papers with an operating point, by dataset and architecture, the most used first."""
    papers: dict[str, dict[str, set[str]]] = {}
    for point in corpus.points:
        group = group_of(corpus, point.architecture, merged)
        papers.setdefault(point.dataset, {}).setdefault(group, set()).add(point.paper)
    users = {dataset: set().union(*groups.values()) for dataset, groups in papers.items()}
    counts = {}
    for dataset in _most_used_first(users):
        groups = papers[dataset]
        counts[dataset] = {group: len(groups[group]) for group in _most_used_first(groups)}
    return counts


def _most_used_first(users: dict[str, set[str]]) -> list[str]:
    """Names by how many papers use them, the most first, those of one number by name."""
    return sorted(users, key=lambda name: (-len(users[name]), name))


def tradeoff_points(corpus: Corpus, choice: Choice) -> pd.DataFrame:
    """One row per operating point that has both measures, by year, label and x; columns COLUMNS.

    Ratios are plain, accuracies percent, changes percentage points; low and high are what the printed digits allow.
    """
    shown = [point for point in corpus.points if _is_shown(corpus, point, choice)]
    known = protocols(corpus, choice)
    if known:
        protocol = choice.protocol if choice.protocol in known else known[0]
        shown = [point for point in shown if _measured_as(point, choice) == protocol]
    rows = [_row(corpus, point, choice) for point in shown]
    frame = pd.DataFrame.from_records(rows, columns=list(COLUMNS))
    return frame.sort_values(["year", "label", "x"], kind="stable", ignore_index=True)


def protocols(corpus: Corpus, choice: Choice) -> list[str]:
    """The protocols under which a choice was measured, the most used first; none if its measures need none."""
    used = Counter(
        _measured_as(point, choice) for point in corpus.points if _is_shown(corpus, point, choice)
    )
    return sorted(filter(None, used), key=lambda protocol: (-used[protocol], protocol))


def _measured_as(point: OperatingPoint, choice: Choice) -> str:
    """The protocol of the accuracy, and of the amount of pruning where it is printed: the usual one is not."""
    amount = ", ".join(f"{name} {value}" for name, value in point.protocol_of(choice.x_metric).items())
    return ", ".join(filter(None, (point.measured_as(choice.y_metric), amount)))


def papers_of(corpus: Corpus, choice: Choice) -> list[str]:
    """Keys of the papers that have a point under a choice."""
    return sorted({point.paper for point in corpus.points if _is_shown(corpus, point, choice)})


def _is_shown(corpus: Corpus, point: OperatingPoint, choice: Choice) -> bool:
    paper = corpus.papers[point.paper]
    return (
        point.dataset == choice.dataset
        and group_of(corpus, point.architecture, choice.merged) == choice.architecture
        and {choice.x_metric, choice.y_metric} <= point.values.keys()
        and (choice.scope != SURVEY or point.stands_beside_papers)
        and not (choice.scope != EVERYTHING and point.released)
        and (not choice.papers or point.paper in choice.papers)
        and (not choice.structures or structure_of(corpus, point) in choice.structures)
        and choice.years[0] <= paper.year <= choice.years[1]
        and (paper.peer_reviewed or not choice.only_peer_reviewed)
    )


def structure_of(corpus: Corpus, point: OperatingPoint) -> str:
    """What the point's method removes, `unknown` where nobody says."""
    method = corpus.papers[point.paper].methods.get(point.method)
    return method.structure if method else "unknown"


def _row(corpus: Corpus, point: OperatingPoint, choice: Choice) -> dict[str, object]:
    paper = corpus.papers[point.paper]
    x, y = point.values[choice.x_metric], point.values[choice.y_metric]
    printed = {}
    for leaf in (*x.leaves(), *y.leaves()):
        printed[leaf.measure] = f"{leaf.measure.replace('_', ' ')} {leaf.quantity.printed}"
    formulas = [f"{value.measure}: {value.formula}" for value in (x, y) if value.inputs]
    return {
        "point_id": point.point_id,
        "paper": point.paper,
        "label": point.label,
        "method": point.method,
        "structure": structure_of(corpus, point),
        "year": paper.year,
        "peer_reviewed": paper.peer_reviewed,
        "dataset": point.dataset,
        "architecture": point.architecture,
        "x_metric": choice.x_metric,
        "x": x.quantity.value,
        "x_low": x.quantity.low,
        "x_high": x.quantity.high,
        "y_metric": choice.y_metric,
        "y": y.quantity.value,
        "y_low": y.quantity.low,
        "y_high": y.quantity.high,
        "y_std": point.std(choice.y_metric.removesuffix("_change")),
        "printed": ", ".join(printed.values()),
        "derivation": "; ".join(formulas) or "as printed",
        "location": point.location,
        "file": point.file,
        "line": point.line,
    }


def frontier(points: pd.DataFrame) -> pd.DataFrame:
    """The points that no other shown point beats in both measures, by rising x; the registry says what is better."""
    best, kept = float("-inf"), []
    lower_is_better = len(points) > 0 and measure_of(points["y_metric"].iloc[0]).better == "lower"
    goodness = -points["y"] if lower_is_better else points["y"]
    for row in (
        points.assign(goodness=goodness).sort_values(["x", "goodness"], ascending=False).itertuples()
    ):
        if row.goodness > best:
            best = row.goodness
            kept.append(row.Index)
    return points.loc[kept[::-1]]


def picked_points(points: pd.DataFrame, selection: dict) -> list[str]:
    """Ids of the points clicked, or inside the region dragged over, in a chart's selection."""
    clicked = [pick["point_id"] for pick in selection.get("picked", ()) if "point_id" in pick]
    region = selection.get("region") or {}
    if region.get("x") and region.get("y"):
        inside = points["x"].between(*sorted(region["x"])) & points["y"].between(*sorted(region["y"]))
        clicked += list(points.loc[inside, "point_id"])
    return list(dict.fromkeys(clicked))
