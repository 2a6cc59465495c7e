"""The tool that compares whole runs: made-up events are the same, and what is not is found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from flow.small_community import RULES, change, crowd, line, prepare, rule
from real_input import identical
from real_input.identical import Plan

SLOW = rule(
    "slow-author",
    "author.posts in last 3 hours >= 4\n  author.accepted posts < 20",
    "author.posts in last 3 hours  4\n  author.accepted posts  0",
    "author.posts in last 3 hours  3",
    clause="flood.burst",
    then='alert "slow"',
)


def community(folder: Path) -> Path:
    """Rules of the tests that count over time, in a folder that was not started yet."""
    return prepare(folder, {**RULES, SLOW[0]: SLOW[1]})


def test_all_runs_are_the_same(tmp_path: Path) -> None:
    """Killed, reloaded, both: every record as in the undisturbed run, and the same in replay."""
    lines = [line(each) for each in crowd(71, 320)]
    wanted = identical.plans(kills=4, changes=3)
    found = identical.outcomes(lines, community(tmp_path / "made"), tmp_path, wanted, seed=1)
    assert [each.other for each in found] == [0, 0, 0, 0]
    assert [each.events for each in found] == [len(lines)] * 4
    assert [each.configurations for each in found] == [1, 1, 1 + 2 * 3, 1 + 2 * 3]
    for each in found:
        assert each.replayed["same"] == each.replayed["checked"] > len(lines)
    assert [len(row) for row in identical.table(found)] == [len(identical.HEAD)] * 4


def test_what_differs_is_counted(tmp_path: Path) -> None:
    """A record with another digest, one that is missing and one too many are each found."""
    lines = [line(each) for each in crowd(72, 40)]
    made = community(tmp_path / "made")
    identical.outcomes(lines, made, tmp_path, [Plan("first")], seed=1)
    folder = tmp_path / "run0"
    first = identical._stored(folder)
    change(folder, "UPDATE journal SET verdict = content WHERE seq = 9")
    change(folder, "UPDATE journal SET identity = zeroblob(16) WHERE seq = 12")
    found = identical._outcome(folder, Plan("changed"), first, identical._stored(folder))
    assert found.other == 1 + 2
    assert found.replayed["different"] == 2


def test_a_refused_line_ends_the_run(tmp_path: Path) -> None:
    """Nothing is compared where part of the input was not taken."""
    lines = [line(each) for each in crowd(73, 10)]
    lines[4] = b'{"id": "e4"}\n'
    identical._run(community(tmp_path), lines, 0, random.Random(1))
    with pytest.raises(RuntimeError, match="1 lines were refused"):
        identical._done(tmp_path)
