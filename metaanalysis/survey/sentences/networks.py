"""Sentences about unpruned networks and Figures 1 and 5: Sections 3.3, 5.1 and 5.2."""

from __future__ import annotations

import re

import pandas as pd

from metaanalysis.survey.sentences.answers import MILLION, Answer, Reading, sentence

BETTER_FAMILY = "EfficientNet"
"""The family whose members no older one reaches in Figure 1."""


def _depths(reading: Reading, family: str) -> tuple[list[int], list[str]]:
    """Depths of a family's unpruned networks in Figure 1, and the members that are named otherwise."""
    drawn = reading.figure("pruned_vs_architectures")
    names = set(drawn["architecture"][(drawn["series"] == "unpruned") & (drawn["family"] == family)])
    depths = {name: match for name in names if (match := re.fullmatch(rf"{family}-(\d+)", name))}
    return sorted(int(match[1]) for match in depths.values()), sorted(names - depths.keys())


@sentence("vgg_family")
def _(reading: Reading) -> Answer:
    depths, others = _depths(reading, "VGG")
    return Answer(
        ", ".join(map(str, depths)), None, frozenset(), f"also drawn: {', '.join(others)}" if others else ""
    )


@sentence("resnet_family")
def _(reading: Reading) -> Answer:
    depths, others = _depths(reading, "ResNet")
    further = ", ".join([*(f"ResNet-{depth}" for depth in depths[3:]), *others])
    return Answer(
        ", ".join(map(str, depths[:3])), None, frozenset(), f"also drawn: {further}" if further else ""
    )


@sentence("pruned_efficientnets")
def _(reading: Reading) -> Answer:
    names = reading.corpus.names
    users = frozenset(
        entry.paper for entry in reading.corpus.entries if names.family(entry.architecture) == BETTER_FAMILY
    )
    return Answer(len(users), None, users)


@sentence("pruned_beat_original")
def _(reading: Reading) -> Answer:
    drawn = reading.figure("pruned_vs_architectures")
    pruned = drawn[drawn["series"] == "pruned"]
    better = int((pruned["y"] > pruned["start"]).sum())
    return Answer(
        better, len(pruned), frozenset(), "pruned points of Figure 1 above their unpruned network"
    )


@sentence("pruned_beat_better_architecture")
def _(reading: Reading) -> Answer:
    beats = asked = 0
    for rows in reading.panels("pruned_vs_architectures").values():
        rivals = [(row["x"], row["y"]) for row in rows if row["family"] == BETTER_FAMILY]
        for point in (row for row in rows if row["series"] == "pruned"):
            no_larger = [y for x, y in rivals if x <= point["x"]]
            asked += bool(no_larger)
            beats += bool(no_larger) and point["y"] > max(no_larger)
    note = f"pruned points of Figure 1 above every {BETTER_FAMILY} that is no larger, where there is one"
    return Answer(beats, asked, frozenset(), note)


@sentence("vgg_s_papers")
def _(reading: Reading) -> Answer:
    users = frozenset(entry.paper for entry in reading.corpus.entries if entry.architecture == "VGG-S")
    return Answer(len(users), None, users, ", ".join(sorted(users)) or "the sheet does not name it")


def _flops(reading: Reading) -> pd.DataFrame:
    reports = reading.figure("baseline_drift")
    return reports[reports["measure"] == "flops"]


@sentence("flops_spread")
def _(reading: Reading) -> Answer:
    settings: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for row in _flops(reading).itertuples():
        settings.setdefault((row.architecture, row.dataset), []).append((row.value, row.paper))
    if not settings:
        return Answer(0.0)
    ends = {setting: (min(values), max(values)) for setting, values in settings.items()}
    widest = max(ends, key=lambda setting: ends[setting][1][0] / ends[setting][0][0])
    low, high = ends[widest]
    told = " to ".join(f"{value / MILLION:.0f} M in {paper}" for value, paper in (low, high))
    return Answer(high[0] / low[0], None, frozenset(), f"{' on '.join(widest)}: {told}")


def _alexnet(paper: str):
    def answer(reading: Reading) -> Answer:
        reports = _flops(reading)
        own = reports[(reports["architecture"] == "Alex/CaffeNet") & (reports["paper"] == paper)]
        return Answer(
            float(own["value"].max()) if len(own) else 0.0, None, frozenset(), f"{paper}, its largest count"
        )

    return answer


for _name, _paper in {
    "alexnet_flops_lowest": "yang2017designing",
    "alexnet_flops_middle": "choi2019jointly",
    "alexnet_flops_highest": "han2015learning",
}.items():
    sentence(_name)(_alexnet(_paper))
