"""Contribute: check a paper's file or a table at once, see where it lands, take the file away."""

from __future__ import annotations

import re

import streamlit as st

from app.web import address, frame
from app.web.loaded import corpus, source_text
from app.web.widgets import contribution, listing, picture, tradeoff, tradeoff_chart
from app.web.words import counted, plain
from corpus.schema.reader import MAX_BYTES, Problem
from metaanalysis.impact.text import sections

TITLE = "Contribute"
SECTION = "Take part"
ICON = ":material/upload_file:"
POSITION = 1
PAPER, TABLE = "a paper's file", "a table"
MOST_PROBLEMS = 60
TEMPLATE_OF = "li2016pruning"
PLACEHOLDERS = {
    PAPER: "title: ...\nauthors: [...]\nvenue: ...\ndate: 2024-05\nresults:\n  - where: Table 1\n    ...",
    TABLE: "Method,Top-1 (%),Unpruned Top-1 (%),Params pruned\nOurs,92.1,93.0,60%",
}


def page() -> None:
    """What to bring, then its check."""
    st.title(TITLE)
    st.caption(
        "Checked in memory as you paste it. Nothing is kept on the server, nothing reaches another visitor; at most "
        f"{MAX_BYTES >> 20} MiB."
    )
    kind = address.segment("Check", (PAPER, TABLE), "kind")
    content, name = brought(kind)
    if content is None:
        return
    if kind == PAPER:
        paper(content, name)
    else:
        table(content)


def brought(kind: str) -> tuple[bytes | None, str]:
    """The text pasted or the file uploaded, and the file's name."""
    left, right = st.columns(2)
    with left:
        file = st.file_uploader(
            "Upload a file",
            type=["yaml", "yml"] if kind == PAPER else ["csv", "tsv", "md", "tex", "txt"],
            max_upload_size=2,
        )
    example = (
        source_text(corpus().papers[TEMPLATE_OF].file)
        if kind == PAPER and TEMPLATE_OF in corpus().papers
        else None
    )
    with right:
        if example:
            st.markdown("No file yet? Start from one that is there, or from `prunebase new`.")
            picture.text_downloads({f"{TEMPLATE_OF}.yaml": example})
    text = st.text_area(
        "or paste it", height=260, max_chars=MAX_BYTES, key=f"pasted-{kind}", placeholder=PLACEHOLDERS[kind]
    )
    if file is not None:
        return file.getvalue(), file.name
    return (text.encode(), "") if text and text.strip() else (None, "")


def paper(content: bytes, name: str) -> None:
    """The check of a paper's file, its preview, its effect."""
    suggested = re.sub(r"\.ya?ml$", "", name) if name else contribution.DEFAULT_KEY
    key = st.text_input("Key (the file's name: surname, year, word)", value=suggested, max_chars=80).strip()
    if problem := contribution.key_problem(key):
        st.error(plain(problem))
        return
    checked = contribution.check(content, key)
    outcome(checked)
    if checked.paper is None:
        return
    picture.text_downloads({checked.file: content.decode("utf-8")})
    preview(checked)
    changes(checked)


def outcome(checked: contribution.Checked) -> None:
    """Errors and remarks with line and column."""
    if checked.errors:
        st.error(f"{counted(len(checked.errors), 'error')}. Nothing else is shown until the file is right.")
        problems(checked.errors, "Errors")
    else:
        points = sum(1 for _ in checked.paper.points)
        st.success(
            f"No error: {counted(points, 'operating point')}, {counted(len(checked.warnings), 'remark')}."
        )
    if checked.warnings:
        with st.expander(counted(len(checked.warnings), "remark"), expanded=not checked.errors):
            problems(checked.warnings, "Remarks")


