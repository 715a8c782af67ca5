"""What the survey recommends, how many papers follow, and what the corpus cannot tell.

One row per recommendation of Section 6 and Appendix B of Blalock et al. (2020). `reads` names the columns of the public
tables behind the answers, so that each can be checked with `prunebase query`; share is `yes` among the papers that
could be asked (yes, partly or no). Rows without columns are recommendations that no number in the corpus can answer,
for the reason given: their answer is `not transcribed` for every paper.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.survey.checklist import ANSWERS, CRITERIA, NO, NOT_TRANSCRIBED, PARTLY, YES, answers

COLUMNS = ("criterion", "asks", "place", "reads", *ANSWERS, "share", "cannot be told because")
UNANSWERED = {
    "exact_setup": (
        "The exact sets of architectures, datasets and metrics, in a structured way",
        "Section 6",
        "a name in the corpus may stand for a variant that the paper does not describe",
    ),
    "competing_curves": (
        "The tradeoff curve plotted beside those of competing methods",
        "Section 6",
        "the corpus holds a paper's own numbers, not its plots",
    ),
    "identical_code": (
        "Identical libraries, data loading and other code for all methods compared",
        "Section 6",
        "only the paper's text or code tells",
    ),
    "reimplementable": (
        "The algorithm, its subroutines and hyperparameters in enough detail to match the results",
        "Appendix B",
        "needs reading, and trying",
    ),
    "restricted_claims": ("Claims restricted to the experiments", "Appendix B", "claims are not recorded"),
    "source_code": (
        "A link to source code",
        "Appendix B",
        "a link that a contributor found is in the paper's file under `code`; a missing one proves nothing",
    ),
    "architecture_described": (
        "The architecture and its hyperparameters in detail, or a citation and the differences",
        "Appendix B",
        "only names of architectures are recorded",
    ),
    "dataset_described": (
        "Batch size, augmentation and the like",
        "Appendix B",
        "recipes are recorded where a contributor found a source; a missing one proves nothing",
    ),
    "library_and_hardware": ("The library and hardware used", "Appendix B", "they are not recorded"),
    "extreme_ratios": (
        "Ratios so extreme that accuracy declines substantially",
        "Appendix B",
        "no size of decline is named that would count",
    ),
    "error_bars": (
        "Clearly defined error bars",
        "Appendix B",
        "a spread is recorded as a number, not its definition",
    ),
    "random_baselines": (
        "Random pruning, global and with the same layerwise proportions",
        "Appendix B",
        "a baseline inside a paper is recorded only where it is one of its methods",
    ),
    "magnitude_baselines": (
        "Magnitude pruning, global or uniform and with the same layerwise proportions",
        "Appendix B",
        "layerwise proportions are not recorded; see compares_to_magnitude for any comparison",
    ),
    "comparisons_explained": (
        "How the comparisons were produced: taken over, reimplemented or rerun",
        "Appendix B",
        "only which paper is compared to is recorded",
    ),
}
"""Recommendations that stay unanswered: what they ask, where, and why the corpus cannot tell."""


def table(corpus: Corpus) -> pd.DataFrame:
    """One row per recommendation; numbers of papers by answer, share as a fraction."""
    by_paper = list(answers(corpus).values())
    rows = []
    for criterion in CRITERIA:
        counts = Counter(given[criterion.name] for given in by_paper)
        about = {"criterion": criterion.name, "asks": criterion.asks, "place": criterion.place}
        reads = {"reads": ", ".join(criterion.reads), "cannot be told because": ""}
        rows.append({**about, **reads, **_counts(counts)})
    for name, (asks, place, reason) in UNANSWERED.items():
        about = {"criterion": name, "asks": asks, "place": place}
        reads = {"reads": "", "cannot be told because": reason}
        rows.append({**about, **reads, **_counts(Counter({NOT_TRANSCRIBED: len(by_paper)}))})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _counts(counts: Counter[str]) -> dict[str, object]:
    """Numbers of papers by answer, and the share of yes among those that could be asked."""
    asked = counts[YES] + counts[PARTLY] + counts[NO]
    return {
        **{answer: counts[answer] for answer in ANSWERS},
        "share": counts[YES] / asked if asked else None,
    }
