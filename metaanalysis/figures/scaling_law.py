"""Error of pruned networks against their density, and the scaling law fitted to it.

The law of Rosenfeld et al. (2021) ties error to density, width and depth by five constants per task; its evidence is
iterative magnitude pruning with rewinding. Left, per family of networks: measured error (marks, the mean over seeds),
the fitted law (lines) and the 95% bootstrap interval of the law (bands); both axes are logarithmic. Right: error by the
law against measured error, on the diagonal where the law is exact. Families measured here come first; reported curves
of unstructured magnitude pruning with at least six sizes follow, for comparison: where their networks were pruned
otherwise, one-shot or gradually, they are outside the law's evidence, which the heading says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.panels import hover
from metaanalysis.scaling.families import Family, families
from metaanalysis.scaling.fit import LawFit
from metaanalysis.scaling.law import CONSTANTS
from metaanalysis.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SHAPES, SKY

COLUMNS = (
    "family",
    "attribution",
    "network",
    "layer",
    "density",
    "error",
    "fitted",
    "low",
    "high",
    "deviation",
    "runs",
)
NOT_FOLLOWED = "it draws our own runs and released ones, in which the survey's sheet has no part"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, "#d55e00", SKY)
SMOOTH = 60
"""Places at which each line is drawn."""
SIZE = 210
APART: dict[str, Any] = dict.fromkeys(("x", "y", "stroke", "shape", "fill"), "independent")
"""Scales that each picture has for itself."""
AT_ITS_BOUND = 0.999
"""Plateau from which on it stands for the bound, an error of 100 %, and not for what the points say."""


def data(corpus: Corpus) -> pd.DataFrame:
    """Measured points and the fitted law, layer by layer; density a fraction, errors percent, deviation a fraction."""
    rows: list[dict] = []
    for family in families(corpus):
        rows += _measured(family)
        if family.fit is not None:
            rows += _fitted(family, family.fit)
    return pd.DataFrame(rows, columns=[*COLUMNS, "heading", "about"])


def _measured(family: Family) -> Iterator[dict[str, object]]:
    """The mean over seeds at each density of each network, with what the law says there."""
    points = family.points
    fitted = np.full(len(points), np.nan)
    if family.fit is not None:
        fitted = points.error * (1 + family.fit.deviations)
    frame = pd.DataFrame(
        {
            "network": points.network,
            "density": points.density,
            "error": 100 * points.error,
            "fitted": 100 * fitted,
        }
    )
    means = frame.groupby(["network", "density"], sort=False).agg(
        error=("error", "mean"), fitted=("fitted", "mean"), runs=("error", "size")
    )
    for row in means.reset_index().to_dict("records"):
        about = f"{row['network']} at density {row['density']:.3g}: error {row['error']:.2f}% ({row['runs']} runs)"
        if family.fit is not None:
            about += f", law {row['fitted']:.2f}%"
        yield {
            "family": family.title,
            "attribution": family.attribution,
            "network": row["network"],
            "layer": "measured",
            "density": row["density"],
            "error": row["error"],
            "fitted": row["fitted"],
            "low": np.nan,
            "high": np.nan,
            "deviation": row["fitted"] / row["error"] - 1,
            "runs": row["runs"],
            "heading": heading(family),
            "about": about,
        }


def _fitted(family: Family, fit: LawFit) -> Iterator[dict[str, object]]:
    """The law between the smallest and the largest measured density of each network."""
    for network in family.networks:
        measured = family.densities_of(network.name)
        densities = np.geomspace(measured.min(), measured.max(), SMOOTH)
        scale = network.unpruned_error, network.width, network.depth
        errors, (lows, highs) = fit.law.error(densities, *scale), fit.band(densities, *scale)
        for density, error, low, high in zip(densities, errors, lows, highs, strict=True):
            yield {
                "family": family.title,
                "attribution": family.attribution,
                "network": network.name,
                "layer": "law",
                "density": density,
                "error": np.nan,
                "fitted": 100 * error,
                "low": 100 * low,
                "high": 100 * high,
                "deviation": np.nan,
                "runs": 0,
                "heading": heading(family),
                "about": "",
            }


def heading(family: Family) -> str:
    """How well the law fits a family, in a line or two."""
    fit = family.fit
    if fit is None:
        return f"No law fitted: {family.failure.splitlines()[0]}"
    quality = (
        f"{len(family.points)} points; the law is off by {fit.mean:+.1%} on average, ± {fit.spread:.1%}"
    )
    if fit.left_out is not None:
        quality += f" (± {fit.left_out.std(ddof=1):.1%} for networks left out of the fit)"
    lines = [quality, _constants(family, fit)]
    if family.caveat:
        lines.append(family.caveat[0].upper() + family.caveat[1:])
    return "\n".join(lines)


def _constants(family: Family, fit: LawFit) -> str:
    """The constants of the law by the symbols of its paper, exponents with their intervals."""
    law = fit.law
    bound = " (its bound: the points do not tell)" if law.plateau > AT_ITS_BOUND else ""
    parts = [f"ε↑ = {law.plateau:.2f}{bound}", f"γ = {law.slope:.2f}", f"p = {law.knee:.2g}"]
    free = dict(zip(CONSTANTS, family.points.free, strict=True))
    for symbol, name in (("φ", "depth_exponent"), ("ψ", "width_exponent")):
        if free[name]:
            low, high = fit.interval(name)
            parts.append(f"{symbol} = {getattr(law, name):.2f} ({low:.2f} to {high:.2f})")
    return ", ".join(parts)


def chart(data: pd.DataFrame) -> ChartType:
    """One row per family: error against density with the law, and fitted against measured error."""
    if data.empty:
        return alt.Chart(data).mark_point()
    rows = [_pictures_of(part) for _, part in data.groupby("family", sort=False)]
    return alt.vconcat(*rows, spacing=18).resolve_scale(**APART)


def _pictures_of(data: pd.DataFrame) -> ChartType:
    title, lines = data["family"].iloc[0], data["heading"].iloc[0].split("\n")
    heading = alt.TitleParams(
        title,
        subtitle=lines,
        anchor="start",
        frame="group",
        fontSize=11.5,
        subtitleFontSize=10,
        color=INK,
        offset=6,
    )
    both = alt.hconcat(_curves(data), _against(data[data["layer"] == "measured"]), spacing=22)
    return both.resolve_scale(**APART).properties(title=heading)


def _styles(data: pd.DataFrame, legend: bool) -> dict[str, Any]:
    """Colour and shape of each network; the legend stands once per row, if there are several networks."""
    names = list(data["network"].unique())
    shown = alt.Legend(title=None, orient="right", symbolSize=60) if legend and len(names) > 1 else None
    colours = alt.Scale(domain=names, range=_repeated(COLOURS, len(names)))
    shapes = alt.Scale(domain=names, range=_repeated(SHAPES, len(names)))
    return {
        "stroke": alt.Stroke("network:N", scale=colours, legend=shown),
        "shape": alt.Shape("network:N", scale=shapes, legend=shown),
        "fill": alt.Fill("network:N", scale=colours, legend=None),
    }


def _repeated(values: tuple[str, ...], count: int) -> list[str]:
    """The first `count` of the values, which begin anew after the last."""
    return [values[place % len(values)] for place in range(count)]


def _logarithmic(values: pd.Series) -> dict:
    """Scale and axis that fit the values: ticks at 1, 2 and 5 times powers of ten, more where few would be seen."""
    low, high = values.min() / 1.12, values.max() * 1.12
    steps = (1, 2, 5) if high > 8 * low else (1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8)
    ticks = []
    for power in range(-5, 3):
        ticks += [step * 10.0**power for step in steps if low <= step * 10.0**power <= high]
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return {"scale": scale, "axis": alt.Axis(values=ticks, format="~g")}


def _curves(data: pd.DataFrame) -> ChartType:
    measured, law = data[data["layer"] == "measured"], data[data["layer"] == "law"]
    styles = _styles(data, False)
    errors = pd.concat([measured["error"], law["low"], law["high"]]).dropna()
    down: dict[str, Any] = {"title": "Top-1 error (%)", **_logarithmic(errors)}
    x = alt.X("density:Q", title="Density (part of the weights left)", **_logarithmic(data["density"]))
    bands = alt.Chart(law).mark_area(fillOpacity=0.22, strokeWidth=0)
    bands = bands.encode(x=x, y=alt.Y("low:Q", **down), y2="high:Q", fill=styles["fill"])
    lines = alt.Chart(law).mark_line(strokeWidth=1.4)
    lines = lines.encode(x=x, y=alt.Y("fitted:Q", **down), stroke=styles["stroke"])
    marks = _marks(measured, styles).encode(x=x, y=alt.Y("error:Q", **down))
    return alt.layer(bands, lines, marks).properties(width=1.45 * SIZE, height=SIZE)


def _against(measured: pd.DataFrame) -> ChartType:
    """The diagonal and the points; nothing if no law was fitted."""
    both = pd.concat([measured["error"], measured["fitted"]]).dropna()
    x = alt.X("error:Q", title="Measured error (%)", **_logarithmic(both))
    y = alt.Y("fitted:Q", title="Error by the law (%)", **_logarithmic(both))
    corners = [both.min() / 1.12, both.max() * 1.12]
    ends = pd.DataFrame({"error": corners, "fitted": corners})
    diagonal = alt.Chart(ends).mark_line(stroke=GREY, strokeWidth=1, strokeDash=[4, 3]).encode(x=x, y=y)
    marks = _marks(measured.dropna(subset="fitted"), _styles(measured, True)).encode(x=x, y=y)
    return alt.layer(diagonal, marks).properties(width=SIZE, height=SIZE)


def _marks(measured: pd.DataFrame, styles: dict[str, Any]) -> ChartType:
    marks = alt.Chart(measured).mark_point(
        size=26, strokeWidth=1.1, fill="white", fillOpacity=0.6, opacity=1
    )
    return marks.encode(stroke=styles["stroke"], shape=styles["shape"], **hover(href=False))
