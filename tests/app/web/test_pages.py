"""What each page says, against the same thing computed by SQL."""

from __future__ import annotations

import re
from collections import Counter

import pytest

pytest.importorskip("streamlit", reason="streamlit is not installed")

UNESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")


def text(markdown: str) -> str:
    """A Markdown cell as it is read: escapes and links taken away."""
    return UNESCAPED.sub(r"\1", re.sub(r"\[((?:\\.|[^\]\\])*)\]\([^)]*\)", r"\1", markdown)).replace(
        "\u00a0", " "
    )


def column(table, name: str) -> list[str]:
    """A column of a table on a page, as it is read."""
    return [text(cell) for cell in table.value[name]]


def shown(app) -> int:
    """How many rows the first table or grid of a page has."""
    return len((app.table or app.dataframe)[0].value)


def metrics(app) -> dict[str, str]:
    """Counts shown on a page, by name."""
    return {metric.label: metric.value for metric in app.metric}


def test_overview_counts_what_the_tables_hold(visit, sql):
    """Papers, comparisons and rows with numbers on the front page are those of the public tables."""
    shown = metrics(visit("overview"))
    assert shown["Papers"] == f"{sql('SELECT count(*) n FROM papers').n[0]:,}"
    assert shown["Comparisons"] == f"{sql('SELECT count(*) n FROM comparisons WHERE doubt IS NULL').n[0]:,}"
    points = sql(
        "SELECT count(*) n FROM points WHERE point_id NOT IN (SELECT point_id FROM points WHERE file LIKE '%.csv')"
    )
    assert shown["Rows with numbers"] == f"{points.n[0]:,}"


def test_overview_sets_printed_numbers_beside_live_ones(visit, sql):
    """The finding on papers never compared to states the count that SQL gives for the survey's papers."""
    table = visit("overview").table[0]
    row = column(table, "What is counted").index("methods that no later work compares to")
    alone = sql(
        "SELECT count(*) n FROM papers WHERE survey IS NOT NULL AND paper NOT IN "
        "(SELECT compares_to FROM comparisons JOIN papers USING (paper) WHERE doubt IS NULL AND survey IS NOT NULL)"
    ).n[0]
    assert column(table, "Corrected, here")[row].startswith(f"{alone} of 81")
    assert column(table, "Printed")[row] == "dozens"


SURVEY_POINTS = "coalesce(excluded_from, '') NOT LIKE '%fragmentation%' AND file LIKE '%.yaml'"
CHOICES = (
    (
        {"architecture": "VGG-16"},
        "dataset = 'ImageNet' AND architecture = 'VGG-16' AND compression_ratio > 0 AND top1_change IS NOT NULL",
    ),
    (
        {"architecture": "ResNet-50", "x": "theoretical_speedup", "y": "top5_change"},
        "dataset = 'ImageNet' AND architecture = 'ResNet-50' AND theoretical_speedup > 0 AND top5_change IS NOT NULL",
    ),
    (
        {
            "dataset": "CIFAR-10",
            "architecture": "ResNet-56",
            "x": "theoretical_speedup",
            "reviewed": "true",
        },
        "dataset = 'CIFAR-10' AND architecture = 'ResNet-56' AND theoretical_speedup > 0 AND top1_change IS NOT NULL "
        "AND paper IN (SELECT paper FROM papers WHERE peer_reviewed)",
    ),
    (
        {"architecture": "ResNet-50", "years": ["2018", "2018"], "x": "theoretical_speedup"},
        "dataset = 'ImageNet' AND architecture = 'ResNet-50' AND theoretical_speedup > 0 AND top1_change IS NOT NULL "
        "AND paper IN (SELECT paper FROM papers WHERE year = 2018)",
    ),
    (
        {"architecture": "VGG-16", "only": ["hu2016network", "luo2017thinet"]},
        "dataset = 'ImageNet' AND architecture = 'VGG-16' AND compression_ratio > 0 AND top1_change IS NOT NULL "
        "AND paper IN ('hu2016network', 'luo2017thinet')",
    ),
    (
        {"architecture": "Alex/CaffeNet", "merged": "true"},
        "dataset = 'ImageNet' AND architecture IN ('AlexNet', 'CaffeNet') AND compression_ratio > 0 "
        "AND top1_change IS NOT NULL",
    ),
)


