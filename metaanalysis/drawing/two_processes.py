"""Two computations at once, one of them in a copy of this process."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Callable
from multiprocessing import Pipe, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

First, Second = TypeVar("First"), TypeVar("Second")


def at_once(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What both give; `first` runs in a forked copy where that is safe, and its result must pickle."""
    if not can_fork():
        return first(), second()
    ours, theirs = Pipe(duplex=False)
    copy = forked(_send, first, theirs)
    theirs.close()
    try:
        result = second()
        sent = ours.recv()
    except EOFError:
        sent = None  # the copy died, for want of memory for example
    finally:
        ours.close()
        copy.join()
    return (sent[0] if sent else first()), result


def can_fork() -> bool:
    """A process that runs threads must not be forked: a lock one of them holds would stay locked in the copy."""
    has_threads = (
        threading.active_count() > 1 or "vl_convert" in sys.modules
    )  # whose engine runs threads of its own
    return "fork" in get_all_start_methods() and not has_threads and (os.cpu_count() or 1) > 1


def forked(target: Callable[..., object], *given: object) -> BaseProcess:
    """A running copy of this process that calls `target`; only where `can_fork`."""
    copy = get_context("fork").Process(target=target, args=given, daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # later Pythons warn of idle threads of the linear algebra
        copy.start()
    return copy


def _send(work: Callable[[], object], pipe: Connection) -> None:
    try:
        pipe.send((work(),))
    except Exception:
        pipe.send(None)  # the caller does the work again and sees the error where it can be read
    finally:
        pipe.close()
