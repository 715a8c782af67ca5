"""Sentences about datasets, architectures, metrics and points: Sections 4.2 to 4.5, Figures 3 and 4, Table 1."""

from __future__ import annotations

from collections.abc import Iterable

from metaanalysis.survey.paper_under_review import has
from metaanalysis.survey.reporting import ways_of_counting
from metaanalysis.survey.sentences.answers import CountedAnswer, SurveyReading, sentence
from metaanalysis.survey.settings import common_pairs, known_architectures, known_datasets
from metaanalysis.tradeoffs.curves import COMMON_CONFIGURATIONS, CONFIGURATIONS_OF_2020, Y_METRICS

SMALL_CHANGE = 0.5
"""Percentage points; read for `much less than 1 %`: at most half of it."""
FIGURE_3, FIGURE_4 = "fragmentation", "results_per_paper"


@sentence("datasets")
def _(reading: SurveyReading) -> CountedAnswer:
    return _named(known_datasets(reading.corpus))


@sentence("architectures")
def _(reading: SurveyReading) -> CountedAnswer:
    return _named(known_architectures(reading.corpus))


@sentence("pairs")
def _(reading: SurveyReading) -> CountedAnswer:
    return _named(f"{architecture} on {dataset}" for dataset, architecture in reading.pairs)


def _named(names: Iterable[str]) -> CountedAnswer:
    distinct = frozenset(names)
    return CountedAnswer(len(distinct), members=distinct)


@sentence("most_common_pair_share")
def _(reading: SurveyReading) -> CountedAnswer:
    pair = max(reading.pairs, key=lambda pair: len(reading.pairs[pair]), default=("", ""))
    return reading.count(reading.pairs.get(pair, ()), f"{pair[1]} on {pair[0]}")


@sentence("vgg16_imagenet_papers")
def _(reading: SurveyReading) -> CountedAnswer:
    return reading.count(reading.pairs.get(("ImageNet", "VGG-16"), ()))


@sentence("mnist_among_top_pairs")
def _(reading: SurveyReading) -> CountedAnswer:
    top_six = common_pairs(reading.corpus, at_least=1)[:6]
    of_mnist = [dataset for dataset, _, _ in top_six if dataset == "MNIST"]
    return CountedAnswer(len(of_mnist), len(top_six))


@sentence("common_configurations")
def _(reading: SurveyReading) -> CountedAnswer:
    merged: dict[tuple[str, str], set[str]] = {}
    for (dataset, architecture), papers in reading.pairs.items():
        family = reading.corpus.names.family(architecture)
        name = family if (dataset, family) in COMMON_CONFIGURATIONS else architecture
        if dataset != "MNIST":
            merged.setdefault((dataset, name or architecture), set()).update(papers)
    by_papers = sorted(merged, key=lambda pair: -len(merged[pair]))
    drawn = set(by_papers[: len(COMMON_CONFIGURATIONS)]) & set(COMMON_CONFIGURATIONS)
    return CountedAnswer(len(drawn), note="columns of the grid that are among the most common pairs")


@sentence("legend_papers")
def _(reading: SurveyReading) -> CountedAnswer:
    drawn, *others = ways_of_counting(reading.corpus)
    remarks = [f"the legend has {len(drawn.labels)} labels of {len(drawn.papers)} papers"]
    for way in others:
        more = ", ".join(sorted(way.papers - drawn.papers))
        remarks.append(f"{len(way.papers)} {way.what} ({more})")
    return reading.count(reading.figure(FIGURE_3)["paper"], "; ".join(remarks))


@sentence("no_common_configuration")
def _(reading: SurveyReading) -> CountedAnswer:
    drawn = set(reading.figure(FIGURE_3)["paper"])
    return reading.papers_that(lambda paper: paper.key not in drawn)


@sentence("results_with_spread")
def _(reading: SurveyReading) -> CountedAnswer:
    grid = reading.figure(FIGURE_3)
    papers = frozenset(grid["paper"][grid["y_std"] > 0])
    return CountedAnswer(len(papers), members=papers, note=", ".join(sorted(papers)))


def _labels_of_split_papers(reading: SurveyReading) -> dict[str, set[str]]:
    """Labels of the grid by paper, for papers that have several curves there."""
    labels: dict[str, set[str]] = {}
    grid = reading.figure(FIGURE_3)
    for paper, label in zip(grid["paper"], grid["label"], strict=True):
        labels.setdefault(paper, set()).add(label)
    return {paper: names for paper, names in labels.items() if len(names) > 1}


