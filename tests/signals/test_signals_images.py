"""The hash of pictures: as an independent implementation has it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ombud.signals import images, picture_hashes
from signals.drawn_pictures import SIZES, drawn

VECTORS = json.loads((Path(__file__).parent / "pdq_vectors.json").read_text(encoding="utf-8"))
BITS_MAX = 2  # that may differ: sums are made in another order, with more digits


@pytest.mark.parametrize(("number", "size"), list(enumerate(SIZES)))
def test_hashes_are_those_of_pdqhash(number: int, size: tuple[int, int]) -> None:
    """Bit by bit, but for rounding, and the quality."""
    found, vector = images.hash_pixels(drawn(number, *size)), VECTORS[number]
    apart = (int(found.pdq, 16) ^ int(vector["pdq"], 16)).bit_count()
    assert apart <= BITS_MAX
    assert abs(found.quality - vector["quality"]) <= 1


def test_hashes_agree_in_nearly_every_bit_of_all_vectors() -> None:
    """Together no more bits differ than may in one; a median one off would differ in each."""
    found = [images.hash_pixels(drawn(number, *size)) for number, size in enumerate(SIZES)]
    pairs = zip(found, VECTORS, strict=True)
    assert sum((int(a.pdq, 16) ^ int(b["pdq"], 16)).bit_count() for a, b in pairs) <= BITS_MAX


def test_quality_counts_whole_steps_only() -> None:
    """A slope of less than a hundredth from sample to sample is nothing, one of two is two."""
    columns = np.arange(64)[None, :, None]
    slope = np.broadcast_to(columns * 2, (64, 64, 3)).astype(np.uint8)  # 0.78 of a step each
    steep = np.broadcast_to(columns * 4, (64, 64, 3)).astype(np.uint8)  # 1.57
    assert images.hash_pixels(slope).quality == 0
    assert images.hash_pixels(steep).quality == 64 * 63 // 90


def test_different_pictures_have_different_hashes() -> None:
    """The pictures that the vectors are of are told apart; copies of another size are not."""
    hashes = [images.hash_pixels(drawn(number, 300, 300)).pdq for number in range(8)]
    likest = max(
        picture_hashes.likeness(one, other) for one in hashes for other in hashes if one != other
    )
    assert likest < 800
    small = images.hash_pixels(
        np.asarray(Image.fromarray(drawn(1, 300, 300)).resize((140, 140), Image.Resampling.BOX))
    )
    assert picture_hashes.likeness(small.pdq, hashes[1]) >= 878


def test_a_flat_picture_says_nothing() -> None:
    """Its quality is nothing."""
    flat = images.hash_pixels(np.full((100, 100, 3), 77, np.uint8))
    assert flat.quality == 0 < picture_hashes.QUALITY_MIN
