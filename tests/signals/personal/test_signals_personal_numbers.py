"""Which digits belong together, and what they are."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ombud.signals.personal import numbers

PARTS = (
    *("0", "1", "9", "84", "00", "012", "0912", "345", "678", "212", "555", "0123", "123", "45"),
    *("6789", "4012", "8888", "1881", "36", "5500", "1234567", "03", "001099", "4", "5"),
)


def kinds(text: str) -> list[str]:
    """What is found, by kind."""
    return [each.kind for each in numbers.numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gọi 0912 345 679 hoặc 0351234567", ["phone", "phone"]),
        ("0911222333/0944555666, 0977888999", ["phone"] * 3),
        ("0912345679 0351234567", ["phone"] * 2),
        ("sđt:0912345679 zalo0912345679", ["phone"] * 2),
        ("+84 0912 345 679", ["phone"]),
        ("call 5551234567", ["phone"]),
        ("my number is 555-0123", ["phone"]),
        ("212-555-0123x12", ["phone"]),
        ("card 4012 8888 8888 1881 exp 12/27", ["card"]),
        ("3782-822463-10005", ["card"]),
        ("079201012345", ["identity"]),
        ("079 201 012 345", ["identity"]),
        ("cmnd: 024123456", ["identity"]),
        ("123-45-6789", ["identity"]),
        ("ssn 123456789", ["identity"]),
        ("stk 0123456789", ["account"]),
        ("số tài khoản: 19036512345678", ["account"]),
        ("0912345679 mb bank", ["account"]),
        ("vietcombank - 1012345678", ["account"]),
        ("account number 12345678", ["account"]),
    ],
)
def test_numbers_are_told_apart(text: str, expected: list[str]) -> None:
    """Phones, cards, identities and accounts, by their form or the words beside."""
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2013-11-26 02:55 and 26/11/2026 09:12",
        "1.000.000.000 đ, 0.912345678, 12,345,678",
        "192.168.100.200 and 079.201.012.145",
        "order number 5551234567, id 76561198012345678",
        "bitcoin 1234567890123456",
        "0 1 2 3 4 5 6 7 8 9",
        "0 3 5 7 1 2 3 4 5 6 7 8",
        "5 0 9 1 2 3 4 5 6 7 9",
        "100-212-555-0123-100",
        "#0912345679 @0912345679 id=0912345679 a0912345679b x/0912345679",
        "123456789 024123456 123 45 6789",
        "stk 200.000 vnd",
        "gọi 1500000 đồng",
        "vietcombank lãi 12345",
        "called 5 times in 2 days, 100 people",
        "isbn 978-3-16-148410-0",
        "0912345679% 0912345679_x",
        "4012 8888 8888 1882",
        "tăng 50 000 000 000",
        "12345678901234567890123456789",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    """Dates, prices, addresses of machines, orders, tables, hashtags and paths are none."""
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("call" + " " * 24, ["phone"]),
        ("call" + " " * 25, []),
        ("chứng minh nhân dân" + " " * 21, ["identity"]),  # forty characters
        ("chứng minh nhân dân" + " " * 22, []),
    ],
)
def test_a_word_may_stand_twenty_four_signs_before_and_begin_forty_before(
    before: str, expected: list[str]
) -> None:
    """On both sides of either bound; nine digits and ten say nothing by themselves."""
    digits = "5551234567" if before.startswith("call") else "024123456"
    assert kinds(before + digits) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="0123456789", min_size=7, max_size=7),
    st.sampled_from(["32", "39", "56", "59", "70", "79", "81", "89", "90", "98"]),
    st.sampled_from(["{0}{1}{2}", "{0} {1} {2}", "{0}.{1}.{2}", "{0}-{1} {2}"]),
    st.sampled_from(["", "alo ", "số này: ", "xx, "]),
)
def test_every_vietnamese_mobile_number_is_found(
    rest: str, prefix: str, form: str, before: str
) -> None:
    """Any mobile number in the usual groups is one phone, unless it is a placeholder."""
    digits = f"0{prefix}{rest}"
    text = before + form.format(digits[:4], digits[4:7], digits[7:])
    placeholder = digits.endswith("000000") or digits in ("0987654321", "0123456789")
    assert kinds(text) == ([] if placeholder else ["phone"])


@pytest.mark.parametrize(
    "text", ["1 " * 30_000, "0912345678 " * 6_000, "1" * 60_000, "1-" * 30_000, "stk 1" * 12_000]
)
def test_hostile_texts_end(text: str) -> None:
    """Texts of nothing but digits are read in one pass."""
    assert len(kinds(text)) <= 6_000


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(PARTS),
        min_size=3,
        max_size=12,
    ),
    st.sampled_from([" ", "-", ".", " (", "/"]),
    st.integers(0, 9),
)
@example(["0", "0", "012", "03", "0912", "0"], "-", 0)  # one that begins with 0, within a row
def test_the_quick_look_between_digits_holds_nothing_back(
    groups: list[str], sign: str, seed: int
) -> None:
    """With and without it the same numbers are found: it only saves work."""
    signs = [sign if (place * 7 + seed) % 10 else " " for place in range(len(groups))]
    text = "".join(each for pair in zip(groups, signs, strict=True) for each in pair)
    quick = list(numbers.numbers(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "_shows", lambda *_: True)
        assert list(numbers.numbers(text)) == quick


@pytest.mark.parametrize(
    "number",
    [
        "4012 8888 8888 1881",
        "001 099 123 457",
        "0912 345 678",
        "212-555-0123",
        "123-45-6789",
        "1-212-555-0123",
        "00 49 30 901820",
        "84 912 345 678",
    ],
)
def test_a_number_between_other_digits_is_found(number: str) -> None:
    """What the quick look lets through is found there, from its first digit on."""
    assert [each.start for each in numbers.numbers(f"99 ({number}) 99")] == [4]
