"""What a change of the corpus changes: papers, numbers, contradictions, comparisons, statistics and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import networkx as nx

from corpus.catalogue.corpus import Corpus
from corpus.checks.check import load
from corpus.numbers.derive import Derivation
from metaanalysis.drawing.render import Drawing, Gallery, write
from metaanalysis.drawing.report import view_of
from metaanalysis.impact.before import Base, base_of, files_of, read_base
from metaanalysis.impact.differences import (
    PaperChange,
    PointChange,
    name_changes,
    paper_changes,
    point_changes,
)
from metaanalysis.impact.tables import TableChange, table_changes
from metaanalysis.registry import figures
from metaanalysis.survey.readings import figure_data

Pictures = dict[str, tuple[str, str]]
"""SVGs before and after by name of the figure."""


@dataclass(frozen=True, slots=True)
class GraphShape:
    """The comparison graph in numbers: papers, edges, connected components, papers in the largest, papers alone."""

    papers: int
    edges: int
    components: int
    largest: int
    alone: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a corpus holds."""

    papers: int
    outside_survey: int
    points: int
    released_runs: int
    comparisons: int
    contradictions: int


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that differs between two corpora, the later one under `after`."""

    base: str
    counts_before: Counts
    counts_after: Counts
    papers: tuple[PaperChange, ...]
    points: tuple[PointChange, ...]
    reworded: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    new_contradictions: tuple[str, ...]
    settled_contradictions: tuple[str, ...]
    graph_before: GraphShape
    graph_after: GraphShape
    edges_added: tuple[tuple[str, str], ...]
    edges_removed: tuple[tuple[str, str], ...]
    statistics: tuple[TableChange, ...]
    figures: tuple[TableChange, ...]
    published: tuple[TableChange, ...]

    @property
    def flips(self) -> tuple[tuple[str, str, str, str], ...]:
        """Headline findings whose verdict changes: the finding, the verdict's name, before, after."""
        for change in self.statistics:
            if change.name == "findings":
                return change.verdicts()
        return ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs, not even a note."""
        lists = [getattr(self, field.name) for field in fields(self) if field.name not in _BOTH_SIDES]
        return not any(lists)


_BOTH_SIDES = ("base", "counts_before", "counts_after", "graph_before", "graph_after")
"""Parts of an impact that say what there is, not what differs."""


def impact(folder: str | Path, base: str | None = None, against: str | Path | None = None) -> Impact:
    """What the corpus in `folder` changes, compared with a git commit (default: where it left main) or a folder.

    CorpusError if either does not read; ValueError if there is nothing to compare with.

    >>> impact("corpus", base="HEAD").is_empty  # before anything is edited
    True
    """
    folder = Path(folder)
    with base_of(folder, base, Path(against) if against else None) as earlier:
        return _compared(folder, earlier)[0]


def impact_with_pictures(
    folder: str | Path, base: str | None = None, against: str | Path | None = None
) -> tuple[Impact, Pictures]:
    """As `impact`, and an SVG before and after of each figure that moves, by the figure's name."""
    folder = Path(folder)
    with base_of(folder, base, Path(against) if against else None) as earlier:
        difference, before, after = _compared(folder, earlier)
        names = [change.name for change in difference.figures]
        old, new = _drawn(names, before, "before"), _drawn(names, after, "after")
        return difference, {name: (old[name], new[name]) for name in names}


def _drawn(names: Sequence[str], corpus: Corpus, when: str) -> dict[str, str]:
    """The SVG of each figure under its default options, with `when` in its subtitle."""
    gallery = Gallery()
    for name in names:
        data = figure_data(name, corpus).copy()
        gallery.add(Drawing(figures()[name], data, f"{view_of(corpus)}; {when}"))
    return gallery.finish()


def write_pictures(drawn: Pictures, folder: Path) -> list[Path]:
    """Writes `folder`/<figure>.before.svg and .after.svg; returns the paths."""
    written = []
    for name, (before, after) in drawn.items():
        written.append(write(folder / f"{name}.before.svg", before))
        written.append(write(folder / f"{name}.after.svg", after))
    return written


