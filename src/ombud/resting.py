"""Somebody of the staff ends what they, or a colleague, said need not be asked about again.

What rests is said with the judgement that released it (`review/rests.py`, `controls/review.py`);
that it ends can change no verdict: rules ask again, as they always do. This module must never begin
a rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ombud.controls import entitled
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.review import case as cases
from ombud.transaction import Transaction

catalogue(
    U326=(
        "Nothing of the case {case} is kept from being asked about.",
        "It was ended before, or its 30 days are over: rules ask as always.",
    ),
)


@dataclass(frozen=True, slots=True)
class AskedAgain(Change):
    """Rules ask again about what of a case a person said they need not ask about."""

    case: str
    by: str


def _asked_again(hands: Hands, _: Transaction, change: AskedAgain, now: int) -> bool:
    found = cases.find(hands.store, change.case)
    entitled.work_on(hands, change.by, found)
    if not hands.store.run("end_rests_of_case", {"id": found.id, "now": now}):
        raise BadUse("U326", "case", case=found.id)
    return True


CARRIED_OUT: Mapping[type[Change], Callable[..., bool]] = {AskedAgain: _asked_again}
