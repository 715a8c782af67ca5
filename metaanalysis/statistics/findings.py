"""The survey's counted sentences, held against the corpus.

Each sentence of Blalock et al. (2020) that counts something, each row of its Table 1 and each legend: what is printed,
what the sheet gives under the published rules, what the corrected corpus gives for the same papers, and whether they
agree. Words are judged by the reading that `why` names. `agrees as published` and `agrees corrected`: in that view
alone. `not counted`: the corpus does not hold what the sentence is about. Papers that entered the corpus after the
survey are left out. The same in both views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from corpus.catalogue.corpus import Corpus
from corpus.numbers.quantity import parse
from metaanalysis.survey.printed import PrintedSentence, printed
from metaanalysis.survey.quantifiers import MEANINGS
from metaanalysis.survey.readings import views
from metaanalysis.survey.sentences import SENTENCES, CountedAnswer, SurveyReading
from metaanalysis.survey.sentences.results import labels_drawn, papers_using

COLUMNS = ("id", "place", "sentence", "printed", "as_published", "corrected", "verdict", "why")
AGREES, ONLY_PUBLISHED, ONLY_CORRECTED, DIFFERS = (
    "agrees",
    "agrees as published",
    "agrees corrected",
    "differs",
)
NOT_COUNTED = "not counted"
VERDICTS = {
    (True, True): AGREES,
    (True, False): ONLY_PUBLISHED,
    (False, True): ONLY_CORRECTED,
    (False, False): DIFFERS,
}
"""By whether the answer as published agrees with what is printed, and whether the corrected one does."""
UNCOUNTED = {
    "controlled_studies": "whether code and settings are shared is not recorded",
    "new_in_controlled_studies": "whether a method is new is not recorded",
    "resnet_variants": "a fact about other papers, not about the corpus",
    "hint_at_confusion": "needs reading the papers; only names of architectures are recorded",
    "segmentation_unclear": "needs reading the paper",
    "vgg_of_face_paper": "a fact about a paper outside the corpus",
    "lenet5_caffe_papers": "descriptions of architectures are not recorded",
    "lenet5_caffe_units": "descriptions of architectures are not recorded",
    "years_of_proceedings": "how papers were searched for is not recorded",
    "proceedings": "how papers were searched for is not recorded",
    "comparisons_to_enter": "how a paper entered the corpus is not recorded",
}
"""Sentences about something that the corpus does not hold, with the reason."""
NAMED = 6
"""Most papers that are named where those counted differ between the views."""
Judge = Callable[[CountedAnswer], bool]
Readings = tuple[SurveyReading, SurveyReading]
"""The corpus as published, and corrected."""


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per sentence, row of Table 1 and legend, in the order of the survey."""
    in_views = views(corpus)
    readings = (SurveyReading(in_views.published), SurveyReading(in_views.corrected))
    rows = [*_sentences(readings), *_table_1(readings), *_legends(readings)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sentences(readings: Readings) -> Iterator[dict[str, str]]:
    for sentence in printed().sentences:
        head = {
            "id": sentence.id,
            "place": sentence.place,
            "sentence": sentence.about,
            "printed": str(sentence),
        }
        if sentence.id in UNCOUNTED:
            nothing = {"as_published": "", "corrected": "", "verdict": NOT_COUNTED}
            yield {**head, **nothing, "why": UNCOUNTED[sentence.id]}
        else:
            counted = SENTENCES[sentence.id]
            judge, reading = _judge_of(sentence, counted.judged_as)
            answers = [counted.answer(reading) for reading in readings]
            yield {**head, **_held_against(judge, reading, *answers)}


def _judge_of(sentence: PrintedSentence, judged_as: str | None) -> tuple[Judge, str]:
    """How to tell whether an answer agrees with what is printed, and that reading in words."""
    words = judged_as or sentence.words or ""
    meaning = MEANINGS.get(words)
    if meaning is None:
        return lambda answer: _same(sentence.value, answer.value), ""
    if meaning.of_share:
        return lambda answer: meaning.holds(answer.share), f"{words}: {meaning.reading}"
    return lambda answer: meaning.holds(float(answer.value)), f"{words}: {meaning.reading}"


def _same(value: int | str | None, ours: float | str) -> bool:
    """Equal in as many digits as are printed: 4 agrees with 4.04, 371M with 371 million."""
    if isinstance(ours, str):
        return ours == value
    if isinstance(value, str):
        quantity = parse("flops", value)
        return quantity.low <= ours <= quantity.high
    return round(ours) == value


def _held_against(
    judge: Judge, reading: str, published: CountedAnswer, corrected: CountedAnswer
) -> dict[str, str]:
    """Both answers as text, the verdict, and why."""
    remarks = [reading, published.note]
    if corrected.note != published.note:
        remarks.append(f"corrected: {corrected.note}")
    remarks.append(_difference(published.members, corrected.members))
    return {
        "as_published": str(published),
        "corrected": str(corrected),
        "verdict": VERDICTS[judge(published), judge(corrected)],
        "why": "; ".join(filter(None, remarks)),
    }


def _difference(published: frozenset[str], corrected: frozenset[str]) -> str:
    """Who is counted in one view only, if they are few."""
    parts = []
    for word, members in (("with", corrected - published), ("without", published - corrected)):
        if len(members) > NAMED:
            parts.append(f"{word} {len(members)} others")
        elif members:
            parts.append(f"{word} {', '.join(sorted(members))}")
    return f"corrected: {', '.join(parts)}" if parts else ""


def _table_1(readings: Readings) -> Iterator[dict[str, str]]:
    for pair in printed().table_1:
        answers = [papers_using(reading, pair.dataset, pair.architecture) for reading in readings]
        head = {
            "id": f"table_1: {pair.architecture} on {pair.dataset}",
            "place": "Table 1",
            "sentence": "papers that use the pair",
            "printed": str(pair.papers),
        }
        yield {**head, **_held_against(_has_value(pair.papers), "", *answers)}


def _has_value(number: int) -> Judge:
    return lambda answer: answer.value == number


def _legends(readings: Readings) -> Iterator[dict[str, str]]:
    for (figure, panel), legend in printed().legends.items():
        answers = []
        for reading in readings:
            labels = _labels(reading, figure, panel)
            counted = len(labels & set(legend))
            answers.append(CountedAnswer(counted, len(legend), labels, _unprinted(labels, legend)))
        place = figure.replace("_", " ").capitalize()
        head = {
            "id": f"{figure}_{panel}_legend" if panel else f"{figure}_legend",
            "place": f"{place}, {panel}" if panel else place,
            "sentence": "curves in the legend",
            "printed": str(len(legend)),
        }
        yield {**head, **_held_against(_has_members(legend), "", *answers)}


def _has_members(legend: tuple[str, ...]) -> Judge:
    return lambda answer: answer.members == set(legend)


def _labels(reading: SurveyReading, figure: str, panel: str | None) -> frozenset[str]:
    """The entries of a printed figure's legend, as ours has them."""
    if figure == "figure_3":
        return labels_drawn(reading, "fragmentation", panel)
    if figure == "figure_5":
        return labels_drawn(reading, "resnet50_magnitude", panel)
    names = reading.figure("pruned_vs_architectures")["name"]
    return frozenset(names.str.replace(", pruned", " Pruned"))  # as it is printed


def _unprinted(labels: frozenset[str], legend: tuple[str, ...]) -> str:
    extra = sorted(labels - set(legend))
    return f"drawn, not printed: {'; '.join(extra)}" if extra else ""
