"""The bench of the pages of cases measures pages that are there and decisions that are made."""

from __future__ import annotations

from pathlib import Path

from bench.__main__ import CASES, page

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


def test_a_figure_that_misses_its_bound_says_so() -> None:
    """Beside each bound stands whether it is met; the page keeps all else that stood on it."""
    name = "key to next case in Chromium"
    told = case_pages.section({name: 100.1, "page of a case over HTTP": 3.0}, 70, 2.0, 1.5)
    assert f"| {name} | 100.1 | 100 | no |" in told
    assert "| page of a case over HTTP | 3.0 |  |  |" in told
    assert "yes" in case_pages.section({name: 100.0}, 70, 2.0, 1.5)
    before = "# Speed\n\n## Replay\n\nSome figures.\n"
    after = page(before, {CASES: told})
    assert "Some figures." in after
    assert page(after, {}) == after
