"""Common names: read as they are written, and nothing that is in disguise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals import given_names, views
from ombud.signals.given_names import COMMON, everyday


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ana", ("ana",)),
        ("Hòa", ("hoa",)),
        ("Ho\u0300a", ("hoa",)),
        ("Đào", ("dao",)),
        ("JOHN_SMITH", ("john", "smith")),
        ("Nguyễn Văn An 99", ("nguyen", "van", "an")),
        ("nguyenvanan1990", ("nguyen", "van", "an")),
        ("minhanh", ("minh", "anh")),
    ],
)
def test_common_names_are_known_by_their_words(name: str, words: tuple[str, ...]) -> None:
    """With and without diacritics and numbers, apart or written together."""
    assert everyday(name) == words


@pytest.mark.parametrize(
    "name",
    [
        "", "77", "PixelPanda", "Ana Support", "Minh CSKH", "Аna", "A\u200bna", "AIice", "M1nh",
        "Nguyễn Hoàng Phương Thảo", "anabenclaradana", "an" * 500, "𝐀𝐧𝐚", "Ana\u202e",
    ],
)  # fmt: skip
def test_other_names_are_not(name: str) -> None:
    """Other words, disguises, hidden characters, too many words."""
    assert everyday(name) == ()


def test_the_words_are_plain() -> None:
    """Each is written without diacritics and in small letters, so that names can be found in it."""
    assert {word for word in COMMON if not (word.isascii() and word.isalpha())} == set()
    assert {word for word in COMMON if views.fold(views.normalise(word)) != word} == set()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=700))
def test_any_text_is_read(name: str) -> None:
    """What is found are words of the table, few of them."""
    found = everyday(name)
    assert set(found) <= COMMON
    assert len(found) <= given_names.WORDS_MAX


def test_a_long_word_is_no_common_name() -> None:
    """Names written together are looked for in short words only: "anananan..." takes no time."""
    assert everyday("an" * given_names.WORDS_MAX) == ("an",) * given_names.WORDS_MAX
    assert everyday("an" * (given_names.WORDS_MAX + 1)) == ()
    assert everyday("an" * 10_000) == ()
