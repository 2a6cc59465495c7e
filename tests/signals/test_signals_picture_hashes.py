"""How alike hashes of pictures are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals import picture_hashes
from ombud.signals.picture_hashes import Pictures

hashes = st.integers(0, 2**256 - 1)


@given(hashes, hashes)
def test_the_likeness_is_the_part_of_equal_bits(one: int, other: int) -> None:
    """In permille, rounded down, the same both ways."""
    first, second = f"{one:064x}", f"{other:064X}"
    equal = sum((one >> bit & 1) == (other >> bit & 1) for bit in range(256))
    found = picture_hashes.likeness(first, second)
    assert found == equal * 1000 // 256 == picture_hashes.likeness(second, first)


@pytest.mark.parametrize("text", ["", "ana", "0" * 63, "0" * 65, "g" * 64, "0" * 63 + "٣"])
def test_what_is_no_hash_is_like_nothing(text: str) -> None:
    """Of either side."""
    assert picture_hashes.parse(text) is None
    assert picture_hashes.likeness(text, "0" * 64) == picture_hashes.likeness("0" * 64, text) == 0
    assert Pictures([text, "0" * 64]).nearest(text) == 0


def test_the_likest_of_a_list_counts_without_what_is_hidden() -> None:
    """Terms that are no hashes are no pictures."""
    known = Pictures(["0" * 64, "f" * 64, "staff"])
    assert known.nearest("0" * 64) == 1000
    assert known.nearest("0" * 63 + "1", ["f" * 64]) == 996
    assert known.nearest("0" * 64, ["0" * 64]) == 0
    assert Pictures(["staff"]).nearest("0" * 64) == 0
