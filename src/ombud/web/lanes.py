"""From the event loop to the writer and back: one job at a time in each lane.

While a job is with the writer, arrivals gather into the next one, so that a thousand requests cost
the threads a handful of meetings, not a thousand. An answer is given only after the commit that
holds it. This module must never block the loop, and never keep an item that it cannot hand in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import repeat
from typing import Literal, NamedTuple, Protocol

from ombud import writer
from ombud.access import PlatformKey
from ombud.config import Settings
from ombud.connectors.matrix_asked import Memory
from ombud.connectors.matrix_chat import Word
from ombud.connectors.matrix_direct import Asking
from ombud.connectors.matrix_scope import Rooms
from ombud.errors import BadData, OmbudError
from ombud.homes import Homes
from ombud.journal import Control, Submission
from ombud.model import Capability
from ombud.transaction import Answer

EVENTS_MAX = writer.GROUP_MAX  # in a job: as many as the writer takes into a group
CHECKS_MAX = writer.GROUP_BUSY
WAITING_MAX = 4096  # items that wait for the next jobs of a lane
LATE_MAX = 1000  # deadline answers that wait for their journal record
AGAIN_SECONDS = 1.0

Found = list[Answer] | OmbudError


class Late(NamedTuple):
    """Answered already, by the hook's choice."""

    answer: Literal["allow", "refuse"]


Coming = Answer | OmbudError | Late
Waiting = list[tuple[Submission, asyncio.Future[Coming]]]


class Engine(Protocol):
    """The engine, as far as the API knows it; `ombud.doors` gives one. What may block says so."""

    def submit(
        self, items: Sequence[Submission | Control], *, first: bool, wait: bool
    ) -> Future[list[Answer]]:
        """Hand in a job. Raises OmbudError D012 where its lane is full, D011 at the end."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    @property
    def homes(self) -> Homes:
        """How each homeserver stands."""

    @property
    def memory(self) -> Memory:
        """What homeservers asked and told last."""

    @property
    def rooms(self) -> Rooms:
        """What rooms of homeservers are like."""

    def access(self, digest: bytes) -> PlatformKey | None:
        """What the key of a digest may do; None where there is no such key. Does not block."""

    def identity(self, source: str, id_: str) -> bytes:
        """The keyed digest of an event's identity."""

    def secret(self, platform: str) -> bytes | None:
        """What Ombud shows a platform; None where there is none. May block."""

    def link(self, statement: str) -> str:
        """The address of a statement page, as people get it."""

    def report(self, action: str, platform: str, state: str) -> bool:
        """Keep what a platform says of an action of its own; whether there is one. Blocks."""

    def heard(self, platform: str, words: Sequence[Word]) -> None:
        """Do what moderators said to Ombud in their room. Raises OmbudError where it cannot be kept
        just now. Blocks.
        """

    def statements_of(self, platform: str, account: str) -> Sequence[tuple[str, str, int]]:
        """Link, clause and opening instant of a person's statement pages. Blocks."""

    def list_link(self, platform: str, account: str) -> str:
        """The address of the list of a person's statement pages, for an hour. Blocks."""

    def asked(self, platform: str, askings: Sequence[Asking]) -> None:
        """People ask from their own accounts what was decided about them. Does not block."""

    def capabilities(self) -> Mapping[str, Mapping[str, Capability]]:
        """What each connected platform can do, by action."""

    def gauges(self) -> Mapping[str, float]:
        """Figures for the metrics, by name; with `writer_broken` and `sender_running`. Blocks."""


def hand_in(
    engine: Engine,
    loop: asyncio.AbstractEventLoop,
    items: Sequence[Submission | Control],
    then: Callable[[Found], None],
    *,
    first: bool = False,
) -> None:
    """Hand a job to the writer; `then` gets the answers, or the error, on the loop.

    Raises OmbudError where the job cannot be handed in; then nothing comes.
    """

    def arrived(job: Future[list[Answer]]) -> None:
        error = job.exception()
        if error is not None and not isinstance(error, OmbudError):
            error = BadData("D011", "store", detail=type(error).__name__)
        with suppress(RuntimeError):  # the loop has ended, and with it who asked
            loop.call_soon_threadsafe(then, job.result() if error is None else error)

    engine.submit(items, first=first, wait=False).add_done_callback(arrived)


def _nobody(item: Submission, late: Late) -> None:
    """No item of a lane without deadlines is ever late."""
    raise AssertionError(item, late)


