"""The pages of the web app as a test meets them: without a browser, and with one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.database.public_tables import connect, run

ROOT = Path(__file__).parent.parent.parent.parent
MAIN = ROOT / "app" / "web" / "main.py"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def sql(everything) -> Callable:
    """Rows of a query on the public tables, by another way than the app's console."""
    connection = connect(everything)
    return lambda text: run(connection, text)


@pytest.fixture
def visit() -> Callable:
    """Opens a page of the app at an address, without a browser."""
    pytest.importorskip("streamlit", reason="streamlit is not installed")
    from streamlit.testing.v1 import AppTest

    def visited(page: str, **address: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60).run()
        for name, value in address.items():
            app.query_params[name] = value
        app = app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, [error.value for error in app.exception]
        return app

    return visited


@pytest.fixture
def own_corpus(tmp_path, monkeypatch) -> Path:
    """A copy of the corpus that a test may change; the app shows it."""
    folder = tmp_path / "corpus"
    for part in ("papers", "vocabulary"):
        shutil.copytree(ROOT / "corpus" / part, folder / part)
    monkeypatch.setenv("PRUNEBASE_CORPUS", str(folder))
    return folder


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def started(folder: Path, port: int, log: Path) -> subprocess.Popen:
    """The app's server as `prunebase app` starts it, answering."""
    command = [sys.executable, "-m", "app.cli", "app", "--port", str(port), "--corpus", str(folder)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env={**os.environ}
        )
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1):
                return server
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.25)
    server.kill()
    raise RuntimeError(log.read_text())


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Callable]:
    """Serves a corpus folder at the address that comes back; every server must still be up at the end."""
    pytest.importorskip("streamlit", reason="streamlit is not installed")
    processes = []

    def served(folder: Path) -> str:
        port = free_port()
        processes.append(started(folder, port, tmp_path_factory.mktemp("server") / "log"))
        return f"http://localhost:{port}"

    yield served
    stopped = [process.returncode for process in processes if process.poll() is not None]
    for process in processes:
        process.terminate()
        process.wait(timeout=20)
    assert stopped == []


@pytest.fixture(scope="session")
def server(serve) -> str:
    """The address of the app with the corpus of this checkout."""
    return serve(ROOT / "corpus")


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """Debian's chromium, driven by playwright."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()
