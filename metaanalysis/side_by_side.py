"""Two computations at once, one of them in a copy of this process."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from typing import TypeVar

First, Second = TypeVar("First"), TypeVar("Second")


def at_once(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What both give; `first` runs in a forked copy where that is safe, and its result must pickle."""
    if not _can_fork():
        return first(), second()
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    copy = context.Process(target=_send, args=(first, theirs), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # later Pythons warn of idle threads of the linear algebra
        copy.start()
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


def _can_fork() -> bool:
    """A process that runs threads must not be forked: a lock one of them holds would stay locked in the copy."""
    return "fork" in get_all_start_methods() and threading.active_count() == 1 and (os.cpu_count() or 1) > 1


def _send(work: Callable[[], object], pipe: Connection) -> None:
    try:
        pipe.send((work(),))
    except Exception:
        pipe.send(None)  # the caller does the work again and sees the error where it can be read
    finally:
        pipe.close()
