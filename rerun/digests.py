"""Names and seeds that follow from settings alone: the same on every machine, and others for other settings."""

from __future__ import annotations

import hashlib
import json


def name_of(settings: object) -> str:
    """16 hexadecimal digits that belong to these settings (JSON values), however their keys are ordered.

    >>> name_of({"seed": 1, "ratio": 2}) == name_of({"ratio": 2, "seed": 1})
    True
    """
    text = json.dumps(settings, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def seed_for(*parts: object) -> int:
    """A 63-bit seed that belongs to these words and numbers alone, as in `seed_for("dropout", seed, epoch)`."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
