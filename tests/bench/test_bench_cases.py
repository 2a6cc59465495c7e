"""The bench of cases measures a flood that is there: every case counted, somebody else's ahead."""

from __future__ import annotations

from pathlib import Path

from bench import cases
from ombud.review.order import SOURCE_EVERY


def test_a_small_flood_is_measured_as_the_large_one(tmp_path: Path) -> None:
    """All figures are there; hers comes before the flood but for one case a minute of it."""
    found = cases.measure(tmp_path / "community", 300)
    assert found["open cases"] == 301
    bound = 1 + cases.LENGTH * 1_000_000 // SOURCE_EVERY
    assert 1 <= found["cases of the flood before hers"] <= bound
    assert all(value > 0 for value in found.values())
