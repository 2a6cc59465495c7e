"""What happens now, and what happened in the last day, in figures for everybody on the staff.

Read beside the writer. Entries are counted by where an hour begins in the journal, which is a
search and no count; whatever waits is counted up to a bound and then "or more". An hour that is
over is counted once and kept, so a page counts the hour that is under way. This module must never
tell of one person, nor how much anybody of the staff does.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ombud.clock import HOUR, MINUTE
from ombud.store.sqlite import Store

HOURS = 24  # that are shown, with the one under way
LATELY = 10 * MINUTE  # over which events a minute are told
COUNTED_MAX = 1000  # of what waits: beyond it "or more"
QUEUES_MAX = 50
RULES_MAX = 10
SETTLED = MINUTE  # after its end an hour is kept: what people judged can be undone for ten seconds


class Hour(NamedTuple):
    """One hour: what was received (events and what staff did), what rules held and what else they
    decided, what people decided, cases opened and closed, actions asked of platforms.
    """

    begun: int
    received: int = 0
    held: int = 0
    other: int = 0
    people: int = 0
    opened: int = 0
    closed: int = 0
    asked: int = 0

    @property
    def decided(self) -> int:
        """All that rules and people decided."""
        return self.held + self.other + self.people


class Queue(NamedTuple):
    """What waits in a queue: how many cases, how many beyond the time by which somebody should
    have looked, and when the oldest was opened. Counts of COUNTED_MAX mean "or more".
    """

    name: str
    open: int
    late: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Wall:
    """All that the wall shows. `minute`: received a minute, lately; `failed`: actions and messages
    that failed within the hours shown and were not tried again, COUNTED_MAX for "or more".
    """

    now: int
    minute: float
    hours: tuple[Hour, ...]
    queues: tuple[Queue, ...]
    rules: tuple[tuple[str, int], ...]
    failed: int
    sending: int


@dataclass(slots=True)
class Figures:
    """Counts for the wall of one community, and keeps what is over. Called from several threads."""

    _kept: dict[int, tuple[Hour, Mapping[str, int]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wall(self, store: Store, now: int) -> Wall:
        """The figures at an instant."""
        first = now // HOUR - HOURS + 1
        counted = [self._hour(store, hour * HOUR, now) for hour in range(first, first + HOURS)]
        with self._lock:
            for begun in [each for each in self._kept if each < first * HOUR]:
                del self._kept[begun]
        rules: Counter[str] = Counter()
        for _, by_rule in counted:
            rules.update(by_rule)
        busiest = sorted(rules.items(), key=lambda each: (-each[1], each[0]))[:RULES_MAX]
        lately = _last(store) + 1 - first_at(store, now - LATELY)
        bound = {"since": first * HOUR, "most": COUNTED_MAX}
        return Wall(
            now,
            lately / (LATELY / MINUTE),
            tuple(hour for hour, _ in counted),
            tuple(_queues(store, now)),
            tuple(busiest),
            _count(store, "wall_failed", bound),
            _count(store, "wall_sending", {"most": COUNTED_MAX}),
        )

    def _hour(self, store: Store, begun: int, now: int) -> tuple[Hour, Mapping[str, int]]:
        with self._lock:
            known = self._kept.get(begun)
        if known is not None:
            return known
        counted = _counted(store, begun)
        if begun + HOUR + SETTLED <= now:
            with self._lock:
                self._kept[begun] = counted
        return counted


def _counted(store: Store, begun: int) -> tuple[Hour, Mapping[str, int]]:
    first, end = first_at(store, begun), first_at(store, begun + HOUR)
    within = {"first": first, "end": end}
    between = {"since": begun, "until": begun + HOUR}
    sums: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for rule, action, count in store.all("wall_decisions", within):
        of = "people" if rule is None else "held" if action == "hold" else "other"
        sums[of] += count
        if rule is not None:
            rules[rule] += count
    hour = Hour(
        begun,
        end - first,
        sums["held"],
        sums["other"],
        sums["people"],
        _count(store, "wall_opened", between),
        _count(store, "wall_closed", between),
        _count(store, "wall_asked", within),
    )
    return hour, rules


def first_at(store: Store, instant: int) -> int:
    """The first entry of the journal that was received at an instant or later, or the one to come:
    found by halving, since entries are received in their order.
    """
    low, high = 1, _last(store) + 1
    while low < high:
        middle = (low + high) // 2
        row = store.one("received", (middle,))
        if row is not None and row[0] < instant:
            low = middle + 1
        else:
            high = middle
    return low


def _last(store: Store) -> int:
    head = store.one("last_record")
    return (head and head[0]) or 0


def _queues(store: Store, now: int) -> list[Queue]:
    """The queues in which anything waits, by name: a step along an index for each."""
    found: list[Queue] = []
    after = ""  # which no queue is called
    while len(found) < QUEUES_MAX:
        row = store.one("wall_queue", (after,))
        if row is None:
            break
        after = row[0]
        wanted = {"queue": after, "most": COUNTED_MAX}
        oldest = store.one("wall_oldest", {"queue": after})
        found.append(
            Queue(
                after,
                _count(store, "wall_open", wanted),
                _count(store, "wall_late", {**wanted, "now": now}),
                now if oldest is None or oldest[0] is None else oldest[0],
            )
        )
    return found


def _count(store: Store, name: str, wanted: Mapping[str, object]) -> int:
    row = store.one(name, dict(wanted))
    return int(row[0]) if row else 0
