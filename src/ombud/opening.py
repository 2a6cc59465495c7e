"""A person opens a case: about a post that nobody asked about, under a clause of their choice.

What is done about it then is a review like any other, with the same second pair of eyes, notice
and appeal. If a case about the same under the same clause is open already, it is that one. No case
changes a verdict, so opening one is no control. Whoever opens one has looked the post up, and said
why, which auditors read: a case would show it to them without. This module must never decide
anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ombud.controls import entitled
from ombud.controls.lookup import LASTS
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.review import opening
from ombud.transaction import Transaction

catalogue(
    U468=(
        "{name} has not looked record {record} up within the hour.",
        "Look the post up first, and say why: from there the case is opened.",
    ),
)

LOOKED_UP = "looked up"  # the reason of a case that a person opened


@dataclass(frozen=True, slots=True)
class Opened(Change):
    """Somebody opens a case about a record, under a clause in force."""

    record: int
    clause: str
    by: str


def _opened(hands: Hands, tx: Transaction, change: Opened, now: int) -> str:
    """The case. Raises BadUse U201, U250, U272, or U468 where they have not looked it up."""
    person = entitled.require(hands, change.by, "cases", queue=opening.QUEUE)
    asked = {"person": person, "since": now - LASTS, "record": change.record}
    if hands.store.one("looked_up", asked) is None:
        raise BadUse("U468", "record", name=change.by, record=change.record)
    return opening.about(hands, tx, change.record, change.clause, LOOKED_UP, now)


CARRIED_OUT: Mapping[type[Change], Callable[..., bool | str]] = {Opened: _opened}
