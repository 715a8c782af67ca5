"""What a change of the corpus changes: papers, numbers, contradictions, comparisons, statistics and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.catalogue.corpus import Corpus
from metaanalysis.impact.before import Base, base_of, files_of, read_base
from metaanalysis.impact.papers import PaperChange, name_changes, paper_changes
from metaanalysis.impact.points import PointChange, point_changes
from metaanalysis.impact.tables import TableChange, table_changes


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
        changes = (change for change in self.statistics if change.name == "findings")
        return tuple(flip for change in changes for flip in change.verdicts())

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs, not even a note."""
        differences = (
            *(self.papers, self.points, self.reworded, self.names, self.edges_added, self.edges_removed),
            *(
                self.new_contradictions,
                self.settled_contradictions,
                self.statistics,
                self.figures,
                self.published,
            ),
        )
        return not any(differences)


def impact(folder: str | Path, base: str | None = None, against: str | Path | None = None) -> Impact:
    """What the corpus in `folder` changes, compared with a git commit (default: where it left main) or a folder.

    CorpusError if either does not read; ValueError if there is nothing to compare with.
    """
    folder = Path(folder)
    with base_of(folder, base, Path(against) if against else None) as earlier:
        return _compared(folder, earlier)[0]


def impact_with_pictures(
    folder: str | Path, base: str | None = None, against: str | Path | None = None
) -> tuple[Impact, dict[str, tuple[str, str]]]:
    """As `impact`, and an SVG before and after of each figure that moves, by the figure's name."""
    from metaanalysis.impact.pictures import pictures

    folder = Path(folder)
    with base_of(folder, base, Path(against) if against else None) as earlier:
        found, before, after = _compared(folder, earlier)
        return found, pictures([change.name for change in found.figures], before, after)


def _compared(folder: Path, earlier: Base) -> tuple[Impact, Corpus, Corpus]:
    from corpus.checks.check import load

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
    touches = name_changes(before.names, after.names) or any(
        paper.survey()
        for key in before.papers.keys() | after.papers.keys()
        if before.papers.get(key) is not after.papers.get(key)
        for paper in (before.papers.get(key), after.papers.get(key))
        if paper
    )
    if not touches:
        return ()
    old, new = before.other_view, after.other_view
    renamed = [what for what, _ in name_changes(old.names, new.names) if what != "added"]
    if not (renamed or paper_changes(old, new) or point_changes(old, new)):
        return ()
    statistics, figures = table_changes(old, new)
    return statistics + figures


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
    return Counter(
        f"{point.paper}, {point.architecture} on {point.dataset} ({point.location}): {found.measure} "
        f"{found.a.quantity.value:.6g} ({found.a.quantity.printed or found.a.route}) but "
        f"{found.b.quantity.value:.6g} ({found.b.quantity.printed or found.b.route})"
        + (f"; {found.hint}" if found.hint else "")
        for point, found in corpus.contradictions
    )


def _edges(corpus: Corpus) -> set[tuple[str, str]]:
    return {(comparison.paper, comparison.compares_to) for comparison in corpus.comparisons}


def graph_shape(corpus: Corpus) -> GraphShape:
    """The comparison graph in numbers, direction of the edges ignored."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(corpus.papers)
    graph.add_edges_from(_edges(corpus))
    sizes = [len(component) for component in nx.connected_components(graph)]
    return GraphShape(len(graph), len(_edges(corpus)), len(sizes), max(sizes, default=0), sizes.count(1))
