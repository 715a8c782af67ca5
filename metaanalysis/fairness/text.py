"""How fair a comparison is, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from metaanalysis.fairness.result import DIFFERS, HELD, MISSING, Result
from metaanalysis.fairness.setups import BESIDE, CHAIN, MEANING, NONE, Fairness, FairnessVerdict

LEAST = "S3.2"
"""The least strict setup that Wang et al. recommend."""
STATES = {HELD: "equal", DIFFERS: "differs", MISSING: "not known"}


def text(fairness: Fairness, most: int = 12) -> str:
    """The whole answer: the strictest setup, the pairs of results that have one, and what is missing where."""
    if len(fairness.verdicts) == 1:
        return "\n".join(_every_condition(fairness.verdicts[0]))
    return "\n".join([*_headline(fairness), *_listed(fairness, most), *_wanted(fairness)])


def in_short(verdict: FairnessVerdict) -> str:
    """A pair's setup, and the way to the next: `S2; S3.1 (also the epochs of fine-tuning): not known, ...`."""
    obstacle = verdict.obstacle
    if verdict.next_setup is None or obstacle is None:
        return f"{verdict.label}, the strictest"
    beyond = f"{verdict.next_setup} ({MEANING[verdict.next_setup]})"
    return f"{verdict.label}; {beyond}: {STATES[obstacle.state]}, {obstacle.said}"


def meaning(verdict: FairnessVerdict) -> str:
    """What the setups of a pair hold equal."""
    return "; ".join(MEANING[name] for name in verdict.label.split(" and "))


def named(result: Result) -> str:
    """A result as a person calls it: id, label, and ratio."""
    point = result.point
    amounts = []
    for name, what in (("compression_ratio", "smaller"), ("theoretical_speedup", "fewer multiply-adds")):
        if name in point.values:
            amounts.append(f"{point.value(name):.3g}x {what}")
    return f"{point.point_id} ({point.label}; {', '.join(amounts) or 'no ratio'})"


def _every_condition(verdict: FairnessVerdict) -> Iterator[str]:
    """Two results: every condition."""
    yield named(verdict.one)
    yield named(verdict.other)
    yield f"strictest setup: {verdict.label}" + (f" ({meaning(verdict)})" if verdict.setup else "")
    yield ""
    for name, finding in verdict.findings.items():
        yield f"  {name.replace('_', ' '):21} {STATES[finding.state]:10} {finding.said}"
    yield ""
    for setup in (*CHAIN, *BESIDE):
        yield f"  {setup:5} {_is_satisfied(verdict, setup):32} {MEANING[setup]}"


def _is_satisfied(verdict: FairnessVerdict, setup: str) -> str:
    """`yes`, or `no` or `not known` with the condition that is in the way; one that differs before one not known."""
    for state, answer in ((DIFFERS, "no"), (MISSING, "not known")):
        for name in (CHAIN | BESIDE)[setup]:
            if verdict.findings[name].state == state:
                return f"{answer} ({name.replace('_', ' ')})"
    return "yes"


def _headline(fairness: Fairness) -> Iterator[str]:
    if not fairness.verdicts:
        yield (
            f"{fairness.one} and {fairness.other} have no results with numbers on the same dataset and network: "
            "no setup"
        )
        return
    pairs, placed = len(fairness.verdicts), len(fairness.placed)
    yield (
        f"{fairness.one} and {fairness.other}: {_counted(pairs, 'pair')} of results on the same dataset and network, "
        f"{placed or 'none'} of them at the same ratio or speedup"
    )
    best = fairness.strictest
    if best is None or not placed:
        unknown = sum(verdict.findings["ratio"].state == MISSING for verdict in fairness.verdicts)
        remark = f" ({unknown} of them without a ratio that both give)" if unknown else ""
        yield f"strictest setup: {NONE}{remark}"
        return
    is_enough = best.setup is not None and list(CHAIN).index(best.setup) >= list(CHAIN).index(LEAST)
    remark = "" if is_enough else f"; {LEAST} is the least that Wang et al. (2023) recommend"
    yield f"strictest setup: {best.label} ({meaning(best)}){remark}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _listed(fairness: Fairness, most: int) -> Iterator[str]:
    """The pairs that have a setup, by dataset and network."""
    by_network: dict[str, list[FairnessVerdict]] = {}
    for verdict in fairness.placed[:most]:
        point = verdict.one.point
        by_network.setdefault(f"{point.architecture} on {point.dataset}", []).append(verdict)
    for network, verdicts in by_network.items():
        yield f"\n{network}"
        for verdict in verdicts:
            yield f"  {named(verdict.one)}"
            yield f"  {named(verdict.other)}"
            yield f"    {in_short(verdict)}"
    if len(fairness.placed) > most:
        yield f"\nand {len(fairness.placed) - most} more pairs (--most, or --format json)"


def missing_facts(verdicts: Sequence[FairnessVerdict]) -> dict[str, list[str]]:
    """By paper, the facts that stand between pairs of results and their next setup."""
    facts: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.obstacle is not None and verdict.obstacle.state == MISSING:
            for paper, fact in verdict.obstacle.missing:
                if fact not in facts.setdefault(paper, []):
                    facts[paper].append(fact)
    return facts


def _wanted(fairness: Fairness) -> Iterator[str]:
    facts = missing_facts(fairness.placed or fairness.verdicts)
    if facts:
        yield "\nto be known for a stricter setup (keys of `recipe:` in the paper's file, or measures)"
    for paper, names in facts.items():
        yield f"  {paper}: {', '.join(names)}"


def to_json(fairness: Fairness) -> str:
    """The whole answer as one JSON object, every pair with every condition."""
    best = fairness.strictest
    tree = {
        "one": fairness.one,
        "other": fairness.other,
        "strictest": best.label if best else NONE,
        "pairs": [_as_tree(verdict) for verdict in fairness.verdicts],
    }
    return json.dumps(tree, ensure_ascii=False, indent=1)


def _as_tree(verdict: FairnessVerdict) -> dict:
    obstacle = verdict.obstacle
    conditions = {}
    for name, finding in verdict.findings.items():
        missing = [{"paper": paper, "fact": fact} for paper, fact in finding.missing]
        conditions[name] = {"state": finding.state, "said": finding.said, "missing": missing}
    return {
        "one": verdict.one.point.point_id,
        "other": verdict.other.point.point_id,
        "setup": verdict.setup,
        "beside": list(verdict.beside),
        "next_setup": verdict.next_setup,
        "obstacle": obstacle.condition if obstacle else None,
        "conditions": conditions,
    }
