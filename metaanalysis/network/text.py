"""A network meta-analysis as text: for a reader, as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Sequence
from math import isnan
from typing import Any

import pandas as pd

from metaanalysis.network.components import Component
from metaanalysis.network.result import NetworkResult

FORMATS = ("table", "csv", "json")
MOST_PAIRS = 66
"""More pairs than those of twelve treatments are not listed for a reader; CSV and JSON have them all."""


def csv_text(result: NetworkResult) -> str:
    """The league table as CSV: every ordered pair, full precision, empty for what there is no estimate of."""
    return result.league.to_csv(index=False, lineterminator="\n")


def json_text(result: NetworkResult) -> str:
    """One JSON object with `league` and `ranking`, lists of objects, and `summary`; null for what is not known."""
    document = {
        "league": _records(result.league),
        "summary": result.summary,
        "ranking": _records(result.ranking),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _records(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return table.astype(object).where(table.notna(), None).to_dict("records")


def table_text(result: NetworkResult) -> str:
    """What a reader wants to see first: heterogeneity, effects against the reference, P-scores, then all pairs."""
    sections = [_about(result), *(_against_reference(result, part) for part in result.components)]
    pairs = _pairs(result)
    sections.append(pairs)
    if result.notes:
        sections.append("\n".join(f"note: {note}" for note in result.notes))
    return "\n\n".join(sections) + "\n"


def _about(result: NetworkResult) -> str:
    summary = result.summary
    lines = [
        f"{_counted(summary['studies'], 'study', 'studies')}, {_counted(summary['treatments'], 'treatment')}, "
        f"{_counted(summary['contrasts'], 'contrast')}, {_counted(summary['components'], 'component')}"
    ]
    if len(result.components) == 1:
        lines.append(
            f"tau squared {_number(summary['tau2'])} ({result.tau}), I squared {_percent(summary['i2'])}"
        )
    else:
        lines.append(
            f"I squared {_percent(summary['i2'])}; each component has a tau squared ({result.tau}) of its own"
        )
    for name, title in (("q", "Q"), ("q_within", "within designs"), ("q_between", "between designs")):
        part = name.removeprefix("q_")
        degrees = summary["df_q" if part == "q" else f"df_{part}"]
        lines.append(
            f"{title} {_number(summary[name])} on {degrees} df, p {_p_value(summary[f'p_{part}'])}"
        )
    return "\n".join(lines)


def _against_reference(result: NetworkResult, part: Component) -> str:
    """Effects of a component's treatments against its reference, the best P-score first."""
    reference = result.reference_of(part)
    league = result.league
    against = league[league["treatment_b"] == reference].set_index("treatment_a")
    scores = result.ranking.set_index("treatment")
    rows = []
    for treatment in result.ranking["treatment"]:
        if treatment not in part.treatments:
            continue
        row = {"treatment": treatment, "common": "", "random": "", "95 %": "reference"}
        if treatment != reference:
            estimate = against.loc[treatment]
            row["common"] = _estimate(estimate["effect_common"], estimate["se_common"])
            row["random"] = _estimate(estimate["effect_random"], estimate["se_random"])
            row["95 %"] = _range(estimate["low_random"], estimate["high_random"])
        row["P-score"] = f"{scores.loc[treatment, 'p_score_random']:.2f}"
        rows.append(row)
    tau2 = "" if len(result.components) == 1 else f", tau squared {_number(part.tau2)}"
    better = "small" if result.small_is_better else "large"
    title = (
        f"Against {reference} (effect with its standard error; 95 % by {result.interval}{tau2}; P-score of the random "
        f"effects, {better} values better)"
    )
    return title + "\n" + _aligned(rows)


def _pairs(result: NetworkResult) -> str:
    """All pairs once, with direct and indirect evidence; a line in their place where they are too many to read."""
    league = result.league[result.league["treatment_a"] < result.league["treatment_b"]]
    league = league[league["effect_random"].notna()]
    if len(league) > MOST_PAIRS:
        return f"{len(league):,} pairs; --format csv or json lists them all"
    rows = []
    for pair in league.to_dict("records"):
        rows.append(
            {
                "pair": f"{pair['treatment_a']} - {pair['treatment_b']}",
                "random": _number(pair["effect_random"]),
                "95 %": _range(pair["low_random"], pair["high_random"]),
                "direct": _number(pair["direct"]),
                "indirect": _number(pair["indirect"]),
                "p": _p_value(pair["p_difference"]),
                "share direct": _percent(pair["share_direct"]),
            }
        )
    title = (
        "All pairs (random effects; direct and indirect evidence, "
        "and the p-value of their difference: common effects)"
    )
    return title + "\n" + _aligned(rows)


def _aligned(rows: Sequence[dict[str, str]]) -> str:
    names = list(rows[0])
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in names}
    return "\n".join(_lines(rows, names, widths))


def _lines(rows: Sequence[dict[str, str]], names: Sequence[str], widths: dict[str, int]) -> Iterator[str]:
    for row in ({name: name for name in names}, *rows):
        first, *others = names
        cells = [row[first].ljust(widths[first])] + [row[name].rjust(widths[name]) for name in others]
        yield "  ".join(cells).rstrip()


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _number(value: float | None) -> str:
    return "" if value is None or isnan(value) else f"{value:.4g}"


def _estimate(value: float, error: float) -> str:
    return f"{value:.3f} ({error:.3f})"


def _range(low: float, high: float) -> str:
    return "" if isnan(low) else f"{low:.3f} to {high:.3f}"


def _percent(share: float | None) -> str:
    return "" if share is None or isnan(share) else f"{100 * share:.0f} %"


def _p_value(p: float | None) -> str:
    if p is None or isnan(p):
        return ""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
