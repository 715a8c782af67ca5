"""Networks that share a step train as if each were alone."""

from itertools import pairwise

import pytest

pytest.importorskip("torch")

import torch

from rerun.architectures import architecture, architectures
from rerun.baselines import baseline
from rerun.images.in_memory import invented
from rerun.layers import SeededDropout
from rerun.pruning.counts import anatomy
from rerun.pruning.prune import gradients, prune
from rerun.study.recipe import TrainingRecipe
from rerun.training.member import Member
from rerun.training.on_cpu import SideBySide
from rerun.training.on_gpu import Grouped
from rerun.training.stacked_layers import grouped
from rerun.training.train import StackTraining, test_accuracies

NETWORKS = {
    "LeNet-300-100": (1, 28, 28),
    "LeNet-5-Caffe": (1, 28, 28),
    "ResNet-20": (3, 32, 32),
    "CIFAR-VGG": (3, 32, 32),
}
SGD = TrainingRecipe(
    optimizer="sgd", learning_rate=0.01, momentum=0.9, weight_decay=1e-4, batch_size=16, epochs=1
)
ADAM = TrainingRecipe(optimizer="adam", learning_rate=1e-3, batch_size=16, epochs=2)
SUMS = 1e-8
"""How far the same training in float64 may end from itself when its sums are made in another order.

A sum of n terms depends on their order by at most 2n x 2^-53 of the sum of their magnitudes: 2e-11 for the longest sums
here, of 10^5 terms. Three steps pass such differences on through at most 16 layers and back. The limit leaves a factor
of 500 for that; float32, with roundings 5 x 10^8 times as large, was seen to pass on 10^4 of its own, which is 10^-12
here. A network that gets another one's images, rate, mask or noise ends 10^-4 away and more, as is asserted.
"""
KINDS = {
    "side by side": lambda *given: SideBySide(*given, threads=2),
    "grouped": lambda *given: Grouped(*given, "cpu"),
}


