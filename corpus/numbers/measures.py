"""The registry of measures: what a paper may report, one entry each. Every other list of measures derives from it.

To add a measure, add an entry to `_ENTRIES`. It is then a key of papers' files and of schema.json, a column of released
tables, of the table `points` and of `find`, a line of `show` and of `explain`, and a choice in figures and in the app,
unless its entry names other places. Nothing else has to be changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ACCURACY, CHANGE, COUNT, FRACTION, RATIO = "accuracy", "change", "count", "fraction", "ratio"
NUMBER = "number"
SCORE, RELATIVE, SHARE = "score", "relative", "share"
UNPRUNED = "unpruned_"
"""What stands before the name of a measure that is of the unpruned network."""
BELOW = 1e18
"""Counts, ratios and plain numbers must be smaller, unless an entry says otherwise: nothing measured on a network comes
near, so it is a slip."""
DIGITS = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
"""A number without its unit, as a regular expression."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of one kind are written, and what they can be.

    `mark` is the regular expression of what follows the digits; in `{unit}` of it the measure's own unit is put. Values
    lie between `low` and `high`, in the unit they are kept in: percent, percentage points, plain counts, fractions of
    1, ratios. Where `above_zero` is true, zero is impossible too. A standard deviation may follow, such as `± 0.2%`.
    """

    name: str
    unit: str
    example: str
    mark: str
    low: float = 0.0
    high: float = float("inf")
    above_zero: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        # A share of test images that are classified rightly; a SCORE is any other share, of answers, boxes or words.
        Kind(ACCURACY, "percent, 0 to 100", "93.04%", r"\s*%", 0, 100),
        Kind(SCORE, "percent, 0 to 100", "41.2%", r"\s*%", 0, 100),
        Kind(CHANGE, "percentage points", "-0.4%", r"\s*%", -100, 100),
        Kind(RELATIVE, "percent of the unpruned value", "-41%", r"\s*%", -100),
        Kind(FRACTION, "fraction, written as %", "60%", r"\s*%", 0, 1),
        # Of the unpruned network's value, and so perhaps more than all of it.
        Kind(SHARE, "share of the unpruned value, written as %", "97.5%", r"\s*%"),
        Kind(COUNT, "count", "8.5e5 (or 0.85M)", r"\s*(?P<suffix>[KMGB]?)", above_zero=True),
        Kind(RATIO, "ratio", "2.7x", r"\s*[x×]?", above_zero=True),
        # A positive number in a unit of its own: milliseconds, images per second, perplexity. The unit is written as
        # the entry has it, or left out; another one is refused, for 2 s must not pass as 2 ms. Where the entry lists
        # several units, one of them must be written.
        Kind(NUMBER, "number", "12.5", r"(?:\s*{unit})?", above_zero=True),
    )
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is kept, and how many of it one written unit is: 1 s is 1000 of `ms`."""

    name: str
    factor: float = 1


MILLISECONDS = {"ms": Unit("ms"), "s": Unit("ms", 1000)}
MEGABYTES = {
    "MB": Unit("MB"),
    "MiB": Unit("MB", 2**20 / 10**6),
    "GB": Unit("MB", 1000),
    "KB": Unit("MB", 0.001),
}
GIGABYTES = {
    "GB": Unit("GB"),
    "GiB": Unit("GB", 2**30 / 10**9),
    "MB": Unit("GB", 0.001),
    "MiB": Unit("GB", 2**20 / 10**9),
}
PER_SECOND = {"images/s": Unit("images/s"), "tokens/s": Unit("tokens/s"), "FPS": Unit("images/s")}
"""Images and tokens are different things: such values keep their unit and are never set side by side."""

PARTS_OF_ONE = (FRACTION, SHARE)
"""Kinds that are written in percent and kept as parts of 1."""

