"""Runs a study: its data, its device, its grid and its record, resumable at any moment."""

from __future__ import annotations

from pathlib import Path

import torch

from rerun.architectures import architecture
from rerun.data import SOURCES, Data, invented, load
from rerun.device import choose_device
from rerun.experiment import Study, read_study, smoke
from rerun.folder_data import FolderData, load_folder
from rerun.grid import Grid, Report
from rerun.workplace import Workplace

WORK = Path("build/rerun")
RESULTS = Path(__file__).parent / "results"
SECONDS_BETWEEN_CHECKPOINTS = 30.0


def run(
    study: str | Path | Study,
    *,
    data_dir: Path | None = None,
    download: bool = False,
    device: str = "auto",
    precision: str | None = None,
    limit: int | None = None,
    only_smoke: bool = False,
    work: Path = WORK,
    results: Path | None = RESULTS,
    report: Report = lambda *_: None,
    seconds_between_checkpoints: float = SECONDS_BETWEEN_CHECKPOINTS,
) -> dict[str, dict]:
    """Does every run of the study that is not done yet (at most `limit`) and writes its record; all rows come back."""
    study = study if isinstance(study, Study) else read_study(study)
    if only_smoke:
        study = smoke(study)
    if study.file.invented and results == RESULTS:
        results = work / "results"  # what is invented never enters the corpus
    chosen = choose_device(device, precision)
    data = read_data(study, data_dir, download)
    grid = Grid(study, data, chosen, Workplace(work / study.name), results, report, seconds_between_checkpoints)
    threads = torch.get_num_threads()
    torch.set_num_threads(1 if chosen.name == "cpu" else threads)  # the networks themselves are spread over threads
    try:
        return grid.run(limit)
    finally:
        torch.set_num_threads(threads)


def read_data(study: Study, folder: Path | None, download: bool) -> Data | FolderData:
    """The study's images on the CPU."""
    file = study.file
    if file.invented:
        shape, classes = architecture(file.architecture).input_shape, SOURCES[file.dataset].classes
        sizes = file.invented.model_dump()
        return invented(shape, **sizes, validation=file.validation, classes=classes)
    if file.dataset == "ImageNet":
        return load_folder(folder, file.validation, file.checksum)
    return load(file.dataset, folder, validation=file.validation, download=download, expected=file.checksum)
