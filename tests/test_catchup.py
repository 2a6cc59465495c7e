"""A running server looks for what homeservers did not tell: when it does, and what becomes of it.

On a real Synapse: tests/platforms/test_platforms_matrix_missed.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.served_platform import SPAM, wait
from flow.small_community import prepare, rows
from ombud import catchup, clock, events, homeserver, journal, session
from ombud.access import PlatformKey
from ombud.app import Engine
from ombud.catchup import AGAIN_SECONDS, HOUR, VERSIONS, Catchup
from ombud.connectors import matrix_events, matrix_scope
from ombud.connectors.matrix_client import Client, Said
from ombud.controls import programs
from ombud.doors import Doors
from ombud.homeserver import Wanted
from ombud.model import Event

ROOM, OTHER = "!a", "!b"
WANTED = Wanted("http://127.0.0.1:1", "hs", [ROOM], allow=["127.0.0.1"])
TYPES = "SELECT type FROM journal WHERE type NOT LIKE '!%' ORDER BY seq"
PUBLISHED = "SELECT count(*) FROM journal WHERE type = '!publication'"


class Homeserver:
    """What is said in its rooms, how often they were looked through, and what is answered else."""

    def __init__(self) -> None:
        self.rooms: dict[str, list[dict[str, Any]]] = {ROOM: [], OTHER: []}
        self.looks: list[str] = []
        self.there: Said = Said(200)
        self.said: Said | None = None

    def ask(self, method: str, path: str, *parts: str, **_: Any) -> Said:
        """All of a room on one page, newest first."""
        assert method == "GET"
        if path == VERSIONS:
            return self.there
        (room,) = parts
        self.looks.append(room)
        return self.said or Said(200, {"chunk": self.rooms[room][::-1], "start": "s"})

    def say(self, text: str, room: str = ROOM, **more: Any) -> dict[str, Any]:
        """Somebody says something there."""
        told = {"event_id": f"${text}", "room_id": room, "sender": "@ana:hs"}
        content = {"msgtype": "m.text", "body": text}
        at = {"type": "m.room.message", "origin_server_ts": clock.now() // 1000 + 1000}
        self.rooms[room].append({**told, **at, "content": content, **more})
        return self.rooms[room][-1]


@pytest.fixture
def hs(monkeypatch: pytest.MonkeyPatch) -> Homeserver:
    """A homeserver at which all rooms are public; nothing is waited for."""
    made = Homeserver()
    monkeypatch.setattr(Client, "ask", lambda _, *asked, **how: made.ask(*asked, **how))
    found = matrix_scope.Room(encrypted=False, public=True)
    monkeypatch.setattr(matrix_scope, "look", lambda *_: found)
    monkeypatch.setattr(catchup, "SETTLE_SECONDS", 0.0)
    return made


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community that the homeserver is connected to."""
    with session.engine(prepare(tmp_path / "data")) as running:
        homeserver.connect(running, "talk", WANTED)
        yield running


@pytest.fixture
def doors(engine: Engine) -> Iterator[Doors]:
    """Its doors."""
    with closing(Doors(engine, "http://a.example")) as made:
        yield made


