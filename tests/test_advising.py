"""A running server keeps a list of its own as it should be, whatever ends in between.

What a homeserver answers is given here; on a real one the same is held by tests/platforms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flow.advising_community import OWN, community, decide, settle, went_out
from flow.served_platform import wait
from flow.small_community import rows
from ombud.advising import Advising
from ombud.app import Engine
from ombud.changes import Mark
from ombud.connectors.matrix_client import Client, Said
from ombud.doors import Doors

KEY_LENGTH_MAX = 255  # of a piece of state, as Synapse takes it
STANDS = "SELECT count(*) FROM advice WHERE ended IS NULL"
TOLD = "SELECT count(*) FROM notice WHERE reason = 'advised'"


class Room:
    """The room's state about people, and what was asked for, in order."""

    def __init__(self) -> None:
        self.state: dict[str, dict[str, Any]] = {}
        self.put: list[str] = []
        self.said: Said | None = None
        self.before: Callable[[], object] = list
        self.refused: set[str] = set()

    def ask(self, method: str, _: str, *parts: str, content: Any = None, **__: Any) -> Said:
        """What a homeserver answers."""
        if self.said is not None:
            return self.said
        assert parts[0] == OWN
        if method == "GET":
            return Said(200, {"state": list(self.state.values())})
        self.before()
        _, type_, key = parts
        if len(key) > KEY_LENGTH_MAX or key in self.refused:
            return Said(400)
        self.put.append(key)
        self.state[key] = event(key, content, type_)
        return Said(200)


