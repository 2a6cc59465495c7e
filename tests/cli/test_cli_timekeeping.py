"""`ombud clock`: whether the machine's clock is believed, and that it is right."""

from __future__ import annotations

from pathlib import Path

from cli.command_line import printed, run
from flow.small_community import DAY, change, prepare
from ombud import clock
from ombud.app import Engine


def test_a_clock_is_shown_and_confirmed(tmp_path: Path) -> None:
    """Commands that write refuse until then, and say what to do; those that read go on."""
    folder = prepare(tmp_path / "data", {})
    Engine(folder).close()
    assert "it is believed" in run("clock", "show", "--data", folder).output
    change(folder, "UPDATE head SET seen = ?", clock.now() - 8 * DAY)
    assert printed("clock", "show", "--data", folder)["believed"] is False
    assert "see ombud clock confirm" in run("clock", "show", "--data", folder).output
    refused = run("retention", "run", "--data", folder)
    assert refused.exit_code == 2
    assert "U457" in refused.output
    assert run("retention", "show", "--data", folder).exit_code == 0
    assert "the clock is right" in run("clock", "confirm", "--data", folder).output
    assert printed("clock", "show", "--data", folder)["believed"] is True
    assert run("retention", "run", "--data", folder).exit_code == 0


def test_without_a_community_nothing_is_made(tmp_path: Path) -> None:
    """Said in three parts."""
    found = run("clock", "confirm", "--data", tmp_path / "none")
    assert found.exit_code == 1
    assert "D004" in found.output
    assert not (tmp_path / "none").exists()
