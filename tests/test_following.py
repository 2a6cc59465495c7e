"""A running server reads policy lists: once what changes, whatever ends in between.

What a homeserver answers is given here; on a real one the same is held by tests/platforms.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flow.served_platform import wait
from flow.small_community import prepare, rows
from ombud import homeserver, session
from ombud.app import Engine
from ombud.connectors.matrix_client import Client, Said
from ombud.doors import Doors
from ombud.following import OFTEN_MAX, Following
from ombud.homeserver import Wanted

WANTED = Wanted("http://127.0.0.1:1", "hs", ["!a"], allow=["127.0.0.1"])
FOLLOW = '[matrix.talk.policies]\nseconds = 1\nfollow = {"their list" = "!list:far"}\n'
KEPT = "SELECT entry, event, reason FROM policy_rule WHERE ended IS NULL ORDER BY entry"
CHANGES = "SELECT count(*) FROM journal WHERE type = '!list'"


class Room:
    """What stands on the list, and how often it was asked for."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = {}
        self.last = 0
        self.reads = 0
        self.said: Said | None = None
        self.levels = Said(200, {"users": {"@mod:hs": 100}})
        self.replaced = ""

    def put(self, entity: str, **more: Any) -> None:
        """Somebody publishes an entry."""
        self.last += 1
        content = {"entity": entity, "recommendation": "m.ban", "reason": "spam"} | more
        self.entries[entity] = {
            "type": "m.policy.rule.user",
            "event_id": f"${self.last}",
            "sender": "@list:far",
            "origin_server_ts": self.last,
            "content": content,
        }

    def drop(self, entity: str) -> None:
        """Or takes it back."""
        self.last += 1
        del self.entries[entity]

    def ask(self, method: str, path: str, *parts: str, query: Any = None, **__: Any) -> Said:
        """What a homeserver answers."""
        assert method == "GET"
        if self.said is not None:
            return self.said
        if path.endswith("/messages"):
            return Said(200, {"chunk": [{"event_id": f"${self.last}"}]})
        if path.endswith("/state"):
            self.reads += query["type"] == "m.policy.rule.user"
            here = query["type"] == "m.policy.rule.user"
            return Said(200, {"state": list(self.entries.values()) if here else []})
        if "m.room.tombstone" in parts:
            return Said(200, {"replacement_room": self.replaced}) if self.replaced else Said(404)
        return self.levels


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """A list on which nothing stands."""
    made = Room()
    monkeypatch.setattr(Client, "ask", made.ask)
    return made


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community that follows it."""
    folder = prepare(tmp_path / "data")
    with session.engine(folder) as running:
        homeserver.connect(running, "talk", WANTED)
        follow(running, FOLLOW)
        yield running


def follow(running: Engine, told: str) -> None:
    """Let the settings name lists, or none."""
    file = running.folder / "ombud.toml"
    text = file.read_text().partition("[matrix.talk.policies]")[0]
    file.write_text(text + told)
    running.reload()


def looked(following: Following, engine: Engine) -> int:
    """One look at the list."""
    return following.look("talk", engine.settings.matrix["talk"])


def test_what_changes_is_read_once(engine: Engine, room: Room) -> None:
    """What stands, what comes, what goes, what is said otherwise; nothing where nothing happens."""
    with closing(Doors(engine, "http://a.example")) as doors:
        following = Following(doors)
        assert looked(following, engine) == 0
        assert rows(engine.folder, CHANGES) == [(1,)]  # the list is begun
        room.put("@one:far")
        room.put("@two:far")
        assert [looked(following, engine) for _ in range(3)] == [2, 0, 0]
        assert room.reads == 2
        room.drop("@one:far")
        room.put("@two:far", reason="worse")
        assert looked(following, engine) == 1
        assert rows(engine.folder, KEPT) == [("@two:far", "$4", "worse")]
        assert rows(engine.folder, CHANGES) == [(3,)]


def test_a_start_reads_nothing_twice(engine: Engine, room: Room) -> None:
    """And finds what changed while nobody looked."""
    room.put("@one:far")
    room.put("@two:far")
    with closing(Doors(engine, "http://a.example")) as doors:
        assert looked(Following(doors), engine) == 2
        assert looked(Following(doors), engine) == 0
        room.drop("@two:far")
        room.put("@three:far")
        assert looked(Following(doors), engine) == 2
    assert [row[0] for row in rows(engine.folder, KEPT)] == ["@one:far", "@three:far"]


def test_one_entity_written_twice_is_one_entry(engine: Engine, room: Room) -> None:
    """Until both are gone."""
    room.put("@one:far")
    room.entries["other"] = room.entries["@one:far"] | {
        "event_id": "$other",
        "origin_server_ts": 99,
    }
    with closing(Doors(engine, "http://a.example")) as doors:
        following = Following(doors)
        assert looked(following, engine) == 1
        room.drop("@one:far")
        assert looked(following, engine) == 0
        assert [row[:2] for row in rows(engine.folder, KEPT)] == [("@one:far", "$other")]
        room.drop("other")
        assert looked(following, engine) == 1
        assert rows(engine.folder, KEPT) == []


def test_what_names_us_does_not_count(engine: Engine, room: Room) -> None:
    """Ombud's own account, whoever moderates, and what stands for them."""
    for each in ("@ombud:hs", "@mod:hs", "*:hs"):
        room.put(each)
    with closing(Doors(engine, "http://a.example")) as doors:
        assert looked(Following(doors), engine) == 3
    told = rows(engine.folder, "SELECT payload FROM journal WHERE payload LIKE '%\"own\"%'")
    assert len(told) == 3


