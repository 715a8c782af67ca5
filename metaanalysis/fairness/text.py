"""How fair a comparison is, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from metaanalysis.fairness.result import DIFFERS, HELD, MISSING, Result
from metaanalysis.fairness.setups import BESIDE, CHAIN, MEANING, NONE, Fairness, FairnessVerdict

LEAST = "S3.2"
"""The least strict setup that Wang et al. recommend."""
STATES = {HELD: "equal", DIFFERS: "differs", MISSING: "not known"}


def text(found: Fairness, most: int = 12) -> str:
    """The whole answer: the strictest setup, the pairs of results that have one, and what is missing where."""
    if len(found.verdicts) == 1:
        return "\n".join(_every_condition(found.verdicts[0]))
    return "\n".join([*_headline(found), *_listed(found, most), *_wanted(found)])


def in_short(found: FairnessVerdict) -> str:
    """A pair's setup, and the way to the next: `S2; S3.1 (also the epochs of fine-tuning): not known, ...`."""
    if found.next_setup is None:
        return f"{found.label}, the strictest"
    obstacle = found.obstacle
    beyond = f"{found.next_setup} ({MEANING[found.next_setup]})"
    return f"{found.label}; {beyond}: {STATES[obstacle.state]}, {obstacle.said}"


def meaning(found: FairnessVerdict) -> str:
    """What the setups of a pair hold equal."""
    return "; ".join(MEANING[name] for name in found.label.split(" and "))


def named(result: Result) -> str:
    """A result as a person calls it: id, label, and ratio."""
    point = result.point
    amounts = []
    for name, what in (("compression_ratio", "smaller"), ("theoretical_speedup", "fewer multiply-adds")):
        if name in point.values:
            amounts.append(f"{point.value(name):.3g}x {what}")
    return f"{point.point_id} ({point.label}; {', '.join(amounts) or 'no ratio'})"


def _every_condition(found: FairnessVerdict) -> Iterator[str]:
    """Two results: every condition."""
    yield named(found.one)
    yield named(found.other)
    yield f"strictest setup: {found.label}" + (f" ({meaning(found)})" if found.setup else "")
    yield ""
    for name, finding in found.findings.items():
        yield f"  {name.replace('_', ' '):21} {STATES[finding.state]:10} {finding.said}"
    yield ""
    for setup in (*CHAIN, *BESIDE):
        yield f"  {setup:5} {_is_satisfied(found, setup):32} {MEANING[setup]}"


def _is_satisfied(found: FairnessVerdict, setup: str) -> str:
    """`yes`, or `no` or `not known` with the condition that is in the way; one that differs before one not known."""
    for state, answer in ((DIFFERS, "no"), (MISSING, "not known")):
        for name in (CHAIN | BESIDE)[setup]:
            if found.findings[name].state == state:
                return f"{answer} ({name.replace('_', ' ')})"
    return "yes"


def _headline(found: Fairness) -> Iterator[str]:
    if not found.verdicts:
        yield f"{found.one} and {found.other} have no results with numbers on the same dataset and network: no setup"
        return
    pairs, placed = len(found.verdicts), len(found.placed)
    yield (
        f"{found.one} and {found.other}: {_counted(pairs, 'pair')} of results on the same dataset and network, "
        f"{placed or 'none'} of them at the same ratio or speedup"
    )
    if not placed:
        unknown = sum(verdict.findings["ratio"].state == MISSING for verdict in found.verdicts)
        remark = f" ({unknown} of them without a ratio that both give)" if unknown else ""
        yield f"strictest setup: {NONE}{remark}"
        return
    best = found.strictest
    is_enough = best.setup is not None and list(CHAIN).index(best.setup) >= list(CHAIN).index(LEAST)
    remark = "" if is_enough else f"; {LEAST} is the least that Wang et al. (2023) recommend"
    yield f"strictest setup: {best.label} ({meaning(best)}){remark}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _listed(found: Fairness, most: int) -> Iterator[str]:
    """The pairs that have a setup, by dataset and network."""
    by_network: dict[str, list[FairnessVerdict]] = {}
    for verdict in found.placed[:most]:
        point = verdict.one.point
        by_network.setdefault(f"{point.architecture} on {point.dataset}", []).append(verdict)
    for network, verdicts in by_network.items():
        yield f"\n{network}"
        for verdict in verdicts:
            yield f"  {named(verdict.one)}"
            yield f"  {named(verdict.other)}"
            yield f"    {in_short(verdict)}"
    if len(found.placed) > most:
        yield f"\nand {len(found.placed) - most} more pairs (--most, or --format json)"


def missing_facts(verdicts: Sequence[FairnessVerdict]) -> dict[str, list[str]]:
    """By paper, the facts that stand between pairs of results and their next setup."""
    facts: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.obstacle is not None and verdict.obstacle.state == MISSING:
            for paper, fact in verdict.obstacle.missing:
                if fact not in facts.setdefault(paper, []):
                    facts[paper].append(fact)
    return facts


def _wanted(found: Fairness) -> Iterator[str]:
    facts = missing_facts(found.placed or found.verdicts)
    if facts:
        yield "\nto be known for a stricter setup (keys of `recipe:` in the paper's file, or measures)"
    for paper, names in facts.items():
        yield f"  {paper}: {', '.join(names)}"


def to_json(found: Fairness) -> str:
    """The whole answer as one JSON object, every pair with every condition."""
    best = found.strictest
    tree = {
        "one": found.one,
        "other": found.other,
        "strictest": best.label if best else NONE,
        "pairs": [_as_tree(verdict) for verdict in found.verdicts],
    }
    return json.dumps(tree, ensure_ascii=False, indent=1)


def _as_tree(found: FairnessVerdict) -> dict:
    obstacle = found.obstacle
    conditions = {}
    for name, finding in found.findings.items():
        missing = [{"paper": paper, "fact": fact} for paper, fact in finding.missing]
        conditions[name] = {"state": finding.state, "said": finding.said, "missing": missing}
    return {
        "one": found.one.point.point_id,
        "other": found.other.point.point_id,
        "setup": found.setup,
        "beside": list(found.beside),
        "next_setup": found.next_setup,
        "obstacle": obstacle.condition if obstacle else None,
        "conditions": conditions,
    }
