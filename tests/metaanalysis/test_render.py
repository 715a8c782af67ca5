"""Pictures are remembered by what they are drawn from, and rendered beside the process that asks."""

from __future__ import annotations

import os
import signal

import pytest

from metaanalysis.drawing import picture_cache, render, renderer
from metaanalysis.drawing.render import Drawing, Gallery
from metaanalysis.registry import figures


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """No picture of another run is found."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(picture_cache, "_program", lambda: "this program")


@pytest.fixture(scope="module")
def drawing(corrected) -> Drawing:
    entry = figures()["results_per_paper"]
    return Drawing(entry, entry.data(corrected), "corrected")


def drawn(drawing: Drawing, formats: tuple[str, ...] = ("svg", "png")) -> Gallery:
    """A gallery with one drawing, not finished yet."""
    gallery = Gallery(formats)
    gallery.add(Drawing(drawing.entry, drawing.data, drawing.subtitle))
    return gallery


def test_a_remembered_picture_is_the_same_and_is_not_rendered_again(drawing, monkeypatch, tmp_path):
    """The second time no renderer is asked, nor is the specification made, and the bytes are the first ones."""
    first = drawn(drawing)
    svg = first.finish()
    first.write(tmp_path / "first")
    monkeypatch.setattr(renderer.Renderer, "send", lambda *_: pytest.fail("rendered again"))
    second = drawn(drawing)
    assert second.finish() == svg
    second.write(tmp_path / "second")
    for kind in ("svg", "png"):
        name = f"{drawing.entry.name}.{kind}"
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_another_number_title_or_program_is_another_picture(drawing, monkeypatch):
    """What a picture is remembered by changes with each thing it is drawn from."""
    keys = [
        Drawing(drawing.entry, drawing.data, subtitle).key for subtitle in ("corrected", "as published")
    ]
    changed = drawing.data.assign(changed=1)
    keys.append(Drawing(drawing.entry, changed, "corrected").key)
    monkeypatch.setattr(picture_cache, "_program", lambda: "another program")
    keys.append(Drawing(drawing.entry, drawing.data, "corrected").key)
    assert len(set(keys)) == 4
    monkeypatch.setattr(picture_cache, "_program", lambda: "")
    assert Drawing(drawing.entry, drawing.data, "corrected").key is None


def test_a_damaged_picture_is_drawn_again(drawing):
    """One changed byte in what is remembered, and the picture is made anew."""
    whole = drawn(drawing).finish()
    for file in picture_cache.PictureCache().folder.iterdir():
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert drawn(drawing).finish() == whole


def test_a_renderer_that_dies_costs_time_and_no_picture(drawing, monkeypatch):
    """Killed before its first picture, its work is done by the process that asked."""
    whole = drawn(drawing).finish()
    monkeypatch.setattr(picture_cache, "_program", lambda: "another program")
    monkeypatch.setattr(renderer, "can_fork", lambda: True)
    started: list[int] = []
    monkeypatch.setattr(renderer, "_serve", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    monkeypatch.setattr(renderer, "rendered", lambda spec: started.append(os.getpid()) or _really(spec))
    assert drawn(drawing).finish() == whole
    assert started == [os.getpid()]


_really = renderer.rendered


def test_an_error_of_the_renderer_is_raised_here(drawing):
    """A specification that cannot be rendered is an error of the process that asked, whole."""
    broken = drawn(drawing)
    broken._renderer.send("broken", {"mark": "no such mark"})
    with pytest.raises(ValueError, match="conversion failed"):
        broken.finish()


def test_without_a_second_process_pictures_are_the_same(drawing, monkeypatch):
    """Where no process may be forked, the picture is rendered in this one."""
    whole = drawn(drawing).finish()
    monkeypatch.setattr(picture_cache, "_program", lambda: "another program")
    monkeypatch.setattr(renderer, "can_fork", lambda: False)
    assert drawn(drawing).finish() == whole
    assert render.PICTURES == ("svg", "png")
