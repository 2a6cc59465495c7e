"""Delivers what the outbox holds, through connectors: at least once, under one key, in order.

    asked -> sending (committed) -> the call -> delivered, confirmed, sent or undeliverable
                                             -> asked again, for later
                                             -> failed: refused, or tried for a day

`Schedule` says what may go and what becomes of it; it is pure. `Sender` drives it on a thread of
its own, each call on another, a bounded number to each connector: a receiver that hangs holds up
nobody else's. Threads that hang end with the process, and what they were to send is sent again at
the next start. This module must never decide what is done, never write the store itself, and
never let a call go out before its attempt is committed.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Literal, Protocol

import msgspec
from msgspec.structs import replace

from ombud import actions
from ombud.changes import DETAIL_LENGTH_MAX, Mark
from ombud.clock import DAY, HOUR, SECOND
from ombud.errors import OmbudError
from ombud.model import Call, Connector, Outcome

CALLS_MAX = 8  # calls under way to one connector
READ_MAX = 512  # rows of the outbox looked at together
LOOK_SECONDS = 1.0  # the longest sleep without a look
REST_SECONDS = 1.0  # after the store could not be read or written
BACK_OFF_MAX = 300  # seconds
GIVE_UP_AFTER = DAY
GIVE_UP_ATTEMPTS = 12  # a clock that jumps a day ahead must not give up what was hardly tried
TAKEN = frozenset({actions.DELIVERED, actions.CONFIRMED})
OF_NOTICES = frozenset({actions.SENT, actions.UNDELIVERABLE})  # nothing that is done can be
MEMORY_LENGTH_MAX = 1 << 17  # above what a room's rules can say, twice
FAR = 2 * HOUR  # nothing is asked for later than an hour from now: beyond, the clock went back
FAR_WAIT = actions.UNDO_WINDOW_OF_PEOPLE

_log = logging.getLogger(__name__)


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the outbox that waits to be sent. `id` is its stable key.

    `order` is the place in the one order of asking; `due` and `began` (the first attempt, None
    before it) are instants.
    """

    id: str
    kind: Literal["action", "notice", "answer", "summons"]
    connector: str
    lane: bytes
    order: int
    due: int
    state: str = actions.ASKED
    attempts: int = 0
    inverse: bool = False
    began: int | None = None


class Outbox(Protocol):
    """Where rows come from and what happened to them is kept. All but `mark` is called on the
    sender's thread only; whatever they or `mark` raise is taken as "not now".
    """

    def open(self, now: int, busy: frozenset[str], limit: int) -> Sequence[Due]:
        """At most `limit` rows that are asked or sending, of connectors that are not `busy`.

        Every row whose turn it is must be found: `due` has come (or is more than FAR ahead), and
        its lane has no open earlier action nor, for a notice, open earlier notice. A row whose turn
        it is not may be given too, but then with all that stands before it in its lane.
        """

    def body(self, due: Due) -> bytes | None:
        """What is sent: JSON. None: there is nothing any more that could be sent."""

    def memory(self, due: Due) -> str:
        """What its connector had kept by the last call of this action on this thing."""

    def mark(self, marks: Sequence[Mark]) -> Future[Sequence[bool]]:
        """Commit marks, all or none; then, for each, whether it was taken.

        A mark is taken where the row is still asked or sending: a row that was withdrawn, or that
        the platform has confirmed meanwhile, stays as it is.
        """


def back_off(key: str, attempts: int) -> int:
    """How long to wait after so many attempts, in microseconds: 1 s doubling to 5 minutes.

    Up to half of it is taken off, by a draw from the key: what failed together does not come back
    together.
    """
    whole = min(1 << min(attempts - 1, 30), BACK_OFF_MAX) * SECOND
    drawn = hashlib.blake2b(f"{key} {attempts}".encode(), digest_size=4).digest()
    return whole - (whole * int.from_bytes(drawn, "big") >> 33)


def _mark(row: Due, state: str, due: int, detail: str = "", *, memory: str | None = None) -> Mark:
    return Mark(row.id, state, due, row.attempts, detail[:DETAIL_LENGTH_MAX], memory)


def _becomes(row: Due, outcome: Outcome, now: int) -> Mark:
    detail, memory = outcome.detail, outcome.memory
    if len(memory or "") > MEMORY_LENGTH_MAX:
        return _mark(row, actions.FAILED, row.due, "what stood before is too long to be kept")
    if outcome.state == "noted":
        hurried = row.attempts < GIVE_UP_ATTEMPTS
        wait = 0 if hurried else back_off(row.id, row.attempts)
        return _mark(row, actions.ASKED, now + wait, detail, memory=memory)
    if outcome.state == "retry":
        tried = abs(now - (row.began or now))  # whichever way the clock has jumped
        if tried < GIVE_UP_AFTER or row.attempts < GIVE_UP_ATTEMPTS:
            wait = max(back_off(row.id, row.attempts), min((outcome.wait or 0) * SECOND, HOUR))
            return _mark(row, actions.ASKED, now + wait, detail, memory=memory)
        detail = f"given up after {row.attempts} tries: {detail}"
        if outcome.unreached:
            return _mark(row, actions.UNDELIVERABLE, row.due, detail)
    elif outcome.state in TAKEN or (outcome.state in OF_NOTICES and _tells(row)):
        return _mark(row, outcome.state, row.due, detail, memory=memory)
    return _mark(row, actions.FAILED, row.due, detail or outcome.state, memory=memory)


