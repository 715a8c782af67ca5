"""A study's results as a document of the corpus: a YAML head with recipe and receipts, one CSV of runs per network."""

from __future__ import annotations

import csv
import io
import json
import math
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import torch
import torchvision
import yaml

from rerun.arms import MEANING
from rerun.baselines import baseline
from rerun.experiment import Run, Study
from rerun.study_file import PROTOCOLS
from rerun.work_folder import write_whole

MEASURES = ("params", "flops", "top1", "top5")
SETTINGS = ("requested_ratio", "seed", "run")
NOTES = (
    *("test_images", "validation_top1", "validation_history", "best_epoch", "epochs", "networks_at_once"),
    *("seconds", "device", "precision", "initial_weights", "collapsed_layers", "layer_densities"),
)
ARMS = ("arm", "plan", "trainability_accuracy")
"""Columns that came later: tables without them stay readable."""
COLUMNS = ("method", *MEASURES, *SETTINGS, *NOTES, *ARMS)
NUMBERS = ("validation_top1", "seconds")
COUNTS = ("params", "flops", "best_epoch", "epochs", "networks_at_once", "seed", "test_images")


def write_record(folder: Path, study: Study, rows: dict[str, dict], checksum: str) -> Path:
    """Writes `folder`/<key>.yaml with its tables from what is finished; the path comes back."""
    blocks = []
    for dense in study.dense:
        unpruned = next(run for run in study.runs if run.dense is dense and run.ratio == 1)
        runs = [run for run in study.runs if run.dense is dense and run.ratio > 1 and is_good(rows.get(run.name))]
        if not is_good(rows.get(unpruned.name)):
            continue
        table = f"{study.file.key}.{dense.initial}.csv"
        write_whole(folder / table, _table(runs, rows).encode())
        blocks.append(_block(study, dense.initial, rows[unpruned.name], table if runs else None))
    path = folder / f"{study.file.key}.yaml"
    if blocks:
        write_whole(path, yaml_text(_head(study, rows, checksum) | {"results": blocks}).encode())
    return path


def recorded_runs(folder: Path | None, study: Study) -> dict[str, dict]:
    """Rows of the study's runs that its record in `folder` already has, by the run's name."""
    path = folder / f"{study.file.key}.yaml" if folder else None
    if path is None or not path.is_file():
        return {}
    receipts = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["receipts"]
    rows = {entry["run"]: json.loads(entry["row"]) for entry in receipts["unpruned"].values()}
    rows |= {name: json.loads(row) for name, row in receipts.get("failures", {}).items()}
    for initial in study.file.initial:
        table = folder / f"{study.file.key}.{initial}.csv"
        if table.is_file():
            rows |= {line["run"]: _row(line, initial) for line in csv.DictReader(io.StringIO(table.read_text("utf-8")))}
    known = {run.name for run in study.runs}
    return {name: row for name, row in rows.items() if name in known}


def is_good(row: dict | None) -> bool:
    """Whether there is a row, and no failure in it."""
    return row is not None and row["failure"] is None


def _table(runs: list[Run], rows: dict[str, dict]) -> str:
    stream = io.StringIO()
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(COLUMNS)
    for run in runs:
        row = {**rows[run.name], **accuracies_of(rows[run.name]), "run": run.name}
        row["requested_ratio"] = f"{row['requested_ratio']:g}"
        lines.writerow([row.get(column, "") for column in COLUMNS])
    return stream.getvalue()


def _row(line: dict[str, str], initial: str) -> dict:
    """A line of a table as the row it was written from."""
    row: dict = {name: line[name] for name in ("method", *NOTES)} | {"initial": initial, "failure": None}
    row |= {name: line.get(name) or "" for name in ARMS}
    row |= {name: int(line[name]) for name in COUNTS} | {name: float(line[name]) for name in NUMBERS}
    row["requested_ratio"] = float(line["requested_ratio"])
    images = row["test_images"]
    row |= {f"{top}_hits": round(float(line[top].rstrip("%")) * images / 100) for top in ("top1", "top5")}
    return row


def accuracies_of(row: dict) -> dict[str, str]:
    """Percents with as many digits as the number of test images can tell apart."""
    digits = max(0, math.ceil(math.log10(row["test_images"])) - 2)
    return {top: f"{100 * row[f'{top}_hits'] / row['test_images']:.{digits}f}%" for top in ("top1", "top5")}


def _block(study: Study, initial: str, row: dict, table: str | None) -> dict:
    file = study.file
    unpruned = {**accuracies_of(row), "params": str(row["params"]), "flops": str(row["flops"])}
    block = {
        "where": f"study {study.name}, initial model {initial}",
        "dataset": file.dataset,
        "architecture": file.architecture,
        "flops_counts": "multiply-adds",
        "unpruned": unpruned,
    }
    if file.training_images:
        because = (
            f"trained on {file.training_images:,} images only, so that its numbers stand beside none that used all"
        )
        block["exclude"] = {"from": ["all"], "because": because}
    return block | ({"table": table} if table else {"no_numbers": "no pruned network is finished yet"})


def _head(study: Study, rows: dict[str, dict], checksum: str) -> dict:
    file = study.file
    return {
        "title": file.title,
        "authors": ["The prunebase authors"],
        "label": "prunebase",
        "venue": "prunebase",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "attribution": "rerun",
        **({"note": file.note} if file.note else {}),
        "methods": {run.method: _method(run) for run in study.runs if run.baseline},
        "recipe": recipe_of(study),
        "receipts": receipts_of(study, rows, checksum),
    }


def _method(run: Run) -> dict[str, str]:
    file = run.dense.study.file
    pruning = _filters(run.baseline) if run.plan else _weights(run.baseline)
    method = {"name": run.method, **pruning, "scheduling": "one-shot"}
    method["fine_tuning"] = "reinitialize" if run.starts_anew else "continue"
    return method | ({"note": f"arm {run.arm}: {MEANING[file.arms[run.arm].kind]}"} if run.arm else {})


def _weights(name: str) -> dict[str, str]:
    entry = baseline(name)
    scope = "global" if entry.scope == "global" else "layerwise"
    return {"structure": "unstructured", "scoring": entry.scoring, "scope": scope}


def _filters(name: str) -> dict[str, str]:
    """Both methods rank by magnitude: of filters, or of batch-norm factors over all layers."""
    is_slimming = name == "network-slimming"
    structure, scope = ("channel", "global") if is_slimming else ("filter", "layerwise")
    return {"structure": structure, "scoring": "magnitude", "scope": scope}


def recipe_of(study: Study) -> dict:
    """The study's settings, as they stand in its file."""
    written = study.file.model_dump(mode="json", exclude_defaults=True, exclude={"title", "key", "note", "figures"})
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
            if run.ratio == 1 and is_good(row)
        },
    }
    if failed:
        receipts["failures"] = {run.name: json.dumps({"label": run.label, **row}) for run, row in failed.items()}
    return receipts


def _commit() -> str:
    """The commit of the code that ran, marked if files differ from it."""
    here = Path(__file__).parent
    try:
        commit, changes = (
            subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=True, timeout=20).stdout
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
