"""How a paper's file says how its networks were trained: what is read, what is refused, and whose it is."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import corpus
from corpus.catalogue.resolve import resolve
from corpus.catalogue.training import PARTS, training_of
from corpus.catalogue.training_text import recipe_lines
from corpus.schema.paper import PaperFile
from corpus.schema.reader import read_file
from corpus.schema.recipe import milestone
from corpus.schema.validate import validated

HEAD = """\
title: A paper
authors: [Ada Birch]
venue: ConfA
date: 2016-05
methods:
  anew: {fine_tuning: reinitialize}
  once: {scheduling: one-shot, fine_tuning: none}
  plain: {fine_tuning: continue}
recipe:
"""
RESULTS = """\
results:
  - where: Table 1
    dataset: Scenes
    architecture: TinyNet
    unpruned: {top1: 70.00%}
    pruned:
      - {method: anew, theoretical_speedup: 2.00x, top1: 69.0%}
      - {method: once, theoretical_speedup: 2.00x, top1: 68.0%}
      - {method: plain, theoretical_speedup: 2.00x, top1: 67.0%}
  - where: Table 2
    dataset: Scenes
    architecture: WideNet
    pruned:
      - {method: plain, theoretical_speedup: 3.00x, top1: 60.0%}
"""
FILE = "corpus/papers/ada2016first.yaml"
LINE = HEAD.count("\n") + 1


def paper_of(small_corpus, recipe: str):
    """The paper with this recipe."""
    return corpus.load(small_corpus({"papers/ada2016first.yaml": HEAD + recipe + RESULTS})).papers[
        "ada2016first"
    ]


def trainings(small_corpus, recipe: str) -> dict:
    """What is known of each result's training, by method and architecture."""
    paper = paper_of(small_corpus, recipe)
    return {(point.method, point.architecture): training_of(paper, point) for point in paper.points}


WRONG = {
    "misspelt stage": (
        "  {from: x, §fine_tunning: {epochs: 40}}",
        "'fine_tunning'; did you mean 'fine_tuning'?",
    ),
    "misspelt key of a stage": (
        "  {from: x, pruning: {§epochz: 40}}",
        "unknown key 'epochz'; did you mean 'epochs'?",
    ),
    "misspelt schedule": ("  {from: x, pruning: {schedule: §cosin}}", "did you mean 'cosine'?"),
    "a rate in words": (
        "  {from: x, pruning: {learning_rate: §fast}}",
        "'fast' is not a number; expected 0.1 or 1e-4",
    ),
    "no place": ("  §{pruning: {epochs: 40}}", "'from' is missing: where is pruning stated?"),
    "an empty recipe": ("  §{from: x}", "a recipe says nothing; expected base"),
    "an empty stage": ("  {pruning: §{from: x}}", "says nothing of the training"),
    "milestone after the last epoch": (
        "  {from: x, fine_tuning: §{epochs: 40, schedule: step, milestones: [20, 60]}}",
        "milestone 60 comes after the last of 40 epochs; expected an earlier one",
    ),
    "milestone after the last iteration": (
        "  {from: x, fine_tuning: §{iterations: 4000, schedule: step, milestones: [4000]}}",
        "milestone 4000 comes after the last of 4000 iterations",
    ),
    "milestones out of order": (
        "  {from: x, fine_tuning: §{epochs: 40, schedule: step, milestones: [75%, 20]}}",
        "milestones 75%, 20 are not in order",
    ),
    "a step that never comes": (
        "  {from: x, fine_tuning: §{epochs: 20, schedule: step, every: 30}}",
        "a step every 30 never comes in 20; write `schedule: constant`",
    ),
    "milestones without steps": (
        "  {from: x, fine_tuning: §{epochs: 40, schedule: cosine, milestones: [20]}}",
        "'milestones' belongs to `schedule: step`; found cosine",
    ),
    "factors that do not match": (
        "  {from: x, fine_tuning: §{epochs: 40, schedule: step, milestones: [20], factor: [0.1, 0.2]}}",
        "2 factors for 1 milestones",
    ),
    "two lengths": (
        "  {from: x, fine_tuning: §{epochs: 40, iterations: 4000}}",
        "a length is given once; found epochs and iterations",
    ),
    "no epochs, yet a rate": (
        "  {from: x, fine_tuning: §{epochs: 0, learning_rate: 0.1}}",
        "0 epochs, but 'learning_rate' is given",
    ),
    "a warm-up longer than the stage": (
        "  {from: x, fine_tuning: §{epochs: 5, warm_up_epochs: 5}}",
        "a warm-up of 5 epochs does not end within the stage's 5",
    ),
    "a sum that is not the total": (
        "  §{from: x, total_epochs: 100, pretraining: {epochs: 80}, pruning: {epochs: 0}, fine_tuning: {epochs: 40}}",
        "total_epochs is 100, but pretraining 80 + pruning 0 + fine_tuning 40 = 120",
    ),
    "parts above the total": (
        "  §{from: x, total_epochs: 100, pretraining: {epochs: 80}, fine_tuning: {epochs: 40}}",
        "total_epochs is 100, but pretraining 80 + fine_tuning 40 = 120",
    ),
    "unknown architecture": (
        "  {from: x, architecture: §TinyNett, pruning: {epochs: 1}}",
        "did you mean 'TinyNet'?",
    ),
    "method without results": (
        "  - §{from: x, method: plan, pruning: {epochs: 1}}",
        "a recipe for no result of this paper; no result has method 'plan'; did you mean 'plain'?",
    ),
    "names that never meet": (
        "  - §{from: x, method: anew, architecture: WideNet, pruning: {epochs: 1}}",
        "a recipe for no result of this paper; each name is there, but not together",
    ),
    "one stage twice": (
        "  - {from: x, pruning: {epochs: 1}}\n  - {from: x, method: plain, pruning: §{epochs: 2}}",
        f"pruning of the same results is given on line {LINE} too",
    ),
    "an accuracy that is not the unpruned network's": (
        "  {from: x, base: {model: own, top1: §71.00%}}",
        "top1 of the base model is 71.00%, but 70% of the unpruned network on line",
    ),
    "settings of a study in a paper": (
        "  §{study: mnist, dataset: MNIST}",
        "with `attribution: reported` a recipe holds training recipes; found the other kind",
    ),
}


