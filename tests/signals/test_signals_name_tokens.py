"""What a name is kept as, and how one that differs in one letter is found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from ombud.signals import name_tokens

SECRET = 7
letters = st.text(alphabet="abc", min_size=1, max_size=9)
tokens = st.integers(0, (1 << 63) - 1)


def kept(bare: str, looks: str | None = None) -> int:
    """A name as it is kept."""
    return name_tokens.value(bare, looks or bare, SECRET)


@given(letters, letters)
@settings(deadline=None, max_examples=1000)
def test_one_letter_leaves_the_head_or_the_tail(one: str, other: str) -> None:
    """Of every two names that differ in one letter, as an independent edit distance has it."""
    if OSA.distance(one, other) == 1 and len(one) > 1:
        assert not name_tokens.ends(one, SECRET).isdisjoint(name_tokens.sought(kept(other)))
        assert other in name_tokens.differing(one)


@given(letters, st.lists(letters, max_size=6))
@settings(deadline=None, max_examples=300)
def test_the_likest_that_differs_in_one_letter(one: str, others: list[str]) -> None:
    """By its values alone; other names are nothing like it."""
    expected = max(
        (
            1000 * (max(len(one), len(other)) - 1) // max(len(one), len(other))
            for other in others
            if OSA.distance(one, other) == 1 and len(one) > 1
        ),
        default=0,
    )
    found = name_tokens.near(one, [kept(other) for other in others if other != one], SECRET)
    assert found == expected


@given(tokens, tokens)
def test_a_key_says_place_and_owner(place: int, owner: int) -> None:
    """Both come out again, and it fits where keys are kept."""
    key = name_tokens.key(place, owner)
    assert 0 <= key < 1 << 63
    assert name_tokens.split(key) == (name_tokens.place_of(place), name_tokens.owner_of(owner))


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_value_is_small_and_of_its_secret(bare: str, looks: str) -> None:
    """63 bits; whether there are diacritics; another secret, another value."""
    value = name_tokens.value(bare, looks, SECRET)
    assert 0 <= value < 1 << 63
    assert name_tokens.unmarked(value) is (bare == looks)
    assert value == name_tokens.value(bare, looks, SECRET)
    assert name_tokens.letters(value) == name_tokens.letters_token(bare, SECRET)
    assert value >> 8 != name_tokens.value(bare, looks, SECRET + 1) >> 8


def test_what_names_are_found_by_is_never_taken_for_another() -> None:
    """Letters, head and tail stand in three ranges, also where they are of the same words."""
    found = [each for name in ("", "a", "aa", "aaa") for each in name_tokens.sought(kept(name))]
    assert {each & 3 for each in found[::3]} == {0}
    assert {each & 3 for each in found[1::3]} == {1}
    assert {each & 3 for each in found[2::3]} == {2}


@pytest.mark.parametrize("length", [0, 1, name_tokens.LENGTH_MAX + 1, 10_000])
def test_too_short_or_too_long_for_one_letter(length: int) -> None:
    """Nothing is worked out."""
    assert name_tokens.ends("a" * length, SECRET) == frozenset()
    assert name_tokens.differing("a" * length) == {}
