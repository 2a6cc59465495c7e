"""Any course of posts, claims, judgements, orders, undoings, appeals, erasures, restarts holds.

After every restart and at the end the past comes out the same when it is judged again; every
decision has its notice, its action and its line; nothing is judged twice; nobody upheld their own.
"""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flow.case_desk import DESK_RULES, bags, copies, flag, shoes
from flow.platform_side import CONNECTED
from flow.small_community import NOW, agrees_with_replay, hold_together, line, prepare, rows
from ombud import casework, notices, session
from ombud.app import Engine
from ombud.appeals import AppealMade
from ombud.errors import BadUse

PEOPLE = ("mia", "lou", "kim")
ACTS = ("remove", "hold", "warn", "suspend", "lock")
numbers = st.integers(0, 9)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), numbers, st.integers(1, 4)),
        st.tuples(st.just("copies"), st.integers(1, 6), numbers),
        st.tuples(st.just("flag"), numbers, numbers),
        st.tuples(st.just("claim"), numbers, numbers),
        st.tuples(st.just("release"), numbers, numbers),
        st.tuples(st.just("uphold"), numbers, numbers),
        st.tuples(st.just("undo"), numbers, numbers),
        st.tuples(st.just("snooze"), numbers, numbers),
        st.tuples(st.just("split"), numbers, numbers),
        st.tuples(st.just("merge"), numbers, numbers),
        st.tuples(st.just("order"), numbers, numbers),
        st.tuples(st.just("end order"), numbers, numbers),
        st.tuples(st.just("undo decision"), numbers, numbers),
        st.tuples(st.just("appeal"), numbers, numbers),
        st.tuples(st.just("settle"), numbers, numbers),
        st.tuples(st.just("erase"), numbers, numbers),
        st.tuples(st.just("black out"), numbers, numbers),
        st.tuples(st.just("wait"), st.integers(1, 30), numbers),
        st.tuples(st.just("pause"), st.integers(1, 15), numbers),
        st.tuples(st.just("reopen"), numbers, numbers),
    ),
    min_size=6,
    max_size=24,
)
Course = list[tuple[str, int, int]]


