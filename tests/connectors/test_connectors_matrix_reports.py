"""What is reported on a homeserver becomes flags: in order, once, of what was named only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from ombud.config import MatrixConnector
from ombud.connectors import matrix_reports
from ombud.connectors.matrix_client import Said
from ombud.connectors.matrix_reports import MESSAGES, PEOPLE, Found, Kind
from ombud.model import Event, Reported

NOW = 1_800_000_000_000
AT_ONCE = 20
SETTINGS = msgspec.convert(
    {"url": "http://hs", "server": "hs", "rooms": ["!a", "!b"]}, MatrixConnector
)


class Homeserver:
    """A client that is given what it would be answered."""

    def __init__(self, *reports: Any, members: dict[str, Any] | None = None) -> None:
        self.reports = reports
        self.members = members or {}
        self.asked: list[str] = []
        self.sealed: frozenset[str] = frozenset()

    def pages(self, *_: object, query: dict[str, Any], **__: object) -> Iterator[Any]:
        """Newest first, as they were given; no more than a client asks for at once."""
        self.asked.append("reports")
        begin = query.get("from", 0)
        yield from self.reports[begin : begin + AT_ONCE]

    def ask(self, method: str, path: str, who: str) -> Said:
        """In which rooms somebody is."""
        assert (method, path) == ("GET", "/_synapse/admin/v1/users/{}/joined_rooms")
        self.asked.append(who)
        found = self.members.get(who, [])
        return found if isinstance(found, Said) else Said(200, {"joined_rooms": found})

    def state(self, room: str, type_: str, who: str = "") -> Said:
        """Of rooms, that they are public, and which are encrypted."""
        if type_ == "m.room.encryption":
            return Said(200 if room in self.sealed else 404, {"errcode": "M_NOT_FOUND"})
        if type_ == "m.room.join_rules":
            return Said(200, {"join_rule": "public"})
        assert (type_, who) == ("m.room.member", SETTINGS.account)
        return Said(200, {"membership": "join"})


def message(number: int, room: str | None = "!a", **more: Any) -> dict[str, Any]:
    """A report of a message."""
    return {
        "id": number,
        "received_ts": NOW - 1000 + number,
        "room_id": room,
        "event_id": f"$e{number}",
        "user_id": "@bo:hs",
        "sender": "@ana:far",
        "reason": "rude",
        **more,
    }


def person(number: int, who: str) -> dict[str, Any]:
    """A report of somebody."""
    told = {"id": number, "received_ts": NOW, "user_id": "@bo:hs", "target_user_id": who}
    return {**told, "reason": ""}


def new(server: Homeserver, kind: Kind = MESSAGES, after: int = 0, *known: str) -> Any:
    """What is new on it."""

    def is_known(event: Event) -> bool:
        return event.id in known

    client: Any = server
    return matrix_reports.new(client, SETTINGS, "talk", kind, after, is_known, NOW)


def ids(found: Any) -> list[str]:
    """The ids of what was found."""
    assert isinstance(found, Found)
    return [each.id for each in found.flags]


def test_reports_are_flags_oldest_first() -> None:
    """With who, about what, by whom and why, at the homeserver's own time."""
    found = new(Homeserver(message(3, reason="x" * 900), message(2, "!b", reason=None)))
    assert ids(found) == ["report/2", "report/3"]
    assert found.newest == 3
    first, second = found.flags
    assert (first.type, first.source) == ("flag.created", "talk/!b")
    data = first.data
    assert isinstance(data.reported, Reported)
    assert data.reported.id == "!b/$e2"
    assert data.reported.author is not None
    assert data.reported.author.id == "@ana:far"
    assert data.reporter is not None
    assert data.reporter.id == "@bo:hs"
    assert data.reason is None
    assert len(second.data.reason or "") == 500
    assert first.time.timestamp() == pytest.approx((NOW - 998) / 1000)


def test_nothing_of_another_room_is_read() -> None:
    """Nor of somebody who is in no room that was named; of one who is, it is."""
    assert ids(new(Homeserver(message(1, "!elsewhere"), message(2, None)))) == []
    members = {"@ana:hs": ["!c", "!b"], "@gone:hs": ["!c"]}
    told = [person(number, who) for number, who in ((3, "@no:hs"), (2, "@gone:hs"), (1, "@ana:hs"))]
    found = new(Homeserver(*told, members=members), PEOPLE)
    assert ids(found) == ["user-report/1"]
    assert found.flags[0].source == "talk/hs"
    assert found.newest == 3


def test_nothing_of_a_room_that_may_not_be_read_is_read() -> None:
    """A report of an encrypted room's message, and of somebody who is in no other."""
    server = Homeserver(message(2), message(1, "!b"))
    server.sealed = frozenset({"!a"})
    assert ids(new(server)) == ["report/1"]
    server = Homeserver(person(1, "@ana:hs"), members={"@ana:hs": ["!a"]})
    server.sealed = frozenset({"!a"})
    assert ids(new(server, PEOPLE)) == []


def test_what_was_read_before_is_not_read_again() -> None:
    """Up to a number, or up to what is kept; what is a week old is left."""
    told = [message(number) for number in (5, 4, 3, 2)]
    assert ids(new(Homeserver(*told), MESSAGES, 3)) == ["report/4", "report/5"]
    assert ids(new(Homeserver(*told), MESSAGES, 0, "report/4")) == ["report/5"]
    old = message(1, received_ts=NOW - matrix_reports.WEEK - 1)
    assert ids(new(Homeserver(message(2), old, message(0)))) == ["report/2"]
    assert new(Homeserver(), MESSAGES, 7).newest == 7


def test_what_goes_wrong_is_told_and_nothing_is_taken() -> None:
    """A page that does not come, a member nobody can be asked about: all of it comes again."""
    away = Said(0, trouble="away")
    assert new(Homeserver(message(2), away)) == away
    told = [person(2, "@ana:hs"), person(1, "@no:hs")]
    asked = Homeserver(*told, members={"@ana:hs": Said(503)})
    assert new(asked, PEOPLE) == Said(503)
    unknown = Homeserver(person(1, "@ana:hs"), members={"@ana:hs": Said(404)})
    assert ids(new(unknown, PEOPLE)) == []


def test_however_many_came_all_are_read() -> None:
    """Beyond what a client asks for at once; each once, though others come meanwhile."""
    count = 3 * AT_ONCE + 5
    many = [message(number) for number in range(count, 0, -1)]
    assert ids(new(Homeserver(*many))) == [f"report/{number}" for number in range(1, count + 1)]
    moved = Homeserver(*many[:AT_ONCE], *many[AT_ONCE - 3 :])
    assert len(ids(new(moved))) == count


def test_nobody_is_asked_about_twice() -> None:
    """Many reports of one person cost one question."""
    told = [person(number, "@ana:hs") for number in range(9, 0, -1)]
    server = Homeserver(*told, members={"@ana:hs": ["!a"]})
    assert len(ids(new(server, PEOPLE))) == 9
    assert server.asked.count("@ana:hs") == 1


@pytest.mark.parametrize(
    "told",
    [{}, {"id": "1"}, message(1, user_id=None), message(1, event_id=5), message(1, sender="")],
)
def test_what_is_no_report_is_passed_over(told: dict[str, Any]) -> None:
    """And what stands behind it is read."""
    assert ids(new(Homeserver(told, message(0, id=9)))) == ["report/9"]
