"""Turns specifications into SVGs in a process of its own, while this one goes on.

Starting the renderer's JavaScript engine takes about as long as importing pandas and Altair, so it is worth starting
it first where nothing has been rendered before. This module imports nothing slow.
"""

from __future__ import annotations

import pickle
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from metaanalysis.drawing.two_processes import can_fork, forked

PNG_SCALE = 2
CONVERTERS_SERVER = "https://vega.github.io/vega-datasets/"


def rendered(spec: Mapping) -> bytes:
    """The SVG of a Vega-Lite `spec`."""
    import vl_convert

    return _with_own_links(vl_convert.vegalite_to_svg(spec)).encode()


def rasterized(svg: bytes) -> bytes:
    """The PNG of an SVG, at twice its size."""
    import vl_convert

    return vl_convert.svg_to_png(svg.decode(), scale=PNG_SCALE)


def _with_own_links(svg: str) -> str:
    """Relative links as they were: the converter resolves them against a server of its own."""
    return svg.replace(f'href="{CONVERTERS_SERVER}', 'href="')


class Renderer:
    """Renders beside this process where it may be forked, else when the pictures are asked for.

    Orders and SVGs travel as files, only their names through a pipe: neither side ever waits for the other to read.
    """

    def __init__(self) -> None:
        self._orders: dict[str, Mapping] = {}
        self._pipe: Connection | None = None
        self._folder: TemporaryDirectory | None = None

    def start(self) -> None:
        """Starts the other process, if that is possible and it does not run yet."""
        if self._pipe is not None or not can_fork():
            return
        self._folder = TemporaryDirectory(prefix="prunebase-")
        self._pipe, theirs = Pipe()
        forked(_serve, theirs, self._pipe)
        theirs.close()

    def send(self, name: str, spec: Mapping) -> None:
        """Asks for the SVG of a Vega-Lite `spec`; `take` gives it."""
        self.start()
        self._orders[name] = spec
        if self._pipe is not None:
            file = Path(self._folder.name, name)
            try:
                file.write_bytes(pickle.dumps(spec))
                self._pipe.send(str(file))
            except OSError:
                self.stop()  # it died, for want of memory for example, or there is no room

    def take(self) -> Iterator[tuple[str, bytes]]:
        """The SVGs asked for, with their names, as they become ready; an error in one of them is raised here."""
        orders, self._orders = self._orders, {}
        for name, spec in orders.items():
            yield name, self._received(name) or rendered(spec)

    def stop(self) -> None:
        """Ends the other process."""
        if self._pipe is not None:
            self._pipe.close()
            self._folder.cleanup()
            self._pipe = None

    def _received(self, name: str) -> bytes | None:
        if self._pipe is None:
            return None
        try:
            is_made = self._pipe.recv()
            return Path(self._folder.name, name).read_bytes() if is_made else None
        except (EOFError, OSError):
            self.stop()
            return None


def _serve(pipe: Connection, others_end: Connection) -> None:
    """Warms up, then puts SVGs in place of orders until the other side closes the pipe."""
    others_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other side hears it, and closes the pipe
    with suppress(EOFError, OSError):
        rendered({"mark": "point", "data": {"values": [{}]}})
        while True:
            file = Path(pipe.recv())
            try:
                file.write_bytes(rendered(pickle.loads(file.read_bytes())))
                pipe.send(True)
            except Exception:
                pipe.send(False)  # the other process tries again and sees the error where it can be read
