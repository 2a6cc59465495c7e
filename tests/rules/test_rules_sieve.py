"""A sieve saves work and never hides a condition that is true."""

from __future__ import annotations

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from ombud.rules import sieve
from ombud.rules.sieve import Needs, of_list, of_word, sieves
from ombud.signals import views
from ombud.signals.lists import Kept, TermList
from ombud.signals.lists.changes import Changes
from rules.rules_made import seen

WORDS = ("casino", "bán", "ban hang", "m0ney", "://", "free")
BEGINNINGS = ("buy", "bu", "hello", "pay")
PATTERNS = ("CAS[1i]NO", "^hello", "[0-9]{3}")


def _words(words: tuple[str, ...] = WORDS) -> dict[int, Needs]:
    return {
        number: of_word(views.normalise(word), views.skeleton(word))
        for number, word in enumerate(words)
    }


def _through(needs: dict[int, Needs], text: str | None) -> set[int] | None:
    """The slots that pass the one sieve of these needs."""
    ((sift, slots),) = sieves(needs)
    assert slots == set(needs)
    found = sift(seen(text=text) if text is not None else seen())
    return None if found is None else set(found)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("a casino", {0}),
        ("C\u0410SINO", {0}),
        ("bán", {1}),
        ("bán hàng", {1, 2}),  # the second in the folded view
        ("rn0ney and m0ney", {3}),
        ("http://a.example fr33", {4, 5}),
        ("nothing of it", set()),
        ("", set()),
    ],
)
def test_words_are_found_in_every_view(text: str, passes: set[int]) -> None:
    """As written, without diacritics, by their looks: all in one pass."""
    assert _through(_words(), text) == passes


@pytest.mark.parametrize(
    "needs",
    [
        _words(),
        {number: Needs(prefix=each) for number, each in enumerate(BEGINNINGS)},
        {number: Needs(pattern=each) for number, each in enumerate(PATTERNS)},
    ],
)
def test_without_a_text_nothing_is_known(needs: dict[int, Needs]) -> None:
    """No text: None, which is unknown, and not the empty set, which is false."""
    assert _through(needs, None) is None


def test_beginnings_and_patterns_pass_where_they_fit() -> None:
    """Each length of beginning is looked up; each pattern of the set is told apart."""
    begins = {number: Needs(prefix=each) for number, each in enumerate(BEGINNINGS)}
    fits = {number: Needs(pattern=each) for number, each in enumerate(PATTERNS)}
    assert _through(begins, "Buy now") == {0, 1}
    assert _through(begins, "pay me") == {3}
    assert _through(begins, "a bu") == set()
    assert _through(fits, "hello CASINO 123") == {0, 1, 2}
    assert _through(fits, "hello you") == {1}
    assert _through(fits, "the casino") == {0}
    assert _through(fits, "say hello 123") == {2}
    assert _through(fits, "say hello") == set()


@given(st.text(st.sampled_from("aàb 1lm."), max_size=12), st.data())
def test_what_occurs_always_passes(text: str, data: st.DataObject) -> None:
    """A word that stands in any view of a text passes the sieve of many words."""
    words = data.draw(
        st.lists(st.text("aàb1lm.", min_size=1, max_size=4), min_size=3, max_size=6, unique=True)
    )
    needs = _words(tuple(words))
    normal = views.normalise(text)
    for number, word in enumerate(words):
        wanted = views.normalise(word)
        if (
            wanted in normal
            or wanted in views.fold(normal)
            or views.skeleton(word) in views.skeleton(text)
        ):
            assert number in (_through(needs, text) or ())


def test_in_a_long_text_everything_is_asked() -> None:
    """Where words could occur too often to be listed, every condition is asked for itself."""
    long = "a" * (sieve.LENGTH_MAX + 1)
    assert _through(_words(), long) == set(range(len(WORDS)))


def test_in_a_long_text_patterns_are_asked_one_by_one() -> None:
    """RE2 gives up what it remembers of one pattern where that goes slowly, and never of a set."""
    fits = {number: Needs(pattern=each) for number, each in enumerate(PATTERNS)}
    assert _through(fits, "a" * sieve.LENGTH_MAX) == set()
    assert _through(fits, "a" * (sieve.LENGTH_MAX + 1)) == set(range(len(PATTERNS)))


def test_few_conditions_are_asked_one_by_one() -> None:
    """Below TOGETHER_MIN a sieve costs more than it saves."""
    assert sieves(dict(list(_words().items())[: sieve.TOGETHER_MIN - 1])) == ()
    assert sieves({}) == ()


def test_short_lists_go_through_the_common_automaton() -> None:
    """The forms of a list's terms are needed; a long list has an automaton of its own."""
    listed = TermList("words", ("Bán hàng", "m"))
    assert of_list(listed).literals == tuple(
        sorted({"bán hàng", "m", "rn", views.skeleton("Bán hàng")})
    )
    assert of_list(TermList("words", tuple(map(str, range(sieve.TERMS_MAX + 1))))) == Needs()
    assert of_list(TermList("words", ())) == Needs()


def test_a_list_that_has_grown_is_always_asked() -> None:
    """What was added since is in no common automaton; what a list includes is."""
    inner = Kept(TermList("inner", ("spam",)))
    outer = Kept(TermList("outer", ("viagr*",), stars=True), (inner,))
    needs = {**_words(), 99: of_list(outer)}
    assert needs[99].literals == ("spam", "sparn", "viagr")
    there = [99 in (_through(needs, text) or ()) for text in ("spam", "viagras", "else")]
    assert there == [True, True, False]
    inner.changes = Changes("inner")
    inner.changes.add("else")
    outer.refresh()
    assert 99 in (_through(needs, "else") or ())


def test_a_word_without_a_form_is_not_sifted() -> None:
    """Nothing can be said of what is empty in one of the views."""
    assert of_word("a", "") == Needs()


def test_patterns_that_need_too_much_memory_together_are_asked_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """RE2 refuses a set that is too large: then there is no sieve, and no pattern is lost."""
    monkeypatch.setattr(sieve, "SET_BYTES_MAX", 1 << 12)
    needs = {number: Needs(pattern=f"[a-z]{{20}}{number}") for number in range(20)}
    assert sieves(needs) == ()


def test_where_re2_runs_out_of_memory_on_a_text_every_pattern_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The empty pattern always fits; an answer without it is no answer."""
    monkeypatch.setattr(re2.Set, "Match", lambda _, __: None)
    needs = {number: Needs(pattern=each) for number, each in enumerate(PATTERNS)}
    assert _through(needs, "hello") == {0, 1, 2}
