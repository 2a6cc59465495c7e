"""One connection: uvicorn's HTTP protocol, bounded in time and size before a request is there.

Whoever sends a request slowly, or a head without end, holds a connection for a known time and a
known number of bytes; then they are told so and let go. The bounds stand here because only here the
bytes are seen as they come. This module must never look into a request.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ombud.errors import BadUse
from ombud.web.exchange import refusal

HEAD_BYTES_MAX = 64 << 10  # of a head that has not ended yet
HEAD_SECONDS = 10.0  # from a connection's or a request's first byte to the end of the head
REQUEST_SECONDS = 30.0  # from there to the end of the content

# What anybody can cause is answered, not logged.
_EXPECTED = (
    "Invalid HTTP request received.",
    "Unsupported upgrade request.",
    "No supported WebSocket library",
)
logging.getLogger("uvicorn.error").addFilter(
    lambda record: not str(record.msg).startswith(_EXPECTED)
)


class Connection(HttpToolsProtocol):
    """A connection that must become a request in time."""

    head_seconds = HEAD_SECONDS
    request_seconds = REQUEST_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._limit: asyncio.TimerHandle | None = None
        self._head = 0  # bytes of the head so far, or a little more
        self._begun = False  # whether a request has begun
        self._content = False  # whether its head has ended and its content has not
        self._ended = False  # whether nothing more will come

    # --- the protocol's events --------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there, and has a little time to ask."""
        super().connection_made(transport)
        self._allow(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._stop()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Nothing more will come: what was asked in whole is still answered."""
        self._ended = True
        return not (self._idle() or self._begun or self._content)

    def on_response_complete(self) -> None:
        """An answer is out."""
        super().on_response_complete()
        if self._ended and self._idle() and not self.transport.is_closing():
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Bytes came: at their end there is a whole request, or time runs."""
        super().data_received(data)
        if self.transport.is_closing():
            self._stop()
        elif self._begun:
            self._head += len(data)
            if self._head > HEAD_BYTES_MAX:
                self._refuse(BadUse("U049", "head", limit=HEAD_BYTES_MAX))
            elif self._limit is None:
                self._allow(self.head_seconds)
        elif self._limit is None:
            if self._content:
                self._allow(self.request_seconds)
            elif self._idle():
                self._allow(self.head_seconds)  # it sent something that is no request

    def on_message_begin(self) -> None:
        """A request begins."""
        self._begun, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head has ended."""
        self._begun, self._content = False, True
        self._stop()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Its content has ended."""
        self._content = False
        self._stop()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- told in our own words
        """What came is no HTTP."""
        self._refuse(BadUse("U050", "request"))

    # --- limits -----------------------------------------------------------------------------------

    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _allow(self, seconds: float) -> None:
        self._limit = self.loop.call_later(seconds, self._too_late, seconds)

    def _stop(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _too_late(self, seconds: float) -> None:
        self._limit = None
        if self._begun or self._content:
            self._refuse(BadUse("U048", "request", seconds=round(seconds)))
        elif not self.transport.is_closing():
            self.transport.close()  # it never asked anything

    def _refuse(self, error: BadUse) -> None:
        """Answer and let go, unless an answer is on its way already."""
        self._stop()
        self._begun = False
        if self.transport.is_closing():
            return
        waits = self._content and not self.pipeline  # for its own content, and for nothing before
        if self._idle() or (waits and not self.cycle.response_started):
            status, body, type_, _ = refusal(error)
            self.transport.write(
                b"HTTP/1.1 %d %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n"
                b"cache-control: no-store\r\nx-content-type-options: nosniff\r\n"
                b"connection: close\r\n\r\n"
                % (status, HTTPStatus(status).phrase.encode(), type_, len(body))
                + body
            )
        self.transport.close()
