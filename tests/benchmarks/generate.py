"""Writes a corpus of any size in the real one's distribution: its own papers, resampled under new keys.

Every paper of the real corpus appears equally often (the rest is drawn at random), with its released tables, so rows,
runs, comparisons, doubts and errors per paper are those of the real corpus. Comparisons lead to a random copy of the
same paper; titles, ids and rows of the sheet differ, and long decimals in tables get new last digits, so that no number
that a larger corpus would print anew is read twice.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

REAL = Path(__file__).parents[2] / "corpus"
ROWS_PER_COPY = 1000
"""More than the sheet has rows, so that no two copies share one."""
_LONG_DECIMAL = re.compile(r"(?<=\d\.)(\d{5,})")


def generate(count: int, folder: str | Path, seed: int = 0, real: Path = REAL) -> Path:
    """Writes `count` papers and the vocabulary into `folder` and returns it; the same files for the same seed."""
    keys = sorted(path.stem for path in (real / "papers").glob("*.yaml"))
    if count < len(keys):
        raise ValueError(f"{count} papers asked for; expected at least the {len(keys)} of the real corpus")
    draw = random.Random(seed)
    copies = {key: count // len(keys) for key in keys}
    for key in draw.sample(keys, count % len(keys)):
        copies[key] += 1
    renamed = {key: [f"{_syllables(draw)}{key}-{copy}" for copy in range(copies[key])] for key in keys}
    folder = Path(folder)
    papers = folder / "papers"
    papers.mkdir(parents=True)
    shutil.copytree(real / "vocabulary", folder / "vocabulary")
    shutil.copy(real / "schema.json", folder)
    token = _token(keys)
    for number, key in enumerate(keys):
        parts = token.split((real / "papers" / f"{key}.yaml").read_text(encoding="utf-8"))
        tables = [
            (path, path.read_text(encoding="utf-8")) for path in (real / "papers").glob(f"{key}.*.csv")
        ]
        for copy, new_key in enumerate(renamed[key]):
            choose = {other: draw.choice(new_keys) for other, new_keys in renamed.items()} | {key: new_key}
            (papers / f"{new_key}.yaml").write_text(
                "".join(_rewritten(parts, choose, number, copy)), "utf-8"
            )
            for path, text in sorted(tables):
                fresh = _LONG_DECIMAL.sub(lambda found: _fresh_digits(found[1], draw), text)
                (papers / f"{new_key}{path.name.removeprefix(key)}").write_text(fresh, "utf-8")
    return folder


def _token(keys: list[str]) -> re.Pattern:
    """Finds, as its one group, whatever differs between two copies: keys, titles, ids and numbers of rows."""
    names = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    fields = r"^(?:title|arxiv|doi): .*$|\b(?:survey_row|same_as|position): *(?:\d+|\[[\d, ]+\])"
    return re.compile(rf"(\b(?:{names})\b|{fields})", re.MULTILINE)


def _syllables(draw: random.Random) -> str:
    """The start of a new surname, so that copies of one paper do not stand beside each other."""
    return "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(2))


def _rewritten(parts: list[str], new_keys: dict[str, str], paper: int, copy: int) -> Iterator[str]:
    """The text between tokens as it is, and each token as copy number `copy` of the paper writes it."""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            yield part
        elif part in new_keys:
            yield new_keys[part]
        else:
            name, value = part.split(": ", 1)
            yield f"{name}: {_changed(name, value, paper, copy)}"


def _changed(name: str, value: str, paper: int, copy: int) -> str:
    """What stands under `name` in another copy; every word of a title differs, for nearly equal titles are refused."""
    if name == "title":
        return re.sub(r"[^\W_]+", rf"\g<0>{copy}", value)
    if name == "doi":
        return f"{value}.{copy}"
    if name == "arxiv":
        return f'"{1000 + paper:04}.{copy + 1:05}"'
    return re.sub(r"\d+", lambda row: str(int(row[0]) + ROWS_PER_COPY * copy), value)


def _fresh_digits(digits: str, draw: random.Random) -> str:
    return f"{digits[:-3]}{draw.randrange(1, 1000):03}"


def main() -> None:
    """Writes a corpus into a new folder: `python tests/benchmarks/generate.py 8100 /tmp/corpus-8100`."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", help="papers to write")
    parser.add_argument("folder", type=Path, nargs="?", help="a folder that does not exist yet")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.folder is None:
        parser.print_help()
    else:
        print(generate(chosen.count, chosen.folder, chosen.seed))


if __name__ == "__main__":
    main()
