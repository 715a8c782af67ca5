"""The application that verbs join: `@verb(EXAMPLE)` makes a function a verb of `prunebase`."""

from __future__ import annotations

from collections.abc import Callable

import typer
from typer.core import TyperGroup

from app.cli.errors import errors_as_messages

HELP_NAMES = ["-h", "--help"]


class AlphabeticalGroup(TyperGroup):
    """Lists verbs by name, whichever file they come from."""

    def list_commands(self, context: object) -> list[str]:  # noqa: ARG002 (the signature is given)
        """The names of all verbs, sorted."""
        return sorted(self.commands)


app = typer.Typer(
    name="prunebase",
    cls=AlphabeticalGroup,
    help="Reported results of neural-network pruning: check, search, query, and redraw the 2020 survey.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP_NAMES},
)
examples: dict[str, str] = {}
"""A command line for each verb, which ends the verb's `--help`."""


def verb(example: str, *, takes_any_option: bool = False) -> Callable[[Callable], Callable]:
    """Makes a function a verb; its docstring is the help, its annotated parameters are arguments and options.

    The verb is called what the example calls it. Errors of the library become messages (`errors_as_messages`).

    Parameters:
        example: a command line that can be typed as it stands, such as `prunebase show li2016pruning`.
        takes_any_option: whether words that the function does not declare are passed on in `context.args`.

    Example:
        @verb("prunebase show li2016pruning")
        def show(paper: str) -> None:
            "Show a paper."
    """
    name = example.split()[1]
    settings: dict[str, object] = {"help_option_names": HELP_NAMES}
    if takes_any_option:
        settings |= {"allow_extra_args": True, "ignore_unknown_options": True}

    def register(function: Callable) -> Callable:
        if name in examples:
            raise ValueError(f"two files of app/cli/verbs register the verb '{name}'")
        examples[name] = example
        # \b keeps the lines of a paragraph as they are
        command = app.command(name, epilog=f"\b\nExample:\n  {example}", context_settings=settings)
        command(errors_as_messages(function))
        return function

    return register
