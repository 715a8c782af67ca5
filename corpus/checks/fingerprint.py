"""One hash of several contents, by which a picture knows the program and the numbers it was drawn from."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path


def fingerprint(*contents: bytes) -> str:
    """One hash of several byte strings, 128 bit in hexadecimal."""
    total = blake2b(digest_size=16)
    for content in contents:
        total.update(len(content).to_bytes(8, "big"))  # so that ("ab", "c") and ("a", "bc") differ
        total.update(content)
    return total.hexdigest()


def modules_fingerprint(*folders: Path) -> str:
    """One hash of all modules in these folders."""
    modules = [module for folder in folders for module in sorted(folder.rglob("*.py"))]
    return fingerprint(*(module.read_bytes() for module in modules))
