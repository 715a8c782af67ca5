"""How far a study is: which runs are finished, failed, interrupted or still to do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rerun.engine.run_study import RESULTS, WORK
from rerun.record.rows import recorded_rows
from rerun.record.work_folder import WorkFolder
from rerun.study.reading import read_study


def status(
    study: str | Path, *, work: Path = WORK, results: Path = RESULTS
) -> tuple[Counter, dict[str, str]]:
    """Counts of finished, failed, interrupted and missing runs; and for each failed one its reason, by its label."""
    read = read_study(study)
    work_folder = WorkFolder(work / read.name)
    rows = recorded_rows(results, read) | work_folder.finished()
    interrupted = {name for _, content in work_folder.checkpoints() for name in content["runs"]}
    counts, failures = Counter(), {}
    for run in read.runs:
        row = rows.get(run.name)
        if row is None:
            counts["interrupted" if interrupted & {run.name, run.dense.name} else "missing"] += 1
        elif row["failure"] is None:
            counts["finished"] += 1
        else:
            counts["failed"] += 1
            failures[run.label] = row["failure"]
    return counts, failures
