"""Names that one program made have a pattern in common; ordinary names have none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import name_patterns
from ombud.signals.name_patterns import patterns


@pytest.mark.parametrize(
    "name",
    ["Party-Fox 77", "pаrtyfox_1", "ＰＡＲＴＹＦＯＸ９", "pártyfox12", "12partyfox", "party.fox.3"],
)
def test_a_stem_is_seen_through_numbers_case_signs_and_looks(name: str) -> None:
    """A Cyrillic letter, full width, diacritics and the place of the number change nothing."""
    assert patterns(name) == patterns("partyfox381") == ("stem partyfox",)


def test_one_more_letter_is_another_stem() -> None:
    """Stems are compared as a whole; how alike names are is another fact."""
    assert patterns("partyfoxy381") != patterns("partyfox381")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Ana",
        "Nguyễn Văn An",
        "Minh Anh",
        "minh99",
        "an1",
        "Lan 1990",
        "abcd1234",
        "🦊🦊 12",
        "...",
    ],
)
def test_what_many_are_called_like_is_no_pattern(name: str) -> None:
    """Names without digits, and given names with a short number, are built like everybody's."""
    assert patterns(name) == ()


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("xk7-22q", "a0-0a"),
        ("q9z8w", "a0a0a"),
        ("ab-48213", "a-0(5)"),
        ("21520001", "0(8)"),
        ("  a1 b2", " a0 a0"),
        ("a1__b2", "a0_a0"),
    ],
)
def test_a_rare_shape_is_a_pattern_of_its_own(name: str, shape: str) -> None:
    """Runs of letters, digits and signs are one sign each; a long number is told by its length."""
    assert patterns(name) == (f"shape {shape.strip()}",)


def test_students_numbers_are_a_pattern_too() -> None:
    """Whose institution numbers its people gives them one pattern: it proves nothing alone."""
    assert patterns("b21dccn123") == patterns("B22DCCN007") == ("stem bdccn", "shape a0a0")


@pytest.mark.parametrize(
    "name",
    [
        "a" * 1_000_000 + "1",
        "1" * 1_000_000,
        "ẅ" * 1_000_000,
        "a\u0300" * 500_000 + "1",
        "ﷺ1" * 100_000,
        "a1" * 500_000,
        "\u202e" * 1_000_000,
    ],
)
def test_a_name_of_a_megabyte_has_short_patterns(name: str) -> None:
    """Only its beginning is read, and what is told of it is bounded."""
    found = patterns(name)
    assert len(found) <= 2
    assert all(len(each) <= 4 * name_patterns.LENGTH_MAX for each in found)


@given(st.text(max_size=80))
def test_any_name_has_at_most_one_stem_and_one_shape(name: str) -> None:
    """And the same ones each time."""
    found = patterns(name)
    assert [each.split(" ")[0] for each in found] in ([], ["stem"], ["shape"], ["stem", "shape"])
    name_patterns._patterns.cache_clear()
    assert patterns(name) == found
