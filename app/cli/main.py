"""The `prunebase` command with every verb that lies in app/cli/verbs."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from app.cli import verbs
from app.cli.application import app
from app.cli.errors import quiet_pipes

for module in pkgutil.iter_modules(verbs.__path__):
    import_module(f"{verbs.__name__}.{module.name}")


def main() -> None:
    """Runs the verb that the words of the command line name."""
    with quiet_pipes():
        app()
