"""Overrides of direction are carried out as a display does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import directions

CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("\u202enimda", "admin"),
        ("Ana \u202edom\u202c 7", "Ana mod 7"),
        ("\u202eab\u202dcd\u202cef", "fecdba"),  # what is turned back inside stands in its order
        ("\u202eab\u202ecd", "dcba"),  # an override in one of its own kind turns nothing again
        ("\u202eab\u202bcd\u202cef", "fecdba"),  # an embedding overrides nothing
        ("\u202eab\u2066cd\u2069ef", "fecdba"),  # nor does an isolate
        ("\u2066\u202eab\u2069cd", "bacd"),  # the end of an isolate ends what is open in it
        ("a\u202ebc\nde", "acb\nde"),  # and the end of a line everything
        ("\u202eu\u0301a", "au\u0301"),  # a mark stays on its letter
        ("\u202cab\u2069\u202edc", "abcd"),  # ends of nothing end nothing
    ],
)
def test_overrides_are_carried_out(written: str, seen: str) -> None:
    """Each control of UAX 9 that a name may carry, alone and in another."""
    assert directions.shown(written) == seen


@given(st.text(alphabet="ab" + CONTROLS.replace("\u202d", "").replace("\u202e", "")))
def test_what_nothing_overrides_stays_as_it_is(text: str) -> None:
    """Embeddings, isolates and marks alone turn no Latin letter round."""
    assert directions.shown(text) == text


@given(st.text(alphabet="abc\u0301\n" + CONTROLS, max_size=200))
def test_no_letter_is_lost_or_made(text: str) -> None:
    """Whatever the nesting, the letters are the same ones in another order."""
    seen = directions.shown(text)
    assert sorted(each for each in seen if each not in CONTROLS) == sorted(
        each for each in text if each not in CONTROLS
    )


def test_endless_nesting_is_bounded() -> None:
    """Levels beyond DEPTH_MAX count no more, and their ends are theirs."""
    deep = "\u202e\u202d" * 5000
    ends = "\u202c" * 9999
    assert directions.shown(f"{deep}ab{ends}cd\u202cef") == "dcbaef"
    assert directions._levels(f"{deep}a")[1] == [directions.DEPTH_MAX]
