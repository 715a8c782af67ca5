"""Papers after the survey: every entered number against the list it was entered from, both ways.

The list (`wave.csv`) holds one number a line with its source, line and commit. It is not part of the project: the
tests skip where neither the folder of `--data-dir` or PRUNEBASE_DATA nor the folder `facts` in or beside it holds it.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from corpus.schema.vocabulary import read_names

PAPERS = Path(__file__).parents[2] / "corpus" / "papers"

SAME_NAME = (
    "top1",
    "top5",
    "top1_error",
    "top5_error",
    "params",
    "flops",
    "params_pruned",
    "params_kept",
    "flops_pruned",
    "flops_kept",
    "compression_ratio",
    "theoretical_speedup",
    "top1_change",
    "top5_change",
    "top1_drop",
    "top5_drop",
    "perplexity",
    "sparsity",
    "f1",
    "f1_change",
    "exact_match",
    "latency",
    "latency_kept",
    "throughput",
    "model_size",
    "memory",
    "loss",
    "accuracy_retained",
    "params_change",
    "rouge1",
    "rouge2",
    "rougeL",
    "training_flops",
)
RENAMED = {
    "zero_shot_accuracy": "task_accuracy",
    "accuracy": "task_accuracy",
    "accuracy_mismatched": "task_accuracy",
    "accuracy_change": "task_accuracy_change",
    "mAP": "map",
    "mAP_change": "map_change",
    "mAP_drop": "map_drop",
    "pose AP": "map",
    "pose AP_change": "map_change",
    "mIoU": "miou",
    "mIoU single-scale": "miou",
    "mIoU multi-scale": "miou",
    "recall@1": "recall1",
    "latency, 1 thread(s)": "latency",
    "latency, 2 thread(s)": "latency",
    "latency, 4 thread(s)": "latency",
    "speedup": "measured_speedup",
    "speedup on CPU": "measured_speedup",
    "speedup on GPU": "measured_speedup",
    "gpu_supported_flops": "gpu_flops_kept",
    "running_memory": "memory",
    "top1_gain": "top1_change",
}
BY_PAPER = {
    ("kozlov2020neural", "accuracy"): "miou",  # the head of the column is mIoU
    ("lin2019towards", "speedup"): "theoretical_speedup",  # 4.09 G over the 1.11 G that others print for it
}
NOT_ENTERED = {
    "latency of one layer": "not the latency of a network",
    "training_time": "no such measure",
    "training_memory": "no such measure",
    "memory_kept": "no such measure",
    "weight_memory": "no such measure",
    "filters_pruned": "no such measure; the row's note has it",
    "top1 before fine-tuning": "another operating point, whose sizes are printed once",
    "return": "no such measure",
    "in_time_overparameterization_rate": "no such measure",
    "SPICE": "no such measure",
    "mIoU_drop": "no such measure",
    "relative accuracy improvement": "no such measure",
    "running_time_saved": "no such measure",
    "training tokens, times fewer": "no such measure",
    "compute saving": "no such measure",
    "score improvement (up to)": "an upper limit, not a result",
}
OF_THE_UNPRUNED = (
    "sparsity",
    "params_pruned",
    "params_kept",
    "flops_pruned",
    "flops_kept",
    "compression_ratio",
    "theoretical_speedup",
    "training_flops_kept",
    "gpu_flops_kept",
    "measured_speedup",
    "latency_kept",
    "accuracy_retained",
    "params_change",
    "f1_change",
    "task_accuracy_change",
)
"""An unpruned network's own 0 %, 100 % or 1x says nothing and is not entered."""
UNITS = {
    "M": "M",
    "M (table header)": "M",
    "G": "G",
    "B": "B",
    "MB": " MB",
    "MiB": " MiB",
    "GB": " GB",
    "ms": " ms",
    "s": " s",
    "FPS": " images/s",
    "images/s": " images/s",
    "tokens/s": " tokens/s",
    "%": "%",
    "percentage points": "%",
}
ROLES = {"results": "own", "quoted": "quoted", "reproduced": "reproduced"}


@dataclass(frozen=True)
class Entered:
    """One number of a paper's file, with the source that its block names."""

    paper: str
    role: str
    source: str
    setting: tuple[str, str]
    line: int | None
    measure: str
    text: str
    printed_as: str | None
    unpruned: bool

    @property
    def digits(self) -> str:
        """The number as printed, without its unit."""
        return bare(self.printed_as or self.text)


