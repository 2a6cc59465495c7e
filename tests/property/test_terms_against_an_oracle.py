"""Terms in texts, held against a reader that knows no automaton: it goes by letters and places."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.lists import TermList, words
from ombud.signals.lists.words import FOUND_MAX

# Pieces that go badly together: overlapping words, look-alikes, digits for letters, Vietnamese
# marks in one and in two signs, scripts without spaces, vowel signs, emoji with what joins them.
PIECES = (
    *("a", "ab", "ba", "b", "m", "rn", "l", "I", "1", "0", "o", "5", "s", "$", "_", "-", ".", " "),
    *("chó", "cho", "cho\u0301", "đ", "d", "ế", "e", "Ế", "а", "е", "о", "\u0301", "\u0323"),
    *("诈", "骗", "信", "ก", "ำ", "า", "か", "カ", "क", "ि", "한", "ᄒ"),
    *("😀", "👩\u200d💻", "\ufe0f", "\u200b", "ﬁ", "ｃ", "ß", "İ", "\u00ad", "'", "ŉ"),
)
text = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
bare = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
term = st.tuples(st.sampled_from(["", "", "*"]), bare, st.sampled_from(["", "", "*"])).map("".join)
OVERLAPPING = ("a", "b", "aa", "ab", "ba", "bb", "a.b", "b.a", "ab.a", "a.b.a", "aa.b", "b.aa")
UNSPACED = ("THAI", "LAO", "TIBETAN", "CJK", "HIRAGANA", "KATAKANA", "MYANMAR", "KHMER")


def word_sign(sign: str) -> bool:
    """Whether a sign belongs to a word: a letter, a number, an underscore, a mark."""
    return sign == "_" or unicodedata.category(sign)[0] in "LNM"


def unspaced(sign: str) -> bool:
    """Whether a script writes its words without spaces, by the names of its letters."""
    return unicodedata.name(sign, "").startswith(UNSPACED)


def goes_on(view: str, place: int) -> bool:
    """Whether the word before `place` goes on behind it."""
    if not 0 < place < len(view):
        return False
    left, right = view[place - 1], view[place]
    if unicodedata.category(right)[0] == "M":
        return True
    if not word_sign(left) or not word_sign(right):
        return False
    return not (unspaced(left) and unspaced(right))


def occurs(form: str, view: str, before: bool, after: bool) -> bool:
    """Whether a form stands in a view as whole words, apart from where a star lets them go on."""
    places = [at for at in range(len(view)) if form and view.startswith(form, at)]
    return any(
        (before or not goes_on(view, at)) and (after or not goes_on(view, at + len(form)))
        for at in places
    )


def meant(written: str) -> tuple[str, bool, bool]:
    """The letters of a term without its stars, and where it has one that counts."""
    before = len(written) > 1 and written[0] == "*" and written[1].isalnum()
    written = written[1:] if before else written
    after = len(written) > 1 and written[-1] == "*" and word_sign(written[-2])
    after = after and written[-2] != "_"
    return (written[:-1] if after else written), before, after


def expected(terms: list[str], said: str) -> set[str]:
    """The terms that stand in a text: in the normal or folded view, or as skeletons."""
    normal = views.normalise(said)
    folded, skeleton = views.fold(normal), views.skeleton(said)
    found = set()
    for written in terms:
        letters, before, after = meant(written)
        form, look = views.normalise(letters), views.skeleton(letters)
        if (
            occurs(form, normal, before, after)
            or occurs(form, folded, before, after)
            or occurs(look, skeleton, before, after)
        ):
            found.add(written)
    return found


def forms(found: set[str]) -> set[str]:
    """Terms by what they look like: of terms with equal forms one is enough."""
    return {views.skeleton(meant(each)[0]) for each in found}


@settings(max_examples=600, deadline=None)
@given(terms=st.lists(term, min_size=1, max_size=8, unique=True), said=text, most=st.integers(1, 9))
@example(terms=["chó"], said="cho", most=9)
@example(terms=["cho"], said="chó", most=9)
@example(terms=["ab", "b", "ba"], said="ab ba b", most=1)
@example(terms=["诈骗", "骗*"], said="信诈骗信", most=2)
@example(terms=["o\u0323"], said="cho\u0323", most=9)
def test_the_automata_find_what_a_plain_reader_finds(
    terms: list[str], said: str, most: int
) -> None:
    """No term that is not there, none left out below the bound; however many automata there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "AUTOMATON_MAX", most)
        listed = TermList("some", tuple(terms), stars=True)
        normal = views.normalise(said)
        told = set(listed.find(said, normal, views.fold(normal), views.skeleton(said)))
    wanted = expected(terms, said)
    assert told <= wanted
    assert len(told) == FOUND_MAX or forms(told) >= forms(wanted)


@settings(max_examples=300, deadline=None)
@given(
    terms=st.lists(
        st.sampled_from(OVERLAPPING),
        min_size=1,
        max_size=9,
        unique=True,
    ),
    said=st.lists(st.sampled_from(["a", "b", "aa", "ab", ".", "a.b"]), max_size=16).map("".join),
    together=st.integers(1, 6),
    most=st.integers(1, 12),
)
@example(terms=["a", "b"], said="b.a", together=1, most=9)
def test_what_is_told_first_goes_by_the_list_and_the_text(
    terms: list[str], said: str, together: int, most: int
) -> None:
    """Whatever the automata hold: forms of the first lines before others, then by where they end,
    the longer first. What a verdict quotes must not change with how a list is compiled.
    """
    view = views.normalise(said)
    seen = [
        (number // together, at + len(each), at, each)
        for number, each in enumerate(terms)
        for at in range(len(view))
        if view.startswith(each, at) and not goes_on(view, at) and not goes_on(view, at + len(each))
    ]
    wanted = tuple(dict.fromkeys(each for *_, each in sorted(seen)))[:FOUND_MAX]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "AUTOMATON_MAX", most)
        patch.setattr(words, "TOLD_TOGETHER", together)
        found = TermList("some", tuple(terms)).find(None, view, None, None)
    assert found == wanted
