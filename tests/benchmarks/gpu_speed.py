"""How much faster networks train together on a GPU than one at a time by the usual loop on the same GPU.

Both train pruned networks on images of CIFAR-10's size with the same batch size, optimizer and augmentation; ours in
bf16 (and in fp32 with --fp32), the usual loop in both of its usual ways: fp32, and bf16 autocast; the faster counts.
Then a profile says what bounds a step. Without a GPU it says so and ends.
Options: --architecture NAME (ResNet-20) --networks K [K ...] (as many as fit) --images N (16,384) --epochs N (3)
--fp32.
"""

from __future__ import annotations

import argparse
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.transforms import v2

from rerun.architectures import NetworkBuilder, architecture
from rerun.baselines import baseline
from rerun.engine.capacity import activation_values, networks_at_once
from rerun.images.in_memory import SOURCES, Data, invented
from rerun.pruning.counts import anatomy
from rerun.pruning.prune import prune
from rerun.study.recipe import TrainingRecipe
from rerun.training.device import choose_device
from rerun.training.member import Member
from rerun.training.on_gpu import Grouped
from rerun.training.train import StackTraining

DEVICE = "cuda"
RECIPE = TrainingRecipe(
    optimizer="sgd", learning_rate=0.01, momentum=0.9, nesterov=True, batch_size=128, epochs=1
)
PASSES, BYTES_PER_SECOND = 15, 4.0e12
"""An unfused bf16 step moves each activation of a convolution about 15 times; an H200 copies about 4.0 TB/s."""


def images_like_cifar(count: int) -> Data:
    """Invented images, cropped and mirrored as CIFAR-10's are."""
    data = invented((3, 32, 32), training=count, test=10, validation=0)
    return Data(SOURCES["CIFAR-10"], data.training, data.validation, data.test, data.checksum)


def pruned(entry: NetworkBuilder, count: int) -> list[Member]:
    """Networks of one seed, each with another mask."""
    weights = entry.build(10, seed=1).state_dict()
    zeros = {name: torch.zeros_like(tensor) for name, tensor in weights.items()}
    masks = [
        prune(
            anatomy(entry.name, 10),
            weights,
            zeros,
            baseline("random-global"),
            2 ** (1 + number % 5),
            number,
        )
        for number in range(count)
    ]
    return [Member(entry.build(10, seed=1), 1, RECIPE.learning_rate, mask) for mask in masks]


def usual_loop(entry: NetworkBuilder, data: Data, *, half: bool) -> float:
    """Images per second of one network by a DataLoader, augmentation image by image, and torch's own optimizer."""
    member = pruned(entry, 1)[0]
    network = member.network.to(DEVICE).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.SGD(network.parameters(), lr=RECIPE.learning_rate, momentum=0.9, nesterov=True)
    keep = [(network.get_parameter(name), mask.to(DEVICE)) for name, mask in member.mask.items()]
    change = v2.Compose(
        [v2.RandomCrop(32, padding=4), v2.RandomHorizontalFlip(), v2.ToDtype(torch.float32, scale=True)]
    )
    loader = DataLoader(
        Changed(data, change),
        RECIPE.batch_size,
        shuffle=True,
        num_workers=8,
        pin_memory=True,
        persistent_workers=True,
    )
    for _ in range(2):  # the first epoch starts the workers and warms up
        torch.cuda.synchronize()
        started = time.perf_counter()
        for images, labels in loader:
            images, labels = (part.to(DEVICE, non_blocking=True) for part in (images, labels))
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(DEVICE, torch.bfloat16, enabled=half):
                loss = nn.functional.cross_entropy(network(images), labels)
            loss.backward()
            for parameter, mask in keep:
                parameter.grad.mul_(mask)
            optimizer.step()
        torch.cuda.synchronize()
    return len(data.training) / (time.perf_counter() - started)


class Changed(TensorDataset):
    """The images one by one, each changed as torchvision does it."""

    def __init__(self, data: Data, change: v2.Transform):
        super().__init__(data.training.images, data.training.labels)
        self.change = change

    def __getitem__(self, number: int) -> tuple[torch.Tensor, torch.Tensor]:
        image, label = super().__getitem__(number)
        return self.change(image), label


def training_of(
    entry: NetworkBuilder, data: Data, count: int, precision: str, **options: bool
) -> StackTraining:
    """`count` networks on the GPU, nothing measured before they train."""
    training = StackTraining(
        Grouped(pruned(entry, count), RECIPE, DEVICE, precision, **options), data, RECIPE
    )
    training.courses[0].history.append(0)
    return training


