"""The most common combinations of dataset and architecture.

Rebuilds Table 1 of Blalock et al. (2020): all pairs that at least four papers use, number-less uses included. AlexNet
and CaffeNet count separately, as printed. By default corrected names count, so that LeNet-300-100 on MNIST has one
paper more and VGG-16 on ImageNet only those that use it without batch normalization.
"""

from __future__ import annotations

import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.survey.settings import common_pairs

COLUMNS = ("dataset", "architecture", "papers")


def table(corpus: Corpus, *, at_least: int = 4) -> pd.DataFrame:
    """Pairs used by `at_least` papers or more, the most used first."""
    return pd.DataFrame(common_pairs(corpus, at_least), columns=list(COLUMNS))
