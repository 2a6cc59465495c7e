"""Events: what is refused and with which path, what is kept, and the one canonical form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ombud import events, journal
from ombud.model import (
    EVENT_BYTES_MAX,
    LINKS_MAX,
    MENTIONS_MAX,
    TEXT_LENGTH_MAX,
    Account,
    Avatar,
)
from wire import refusal, wire

# --- not JSON, not UTF-8 --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"nul",
        b"{'id': 1}",
        wire()[:-1],
        wire() + b" {}",
        b"\xef\xbb\xbf" + wire(),
        wire().replace(b'"1"', b"NaN"),
    ],
)
def test_malformed_json_is_refused(line: bytes) -> None:
    """What is not exactly one JSON value is E001, whatever is wrong with it."""
    assert (refusal(line).code, refusal(line).where) == ("E001", "$")


def test_bytes_that_are_not_utf8_are_refused() -> None:
    """A byte that is no UTF-8 inside a declared field is E010."""
    assert refusal(wire().replace(b"general", b"gener\xffl")).code == "E010"
    assert refusal(wire({"text": "?"}).replace(b"?", "\ud800".encode("utf-8", "surrogatepass")))


@pytest.mark.parametrize("where", ["id", "source", "subject"])
def test_an_escaped_lone_surrogate_is_refused(where: str) -> None:
    r"""The escape \ud800 alone is no character, so that no field can hold one."""
    assert refusal(wire(**{where: "\ud800"})).code == "E001"


def test_an_escaped_lone_surrogate_in_the_text_is_refused() -> None:
    r"""The text can hold no half of a character either: all later stages can encode it."""
    assert refusal(wire({"text": "a\udfffb"})).code == "E001"


@pytest.mark.parametrize(
    "line",
    [
        wire()[:-1] + b', "x": ' + b"[" * 300_000 + b"]" * 300_000 + b"}",
        wire()[:-1] + b', "data": ' + b'{"x": ' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    ],
)
def test_deep_nesting_is_refused(line: bytes) -> None:
    """Nesting of any depth is an answer and no crash, in declared and in undeclared fields."""
    error = refusal(line)
    assert error.code == "E001"
    assert "nested too deeply" in error.message


# --- types, bounds and their paths ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code", "where"),
    [
        (b"[]", "E002", "$"),
        (b'"text"', "E002", "$"),
        (b"{}", "E002", "$"),
        (wire(id=5), "E002", "$.id"),
        (wire(id=""), "E002", "$.id"),
        (wire(time=1_577_836_800), "E002", "$.time"),
        (wire(time="2026-11-22"), "E002", "$.time"),
        (wire(time="2026-11-22T10:00:00"), "E002", "$.time"),
        (wire(specversion="0.3"), "E002", "$.specversion"),
        (wire(specversion=None), "E002", "$.specversion"),
        (wire([]), "E002", "$.data"),
        (wire({"author": "ana"}), "E002", "$.data.author"),
        (wire({"author": {}}), "E002", "$.data.author"),
        (wire({"author": {"id": 5}}), "E002", "$.data.author.id"),
        (wire({"author": {"id": "a", "roles": "admin"}}), "E002", "$.data.author.roles"),
        (wire({"text": ["a"]}), "E002", "$.data.text"),
        (wire({"links": [{"url": "http://a.example"}, {}]}), "E002", "$.data.links[1]"),
        (wire({"links": [{"url": True}]}), "E002", "$.data.links[0].url"),
        (wire({"reported": 5}), "E002", "$.data.reported"),
        (wire({"in_reply_to": {"id": "p", "author": {"id": 1}}}), "E002", None),
        (wire(id="i" * 256), "E004", "$.id"),
        (wire({"text": "a" * (TEXT_LENGTH_MAX + 1)}), "E004", "$.data.text"),
        (wire({"links": [{"url": "h" * 4097}]}), "E004", "$.data.links[0].url"),
        (wire({"mentions": [{"id": "a"}] * (MENTIONS_MAX + 1)}), "E005", "$.data.mentions"),
        (wire({"media": [{"id": "m"}] * 65}), "E005", "$.data.media"),
        (wire({"author": {"id": "a", "roles": ["r"] * 33}}), "E005", "$.data.author.roles"),
        (wire(type="post.liked"), "E007", "$.type"),
    ],
)
def test_each_wrong_field_is_named_by_its_path(line: bytes, code: str, where: str | None) -> None:
    """A field of the wrong type or size is refused with its path."""
    error = refusal(line)
    assert error.code == code
    assert error.where == (where or "$.data.in_reply_to.author.id")


def test_an_event_of_ten_megabytes_is_refused_before_it_is_read() -> None:
    """More bytes than one event may have are E003, with both sizes in the message."""
    error = refusal(b"{" * (10 * 1024 * 1024))
    assert error.code == "E003"
    assert str(EVENT_BYTES_MAX) in error.message


def test_an_event_of_exactly_the_limit_is_taken() -> None:
    """The bound is inclusive: padding up to the limit is no offence."""
    line = wire()
    assert events.decode(line + b" " * (EVENT_BYTES_MAX - len(line))).id == "1"
    assert refusal(line + b" " * (EVENT_BYTES_MAX - len(line) + 1)).code == "E003"


def test_an_avatar_is_taken_by_its_hashes_and_a_bad_one_is_refused() -> None:
    """64 small hexadecimal digits, and nothing behind them; who sends none is as before."""

    def told(avatar: str) -> bytes:
        author = b'{"id": "a", "avatar": {' + avatar.encode() + b"}}"
        return wire()[:-1] + b', "data": {"author": ' + author + b"}}"

    event = events.decode(told('"pdq": "' + "0a" * 32 + '", "quality": 7'))
    assert event.data.author is not None
    assert event.data.author.avatar == Avatar(pdq="0a" * 32, quality=7)
    for bad in ("0A" * 32, "0a" * 31, "0" * 63 + "\\n", "0a" * 33, "zz" * 32):
        error = refusal(told(f'"pdq": "{bad}"'))
        assert error.code in ("E002", "E004")
        assert error.where == "$.data.author.avatar.pdq"
    assert refusal(told('"quality": 101')).where == "$.data.author.avatar.quality"
    plain = wire()[:-1] + b', "data": {"author": {"id": "a"}}}'
    assert b"avatar" not in journal.submission(events.decode(plain)).canonical


def test_a_hundred_thousand_links_are_refused() -> None:
    """A link list of any length is refused: by the list's bound or by the event's size."""
    short = b'{"url":"h"}'
    many = b",".join([short] * 80_000)
    line = wire()[:-1] + b', "data": {"links": [' + many + b"]}}"
    assert len(line) <= EVENT_BYTES_MAX
    error = refusal(line)
    assert (error.code, error.where) == ("E005", "$.data.links")
    assert str(LINKS_MAX) in error.message
    line = line.replace(many, b",".join([short] * 100_000))
    assert refusal(line).code == "E003"


def test_messages_hold_no_control_characters_of_the_sender() -> None:
    """What an attacker writes cannot reach a terminal raw through the message of its refusal."""
    error = refusal(wire(type="post\u202e\x1b[31m.created\n"))
    assert error.code == "E007"
    assert error.message.isprintable()
    assert len(refusal(wire(type="x" * 255)).message) < 500


# --- identifiers and text -------------------------------------------------------------------------

UNPRINTABLE = ["\x00", "\n", "\x7f", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00a0"]


def account(bad: str) -> dict[str, object]:
    """An account with a bad identifier."""
    return {"id": f"a{bad}b"}


IDENTIFIERS: list[tuple[str, Any]] = [
    ("$.id", lambda bad: wire(id=f"a{bad}b")),
    ("$.source", lambda bad: wire(source=f"a{bad}b")),
    ("$.subject", lambda bad: wire(subject=f"a{bad}b")),
    ("$.data.author.id", lambda bad: wire({"author": account(bad)})),
    ("$.data.author.roles[1]", lambda bad: wire({"author": {"id": "a", "roles": ["x", bad]}})),
    ("$.data.room.id", lambda bad: wire({"room": account(bad)})),
    ("$.data.server.id", lambda bad: wire({"server": account(bad)})),
    ("$.data.mentions[1].id", lambda bad: wire({"mentions": [{"id": "a"}, account(bad)]})),
    ("$.data.in_reply_to.id", lambda bad: wire({"in_reply_to": account(bad)})),
    (
        "$.data.in_reply_to.author.id",
        lambda bad: wire({"in_reply_to": {"id": "p", "author": account(bad)}}),
    ),
    ("$.data.media[0].id", lambda bad: wire({"media": [account(bad)]})),
    ("$.data.reporter.id", lambda bad: wire({"reporter": account(bad)})),
    ("$.data.reported", lambda bad: wire({"reported": f"a{bad}b"})),
    ("$.data.reported.id", lambda bad: wire({"reported": account(bad)})),
    (
        "$.data.reported.author.id",
        lambda bad: wire({"reported": {"id": "p", "author": account(bad)}}),
    ),
    ("$.data.check_id", lambda bad: wire({"check_id": f"a{bad}b"})),
]


@pytest.mark.parametrize(("where", "line"), IDENTIFIERS, ids=[where for where, _ in IDENTIFIERS])
def test_identifiers_hold_only_what_can_be_printed(where: str, line: Any) -> None:
    """NUL, bidi marks, zero-width characters and the like are refused in every identifier."""
    for bad in UNPRINTABLE:
        error = refusal(line(bad))
        assert (error.code, error.where) == ("E006", where)


def test_identifiers_of_all_scripts_are_taken() -> None:
    """An identifier may hold letters of any script, spaces and signs."""
    for identifier in ("Nguyễn Thị Ánh", "用户", "مريم", "@ana:matrix.example", "🙂"):
        event = events.decode(wire({"author": {"id": identifier}}))
        assert event.data.author is not None
        assert event.data.author.id == identifier


def test_texts_keep_every_character() -> None:
    """NUL, bidi and zero-width characters in texts and names are data: signals must see them."""
    text = "".join(UNPRINTABLE)
    event = events.decode(wire({"text": text, "author": {"id": "a", "name": text}}))
    assert event.data.text == text
    assert event.data.author == Account("a", name=text)
    assert events.decode(events.encode(event)) == event


# --- times ----------------------------------------------------------------------------------------

TIMES: list[tuple[str, Any]] = [
    ("$.time", lambda time: wire(time=time)),
    ("$.data.author.created", lambda time: wire({"author": {"id": "a", "created": time}})),
    ("$.data.server.created", lambda time: wire({"server": {"id": "s", "created": time}})),
    ("$.data.mentions[0].created", lambda time: wire({"mentions": [{"id": "a", "created": time}]})),
    ("$.data.before.time", lambda time: wire({"before": {"time": time}})),
]


@pytest.mark.parametrize(("where", "line"), TIMES, ids=[where for where, _ in TIMES])
def test_times_lie_between_1970_and_9999(where: str, line: Any) -> None:
    """Every time from 1970 to 9999 in UTC is taken, every other one refused with its path."""
    for taken in ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"):
        events.decode(line(taken))
    for early in ("1969-12-31T23:59:59.999999Z", "0001-01-01T00:00:00+14:00"):
        assert (refusal(line(early)).code, refusal(line(early)).where) == ("E009", where)
    late = refusal(line("9999-12-31T23:59:59-01:00"))
    assert (late.code, late.where) == ("E009", where)


@pytest.mark.parametrize(("where", "line"), TIMES, ids=[where for where, _ in TIMES])
def test_the_offset_of_a_time_zone_changes_nothing(where: str, line: Any) -> None:
    """Two ways to write one instant have one canonical form, in every field that holds a time."""
    utc = events.decode(line("2026-11-22T10:00:00.5Z"))
    hanoi = events.decode(line("2026-11-22T17:00:00.500000+07:00"))
    assert events.encode(utc) == events.encode(hanoi), where


# --- canonical form -------------------------------------------------------------------------------


def test_undeclared_fields_are_dropped() -> None:
    """An address or a device id that the platform sends along is not kept anywhere."""
    event = events.decode(
        wire(
            {"ip": "192.0.2.7", "author": {"id": "a", "email": "a@b.example", "device": {"x": 1}}},
            clientip="192.0.2.7",
            traceparent="00-1",
        )
    )
    canonical = events.encode(event)
    for secret in (b"192.0.2", b"@b.example", b"device", b"traceparent", b"clientip"):
        assert secret not in canonical


def test_the_order_of_fields_changes_nothing() -> None:
    """Equal events have equal canonical bytes, however their fields are ordered and spaced."""
    body = json.loads(wire({"text": "a", "room": {"id": "r", "name": "R"}}, subject="post/1"))
    turned = {name: body[name] for name in reversed(body)}
    turned["data"] = {name: body["data"][name] for name in reversed(body["data"])}
    spaced = json.dumps(turned, indent=3, ensure_ascii=True).encode()
    assert events.encode(events.decode(spaced)) == events.encode(
        events.decode(json.dumps(body).encode())
    )


def test_what_is_left_out_equals_what_is_null() -> None:
    """A missing specversion is 1.0; a field that is null is a field left out."""
    plain = events.encode(events.decode(wire({"author": {"id": "a"}})))
    assert events.encode(events.decode(wire({"author": {"id": "a"}}, specversion="1.0"))) == plain
    full = wire({"author": {"id": "a", "name": None, "roles": []}, "text": None}, subject=None)
    assert events.encode(events.decode(full)) == plain


def test_an_empty_text_is_not_an_unknown_text() -> None:
    """What the platform said to be empty stays apart from what it did not say."""
    assert events.decode(wire({"text": ""})).data.text == ""
    assert events.decode(wire({"links": []})).data.links == ()
    assert events.encode(events.decode(wire({"text": ""}))) != events.encode(events.decode(wire()))
