"""What all records of our own runs share: the head with recipe and receipts, tables, and reading rows back."""

from __future__ import annotations

import csv
import io
import json
import math
import platform
import subprocess
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import torch
import torchvision
import yaml

from rerun.record.work_folder import write_whole
from rerun.study.study import Study
from rerun.study.study_file import PROTOCOLS

MEASURES = ("params", "flops", "top1", "top5")
NOTES = (
    *("test_images", "validation_top1", "validation_history", "best_epoch", "epochs", "networks_at_once"),
    *("seconds", "device", "precision", "initial_weights", "collapsed_layers", "layer_densities"),
)
NUMBERS = ("validation_top1", "seconds")
COUNTS = ("params", "flops", "best_epoch", "epochs", "networks_at_once", "seed", "test_images")


def write_document(
    folder: Path,
    study: Study,
    blocks: list[dict],
    methods: dict,
    recipe: dict,
    receipts: dict,
) -> Path:
    """Writes `folder`/<key>.yaml unless there is nothing to say yet; the path comes back."""
    file, path = study.file, folder / f"{study.file.key}.yaml"
    head = {
        "title": file.title,
        "authors": ["The prunebase authors"],
        "label": "prunebase",
        "venue": "prunebase",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "attribution": "rerun",
        **({"note": file.note} if file.note else {}),
        "methods": methods,
        "recipe": recipe,
        "receipts": receipts,
    }
    if blocks:
        write_whole(path, yaml_text(head | {"results": blocks}).encode())
    return path


def table_name(study: Study, initial: str) -> str:
    """The file with the runs from one initial model."""
    return f"{study.file.key}.{initial}.csv"


def write_table(path: Path, columns: tuple[str, ...], rows: Iterable[dict]) -> None:
    """Writes rows under these columns, empty where a row has none."""
    stream = io.StringIO()
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows([row.get(column, "") for column in columns] for row in rows)
    write_whole(path, stream.getvalue().encode())


def rows_of_document(
    folder: Path | None, study: Study, row_of: Callable[[dict[str, str]], dict]
) -> dict[str, dict]:
    """Rows of the study's runs that its record in `folder` already has, by the run's name.

    `row_of` gives a line of a table as the row it was written from, but for what all rows share.
    """
    path = folder / f"{study.file.key}.yaml" if folder else None
    if path is None or not path.is_file():
        return {}
    receipts = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["receipts"]
    rows = {entry["run"]: json.loads(entry["row"]) for entry in receipts["unpruned"].values()}
    rows |= {name: json.loads(row) for name, row in receipts.get("failures", {}).items()}
    for initial in (dense.initial for dense in study.dense):
        table = folder / table_name(study, initial)
        if table.is_file():
            lines = csv.DictReader(io.StringIO(table.read_text("utf-8")))
            rows |= {line["run"]: _shared(line, initial) | row_of(line) for line in lines}
    known = {run.name for run in study.runs}
    return {name: row for name, row in rows.items() if name in known}


def _shared(line: dict[str, str], initial: str) -> dict:
    row: dict = {name: line[name] for name in NOTES} | {"initial": initial, "failure": None}
    row |= {name: int(line[name]) for name in COUNTS} | {name: float(line[name]) for name in NUMBERS}
    images = row["test_images"]
    return row | {
        f"{top}_hits": round(float(line[top].rstrip("%")) * images / 100) for top in ("top1", "top5")
    }


def is_good(row: dict | None) -> bool:
    """Whether there is a row, and no failure in it."""
    return row is not None and row["failure"] is None


def accuracies_of(row: dict) -> dict[str, str]:
    """Percents with as many digits as the number of test images can tell apart."""
    digits = max(0, math.ceil(math.log10(row["test_images"])) - 2)
    return {top: f"{100 * row[f'{top}_hits'] / row['test_images']:.{digits}f}%" for top in ("top1", "top5")}


def block_of(
    where: str, dataset: str, architecture: str, unpruned: dict, training_images: int | None
) -> dict:
    """A block of results with its unpruned network; set apart from the papers' if it saw few images."""
    block = {
        "where": where,
        "dataset": dataset,
        "architecture": architecture,
        "flops_counts": "multiply-adds",
        "unpruned": {
            **accuracies_of(unpruned),
            "params": str(unpruned["params"]),
            "flops": str(unpruned["flops"]),
        },
    }
    if training_images:
        few = f"trained on {training_images:,} images only"
        because = f"{few}, so that its numbers stand beside none that used them all"
        block["exclude"] = {"from": ["all"], "because": because}
    return block


def recipe_of(study: Study) -> dict:
    """The study's settings, as they stand in its file."""
    written = study.file.model_dump(
        mode="json", exclude_defaults=True, exclude={"title", "key", "note", "figures"}
    )
    return {"study": study.name, "protocol_means": PROTOCOLS[study.file.protocol], **_text(written)}


def receipts_of(study: Study, rows: dict[str, dict], checksum: str) -> dict:
    """Commit, versions, devices, time, checksum of the data, and the rows that no table has."""
    done = {run: rows[run.name] for run in study.runs if run.name in rows}
    failed = {run: row for run, row in done.items() if not is_good(row)}
    devices = sorted({f"{row['device']}, {row['precision']}" for row in done.values() if "device" in row})
    receipts = {
        "commit": _commit(),
        "versions": f"Python {platform.python_version()}, torch {torch.__version__}, "
        f"torchvision {torchvision.__version__}",
        "devices": devices,
        "seconds": f"{sum(row.get('seconds', 0) for row in done.values()):.0f}",
        "data_sha256": checksum,
        "runs": f"{len(study.runs)} in the grid, {len(done) - len(failed)} finished, {len(failed)} failed",
        "unpruned": {
            run.dense.initial: {"run": run.name, "row": json.dumps(row)}
            for run, row in done.items()
            if run.is_unpruned and is_good(row)
        },
    }
    if failed:
        receipts["failures"] = {
            run.name: json.dumps({"label": run.label, **row}) for run, row in failed.items()
        }
    return receipts


def _commit() -> str:
    """The commit of the code that ran, marked if files differ from it."""
    here = Path(__file__).parent.parent  # the rerun package: local changes anywhere in it count
    try:
        commit, changes = (
            subprocess.run(
                ["git", *words], cwd=here, capture_output=True, text=True, check=True, timeout=20
            ).stdout
            for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--", "*.py"])
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return commit.strip() + (" with local changes" if changes.strip() else "")


def _text(value: object) -> object:
    """The same with every number and flag as text: the corpus reads all of it as written."""
    if isinstance(value, dict):
        return {name: _text(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_text(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


class _Plain(yaml.SafeDumper):
    """Writes equal parts out twice: the corpus takes no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def yaml_text(tree: dict) -> str:
    """A document of the corpus as its file has it."""
    schema = "# yaml-language-server: $schema=../../corpus/schema.json\n"
    return schema + yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
