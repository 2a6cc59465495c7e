"""A running server tells moderators' rooms what waits, and asks the writer only where there is
something to tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from flow.chat_room import ChatRoom, chat_room
from flow.served_platform import wait
from flow.small_community import event, rows
from ombud.chatting import Chatting


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ChatRoom]:
    """A moderators' room."""
    with chat_room(tmp_path) as made:
        yield made


def test_it_looks_until_it_is_closed(room: ChatRoom) -> None:
    """On a thread of its own."""
    part = Chatting(room.platform.doors)
    part.start()
    room.platform.stream(event(1, text="cheap bags", author={"id": "x"}))
    count = "SELECT count(*) FROM chat_line WHERE what = 'case'"
    wait(lambda: rows(room.platform.folder, count) == [(1,)], "no line")
    part.close()
    assert not part._thread.is_alive()


def test_nothing_is_asked_where_nothing_is_new_or_nobody_has_a_room(room: ChatRoom) -> None:
    """The writer is left alone."""
    part = Chatting(room.platform.doors)
    assert not part.round()
    room.platform.stream(event(1, text="cheap bags", author={"id": "x"}))
    engine = room.platform.engine
    before = engine.settings
    bare = {name: replace(each, staff_room="") for name, each in before.matrix.items()}
    engine.settings = replace(before, matrix=bare)
    assert not part.round()
    engine.settings = before
    assert part.round()
    assert not part.round()
