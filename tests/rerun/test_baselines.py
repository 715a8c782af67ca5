"""The contract of baseline files, over the whole folder."""

import pytest

pytest.importorskip("torch")

import torch

import corpus
from rerun.baselines import baseline, baselines


@pytest.mark.parametrize("name", baselines())
def test_a_baseline_keeps_the_contract(name):
    """A source paper of the corpus, a scope, and scores of the weight's shape that leave weight and gradient alone."""
    entry = baselines()[name]
    weight, gradient = torch.randn(3, 4), torch.randn(3, 4)
    before = weight.clone(), gradient.clone()
    score = entry.score(weight, gradient)
    assert entry.scope in ("global", "layer")
    assert score.shape == weight.shape
    assert score.isfinite().all()
    assert torch.equal(weight, before[0])
    assert torch.equal(gradient, before[1])
    assert entry.source in corpus.load().papers
    assert entry.title.endswith(".")


def test_scores_mean_what_they_say():
    """Magnitude is |w|, gradient magnitude |w dL/dw|; the highest stay."""
    weight, gradient = torch.tensor([-3.0, 1.0]), torch.tensor([0.1, -2.0])
    assert baselines()["global-magnitude"].score(weight, gradient).tolist() == [3, 1]
    assert baselines()["global-gradient"].score(weight, gradient).tolist() == pytest.approx([0.3, 2])


def test_misspelt_names_get_hints():
    """An unknown baseline names the nearest; a control needs what it copies."""
    with pytest.raises(ValueError, match="did you mean 'global-magnitude'"):
        baseline("global-magnitud")
    with pytest.raises(ValueError, match="<control>-of-<baseline>"):
        baseline("random-same-proportions")
    with pytest.raises(ValueError, match="<control>-of-<baseline>"):
        baseline("random-global-of-global-magnitude")