@pytest.mark.parametrize(("address", "condition"), CHOICES)
def test_tradeoffs_show_the_points_that_sql_selects(visit, sql, address, condition):
    """Dataset, architecture, measures, papers, years, venue and merged families select as in SQL."""
    app = visit("tradeoffs", **address)
    points = sql(f"SELECT label, line FROM points WHERE {condition} AND {SURVEY_POINTS}")
    assert not app.warning
    assert len(points) > 0
    assert app.caption[0].value.startswith(f"{len(points)} operating point")
    listed = Counter(column(app.table[0], "Line"))
    assert listed.total() == min(len(points), 40)
    assert listed <= Counter(f"line {line}" for line in points.line)


def test_tradeoffs_scopes_add_excluded_rows_and_released_runs(visit, sql):
    """`tables` adds what the survey left out, `everything` the released runs."""
    where = "dataset = 'ImageNet' AND architecture = 'ResNet-50' AND compression_ratio > 0 AND top1_change IS NOT NULL"
    for scope, condition in (("tables", "file LIKE '%.yaml'"), ("everything", "true")):
        count = sql(f"SELECT count(*) n FROM points WHERE {where} AND {condition}").n[0]
        app = visit("tradeoffs", architecture="ResNet-50", scope=scope)
        assert app.caption[0].value.startswith(f"{count:,} operating point")


def test_a_chosen_point_is_listed_alone_with_its_value_and_line(visit, sql):
    """The list narrows to the points that the address picks; value, printed digits and line are the table's."""
    point = sql("SELECT * FROM points WHERE point_id = 'han2015learning/173'").iloc[0]
    app = visit("tradeoffs", architecture=point.architecture, points=[point.point_id])
    table = app.table[0]
    assert len(table.value) == 1
    assert column(table, "Compression ratio")[0].startswith(f"{point.compression_ratio:.4g}x")
    assert f"line={point.line}" in table.value["Line"][0]
    assert "top1 error 31.34%" in column(table, "Printed")[0]


def test_structure_filter_keeps_methods_of_that_structure(visit, everything):
    """Only points whose method removes filters stay."""
    app = visit(
        "tradeoffs",
        dataset="CIFAR-10",
        architecture="ResNet-56",
        x="theoretical_speedup",
        structure=["filter"],
    )
    expected = [
        point
        for point in everything.points
        if (point.dataset, point.architecture) == ("CIFAR-10", "ResNet-56")
        and {"theoretical_speedup", "top1_change"} <= point.values.keys()
        and point.stands_beside_papers
        and everything.papers[point.paper].methods.get(point.method)
        and everything.papers[point.paper].methods[point.method].structure == "filter"
    ]
    assert expected
    assert app.caption[0].value.startswith(f"{len(expected)} operating point")


def test_frontier_holds_exactly_the_undominated_points(everything):
    """No point of the frontier is beaten in both measures, and every point outside it is."""
    from app.web.widgets.tradeoff import Choice, frontier, tradeoff_points

    points = tradeoff_points(everything, Choice("ImageNet", "ResNet-50", x_metric="theoretical_speedup"))
    best = set(frontier(points)["point_id"])
    for one in points.itertuples():
        beaten = any(
            other.x >= one.x and other.y >= one.y and (other.x, other.y) != (one.x, one.y)
            for other in points.itertuples()
        )
        twin_before = any(
            (other.x, other.y) == (one.x, one.y)
            and other.point_id in best
            and other.point_id != one.point_id
            for other in points.itertuples()
        )
        assert (one.point_id in best) == (not beaten and not twin_before)


@pytest.mark.parametrize(
    ("search", "condition"),
    [
        ("channel", "title ILIKE '%channel%' OR paper ILIKE '%channel%'"),
        ("NIPS 2016", "venue = 'NIPS' AND year = 2016"),
        ("li2016pruning", "paper = 'li2016pruning'"),
    ],
)
def test_search_finds_what_sql_finds(visit, sql, search, condition):
    """Titles, venues with years and keys are found; every paper that SQL finds is in the list."""
    shown = visit("papers", search=search).table[0]
    titles = set(column(shown, "Title"))
    expected = set(sql(f"SELECT title FROM papers WHERE {condition}").title)
    assert expected
    assert expected <= titles


