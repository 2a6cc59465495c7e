"""What was changed in a journal is found by `replay --check`, at the record it was changed in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from flow.small_community import change, rows
from flow.test_whole_pasts import lived
from ombud.cli import main

__all__ = ["lived"]  # the fixture: a folder to which everything has happened

Change = Callable[[Path], int]


@pytest.fixture
def copy(lived: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be tampered with."""
    shutil.copytree(lived, tmp_path / "copy")
    return tmp_path / "copy"


def _seq(folder: Path, where: str) -> int:
    found = rows(folder, f"SELECT max(seq) FROM journal WHERE {where}")[0][0]  # noqa: S608
    assert found
    return int(found)


def one_fact(folder: Path) -> int:
    """One stored fact."""
    packed = rows(
        folder, "SELECT seq, facts FROM journal WHERE kind = 'post' AND facts IS NOT NULL"
    )
    unpacked = ((seq, msgspec.msgpack.decode(facts)) for seq, facts in reversed(packed))
    seq, facts, slot = next(
        (seq, facts, slot)
        for seq, facts in unpacked
        for slot, value in facts.items()
        if type(value) is int
    )
    changed = msgspec.msgpack.encode({**facts, slot: facts[slot] + 1})
    change(folder, "UPDATE journal SET facts = ? WHERE seq = ?", changed, seq)
    return int(seq)


def one_threshold(folder: Path) -> int:
    """One threshold in the text of a recorded rule."""
    seq = _seq(folder, "type = '!config'")
    statement = (
        "UPDATE journal SET payload = replace(payload, 'minutes > 6', 'minutes > 7') WHERE seq = ?"
    )
    change(folder, statement, seq)
    return seq


def one_text_that_is_no_rule(folder: Path) -> int:
    """A recorded rule that cannot be read any more."""
    change(folder, "UPDATE journal SET payload = replace(payload, 'when', 'wenn') WHERE seq = 1")
    return 1


def one_payload_that_is_no_json(folder: Path) -> int:
    """A control whose content is cut off."""
    seq = _seq(folder, "type = '!erasure'")
    change(folder, "UPDATE journal SET payload = substr(payload, 2) WHERE seq = ?", seq)
    return seq


def one_body(folder: Path) -> int:
    """One sealed body."""
    seq = _seq(folder, "kind = 'post'")
    change(folder, "UPDATE body SET sealed = zeroblob(length(sealed)) WHERE seq = ?", seq)
    return seq


def another_body(folder: Path) -> int:
    """A body that opens and says something else: only the content's digest tells."""
    seq = _seq(folder, "kind = 'post'")
    change(folder, "UPDATE journal SET content = zeroblob(16) WHERE seq = ?", seq)
    return seq


def one_window_key(folder: Path) -> int:
    """One window key."""
    seq = _seq(folder, "kind = 'post' AND entries IS NOT NULL")
    packed = rows(folder, "SELECT entries FROM journal WHERE seq = ?", seq)[0][0]
    entries = msgspec.msgpack.decode(packed)
    entries[0][1] += 1
    changed = msgspec.msgpack.encode(entries)
    change(folder, "UPDATE journal SET entries = ? WHERE seq = ?", changed, seq)
    return seq


def one_control(folder: Path) -> int:
    """What one undoing undid."""
    seq = _seq(folder, "type = '!undo'")
    change(
        folder,
        "UPDATE journal SET payload = json_set(payload, '$.by', 4711) WHERE seq = ?",
        seq,
    )
    return seq


def one_column(statement: str, where: str = "kind = 'post'") -> Change:
    """One column of one row."""

    def changing(folder: Path) -> int:
        seq = _seq(folder, where)
        change(folder, f"UPDATE journal SET {statement} WHERE seq = ?", seq)  # noqa: S608
        return seq

    return changing


def one_row(folder: Path) -> int:
    """A row in the middle."""
    change(folder, "DELETE FROM journal WHERE seq = 30")
    return 30


def last_row(folder: Path) -> int:
    """The last row."""
    seq = _seq(folder, "true")
    change(folder, "DELETE FROM journal WHERE seq = ?", seq)
    return seq


@pytest.mark.parametrize(
    "tamper",
    [
        one_fact,
        one_threshold,
        one_text_that_is_no_rule,
        one_payload_that_is_no_json,
        one_body,
        another_body,
        one_window_key,
        one_control,
        one_row,
        last_row,
        one_column("place = place + 1", "kind = 'post' AND place IS NOT NULL"),
        one_column("time = time + 1"),
        one_column("recv = recv - 1000"),
        one_column("source = 'chat/elsewhere'"),
        one_column("identity = zeroblob(16)"),
        one_column("kind = 'reply'"),
        one_column("hits = NULL", "hits IS NOT NULL AND kind = 'post' AND content IS NOT NULL"),
        one_column("verdict = zeroblob(16)", "hits IS NOT NULL AND kind = 'post'"),
        one_column("facts = x'c1'", "kind = 'post'"),
        one_column("config = 1", "kind = 'post'"),
    ],
    ids=lambda made: made.__doc__ and made.__name__,
)
def test_what_was_changed_is_found_and_named(tamper: Change, copy: Path) -> None:
    """One thing changed in the past: exit code 1, and the record is named first."""
    seq = tamper(copy)
    result = CliRunner().invoke(main, ["replay", "--check", "--json", "--data", str(copy)])
    found = json.loads(result.stdout)
    assert result.exit_code == 1, result.output
    assert found["differences"][0]["seq"] == seq
    assert found["different"] >= 1
    counted = ("same", "different", "from_facts", "not_recomputable")
    assert found["checked"] == sum(found[each] for each in counted)
