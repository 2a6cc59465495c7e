"""What a room has and nobody told is found, and nothing that was not to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec
import pytest

from ombud.config import MatrixConnector
from ombud.connectors import matrix_missed
from ombud.connectors.matrix_client import Client, Said
from ombud.connectors.matrix_missed import Bounds, Known, Looked, Page, Then
from ombud.connectors.matrix_scope import Room

ROOM, ANA, FAR = "!a", "@ana:hs", "@zoe:elsewhere"
BEGIN = 1_800_000_000_000  # when the room was named
SETTINGS = msgspec.convert(
    {"url": "http://hs", "server": "hs", "rooms": [ROOM], "bots": ["@bot:hs"]}, MatrixConnector
)
OPEN, FEW = Room(encrypted=False, public=True), Room(encrypted=False, public=False, people=3)
NAMED = Bounds(BEGIN)
LONG = Said(0, trouble="too long", never=True)


class Homeserver:
    """A room's events, oldest first; what is known of them by their ids. Events of the type "long"
    cannot be held more than `most` at once.
    """

    def __init__(self, *events: Mapping[str, Any], told: str = "", asked: str = "") -> None:
        self.events = list(events)
        self.told, self.asked = told.split(), asked.split()
        self.limits: list[int] = []
        self.most = 1000
        self.said: Said | None = None

    def ask(self, method: str, path: str, room: str, query: Mapping[str, Any]) -> Said:
        """A page of them, newest first."""
        assert (method, path, room) == ("GET", "/_matrix/client/v3/rooms/{}/messages", ROOM)
        self.limits.append(query["limit"])
        if self.said is not None:
            return self.said
        end = int(query.get("from", len(self.events)))
        begin = max(end - query["limit"], 0)
        page = self.events[begin:end][::-1]
        if sum(each["type"] == "long" for each in page) > self.most:
            return LONG
        more = {"end": str(begin)} if begin else {}
        return Said(200, {"chunk": page, "start": str(end), **more})

    def knows(self, event: Mapping[str, Any]) -> Known:
        """What is known of an event."""
        id_ = event["event_id"]
        if event["type"] == "m.reaction":
            return Known.OTHER
        return (
            Known.TOLD if id_ in self.told else Known.ASKED if id_ in self.asked else Known.UNKNOWN
        )

    def looked(self, room: Room = OPEN, bounds: Bounds = NAMED) -> Looked | Said:
        """What a look finds."""
        client = cast("Client", self)
        return matrix_missed.look(client, SETTINGS, ROOM, room, bounds, self.knows)

    def missing(self, room: Room = OPEN, bounds: Bounds = NAMED) -> list[str]:
        """The ids of what is read then, oldest first."""
        found, client = self.looked(room, bounds), cast("Client", self)
        assert isinstance(found, Looked)
        ids: list[str] = []
        for number, page in enumerate(found.pages):
            asked = (client, SETTINGS, ROOM, page, bounds, self.knows)
            read = matrix_missed.missing(*asked, first=number == 0)
            assert not isinstance(read, Said)
            assert page.missing or not read
            ids += [each["event_id"] for each in read]
        return ids


def said(id_: str, at: int = 1, **more: Any) -> dict[str, Any]:
    """Somebody says something, so long after the room was named."""
    told = {"event_id": id_, "type": "m.room.message", "sender": ANA, "content": {"body": id_}}
    return {**told, "origin_server_ts": BEGIN + at, **more}


def member(id_: str, who: str, now: str, was: str = "", **more: Any) -> dict[str, Any]:
    """Somebody comes or goes."""
    told: dict[str, Any] = {"type": "m.room.member", "sender": who, "state_key": who}
    prior: dict[str, Any] = {"unsigned": {"prev_content": {"membership": was}}} if was else {}
    return said(id_, **told, content={"membership": now}, **prior, **more)


def test_what_was_not_told_is_found_in_order() -> None:
    """Between what was told and behind it; what was asked about and not told too."""
    server = Homeserver(*map(said, "abcdef"), told="a d", asked="c")
    assert server.missing() == ["b", "c", "e", "f"]
    server.told = list("abcdef")
    assert server.missing() == []
    assert server.looked() == Looked((Page("6", 100, Then(True, 0)),), "f")


def test_over_many_pages_each_once() -> None:
    """However many stand on a page, and where there is more than a look goes back."""
    many = [said(f"e{number}") for number in range(matrix_missed.EVENTS_MAX + 500)]
    server = Homeserver(*many, told="e1234")
    assert server.missing() == [f"e{number}" for number in range(1235, len(many))]
    found = server.looked()
    assert isinstance(found, Looked)
    assert found.short
    server.told = ["e3"]  # further back than a look goes
    assert server.looked() == Looked((), many[-1]["event_id"], short=True)


def test_before_anything_was_told_nothing_is_missing() -> None:
    """A room of which nothing was told, or asked, was perhaps not to be told of."""
    server = Homeserver(*map(said, "abc"))
    assert server.missing() == []
    server.asked = ["b"]
    assert server.missing() == ["b", "c"]


def test_only_what_came_since_the_last_look() -> None:
    """Up to the page with the event up to which all was read; also where nothing was told."""
    many = [said(f"e{number}") for number in range(250)]
    server = Homeserver(*many)
    assert server.missing(bounds=Bounds(BEGIN, "e200")) == [f"e{n}" for n in range(201, 250)]
    server.limits.clear()
    server.looked(bounds=Bounds(BEGIN, "e200"))
    assert len(server.limits) == 1


def test_what_was_said_before_is_left() -> None:
    """Whoever dates it so; what has no date is not. One of the homeserver's own people may date
    something so by a bridge: what lies behind that is read all the same.
    """
    past = [said("a", at=0), said("b", at=-1), said("c")]
    later = [said("d", at=-1, sender=FAR), said("e"), {**said("f"), "origin_server_ts": None}]
    server = Homeserver(*past, *later, told="a e")
    assert server.missing() == ["c", "f"]
    server.told = ["a", "c"]
    assert server.missing() == ["e", "f"]


def test_a_look_ends_where_all_was_said_before() -> None:
    """By the homeserver's own people, on one page."""
    past = [said(f"p{number}", at=-1) for number in range(300)]
    server = Homeserver(*past, *(said(f"e{number}") for number in range(50)), told="e0")
    assert server.missing() == [f"e{number}" for number in range(1, 50)]
    server.limits.clear()
    server.looked()
    assert len(server.limits) == 2


