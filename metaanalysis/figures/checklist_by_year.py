"""How well papers follow the survey's recommendations, year by year.

Each cell is the share of the year's papers that meet a recommendation of Section 6 or Appendix B of Blalock et al.
(2020) among those the corpus can ask (answers yes, partly and no; partly does not meet it); below the share, how many
papers could be asked. An empty cell: none could. The survey made these recommendations in 2020, after the papers. What
each criterion reads, and what the corpus cannot tell, is in the table checklist_criteria.
"""

from __future__ import annotations

from collections import Counter

import altair as alt
import pandas as pd

from corpus.catalogue.corpus import Corpus
from metaanalysis.style import GREY, INK
from metaanalysis.survey.checklist import CRITERIA, NO, PARTLY, YES, answers

COLUMNS = ("criterion", "place", "years", "yes", "partly", "no", "share")
EARLY = 2010
"""Papers from before share one column."""
CELL_WIDTH, CELL_HEIGHT = 44, 30


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per criterion and year with a paper that can be asked; counts of papers, share as a fraction."""
    counts: dict[tuple[str, str], Counter] = {}
    for paper in corpus.papers.values():
        years = f"< {EARLY}" if paper.year < EARLY else str(paper.year)
        for name, answer in answers(corpus)[paper.key].items():
            counts.setdefault((name, years), Counter())[answer] += 1
    rows = []
    for entry in CRITERIA:
        for years in sorted(
            {years for _, years in counts}, key=lambda years: (not years.startswith("<"), years)
        ):
            found = counts.get((entry.name, years), Counter())
            asked = found[YES] + found[PARTLY] + found[NO]
            if asked:
                row = (
                    entry.name,
                    entry.place,
                    years,
                    found[YES],
                    found[PARTLY],
                    found[NO],
                    found[YES] / asked,
                )
                rows.append((*row, entry.asks, asked))
    return pd.DataFrame(rows, columns=[*COLUMNS, "asks", "asked"])


def chart(data: pd.DataFrame) -> alt.Chart:
    """A heat map; the share stands in the cell in digits, so that no colour has to be read."""
    names = list(dict.fromkeys(data["criterion"]))
    years = sorted(set(data["years"]), key=lambda years: (not years.startswith("<"), years))
    told = data.assign(
        name=[_in_words(name) for name in data["criterion"]],
        percent=[f"{share:.0%}" for share in data["share"]],
        of=[f"of {asked}" for asked in data["asked"]],
        about=[
            f"{row.asks}: {row.yes} of {row.asked} papers of {row.years}, {row.partly} partly"
            for row in data.itertuples()
        ],
    )
    x = alt.X(
        "years:O",
        title=None,
        scale=alt.Scale(domain=years),
        axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
    )
    order = [_in_words(name) for name in names]
    y = alt.Y("name:N", title=None, sort=order, axis=alt.Axis(labelLimit=240, ticks=False, domain=False))
    base = alt.Chart(told)
    scale = alt.Scale(domain=[0, 1], range=["#f4f6f8", "#0b5394"])
    legend = alt.Legend(format=".0%", orient="right", gradientLength=160)
    cells = base.mark_rect(stroke="white", strokeWidth=1.5).encode(
        x=x,
        y=y,
        color=alt.Color("share:Q", scale=scale, title="Papers that do", legend=legend),
        description=alt.Description("about:N"),
        tooltip=alt.Tooltip("about:N", title=" "),
    )
    ink = alt.condition(alt.datum.share > 0.45, alt.value("white"), alt.value(INK))
    share = base.mark_text(fontSize=10, dy=-5).encode(x=x, y=y, text=alt.Text("percent:N"), color=ink)
    soft = alt.condition(alt.datum.share > 0.45, alt.value("#e8eff6"), alt.value(GREY))
    of = base.mark_text(fontSize=8, dy=7).encode(x=x, y=y, text=alt.Text("of:N"), color=soft)
    return alt.layer(cells, share, of).properties(
        width={"step": CELL_WIDTH}, height={"step": CELL_HEIGHT}, view=alt.ViewConfig(stroke=None)
    )


def _in_words(criterion: str) -> str:
    return (
        criterion.replace("_", " ")
        .replace("top1", "Top-1")
        .replace("top5", "Top-5")
        .replace("flop ", "FLOP ")
    )
