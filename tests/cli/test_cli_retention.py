"""`ombud retention`: what is kept, and that what has ended goes."""

from __future__ import annotations

from pathlib import Path

from cli.command_line import printed, run
from flow.small_community import DAY, NOW, event, line, prepare, rows
from ombud import clock
from ombud.app import Engine

GONE = {"bodies": 2, "statements": 0, "look-ups": 0, "looks": 0, "demands": 0, "details": 0}


def test_what_is_kept_is_shown_and_what_has_ended_goes(tmp_path: Path) -> None:
    """By the clock of the machine, beside which the events of the tests are long past."""
    folder = prepare(tmp_path / "data", {})
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(n, n)) for n in range(2)])
    assert clock.now() > NOW + 31 * DAY
    found = printed("retention", "show", "--data", folder)
    assert (found["body_days"], found["bodies"], found["over_age"]) == (30, 2, 2)
    assert "the oldest since 2026-03-02" in run("retention", "show", "--data", folder).output
    assert printed("retention", "run", "--data", folder) == GONE
    assert rows(folder, "SELECT count(*) FROM body") == [(0,)]
    assert "bodies: 0" in run("retention", "run", "--data", folder).output
    assert "never" in run("retention", "show", "--data", folder).output


def test_without_a_community_there_is_nothing_to_let_go(tmp_path: Path) -> None:
    """Said in three parts, and nothing is made."""
    found = run("retention", "run", "--data", tmp_path / "none")
    assert found.exit_code == 1
    assert "D004" in found.output
    assert not (tmp_path / "none").exists()
