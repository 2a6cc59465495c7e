"""Ids and marks of statements, asked for as a command or another process does."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsa.filed_community import held, standing
from flow.small_community import NOW, rows
from ombud import filework, session
from ombud.app import Engine
from ombud.errors import BadUse


def test_ids_and_marks_are_asked_for_by_name(tmp_path: Path) -> None:
    """Each request says to how many statements it was done."""
    held(tmp_path, 3)
    with Engine(tmp_path, now=lambda: NOW, activate=False) as engine:
        assert filework.perform(engine, "file statements", {}) == 3
        leaves = [row[0] for row in rows(tmp_path, "SELECT leaf FROM filing")]
        moved = {"leaves": leaves[:2], "was": "written", "state": "sending"}
        assert filework.perform(engine, "move statements", moved) == 2
        with pytest.raises(BadUse):
            filework.perform(engine, "move statements", {"leaves": leaves})
    assert standing(tmp_path) == {"written": 1, "sending": 2}


def test_any_process_may_ask(tmp_path: Path) -> None:
    """By the socket of the one that writes, or with the lock in hand: it comes to the same."""
    held(tmp_path, 2)
    with session.engine(tmp_path, activate=False), session.asking(tmp_path) as ask:
        assert ask("file statements", after=-1) == 2
    with session.asking(tmp_path) as ask:
        assert ask("file statements", after=-1) == 0
    assert set(filework.REQUESTS) <= set(session.REQUESTS)
