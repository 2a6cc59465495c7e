"""Which rooms may be read: what is not known, encrypted or for two is not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from connectors.rooms_told import SEALED, Rooms, state, told
from ombud.config import MatrixConnector
from ombud.connectors import matrix_scope
from ombud.connectors.matrix_client import Client
from ombud.errors import BadUse

ROOM = "!a:hs"
TWO, THREE = ("@ana:hs", "@bo:hs"), ("@ana:hs", "@bo:hs", "@cy:hs")


class Side:
    """A homeserver, and what is known of its rooms."""

    def __init__(self, server: Rooms, url: str) -> None:
        found = {"url": url, "server": "hs", "rooms": [ROOM], "allow": ["127.0.0.1"]}
        self.server = server
        self.settings = msgspec.convert({**found, "bots": ["@bot:hs"]}, MatrixConnector)
        self.rooms = matrix_scope.Rooms(lambda _, settings: Client(settings, "sesame"))

    def admits(self, **event: Any) -> bool:
        """Whether an event is read."""
        asked = {"room_id": ROOM, "type": "m.room.message", "content": {"body": "x"}, **event}
        return self.rooms.admit("chat", self.settings, asked)

    def member(self, who: str, membership: str) -> bool:
        """The same of somebody who comes or goes."""
        content = {"membership": membership}
        return self.admits(type="m.room.member", state_key=who, content=content)


@pytest.fixture
def side() -> Iterator[Side]:
    """A homeserver whose rooms a test makes."""
    server = Rooms()
    with told(server) as url:
        yield Side(server, url)


@pytest.mark.parametrize(
    ("room", "read"),
    [
        (state("public"), True),
        (state("public") | SEALED, False),
        (state("invite", *THREE), True),
        (state("invite", *THREE) | SEALED, False),
        (state("invite", *TWO), False),
        (state("invite", *TWO, "@bot:hs"), False),
        (state("public") | {"m.room.member/@ombud:hs": {"membership": "leave"}}, False),
        (None, False),
    ],
)
def test_only_what_is_known_to_be_open_is_read(side: Side, room: Any, read: bool) -> None:
    """Nothing of a room that is encrypted, that fewer than three people share by invitation, or
    that Ombud's account is not in; its own account and named bots are nobody.
    """
    side.server.rooms = {} if room is None else {ROOM: room}
    assert side.admits() is read
    asked = len(side.server.asked)
    assert side.admits() is read
    assert len(side.server.asked) == asked


def test_another_room_is_not_even_asked_about(side: Side) -> None:
    """Nor what names none."""
    others: tuple[Any, ...] = ("!b:hs", None, [], {})
    for room in others:
        assert not side.admits(room_id=room)
    assert side.server.asked == []


def test_what_a_room_becomes_is_known_at_once(side: Side) -> None:
    """Encrypted for ever; by invitation, counted; and of two, when the third has gone."""
    room: dict[str, Any] = state("public", *THREE)
    side.server.rooms[ROOM] = room
    assert side.admits()
    room |= state("invite", *THREE)
    side.admits(type="m.room.join_rules", state_key="", content={"join_rule": "invite"})
    assert side.admits()
    room |= state("invite", *TWO)
    side.member("@cy:hs", "leave")
    assert not side.admits()
    room |= state("invite", *THREE)
    assert not side.admits()
    side.member("@cy:hs", "join")
    assert side.admits()
    assert side.admits(type="m.room.encryption", content={})
    side.admits(type="m.room.encryption", state_key="", content={})
    assert not side.admits()


def test_an_account_that_comes_in_reads_from_then_on(side: Side) -> None:
    """Without waiting until the room is looked at again."""
    assert not side.admits()
    side.server.rooms[ROOM] = state("public")
    assert not side.admits()
    assert side.member("@ombud:hs", "join")
    assert side.admits()


def test_a_room_that_was_taken_out_for_a_while_is_looked_at_anew(side: Side) -> None:
    """Nothing was heard of it meanwhile: what two people say in it by then is not read."""
    side.server.rooms = {ROOM: state("public")}
    assert side.admits()
    named = side.settings
    side.settings = msgspec.structs.replace(named, rooms=("!other:hs",))
    assert not side.admits()
    side.server.rooms = {ROOM: state("invite", *TWO)}
    side.settings = msgspec.structs.replace(named)
    assert not side.admits()


@pytest.mark.parametrize("status", [401, 429, 500, 502])
def test_a_homeserver_that_cannot_answer_is_not_taken_for_a_no(side: Side, status: int) -> None:
    """What it sent is to come again: else it would be lost while it is busy."""
    side.server.rooms[ROOM] = state("public")
    side.server.status = status
    with pytest.raises(BadUse, match="U506"):
        side.admits()


def test_without_a_token_nothing_is_known(side: Side) -> None:
    """And so nothing is read."""
    rooms = matrix_scope.Rooms(lambda *_: None)
    assert not rooms.admit("chat", side.settings, {"room_id": ROOM})


def test_one_that_does_not_answer_keeps_no_other_waiting(side: Side) -> None:
    """While a homeserver is being asked what a room is like, another one's events are read."""
    begun, over = threading.Event(), threading.Event()

    def opened(name: str, settings: MatrixConnector) -> Client:
        if name == "slow":
            begun.set()
            assert over.wait(60)
        return Client(settings, "sesame")

    side.rooms, side.server.rooms = matrix_scope.Rooms(opened), {ROOM: state("public")}
    asked = {"room_id": ROOM, "type": "m.room.message", "content": {"body": "x"}}
    read: list[bool] = []
    slow = threading.Thread(
        target=lambda: read.append(side.rooms.admit("slow", side.settings, asked))
    )
    slow.start()
    assert begun.wait(60)
    assert side.admits()
    over.set()
    slow.join()
    assert read == [True]


