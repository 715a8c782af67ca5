"""The nearest word someone may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest known word, else nothing."""
    by_lowercase = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lowercase, n=3, cutoff=0.6)
    near.sort(key=lambda known: sorted(known) != sorted(word.lower()))  # two letters swapped: the usual slip
    return f"; did you mean '{by_lowercase[near[0]]}'?" if near else ""
