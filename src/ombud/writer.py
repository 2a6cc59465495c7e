"""The one writer: lanes, groups, the lock and the socket.

Whoever holds `DIR/lock` writes; everybody else sends a request to `DIR/ombud.sock`. Checks and
controls go before ingest; a group closes at 32 events while something waits in the first lane or
came by it a moment ago, at 512 otherwise, and a control is a group of its own. This module must
never answer before the commit.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import apsw

from ombud import clock
from ombud.controls import certificates, demand, labels, lists, reversal
from ombud.enrichment import Item
from ombud.errors import BadData, BadUse, OmbudError, catalogue
from ombud.journal import Control
from ombud.pipeline import Pipeline
from ombud.proposing import Reconsidered
from ombud.transaction import Answer

catalogue(
    D010=(
        "Another process is writing to {path}.",
        "Send it the request instead (the command line does), or stop it first.",
    ),
    D011=("The event was not taken: {detail}.", "Nothing was kept. Send it again later."),
    D012=("The queue is full.", "Send it again in a moment."),
)

GROUP_BUSY = 32  # events in a group while a check waits
GROUP_MAX = 512
BUSY_MEMORY = 1 * clock.SECOND  # for how long after a check or control groups stay small
JOBS_MAX = 64  # jobs that may wait in a lane
IDLE_SECONDS = 1.0
PUBLISH_EVERY = clock.HOUR

T = TypeVar("T")


class Lock:
    """The exclusive right to write to a data folder, ended by closing or by the process's end."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise BadData("D010", str(folder), path=folder) from None

    def close(self) -> None:
        """Give the right back."""
        os.close(self._file)


@dataclass(slots=True, eq=False)
class Job:
    """Submissions that came together, and the answers so far."""

    items: Sequence[Item]
    future: Future[list[Answer]] = field(default_factory=Future)
    answers: list[Answer] = field(default_factory=list)

    def take(self, most: int) -> Sequence[Item]:
        """The next items for a group: one control alone, or whatever is no control."""
        start = len(self.answers)
        if isinstance(self.items[start], Control):
            return self.items[start : start + 1]
        end = start
        while end < min(len(self.items), start + most) and not isinstance(self.items[end], Control):
            end += 1
        return self.items[start:end]


