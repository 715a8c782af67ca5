"""The survey's counted sentences, computed on one reading of the corpus; no printed number is read here."""

from __future__ import annotations

# importing a module registers its sentences
from metaanalysis.survey.sentences import comparisons, networks, papers, results
from metaanalysis.survey.sentences.answers import SENTENCES, CountedAnswer, SurveyReading

__all__ = ["SENTENCES", "CountedAnswer", "SurveyReading", "comparisons", "networks", "papers", "results"]