@pytest.fixture(autouse=True)
def one_thread():
    """Sums in one order, as in the engine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def members(name, which=range(4)):
    """Four networks: two seeds, two learning rates, four masks."""
    weights = architecture(name).build(seed=3).state_dict()
    zeros = {key: torch.zeros_like(value) for key, value in weights.items()}
    made = []
    for number in which:
        mask = prune(anatomy(name), weights, zeros, baseline("random-global"), 2 + number, seed=number)
        made.append(
            Member(architecture(name).build(seed=3), 1 + number // 2, 0.01 / (1 + number % 2), mask)
        )
    return made


def trained(kind, name, which=range(4), recipe=SGD, images=40):
    """The weights after training on a few batches, and their test accuracies."""
    data = invented(NETWORKS[name], training=images + 8, test=30, validation=8)
    training = StackTraining(KINDS[kind](members(name, which), recipe), data, recipe)
    training.run()
    states = [training.stack.state(number)["network"] for number in range(len(which))]
    return states, test_accuracies(training)


def assert_same(network, other):
    """Both have the same weights and batch statistics, but for the order of sums."""
    for key, value in network.items():
        assert value.dtype in (torch.float64, torch.int64)
        torch.testing.assert_close(
            other[key], value, rtol=SUMS, atol=SUMS, msg=lambda text, key=key: f"{key}: {text}"
        )


def apart(network, other):
    """The largest difference between two networks in any weight or statistic."""
    return max((network[key] - other[key]).abs().max().item() for key in network)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("name", NETWORKS)
def test_stacked_networks_equal_single_ones(name):
    """Each stacked network ends where it ends alone: dropout, batch statistics and rates stay apart."""
    # Two seeds, two rates, two masks do for the large one.
    which = [0, 3] if name == "CIFAR-VGG" else range(4)
    stacked, _ = trained("grouped", name, which)
    for place, number in enumerate(which):
        (single,), _ = trained("grouped", name, [number])
        assert_same(single, stacked[place])
    assert min(apart(one, other) for one, other in pairwise(stacked)) > 1e-4


@pytest.mark.parametrize("name", ["LeNet-5-Caffe", "ResNet-20"])
def test_networks_side_by_side_equal_single_ones_bit_for_bit(name):
    """On the CPU it makes no difference at all what else trains at the same time."""
    together, together_accuracies = trained("side by side", name)
    for number in (0, 3):
        (single,), (accuracy,) = trained("side by side", name, [number])
        assert all(torch.equal(together[number][key], value) for key, value in single.items())
        assert together_accuracies[number] == accuracy


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("name", ["LeNet-300-100", "ResNet-20"])
def test_both_engines_agree(name):
    """Stacked and side by side are the same networks."""
    stacked, side_by_side = trained("grouped", name)[0], trained("side by side", name)[0]
    for network, other in zip(stacked, side_by_side, strict=True):
        assert_same(network, other)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("recipe", [SGD, ADAM], ids=["sgd", "adam"])
def test_removed_weights_never_come_back(kind, recipe):
    """After training with momentum and weight decay every removed weight is exactly 0, and others have moved."""
    states, _ = trained(kind, "LeNet-300-100", recipe=recipe)
    before = architecture("LeNet-300-100").build(seed=3).state_dict()
    for state, member in zip(states, members("LeNet-300-100"), strict=True):
        for key, keep in member.mask.items():
            assert (state[key][~keep] == 0).all()
        assert not torch.equal(state["5.weight"], before["5.weight"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("recipe", [SGD.model_copy(update={"epochs": 2}), ADAM], ids=["sgd", "adam"])
def test_training_goes_on_where_it_stopped(kind, recipe):
    """Saved after one epoch and resumed by a new stack, training ends at the same weights bit for bit."""
    data = invented((1, 28, 28), training=48, test=30, validation=8)
    kept = []

    def start():
        return StackTraining(KINDS[kind](members("LeNet-300-100"), recipe), data, recipe)

    whole = start()
    whole.run(lambda training: kept.append(training.saved()))
    later = start()
    later.resume(kept[0])
    later.run()
    assert later.courses == whole.courses or [c.history for c in later.courses] == [
        c.history for c in whole.courses
    ]
    for number in range(4):
        one, other = whole.stack.state(number)["network"], later.stack.state(number)["network"]
        assert all(torch.equal(one[key], other[key]) for key in one)


def test_a_diverged_network_leaves_the_others_alone():
    """One network whose rate is absurd is reported as diverged; its neighbour trains as if alone."""
    data = invented((1, 28, 28), training=48, test=30, validation=8)
    good, bad = members("LeNet-300-100", [0, 1])
    wild = Member(bad.network, good.seed, 1e30, bad.mask)
    for kind in KINDS:
        training = StackTraining(KINDS[kind]([good, wild], SGD), data, SGD)
        courses = training.run()
        assert courses[0].failure is None
        assert courses[1].failure == "diverged in epoch 1: the loss is not finite"
        assert training.stack.state(0)["network"]["1.weight"].isfinite().all()
        good, bad = members("LeNet-300-100", [0, 1])
        wild = Member(bad.network, good.seed, 1e30, bad.mask)


def test_half_precision_is_half_precision_and_no_more():
    """In bf16 weights and evaluation stay in fp32, and the typical hidden unit learns the same to within 1 %.

    Each bf16 rounding is 2^-9 and a step has a few of them. The median is taken because a rectifier whose input is
    next to zero may open in one precision only, which changes all that its unit learns from that image.
    """
    data = invented((1, 28, 28), training=48, test=30, validation=8)
    member = members("LeNet-300-100", [0])[0]
    start, keep = member.network.state_dict()["1.weight"].clone(), member.mask["1.weight"]
    learned = {}
    for precision in ("fp32", "bf16"):
        training = StackTraining(Grouped(members("LeNet-300-100"), SGD, "cpu", precision), data, SGD)
        training.run()
        weight = training.stack.state(0)["network"]["1.weight"]
        assert weight.dtype == training.stack.logits(torch.zeros(1, 1, 28, 28)).dtype == torch.float32
        learned[precision] = (weight - start) * keep
    apart = (learned["bf16"] - learned["fp32"]).norm(dim=1) / learned["fp32"].norm(dim=1)
    assert 0 < apart.median() < 0.01


@pytest.mark.usefixtures("float64")
def test_seeds_may_have_unequally_many_networks():
    """Three networks of two seeds in any order are the same networks as alone, dropout too."""

    def small(seed, rate):
        torch.manual_seed(3)
        layers = [torch.nn.Flatten(), torch.nn.Linear(784, 30), torch.nn.ReLU(), SeededDropout(0.5)]
        return Member(torch.nn.Sequential(*layers, torch.nn.Linear(30, 10)), seed, rate)

    given, data = (
        [(1, 0.01), (2, 0.02), (1, 0.03)],
        invented((1, 28, 28), training=48, test=10, validation=8),
    )

    def end(which):
        training = StackTraining(
            Grouped([small(*given[number]) for number in which], SGD, "cpu"), data, SGD
        )
        training.run()
        return [training.stack.state(number)["network"] for number in range(len(which))]

    for number, together in enumerate(end([0, 1, 2])):
        (alone,) = end([number])
        assert_same(alone, together)


class Replay:
    """Stands in for a CUDA graph: it remembers the work instead of its kernels."""

    def __init__(self):
        self.warmed = self.replayed = 0

    def warm(self, work):
        """Runs the work once."""
        self.warmed += 1
        work()

    def record(self, work):
        """Does nothing yet, as a graph does."""

        def replay():
            self.replayed += 1
            work()

        return replay


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("recipe", [SGD.model_copy(update={"epochs": 2}), ADAM], ids=["sgd", "adam"])
def test_a_replayed_step_is_the_step(recipe):
    """From tensors that stay in place, with rates and corrections as tensors, training ends where it otherwise does.

    Two epochs of two full batches and a short one, which is never replayed; dropout goes on from step to step.
    """

    def small(seed, rate):
        torch.manual_seed(3)
        layers = [torch.nn.Flatten(), torch.nn.Linear(784, 30), torch.nn.BatchNorm1d(30), torch.nn.ReLU()]
        return Member(torch.nn.Sequential(*layers, SeededDropout(0.5), torch.nn.Linear(30, 10)), seed, rate)

    data, recorder = invented((1, 28, 28), training=48, test=10, validation=8), Replay()
    plain, replayed = (
        StackTraining(
            Grouped([small(1, 0.01), small(2, 0.005)], recipe, "cpu", capture=bool(used), recorder=used),
            data,
            recipe,
        )
        for used in (None, recorder)
    )
    for training in (plain, replayed):
        training.run()
    assert (recorder.warmed, recorder.replayed) == (3, 1)
    for number in range(2):
        one, other = plain.stack.state(number), replayed.stack.state(number)
        assert one["steps"] == other["steps"] == 6
        assert_same(one["network"], other["network"])


def test_a_step_that_cannot_be_recorded_runs_as_it_is():
    """A library that refuses is a warning, and the training goes on; lack of memory is for the engine to handle."""

    class Refusing(Replay):
        error = RuntimeError("operation not permitted when stream is capturing")

        def record(self, work):  # noqa: ARG002
            raise self.error

    data = invented((1, 28, 28), training=88, test=10, validation=8)
    training = StackTraining(
        Grouped(members("LeNet-300-100"), SGD, "cpu", capture=True, recorder=Refusing()), data, SGD
    )
    with pytest.warns(UserWarning, match="kernel by kernel: operation not permitted"):
        training.run()
    assert training.stack.state(0)["steps"] == 5
    Refusing.error = torch.OutOfMemoryError("invented")
    training = StackTraining(
        Grouped(members("LeNet-300-100"), SGD, "cpu", capture=True, recorder=Refusing()), data, SGD
    )
    with pytest.raises(torch.OutOfMemoryError):
        training.run()


def test_steps_are_captured_on_cuda_only():
    """Elsewhere the wish is refused."""
    with pytest.raises(ValueError, match="captured on a CUDA device only, not on cpu"):
        Grouped(members("LeNet-300-100"), SGD, "cpu", capture=True)


@pytest.mark.usefixtures("float64")
def test_channels_last_changes_the_layout_only():
    """Weights laid out channel by channel last train to the same values."""
    data = invented((3, 32, 32), training=40, test=10, validation=8)
    states = []
    for channels_last in (False, True):
        training = StackTraining(
            Grouped(members("ResNet-20"), SGD, "cpu", channels_last=channels_last), data, SGD
        )
        training.run()
        states.append([training.stack.state(number)["network"] for number in range(4)])
    assert states[1][1]["conv1.weight"].stride() != states[0][1]["conv1.weight"].stride()
    for network, other in zip(*states, strict=True):
        assert_same(network, other)


def test_scoring_leaves_the_network_as_it_is():
    """Gradients for scoring change neither weights nor batch statistics, and follow the seed."""
    network = architecture("CIFAR-VGG").build(seed=1)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    images, labels = torch.randn(4, 3, 32, 32), torch.arange(4)
    first, again, other = (gradients(network, images, labels, seed) for seed in (1, 1, 2))
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())
    assert all(torch.equal(first[key], again[key]) for key in first)
    assert not torch.equal(first["0.weight"], other["0.weight"])


def test_layers_that_cannot_be_stacked_are_refused():
    """A layer that would mix the networks is an error by its name, not a wrong result."""
    with pytest.raises(ValueError, match="layer 1 is a LayerNorm"):
        grouped(torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.LayerNorm(3)), 2, 1)
    with pytest.raises(ValueError, match="shared equally"):
        grouped(torch.nn.Sequential(torch.nn.Linear(3, 3)), 3, 2)


@pytest.mark.parametrize("name", ["AlexNet", "MobileNet-v2"])
def test_stacked_imagenet_networks_equal_single_ones(name):
    """Grouped, strided and depthwise convolutions: outputs and gradients of three as one are those of each alone.

    On two small images in float64, so that sums in another order differ by 1e-9 at most.
    """

    def without_large_layers(seed):
        network = architecture(name).build(10, seed=seed)
        torch.manual_seed(seed)
        last = torch.nn.Linear(256 if name == "AlexNet" else 1280, 10)
        end = (torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), last)
        return torch.nn.Sequential(*network.features, *end).double().eval()

    images = torch.randn(2, 3, 64, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    apart = [without_large_layers(seed) for seed in (1, 2, 3)]
    wide = grouped(apart[0], 3, 1).double().eval()
    for key, tensor in wide.state_dict().items():
        if tensor.ndim:
            tensor.copy_(torch.cat([network.state_dict()[key] for network in apart]))
    answers = wide(images).view(2, 3, 10).transpose(0, 1)
    answers.square().sum().backward()
    for number, network in enumerate(apart):
        alone = network(images)
        torch.testing.assert_close(answers[number], alone, rtol=1e-9, atol=1e-9)
        alone.square().sum().backward()
        for (key, one), parameter in zip(network.named_parameters(), wide.parameters(), strict=True):
            share = parameter.grad.view(3, *one.shape)[number]
            torch.testing.assert_close(share, one.grad, rtol=1e-9, atol=1e-9, msg=key)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("name", architectures())
def test_every_architecture_can_be_stacked(name):
    """Whatever trains alone on a CPU also trains stacked: two networks as one answer as each does.

    Those for large images are sent through without their arithmetic.
    """
    entry = architecture(name)
    is_small = entry.input_shape[1] <= 32
    with torch.device("cpu" if is_small else "meta"):
        alone = [entry.build().eval() for _ in range(2)]
        wide = grouped(alone[0], 2, 1).eval()
        images = torch.ones(2, *entry.input_shape)
    if not is_small:
        assert wide(images).shape == (2, 2 * entry.classes)
        return
    images.uniform_(-1, 1, generator=torch.Generator().manual_seed(1))
    for key, tensor in wide.state_dict().items():
        if tensor.ndim:
            tensor.copy_(torch.cat([network.state_dict()[key] for network in alone]))
    with torch.no_grad():
        answers = wide(images).view(2, 2, entry.classes).transpose(0, 1)
        size = answers.abs().max().item()  # untrained, a VGG answers with numbers far below 1
        assert (answers[0] - answers[1]).abs().max() > 0.01 * size
        for place, network in enumerate(alone):
            torch.testing.assert_close(answers[place], network(images), rtol=0, atol=SUMS * size)


def test_layers_that_look_at_one_number_serve_several_networks():
    """An activation function is the same for all networks."""
    network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.GELU(), torch.nn.Linear(4, 2))
    wide = grouped(network, 2, 1)
    assert wide(torch.zeros(1, 3)).shape == (1, 4)
