"""What a homeserver sends is taken in order, once, and only of rooms that were named."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from connectors.rooms_told import SEALED as ENCRYPTED
from connectors.rooms_told import Rooms, state, told
from flow.small_community import rows
from ombud import events
from ombud.config import MatrixConnector, Settings
from ombud.connectors import matrix_scope
from ombud.connectors.matrix_asked import Posts
from ombud.connectors.matrix_direct import Asking
from ombud.controls import programs
from ombud.doors import Doors
from ombud.errors import BadData, BadEvent
from ombud.web import transactions
from ombud.web.exchange import CONTENT_MAX, App
from ombud.web.metrics import Metrics
from web.asked import Stub, Told, ask
from web.over_engine import over, real

ROOM, OTHER, SEALED, ANA = "!room:hs", "!other:hs", "!sealed:hs", "@ana:hs"
SECTION = """
[matrix.chat]
url = "{url}"
server = "hs"
rooms = ["!room:hs", "!sealed:hs"]
allow = ["127.0.0.1"]
"""
PLANTED = "a-string-that-nobody-else-writes"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """A real engine with a homeserver, at which the room is public."""
    server, folder = Rooms(), tmp_path_factory.mktemp("matrix") / "data"
    server.rooms = {ROOM: state("public"), SEALED: state("public") | ENCRYPTED}
    with told(server) as url, real(folder, SECTION.format(url=url)) as found:
        found.engine.control(programs.signed("chat", bytes(32)))
        yield found


class Open(matrix_scope.Rooms):
    """Rooms all of which may be read."""

    def __init__(self) -> None:
        super().__init__(lambda *_: None)

    def admit(self, *_: Any) -> bool:
        """Whatever it is."""
        return True


def said(text: str = "hello", **more: Any) -> dict[str, Any]:
    """A message as a homeserver hands it over."""
    return {
        "event_id": f"$e{next(_numbers)}",
        "room_id": ROOM,
        "sender": ANA,
        "type": "m.room.message",
        "origin_server_ts": 1_790_000_000_000,
        "content": {"msgtype": "m.text", "body": text},
        "unsigned": {"age": 5},
        **more,
    }


async def put(app: App, *sent: Any, number: int = 1, **how: Any) -> Told:
    """Send a transaction."""
    content = json.dumps({"events": list(sent)}).encode()
    return await ask(app, "PUT", f"/_matrix/app/v1/transactions/{number}", content, **how)


def kept(doors: Doors) -> int:
    """How many events there are."""
    query = "SELECT count(*) FROM journal WHERE type NOT LIKE '!%'"
    return int(rows(doors.engine.folder, query)[0][0])


def test_a_transaction_is_taken_once(doors: Doors) -> None:
    """In its order; the same again, under its number or another one, does nothing."""
    sent = [said(f"number {number}") for number in range(150)]
    before = kept(doors)

    async def story(app: App) -> None:
        for number in (1, 1, 2):
            told = await put(app, *sent, number=number)
            assert (told.status, told.json) == (200, {})
            assert kept(doors) == before + len(sent)

    over(doors, story)
    ids = [(f"chat/{ROOM}", each["event_id"]) for each in sent]
    query = "SELECT seq FROM journal WHERE identity = ?"
    seqs = [rows(doors.engine.folder, query, doors.identity(*each))[0][0] for each in ids]
    assert seqs == sorted(seqs)


def test_nothing_of_another_room_is_kept(doors: Doors) -> None:
    """Other rooms, one that is encrypted, what is encrypted, what Ombud's own account did: dropped
    before it is read.
    """
    dropped = [
        said(PLANTED, room_id=SEALED),
        said(PLANTED, room_id=OTHER),
        said(PLANTED, room_id=None),
        said(PLANTED, type="m.room.encrypted", content={"ciphertext": PLANTED}),
        said(PLANTED, sender="@ombud:hs"),
        PLANTED,
        {"content": {"body": PLANTED}},
    ]
    before = kept(doors)

    async def story(app: App) -> None:
        assert (await put(app, *dropped)).status == 200
        assert kept(doors) == before
        assert (await put(app, *dropped, said("and this"))).status == 200

    over(doors, story)
    assert kept(doors) == before + 1
    for path in doors.engine.folder.rglob("*"):
        if path.is_file():
            assert PLANTED.encode() not in path.read_bytes()


class Heard:
    """What would answer, and keeps who asked."""

    running = True

    def __init__(self) -> None:
        self.askings: list[tuple[str, Asking]] = []

    def asked(self, platform: str, askings: Sequence[Asking]) -> None:
        """Keep it."""
        self.askings += [(platform, each) for each in askings]


def test_who_asks_is_handed_on_and_nothing_else(doors: Doors) -> None:
    """Who wrote in a room that nobody moderates, and which: not what; each once, and so many."""
    heard = Heard()
    asks = [said(PLANTED, room_id=OTHER) for _ in range(3)]
    many = [said(room_id=OTHER, sender=f"@a{each}:far") for each in range(500)]

    async def story(app: App) -> None:
        assert (await put(app, said(), *asks)).status == 200
        assert (await put(app, said())).status == 200
        assert (await put(app, *many, *asks)).status == 200

    doors.sending = heard
    try:
        over(doors, story)
    finally:
        doors.sending = None
    first, *rest = heard.askings
    assert first == ("chat", Asking(ANA, OTHER))
    assert len(rest) == transactions.ASKINGS_MAX


def test_one_bad_event_holds_up_no_other(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted and passed over: else it would come again for ever, and nothing after it."""
    real_decode = events.decode

    def decode(content: bytes) -> Any:
        if b"bad one" in content:
            raise BadEvent("E001", "$", detail="a test says so")
        return real_decode(content)

    monkeypatch.setattr(events, "decode", decode)
    before, metrics = kept(doors), Metrics()

    async def story(app: App) -> None:
        assert (await put(app, said(), said("bad one"), said())).status == 200

    over(doors, story, metrics)
    assert kept(doors) == before + 2
    assert metrics.events["rejected"] == 1


