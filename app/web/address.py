"""Widgets that live in the page's address, and what the page says about an address it does not understand.

Streamlit drops a value that a widget cannot take without a word; here it is remembered and said on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.web.words import plain
from corpus.schema.suggest import did_you_mean

BIND = "query-params"
LONGEST = 80
_PAGE, _SEEN, _NOTICES, _KNOWN = "_page", "_address_seen", "_address_notices", "_address_known"


def enter(page: str) -> None:
    """Starts a run of `page`: forgets what was said about the page before."""
    if st.session_state.get(_PAGE) != page:
        st.session_state.update({_PAGE: page, _SEEN: {}, _NOTICES: {}})
    st.session_state[_KNOWN] = set()


def is_entered() -> bool:
    """Whether this run has entered a page."""
    return _KNOWN in st.session_state


def leave() -> None:
    """Ends a run: shows what is wrong with the address, in words."""
    known = st.session_state[_KNOWN]
    del st.session_state[_KNOWN]
    for name in st.query_params:
        if name not in known and name not in st.session_state[_NOTICES]:
            hint = did_you_mean(name, known)
            st.session_state[_NOTICES][name] = (
                f"The address has '{_short(name)}', which this page does not know{hint}"
            )
    for notice in st.session_state[_NOTICES].values():
        st.warning(plain(notice), icon=":material/link_off:")


def one_of(
    label: str, options: Sequence[str], key: str, default: str | None = None, **look: object
) -> str | None:
    """One of `options`; the first, or `default`, unless the address says otherwise."""
    _examine(key, options)
    _keep_valid(key, options)
    index = options.index(default) if default in options else (None if "placeholder" in look else 0)
    return st.selectbox(label, options, index=index, key=key, bind=BIND, on_change=_forget, **look)


def any_of(
    label: str, options: Sequence[str], key: str, default: Sequence[str] = (), **look: object
) -> list[str]:
    """Some of `options`, none by default."""
    _examine(key, options)
    _keep_valid(key, options)
    return st.multiselect(
        label, options, default=list(default), key=key, bind=BIND, on_change=_forget, **look
    )


def segment(label: str, options: Sequence[str], key: str, **look: object) -> str:
    """One of a few `options` side by side; the first unless the address says otherwise."""
    _examine(key, options)
    _keep_valid(key, options)
    chosen = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind=BIND, on_change=_forget, **look
    )
    return chosen or options[0]


def flag(label: str, key: str, default: bool = False, **look: object) -> bool:
    """Yes or no."""
    _examine(key, ("true", "false"))
    return st.toggle(label, value=default, key=key, bind=BIND, on_change=_forget, **look)


def words(label: str, key: str, default: str = "", **look: object) -> str:
    """Free text, at most 200 characters."""
    _examine(key, None)
    return (
        st.text_input(label, value=default, max_chars=200, key=key, bind=BIND, on_change=_forget, **look)
        or ""
    )


def long_words(label: str, key: str, default: str, **look: object) -> str:
    """Free text on several lines; part of a form, so that nothing happens before it is sent."""
    _examine(key, None)
    return st.text_area(label, value=default, key=key, bind=BIND, **look) or ""


def whole(label: str, lowest: int, highest: int, key: str, default: int, **look: object) -> int:
    """A whole number between two others."""
    _examine_number(key, lowest, highest)
    arguments = {"min_value": lowest, "max_value": highest, "value": default, "step": 1}
    return st.number_input(label, **arguments, key=key, bind=BIND, on_change=_forget, **look)


def span(label: str, lowest: int, highest: int, key: str) -> tuple[int, int]:
    """Two whole numbers, in order; all there are by default."""
    _examine_number(key, lowest, highest)
    if lowest == highest:
        st.caption(f"{label}: {lowest}")
        return lowest, highest
    return st.slider(label, lowest, highest, (lowest, highest), key=key, bind=BIND, on_change=_forget)


def unbound(key: str) -> None:
    """Tells that the address may have `key` although no widget of this run stands for it."""
    st.session_state[_KNOWN].add(key)


def _examine(key: str, options: Sequence[str] | None) -> None:
    for value in _new_values(key):
        if options is not None and value not in options:
            few = f"; expected {', '.join(options)}" if len(options) <= 8 else ""
            hint = did_you_mean(value, options) or few
            st.session_state[_NOTICES][key] = (
                f"The address asks for {key} '{_short(value)}', which is not there{hint}"
            )


def _examine_number(key: str, lowest: int, highest: int) -> None:
    for value in _new_values(key):
        if not value.removeprefix("-").isdecimal() or not lowest <= int(value[:12]) <= highest:
            expected = f"expected a whole number from {lowest} to {highest}"
            st.session_state[_NOTICES][key] = f"The address asks for {key} '{_short(value)}'; {expected}"


def _new_values(key: str) -> list[str]:
    """What the address says for `key`, the first time that it says so on this page."""
    st.session_state[_KNOWN].add(key)
    values = st.query_params.get_all(key)
    if st.session_state[_SEEN].get(key) == values:
        return []
    st.session_state[_SEEN][key] = values
    return values


def _keep_valid(key: str, options: Sequence[str]) -> None:
    """Drops a choice that another choice has made impossible (an architecture the new dataset lacks)."""
    chosen = st.session_state.get(key)
    if isinstance(chosen, list):
        if not set(chosen) <= set(options):
            st.session_state[key] = [value for value in chosen if value in options]
    elif chosen is not None and chosen not in options:
        del st.session_state[key]


def _forget() -> None:
    """A new choice makes remarks about the old address idle."""
    st.session_state[_NOTICES] = {}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