def event(key: str, content: Any, type_: str = "m.policy.rule.user", by: str = "@ombud:hs") -> Any:
    """A piece of state."""
    return {"type": type_, "state_key": key, "sender": by, "content": content}


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """An empty room."""
    made = Room()
    monkeypatch.setattr(Client, "ask", made.ask)
    return made


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community with a list of its own."""
    with community(tmp_path / "data") as running:
        yield running


def looked(engine: Engine, times: int = 1) -> list[int]:
    """Looks at the list, each by a process that remembers nothing."""
    with closing(Doors(engine, "http://a.example")) as doors:
        settings = engine.settings.matrix["talk"]
        return [Advising(doors).look("talk", settings) for _ in range(times)]


def test_what_stands_is_published_once_and_taken_back(engine: Engine, room: Room) -> None:
    """The clause is all that is said, and the person hears of it before anybody else."""
    room.before = lambda: assert_told(engine)
    decision = decide(engine, "@spam:hs")
    assert looked(engine, 3) == [1, 0, 0]
    content = {"entity": "@spam:hs", "recommendation": "m.ban", "reason": "spam.links"}
    assert room.state["rule:@spam:hs"]["content"] == content
    engine.undo("admin", ids=[decision])
    assert looked(engine, 3) == [1, 0, 0]
    assert room.state["rule:@spam:hs"]["content"] == {}
    assert rows(engine.folder, STANDS) == [(0,)]
    assert rows(engine.folder, TOLD) == [(1,)]


def assert_told(engine: Engine) -> None:
    """Somebody was told of it."""
    assert rows(engine.folder, TOLD) == [(1,)]


def test_nobody_is_published_before_their_own_message_went_out(engine: Engine, room: Room) -> None:
    """The page that says so stands at once; the entry waits until its link is on its way, and what
    can no longer be brought holds up nothing.
    """
    decision, lost = decide(engine, "@spam:hs", done=False), decide(engine, "@lost:hs", done=False)
    for each in (decision, lost):
        went_out(engine, each, "action")
    assert looked(engine, 2) == [0, 0]
    assert rows(engine.folder, TOLD) == [(2,)]
    assert room.put == []
    went_out(engine, decision, "notice")
    assert looked(engine, 2) == [1, 0]
    assert room.put == ["rule:@spam:hs"]
    query = "SELECT id FROM outbox WHERE kind = 'notice' AND decision = ? AND state = 'asked'"
    for (name,) in rows(engine.folder, query, lost):
        for state in ("sending", "undeliverable"):
            engine.change(Mark(name, state, 1, 1))
    assert looked(engine, 2) == [1, 0]


def test_an_account_whose_id_is_too_long_for_a_key_holds_up_nobody(
    engine: Engine, room: Room
) -> None:
    """It stands under a key of its own, is known by it and goes; what a homeserver refuses of one
    entry it does not refuse of the next.
    """
    long = "@" + "x" * 251 + ":hs"
    first, _, _ = decide(engine, long), decide(engine, "@bad:hs"), decide(engine, "@spam:hs")
    room.refused = {"rule:@bad:hs"}
    assert looked(engine, 2) == [2, 0]
    assert {each["content"]["entity"] for each in room.state.values()} == {long, "@spam:hs"}
    engine.undo("admin", ids=[first])
    assert looked(engine, 2) == [1, 0]


def test_two_decisions_about_one_account_are_one_entry(engine: Engine, room: Room) -> None:
    """Which goes with the last of them."""
    first, second = decide(engine, "@spam:hs"), decide(engine, "@spam:hs", "ban from room")
    assert looked(engine, 2) == [1, 0]
    engine.undo("admin", ids=[first])
    assert looked(engine) == [0]
    assert room.state["rule:@spam:hs"]["content"]["entity"] == "@spam:hs"
    engine.undo("admin", ids=[second])
    assert looked(engine) == [1]
    assert room.put == ["rule:@spam:hs"] * 2


def test_what_others_write_there_is_left_alone(engine: Engine, room: Room) -> None:
    """And what Ombud wrote and nobody knows of any more goes: a crash, an erasure."""
    theirs = {"entity": "@a:b", "recommendation": "m.ban", "reason": ""}
    room.state["rule:@a:b"] = event("rule:@a:b", theirs, by="@mod:hs")
    room.state["other"] = event("other", theirs)
    room.state["rule:@lost:hs"] = event("rule:@lost:hs", theirs | {"entity": "@lost:hs"})
    decide(engine, "@spam:hs")
    assert looked(engine) == [2]
    assert room.put == ["rule:@lost:hs", "rule:@spam:hs"]
    engine.erase("talk", "@spam:hs")
    assert looked(engine) == [1]
    assert room.state["rule:@spam:hs"]["content"] == {}
    assert room.state["rule:@a:b"]["content"] == theirs


def test_by_default_nothing_is_published(engine: Engine, room: Room) -> None:
    """Without a room, or without a clause; and what stood goes when the settings say so no more."""
    decide(engine, "@spam:hs")
    for told in ("seconds = 1\n", f'publish = "{OWN}"\n'):
        settle(engine, told)
        assert looked(engine) == [0]
    assert room.put == []
    settle(engine, f'publish = "{OWN}"\nclauses = ["spam.links"]\n')
    assert looked(engine) == [1]
    settle(engine, "seconds = 1\n")
    assert looked(engine, 2) == [1, 0]
    assert room.state["rule:@spam:hs"]["content"] == {}


def test_where_the_homeserver_is_away_it_comes_later(engine: Engine, room: Room) -> None:
    """Its person is told once all the same, and admins see why it is not there."""
    decide(engine, "@spam:hs")
    named = {"talk": engine.settings.matrix["talk"].policies}
    for said in (Said(0, trouble="away"), Said(403)):
        room.said = said
        assert looked(engine) == [0]
        assert [each.why for each in engine.unread.of(named)] == [said.outcome().detail]
    room.said = None
    assert looked(engine) == [1]
    assert engine.unread.of(named) == []
    assert rows(engine.folder, TOLD) == [(1,)]


def test_a_server_looks_by_itself(engine: Engine, room: Room) -> None:
    """From its start until it is closed."""
    decide(engine, "@spam:hs")
    with closing(Doors(engine, "http://a.example")) as doors:
        advising = Advising(doors)
        advising.start()
        wait(lambda: room.put, "nothing was published")
        advising.close()
    assert not advising._thread.is_alive()


def test_who_holds_no_token_asks_nobody(engine: Engine, room: Room) -> None:
    """A homeserver in the settings that was never connected."""
    room.said = Said(500)
    with closing(Doors(engine, "http://a.example")) as doors:
        assert Advising(doors).look("elsewhere", engine.settings.matrix["talk"]) == 0
