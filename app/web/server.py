"""The server of the web app: reads the corpus before the first visitor comes, and answers Streamlit's probing.

A page opened by its own address makes Streamlit's browser side ask for its health below that page first. A plain
"not found" would stand as an error in the browser's console, so those questions are answered with 300: look elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import Response

from app.web import loaded

MAIN = Path(__file__).resolve().parent / "main.py"
PROBED = ("/_stcore/health", "/_stcore/host-config")


class ElsewhereThanBelowAPage:
    """Answers the probes below a page's address; everything else goes on to Streamlit."""

    def __init__(self, app: Any):
        self.app = app

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        """One request."""
        path = scope.get("path", "")
        below = any(path.endswith(probe) and path != probe for probe in PROBED)
        answer = Response(status_code=300) if scope["type"] == "http" and below else self.app
        await answer(scope, receive, send)


@asynccontextmanager
async def _ready(_server: object) -> AsyncIterator[None]:
    # read outside of any session: Streamlit would remark that nobody sees the progress
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    loaded.report()
    yield


app = st.App(MAIN, middleware=[Middleware(ElsewhereThanBelowAPage)], lifespan=_ready)
