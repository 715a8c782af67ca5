"""What a person does in the app, in a real browser at two widths."""

from __future__ import annotations

import csv
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

WIDTHS = (1440, 390)
PAGES = (
    *(
        "",
        "tradeoffs",
        "papers",
        "papers?paper=li2016pruning",
        "graph?focus=han2015learning",
        "reruns",
        "figures",
    ),
    *("compare?methods=Han+2015&methods=Guo+2016", "quality", "sql", "contribute", "source"),
    "figures?show=findings",
)
"""Every page; some also with something chosen."""


@pytest.fixture
def tab(chromium, server) -> Iterator[Callable]:
    """Opens an address of the app; at the end no tab may have seen an error in its console."""
    contexts, complaints = [], []

    def opened(address: str = "", width: int = 1440, base: str = server, **look: str):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True, **look
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{base}/{address}")
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def settled(page) -> None:
    """Waits until the page has drawn its title and its script has ended."""
    page.wait_for_selector("h1", timeout=30_000)
    page.wait_for_function(
        "document.querySelector('[data-test-script-state=notRunning]')"
        " && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')"
    )
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def main(page):
    """The part of the page beside the sidebar."""
    return page.get_by_test_id("stMain")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", PAGES)
def test_every_page_fits_its_window(tab, address, width):
    """No horizontal scroll at either width; a title, no exception, no error in the console."""
    page = tab(address, width, color_scheme="dark" if width == 390 else "light")
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    inside = page.evaluate(
        "(e => e.scrollWidth - e.clientWidth)(document.querySelector('[data-testid=stMain]'))"
    )
    assert (wider, inside) == (0, 0)
    assert page.get_by_test_id("stException").count() == 0
    assert main(page).locator("h1").inner_text()


def test_a_wide_figure_scrolls_in_its_own_place(tab):
    """On a phone the grid of tradeoffs is wider than the window, and its block, not the page, scrolls."""
    page = tab("figures", 390)
    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.locator("svg, canvas").first.wait_for()
    block = "e.closest('[data-testid=stHorizontalBlock]')"
    sizes = f"e => (b => [b.clientWidth, b.scrollWidth, getComputedStyle(b).overflowX])({block})"
    width, inside, overflow = chart.evaluate(sizes)
    assert width < 390 < inside
    assert overflow == "auto"


def test_the_published_world_has_an_address(tab):
    """The switch restores from the address, and stays on when a person goes to another page."""
    page = tab("?as_published=true")
    assert page.get_by_test_id("stMetric").filter(has_text="Datasets").inner_text().endswith("49")
    page.get_by_role("link", name="Data quality").first.click()
    page.wait_for_url("**/quality?as_published=true")


def test_charts_have_words_for_those_who_cannot_see_them(tab):
    """The chart of the tradeoffs says in its accessible name what it shows."""
    page = tab("tradeoffs?architecture=VGG-16")
    page.wait_for_selector("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas")
    assert page.get_by_label(re.compile("Scatter plot for VGG-16 on ImageNet")).count() >= 1


def choose(page, label: str, option: str) -> None:
    """Picks an option of a select box by keyboard, as someone without a mouse would."""
    box = page.get_by_role("combobox", name=re.compile(label))
    box.click()
    box.fill(option)
    box.press("Enter")
    settled(page)


