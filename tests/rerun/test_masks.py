"""Masks: exact size, a true threshold, nested under further pruning, the classifier untouched."""

import math

import pytest

pytest.importorskip("torch")

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rerun.baselines import baseline, baselines
from rerun.pruning.counts import anatomy, collapsed, kept_multiply_adds, kept_params
from rerun.pruning.masks import Mask, Unreachable, dense, keep_highest, kept_for, same_share
from rerun.pruning.prune import prune

COUNTS = anatomy("LeNet-300-100")
NAMES = [name for name, one in baselines().items() if not (one.copies_proportions or one.only_convolutions)]
CONTROLS = [f"{name}-of-global-magnitude" for name in baselines() if baselines()[name].copies_proportions]
RATIOS = st.floats(1, 263.7, exclude_min=True)
SIZES = st.lists(st.integers(1, 300), min_size=1, max_size=8)
few = settings(max_examples=15, deadline=None)


def lies_within(mask, other):
    """Whether everything that `mask` keeps is kept by `other` too."""
    return all(bool((~mask[name] | other[name]).all()) for name in mask)


@pytest.fixture(scope="module")
def weights():
    """Random weights and gradients of LeNet-300-100, with ties and zeros among them."""
    generator = torch.Generator().manual_seed(0)
    shapes = {name: shape for layer in COUNTS.layers for name, shape in layer.shapes.items()}
    drawn = [
        {name: torch.randn(shape, generator=generator).mul(50).round() for name, shape in shapes.items()}
        for _ in range(2)
    ]
    return tuple(drawn)


@pytest.mark.parametrize("name", [*NAMES, *CONTROLS])
@few
@given(ratio=RATIOS, seed=st.integers(0, 5))
def test_the_ratio_is_met_to_within_one_weight(weights, name, ratio, seed):
    """The parameters kept are the requested number to within half a parameter, whatever the baseline."""
    mask = prune(COUNTS, *weights, baseline(name), ratio, seed)
    assert abs(kept_params(COUNTS, mask) - COUNTS.params / ratio) <= 0.5


@pytest.mark.parametrize("name", [*NAMES, *CONTROLS])
@few
@given(ratios=st.tuples(RATIOS, RATIOS).map(sorted))
def test_stronger_masks_lie_within_weaker_ones(weights, name, ratios):
    """Pruning more never brings a weight back."""
    weaker, stronger = (prune(COUNTS, *weights, baseline(name), ratio, 1) for ratio in ratios)
    assert lies_within(stronger, weaker)


@few
@given(ratio=RATIOS)
def test_global_magnitude_has_a_true_threshold(weights, ratio):
    """No weight that goes is larger than one that stays."""
    mask = prune(COUNTS, *weights, baseline("global-magnitude"), ratio, 0)
    kept = torch.cat([weights[0][name].abs()[mask[name]] for name in mask])
    gone = torch.cat([weights[0][name].abs()[~mask[name]] for name in mask])
    assert not len(gone) or kept.min() >= gone.max()


@few
@given(ratio=RATIOS)
def test_layerwise_magnitude_has_a_threshold_and_the_same_share_everywhere(weights, ratio):
    """Within each tensor no weight that goes is larger than one that stays; shares agree to within their rounding.

    Each tensor keeps the rounding of its size times one common factor, half an entry off at most; these halves, added
    up over all tensors, are how far that factor times the whole may be from what is kept.
    """
    mask = prune(COUNTS, *weights, baseline("layerwise-magnitude"), ratio, 0)
    share = mask.kept / (mask.kept + mask.removed)
    for name, keep in mask.items():
        sizes = weights[0][name].abs()
        if 0 < keep.sum() < keep.numel():
            assert sizes[keep].min() >= sizes[~keep].max()
        part = keep.numel() / (mask.kept + mask.removed)
        assert abs(int(keep.sum()) - share * keep.numel()) <= 0.5 + 0.5 * len(mask) * part


