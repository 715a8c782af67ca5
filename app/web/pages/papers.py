"""Papers: search by anything, then one paper with everything the corpus says about it."""

from __future__ import annotations

import streamlit as st

from app.web import address, frame
from app.web.loaded import corpus, source_text
from app.web.widgets import listing, picture, studies
from app.web.widgets.bookshelf import check_rows, matching, remarks, result_rows
from app.web.widgets.citation import bibtex
from app.web.words import counted, link, outside, plain, to_line
from corpus.catalogue.checks_of_values import count_by_kind
from corpus.catalogue.corpus import Corpus, Paper
from corpus.catalogue.training_text import recipe_lines

TITLE = "Papers"
SECTION = "Explore"
ICON = ":material/article:"
POSITION = 2
FOUND = ("Paper", "Title", "Venue", "Results", "Compares to", "Compared to by")
CHECKS = ("Setting", "Value", "Against", "At", "Printed there", "Agrees", "Line")
RESULTS = ("Setting", "Method", "Measure", "As printed", "In normal form", "Digits allow", "How", "Line")


def page() -> None:
    """The search, then the paper chosen."""
    loaded = corpus()
    st.title(TITLE)
    left, right = st.columns(2)
    with left:
        wanted = address.words(
            "Search", "search", placeholder="title, author, key, venue, year, dataset, architecture"
        )
    with right:
        key = address.one_of("Paper", sorted(loaded.papers), "paper", placeholder="Choose a paper")
    if key:
        whole_paper(loaded, loaded.papers[key])
    else:
        list_of_papers(loaded, matching(loaded, wanted))


def list_of_papers(loaded: Corpus, papers: list[Paper]) -> None:
    """The papers that match."""
    st.caption(f"{counted(len(papers), 'paper')} of {len(loaded.papers)}")
    if not papers:
        st.info(
            "No paper has all of these words. Try fewer, or one of: an author, a year, a dataset such as ImageNet."
        )
        return
    incoming = [comparison.compares_to for comparison in loaded.comparisons]
    rows = [
        [
            link(listing.unbroken(paper.label), "papers", paper=paper.key),
            plain(paper.written.title),
            plain(f"{paper.venue}{'' if paper.peer_reviewed else ' (not peer-reviewed)'}"),
            str(sum(1 for point in paper.points if not point.released)),
            str(len(paper.comparisons)),
            str(incoming.count(paper.key)),
        ]
        for paper in papers
    ]
    listing.table(rows, FOUND, "Papers found", most=len(rows))


def whole_paper(loaded: Corpus, paper: Paper) -> None:
    """Everything about one paper."""
    st.header(plain(paper.written.title), anchor=False)
    bibliography(paper)
    comparisons(loaded, paper)
    st.subheader("Results: as printed, and in normal form")
    rows = list(result_rows(paper))
    silent = sum(entry.point is None for entry in paper.entries)
    released = sum(entry.released for entry in paper.entries)
    left_out = [counted(silent, "setting") + " without numbers"] if silent else []
    left_out += [counted(released, "released run")] if released else []
    st.caption(", ".join([counted(len(rows), "value"), *left_out]))
    if rows:
        listing.table(rows, RESULTS, f"Values of {paper.label}", most=400)
    doubts(paper)
    checks(paper)
    studies.checklist_of(paper.key)
    texts(loaded, paper)


def bibliography(paper: Paper) -> None:
    """Who, where, when, and the way to the paper itself."""
    written = paper.written
    reviewed = "peer-reviewed" if paper.peer_reviewed else "not peer-reviewed"
    links = [
        outside(f"arXiv:{written.arxiv}", f"https://arxiv.org/abs/{written.arxiv}")
        if written.arxiv
        else "",
        outside(f"doi:{written.doi}", f"https://doi.org/{written.doi}") if written.doi else "",
        outside("paper", written.url) if written.url else "",
        outside("code", written.code) if written.code else "",
    ]
    facts = {
        "Authors": plain(", ".join(written.authors)),
        "Venue": plain(f"{paper.venue}, {paper.date} ({reviewed})"),
        "Published": plain(written.published or ""),
        "Links": " · ".join(filter(None, links)),
        "Note": plain(written.note or ""),
        "File": to_line(paper.file, 1, paper.file),
    }
    for name, method in paper.methods.items():
        axes = ("structure", "scoring", "scope", "scheduling", "fine_tuning")
        stated = ", ".join(f"{axis.replace('_', '-')} {getattr(method, axis)}" for axis in axes)
        facts[plain(f"Method {method.full_name or method.name or name}")] = plain(stated)
    listing.facts(facts)
    if paper.recipes:
        lines = []
        for recipe in paper.recipes:
            for part, words in recipe_lines(recipe):
                lines.append(f"- **{plain(part)}**: {plain(words)}")
        with st.expander(f"How networks were trained ({counted(len(lines), 'fact')})"):
            st.markdown("\n".join(lines))


def comparisons(loaded: Corpus, paper: Paper) -> None:
    """Comparisons out and in, as links."""
    outgoing = [other.compares_to for other in paper.comparisons]
    incoming = sorted(other.paper for other in loaded.comparisons if other.compares_to == paper.key)
    here = link("see it in the graph", "graph", focus=paper.key)
    st.markdown(
        f"- **Compares to {len(outgoing)}**: {_linked(outgoing) or 'no other paper of the corpus'}\n"
        f"- **Compared to by {len(incoming)}**: {_linked(incoming) or 'no paper of the corpus'} ({here})"
    )


def _linked(keys: list[str]) -> str:
    return ", ".join(link(key, "papers", paper=key) for key in keys)


def doubts(paper: Paper) -> None:
    """What was corrected, added or is doubted."""
    lines = list(remarks(paper))
    st.subheader("Doubts, corrections, additions")
    st.markdown("\n".join(f"- {line}" for line in lines) or "None recorded.")


def checks(paper: Paper) -> None:
    """Which printed values were set beside which source, and whether they agree."""
    rows = list(check_rows(paper))
    st.subheader("Checks of printed values")
    counts = [f"{number} {kind}" for kind, number in count_by_kind(paper.values).items() if number]
    st.caption(f"{counted(len(paper.values), 'printed value')}: {', '.join(counts) or 'none'}")
    if rows:
        listing.table(rows, CHECKS, f"Checks of {paper.label}", most=400)


def texts(loaded: Corpus, paper: Paper) -> None:
    """BibTeX and YAML to copy."""
    st.subheader("To copy")
    venue = loaded.names.venues.entries.get(paper.venue)
    entry = bibtex(paper, venue.kind if venue else None)
    source = source_text(paper.file) or ""
    with st.expander("BibTeX"):
        st.code(entry, language="latex", wrap_lines=True)
    with st.expander("YAML"):
        st.code(source, language="yaml", line_numbers=True, wrap_lines=True)
    picture.text_downloads({f"{paper.key}.bib": entry, f"{paper.key}.yaml": source})


frame.within(page)