def _compared(folder: Path, earlier: Base) -> tuple[Impact, Corpus, Corpus]:
    after = load(folder)
    before = read_base(earlier, folder, after)
    old, new = files_of(earlier.folder), files_of(folder)
    differing = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    return compare(before, after, earlier.name, differing), before, after


def compare(before: Corpus, after: Corpus, base: str = "before", differing: Iterable[str] = ()) -> Impact:
    """What differs from `before` to `after`; `differing` are the papers whose files do, be it only in a comment."""
    papers, points = paper_changes(before, after), point_changes(before, after)
    names = name_changes(before.names, after.names)
    touched = {change.key for change in papers} | {change.paper for change in points}
    old, new = _contradictions(before), _contradictions(after)
    edges_before, edges_after = _edges(before), _edges(after)
    same = before.papers == after.papers and not names
    statistics, figures = ((), ()) if same else table_changes(before, after)
    published = _published(before, after) if before.read_other_view else ()
    return Impact(
        base=base,
        counts_before=_counts(before),
        counts_after=_counts(after),
        papers=papers,
        points=points,
        reworded=tuple(sorted(set(differing) - touched)),
        names=names,
        new_contradictions=tuple(sorted((new - old).elements())),
        settled_contradictions=tuple(sorted((old - new).elements())),
        graph_before=graph_shape(before),
        graph_after=graph_shape(after),
        edges_added=tuple(sorted(edges_after - edges_before)),
        edges_removed=tuple(sorted(edges_before - edges_after)),
        statistics=statistics,
        figures=figures,
        published=published,
    )


def _published(before: Corpus, after: Corpus) -> tuple[TableChange, ...]:
    """Statistics and figures that move as published; none can if its papers, points, comparisons and names do not."""
    if not name_changes(before.names, after.names) and not _touches_the_survey(before, after):
        return ()
    old, new = before.other_view, after.other_view
    renamed = [what for what, _ in name_changes(old.names, new.names) if what != "added"]
    if not (renamed or paper_changes(old, new) or point_changes(old, new)):
        return ()
    statistics, figures = table_changes(old, new)
    return statistics + figures


def _touches_the_survey(before: Corpus, after: Corpus) -> bool:
    """Whether a paper of the survey came, went or changed."""
    for key in before.papers.keys() | after.papers.keys():
        old, new = before.papers.get(key), after.papers.get(key)
        if old is not new and any(paper is not None and paper.survey() for paper in (old, new)):
            return True
    return False


def _counts(corpus: Corpus) -> Counts:
    return Counts(
        papers=len(corpus.papers),
        outside_survey=sum(paper.survey() is None for paper in corpus.papers.values()),
        points=sum(not point.released for point in corpus.points),
        released_runs=sum(point.released for point in corpus.points),
        comparisons=len(corpus.comparisons),
        contradictions=len(corpus.contradictions),
    )


def _contradictions(corpus: Corpus) -> Counter[str]:
    """Each contradiction as one line without its position in the file, which every edit moves."""
    lines: Counter[str] = Counter()
    for point, contradiction in corpus.contradictions:
        line = (
            f"{point.paper}, {point.architecture} on {point.dataset} ({point.location}): {contradiction.measure} "
            f"{_with_source(contradiction.a)} but {_with_source(contradiction.b)}"
        )
        if contradiction.hint:
            line += f"; {contradiction.hint}"
        lines[line] += 1
    return lines


def _with_source(derivation: Derivation) -> str:
    """A number, and in brackets how it is printed or worked out."""
    quantity = derivation.quantity
    return f"{quantity.value:.6g} ({quantity.printed or derivation.route})"


def _edges(corpus: Corpus) -> set[tuple[str, str]]:
    return {(comparison.paper, comparison.compares_to) for comparison in corpus.comparisons}


def graph_shape(corpus: Corpus) -> GraphShape:
    """The comparison graph in numbers, direction of the edges ignored."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(corpus.papers)
    graph.add_edges_from(_edges(corpus))
    sizes = [len(component) for component in nx.connected_components(graph)]
    return GraphShape(len(graph), len(_edges(corpus)), len(sizes), max(sizes, default=0), sizes.count(1))
