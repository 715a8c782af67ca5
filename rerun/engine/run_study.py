"""Runs a study: its data, its device, its grid and its record, resumable at any moment."""

from __future__ import annotations

import time
from pathlib import Path

from rerun.architectures import architecture
from rerun.engine.attempt import Bench
from rerun.engine.grid import Grid, Report
from rerun.engine.local import Local
from rerun.engine.ray_engine import Ray
from rerun.engine.ray_worker import Order
from rerun.images.folder import FolderData, load_folder
from rerun.images.in_memory import SOURCES, Data, fewer, invented, load
from rerun.record.work_folder import WorkFolder
from rerun.study.reading import read_study
from rerun.study.smoke import smoke
from rerun.study.study import Study
from rerun.training.device import choose_device

WORK = Path("build/rerun")
RESULTS = Path(__file__).parent.parent / "results"
SECONDS_BETWEEN_CHECKPOINTS = 30.0


def run(
    study: str | Path | Study,
    *,
    data_dir: Path | None = None,
    download: bool = False,
    device: str = "auto",
    precision: str | None = None,
    engine: str = "local",
    ray_address: str | None = None,
    gpus_per_task: float | None = None,
    limit: int | None = None,
    minutes: float | None = None,
    only_smoke: bool = False,
    work: Path = WORK,
    results: Path | None = RESULTS,
    report: Report = lambda *_: None,
    seconds_between_checkpoints: float = SECONDS_BETWEEN_CHECKPOINTS,
) -> dict[str, dict]:
    """Does every run of the study that is not done yet (at most `limit`) and writes its record; all rows come back.

    After `minutes` it stops behind the next epoch with a checkpoint, from which the next start goes on. With
    `engine="ray"` the workers of a Ray cluster train; rows, checkpoints and the record are written here.
    """
    study = study if isinstance(study, Study) else read_study(study)
    if only_smoke:
        study = smoke(study)
    if study.file.invented and results == RESULTS:
        results = work / "results"  # what is invented never enters the corpus
    work_folder = WorkFolder(work / study.name)
    until = None if minutes is None else time.time() + 60 * minutes
    if engine == "ray":
        if study.file.rounds is not None:
            raise ValueError(
                f"study '{study.name}' prunes round after round; it runs with the local engine only"
            )
        order = Order(device, precision, seconds_between_checkpoints, until)
        with Ray(order, address=ray_address, gpus_per_task=gpus_per_task) as ray:
            ray.share(read_data(study, data_dir, download))
            return Grid(study, ray, work_folder, results, report).run(limit)
    if engine != "local":
        raise ValueError(f"--engine: '{engine}' is unknown; expected local or ray")
    chosen = choose_device(device, precision)
    bench = Bench(read_data(study, data_dir, download), chosen, seconds_between_checkpoints, until)
    return Grid(study, Local(bench), work_folder, results, report).run(limit)


def read_data(study: Study, folder: Path | None, download: bool) -> Data | FolderData:
    """The study's images on the CPU, all of them; ValueError if a run wants more for its training than there are."""
    file = study.file
    if file.dataset == "ImageNet" and not file.invented:
        return load_folder(folder, file.validation, file.checksum)
    if file.invented:
        shape, classes = architecture(file.architecture).input_shape, SOURCES[file.dataset].classes
        sizes = file.invented.model_dump()
        data = invented(shape, **sizes, validation=file.validation, classes=classes)
    else:
        data = load(
            file.dataset, folder, validation=file.validation, download=download, expected=file.checksum
        )
    for images in file.training_parts:
        if images is not None:
            fewer(data, images)
    return data
