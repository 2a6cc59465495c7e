"""What stands on a policy list is read as far as it can count, and nothing else is."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ombud.clock import rfc3339
from ombud.config import MatrixConnector
from ombud.connectors import matrix_policies as policies
from ombud.connectors.matrix_client import Client, Said
from ombud.connectors.matrix_policies import Found, Own, Rule

SETTINGS = msgspec.convert(
    {"url": "http://hs", "server": "hs", "rooms": ["!a"], "staff_room": "!s"}, MatrixConnector
)


class Homeserver:
    """A client that is given the state of a room, by type."""

    state = Client.state

    def __init__(self, *events: Any, **more: Said) -> None:
        self.events = events
        self.more = more

    def ask(self, _: str, path: str, *parts: str, query: Any = None, most: int = 0) -> Said:
        """As a homeserver answers; one that does not know `type` tells all."""
        if path.endswith("/messages"):
            assert policies.USER in query["filter"]
            return self.more.get("messages", Said(200, {"chunk": []}))
        if "m.room.create" in parts:
            made = {"sender": "@maker:hs", "content": {"additional_creators": ["@also:hs", 5]}}
            return self.more.get("made", Said(200, made))
        if "m.room.power_levels" in parts:
            return self.more.get("levels", Said(200, {"users": {"@mod:hs": 50, "@low:hs": 49}}))
        if path.endswith("/joined_members"):
            return self.more.get("members", Said(200, {"joined": {"@staff:far": {}}}))
        assert path.endswith("/state")
        assert most == policies.BYTES_MAX
        assert parts == ("!list",)
        return self.more.get("state", Said(200, {"state": list(self.events)}))


def event(entity: object, kind: str = "user", number: int = 1, **more: Any) -> dict[str, Any]:
    """A piece of state that names somebody."""
    content = {"entity": entity, "recommendation": "m.ban", "reason": "spam"}
    content |= more.pop("content", {})
    return {
        "type": f"m.policy.rule.{kind}",
        "state_key": f"rule:{entity}",
        "event_id": f"${number}",
        "sender": "@list:far",
        "origin_server_ts": number,
        "content": content,
        **more,
    }


def read(*events: Any, **more: Said) -> Found:
    """What is read of a room."""
    found = policies.read(Homeserver(*events, **more), "!list")  # type: ignore[arg-type]
    assert isinstance(found, Found)
    return found


def test_an_entry_is_read_with_its_provenance() -> None:
    """Whom, what is recommended, why, by whom, when, in which event; in the order of time."""
    second = event("bad.example", "server", 2, content={"recommendation": "m.takedown"})
    found = read(second, event("@spam:bad.example"))
    first = Rule("user", "@spam:bad.example", "ban", "spam", "$1", "@list:far", 1)
    later = Rule("server", "bad.example", "takedown", "spam", "$2", "@list:far", 2)
    assert found == Found([first, later], 0)


@pytest.mark.parametrize("type_", [t for t in policies.TYPES if not t.startswith("m.policy")])
def test_older_types_are_read(type_: str) -> None:
    """As they were written before they were specified."""
    kind = policies.TYPES[type_]
    entity = {"user": "@a:b", "server": "b", "room": "!r:b"}[kind]
    told = {"recommendation": "org.matrix.mjolnir.ban"}
    assert [each.kind for each in read(event(entity, type=type_, content=told)).rules] == [kind]


def test_what_was_taken_back_and_what_is_no_entry_is_left() -> None:
    """Empty content, redacted state; members of the room, were they told, are not looked at."""
    member = {"type": "m.room.member", "state_key": "@a:b", "content": {"membership": "join"}}
    gone = event("@a:b") | {"content": {}}
    assert read(member, gone, "nonsense", event("@a:b") | {"content": []}) == Found([], 0)


@pytest.mark.parametrize(
    ("kind", "entity"),
    [
        ("user", None),
        ("user", 7),
        ("user", ""),
        ("user", "@" + "a" * 255),
        ("user", "bad.example"),
        ("user", "@a b:c"),
        ("user", "@a\n:c"),
        ("user", "@a\\*:c"),
        ("user", "@"),
        ("user", "@\uff4fwner:hs"),
        ("user", "@o\u034fwner:hs"),
        ("user", "@\uff0a:hs"),
        ("server", "@a:b"),
        ("server", "!r:b"),
        ("server", "\uff48s"),
        ("server", "\u034f"),
        ("server", "free/money"),
        ("room", "!\uff41:hs"),
        ("room", "bad.example"),
        ("room", "@a:b"),
    ],
)
def test_what_names_nobody_is_counted_and_left(kind: str, entity: object) -> None:
    """Whatever stands there; so does what is written in letters that read as others, by which it
    would be taken for somebody whom it does not name.
    """
    assert read(event(entity, kind)) == Found([], 1)


@pytest.mark.parametrize(
    "more",
    [
        {"content": {"recommendation": "m.welcome"}},
        {"content": {"recommendation": ["m.ban"]}},
        {"event_id": None},
        {"event_id": "$" + "a" * 300},
        {"sender": 5},
        {"origin_server_ts": "now"},
    ],
)
def test_what_cannot_be_told_is_counted_and_left(more: Any) -> None:
    """What recommends something else, or says not where it stands."""
    assert read(event("@a:b", **more)) == Found([], 1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("*", "@*"),
        ("*:bad.example", "@*:bad.example"),
        ("**x", "@*x"),
        ("*@a:b", "@a:b"),
        ("?a:b", "@a:b"),
        ("@a*", "@a*"),
    ],
)
def test_a_pattern_of_people_begins_as_people_do(written: str, meant: str) -> None:
    """So that it cannot stand for a server or a room; one of rooms begins as rooms do."""
    assert [each.entity for each in read(event(written)).rules] == [meant]
    if written[0] in "*?" and "@" not in written:
        found = read(event(written, "room")).rules
        assert [each.entity for each in found] == [f"!{meant[1:]}"]


@pytest.mark.parametrize("at", [-5, 2**53 - 1, 2**70])
def test_an_instant_that_no_calendar_has_can_be_shown(at: int) -> None:
    """Whoever writes an entry says when that was: pages show it, whatever they say."""
    (rule,) = read(event("@a:b", origin_server_ts=at)).rules
    assert rfc3339(rule.at * 1000)[0] in "19"


def test_a_huge_reason_is_cut_and_cannot_act() -> None:
    """No line breaks, no signs that turn the text, no more than a few hundred letters."""
    reason = "a\n\u202eb\t" + "x" * 1_000_000
    (rule,) = read(event("@a:b", content={"reason": reason})).rules
    assert len(rule.reason) == policies.REASON_LENGTH_MAX
    assert rule.reason.startswith("a b x")
    assert read(event("@a:b", content={"reason": ["no text"]})).rules[0].reason == ""


def test_a_hundred_thousand_entries_are_too_many() -> None:
    """The first ones are read, the others counted; they stay the same from look to look."""
    events = [event(f"@a{n}:b", number=n) for n in range(100_000)]
    found = read(*reversed(events))
    assert len(found.rules) == policies.RULES_MAX
    assert found.rules[0].entity == "@a0:b"
    assert found.unread == 100_000 - policies.RULES_MAX


def test_what_went_wrong_is_told_and_nothing_is_read() -> None:
    """A room that cannot be read, a list that is too large."""
    told = Said(0, trouble="the answer is too large", never=True)
    assert policies.read(Homeserver(state=told), "!list") == told  # type: ignore[arg-type]
    away = Homeserver(messages=Said(403))
    assert policies.latest(away, "!list") == Said(403)  # type: ignore[arg-type]


def test_the_last_change_is_told_by_its_event() -> None:
    """And nothing where there was none, or nothing that is an event."""
    for chunk, wanted in (
        ([{"event_id": "$a"}], "$a"),
        ([], ""),
        (["x"], ""),
        (None, ""),
        ([{"event_id": 5}], ""),
    ):
        told = Homeserver(messages=Said(200, {"chunk": chunk}))
        assert policies.latest(told, "!list") == wanted  # type: ignore[arg-type]


def test_whom_nothing_may_count_against_by_itself() -> None:
    """Ombud, who moderates, who is in the staff's room, the homeserver, those where they have
    their accounts, its rooms; what stands for any of them too, however it is written.
    """
    own = policies.own(Homeserver(), SETTINGS)  # type: ignore[arg-type]
    assert isinstance(own, Own)
    for kind, entity in (
        ("user", "@ombud:hs"),
        ("user", "@MOD:hs"),
        ("user", "@staff:far"),
        ("user", "@maker:hs"),
        ("user", "@also:hs"),
        ("user", "@*"),
        ("user", "@*:h?"),
        ("user", "@\uff4dod:hs"),
        ("server", "hs"),
        ("server", "far"),
        ("server", "*"),
        ("room", "!a"),
        ("room", "!*"),
    ):
        assert own.named(kind, entity), entity
    for kind, entity in (
        ("user", "@low:hs"),
        ("user", "@m:hs"),
        ("server", "away"),
        ("room", "!b"),
    ):
        assert not own.named(kind, entity), entity


@pytest.mark.parametrize("what", ["levels", "made", "members"])
def test_who_that_is_must_be_known(what: str) -> None:
    """Where the homeserver does not tell, nothing is taken for anybody else."""
    found = policies.own(Homeserver(**{what: Said(500)}), SETTINGS)  # type: ignore[arg-type]
    assert found == Said(500)
