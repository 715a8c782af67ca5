"""How well papers follow the survey's recommendations, year by year.

In each cell, how many of the year's papers meet a recommendation of Section 6 or Appendix B of Blalock et al. (2020);
below, of how many that the corpus can ask (answers yes, partly and no; partly does not meet it). The colour is the
share. An empty cell: none could be asked, since it does not apply or was not transcribed. The survey made these
recommendations in 2020, after the papers. What each criterion reads, and what the corpus cannot tell, is in the table
checklist_criteria.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import altair as alt
import pandas as pd
from altair.typing import ChartType

from corpus.catalogue.corpus import Corpus
from metaanalysis.drawing.panels import hover
from metaanalysis.style import GREY, INK
from metaanalysis.survey.checklist import CRITERIA, NO, PARTLY, YES, answers

COLUMNS = ("criterion", "place", "years", "yes", "partly", "no", "share")
IDENTITY = ("criterion", "years")
VALUES = ("yes", "partly", "no")
EARLY = 2010
"""Papers from before share one column."""
CELL_WIDTH, CELL_HEIGHT = 44, 30
DARK = 0.45
"""Share from which on a cell is so dark that its digits are light."""


def data(corpus: Corpus) -> pd.DataFrame:
    """One row per criterion and year with a paper that can be asked; counts of papers, share as a fraction."""
    counts: dict[tuple[str, str], Counter] = {}
    for paper in corpus.papers.values():
        years = f"< {EARLY}" if paper.year < EARLY else str(paper.year)
        for name, answer in answers(corpus)[paper.key].items():
            counts.setdefault((name, years), Counter())[answer] += 1
    rows = []
    for criterion in CRITERIA:
        for years in _in_order(years for _, years in counts):
            count = counts.get((criterion.name, years), Counter())
            asked = count[YES] + count[PARTLY] + count[NO]
            if asked:
                rows.append(
                    {
                        "criterion": criterion.name,
                        "place": criterion.place,
                        "years": years,
                        "yes": count[YES],
                        "partly": count[PARTLY],
                        "no": count[NO],
                        "share": count[YES] / asked,
                        "asks": criterion.asks,
                        "asked": asked,
                    }
                )
    return pd.DataFrame(rows, columns=[*COLUMNS, "asks", "asked"])


def _in_order(years: Iterable[str]) -> list[str]:
    """Each column once, the one of early papers first."""
    return sorted(set(years), key=lambda name: (not name.startswith("<"), name))


def chart(data: pd.DataFrame) -> ChartType:
    """A heat map; the share stands in the cell in digits, so that no colour has to be read."""
    about = []
    for row in data.itertuples():
        about.append(f"{row.asks}: {row.yes} of {row.asked} papers of {row.years}, {row.partly} partly")
    cells = data.assign(
        name=data["criterion"].map(_in_words),
        count=data["yes"].map("{:d}".format),
        of=data["asked"].map("of {}".format),
        about=about,
    )
    x = alt.X(
        "years:O",
        title=None,
        scale=alt.Scale(domain=_in_order(data["years"])),
        axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
    )
    criteria = list(dict.fromkeys(cells["name"]))
    y = alt.Y("name:N", title=None, sort=criteria, axis=alt.Axis(labelLimit=240, ticks=False, domain=False))
    base = alt.Chart(cells)
    scale = alt.Scale(domain=[0, 1], range=["#f4f6f8", "#0b5394"])
    colour = alt.Color("share:Q", scale=scale, legend=None)
    tiles = base.mark_rect(stroke="white", strokeWidth=1.5).encode(
        x=x, y=y, color=colour, **hover(href=False)
    )
    ink = alt.condition(alt.datum.share > DARK, alt.value("white"), alt.value(INK))
    share = base.mark_text(fontSize=10, dy=-5).encode(x=x, y=y, text=alt.Text("count:N"), color=ink)
    soft = alt.condition(alt.datum.share > DARK, alt.value("#e8eff6"), alt.value(GREY))
    of = base.mark_text(fontSize=8, dy=7).encode(x=x, y=y, text=alt.Text("of:N"), color=soft)
    return alt.layer(tiles, share, of).properties(
        width={"step": CELL_WIDTH}, height={"step": CELL_HEIGHT}, view=alt.ViewConfig(stroke=None)
    )


def _in_words(criterion: str) -> str:
    words = criterion.replace("_", " ").replace("flop ", "FLOP ")
    return words.replace("top1", "Top-1").replace("top5", "Top-5")
