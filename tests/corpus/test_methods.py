"""Methods by name, acronym and alias, their re-implementations, and axes that each have a source."""

from __future__ import annotations

import pytest

from corpus.catalogue.methods import methods_called, reimplementations
from corpus.schema.paper import AXES


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ThiNet", "luo2017thinet/thinet"),
        ("thinet", "luo2017thinet/thinet"),
        ("SFP", "he2018soft/soft-filter"),
        ("DCP", "zhuang2018discrimination/dcp"),
        ("l1 norm filter pruning", "li2016pruning/l1-filter"),
        ("PFEC", "li2016pruning/l1-filter"),
        ("li2016pruning/l1-filter", "li2016pruning/l1-filter"),
    ],
)
def test_a_method_is_found_by_any_of_its_names(everything, text, name):
    """Name, acronym, alias or key, whatever the case and the hyphens."""
    assert name in methods_called(everything, text)


def test_the_same_method_of_two_papers_is_one(everything):
    """Net-Trim of 2017 and 2018 is one method, found from either; nothing is called by a name nobody uses."""
    assert set(methods_called(everything, "Net-Trim")) == {
        "aghasi2017net/net-trim",
        "aghasi2018fast/net-trim",
    }
    assert reimplementations(everything, "aghasi2018fast/net-trim") == ("aghasi2017net/net-trim",)
    assert methods_called(everything, "a name nobody uses") == ()


def test_every_axis_with_a_source_is_stated(everything):
    """`sources` speaks of keys that the method has."""
    with_sources = 0
    for paper in everything.papers.values():
        for short, method in paper.methods.items():
            for key in method.sources or ():
                with_sources += 1
                assert getattr(method, key) not in (None, "unknown"), f"{paper.key}/{short}: {key}"
    assert with_sources > 400


def test_names_of_the_field_change_no_label(corrected, published):
    """A label is the author and year, with `name` where a paper has curves of its own; never `full_name`."""
    for view in (corrected, published):
        labels = {point.label for point in view.papers["luo2017thinet"].points}
        assert labels == {"Luo 2017"}


def test_as_published_axes_found_later_are_unknown(everything, published):
    """The 2020 analysis had no source for them."""
    for key, paper in published.papers.items():
        for short, method in paper.methods.items():
            later = set(everything.papers[key].methods[short].sources or ()) & set(AXES)
            assert all(getattr(method, axis) == "unknown" for axis in later)
