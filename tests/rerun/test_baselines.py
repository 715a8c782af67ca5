"""The contract of baseline files, over the whole folder."""

import pytest

pytest.importorskip("torch")

import torch

import corpus
from rerun.architectures import architecture
from rerun.baselines import baseline, baselines
from rerun.images.batches import Batches
from rerun.images.in_memory import invented
from rerun.pruning.counts import anatomy
from rerun.pruning.prune import gradients, prune


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


@pytest.mark.parametrize(
    "name", [name for name, entry in baselines().items() if not entry.copies_proportions]
)
def test_masks_follow_the_seed_where_the_file_says_so(name):
    """Two seeds, and so two minibatches, give two masks if the baseline is seeded, and one if it is not."""
    counts, entry = anatomy("LeNet-5-Caffe"), baselines()[name]
    network = architecture("LeNet-5-Caffe").build(seed=1)
    data = invented((1, 28, 28), training=64, test=10, validation=10)
    masks = []
    for seed in (1, 2):
        gradient = gradients(network, *Batches(data, 16, seed).first(), seed)
        # A ratio that the convolutions alone can give.
        masks.append(prune(counts, network.state_dict(), gradient, entry, 1.02, seed))
    same = all(bool((masks[0][key] == masks[1][key]).all()) for key in masks[0])
    assert same is not entry.seeded


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