def test_where_it_cannot_be_read_it_stays_as_it_was(engine: Engine, room: Room) -> None:
    """A homeserver that is away, a room that Ombud is not in, a token that is not known."""
    room.put("@one:far")
    with closing(Doors(engine, "http://a.example")) as doors:
        following = Following(doors)
        assert looked(following, engine) == 1
        for said in (Said(0, trouble="away"), Said(403), Said(500), Said(401)):
            room.said = said
            room.last += 1
            assert looked(following, engine) == 0
        assert len(rows(engine.folder, KEPT)) == 1
        room.said = None
        room.drop("@one:far")
        assert looked(following, engine) == 1


def troubles(engine: Engine) -> list[tuple[str, str]]:
    """What the console is told of lists that cannot be read."""
    named = {each: told.policies for each, told in engine.settings.matrix.items()}
    return [(each.name, each.why) for each in engine.unread.of(named)]


def test_who_must_be_known_for_what_is_new_holds_up_nothing_that_ends(
    engine: Engine, room: Room
) -> None:
    """Ombud was thrown out of a room, so that nobody knows who moderates there: nothing new is
    taken, and what they took back ends all the same.
    """
    room.put("@one:far")
    with closing(Doors(engine, "http://a.example")) as doors:
        following = Following(doors)
        assert looked(following, engine) == 1
        room.levels = Said(403, {"errcode": "M_FORBIDDEN"})
        room.drop("@one:far")
        room.put("@two:far")
        looked(following, engine)
        assert rows(engine.folder, KEPT) == []
        assert troubles(engine)[0][1].startswith("answered 403 M_FORBIDDEN")
        room.levels = Said(200, {"users": {}})
        assert looked(following, engine) == 1
        assert troubles(engine) == []


def test_what_cannot_be_read_is_told(engine: Engine, room: Room) -> None:
    """A room that is gone, one that was replaced, a list of one's own by that name: why, and since
    when, until it is read again or not followed any more.
    """
    with closing(Doors(engine, "http://a.example")) as doors:
        following = Following(doors)
        looked(following, engine)
        assert troubles(engine) == []
        room.said = Said(404, {"errcode": "M_NOT_FOUND"})
        looked(following, engine)
        assert troubles(engine) == [("their list", "answered 404 M_NOT_FOUND")]
        room.said, room.replaced = None, "!new:far"
        assert looked(following, engine) == 0
        assert looked(following, engine) == 0  # nothing has changed, and it is so still
        assert troubles(engine) == [("their list", "its room was replaced by !new:far")]
        follow(engine, '[matrix.talk.policies]\nfollow = {"staff names" = "!mine:far"}\n')
        assert troubles(engine) == []
        looked(following, engine)
        assert troubles(engine)[0][1].startswith("U445")


def test_a_list_that_is_filled_without_end_fills_nothing_here(engine: Engine, room: Room) -> None:
    """Every minute other patterns, each of which would be a record for good: after so many within
    an hour nothing new is taken, which is said, and what is taken back still goes.
    """
    with closing(Doors(engine, "http://a.example")) as doors:
        following = Following(doors)
        for turn in range(12):
            room.entries.clear()
            for number in range(90):
                room.put(f"@*{turn}-{number}:far")
            looked(following, engine)
        came = "SELECT count(*) FROM journal WHERE type = '!list' AND payload LIKE '%\"follow\"%'"
        assert rows(engine.folder, came)[0][0] <= OFTEN_MAX + 1
        assert [why[:4] for _, why in troubles(engine)] == ["U487"]
        assert rows(engine.folder, KEPT) == []


def test_what_is_named_no_more_is_followed_no_more(engine: Engine, room: Room) -> None:
    """Its entries go at once, also where another room takes its place."""
    room.put("@one:far")
    with closing(Doors(engine, "http://a.example")) as doors:
        following = Following(doors)
        looked(following, engine)
        following.let_go()
        assert len(rows(engine.folder, KEPT)) == 1
        follow(engine, FOLLOW.replace("!list", "!other"))
        following.let_go()
        assert rows(engine.folder, KEPT) == []
        assert looked(following, engine) == 1
        follow(engine, "")
        following.let_go()
        assert rows(engine.folder, KEPT) == []
        assert looked(following, engine) == 0


def test_one_list_that_cannot_be_followed_holds_up_no_other(engine: Engine, room: Room) -> None:
    """A list of one's own has the name of one of them."""
    room.put("@one:far")
    both = '"staff names" = "!mine:far", "their list" = "!list:far"'
    follow(engine, f"[matrix.talk.policies]\nfollow = {{{both}}}\n")
    with closing(Doors(engine, "http://a.example")) as doors:
        assert looked(Following(doors), engine) == 1
    assert len(rows(engine.folder, KEPT)) == 1


def test_a_server_looks_by_itself(engine: Engine, room: Room) -> None:
    """From its start until it is closed."""
    room.put("@one:far")
    with closing(Doors(engine, "http://a.example")) as doors:
        following = Following(doors)
        following.start()
        wait(lambda: rows(engine.folder, KEPT), "nothing was read")
        following.close()
    assert not following._thread.is_alive()


def test_who_holds_no_token_asks_nobody(engine: Engine, room: Room) -> None:
    """A homeserver in the settings that was never connected."""
    room.said = Said(500)
    with closing(Doors(engine, "http://a.example")) as doors:
        settings = engine.settings.matrix["talk"]
        assert Following(doors).look("elsewhere", settings) == 0
