"""What is kept of a run: one flat row, finished or failed with its reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

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
from rerun.study.study import Dense, PlannedRun
from rerun.training.device import Device
from rerun.training.member import Member
from rerun.training.train import Course, StackTraining


@dataclass(frozen=True)
class TrainedNetwork:
    """A network at the end of its training: its place in the stack, its test accuracy, its share of the seconds."""

    training: StackTraining
    place: int
    accuracy: Accuracy
    seconds: float
    device: Device

    @property
    def course(self) -> Course:
        """Its way through the training."""
        return self.training.courses[self.place]

    @property
    def member(self) -> Member:
        """The network as it began."""
        return self.training.stack.members[self.place]


def weights_digest(weights: dict[str, Tensor]) -> str:
    """16 hexadecimal digits that belong to these weights alone."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode() + weights[name].detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def dense_row(dense: Dense, trained: TrainedNetwork) -> dict:
    """The row of an unpruned network; it failed if it diverged or is worse than the study allows."""
    course, limit = trained.course, dense.error_limit
    error = 100 - 100 * max(course.history) / len(trained.training.data.validation)
    failure = course.failure
    if failure is None and limit is not None and error > limit:
        failure = f"unpruned validation error is {error:.2f} %, above the {limit:g} % that the study allows"
    counts = _counts(dense, trained)
    return {
        "initial": dense.initial,
        "failure": failure,
        **_measured(trained),
        "params": counts.params,
        "flops": counts.multiply_adds,
        "initial_weights": weights_digest(course.best),
        "trainability_accuracy": _trainability_accuracy(trained),
    }


def finished_row(run: PlannedRun, trained: TrainedNetwork, dense_digest: str) -> dict:
    """The row of a network pruned at once; `dense_digest` is that of the unpruned network's weights."""
    return {
        **_identity(run),
        "failure": trained.course.failure,
        **_measured(trained),
        **_sizes(_counts(run.dense, trained), trained.member),
        "initial_weights": dense_digest,
        "trainability_accuracy": _trainability_accuracy(trained),
    }


def round_row(run: PlannedRun, trained: TrainedNetwork, rewound_digest: str) -> dict:
    """The row of a round; `rewound_digest` is that of the weights it began with, before the mask."""
    counts, mask = _counts(run.dense, trained), trained.member.mask
    row = {
        **_identity(run),
        "failure": trained.course.failure,
        **_measured(trained),
        "initial_weights": rewound_digest,
    }
    if mask is None:
        return row | {"density": 1.0, "params": counts.params, "flops": counts.multiply_adds}
    return row | {"density": mask.kept / (mask.kept + mask.removed), **_masked(counts, mask)}


def failed_row(run: PlannedRun, reason: str) -> dict:
    """The row of a run that gave no network."""
    return {**_identity(run), "failure": reason}


def _identity(run: PlannedRun) -> dict:
    """Which run of its study it is."""
    if run.dense.study.file.rounds is not None:
        return {"initial": run.dense.initial, "round": run.round, "seed": run.dense.seed}
    return {
        "initial": run.dense.initial,
        "method": run.method,
        "requested_ratio": run.ratio,
        "seed": run.seed,
        "arm": run.arm or "",
        "plan": run.plan or "",
    }


def _counts(dense: Dense, trained: TrainedNetwork) -> Anatomy:
    return anatomy(dense.architecture, trained.training.data.source.classes)


def _trainability_accuracy(trained: TrainedNetwork) -> str:
    """Mean validation accuracy over the epochs of the first learning-rate stage (Wang et al. 2023), percent.

    Comparable only under the same schedule.
    """
    training = trained.training
    hits = trained.course.history[1 : 1 + training.recipe.first_stage]
    return f"{100 * sum(hits) / (len(hits) * len(training.data.validation)):.4f}"


def _sizes(counts: Anatomy, member: Member) -> dict:
    return _masked(counts, member.mask) if member.anatomy is None else _smaller(counts, member.anatomy)


def _masked(counts: Anatomy, mask: Mask) -> dict:
    """Sizes of a network with a mask, and what is left of each layer."""
    return {
        "params": kept_params(counts, mask),
        "flops": kept_multiply_adds(counts, mask),
        "collapsed_layers": " ".join(collapsed(counts, mask)),
        "layer_densities": _densities(densities(counts, mask)),
    }


def _smaller(counts: Anatomy, left: Anatomy) -> dict:
    """Sizes of a network that lost whole filters; its density in a layer is against the unpruned one."""
    kept = {}
    for small, whole in zip(left.layers, counts.layers, strict=True):
        kept[whole.name] = (small.weights, whole.weights)
    return {
        "params": left.params,
        "flops": left.multiply_adds,
        "collapsed_layers": "",
        "layer_densities": _densities(kept),
    }


def _densities(kept: dict[str, tuple[int, int]]) -> str:
    return " ".join(f"{name}={left}/{size}" for name, (left, size) in kept.items())


def _measured(trained: TrainedNetwork) -> dict:
    """What every row of a trained network says: accuracies, epochs, time, device."""
    training, course, accuracy = trained.training, trained.course, trained.accuracy
    images = len(training.data.validation)
    return {
        "top1_hits": accuracy.top1,
        "top5_hits": accuracy.top5,
        "test_images": accuracy.images,
        "validation_top1": _percent(max(course.history), images),
        "validation_history": " ".join(f"{_percent(hits, images):g}" for hits in course.history),
        "best_epoch": course.best_epoch,
        "epochs": training.epoch,
        "networks_at_once": len(training.stack),
        "seconds": round(trained.seconds, 2),
        "device": trained.device.title,
        "precision": trained.device.precision,
    }


def _percent(hits: int, images: int) -> float:
    return round(100 * hits / images, 4)
