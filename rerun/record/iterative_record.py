"""The record of a study of iterative pruning: one table of rounds for each network, scales in the recipe."""

from __future__ import annotations

import math
from pathlib import Path

from rerun.engine.iterative_mask import prunable_weights
from rerun.pruning.counts import anatomy
from rerun.record.document import (
    MEASURES,
    NOTES,
    accuracies_of,
    block_of,
    is_good,
    receipts_of,
    recipe_of,
    recorded_rows,
    table_name,
    write_document,
    write_table,
)
from rerun.study.iterative_file import METHOD
from rerun.study.iterative_study import Configuration, IterativeStudy, Round

AXES = ("width", "depth", "training_images")
COLUMNS = ("method", *MEASURES, "round", "density", *AXES, "seed", "run", *NOTES)


def write_iterative_record(
    folder: Path, study: IterativeStudy, rows: dict[str, dict], checksum: str
) -> Path:
    """Writes `folder`/<key>.yaml with its tables from what is finished; the path comes back."""
    blocks = []
    for one in study.dense:
        unpruned, *rounds = (run for run in study.runs if run.dense is one)
        if not is_good(rows.get(unpruned.name)):
            continue
        done = [run for run in rounds if is_good(rows.get(run.name))]
        table = table_name(study, one.initial)
        write_table(folder / table, COLUMNS, (_line(run, rows[run.name]) for run in done))
        where = f"study {study.name}, network {one.initial}"
        block = block_of(
            where, study.file.dataset, one.architecture, rows[unpruned.name], one.training_images
        )
        blocks.append(block | ({"table": table} if done else {"no_numbers": "no round is finished yet"}))
    axes = {
        "structure": "unstructured",
        "scoring": "magnitude",
        "scope": "global",
        "scheduling": "iterative",
    }
    methods = {METHOD: {"name": METHOD, **axes, "fine_tuning": "rewind"}}
    recipe = recipe_of(study) | {"networks": {one.initial: _scale(one) for one in study.dense}}
    return write_document(folder, study, blocks, methods, recipe, receipts_of(study, rows, checksum))


def recorded_rounds(folder: Path | None, study: IterativeStudy) -> dict[str, dict]:
    """Rows of the study's rounds that its record in `folder` already has, by the run's name."""
    return recorded_rows(
        folder, study, lambda line: {"round": int(line["round"]), "density": float(line["density"])}
    )


def _line(run: Round, row: dict) -> dict:
    """What a table has in the line of a round."""
    scale = dict.fromkeys(AXES, "") | {name: f"{value:g}" for name, value in run.dense.scale.items()}
    made = {"method": METHOD, "run": run.name, "density": f"{row['density']:.6g}"}
    return {**row, **accuracies_of(row), **made, **scale}


def _scale(configuration: Configuration) -> dict[str, str]:
    """What the table's name stands for, with the weights of which `density` is the part that is left."""
    shapes = prunable_weights(
        anatomy(configuration.architecture), configuration.study.file.prune_classifier
    )
    weights = sum(map(math.prod, shapes.values()))
    scale = {name: f"{value:g}" for name, value in configuration.scale.items()}
    return {"architecture": configuration.architecture, **scale, "prunable_weights": str(weights)}
