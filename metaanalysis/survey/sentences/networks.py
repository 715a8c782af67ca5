"""Sentences about unpruned networks and Figures 1 and 5: Sections 3.3, 5.1 and 5.2."""

from __future__ import annotations

import re
from collections.abc import Callable

from metaanalysis.survey.sentences.answers import MILLION, CountedAnswer, SurveyReading, sentence
from metaanalysis.tradeoffs.unpruned import reported

BETTER_FAMILY = "EfficientNet"
"""The family whose members no older one reaches in Figure 1."""
FIGURE_1 = "pruned_vs_architectures"


def _depths(reading: SurveyReading, family: str) -> tuple[list[int], list[str]]:
    """Depths of a family's unpruned networks in Figure 1, and the members that are named otherwise."""
    drawn = reading.figure(FIGURE_1)
    own = drawn[(drawn["series"] == "unpruned") & (drawn["family"] == family)]
    depths, others = [], []
    for name in sorted(own["architecture"].unique()):
        match = re.fullmatch(rf"{family}-(\d+)", name)
        if match:
            depths.append(int(match[1]))
        else:
            others.append(name)
    return sorted(depths), others


@sentence("vgg_family")
def _(reading: SurveyReading) -> CountedAnswer:
    depths, others = _depths(reading, "VGG")
    note = f"also drawn: {', '.join(others)}" if others else ""
    return CountedAnswer(", ".join(map(str, depths)), note=note)


@sentence("resnet_family")
def _(reading: SurveyReading) -> CountedAnswer:
    depths, others = _depths(reading, "ResNet")
    further = [f"ResNet-{depth}" for depth in depths[3:]] + others
    note = f"also drawn: {', '.join(further)}" if further else ""
    return CountedAnswer(", ".join(map(str, depths[:3])), note=note)


@sentence("pruned_efficientnets")
def _(reading: SurveyReading) -> CountedAnswer:
    users = set()
    for entry in reading.corpus.entries:
        if reading.corpus.names.family(entry.architecture) == BETTER_FAMILY:
            users.add(entry.paper)
    return CountedAnswer(len(users), members=frozenset(users))


@sentence("pruned_beat_original")
def _(reading: SurveyReading) -> CountedAnswer:
    drawn = reading.figure(FIGURE_1)
    pruned = drawn[drawn["series"] == "pruned"]
    better = int((pruned["y"] > pruned["start"]).sum())
    return CountedAnswer(better, len(pruned), note="pruned points of Figure 1 above their unpruned network")


@sentence("pruned_beat_better_architecture")
def _(reading: SurveyReading) -> CountedAnswer:
    better = compared = 0
    for rows in reading.panels(FIGURE_1).values():
        rivals = [row for row in rows if row["family"] == BETTER_FAMILY]
        for point in rows:
            no_larger = [rival["y"] for rival in rivals if rival["x"] <= point["x"]]
            if point["series"] == "pruned" and no_larger:
                compared += 1
                better += point["y"] > max(no_larger)
    note = f"pruned points of Figure 1 above every {BETTER_FAMILY} that is no larger, where there is one"
    return CountedAnswer(better, compared, note=note)


@sentence("vgg_s_papers")
def _(reading: SurveyReading) -> CountedAnswer:
    users = {entry.paper for entry in reading.corpus.entries if entry.architecture == "VGG-S"}
    note = ", ".join(sorted(users)) or "the sheet does not name it"
    return CountedAnswer(len(users), members=frozenset(users), note=note)


@sentence("flops_spread")
def _(reading: SurveyReading) -> CountedAnswer:
    """The setting whose highest reported multiply-adds are the largest multiple of its lowest."""
    reports = reported(reading.corpus)
    widest, answer = 0.0, CountedAnswer(0.0)
    counts = reports[reports["measure"] == "flops"].sort_values(["value", "paper"])
    for (architecture, dataset), rows in counts.groupby(["architecture", "dataset"], sort=False):
        low, high = rows.iloc[0], rows.iloc[-1]
        times = high["value"] / low["value"]
        if times > widest:
            ends = [f"{end['value'] / MILLION:.0f} M in {end['paper']}" for end in (low, high)]
            widest = times
            answer = CountedAnswer(times, note=f"{architecture} on {dataset}: {' to '.join(ends)}")
    return answer


def _alexnet(paper: str) -> Callable[[SurveyReading], CountedAnswer]:
    def answer(reading: SurveyReading) -> CountedAnswer:
        reports = reported(reading.corpus)
        of_alexnet = (reports["measure"] == "flops") & (reports["architecture"] == "Alex/CaffeNet")
        own = reports["value"][of_alexnet & (reports["paper"] == paper)]
        return CountedAnswer(float(own.max()) if len(own) else 0.0, note=f"{paper}, its largest count")

    return answer


for _name, _paper in {
    "alexnet_flops_lowest": "yang2017designing",
    "alexnet_flops_middle": "choi2019jointly",
    "alexnet_flops_highest": "han2015learning",
}.items():
    sentence(_name)(_alexnet(_paper))
