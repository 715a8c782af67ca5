"""What the evidence on one question says, in plain words, as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import isnan

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.evidence.studies import UNPRUNED
from metaanalysis.evidence.synthesis import (
    DIFFERENCES,
    ClassSpread,
    Evidence,
    Needed,
    Sensitivity,
    ToldApart,
    class_spread,
    sensitivity,
)

FORMATS = ("text", "json", "csv")


def evidence_text(corpus: Corpus, evidence: Evidence, form: str = "text") -> str:
    """The evidence as one of FORMATS, with the end of the last line.

    >>> print(evidence_text(papers, evidence, "csv"), end="")  # doctest: +SKIP
    """
    if form == "csv":
        return evidence.table.to_csv(index=False, lineterminator="\n")
    moved = sensitivity(corpus, evidence.question)
    spread = class_spread(corpus, evidence)
    if form == "json":
        return json.dumps(_tree(evidence, moved, spread), ensure_ascii=False, indent=1) + "\n"
    return (
        "\n".join([*_summary(evidence, moved, spread), "", *_table(evidence), *_left_out(evidence)]) + "\n"
    )


def _summary(evidence: Evidence, moved: Sequence[Sensitivity], spread: ClassSpread | None) -> Iterator[str]:
    """The plain-words summary, a sentence or two a line."""
    studies = evidence.studies.studies
    yield evidence.question.words
    own = sum(study.is_rerun for study in studies)
    remark = f", {own} of them our own runs" if own else ""
    yield (
        f"{_counted(len(evidence.treatments), evidence.question.by)} in {_counted(len(studies), 'study')} "
        f"of {_counted(len(evidence.papers), 'paper')}{remark}, set against the unpruned network of each study"
    )
    yield ""
    yield f"Between papers: {_between(evidence)}"
    yield f"Told apart: {told_in_words(evidence.told_apart)}"
    if spread is not None:
        yield (
            f"  Methods that remove the same structure lie {spread.tau:.2f} points apart from paper to paper "
            f"({spread.degrees} degrees of freedom), an upper bound, as the methods differ too; "
            f"with it: {told_in_words(spread.told)}"
        )
    yield f"Assumed: {evidence.studies.assumed.words}{_scaled(evidence)}"
    for row in moved:
        if row.scale != 1:
            told = f"{row.told.apart} of {_counted(row.told.pairs, 'pair')} told apart"
            yield f"  with {row.scale:g} times that deviation: {told}{_tau_in_brackets(row.tau)}"
    bound = spread.tau if spread else None
    for difference in DIFFERENCES:
        needed = needed_in_words(evidence.needed(difference))
        yield f"To tell {difference:g} points: {needed}{_bounded(evidence, difference, bound)}"
    for note in evidence.result.notes:
        if not note.startswith("tau2 cannot"):
            yield f"Note: {note}"


def _between(evidence: Evidence) -> str:
    if evidence.tau is None:
        noun = {"method": "method", "structure": "structure", "scoring": "way of scoring"}[
            evidence.question.by
        ]
        return (
            f"tau is not known, as no {noun} stands in two studies here; "
            "intervals are those of trials alone, and so too narrow"
        )
    degrees = _counted(evidence.degrees, "degree")
    return f"tau is {evidence.tau:.2f} points ({degrees} of freedom), the spread of one contrast from paper to paper"


def told_in_words(told: ToldApart) -> str:
    """`16 of 91 pairs; two must lie 0.86 points apart in the middle of all pairs, 0.38 in the one known best`."""
    if told.pairs == 0:
        return "nothing, as there is no pair"
    text = f"{told.apart} of {_counted(told.pairs, 'pair')}"
    if told.connected < told.pairs:
        text += f", of which studies connect {told.connected}"
    if told.difference is None:
        return text
    return (
        f"{text}; two must lie {told.difference:.2f} points apart to be told so (the pair in the middle; "
        f"{told.least_difference:.2f} the one known best)"
    )


def needed_in_words(needed: Needed) -> str:
    """`10 papers that run both once, or 10 runs of each in one paper`."""
    runs = "no number of runs in one paper is enough, as papers differ by more"
    if needed.runs is not None:
        runs = f"{_counted(needed.runs, 'run')} of each in one paper"
    verb = "runs" if needed.papers == 1 else "run"
    return f"{_counted(needed.papers, 'paper')} that {verb} both once, or {runs}"


def _bounded(evidence: Evidence, difference: float, bound: float | None) -> str:
    """The same with the upper bound on tau, where tau is not known."""
    if evidence.tau is not None or bound is None:
        return ", if papers did not differ"
    with_bound = needed_in_words(evidence.needed(difference, bound))
    return f", if papers did not differ; with the upper bound {with_bound}"


def _scaled(evidence: Evidence) -> str:
    scale = evidence.question.assumed_scale
    return "" if scale == 1 else f"; taken times {scale:g} as asked"


def _tau_in_brackets(tau: float | None) -> str:
    return "" if tau is None else f" (tau {tau:.2f})"


def _table(evidence: Evidence) -> Iterator[str]:
    """The treatments with their intervals, aligned."""
    rows = []
    for row in evidence.table.to_dict("records"):
        rows.append(
            {
                "treatment": row["treatment"],
                "studies": str(row["studies"]),
                "change": _signed(row["change"]),
                "95 %": _range(row["low"], row["high"]),
                "trials alone": _range(row["low_sampling"], row["high_sampling"]),
                "error": row["error_source"],
                "read": row["read"],
            }
        )
    yield from _aligned(rows)


def _left_out(evidence: Evidence) -> Iterator[str]:
    left_out = evidence.studies.left_out
    if left_out:
        yield ""
        yield f"Left out ({len(left_out)}):"
    for left in left_out:
        yield f"  {left.label}: {left.because}"


def _aligned(rows: Sequence[dict[str, str]]) -> Iterator[str]:
    names = list(rows[0])
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in names}
    for row in ({name: name for name in names}, *rows):
        yield "  ".join(row[name].ljust(widths[name]) for name in names).rstrip()


def _tree(
    evidence: Evidence, moved: Sequence[Sensitivity], spread: ClassSpread | None
) -> dict[str, object]:
    """Everything as JSON: null for what is not known."""
    question, told = evidence.question, evidence.told_apart
    needed = []
    for difference in DIFFERENCES:
        row = evidence.needed(difference)
        needed.append({"difference": row.difference, "papers": row.papers, "runs": row.runs})
    return {
        "question": {
            "dataset": question.dataset,
            "architecture": question.architecture,
            "amount": question.amount,
            "ratio": question.ratio,
            "by": question.by,
            "measure": question.measure,
            "assumed_scale": question.assumed_scale,
            "reruns": question.reruns,
        },
        "summary": {
            "papers": list(evidence.papers),
            "studies": len(evidence.studies.studies),
            "tau": evidence.tau,
            "tau_degrees": evidence.degrees,
            "told_apart": told_tree(told),
            "assumed_deviation": evidence.studies.assumed.deviation,
            "assumed_from": evidence.studies.assumed.words,
            "needed": needed,
            "by_scale": [
                {"scale": row.scale, "tau": row.tau, "told_apart": told_tree(row.told)} for row in moved
            ],
            "tau_of_structures": None if spread is None else spread.tau,
            "told_apart_with_tau_of_structures": None if spread is None else told_tree(spread.told),
        },
        "treatments": _records(evidence.table),
        "studies": _records(evidence.studies.arms),
        "league": _records(evidence.result.league),
        "left_out": [
            {"paper": left.paper, "label": left.label, "because": left.because}
            for left in evidence.studies.left_out
        ],
        "reference": UNPRUNED,
    }


def told_tree(told: ToldApart) -> dict[str, object]:
    """The pairs told apart with public names."""
    return {
        "pairs": told.pairs,
        "connected": told.connected,
        "apart": told.apart,
        "difference": told.difference,
        "least_difference": told.least_difference,
    }


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for record in table.astype(object).where(table.notna(), None).to_dict("records"):
        rows.append({str(name): _plain(value) for name, value in record.items()})
    return rows


def _plain(value: object) -> object:
    """A NumPy value as JSON knows it."""
    return value.item() if hasattr(value, "item") else value


def _counted(count: int, noun: str) -> str:
    plural = {"study": "studies"}.get(noun, f"{noun}s")
    if noun == "scoring":
        noun, plural = "way of scoring", "ways of scoring"
    return f"{count} {noun if count == 1 else plural}"


def _signed(value: float) -> str:
    return "" if isnan(value) else f"{value:+.2f}"


def _range(low: float, high: float) -> str:
    return "" if isnan(low) else f"{low:+.2f} to {high:+.2f}"