def _tells(row: Due) -> bool:
    """Whether it can come to no more than that somebody hears of it: so is the undoing of what
    never was there.
    """
    return row.kind != "action" or row.inverse


class Schedule:
    """Which rows may go, which are under way, and what becomes of them. Pure: time is an argument.

    A row is held from the choice to send it until the result is committed:
    `take` -> `begin` -> `end` -> `release`; at most `most` rows of a connector at a time.
    """

    def __init__(self, most: int = CALLS_MAX) -> None:
        self._most = most
        self._held: dict[str, Due] = {}
        self._far: dict[str, int] = {}  # rows that are far ahead, and since when they are known

    def __len__(self) -> int:
        return len(self._held)

    def busy(self) -> frozenset[str]:
        """The connectors that can take no more calls."""
        calls = Counter(row.connector for row in self._held.values())
        return frozenset(name for name, count in calls.items() if count >= self._most)

    def take(self, rows: Sequence[Due], now: int) -> list[Mark]:
        """Choose the rows that go now and hold them; the marks to commit before their calls.

        `rows` as `Outbox.open` gives them. One lane has one action and one notice under way.
        """
        first: dict[tuple[bytes, str], int] = {}
        for row in rows:
            place = (row.lane, row.kind)
            first[place] = min(first.get(place, row.order), row.order)
        under_way = {(row.lane, row.kind) for row in self._held.values()}
        calls = Counter(row.connector for row in self._held.values())
        marks = []
        for row in rows:
            place = (row.lane, row.kind)
            if place in under_way or calls[row.connector] >= self._most:
                continue
            waits_for = min(first[place], first.get((row.lane, "action"), row.order))
            if waits_for < row.order or not self._ripe(row, now):
                continue
            under_way.add(place)
            calls[row.connector] += 1
            self._far.pop(row.id, None)
            going = replace(row, attempts=row.attempts + 1, began=row.began or now)
            self._held[row.id] = going
            marks.append(_mark(going, actions.SENDING, going.due))
        return marks

    def _ripe(self, row: Due, now: int) -> bool:
        """Whether a row is due. One that is due in some distant future was timed by a clock that
        has gone back since: it waits for as long as a person may take back what they did.
        """
        if row.due <= now + FAR:
            return row.due <= now
        if len(self._far) >= READ_MAX and row.id not in self._far:
            self._far.clear()
        self._far[row.id] = since = min(self._far.get(row.id, now), now)
        return now - since >= FAR_WAIT

    def begin(self, key: str) -> Due:
        """The attempt is committed: the row whose call goes out now."""
        return self._held[key]

    def end(self, key: str, outcome: Outcome, now: int) -> Mark:
        """What becomes of a row by the outcome of its call."""
        return _becomes(self._held[key], outcome, now)

    def release(self, key: str) -> None:
        """The store stands as it should, or the row did not go after all: hold it no longer."""
        self._held.pop(key, None)


def _trouble(what: str, error: Exception) -> Outcome:
    """A fault at our own end of a call: it is tried again like any other. Our own errors say what
    is wrong; of others only the type is told.
    """
    said = error.message if isinstance(error, OmbudError) else type(error).__name__
    _log.warning(what, extra={"fields": {"why": said}})
    return Outcome(state="retry", detail=f"{what}: {said}")