POINTS, FIND, LISTING, SHOW, AXES = "points", "find", "listing", "show", "axes"
"""Where a measure can be seen: as a column of the table `points`, as a column of what `find` returns, in the narrower
table that the verb `find` prints, in the rows that `show` and a paper's page print, as an axis that figures and the app
offer."""
LAST = 100
"""The rank of a measure that stands after those that were there before it."""


def _everywhere() -> dict[str, int]:
    return dict.fromkeys((POINTS, FIND, LISTING, SHOW, AXES), LAST)


@dataclass(frozen=True, slots=True)
class Measure:
    """One entry of the registry.

    `kind` is one of KINDS; `unit` and `example` are the kind's unless given. `better` is the direction that is better.
    `label` is what an axis or a menu says, `short` the head of a narrow column.
    `of_unpruned`: an unpruned network can have it; derivations then put `unpruned_` before its name.
    `has_std`: the public tables have a column `<name>_std`, and so may a released table.
    `compares_routes`: where several routes lead to it, they are set against each other.
    `twin_of`: the measure that it repeats for something else (Top-5 in place of Top-1, multiply-adds in place of
    parameters); identities written for that one hold for this one too.
    `amount_of`: the count whose decrease it states.
    `is_complement`: it states another measure as 100 minus that one, and so is not shown beside it.
    `axis`: where a tradeoff puts it; x for how much was pruned, y for what that cost.
    `protocol`: keys of a block's `protocol` on which two values must agree to be comparable (the device of a latency,
    the calibration data of a perplexity); where none of them is printed the value says so.
    `units`: by spelling, the units it may be written in, where there are several.
    `below`: values must be smaller.
    `places`: where it is seen, with its rank there; equal ranks keep the order of the registry.
    """

    name: str
    kind: str
    definition: str
    better: Literal["higher", "lower"]
    label: str
    short: str = ""
    unit: str = ""
    example: str = ""
    of_unpruned: bool = False
    has_std: bool = False
    compares_routes: bool = False
    twin_of: str | None = None
    amount_of: str | None = None
    is_complement: bool = False
    axis: Literal["x", "y"] = "y"
    protocol: tuple[str, ...] = ()
    units: Mapping[str, Unit] = field(default_factory=dict)
    below: float = BELOW
    places: Mapping[str, int] = field(default_factory=_everywhere)

    def __post_init__(self) -> None:
        kind = KINDS[self.kind]
        filled = {"unit": kind.unit, "example": kind.example, "short": self.label}
        for name, value in filled.items():
            if not getattr(self, name):
                object.__setattr__(self, name, value)  # the dataclass is frozen; nothing else sets fields

    @property
    def pattern(self) -> str:
        """The regular expression of one printed number, without anchors.

        Its groups are `number` and, where such may stand, `suffix` (K, M, G or B), `unit` and `std` (the deviation,
        with `std_suffix` and `std_unit`).
        """
        spread = rf"(?P<std>(?:\d+(?:\.\d*)?|\.\d+)){self._mark('std_')}"
        return rf"(?P<number>{DIGITS}){self._mark()}(?:\s*(?:±|\+/-)\s*{spread})?"

    def _mark(self, prefix: str = "") -> str:
        """What follows the digits, with `prefix` before the names of its groups."""
        if self.units:
            longest_first = sorted(self.units, key=len, reverse=True)
            return rf"\s*(?P<{prefix}unit>{'|'.join(map(re.escape, longest_first))})"
        mark = KINDS[self.kind].mark.replace("{unit}", re.escape(self.unit))
        return mark.replace("(?P<", f"(?P<{prefix}")


def _seen(*places: str) -> dict[str, int]:
    return dict.fromkeys(places, LAST)


OF_RUNS = ("device", "batch_size", "runtime", "precision", "threads")
"""What the speed of a network depends on, beside the network."""
OF_LANGUAGE_MODELS = ("test_set", "sequence_length", "calibration_data", "calibration_samples")
OF_TASKS = ("harness", "metric", "shots")

