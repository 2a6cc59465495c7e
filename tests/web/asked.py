"""Asking an ASGI application, and an engine that does what a test says: for tests of the API."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple

from ombud.access import PlatformKey, digest
from ombud.config import Settings
from ombud.connectors.matrix_asked import Memory
from ombud.connectors.matrix_chat import Word
from ombud.connectors.matrix_direct import Asking
from ombud.connectors.matrix_scope import Rooms
from ombud.errors import OmbudError
from ombud.homes import Homes
from ombud.journal import Control, Submission
from ombud.model import Capability
from ombud.transaction import Answer
from ombud.web.exchange import App

KEY = "omb_" + "k" * 43
EVERYTHING = PlatformKey(name="forum", sources=("chat/*",))


class Stub:
    """An engine that takes jobs and answers when it is told to, or at once."""

    def __init__(self, settings: Settings | None = None, *, at_once: bool = True) -> None:
        self.settings = settings or Settings()
        self.at_once = at_once
        self.jobs: list[Sequence[Submission | Control]] = []
        self.lanes: list[bool] = []
        self.futures: deque[Future[list[Answer]]] = deque()
        self.refusal: OmbudError | None = None
        self.keys = {digest(KEY): EVERYTHING}
        self.action = "allow"
        self.broken = 0.0
        self.sending = 0.0
        self.words: list[tuple[str, Word]] = []
        self.homes = Homes()
        self.memory = Memory()
        self.rooms = Rooms(lambda *_: None)
        self.reported: list[tuple[str, str, str]] = []

    def submit(
        self, items: Sequence[Submission | Control], *, first: bool, wait: bool
    ) -> Future[list[Answer]]:
        """Take a job, unless told to refuse."""
        assert not wait
        if self.refusal is not None:
            raise self.refusal
        future: Future[list[Answer]] = Future()
        self.jobs.append(items)
        self.lanes.append(first)
        self.futures.append(future)
        if self.at_once:
            self.finish()
        return future

    def finish(self, error: Exception | None = None) -> None:
        """Answer the oldest job."""
        future = self.futures.popleft()
        number = len(self.jobs) - len(self.futures) - 1
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result([self._answer(each) for each in self.jobs[number]])

    def _answer(self, item: Submission | Control) -> Answer:
        if isinstance(item, Control):
            return Answer("applied", 1)
        return Answer("accepted", int(item.event.id), self.action)

    def access(self, found: bytes) -> PlatformKey | None:
        """The key of a digest."""
        return self.keys.get(found)

    def identity(self, source: str, id_: str) -> bytes:
        """Readable, so that tests can tell them apart."""
        return f"{source}#{id_}".encode()

    def secret(self, platform: str) -> bytes | None:
        """Nobody asks these homeservers anything."""
        return None if platform else b""

    def heard(self, platform: str, words: Sequence[Word]) -> None:
        """Note what was said in a moderators' room."""
        self.words += [(platform, each) for each in words]

    def link(self, statement: str) -> str:
        """The address of a page."""
        return f"https://forum.example/notice/{statement}"

    def report(self, action: str, platform: str, state: str) -> bool:
        """Only act_1 is known, on chat."""
        self.reported.append((action, platform, state))
        return (action, platform) == ("act_1", "chat")

    def statements_of(self, platform: str, account: str) -> list[tuple[str, str, int]]:
        """One page for everybody."""
        return [(f"https://forum.example/notice/{platform}-{account}", "spam.links", 1_000_000)]

    def list_link(self, platform: str, account: str) -> str:
        """One list for everybody."""
        return f"https://forum.example/statements/{platform}-{account}"

    def asked(self, platform: str, askings: Sequence[Asking]) -> None:
        """Nobody is answered."""

    def capabilities(self) -> Mapping[str, Mapping[str, Capability]]:
        """One platform, which holds and cannot undo it wholly."""
        return {"chat": {"hold": Capability(done="before", undo="partial", notice="webhook")}}

    def gauges(self) -> Mapping[str, float]:
        """Some figures."""
        return {
            "writer_broken": self.broken,
            "sender_running": self.sending,
            "cases_open": 3.0,
        }


class Told(NamedTuple):
    """An answer as it was sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error's code."""
        found: str = self.json["error"]["code"]
        return found


async def ask(
    app: App,
    method: str,
    address: str,
    content: bytes | Sequence[bytes | None] = b"",
    *,
    key: str | None = KEY,
    type_: str | None = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Told:
    """Send one request; `None` among the pieces of its content: whoever asks goes away."""
    path, _, query = address.partition("?")
    sent: dict[str, str] = {}
    if key is not None:
        sent["authorization"] = f"Bearer {key}"
    if content and type_ is not None:
        sent["content-type"] = type_
    sent.update(headers or {})
    pieces: deque[bytes | None] = deque([content] if isinstance(content, bytes) else content)
    if isinstance(content, bytes) and content and "content-length" not in sent:
        sent["content-length"] = str(len(content))
    status, told, body = 0, dict[str, str](), b""

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        piece = pieces.popleft() if pieces else None
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        nonlocal status, told, body
        if message["type"] == "http.response.start":
            status = message["status"]
            told = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            body += message.get("body", b"")

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
    }
    await app(scope, receive, send)
    return Told(status, told, body)


def event(number: int, **more: Any) -> dict[str, Any]:
    """A small event from the room that KEY speaks for."""
    return {
        "id": str(number),
        "source": "chat/hall",
        "type": "post.created",
        "time": "2026-03-01T12:00:00Z",
        "data": {"text": "hello"},
        **more,
    }


def wired(number: int, **more: Any) -> bytes:
    """The same, as it is sent."""
    return json.dumps(event(number, **more)).encode()
