"""Controls: a decision is reversed once, ends come in order, new windows know their horizon."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, change, event, line, prepare, rows
from flow.test_whole_pasts import NEW_RULES, write_rules
from ombud import controls
from ombud.app import Engine
from ombud.errors import BadData
from ombud.journal import Control


def test_ends_come_in_their_order_and_not_too_many_at_once() -> None:
    """What has reached its end is taken off the heap, earliest first, at most so many."""
    ends: list[tuple[int, str]] = []
    for until in (50, 10, 30, 20, 40):
        controls.push_end(ends, (until, f"dec_{until}"))
    assert controls.due(ends, 9) is None
    assert controls.due(ends, 30, most=2) == Control("ended", {"decisions": ["dec_10", "dec_20"]})
    assert controls.due(ends, 30) == Control("ended", {"decisions": ["dec_30"]})
    assert controls.due(ends, 30) is None
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


@pytest.mark.parametrize("lost", [2, 4])
def test_a_new_window_reaches_back_to_the_last_lost_body(lost: int, tmp_path: Path) -> None:
    """The horizon is the latest place of a record that cannot be read, whatever its source."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        told = [("a/1", 100), ("b/1", 900), ("b/1", 950), ("a/1", 200)]
        engine.submit([line(event(n, at, source=source)) for n, (source, at) in enumerate(told)])
    change(folder, "DELETE FROM body WHERE seq IN (3, 5)")  # places 900 and 200
    change(folder, "DELETE FROM body WHERE seq = ?", lost)
    with Engine(folder, now=lambda: NOW) as engine:
        write_rules(folder, NEW_RULES)
        assert engine.reload()
        line_of_time = engine.writer.pipeline.community.timelines[""]
        place = dict(rows(folder, "SELECT seq, place FROM journal"))
        new = {
            window.number
            for window in engine.writer.pipeline.community.active.windows
            if window.name in ("author.posts", "links.repeat authors")
        }
        assert len(new) == 2
        wanted = place[4] if lost == 4 else place[3]
        assert {line_of_time.shapes[number].horizon for number in new} == {wanted}


def test_an_erasure_of_nobody_is_refused(tmp_path: Path) -> None:
    """Who was never here cannot be erased, under another platform neither."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        engine.submit([line(event(1))])
        for platform, account in (("chat", "bob"), ("forum", "ana")):
            with pytest.raises(Exception, match="U011"):
                engine.erase(platform, account)
        assert engine.erase("chat", "ana") == 1
    assert rows(tmp_path, "SELECT content FROM journal WHERE seq = 2") == [(None,)]
