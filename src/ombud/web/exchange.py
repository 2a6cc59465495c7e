"""One request and its answer: who asks, what was sent, and the one shape of an error.

Everything that comes in is bounded before it is kept: the content of one request, and of all
requests together. This module must never look into the content.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any, NamedTuple

from ombud.access import KEY_LENGTH_MAX
from ombud.errors import BadData, BadUse, OmbudError, catalogue
from ombud.web import answers

catalogue(
    U040=(
        "The request carries no key that is known here.",
        "Send the header `Authorization: Bearer KEY` with a key of this community.",
    ),
    U042=("There is nothing at this path.", "GET /openapi.json lists every path."),
    U043=("{method} is not taken here.", "Use {allow}."),
    U044=("Content of the type {type} is not taken here.", "Send {types}."),
    U045=("Content encoded as {encoding} is not taken.", "Send it without Content-Encoding."),
    U046=("The request holds more than {limit} bytes.", "Send it in several requests."),
    U048=("The request did not arrive within {seconds} seconds.", "Send it again."),
    U049=("The request's head is longer than {limit} bytes.", "Send fewer or shorter headers."),
    U050=("This is not an HTTP request.", "Speak HTTP/1.1 here, without TLS."),
    D040=("Something failed inside the server.", "Its log says what, under the request's id."),
)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]  # frameworks type the three in their own ways

CONTENT_MAX = 16 << 20  # of one request
HELD_MAX = 128 << 20  # of all requests together
LENGTH_DIGITS = 18  # of a content's length
SHOWN_MAX = 100  # of what others wrote, in an error
RETRY_SECONDS = 1
JSON = b"application/json"
_TYPES = {JSON: "application/json"}  # what almost everybody sends, without a second look

STATUS: Mapping[str, int] = {
    "D011": 503,
    "D012": 503,
    "D040": 500,
    "E001": 400,
    "E003": 413,
    "E008": 409,
    "E010": 400,
    "E020": 403,
    "E021": 403,
    "U040": 401,
    "U041": 403,
    "U042": 404,
    "U043": 405,
    "U044": 415,
    "U045": 415,
    "U046": 413,
    "U047": 400,
    "U048": 408,
    "U049": 431,
    "U050": 400,
    "U051": 404,
    "U053": 400,
    "U054": 413,
    "U055": 403,
    "U473": 403,
    "U482": 403,
    "U506": 503,
}


class Gone(Exception):
    """Whoever asked is gone: nobody waits for an answer."""


class Reply(NamedTuple):
    """An answer before it is sent."""

    status: int
    body: bytes
    type: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Held:
    """How many bytes of content all requests hold together."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0


class Exchange:
    """A request as it comes in. `key` is the name of the key it came with, for the log."""

    __slots__ = (
        "_held",
        "_id",
        "_receive",
        "_size",
        "_taken",
        "headers",
        "key",
        "more",
        "scope",
        "started",
    )

    def __init__(self, scope: Scope, receive: Receive, held: Held) -> None:
        self.scope = scope
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.key = ""
        self.more = True  # whether content may still come
        self.started = time.perf_counter()
        self._receive = receive
        self._held = held
        self._size = self._taken = 0  # bytes that are held, and that came in
        self._id = ""

    @property
    def id(self) -> str:
        """The name that the log and the answer call this request by."""
        if not self._id:
            self._id = f"{_PROCESS}-{next(_NUMBERS)}"
        return self._id

    def bearer(self) -> str:
        """The key that was sent. Raises BadUse U040 where there is none."""
        sent = self.headers.get(b"authorization", b"")
        if sent[:7].lower() != b"bearer " or len(sent) > KEY_LENGTH_MAX:
            raise BadUse("U040", "Authorization")
        return sent[7:].strip().decode("latin-1")

    def content_type(self) -> str:
        """The type of the content, without its parameters."""
        sent = self.headers.get(b"content-type", b"")
        known = _TYPES.get(sent)
        return shown(sent.partition(b";")[0].strip()).lower() if known is None else known

    def fits(self, limit: int) -> bool:
        """Whether the content says of itself that it is no longer than `limit`."""
        declared = self.headers.get(b"content-length", b"")
        return declared.isdigit() and len(declared) <= LENGTH_DIGITS and int(declared) <= limit

    async def read(self, limit: int) -> bytes:
        """All of the content. Raises BadUse where it is encoded or longer than `limit`, BadData
        D012 where all requests together hold too much, and Gone.
        """
        pieces = [await self._first(limit)]
        while self.more:
            pieces.append(await self._piece(limit))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def pieces(self, limit: int) -> AsyncIterator[bytes]:
        """The content as it comes in; of what is given nothing is held. Raises as `read` does."""
        piece = await self._first(limit)
        while True:
            self.hold(-len(piece))
            yield piece
            if not self.more:
                return
            piece = await self._piece(limit)

    def hold(self, size: int) -> None:
        """So many bytes more are held, or fewer. Raises BadData D012 where it is too much."""
        if self._held.size + size > HELD_MAX:
            raise BadData("D012", "queue")
        self._size += size
        self._held.size += size

    async def _first(self, limit: int) -> bytes:
        encoding = self.headers.get(b"content-encoding", b"identity")
        if encoding.lower() != b"identity":
            raise BadUse("U045", "Content-Encoding", encoding=shown(encoding))
        if self.headers.get(b"content-length", b"").isdigit() and not self.fits(limit):
            raise BadUse("U046", "$", limit=limit)
        return await self._piece(limit)

    async def _piece(self, limit: int) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.more = False
            raise Gone
        piece: bytes = message.get("body", b"")
        self.more = message.get("more_body", False)
        self._taken += len(piece)
        if self._taken > limit:
            raise BadUse("U046", "$", limit=limit)
        self.hold(len(piece))
        return piece

    async def discard(self, limit: int) -> None:
        """Let go of what still comes, up to `limit` bytes, so that an early answer is read."""
        while self.more and limit > 0:
            message = await self._receive()
            limit -= max(1, len(message.get("body", b"")))
            self.more = message.get("more_body", False)

    def release(self) -> None:
        """The content is no longer held."""
        self._held.size -= self._size
        self._size = 0


_PROCESS = secrets.token_hex(3)
_NUMBERS = itertools.count(1)


def status_of(error: OmbudError) -> int:
    """The HTTP status an error is told with."""
    return STATUS.get(error.code, 422 if error.code[0] in "EU" else 500)


def refusal(error: OmbudError) -> Reply:
    """The error as an answer."""
    status = status_of(error)
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if status == 503:
        headers = ((b"retry-after", b"%d" % RETRY_SECONDS),)
    elif status == 405:
        headers = ((b"allow", str(error.arguments["allow"]).encode("ascii")),)
    elif status == 401:
        headers = ((b"www-authenticate", b"Bearer"),)
    body = answers.encode(answers.Refused(answers.problem(error)))
    return Reply(status, body, JSON, headers)


def shown(sent: bytes | str) -> str:
    """What somebody sent, as an error may repeat it: short and printable."""
    text = sent if isinstance(sent, str) else sent[: SHOWN_MAX * 4].decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "?" for char in text[:SHOWN_MAX])