def test_filter_follow_and_share(tab, sql):
    """Choose a network, read the point list, follow a point to its line, open the address elsewhere."""
    page = tab("tradeoffs?architecture=VGG-16")
    choose(page, "Architecture", "ResNet-50")
    count = sql(
        "SELECT count(*) n FROM points WHERE dataset = 'ImageNet' AND architecture = 'ResNet-50' "
        "AND file LIKE '%.yaml' AND compression_ratio > 0 AND top1_change IS NOT NULL "
        "AND coalesce(excluded_from, '') NOT LIKE '%fragmentation%'"
    ).n[0]
    assert main(page).get_by_text(f"{count} points listed").is_visible()
    assert "architecture=VGG-16" not in page.url  # ResNet-50 is what the page opens with, so no address names it
    same = tab(page.url.rpartition("/")[2])
    listed = main(page).locator("table tbody tr")
    assert main(same).locator("table tbody tr").all_inner_texts() == listed.all_inner_texts()
    link = listed.first.get_by_role("link").last
    with page.context.expect_page() as opening:
        link.click()
    source = opening.value
    settled(source)
    line = re.search(r"line=(\d+)", source.url)[1]
    assert re.search(rf"→ +{line}\b", main(source).locator("pre").first.inner_text())


def test_clicking_a_point_lists_it(tab):
    """A click on a mark leaves one row in the list and puts the point into the address."""
    page = tab("tradeoffs?only=han2015learning")
    mark = (
        main(page)
        .locator("[data-testid=stVegaLiteChart] svg .mark-symbol path[aria-roledescription='point']")
        .last
    )
    mark.wait_for()
    mark.click(force=True)
    page.wait_for_function("location.search.includes('points=')")
    settled(page)
    assert main(page).locator("table tbody tr").count() == 1


def test_an_invalid_address_is_said(tab):
    """An address that asks for what is not there opens, and says so."""
    page = tab("tradeoffs?dataset=ImageNott&nonsense=%3Cscript%3Ealert(1)%3C/script%3E")
    alerts = " ".join(page.get_by_test_id("stAlert").all_inner_texts())
    assert "'ImageNott'" in alerts
    assert "did you mean 'ImageNet'" in alerts
    assert "'nonsense'" in alerts
    assert page.locator("script", has_text="alert(1)").count() == 0


def test_download_holds_the_rows_shown(tab, tmp_path, sql):
    """The CSV has the points of the paper chosen, with their values."""
    page = tab("tradeoffs?architecture=VGG-16&only=hu2016network")
    with page.expect_download() as loading:
        main(page).get_by_role("button", name="CSV").first.click()
    loading.value.save_as(tmp_path / "points.csv")
    rows = list(csv.DictReader((tmp_path / "points.csv").read_text().splitlines()))
    points = sql(
        "SELECT point_id, compression_ratio FROM points WHERE paper = 'hu2016network' AND architecture = 'VGG-16' "
        "AND compression_ratio > 0 AND top1_change IS NOT NULL"
    )
    assert {row["point_id"]: float(row["x"]) for row in rows} == dict(
        zip(points.point_id, points.compression_ratio, strict=True)
    )


