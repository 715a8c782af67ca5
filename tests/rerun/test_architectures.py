"""Architectures: exact counts of parameters and multiply-adds."""

import math

import pytest

pytest.importorskip("torch")

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import corpus
from rerun.architectures import architecture, architectures
from rerun.pruning.counts import anatomy, anatomy_of

COUNTS = {
    "LeNet-300-100": (266_610, 266_200, 265_600),
    "LeNet-5-Caffe": (431_080, 2_293_000, 426_070),
    "ResNet-20": (269_722, 40_551_040, 267_696),
    "ResNet-32": (464_154, 68_862_592, 461_232),
    "ResNet-44": (658_586, 97_174_144, 654_768),
    "ResNet-56": (853_018, 125_485_696, 848_304),
    "ResNet-110": (1_727_962, 252_887_680, 1_719_216),
    "CIFAR-VGG": (14_991_946, 313_463_808, 14_977_344),
    "VGG-Torch-CIFAR10-noDrop": (14_987_722, 313_463_808, 14_973_120),
    "VGG-netslim": (20_035_018, 398_136_320, 20_018_880),
    "AlexNet": (61_100_840, 714_188_480, 57_003_840),
    "VGG-16": (138_357_544, 15_470_264_320, 134_260_544),
    "ResNet-18": (11_689_512, 1_814_073_344, 11_166_912),
    "ResNet-34": (21_797_672, 3_663_761_408, 21_267_648),
    "ResNet-50": (25_557_032, 4_089_184_256, 23_454_912),
    "MobileNet-v2": (3_504_872, 300_774_272, 2_189_760),
}
"""Parameters, multiply-adds of one input, prunable parameters; ResNet-44 lies halfway between 32 and 56."""


def test_every_architecture_is_counted_and_known_to_the_corpus():
    """Every architecture has reference counts here and its canonical name in the corpus's vocabulary."""
    assert set(architectures()) == set(COUNTS)
    names = corpus.load().names.architectures
    assert all(names.canonical(name) == name for name in COUNTS)


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_exact(name):
    """Parameters, multiply-adds and prunable parameters equal the reference counts."""
    counts = anatomy(name)
    prunable = sum(map(math.prod, counts.prunable().values()))
    assert (counts.params, counts.multiply_adds, prunable) == COUNTS[name]


@pytest.mark.parametrize("name", ["LeNet-5-Caffe", "ResNet-20", "CIFAR-VGG", "MobileNet-v2", "AlexNet"])
def test_torch_counts_the_same(name):
    """torch's own counter, which counts two per multiply-add, gives exactly twice ours."""
    entry = architecture(name)
    with torch.device("meta"):
        network, sent = entry.build().eval(), torch.empty(1, *entry.input_shape)
    with FlopCounterMode(display=False) as counter:
        network(sent)
    assert counter.get_total_flops() == 2 * anatomy(name).multiply_adds


def test_grouped_and_strided_convolutions_by_hand():
    """Groups divide and strides shrink the multiply-adds as counted by hand, without padding too."""
    network = nn.Sequential(
        nn.Conv2d(4, 8, 3, stride=2, groups=2),
        nn.Flatten(),
        nn.Linear(8 * 4 * 4, 5, bias=False),
        nn.Linear(5, 2),
    )
    layers = anatomy_of(network, torch.zeros(1, 4, 9, 9)).layers
    assert [layer.multiply_adds for layer in layers] == [8 * (4 // 2) * 9 * 16, 128 * 5, 10]
    assert [layer.is_classifier for layer in layers] == [False, False, True]


def test_a_layer_used_twice_is_refused():
    """A layer that runs twice per pass would be counted once, so it is an error."""
    shared = nn.Linear(3, 3)
    with pytest.raises(ValueError, match="used twice"):
        anatomy_of(nn.Sequential(shared, nn.ReLU(), shared), torch.zeros(1, 3))


def test_weights_follow_the_seed_alone():
    """The same seed gives the same weights whatever was drawn before; another seed gives others."""
    first = architecture("LeNet-300-100").build(seed=4).state_dict()
    torch.rand(7)
    second = architecture("LeNet-300-100").build(seed=4).state_dict()
    other = architecture("LeNet-300-100").build(seed=5).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["1.weight"], other["1.weight"])


def test_an_unknown_name_gets_a_hint():
    """A misspelt architecture names the nearest one."""
    with pytest.raises(ValueError, match="did you mean 'ResNet-20'"):
        architecture("ResNet20")
