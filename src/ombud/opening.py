"""A person opens a case: about a post that nobody asked about, under a clause of their choice.

What is done about it then is a review like any other, with the same second pair of eyes, notice
and appeal. If a case about the same under the same clause is open already, it is that one. No case
changes a verdict, so opening one is no control. This module must never decide anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ombud.controls import entitled
from ombud.effects import Change, Hands
from ombud.review import opening
from ombud.transaction import Transaction

LOOKED_UP = "looked up"  # the reason of a case that a person opened


@dataclass(frozen=True, slots=True)
class Opened(Change):
    """Somebody opens a case about a record, under a clause in force."""

    record: int
    clause: str
    by: str


def _opened(hands: Hands, tx: Transaction, change: Opened, now: int) -> str:
    """The case. Raises BadUse U201, U250 or U272."""
    entitled.require(hands, change.by, "cases", queue=opening.QUEUE)
    return opening.about(hands, tx, change.record, change.clause, LOOKED_UP, now)


CARRIED_OUT: Mapping[type[Change], Callable[..., bool | str]] = {Opened: _opened}
