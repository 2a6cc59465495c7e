"""The plain reading of a text: numbers in digits, however they were disguised."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.signals import views
from ombud.signals.personal import reading

NUMBER = "0912345678"


@pytest.mark.parametrize(
    "written",
    [
        "0912345678",
        "０９１２３４５６７８",
        "𝟎𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
        "⓪⑨①②③④⑤⑥⑦⑧",
        "٠٩١٢٣٤٥٦٧٨",
        "०९१२३४५६७८",
        "0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "09\u200b1234\u00ad5678",
        "O9l2345678",
        "không chín một hai ba bốn năm sáu bảy tám",
        "khong chin mot hai ba bon nam sau bay tam",
        "zero nine one two three four five six seven eight",
        "Zero-nine-one, two, three-four-five six seven eight",
        "không chín 1 2 ba bốn năm 6 bảy tám",
    ],
)
def test_a_number_is_read_in_every_disguise(written: str) -> None:
    """Other digits, letters for digits and words for digits give the same number."""
    assert reading.plain(f"gọi {written} nhé") == f"gọi {NUMBER} nhé"
    assert not reading.holds_nothing(views.normalise(f"gọi {written} nhé"))


@pytest.mark.parametrize(
    "text",
    [
        "không năm nào ba tôi về, một hai năm nữa thì sao",
        "one two three four five six seven eight nine ten",
        "zero one two three four five six",
        "lol oil Ill",
        "model O2000l and 10l of water, l00l00l",
        "Ông không chín chắn",
        "",
    ],
)
def test_prose_stays_prose(text: str) -> None:
    """Words that are also digits, short rows, and rows that begin with no zero are left alone."""
    assert reading.plain(text) == text


def test_a_row_does_not_begin_inside_a_word() -> None:
    """The letters before a zero belong to its word."""
    row = "nine one two three four five six seven"
    assert reading.plain(f"subzero {row}") == f"subzero {row}"
    assert reading.plain(f"zero {row}") == "091234567"


def test_a_capital_of_two_small_letters_shifts_nothing() -> None:
    """The Turkish capital I with a dot is two characters in small letters."""
    plain = reading.plain("İzmir 0912345678")
    assert len(plain.lower()) == len(plain)
    assert plain.endswith("0912345678")


@pytest.mark.parametrize(
    "text",
    ["Thanks, that was helpful.", "Cảm ơn bạn, không có gì", "chó mèo", "at the dot", ""],
)
def test_most_texts_are_seen_to_hold_nothing(text: str) -> None:
    """The quick look lets ordinary texts go at once."""
    assert reading.holds_nothing(views.normalise(text))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_places_in_both_cases_are_the_same(text: str) -> None:
    """A plain text in lower case has the same length, so that places found in one hold in both."""
    plain = reading.plain(text)
    assert len(plain.lower()) == len(plain)


def test_endless_texts_are_read_to_a_bound() -> None:
    """Only the first characters of a very long text are read."""
    assert len(reading.plain("1" * 100_000)) == reading.LENGTH_MAX
