"""Strikes: how many findings stand against somebody, under one clause, and what all weigh together.

A strike is a decision that restricts and says that the clause was broken: no hold, which accuses
nobody, no warning, nothing that was taken back. It follows from the decisions alone and is kept
nowhere: a reversal voids it at once, and after half a year (or the days of the settings) it counts
no more. Where all that stands weighs as much as a threshold of the settings, that is proposed to a
person (`proposing`). This module must never let anything follow from it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ombud import config
from ombud.clock import DAY
from ombud.rules.vocabulary import ACTIONS
from ombud.store.sqlite import Row, Store

LASTS = 183 * DAY  # as long as it can be appealed
COUNTED_MAX = 200  # of somebody's latest decisions
NONE = frozenset({"hold"})  # what restricts and finds nothing


@dataclass(frozen=True, slots=True)
class Strikes:
    """How many stand, and until when the first of them does (None: none stands)."""

    count: int
    until: int | None


def against(store: Store, author: int | None, clause: str, now: int) -> Strikes:
    """What stands against somebody (a token) under a clause, one for each thing that was judged."""
    found: dict[int, int] = {}
    for row in _findings(store, author, LASTS, now):
        if row[6] == clause:
            found[row[16]] = max(found.get(row[16], 0), row[2] + LASTS)
    return Strikes(len(found), min(found.values(), default=None))


# --- what all weigh together ----------------------------------------------------------------------


class Proposed(NamedTuple):
    """What is proposed: an action on the account, for how long (microseconds), from which weight
    on, and since when so much stands.
    """

    action: str
    length: int
    weight: int
    since: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """What all that stands against somebody weighs; `latest`: the findings (what each is about, and
    its clause), the newest first; what it proposes, the heaviest threshold that is reached.
    """

    weight: int
    latest: tuple[tuple[int, str], ...]
    proposed: Proposed | None


def weighed(store: Store, author: int | None, plan: config.Strikes, now: int) -> Weighed:
    """All that stands against somebody (a token), by the settings. Of several decisions about one
    thing the one that weighs most counts, since the first of them.
    """
    found: dict[int, tuple[int, int, str]] = {}
    for row in _findings(store, author, plan.days * DAY, now):
        weight = plan.actions.get(row[9], 1) * plan.clauses.get(row[6], 1)
        at, known, _ = found.get(row[16], (row[2], 0, ""))
        found[row[16]] = (min(at, row[2]), max(known, weight), row[6])
    told = sorted((at, about, weight, clause) for about, (at, weight, clause) in found.items())
    latest = tuple((about, clause) for _, about, weight, clause in reversed(told) if weight)
    total, proposed = 0, None
    steps = sorted(plan.thresholds.items(), key=lambda each: (each[1].weight, each[0]))
    for at, _, weight, _ in told:
        before, total = total, total + weight
        for action, step in steps:
            if before < step.weight <= total:
                proposed = Proposed(action, step.days * DAY, step.weight, at)
    return Weighed(total, latest, proposed)


def _findings(store: Store, author: int | None, lasts: int, now: int) -> Iterator[Row]:
    """The decisions that are strikes and stand, the newest first."""
    if author is None:
        return
    for row in store.all("latest_decisions_of", (author, COUNTED_MAX)):
        form = ACTIONS.get(row[9])
        counts = form is not None and form.restricts and row[9] not in NONE
        if counts and row[13] is None and row[2] + lasts > now:
            yield row
