"""The record of a study: a document of the corpus, with one table of runs for each initial model."""

from __future__ import annotations

from pathlib import Path

from rerun.baselines import baseline
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
from rerun.study.arms import MEANING
from rerun.study.grid_study import Run, Study

SETTINGS = ("requested_ratio", "seed", "run")
ARMS = ("arm", "plan", "trainability_accuracy")
"""Columns that came later: tables without them stay readable."""
COLUMNS = ("method", *MEASURES, *SETTINGS, *NOTES, *ARMS)


def write_record(folder: Path, study: Study, rows: dict[str, dict], checksum: str) -> Path:
    """Writes `folder`/<key>.yaml with its tables from what is finished; the path comes back."""
    file, blocks = study.file, []
    for dense in study.dense:
        unpruned = next(run for run in study.runs if run.dense is dense and run.ratio == 1)
        runs = [
            run
            for run in study.runs
            if run.dense is dense and run.ratio > 1 and is_good(rows.get(run.name))
        ]
        if not is_good(rows.get(unpruned.name)):
            continue
        table = table_name(study, dense.initial)
        write_table(folder / table, COLUMNS, (_line(run, rows[run.name]) for run in runs))
        where = f"study {study.name}, initial model {dense.initial}"
        block = block_of(where, file.dataset, file.architecture, rows[unpruned.name], file.training_images)
        blocks.append(
            block | ({"table": table} if runs else {"no_numbers": "no pruned network is finished yet"})
        )
    methods = {run.method: _method(run) for run in study.runs if run.baseline}
    return write_document(
        folder, study, blocks, methods, recipe_of(study), receipts_of(study, rows, checksum)
    )


def recorded_runs(folder: Path | None, study: Study) -> dict[str, dict]:
    """Rows of the study's runs that its record in `folder` already has, by the run's name."""
    return recorded_rows(folder, study, _settings)


def _line(run: Run, row: dict) -> dict:
    """What a table has in the line of a run."""
    return {**row, **accuracies_of(row), "run": run.name, "requested_ratio": f"{row['requested_ratio']:g}"}


def _settings(line: dict[str, str]) -> dict:
    row: dict = {"method": line["method"], "requested_ratio": float(line["requested_ratio"])}
    return row | {name: line.get(name) or "" for name in ARMS}


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
