"""Error of pruned networks against their density, and the scaling law fitted to it.

The law of Rosenfeld et al. (2021) ties error to density, width and depth by five constants per task; its evidence is
iterative magnitude pruning with rewinding. Left, per family of networks: measured error (marks, the mean over seeds),
the fitted law (lines) and the 95% bootstrap interval of the law (bands); both axes are logarithmic. Right: error by the
law against measured error, on the diagonal where the law is exact. Families measured here come first; reported curves
of unstructured magnitude pruning with at least six sizes follow, for comparison: where their networks were pruned
otherwise, one-shot or gradually, they are outside the law's evidence, which the heading says.
"""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.scaling.families import Family, Network, families
from metaanalysis.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SHAPES, SKY

COLUMNS = (
    *(
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
    ),
)
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, "#d55e00", SKY)
SMOOTH = 60
"""Places at which each line is drawn."""
SIZE = 210
APART = ("x", "y", "stroke", "shape", "fill")
"""Scales that each picture has for itself."""


def data(corpus: Corpus) -> pd.DataFrame:
    """Measured points and the fitted law, layer by layer; density a fraction, errors percent, deviation a fraction."""
    rows = [row for family in families(corpus) for row in (*_measured(family), *_fitted(family))]
    return pd.DataFrame(rows, columns=[*COLUMNS, "heading", "about"])


def _measured(family: Family) -> list[tuple]:
    """The mean over seeds at each density of each network, with what the law says there."""
    points, rows = family.points, []
    fitted = points.error * (1 + family.fit.deviations) if family.fit else np.full(len(points), np.nan)
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
    for (network, density), row in means.iterrows():
        deviation = row["fitted"] / row["error"] - 1
        about = f"{network} at density {density:.3g}: error {row['error']:.2f}% ({row['runs']:.0f} runs)"
        about += f", law {row['fitted']:.2f}%" if family.fit else ""
        values = (density, row["error"], row["fitted"], np.nan, np.nan, deviation, int(row["runs"]))
        rows.append(
            (family.title, family.attribution, network, "measured", *values, heading(family), about)
        )
    return rows


def _fitted(family: Family) -> list[tuple]:
    """The law between the smallest and the largest measured density of each network."""
    if family.fit is None:
        return []
    rows = []
    for network in family.networks:
        densities = np.geomspace(*_range(family, network), SMOOTH)
        asked = network.unpruned_error, network.width, network.depth
        errors, (low, high) = family.fit.law.error(densities, *asked), family.fit.band(densities, *asked)
        for values in zip(densities, 100 * errors, 100 * low, 100 * high, strict=True):
            density, error, least, most = map(float, values)
            numbers = (density, np.nan, error, least, most, np.nan, 0)
            rows.append(
                (family.title, family.attribution, network.name, "law", *numbers, heading(family), "")
            )
    return rows


def _range(family: Family, network: Network) -> tuple[float, float]:
    own = family.points.density[[name == network.name for name in family.points.network]]
    return own.min(), own.max()


def heading(family: Family) -> str:
    """How well the law fits a family, in a line or two."""
    if family.fit is None:
        return f"No law fitted: {family.failure.splitlines()[0]}"
    found, law = family.fit, family.fit.law
    text = (
        f"{len(family.points)} points; the law is off by {found.mean:+.1%} on average, ± {found.spread:.1%}"
    )
    if found.left_out is not None:
        text += f" (± {found.left_out.std(ddof=1):.1%} for networks left out of the fit)"
    bound = " (its bound: the points do not tell)" if law.plateau > 0.999 else ""
    constants = f"ε↑ = {law.plateau:.2f}{bound}, γ = {law.slope:.2f}, p = {law.knee:.2g}"
    exponents = (("φ", law.depth_exponent, "depth_exponent"), ("ψ", law.width_exponent, "width_exponent"))
    for (symbol, value, name), free in zip(exponents, family.points.free[3:], strict=True):
        low, high = found.interval(name)
        constants += f", {symbol} = {value:.2f} ({low:.2f} to {high:.2f})" if free else ""
    return "\n".join([text, constants, *([_capital(family.caveat)] if family.caveat else [])])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def chart(data: pd.DataFrame) -> alt.Chart:
    """One row per family: error against density with the law, and fitted against measured error."""
    if data.empty:
        return alt.Chart(data).mark_point()
    rows = [_row(part) for _, part in data.groupby("family", sort=False)]
    return alt.vconcat(*rows, spacing=18).resolve_scale(**dict.fromkeys(APART, "independent"))