class Site:
    """A community under way, with a clock of its own."""

    def __init__(self, folder: Any) -> None:
        self.folder = prepare(folder, DESK_RULES, CONNECTED)
        self.at = NOW
        self.number = 0
        self.engine = Engine(self.folder, now=lambda: self.at)

    def reopen(self) -> None:
        """Stop and start."""
        self.engine.close()
        self.engine = Engine(self.folder, now=lambda: self.at)
        agrees_with_replay(self.engine)

    def one(self, query: str, number: int) -> Any:
        """One of the rows of a question, or None."""
        found = rows(self.folder, query)
        return found[number % len(found)][0] if found else None

    def step(self, name: str, what: int, other: int) -> None:
        """One thing that happens. What cannot be is refused in words, and by nothing else."""
        by, at = PEOPLE[other % 3], (self.at - NOW) / 1_000_000
        if name in ("post", "copies", "flag"):
            self.engine.submit([line(each) for each in self._events(name, what, other, at)])
        elif name == "wait":
            self.at += what * 3_600_000_000
        elif name == "pause":
            self.at += what * 1_000_000
        elif name == "reopen":
            self.reopen()
        else:
            with suppress(BadUse):
                getattr(self, f"_{name.replace(' ', '_')}")(what, other, by)

    def _events(self, name: str, what: int, other: int, at: float) -> list[dict[str, Any]]:
        self.number += 10
        if name == "flag":
            return [flag(self.number, f"post/e{what}", f"person{other}", at)]
        if name == "copies":
            return copies(what, self.number)
        makers = (bags, shoes)
        return [
            makers[(what + n) % 2](self.number + n, f"person{what}", at + n) for n in range(other)
        ]

    def _ask(self, do: str, number: int, by: str, **more: Any) -> Any:
        which = "closed IS NULL" if do != "undo" else "id IN (SELECT id FROM review)"
        query = f"SELECT id FROM review_case WHERE {which} ORDER BY rowid DESC"  # noqa: S608
        case = self.one(query, number)
        if case is not None:
            asked = {"case": case, "by": by, **more}
            return casework.perform(self.engine, f"{do} case", asked)
        return None

    def _claim(self, what: int, _: int, by: str) -> None:
        casework.perform(self.engine, "claim case", {"by": by, "queue": ""})
        self._ask("claim", what, by)

    def _release(self, what: int, other: int, by: str) -> None:
        self._ask("decide", what, by, outcome="release", everything=other % 2 == 0)

    def _uphold(self, what: int, other: int, by: str) -> None:
        acts: list[dict[str, Any]] = [{"action": ACTS[other % len(ACTS)]}]
        if other % 3 == 0:
            acts = [{"action": "remove"}, {"action": "suspend", "length": 3_600_000_000}]
        self._ask("decide", what, by, outcome="uphold", acts=acts, everything=other % 2 == 0)

    def _undo(self, what: int, _: int, by: str) -> None:
        self._ask("undo", what, by)

    def _snooze(self, what: int, other: int, by: str) -> None:
        self._ask("snooze", what, by, until=self.at + (other + 1) * 3_600_000_000)

    def _split(self, what: int, other: int, by: str) -> None:
        record = self.one("SELECT record FROM case_subject ORDER BY record", other)
        self._ask("split", what, by, records=[record or 0])

    def _merge(self, what: int, other: int, by: str) -> None:
        into = self.one("SELECT id FROM review_case ORDER BY rowid", other)
        self._ask("merge", what, by, into=into or "")

    def _order(self, what: int, other: int, by: str) -> None:
        case = self.one("SELECT id FROM review_case WHERE cluster IS NOT NULL ORDER BY rowid", what)
        action = ("hold", "remove")[other % 2]
        casework.perform(self.engine, "give order", {"case": case, "by": by, "action": action})

    def _end_order(self, what: int, other: int, by: str) -> None:
        held = [*self.engine.writer.pipeline.community.orders, "ord_none"]
        asked = {"order": held[what % len(held)], "by": by, "undo": other % 2 == 0}
        casework.perform(self.engine, "end order", asked)

    def _undo_decision(self, what: int, _: int, __: str) -> None:
        decision = self.one("SELECT id FROM decision ORDER BY leaf", what)
        self.engine.undo("admin", ids=[decision or ""])

    def _appeal(self, what: int, _: int, __: str) -> None:
        decision = self.one("SELECT id FROM decision ORDER BY leaf DESC", what)
        query = "SELECT statement FROM notice WHERE decision = ? AND statement IS NOT NULL"
        found = rows(self.folder, query, decision)
        if found:
            token = notices.token(self.engine.keys.community, found[0][0])
            self.engine.change(AppealMade(token, decision, "No."))

    def _settle(self, what: int, other: int, by: str) -> None:
        appeal = self.one("SELECT id FROM appeal ORDER BY rowid", what)
        outcome = ("uphold", "reverse", "omit", "partial")[other % 4]
        act = {"action": "warn"} if outcome == "partial" else None
        asked = {"appeals": [appeal or ""], "outcome": outcome, "act": act, "by": by}
        casework.perform(self.engine, "decide appeals", asked)

    def _erase(self, what: int, _: int, __: str) -> None:
        self.engine.erase("chat", f"person{what}")

    def _black_out(self, what: int, other: int, by: str) -> None:
        words = ("cheap", "bags", "cheap shoes", "dear friends")[other % 4]
        record = self.one("SELECT seq FROM journal WHERE identity IS NOT NULL ORDER BY seq", what)
        asked = {"record": record, "words": [words], "by": by}
        session.perform(self.engine, "black out", asked)

    def holds(self) -> None:
        """What must hold whatever has happened."""
        agrees_with_replay(self.engine)
        hold_together(self.folder)
        twice = (
            "SELECT 1 FROM reviewed WHERE undone IS NULL GROUP BY id, record HAVING count(*) > 1"
        )
        assert not rows(self.folder, twice)
        own = (
            "SELECT 1 FROM appeal_outcome o JOIN appeal_behind b ON b.appeal = o.appeal"
            " AND b.person = o.person WHERE o.outcome != 'reversed' AND o.alone = 0"
        )
        assert not rows(self.folder, own)
        two = "SELECT 1 FROM appeal WHERE state = 'open' GROUP BY decision HAVING count(*) > 1"
        assert not rows(self.folder, two)
        shares = rows(self.folder, "SELECT sum(open), min(open) FROM case_share")[0]
        counted = (
            "SELECT count(*) FROM case_shared s JOIN review_case c ON c.id = s.id"
            " WHERE c.closed IS NULL"
        )
        assert (shares[0] or 0) == rows(self.folder, counted)[0][0]
        assert shares[1] is None or shares[1] > 0
        open_ = (
            "SELECT 1 FROM review_case c WHERE c.closed IS NOT NULL"
            " AND c.reason != 'already judged' AND c.campaign IS NULL"
            " AND EXISTS (SELECT 1 FROM case_subject s WHERE s.id = c.id"
            " AND NOT EXISTS (SELECT 1 FROM reviewed r WHERE r.id = c.id AND r.record = s.record"
            " AND r.undone IS NULL))"
        )
        assert not rows(self.folder, open_), "closed with something that nobody judged"


