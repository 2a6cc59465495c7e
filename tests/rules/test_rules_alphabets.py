"""Which text conditions pick a language or an alphabet."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.rules.alphabets import of_list, picks
from ombud.rules.tree import FactName, TextTest
from ombud.rules.writing import everything, spoken, writing
from ombud.signals import views
from ombud.signals.lists import TermList

How = Literal["contains", "starts with", "matches", "quotes"]


def _picks(how: How, operand: str) -> str | None:
    return picks(TextTest(FactName("text"), how, operand))


@pytest.mark.parametrize(
    ("how", "operand", "example"),
    [
        ("matches", r"\p{Arabic}", "و"), ("matches", "[а-я]", "и"), ("matches", "[a-z]", "a"),
        ("matches", r"\p{Khmer}{4}", "កកកក"), ("matches", "ө", "ө"), ("matches", "[ăđơư]", "đ"),
        ("matches", "ươ", "ươ"), ("matches", r"\bund\b", "und"), ("matches", "casino|[ñß]", "ñ"),
        ("matches", r"[^\x00-\x7f]", "à"), ("matches", r"[^a-z0-9 ]{5}", "потом"),
        ("matches", r"[\x{4e00}-\x{9fff}]", "私"), ("matches", r"\p{Hangul}{3,}", "그리고"),
        ("matches", r"\p{Yi}", "ꀀ"), ("matches", r"\p{Cyrillic}+ \p{Cyrillic}+", "и потом"),
        ("contains", "ư", "ư"), ("contains", "của", "của"), ("contains", "KHONG", "khong"),
        ("contains", "the", "the"), ("contains", "的", "的"),
        ("starts with", "và", "và"), ("starts with", "i", "i"), ("matches", "^và", "và"),
    ],
)  # fmt: skip
def test_what_holds_of_some_writing_only_picks_who_writes_it(
    how: How, operand: str, example: str
) -> None:
    """By a class of letters, one letter, or a word that no text of a language goes without."""
    assert _picks(how, operand) == example


@pytest.mark.parametrize(
    "operand",
    ["casino", "bán hàng", "giá rẻ", "казино", "赌博", "무료", "無料", "قمار",
     "קזינו", "free nitro", "kys", "die", "idiot", "://", "!", "[wts]", "100%"],
)  # fmt: skip
def test_words_of_ones_own_may_stand_in_every_alphabet(operand: str) -> None:
    """One sign is a word where signs are words; what no language needs is a word anywhere."""
    for how in ("contains", "starts with"):
        assert _picks(how, operand) is None
    if operand.isalpha():
        assert _picks("matches", operand) is None


@pytest.mark.parametrize(
    "operand",
    [".", ".*", r"\pL", ".{40}", ".{400}", "^.{0,9}$", r"\d{9,}", "[!?]{3}", r"\s", "^$",
     r"https?://", r"\p{So}", "[a-z][а-я]", r"\p{M}{5}", r"fr[e3]{2} nitro", r"\S{40}"],
)  # fmt: skip
def test_what_holds_of_everybody_or_nobody_picks_no_one(operand: str) -> None:
    """Length, signs, numbers, and letters of two alphabets in one word."""
    assert _picks("matches", operand) is None


@pytest.mark.parametrize("sign", ["年", "的", "赌", "微"])
def test_one_sign_is_a_word_unless_everybody_writes_it(sign: str) -> None:
    """As a word that is contained; a pattern asks for two, as it also fits inside of others."""
    assert (_picks("contains", sign) is None) is (sign not in spoken())
    assert _picks("matches", sign) == sign


def test_a_beginning_is_not_a_whole_word() -> None:
    """Whoever says hello begins so; a word that ends there is another."""
    assert _picks("starts with", "hell") == "hell"
    assert _picks("contains", "hell") is None
    assert "hello" in everything()


def test_a_quote_picks_nobody() -> None:
    """It is about what somebody wrote before."""
    assert _picks("contains", "on") == "on"
    assert _picks("quotes", "on") is None


def test_a_part_of_a_word_is_no_word() -> None:
    """Words are looked for as rules look for them: whole, and at the beginning of a text."""
    assert any("hen" in text for each in writing() for text in each)
    for how in ("contains", "starts with"):
        assert _picks(how, "hen") is None
    assert _picks("matches", "hen") == "hen"


@pytest.mark.parametrize(
    ("terms", "term"),
    [
        (("casino", "của"), "của"), (("ư", "bán hàng"), "ư"), (("casino", "hen"), None),
        (("赌博", "казино", "bán hàng"), None), ((), None),
    ],
)  # fmt: skip
def test_a_list_picks_by_any_of_its_terms(terms: tuple[str, ...], term: str | None) -> None:
    """As whole words; the rest of the list is no matter."""
    assert of_list(TermList("words", terms).find) == term


@given(st.text(min_size=1, max_size=40))
def test_any_operand_is_answered(operand: str) -> None:
    """Without a fault, in letters of the operand; and what picks with a sign behind it picks."""
    if not (wanted := views.normalise(operand)):
        return
    for how in ("contains", "starts with"):
        found = _picks(how, operand)
        assert found is None or set(found) <= set(wanted) | {" "}
