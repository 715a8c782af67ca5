"""How much faster networks train together than one at a time by the usual loop over a DataLoader.

Both train the same pruned networks on the same number of images with the same batch size, optimizer and precision on
the CPU. The usual loop reads each image as torchvision's MNIST does: from an array through PIL, ToTensor and Normalize.
Without options: both LeNets, as in their studies on MNIST. Options: --networks K --images N --architecture NAME.
"""

from __future__ import annotations

import argparse
import copy
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from rerun.architectures import architecture
from rerun.baselines import baseline
from rerun.images.in_memory import Data, invented
from rerun.pruning.counts import anatomy
from rerun.pruning.prune import prune
from rerun.study.reading import read_study
from rerun.study.recipe import TrainingRecipe
from rerun.training.member import Member
from rerun.training.on_cpu import SideBySide
from rerun.training.train import StackTraining

RECIPE = TrainingRecipe(optimizer="adam", learning_rate=3e-4, batch_size=128, epochs=1)
STUDIES = ("mnist-lenet-300-100", "mnist-lenet-5-caffe")
MNIST_TRAINING = 60_000
CIFAR_AUGMENTATION = [transforms.RandomHorizontalFlip(), transforms.RandomCrop(32, padding=4)]


class Pictures(Dataset):
    """The same images one by one, through PIL."""

    def __init__(self, data: Data):
        self.images, self.labels = (
            data.training.images.permute(0, 2, 3, 1).squeeze(-1).numpy(),
            data.training.labels,
        )
        augmentation = CIFAR_AUGMENTATION if data.source.flips else []
        normalize = transforms.Normalize(data.source.mean, data.source.std)
        self.transform = transforms.Compose([*augmentation, transforms.ToTensor(), normalize])

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, number: int) -> tuple[torch.Tensor, int]:
        return self.transform(Image.fromarray(self.images[number])), int(self.labels[number])


def usual_loop(member: Member, data: Data, workers: int) -> None:
    """One epoch of one network, its mask applied to the gradients after each backward pass."""
    network = copy.deepcopy(member.network).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=RECIPE.learning_rate)
    keep = {name: member.mask[name] for name, _ in network.named_parameters() if name in member.mask}
    for images, labels in DataLoader(Pictures(data), RECIPE.batch_size, shuffle=True, num_workers=workers):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(images), labels).backward()
        for name, parameter in network.named_parameters():
            if name in keep:
                parameter.grad.mul_(keep[name])
        optimizer.step()


def together(members: list[Member], data: Data, threads: int) -> None:
    """One epoch of all networks side by side, the validation part left out as in the usual loop."""
    stack = SideBySide(members, RECIPE, "cpu", threads)
    training = StackTraining(stack, data, RECIPE)
    training.courses[0].history.append(0)
    training._one_epoch()
    stack.close()


def seconds(work, *given) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work(*given)
    return time.perf_counter() - started


def rates(name: str, networks: int, images: int) -> tuple[float, float]:
    """Images per second over all networks: one at a time by the usual loop, and together; printed too."""
    entry = architecture(name)
    data = invented(entry.input_shape, training=images, test=10, validation=0)
    weights = entry.build(seed=1).state_dict()
    zeros = {key: torch.zeros_like(tensor) for key, tensor in weights.items()}

    def members(count: int) -> list[Member]:
        masks = [
            prune(anatomy(entry.name), weights, zeros, baseline("global-magnitude"), 2 + number % 6, 1)
            for number in range(count)
        ]
        return [Member(entry.build(seed=1), 1, RECIPE.learning_rate, mask) for mask in masks]

    threads = torch.get_num_threads()
    plain = min(seconds(usual_loop, members(1)[0], data, workers) for workers in (0, 2))
    ready = members(networks)
    torch.set_num_threads(1)
    ours = seconds(together, ready, data, threads)
    torch.set_num_threads(threads)
    alone, side_by_side = images / plain, networks * images / ours
    print(
        f"{entry.name} on {threads} cores, batch {RECIPE.batch_size}, fp32, images per second over all networks:"
    )
    print(f"  one at a time, DataLoader (faster of 0 and 2 workers): {alone:10,.0f}")
    print(f"  {networks:2} side by side:                                      {side_by_side:10,.0f}")
    print(f"  ratio: {side_by_side / alone:.1f}", flush=True)
    return alone, side_by_side


def whole_studies() -> None:
    """Both studies of LeNets on MNIST, and how much longer all their fine-tuning takes one network at a time."""
    alone = ours = 0.0
    for study in map(read_study, STUDIES):
        pruned = [run for run in study.runs if run.ratio > 1]
        networks = sum(run.seed == pruned[0].seed for run in pruned)
        plain, together_ = rates(study.file.architecture, networks, 6400)
        work = len(pruned) * study.file.fine_tuning.epochs * (MNIST_TRAINING - study.file.validation)
        alone, ours = alone + work / plain, ours + work / together_
    print(
        f"fine-tuning both grids ({', '.join(STUDIES)}): {alone / 60:.0f} min one at a time, {ours / 60:.0f} together"
    )
    print(f"  ratio: {alone / ours:.1f}")


def main() -> None:
    """Prints both rates in images per second over all networks, and their ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--networks", type=int, default=30)
    options.add_argument("--images", type=int, default=6400)
    options.add_argument(
        "--architecture", help="one network only; left out: both LeNets, weighted as in their studies"
    )
    chosen = options.parse_args()
    if chosen.architecture:
        rates(chosen.architecture, chosen.networks, chosen.images)
    else:
        whole_studies()


if __name__ == "__main__":
    main()
