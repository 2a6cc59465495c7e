"""What holds for every request: one shape of errors, headers, a line in the log, figures."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Any

import pytest

from ombud.web import front as module
from ombud.web import logs
from ombud.web.api import Api
from ombud.web.exchange import Receive, Scope, Send
from ombud.web.front import Front
from ombud.web.metrics import Metrics
from web.asked import KEY, Stub, Told, ask, wired


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """A page of the public ones."""
    assert (await receive())["type"] == "http.request"
    assert scope["method"] == "GET"
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a line of ours says beside its event."""
    found: dict[str, Any] = getattr(record, "fields", {})
    return found


def test_paths_go_where_they_belong() -> None:
    """The API's paths to the API, everything else to the pages; without pages it is 404."""

    async def story() -> None:
        metrics = Metrics()
        api = Api(Stub(), metrics)
        front = Front(api, metrics, page)
        assert (await ask(front, "GET", "/health", key=None)).status == 200
        told = await ask(front, "GET", "/notice/token", [b""], key=None)
        assert (told.status, told.body) == (418, b"page")
        assert (await ask(front, "GET", "/v1x", [b""], key=None)).status == 418
        assert (await ask(front, "GET", "/v1/none", key=None)).status == 404
        told = await ask(Front(api, metrics), "GET", "/notice/token", key=None)
        assert (told.status, told.code) == (404, "U042")
        assert metrics.requests["pages", 418] == 2
        assert metrics.requests["health", 200] == 1
        assert metrics.requests["none", 404] == 2
        await api.close()

    asyncio.run(story())


def test_a_fault_is_told_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours is 500 in the usual shape, named by the request's id, without its message."""

    def fail(*_: object) -> object:
        raise RuntimeError("secret words")

    async def story() -> Told:
        stub, metrics = Stub(), Metrics()
        monkeypatch.setattr(stub, "access", fail)
        api = Api(stub, metrics)
        told = await ask(Front(api, metrics), "POST", "/v1/events", wired(1))
        await api.close()
        return told

    caplog.set_level(logging.INFO)
    told = asyncio.run(story())
    assert (told.status, told.code) == (500, "D040")
    assert b"secret" not in told.body
    assert told.json["error"]["where"] == told.headers["x-request-id"]
    fault, request = caplog.records
    assert (fault.getMessage(), fields(fault)["id"]) == (
        "request failed",
        told.headers["x-request-id"],
    )
    assert "secret" not in logs.JsonLines().format(fault)
    assert (request.levelname, fields(request)["status"]) == ("WARNING", 500)


def test_an_early_answer_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Content that nobody reads is let go of behind the answer, for a while, then the end comes."""
    monkeypatch.setattr(module, "DISCARD_MAX", 3)
    sent: list[dict[str, Any]] = []
    pieces = deque([b"a", b"b", b"c", b"d", b"e"])

    async def receive() -> dict[str, Any]:
        assert sent  # nothing is read before the answer is out
        return {"type": "http.request", "body": pieces.popleft(), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    async def story() -> None:
        metrics = Metrics()
        front = Front(Api(Stub(), metrics), metrics)
        headers = [
            (b"content-length", b"99999999999"),
            (b"authorization", b"Bearer " + KEY.encode()),
        ]
        scope = {"type": "http", "method": "POST", "path": "/v1/events", "headers": headers}
        await front({**scope, "query_string": b""}, receive, send)

    asyncio.run(story())
    assert [message.get("more_body") for message in sent] == [None, True, False]
    assert dict(sent[0]["headers"])[b"connection"] == b"close"
    assert list(pieces) == [b"d", b"e"]


def test_content_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends nothing more gets the end of the answer all the same."""
    monkeypatch.setattr(module, "DISCARD_SECONDS", 0.001)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    async def story() -> None:
        metrics = Metrics()
        front = Front(Api(Stub(), metrics), metrics)
        scope = {"type": "http", "method": "POST", "path": "/v1/events", "query_string": b""}
        await front({**scope, "headers": [(b"transfer-encoding", b"chunked")]}, receive, send)

    asyncio.run(story())
    assert sent[0]["status"] == 401
    assert sent[-1]["more_body"] is False


def test_lines_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals and pages are logged, with the key's name; what went well only for who debugs."""

    async def story() -> None:
        metrics = Metrics()
        api = Api(Stub(), metrics)
        front = Front(api, metrics, page)
        await ask(front, "POST", "/v1/events", wired(1))
        await ask(front, "POST", "/v1/check?hook=planted", wired(1))
        await ask(front, "GET", "/notice/planted", [b""], key=None)
        await ask(front, "POST", "/v1/events", [wired(1)[:9], None])
        await api.close()

    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="ombud")
    asyncio.run(story())
    found = [(record.getMessage(), fields(record)) for record in caplog.records]
    assert [(said, each["path"], each["status"]) for said, each in found if "path" in each] == [
        ("request", "/v1/check", 400),
        ("request", "/notice/-", 418),
        ("request left", "/v1/events", 0),
    ]
    assert found[-3][1]["key"] == "forum"
    caplog.clear()
    caplog.set_level(logging.DEBUG, logger="ombud")
    asyncio.run(story())
    paths = [fields(record).get("path") for record in caplog.records]
    assert paths.count("/v1/events") == 2


def test_start_and_end_are_the_pages_to_follow() -> None:
    """The server's start and end reach the pages; without pages they are answered."""
    seen: list[str] = []

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        seen.append(scope["type"])

    async def story() -> None:
        metrics = Metrics()
        api = Api(Stub(), metrics)
        sent: list[str] = []

        async def receive() -> dict[str, Any]:
            return {"type": "lifespan.startup"}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await Front(api, metrics, pages)({"type": "lifespan"}, receive, send)
        assert seen == ["lifespan"]
        assert sent == []
        await Front(api, metrics)({"type": "lifespan"}, receive, send)
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    asyncio.run(story())
