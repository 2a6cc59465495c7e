"""A decision is reversed once, and ends come in order."""

from __future__ import annotations

from pathlib import Path

from flow.small_community import NOW, event, line, prepare, rows
from ombud import controls
from ombud.app import Engine
from ombud.controls import reversal
from ombud.errors import BadData
from ombud.journal import Control


def test_ends_come_in_their_order_and_not_too_many_at_once() -> None:
    """What has reached its end is taken off the heap, earliest first, at most so many."""
    ends: list[tuple[int, str]] = []
    for until in (50, 10, 30, 20, 40):
        reversal.push_end(ends, (until, f"dec_{until}"))
    assert reversal.due(ends, 9) is None
    assert reversal.due(ends, 30, most=2) == Control("ended", {"decisions": ["dec_10", "dec_20"]})
    assert reversal.due(ends, 30) == Control("ended", {"decisions": ["dec_30"]})
    assert reversal.due(ends, 30) is None
    assert len(ends) == 2


def test_a_fenced_writer_has_one_error() -> None:
    """Whoever was replaced is told so."""
    assert isinstance(controls.fenced(), BadData)
    assert controls.fenced().code == "D007"


def test_a_decision_is_reversed_once(tmp_path: Path) -> None:
    """Named twice, undone before or ended before: one leaf, one notice, one inverse."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        engine.ingest([line(event(n, text=f"cheap bags {n}")) for n in range(3)])
        ids = [row[0] for row in rows(tmp_path, "SELECT id FROM decision ORDER BY seq")]
        assert engine.undo("admin", ids=[ids[0], ids[0], ids[1], ids[0]]) == ids[:2]
        assert engine.undo("admin", by_role="rule", since=0) == ids[2:]
        assert engine.undo("admin", by_role="admin") == []
        assert engine.undo("admin", rule="bags", until=NOW + 1) == []
    assert rows(tmp_path, "SELECT count(*) FROM outbox WHERE inverse = 1") == [(3,)]
    assert rows(tmp_path, "SELECT count(*) FROM notice WHERE reason = 'undone'") == [(3,)]