class Writer:
    """Runs groups through the pipeline on a thread of its own."""

    def __init__(
        self,
        make: Callable[[], Pipeline],
        now: Callable[[], int] = clock.now,
        publish: Callable[[], object] = lambda: None,
        every: Callable[[], int] = lambda: PUBLISH_EVERY,
    ) -> None:
        self._make = make
        self._now = now
        self._publish = publish
        self._every = every
        self._asked: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self.pipeline = make()
        self._published = now()
        self._told_of = now() - clock.MINUTE  # when it was last asked who can be told by now
        self._first: deque[Job] = deque()  # checks and controls
        self._ingest: deque[Job] = deque()
        self._wake = threading.Condition()
        self._first_came = -BUSY_MEMORY  # when something last came by the first lane
        self.committed: Callable[[], object] = lambda: None  # called after each commit
        self._ended = False
        self._broken: OmbudError | None = None
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def submit(
        self, items: Sequence[Item], *, first: bool = False, wait: bool = True
    ) -> Future[list[Answer]]:
        """Hand in submissions; the answers come after their commits.

        With `wait` a full lane holds the caller back, else it raises BadData D012.
        """
        job = Job(items)
        if not items:
            job.future.set_result([])
            return job.future
        lane = self._first if first else self._ingest
        with self._wake:
            while len(lane) >= JOBS_MAX and not self._ended:
                if not wait:
                    raise BadData("D012", "queue")
                self._wake.wait()
            if self._ended:
                raise BadData("D011", "queue", detail="the writer is stopping")
            lane.append(job)
            self._wake.notify_all()
        return job.future

    def close(self) -> None:
        """Finish what waits, then end."""
        with self._wake:
            self._ended = True
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    # --- the thread -------------------------------------------------------------------------------

    def _loop(self) -> None:
        while True:
            with self._wake:
                if not self._first and not self._ingest and not self._asked:
                    if self._ended:
                        return
                    self._wake.wait(timeout=IDLE_SECONDS)
            self.step()

    def step(self) -> None:
        """Run one group, if anything waits; before it, end what has reached its end."""
        if self._broken is not None:
            self._recover()
        self._end_due()
        self._certify()
        with self._wake:
            group = self._close_group()
        if group:
            self._run(group)
            self._quarantine()
            self._certify()
        self._tell_due()
        self._publish_due()
        self._answer()
        with self._wake:
            self._wake.notify_all()

    def _tell_due(self) -> None:
        """Once a minute, people are told of what had to be kept from them until now."""
        now = self._now()
        if self._broken is not None or 0 <= now - self._told_of < clock.MINUTE:
            return
        self._told_of = now
        self._append(demand.owed(self.pipeline.store, max(now, self.pipeline.recv)))

    def between(self, call: Callable[[], T]) -> Future[T]:
        """Have something done on the writer's thread, between two groups: what reads or writes
        beside the flow and must not meet it. Raises BadData D011 where the writer is stopping.
        """
        future: Future[T] = Future()
        with self._wake:
            if self._ended:
                raise BadData("D011", "queue", detail="the writer is stopping")
            self._asked.append((call, future))
            self._wake.notify_all()
        return future

    def _answer(self) -> None:
        """Do what was asked to be done between groups; what goes wrong is its asker's."""
        while self._asked:
            call, future = self._asked.popleft()
            try:
                future.set_result(call())
            except Exception as error:  # noqa: BLE001 -- told to whoever asked
                future.set_exception(_told(error))

    def _publish_due(self) -> None:
        """Once an hour, the head of the public log is signed and its files brought up to date; at
        once where the clock has gone back.
        """
        now = self._now()
        if self._broken is not None or 0 <= now - self._published < self._every():
            return
        self._published = now
        with suppress(OmbudError, OSError, apsw.Error):  # tried again in an hour, and at the end
            self._publish()

    def _close_group(self) -> list[tuple[Job, Sequence[Item]]]:
        """Take items off the lanes, the first lane before the other."""
        now = self._now()
        if self._first:
            self._first_came = now
        most = GROUP_BUSY if 0 <= now - self._first_came < BUSY_MEMORY else GROUP_MAX
        group: list[tuple[Job, Sequence[Item]]] = []
        for lane in (self._first, self._ingest):
            for job in lane:
                items = job.take(most)
                control = isinstance(items[0], Control)
                if control and group:
                    return group
                group.append((job, items))
                most -= len(items)
                if control or most <= 0 or len(job.answers) + len(items) < len(job.items):
                    return group
        return group

    def _run(self, group: list[tuple[Job, Sequence[Item]]]) -> None:
        items = [item for _, part in group for item in part]
        try:
            if self._broken is not None:
                raise self._broken
            answers = self.pipeline.run(items, self._now())
            if any(isinstance(item, Control) and item.type == "erasure" for item in items):
                self._rebuild()  # where the erased keys die, and the windows let go of them
            self._reconsider()
        except Exception as error:  # noqa: BLE001 -- nothing was taken, the flow goes on
            self._failed(group, error)
            return
        at = 0
        for job, part in group:
            job.answers.extend(answers[at : at + len(part)])  # the rest comes in the next group
            at += len(part)
            if len(job.answers) == len(job.items):
                self._finish(job)
                job.future.set_result(job.answers)
        self.committed()

    def _reconsider(self) -> None:
        """What stands against those who were just told something may propose something, or no
        longer: looked at in a group of its own. Where that fails it is at their next decision.
        """
        told, self.pipeline.told = self.pipeline.told, set()
        if not told or not self.pipeline.community.active.settings.strikes.thresholds:
            return
        try:
            self.pipeline.run([Reconsidered(each) for each in sorted(told)], self._now())
        except Exception:  # noqa: BLE001 -- what was taken stays taken
            self._recover()

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._first) + len(self._ingest)

    @property
    def broken(self) -> bool:
        """Whether nothing is taken at present: the store could not be read after a failure."""
        return self._broken is not None

    def _failed(self, group: list[tuple[Job, Sequence[Item]]], error: Exception) -> None:
        """Nothing of the group was taken: say so, and build the memory anew from the store, unless
        it was refused before anything was changed.
        """
        told = _told(error)
        for job, _ in group:
            self._finish(job)
            job.future.set_exception(told)
        if not (isinstance(error, BadUse) and all(map(_refused_early, group))):
            self._recover()

    def _recover(self) -> None:
        """Build the memory anew; where that fails too, nothing is taken until it succeeds."""
        try:
            self._rebuild()
        except Exception as error:  # noqa: BLE001 -- tried again at the next step
            self._broken = _told(error)

    def _rebuild(self) -> None:
        self.pipeline = self._make()
        self._broken = None

    def _finish(self, job: Job) -> None:
        with self._wake:
            for lane in (self._first, self._ingest):
                if job in lane:
                    lane.remove(job)

    def _end_due(self) -> None:
        """Journal the ends that have come, as the control that replay will read."""
        if self._broken is not None:
            return
        self._append(reversal.due(self.pipeline.ends, max(self._now(), self.pipeline.recv)))

    def _quarantine(self) -> None:
        """Journal the quarantine of list entries that suddenly hit established
        people, likewise."""
        while self._broken is None and self.pipeline.sudden:
            _, found = self.pipeline.sudden.popitem()
            self._append(lists.sudden(self.pipeline.community, found, self.pipeline.recv))

    def _certify(self) -> None:
        """Journal what samples and certificates owe, likewise: nothing is judged before an alarm
        has taken a licence away.
        """
        while self._broken is None:
            pipeline = self.pipeline
            control = certificates.owed(pipeline.community, max(self._now(), pipeline.recv))
            if control is None:
                return
            before = pipeline.seq
            self._append(control)
            if self.pipeline.seq == before:
                return  # not taken; tried again at the next step

    def _append(self, control: Control | None) -> None:
        if control is not None:
            job = Job([control])
            self._run([(job, job.items)])


def _refused_early(part: tuple[Job, Sequence[Item]]) -> bool:
    """Whether what is refused of this changed nothing before: a wrong label must not cost more."""
    return all(isinstance(item, Control) and item.type in labels.REFUSED_EARLY for item in part[1])


def _told(error: Exception) -> OmbudError:
    """The error as it is told: ours as it is, any other as "not taken"."""
    if isinstance(error, OmbudError):
        return error
    return BadData("D011", "store", detail=f"{type(error).__name__}: {error}"[:300])