@few
@given(ratio=RATIOS)
def test_controls_have_the_proportions_they_copy(weights, ratio):
    """Both controls keep in each tensor exactly as many entries as the baseline they copy."""
    copied = prune(COUNTS, *weights, baseline("global-gradient"), ratio, 3)
    for control in ("random-same-proportions", "magnitude-same-proportions"):
        mask = prune(COUNTS, *weights, baseline(f"{control}-of-global-gradient"), ratio, 3)
        assert mask.counts == copied.counts


def test_the_classifier_is_untouched_unless_asked_for(weights):
    """The last layer is in no mask by default, and in every mask when it is to be pruned."""
    assert not any(
        name.startswith("5.") for name in prune(COUNTS, *weights, baseline("global-magnitude"), 8, 0)
    )
    mask = prune(COUNTS, *weights, baseline("random-layerwise"), 400, 0, classifier=True)
    assert "5.weight" in mask
    assert kept_params(COUNTS, mask) == round(COUNTS.params / 400)


def test_random_masks_follow_the_seed(weights):
    """The same seed draws the same random mask again, another seed another one."""
    first, again, other = (
        prune(COUNTS, *weights, baseline("random-global"), 4, seed) for seed in (1, 1, 2)
    )
    assert lies_within(first, again)
    assert lies_within(again, first)
    assert not lies_within(first, other)


def test_an_impossible_ratio_names_the_largest():
    """Above the largest reachable ratio the error names it, and that one works."""
    with pytest.raises(Unreachable, match=r"largest reachable ratio is 263\.7$"):
        kept_for(COUNTS, COUNTS.prunable(), 300)
    assert kept_for(COUNTS, COUNTS.prunable(), 263.7) == 1
    with pytest.raises(Unreachable, match="below 1"):
        kept_for(COUNTS, COUNTS.prunable(), 0.5)


def test_a_mask_refuses_what_does_not_fit():
    """Missing tensors, other names, other shapes and other types are errors."""
    shapes = {"a": (2, 3)}
    good = torch.ones(2, 3, dtype=torch.bool)
    for keep in ({}, {"b": good}, {"a": good.float()}, {"a": good.T}, {"a": good, "b": good}):
        with pytest.raises(ValueError, match="mask"):
            Mask(shapes, keep)


def test_a_mask_cannot_be_changed_from_outside():
    """Neither the tensor it was made from nor the one it hands out is the mask's own."""
    given_tensor = torch.ones(4, dtype=torch.bool)
    mask = Mask({"a": (4,)}, {"a": given_tensor})
    given_tensor[0] = False
    mask["a"][1] = False
    assert mask.kept == 4
    assert bool(mask["a"].all())


def test_scores_that_are_not_numbers_are_refused():
    """A diverged network is not pruned by its NaNs."""
    with pytest.raises(ValueError, match="not all finite"):
        keep_highest({"a": torch.tensor([1.0, math.nan])}, 1)


@settings(deadline=None)
@given(sizes=SIZES, data=st.data())
def test_equal_shares_are_exact_and_monotone(sizes, data):
    """Shares add up to the number asked for, and asking for one more never takes from a tensor."""
    shapes = {str(number): (size,) for number, size in enumerate(sizes)}
    keep = data.draw(st.integers(0, sum(sizes) - 1))
    fewer, more = same_share(shapes, keep), same_share(shapes, keep + 1)
    assert sum(fewer.values()) == keep
    assert sum(more.values()) == keep + 1
    assert all(fewer[name] <= more[name] <= sizes[int(name)] for name in shapes)


def test_multiply_adds_follow_the_density_of_each_layer():
    """With nothing removed all multiply-adds stay; with half of one layer removed half of its own go."""
    shapes = COUNTS.prunable()
    everything = dense(shapes)
    assert kept_multiply_adds(COUNTS, everything) == 266_200
    keep = dict(everything)
    keep["3.weight"] = torch.arange(30_000).reshape(100, 300) % 2 == 0
    assert kept_multiply_adds(COUNTS, Mask(shapes, keep)) == 266_200 - 15_000


def test_a_layer_without_weights_is_named():
    """Layer collapse is reported by the layer's name."""
    keep = dict(dense(COUNTS.prunable()))
    keep["3.weight"] = torch.zeros(100, 300, dtype=torch.bool)
    assert collapsed(COUNTS, Mask(COUNTS.prunable(), keep)) == ("3",)
