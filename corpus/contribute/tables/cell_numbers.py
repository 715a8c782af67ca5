"""What a cell prints: one number, or several that belong together, such as `15.09M(40.8%)` or `83.1 → 81.1`."""

from __future__ import annotations

import re
from dataclasses import dataclass

MISSING = re.compile(r"|[-–—/?]+|n/?a\.?|none|✗|✓", re.I)
"""What stands where there is no number."""
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_COUNTED = r"(?:\s*-?(?:FLOPs?|MACs?|OPs?|param(?:eter)?s?\.?))?"
_UNSIGNED = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d*)?|\.\d+"
_PRINTED = (
    rf"[~<>≤≥]?\s*[↓↑]?\s*[+-]?\s*(?:{_UNSIGNED})(?:e[+-]?\d{{1,3}})?"
    r"(?:\s*[x×*·]?\s*10\s*\^?\s*(?:-?\d{1,2}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
    rf"\s*(?:%|pp|pts?|[x×X](?!\s*\d)|[KMGBTkmb]{_COUNTED}(?![a-z])|[KMG]?(?:FLOPs?|MACs?))?"
    r"(?:\s*\(?\s*±\s*\d*\.?\d+\s*%?\s*\)?)?\s*%?\s*[↓↑]?"
)
NUMBER = re.compile(
    rf"(?P<about>[~<>≤≥]?)\s*(?P<arrow>[↓↑]?)\s*(?P<number>[+-]?\s*(?:{_UNSIGNED}))(?:[eE](?P<e>[+-]?\d{{1,3}}))?"
    r"(?:\s*[x×*·]?\s*10\s*\^?\s*(?P<power>-?\d{1,2}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?"
    rf"\s*(?:(?P<mark>%|[x×X]|[KMGBTkmb]){_COUNTED}|pp|pts?|(?P<counted>[KMG]?)(?:FLOPs?|MACs?))?"
    r"(?:\s*\(?\s*±\s*(?P<std>\d*\.?\d+)\s*%?\s*\)?)?\s*%?\s*(?P<arrow_after>[↓↑]?)"
)
"""One printed number with its mark; a direction (`↓ 2.19%`) may stand before or after it."""
_ABSENT = r"n/?a\.?|[-–—]+"
_ITEM = re.compile(rf"\s*({_PRINTED}|{_ABSENT})\s*", re.I)
_LIST = rf"(?:{_PRINTED}|{_ABSENT})(?:\s*/\s*(?:{_PRINTED}|{_ABSENT}))*"
_CELL = re.compile(rf"(?P<main>{_LIST})\s*(?:[(\[]\s*(?P<bracket>{_LIST})\s*[)\]])?", re.I)
_ARROW = re.compile(
    rf"(?P<before>{_PRINTED})\s*→\s*(?P<after>{_PRINTED})(?:\s*\(?\s*(?P<change>[↓↑+-]\s*{_PRINTED})\s*\)?)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the numbers in a cell: its text, and how many letters stand before it."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The numbers of a cell by their place in it: a list before the brackets, one in them, or two with an arrow."""

    main: tuple[Part, ...] = ()
    bracket: tuple[Part, ...] = ()
    before: Part | None = None
    after: Part | None = None
    change: Part | None = None

    @property
    def is_several(self) -> bool:
        """Whether the cell holds more than one number."""
        return len(self.main) + len(self.bracket) > 1 or self.before is not None


def parts_of(text: str) -> Parts | None:
    """The numbers in a cell; None if it holds anything else.

    >>> [part.text for part in parts_of("15.09M(40.8%)").bracket]
    ['40.8%']
    """
    if arrow := _ARROW.fullmatch(text):
        change = _part(arrow, "change") if arrow["change"] else None
        return Parts(before=_part(arrow, "before"), after=_part(arrow, "after"), change=change)
    cell = _CELL.fullmatch(text)
    if cell is None:
        return None
    bracket = _items(cell["bracket"], cell.start("bracket")) if cell["bracket"] else ()
    return Parts(_items(cell["main"], 0), bracket)


def _part(match: re.Match, name: str) -> Part:
    return Part(match[name].strip(), match.start(name))


def _items(text: str, start: int) -> tuple[Part, ...]:
    """The numbers between slashes; `N/A` is one of them, not two."""
    items, at = [], 0
    while item := _ITEM.match(text, at):
        if not item[1]:
            break
        items.append(Part(item[1].strip(), start + item.start(1)))
        at = item.end()
        if text[at : at + 1] != "/":
            break
        at += 1
    return tuple(items)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is nothing: empty, a dash, `N/A`."""
    return MISSING.fullmatch(text) is not None


def number_in(text: str) -> float | None:
    """The first number of a cell as it stands, without its unit; None if it has none.

    >>> number_in("10.23 M (43.16%)")
    10.23
    """
    match = NUMBER.match(text)
    if match is None:
        return None
    value = float(match["number"].replace(",", "").replace(" ", ""))
    power = match["e"] or (match["power"] or "").translate(RAISED)
    value *= 10.0 ** int(power) if power else 1.0
    return -abs(value) if "↓" in match["arrow"] + match["arrow_after"] else value
