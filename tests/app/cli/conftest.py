"""Runs the command line without a process of its own."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from app.cli.main import app


@pytest.fixture
def run():
    """Runs the command line in this process; its output is no terminal."""

    def verb(*words: str, code: int = 0, stdin: str | None = None):
        result = CliRunner().invoke(app, list(words), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return verb
