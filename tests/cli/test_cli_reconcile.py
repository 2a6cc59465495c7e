"""`ombud reconcile`: what it prints for people, from a file."""

from __future__ import annotations

from pathlib import Path

from cli.command_line import HOSTILE, error_of, harmless, run
from flow.small_community import prepare
from ombud.app import Engine


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    """What has no decision is told; exit 1 where there is any, and 0 where there is none."""
    with Engine(prepare(tmp_path / "data")):
        pass
    at, file = ("--data", tmp_path / "data"), tmp_path / "told.ndjson"
    file.write_text("\n\n")
    clean = run("reconcile", "chat", "--file", file, *at)
    assert (clean.exit_code, clean.stdout) == (0, "0 restrictions, 0 with a decision in force\n")
    subject = HOSTILE.encode("unicode_escape").decode().replace("\\x", "\\u00")
    file.write_text(f'{{"subject": "post/{subject}", "action": "hold", "since": "2026"}}\n')
    shown = run("reconcile", "chat", "--file", file, *at)
    assert shown.exit_code == 1
    assert "never decided" in shown.stdout
    assert harmless(shown)


def test_a_line_that_is_none_is_told_with_its_number(tmp_path: Path) -> None:
    """And nothing enters the log."""
    with Engine(prepare(tmp_path / "data")):
        pass
    file = tmp_path / "told.ndjson"
    file.write_text('{"subject": "post/1", "action": "hold"}\n{"subject": 7}\n')
    shown = run("reconcile", "chat", "--file", file, "--data", tmp_path / "data")
    assert any("U441" in each and "line 2" in each for each in error_of(shown))
