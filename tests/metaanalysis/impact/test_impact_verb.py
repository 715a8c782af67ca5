"""The verb is a thin layer: formats, pictures, messages and exit codes."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from app.cli.main import app


def run(*arguments: object):
    return CliRunner().invoke(app, ["impact", *map(str, arguments)])


def test_no_change_exits_with_0(before, after):
    """And says so."""
    result = run("--corpus", after, "--against", before)
    assert result.exit_code == 0
    assert "No change" in result.stdout


def test_pictures_show_each_touched_figure_before_and_after(before, after, edit, tmp_path):
    """Only figures that move are drawn."""
    edit("cato2017second", "compares_to: [birch2016first]\n", "")
    result = run(
        "--corpus", after, "--against", before, "--format", "json", "--pictures", tmp_path / "drawn"
    )
    assert result.exit_code == 0
    touched = {figure["name"] for figure in json.loads(result.stdout)["figures"]}
    assert "comparison_counts" in touched
    drawn = {path.name for path in (tmp_path / "drawn").iterdir()}
    assert drawn == {f"{name}.{when}.svg" for name in touched for when in ("before", "after")}


def test_options_that_make_no_sense_are_one_line(before, after):
    """Two bases, a format that does not exist, a folder that is no corpus."""
    for arguments, message in (
        (("--against", before, "--base", "main"), "give one"),
        (("--format", "markdown"), "--format"),
        (("--against", before / "papers"), "not a corpus"),
    ):
        result = run("--corpus", after, *arguments)
        assert result.exit_code == 1
        assert message in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