@pytest.mark.parametrize(("recipe", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_recipe_is_one_clear_error_at_its_place(problems, recipe, message):
    """Each wrong or contradictory recipe gives one message, at the line and column of what is wrong."""
    before = (HEAD + recipe).split("§")[0]
    place = f"{FILE}:{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"
    found = problems(HEAD + recipe.replace("§", "") + "\n" + RESULTS)
    assert len(found) == 1
    assert found[0][0] == place
    assert message in found[0][1]


def test_a_recipe_belongs_to_the_results_it_names(small_corpus):
    """A recipe without names is for all results, one with names for those that have all of them."""
    found = trainings(
        small_corpus,
        "  - {from: Section 1, pretraining: {epochs: 90}}\n"
        "  - {from: Section 2, architecture: TinyNet, method: [plain, anew], fine_tuning: {epochs: 40}}\n",
    )
    assert {training.pretraining.epochs for training in found.values()} == {"90"}
    told = {
        key
        for key, training in found.items()
        if training.fine_tuning and training.fine_tuning.epochs == "40"
    }
    assert told == {("plain", "TinyNet"), ("anew", "TinyNet")}
    assert found["plain", "TinyNet"].stated["fine_tuning"] == f"Section 2 ({FILE}:{LINE + 1})"


def test_the_axes_of_a_method_fill_in_what_they_imply(small_corpus):
    """Trained anew: no base model and nothing before; one-shot: no epochs of pruning; none: no fine-tuning."""
    found = trainings(
        small_corpus, "  {from: x, method: plain, architecture: WideNet, pruning: {epochs: 3}}\n"
    )
    anew, once = found["anew", "TinyNet"], found["once", "TinyNet"]
    assert anew.from_random_weights
    assert (anew.pruning.epochs, anew.fine_tuning) == ("0", None)
    assert (once.base, once.pruning.epochs, once.fine_tuning.epochs) == (None, "0", "0")
    assert found["plain", "TinyNet"].pruning is None
    assert found["plain", "WideNet"].pruning.epochs == "3"


def test_the_published_view_has_no_recipes(small_corpus):
    """The survey's sheet says nothing of training, so as published nothing is known of it."""
    text = HEAD.replace("methods:", "surveys: {blalock2020: {key: first, position: 1}}\nmethods:")
    recipe = "  {from: x, pruning: {epochs: 3}}\n"
    rows = RESULTS.replace("top1: 69.0%", "top1: 69.0%, survey_row: 1")
    folder = small_corpus({"papers/ada2016first.yaml": text + recipe + rows})
    assert len(corpus.load(folder).papers["ada2016first"].recipes) == 1
    assert corpus.load(folder, as_published=True).papers["ada2016first"].recipes == ()


def test_a_recipe_in_words(small_corpus):
    """Every part of a recipe is told with what it is for, its place and its line; nothing unknown is made up."""
    paper = paper_of(
        small_corpus,
        "  from: Section 1\n  method: plain\n  base: {model: own, top1: 70.00%}\n"
        "  fine_tuning: {epochs_per_speedup: 160, learning_rate: 0.1, schedule: step, "
        "milestones: [50%, 75%], factor: 0.1}\n",
    )
    assert list(recipe_lines(paper.recipes[0])) == [
        ("base of plain", f"trained for this paper, top1 70.00% (Section 1; line {LINE + 2})"),
        (
            "fine tuning of plain",
            f"160 epochs times the speedup, learning rate 0.1, step at 50%, 75% by 0.1 (Section 1; line {LINE + 3})",
        ),
    ]


@pytest.mark.parametrize(("text", "at"), [("80", 80), ("50%", 80), ("3/4", 120), ("1e2", 100)])
def test_milestones_are_epochs_or_shares(text, at):
    """Of 160 epochs, 50 % are 80 and three quarters 120; a share of an unknown length is unknown."""
    assert milestone(text, 160) == pytest.approx(at, abs=1e-9)
    assert (milestone(text, None) is None) == (not text[-1].isdigit() or "/" in text)


def test_every_recipe_of_the_corpus_says_where_it_is_stated(everything):
    """Each part of each recipe has a place in words, in its own file and line."""
    parts = 0
    for paper in everything.papers.values():
        for applied in paper.recipes:
            for part, line in applied.lines.items():
                value = getattr(applied.recipe, part)
                assert getattr(value, "from_", None) or applied.recipe.from_
                assert part in PARTS
                text = (
                    Path(corpus.__file__)
                    .parent.joinpath("papers", f"{paper.key}.yaml")
                    .read_text(encoding="utf-8")
                )
                assert part in text.splitlines()[line - 1]
                parts += 1
    assert parts > 60


def test_recipes_change_no_number(everything):
    """Each file with recipes, resolved without them, gives the same operating points with the same values."""
    folder = Path(corpus.__file__).parent
    for key in [key for key, paper in everything.papers.items() if paper.recipes]:
        path = folder / "papers" / f"{key}.yaml"
        document = read_file(path, path.name)
        bare = validated(document, PaperFile).model_copy(update={"recipe": None})
        paper = resolve(
            bare,
            document,
            key,
            everything.names,
            file=path.name,
            tables=folder / "papers",
            as_published=False,
        ).paper
        assert [_numbers(point) for point in paper.points] == [
            _numbers(p) for p in everything.papers[key].points
        ]


def _numbers(point) -> tuple:
    return point.point_id, sorted((name, found.quantity.value) for name, found in point.values.items())


def test_the_exported_schema_knows_all_three_forms():
    """Editors take one recipe, a list of them, or the settings of a study, and refuse a misspelt key."""
    schema = json.loads(Path(corpus.__file__).with_name("schema.json").read_text(encoding="utf-8"))
    part = {"$defs": schema["$defs"], **schema["properties"]["recipe"]}
    good = {"from": "x", "fine_tuning": {"epochs": 40, "learning_rate": "1e-3", "milestones": [20, "75%"]}}
    for value in (good, [good], {"study": "mnist", "seeds": [1, 2]}):
        jsonschema.validate(value, part)
    for value in ({"from": "x", "fine_tunning": {}}, [], {"dataset": "MNIST", "seeds": [1]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value, part)


RERUN = """\
title: A study
authors: [The prunebase authors]
venue: ConfA
date: 2026-11-20
attribution: rerun
methods:
  magnitude: {scheduling: one-shot, fine_tuning: continue}
recipe:
  study: tiny
  initial:
    a: {optimizer: sgd, learning_rate: '0.1', epochs: '20', schedule: step, milestones: ['10'], seed: '1'}
    b: {optimizer: sgd, learning_rate: '0.1', batch_size: '64', epochs: '30', unheard_of: '3'}
  fine_tuning: {optimizer: adam, learning_rate: '0.0003', batch_size: '64', epochs: '4'}
receipts:
  unpruned: {a: {run: 0123456789abcdef}}
results:
  - where: study tiny, initial model a
    dataset: Scenes
    architecture: TinyNet
    pruned: [{top1: 69%, compression_ratio: 2.00x}]
  - where: study tiny, initial model b
    dataset: Scenes
    architecture: TinyNet
    pruned: [{top1: 68%, compression_ratio: 2.00x}]
"""


def test_the_settings_of_a_study_are_recipes_too(small_corpus):
    """Initial model and fine-tuning become stages, the run its base model; an unknown setting makes none of them."""
    paper = corpus.load(small_corpus({"papers/prunebase2026tiny.yaml": RERUN})).papers["prunebase2026tiny"]
    first, second = (training_of(paper, point) for point in paper.points)
    assert first.base.model == "run 0123456789abcdef"
    assert (first.pretraining.epochs, first.pretraining.milestones, first.pretraining.factor) == (
        "20",
        ("10",),
        ("0.1",),
    )
    assert (first.fine_tuning.schedule, first.fine_tuning.optimizer, first.pruning.epochs) == (
        "constant",
        "Adam",
        "0",
    )
    assert second.fine_tuning == first.fine_tuning
    assert (second.base, second.pretraining) == (None, None)


ARMS = """\
  arms:
    tuned: {kind: fine-tune}
    scratch-e: {kind: scratch-e}
    scratch-b: {kind: scratch-b, at_most: '2'}
    full: {kind: scratch-b-and-fine-tuning}
"""


def test_the_arms_of_a_study_are_recipes_of_their_own(small_corpus):
    """Scratch-E takes the unpruned epochs, scratch-B those times the speedup, with fine-tuning on top or not."""
    names = ("magnitude-tuned", "magnitude-scratch-e", "magnitude-scratch-b", "magnitude-full")
    text = RERUN.replace("receipts:", ARMS + "receipts:").replace(
        "  magnitude: {scheduling: one-shot, fine_tuning: continue}",
        "\n".join(f"  {name}: {{scheduling: one-shot, fine_tuning: continue}}" for name in names),
    )
    rows = ", ".join(
        f"{{method: {name}, top1: 6{number}%, compression_ratio: 2.00x}}"
        for number, name in enumerate(names)
    )
    text = text.replace("[{top1: 69%, compression_ratio: 2.00x}]", f"[{rows}]").replace(
        "{top1: 68%, ", "{top1: 68%, method: magnitude-tuned, "
    )
    paper = corpus.load(small_corpus({"papers/prunebase2026tiny.yaml": text})).papers["prunebase2026tiny"]
    stages = {point.method: training_of(paper, point).fine_tuning for point in list(paper.points)[:4]}
    assert stages["magnitude-tuned"].epochs == "4"
    assert (stages["magnitude-scratch-e"].epochs, stages["magnitude-scratch-e"].learning_rate) == (
        "20",
        "0.1",
    )
    longer = stages["magnitude-scratch-b"]
    assert (longer.epochs_per_speedup, longer.epochs_at_most, longer.milestones) == ("20", "40", ("10/20",))
    assert (stages["magnitude-full"].epochs_per_speedup, stages["magnitude-full"].epochs_on_top) == (
        "20",
        "4",
    )
