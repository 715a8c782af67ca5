"""The record of a study: a document of the corpus, with one table for each unpruned network."""

from __future__ import annotations

import math
from pathlib import Path

from rerun.baselines import baseline
from rerun.pruning.counts import anatomy
from rerun.pruning.rounds import prunable_weights
from rerun.record.document import (
    MEASURES,
    NOTES,
    accuracies_of,
    block_of,
    is_good,
    receipts_of,
    recipe_of,
    rows_of_document,
    table_name,
    write_document,
    write_table,
)
from rerun.study.arms import MEANING
from rerun.study.study import ITERATIVE_MAGNITUDE, Dense, PlannedRun, Study

LATER = ("arm", "plan", "trainability_accuracy")
"""Columns that came later: tables without them stay readable."""
ONE_SHOT_COLUMNS = ("method", *MEASURES, "requested_ratio", "seed", "run", *NOTES, *LATER)
AXES = ("width", "depth", "training_images")
ROUND_COLUMNS = ("method", *MEASURES, "round", "density", *AXES, "seed", "run", *NOTES)


def write_record(folder: Path, study: Study, rows: dict[str, dict], checksum: str) -> Path:
    """Writes `folder`/<key>.yaml with its tables from what is finished; the path comes back."""
    blocks = []
    for dense in study.dense:
        unpruned, *runs = (run for run in study.runs if run.dense is dense)
        if not is_good(rows.get(unpruned.name)):
            continue
        block = block_of(
            _place(dense),
            study.file.dataset,
            dense.architecture,
            rows[unpruned.name],
            dense.training_images,
        )
        block |= _write_runs(folder, dense, [run for run in runs if is_good(rows.get(run.name))], rows)
        blocks.append(block)
    methods = {run.method: _method(run) for run in study.runs if not run.is_unpruned}
    recipe = recipe_of(study)
    if study.file.rounds is not None:
        recipe["networks"] = {dense.initial: _scale(dense) for dense in study.dense}
    return write_document(folder, study, blocks, methods, recipe, receipts_of(study, rows, checksum))


def recorded_rows(folder: Path | None, study: Study) -> dict[str, dict]:
    """Rows of the study's runs that its record in `folder` already has, by the run's name."""
    return rows_of_document(
        folder, study, _one_shot_settings if study.file.rounds is None else _round_settings
    )


def _place(dense: Dense) -> str:
    kind = "initial model" if dense.study.file.rounds is None else "network"
    return f"study {dense.study.name}, {kind} {dense.initial}"


def _write_runs(
    folder: Path, dense: Dense, runs: list[PlannedRun], rows: dict[str, dict]
) -> dict[str, str]:
    """Writes the table of what was pruned from one network; what its block says of it."""
    in_rounds = dense.study.file.rounds is not None
    table = table_name(dense.study, dense.initial)
    columns, line = (ROUND_COLUMNS, _round_line) if in_rounds else (ONE_SHOT_COLUMNS, _one_shot_line)
    write_table(folder / table, columns, (line(run, rows[run.name]) for run in runs))
    if runs:
        return {"table": table}
    what = "round" if in_rounds else "pruned network"
    return {"no_numbers": f"no {what} is finished yet"}


def _one_shot_line(run: PlannedRun, row: dict) -> dict:
    """What a table has in the line of a network pruned at once."""
    return {**row, **accuracies_of(row), "run": run.name, "requested_ratio": f"{row['requested_ratio']:g}"}


def _one_shot_settings(line: dict[str, str]) -> dict:
    """What the line of a network pruned at once says apart from what all lines say."""
    row: dict = {"method": line["method"], "requested_ratio": float(line["requested_ratio"])}
    return row | {name: line.get(name) or "" for name in LATER}


def _round_line(run: PlannedRun, row: dict) -> dict:
    """What a table has in the line of a round."""
    scale = dict.fromkeys(AXES, "") | {name: f"{value:g}" for name, value in run.dense.scale.items()}
    made = {"method": ITERATIVE_MAGNITUDE, "run": run.name, "density": f"{row['density']:.6g}"}
    return {**row, **accuracies_of(row), **made, **scale}


def _round_settings(line: dict[str, str]) -> dict:
    """What the line of a round says apart from what all lines say."""
    return {"round": int(line["round"]), "density": float(line["density"])}


def _scale(dense: Dense) -> dict[str, str]:
    """What the table's name stands for, with the weights of which `density` is the part that is left."""
    shapes = prunable_weights(anatomy(dense.architecture), dense.study.file.prunes_classifier)
    weights = sum(map(math.prod, shapes.values()))
    scale = {name: f"{value:g}" for name, value in dense.scale.items()}
    return {"architecture": dense.architecture, **scale, "prunable_weights": str(weights)}


def _method(run: PlannedRun) -> dict[str, str]:
    """The axes of a method, in the words of the corpus."""
    if run.round:
        return {
            "name": ITERATIVE_MAGNITUDE,
            "structure": "unstructured",
            "scoring": "magnitude",
            "scope": "global",
            "scheduling": "iterative",
            "fine_tuning": "rewind",
        }
    method = {
        "name": run.method,
        **(_of_filters(run.baseline) if run.plan else _of_weights(run.baseline)),
        "scheduling": "one-shot",
        "fine_tuning": "reinitialize" if run.starts_anew else "continue",
    }
    if run.arm:
        method["note"] = f"arm {run.arm}: {MEANING[run.dense.study.file.arms[run.arm].kind]}"
    return method


def _of_weights(name: str) -> dict[str, str]:
    entry = baseline(name)
    scope = "global" if entry.scope == "global" else "layerwise"
    return {"structure": "unstructured", "scoring": entry.scoring, "scope": scope}


def _of_filters(name: str) -> dict[str, str]:
    """Both methods rank by magnitude: of filters, or of batch-norm factors over all layers."""
    is_slimming = name == "network-slimming"
    structure, scope = ("channel", "global") if is_slimming else ("filter", "layerwise")
    return {"structure": structure, "scoring": "magnitude", "scope": scope}
