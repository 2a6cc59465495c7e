"""Whether every way to meet a condition needs something of its own."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.rules.alphabets import picks
from ombud.rules.letters import example, first_without
from ombud.rules.tree import FactName, TextTest
from rules.rules_made import report_of

REPEATS = "\n  text.repeat authors in last 1 hour >= 3\n  author.age < 1 day"  # for a campaign
RESTRICT = ("hold this", 'label this "x"', "mark sensitive this", "remove this", "slow room",
            "limit author for 1 hour", "hold campaign", "ban author from room")  # fmt: skip
LETTERS = (
    ("matches", "[а-я]+[.,!?]"), ("matches", "[а-я].{200}"), ("matches", "[а-я].*[0-9]"),
    ("matches", "[а-я].{700}"), ("matches", "(ст|но|ен)[.,!?]"), ("matches",
    "(?:casino|[а-я]{2}!)"),
    ("matches", "\\\\b(anh|chị|việt nam|ơi|nhé)\\\\b"), ("matches", "(спасибо|привет|сегодня)"),
    ("matches", "(спасибо|привет).*[0-9]{4}"), ("matches", "\\\\p{Arabic}.*https?://"),
    ("contains", "cảm ơn"), ("contains", "xin chào"), ("contains", "cam on"), ("contains",
    "спасибо!"),
    ("contains", "thank you"), ("contains", "谢谢"), ("contains", "شكرا"), ("starts with",
    "привет"),
)  # fmt: skip


def _picks(how: Literal["contains", "starts with", "matches"], operand: str) -> str | None:
    return picks(TextTest(FactName("text"), how, operand))


def _codes(when: str, unless: str = "", **more: object) -> list[str]:
    report, _ = report_of(when, unless, **more)  # type: ignore[arg-type]
    return [problem.code for problem in report.found]


@pytest.mark.parametrize(("how", "operand"), LETTERS)
def test_letters_with_anything_beside_them_restrict_nobody(how: str, operand: str) -> None:
    """In any part of a rule, by whichever action; a warning and an alert may ask."""
    line = f'text {how} "{operand.replace(chr(92) * 2, chr(92))}"'
    for then in RESTRICT:
        for when, unless in (
            (f"  {line}{REPEATS}", ""),
            (f"  insult.likely\n  {line}{REPEATS}", ""),
            (f"  links.any{REPEATS}\n  not {line}", ""),
            (f"  links.any{REPEATS}\n  any of\n    {line}\n    media.any", ""),
            (f"  links.any{REPEATS}", f"  {line}"),
            (f"  links.any{REPEATS}", f"  all of\n    media.any\n    not {line}"),
        ):
            assert "R151" in _codes(when, unless, then=then), (then, when, unless)
    for harmless in ('alert "spam"', "warn this"):
        assert "R151" not in _codes(f"  {line}", then=harmless)


# What rules are written for, as operators write it.
ALLOWED = (
    ("contains", "free nitro"), ("matches", "https?://"), ("contains", "[WTS]"), ("contains",
    "t.me/"), ("contains", "dm me"),
    ("matches", r"t\.me/"), ("matches", r"bit\.ly/\w+"), ("matches", r"[A-Z0-9]{20,}"),
    ("matches", r"\$[0-9]+"), ("matches", r"[0-9]{10}"), ("matches", r"\+84[0-9 .]{9,}"),
    ("matches", r"fr[e3]{2}\s*nitro"), ("matches", r"\bca[s5]ino\b"), ("matches",
    r"[a-z0-9]+\.xyz"),
    ("matches", r"(buy|sell)ing? (gold|accounts?)"), ("matches", r"@[a-z0-9_]{5,}"),
    ("matches", r"[a-z0-9._-]+@[a-z0-9-]+\.[a-z0-9]+"), ("matches", r"[a-z][а-я]"),
    ("contains", "kiếm tiền online"), ("contains", "vay tiền nhanh"), ("contains", "bán hàng"),
    ("contains", "việc làm tại nhà"), ("contains", "tài khoản"), ("matches", r"\d+k/ngày"),
    ("matches", r"zalo[: ]*0\d{9}"), ("matches", r"\bl[ôo] đ[ềe]\b"), ("matches",
    r"(vay|cho vay) ti[eề]n"),
    ("matches", r"\d{2,}\s?(triệu|vnđ)"), ("contains", "nạp thẻ"),
    ("contains", "инвестиции"), ("contains", "казино"), ("matches", "(казино|ставки)[.,!?]"),
    ("contains", "заработок в интернете"), ("contains", "пишите в личку"), ("matches",
    "к[аa]зин[оo]"),
    ("contains", "加微信"), ("contains", "赌博"), ("matches", "(加|＋)微信[0-9a-z_]{5,}"),
    ("contains", "免费领取"), ("matches", "(兼职|刷单)"), ("contains", "贷款"),
    ("contains", "استثمار"), ("contains", "اربح المال"), ("matches", "(قرض|كازينو)"),
    ("contains", "تواصل واتساب"), ("matches", r"واتساب\s*[0-9+]{8,}"), ("contains", "무료"),
    ("matches", r"\pL+[.,!?]{4}"), ("matches", r"[!?]{5,}"), ("matches", ".{400}"),
    ("matches", r"\p{M}{6}"), ("matches", r"\p{So}{8}"),
)  # fmt: skip


@pytest.mark.parametrize(("how", "operand"), ALLOWED)
def test_words_prices_numbers_and_addresses_may_be_asked_for(how: str, operand: str) -> None:
    """In every alphabet, and nothing is said of them."""
    assert _picks(how, operand) is None  # type: ignore[arg-type]
    assert "R151" not in _codes(f'  text {how} "{operand}"', then="hold this")


CLASSES = st.sampled_from(
    ["[a-z]", "[A-Z]", "[а-я]", "[а-яё]", r"\p{Arabic}", r"\p{Han}", r"\p{Thai}", r"\p{Greek}",
     r"\p{Hangul}", r"[\x{5d0}-\x{5ea}]", "[a-zà-ÿ]", r"\p{Devanagari}", r"[a-z0-9 ]", r"[а-я\s.]",
     "[^a-z0-9 ]", r"\W", "[٠-٩]", "[a-zа-я]"]
)  # fmt: skip
BESIDE = st.sampled_from(
    ["[.,!?]", r"\.", "!", r"\?", ",", ".", ".*", ".+", ".{200}", ".{0,90}", "[0-9]", "[0-9]{4,}",
     r"\d+", r"\s", r"\s+", " ", "$", "^", r"\b", r"\n", ":", "-", r"\(", "7", "19", r"\pL",
     "[^ ]+",
     r"\p{So}", "(!|,)", "x?", "(ab)*"]
)  # fmt: skip
COUNT = st.sampled_from(["", "+", "{3}", "{2,}", "{1,60}", "{180,}", "{300}"])


@settings(max_examples=300, deadline=None)
@given(st.lists(BESIDE, max_size=3), CLASSES, COUNT, st.lists(BESIDE, max_size=3))
def test_an_alphabet_joined_with_signs_digits_dots_or_counts_picks(
    before: list[str], letters: str, count: str, behind: list[str]
) -> None:
    """Whatever stands around a class of letters, if it is no word and nothing built. What holds of
    everybody's writing tells nothing: one sign that is no letter of a to z.
    """
    pattern = "".join(before) + letters + count + "".join(behind)
    assert first_without(pattern) is not None
    if letters not in (r"\W", "[^a-z0-9 ]", r"[а-я\s.]", "[a-z0-9 ]"):
        assert _picks("matches", pattern) is not None


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("[а-я]t\\.me/", "абв"),
        ("спасибо.*t\\.me/", "спасибо t me"),
        ("и[.!]", "и"),
        ("casino|но!", "но"),
    ],
)
def test_what_is_asked_for_is_shown(pattern: str, shown: str) -> None:
    """Some letters of a class, or the words."""
    way = first_without(pattern)
    assert way is not None
    assert example(way) == shown