@dataclass(eq=False)
class Listed:
    """One line of the list, with all lines of the source over which its operating point extends."""

    row: dict[str, str]
    measure: str | None
    lines: set[int] = field(default_factory=set)

    @property
    def unpruned(self) -> bool:
        """Whether the number belongs to a network before pruning."""
        return bool(self.row["unpruned_value_as_printed"])

    @property
    def digits(self) -> str:
        """The number as the list has it."""
        return bare(self.row["unpruned_value_as_printed"] or self.row["pruned_value_as_printed"])


def bare(text: str) -> str:
    """A printed number without units: `45.22 ms ± 0.03 ms` and `45.22 +- 0.03` become `45.22 ± 0.03`."""
    text = re.sub(r"\s*(?:±|\+-)\s*", " ± ", text)
    text = re.sub(
        r"%|(?<=\d)\s*(?:MiB|MB|GB|ms|images/s|tokens/s)\b|(?<=\d) s\b|(?<=\d)[xKMGB]\b", "", text
    )
    return text.strip()


def source_of(row: dict[str, str]) -> str:
    """What a block's `source` says of the same place: repository, commit and path, or a page."""
    if row["source"].startswith("github:"):
        repository, path = row["source"].removeprefix("github:").split(":", 1)
        return f"github.com/{repository}@{row['commit']}:{path}"
    arxiv = re.search(r"arXiv \d{4}\.\d{4,5}", row["source"])
    return arxiv[0] if arxiv else row["source"]


def measure_of(row: dict[str, str]) -> str | None:
    """Our name of the listed measure; None if the corpus has none."""
    name = row["measure"]
    if (row["paper_key"], name) in BY_PAPER:
        return BY_PAPER[row["paper_key"], name]
    if name == "training_flops" and row["unit"] == "×":
        return "training_flops_kept"
    return name if name in SAME_NAME else RENAMED.get(name)


def left_out(number: Listed) -> str | None:
    """Why a listed number is not in the corpus; None if it has to be."""
    row = number.row
    if row["measure"] in NOT_ENTERED:
        return NOT_ENTERED[row["measure"]]
    if number.unpruned and number.measure in OF_THE_UNPRUNED:
        return "the unpruned network's own zero"
    relative = row["measure"] in ("f1_change", "params_change", "speedup")
    if row["paper_key"] == "lagunas2021block" and row["architecture"] == "BERT-large" and relative:
        return "relative to BERT-base, another network"
    return None


@pytest.fixture(scope="module")
def listed(pytestconfig) -> list[Listed]:
    """The list, one entry a number; skips where it is not at hand."""
    given = pytestconfig.getoption("--data-dir") or os.environ.get("PRUNEBASE_DATA")
    folder = Path(given or ".")
    places = [folder / "wave.csv", folder / "facts" / "wave.csv", folder.parent / "facts" / "wave.csv"]
    path = next((place for place in places if place.is_file()), None)
    if not given or path is None:
        pytest.skip("needs wave.csv: give --data-dir DIR or set PRUNEBASE_DATA")
    with open(path, encoding="utf-8", newline="") as stream:
        numbers = [Listed(row, measure_of(row)) for row in csv.DictReader(stream)]
    extent = defaultdict(set)
    for number in numbers:
        row = number.row
        extent[row["paper_key"], row["source"], row["point"]].add(int(row["line"] or 0))
    for number in numbers:
        row = number.row
        number.lines = extent[row["paper_key"], row["source"], row["point"]]
    return numbers


@pytest.fixture(scope="module")
def entered(listed) -> list[Entered]:
    """Every number of the files whose keys the list names, read as plain text."""
    keys = {number.row["paper_key"] for number in listed}
    files = [PAPERS / f"{key}.yaml" for key in sorted(keys)]
    return [number for path in files if path.exists() for number in numbers_of(path)]


def numbers_of(path: Path) -> Iterator[Entered]:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    for part, role in ROLES.items():
        for block in document.get(part, []):
            if "source" not in block:
                continue
            yield from numbers_in(path.stem, role, block, block.get("unpruned", {}), unpruned=True)
            for row in block.get("pruned", []):
                yield from numbers_in(path.stem, role, block, row, unpruned=False)


def numbers_in(paper: str, role: str, block: dict, row: dict, unpruned: bool) -> Iterator[Entered]:
    source = block["source"]
    place = source.get("page") or f"{source['repository']}@{source['commit']}:{source['path']}"
    place = "digest page of the paper" if place.startswith("a digest page of the paper") else place
    setting = (block["dataset"], block["architecture"])
    line = int(row["source_line"]) if "source_line" in row else None
    known = {*SAME_NAME, *RENAMED.values(), "training_flops_kept"}
    for measure in known & row.keys():
        printed_as = row.get("printed_as", {}).get(measure)
        yield Entered(paper, role, place, setting, line, measure, row[measure], printed_as, unpruned)


