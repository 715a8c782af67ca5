"""ImageNet as a folder, on a small invented one."""

import pytest

pytest.importorskip("torch")

import torch
from PIL import Image

from rerun import run
from rerun.images.folder import FolderBatches, folder_in_order, load_folder

STUDY = """
title: ResNet-18 on an invented folder
key: prunebase2026folder
dataset: ImageNet
architecture: ResNet-18
protocol: held-out
validation: 2
initial: {a: {seed: 1, optimizer: sgd, learning_rate: 1e-2, momentum: 0.9, batch_size: 4, epochs: 1}}
fine_tuning: {optimizer: sgd, learning_rate: 1e-3, momentum: 0.9, nesterov: true, batch_size: 4, epochs: 1}
baselines: [global-magnitude, layerwise-gradient]
ratios: [4]
seeds: [1]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two classes of JPEG files of different sizes: four each to train, two each to test."""
    root = tmp_path_factory.mktemp("imagenet")
    generator = torch.Generator().manual_seed(0)
    for part, count in (("train", 4), ("val", 2)):
        for name in ("n01", "n02"):
            (root / part / name).mkdir(parents=True)
            for number in range(count):
                shape = (260 + 10 * number, 300, 3)
                pixels = torch.randint(256, shape, dtype=torch.uint8, generator=generator)
                Image.fromarray(pixels.numpy()).save(root / part / name / f"{number}.jpg")
    return root


def test_every_file_is_in_one_part(folder):
    """Training, held-out and test files are disjoint and complete; with nothing held out the test set stands in."""
    data = load_folder(folder, 2)
    parts = [{path for path, _ in part} for part in (data.training, data.validation, data.test)]
    assert [len(part) for part in parts] == [6, 2, 4]
    assert len(set.union(*parts)) == 12
    assert load_folder(folder, 0).validation == data.test


def test_batches_follow_the_seed(folder):
    """The same seed and epoch give the same crops; another epoch gives others; each image comes once."""
    data = load_folder(folder, 2)
    first, again, other = (list(FolderBatches(data, 4, 1).epoch(epoch)) for epoch in (0, 0, 1))
    assert [images.shape for images, _ in first] == [(4, 3, 224, 224), (2, 3, 224, 224)]
    assert all(torch.equal(one, two) for (one, _), (two, _) in zip(first, again, strict=True))
    assert not torch.equal(first[0][0], other[0][0])
    assert sorted(torch.cat([labels for _, labels in first]).tolist()) == sorted(
        label for _, label in data.training
    )


def test_the_middle_of_each_image_is_tested(folder):
    """Evaluation takes images in order and without chance."""
    data = load_folder(folder, 2)
    labels = torch.cat([labels for _, labels in folder_in_order(data, data.test, 3)])
    assert labels.tolist() == [0, 0, 1, 1]


def test_other_folders_are_clear_errors(folder, tmp_path):
    """No folder, no train/, or a changed file each say so."""
    with pytest.raises(ValueError, match="--data-dir"):
        load_folder(None, 0)
    with pytest.raises(ValueError, match="train/<class>"):
        load_folder(tmp_path, 0)
    with pytest.raises(ValueError, match="checksum"):
        load_folder(folder, 0, expected="0" * 64)


def test_a_whole_study_on_a_folder(folder, tmp_path):
    """ResNet-18 is trained, pruned by two baselines and recorded from files."""
    path = tmp_path / "folder.yaml"
    path.write_text(STUDY, encoding="utf-8")
    rows = run(path, data_dir=folder, device="cpu", work=tmp_path / "work", results=tmp_path / "results")
    assert len(rows) == 3
    assert {row["failure"] for row in rows.values()} == {None}
    assert {row["test_images"] for row in rows.values()} == {4}
    assert (tmp_path / "results" / "prunebase2026folder.a.csv").is_file()
