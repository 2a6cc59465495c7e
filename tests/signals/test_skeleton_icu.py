"""The skeleton beside that of ICU, an independent implementation of UTS 39 (PyICU, as an oracle).

Ours is the standard's on purpose with differences: it is taken of normalised text (NFKC, one case),
a small letter also counts as what its capital looks like, and digits stand for letters inside
words. So the two are compared thus: what ICU calls the same must be the same here, and what is not
must be so for one of the REASONS. ICU is of Unicode 16, our table of 15.1, this Python's own data
may be older: characters that only ICU maps are NEWER, all of them by name.
"""

from __future__ import annotations

import csv
import functools
import unicodedata
from collections import Counter

import icu  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evaluation import data
from ombud.signals import drawn_letters, views

DRAWN = drawn_letters.letters()  # not of the table that ICU knows, too
ICU = icu.SpoofChecker()
NEWER = {0x019B, 0x1734, 0x3126, 0x1F16D}  # mapped by ICU's newer table only
SIGNS = {"%", "|"}  # ICU reads these signs as letters; here signs are none
BOUNDS = {"compatibility": 240, "case": 230, "capital": 45, "newer": 4, "sign": 2, "drawn": 2}


def skeleton(text: str) -> str:
    """What ICU calls the skeleton."""
    return str(ICU.getSkeleton(0, text))


def agrees(text: str) -> bool:
    """Whether what ICU takes a text for is the same as the text here."""
    return views.skeleton(f"q{text}q") == views.skeleton(f"q{skeleton(text)}q")


def reason(character: str) -> str:
    """Why we differ from ICU about a character."""
    base = unicodedata.normalize("NFD", character)[0]
    capital = base.upper()
    if unicodedata.normalize("NFKC", character) != unicodedata.normalize("NFC", character):
        return "compatibility"  # composed first: a small raised r is an r
    if character.casefold() != character:
        return "case"  # put into one case first
    if capital != base and views._table().get(capital, capital).isascii():
        return "capital"  # looks Latin as a capital: the Cyrillic en of "НELLO"
    if ord(character) in NEWER:
        return "newer"
    if character in drawn_letters.letters():
        return "drawn"  # small capitals K and M, which it takes for Greek and turned letters
    return "sign" if character in SIGNS else "none"


@functools.cache
def characters() -> tuple[str, ...]:
    """All characters that this Python knows, but for private ones."""
    return tuple(
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs")
    )


@functools.cache
def different() -> frozenset[str]:
    """The characters about which we differ."""
    return frozenset(each for each in characters() if not agrees(each))


def test_every_difference_from_icu_has_a_reason() -> None:
    """Of all characters there are; and few are different for each reason."""
    found = Counter(map(reason, different()))
    assert not [f"{ord(each):X}" for each in different() if reason(each) == "none"]
    assert set(found) == set(BOUNDS)
    assert all(found[each] <= most for each, most in BOUNDS.items()), found
    assert {ord(each) for each in different() if reason(each) == "newer"} == NEWER


def test_most_of_the_table_is_as_icu_has_it() -> None:
    """More than nine in ten of the confusables, and no plain letter is among the others."""
    table = {each: prototype for each, prototype in views._table().items() if each not in DRAWN}
    differ = [each for each in table if each in different()]
    assert len(differ) < len(table) / 10
    assert not [each for each in differ if each.isascii() and each not in SIGNS | {"I"}]


def test_the_table_is_that_of_icu_where_a_letter_is_not_taken_apart_first() -> None:
    """UTS 39 decomposes before it maps, so entries for composed letters are never reached."""
    wrong = [
        each
        for each, prototype in views._table().items()
        if each not in DRAWN
        and skeleton(each) != unicodedata.normalize("NFD", prototype)
        and unicodedata.normalize("NFKD", each) == each
    ]
    assert not wrong


AGREED = st.sampled_from(
    sorted(
        each
        for each in (
            *views._table(),
            *"abcdefghijklmnopqrstuvwxyz .-_",
            *"\u0300\u0301\u0323\u05b0",
        )
        if each not in different()
        and each not in "013457@$"
        and unicodedata.normalize("NFKC", each).casefold() == unicodedata.normalize("NFC", each)
        and skeleton(skeleton(each)) == skeleton(each)
    )
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(AGREED, max_size=12).map("".join))
def test_random_texts_are_as_icu_has_them(text: str) -> None:
    """Whatever stands beside what: marks, letters of several scripts, multi-character skeletons;
    but for more marks than are kept of a run, as one mark can become two.
    """
    text = unicodedata.normalize("NFC", text)
    marks = sum(unicodedata.category(each)[0] == "M" for each in skeleton(text))
    assume(marks <= views.MARKS_MAX)
    if not set(text) & different() and not any(each in skeleton(text) for each in "013457@$I"):
        assert agrees(text), ascii(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rnodern", "modern"),
        ("раураl", "paypal"),  # Cyrillic
        ("ѕсоре", "scope"),
        ("vvolf", "ѵvolf"),
        ("ﬁnd", "find"),
        ("ǆ", "dž"),
        ("e\u0301\u0323", "e\u0323\u0301"),
        ("a\u200bb\u200dc\u2060", "abc"),
        ("a\u202ebc\u202c", "abc"),  # direction: removed, never reordered, in both
        ("שלום", "שלום"),
        ("abc שלום", "abc של\u200fום"),
        ("ℓove", "love"),
    ],
)
def test_texts_that_look_the_same(one: str, other: str) -> None:
    """To ICU in one case and composed, and here."""
    plain = [skeleton(unicodedata.normalize("NFKC", each).casefold()) for each in (one, other)]
    assert plain[0] == plain[1]
    assert views.skeleton(one) == views.skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("ana", "anna"), ("hoa", "hòa"), ("lan", "lam")])
def test_texts_that_look_different(one: str, other: str) -> None:
    """To both."""
    assert skeleton(one) != skeleton(other)
    assert views.skeleton(one) != views.skeleton(other)


def pairs() -> list[tuple[str, str]]:
    """Pairs of the set of confusables where it is there, else those of our own table."""
    folder = data.folder()
    path = None if folder is None else folder / "unicode_confusables" / "confusables.csv"
    if path is None or not path.exists():
        return list(views._table().items())
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [
        ("".join(chr(int(code, 16)) for code in row[0].split()),
         "".join(chr(int(code, 16)) for code in row[1].split()))
        for row in rows
    ]  # fmt: skip


def test_the_published_set_says_nothing_that_ours_does_not() -> None:
    """Each of its pairs, in one direction or the other, stands in our table, or comes of one; but
    for presentation forms, which are plain letters before anything is compared, for what ICU tells
    apart as well, and for small capitals, which are the letter whose name they have.
    """
    table = views._table()
    missing = [
        (one, other)
        for one, other in pairs()
        if table.get(one) != other and table.get(other) != one
        if one not in DRAWN and other not in DRAWN
    ]
    assert not [
        (one, other)
        for one, other in missing
        if skeleton(one) == skeleton(other) and views.skeleton(one) != views.skeleton(other)
        if plain(one) and plain(other)
    ]


def plain(text: str) -> bool:
    """Whether a text is its own compatibility form, in one case."""
    return unicodedata.normalize("NFKC", text).casefold() == text