@pytest.mark.parametrize(
    ("type_", "content"),
    [("m.room.encryption", {}), ("m.room.join_rules", {"join_rule": "invite"})],
)
def test_what_a_member_says_under_a_name_of_their_own_closes_no_room(
    side: Side, type_: str, content: dict[str, Any]
) -> None:
    """Where everybody may set state, nobody ends the reading of a room that way."""
    side.server.rooms = {ROOM: state("public", *TWO)}
    assert side.admits()
    assert side.admits(type=type_, state_key="@ana:hs", content=content)
    assert side.admits()
    assert not side.admits(type="m.room.encryption", state_key="", content={})


@pytest.mark.parametrize(("people", "read"), [(THREE, True), (TWO, False)])
def test_members_with_long_names_hide_no_room(
    side: Side, people: tuple[str, ...], read: bool
) -> None:
    """Where all of them together are too long to be read, they are counted."""
    side.server.rooms = {ROOM: state("invite", "@bot:hs", *people)}
    side.server.name = "x" * (2 << 20)
    assert side.admits() is read


def test_what_was_not_told_of_a_room_is_asked_about(side: Side) -> None:
    """Where somebody else finds it otherwise than it is known; where not, nothing is asked."""
    side.server.rooms = {ROOM: state("public")}
    assert side.admits()
    side.rooms.seen("chat", "!other:hs", matrix_scope.Room(encrypted=False, public=True))
    side.rooms.seen("chat", ROOM, matrix_scope.Room(encrypted=False, public=True, people=4))
    asked = len(side.server.asked)
    assert side.admits()
    assert len(side.server.asked) == asked
    for now, read in ((SEALED, False), ({}, True), (state("invite", *TWO), False)):
        side.server.rooms = {ROOM: state("public") | now}
        with_client = Client(side.settings, "sesame")
        found = matrix_scope.look(with_client, side.settings, ROOM)
        with_client.close()
        assert isinstance(found, matrix_scope.Room)
        side.rooms.seen("chat", ROOM, found)
        assert side.admits() is read
