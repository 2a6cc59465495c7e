"""What a line says: our words, a clause's title, an id, a link; as it is when it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.chat_room import ANA, ChatRoom, chat_room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ChatRoom]:
    """A moderators' room."""
    with chat_room(tmp_path) as made:
        yield made


def test_a_line_names_its_case_and_where_it_is(room: ChatRoom) -> None:
    """Clause in words, queue, id, link below the community's address, and the reactions."""
    case, line = room.post("cheap bags")
    told = room.lines[line]
    assert told["title"] == "Talk: a case waits"
    assert told["text"].startswith("Several links by newcomers (spam.links), queue review.")
    assert case in told["text"]
    assert told["link"] == f"https://talk.example/cases/{case}"
    assert told["reactions"] == ["👀", "↩️"]


def test_a_line_that_is_sent_again_stands_already(room: ChatRoom) -> None:
    """It says where, so that it is not written a second time."""
    case, line = room.post("cheap bags")
    (due,) = room.platform.outbox(id=line)
    assert due["kind"] == "summons"
    words = room.platform.sender._chat
    told = words.said(line, "Talk", "https://talk.example", room.platform.clock[0])
    assert told is not None
    assert told["stands"] == f"${line}"
    assert words.said("act_unknown", "Talk", "", 0) is None
    assert case


def test_refusals_say_why_and_where(room: ChatRoom) -> None:
    """Each with the link of the case it is about."""
    case, line = room.post("cheap bags")
    room.react(ANA, line, "✅")
    (told,) = room.sent()
    assert told["text"].startswith("Not done: nothing stands that would last")
    assert told["link"].endswith(f"/cases/{case}")
    assert told["answers"] == f"${line}"