def test_a_paper_shows_every_value_with_its_line(visit, sql):
    """Each value of the paper in normal form stands in its table, beside its printed digits."""
    app = visit("papers", paper="li2016pruning")
    table = app.table[0]
    rows = sql(
        "SELECT measure, measurements.line FROM measurements JOIN points USING (point_id) "
        "WHERE paper = 'li2016pruning' AND measure = 'compression_ratio'"
    )
    places = zip(column(table, "Measure"), column(table, "Line"), strict=True)
    shown = sorted(line for measure, line in places if measure == "compression ratio")
    assert len(rows) > 0
    assert shown == sorted(f"line {line}" for line in rows.line)
    lines = "\n".join(item.value for item in app.markdown)
    incoming = sql(
        "SELECT count(*) n FROM comparisons WHERE compares_to = 'li2016pruning' AND doubt IS NULL"
    ).n[0]
    assert f"Compared to by {incoming}" in lines
    assert "@inproceedings{li2016pruning" in "".join(block.value for block in app.code)


def test_graph_names_the_papers_that_stand_alone(visit, sql):
    """Papers without any comparison are counted and listed as SQL has them."""
    alone = sql(
        "SELECT paper FROM papers WHERE paper NOT IN (SELECT paper FROM comparisons WHERE doubt IS NULL) "
        "AND paper NOT IN (SELECT compares_to FROM comparisons WHERE doubt IS NULL)"
    )
    said = "\n".join(item.value for item in visit("graph").markdown)
    assert f"and {len(alone)} papers that stand alone" in said
    assert all(f"focus={paper}" in said for paper in alone.paper)


def test_graph_path_is_a_chain_of_comparisons(visit, sql):
    """The path between two papers has as many steps as SQL's shortest chain."""
    steps = sql(
        """WITH RECURSIVE edge AS (SELECT paper a, compares_to b FROM comparisons WHERE doubt IS NULL
             UNION SELECT compares_to, paper FROM comparisons WHERE doubt IS NULL),
           walk(paper, n) AS (SELECT 'frankle2018lottery', 0
             UNION SELECT b, n + 1 FROM walk JOIN edge ON a = walk.paper WHERE n < 5)
           SELECT min(n) n FROM walk WHERE paper = 'he2018amc'"""
    ).n[0]
    said = "\n".join(
        item.value for item in visit("graph", focus="frankle2018lottery", to="he2018amc").markdown
    )
    assert re.search(rf"Path to .*\({steps} steps?\)", said)


def test_compare_counts_shared_settings(visit, sql):
    """Two methods share the settings that SQL's intersection has."""
    shared = sql(
        "SELECT DISTINCT dataset, architecture FROM points WHERE label = 'Han 2015' INTERSECT "
        "SELECT DISTINCT dataset, architecture FROM points WHERE label = 'Guo 2016'"
    )
    app = visit("compare", methods=["Han 2015", "Guo 2016"])
    assert app.subheader[0].value == f"{len(shared)} shared setting" + ("s" if len(shared) != 1 else "")
    assert column(app.table[0], "Setting") == [
        f"{row.architecture} on {row.dataset}" for row in shared.itertuples()
    ]


def test_compare_names_what_is_missing(visit):
    """Methods without common ground are `not comparable`, and the page says what each has."""
    warning = text(visit("compare", methods=["Han 2015", "Li 2017"]).warning[0].value)
    assert "Han 2015 and Li 2017: not comparable" in warning
    assert "ResNet-34 on ImageNet" in warning


def test_verdicts_are_those_of_the_statistic(everything):
    """The page's verdict on two papers with one method each equals the statistic head_to_head."""
    from app.web.widgets.common_ground import verdicts
    from metaanalysis.registry import statistics

    table = statistics()["head_to_head"].data(everything)
    mine = verdicts(everything, ["Hu 2016", "Luo 2017"], merged=False)
    mine = mine[(mine["label"] == "Luo 2017") & (mine["architecture"] == "VGG-16")]
    theirs = table[
        (table["paper"] == "luo2017thinet")
        & (table["other"] == "hu2016network")
        & (table["architecture"] == "VGG-16")
    ]
    counts = ["dominant", "above", "level", "below", "dominated", "incomparable"]
    key = ["x_metric", "y_metric"]
    assert len(mine) > 0
    assert mine.set_index(key)[counts].sort_index().equals(theirs.set_index(key)[counts].sort_index())


def test_without_reruns_the_page_says_how_to_make_them(visit, own_corpus):
    """A corpus without documents of re-runs gets the way to make some."""
    assert not (own_corpus.parent / "rerun").exists()
    app = visit("reruns")
    assert "no re-runs yet" in app.info[0].value
    assert any("make rerun" in item.value for item in app.markdown)
    app.toggle(key="as_published").set_value(True).run()
    assert "As published in 2020 there are no re-runs" in app.info[0].value


