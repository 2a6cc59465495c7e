"""Any order of outcomes, commits, withdrawals, crashes and clocks: what the sender never does.

The model below keeps the outbox as the store would, and judges every call by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ombud.changes import Mark
from ombud.model import Outcome
from ombud.sender import FAR, Due, Schedule

SECOND = 1_000_000
DAY = 86_400 * SECOND
START = 1_800_000_000 * SECOND
OPEN = ("asked", "sending")
LANES = (b"post/1", b"post/2")
CONNECTORS = ("forum", "mail")
MOST = 2  # calls under way to one connector
OUTCOMES = ("delivered", "confirmed", "sent", "undeliverable", "retry", "retry", "refused")
DRAINING_LOOKS = 200


@dataclass
class Row:
    """A row of the outbox, as the store holds it."""

    id: str
    kind: str
    connector: str
    lane: bytes
    order: int
    due: int
    state: str = "asked"
    attempts: int = 0
    began: int | None = None


class Lanes(RuleBasedStateMachine):
    """The store, the writer that commits marks in order, and the receivers' answers."""

    calls = Bundle("calls")

    @initialize(whole=st.booleans())
    def begin(self, whole: bool) -> None:
        """The store gives all open rows in order of asking, or only those whose turn it is."""
        self.whole = whole
        self.now = START
        self.rows: list[Row] = []
        self.schedule = Schedule(MOST)
        self.waiting: list[list[Mark]] = []  # handed to the writer, not yet committed
        self.out: dict[str, int] = {}  # calls under way, and which attempt each is

    # --- what the outbox gives --------------------------------------------------------------------

    def blocked(self, row: Row) -> bool:
        """Whether something that is open stands before a row in its lane."""
        return any(
            other.lane == row.lane
            and other.order < row.order
            and other.state in OPEN
            and (other.kind == "action" or row.kind == "notice")
            for other in self.rows
        )

    def given(self, busy: frozenset[str]) -> list[Due]:
        """The open rows, in either of the two ways that the contract allows."""
        chosen = [row for row in self.rows if row.state in OPEN]
        if not self.whole:
            chosen = [
                row
                for row in chosen
                if row.connector not in busy
                and (row.due <= self.now or row.due > self.now + FAR)
                and not self.blocked(row)
            ]
            chosen.sort(key=lambda row: (row.due, row.order))
        return [
            Due(
                id=row.id,
                kind="notice" if row.kind == "notice" else "action",
                connector=row.connector,
                lane=row.lane,
                order=row.order,
                due=row.due,
                state=row.state,
                attempts=row.attempts,
                began=row.began,
            )
            for row in chosen
        ]

    def row(self, key: str) -> Row:
        """A row by its key."""
        return next(row for row in self.rows if row.id == key)

    # --- what happens -----------------------------------------------------------------------------

    @rule(
        kind=st.sampled_from(("action", "action", "notice")),
        lane=st.sampled_from(LANES),
        connector=st.sampled_from(CONNECTORS),
        later=st.sampled_from((0, 0, 10 * SECOND, 3600 * SECOND)),
    )
    def ask(self, kind: str, lane: bytes, connector: str, later: int) -> None:
        """Something is asked, for now or for later."""
        order = len(self.rows) + 1
        self.rows.append(Row(f"act_{order}", kind, connector, lane, order, self.now + later))

    @rule(seconds=st.sampled_from((0.3, 1, 20, 400, 86_400, -86_400)))
    def tick(self, seconds: float) -> None:
        """The clock goes on, or jumps by a day."""
        self.now += int(seconds * SECOND)

    @rule()
    def look(self) -> None:
        """The sender reads, chooses, and hands its marks to the writer."""
        marks = self.schedule.take(self.given(self.schedule.busy()), self.now)
        assert len({mark.id for mark in marks}) == len(marks), "two attempts at one look"
        for mark in marks:
            assert mark.state == "sending"
            assert mark.id not in self.out, "sent anew while it is under way"
        if marks:
            self.waiting.append(marks)

    @precondition(lambda self: self.waiting)
    @rule(target=calls)
    def commit(self) -> object:
        """The writer commits the oldest marks; what is to be sent goes out."""
        sent = []
        for mark in self.waiting.pop(0):
            row = self.row(mark.id)
            taken = row.state in OPEN
            if taken:
                row.state, row.due, row.attempts = mark.state, mark.due, mark.attempts
                row.began = row.began or self.now
            if taken and mark.state == "sending":
                self.call(mark.id)
                sent.append(mark.id)
            else:
                self.schedule.release(mark.id)
        return multiple(*sent)

    @precondition(lambda self: self.waiting)
    @rule()
    def refuse(self) -> None:
        """The store cannot keep the oldest marks: attempts do not begin, results wait."""
        kept = []
        for mark in self.waiting.pop(0):
            if mark.state == "sending":
                self.schedule.release(mark.id)
            else:
                kept.append(mark)
        if kept:
            self.waiting.append(kept)

    def call(self, key: str) -> None:
        """A call goes out: here every promise is looked at."""
        due = self.schedule.begin(key)
        row = self.row(key)
        assert due.id == key
        assert row.state == "sending", "a call without a committed attempt"
        assert not self.blocked(row), "a row overtook its lane"
        assert (due.connector, due.lane, due.kind) == (row.connector, row.lane, row.kind)
        assert due.attempts == row.attempts
        assert key not in self.out, "two calls for one row at once"
        mates = [self.row(other) for other in self.out]
        assert not any((mate.lane, mate.kind) == (row.lane, row.kind) for mate in mates)
        assert sum(mate.connector == row.connector for mate in mates) < MOST
        self.out[key] = row.attempts

    @rule(key=calls, state=st.sampled_from(OUTCOMES), wait=st.sampled_from((None, 5, 10**6)))
    def answer(self, key: str, state: str, wait: int | None) -> None:
        """A receiver answers."""
        if key in self.out:
            self.outcome(key, state, wait)

    def outcome(self, key: str, state: str, wait: int | None = None) -> None:
        """What the sender makes of an answer."""
        del self.out[key]
        outcome = msgspec.convert({"state": state, "wait": wait}, Outcome)
        mark = self.schedule.end(key, outcome, self.now)
        if mark.state == "asked":
            assert self.now < mark.due <= self.now + 3600 * SECOND
        self.waiting.append([mark])

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """What was never tried is withdrawn, for instance by an undo."""
        row = data.draw(st.sampled_from(self.rows))
        if row.state == "asked" and not row.attempts:
            row.state = "withdrawn"

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        """The platform says that an action is done before its answer was noted."""
        row = data.draw(st.sampled_from(self.rows))
        if row.state == "sending":
            row.state = "confirmed"

    @rule()
    def crash(self) -> None:
        """The process dies: what was not committed is gone, calls may or may not have arrived."""
        self.schedule = Schedule(MOST)
        self.waiting.clear()
        self.out.clear()

    # --- what always holds ------------------------------------------------------------------------

    @invariant()
    def nothing_is_held_without_need(self) -> None:
        """What the schedule holds is under way, or waits for a commit."""
        if not hasattr(self, "schedule"):
            return
        under_way = set(self.out) | {mark.id for marks in self.waiting for mark in marks}
        assert len(self.schedule) == len(under_way)

    def teardown(self) -> None:
        """Once the receivers answer well and the clock goes on, everything comes to its end."""
        if not hasattr(self, "schedule"):
            return
        for _ in range(DRAINING_LOOKS):
            while self.waiting:
                self.commit()
            for key in list(self.out):
                self.outcome(key, "delivered")
            while self.waiting:
                self.commit()
            if not any(row.state in OPEN for row in self.rows):
                break
            self.now += 120 * SECOND
            self.look()
        left = [replace(row) for row in self.rows if row.state in OPEN]
        assert not left, "rows that never come to an end"
        assert not len(self.schedule)


def test_lanes() -> None:
    """Lane order, one call at a time, none after the end, and an end for everything."""
    run_state_machine_as_test(
        Lanes, settings=settings(max_examples=150, stateful_step_count=40, deadline=None)
    )
