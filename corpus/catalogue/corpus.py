"""The corpus in memory: papers, their comparisons and their operating points, with every name resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from corpus.catalogue.checks_of_values import trail
from corpus.catalogue.own_runs import Reruns
from corpus.catalogue.results import OperatingPoint, Paper, PaperComparison, ResultEntry
from corpus.numbers.derive import Contradiction
from corpus.numbers.explain import point_tree
from corpus.numbers.measures import NORMAL_FORM
from corpus.schema.suggest import did_you_mean
from corpus.schema.vocabulary import Names

__all__ = ["Corpus", "OperatingPoint", "Paper", "PaperComparison", "ResultEntry"]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Everything reported, as published in 2020 or (default) corrected.

    `papers` are by key. `changed` is the date of the last change of data, if the corpus says it. `read_other_view` and
    `read_reruns` read the other view and our own runs when they are first asked for; a corpus that was not read from
    files has neither.
    """

    papers: Mapping[str, Paper]
    names: Names
    as_published: bool = False
    contradictions: tuple[tuple[OperatingPoint, Contradiction], ...] = ()
    read_other_view: Callable[[], Corpus] | None = field(default=None, repr=False)
    read_reruns: Callable[[], Reruns] | None = field(default=None, repr=False)
    changed: str | None = None

    @cached_property
    def other_view(self) -> Corpus:
        """The same files read the other way: as published for the corrected view, corrected for the published one."""
        if self.read_other_view is None:
            raise ValueError("this corpus was not read from files, so it has no other view")
        other = self.read_other_view()
        other.__dict__["other_view"] = self  # there and back again without a third reading
        return other

    @cached_property
    def reruns(self) -> Reruns:
        """Our own runs, read when first asked for and never among the papers; none in the published view."""
        if self.read_reruns is None or self.as_published:
            return Reruns()
        return self.read_reruns()

    @property
    def newest(self) -> str | None:
        """The date of the newest paper (year, month, perhaps day); None without a paper."""
        return max((paper.date for paper in self.papers.values()), default=None)

    @property
    def dates(self) -> str:
        """How new it is, in words: `newest paper 2025-08, data of 2026-11-21`; what is not known is left out."""
        newest = f"newest paper {self.newest}" if self.newest else ""
        changed = f"data of {self.changed}" if self.changed else ""
        return ", ".join(filter(None, (newest, changed)))

    @cached_property
    def points(self) -> tuple[OperatingPoint, ...]:
        """All operating points."""
        return tuple(point for paper in self.papers.values() for point in paper.points)

    @cached_property
    def entries(self) -> tuple[ResultEntry, ...]:
        """All rows of results, number-less ones included."""
        return tuple(entry for paper in self.papers.values() for entry in paper.entries)

    @cached_property
    def quoted(self) -> tuple[OperatingPoint, ...]:
        """Results that papers repeat from others; never among `points`."""
        return tuple(point for paper in self.papers.values() for point in paper.quoted)

    @property
    def comparisons(self) -> tuple[PaperComparison, ...]:
        """All comparisons; the doubted ones are left out unless as published."""
        kept = []
        for paper in self.papers.values():
            for comparison in paper.comparisons:
                if self.as_published or not comparison.doubt:
                    kept.append(comparison)
        return tuple(kept)

    def explain(self, paper: str, measure: str) -> str:
        """Where each value of a measure comes from: one tree of printed numbers for each operating point.

        Parameters
        ----------
        paper
            The paper's key; its released runs are left out.
        measure
            A measure of the registry, or one of the unpruned network such as `unpruned_top1`.

        Raises
        ------
        ValueError
            For a paper or a measure that does not exist, with the nearest name.

        Examples
        --------
        >>> import corpus
        >>> print(corpus.load().explain("li2016pruning", "top1_change").partition("\\n")[0])  # doctest: +SKIP
        """
        if paper not in self.papers:
            raise ValueError(f"no paper '{paper}' in the corpus{did_you_mean(paper, self.papers)}")
        if measure not in NORMAL_FORM:
            known = f"; expected one of: {', '.join(NORMAL_FORM)}"
            raise ValueError(f"no measure '{measure}'{did_you_mean(measure, NORMAL_FORM) or known}")
        trees = []
        for point in (*self.papers[paper].points, *self.papers[paper].quoted):
            if measure in point.values and not point.released:
                place = f"{point.architecture} on {point.dataset} ({point.place})"
                heading = f"{point.label}: {place}  [{point.point_id}]"
                tree = point_tree(point.values[measure], point.leaves)
                about = _circumstances(point, measure)
                trees.append("\n".join([heading, *about, *tree, *_checked_lines(point, measure)]))
        if not trees:
            return f"{paper} reports nothing from which {measure} follows."
        return "\n\n".join(trees)


def _circumstances(point: OperatingPoint, measure: str) -> list[str]:
    """Whose number it is, which version of it, and how it was measured, as far as that is not the usual."""
    role = {"quoted": "quoted from", "reproduced": "method run here, of"}.get(point.role)
    facts = {
        role: point.of or "a source that is not named",
        "version": point.version,
        "protocol": point.protocol_text(measure),
    }
    return [f"  {name}: {value}" for name, value in facts.items() if name and value]


def _checked_lines(point: OperatingPoint, measure: str) -> list[str]:
    """The checks of a value and of the printed numbers that it was made from."""
    inside = {leaf.measure for leaf in point.values[measure].leaves()} | {measure}
    checks = [check for check in point.checks if check.measure.removesuffix("_std") in inside]
    return [f"  checked: {line}" for line in trail(checks)]
