"""Phone numbers: the forms people write, and numbers that only look so."""

from __future__ import annotations

import re

import pytest

from ombud.signals.personal import phones
from ombud.signals.personal.phones import Written


def written(text: str) -> Written:
    """A number as it stands, taken apart."""
    plus = text.startswith("+")
    groups = tuple(re.findall(r"\d+", text))
    return Written(groups, tuple(re.findall(r"(?<=\d)\D+(?=\d)", text)), plus)


PRIVATE = """
0912345679|0912 345 679|091.234.5679|09 12 34 56 79|0 9 1 2 3 4 5 6 7 9|0351234567|0861234567
01681234567|0168 123 4567|02438251234|024 3825 1234|0283 825 1234|84912345679|84 912 345 679
+84912345679|+84 (0) 912 345 679|+84 24 3825 1234|0084912345679
212-555-0123|(212) 555-0123|212.555.0123|1 212-555-0123|+1 212 555 0123|+12125550123
+44 7700 900123|0044 7700 900123|+49 151 23456789|+41 (0)75 889 85 36|+972 50 123 4567
020 7946 0018|0151 23456789|07700 900123|0412 345 678
"""
OTHERS = """
1900 1234|1800 6789|19001234|800-555-0123|1-888-555-0123|+18005550123|0800 123 4567
0912345|123-456|1234567890|112-555-0123|212-155-0123|0.912345679|0 912345679
03.12.2023 15|2023-12-03 1530|12/03/2023 0912|0123456789|0987654321|0900000000
+1 123|+999 1234567|+100000000|+84 1 234 567|01 02 03 04 05|06 12 34 56 78
31 12 99 4567|12345678901|84123456789|0012345
"""


@pytest.mark.parametrize("number", PRIVATE.strip().replace("\n", "|").split("|"))
def test_forms_of_phone_numbers(number: str) -> None:
    """What people write as a phone number is one, without a word that says so."""
    assert phones.phone(written(number), named=False)


@pytest.mark.parametrize("number", OTHERS.strip().replace("\n", "|").split("|"))
def test_what_is_no_private_phone_number(number: str) -> None:
    """Service numbers, dates, fractions, placeholders and plain digits are none."""
    assert not phones.phone(written(number), named=False)


@pytest.mark.parametrize("number", ["555-0123", "1234567890", "06 12 34 56 78", "03.12.2023 15"])
def test_a_word_makes_plain_digits_a_phone_number(number: str) -> None:
    """Behind "phone" or "gọi" seven digits and more are one."""
    assert phones.phone(written(number), named=True)


@pytest.mark.parametrize("number", ["1900 1234", "800-555-0123", "911", "1234567890123456"])
def test_a_word_makes_no_private_number_of_a_hotline(number: str) -> None:
    """Who writes "call 1900 1234" gives nobody away; too short and too long stay so."""
    assert not phones.phone(written(number), named=True)
