"""Rooms of version 12, in which whoever made them stands above all power levels."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from ombud.connectors import matrix_power
from platforms.matrix_side import SENDER, Side, act
from platforms.synapse import CLIENT, NAME


@pytest.fixture(scope="module")
def room(matrix: Side) -> str:
    """A room of version 12 that its owner made; Ombud's account has the power it asks for."""
    levels = {"users": {matrix.account.id: 100}}
    made = matrix.owner.room(room_version="12", power_level_content_override=levels)
    assert ":" not in made
    assert matrix.account.join(made).status == 200
    return made


def test_what_they_say_is_removed_and_labelled_like_what_others_say(
    matrix: Side, room: str
) -> None:
    """Power over a message is not power over its author."""
    connector = matrix.connector(rooms=[room])
    event = matrix.owner.say(room, "hello").json["event_id"]
    labelled = act(connector, "label", f"{room}/{event}", params={"text": "disputed"})
    assert labelled.state == "confirmed"
    assert act(connector, "remove", f"{room}/{event}").state == "confirmed"
    at = f"{CLIENT}/rooms/{quote(room)}/event/{quote(event)}"
    assert "redacted_because" in matrix.owner.ask("GET", at).json["unsigned"]


def test_they_cannot_be_banned_and_it_is_said_why(matrix: Side, room: str) -> None:
    """Refused for good, in words; not taken for a power that Ombud's account lacks."""
    connector = matrix.connector(rooms=[room])
    asked: dict[str, Any] = {"params": {"room": room}, "clause": "spam.links"}
    done = act(connector, "ban from room", f"account/{matrix.owner.id}", **asked)
    assert done.state == "refused"
    assert "they made this room" in done.detail
    assert matrix.owner.say(room, "still here").status == 200
    who = matrix.server.register(f"guest{next(matrix.numbers)}")
    assert who.join(room).status == 200
    assert act(connector, "ban from room", f"account/{who.id}", **asked).state == "confirmed"


def test_a_lock_does_not_hold_them(matrix: Side, room: str) -> None:
    """Everybody else is silent; undone, everybody writes again."""
    connector = matrix.connector(rooms=[room])
    who = matrix.server.register(f"guest{next(matrix.numbers)}")
    assert who.join(room).status == 200
    assert act(connector, "lock", f"room/{room}").state == "confirmed"
    assert who.say(room, "no").status == 403
    assert matrix.owner.say(room, "yes").status == 200
    assert act(connector, "lock", f"room/{room}", inverse=True).state == "confirmed"
    assert who.say(room, "again").status == 200


def test_the_account_that_made_a_room_needs_no_level(matrix: Side) -> None:
    """Nor one that its maker named beside themselves; anybody else does."""
    account = f"@{SENDER}:{NAME}"
    settings = matrix.settings()
    named = {"additional_creators": [account]}
    ours = matrix.account.room(room_version="12")
    theirs = matrix.owner.room(room_version="12", creation_content=named)
    plain = matrix.owner.room(room_version="12")
    for each in (theirs, plain):
        assert matrix.account.join(each).status == 200
    client = matrix.connector()._client
    found = [matrix_power.powerless(client, settings, each) for each in (ours, theirs, plain)]
    assert [getattr(each, "code", None) for each in found] == [None, None, "U477"]