RERUN = """title: A study of our own
authors: [The prunebase authors]
venue: arXiv
date: 2024-01
attribution: rerun
methods: {global-magnitude: {structure: unstructured, scoring: magnitude}}
results:
  - where: a study
    dataset: CIFAR-10
    architecture: ResNet-56
    method: global-magnitude
    unpruned: {top1: 93.0%}
    pruned: [{top1: 92.0%, theoretical_speedup: 2.0x}, {top1: 91.0%, theoretical_speedup: 3.0x}]
"""


def test_reruns_stand_beside_reported_points(visit, own_corpus, sql):
    """Two runs of a new document are counted beside the papers' points of the same setting."""
    results = own_corpus.parent / "rerun" / "results"
    results.mkdir(parents=True)
    (results / "prunebase2024study.yaml").write_text(RERUN)
    app = visit("reruns", x="theoretical_speedup")
    reported = sql(
        "SELECT count(*) n FROM points WHERE dataset = 'CIFAR-10' AND architecture = 'ResNet-56' "
        "AND theoretical_speedup > 0 AND top1_change IS NOT NULL"
    ).n[0]
    assert app.caption[0].value == f"{reported} reported points, 2 re-run points."


def test_measured_curves_findings_and_verdicts_are_on_the_page(visit, own_corpus, write_study):
    """Runs of a study bring their figure, the survey's findings with counts, the verdicts, and the study itself."""
    curves = {"global-magnitude": {2.0: [91.0, 91.2]}, "layerwise-magnitude": {2.0: [85.0, 85.2]}}
    about = {"dataset": "CIFAR-10", "architecture": "ResNet-20", "sizes": (269_722, 40_551_040)}
    write_study(own_corpus.parent / "rerun" / "results", "twenty", {"a": (91.5, curves)}, **about)
    app = visit("reruns", x="theoretical_speedup")
    headers = [header.value for header in app.header]
    assert headers[:3] == [
        "The survey's findings, on our own runs",
        "What we measured",
        "Every setting that has both",
    ]
    findings = app.table[1]
    size = column(findings, "Finding").index("global beats layerwise at equal size")
    assert [column(findings, name)[size] for name in ("Holds", "Does not hold", "Cannot be told")] == [
        "1",
        "0",
        "0",
    ]
    assert any("not attempted" in caption.value for caption in app.caption)
    assert column(app.table[-1], "Study") == ["Invented results of twenty"]
    assert column(app.table[-1], "Runs") == ["4"]


def test_every_figure_and_statistic_draws(visit):
    """Each entry of the registry opens by its address; none raises, each states its title.

    A figure and a statistic of one name share one table, so the address opens the figure.
    """
    from metaanalysis.registry import figures, statistics

    for name, entry in {**statistics(), **figures()}.items():
        app = visit("figures", show=name)
        assert text(app.header[0].value) == entry.title


def test_an_option_is_a_widget(visit, sql):
    """`at_least` of common_pairs comes from its signature, and changes the rows as HAVING does."""
    app = visit("figures", show="corpus_counts")
    assert not app.number_input
    app = visit("figures", show="baselines")
    wide = shown(app)
    app.number_input[0].set_value(3).run()
    assert shown(app) < wide
    app = visit("figures", show="common_pairs")
    app.number_input[0].set_value(8).run()
    # The statistic leaves placeholders and settings excluded from counts out; none of the pairs with 8 papers is one.
    pairs = sql("SELECT dataset, architecture FROM settings GROUP BY ALL HAVING count(DISTINCT paper) >= 8")
    assert shown(app) == len(pairs)


def test_the_published_world_is_a_switch(visit):
    """As published, the corpus has the survey's 49 datasets."""
    from metaanalysis.survey.printed import printed

    said = {sentence.id: sentence.value for sentence in printed().sentences}
    app = visit("overview")
    app.toggle(key="as_published").set_value(True).run()
    assert metrics(app)["Datasets"] == str(said["datasets"])


