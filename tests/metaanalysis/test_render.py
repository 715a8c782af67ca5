"""Pictures are remembered by what they are drawn from, and only what is not remembered is rendered."""

from __future__ import annotations

import pytest

from metaanalysis.drawing import picture_cache, render
from metaanalysis.drawing.render import Drawing, Gallery
from metaanalysis.registry import figures


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    """No picture of another run is used."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))


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
    """The second time nothing is rendered, nor is the specification made, and the bytes are the first ones."""
    first = drawn(drawing)
    svg = first.finish()
    first.write(tmp_path / "first")
    monkeypatch.setattr(render, "rendered", lambda _: pytest.fail("rendered again"))
    monkeypatch.setattr(render, "rasterized", lambda _: pytest.fail("rasterized again"))
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


def test_a_damaged_picture_is_drawn_again(drawing):
    """One changed byte in what is remembered, and the picture is made anew."""
    whole = drawn(drawing).finish()
    for file in picture_cache.PictureCache().folder.iterdir():
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert drawn(drawing).finish() == whole


def test_a_cache_that_cannot_be_written_costs_no_picture(drawing, monkeypatch, tmp_path):
    """Where a file stands in the place of the folder, the picture is drawn and nothing is remembered."""
    whole = drawn(drawing).finish()
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert drawn(drawing).finish() == whole
    assert blocked.read_text() == "no folder"


def test_the_oldest_pictures_make_room(tmp_path, monkeypatch):
    """Beyond MOST_FILES the oldest are dropped."""
    monkeypatch.setattr(picture_cache, "MOST_FILES", 2)
    cache = picture_cache.PictureCache(tmp_path)
    for number in range(4):
        cache.picture(f"key{number}", "svg", lambda: b"<svg/>")
    assert len(list(tmp_path.iterdir())) == 2


def test_an_error_of_the_renderer_is_raised_here():
    """A specification that cannot be rendered is an error of the process that asked, whole."""
    with pytest.raises(ValueError, match="conversion failed"):
        render.rendered({"mark": "no such mark"})
