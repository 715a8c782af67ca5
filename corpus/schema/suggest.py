"""The nearest word someone may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest known word, else nothing."""
    by_lowercase: dict[str, str] = {}
    for name in known:
        by_lowercase.setdefault(name.lower(), name)  # canonical names stand before their other spellings
    typed = word.lower()
    begun = [
        name for name in by_lowercase if len(typed) >= 5 and name.startswith(typed)
    ]  # a name cut short
    near = begun or difflib.get_close_matches(typed, by_lowercase, n=3, cutoff=0.6)
    near.sort(key=lambda name: sorted(name) != sorted(typed))  # two letters swapped: the usual slip
    return f"; did you mean '{by_lowercase[near[0]]}'?" if near else ""
