"""What the yearly report counts, from the unsealed rows of the store.

Each thing is counted once: in the first category of its clause, as it stood then, and in the row of
its first keyword. This module must never write.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec

from ombud import clock, decisions
from ombud.clock import DAY, HOUR
from ombud.dsa import accuracy, codes, sheets
from ombud.dsa.accuracy import Complaints, System
from ombud.dsa.norms import Norms
from ombud.dsa.statement import FULLY, NOTICE, TRUSTED, automated, origin, source
from ombud.errors import BadUse, catalogue
from ombud.filing import RESTRICTING
from ombud.rules.categories import (
    NOT_SPECIFIED_NOTICE,
    NOT_SPECIFIED_ORDER,
    OTHER,
    TERMS_ONLY,
)
from ombud.store.sqlite import Store

catalogue(
    U386=(
        "A report is from a day to a day: {detail}.",
        "Write for example --from 2026-01-01 --to 2026-12-31; both days are in it.",
    ),
)

_ACTIONS = msgspec.json.encode(RESTRICTING).decode()
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DONE = ("done", "in part")


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a report, both in it: `2026-01-01`, `2026-12-31`."""

    first: str
    last: str

    @property
    def bounds(self) -> dict[str, int]:
        """From which instant until before which one. Raises BadUse U386."""
        try:
            since, last = (_midnight(each) for each in (self.first, self.last))
        except ValueError:
            detail = f"{self.first[:20]!r} or {self.last[:20]!r} is no day"
            raise BadUse("U386", "--from", detail=detail) from None
        if since > last:
            raise BadUse("U386", "--from", detail="the last day lies before the first")
        return {"since": since, "until": last + DAY}

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"


def _midnight(day: str) -> int:
    if not _DAY.fullmatch(day):
        raise ValueError(day)
    return clock.from_datetime(datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC))


class Row(NamedTuple):
    """Where a thing is counted: its category, keyword and, of an other one, its description."""

    category: str
    keyword: str = ""
    described: str = ""