@pytest.mark.parametrize("levels", [900, 5_000, 100_000])
def test_deep_nesting_is_read(doors: Doors, levels: int) -> None:
    """However deep: what is beside it is read, and what comes with it and after."""
    deep = '{"a": [' * levels + r'"\"]}"' + "]}" * levels
    odd = json.dumps(said(content={"body": "deep", "x": 1})).replace('"x": 1', f'"x": {deep}')
    content = f'{{"events": [{odd}, {json.dumps(said())}]}}'.encode()

    async def story(app: App) -> None:
        told = await ask(app, "PUT", "/_matrix/app/v1/transactions/9", content)
        assert told.status == 200, told.body

    before = kept(doors)
    over(doors, story)
    assert kept(doors) == before + 2


def test_who_does_not_know_the_token_is_turned_away(doors: Doors) -> None:
    """No token, a wrong one, one without the door, and one of no homeserver."""

    async def story(app: App) -> None:
        for key, status, code in (
            (None, 401, "U040"),
            ("omb_wrong", 401, "U040"),
            ("omb_report", 403, "U041"),
            ("omb_posts", 403, "U482"),
        ):
            for method, path in (("PUT", "transactions/1"), ("POST", "ping")):
                at = f"/_matrix/app/v1/{path}"
                told = await ask(app, method, at, b'{"events": []}', key=key)
                assert (told.status, told.code) == (status, code)
        told = await ask(app, "POST", "/_matrix/app/v1/ping", b'{"transaction_id": "x"}')
        assert (told.status, told.json) == (200, {})
        assert (await ask(app, "GET", "/_matrix/app/v1/transactions/1")).status == 405
        assert (await ask(app, "GET", "/_matrix/app/v1/users/x")).status == 404

    over(doors, story)


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"events": 5}', b"{", b'{"events": ['])
def test_what_is_no_transaction_is_refused(doors: Doors, content: bytes) -> None:
    """With an error that says so."""

    async def story(app: App) -> None:
        told = await ask(app, "PUT", "/_matrix/app/v1/transactions/1", content)
        assert (told.status, told.code) == (422, "U483")

    over(doors, story)


def test_what_is_not_kept_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store takes nothing the homeserver hears so, and sends it again."""
    section = MatrixConnector(url="http://a.example", server="hs", rooms=(ROOM,))
    stub = Stub(replace(Settings(), matrix={"chat": section}))
    monkeypatch.setattr(matrix_scope.Rooms, "admit", lambda *_: True)
    stub.refusal = BadData("D011", "store", detail="full")

    async def story(app: App) -> None:
        assert (await put(app, said())).status == 503
        huge = await ask(app, "PUT", "/_matrix/app/v1/transactions/1", b"x" * (CONTENT_MAX + 1))
        assert (huge.status, huge.code) == (422, "U483")

    over(stub, story)


def test_remote_times_are_not_believed() -> None:
    """When it happened is when it came in, whatever another server says."""
    section = MatrixConnector(url="http://a.example", server="hs", rooms=(ROOM,))
    sent = [said(sender="@bo:far", origin_server_ts=1), said(origin_server_ts=1)]
    content = json.dumps({"events": sent}).encode()
    before = (Posts(), transactions.Past(), Open())
    read = transactions.read(content, "chat", section, 1_800_000_000_000, *before)
    (piece,) = transactions.pieces(read.events, lambda event: None)  # noqa: ARG005
    found = [part[0] for part in piece]
    times = [each.time.timestamp() for each in found if not isinstance(each, BadEvent)]
    assert times == [1_800_000_000.0, 0.001]


SINCE = 1_790_000_000_000  # when it was connected
OLD, NEW = {"origin_server_ts": SINCE - 1}, {"origin_server_ts": SINCE}
FAR = {"sender": "@bo:far"}


def left_of(past: transactions.Past, now: int, *sent: dict[str, Any]) -> list[bool]:
    """Whether each of some events, in this order, is read."""
    since = datetime.fromtimestamp(SINCE // 1000, UTC)
    section = MatrixConnector(url="http://a.example", server="hs", rooms=(ROOM, OTHER), since=since)
    found = []
    for each in sent:
        content = json.dumps({"events": [said(**each)]}).encode()
        found.append(
            bool(transactions.read(content, "chat", section, now, Posts(), past, Open()).events)
        )
    return found


def test_what_was_said_before_is_not_read() -> None:
    """Of the homeserver's own people never, whenever it is told; at that very instant it is."""
    past = transactions.Past()
    for now in (SINCE, SINCE + 2 * transactions.WEEK):
        assert left_of(past, now, OLD, NEW, OLD) == [False, True, False]
    dates: list[Any] = [None, "1", 1.5, []]
    odd = [{"origin_server_ts": each} for each in dates]
    assert left_of(past, SINCE, *odd) == [True] * 4


def test_an_old_date_of_another_server_does_not_help_for_long() -> None:
    """Until something new was told of in that room, and for a week at most; a date to come ends
    nothing.
    """
    past, elsewhere = transactions.Past(), {"room_id": OTHER}
    told = left_of(past, SINCE, {**OLD, **FAR}, {**NEW, **FAR}, {**OLD, **FAR}, NEW, {**OLD, **FAR})
    assert told == [False, True, False, True, True]
    assert left_of(past, SINCE, {**OLD, **FAR, **elsewhere}) == [False]
    late = SINCE + transactions.WEEK
    assert left_of(past, late, {**OLD, **FAR, **elsewhere}) == [True]


def test_a_join_that_was_asked_about_is_its_publication(doors: Doors) -> None:
    """Synapse asks before there is an id; when it comes by itself it is counted once."""
    joins = said(type="m.room.member", state_key=ANA, content={"membership": "join"})
    asked = {key: value for key, value in joins.items() if key != "event_id"}
    question = json.dumps({"platform": "chat", "event": asked}).encode()
    before = kept(doors)

    async def story(app: App) -> None:
        type_ = "application/vnd.ombud.matrix+json"
        assert (await ask(app, "POST", "/v1/check", question, type_=type_)).status == 200
        for _ in range(2):
            assert (await put(app, joins)).status == 200

    metrics = Metrics()
    over(doors, story, metrics)
    assert metrics.events["published"] == 1
    query = "SELECT count(*) FROM journal WHERE type = 'member.joined'"
    assert rows(doors.engine.folder, query) == [(1,)]
    assert kept(doors) == before + 1


@pytest.mark.parametrize("come", ["Ana", "admin", None])
def test_a_join_under_another_name_is_judged_anew(doors: Doors, come: str | None) -> None:
    """Synapse asks with the name of the profile; who comes in under one of their own was not asked
    about.
    """
    content = {"membership": "join", **({} if come is None else {"displayname": come})}
    who = f"@{come}:hs"
    joins = said(type="m.room.member", sender=who, state_key=who, content=content)
    joins["event_id"] = f"$joins{come}"
    query = "SELECT count(*) FROM journal WHERE type = 'member.joined'"
    before = rows(doors.engine.folder, query)[0][0]
    asked = {key: value for key, value in joins.items() if key not in ("event_id", "content")}
    told = {"event": {**asked, "content": {"membership": "join"}}, "name": "Ana"}
    question = json.dumps({"platform": "chat", **told}).encode()

    async def story(app: App) -> None:
        type_ = "application/vnd.ombud.matrix+json"
        assert (await ask(app, "POST", "/v1/check", question, type_=type_)).status == 200
        assert (await put(app, joins)).status == 200

    metrics = Metrics()
    over(doors, story, metrics)
    assert metrics.events["published"] == (1 if come == "Ana" else 0)
    assert rows(doors.engine.folder, query)[0][0] - before == (1 if come == "Ana" else 2)


def test_where_the_room_cannot_be_asked_about_it_comes_again(tmp_path: Path) -> None:
    """Nothing of it is kept, and nothing is acknowledged."""
    section = SECTION.format(url="http://127.0.0.1:1")
    with real(tmp_path / "data", section) as doors:
        doors.engine.control(programs.signed("chat", bytes(32)))
        before = kept(doors)

        async def story(app: App) -> None:
            told = await put(app, said())
            assert (told.status, told.code) == (503, "U506")

        over(doors, story)
        assert kept(doors) == before


def test_a_transaction_of_any_length_is_read(doors: Doors) -> None:
    """Beside an invitation stands all that its room shows: whoever invites Ombud's account from a
    few rooms with long names must not end the reading of all others.
    """
    beside = [{"type": "m.room.name", "content": {"name": PLANTED + "x" * (CONTENT_MAX // 20)}}]
    invited: dict[str, Any] = {"type": "m.room.member", "state_key": "@ombud:hs", "room_id": OTHER}
    invited |= {"unsigned": {"invite_room_state": beside}, "content": {"membership": "invite"}}
    sent = [said(), *(said(**invited) for _ in range(21)), said(PLANTED * 30_000), said()]
    before = kept(doors)

    async def story(app: App) -> None:
        told = await put(app, *sent)
        assert (told.status, told.json) == (200, {})

    over(doors, story)
    assert kept(doors) == before + 2


def test_what_cannot_be_read_holds_up_nothing_beside_it(doors: Doors) -> None:
    """An event that no reader of JSON takes is passed over alone."""
    odd = [json.dumps(said()).replace('"hello"', each) for each in ("1" * 5000, "1e400", '"\xff"')]
    events = [json.dumps(said()), *odd, json.dumps(said())]
    content = f'{{"events": [{", ".join(events)}]}}'.encode("latin-1")
    before = kept(doors)

    async def story(app: App) -> None:
        told = await ask(app, "PUT", "/_matrix/app/v1/transactions/1", content)
        assert told.status == 200

    over(doors, story)
    assert kept(doors) == before + 2
