"""What was heard is heard once, also where the process ends in between, and says how it came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.chat_room import ANA, ChatRoom, chat_room
from flow.small_community import rows
from ombud.controls import heard, state
from ombud.controls.heard import COMMAND, Heard, Line
from ombud.errors import BadUse
from ombud.journal import Control


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ChatRoom]:
    """A moderators' room."""
    with chat_room(tmp_path) as made:
        yield made


def declared(event: bytes) -> Control:
    """An emergency by a message."""
    asked = state.asked("emergency", None, "Ana", begins=True)
    told = Heard(event, COMMAND, Line("", "chat", "begun", 0, "en", answers="$c"))
    return Control(asked.type, asked.payload, {**asked.sealed, "heard": told})


def test_the_same_message_is_heard_once(room: ChatRoom) -> None:
    """The second time nothing is done, and nothing has changed in between."""
    engine = room.platform.engine
    engine.control(declared(b"one"))
    last = rows(room.platform.folder, "SELECT max(seq) FROM journal")
    until = dict(engine.writer.pipeline.community.states)
    with pytest.raises(BadUse, match="U464"):
        engine.control(declared(b"one"))
    assert rows(room.platform.folder, "SELECT max(seq) FROM journal") == last
    assert engine.writer.pipeline.community.states == until
    assert len([each for each in room.sent() if each["chat"] == "begun"]) == 1


def test_the_journal_says_how_it_came(room: ChatRoom) -> None:
    """By a command; what came from elsewhere says nothing of it."""
    room.platform.engine.control(declared(b"one"))
    room.platform.engine.control(state.asked("emergency", None, "Ana", begins=False))
    query = "SELECT json_extract(payload, '$.heard') FROM journal WHERE type = '!emergency'"
    assert rows(room.platform.folder, query) == [("command",), (None,)]


def test_all_of_it_or_nothing(room: ChatRoom) -> None:
    """A group that fails leaves neither the emergency nor the answer nor that it was heard."""
    pipeline = room.platform.engine.writer.pipeline

    def fail(point: str) -> None:
        if point == "before commit":
            raise OSError(point)

    pipeline.fault = fail
    with pytest.raises(Exception, match="before commit"):
        room.platform.engine.control(declared(b"one"))
    assert rows(
        room.platform.folder, "SELECT count(*) FROM chat_heard WHERE event = ?", b"one"
    ) == [(0,)]
    assert room.sent() == []
    room.platform.engine.control(declared(b"one"))
    assert [each["chat"] for each in room.sent()] == ["begun"]


def test_a_message_is_known_by_its_room_too(room: ChatRoom) -> None:
    """The same id on another platform is another message; the digest is the community's own."""
    key = room.platform.engine.keys.community
    assert heard.key_of(key, "chat", "$1") != heard.key_of(key, "other", "$1")
    assert heard.key_of(key, "chat", "$1") != heard.key_of(bytes(32), "chat", "$1")
    room.write(ANA, "help", event="$once")
    kept = rows(room.platform.folder, "SELECT event FROM chat_heard")
    assert (heard.key_of(key, "chat", "$once"),) in kept