_ENTRIES = (
    Measure(
        "top1",
        ACCURACY,
        "Top-1 accuracy",
        "higher",
        label="Top-1 accuracy (%)",
        short="Top-1",
        of_unpruned=True,
        has_std=True,
        compares_routes=True,
        places={POINTS: 3, FIND: 5, SHOW: 3, AXES: 5},
    ),
    Measure(
        "top5",
        ACCURACY,
        "Top-5 accuracy",
        "higher",
        label="Top-5 accuracy (%)",
        short="Top-5",
        of_unpruned=True,
        compares_routes=True,
        twin_of="top1",
        places={POINTS: 4, FIND: 6, SHOW: 5, AXES: 6},
    ),
    Measure(
        "top1_error",
        ACCURACY,
        "100 minus the Top-1 accuracy",
        "lower",
        label="Top-1 error (%)",
        of_unpruned=True,
        is_complement=True,
        places={},
    ),
    Measure(
        "top5_error",
        ACCURACY,
        "100 minus the Top-5 accuracy",
        "lower",
        label="Top-5 error (%)",
        of_unpruned=True,
        twin_of="top1_error",
        is_complement=True,
        places={},
    ),
    Measure(
        "top1_change",
        CHANGE,
        "Top-1 accuracy, pruned minus unpruned",
        "higher",
        label="Change in Top-1 (points)",
        short="Top-1 change",
        compares_routes=True,
        places={POINTS: 5, FIND: 3, LISTING: 3, SHOW: 4, AXES: 3},
    ),
    Measure(
        "top5_change",
        CHANGE,
        "Top-5 accuracy, pruned minus unpruned",
        "higher",
        label="Change in Top-5 (points)",
        short="Top-5 change",
        compares_routes=True,
        twin_of="top1_change",
        places={POINTS: 6, FIND: 4, LISTING: 4, SHOW: 6, AXES: 4},
    ),
    Measure(
        "params",
        COUNT,
        "parameters of the network",
        "lower",
        label="Parameters",
        of_unpruned=True,
        places={POINTS: 7},
    ),
    Measure(
        "flops",
        COUNT,
        "multiply-adds of convolutions and linear layers, one input",
        "lower",
        label="Multiply-adds",
        of_unpruned=True,
        twin_of="params",
        places={POINTS: 8},
    ),
    Measure(
        "params_pruned",
        FRACTION,
        "parameters removed, of the unpruned network's",
        "higher",
        label="Parameters pruned",
        amount_of="params",
        axis="x",
        places={},
    ),
    Measure(
        "params_kept",
        FRACTION,
        "parameters kept, of the unpruned network's",
        "lower",
        label="Parameters kept",
        amount_of="params",
        axis="x",
        places={},
    ),
    Measure(
        "flops_pruned",
        FRACTION,
        "multiply-adds removed, of the unpruned network's",
        "higher",
        label="Multiply-adds pruned",
        twin_of="params_pruned",
        amount_of="flops",
        axis="x",
        places={},
    ),
    Measure(
        "flops_kept",
        FRACTION,
        "multiply-adds kept, of the unpruned network's",
        "lower",
        label="Multiply-adds kept",
        twin_of="params_kept",
        amount_of="flops",
        axis="x",
        places={},
    ),
    Measure(
        "compression_ratio",
        RATIO,
        "unpruned parameters / pruned parameters",
        "higher",
        label="Compression ratio",
        short="compression",
        compares_routes=True,
        amount_of="params",
        axis="x",
        places={POINTS: 1, FIND: 1, LISTING: 1, SHOW: 1, AXES: 1},
    ),
    Measure(
        "theoretical_speedup",
        RATIO,
        "unpruned multiply-adds / pruned multiply-adds",
        "higher",
        label="Theoretical speedup",
        short="speedup",
        compares_routes=True,
        twin_of="compression_ratio",
        amount_of="flops",
        axis="x",
        places={POINTS: 2, FIND: 2, LISTING: 2, SHOW: 2, AXES: 2},
    ),
    Measure(
        "top1_drop",
        CHANGE,
        "Top-1 accuracy, unpruned minus pruned, as printed; the change is minus that",
        "lower",
        label="Drop of Top-1 (points)",
        unit="percentage points, positive where accuracy was lost",
        example="0.4%",
        is_complement=True,
        places={},
    ),
    Measure(
        "top5_drop",
        CHANGE,
        "Top-5 accuracy, unpruned minus pruned, as printed; the change is minus that",
        "lower",
        label="Drop of Top-5 (points)",
        unit="percentage points, positive where accuracy was lost",
        example="0.2%",
        twin_of="top1_drop",
        is_complement=True,
        places={},
    ),
    Measure(
        "sparsity",
        FRACTION,
        "weights that are zero, of those that may be pruned",
        "higher",
        label="Sparsity",
        example="90%",
        axis="x",
        protocol=("sparsity_of",),
        places=_seen(POINTS, FIND, LISTING, SHOW, AXES),
    ),
    Measure(
        "perplexity",
        NUMBER,
        "perplexity of a language model; the data set is the test set",
        "lower",
        label="Perplexity",
        example="6.51",
        of_unpruned=True,
        protocol=OF_LANGUAGE_MODELS,
        places=_seen(POINTS, FIND, LISTING, SHOW, AXES),
    ),
    Measure(
        "task_accuracy",
        SCORE,
        "accuracy at a named task that is not the classification of images; the data set is the task",
        "higher",
        label="Task accuracy (%)",
        short="accuracy",
        example="75.0%",
        of_unpruned=True,
        protocol=OF_TASKS,
        places=_seen(POINTS, FIND, LISTING, SHOW, AXES),
    ),
    Measure(
        "task_accuracy_change",
        CHANGE,
        "accuracy at the task, pruned minus unpruned",
        "higher",
        label="Change in task accuracy (points)",
        short="accuracy change",
        protocol=OF_TASKS,
        places=_seen(POINTS, FIND, SHOW),
    ),
    Measure(
        "trainability_accuracy",
        NUMBER,  # the tables of our own runs have it without its unit
        "mean accuracy over the epochs of the first learning-rate stage after pruning",
        "higher",
        label="Trainability (%)",
        unit="%",
        example="83.0%",
        below=100,
        of_unpruned=True,
        places=_seen(SHOW),
    ),
    Measure(
        "map",
        SCORE,
        "mean average precision of detection, or average precision of pose estimation",
        "higher",
        label="mAP (%)",
        short="mAP",
        example="41.2%",
        of_unpruned=True,
        places=_seen(FIND, LISTING, SHOW, AXES),
    ),
    Measure(
        "map_change",
        CHANGE,
        "mAP, pruned minus unpruned",
        "higher",
        label="Change in mAP (points)",
        short="mAP change",
        places=_seen(SHOW),
    ),
    Measure(
        "map_drop",
        CHANGE,
        "mAP, unpruned minus pruned, as printed; the change is minus that",
        "lower",
        label="Drop of mAP (points)",
        unit="percentage points, positive where precision was lost",
        example="0.4%",
        is_complement=True,
        places={},
    ),
    Measure(
        "miou",
        SCORE,
        "mean intersection over union of segmentation",
        "higher",
        label="mIoU (%)",
        short="mIoU",
        example="41.2%",
        of_unpruned=True,
        places=_seen(FIND, LISTING, SHOW),
    ),
    Measure(
        "f1",
        SCORE,
        "F1 score of the task that the data set names",
        "higher",
        label="F1 (%)",
        short="F1",
        example="88.5%",
        of_unpruned=True,
        places=_seen(FIND, LISTING, SHOW),
    ),
    Measure(
        "f1_change",
        CHANGE,
        "F1, pruned minus unpruned",
        "higher",
        label="Change in F1 (points)",
        short="F1 change",
        places=_seen(SHOW),
    ),
    Measure(
        "exact_match",
        SCORE,
        "answers that match exactly",
        "higher",
        label="Exact match (%)",
        short="Exact match",
        example="81.4%",
        of_unpruned=True,
        places=_seen(FIND, LISTING, SHOW),
    ),
    Measure(
        "recall1",
        SCORE,
        "queries whose first answer is right (recall at 1)",
        "higher",
        label="Recall at 1 (%)",
        short="Recall at 1",
        example="41.2%",
        of_unpruned=True,
        places=_seen(FIND, LISTING, SHOW),
    ),
    Measure(
        "rouge1",
        SCORE,
        "ROUGE-1 of a summary",
        "higher",
        label="ROUGE-1 (%)",
        short="ROUGE-1",
        example="40.2%",
        of_unpruned=True,
        places=_seen(SHOW),
    ),
    Measure(
        "rouge2",
        SCORE,
        "ROUGE-2 of a summary",
        "higher",
        label="ROUGE-2 (%)",
        short="ROUGE-2",
        example="40.2%",
        of_unpruned=True,
        places=_seen(SHOW),
    ),
    Measure(
        "rougeL",
        SCORE,
        "ROUGE-L of a summary",
        "higher",
        label="ROUGE-L (%)",
        short="ROUGE-L",
        example="40.2%",
        of_unpruned=True,
        places=_seen(SHOW),
    ),
    Measure(
        "loss",
        NUMBER,
        "loss on the test set",
        "lower",
        label="Loss",
        example="2.31",
        of_unpruned=True,
        protocol=OF_LANGUAGE_MODELS,
        places=_seen(SHOW),
    ),
    Measure(
        "accuracy_retained",
        SHARE,
        "accuracy of the pruned network, of the unpruned one's",
        "higher",
        label="Accuracy retained",
        example="99.2%",
        places=_seen(SHOW),
    ),
    Measure(
        "params_change",
        RELATIVE,
        "change of the number of parameters, of the unpruned network's",
        "lower",
        label="Change in parameters (%)",
        is_complement=True,
        places={},
    ),
    Measure(
        "measured_speedup",
        RATIO,
        "time of the unpruned network / time of the pruned one, as measured",
        "higher",
        label="Measured speedup",
        axis="x",
        example="1.9x",
        protocol=OF_RUNS,
        places=_seen(POINTS, FIND, LISTING, SHOW, AXES),
    ),
    Measure(
        "latency",
        NUMBER,
        "time of one forward pass",
        "lower",
        label="Latency (ms)",
        short="latency",
        unit="ms",
        units=MILLISECONDS,
        example="46.53ms",
        of_unpruned=True,
        protocol=OF_RUNS,
        places=_seen(FIND, LISTING, SHOW, AXES),
    ),
    Measure(
        "latency_kept",
        SHARE,
        "time of the pruned network, of the unpruned one's, as measured",
        "lower",
        label="Latency kept",
        protocol=OF_RUNS,
        places=_seen(SHOW),
    ),
    Measure(
        "throughput",
        NUMBER,
        "inputs in a second",
        "higher",
        label="Throughput (per second)",
        short="throughput",
        unit="images/s",
        units=PER_SECOND,
        example="419.673images/s",
        of_unpruned=True,
        protocol=OF_RUNS,
        places=_seen(FIND, LISTING, SHOW),
    ),
    Measure(
        "training_flops",
        COUNT,
        "operations of the whole training, as the paper counts them",
        "lower",
        label="Training FLOPs",
        example="3.2e18",
        of_unpruned=True,
        below=1e30,
        places=_seen(SHOW),
    ),
    Measure(
        "training_flops_kept",
        RATIO,
        "operations of the training, of the unpruned network's",
        "lower",
        label="Training FLOPs kept",
        example="0.23x",
        places=_seen(SHOW),
    ),
    Measure(
        "gpu_flops_kept",
        RATIO,
        "multiply-adds that a GPU has to do, of the unpruned network's",
        "lower",
        label="GPU-supported FLOPs kept",
        example="0.42x",
        places=_seen(SHOW),
    ),
    Measure(
        "model_size",
        NUMBER,
        "size of the stored network",
        "lower",
        label="Model size (MB)",
        short="size",
        unit="MB",
        units=MEGABYTES,
        example="38MB",
        of_unpruned=True,
        places=_seen(FIND, LISTING, SHOW),
    ),
    Measure(
        "memory",
        NUMBER,
        "memory that the running network takes",
        "lower",
        label="Memory (GB)",
        short="memory",
        unit="GB",
        units=GIGABYTES,
        example="5.2GB",
        of_unpruned=True,
        protocol=OF_RUNS,
        places=_seen(SHOW),
    ),
)

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ENTRIES}
"""Every measure by its name, in the order in which files, schema.json and documents list them."""
UNPRUNED_MEASURES = tuple(name for name, measure in MEASURES.items() if measure.of_unpruned)
"""Names of the measures that an unpruned network can have, without the prefix."""
NORMAL_FORM = (
    *MEASURES,
    *(f"{UNPRUNED}{name}" for name in UNPRUNED_MEASURES if not MEASURES[name].is_complement),
)
"""Names of all values that an operating point can have in normal form, those of the unpruned network last."""


