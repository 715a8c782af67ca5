"""Each paper against the survey's recommendations.

Section 6 and Appendix B of Blalock et al. (2020) as far as the corpus can answer them by machine; the columns that
each criterion reads, and what cannot be answered, are in checklist_criteria. One row per paper: met counts `yes`,
asked counts `yes`, `partly` and `no`, score is their quotient. What the corpus lacks is a `no` only where the paper
was transcribed whole: papers from outside the survey, and those of which each point was set beside the paper's own
text. Else it is `not transcribed`: the survey's sheet did not take every number of every paper, hardly any standard
deviation, and none at all in half of its rows. Runs of large released tables count as points of a curve, and nowhere
else.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.survey.checklist import CRITERIA, NO, PARTLY, YES, answers

COLUMNS = ("paper", "label", "year", "met", "asked", "score", *(entry.name for entry in CRITERIA))


def table(corpus: Corpus, *, order: Literal["paper", "score", "year"] = "paper") -> pd.DataFrame:
    """One row per paper; score is a fraction, empty where nothing can be asked."""
    rows = []
    for paper in corpus.papers.values():
        given = answers(corpus)[paper.key]
        met = sum(answer == YES for answer in given.values())
        asked = sum(answer in (YES, PARTLY, NO) for answer in given.values())
        score = met / asked if asked else None
        about = {"paper": paper.key, "label": paper.label, "year": paper.year}
        rows.append({**about, "met": met, "asked": asked, "score": score, **given})
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    descending = order == "score"
    return frame.sort_values(order, ascending=not descending, kind="stable", ignore_index=True)
