"""Sentences about datasets, architectures, metrics and points: Sections 4.2 to 4.5, Figures 3 and 4, Table 1."""

from __future__ import annotations

from collections.abc import Iterable

from metaanalysis.figures.results_per_paper import DRAWN_IN_2020
from metaanalysis.statistics import common_pairs, reporting_papers
from metaanalysis.statistics.corpus_counts import is_known, named_settings
from metaanalysis.survey.paper_under_review import has
from metaanalysis.survey.sentences.answers import Answer, Reading, sentence
from metaanalysis.tradeoffs.curves import COMMON_CONFIGURATIONS, Y_METRICS

SMALL_CHANGE = 0.5
"""Percentage points; read for `much less than 1 %`: at most half of it."""


@sentence("datasets")
def _(reading: Reading) -> Answer:
    names = {entry.dataset for entry in named_settings(reading.corpus)}
    return _named(name for name in names if is_known(reading.corpus, name, None))


@sentence("architectures")
def _(reading: Reading) -> Answer:
    names = {entry.architecture for entry in named_settings(reading.corpus)}
    return _named(name for name in names if is_known(reading.corpus, None, name))


@sentence("pairs")
def _(reading: Reading) -> Answer:
    return _named(f"{architecture} on {dataset}" for dataset, architecture in reading.pairs)


def _named(names: Iterable[str]) -> Answer:
    found = frozenset(names)
    return Answer(len(found), None, found)


@sentence("most_common_pair_share")
def _(reading: Reading) -> Answer:
    pair = max(reading.pairs, key=lambda pair: len(reading.pairs[pair]), default=("", ""))
    return reading.count(reading.pairs.get(pair, ()), f"{pair[1]} on {pair[0]}")


@sentence("vgg16_imagenet_papers")
def _(reading: Reading) -> Answer:
    return reading.count(reading.pairs.get(("ImageNet", "VGG-16"), ()))


@sentence("mnist_among_top_pairs")
def _(reading: Reading) -> Answer:
    ordered = sorted(reading.pairs, key=lambda pair: (-len(reading.pairs[pair]), *pair))[:6]
    return Answer(sum(dataset == "MNIST" for dataset, _ in ordered), len(ordered))


@sentence("common_configurations")
def _(reading: Reading) -> Answer:
    merged: dict[tuple[str, str], set[str]] = {}
    for (dataset, architecture), papers in reading.pairs.items():
        family = reading.corpus.names.family(architecture)
        name = family if (dataset, family) in COMMON_CONFIGURATIONS else architecture
        if dataset != "MNIST":
            merged.setdefault((dataset, name), set()).update(papers)
    ordered = sorted(merged, key=lambda pair: -len(merged[pair]))[: len(COMMON_CONFIGURATIONS)]
    drawn = set(ordered) & set(COMMON_CONFIGURATIONS)
    return Answer(len(drawn), None, frozenset(), "columns of the grid that are among the most common pairs")


@sentence("legend_papers")
def _(reading: Reading) -> Answer:
    ways = reporting_papers.table(reading.corpus).to_dict("records")
    note = f"the legend has {ways[0]['labels']} labels of {ways[0]['papers']} papers"
    others = [f"{way['papers']} {way['counted']} ({way['more than in Figure 3']})" for way in ways[1:]]
    return reading.count(reading.figure("fragmentation")["paper"], "; ".join([note, *others]))


@sentence("no_common_configuration")
def _(reading: Reading) -> Answer:
    drawn = set(reading.figure("fragmentation")["paper"])
    return reading.papers_that(lambda paper: paper.key not in drawn)


@sentence("results_with_spread")
def _(reading: Reading) -> Answer:
    grid = reading.figure("fragmentation")
    found = frozenset(grid["paper"][grid["y_std"] > 0])
    return Answer(len(found), None, found, ", ".join(sorted(found)))