def test_quality_counts_contradictions_doubts_and_unknown_places(visit, sql, everything):
    """The counts on top, and the rows below them, are those of the tables."""
    contradictions = sql("SELECT * FROM contradictions")
    app = visit("quality", part="contradictions")
    assert metrics(app)["Contradictions"] == str(len(contradictions))
    assert len(app.table[0].value) == len(contradictions)
    unknown = sum(entry.location == "unknown" for entry in everything.entries)
    assert metrics(app)["Unknown places"] == f"{unknown:,}"
    app = visit("quality", part="doubts")
    assert len(app.table[0].value) == int(metrics(app)["Doubts"])


def test_gap_map_counts_papers_that_report_and_papers_that_use(visit, sql):
    """The cell VGG-16 on ImageNet holds SQL's numbers of papers."""
    table = visit("quality", measure="theoretical_speedup", fewest="8").table[0]
    row = column(table, "architecture").index("VGG-16")
    using = sql(
        "SELECT count(DISTINCT paper) n FROM settings WHERE architecture = 'VGG-16' AND dataset = 'ImageNet'"
    )
    reporting = sql(
        "SELECT count(DISTINCT paper) n FROM points WHERE architecture = 'VGG-16' AND dataset = 'ImageNet' "
        "AND theoretical_speedup IS NOT NULL"
    )
    assert column(table, "papers")[row] == str(using.n[0])
    assert column(table, "with numbers")[row] == str(reporting.n[0])


def test_console_gives_the_rows_of_a_query(visit, sql):
    """The console's rows are those of the same query elsewhere; examples all run."""
    from app.web.widgets.console import EXAMPLES

    for query in EXAMPLES.values():
        app = visit("sql", sql=query)
        assert not app.error, query
        assert shown(app) == len(sql(query))


def test_console_refuses_a_write_in_words(visit):
    """DELETE is refused with a reason."""
    app = visit("sql", sql="DELETE FROM papers")
    assert text(app.error[0].value).startswith("Refused: found DELETE; expected one SELECT")


def test_source_shows_the_line(visit, everything):
    """The line of a point stands marked in the excerpt."""
    point = next(everything.papers["li2016pruning"].points)
    app = visit("source", file=point.file, line=str(point.line))
    marked = next(line for line in app.code[0].value.splitlines() if line.startswith("→"))
    assert f" {point.line}  " in marked
    assert point.leaves["top1_error"].quantity.printed in marked
    assert "survey_row: 142" in app.code[0].value


OUTSIDE = (
    "../../etc/passwd",
    "/etc/passwd",
    "corpus/papers/../../pyproject.toml",
    "corpus/papers",
    "app/web/main.py",
    "%2e%2e",
)


@pytest.mark.parametrize("file", OUTSIDE)
def test_source_shows_files_of_the_corpus_alone(visit, file):
    """Any other path is not a file of the corpus."""
    app = visit("source", file=file)
    assert "has no file" in app.error[0].value
    assert not app.code


PAGES = {
    "tradeoffs": ("dataset", "ImageNett", "ImageNet"),
    "papers": ("paper", "li2016prunning", "li2016pruning"),
    "graph": ("focus", "nobody", None),
    "compare": ("methods", "Han 2051", "Han 2015"),
    "figures": ("show", "fragmentatoin", "fragmentation"),
    "quality": ("part", "gap", "gaps"),
}


@pytest.mark.parametrize("page", PAGES)
def test_an_invalid_address_is_said_on_the_page(visit, page):
    """A value that is not there is named, with the nearest that is; so is a parameter that no widget knows."""
    name, value, near = PAGES[page]
    app = visit(page, **{name: value, "nonsense": "1"})
    said = [text(warning.value) for warning in app.warning]
    assert any(
        f"{name} '{value}'" in line and (near is None or f"'{near}'" in line or near in line)
        for line in said
    )
    assert any("nonsense" in line for line in said)


def test_numbers_in_the_address_are_checked(visit):
    """A number out of range or no number is said."""
    assert "from 1 to 30" in visit("quality", fewest="-4").warning[0].value
    assert "from 1 to 30" in visit("quality", fewest="many").warning[0].value


def test_a_changed_file_is_picked_up(visit, own_corpus):
    """A new title shows at the next run, without a restart; an error in a file is shown with its line."""
    file = own_corpus / "papers" / "li2016pruning.yaml"
    app = visit("papers", paper="li2016pruning")
    assert "Pruning filters" in app.header[0].value
    file.write_text(
        file.read_text().replace("Pruning filters for efficient", "Trimming filters for efficient")
    )
    assert "Trimming filters" in app.run().header[0].value
    file.write_text("title: only this\n")
    assert any("missing key" in text(item.value) for item in app.run().markdown)
