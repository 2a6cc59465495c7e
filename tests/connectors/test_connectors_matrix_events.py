"""What stands in a room of Matrix reads as an event of Ombud's, whatever a stranger put into it."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import events, journal
from ombud.connectors.matrix_events import mapped
from ombud.errors import BadEvent
from ombud.model import Event

ROOM, SERVER, SEEN = "!room:hs.example", "hs.example", 1_800_000_000_123
ANA, BO = "@ana:hs.example", "@bo:far.example"


def said(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An event as Synapse hands it out."""
    return {
        "event_id": "$one",
        "room_id": ROOM,
        "sender": ANA,
        "type": "m.room.message",
        "origin_server_ts": 1_700_000_000_001,
        "content": content,
        **more,
    }


def read(event: dict[str, Any], **known: Any) -> Event:
    """It through the mapping and Ombud's own reader."""
    found = mapped(event, "matrix", SERVER, SEEN, **known)
    assert found is not None
    return events.decode(msgspec.json.encode(found))


def test_a_message_is_a_post() -> None:
    """Who, where, when, what, and the subject by which it can be redacted."""
    event = read(said({"msgtype": "m.text", "body": "hello"}), created=1_600_000_000_000)
    assert (event.id, event.source, event.subject) == ("$one", f"matrix/{ROOM}", f"{ROOM}/$one")
    assert (event.type, event.data.text) == ("post.created", "hello")
    assert event.time.isoformat() == "2023-11-14T22:13:20.001000+00:00"
    author, server, room = event.data.author, event.data.server, event.data.room
    assert author is not None
    assert server is not None
    assert room is not None
    assert (author.id, server.id, room.id) == (ANA, SERVER, ROOM)
    assert author.created is not None
    assert author.created.year == 2020


def test_a_remote_server_is_not_believed_about_time() -> None:
    """What it says of when counts for nothing: it was first seen here, now; nobody is so old."""
    event = read(said({"body": "x"}, sender=BO), created=1_000)
    assert event.time.timestamp() == SEEN / 1000
    assert event.data.author is not None
    assert event.data.author.created is None
    assert event.data.server is not None
    assert event.data.server.id == "far.example"


def test_what_was_asked_and_what_is_read_say_the_same() -> None:
    """The copy that Synapse sends later is the publication of what its module asked about, though
    the module knew more of the author.
    """
    content = {"msgtype": "m.image", "body": "a cat", "url": "mxc://hs.example/1", "info": {}}
    asked = read(said(content), created=1_600_000_000_000, name="Ana")
    sent = read(said(content, unsigned={"age": 12}))
    key = bytes(32)
    assert journal.published(key, asked) == journal.published(key, sent)
    assert journal.identity(key, asked.source, asked.id) == journal.identity(
        key, sent.source, sent.id
    )
    other = read(said({**content, "url": "mxc://hs.example/2"}))
    assert journal.published(key, other) != journal.published(key, sent)


def test_links_are_told_with_what_is_shown() -> None:
    """A link that shows another address than it leads to is told with both; a mention is none."""
    formatted = (
        'see <a href="https://evil.example/?a=1&amp;b">https://<b>good</b>.example</a> '
        "<A class='x' HREF='https://two.example'>two</A> "
        '<a href="https://matrix.to/#/@bo:far.example">Bo</a> <a name="x">no</a>'
    )
    content = {"body": "see", "formatted_body": formatted, "m.mentions": {"user_ids": [BO, 7, BO]}}
    data = read(said(content)).data
    assert data.links is not None
    assert data.mentions is not None
    assert [(each.url, each.shown) for each in data.links] == [
        ("https://evil.example/?a=1&b", "https://good.example"),
        ("https://two.example", "two"),
    ]
    assert [each.id for each in data.mentions] == [BO]


@pytest.mark.parametrize("relation", ["reply", "thread"])
def test_an_answer_names_what_it_answers(relation: str) -> None:
    """A reply and a post in a thread are of the kind reply."""
    of = {
        "reply": {"m.in_reply_to": {"event_id": "$zero"}},
        "thread": {"rel_type": "m.thread", "event_id": "$zero"},
    }
    event = read(said({"body": "yes", "m.relates_to": of[relation]}))
    assert event.data.in_reply_to is not None
    assert event.data.in_reply_to.id == f"{ROOM}/$zero"


