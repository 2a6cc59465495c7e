"""Stands in for what the sender works with: an outbox, a receiver and a clock, all in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import msgspec

from ombud.changes import Mark
from ombud.clock import SECOND
from ombud.model import Call, Capability, Outcome
from ombud.sender import FAR, Due

NOW = 1_800_000_000 * SECOND
PATIENCE = 30.0  # seconds until a test that waits is given up
OPEN = ("asked", "sending")


def due(order: int, **more: Any) -> Due:
    """A row that is due, in a lane of its own unless told otherwise."""
    told: dict[str, Any] = {
        "id": f"act_{order}",
        "kind": "action",
        "connector": "forum",
        "lane": f"post/{order}".encode(),
        "order": order,
        "due": NOW,
    }
    return Due(**{**told, **more})


class Memory:
    """An outbox in memory, which commits on the thread that is given, as a writer would."""

    def __init__(self, rows: Sequence[Due] = (), writer: ThreadPoolExecutor | None = None) -> None:
        self.rows = {row.id: row for row in rows}
        self.writer = writer
        self.changed = threading.Condition()
        self.committed: list[list[Mark]] = []
        self.looks = 0
        self.failing: dict[str, Exception] = {}  # by what is to fail: open, mark, commit, body
        self.empty: set[str] = set()  # keys of rows with nothing left to send
        self.kept: dict[str, str] = {}  # what connectors had kept, by row

    def _fail(self, what: str) -> None:
        if what in self.failing:
            raise self.failing[what]

    def open(self, now: int, busy: frozenset[str], limit: int) -> Sequence[Due]:
        """Whose turn it is: as the contract says, and no more."""
        self._fail("open")
        with self.changed:
            self.looks += 1
            self.changed.notify_all()
            rows = [row for row in self.rows.values() if row.state in OPEN]
        return [
            row
            for row in sorted(rows, key=lambda row: (row.due, row.order))
            if row.connector not in busy
            and (row.due <= now or row.due > now + FAR)
            and not any(
                other.lane == row.lane
                and other.order < row.order
                and "action" in (other.kind, {"notice": "action"}.get(row.kind))
                for other in rows
            )
        ][:limit]

    def body(self, row: Due) -> bytes | None:
        """A body that tells which row it belongs to."""
        self._fail("body")
        return None if row.id in self.empty else b'{"id":"' + row.id.encode() + b'"}'

    def memory(self, row: Due) -> str:
        """What was kept last."""
        return self.kept.get(row.id, "")

    def mark(self, marks: Sequence[Mark]) -> Future[Sequence[bool]]:
        """Commit on the writer's thread, or at once where there is none."""
        self._fail("mark")
        if self.writer is not None:
            return self.writer.submit(self._commit, list(marks))
        future: Future[Sequence[bool]] = Future()
        try:
            future.set_result(self._commit(list(marks)))
        except RuntimeError as error:
            future.set_exception(error)
        return future

    def _commit(self, marks: list[Mark]) -> list[bool]:
        self._fail("commit")
        with self.changed:
            were_taken = [self.rows[mark.id].state in OPEN for mark in marks]
            for mark, was_taken in zip(marks, were_taken, strict=True):
                if was_taken:
                    self.kept |= {} if mark.memory is None else {mark.id: mark.memory}
                    row = self.rows[mark.id]
                    self.rows[mark.id] = msgspec.structs.replace(
                        row,
                        state=mark.state,
                        due=mark.due,
                        attempts=mark.attempts,
                        began=row.began or NOW,
                    )
            self.committed.append(marks)
            self.changed.notify_all()
        return were_taken

    def states(self) -> dict[str, str]:
        """Where each row stands."""
        with self.changed:
            return {key: row.state for key, row in self.rows.items()}

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait for a commit after which something holds."""
        with self.changed:
            assert self.changed.wait_for(until, PATIENCE), self.rows


class Receiver:
    """A connector that notes what it is sent and answers as told, perhaps after a while."""

    capabilities: Mapping[str, Capability] = {}

    def __init__(self, *answers: str, hangs: bool = False) -> None:
        self.answers = list(answers)
        self.calls: list[Call] = []
        self.arrived = threading.Semaphore(0)
        self.goes_on = threading.Event()
        self.watch: Callable[[Call], None] = lambda call: None  # noqa: ARG005
        if not hangs:
            self.goes_on.set()

    def send(self, call: Call, now: int) -> Outcome:  # noqa: ARG002
        """Answer as told, "delivered" where nothing is told."""
        self.watch(call)
        self.calls.append(call)
        self.arrived.release()
        assert self.goes_on.wait(PATIENCE)
        state = self.answers.pop(0) if self.answers else "delivered"
        if state == "raises":
            raise OSError("a fault of the connector")
        return Outcome(state=state)  # type: ignore[arg-type]

    def wait(self, calls: int = 1) -> None:
        """Wait until so many more calls have arrived."""
        for _ in range(calls):
            assert self.arrived.acquire(timeout=PATIENCE)


class Clock:
    """Instants and steady seconds that go on when told to."""

    def __init__(self) -> None:
        self.instant = NOW
        self.seconds = 0.0

    def now(self) -> int:
        """The instant."""
        return self.instant

    def steady(self) -> float:
        """Seconds that never jump."""
        return self.seconds
