"""Compare: two or more methods on common ground, how fair that is, or why there is none."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import streamlit as st

from app.web import address, frame
from app.web.loaded import corpus
from app.web.widgets import common_ground, fair_pairs, listing, picture, tradeoff, tradeoff_chart
from app.web.words import counted, plain
from corpus.catalogue.corpus import Corpus

TITLE = "Compare"
SECTION = "Explore"
ICON = ":material/compare_arrows:"
POSITION = 4
MOST_METHODS = 8


def page() -> None:
    """The methods, what they share, their points together, the verdicts."""
    loaded = corpus()
    st.title(TITLE)
    chosen = address.any_of(
        "Methods (two or more)",
        list(common_ground.names_of_methods(loaded).values()),
        "methods",
        max_selections=MOST_METHODS,
        placeholder="Choose methods, such as Han 2015 and Guo 2016",
    )
    merged = address.flag(
        "Merge families", "merged", help="AlexNet with CaffeNet, all VGG networks, and so on."
    )
    if len(chosen) < 2:
        st.info(
            "Choose two methods or more. Only results on the same dataset and architecture are set side by side."
        )
        return
    hindered(loaded, chosen, merged)
    settings = common_ground.shared_settings(loaded, chosen, merged)
    if settings:
        together(loaded, chosen, merged, settings)


def hindered(loaded: Corpus, chosen: list[str], merged: bool) -> None:
    """Pairs that cannot be compared, each with what is missing."""
    for one, other in combinations(chosen, 2):
        missing = common_ground.obstacles(loaded, one, other, merged)
        if missing:
            lines = "\n".join(f"- {plain(line)}" for line in missing)
            st.warning(
                f"**{plain(one)} and {plain(other)}: not comparable.**\n\n{lines}", icon=":material/block:"
            )


def together(loaded: Corpus, chosen: list[str], merged: bool, settings: dict) -> None:
    """Shared settings, one of them drawn, and all verdicts."""
    st.subheader(f"{counted(len(settings), 'shared setting')}")
    names = [f"{architecture} on {dataset}" for dataset, architecture in settings]
    rows = [
        [plain(name), plain(", ".join(users))] for name, users in zip(names, settings.values(), strict=True)
    ]
    listing.table(rows, ("Setting", "Methods"), "Settings that two or more of the methods report on")
    fairness(loaded, chosen, merged)
    verdicts = common_ground.verdicts(loaded, chosen, merged)
    if verdicts.empty:
        return
    drawn(loaded, chosen, merged, verdicts)
    judged(verdicts)


def fairness(loaded: Corpus, chosen: list[str], merged: bool) -> None:
    """The strictest comparison setup of each pair, and what differs or is not known beyond it."""
    st.subheader("How fair is it?")
    st.caption(
        "The strictest comparison setup of Wang et al. (2023) that a result of the one and a result of the other "
        "satisfy; S3.2 is the least they recommend. What no source states is not known, never assumed."
    )
    pairs = fair_pairs.fair_pairs(loaded, chosen, merged)
    rows = [
        [
            plain(f"{row.architecture} on {row.dataset}"),
            plain(f"{row.one} and {row.other}"),
            f"**{plain(row.setup)}**",
            plain(f"{row.next_setup}: {row.in_words}" if row.next_setup else row.in_words),
        ]
        for row in pairs.itertuples()
    ]
    listing.table(
        rows, ("Setting", "Pair", "Setup", "Not stricter, because"), "Comparison setups of the pairs"
    )
    with st.expander("What the setups hold equal"):
        listing.table(
            [[plain(name), plain(said)] for name, said in fair_pairs.meanings()],
            ("Setup", "Holds equal"),
            "Setups",
        )
    picture.text_downloads({"fairness.csv": pairs.to_csv(index=False)})


def drawn(loaded: Corpus, chosen: list[str], merged: bool, verdicts: pd.DataFrame) -> None:
    """The points of one shared setting together."""
    pairs = verdicts[["dataset", "architecture", "x_metric", "y_metric"]].drop_duplicates()
    names = {
        f"{row.architecture} on {row.dataset}: {row.y_metric} against {row.x_metric}": row
        for row in pairs.itertuples()
    }
    name = address.one_of("Points together", list(names), "panel")
    row = names[name]
    choice = tradeoff.Choice(
        row.dataset, row.architecture, merged, row.x_metric, row.y_metric, tradeoff.EVERYTHING
    )
    wanted = {point.point_id for label in chosen for point in common_ground.points_of_method(loaded, label)}
    points = tradeoff.tradeoff_points(loaded, choice)
    points = points[points["point_id"].isin(wanted)].reset_index(drop=True)
    chart = picture.wide(tradeoff_chart.tradeoff_chart(points, choice, with_frontier=False), 400)
    about = (
        f"{len(points)} operating points of {', '.join(sorted(set(points['label'])))}: {name}. Table below."
    )
    picture.show(chart, about)
    picture.downloads("compare", points, chart)
    columns = ("Method", "Architecture", row.x_metric, row.y_metric, "Printed", "In the paper", "Line")
    listing.table(
        listing.point_rows(points), [plain(name.replace("_", " ")) for name in columns], "Points compared"
    )


def judged(verdicts: pd.DataFrame) -> None:
    """Verdicts in words."""
    st.subheader("Head to head")
    st.caption(
        "The best points of one method against the best of the other: a count of points, never a ranking. Unpruned "
        "networks, training and ways of counting differ between papers."
    )
    rows = [
        [
            plain(f"{row.architecture} on {row.dataset}"),
            plain(f"{row.y_metric} against {row.x_metric}".replace("_", " ")),
            plain(f"{row.label} against {row.other}"),
            plain(common_ground.reason(row)),
        ]
        for row in verdicts.itertuples()
    ]
    listing.table(
        rows, ("Setting", "Measures", "Pair", "Points of the first"), "Head-to-head verdicts", most=80
    )
    picture.text_downloads({"head_to_head.csv": verdicts.to_csv(index=False)})


frame.within(page)