def test_ombuds_own_account_is_left() -> None:
    """And what was said while it was out of the room; that it takes another name ends nothing."""
    account = SETTINGS.account
    out = [said("a"), said("b"), member("c", account, "join", "ban"), said("d")]
    renamed = [said("e"), member("f", account, "join", "join"), said("g", sender=account)]
    server = Homeserver(*out, *renamed, told="a e")
    assert server.missing() == []
    server.told = ["a", "d"]
    assert server.missing() == ["e"]
    server.told = ["a"]
    assert server.missing() == []


def test_what_two_people_said_is_left() -> None:
    """As many as there were then count, not as many as there are now; bots are nobody."""
    events = [
        said("three"),
        member("goes", "@bo:hs", "leave", "join"),
        said("two"),
        member("bot", "@bot:hs", "join", "leave"),
        said("still two"),
        member("comes", "@cy:hs", "join"),
        said("three again"),
    ]
    server = Homeserver(*events, told="three")
    assert server.missing(FEW) == ["comes", "three again"]
    server.told = ["comes"]
    assert server.missing(FEW) == ["three again"]


def test_who_comes_is_not_believed_to_have_been_there() -> None:
    """Another homeserver may write a `prev_content` beside `unsigned`: what two people said before
    is not read for that.
    """
    goes, more = member("goes", "@bo:hs", "leave", "join"), {"membership": "join"}
    comes = member("comes", FAR, "join", prev_content=more)
    server = Homeserver(said("a"), goes, said("two"), comes, said("b"), told="a goes")
    assert server.missing(FEW) == ["comes", "b"]


@pytest.mark.parametrize(("was", "read"), [("public", ["b", "c"]), ("invite", ["c"])])
def test_a_room_is_taken_for_what_it_was(was: str, read: list[str]) -> None:
    """It was opened to all, or was so before."""
    rules: dict[str, Any] = {
        "type": "m.room.join_rules",
        "state_key": "",
        "content": {"join_rule": "public"},
    }
    opened = said("rules", **rules, unsigned={"prev_content": {"join_rule": was}})
    server = Homeserver(said("a"), said("b"), opened, said("c"), told="a rules")
    assert server.missing() == read
    own = said("rules", **{**rules, "state_key": "@ana:hs"})
    server = Homeserver(said("a"), own, said("c"), told="a rules")
    assert server.missing() == ["c"]


def test_long_events_are_asked_for_a_few_at_a_time() -> None:
    """Where so many cannot be held; one that cannot be held at all ends the look."""
    events = [said(f"e{n}", type="long" if n in (5, 9) else "m.room.message") for n in range(12)]
    server = Homeserver(*events, told="e0")
    server.most = 1
    assert server.missing() == [f"e{n}" for n in range(1, 12)]
    assert set(server.limits) == {100, 25, 6, 24}  # a page that was good lets the next one grow
    server.most, server.told = 0, ["e0", "e10"]
    assert server.missing() == ["e11"]
    found = server.looked()
    assert isinstance(found, Looked)
    assert found.short


@pytest.mark.parametrize("trouble", [Said(0), Said(429, wait=7), Said(403), Said(502)])
def test_what_goes_wrong_is_told(trouble: Said) -> None:
    """And nothing is taken for read."""
    server = Homeserver(said("a"), said("b"), told="a")
    found = server.looked()
    assert isinstance(found, Looked)
    server.said = trouble
    assert server.looked() == trouble
    asked = (SETTINGS, ROOM, found.pages[0], NAMED, server.knows)
    assert matrix_missed.missing(cast("Client", server), *asked, first=True) == trouble


def test_an_answer_that_cannot_be_read_is_no_page() -> None:
    """It is taken for one that is too long."""
    server = Homeserver(said("a"))
    server.said = Said(200, {})
    assert server.looked() == Looked((), "", short=True)
    assert server.limits[-1] == 1
