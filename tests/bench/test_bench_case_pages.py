"""The bench of the pages of cases measures pages that are there and decisions that are made."""

from __future__ import annotations

from pathlib import Path

from bench import case_pages
from flow.small_community import rows


def test_a_small_flood_is_measured_as_the_large_one(tmp_path: Path) -> None:
    """Every figure is there, and each round has decided another case."""
    folder = tmp_path / "community"
    with case_pages.flooded(folder, 40) as (port, cookie):
        found = case_pages.over_http(port, cookie, 5)
    assert len(found) == 4
    assert all(value > 0 for value in found.values())
    assert rows(folder, "SELECT count(DISTINCT id), count(*) FROM review") == [(5, 5)]
