"""Whether a text condition says anything."""

from __future__ import annotations

from typing import Literal

import pytest

from ombud.rules.ordinary import letters_alone, says_nothing
from ombud.rules.tree import FactName, TextTest

How = Literal["contains", "starts with", "matches", "quotes"]


def _test(how: How, operand: str) -> TextTest:
    return TextTest(FactName("text"), how, operand)


@pytest.mark.parametrize(
    ("how", "operand"),
    [
        ("contains", "the"), ("contains", "  E  "), ("contains", "khong"), ("contains", "hôm nay"),
        ("contains", "!?"), ("starts with", "Thanks"), ("matches", "."), ("matches", "^.*$"),
        ("matches", "(?:)|casino"), ("matches", "[a-z]"), ("matches", r"\w{3}"),
        ("matches", "[ăđơư]"), ("matches", r"\d"), ("quotes", "target"),
    ],
)  # fmt: skip
def test_what_holds_of_ordinary_posts_says_nothing(how: How, operand: str) -> None:
    """In either language, with diacritics or without, by a word, a letter or nothing at all."""
    assert says_nothing(_test(how, operand))


@pytest.mark.parametrize(
    ("how", "operand"),
    [
        ("contains", "casino"), ("contains", "bán hàng"), ("starts with", "free nitro"),
        ("matches", r"fr[e3]{2} nitro"), ("matches", r"\$\d{3,}"),
    ],
)  # fmt: skip
def test_words_of_an_advertisement_say_something(how: How, operand: str) -> None:
    """What a rule is written for goes on counting."""
    assert not says_nothing(_test(how, operand))


@pytest.mark.parametrize(
    "operand", ["[ăđơư]", "[ăđơư]{3}", r"\p{Han}", "[а-я]", "ө", r"[^\x00-\x7f]"]
)
def test_one_letter_is_an_alphabet(operand: str) -> None:
    """Once or in a row, of a class, of a range, or a letter no table here has."""
    assert letters_alone(_test("matches", operand))


@pytest.mark.parametrize(
    "operand", ["đồng ý", "[a-z]", ".*", ".", r"\p{L}", "казино", "[!?]{3}", "a{4}"]
)
def test_words_and_plain_letters_are_no_alphabet(operand: str) -> None:
    """Nor is what holds of anything."""
    assert not letters_alone(_test("matches", operand))
    assert not letters_alone(_test("contains", "đ"))
