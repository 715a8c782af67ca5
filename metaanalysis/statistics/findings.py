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
from metaanalysis.figures.pruned_vs_architectures import FAMILIES
from metaanalysis.survey.printed import PrintedSentence, printed
from metaanalysis.survey.quantifiers import MEANINGS
from metaanalysis.survey.readings import views
from metaanalysis.survey.sentences import SENTENCES, Answer, Reading
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
Judge = Callable[[Answer], bool]


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per sentence, row of Table 1 and legend, in the order of the survey."""
    found = views(corpus)
    readings = (Reading(found.published), Reading(found.corrected))
    return pd.DataFrame(
        [*_sentences(readings), *_table_1(readings), *_legends(readings)], columns=list(COLUMNS)
    )


def _sentences(readings: tuple[Reading, Reading]) -> Iterator[tuple]:
    for said in printed().sentences:
        head = (said.id, said.place, said.about, str(said))
        if said.id in UNCOUNTED:
            yield (*head, "", "", NOT_COUNTED, UNCOUNTED[said.id])
        else:
            sentence = SENTENCES[said.id]
            judge, told = _judge_of(said, sentence.judged_as)
            yield (*head, *_held_against(judge, told, *(sentence.answer(reading) for reading in readings)))


def _judge_of(said: PrintedSentence, judged_as: str | None) -> tuple[Judge, str]:
    """How to tell whether an answer agrees with what is printed, and that reading in words."""
    meaning = MEANINGS.get(judged_as or said.words or "")
    if meaning is None:
        return lambda answer: _same(said.value, answer.value), ""
    told = f"{judged_as or said.words}: {meaning.told}"
    return lambda answer: meaning.holds(answer.share if meaning.of_share else answer.value), told


def _same(value: int | str | None, ours: float | str) -> bool:
    """Equal in as many digits as are printed: 4 agrees with 4.04, 371M with 371 million."""
    if isinstance(value, str) and isinstance(ours, float):
        return parse("flops", value).low <= ours <= parse("flops", value).high
    return ours == value if isinstance(value, str) else round(ours) == value


def _held_against(
    judge: Judge, told: str, published: Answer, corrected: Answer
) -> tuple[str, str, str, str]:
    """Both answers as text, the verdict, and why."""
    verdict = VERDICTS[judge(published), judge(corrected)]
    remarks = [told, published.note]
    if corrected.note != published.note:
        remarks.append(f"corrected: {corrected.note}")
    remarks.append(_difference(published.members, corrected.members))
    return str(published), str(corrected), verdict, "; ".join(remark for remark in remarks if remark)


def _difference(published: frozenset[str], corrected: frozenset[str], named: int = 6) -> str:
    """Who is counted in one view only, if they are few."""
    parts = []
    for word, members in (("with", corrected - published), ("without", published - corrected)):
        if members:
            shown = ", ".join(sorted(members)) if len(members) <= named else f"{len(members)} others"
            parts.append(f"{word} {shown}")
    return f"corrected: {', '.join(parts)}" if parts else ""


def _table_1(readings: tuple[Reading, Reading]) -> Iterator[tuple]:
    for pair in printed().table_1:
        answers = [papers_using(reading, pair.dataset, pair.architecture) for reading in readings]
        head = (
            f"table_1: {pair.architecture} on {pair.dataset}",
            "Table 1",
            "papers that use the pair",
            str(pair.papers),
        )
        yield (*head, *_held_against(lambda answer, pair=pair: answer.value == pair.papers, "", *answers))


def _legends(readings: tuple[Reading, Reading]) -> Iterator[tuple]:
    names = {
        "figure_1": "pruned_vs_architectures",
        "figure_3": "fragmentation",
        "figure_5": "resnet50_magnitude",
    }
    for (figure, panel), legend in printed().legends.items():
        drawn = [
            _series(reading) if figure == "figure_1" else labels_drawn(reading, names[figure], panel)
            for reading in readings
        ]
        answers = [
            Answer(len(labels & set(legend)), len(legend), labels, _unprinted(labels, legend))
            for labels in drawn
        ]
        where = f"{figure.replace('_', ' ').capitalize()}{f', {panel}' if panel else ''}"
        head = (
            f"{figure}_{panel or ''}_legend".replace("__", "_"),
            where,
            "curves in the legend",
            str(len(legend)),
        )
        yield (
            *head,
            *_held_against(lambda answer, legend=legend: answer.members == set(legend), "", *answers),
        )


def _series(reading: Reading) -> frozenset[str]:
    """The entries of Figure 1's legend."""
    drawn = reading.figure("pruned_vs_architectures")
    pairs = set(zip(drawn["family"], drawn["series"], strict=True))
    return frozenset(
        f"{family} Pruned" if series == "pruned" else f"{family} ({FAMILIES[family]})"
        for family, series in pairs
    )


def _unprinted(labels: frozenset[str], legend: tuple[str, ...]) -> str:
    extra = sorted(labels - set(legend))
    return f"drawn, not printed: {'; '.join(extra)}" if extra else ""
