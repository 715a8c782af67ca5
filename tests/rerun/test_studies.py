"""Studies: the ones that come with prunebase are sound, and bad ones say what is wrong before anything trains."""

import pytest

pytest.importorskip("torch")

from corpus.schema.reader import CorpusError
from rerun import read_study, studies
from rerun.study.grid_study import ENGINE_VERSION, Study, smoke

GOOD = """title: x
key: prunebase2026x
dataset: MNIST
architecture: LeNet-300-100
protocol: held-out
validation: 5000
initial: {a: {seed: 1, optimizer: sgd, learning_rate: 0.1, batch_size: 32, epochs: 2}}
fine_tuning: {optimizer: adam, learning_rate: 3e-4, batch_size: 32, epochs: 1}
baselines: [global-magnitude]
ratios: [2, 4]
seeds: [1, 2]
"""
BAD = {
    "unknown architecture": ("LeNet-300-100", "LeNet-300", "4:15", "did you mean 'LeNet-300-100'"),
    "unknown dataset": ("MNIST", "MNISTT", "3:10", "expected MNIST"),
    "unknown baseline": (
        "[global-magnitude]",
        "[global-magnitud]",
        "9:13",
        "did you mean 'global-magnitude'",
    ),
    "ratio below 1": ("[2, 4]", "[0.5, 4]", "10:9", "0.5 is impossible"),
    "ratio out of reach": ("[2, 4]", "[2, 400]", "10:13", "largest reachable ratio is 263.7"),
    "seed repeated": ("[1, 2]", "[1, 1]", "11:8", "1 is repeated"),
    "unknown key": ("title: x", "title: x\nseed: 3", "2:1", "did you mean 'seeds'"),
    "unknown protocol": ("held-out", "heldout", "5:11", "did you mean 'held-out'"),
    "held-out nothing": ("validation: 5000\n", "", "1:1", "needs `validation"),
    "momentum of adam": ("epochs: 1}", "epochs: 1, momentum: 0.9}", "8:14", "belong to `optimizer: sgd`"),
    "no learning rate": ("learning_rate: 3e-4, ", "", "8:14", "missing key 'learning_rate'"),
}


def read(tmp_path, text):
    """The study written as `text`."""
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return read_study(path)


def most_in_a_smoke_run(study):
    """Unpruned networks, and from each two ratios and two plans with every arm; or three rounds of each width."""
    if not isinstance(study, Study):
        return 3 * len(study.file.widths)
    file = study.file
    pruned = (2 * len(file.baselines) + 2) * max(1, len(file.arms))
    return len(file.initial) * (1 + pruned)


@pytest.mark.parametrize("name", studies())
def test_every_study_is_sound(name):
    """Each study that comes with prunebase reads without a problem and its runs have different names."""
    study = read_study(name)
    names = [one.name for one in study.runs]
    assert len(set(names)) == len(names)
    assert len(smoke(study).runs) <= most_in_a_smoke_run(study)
    assert not {one.name for one in smoke(study).runs} & set(names)


def test_records_do_not_overwrite_each_other():
    """Every study has a key of its own."""
    keys = [read_study(name).file.key for name in studies()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("case", BAD)
def test_a_bad_study_is_one_clear_error(tmp_path, case):
    """Place and remedy are in the message, and there is one line of it."""
    old, new, place, message = BAD[case]
    assert old in GOOD
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, GOOD.replace(old, new))
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{tmp_path / 'x.yaml'}:{place}: ")
    assert message in problem.message


def test_a_run_is_named_by_what_can_change_it(tmp_path):
    """Title, key and the order of keys leave the names alone; any setting of the training changes them."""
    names = {one.name for one in read(tmp_path, GOOD).runs}
    renamed = "key: prunebase2026other\ntitle: other\n" + GOOD.split("\n", 2)[2]
    assert {one.name for one in read(tmp_path, renamed).runs} == names
    for old, new in (
        ("3e-4", "4e-4"),
        ("seed: 1", "seed: 2"),
        ("5000", "6000"),
        ("LeNet-300-100", "LeNet-5-Caffe"),
    ):
        assert (
            not {one.name for one in read(tmp_path, GOOD.replace(old, new)).runs if one.ratio > 1} & names
        )
    assert ENGINE_VERSION == 1


def test_more_seeds_keep_the_names_of_the_old_runs(tmp_path):
    """A grid that grows keeps what is finished."""
    names = {one.name for one in read(tmp_path, GOOD).runs}
    assert names < {one.name for one in read(tmp_path, GOOD.replace("[1, 2]", "[1, 2, 3]")).runs}


def test_an_unknown_study_names_the_nearest():
    """A misspelt name gets a hint."""
    with pytest.raises(ValueError, match="did you mean 'mnist-lenet-5-caffe'"):
        read_study("mnist-lenet5-caffe")
