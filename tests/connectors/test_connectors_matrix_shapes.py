"""Whatever stands where in an event of a stranger, reading it never raises."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from connectors.matrix_bypasses import PREVIEWS, PROFILE
from connectors.test_connectors_matrix_events import ANA, ROOM, SERVER, said
from ombud import events
from ombud.config import MatrixConnector
from ombud.connectors import matrix_chat, matrix_direct
from ombud.connectors.matrix_asked import Memory, Posts
from ombud.errors import OmbudError

EXTENSIBLE = {"m.text": [{"body": "t", "mimetype": "text/html"}], "org.matrix.msc1767.text": "q"}
POLL = {"question": EXTENSIBLE, "answers": [{"m.id": "1", **EXTENSIBLE}]}
IMAGE = {
    "body": "hi",
    "msgtype": "m.image",
    "url": "mxc://a/b",
    "filename": "f",
    "geo_uri": "geo:1",
    "format": "org.matrix.custom.html",
    "formatted_body": "<b>hi</b>",
    "file": {"url": "mxc://a/e"},
    "info": {
        "mimetype": "image/png",
        "thumbnail_url": "mxc://a/c",
        "thumbnail_file": {"url": "mxc://a/d"},
    },
    "m.mentions": {"user_ids": [ANA], "room": True},
}
CONTENT: dict[str, Any] = {
    **IMAGE,
    **EXTENSIBLE,
    "membership": "join",
    "displayname": "x",
    "avatar_url": "mxc://x/y",
    "reason": "r",
    "name": "n",
    "topic": "t",
    "room_alias_name": "al",
    "shortcode": "sc",
    "m.topic": EXTENSIBLE,
    "m.caption": EXTENSIBLE,
    "m.file": {"url": "mxc://x/z", "name": "n"},
    "m.location": {"uri": "geo:1,2", "description": "d"},
    "m.poll": POLL,
    "m.poll.start": POLL,
    PREVIEWS: [{"matched_url": "http://x", "og:title": "t"}],
    PROFILE: {"displayname": "d"},
    "itemtypes": [IMAGE],
    "m.new_content": IMAGE,
    "m.relates_to": {
        "rel_type": "m.replace",
        "event_id": "$0",
        "key": "yes",
        "m.in_reply_to": {"event_id": "$z"},
    },
}
UNSIGNED = {"age": 1, "prev_content": {"membership": "join", "displayname": "a"}}
WHOLE = said(CONTENT, state_key=ANA, redacts="$0", unsigned=UNSIGNED)
KINDS = (
    *("m.room.message", "m.sticker", "m.room.member", "m.room.redaction", "m.reaction"),
    *("m.room.avatar", "m.room.topic", "m.room.create", "m.poll.end"),
    "org.matrix.msc3381.poll.start",
)
ODD: tuple[Any, ...] = ([["x"]], {"a": {"b": ["c"]}}, 10**30, True, None, "\x00\ud800", "x" * 300)
SETTINGS = msgspec.convert(
    {"url": "http://127.0.0.1", "server": SERVER, "rooms": [ROOM], "staff_room": "!s"},
    MatrixConnector,
)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything that stands in a value."""
    inner = dict(enumerate(value)) if isinstance(value, list) else value
    for key, each in inner.items() if isinstance(inner, dict) else ():
        yield (*way, key)
        yield from places(each, (*way, key))


def changed(event: dict[str, Any], way: tuple[Any, ...], odd: Any) -> dict[str, Any]:
    """An event with something odd in one place."""
    made = copy.deepcopy(event)
    inner: Any = made
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = odd
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_odd_in_any_place_raises(kind: str) -> None:
    """Nor does it make an event that Ombud refuses with anything but an error in three parts."""
    plain = {key: CONTENT[key] for key in CONTENT if key != "m.new_content"}
    for event in ({**WHOLE, "type": kind}, {**WHOLE, "type": kind, "content": plain}):
        memory, posts = Memory(), Posts()
        for way in places(event):
            for odd in ODD:
                one = changed(event, way, odd)
                for mapped in posts.read(one, "talk", SERVER, 1_790_000_000_000):
                    events.attempt(msgspec.json.encode(mapped))
                memory.asked_before("talk", one)
                for room in (ROOM, "!s", "!other"):
                    matrix_chat.heard({**one, "room_id": room}, SETTINGS)
                    for other in (one, {key: one[key] for key in one if key != "state_key"}):
                        matrix_direct.asking({**other, "room_id": room}, SETTINGS)


def test_nothing_odd_is_asked_about_in_vain() -> None:
    """Before publication: it is read, or refused with an error of ours; no other is raised."""
    event, memory = {**WHOLE, "type": "m.room.message"}, Memory()
    for way in places(event):
        for odd in ODD[:-2]:
            asked = {"platform": "talk", "event": changed(event, way, odd)}
            with suppress(OmbudError):
                memory.read(msgspec.json.encode(asked), {"talk": SETTINGS})
