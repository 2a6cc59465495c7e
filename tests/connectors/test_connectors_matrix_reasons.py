"""What is said beside messages on Matrix: reasons, reactions in words, a room's picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from connectors.test_connectors_matrix_events import ANA, BO, ROOM, read, said
from ombud.connectors import matrix_events
from ombud.model import Event

ROOT = Path(__file__).resolve().parents[2]
SHARED = re.compile(
    r"^(?:_(?:SHAPED|FLAG|KEYCAP) = .*|    (?:bare|shaped) = [_l].*|    return shaped .*)$",
    re.MULTILINE,
)


@pytest.mark.parametrize("membership", ["leave", "ban", "knock"])
def test_the_reason_of_a_membership_is_a_post(membership: str) -> None:
    """Of somebody who leaves or knocks, and of who is put out: it is said by whoever does it, can
    be redacted as the event it is, and names whom it is about.
    """
    why = {"membership": membership, "reason": "cheap bags"}
    own = read(said(why, type="m.room.member", state_key=ANA))
    assert (own.type, own.subject, own.data.text) == ("post.created", f"{ROOM}/$one", "cheap bags")
    assert not own.data.mentions
    other = read(said(why, type="m.room.member", state_key=BO))
    assert [each.id for each in other.data.mentions or ()] == [BO]
    assert other.data.author is not None
    assert other.data.author.id == ANA


def test_the_reason_of_a_redaction_is_a_post_beside_the_deletion() -> None:
    """Both are told, the reason as an answer to what is gone, each under an id of its own."""
    gone = said({"reason": "cheap bags"}, type="m.room.redaction", redacts="$zero")
    why = read(gone)
    assert (why.id, why.type, why.subject) == ("$one", "post.created", f"{ROOM}/$one")
    assert why.data.text == "cheap bags"
    assert why.data.in_reply_to is not None
    assert why.data.in_reply_to.id == f"{ROOM}/$zero"
    bare = matrix_events.without_reason(gone)
    assert bare is not None
    deleted = read(dict(bare))
    assert (deleted.id, deleted.type) == ("$one/gone", "post.deleted")
    assert deleted.subject == f"{ROOM}/$zero"
    assert matrix_events.without_reason(bare) is None
    assert matrix_events.without_reason(said({"body": "x", "reason": "y"})) is None
    assert matrix_events.without_reason({**gone, "event_id": 5, "content": 7}) is None


def reacted(key: str, **more: Any) -> Event:
    """A reaction to a message."""
    relation = {"rel_type": "m.annotation", "event_id": "$zero", "key": key}
    return read(said({"m.relates_to": relation, **more}, type="m.reaction"))


def test_a_reaction_in_words_is_an_answer() -> None:
    """Words, digits and what says the name of a picture are read; so is the picture."""
    words = reacted("cheap bags")
    assert (words.type, words.subject) == ("post.created", f"{ROOM}/$one")
    assert words.data.text == "cheap bags"
    assert words.data.in_reply_to is not None
    assert words.data.in_reply_to.id == f"{ROOM}/$zero"
    assert reacted("88").data.text == "88"
    for field in matrix_events.SHORTCODES:
        picture = reacted("mxc://hs/abc", **{field: ":cheap bags:"})
        assert picture.data.text == ":cheap bags:"
        assert [each.id for each in picture.data.media or ()] == ["mxc://hs/abc"]
    assert reacted("mxc://hs/abc").data.text == ""


@pytest.mark.parametrize(
    ("key", "words"),
    [
        *((each, True) for each in ("kill", "88", "+1", "ⓚⓘⓛⓛ", "🄺🄸🄻🄻", "🅺🅸🅻🅻", "🇰🇮🇱🇱")),
        *((each, False) for each in ("👍", "❤️", "🇻🇳", "1️⃣", "ℹ️", "🆗", "🅰️")),
    ],
)
def test_words_are_words_in_whatever_letters(key: str, words: bool) -> None:
    """Spelt in circles, squares or the letters of flags they are read; a flag, a keycap and one
    letter by itself are signs.
    """
    assert matrix_events.worded(key) is words


def test_the_module_asks_about_the_words_that_are_read() -> None:
    """It takes nothing from Ombud's own package, so it has the same few lines."""
    here, there = (
        SHARED.findall(path.read_text("utf-8"))
        for path in (
            Path(matrix_events.__file__),
            ROOT / "connectors-synapse/ombud_synapse/telling.py",
        )
    )
    assert len(here) == 6
    assert here == there


def test_a_room_s_picture_and_the_end_of_a_poll_are_posts() -> None:
    """The picture is among what is judged; the words at the end of a poll are read."""
    picture = read(said({"url": "mxc://hs/abc"}, type="m.room.avatar", state_key=""))
    assert picture.type == "post.created"
    assert [each.id for each in picture.data.media or ()] == ["mxc://hs/abc"]
    for kind in ("m.poll.end", "org.matrix.msc3381.poll.end"):
        assert read(said({"m.text": [{"body": "cheap bags"}]}, type=kind)).data.text == "cheap bags"


@pytest.mark.parametrize(
    ("target", "leads_away"),
    [
        ("@bo:far.example", False),
        ("%40bo:far.example", False),
        ("#tea:hs.example", False),
        ("%23tea:hs.example?via=far.example", False),
        (f"{ROOM}/$one:far.example", False),
        ("#tea:far.example", True),
        ("%23tea%3Afar.example", True),
        ("!abc:far.example/$one?via=hs.example", True),
        ("!abcdefg?via=hs.example", True),
    ],
)
def test_what_leads_into_rooms_elsewhere_is_a_link(target: str, *, leads_away: bool) -> None:
    """People and rooms of this homeserver are mentioned; a room of another one is led to."""
    link = f'<a href="https://matrix.to/#/{target}">here</a>'
    found = read(said({"body": "here", "formatted_body": link})).data.links or ()
    assert [each.url for each in found] == [f"https://matrix.to/#/{target}"] * leads_away
