"""What was settled is held against the verdicts: no row of a decision can be changed unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, change, check, event, line, prepare, rows
from ombud.app import Engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with two holds, the first of them undone."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        engine.submit([line(event(number, number, text="cheap bags")) for number in (1, 2)])
        first = rows(tmp_path, "SELECT id FROM decision ORDER BY leaf")[0][0]
        assert engine.undo("admin", ids=[first]) == [first]
    assert check(tmp_path).different == 0
    return tmp_path


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE decision SET action = 'remove' WHERE leaf = 1", "its decisions"),
        ("UPDATE decision SET clause = 'x.y' WHERE leaf = 1", "its decisions"),
        ("UPDATE decision SET licence = NULL WHERE leaf = 1", "its decisions"),
        ("UPDATE decision SET until = NULL WHERE leaf = 1", "its decisions"),
        ("DELETE FROM decision WHERE leaf = 1", "its decisions"),
        ("UPDATE decision SET rule = 'other' WHERE leaf = 1", "what belongs to its decision"),
        ("UPDATE decision SET leaf = 0 WHERE leaf = 1", "what belongs to its decision"),
        ("DELETE FROM notice WHERE reason = 'decided'", "what belongs to its decision"),
        ("DELETE FROM outbox WHERE inverse = 0", "what belongs to its decision"),
        (
            "UPDATE decision SET undone_by = NULL, ended = NULL",
            "whether its decision was undone or has ended",
        ),
        (
            "UPDATE decision SET ended = 2 WHERE leaf = 2",
            "whether its decision was undone or has ended",
        ),
    ],
)
def test_a_changed_row_is_found(folder: Path, statement: str, said: str) -> None:
    """Replay names the record whose decision, notice, action, leaf or reversal was changed."""
    change(folder, statement)
    outcome = check(folder)
    assert outcome.different >= 1
    assert said in {each["what"] for each in outcome.differences}


def test_the_author_and_the_content_digest_are_checked_too(folder: Path) -> None:
    """An erasure goes by the author's column, so a changed one is a difference."""
    change(folder, "UPDATE journal SET author = 5 WHERE seq = 2")
    change(folder, "UPDATE journal SET content = NULL WHERE seq = 3")
    found = {each["seq"]: each["what"] for each in check(folder).differences}
    assert found == {2: "its author", 3: "the digest of its content"}
