"""What we measured ourselves: the standard baselines re-run under one protocol (needs the extra `rerun`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerun.engine.run_study import run
    from rerun.engine.status import status
    from rerun.study.reading import read_study, studies

__all__ = ["read_study", "run", "status", "studies"]
_HOMES = {
    "read_study": "rerun.study.reading",
    "run": "rerun.engine.run_study",
    "status": "rerun.engine.status",
    "studies": "rerun.study.reading",
}


def __getattr__(name: str) -> Any:
    """Imports the public names when they are first used, so that listing the studies needs no torch."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rerun' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