STD_COLUMNS = {f"{name}_std": name for name, measure in MEASURES.items() if measure.has_std}
"""Columns of released tables that hold a standard deviation, with the measure that it is of."""


def measure_of(name: str) -> Measure:
    """The entry of the measure called `name`, with or without the `unpruned_` prefix; KeyError if there is none.

    >>> measure_of("unpruned_top1").unit
    'percent, 0 to 100'
    """
    return MEASURES[name.removeprefix(UNPRUNED)]


def shown_in(place: str, axis: str | None = None) -> tuple[str, ...]:
    """Names of the measures seen in `place` (POINTS, FIND, LISTING, SHOW or AXES), in their order there.

    With `axis` ("x" or "y") only those that a tradeoff puts on that axis.

    >>> shown_in(AXES, "x")[:2]
    ('compression_ratio', 'theoretical_speedup')
    """
    chosen = [
        measure for measure in MEASURES.values() if place in measure.places and axis in (None, measure.axis)
    ]
    return tuple(measure.name for measure in sorted(chosen, key=lambda measure: measure.places[place]))


def twin_of(name: str) -> str | None:
    """The measure that says of multiply-adds what `name` says of parameters, or of Top-5 what it says of Top-1, or the
    other way round; None if there is none.

    >>> twin_of("theoretical_speedup")
    'compression_ratio'
    """
    repeated = {other.twin_of: other.name for other in MEASURES.values() if other.twin_of is not None}
    return MEASURES[name].twin_of or repeated.get(name)


