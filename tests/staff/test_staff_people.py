"""Names of staff: one person under every spelling, and none that cannot be seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import BadUse
from ombud.staff import people
from ombud.store.keyfile import KeyFile

HOSTILE = (
    "",
    "   ",
    "nul\0",
    "over\u202eride",
    "a\u2066b",
    "line\nbreak",
    "x" * 101,
    "\ud800",
    "ﬃ" * 60,
)


def test_one_name_has_one_token_in_every_spelling(tmp_path: Path) -> None:
    """Case, edges and Unicode's forms tell nobody apart; what is shown stays as it was written."""
    keys = KeyFile(tmp_path / "keys.db")
    keys.begin()
    tokens = {people.person(keys, name) for name in ("Thảo", " THẢO ", "Tha\u0309o")}
    keys.flush()
    assert len(tokens) == 1
    assert people.name_of(keys, tokens.pop()) == "thảo"
    assert people.spelt(" Tha\u0309o ") == "Thảo"
    keys.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_seen_is_no_name(name: str) -> None:
    """Controls, overrides, halves, nothing and too much are refused, and shown harmlessly."""
    with pytest.raises(BadUse) as caught:
        people.called(name)
    assert caught.value.code == "U085"
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


def test_a_name_has_up_to_a_hundred_characters() -> None:
    """Both sides of the bound; counted as the name is kept, which can be longer."""
    assert people.called("x" * 100) == "x" * 100
    assert people.called("ß" * 50) == "ss" * 50
    with pytest.raises(BadUse):
        people.called("ß" * 51)


@pytest.mark.parametrize(
    "name", ["Admin", "ad min", "аdmin", "ADMIN.", "a\u0301dmin"]
)  # one Cyrillic
def test_whoever_looks_like_nobody_in_particular_is_that(name: str) -> None:
    """`admin` is said of whoever gives no name, in every look of it."""
    assert people.unnamed(name)
    assert not people.unnamed("administrator")


@given(st.text(max_size=120))
def test_a_name_that_is_taken_is_kept_once(name: str) -> None:
    """Whatever is typed is refused, or is a name that stays as it is when it is kept again."""
    try:
        kept = people.called(name)
    except BadUse:
        return
    assert people.called(kept) == kept
    assert kept.isprintable()
    assert 0 < len(kept) <= people.NAME_LENGTH_MAX
    assert people.look(kept) == people.look(name)
