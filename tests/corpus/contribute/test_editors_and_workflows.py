"""What an editor, a hook and a pull request run: the schema, the hooks, the workflows and the issue forms."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from corpus.catalogue.papers import default_folder
from corpus.numbers.quantity import MEASURES
from corpus.schema.json_schema import schema, schema_text

ROOT = default_folder().parent
WORKFLOWS = ROOT / ".github" / "workflows"
PAPERS = sorted((default_folder() / "papers").glob("*.yaml"))
WRONG = Path(__file__).parent / "wrong"
SEEN_BY_THE_SCHEMA = (
    *("decimal-comma", "no-percent-sign", "percent-as-fraction", "ratio-as-percent"),
    *("missing-where", "unknown-choice", "wrong-key"),
)


@pytest.fixture(scope="module")
def validator():
    kind = jsonschema.validators.validator_for(schema())
    kind.check_schema(schema())
    return kind(schema())


def test_the_schema_is_current():
    """corpus/schema.json is what the models and the vocabulary give now (`make schema` writes it)."""
    assert (default_folder() / "schema.json").read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_every_paper_passes_the_schema(validator, path, read_as_editors_do):
    """An editor shows no red line in any paper of the corpus."""
    tree = read_as_editors_do(path.read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(tree)] == []


@pytest.mark.parametrize("name", SEEN_BY_THE_SCHEMA)
def test_wrong_files_fail_the_schema(validator, name):
    """An editor marks wrong keys, choices, missing keys and numbers without their unit while they are typed."""
    text = (WRONG / f"slip2021{name}.yaml").read_text(encoding="utf-8")
    assert list(validator.iter_errors(yaml.safe_load(text)))


def test_every_key_has_hover_text():
    """Each key of the schema says what it means; each measure also its unit and an example."""
    found, bare = {}, []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            for name, value in node.get("properties", {}).items():
                found.setdefault(name, value.get("description", ""))
                if "description" not in value:
                    bare.append(name)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(schema())
    assert bare == []
    for measure in MEASURES.values():
        assert measure.definition in found[measure.name]
        assert measure.unit in found[measure.name]
        assert measure.example in found[measure.name]


def test_editors_offer_the_names_of_the_vocabulary(everything):
    """Architectures, datasets and venues are completed as one types; new ones are not forbidden."""
    block = schema()["$defs"]["Block"]["properties"]
    assert "ResNet-50" in block["architecture"]["examples"]
    assert set(block["dataset"]["examples"]) == set(everything.names.datasets.entries)
    assert "enum" not in block["architecture"]


def test_every_paper_points_to_the_schema():
    """The first line of each file leads the YAML extension to the schema."""
    modeline = "# yaml-language-server: $schema=../schema.json\n"
    with_it = [path for path in PAPERS if path.read_text(encoding="utf-8").startswith(modeline)]
    assert with_it == PAPERS


def test_hooks_check_the_papers_of_a_commit():
    """The hook of a changed paper runs `prunebase check` on it, and on papers alone."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    by_id = {hook["id"]: hook for hook in hooks}
    papers = by_id["prunebase-check"]
    assert papers["entry"] == "prunebase check"
    assert re.search(papers["files"], "corpus/papers/li2016pruning.yaml")
    assert not re.search(papers["files"], "corpus/vocabulary/venues.yaml")
    assert not re.search(papers["files"], "tests/corpus/contribute/wrong/slip2021wrong-key.yaml")
    assert re.search(by_id["prunebase-check-all"]["files"], "corpus/vocabulary/venues.yaml")


def workflow(name: str) -> dict:
    """A workflow; YAML 1.1 reads its key `on` as true."""
    read = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return read | {"on": read.pop(True)}


def test_code_of_a_pull_request_runs_without_rights():
    """The job that runs a pull request's code may read only, keeps no credentials and names no secret."""
    text = (WORKFLOWS / "corpus.yml").read_text(encoding="utf-8")
    read = workflow("corpus.yml")
    assert read["permissions"] == {"contents": "read"}
    assert list(read["on"]) == ["pull_request"]
    assert read["on"]["pull_request"]["paths"] == ["corpus/**"]
    assert all("permissions" not in job for job in read["jobs"].values())
    assert "secrets." not in text
    assert "github.token" not in text
    checkout = next(step for step in read["jobs"]["check"]["steps"] if "checkout" in step.get("uses", ""))
    assert checkout["with"]["persist-credentials"] is False


