"""The verb `app`: serves the pages with Streamlit."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from app.cli.application import verb
from app.cli.options import CorpusOption, corpus_folder

ROOT = Path(__file__).parent.parent.parent.parent
SERVER = ROOT / "app" / "web" / "server.py"
OPTIONS = {
    "server.headless": "true",
    "server.maxUploadSize": "2",
    "server.maxMessageSize": "50",
    "server.enableXsrfProtection": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "runner.magicEnabled": "false",
}
"""Settings that hold wherever the app is started, also where no .streamlit/config.toml lies."""


@verb("prunebase app --port 8502")
def serve(
    corpus: CorpusOption = None,
    address: Annotated[
        str, typer.Option(help="Interface to listen on; 0.0.0.0 for every one.")
    ] = "localhost",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8501,
) -> None:
    """Explore the corpus in the browser; stop with Ctrl-C."""
    if find_spec("streamlit") is None:
        raise ValueError("the app needs Streamlit; install it with: pip install 'prunebase[app]'")
    folder = corpus_folder(corpus).resolve()
    print(f"prunebase: http://{address}:{port}  ({folder})", flush=True)
    command = serving(address, port)
    if os.name == "posix":
        # one process, so that stopping it stops the server
        os.execve(command[0], command, environment(folder))
    raise typer.Exit(subprocess.call(command, env=environment(folder)))


def serving(address: str, port: int) -> list[str]:
    """The command that serves the app."""
    options = OPTIONS | {"server.address": address, "server.port": str(port)}
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(SERVER), *flags]


def environment(folder: Path) -> dict[str, str]:
    """The environment of the server: which corpus, and where the packages lie."""
    paths = [str(ROOT)]
    if "PYTHONPATH" in os.environ:
        paths.append(os.environ["PYTHONPATH"])
    return {
        **os.environ,
        "PRUNEBASE_CORPUS": str(folder),
        "PYTHONPATH": os.pathsep.join(paths),
    }
