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

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.own_runs.baseline_look import nothing
from metaanalysis.own_runs.differences import CANNOT_BE_TOLD, DOES_NOT_HOLD, HOLDS
from metaanalysis.own_runs.pruned_networks import configurations
from metaanalysis.own_runs.training_arms import REPORTED, Arm, Configuration, difference, judged
from metaanalysis.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, source_page

COLUMNS = (
    *("source", "title", "dataset", "architecture", "pruning", "compression_ratio", "theoretical_speedup"),
    *("arm", "from_scratch", "accuracy", "difference", "low", "high", "verdict"),
)
LOOKS = {
    "fine-tuned": (GREY, "white", "circle"),
    "scratch-E, as many epochs": (BLUE, BLUE, "square"),
    "scratch-B, as much computation": (ORANGE, "white", "diamond"),
    "scratch-B and fine-tuning's epochs": (PURPLE, PURPLE, "triangle-up"),
    "scratch, a recipe of its own": (GREEN, GREEN, "cross"),
}
KINDS = dict(zip(("fine-tune", "scratch-e", "scratch-b", "scratch-b-and-fine-tuning"), LOOKS, strict=False))
OWN_RECIPE = tuple(LOOKS)[-1]
AHEAD = {HOLDS: "scratch is ahead", DOES_NOT_HOLD: "fine-tuning is ahead", CANNOT_BE_TOLD: CANNOT_BE_TOLD}
TICKS = [-50, -20, -10, -5, -2, -1, -0.5, 0, 0.5, 1, 2, 5, 10]
WIDTH, LINE = 400, 15


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per pruned network and arm; accuracies in percent, differences in points, ratios as plain numbers."""
    rows = [row for found in configurations(corpus) if found.is_pair for row in _rows(found)]
    return pd.DataFrame.from_records(rows, columns=[*COLUMNS, "panel", "line", "kind", "about", "url"])


def _rows(found: Configuration) -> Iterator[tuple]:
    verdict, _, _ = judged(found)
    best = found.of(anew=False)[0]
    source = "reported" if found.source == REPORTED else "re-run"
    panel = f"{source}: {found.title}, {found.architecture} on {found.dataset}"
    line = f"{found.pruning}, {found.amount}" if found.pruning else found.amount
    for arm in (*found.of(anew=False), *found.of(anew=True)):
        apart = difference(arm, best) if arm is not best else None
        ends = (apart.low, apart.high) if apart and arm.anew else (float("nan"),) * 2
        yield (
            *(found.source, found.title, found.dataset, found.architecture, found.pruning or None),
            *(
                found.compression_ratio,
                found.theoretical_speedup,
                arm.name,
                arm.anew,
                arm.mean,
                arm.mean - best.mean,
            ),
            *(*ends, verdict, panel, line, KINDS.get(arm.kind, OWN_RECIPE)),
            *(_about(found, arm, best), source_page(arm.point.file, arm.point.line)),
        )


def _about(found: Configuration, arm: Arm, best: Arm) -> str:
    std = f" ± {arm.std:.2f}" if arm.std == arm.std else ""
    runs = f" over {arm.n} runs" if arm.n else ""
    return (
        f"{found.title}, {found.architecture} on {found.dataset}, {found.amount}: "
        f"{arm.name} {arm.mean:.2f}{std} %{runs}, "
        f"{arm.mean - best.mean:+.2f} from {best.name}. {arm.point.file}:{arm.point.line}"
    )


def chart(data: pd.DataFrame) -> alt.Chart:
    """A panel for each paper or study and network, a line for each amount, the verdict beside it."""
    if data.empty:
        return nothing("no pruned network with fine-tuned and scratch arms")
    shown = data.assign(ahead=data["verdict"].map(AHEAD))
    shown = shown[["panel", "line", "kind", "arm", "difference", "low", "high", "ahead", "about", "url"]]
    least = min(data["difference"].min(), data["low"].min())
    most = max(data["difference"].max(), data["high"].max(), 0.0)
    scale = alt.Scale(type="symlog", constant=0.5, domain=[1.1 * least, 1.1 * most + 0.1], nice=False)
    axis = alt.Axis(values=TICKS, format="+~r", labelOverlap="greedy")
    across = {"title": "Accuracy minus the best fine-tuned arm (points)", "scale": scale, "axis": axis}
    x, low = alt.X("difference:Q", **across), alt.X("low:Q", **across)
    axis = alt.Axis(title=None, grid=True, labelLimit=260, labelFontSize=10)
    y = alt.Y("line:N", sort=list(dict.fromkeys(shown["line"])), axis=axis)
    names = [name for name in LOOKS if name in set(shown["kind"])]
    look = _channels(names)
    base = alt.Chart()
    bars = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.4)
    told = {
        "description": "about:N",
        "tooltip": alt.Tooltip("about:N", title=" "),
        "href": alt.Href("url:N"),
    }
    words = base.transform_aggregate(groupby=["panel", "line", "ahead"])
    layers = [
        base.mark_rule(color=INK, strokeWidth=0.8).encode(x=alt.XDatum(0, **across)),
        bars.encode(x=low, x2="high:Q", y=y, stroke=look["stroke"]),
        base.mark_point(size=46, strokeWidth=1.3, opacity=1).encode(x=x, y=y, **look, **told),
        words.mark_text(align="left", fontSize=10, color=INK).encode(
            x=alt.value(WIDTH + 8), y=y, text="ahead:N"
        ),
    ]
    header = alt.Header(
        title=None, labelOrient="top", labelAnchor="start", labelFontWeight="bold", labelPadding=3
    )
    row = alt.Row("panel:N", sort=list(dict.fromkeys(shown["panel"])), header=header)
    grid = alt.layer(*layers, data=shown, width=WIDTH, height=alt.Step(LINE)).facet(row=row, spacing=8)
    grid.resolve = alt.Resolve(scale=alt.ScaleResolveMap(y="independent"))
    return grid


def _channels(names: list[str]) -> dict[str, alt.SchemaBase]:
    strokes, fills, shapes = zip(*(LOOKS[name] for name in names), strict=True)
    legend = alt.Legend(title=None, orient="bottom", columns=3, symbolSize=70, labelLimit=300)
    return {
        "stroke": alt.Stroke("kind:N", scale=alt.Scale(domain=names, range=list(strokes)), legend=legend),
        "fill": alt.Fill("kind:N", scale=alt.Scale(domain=names, range=list(fills)), legend=legend),
        "shape": alt.Shape("kind:N", scale=alt.Scale(domain=names, range=list(shapes)), legend=legend),
    }
