"""What a person sees when something goes wrong: one line for each error, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import typer

from app.cli import terminal


def errors_as_messages(function: Callable) -> Callable:
    """The function with ValueError and OSError turned into messages on standard error and exit code 1."""

    @wraps(function)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            function(*arguments, **options)
        except BrokenPipeError:
            raise  # the reader has stopped; quiet_pipes knows
        except (ValueError, OSError) as error:
            from corpus.schema.reader import CorpusError

            message = str(error)
            if not isinstance(error, CorpusError):  # whose lines begin with file, line and column
                message = f"error: {message}"
            terminal.fail(message)
            raise typer.Exit(1) from None

    return run


@contextmanager
def quiet_pipes() -> Iterator[None]:
    """A reader that stops early (`| head`) is no error."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
