"""The bench of the whole path says what was asked of it, and where it falls short."""

from __future__ import annotations

import pytest
from bench.__main__ import section
from bench.measure import Row

from bench import path, workload


def _row(name: str, ours: float) -> Row:
    return Row(name, ours, 100_000.0, 0.02, 3, "events per CPU second", "the floor")


def test_rates_stand_beside_their_targets() -> None:
    """Each row has one of our own rate, and a miss is a miss however it stands to the peer."""
    found = [
        path.judged(_row(path.PATH.format(language=language), rate))
        for language, rate in (("ascii", 6999.9), ("vietnamese", 4000.0))
    ]
    told = section({"items": found}, 0.1)
    ascii_row, vietnamese = (line for line in told.split("\n") if "whole path" in line)
    assert ascii_row.endswith("| ours >= 7000 (15000) | no |")
    assert vietnamese.endswith("| ours >= 4000 (8000) | yes |")
    assert not path.judged(_row(path.COLD, 0.3))["met"]
    assert path.judged(_row(path.COLD, 0.6))["met"]


def test_every_row_of_the_bench_has_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured can be judged: no row without a target, no target without a row."""
    monkeypatch.setattr(path, "_path", lambda _: 5000.0)
    monkeypatch.setattr(path, "_floor", lambda _: 100_000.0)
    monkeypatch.setattr(path, "_start", lambda _: 1.0)
    monkeypatch.setattr(workload, "lines", lambda *_: [])
    found = [path.judged(row) for row in path.rows(quick=True)]
    assert [row["name"] for row in found] == list(path.TARGETS)
    assert [row["met"] for row in found] == [False, True, True]


def test_budgets_are_of_stations_that_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every budget stands beside a station, but for terms, which rules ask for; the whole has their
    sum; and a station that takes more says how many times its budget.
    """
    some = workload.lines("ascii", 40)
    monkeypatch.setattr(workload, "lines", lambda *_: some)
    found = {each["station"]: each for each in path.stations("ascii", quick=True)}
    assert set(path.BUDGET_US) - {"terms"} <= set(found)
    assert found[path.ORDER]["budget_us"] == 40
    assert found["whole"]["budget_us"] == sum(path.BUDGET_US.values()) == 141
    assert found["names"]["budget_us"] is None
    assert found["names"]["times"] is None
    missed = path.against_budget(path.ORDER, 448.3)
    told = section({"items": [], "stations": {"ascii": [missed, found["names"]]}}, 0.1)
    assert "| writes and order | 448.3 | 40.0 | 11.2 |" in told
    assert f"| names | {found['names']['us']} |  |  |" in told