def _split_papers(reading: Reading) -> dict[str, set[str]]:
    """Labels of the grid by paper, for papers that have several curves there."""
    labels: dict[str, set[str]] = {}
    grid = reading.figure("fragmentation")
    for paper, label in zip(grid["paper"], grid["label"], strict=True):
        labels.setdefault(paper, set()).add(label)
    return {paper: found for paper, found in labels.items() if len(found) > 1}


@sentence("split_methods", judged_as="two or more")
def _(reading: Reading) -> Answer:
    split = _split_papers(reading)
    return Answer(
        min(map(len, split.values()), default=0), None, frozenset(split), f"fewest, of {len(split)} papers"
    )


@sentence("split_shared_points", judged_as="at least one")
def _(reading: Reading) -> Answer:
    shared = dict.fromkeys(_split_papers(reading), 0)
    for rows in reading.panels("fragmentation").values():
        labels: dict[tuple, set[str]] = {}
        for row in rows:
            labels.setdefault((row["paper"], row["dataset"], row["architecture"], row["x"]), set()).add(
                row["label"]
            )
        for (paper, *_), found in labels.items():
            if len(found) > 1:
                shared[paper] += 1
    without = ", ".join(paper for paper, number in shared.items() if not number)
    note = f"the sheet splits a paper where it names methods; without a shared x: {without or 'none'}"
    return Answer(min(shared.values(), default=0), None, frozenset(shared), note)


def _histogram(reading: Reading, panel: str, highest: int) -> Answer:
    """How many of those counted in a panel of Figure 4 have at most `highest`."""
    counted = reading.figure("results_per_paper")
    counted = counted[counted["panel"] == panel]
    return Answer(int(counted["n"][counted["count"] <= highest].sum()), int(counted["n"].sum()))


@sentence("few_pairs", "pairs_per_paper", judged_as="most")
def _(reading: Reading) -> Answer:
    return _histogram(reading, "pairs", 3)


@sentence("few_points", judged_as="most")
def _(reading: Reading) -> Answer:
    return _histogram(reading, "points", 3)


@sentence("often_points", judged_as="often")
def _(reading: Reading) -> Answer:
    return _histogram(reading, "points", 1)


@sentence("points_per_curve", judged_as="most")
def _(reading: Reading) -> Answer:
    return _histogram(reading, "points", 1)


@sentence("configurations_of_points")
def _(reading: Reading) -> Answer:
    drawn = DRAWN_IN_2020 if reading.corpus.as_published else COMMON_CONFIGURATIONS
    return Answer(
        len(drawn), None, frozenset(), "drawn: " + ", ".join(f"{name} on {data}" for data, name in drawn)
    )


@sentence("report_change")
def _(reading: Reading) -> Answer:
    asked = {point.paper for point in reading.tabled if has(point, "top1", "top5", *Y_METRICS)}
    found = {point.paper for point in reading.tabled if has(point, *Y_METRICS)}
    note = "of papers with an accuracy in the corpus; a change that follows from two accuracies counts"
    return Answer(len(found), len(asked), frozenset(found), note)


@sentence("typical_change", judged_as="often")
def _(reading: Reading) -> Answer:
    changes = reading.figure("fragmentation")["y"].abs()
    note = f"points of Figure 3 within {SMALL_CHANGE:g} percentage points of no change"
    return Answer(int((changes <= SMALL_CHANGE).sum()), len(changes), frozenset(), note)


@sentence("table_1_threshold")
def _(reading: Reading) -> Answer:
    listed = common_pairs.table(reading.corpus)["papers"]
    return Answer(
        int(listed.min()) if len(listed) else 0, None, frozenset(), f"{len(listed)} pairs are listed"
    )


def papers_using(reading: Reading, dataset: str, architecture: str) -> Answer:
    """A row of Table 1: how many papers use a pair."""
    users = frozenset(reading.pairs.get((dataset, architecture), ()))
    return Answer(len(users), None, users)


def labels_drawn(reading: Reading, figure: str, panel: str | None = None) -> frozenset[str]:
    """The labels of a figure's curves, all of them or those of one panel."""
    data = reading.figure(figure)
    return frozenset(data["label"] if panel is None else data["label"][data["panel"] == panel])