def problems(found: tuple[Problem, ...] | list[Problem], about: str) -> None:
    """A table of problems by place."""
    rows = [
        [str(problem.line), str(problem.column), plain(problem.kind), plain(problem.message)]
        for problem in found[:MOST_PROBLEMS]
    ]
    listing.table(rows, ("Line", "Column", "Kind", "What"), about, most=MOST_PROBLEMS)
    if len(found) > MOST_PROBLEMS:
        st.caption(f"The first {MOST_PROBLEMS} of {len(found):,}.")


def preview(checked: contribution.Checked) -> None:
    """Where the paper's points land among the others."""
    st.subheader("Where it lands")
    settings = sorted(
        {(point.dataset, point.architecture) for point in checked.paper.points if _drawable(point)}
    )
    if not settings:
        st.info("No operating point has a size and an accuracy that could be drawn against each other.")
        return
    names = {f"{architecture} on {dataset}": (dataset, architecture) for dataset, architecture in settings}
    setting = st.selectbox("Setting", list(names))
    pairs = [
        (x, y)
        for x in tradeoff.X_METRICS
        for y in tradeoff.Y_METRICS
        if any(
            (p.dataset, p.architecture) == names[setting] and {x, y} <= p.values.keys()
            for p in checked.paper.points
        )
    ]
    x, y = st.selectbox(
        "Measures", pairs, format_func=lambda pair: f"{pair[1]} against {pair[0]}".replace("_", " ")
    )
    choice = tradeoff.Choice(*names[setting], False, x, y, tradeoff.TABLES)
    points = tradeoff.tradeoff_points(checked.after, choice)
    points["source"] = ["yours" if key == checked.paper.key else "in the corpus" for key in points["paper"]]
    chart = picture.wide(tradeoff_chart.two_sources(points, choice, ("in the corpus", "yours")), 380)
    mine = int((points["source"] == "yours").sum())
    picture.show(
        chart, f"{setting}: {counted(mine, 'point')} of yours among {len(points)}, {y} against {x}."
    )
    st.caption(f"{counted(mine, 'point')} of yours (orange squares) among {len(points)}.")


def _drawable(point: object) -> bool:
    return bool(
        set(tradeoff.X_METRICS) & point.values.keys() and set(tradeoff.Y_METRICS) & point.values.keys()
    )


def changes(checked: contribution.Checked) -> None:
    """What would change in the corpus, its figures and its findings."""
    st.subheader("What it changes")
    if not st.toggle("Work it out (some seconds)", key="impact"):
        return
    with st.spinner("Comparing every figure and table with and without it …"):
        found = contribution.effect(checked)
    if found is None:
        st.info("That is too much to compare here; run `prunebase impact` on your checkout.")
        return
    for section in sections(found):
        items = [f"- {plain(item)}" for item in section.items[:40]]
        if len(section.items) > 40:
            items.append(f"- and {len(section.items) - 40} more")
        st.markdown("\n".join([f"**{plain(section.title)}.** {plain(section.lead)}", "", *items]))


def table(content: bytes) -> None:
    """The arithmetic of a table."""
    names = corpus().names
    left, right = st.columns(2)
    with left:
        dataset = st.selectbox("Dataset, if no column names it", list(names.datasets.entries), index=None)
    with right:
        architecture = st.selectbox(
            "Architecture, if no column names it", list(names.architectures.entries), index=None
        )
    if len(content) > MAX_BYTES:
        st.error("The table is over 1 MiB.")
        return
    try:
        found = contribution.check_table(content.decode("utf-8"), dataset, architecture)
    except UnicodeDecodeError:
        st.error("This is not UTF-8 text; save the table as UTF-8.")
        return
    except ValueError as error:
        st.error(plain(error))
        return
    if found.problems:
        st.error(f"{counted(len(found.problems), 'problem')} in {counted(found.rows, 'row')}.")
        problems(found.problems, "Problems of the table")
    else:
        st.success(
            f"Nothing wrong in {counted(found.rows, 'row')}: {counted(found.comparisons, 'pair')} of numbers compared."
        )
    if found.notes:
        problems(found.notes, "Columns not read")
    st.caption(plain(f"Read as: {', '.join(found.measures)}"))


frame.within(page)
