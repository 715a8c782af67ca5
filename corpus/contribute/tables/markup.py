"""The text of a table's cell without its markup: LaTeX, Markdown and HTML say the same thing in plain words."""

from __future__ import annotations

import html
import re

LINE_BREAK = "\n"
"""What `<br>` and a line break inside a LaTeX cell become: a cell may hold one number on each of its lines."""

_CITATION = re.compile(
    r"\\cite[a-z]*\s*(?:\[[^]]*\])*\{[^}]*\}"  # \cite{he2018amc}
    r"|\[\[?\d+(?:\s*[,-]\s*\d+)*\]?\]\(#[^)]*\)"  # [[6]](#6)
    r"|\[\d+(?:\s*[,-]\s*\d+)*\]"  # [6], [6, 7]
    r"|\[[a-z]+\d{4}\w*\]"  # [evci2020rigging]
)
_LINKS_AFTER_A_NUMBER = re.compile(
    r"((?:^|<br\s*/?>)[\s*]*\d[\d.]*\s*%?)\s*(?:(?:<br\s*/?>)?\[[^][]*\]\([^()]*\)[\s,|/]*)+"
)
_REPLACED = (
    (re.compile(r"\\\\(?=[%#&_$])"), r"\\"),  # Markdown shows one backslash for two
    (re.compile(r"<br\s*/?>|\\newline\b|\\\\", re.I), LINE_BREAK),
    (re.compile(r"<sup>[^<]*</sup>", re.I), ""),
    (re.compile(r"</?[a-z][^<>]*>", re.I), ""),
    (re.compile(r"!\[[^]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^][]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)"), r"\1"),
    (re.compile(r"\[([^][]+)\]\[[^]]*\]"), r"\1"),
    (re.compile(r"^\s*\[([^][]+)\]\s*$"), r"\1"),
    (re.compile(r"\\(?:footnotemark|tnote|footnote)\s*(?:\[[^]]*\])?(?:\{[^}]*\})?"), ""),
    (re.compile(r"\\color\s*\{[^}]*\}|\\textcolor\s*\{[^}]*\}|\\h?phantom\s*\{[^}]*\}"), ""),
    (
        re.compile(
            r"\\(?:textbf|textit|textrm|texttt|mathbf|mathrm|text|emph|underline|bf|it|makecell|small)\b\s*"
        ),
        "",
    ),
    (re.compile(r"\*\*|__|`"), ""),
    (re.compile(r"^\s*\*([^*]+)\*\s*$"), r"\1"),
    (re.compile(r"\\pm\b|\+/-|\+-"), "±"),
    (re.compile(r"\\times\b"), "×"),
    (re.compile(r"\\(?:downarrow|Downarrow)\b|\\color\{red\}↓"), "↓"),
    (re.compile(r"\\(?:uparrow|Uparrow)\b"), "↑"),
    (re.compile(r"\\(?:rightarrow|to)\b|->|=>|➔|➜|⇒"), "→"),
    (re.compile(r"\\(?:approx|sim)\b|≈"), "~"),
    (re.compile(r"\\Delta\b"), "Δ"),
    (re.compile(r"\^\s*\{?\s*(?:\\?(?:dagger|ddagger|ast|star)|[*†‡§a-z])\s*\}?(?=\W|$)|[†‡§]"), ""),
    (re.compile(r"_\s*\{\s*±"), " ± {"),
    (re.compile(r"_\s*(?:\{\s*)*(?=[↓↑])"), " "),
    (re.compile(r"\\,|\\;|\\!|\\quad\b"), ""),
    (re.compile(r"\\([^\w\s])"), r"\1"),  # a mark that Markdown or LaTeX wants with a backslash
    (re.compile(r"(?<=[\d%)\w])\*+(?=\s|\(|$)|(?<=[\d%])(?<!10)[¹²³](?=\s|$)"), ""),
    (re.compile(r"[−–](?=\s*[\d.])"), "-"),
    (re.compile(r"\$|\{|\}"), ""),
)


def plain(text: str, latex: bool = False) -> str:
    """A cell's text without emphasis, links, footnote marks and citations; `\\pm` is ±, a minus is `-`.

    Lines of the cell are kept apart by LINE_BREAK. In LaTeX `~` is a space, elsewhere it says about.

    >>> plain("**15.09M**(40.8\\\\%)")
    '15.09M(40.8%)'
    """
    text = html.unescape(_CITATION.sub("", text))
    text = _LINKS_AFTER_A_NUMBER.sub(r"\1", text)
    if latex:
        text = text.replace("~", " ")
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    lines = (" ".join(line.split()) for line in text.split(LINE_BREAK))
    return LINE_BREAK.join(lines).strip()


def cites(text: str) -> bool:
    """Whether a cell refers to another work: `HRank [[6]](#6)`, `\\cite{lin2020hrank}`."""
    return _CITATION.search(text) is not None