@pytest.mark.parametrize(("kind", "starts"), [("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("Vega-Lite", b"{")])
def test_charts_can_be_taken_away(tab, tmp_path, kind, starts):
    """SVG, PNG and Vega-Lite come as files of that kind."""
    page = tab("tradeoffs?architecture=VGG-16&only=hu2016network")
    with page.expect_download() as loading:
        main(page).get_by_role("button", name=kind, exact=True).click()
    loading.value.save_as(tmp_path / "chart")
    assert (tmp_path / "chart").read_bytes().startswith(starts)


@pytest.mark.parametrize("width", WIDTHS)
def test_query_and_refused_query(tab, width, sql):
    """A query shows its rows; a write is refused in words; the server answers afterwards."""
    page = tab("sql", width)
    box = page.get_by_role("textbox", name="Query")
    box.fill("SELECT count(*) AS n FROM papers WHERE year = 2016")
    page.get_by_role("button", name="Run").click()
    main(page).get_by_text("1 row", exact=True).wait_for()
    settled(page)
    assert main(page).locator("table tbody td").first.inner_text() == str(
        sql("SELECT count(*) n FROM papers WHERE year = 2016").n[0]
    )
    assert "sql=" in page.url
    box.fill("COPY papers TO '/tmp/x.csv'")
    page.get_by_role("button", name="Run").click()
    page.get_by_test_id("stAlert").get_by_text("Refused: found COPY").wait_for()


BROKEN = """title: A paper
authors: [Ada Example]
venue: ICLR
date: 2024-05
results:
  - where: Table 1
    dataset: CIFAR-10
    architecture: ResNet-57
    unpruned: {top1: 93.0%, flops: 1.25e8}
    pruned: [{top1: 92.0%, flops: 6.2e7}]
"""


def test_paste_a_broken_and_a_good_paper(tab):
    """A broken file gets line and remedy; mended, it lands in the figure."""
    page = tab("contribute")
    box = page.get_by_label("or paste it")
    box.fill(BROKEN)
    box.press("Control+Enter")
    main(page).get_by_text("1 error").wait_for()
    settled(page)
    row = main(page).locator("table tbody tr").first.inner_text()
    assert row.startswith("8")
    assert "did you mean 'ResNet-56'?" in row
    box.fill(BROKEN.replace("ResNet-57", "ResNet-56"))
    box.press("Control+Enter")
    main(page).get_by_text("No error: 1 operating point").wait_for()
    main(page).get_by_text("1 point of yours").wait_for()


def test_a_paste_does_not_reach_another_visitor(tab):
    """What one visitor pastes is on no page that another opens."""
    secret = BROKEN.replace("A paper", "Unheard of").replace("ResNet-57", "ResNet-56")
    mine = tab("contribute")
    mine.get_by_label("or paste it").fill(secret)
    mine.get_by_label("or paste it").press("Control+Enter")
    main(mine).get_by_text("No error").wait_for()
    for address in ("papers?search=Unheard", "contribute"):
        other = tab(address)
        assert "Unheard of" not in main(other).inner_text()


def test_large_uploads_are_refused(tab, tmp_path, server):
    """Fifty megabytes are refused by the page, and by the server when the page is passed by."""
    large = tmp_path / "large.yaml"
    large.write_bytes(b"# " + b"x" * (50 << 20))
    page = tab("contribute")
    page.locator("input[type=file]").set_input_files(str(large))
    main(page).get_by_text("File must be 2.0MB or smaller").first.wait_for()
    request = urllib.request.Request(
        f"{server}/_stcore/upload_file/nobody/nothing", data=large.read_bytes(), method="PUT"
    )
    with pytest.raises((urllib.error.HTTPError, urllib.error.URLError, ConnectionError)):
        urllib.request.urlopen(request, timeout=60)
    with urllib.request.urlopen(f"{server}/_stcore/health", timeout=5) as answer:
        assert answer.status == 200


SCRIPT = (
    '<script>window.stolen = 1</script><img src=x onerror="window.stolen = 1"> '
    "**bold** [a](javascript:window.stolen=1)"
)


def test_markup_in_a_papers_title_is_text(tmp_path, tab, serve):
    """A title full of HTML, script and Markdown shows as it is written, on every page that shows it."""
    root = Path(__file__).parent.parent.parent.parent
    for part in ("papers", "vocabulary"):
        shutil.copytree(root / "corpus" / part, tmp_path / "corpus" / part)
    file = tmp_path / "corpus" / "papers" / "li2016pruning.yaml"
    quoted = SCRIPT.replace("'", "''")
    file.write_text(re.sub(r"^title: .*$", lambda _: f"title: '{quoted}'", file.read_text(), flags=re.M))
    base = serve(tmp_path / "corpus")
    for address in (
        "papers?paper=li2016pruning",
        "papers?search=script",
        "graph?focus=li2016pruning",
        "sql?sql=SELECT+title+FROM+papers+WHERE+paper+LIKE+%27li2016%25%27",
    ):
        page = tab(address, base=base)
        assert "<script>window.stolen" in main(page).inner_text(), address
        assert page.evaluate("window.stolen === undefined")
        assert main(page).locator("a[href^='javascript']").count() == 0