@pytest.fixture(scope="module")
def canonical() -> Callable[[dict[str, str]], tuple[str | None, str | None]]:
    """Our names of a listed data set and network; None where the vocabulary does not list the spelling."""
    names, _ = read_names(PAPERS.parent / "vocabulary", "vocabulary")

    def of(row: dict[str, str]) -> tuple[str | None, str | None]:
        return names.datasets.canonical(row["dataset"]), names.architectures.canonical(row["architecture"])

    return of


def fits(number: Entered, listing: Listed, setting: tuple[str | None, str | None]) -> bool:
    """Whether both stand on the same line; without lines, whether network and data set agree as far as known."""
    if number.line is not None:
        return number.line in listing.lines
    return all(theirs in (None, ours) for ours, theirs in zip(number.setting, setting, strict=True))


@pytest.fixture(scope="module")
def matches(listed, entered, canonical) -> tuple[list[tuple[Entered, Listed]], list[Entered]]:
    """Pairs of the same number, and the entered numbers that the list does not hold as numbers."""
    index = defaultdict(list)
    for listing in listed:
        key = listing.row["paper_key"], source_of(listing.row), listing.measure, listing.digits
        index[*key, listing.unpruned].append(listing)
    pairs, others = [], []
    for number in entered:
        candidates = index[number.paper, number.source, number.measure, number.digits, number.unpruned]
        fitting = [listing for listing in candidates if fits(number, listing, canonical(listing.row))]
        if not fitting:
            others.append(number)
            continue
        same = min(fitting, key=lambda listing: is_of_others(listing) != (number.role == "quoted"))
        pairs.append((number, same))
        if (
            not number.unpruned
        ):  # an operating point is entered once, an unpruned network may head several blocks
            candidates.remove(same)
    return pairs, others


def is_of_others(listing: Listed) -> bool:
    return listing.row["quoted_not_own"] == "yes"


def test_each_entered_number_is_listed_or_stands_in_the_name_of_its_row(listed, matches):
    """What the list has only inside a label (`sparsity 80%`) or a place (`baseline accuracy 94.2`) is few in kind."""
    names = defaultdict(set)
    for listing in listed:
        row = listing.row
        for line in (*listing.lines, None):
            names[row["paper_key"], source_of(row), line].add(f"{row['method_label']} {row['place']}")
    pairs, others = matches
    assert len(pairs) > 5500
    assert {number.measure for number in others} <= {
        "sparsity",
        "params_kept",
        "params",
        "theoretical_speedup",
        "top1",
    }
    for number in others:
        label = re.compile(rf"(?<![\d.]){re.escape(number.digits)}(?![\d]|\.\d)")
        assert any(label.search(name) for name in names[number.paper, number.source, number.line]), number


def test_each_listed_number_is_entered_or_left_out_for_a_reason(listed, matches):
    """An unpruned number that several tables repeat needs to be entered from one of them."""
    entered_ones = {id(listing) for _, listing in matches[0]}
    values = {(number.paper, number.measure, number.digits) for number, _ in matches[0] if number.unpruned}
    missing = [
        listing for listing in listed if id(listing) not in entered_ones and left_out(listing) is None
    ]
    for listing in missing:
        assert listing.unpruned, listing.row
        assert (listing.row["paper_key"], listing.measure, listing.digits) in values, listing.row


def test_the_written_number_has_the_listed_unit(matches):
    """A number written otherwise keeps the print beside it; a percentage is exactly a hundred times its fraction."""
    for number, listing in matches[0]:
        unit = listing.row["unit"]
        fraction = unit == "fraction" or listing.row["measure"].startswith("pose AP")
        if fraction or (unit == "×" and number.text.endswith("%")):
            written, printed = (bare(text).split(" ± ")[0] for text in (number.text, number.printed_as))
            assert Decimal(written) == Decimal(printed) * 100, number
        elif unit in UNITS:
            assert number.text.endswith(UNITS[unit]), number
        elif unit == "×":
            assert number.text.endswith("x"), number


def test_numbers_of_others_are_quoted_or_reproduced(matches):
    """What the list marks as another paper's is no point of its own, with one exception that its source explains."""
    for number, listing in matches[0]:
        if is_of_others(listing):
            released = (
                listing.row["paper_key"] == "lu2025llm" and "[Released]" in listing.row["method_label"]
            )
            assert number.role == ("reproduced" if released else "quoted"), number
        else:
            assert number.role != "quoted", number


def test_most_of_the_list_is_entered(matches):
    pairs = matches[0]
    assert len({number.paper for number, _ in pairs}) >= 80
    assert len({id(listing) for _, listing in pairs}) >= 5500
    assert len([number for number, _ in pairs if number.role == "quoted"]) >= 900
