"""The HTTP API: events, checks before publication, and what platforms say and ask later.

Raw ASGI: a framework would cost more than the judgement. Each endpoint is a line in
`openapi.ENDPOINTS` and a method here. This module must never answer for an event before the commit
that holds it, except at a check's deadline, where the hook's choice is answered and journalled.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec

from ombud import clock, events, journal
from ombud.access import PlatformKey, digest
from ombud.config import Hook
from ombud.errors import BadEvent, BadUse, OmbudError, catalogue
from ombud.journal import Submission
from ombud.model import EVENT_BYTES_MAX, Event
from ombud.transaction import Answer
from ombud.web import answers, logs, openapi, transactions
from ombud.web.batch import Pieces, Several, array, lines, refused
from ombud.web.exchange import CONTENT_MAX, Exchange, Held, Reply, shown
from ombud.web.lanes import CHECKS_MAX, EVENTS_MAX, Coming, Deadlines, Engine, Lane, Late
from ombud.web.metrics import CONTENT_TYPE, Metrics
from ombud.web.taken_apart import TRANSACTION_MAX, Apart

catalogue(
    U041=("The key {key} may not use this door.", "Make a key with the door {door}."),
    U047=("There is no hook called {hook}.", "The hooks stand in ombud.toml under [hooks]."),
    U051=(
        "There is no such action that this key's platforms were asked for.",
        "Send the id that came with the action.",
    ),
    U052=("{detail}.", "GET /openapi.json says what is taken here."),
    U053=("The address needs {name} once, with 1 to 255 characters.", "Write ?{name}=..."),
    U054=("The request holds more than {limit} lines.", "Send it in several requests."),
    U055=(
        "The key {key} does not speak for the platform {platform}.",
        "Look it up with a key that was made for the whole platform.",
    ),
)

LINES_MAX = 20_000  # in one request
ARRAY_BYTES = 256 << 10  # a longer array is decoded on another thread
THREADS = 4  # for what may block
CLOSE_SECONDS = 5.0
REPORT_BYTES_MAX = 4096
FIELD_LENGTH_MAX = 255
CHECKED = (*openapi.SINGLE, openapi.MATRIX)
DEFAULT_HOOK = "default"

_evidence = msgspec.json.Decoder(answers.Evidence)

T = TypeVar("T")


class Api:
    """The endpoints over one engine. Made and used on one event loop."""

    def __init__(
        self, engine: Engine, metrics: Metrics, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.held = Held()
        self.matrix = engine.memory
        self._past = transactions.Past()
        self._engine = engine
        self._rooms = engine.rooms
        self._metrics = metrics
        self._stopping = stopping
        self._loop = asyncio.get_running_loop()
        self._ingest = Lane(engine, first=False, most=EVENTS_MAX)
        self._checks = Lane(engine, first=True, most=CHECKS_MAX, late=self._judged_late)
        self._deadlines = Deadlines(engine, self._lost)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="api")
        self._document = msgspec.json.encode(openapi.document())
        self._endpoints: dict[tuple[str, str], Callable[[Exchange], Awaitable[Reply]]] = {
            (each.name, each.method): getattr(self, each.does) for each in openapi.ENDPOINTS
        }

    async def close(self) -> None:
        """Wait a little for what is with the writer, so that late answers are journalled after
        their verdicts, and end the threads. The writer still runs.
        """
        until = self._loop.time() + CLOSE_SECONDS
        parts = (self._ingest, self._checks, self._deadlines)
        while any(part.busy for part in parts) and self._loop.time() < until:
            await asyncio.sleep(0.01)
            self._deadlines.flush()
        if lost := len(self._deadlines) + self._checks.unnoted():
            self._lost(lost)
        self._threads.shutdown()

    # --- dispatch ---------------------------------------------------------------------------------

    def find(self, path: str) -> str | None:
        """The name of the endpoint at a path; "none" for a path that is the API's and leads to
        none, None for one that is not the API's.
        """
        name = openapi.NAMES.get(path)
        if name is not None or not path.startswith(("/v1/", openapi.APPSERVICE)):
            return name
        before, _, id_ = path.rpartition("/")
        return openapi.NAMES.get(before + "/{id}", "none") if id_ else "none"

    async def answer(self, name: str, exchange: Exchange) -> Reply:
        """Answer one request to an endpoint. Raises OmbudError, and Gone."""
        method = exchange.scope["method"]
        endpoint = self._endpoints.get((name, "GET" if method == "HEAD" else method))
        if endpoint is not None:
            return await endpoint(exchange)
        if name == "none":
            raise BadUse("U042", "path")
        raise BadUse("U043", "method", method=shown(method), allow=openapi.allowed(name))

    def _key(self, exchange: Exchange, door: str) -> PlatformKey:
        key = self._engine.access(digest(exchange.bearer()))
        if key is None:
            raise BadUse("U040", "Authorization")
        exchange.key = key.name
        if not key.opens(door):
            raise BadUse("U041", "Authorization", key=key.name, door=door)
        return key

    # --- events -----------------------------------------------------------------------------------

    async def events(self, exchange: Exchange) -> Reply:
        """POST /v1/events: one event, an array of them, or lines."""
        key = self._key(exchange, "events")
        type_ = exchange.content_type()
        if type_ in openapi.SINGLE:
            return await self._single(exchange, key)
        if type_ == openapi.BATCH:
            content = await exchange.read(CONTENT_MAX)
            if len(content) < ARRAY_BYTES:
                return await self._several(key, array(content))
            return await self._several(key, await self._blocking(array, content))
        if type_ == openapi.LINES:
            content = await exchange.read(CONTENT_MAX)
            if content.count(b"\n") >= LINES_MAX:
                raise BadUse("U054", "$", limit=LINES_MAX)
            return await self._several(key, lines(content))
        types = ", ".join((*openapi.SINGLE, openapi.BATCH, openapi.LINES))
        raise BadUse("U044", "Content-Type", type=type_ or "none", types=types)

    async def _single(self, exchange: Exchange, key: PlatformKey) -> Reply:
        try:
            event = events.decode(await exchange.read(EVENT_BYTES_MAX))
            _permit(key, event)
            told = answers.judged(_taken(await self._ingest.put(journal.submission(event))))
        except BadEvent as error:
            self._metrics.events["conflict" if error.code == "E008" else "rejected"] += 1
            raise
        self._metrics.events[told.status] += 1
        return Reply(200, answers.encode(told))

    async def _several(self, key: PlatformKey, pieces: Pieces) -> Reply:
        told = await Several(self._engine, key).judged(pieces)
        for status in ("accepted", "duplicate", "published", "conflict", "rejected"):
            self._metrics.events[status] += getattr(told, status)
        return Reply(200, answers.encode(told))

    async def transaction(self, exchange: Exchange) -> Reply:
        """PUT /_matrix/app/v1/transactions/{id}: what a homeserver saw, in its order.

        Answered after all of it is durable; what comes again is known by its events' ids.
        """
        key = self._key(exchange, "events")
        name, settings = transactions.homeserver(key, self._engine.settings.matrix)
        content, seen = await self._transaction(exchange), clock.now() // 1000
        before = (self.matrix.posts, self._past, self._rooms)
        sent = await self._blocking(transactions.read, content, name, settings, seen, *before)
        known = partial(self.matrix.asked_before, name)
        await self._several(key, transactions.pieces(sent.events, known))
        self._engine.homes.heard(name, clock.now())
        if sent.askings:
            self._engine.asked(name, sent.askings)
        if sent.words:
            await self._blocking(self._engine.heard, name, sent.words)
        return Reply(200, b"{}")

    async def _transaction(self, exchange: Exchange) -> bytes:
        """What was sent; of more than can be held as a whole, the events that can be."""
        if exchange.fits(CONTENT_MAX):
            return await exchange.read(CONTENT_MAX)
        apart = Apart()
        async for piece in exchange.pieces(TRANSACTION_MAX):
            before = apart.held
            await self._blocking(apart.feed, piece)
            exchange.hold(apart.held - before)
        if apart.left:
            logs.say(logging.WARNING, "events too long to be read", count=apart.left)
        return apart.content()

    async def ping(self, exchange: Exchange) -> Reply:
        """POST /_matrix/app/v1/ping: the homeserver reaches Ombud, with the right token."""
        transactions.homeserver(self._key(exchange, "events"), self._engine.settings.matrix)
        return Reply(200, b"{}")

    # --- checks -----------------------------------------------------------------------------------

    async def check(self, exchange: Exchange) -> Reply:
        """POST /v1/check: may this be published? Answered at the hook's deadline at the latest."""
        began = self._loop.time()
        key = self._key(exchange, "check")
        hook = self._hook(exchange)
        type_ = exchange.content_type()
        if type_ not in CHECKED:
            types = ", ".join(CHECKED)
            raise BadUse("U044", "Content-Type", type=type_ or "none", types=types)
        content = await exchange.read(EVENT_BYTES_MAX)
        if type_ == openapi.MATRIX:
            event = self.matrix.read(content, self._engine.settings.matrix)
        else:
            event = events.decode(content)
        if event is None:  # nothing that is judged: a reaction, an encrypted message
            return Reply(200, answers.encode(answers.UNASKED))
        _permit(key, event)
        found = await self._in_time(event, hook, began + hook.deadline_ms / 1000)
        if isinstance(found, Answer):
            link = self._engine.link(found.statement) if found.statement else None
            told = answers.checked(found, link)
        else:
            told = answers.late(hook.late)
        self._metrics.checks[told.action, told.degraded] += 1
        return Reply(200, answers.encode(told))

    async def _in_time(self, event: Event, hook: Hook, deadline: float) -> Coming:
        """The verdict; else `Late` at the deadline, or the error of a writer that takes nothing."""
        late = Late(hook.late)
        try:
            future = self._checks.put(journal.submission(event, check=True))
        except OmbudError as error:
            self._journal_late(event, late)
            return error
        timer = self._loop.call_at(deadline, _expire, future, late)
        found = await future
        timer.cancel()
        if isinstance(found, OmbudError):
            self._journal_late(event, late)
        return found

    def _judged_late(self, item: Submission, late: Late) -> None:
        """The verdict has followed: what was answered meanwhile is journalled after it."""
        self._journal_late(item.event, late)

    def _journal_late(self, event: Event, late: Late) -> None:
        self._deadlines.note(self._engine.identity(event.source, event.id), late.answer)

    def _hook(self, exchange: Exchange) -> Hook:
        query = exchange.scope["query_string"]
        name = DEFAULT_HOOK
        if query:
            named = _query(query).get("hook", [DEFAULT_HOOK])
            if len(named) != 1:
                raise BadUse("U053", "hook", name="hook")
            name = named[0]
        hook = self._engine.settings.hooks.get(name)
        if hook is not None:
            return hook
        if name != DEFAULT_HOOK:
            raise BadUse("U047", "hook", hook=shown(name))
        return Hook()

    def _lost(self, count: int) -> None:
        self._metrics.late_lost += count
        logs.say(logging.ERROR, "deadline answers could not be journalled", count=count)

    # --- what platforms say and ask later ---------------------------------------------------------

    async def report(self, exchange: Exchange) -> Reply:
        """POST /v1/actions/{id}: the platform's later evidence about an action."""
        key = self._key(exchange, "report")
        if exchange.content_type() != openapi.JSON:
            type_ = exchange.content_type()
            raise BadUse("U044", "Content-Type", type=type_ or "none", types=openapi.JSON)
        content = await exchange.read(REPORT_BYTES_MAX)
        try:
            state = _evidence.decode(content).state
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadUse("U052", "$", detail=shown(str(error)).rstrip(".")) from None
        id_ = exchange.scope["path"].rpartition("/")[2][:FIELD_LENGTH_MAX]
        for platform in sorted({source.partition("/")[0] for source in key.sources}):
            if key.speaks_for(platform) and await self._blocking(
                self._engine.report, id_, platform, state
            ):
                return Reply(200, answers.encode(answers.Noted(id_, state)))
        raise BadUse("U051", "id")

    async def statements(self, exchange: Exchange) -> Reply:
        """GET /v1/statements: the pages of somebody the platform has authenticated."""
        key = self._key(exchange, "report")
        asked = _query(exchange.scope["query_string"])
        platform, account = (_field(asked, name) for name in ("platform", "account"))
        if not key.speaks_for(platform):
            raise BadUse("U055", "platform", key=key.name, platform=shown(platform))
        found = await self._blocking(self._engine.statements_of, platform, account)
        items = [
            answers.Statement(link, clause, clock.rfc3339(opened)) for link, clause, opened in found
        ]
        page = await self._blocking(self._engine.list_link, platform, account)
        return Reply(200, answers.encode(answers.Statements(items, page)))

    async def capabilities(self, exchange: Exchange) -> Reply:  # noqa: ARG002
        """GET /capabilities: the published table of each platform."""
        return Reply(200, answers.encode(answers.Capabilities(self._engine.capabilities())))

    async def _blocking(self, call: Callable[..., T], *arguments: object) -> T:
        return await self._loop.run_in_executor(self._threads, call, *arguments)

    # --- how the server is ------------------------------------------------------------------------

    async def health(self, exchange: Exchange) -> Reply:  # noqa: ARG002
        """GET /health: the process is up and its loop turns."""
        return Reply(200, answers.encode(answers.State("up")))

    async def ready(self, exchange: Exchange) -> Reply:  # noqa: ARG002
        """GET /ready: events would be taken, and what they lead to would be sent."""
        figures = await self._blocking(self._engine.gauges)
        unsent = self._engine.settings.platforms and not figures.get("sender_running")
        if figures.get("writer_broken") or unsent or self._stopping():
            return Reply(503, answers.encode(answers.State("not ready")))
        return Reply(200, answers.encode(answers.State("ready")))

    async def metrics(self, exchange: Exchange) -> Reply:  # noqa: ARG002
        """GET /metrics: figures for Prometheus."""
        self._metrics.engine = await self._blocking(self._engine.gauges)
        self._metrics.waiting = {"events": len(self._ingest), "checks": len(self._checks)}
        return Reply(200, self._metrics.exposition(), CONTENT_TYPE)

    async def document(self, exchange: Exchange) -> Reply:  # noqa: ARG002
        """GET /openapi.json: this API, described."""
        return Reply(200, self._document)


# --- in small -------------------------------------------------------------------------------------


def _permit(key: PlatformKey, event: Event) -> None:
    """Raise BadEvent where a key may not send this event."""
    error = refused(key, event)
    if error is not None:
        raise error


def _taken(found: Coming) -> Answer:
    """The answer of something that has no deadline. Raises the OmbudError it may be."""
    if isinstance(found, OmbudError):
        raise found
    assert isinstance(found, Answer)  # noqa: S101
    return found


def _expire(future: asyncio.Future[Coming], late: Late) -> None:
    if not future.done():
        future.set_result(late)


def _query(sent: bytes) -> dict[str, list[str]]:
    """The fields of an address. Raises BadUse where they are none."""
    try:
        return parse_qs(
            sent.decode("ascii"), keep_blank_values=True, max_num_fields=16, errors="strict"
        )
    except (ValueError, UnicodeDecodeError):
        raise BadUse("U052", "query", detail="The query cannot be read") from None


def _field(asked: dict[str, list[str]], name: str) -> str:
    found = asked.get(name, [])
    if len(found) != 1 or not 1 <= len(found[0]) <= FIELD_LENGTH_MAX:
        raise BadUse("U053", name, name=name)
    return found[0]
