"""Tables that a person reads: few columns, Markdown cells with links, long ones cut with a count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import streamlit as st

from app.web.words import link, plain, to_line
from corpus.numbers.measures import CHANGE, RATIO, measure_of
from metaanalysis.drawing.tables_as_text import cell

MOST_ROWS = 40
MOST_CELLS = 160
"""Markdown cells are slow to draw; more of them become a grid."""
NEGLIGIBLE = 1e-9
"""A half-width below this is a rounding error of floating point, not an interval."""


def table(rows: Iterable[Sequence[str]], columns: Sequence[str], about: str, most: int = MOST_ROWS) -> None:
    """A table of Markdown cells under a name for screen readers; at most `most` rows, the rest counted."""
    rows = list(rows)
    shown = pd.DataFrame([tuple(row) for row in rows[:most]], columns=list(columns))
    st.table(shown, border="horizontal", alt=about, hide_index=True)
    if len(rows) > most:
        st.caption(f"The first {most} of {len(rows):,} rows; choose fewer above, or take all as CSV.")


def frame(data: pd.DataFrame, about: str, most: int = MOST_ROWS) -> None:
    """A frame as a table that reads well if it is small, else as a grid that scrolls, sorts and searches."""
    if data.size > MOST_CELLS:
        st.dataframe(data, hide_index=True, alt=about, height=420 if len(data) > 10 else "auto")
        return
    rows = [[plain(cell(value)) for value in row] for row in data.itertuples(index=False)]
    table(rows, [plain(str(name).replace("_", " ")) for name in data.columns], about, most)


def point_rows(points: pd.DataFrame) -> list[list[str]]:
    """Operating points of a tradeoff as table rows; the last cell leads to file and line."""
    return [
        [
            link(unbroken(row.label), "papers", paper=row.paper),
            plain(unbroken(row.architecture)),
            plain(unbroken(number(row.x_metric, row.x, row.x_low, row.x_high))),
            plain(unbroken(number(row.y_metric, row.y, row.y_low, row.y_high) + deviation(row.y_std))),
            plain(", ".join(unbroken(pair) for pair in row.printed.split(", "))),
            plain("place unknown" if row.location == "unknown" else row.location),
            to_line(row.file, row.line, unbroken(f"line {row.line}")),
        ]
        for row in points.itertuples()
    ]


def unbroken(text: str) -> str:
    """The text with spaces at which a narrow column does not break."""
    return text.replace(" ", "\u00a0")


def number(measure: str, value: float, low: float, high: float) -> str:
    """A value with half of the width that its printed digits leave open: `2.7x ± 0.05`."""
    half = max(high - value, value - low)
    if measure_of(measure).kind == RATIO:
        text = f"{value:.4g}x"
    elif measure_of(measure).kind == CHANGE:
        text = f"{value:+.2f}"
    else:
        text = f"{value:.2f}"
    return f"{text} ±{half:.1g}" if half > NEGLIGIBLE else text


def deviation(std: float | None) -> str:
    """The reported standard deviation, if there is one."""
    return "" if std is None or pd.isna(std) else f" (sd {std:g})"


def facts(pairs: Mapping[str, str]) -> None:
    """Names and Markdown values, one a line; empty ones left out."""
    st.markdown("\n".join(f"- **{name}**: {value}" for name, value in pairs.items() if value))


def metrics(counts: Mapping[str, int]) -> None:
    """Counts side by side, on as many lines as the page needs."""
    with st.container(horizontal=True):
        for name, count in counts.items():
            st.metric(name, f"{count:,}", width=130)
