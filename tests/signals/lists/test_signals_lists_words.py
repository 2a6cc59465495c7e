"""Terms with a star, in all three views."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.lists import TermList, words
from ombud.signals.lists.words import Star, Words, has_star, starred, too_short


def found(term: str, text: str, *, stars: bool = True) -> bool:
    """Whether a term is found in a text, in any view."""
    normal = views.normalise(text)
    listed = TermList("some", (term,), stars=stars)
    return bool(listed.find(text, normal, views.fold(normal), views.skeleton(text)))


@pytest.mark.parametrize(
    ("term", "text", "there"),
    [
        ("viagr*", "buy viagra", True),
        ("viagr*", "viagr", True),
        ("viagr*", "VIAGRAS now", True),
        ("viagr*", "proviagra", False),
        ("free*", "fr33dom", True),  # skeleton
        ("viagr*", "vіаgrа", True),  # Cyrillic, skeleton
        ("viagr*", "viągrą", True),  # folded
        ("viagr*", "via gra", False),
        ("*coin", "shitcoin", True),
        ("*coin", "coins", False),
        ("*coin*", "bitcoins here", True),
        ("cheap bag*", "cheap bags", True),
        ("cheap bag*", "cheap baggage!", True),
        ("cheap bag*", "cheap big bags", False),
        ("chó*", "chóc", True),
        ("chó*", "choc", False),
        ("cho*", "chóc", True),
        ("诈骗*", "这是诈骗信息", True),
        ("f*ck", "f*ck", True),  # a star inside is a star
        ("f*ck", "fuck", False),
        ("****", "**** you", True),
        ("* * *", "a * * * b", True),
        ("\\*coin", "*coin", True),
        ("\\*coin", "bitcoin", False),
        ("coin\\*", "coin*", True),
        ("coin\\*", "coins", False),
        ("*.example.org", "see *.example.org", True),
        ("word*", "word\u0301", True),
        ("word*", "word_2", True),
    ],
)
def test_a_star_stands_for_more_of_the_word(term: str, text: str, there: bool) -> None:
    """At the end or beginning of a term and beside a letter; anywhere else it is a star."""
    assert found(term, text) is there


def test_without_stars_a_star_is_a_star() -> None:
    """As the first program read lists, and as `text contains` reads its words."""
    assert not found("viagr*", "viagra", stars=False)
    assert found("viagr*", "viagr* here", stars=False)
    assert found("\\*coin", "\\*coin", stars=False)


def test_terms_with_and_without_a_star_do_not_hide_each_other() -> None:
    """Two terms of the same letters: each counts where it fits."""
    both = TermList("some", ("viagra", "viagra*"), stars=True)
    assert both.find(None, "viagras", None, None) == ("viagra*",)
    assert both.find(None, "viagra", None, None) == ("viagra",)


def test_a_term_with_a_star_is_no_value_and_no_host() -> None:
    """Stars are for texts: names and ids are compared whole, hosts have `*.`."""
    some = TermList("some", ("spam*", "\\*star", "*.below.example", "*example.org"), stars=True)
    assert not some.has("spam*")
    assert not some.has("spammer")
    assert some.has("*star")
    assert not some.has("\\*star")
    assert some.has_host("a.below.example")
    assert not some.has_host("myexample.org")


@pytest.mark.parametrize(
    ("term", "short"),
    [("ab*", True), ("a b*", True), ("abc*", False), ("诈*", False), ("*ab", True), ("ab", False)],
)
def test_a_star_needs_some_letters(term: str, short: bool) -> None:
    """Fewer than three letters or digits would be found everywhere; scripts without spaces write
    words of one.
    """
    assert too_short(starred(term)) is short


@given(st.text(alphabet="*\\a.", max_size=6))
def test_only_terms_with_a_star_at_an_end_change(term: str) -> None:
    """`has_star` tells all terms whose meaning a star or its escape changes."""
    if not has_star(term):
        assert starred(term) == Star(term)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_terms_of_several_automata_are_all_found(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """As many as there are, up to the bound; a form of two terms stands in one of them."""
    monkeypatch.setattr(words, "AUTOMATON_MAX", most)
    terms = ("one", "TWO", "three", "m0dern", "two*", "rnodern")
    listed = TermList("some", terms, stars=True)
    text = "three twos one modern"
    found = listed.find(text, text, None, views.skeleton(text))
    assert set(found) == {"three", "two*", "one", "rnodern"}
    assert len(TermList("some", tuple("abcdefgh")).find("a b c d e f g h", *[None] * 3)) == 5


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "*"]), st.text("ab", min_size=1, max_size=3)).flatmap(
            lambda head: st.sampled_from(["", "*"]).map(lambda tail: head[0] + head[1] + tail)
        ),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    st.text(alphabet="ab .", max_size=20),
)
def test_stars_find_what_a_pattern_finds(terms: list[str], text: str) -> None:
    """Against a regular expression: `a*` is \\ba\\w*, and so on; one term of the same letters
    is enough.
    """
    places: dict[int, None] = {}
    Words([starred(term) for term in terms]).look(text, 1, places, None)
    expected = set()
    for index, term in enumerate(terms):
        bare = re.escape(term.strip("*"))
        before = "" if term.startswith("*") else r"\b"
        after = "" if term.endswith("*") else r"\b"
        if re.search(f"{before}{bare}{after}", text):
            expected.add(index)
    assert set(places) <= expected
    found_letters, letters = (
        {terms[index].strip("*") for index in indexes} for indexes in (places, expected)
    )
    assert found_letters == letters or len(places) == 5