def test_the_job_that_comments_runs_nothing_of_the_pull_request():
    """The job with the right to comment checks out nothing, and takes nothing from the event into its script."""
    read = workflow("corpus-comment.yml")
    assert read["permissions"] == {}
    (job,) = read["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert all("uses" not in step for step in job["steps"])
    assert all("${{" not in step["run"] for step in job["steps"])
    assert read["on"]["workflow_run"]["workflows"] == [workflow("corpus.yml")["name"]]


def test_workflows_run_verbs_that_exist(prunebase):
    """The commands of the workflow are the command line's own, with options that it has."""
    commands = re.findall(
        r"prunebase (\w+) ([^>\n]*)", (WORKFLOWS / "corpus.yml").read_text(encoding="utf-8")
    )
    assert {verb for verb, _ in commands} == {"check", "impact"}
    for verb, words in commands:
        code, out, _ = prunebase(verb, "--help")
        assert code == 0
        assert all(option in out for option in re.findall(r"--[a-z-]+", words))


GH = """#!/bin/bash
echo "$*" >> "$CALLS"
case "$*" in
  *"/pulls "*) cat "$ANSWERS/pulls.json" ;;
  "run download"*) mkdir -p impact; echo "## Summary" > impact/impact.md ;;
  *"--paginate"*) cat "$ANSWERS/comments.json" ;;
esac
"""


@pytest.mark.parametrize("comments", [[], [{"id": 7, "user": {"login": "github-actions[bot]"}}]])
@pytest.mark.parametrize("conclusion", ["success", "failure"])
def test_one_comment_is_posted_and_then_replaced(tmp_path, comments, conclusion):
    """The first run posts a comment on the pull request of that very commit, the next one replaces it."""
    (job,) = workflow("corpus-comment.yml")["jobs"].values()
    commit = "c" * 40
    pulls = [{"number": 3, "head": {"sha": "other"}}, {"number": 5, "head": {"sha": commit}}]
    other = {"id": 6, "user": {"login": "someone"}, "body": "<!-- prunebase impact --> mine"}
    known = [other, *(comment | {"body": "<!-- prunebase impact -->\nold"} for comment in comments)]
    (tmp_path / "pulls.json").write_text(json.dumps(pulls))
    (tmp_path / "comments.json").write_text(json.dumps(known))
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(stat.S_IRWXU)
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "ANSWERS": str(tmp_path),
        "REPOSITORY": "a/b",
        "RUN": "1",
        "HEAD": "fork:branch",
        "COMMIT": commit,
        "CONCLUSION": conclusion,
        "PAGE": "https://example.org/run",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "NUMBER": "5",
    }
    for step in job["steps"]:
        subprocess.run(["bash", "-e", "-c", step["run"]], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "output").read_text() == "number=5\n"
    written = (tmp_path / "calls").read_text().splitlines()[-1]
    target = "PATCH repos/a/b/issues/comments/7" if comments else "POST repos/a/b/issues/5/comments"
    assert f"--method {target}" in written
    body = (tmp_path / "comment.md").read_text()
    assert body.startswith("<!-- prunebase impact -->\n")
    assert ("## Summary" in body) == (conclusion == "success")


def test_the_issue_form_asks_what_correct_needs(prunebase):
    """The form for a wrong number has every measure and every value that `prunebase correct` takes."""
    form = yaml.safe_load(
        (ROOT / ".github" / "ISSUE_TEMPLATE" / "correct-a-number.yml").read_text(encoding="utf-8")
    )
    fields = {field["id"]: field for field in form["body"]}
    assert set(fields) == {"paper", "row", "measure", "value", "source", "because"}
    assert set(MEASURES) < set(fields["measure"]["attributes"]["options"])
    _, out, _ = prunebase("correct", "--help")
    for option in re.findall(r"--[a-z]+", fields["because"]["attributes"]["description"]):
        assert option in out