def test_an_edit_is_about_the_first() -> None:
    """It says what the post says now, and acting on it acts on the post."""
    content = {
        "body": "* new",
        "m.new_content": {"msgtype": "m.text", "body": "new"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$zero"},
    }
    event = read(said(content))
    assert (event.type, event.subject, event.data.text) == ("post.edited", f"{ROOM}/$zero", "new")


def test_nobody_edits_what_is_somebody_else_s() -> None:
    """What says so is a post of its own: what is done to it must not be done to the other one."""
    content = {
        "body": "* bags",
        "m.new_content": {"msgtype": "m.text", "body": "bags"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$zero"},
    }
    event = read(
        said(content), others=lambda subject, who: (subject, who) == (f"{ROOM}/$zero", ANA)
    )
    assert (event.type, event.subject) == ("post.created", f"{ROOM}/{event.id}")
    assert event.data.text == "bags"
    event = read(said(content), others=lambda subject, who: False)  # noqa: ARG005
    assert event.type == "post.edited"


@pytest.mark.parametrize("place", ["content", "top"])
def test_a_redaction_is_a_deletion(place: str) -> None:
    """Wherever the room's version puts what is redacted."""
    content = {"redacts": "$zero"} if place == "content" else {}
    more = {"redacts": "$zero"} if place == "top" else {}
    event = read(said(content, type="m.room.redaction", **more))
    assert (event.type, event.subject) == ("post.deleted", f"{ROOM}/$zero")


def test_members_join_and_change_their_names() -> None:
    """A first join, a name that changes, and what is neither."""
    now = {"membership": "join", "displayname": "Admin"}

    def member(before: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
        unsigned = {} if before is None else {"prev_content": before}
        fields = {"type": "m.room.member", "state_key": ANA, "unsigned": unsigned}
        return said(now, **{**fields, **more})

    joined = read(member(None))
    assert (joined.type, joined.subject) == ("member.joined", f"{ROOM}/{ANA}")
    assert read(member({"membership": "leave"})).type == "member.joined"
    changed = read(member({"membership": "join", "displayname": "Ana"}))
    assert changed.type == "account.updated"
    assert changed.data.author is not None
    assert changed.data.author.name == "Admin"
    assert mapped(member(now), "matrix", SERVER, SEEN) is None
    # What stands beside `unsigned` is what the other homeserver wrote.
    assert read(member(None, prev_content=now)).type == "member.joined"
    assert mapped(member(None, state_key=BO), "matrix", SERVER, SEEN) is None


@pytest.mark.parametrize(
    "event",
    [
        said({"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}, type="m.room.encrypted"),
        said({}),
        said({"m.relates_to": {"key": "👍🏽"}}, type="m.reaction"),
        said({"m.relates_to": {"key": ["x"]}}, type="m.reaction"),
        said({}, type="m.room.avatar", state_key=""),
        said({"membership": "leave"}, type="m.room.member", state_key=ANA),
        said({"membership": ["leave"], "reason": "x"}, type="m.room.member", state_key=ANA),
        said({"membership": "ban", "reason": " "}, type="m.room.member", state_key=BO),
        said({"body": "x"}, room_id=None),
        {},
        said({"m.relates_to": {"m.in_reply_to": {"event_id": "$zero"}}}),
        said({}, sender=""),
    ],
)
def test_what_is_no_business_of_ours_is_dropped(event: dict[str, Any]) -> None:
    """What is encrypted above all; what says nothing; what has no name."""
    assert mapped(event, "matrix", SERVER, SEEN) is None


def test_hostile_fields_do_not_let_a_post_pass_unseen() -> None:
    """Fields of wrong types and sizes are left out; the post is read all the same."""
    content = {
        "body": "buy \ud800" + "x" * 70_000,
        "msgtype": "m.file",
        "url": ["x"],
        "info": {"mimetype": "y" * 500},
        "formatted_body": 5,
        "m.mentions": {"user_ids": "all"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": {}},
        "m.new_content": [],
    }
    data = read(said(content, origin_server_ts=10**30)).data
    assert data.text is not None
    assert data.text.startswith("buy ?")
    assert data.links is None
    assert data.mentions is None


def test_formatted_text_takes_linear_time() -> None:
    """The worst that fits into an event is read in a moment."""
    for worst in ("<a ", "<a href=", '<a href="x">', "<", "<a <", '<a href="x"><' * 2):
        began = time.process_time()
        mapped(said({"body": "x", "formatted_body": worst * (65_536 // len(worst))}), "m", "s", 1)
        assert time.process_time() - began < 1, worst


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_NAMES = ("body", "url", "info", "m.relates_to", "m.new_content", "m.mentions", "formatted_body")


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(_NAMES), _anything),
    st.sampled_from(["m.room.message", "m.sticker", "m.room.redaction", "m.room.member"]),
    _anything,
)
def test_nothing_that_is_sent_raises(content: dict[str, Any], type_: str, rest: Any) -> None:
    """Whatever stands in an event: it is mapped to something that Ombud can read, or dropped."""
    event = said(content, type=type_, unsigned=rest, redacts=rest, origin_server_ts=rest)
    found = mapped(event, "matrix", SERVER, SEEN)
    if found is None:
        return
    try:
        events.decode(msgspec.json.encode(found))
    except BadEvent as error:
        pytest.fail(f"{error.code} {error.where}: {found}")


# --- what stands only where most people look ------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "formatted", "text"),
    [
        ("**hi** all", "<strong>hi</strong> all", "hi all"),
        ("hi", "<p>buy <b>bags</b></p>now", "hi\nbuy bags\nnow"),
        ("", "<p>bags</p>", "bags"),
        ("a & b", "a &amp; b", "a & b"),
    ],
)
def test_formatted_text_that_says_otherwise_is_read(body: str, formatted: str, text: str) -> None:
    """People are shown the formatted text: what stands only there is judged too."""
    content = {"body": body, "format": "org.matrix.custom.html", "formatted_body": formatted}
    assert read(said(content)).data.text == text


def test_what_is_answered_is_not_the_answer() -> None:
    """The repeated text before a reply is somebody else's, where it repeats what they said."""
    body = "> <@bo:far.example> bags\n> cheap\n\nno thanks"
    content = {"body": body, "m.relates_to": {"m.in_reply_to": {"event_id": "$zero"}}}
    known = {(f"{ROOM}/$zero", "bags cheap")}

    def repeats(subject: str, text: str) -> bool:
        return (subject, text) in known

    assert read(said(content), repeats=repeats).data.text == "no thanks"
    assert read(said(content)).data.text == body
    assert read(said({"body": body}), repeats=repeats).data.text == body


@pytest.mark.parametrize(
    "content",
    [
        {"formatted_body": "cheap bags"},
        {"m.new_content": {"body": "cheap bags"}, "m.relates_to": {"rel_type": "m.replace"}},
        {"url": "mxc://far.example/1", "info": {"mimetype": "image/png"}},
        {"body": ""},
    ],
)
@pytest.mark.parametrize("type_", ["m.room.message", "m.sticker"])
def test_whatever_shows_something_is_a_post(type_: str, content: dict[str, Any]) -> None:
    """Other servers need not keep to what an event has to hold."""
    event = read(said(content, type=type_, sender=BO))
    assert event.type == "post.created"
    assert event.data.text or event.data.media or "body" in content


@pytest.mark.parametrize(
    "odd", ["@a\u202eb:far.example", "@a b\u200b:far.example", "@" + "a" * 300 + ":far.example"]
)
def test_who_cannot_be_named_is_judged_all_the_same(odd: str) -> None:
    """Under a name that is always the same, and nobody's on Matrix; their server stays known."""
    event, again = (read(said({"body": body}, sender=odd)) for body in "xy")
    other = read(said({"body": "x"}, sender=odd + "a"))
    assert event.data.author is not None
    assert event.data.author == again.data.author
    assert event.data.author != other.data.author
    assert event.data.author.id.startswith("unreadable/")
    assert event.data.server is not None
    assert event.data.server.id == "far.example"
    named = read(said({"body": "x"}, event_id="$" * 256))
    assert named.id.startswith("unreadable/")
    whole = said({"membership": "join"}, type="m.room.member", sender=odd, state_key=odd)
    assert read(whole).type == "member.joined"


@pytest.mark.parametrize(
    ("type_", "content", "text"),
    [
        ("m.room.topic", {"topic": "bags"}, "bags"),
        ("m.room.name", {"name": "bags"}, "bags"),
        (
            "m.poll.start",
            {
                "m.text": [{"body": "Which?\n1. bags"}],
                "m.poll": {
                    "question": {"m.text": [{"body": "Which?"}]},
                    "answers": [{"m.text": [{"mimetype": "text/plain", "body": "bags"}]}, 7],
                },
            },
            "Which?\nbags",
        ),
        (
            "org.matrix.msc3381.poll.start",
            {
                "org.matrix.msc3381.poll.start": {
                    "question": {"org.matrix.msc1767.text": "Which?"},
                    "answers": [{"org.matrix.msc1767.text": "bags"}],
                }
            },
            "Which?\nbags",
        ),
    ],
)
def test_signs_and_polls_are_posts(type_: str, content: dict[str, Any], text: str) -> None:
    """A room's name and topic and the parts of a poll are read by everybody in the room."""
    event = read(said(content, type=type_, state_key=""))
    assert (event.type, event.data.text) == ("post.created", text)


def test_an_invitation_names_both() -> None:
    """Who invites is its author; who is invited is mentioned."""
    event = read(said({"membership": "invite"}, type="m.room.member", state_key=BO))
    assert (event.type, event.subject) == ("member.invited", f"{ROOM}/{BO}")
    assert event.data.author is not None
    assert event.data.mentions is not None
    assert (event.data.author.id, event.data.mentions[0].id) == (ANA, BO)


@pytest.mark.parametrize(("membership", "whom"), [("join", ANA), ("invite", BO)])
def test_the_reason_of_a_join_or_an_invitation_is_its_text(membership: str, whom: str) -> None:
    """It is shown to the room, or to whoever is asked in; without one there is no text."""
    content = {"membership": membership, "reason": "cheap bags"}
    event = read(said(content, type="m.room.member", state_key=whom))
    assert event.data.text == "cheap bags"
    content = {"membership": membership, "reason": ""}
    assert read(said(content, type="m.room.member", state_key=whom)).data.text is None


def test_a_known_digest_is_told() -> None:
    """Of the file that is shown; what is no digest is left out."""
    content = {"msgtype": "m.image", "body": "a", "url": "mxc://hs.example/1"}
    for digest, kept in (("0" * 64, "0" * 64), ("0" * 63, None), ("Z" * 64, None)):
        media = read(said(content), digests={"mxc://hs.example/1": digest}).data.media
        assert media is not None
        assert media[0].sha256 == kept
    media = read(said(content), digests={"mxc://hs.example/2": "0" * 64}).data.media
    assert media is not None
    assert media[0].sha256 is None
