"""All details of a text: each kind, no digit twice, in every disguise."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.personal.details import DETAILS_MAX, KINDS, Details, details


def read(text: str) -> Details:
    """The details as a signal gets them."""
    return details(text, views.normalise(text))


ONE_OF_EACH = (
    "0912 345 679, ana@shop.example, 4012 8888 8888 1881, DE89 3704 0044 0532 0130 00,"
    " 079201012345, 12 Maple Street"
)


def test_each_kind_is_found_once() -> None:
    """A text with one of each has exactly one of each."""
    assert {kind: read(ONE_OF_EACH).count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)


def test_disguise_hides_nothing() -> None:
    """Full-width letters and invisible characters change nothing."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in ONE_OF_EACH)
    assert {kind: read(wide).count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)
    hidden = "\u200b".join(ONE_OF_EACH)
    assert {kind: read(hidden).count(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1)


def test_the_same_number_counts_once() -> None:
    """Different ones are counted, apart from how they are grouped."""
    assert read("0912 345 679 or 0912345679 or 0351234567").count("phone") == 2


@pytest.mark.parametrize(
    "text",
    [
        "https://social.example/100012345678901 http://x.example/0912345679",
        "http://x.example/a-0912345679",
        "0912345679@gmail.example",
        "www.shop.example/0912345679",
    ],
)
def test_digits_of_addresses_are_no_numbers(text: str) -> None:
    """What stands in a web or mail address is nobody's phone number."""
    assert read(text).count("phone") == 0


@pytest.mark.parametrize(
    "text",
    ["zalo.me/0912345679", "https://zalo.me/0912345679", "wa.me/84912345679", "wa.me/+84912345679",
     "https://wa.me/447700900123"],
)  # fmt: skip
def test_a_chat_address_with_a_number_is_one(text: str) -> None:
    """An address that leads to a phone number gives the number away."""
    assert read(text).count("phone") == 1


@pytest.mark.parametrize("text", ["", "hello", "Cảm ơn, không có gì!", "x" * 70_000, "12 3 4"])
def test_nothing_is_nothing(text: str) -> None:
    """Most posts hold nothing."""
    assert read(text).found == ()


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.sampled_from("019 -.()+@ax/[]dot\u200bİßđ,°①"), max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    """No text raises; places are inside the text, and numbers never overlap."""
    found = read(text)
    for each in found.found:
        assert 0 <= each.start < each.end <= len(found.text)
        assert each.kind in KINDS
    spans = [each for each in found.found if each.kind in ("phone", "card", "identity")]
    assert all(one.end <= two.start for one, two in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "text",
    [
        "0912345679 " * 6_000,
        "a@b.vn " * 9_000,
        "không " * 10_000,
        "không chín " * 6_000,
        "12 Maple Street " * 4_000,
        "DE89" * 16_000,
        "1 " * 32_000,
        "\u0301" * 60_000 + "1@",
        "+" * 60_000 + "1",
    ],
)
def test_hostile_texts_end(text: str) -> None:
    """Texts made to make a pattern hang are read in one pass, and what is found is bounded."""
    assert len(read(text).found) <= DETAILS_MAX