class Sender:
    """Drives a schedule. `connector` finds a connector by its name, None where there is none now;
    `now` tells the instants that rows are due by, `stamp` those that calls are signed as of (the
    same if left out), `steady` seconds that never jump; `passing` is told the fault points.
    """

    def __init__(
        self,
        outbox: Outbox,
        connector: Callable[[str], Connector | None],
        now: Callable[[], int],
        *,
        stamp: Callable[[], int] | None = None,
        steady: Callable[[], float] = time.monotonic,
        passing: Callable[[str], None] = lambda point: None,  # noqa: ARG005
        most: int = CALLS_MAX,
    ) -> None:
        self._outbox = outbox
        self._connector = connector
        self._now = now
        self._stamp = stamp or now
        self._steady = steady
        self._passing = passing
        self._schedule = Schedule(most)
        self._answered: deque[tuple[str, Outcome]] = deque()  # calls that came back
        self._marked: deque[tuple[list[Mark], Future[Sequence[bool]]]] = deque()
        self._kept: list[Mark] = []  # results that could not be committed yet
        self._rests_until = float("-inf")
        self._ends_at: float | None = None
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sender", daemon=True)

    def start(self) -> None:
        """Begin to send, first of all what an earlier process left behind."""
        self._bell.set()
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether anything is sent at all."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """There may be something new in the outbox. Called after a commit; never blocks."""
        self._bell.set()

    def close(self, timeout: float = 10.0) -> None:
        """Begin nothing more, and wait at most `timeout` seconds for the calls that are under way;
        the rest is left for the next start. To be called before the writer is closed.
        """
        self._ends_at = self._steady() + timeout
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join(timeout + LOOK_SECONDS)

    # --- the thread -------------------------------------------------------------------------------

    def _loop(self) -> None:
        while not self._over():
            left = LOOK_SECONDS if self._ends_at is None else self._ends_at - self._steady()
            self._bell.wait(min(LOOK_SECONDS, max(left, 0.0)))
            self._bell.clear()
            self.step()

    def _over(self) -> bool:
        if self._ends_at is None:
            return False
        return not len(self._schedule) or self._steady() >= self._ends_at

    def step(self) -> None:
        """One look: take note of what came back, let go out what is committed, choose anew."""
        now, marks = self._now(), []
        while self._answered:
            marks.append(self._schedule.end(*self._answered.popleft(), now))
        if marks:
            self._passing("before delivered committed")
        while self._marked:
            marks += self._committed(*self._marked.popleft(), now)
        if self._steady() >= self._rests_until:
            marks += self._kept
            self._kept = []
            if self._ends_at is None:
                marks += self._look(now)
        self._commit(marks)

    def _look(self, now: int) -> list[Mark]:
        """Choose rows that go now. The commit of what was chosen is followed by another look, for
        rows that stand behind those of a connector that is busy by then.
        """
        try:
            rows = self._outbox.open(now, self._schedule.busy(), READ_MAX)
        except Exception as error:  # noqa: BLE001 -- a store that cannot be read now
            self._rest("The outbox could not be read", error)
            return []
        return self._schedule.take(rows, now)

    def _commit(self, marks: list[Mark]) -> None:
        if not marks:
            return
        try:
            future = self._outbox.mark(marks)
        except Exception as error:  # noqa: BLE001 -- a writer that takes nothing now
            self._not_committed(marks, error)
        else:
            future.add_done_callback(partial(self._was_marked, marks))

    def _was_marked(self, marks: list[Mark], future: Future[Sequence[bool]]) -> None:
        """On the writer's thread: leave word, no more."""
        self._marked.append((marks, future))
        self._bell.set()

    def _committed(self, marks: list[Mark], future: Future[Sequence[bool]], now: int) -> list[Mark]:
        """Let go out whose attempt is committed; the marks of those that came to nothing."""
        try:
            taken = future.result()
        except Exception as error:  # noqa: BLE001 -- nothing of it was kept
            self._not_committed(marks, error)
            return []
        ended = []
        for mark, was_taken in zip(marks, taken, strict=True):
            if mark.state != actions.SENDING or not was_taken or self._ends_at is not None:
                self._schedule.release(mark.id)
                continue
            self._passing("sending committed")
            outcome = self._send(self._schedule.begin(mark.id))
            if outcome is not None:
                ended.append(self._schedule.end(mark.id, outcome, now))
        return ended

    def _not_committed(self, marks: list[Mark], error: Exception) -> None:
        """What was to begin does not; what has come back is kept until it can be committed."""
        self._rest("The outbox could not be written", error)
        for mark in marks:
            if mark.state == actions.SENDING:
                self._schedule.release(mark.id)
            else:
                self._kept.append(mark)

    def _rest(self, what: str, error: Exception) -> None:
        _log.warning(what, extra={"fields": {"why": type(error).__name__}})
        self._rests_until = self._steady() + REST_SECONDS

    # --- calls ------------------------------------------------------------------------------------

    def _send(self, row: Due) -> Outcome | None:
        """Let a call go out; an outcome where none does."""
        try:
            connector = self._connector(row.connector)
            if connector is None:
                return Outcome(state="retry", detail=f"no connector is called {row.connector}")
            body = self._outbox.body(row)
            if body is None:
                return Outcome(state="refused", detail="there is nothing left to send")
            memory = self._outbox.memory(row)
            call = Call(key=row.id, type=row.kind, body=body, memory=memory)
            name = f"send {row.connector}"
            threading.Thread(
                target=self._attempt, args=(connector, call), name=name, daemon=True
            ).start()
        except Exception as error:  # noqa: BLE001 -- one row holds up no other
            return _trouble("the call could not be made", error)
        return None

    def _attempt(self, connector: Connector, call: Call) -> None:
        """On a thread of its own: one call, and word of what came of it."""
        try:
            outcome = connector.send(call, self._stamp())
        except Exception as error:  # noqa: BLE001 -- a fault of the connector is trouble like any
            outcome = _trouble("the connector failed", error)
        self._passing("sent")
        self._answered.append((call.key, outcome))
        self._bell.set()
