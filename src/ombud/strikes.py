"""Strikes: how many findings under one clause stand against somebody. Told to people, and no more.

A strike is a decision that restricts and says that the clause was broken: no hold, which accuses
nobody, no warning, nothing that was taken back. It follows from the decisions alone and is kept
nowhere: a reversal voids it at once, and after half a year it counts no more. This module must
never let anything follow from it by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from ombud.clock import DAY
from ombud.rules.vocabulary import ACTIONS
from ombud.store.sqlite import Store

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
    if author is None:
        return Strikes(0, None)
    found: dict[int, int] = {}
    for row in store.all("latest_decisions_of", (author, COUNTED_MAX)):
        form = ACTIONS.get(row[9])
        counts = form is not None and form.restricts and row[9] not in NONE
        if counts and row[6] == clause and row[13] is None and row[2] + LASTS > now:
            found[row[16]] = max(found.get(row[16], 0), row[2] + LASTS)
    return Strikes(len(found), min(found.values(), default=None))