def together(training: StackTraining, epochs: int) -> float:
    """Images per second over all networks; the first epoch, with warm-up and capture, does not count."""
    training._one_epoch()
    torch.cuda.synchronize()
    started = time.perf_counter()
    for _ in range(epochs):
        training._one_epoch()
    torch.cuda.synchronize()
    seconds = time.perf_counter() - started
    return epochs * len(training.stack) * len(training.data.training) / seconds


def profile(training: StackTraining) -> None:
    """Prints how busy the GPU is during an epoch, and the kernels that take most of its time."""
    activities = [torch.profiler.ProfilerActivity.CUDA]
    torch.cuda.synchronize()
    started = time.perf_counter()
    with torch.profiler.profile(activities=activities) as seen:
        training._one_epoch()
        torch.cuda.synchronize()
    wall = time.perf_counter() - started
    kernels = sorted(seen.key_averages(), key=lambda kernel: kernel.self_device_time_total, reverse=True)
    busy = max(1e-9, sum(kernel.self_device_time_total for kernel in kernels) / 1e6)
    print(f"  profile: kernels run {busy:.2f} s of {wall:.2f} s; the longest:")
    for kernel in kernels[:12]:
        share = kernel.self_device_time_total / 1e6 / busy
        print(f"    {share:5.1%}  {kernel.count:7,} calls  {kernel.key[:90]}")


def memory_limit(entry: NetworkBuilder) -> float:
    """Training images per second if moving activations were all there is to do."""
    convolutions = activation_values(entry, 10, nn.Conv2d)
    return BYTES_PER_SECOND / (PASSES * 2 * convolutions)


def compared(
    entry: NetworkBuilder, data: Data, counts: list[int], precision: str, epochs: int
) -> tuple[float, int, dict]:
    """The best rate with its number of networks and its options, every rate printed."""
    tried = []
    for count in counts:
        for layout in (True, False):
            options = {"capture": True, "channels_last": layout}
            rate = measured(entry, data, count, precision, options, epochs)
            tried.append((rate, count, options))
            name = "channels last" if layout else "channels first"
            print(
                f"  {count:3} together, {precision}, captured, {name:14}: {rate:12,.0f} images/s over all",
                flush=True,
            )
    rate, count, options = max(tried, key=lambda one: one[0])
    eager = measured(entry, data, count, precision, {**options, "capture": False}, 1)
    print(f"  {count:3} together, {precision}, kernel by kernel:         {eager:12,.0f} images/s over all")
    return rate, count, options


def main() -> None:
    """Prints the rates with their ratio, then a profile."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--architecture", default="ResNet-20")
    options.add_argument("--networks", type=int, nargs="+")
    options.add_argument("--images", type=int, default=16_384)
    options.add_argument("--epochs", type=int, default=3)
    options.add_argument("--fp32", action="store_true")
    chosen = options.parse_args()
    if not torch.cuda.is_available():
        print("gpu_speed: there is no GPU here, nothing was measured")
        return
    entry, data = architecture(chosen.architecture), images_like_cifar(chosen.images)
    print(
        f"{entry.name} on {torch.cuda.get_device_name()}, torch {torch.__version__}, batch {RECIPE.batch_size}"
    )
    plain = {half: usual_loop(entry, data, half=half) for half in (False, True)}
    print(f"  one at a time, DataLoader: {plain[False]:,.0f} images/s in fp32, {plain[True]:,.0f} in bf16")
    precision = choose_device(DEVICE, "fp32" if chosen.fp32 else "bf16").precision
    most = networks_at_once(entry, 10, RECIPE.batch_size, DEVICE, 1, precision=precision)
    counts = chosen.networks or sorted({min(most, count) for count in (8, 16, 32, 64, 128)})
    ready, limit = data.to(DEVICE), memory_limit(entry)
    rate, count, best = compared(entry, ready, counts, precision, chosen.epochs)
    print(
        f"  ratio to one at a time: {rate / max(plain.values()):.1f}; {rate / limit:.0%} of a memory-bound {limit:,.0f}"
    )
    if rate:
        training = training_of(entry, ready, count, precision, **best)
        together(training, 1)
        profile(training)


def measured(
    entry: NetworkBuilder, data: Data, count: int, precision: str, options: dict, epochs: int
) -> float:
    """Images per second; 0 if the networks do not fit."""
    training = None
    try:
        training = training_of(entry, data, count, precision, **options)
        return together(training, epochs)
    except torch.OutOfMemoryError:
        print(f"  {count:3} together do not fit")
        return 0.0
    finally:
        if training is not None:
            training.stack.close()
        del training
        torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