@given(steps)
@example([("copies", 6, 0), ("uphold", 0, 0), ("appeal", 0, 0), ("settle", 0, 1), ("reopen", 0, 0)])
@example([("copies", 5, 0), ("release", 0, 0), ("undo", 0, 0), ("copies", 3, 0), ("wait", 25, 0)])
@example([("post", 1, 3), ("uphold", 0, 0), ("pause", 9, 0), ("undo", 0, 0), ("erase", 1, 0)])
@example(
    [("copies", 5, 0), ("black out", 2, 0), ("copies", 3, 0), ("reopen", 0, 0), ("uphold", 0, 0)]
)
@example([("post", 1, 3), ("black out", 1, 2), ("uphold", 0, 0), ("undo", 0, 0), ("erase", 1, 0)])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_course_of_cases_holds_together(
    tmp_path_factory: pytest.TempPathFactory, course: Course
) -> None:
    """Live, after restarts and in replay; by the rows of the store and the lines of the log."""
    site = Site(tmp_path_factory.mktemp("course"))
    for each in [("post", 1, 4), *course, ("reopen", 0, 0), ("copies", 4, 0)]:
        site.step(*each)
    site.holds()
    site.engine.close()
    shutil.rmtree(site.folder)


def test_a_long_course_does_everything(tmp_path: Path) -> None:
    """The courses above would say little if all were refused: this one judges, undoes, appeals,
    settles in every way, erases and restarts, and holds together.
    """
    chance, site = random.Random(7), Site(tmp_path)
    kinds = ["post", "copies", "flag", "release", "uphold", "undo", "claim", "split", "merge"]
    kinds += ("appeal", "appeal", "settle", "settle", "uphold", "uphold", "undo decision", "pause")
    for number in range(260):
        site.step(chance.choice(kinds), chance.randrange(10), chance.randrange(1, 10))
        if number % 65 == 64:
            site.step("erase", number % 7, 0)
            site.step("wait", 3, 0)
            site.step("reopen", 0, 0)
    site.holds()

    def count(query: str) -> int:
        return int(rows(site.folder, f"SELECT count(*) FROM {query}")[0][0])  # noqa: S608

    assert count("review WHERE outcome = 'released'") > 5
    assert count("review WHERE outcome = 'upheld'") > 5
    assert count("review WHERE undone IS NOT NULL") > 0
    assert count("decision WHERE by_role = 'reviewer'") > 5
    outcomes = {row[0] for row in rows(site.folder, "SELECT outcome FROM appeal_outcome")}
    assert outcomes >= {"upheld", "reversed", "omitted"}
    assert count("appeal_message") > 0
    assert count("journal WHERE type = '!erasure'") > 0
    site.engine.close()