def mapped(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as a transaction brings it."""
    found = matrix_events.mapped(event, "talk", "hs", clock.now() // 1000)
    assert found is not None
    return found


def put(doors: Doors, event: Mapping[str, Any], *, check: bool = False) -> str:
    """It is told, or asked about; what is done about it."""
    decoded = events.decode(msgspec.json.encode(mapped(event)))
    (answer,) = doors.submit([journal.submission(decoded, check=check)]).result()
    return answer.action


def joined(doors: Doors, hs: Homeserver) -> tuple[dict[str, Any], Event]:
    """Somebody joins, was let through before, and it is not told; and what was asked."""
    join = {"type": "m.room.member", "state_key": "@bo:hs", "sender": "@bo:hs"}
    event = hs.rooms[ROOM][-1] = {**hs.say("join"), **join, "content": {"membership": "join"}}
    bare = {key: event[key] for key in event if key != "event_id"}
    question = msgspec.json.encode({"platform": "talk", "event": bare})
    asked = doors.memory.read(question, doors.settings.matrix)
    assert asked is not None
    doors.submit([journal.submission(asked, check=True)]).result()
    return event, asked


def look(made: Catchup) -> int:
    """See what there is, and look."""
    made.note()
    made.notice()
    return made.look("talk", made.doors.settings.matrix["talk"])


def test_what_was_not_told_is_read_once(doors: Doors, hs: Homeserver) -> None:
    """By one process and by the next; a redaction with a reason is both; what a transaction tells
    afterwards is known.
    """
    put(doors, hs.say("first"))
    hs.say("second")
    content = {"reason": "rude words"}
    hs.say("gone", type="m.room.redaction", redacts="$second", content=content)
    hs.say("nothing", type="m.reaction", content={})
    assert [look(Catchup(doors)) for _ in range(2)] == [3, 0]
    kinds = ["post.created", "post.created", "post.created", "post.deleted"]
    folder = doors.engine.folder
    assert [each for (each,) in rows(folder, TYPES)] == kinds
    put(doors, hs.rooms[ROOM][1])
    assert len(rows(folder, TYPES)) == 4


def test_what_was_asked_about_is_published(doors: Doors, hs: Homeserver) -> None:
    """A message that was let through, and a join that had no id yet: judged no second time."""
    put(doors, hs.say("asked"), check=True)
    joined(doors, hs)
    assert look(Catchup(doors)) == 2
    assert rows(doors.engine.folder, PUBLISHED) == [(2,)]
    assert len(rows(doors.engine.folder, TYPES)) == 2


def test_a_room_is_looked_through_when_it_is_due(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start, and then once an hour."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    made = Catchup(doors)
    for passed, looks in ((0, 1), (1, 1), (HOUR - 2, 1), (1, 2), (1, 2)):
        now[0] += passed
        look(made)
        assert len(hs.looks) == looks


def test_what_was_asked_about_and_never_came_is_a_sign_once(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before a while, not for what has come, and not again and again for what never will."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    made = Catchup(doors)
    look(made)
    never = dict(hs.say("never"))
    hs.rooms[ROOM].clear()
    put(doors, never, check=True)
    put(doors, told := hs.say("told"), check=True)
    put(doors, told)
    now[0] += AGAIN_SECONDS
    look(made)
    assert len(hs.looks) == 1
    later = doors.engine.now() + 2 * catchup.LATE
    monkeypatch.setattr(doors.engine, "now", lambda: later)
    for passed, looks in ((0, 2), (AGAIN_SECONDS, 2), (AGAIN_SECONDS, 2)):
        now[0] += passed
        look(made)
        assert len(hs.looks) == looks


def test_what_was_refused_is_no_sign(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was not published, so nothing is missing."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    made = Catchup(doors)
    look(made)
    assert put(doors, hs.say(f"{SPAM} today"), check=True) == "hold"
    later = doors.engine.now() + 2 * catchup.LATE
    monkeypatch.setattr(doors.engine, "now", lambda: later)
    now[0] += AGAIN_SECONDS
    look(made)
    assert len(hs.looks) == 1


def test_one_that_was_away_is_looked_through_when_it_is_back(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been killed while it told; also where a proxy answered in its place. So often at
    most, however often it comes and goes.
    """
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    made = Catchup(doors)
    for away, looks in ((Said(0), 0), (Said(200), 1), (Said(502), 1), (Said(200), 1)):
        hs.there = away
        look(made)
        assert len(hs.looks) == looks
    now[0] += AGAIN_SECONDS
    look(made)
    assert len(hs.looks) == 2


def test_a_look_that_failed_is_made_again(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the homeserver may be asked again; where the account may not look, in an hour. Without a
    token nothing is asked.
    """
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    made = Catchup(doors)
    put(doors, hs.say("first"))
    hs.say("second")
    hs.said = Said(429, wait=90)
    for passed, looks in ((0, 1), (89, 1), (1, 2)):
        now[0] += passed
        assert look(made) == 0
        assert len(hs.looks) == looks
    hs.said = None
    now[0] += 90
    assert look(made) == 1
    hs.said = Said(403)
    now[0] += HOUR
    assert [look(made), look(made)] == [0, 0]
    assert made.look("other", doors.settings.matrix["talk"]) == 0


def test_a_room_that_fails_holds_up_no_other(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one after it is looked through, and it is asked for less and less often."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    path = doors.engine.folder / "ombud.toml"
    path.write_text(path.read_text().replace(f'"{ROOM}"', f'"{ROOM}", "{OTHER}"'))
    session.perform(doors.engine, "reload", {})
    honest = hs.ask

    def ask(method: str, path: str, *parts: str, **how: Any) -> Said:
        said = honest(method, path, *parts, **how)
        return Said(0, trouble="too slow") if parts == (ROOM,) else said

    monkeypatch.setattr(hs, "ask", ask)
    made = Catchup(doors)
    for _ in range(20):
        look(made)
        now[0] += 30.0
    assert hs.looks.count(OTHER) == 1
    assert 2 <= hs.looks.count(ROOM) <= 10


def test_of_a_room_that_changes_nothing_is_said(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody came or went while it was looked through: what it was like then is not known."""
    put(doors, hs.say("first"))
    hs.say("second")
    people = iter((3, 4, 4, 4))

    def found(*_: Any) -> matrix_scope.Room:
        return matrix_scope.Room(encrypted=False, public=False, people=next(people))

    monkeypatch.setattr(matrix_scope, "look", found)
    monkeypatch.setattr(catchup, "FAILED_SECONDS", 0.0)
    made = Catchup(doors)
    assert [look(made), look(made)] == [0, 1]


@pytest.mark.parametrize("found", [None, matrix_scope.Room(encrypted=True, public=True)])
def test_a_room_that_may_not_be_read_is_not(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch, found: matrix_scope.Room | None
) -> None:
    """Nothing of it is even asked for; where that cannot be known, it is tried again."""
    put(doors, hs.say("first"))
    hs.say("second")
    monkeypatch.setattr(matrix_scope, "look", lambda *_: found)
    assert look(Catchup(doors)) == 0
    monkeypatch.setattr(matrix_scope, "look", lambda *_: Said(0))
    assert look(Catchup(doors)) == 0
    assert hs.looks == []


def test_a_room_that_is_named_later_begins_then(doors: Doors, hs: Homeserver) -> None:
    """What stands in it is not read, by this process or the next: not where something of it was
    told before it was taken out.
    """
    made = Catchup(doors)
    look(made)
    past = clock.now() // 1000 - 1
    put(doors, hs.say("early", OTHER, origin_server_ts=past))
    hs.say("past", OTHER, origin_server_ts=past)
    doors.engine.control(programs.roomed("talk", OTHER, add=True))
    path = doors.engine.folder / "ombud.toml"
    path.write_text(path.read_text().replace(f'"{ROOM}"', f'"{ROOM}", "{OTHER}"'))
    session.perform(doors.engine, "reload", {})
    assert OTHER in doors.settings.matrix["talk"].rooms
    assert [look(made), look(Catchup(doors))] == [0, 0]
    put(doors, hs.say("new", OTHER))
    hs.say("lost", OTHER)
    assert look(Catchup(doors)) == 1


def test_what_no_key_may_bring_is_not_read(doors: Doors, hs: Homeserver) -> None:
    """Of a homeserver whose key was taken away nothing is looked for in its place."""
    put(doors, hs.say("first"))
    hs.say("second")
    key = PlatformKey(name="half", sources=("talk/*",), kinds=("join",))
    doors.engine.access = {b"": key}
    assert look(Catchup(doors)) == 0


def test_what_no_key_may_bring_for_a_while_is_read_later(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that is narrowed during one look moves no mark past what was left."""
    monkeypatch.setattr(catchup, "HOUR", 0.0)
    made = Catchup(doors)
    put(doors, hs.say("first"))
    hs.say("lost")
    let_in = iter([False, True])
    monkeypatch.setattr(catchup._Room, "_is_let_in", lambda *_: next(let_in))
    assert [look(made), look(made)] == [0, 1]


def test_a_room_of_which_nothing_was_told_is_not_read(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is looked through."""
    monkeypatch.setattr(catchup, "HOUR", 0.0)
    made = Catchup(doors)
    hs.say("one")
    assert look(made) == 0
    hs.say("two")
    assert look(made) == 0


def test_a_join_that_was_not_kept_is_known_again(doors: Doors, hs: Homeserver) -> None:
    """By what was asked, though it was read once in vain: it is one event, and published."""
    put(doors, hs.say("first"))
    event, asked = joined(doors, hs)
    assert doors.memory.asked_before("talk", event) == asked.id  # and the store took nothing
    assert look(Catchup(doors)) == 1
    assert rows(doors.engine.folder, PUBLISHED) == [(1,)]


def test_what_is_kept_by_nobody_is_looked_for_again(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer takes nothing: the look counts as failed."""
    put(doors, hs.say("first"))
    hs.say("second")
    monkeypatch.setattr(catchup, "FAILED_SECONDS", 0.0)
    made = Catchup(doors)
    with monkeypatch.context() as broken:
        broken.setattr(Doors, "submit", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            look(made)
    assert look(made) == 1


def test_an_event_that_reading_fails_at_costs_no_other(
    doors: Doors, hs: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same room: else nothing of it would ever be read again."""
    put(doors, hs.say("first"))
    hs.say("bad")
    hs.say("lost")
    read = matrix_events.mapped

    def fails(event: Mapping[str, Any], *given: Any, **named: Any) -> Any:
        return 1 / 0 if event["event_id"] == "$bad" else read(event, *given, **named)

    monkeypatch.setattr(matrix_events, "mapped", fails)
    assert look(Catchup(doors)) == 1


def test_it_looks_by_itself_and_ends(doors: Doors, hs: Homeserver) -> None:
    """On threads of its own, from start to close."""
    put(doors, hs.say("first"))
    hs.say("second")
    with closing(Catchup(doors)) as made:
        made.start()
        wait(lambda: len(rows(doors.engine.folder, TYPES)) == 2, "nobody looked")
    assert not made._thread.is_alive()
