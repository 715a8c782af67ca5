"""What is kept of a run: one flat row, finished or failed with its reason."""

from __future__ import annotations

import hashlib

from torch import Tensor

from rerun.pruning.counts import (
    Accuracy,
    Anatomy,
    anatomy,
    collapsed,
    densities,
    kept_multiply_adds,
    kept_params,
)
from rerun.pruning.masks import Mask
from rerun.study.grid_study import Dense, Run
from rerun.training.device import Device
from rerun.training.member import Member
from rerun.training.train import Training


def weights_digest(weights: dict[str, Tensor]) -> str:
    """16 hexadecimal digits that belong to these weights alone."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode() + weights[name].detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def dense_row(
    entry: Dense, training: Training, number: int, accuracy: Accuracy, seconds: float, device: Device
) -> dict:
    """The row of an unpruned network; it failed if it diverged or is worse than the study allows."""
    course, limit = training.courses[number], entry.recipe.validation_error_at_most
    error = 100 - 100 * max(course.history) / len(training.data.validation)
    failure = course.failure
    if failure is None and limit is not None and error > limit:
        failure = f"unpruned validation error is {error:.2f} %, above the {limit:g} % that the study allows"
    counts = _counts(entry, training)
    return {
        "initial": entry.initial,
        "failure": failure,
        **measured(training, number, accuracy, seconds, device),
        "params": counts.params,
        "flops": counts.multiply_adds,
        "initial_weights": weights_digest(course.best),
        "trainability_accuracy": trainability_accuracy(training, number),
    }


def finished_row(
    run: Run,
    training: Training,
    number: int,
    accuracy: Accuracy,
    seconds: float,
    device: Device,
    weights: str,
) -> dict:
    """The row of a pruned and fine-tuned network; `weights` is the digest of the unpruned one."""
    member = training.stack.members[number]
    return {
        **_of(run),
        "failure": training.courses[number].failure,
        **measured(training, number, accuracy, seconds, device),
        **_sizes(_counts(run.dense, training), member),
        "initial_weights": weights,
        "trainability_accuracy": trainability_accuracy(training, number),
    }


def trainability_accuracy(training: Training, number: int) -> str:
    """Mean validation accuracy over the epochs of the first learning-rate stage (Wang et al. 2023), percent.

    Comparable only under the same schedule.
    """
    hits = training.courses[number].history[1 : 1 + training.recipe.first_stage]
    return f"{100 * sum(hits) / (len(hits) * len(training.data.validation)):.4f}"


def _sizes(counts: Anatomy, member: Member) -> dict:
    return masked(counts, member.mask) if member.anatomy is None else _smaller(counts, member)


def masked(counts: Anatomy, mask: Mask) -> dict:
    """Sizes of a network with a mask, and what is left of each layer."""
    return {
        "params": kept_params(counts, mask),
        "flops": kept_multiply_adds(counts, mask),
        "collapsed_layers": " ".join(collapsed(counts, mask)),
        "layer_densities": _densities(densities(counts, mask)),
    }


def _smaller(counts: Anatomy, member: Member) -> dict:
    """Sizes of a network that lost whole filters; its density in a layer is against the unpruned one."""
    pairs = zip(member.anatomy.layers, counts.layers, strict=True)
    return {
        "params": member.anatomy.params,
        "flops": member.anatomy.multiply_adds,
        "collapsed_layers": "",
        "layer_densities": _densities({whole.name: (left.weights, whole.weights) for left, whole in pairs}),
    }


def _densities(kept: dict[str, tuple[int, int]]) -> str:
    return " ".join(f"{name}={left}/{size}" for name, (left, size) in kept.items())


def failed_row(run: Run, reason: str) -> dict:
    """The row of a run that gave no network."""
    return {**_of(run), "failure": reason}


def _of(run: Run) -> dict:
    return {
        "initial": run.dense.initial,
        "method": run.method,
        "requested_ratio": run.ratio,
        "seed": run.seed,
        "arm": run.arm or "",
        "plan": run.plan or "",
    }


def _counts(dense: Dense, training: Training) -> Anatomy:
    return anatomy(dense.study.file.architecture, training.data.source.classes)


def measured(training: Training, number: int, accuracy: Accuracy, seconds: float, device: Device) -> dict:
    """What every row of a trained network says: accuracies, epochs, time, device."""
    course, images = training.courses[number], len(training.data.validation)
    return {
        "top1_hits": accuracy.top1,
        "top5_hits": accuracy.top5,
        "test_images": accuracy.images,
        "validation_top1": _percent(max(course.history), images),
        "validation_history": " ".join(f"{_percent(hits, images):g}" for hits in course.history),
        "best_epoch": course.best_epoch,
        "epochs": training.epoch,
        "networks_at_once": len(training.stack),
        "seconds": round(seconds, 2),
        "device": device.title,
        "precision": device.precision,
    }


def _percent(hits: int, images: int) -> float:
    return round(100 * hits / images, 4)
