"""New windows know their horizon."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, change, event, line, prepare, rows, rule
from flow.test_whole_pasts import NEW_RULES, write_rules
from ombud.app import Engine
from ombud.controls import lists
from ombud.errors import BadUse
from ombud.journal import Control


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


def test_a_list_may_change_while_a_configuration_is_compiled(tmp_path: Path) -> None:
    """Entries from elsewhere come between compiling and activating: what would rest on them alone
    is refused, nothing has changed, and the next start is none the worse.
    """
    folder = prepare(tmp_path)
    (folder / "lists").mkdir(exist_ok=True)
    (folder / "lists" / "known-people.txt").write_text("person1\n")
    with Engine(folder, now=lambda: NOW) as engine:
        name, text = rule(
            "people",
            'author in list "known people"',
            'author "person1"',
            'author "ana"',
            then="limit author for 1 hour",
        )
        write_rules(folder, {name: text})
        wanted = engine._wanted()
        engine.change_list("import", "known people", lists.file_of("known people", b"p9", "May"))
        before = rows(folder, "SELECT max(seq) FROM journal")
        with pytest.raises(BadUse, match="U089") as caught:
            engine.control(Control("config", {}, {"active": wanted, "by": "admin"}))
        assert "people" in caught.value.message
        assert rows(folder, "SELECT max(seq) FROM journal") == before
        assert "people" not in engine.writer.pipeline.community.active.names
        (folder / "rules" / name).unlink()
    with Engine(folder, now=lambda: NOW):
        pass
