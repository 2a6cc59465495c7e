"""`ombud demands`: what it prints for people."""

from __future__ import annotations

from pathlib import Path

from cli.command_line import HOSTILE, harmless, printed, run
from flow.small_community import prepare
from ombud.app import Engine


def test_a_demand_from_its_coming_to_its_answer(tmp_path: Path) -> None:
    """Each step is told in words, and what cannot be is an error in three parts."""
    at = ("--data", prepare(tmp_path / "data"))
    run("rules", "list", *at)
    with Engine(tmp_path / "data"):
        pass
    assert "nobody has demanded anything" in run("demands", "list", *at).output
    told = ("--from", f"Office {HOSTILE}", "--kind", "police", "--words", "Down.", "--about", "e1")
    name = printed("demands", "add", *told, *at)["demand"]
    listed = run("demands", "list", *at)
    assert "police, informal" in listed.output
    assert "waits" in listed.output
    assert harmless(listed)
    answer = ("demands", "answer", name, "--outcome", "refused", "--why", "No clause of ours.")
    assert run(*answer, *at).output == "noted\n"
    assert "refused" in run("demands", "list", *at).output
    shown = run("demands", "show", name, *at)
    assert "no legal basis was named; informal; asks for act" in shown.output
    assert harmless(shown)
    again = run(*answer, *at)
    assert again.exit_code == 2
    assert "U422" in again.stderr
