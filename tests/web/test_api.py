"""The API: events, keys and how the server is, over a real engine where it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from ombud.config import HttpConnector, Settings
from ombud.doors import Doors
from ombud.errors import BadData
from ombud.web import api as module
from ombud.web import batch
from ombud.web.api import Api
from ombud.web.exchange import App
from ombud.web.front import Front
from ombud.web.metrics import Metrics
from web.asked import Stub, Told, ask, wired
from web.over_engine import ARRAY, LINES, bad_bags, body, fresh, over, real


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """A real engine with a platform that can be asked to act."""
    settings = '[connectors.chat]\nurl = "https://chat.example/hook"\n'
    with real(tmp_path_factory.mktemp("api") / "data", settings) as found:
        yield found


# --- events ---------------------------------------------------------------------------------------


def test_one_event(doors: Doors) -> None:
    """Taken, taken again, and another one in its place: accepted, duplicate, 409."""
    sent = bad_bags()

    async def story(app: App) -> None:
        first = await ask(app, "POST", "/v1/events", body(sent))
        again = await ask(
            app, "POST", "/v1/events", body(sent), type_="application/cloudevents+json"
        )
        other = await ask(app, "POST", "/v1/events", body({**sent, "data": {"text": "x"}}))
        assert (first.status, first.json["status"], first.json["action"]) == (
            200,
            "accepted",
            "hold",
        )
        assert first.json["decisions"]
        assert again.json == {**first.json, "status": "duplicate"}
        assert (other.status, other.code) == (409, "E008")
        assert other.json["error"]["where"] == "$.id"
        for told in (first, again, other):
            assert told.headers["cache-control"] == "no-store"
            assert told.headers["x-content-type-options"] == "nosniff"
            assert told.headers["content-type"] == "application/json"

    over(doors, story)


def test_many_single_events_share_jobs(doors: Doors) -> None:
    """Each of many connections gets the answer of its own event; all are in the journal."""
    sent = [fresh() for _ in range(200)]

    async def story(app: App) -> None:
        told = await asyncio.gather(*(ask(app, "POST", "/v1/events", body(each)) for each in sent))
        assert {each.json["status"] for each in told} == {"accepted"}
        seqs = [each.json["seq"] for each in told]
        assert len(set(seqs)) == 200
        again = await asyncio.gather(*(ask(app, "POST", "/v1/events", body(each)) for each in sent))
        assert [each.json["seq"] for each in again] == seqs

    over(doors, story)


def test_several_events(doors: Doors) -> None:
    """Of an array and of lines each good event is taken, each bad one is refused alone."""
    good, alien = fresh(), fresh(source="other/hall")

    async def story(app: App) -> None:
        told = await ask(
            app, "POST", "/v1/events", body(good, {"id": "x"}, alien, good), type_=ARRAY
        )
        assert told.status == 200
        items = told.json.pop("items")
        assert [each["status"] for each in items] == [
            *("accepted", "rejected", "rejected", "duplicate"),
        ]
        assert [each["error"]["where"] for each in items[1:3]] == ["$[1]", "$[2].source"]
        assert items[2]["error"]["code"] == "E020"
        assert all("line" not in each for each in items)
        lines = b"\n".join([body(good), b"", b"{", body({**good, "data": {}})])
        told = await ask(app, "POST", "/v1/events", lines, type_=LINES)
        assert [(each["line"], each["status"]) for each in told.json["items"]] == [
            (1, "duplicate"),
            (3, "rejected"),
            (4, "conflict"),
        ]
        assert {name: told.json[name] for name in told.json if name != "items"} == {
            "accepted": 0,
            "duplicate": 1,
            "published": 0,
            "conflict": 1,
            "rejected": 1,
        }

    over(doors, story)


def test_a_long_array_is_taken(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """An array that is decoded on another thread is answered like any other."""
    monkeypatch.setattr(module, "ARRAY_BYTES", 10)
    monkeypatch.setattr(batch, "EVENTS_MAX", 7)
    sent = [fresh() for _ in range(40)]

    async def story(app: App) -> None:
        told = await ask(app, "POST", "/v1/events", body(*sent), type_=ARRAY)
        assert told.json["accepted"] == 40
        assert (await ask(app, "POST", "/v1/events", b"{}", type_=ARRAY)).code == "E001"
        assert (await ask(app, "POST", "/v1/events", b"x" * 99, type_=ARRAY)).code == "E001"

    over(doors, story)


@pytest.mark.parametrize(
    ("content", "type_", "status", "code"),
    [
        (b"{", "application/json", 400, "E001"),
        (b'{"id":"\xff"}', "application/json", 400, "E010"),
        (b"[]", "application/json", 422, "E002"),
        (b'{"id":"1"}', "application/json", 422, "E002"),
        (wired(1, source="other/hall"), "application/json", 403, "E020"),
        (wired(1, type="post.eaten"), "application/json", 422, "E007"),
        (b"x" * (1 << 20) + b"x", "application/json", 413, "U046"),
        (b"[]", ARRAY.replace("batch", "bunch"), 415, "U044"),
        (b"x", None, 415, "U044"),
        (b"{}", ARRAY, 400, "E001"),
        (b"[" + b"1," * 1000 + b"1]", ARRAY, 422, "E005"),
        (b"x\n" * module.LINES_MAX, LINES, 413, "U054"),
    ],
)
def test_content_that_is_not_taken(
    content: bytes, type_: str | None, status: int, code: str
) -> None:
    """The status and the code say what is wrong, and nothing reaches the engine."""
    stub = Stub()

    async def story(app: App) -> None:
        told = await ask(app, "POST", "/v1/events", content, type_=type_)
        assert (told.status, told.code) == (status, code)

    over(stub, story)
    assert stub.jobs == []


def test_content_beyond_every_limit() -> None:
    """Said to be too long, it is refused unread; encoded, it is refused unread."""

    async def story(app: App) -> None:
        long = {"content-length": str((16 << 20) + 1)}
        told = await ask(app, "POST", "/v1/events", b"x", type_=LINES, headers=long)
        assert (told.status, told.code) == (413, "U046")
        assert told.headers["connection"] == "close"
        packed = {"content-encoding": "gzip"}
        told = await ask(app, "POST", "/v1/events", b"x", headers=packed)
        assert (told.status, told.code) == (415, "U045")

    over(Stub(), story)


def test_who_may_send_what(doors: Doors) -> None:
    """No key or an unknown one is 401; a key without the door, the source or the kind is 403."""

    async def story(app: App) -> None:
        async def send(key: str | None, **more: Any) -> Told:
            return await ask(app, "POST", "/v1/events", body(fresh(**more)), key=key)

        assert (await send(None)).status == 401
        assert (await send("omb_unknown")).code == "U040"
        assert (await send("\xff" * 50)).code == "U040"
        assert (await send("omb_report")).code == "U041"
        assert (await send("omb_posts")).status == 200
        assert (await send("omb_posts", source="chat/hall/2")).code == "E020"
        refused = await send("omb_posts", type="post.edited")
        assert (refused.status, refused.code) == (403, "E021")
        assert refused.json["error"]["where"] == "$.type"
        told = await ask(app, "POST", "/v1/actions/act_1", b"{}", key="omb_posts")
        assert (told.status, told.code) == (403, "U041")

    over(doors, story)


@pytest.mark.parametrize("at_once", [True, False])
def test_no_acknowledgement_without_a_commit(at_once: bool) -> None:
    """A full queue and a failed commit are 503 with Retry-After, single or several."""

    async def story(app: App) -> None:
        for content, type_ in ((wired(1), "application/json"), (wired(1), LINES)):
            asked = asyncio.create_task(ask(app, "POST", "/v1/events", content, type_=type_))
            if not at_once:
                while not stub.futures:
                    await asyncio.sleep(0)
                stub.finish(BadData("D011", "store", detail="no room"))
            told = await asked
            assert told.status == 503
            assert told.code == ("D012" if at_once else "D011")
            assert told.headers["retry-after"] == "1"

    stub = Stub(at_once=False)
    stub.refusal = BadData("D012", "queue") if at_once else None
    over(stub, story)


# --- the rest -------------------------------------------------------------------------------------


def test_how_the_server_is() -> None:
    """Health says that it is up, ready whether events are taken, metrics only figures."""
    stub = Stub()

    async def story(app: App) -> None:
        assert (await ask(app, "GET", "/health", key=None)).json == {"status": "up"}
        assert (await ask(app, "GET", "/ready", key=None)).json == {"status": "ready"}
        await ask(app, "POST", "/v1/events", wired(1))
        told = await ask(app, "GET", "/metrics", key=None)
        assert told.headers["content-type"].startswith("text/plain")
        assert b'ombud_events_total{status="accepted"} 1.0' in told.body
        assert b"ombud_cases_open 3.0" in told.body
        assert b'ombud_waiting_items{lane="checks"} 0.0' in told.body
        stub.broken = 1.0
        told = await ask(app, "GET", "/ready", key=None)
        assert (told.status, told.json) == (503, {"status": "not ready"})

    over(stub, story)


def test_a_server_that_sends_nothing_is_not_ready() -> None:
    """Where platforms are connected and the sender does not run, what is decided reaches nobody."""
    stub = Stub(Settings(connectors={"chat": HttpConnector(url="https://chat.example/hook")}))

    async def story(app: App) -> None:
        told = await ask(app, "GET", "/ready", key=None)
        assert (told.status, told.json) == (503, {"status": "not ready"})
        assert (await ask(app, "GET", "/health", key=None)).status == 200
        assert (await ask(app, "POST", "/v1/events", wired(1))).status == 200
        stub.sending = 1.0
        assert (await ask(app, "GET", "/ready", key=None)).json == {"status": "ready"}
        told = await ask(app, "GET", "/metrics", key=None)
        assert b"ombud_sender_running 1.0" in told.body

    over(stub, story)


def test_a_server_that_stops_is_not_ready() -> None:
    """While requests in flight are finished no new ones should come."""

    async def story() -> None:
        metrics = Metrics()
        front = Front(Api(Stub(), metrics, lambda: True), metrics)
        assert (await ask(front, "GET", "/ready", key=None)).status == 503

    asyncio.run(story())


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/events", "POST"),
        ("GET", "/v1/check", "POST"),
        ("HEAD", "/v1/check", "POST"),
        ("OPTIONS", "/v1/events", "POST"),
        ("DELETE", "/v1/actions/act_1", "POST"),
        ("POST", "/health", "GET, HEAD"),
        ("BREW\x1b", "/metrics", "GET, HEAD"),
    ],
)
def test_methods_that_are_not_taken(method: str, path: str, allow: str) -> None:
    """405 with what is taken instead, before anybody's key is looked at."""

    async def story(app: App) -> None:
        told = await ask(app, method, path, key=None)
        assert (told.status, told.code, told.headers["allow"]) == (405, "U043", allow)

    over(Stub(), story)


@pytest.mark.parametrize(
    "path",
    ["/v1/", "/v1/nothing", "/v1/actions/", "/v1/actions/a/b", "/v1/events/", "/v1/events/1"],
)
def test_paths_that_lead_nowhere(path: str) -> None:
    """Everything under /v1 is the API's, also what is not there."""

    async def story(app: App) -> None:
        for method in ("GET", "POST", "OPTIONS"):
            told = await ask(app, method, path)
            assert (told.status, told.code) == (404, "U042")

    over(Stub(), story)


def test_who_goes_away_costs_nothing() -> None:
    """A request whose sender goes away in the middle reaches nobody and leaves nothing behind."""
    stub = Stub()

    async def whole() -> None:
        metrics = Metrics()
        api = Api(stub, metrics)
        told = await ask(Front(api, metrics), "POST", "/v1/events", [wired(1)[:20], None])
        assert told.status == 0
        assert api.held.size == 0
        assert metrics.requests == {("events", 0): 1}
        await api.close()

    asyncio.run(whole())
    assert stub.jobs == []
