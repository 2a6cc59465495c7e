"""What the module for Synapse asks: read, remembered where it has no id yet, and known again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ombud import clock
from ombud.config import MatrixConnector
from ombud.connectors.matrix_asked import Memory, Posts
from ombud.errors import BadEvent, BadUse
from ombud.model import EVENT_BYTES_MAX, Event

ROOM, ANA, BO = "!room", "@ana:hs.example", "@bo:hs.example"
SAID = {
    "event_id": "$one",
    "room_id": ROOM,
    "sender": ANA,
    "type": "m.room.message",
    "origin_server_ts": 1_700_000_000_000,
    "content": {"msgtype": "m.image", "body": "hello", "url": "mxc://hs.example/1"},
}


def member(whom: str = ANA, membership: str = "join", **more: Any) -> dict[str, Any]:
    """Somebody comes or is asked in."""
    return {
        "room_id": ROOM,
        "sender": ANA,
        "type": "m.room.member",
        "state_key": whom,
        "origin_server_ts": 1_700_000_000_000,
        "content": {"membership": membership},
        **more,
    }


def asked(event: dict[str, Any], **more: Any) -> bytes:
    """The module's question."""
    return json.dumps({"platform": "matrix", "event": event, **more}).encode()


def read(memory: Memory, event: dict[str, Any], **more: Any) -> Event:
    """The event that is asked about."""
    found = memory.read(asked(event, **more), {})
    assert found is not None
    return found


def test_a_message_is_read_with_what_synapse_knows() -> None:
    """Its own id, since when its author is here, their name, and the digest of the file."""
    known = {"created": 1_600_000_000_000, "name": "Ana", "media": {"mxc://hs.example/1": "0" * 64}}
    event = read(Memory(), SAID, **known)
    author, media = event.data.author, event.data.media
    assert author is not None
    assert author.created is not None
    assert media is not None
    assert (event.id, event.source, event.data.text) == ("$one", f"matrix/{ROOM}", "hello")
    assert (author.id, author.name, author.created.year) == (ANA, "Ana", 2020)
    assert media[0].sha256 == "0" * 64


def test_a_name_of_any_length_is_no_way_out() -> None:
    """A member's state holds what they write into it: what they say is judged all the same."""
    author = read(Memory(), SAID, name="a" * 60_000).data.author
    assert author is not None
    assert author.name == "a" * 500


def test_a_join_is_known_again_once() -> None:
    """By the id under which it was asked about last; not somebody else's, nor elsewhere."""
    memory = Memory()
    first, then = read(memory, member()), read(memory, member())
    assert (first.type, first.data.room is not None) == ("member.joined", True)
    assert first.id != then.id
    come = member(event_id="$joined")
    assert memory.asked_before("matrix", member(BO, event_id="$other")) is None
    assert memory.asked_before("other", come) is None
    assert memory.asked_before("matrix", member(membership="invite")) is None
    assert memory.asked_before("matrix", come) == then.id
    assert memory.asked_before("matrix", come) == then.id  # the same, which was not kept
    assert memory.asked_before("matrix", {**come, "event_id": "$more"}) is None


def test_invitations_are_known_again_by_whom_they_ask_in() -> None:
    """Two people invited by one are two."""
    memory = Memory()
    ids = {whom: read(memory, member(whom, "invite")).id for whom in (BO, "@cy:far.example")}
    for whom, id_ in ids.items():
        assert memory.asked_before("matrix", member(whom, "invite", event_id="$i")) == id_


def test_a_new_room_has_no_room_yet() -> None:
    """Alias, name and topic are its text."""
    content = {"room_alias_name": "bags", "name": "Bags", "topic": "cheap", "x": 1}
    event = read(Memory(), {"type": "m.room.create", "sender": ANA, "content": content})
    assert (event.type, event.data.text) == ("room.created", "bags\nBags\ncheap")
    assert (event.source, event.data.room) == ("matrix/hs.example", None)
    there = {"type": "m.room.create", "sender": ANA, "room_id": ROOM, "event_id": "$c"}
    assert Memory().read(asked(there), {}) is None


def test_another_server_is_not_believed_about_time() -> None:
    """Who is of the homeserver is dated by it; who is not, by when it is asked; nor is it believed
    how long their account has been there.
    """
    here = MatrixConnector(url="http://127.0.0.1:1", server="hs.example", rooms=(ROOM,))
    for sender, year in ((ANA, 2023), ("@zoe:far.example", clock.to_datetime(clock.now()).year)):
        told = asked({**SAID, "sender": sender}, created=1_600_000_000_000)
        event = Memory().read(told, {"matrix": here})
        assert event is not None
        assert event.data.author is not None
        assert event.time.year == year
        assert (event.data.author.created is None) is (year != 2023)


