"""Prints how fast the web app answers, and what a session costs.

    python tests/benchmarks/app_speed.py [--sessions 20] [--rounds 10]

Needs Debian's chromium and the extra `app`. Times are medians over fresh visits to a warm server, measured in the
browser's process: from asking for the address until the page's numbers stand there, and from a click on a filter until
the numbers are the new ones.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = {
    "overview": "[data-testid=stMetricValue]",
    "tradeoffs": "[data-testid=stVegaLiteChart] [role=graphics-object], [data-testid=stVegaLiteChart] canvas",
    "papers": "table tbody tr",
    "graph": "[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas",
    "figures": "[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas",
    "quality": "[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas",
}
"""Each page with what makes it meaningful."""
QUIET = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]
LIMITS = {"first page": 3.0, "filter change": 0.5}


def main() -> None:
    """Runs and prints everything; exit code 1 if a session saw an error."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    chosen = parser.parse_args()
    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if chromium is None:
        sys.exit("no chromium on this machine (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "app", "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    base = f"http://localhost:{port}"
    try:
        wait(base)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=QUIET)
            first_pages(browser, base, chosen.rounds)
            filter_changes(browser, base, chosen.rounds)
            failed = sessions(browser, base, chosen.sessions, server.pid)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
    sys.exit(1 if failed else 0)


def wait(base: str) -> None:
    """Until the server answers."""
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{base}/_stcore/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.25)
    sys.exit("the server did not start")


def first_pages(browser, base: str, rounds: int) -> None:
    """Median time to each page, a fresh browser profile each time; the first visit only warms the server."""
    for name, meaningful in PAGES.items():
        address = f"{base}/{'' if name == 'overview' else name}"
        times = [visit(browser, address, meaningful) for _ in range(rounds + 1)][1:]
        tell(f"first page {name}", times, LIMITS["first page"])


def visit(browser, address: str, meaningful: str) -> float:
    """Seconds from the request until the page shows what it is for."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(meaningful).first.wait_for(state="attached", timeout=30_000)
    took = time.perf_counter() - started
    context.close()
    return took


def filter_changes(browser, base: str, rounds: int) -> None:
    """Median time from a click on a measure until the count of points below the filters is the new one."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{base}/tradeoffs")
    page.locator(PAGES["tradeoffs"]).first.wait_for(state="attached")
    page.wait_for_timeout(1500)
    times = []
    for name in ["top5_change", "top1_change"] * ((rounds + 3) // 2):
        before = page.locator("table thead").inner_text()
        button = (
            page.get_by_role("radio", name=name)
            .or_(page.get_by_role("button", name=name, exact=True))
            .first
        )
        started = time.perf_counter()
        button.click()
        page.wait_for_function(
            "before => document.querySelector('table thead').innerText !== before", arg=before
        )
        times.append(time.perf_counter() - started)
        page.wait_for_timeout(300)
    page.close()
    tell("filter change", times[2 : rounds + 2], LIMITS["filter change"])


def sessions(browser, base: str, number: int, process: int) -> int:
    """Opens `number` sessions at once, changes a filter in each; prints errors and memory. Returns the errors."""
    before = resident(process)
    contexts = [browser.new_context(viewport={"width": 1440, "height": 900}) for _ in range(number)]
    pages = [context.new_page() for context in contexts]
    started = time.perf_counter()
    for page in pages:
        page.goto(f"{base}/tradeoffs", wait_until="commit")
    for page in pages:
        page.locator("table tbody tr").first.wait_for(timeout=120_000)
    opened = time.perf_counter() - started
    for page in pages:
        page.get_by_text("theoretical_speedup", exact=True).first.click()
    errors = 0
    for page in pages:
        page.get_by_role("columnheader", name="Theoretical speedup").wait_for(timeout=120_000)
        errors += page.get_by_test_id("stException").count()
    after = resident(process)
    print(
        f"{number} sessions at once: {errors} errors, all drawn after {opened:.1f} s; server {before:.0f} MiB before, "
        f"{after:.0f} MiB with them, {(after - before) / number:.1f} MiB a session"
    )
    for context in contexts:
        context.close()
    return errors


def resident(process: int) -> float:
    """Memory of a process that is in use, in MiB (Linux)."""
    line = next(
        line
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024


def tell(what: str, times: list[float], limit: float) -> None:
    """One line: the median with its range, against the limit."""
    middle = statistics.median(times)
    verdict = "within" if middle <= limit else "OVER"
    spread = f"{min(times):.2f} to {max(times):.2f}"
    print(f"{what}: median {middle:.2f} s of {len(times)} ({spread}), {verdict} {limit:g} s", flush=True)


if __name__ == "__main__":
    main()
