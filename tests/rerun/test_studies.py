"""Studies: the ones that come with prunebase are sound, and bad ones say what is wrong before anything trains."""

import csv

import pytest
import yaml

pytest.importorskip("torch")

from corpus.schema.reader import CorpusError
from rerun import read_study, studies
from rerun.engine.run_study import RESULTS
from rerun.record.rows import recorded_rows, write_record
from rerun.study.smoke import smoke
from rerun.study.study import ENGINE_VERSION

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
    if study.file.rounds is not None:
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


def recorded_names(record, document):
    """What a record says of each of its runs that tells it from the others, with the run's name."""
    names = {
        (initial, "unpruned"): entry["run"] for initial, entry in document["receipts"]["unpruned"].items()
    }
    for block in document["results"]:
        if "table" not in block:
            continue
        initial = block["table"].removeprefix(f"{record.stem}.").removesuffix(".csv")
        with open(record.with_name(block["table"]), encoding="utf-8", newline="") as stream:
            for line in csv.DictReader(stream):
                if "round" in line:
                    key = (initial, int(line["round"]))
                else:
                    plan = line.get("plan") or ""
                    key = (initial, line["method"], float(line["requested_ratio"]), plan, int(line["seed"]))
                names[key] = line["run"]
    return names


def planned_names(study):
    """The same for the runs of a study."""
    names = {}
    for run in study.runs:
        initial = run.dense.initial
        if run.is_unpruned:
            names[initial, "unpruned"] = run.name
        elif run.round:
            names[initial, run.round] = run.name
        else:
            names[initial, run.method, run.ratio, run.plan or "", run.seed] = run.name
    return names


@pytest.mark.parametrize("record", sorted(RESULTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_runs_of_committed_records_keep_their_names(record):
    """Every run of a committed record is still planned under the very name, so that nothing is done twice."""
    document = yaml.safe_load(record.read_text(encoding="utf-8"))
    recorded, planned = (
        recorded_names(record, document),
        planned_names(read_study(document["recipe"]["study"])),
    )
    assert recorded
    assert {key: planned.get(key) for key in recorded} == recorded


@pytest.mark.parametrize("record", sorted(RESULTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_committed_tables_are_written_again_as_they_are(record, tmp_path):
    """What is read back from a record and written anew has every cell that the committed tables have, to the digit."""
    document = yaml.safe_load(record.read_text(encoding="utf-8"))
    study = read_study(document["recipe"]["study"])
    write_record(tmp_path, study, recorded_rows(RESULTS, study), document["receipts"]["data_sha256"])
    tables = sorted(RESULTS.glob(f"{record.stem}.*.csv"))
    assert tables
    for table in tables:
        committed, written = (cells(folder / table.name) for folder in (RESULTS, tmp_path))
        shared = [{column: line[column] for column in committed[0]} for line in written]
        assert shared == committed


def cells(table):
    """The lines of a table by column."""
    with open(table, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