def test_both_sides_name_the_rooms() -> None:
    """A room that the module's settings name and ours do not is an error, and no check."""
    here = MatrixConnector(url="http://127.0.0.1:1", server="hs.example", rooms=(ROOM,))
    assert Memory().read(asked(SAID), {"matrix": here}) is not None
    for event in (SAID, member()):
        with pytest.raises(BadUse) as caught:
            Memory().read(asked({**event, "room_id": "!other"}), {"matrix": here})
        assert caught.value.code == "U473"
    own = {**SAID, "sender": here.account}
    assert Memory().read(asked(own), {"matrix": here}) is None
    assert Memory().read(asked(own), {"other": here}) is not None
    new = {"type": "m.room.create", "sender": ANA, "content": {"name": "x"}}
    assert Memory().read(asked(new), {"matrix": here}) is not None


@pytest.mark.parametrize("type_", ["m.reaction", "m.room.encrypted", "m.room.power_levels"])
def test_what_is_not_judged_is_nothing(type_: str) -> None:
    """No event, and no error: the module may ask."""
    assert Memory().read(asked({**SAID, "type": type_}), {}) is None


def test_what_is_remembered_is_bounded() -> None:
    """The oldest is forgotten: it would be counted twice, and no more."""
    memory = Memory(most=2)
    for whom in ("@a:h", "@b:h", "@c:h"):
        read(memory, member(whom, sender=whom))
    found = [memory.asked_before("matrix", member(each, sender=each)) for each in ("@a:h", "@c:h")]
    assert [each is None for each in found] == [True, False]


def test_a_reply_that_repeats_what_it_answers_is_read_without_it() -> None:
    """Once what it answers was published; of what nobody published, and with other words, all."""
    memory = Memory()
    first = {"subject": f"{ROOM}/$zero", "data": {"text": "cheap\nbags"}}
    relation = {"m.in_reply_to": {"event_id": "$zero"}}

    def text(quoted: str) -> str | None:
        content = {"body": f"> <@bo:far.example> {quoted}\n\nno", "m.relates_to": relation}
        return read(memory, {**SAID, "content": content}).data.text

    assert text("cheap\n> bags") != "no"
    memory.posts.remember(first)
    assert text("cheap\n> bags") == "no"
    assert text("cheap\n> hats") != "no"
    few = Posts(most=1)
    few.remember(first)
    few.remember({**first, "data": {"text": "other"}})
    few.remember({"data": {}})
    assert (few.say(f"{ROOM}/$zero", "cheap bags"), few.say(f"{ROOM}/$zero", "other")) == (
        False,
        True,
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "E001"),
        (b"\xff", "E001"),
        (b'{"event": {"a":' + b"[" * 100_000, "E001"),
        (b"[]", "E002"),
        (b'{"platform": "m", "event": []}', "E002"),
        (asked(SAID, other=1), "E002"),
        (asked(SAID, created=-1), "E002"),
        (asked(SAID, media={str(each): "" for each in range(65)}), "E002"),
        (b" " * (EVENT_BYTES_MAX + 1), "E003"),
    ],
)
def test_a_question_that_is_none_is_refused(content: bytes, code: str) -> None:
    """With the code of what is wrong, never with an error of ours."""
    with pytest.raises(BadEvent) as caught:
        Memory().read(content, {})
    assert caught.value.code == code


def test_it_is_known_whose_a_post_is() -> None:
    """For as long as it is remembered; whoever edits it makes it nobody else's."""
    posts = Posts(most=2)

    def remember(subject: str, who: str, type_: str = "post.created") -> None:
        data = {"text": "x", "author": {"id": who}}
        posts.remember({"type": type_, "subject": subject, "data": data})

    remember("!room/$one", ANA)
    remember("!room/$one", BO, "post.edited")
    assert [posts.of_another("!room/$one", each) for each in (ANA, BO)] == [False, True]
    assert not posts.of_another("!room/$two", BO)
    for number in range(3):
        remember(f"!room/$more{number}", ANA)
    assert not posts.of_another("!room/$one", BO)


def test_what_came_about_is_among_what_was_posted() -> None:
    """A post, and somebody else's edit of it, which is a post of its own; of a redaction with a
    reason both; of what says nothing, nothing.
    """
    posts = Posts()

    def types(event: dict[str, Any]) -> list[str]:
        return [each["type"] for each in posts.read(event, "matrix", "hs.example", 1)]

    edit = {
        "m.new_content": {"msgtype": "m.text", "body": "bye"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$one"},
        "body": "* bye",
    }
    assert types(SAID) == ["post.created"]
    assert posts.say(f"{ROOM}/$one", "hello")
    other = {**SAID, "event_id": "$two", "sender": BO, "content": edit}
    assert types(other) == ["post.created"]
    assert types({**other, "sender": ANA}) == ["post.edited"]
    gone = {"type": "m.room.redaction", "redacts": "$one", "content": {"reason": "rude"}}
    assert types({**SAID, **gone, "event_id": "$three"}) == ["post.created", "post.deleted"]
    assert types({**SAID, "content": {}}) == []
