"""Fine-tune what pruning leaves, or train it from scratch?

The question of Liu et al. (2019) and Wang et al. (2023), for every pruned network of papers that report both and of our
own studies with arms. Each line is one network; marks are ways of training it, placed by their accuracy minus that of
the most accurate fine-tuned one (grey circles), in points; bars are 95 % intervals of that difference, from runs and
test images where they are known (statistic scratch_verdicts has every number). Left of the line at 0, scratch is worse.
Scratch-E takes as many epochs as the unpruned network, scratch-B as many multiply-adds. The claim that fine-tuning is
no better than scratch holds where the right-hand side says that scratch is ahead, and does not where fine-tuning is;
the best arm of either sort counts. The scale is linear within half a point around 0 and logarithmic beyond. As
published there are no re-runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan
from typing import Any

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.baseline_look import Look, look_channels
from metaanalysis.drawing.panels import hover, nothing, with_own_axes
from metaanalysis.own_runs.differences import CANNOT_BE_TOLD, DOES_NOT_HOLD, HOLDS
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import REPORTED, ArmResult, PrunedNetwork, difference, judged
from metaanalysis.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, source_page

COLUMNS = (
    "source",
    "title",
    "dataset",
    "architecture",
    "pruning",
    "compression_ratio",
    "theoretical_speedup",
    "arm",
    "from_scratch",
    "accuracy",
    "difference",
    "low",
    "high",
    "verdict",
)
IDENTITY = ("title", "panel", "arm", "url")
VALUES = ("accuracy", "difference")
ONLY = ("source", REPORTED)
OWN_RECIPE = "scratch, a recipe of its own"
LOOKS = {
    "fine-tuned": Look(GREY, "white", "circle"),
    "scratch-E, as many epochs": Look(BLUE, BLUE, "square"),
    "scratch-B, as much computation": Look(ORANGE, "white", "diamond"),
    "scratch-B and fine-tuning's epochs": Look(PURPLE, PURPLE, "triangle-up"),
    OWN_RECIPE: Look(GREEN, GREEN, "cross"),
}
KINDS = {
    "fine-tune": "fine-tuned",
    "scratch-e": "scratch-E, as many epochs",
    "scratch-b": "scratch-B, as much computation",
    "scratch-b-and-fine-tuning": "scratch-B and fine-tuning's epochs",
}
"""What the legend calls each kind of arm; any other has a recipe of its own."""
AHEAD = {HOLDS: "scratch is ahead", DOES_NOT_HOLD: "fine-tuning is ahead", CANNOT_BE_TOLD: CANNOT_BE_TOLD}
TICKS = [-50, -20, -10, -5, -2, -1, -0.5, 0, 0.5, 1, 2, 5, 10]
WIDTH, LINE = 400, 15


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per pruned network and arm; accuracies in percent, differences in points, ratios as plain numbers."""
    rows: list[dict] = []
    for network in configurations(corpus):
        if network.is_pair:
            rows += _arms_of(network)
    return pd.DataFrame(rows, columns=[*COLUMNS, "panel", "line", "kind", "about", "url"])


def _arms_of(network: PrunedNetwork) -> Iterator[dict[str, object]]:
    tuned, anew = network.of(anew=False), network.of(anew=True)
    best = tuned[0]
    source = "reported" if network.source == REPORTED else "re-run"
    for arm in (*tuned, *anew):
        interval = difference(arm, best) if arm.anew else None
        yield {
            "source": network.source,
            "title": network.title,
            "dataset": network.dataset,
            "architecture": network.architecture,
            "pruning": network.pruning or None,
            "compression_ratio": network.compression_ratio,
            "theoretical_speedup": network.theoretical_speedup,
            "arm": arm.name,
            "from_scratch": arm.anew,
            "accuracy": arm.mean,
            "difference": arm.mean - best.mean,
            "low": interval.low if interval else nan,
            "high": interval.high if interval else nan,
            "verdict": judged(network).verdict,
            "panel": f"{source}: {network.title}, {network.architecture} on {network.dataset}",
            "line": f"{network.pruning}, {network.amount}" if network.pruning else network.amount,
            "kind": KINDS.get(arm.kind, OWN_RECIPE),
            "about": _about(network, arm, best),
            "url": source_page(arm.point.file, arm.point.line),
        }


def _about(network: PrunedNetwork, arm: ArmResult, best: ArmResult) -> str:
    std = "" if isnan(arm.std) else f" ± {arm.std:.2f}"
    runs = f" over {arm.n} runs" if arm.n else ""
    return (
        f"{network.title}, {network.architecture} on {network.dataset}, {network.amount}: "
        f"{arm.name} {arm.mean:.2f}{std} %{runs}, "
        f"{arm.mean - best.mean:+.2f} from {best.name}. {arm.point.file}:{arm.point.line}"
    )


def chart(data: pd.DataFrame) -> ChartType:
    """A panel for each paper or study and network, a line for each amount, the verdict beside it."""
    if data.empty:
        return nothing("no pruned network with fine-tuned and scratch arms")
    shown = data.assign(ahead=data["verdict"].map(AHEAD))
    shown = shown[["panel", "line", "kind", "arm", "difference", "low", "high", "ahead", "about", "url"]]
    least = min(data["difference"].min(), data["low"].min())
    most = max(data["difference"].max(), data["high"].max(), 0.0)
    across: dict[str, Any] = {
        "title": "Accuracy minus the best fine-tuned arm (points)",
        "scale": alt.Scale(type="symlog", constant=0.5, domain=[1.1 * least, 1.1 * most + 0.1], nice=False),
        "axis": alt.Axis(values=TICKS, format="+~r", labelOverlap="greedy"),
    }
    x, low = alt.X("difference:Q", **across), alt.X("low:Q", **across)
    axis = alt.Axis(title=None, grid=True, labelLimit=260, labelFontSize=10)
    y = alt.Y("line:N", sort=list(dict.fromkeys(shown["line"])), axis=axis)
    used = set(shown["kind"])
    look = look_channels("kind:N", {name: LOOKS[name] for name in LOOKS if name in used}, columns=3)
    base = alt.Chart()
    bars = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.4)
    words = base.transform_aggregate(groupby=["panel", "line", "ahead"])
    layers = [
        base.mark_rule(color=INK, strokeWidth=0.8).encode(x=alt.XDatum(0, **across)),
        bars.encode(x=low, x2="high:Q", y=y, stroke=look["stroke"]),
        base.mark_point(size=46, strokeWidth=1.3, opacity=1).encode(x=x, y=y, **look, **hover()),
        words.mark_text(align="left", fontSize=10, color=INK).encode(
            x=alt.value(WIDTH + 8), y=y, text="ahead:N"
        ),
    ]
    header = alt.Header(
        title=None, labelOrient="top", labelAnchor="start", labelFontWeight="bold", labelPadding=3
    )
    row = alt.Row("panel:N", sort=list(dict.fromkeys(shown["panel"])), header=header)
    panel = alt.layer(*layers, data=shown, width=WIDTH, height=alt.Step(LINE))
    return with_own_axes(panel.facet(row=row, spacing=8), "y")
