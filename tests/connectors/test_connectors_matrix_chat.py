"""Of the moderators' room only what is said to Ombud is read, and only a room of their own is
written into.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.config import MatrixConnector
from ombud.connectors import matrix_chat
from ombud.connectors.matrix_chat import KEY, Word, heard, lacking, message
from ombud.connectors.matrix_client import Said

ROOM, ANA, OWN = "!mods:hs", "@ana:hs", "@ombud:hs"
SETTINGS = MatrixConnector(
    url="http://127.0.0.1:9", server="hs", rooms=("!hall:hs",), staff_room=ROOM
)
AT = 1_790_000_000_000


def event(type_: str, content: Any, **more: Any) -> dict[str, Any]:
    """An event of the room."""
    base = {"event_id": "$e", "room_id": ROOM, "sender": ANA, "origin_server_ts": AT}
    return {**base, "type": type_, "content": content, **more}


def said(body: Any, **more: Any) -> dict[str, Any]:
    """A message."""
    return event("m.room.message", {"msgtype": "m.text", "body": body, **more})


def annotates(key: Any, about: Any = "$line") -> dict[str, Any]:
    """A reaction."""
    relation = {"rel_type": "m.annotation", "event_id": about, "key": key}
    return event("m.reaction", {"m.relates_to": relation})


def test_four_things_are_heard() -> None:
    """A command, a reaction, that something is gone, and Ombud's own lines."""
    assert heard(said("!ombud  end "), SETTINGS) == Word("command", "$e", ANA, AT, "$e", "end")
    assert heard(said("!ombud"), SETTINGS) == Word("command", "$e", ANA, AT, "$e", "")
    assert heard(annotates("👀"), SETTINGS) == Word("reaction", "$e", ANA, AT, "$line", "👀")
    for gone in (
        event("m.room.redaction", {}, redacts="$r"),
        event("m.room.redaction", {"redacts": "$r"}),
    ):
        assert heard(gone, SETTINGS) == Word("gone", "$e", ANA, AT, "$r")
    own = {**said("a case waits", **{KEY: "act_1"}), "sender": OWN}
    assert heard(own, SETTINGS) == Word("line", "$e", OWN, AT, "act_1")


EDIT = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$e"}}


@pytest.mark.parametrize(
    "other",
    [
        said("good morning"),
        said("please !ombud end"),
        said("!ombudsman"),
        said("!ombud end", **EDIT),
        said("!ombud " + "x" * 300),
        said(["!ombud"]),
        said("!ombud end", msgtype="m.notice"),
        {**said("!ombud end"), "sender": OWN},
        {**said("x", **{KEY: "act_1"}, **EDIT), "sender": OWN},
        said("forged", **{KEY: "act_1"}),
        annotates("x" * 30),
        annotates("👀", about=7),
        {**annotates("👀"), "sender": OWN},
        {**annotates("👀"), "origin_server_ts": "soon"},
        event("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "!ombud"}),
        event("m.room.topic", {"topic": "!ombud end"}),
        event("m.room.member", {"membership": "join"}),
        {**said("!ombud end"), "room_id": "!hall:hs"},
        {**said("!ombud end"), "room_id": ""},
        {**said("!ombud end"), "event_id": "\0"},
        event("m.room.message", "!ombud end"),
    ],
)
def test_nothing_else_is(other: dict[str, Any]) -> None:
    """Whatever else is said there, edited, encrypted, or said by Ombud."""
    assert heard(other, SETTINGS) is None


def test_without_a_room_nothing_is_heard() -> None:
    """An event without a room is in no moderators' room either."""
    bare = MatrixConnector(url="http://127.0.0.1:9", server="hs", rooms=("!hall:hs",))
    assert heard({**said("!ombud end"), "room_id": ""}, bare) is None


TYPES = ("m.reaction", "m.room.message", "m.room.redaction", 7, None)
RELATIONS: list[Any] = [[], 7, {"event_id": {}, "key": []}]
ANY: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 2**70, 0.5, "", "\0", "$e", ANA, OWN, [], [1], {}, {"rel_type": 1}]
    + [{"m.relates_to": each} for each in RELATIONS]
    + [{"msgtype": "m.text", "body": each} for each in (None, 7, "\ud800", "!ombud " * 99)]
)


@given(st.sampled_from(sorted(said(""))), ANY, st.sampled_from(TYPES))
def test_whatever_a_stranger_sends_raises_nothing(field: str, value: Any, type_: Any) -> None:
    """Anything in any field."""
    heard({**annotates("👀"), "type": type_, field: value, "room_id": ROOM}, SETTINGS)


def state(**kept: dict[str, Any]) -> Any:
    """The state of a room, as a homeserver tells it."""

    def asked(type_: str) -> Said:
        found = kept.get(type_.rpartition(".")[2])
        return Said(404, {"errcode": "M_NOT_FOUND"}) if found is None else Said(200, found)

    return asked


INVITE = {"join_rule": "invite"}


@pytest.mark.parametrize(
    ("kept", "codes"),
    [
        ({"join_rules": INVITE}, []),
        ({"join_rules": INVITE, "history_visibility": {"history_visibility": "shared"}}, []),
        ({"join_rules": {"join_rule": "public"}}, ["U460"]),
        ({"join_rules": {"join_rule": "knock"}}, ["U460"]),
        ({"join_rules": {"join_rule": "restricted"}}, ["U460"]),
        ({}, ["U460"]),
        ({"join_rules": INVITE, "encryption": {"algorithm": "m"}}, ["U461"]),
        ({"join_rules": INVITE, "history_visibility": {"history_visibility": "world_readable"}},
         ["U462"]),
        ({"join_rules": INVITE, "tombstone": {"replacement_room": "!new:hs"}}, ["U463"]),
    ],
)  # fmt: skip
def test_only_a_room_of_their_own_will_do(kept: dict[str, Any], codes: list[str]) -> None:
    """Invite-only, not encrypted, not readable by everybody, not replaced."""
    assert [code for code, _ in lacking(state(**kept))] == codes


def test_what_cannot_be_asked_is_not_taken_for_good() -> None:
    """A homeserver that is away, from whichever question on: the trouble is told, and nothing is
    written.
    """
    good = state(join_rules=INVITE)
    for away in ("join_rules", "encryption", "history_visibility", "tombstone"):
        room = partial(_but, away, good)
        assert list(lacking(room)) == [("", "away")]


def _but(away: str, state: Any, type_: str) -> Said:
    return Said(0, trouble="away") if type_ == f"m.room.{away}" else state(type_)


def test_a_message_is_escaped() -> None:
    """Title, text and link."""
    told = message("m.text", "<b>", "a & b\nc", 'http://x/"')
    assert "<b>" not in told["formatted_body"].replace("<strong>", "")
    assert "a &amp; b<br>c" in told["formatted_body"]
    assert 'href="http://x/&quot;"' in told["formatted_body"]


def test_an_edit_carries_its_new_words_and_an_answer_names_what_it_answers() -> None:
    """As clients know them."""
    asked = msgspec.convert({"text": "done", "over": "$e", "chat": "settled"}, matrix_chat.Asked)
    content = matrix_chat._content(asked, "act_2")
    assert content["m.new_content"]["body"] == "done"
    assert content["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$e"}
    asked = msgspec.convert({"text": "done", "answers": "$e", "chat": "help"}, matrix_chat.Asked)
    content = matrix_chat._content(asked, "act_3")
    assert content["m.relates_to"] == {"m.in_reply_to": {"event_id": "$e"}}
    assert content["msgtype"] == "m.notice"
