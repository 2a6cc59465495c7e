"""Whether a text condition says anything."""

from __future__ import annotations

from typing import Literal

import pytest

from ombud.rules.ordinary import says_nothing
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
