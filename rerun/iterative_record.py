"""The record of a study of iterative pruning: one table of rounds for each network, scales in the recipe."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import yaml

from rerun.iterative_file import METHOD
from rerun.iterative_mask import prunable_weights
from rerun.iterative_study import Configuration, IterativeStudy, Round
from rerun.measure import anatomy
from rerun.record import COUNTS, MEASURES, NOTES, NUMBERS, accuracies_of, is_good, receipts_of, recipe_of, yaml_text
from rerun.work_folder import write_whole

AXES = ("width", "depth", "training_images")
COLUMNS = ("method", *MEASURES, "round", "density", *AXES, "seed", "run", *NOTES)


def write_iterative_record(folder: Path, study: IterativeStudy, rows: dict[str, dict], checksum: str) -> Path:
    """Writes `folder`/<key>.yaml with its tables from what is finished; the path comes back."""
    blocks = []
    for configuration in study.dense:
        unpruned, *rounds = (run for run in study.runs if run.dense is configuration)
        if not is_good(rows.get(unpruned.name)):
            continue
        done = [run for run in rounds if is_good(rows.get(run.name))]
        table = f"{study.file.key}.{configuration.initial}.csv"
        write_whole(folder / table, _table(done, rows).encode())
        blocks.append(_block(configuration, rows[unpruned.name], table if done else None))
    path = folder / f"{study.file.key}.yaml"
    if blocks:
        write_whole(path, yaml_text(_head(study, rows, checksum) | {"results": blocks}).encode())
    return path


def recorded_rounds(folder: Path | None, study: IterativeStudy) -> dict[str, dict]:
    """Rows of the study's rounds that its record in `folder` already has, by the run's name."""
    path = folder / f"{study.file.key}.yaml" if folder else None
    if path is None or not path.is_file():
        return {}
    receipts = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["receipts"]
    rows = {entry["run"]: json.loads(entry["row"]) for entry in receipts["unpruned"].values()}
    rows |= {name: json.loads(row) for name, row in receipts.get("failures", {}).items()}
    for configuration in study.dense:
        table = folder / f"{study.file.key}.{configuration.initial}.csv"
        if table.is_file():
            lines = csv.DictReader(io.StringIO(table.read_text("utf-8")))
            rows |= {line["run"]: _row(line, configuration) for line in lines}
    known = {run.name for run in study.runs}
    return {name: row for name, row in rows.items() if name in known}


def _table(runs: list[Round], rows: dict[str, dict]) -> str:
    stream = io.StringIO()
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(COLUMNS)
    for run in runs:
        row = {**rows[run.name], **accuracies_of(rows[run.name]), "method": METHOD, "run": run.name}
        scale = {name: f"{value:g}" for name, value in run.dense.scale.items()}
        row |= dict.fromkeys(AXES, "") | scale | {"density": f"{row['density']:.6g}"}
        lines.writerow([row.get(column, "") for column in COLUMNS])
    return stream.getvalue()


def _row(line: dict[str, str], configuration: Configuration) -> dict:
    """A line of a table as the row it was written from."""
    row: dict = {name: line[name] for name in NOTES if name in line}
    row |= {"initial": configuration.initial, "failure": None, "round": int(line["round"])}
    row |= {name: int(line[name]) for name in COUNTS} | {name: float(line[name]) for name in (*NUMBERS, "density")}
    images = row["test_images"]
    row |= {f"{top}_hits": round(float(line[top].rstrip("%")) * images / 100) for top in ("top1", "top5")}
    return row


def _block(configuration: Configuration, row: dict, table: str | None) -> dict:
    file, images = configuration.study.file, configuration.training_images
    block = {
        "where": f"study {configuration.study.name}, network {configuration.initial}",
        "dataset": file.dataset,
        "architecture": configuration.architecture,
        "flops_counts": "multiply-adds",
    }
    if images:
        because = f"trained on {images:,} images only, so that its numbers stand beside none that used them all"
        block["exclude"] = {"from": ["all"], "because": because}
    block["unpruned"] = {**accuracies_of(row), "params": str(row["params"]), "flops": str(row["flops"])}
    return block | ({"table": table} if table else {"no_numbers": "no round is finished yet"})


def _head(study: IterativeStudy, rows: dict[str, dict], checksum: str) -> dict:
    file = study.file
    method = {"structure": "unstructured", "scoring": "magnitude", "scope": "global", "scheduling": "iterative"}
    return {
        "title": file.title,
        "authors": ["The prunebase authors"],
        "label": "prunebase",
        "venue": "prunebase",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "attribution": "rerun",
        **({"note": file.note} if file.note else {}),
        "methods": {METHOD: {"name": METHOD, **method, "fine_tuning": "rewind"}},
        "recipe": recipe_of(study) | {"networks": {one.initial: _scale(one) for one in study.dense}},
        "receipts": receipts_of(study, rows, checksum),
    }


def _scale(configuration: Configuration) -> dict[str, str]:
    """What the table's name stands for, with the weights of which `density` is the part that is left."""
    shapes = prunable_weights(anatomy(configuration.architecture), configuration.study.file.prune_classifier)
    weights = sum(map(math.prod, shapes.values()))
    scale = {name: f"{value:g}" for name, value in configuration.scale.items()}
    return {"architecture": configuration.architecture, **scale, "prunable_weights": str(weights)}
