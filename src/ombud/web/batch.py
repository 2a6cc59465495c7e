"""Several events of one request: decoded piece by piece, handed in job by job, answered in order.

A bad event, or one that the key may not send, is refused alone. Where a job is not taken the whole
request is refused, and is to be sent again: what of it was taken is a duplicate then. This module
must never keep the loop to itself: after each piece others have their turn.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

from msgspec import UNSET, UnsetType

from ombud import events, journal
from ombud.access import PlatformKey
from ombud.errors import BadEvent, OmbudError, catalogue
from ombud.journal import Submission
from ombud.model import Event
from ombud.signals.observation import kind_of
from ombud.transaction import Answer
from ombud.web import answers
from ombud.web.exchange import shown
from ombud.web.lanes import EVENTS_MAX, Engine, Found, hand_in

catalogue(
    E020=(
        "The key {key} does not speak for the source {source}.",
        "Send it with a key that was made for this source.",
    ),
    E021=(
        "The key {key} may not send events of the kind {kind}.",
        "Send it with a key that was made for this kind.",
    ),
)

PIECE_BYTES = 64 << 10  # of lines that are decoded in one go
PIECE_EVENTS = 64  # of an array that are looked at in one go
JOBS_UNDER_WAY = 2  # of one request

Part = tuple[Event | BadEvent, int | UnsetType, str]  # with its line, and its path
Pieces = Iterator[list[Part]]


def array(content: bytes) -> Pieces:
    """The events of a JSON array. Raises BadEvent where it is none."""
    parts = events.decode_batch(content)
    return (
        [
            (part, UNSET, f"$[{number}]")
            for number, part in enumerate(parts[at : at + PIECE_EVENTS], at)
        ]
        for at in range(0, len(parts), PIECE_EVENTS)
    )


def lines(content: bytes) -> Pieces:
    """The events of some lines."""
    chunks = (content[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES))
    return (
        [(_decoded(line), line.number, "$") for line in group] for group in events.groups(chunks)
    )


def _decoded(line: events.Line) -> Event | BadEvent:
    try:
        return line.decoded()
    except BadEvent as error:
        return error


def refused(key: PlatformKey, event: Event, where: str = "$") -> BadEvent | None:
    """Why a key may not send an event; None where it may. `where` is the event's path."""
    if not key.covers(event.source):
        return BadEvent("E020", f"{where}.source", key=key.name, source=shown(event.source))
    kind = kind_of(event)
    if not key.takes(kind):
        return BadEvent("E021", f"{where}.type", key=key.name, kind=kind)
    return None


class Several:
    """The events of one request on their way."""

    __slots__ = (
        "_batch",
        "_engine",
        "_found",
        "_key",
        "_loop",
        "_numbers",
        "_places",
        "_under_way",
    )

    def __init__(self, engine: Engine, key: PlatformKey) -> None:
        self._engine = engine
        self._key = key
        self._loop = asyncio.get_running_loop()
        self._found: list[Answer | OmbudError | None] = []  # None: under way
        self._places: list[tuple[int | UnsetType, str]] = []
        self._batch: list[Submission] = []
        self._numbers: list[int] = []
        self._under_way: deque[tuple[list[int], asyncio.Future[Found]]] = deque()

    async def judged(self, pieces: Pieces) -> answers.Batch:
        """The answer to all of them. Raises OmbudError where a job was not taken."""
        for piece in pieces:
            for part, line, where in piece:
                self._places.append((line, where))
                error = part if isinstance(part, BadEvent) else refused(self._key, part, where)
                if error is None and not isinstance(part, BadEvent):
                    self._numbers.append(len(self._found))
                    self._batch.append(journal.submission(part))
                self._found.append(error)
                if len(self._batch) >= EVENTS_MAX:
                    await self._hand_over()
            await asyncio.sleep(0)  # others have their turn
        await self._hand_over()
        await self._collect(0)
        return answers.batch(
            [
                answers.item(found, line, where)
                for found, (line, where) in zip(self._found, self._places, strict=True)
                if found is not None
            ]
        )

    async def _hand_over(self) -> None:
        """Hand in a job, and wait where too many of this request are under way."""
        if not self._batch:
            return
        future: asyncio.Future[Found] = self._loop.create_future()
        hand_in(self._engine, self._loop, self._batch, future.set_result)
        self._under_way.append((self._numbers, future))
        self._batch, self._numbers = [], []
        await self._collect(JOBS_UNDER_WAY - 1)

    async def _collect(self, most: int) -> None:
        """Wait until at most so many jobs are under way."""
        while len(self._under_way) > most:
            numbers, future = self._under_way.popleft()
            told = await asyncio.shield(future)
            if isinstance(told, OmbudError):
                raise told
            for number, answer in zip(numbers, told, strict=True):
                self._found[number] = answer
