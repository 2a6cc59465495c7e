"""The outermost callable: every request comes in here, and goes to the API or to the pages.

Here is what holds for every request: an error in the one shape, the headers of an API's answer, a
line in the log, a place in the figures, and an end for content that nobody reads. This module must
never know what a request is about.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

from ombud.errors import BadData, OmbudError
from ombud.web import logs
from ombud.web.api import Api
from ombud.web.exchange import App, Exchange, Gone, Receive, Reply, Scope, Send, refusal
from ombud.web.metrics import Metrics

DISCARD_MAX = 1 << 20  # bytes of content that are let go of behind an early answer
DISCARD_SECONDS = 2.0

_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class Front:
    """The ASGI application of the whole server."""

    def __init__(self, api: Api, metrics: Metrics, pages: App | None = None) -> None:
        self._api = api
        self._metrics = metrics
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. The server's own start and end are for the pages to follow."""
        if scope["type"] == "lifespan":
            await (_lifespan if self._pages is None else self._pages)(scope, receive, send)
        elif scope["type"] == "http":
            endpoint = self._api.find(scope["path"])
            if endpoint is None and self._pages is not None:
                await self._page(self._pages, scope, receive, send)
            else:
                await self._ask(endpoint or "none", scope, receive, send)

    async def _ask(self, endpoint: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A request to the API."""
        exchange = Exchange(scope, receive, self._api.held)
        status = 0
        try:
            reply = await self._reply(endpoint, exchange)
            status = reply.status
            await self._send(exchange, reply, send)
        except Gone:
            pass  # nobody waits
        finally:
            exchange.release()
            seconds = perf_counter() - exchange.started
            self._metrics.request(endpoint, status, seconds)
            level = logging.DEBUG if 0 < status < 400 else logging.INFO
            if logs.LOGGER.isEnabledFor(level):
                self._log(level, exchange, status, seconds)

    async def _reply(self, endpoint: str, exchange: Exchange) -> Reply:
        try:
            return await self._api.answer(endpoint, exchange)
        except OmbudError as error:
            return refusal(error)
        except (Gone, asyncio.CancelledError):
            raise
        except Exception:  # noqa: BLE001 -- one request fails, the others do not
            logs.fault("request failed", id=exchange.id, path=logs.path(exchange.scope["path"]))
            return refusal(BadData("D040", exchange.id))

    async def _send(self, exchange: Exchange, reply: Reply, send: Send) -> None:
        headers = [
            (b"content-type", reply.type),
            (b"content-length", b"%d" % len(reply.body)),
            *_HEADERS,
            *reply.headers,
        ]
        if reply.status >= 400:
            headers.append((b"x-request-id", exchange.id.encode("ascii")))
        unread = exchange.more and _has_content(exchange)
        if unread:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body, "more_body": unread})
        if unread:
            try:
                async with asyncio.timeout(DISCARD_SECONDS):
                    await exchange.discard(DISCARD_MAX)
            except TimeoutError:
                pass  # it has had its time to read the answer
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _page(self, pages: App, scope: Scope, receive: Receive, send: Send) -> None:
        """A request to the pages."""
        started = perf_counter()
        status = 0

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await pages(scope, receive, watched)
        finally:
            seconds = perf_counter() - started
            self._metrics.request("pages", status, seconds)
            logs.say(
                logging.INFO,
                "request",
                method=logs.method(scope["method"]),
                path=logs.path(scope["path"]),
                status=status,
                ms=round(seconds * 1000, 1),
            )

    def _log(self, level: int, exchange: Exchange, status: int, seconds: float) -> None:
        logs.say(
            logging.WARNING if status >= 500 else level,
            "request" if status else "request left",
            method=logs.method(exchange.scope["method"]),
            path=logs.path(exchange.scope["path"]),
            status=status,
            ms=round(seconds * 1000, 1),
            key=exchange.key,
            id=exchange.id,
        )


def _has_content(exchange: Exchange) -> bool:
    headers = exchange.headers
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Start and end of a server without pages."""
    for event in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{event}.complete"})
