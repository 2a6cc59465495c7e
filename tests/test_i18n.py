"""What is said to people: complete in every language, with the same places to fill."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import i18n, phrases

SECOND = 1_000_000


def places(template: str) -> list[str]:
    """The names of the places to fill in a template, sorted."""
    return sorted({name for _, name, _, _ in string.Formatter().parse(template) if name})


@pytest.mark.parametrize("key", sorted(phrases.TEXTS))
def test_every_text_exists_in_every_language(key: str) -> None:
    """No language lacks a text, and no text is empty."""
    assert set(phrases.TEXTS[key]) == set(i18n.SPOKEN)
    assert all(text.strip() for text in phrases.TEXTS[key].values())


@pytest.mark.parametrize("key", sorted(phrases.TEXTS))
def test_translations_fill_the_same_places(key: str) -> None:
    """A translation says the same things: no place to fill is lost or made up, none is nameless."""
    found = {lang: places(text) for lang, text in phrases.TEXTS[key].items()}
    assert len({tuple(each) for each in found.values()}) == 1, found
    for text in phrases.TEXTS[key].values():
        assert all(name != "" for _, name, _, _ in string.Formatter().parse(text))


def test_what_somebody_wrote_is_never_a_template() -> None:
    """Braces in a value are printed as they stand."""
    assert i18n.say("matched", "en", words="{0} {words.__class__}") == (
        "the words {0} {words.__class__}"
    )


def test_an_unspoken_language_gets_english() -> None:
    """A language that is not spoken falls back to English."""
    assert i18n.say("yes", "de") == "yes"
    assert i18n.say("yes", "vi") == "có"


@pytest.mark.parametrize(
    ("lang", "preferred", "expected"),
    [
        ("vi", ("en", "vi"), "vi"),
        ("vi-VN", ("en", "vi"), "vi"),
        ("VI", ("en", "vi"), "vi"),
        ("en-GB", ("vi",), "en"),
        ("de", ("vi", "en"), "vi"),
        (None, ("vi", "en"), "vi"),
        ("", ("vi",), "vi"),
        ("de", ("de", "fr"), "en"),
        (None, (), "en"),
        ("\u202e-x", ("vi",), "vi"),
    ],
)
def test_the_nearest_spoken_language_is_used(
    lang: str | None, preferred: tuple[str, ...], expected: str
) -> None:
    """The person's own language first, then the community's, then English."""
    assert i18n.spoken(lang, preferred) == expected


@pytest.mark.parametrize(
    ("length", "en", "vi"),
    [
        (0, "0 seconds", "0 giây"),
        (SECOND - 1, "0 seconds", "0 giây"),
        (SECOND, "1 second", "1 giây"),
        (119 * SECOND, "1 minute", "1 phút"),
        (90 * 60 * SECOND, "1 hour", "1 giờ"),
        (3 * 86_400 * SECOND, "3 days", "3 ngày"),
        (14 * 86_400 * SECOND, "2 weeks", "2 tuần"),
        (800 * 86_400 * SECOND, "2 years", "2 năm"),
    ],
)
def test_lengths_are_said_in_their_largest_unit(length: int, en: str, vi: str) -> None:
    """A length of time is rounded down to its largest whole unit."""
    assert i18n.length(length, "en") == en
    assert i18n.length(length, "vi") == vi


@given(st.integers(0, 10**18), st.sampled_from(i18n.SPOKEN))
@settings(deadline=None)
def test_every_length_can_be_said(length: int, lang: str) -> None:
    """No length of time is too long to be said in any language."""
    count, _, unit = i18n.length(length, lang).partition(" ")
    assert int(count) >= 0
    assert unit