class Lane:
    """One lane to the writer for items that come one by one.

    An item whose future was settled as `Late` meanwhile is told to `late` once it is judged, or
    once it is clear that it will not be.
    """

    __slots__ = ("_busy", "_engine", "_first", "_handed", "_late", "_loop", "_most", "_waiting")

    def __init__(
        self,
        engine: Engine,
        *,
        first: bool,
        most: int,
        late: Callable[[Submission, Late], None] = _nobody,
    ) -> None:
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._first = first
        self._most = most
        self._late = late
        self._waiting: Waiting = []
        self._handed: Waiting = []
        self._busy = False

    def __len__(self) -> int:
        """How many items wait for the next job."""
        return len(self._waiting)

    @property
    def busy(self) -> bool:
        """Whether anything waits or is with the writer."""
        return self._busy

    def unnoted(self) -> int:
        """How many items were settled as `Late` of which `late` has not been told yet."""
        futures = [future for _, future in (*self._handed, *self._waiting) if future.done()]
        return sum(not each.cancelled() and isinstance(each.result(), Late) for each in futures)

    def put(self, item: Submission) -> asyncio.Future[Coming]:
        """The answer to come, or the error, as a value. Raises BadData D012 where too many wait."""
        if len(self._waiting) >= WAITING_MAX:
            raise BadData("D012", "queue")
        future: asyncio.Future[Coming] = self._loop.create_future()
        self._waiting.append((item, future))
        if not self._busy:
            self._busy = True
            self._loop.call_soon(self._next)  # with whatever else this turn of the loop brings
        return future

    def _next(self) -> None:
        """Hand in the next job, if anything waits."""
        while self._waiting:
            job, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                hand_in(
                    self._engine,
                    self._loop,
                    [item for item, _ in job],
                    partial(self._answered, job),
                    first=self._first,
                )
            except OmbudError as error:
                self._settle(job, error)
            else:
                self._handed = job
                return
        self._busy = False

    def _answered(self, job: Waiting, found: Found) -> None:
        self._handed = []
        self._settle(job, found)
        self._next()

    def _settle(self, job: Waiting, found: Found) -> None:
        """Give everybody their own answer, or all of them the error."""
        each: Iterable[Answer | OmbudError] = (
            repeat(found) if isinstance(found, OmbudError) else found
        )
        for (item, future), answer in zip(job, each, strict=False):
            if not future.done():
                future.set_result(answer)
            elif not future.cancelled() and isinstance(late := future.result(), Late):
                self._late(item, late)


class Deadlines:
    """Checks that were answered by their hook's choice, until the journal says so.

    One control at a time is with the writer. What cannot be journalled is tried again; beyond
    LATE_MAX it is counted through `lost`, and not kept.
    """

    __slots__ = ("_again", "_busy", "_engine", "_kept", "_loop", "_lost")

    def __init__(self, engine: Engine, lost: Callable[[int], None]) -> None:
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._lost = lost
        self._kept: list[dict[str, str]] = []
        self._busy = False
        self._again: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many wait to be handed in."""
        return len(self._kept)

    @property
    def busy(self) -> bool:
        """Whether anything waits or is with the writer."""
        return self._busy or bool(self._kept)

    def note(self, identity: bytes, answer: Literal["allow", "refuse"]) -> None:
        """This check was answered without a verdict."""
        self._keep([{"identity": identity.hex(), "answer": answer}])
        if not self._busy and self._again is None:
            self._busy = True
            self._loop.call_soon(self._next)

    def flush(self) -> None:
        """Hand in now what waits to be tried again."""
        if self._again is not None:
            self._again.cancel()
            self._again = None
        if not self._busy:
            self._next()

    def _keep(self, records: list[dict[str, str]]) -> None:
        room = LATE_MAX - len(self._kept)
        self._kept += records[:room]
        if len(records) > room:
            self._lost(len(records) - room)

    def _next(self) -> None:
        self._again = None
        self._busy = bool(self._kept)
        if not self._kept:
            return
        records, self._kept = self._kept, []

        def journalled(found: Found) -> None:
            if isinstance(found, OmbudError):
                self._later(records)
            else:
                self._next()

        control = Control("deadline", {"answers": records})
        try:
            hand_in(self._engine, self._loop, [control], journalled, first=True)
        except OmbudError:
            self._later(records)

    def _later(self, records: list[dict[str, str]]) -> None:
        """Put back what was not taken, before what came since, and wait a little."""
        since, self._kept = self._kept, []
        self._keep(records)
        self._keep(since)
        self._busy = False
        self._again = self._loop.call_later(AGAIN_SECONDS, self._next)