def _row(data: pd.DataFrame) -> alt.Chart:
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
    return both.resolve_scale(**dict.fromkeys(APART, "independent")).properties(title=heading)


def _styles(data: pd.DataFrame, legend: bool) -> dict[str, alt.Stroke | alt.Shape | alt.Fill]:
    """Colour and shape of each network; the legend stands once per row, if there are several networks."""
    names = list(data["network"].unique())
    shown = alt.Legend(title=None, orient="right", symbolSize=60) if legend and len(names) > 1 else None
    colours, shapes = (
        alt.Scale(domain=names, range=[values[place % len(values)] for place in range(len(names))])
        for values in (COLOURS, SHAPES)
    )
    return {
        "stroke": alt.Stroke("network:N", scale=colours, legend=shown),
        "shape": alt.Shape("network:N", scale=shapes, legend=shown),
        "fill": alt.Fill("network:N", scale=colours, legend=None),
    }


def _logarithmic(values: pd.Series) -> dict:
    """Scale and axis that fit the values: ticks at 1, 2 and 5 times powers of ten, more where few would be seen."""
    low, high = values.min() / 1.12, values.max() * 1.12
    steps = (1, 2, 5) if high > 8 * low else (1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8)
    ticks = [step * 10.0**power for power in range(-5, 3) for step in steps]
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return {
        "scale": scale,
        "axis": alt.Axis(values=[tick for tick in ticks if low <= tick <= high], format="~g"),
    }


def _curves(data: pd.DataFrame) -> alt.Chart:
    measured, law, styles = (
        data[data["layer"] == "measured"],
        data[data["layer"] == "law"],
        _styles(data, False),
    )
    down = {
        "title": "Top-1 error (%)",
        **_logarithmic(pd.concat([measured["error"], law["low"], law["high"]]).dropna()),
    }
    x = alt.X("density:Q", title="Density (part of the weights left)", **_logarithmic(data["density"]))
    bands = alt.Chart(law).mark_area(fillOpacity=0.22, strokeWidth=0)
    bands = bands.encode(x=x, y=alt.Y("low:Q", **down), y2="high:Q", fill=styles["fill"])
    lines = (
        alt.Chart(law)
        .mark_line(strokeWidth=1.4)
        .encode(x=x, y=alt.Y("fitted:Q", **down), stroke=styles["stroke"])
    )
    marks = _marks(measured, styles).encode(x=x, y=alt.Y("error:Q", **down))
    return alt.layer(bands, lines, marks).properties(width=1.45 * SIZE, height=SIZE)


def _against(measured: pd.DataFrame) -> alt.Chart:
    """The diagonal and the points; nothing if no law was fitted."""
    both = pd.concat([measured["error"], measured["fitted"]]).dropna()
    x = alt.X("error:Q", title="Measured error (%)", **_logarithmic(both))
    y = alt.Y("fitted:Q", title="Error by the law (%)", **_logarithmic(both))
    ends = pd.DataFrame({"error": [both.min() / 1.12, both.max() * 1.12]}).assign(
        fitted=lambda frame: frame["error"]
    )
    diagonal = alt.Chart(ends).mark_line(stroke=GREY, strokeWidth=1, strokeDash=[4, 3]).encode(x=x, y=y)
    marks = _marks(measured.dropna(subset="fitted"), _styles(measured, True)).encode(x=x, y=y)
    return alt.layer(diagonal, marks).properties(width=SIZE, height=SIZE)


def _marks(measured: pd.DataFrame, styles: dict[str, alt.Stroke | alt.Shape | alt.Fill]) -> alt.Chart:
    marks = alt.Chart(measured).mark_point(
        size=26, strokeWidth=1.1, fill="white", fillOpacity=0.6, opacity=1
    )
    told = alt.Tooltip("about:N", title=" ")
    return marks.encode(stroke=styles["stroke"], shape=styles["shape"], tooltip=told, description="about:N")