@dataclass(slots=True)
class Tally:
    """Counts and lengths of time, by row and column of a sheet."""

    counts: defaultdict[Row, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    lengths: defaultdict[tuple[Row, int], list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, row: Row, column: int, count: int = 1) -> None:
        """Count something: in its own row, in its category's and in the total."""
        for each in _rows(row):
            self.counts[each][column] += count

    def took(self, row: Row, column: int, length: int) -> None:
        """Note how long something took, in the same rows."""
        for each in _rows(row):
            self.lengths[each, column].append(length)

    def count(self, row: Row, column: int) -> int:
        """How many there are."""
        return self.counts[row][column] if row in self.counts else 0

    def median(self, row: Row, column: int) -> float | None:
        """The median in hours; None of nothing."""
        return median(self.lengths.get((row, column), ()))

    def others(self, category: str) -> list[str]:
        """What the other ones of a category are."""
        return sorted(
            row.described
            for row in self.counts
            if (row.category, row.keyword) == (category, OTHER) and row.described
        )


def median(lengths: Iterable[int]) -> float | None:
    """The median of lengths of time (microseconds) in hours, to the hundredth; None of none."""
    found = list(lengths)
    return round(statistics.median(found) / HOUR, 2) if found else None


def _rows(row: Row) -> Iterable[Row]:
    yield Row(sheets.TOTAL)
    if row.category != sheets.TOTAL:
        yield Row(row.category)
    if row.keyword:
        yield row


@dataclass(slots=True)
class Found:
    """All that was counted. `automated`: of sheet 8, by scope and whether a program alone did it;
    `complaints`: of sheet 7, by indicator and scope; `orders` by scope: TOTAL or a Member State;
    `systems` and `against_rules`: how right rules were, of sheet 8.
    """

    own: Tally = field(default_factory=Tally)
    notices: Tally = field(default_factory=Tally)
    orders: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    automated: Counter[tuple[str, bool]] = field(default_factory=Counter)
    complaints: Counter[tuple[str, str]] = field(default_factory=Counter)
    lengths: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    systems: list[System] = field(default_factory=list)
    against_rules: Complaints = field(default_factory=lambda: Complaints(0, 0))
    clauses: defaultdict[Row, set[str]] = field(default_factory=lambda: defaultdict(set))


class Counting:
    """One report's counting. `flags`: what members' flags are (`[dsa] flags`)."""

    def __init__(self, store: Store, period: Period, flags: str) -> None:
        self._store = store
        self._norms = Norms(store)
        self._within = period.bounds
        self._flags = flags
        self._found = Found()

    def count(self) -> Found:
        """All of it."""
        self._measures()
        self._notices()
        self._appeals()
        self._orders()
        within = self._within["since"], self._within["until"]
        self._found.systems = accuracy.systems(self._store, *within)
        self._found.against_rules = accuracy.complaints(self._store, *within)
        return self._found

    def _row(self, config: int, clause: str | None, unspecified: str = "") -> Row:
        """Where what rests on a clause is counted. What is against the terms alone has no row in
        the sheets of notices and orders but the `unspecified` one.
        """
        if clause is None:
            return Row(unspecified)
        norm = self._norms.norm(config, clause)
        if unspecified and norm.filed.category == TERMS_ONLY:
            return Row(unspecified)
        keyword = norm.filed.keywords[0]
        row = Row(norm.filed.category, keyword, norm.other if keyword == OTHER else "")
        self._found.clauses[row].add(norm.ground)
        return row

    # --- sheets 5, 6 and 8 ------------------------------------------------------------------------

    def _measures(self) -> None:
        for row in self._store.all("measures", {**self._within, "actions": _ACTIONS}):
            config, clause, action, kind, target, began, by_role, ordered, found, bound, count = row
            began = origin(began, kind)
            detected = began == decisions.OWN and bool(by_role == "rule" or found)
            licence = decisions.ORDER if ordered else None
            alone = automated(by_role, licence, detected=detected, found=bool(found)) == FULLY
            self._found.automated[sheets.NUMBER, alone] += count
            if bound or source(began, self._flags) in (NOTICE, TRUSTED):
                continue
            self._found.automated[sheets.OWN, alone] += count
            at = self._row(config, clause)
            self._found.own.add(at, 0, count)
            if detected:
                self._found.own.add(at, 1, count)
            code = codes.measure(action, kind, target).code
            self._found.own.add(at, sheets.COLUMN_OF[code], count)

    # --- sheets 4 and 8 ---------------------------------------------------------------------------

    def _notices(self) -> None:
        """Each flag is one notice of one item. Which are a trusted flagger's is known of those that
        led to a decision.
        """
        tally = self._found.notices
        answered: dict[int, tuple[str, int, str, Row]] = {}
        decided = self._store.all("decided_on_flags", {**self._within, "actions": _ACTIONS})
        for about, time, began, by_role, clause, config, recv in decided:
            if source(began, self._flags) not in (NOTICE, TRUSTED):
                continue
            at = self._row(config, clause, NOT_SPECIFIED_NOTICE)
            answered.setdefault(about, (began, time - recv, by_role, at))
            tally.add(at, 8)
            if began == decisions.TRUSTED:
                tally.add(at, 9)
        for seq, _, config, clause in self._store.all("flags_between", self._within):
            known = answered.get(seq)
            if known is None and self._flags != "notices":
                continue
            at = known[3] if known else self._row(config, clause, NOT_SPECIFIED_NOTICE)
            for column in (0, 2):
                tally.add(at, column)
            alone = known is not None and known[2] == "rule"
            self._found.automated[sheets.OF_NOTICES, alone] += 1
            if known is None:
                continue
            tally.took(at, 4, known[1])
            if known[0] == decisions.TRUSTED:
                for column in (1, 3):
                    tally.add(at, column)
                tally.took(at, 5, known[1])
                self._found.automated[sheets.OF_TRUSTED, alone] += 1

    # --- sheet 7 ----------------------------------------------------------------------------------

    def _appeals(self) -> None:
        found = self._found
        for action, kind, target in self._store.all("appeals_between", self._within):
            for indicator in (sheets.SUBMITTED, _about(action, kind, target)):
                found.complaints[indicator, sheets.NUMBER] += 1
        ends = {"upheld": sheets.UPHELD, "partial": sheets.PARTLY, "reversed": sheets.REVERSED}
        ends["omitted"] = sheets.OMITTED
        for action, kind, target, outcome, took in self._store.all(
            "outcomes_between", self._within
        ):
            for indicator in (sheets.SUBMITTED, _about(action, kind, target)):
                found.complaints[indicator, ends[outcome]] += 1
                found.lengths[indicator].append(took)

    # --- sheet 3 ----------------------------------------------------------------------------------

    def _orders(self) -> None:
        for row in self._store.all("orders_between", self._within):
            country, asks, clause, received, confirmed, answered, outcome, config, items = row
            if country not in codes.MEMBER_STATES:
                continue
            at = self._row(config, clause, NOT_SPECIFIED_ORDER)
            first = 0 if asks == "act" else 4
            for tally in (self._found.orders[sheets.TOTAL], self._found.orders[country]):
                tally.add(at, first)
                if asks == "act":
                    tally.add(at, 1, items)
                times = 2 if asks == "act" else 5
                if confirmed is not None:
                    tally.took(at, times, confirmed - received)
                if answered is not None and outcome in _DONE:
                    tally.took(at, times + 1, answered - received)


def _about(action: str, kind: str | None, target: str) -> str:
    """What a complaint is about, by what was done. A warning is no restriction: nobody's row."""
    if action not in codes.MEASURES:
        return ""
    return {
        "decision_visibility": sheets.VISIBILITY,
        "decision_provision": sheets.SERVICE,
        "decision_account": sheets.ACCOUNT,
    }[codes.measure(action, kind, target).field]
