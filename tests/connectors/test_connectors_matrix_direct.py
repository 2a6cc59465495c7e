"""Which events are somebody's question to Ombud's account. The rooms themselves are held on real
homeservers: tests/platforms/test_platforms_matrix_direct.py.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.clock import HOUR
from ombud.config import MatrixConnector as Settings
from ombud.connectors import matrix_direct
from ombud.connectors.matrix_direct import Asking, asking, is_account

OMBUD, ANA, ROOM, HALL, STAFF = "@ombud:hs", "@ana:far", "!a:hs", "!hall:hs", "!staff:hs"
SETTINGS = msgspec.convert(
    {"url": "http://hs.example", "server": "hs", "rooms": [HALL], "staff_room": STAFF}, Settings
)


def event(type_: str = "m.room.message", **more: Any) -> dict[str, Any]:
    """An event of a room that nobody moderates."""
    return {"type": type_, "room_id": ROOM, "sender": ANA, "content": {"body": "hi"}, **more}


def invite(**more: Any) -> dict[str, Any]:
    """An invitation of the account into a chat for two."""
    content = {"membership": "invite", "is_direct": True, **more.pop("content", {})}
    return event("m.room.member", state_key=OMBUD, content=content, **more)


@pytest.mark.parametrize(
    "asks", [event(), event("m.room.encrypted", content={}), event("m.sticker")]
)
def test_whoever_writes_asks_in_that_room(asks: dict[str, Any]) -> None:
    """Whatever it is, encrypted too; who and where, and nothing of what was written."""
    assert asking(asks, SETTINGS) == Asking(ANA, ROOM)


def test_whoever_begins_a_chat_asks() -> None:
    """In no room yet: theirs is found, or made."""
    assert asking(invite(), SETTINGS) == Asking(ANA)


def test_whoever_joins_is_told_of_and_asks_nothing() -> None:
    """They have come to where something may wait for them."""
    joins = event("m.room.member", state_key=ANA, content={"membership": "join"})
    assert asking(joins, SETTINGS) == Asking(ANA, ROOM, joined=True)


@pytest.mark.parametrize(
    "other",
    [
        event(room_id=HALL),
        event(room_id=STAFF),
        event(sender=OMBUD),
        event(sender=None),
        event(sender=7),
        event(room_id=None),
        event("m.reaction"),
        event("m.room.redaction"),
        event("m.room.topic", state_key=""),
        event("m.room.member", state_key=ANA, content={"membership": "leave"}),
        event("m.room.member", state_key="@other:hs", content={"membership": "join"}),
        event("m.room.member", state_key=ANA, content={"membership": "join"}, room_id=HALL),
        event("m.room.name", state_key=ANA, content={"membership": "join"}),
        invite(content={"is_direct": "yes"}),
        invite(content={"is_direct": False}),
        invite(content={"membership": "ban"}),
        invite(room_id=HALL),
        invite(sender=OMBUD),
        {**invite(), "state_key": "@other:hs"},
        {**invite(), "content": None},
        {**invite(), "state_key": None},
    ],
)
def test_nothing_else_is_a_question(other: dict[str, Any]) -> None:
    """Not what is said in rooms that are moderated or the staff's, not invitations into groups, not
    reactions, and nothing that the account itself does.
    """
    assert asking(other, SETTINGS) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
FIELDS = st.sampled_from(["type", "room_id", "sender", "content", "state_key"])


@given(st.dictionaries(FIELDS, JSON | st.sampled_from([ANA, ROOM, "m.room.member"])))
def test_a_stranger_s_event_never_raises(other: dict[str, Any]) -> None:
    """Whatever stands in it."""
    asking(other, SETTINGS)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("@ana:far.example", True),
        ("@ana:far.example:8448", True),
        ("@ana:[::1]", True),
        ("ana:far", False),
        ("@ana", False),
        ("@ana:", False),
        ("@:far", False),
        ("@a:b/c", False),
        ("@a:b c", False),
        ("@a:b\n", False),
        ("@a:" + "b" * 300, False),
        ("", False),
    ],
)
def test_what_an_account_is_called(name: str, good: bool) -> None:
    """A name and a server; nothing else is asked about at all."""
    assert is_account(name) is good


def test_one_server_takes_no_more_than_its_part() -> None:
    """Whoever makes up accounts by the hundred leaves room for the people of every other server;
    those of the homeserver itself are bound by what all are.
    """
    invitations = matrix_direct._Invitations(9)
    assert [bool(invitations.wait("bad.example", 1)) for _ in range(5)] == [False] * 3 + [True] * 2
    assert not invitations.wait("far.example", 1)
    assert [bool(invitations.wait("", 1)) for _ in range(6)] == [False] * 5 + [True]
    assert not invitations.wait("bad.example", 1 + HOUR)