@sentence("split_methods", judged_as="two or more")
def _(reading: SurveyReading) -> CountedAnswer:
    split = _labels_of_split_papers(reading)
    fewest = min(map(len, split.values()), default=0)
    return CountedAnswer(fewest, members=frozenset(split), note=f"fewest, of {len(split)} papers")


@sentence("split_shared_points", judged_as="at least one")
def _(reading: SurveyReading) -> CountedAnswer:
    """How many values of x several curves of one paper share, of the paper that has the fewest."""
    shared = dict.fromkeys(_labels_of_split_papers(reading), 0)
    grid = reading.figure(FIGURE_3)
    places = ["x_metric", "y_metric", "paper", "dataset", "architecture", "x"]
    for (_, _, paper, *_), labels in grid.groupby(places, sort=False)["label"]:
        if labels.nunique() > 1:
            shared[str(paper)] += 1
    without = ", ".join(paper for paper, number in shared.items() if not number)
    note = f"the sheet splits a paper where it names methods; without a shared x: {without or 'none'}"
    return CountedAnswer(min(shared.values(), default=0), members=frozenset(shared), note=note)


def _at_most(reading: SurveyReading, panel: str, highest: int) -> CountedAnswer:
    """How many of those counted in a panel of Figure 4 have at most `highest`."""
    cells = reading.figure(FIGURE_4)
    counted = cells[cells["panel"] == panel]
    low = counted["n"][counted["count"] <= highest]
    return CountedAnswer(int(low.sum()), int(counted["n"].sum()))


@sentence("few_pairs", "pairs_per_paper", judged_as="most")
def _(reading: SurveyReading) -> CountedAnswer:
    return _at_most(reading, "pairs", 3)


@sentence("few_points", judged_as="most")
def _(reading: SurveyReading) -> CountedAnswer:
    return _at_most(reading, "points", 3)


@sentence("often_points", judged_as="often")
def _(reading: SurveyReading) -> CountedAnswer:
    return _at_most(reading, "points", 1)


@sentence("points_per_curve", judged_as="most")
def _(reading: SurveyReading) -> CountedAnswer:
    return _at_most(reading, "points", 1)


@sentence("configurations_of_points")
def _(reading: SurveyReading) -> CountedAnswer:
    drawn = CONFIGURATIONS_OF_2020 if reading.corpus.as_published else COMMON_CONFIGURATIONS
    names = [f"{architecture} on {dataset}" for dataset, architecture in drawn]
    return CountedAnswer(len(drawn), note=f"drawn: {', '.join(names)}")


@sentence("report_change")
def _(reading: SurveyReading) -> CountedAnswer:
    with_accuracy = {point.paper for point in reading.tabled if has(point, "top1", "top5", *Y_METRICS)}
    with_change = {point.paper for point in reading.tabled if has(point, *Y_METRICS)}
    note = "of papers with an accuracy in the corpus; a change that follows from two accuracies counts"
    return CountedAnswer(len(with_change), len(with_accuracy), frozenset(with_change), note)


@sentence("typical_change", judged_as="often")
def _(reading: SurveyReading) -> CountedAnswer:
    changes = reading.figure(FIGURE_3)["y"].abs()
    note = f"points of Figure 3 within {SMALL_CHANGE:g} percentage points of no change"
    return CountedAnswer(int((changes <= SMALL_CHANGE).sum()), len(changes), note=note)


@sentence("table_1_threshold")
def _(reading: SurveyReading) -> CountedAnswer:
    listed = common_pairs(reading.corpus)
    fewest = listed[-1][2] if listed else 0  # the most used come first
    return CountedAnswer(fewest, note=f"{len(listed)} pairs are listed")


def papers_using(reading: SurveyReading, dataset: str, architecture: str) -> CountedAnswer:
    """A row of Table 1: how many papers use a pair."""
    users = frozenset(reading.pairs.get((dataset, architecture), ()))
    return CountedAnswer(len(users), members=users)


def labels_drawn(reading: SurveyReading, figure: str, panel: str | None = None) -> frozenset[str]:
    """The labels of a figure's curves, all of them or those of one panel."""
    data = reading.figure(figure)
    return frozenset(data["label"] if panel is None else data["label"][data["panel"] == panel])