def own_unit(name: str) -> str:
    """The unit of a measure that has one of its own, such as `ms`; nothing for percentages, counts and ratios.

    >>> own_unit("unpruned_latency")
    'ms'
    """
    measure = measure_of(name)
    return "" if measure.kind != NUMBER or measure.unit == KINDS[NUMBER].unit else measure.unit


def formatted(name: str, value: float, unit: str = "") -> str:
    """A value with its unit, for people: `93.04 %`, `-0.4 points`, `60 %`, `2.7x`, `850,000`, `12.5 ms`.

    `name` is the measure's, with or without the `unpruned_` prefix; `value` is in the unit values are kept in (percent,
    points, counts, fractions of 1, ratios), or in `unit` where the measure has several that cannot be turned into one
    another.
    """
    measure = measure_of(name)
    if measure.kind in (ACCURACY, SCORE):
        return f"{value:.5g} %"
    if measure.kind == CHANGE:
        return f"{value:+.3g} points" if abs(value) > 1e-9 else "0 points"
    if measure.kind in PARTS_OF_ONE:
        return f"{100 * value:.4g} %"
    if measure.kind == RELATIVE:
        return f"{value:.4g} %"
    if measure.kind == RATIO:
        return f"{value:.4g}x"
    if measure.kind == NUMBER:
        return f"{value:.4g} {unit or own_unit(name)}".rstrip()
    return f"{value:,.0f}"
