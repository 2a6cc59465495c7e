"""The benches of windows, replay and costs measure what they say; the plot shows what it gets."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from bench.__main__ import section

from bench import costs, plot, replay, windows, workload
from ombud.signals.declare import SIGNALS


def test_memory_is_measured_for_every_shape_of_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each shape has a row with a target; an entry takes some bytes and not many."""
    monkeypatch.setattr(windows, "_bytes", lambda what, _: windows.filled(what, 50_000))
    found = [windows.judged(row) for row in windows.rows(quick=True)]
    assert {row["name"] for row in found} == set(windows.TARGETS)
    assert all(row["ours"] < 1000 for row in found)
    assert section({"items": found, "counts": windows.counts(quick=True)}, 0.1).count("| 16 |") == 1


def test_replay_is_held_against_the_engine_that_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both rates are of the same records, all of which come out the same."""
    monkeypatch.setattr(workload, "LANGUAGES", {"ascii": workload.LANGUAGES["ascii"]})
    lines = workload.lines("ascii", 60)
    monkeypatch.setattr(workload, "lines", lambda _, __: lines)
    (row,) = replay.rows(quick=True)
    assert row.rounds == 3
    assert row.ours > 0
    assert "met" in replay.judged(row)


def test_costs_are_measured_for_every_signal_and_phrase() -> None:
    """Nothing that is declared is left out."""
    found = costs.measured("ascii", count=5, rounds=1)
    assert [each["name"] for each in found] == [*SIGNALS, *costs.CONDITIONS]
    assert all(each["declared_us"] >= 1 for each in found)


def test_the_plot_shows_each_engine_at_each_number_of_rules() -> None:
    """A line of as many points as are given, for each engine, with its name beside it."""
    points = [
        {"rules": 10, "ours_us": 9.0, "plain_python_us": 5.0},
        {"rules": 50, "ours_us": 20.0, "plain_python_us": 20.0},
        {"rules": 1000, "ours_us": 60.0, "plain_python_us": 400.0},
    ]
    drawn = plot.growth(points)
    root = ET.fromstring(drawn)  # noqa: S314 -- made here
    lines = [each.attrib["points"].split() for each in root if each.tag.endswith("polyline")]
    assert [len(each) for each in lines] == [3, 3]
    heights = [[float(place.split(",")[1]) for place in each] for each in lines]
    assert heights[0][0] < heights[1][0]
    assert heights[0][2] > heights[1][2]
    assert "Ombud, 60" in drawn
    assert "plain Python, 400" in drawn
