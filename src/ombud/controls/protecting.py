"""What lets people off is taken away by two people: an entry of a list that a rule exempts by.

Without it the rule restricts whom it protected. So who takes it out, puts it in quarantine or gives
it an earlier end asks for that; once somebody else has asked for the same, it is done. Who is alone
does it at once, and the public log says `one person`. What was asked is kept beside the journal and
ends by itself. This module must never let one person do it where others may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ombud.clock import DAY
from ombud.controls import staff, watching
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.signals.lists import TermList
from ombud.signals.lists.terms import NEVER, key
from ombud.staff.people import ADMIN
from ombud.transaction import Transaction

catalogue(
    U466=(
        "An entry of the list {name} lets people off: it goes once somebody else asks for it too.",
        "What you asked for is kept for three days. Ask somebody else whose role may change lists.",
    ),
)

SECOND_NEEDED = "U466"
WAITS = 3 * DAY  # how long what one person asked for waits for a second one
TAKES = ("remove", "quarantine", "add")  # what can take an entry away; `add`: by an earlier end


@dataclass(frozen=True, slots=True)
class Asked(Change):
    """One person wants an entry gone that lets people off; `do`: one of TAKES."""

    name: str
    do: str
    entry: str  # its key
    by: str | int = ADMIN


def takes(do: str, listed: TermList, ends: int) -> bool:
    """Whether a change to an entry that counts until `ends` lets it count for less long."""
    if do == "add":
        return listed.ends.get(key(listed.terms[0]), NEVER) < ends
    return do in TAKES


def agreed(hands: Hands, payload: Mapping[str, Any], listed: TermList, now: int) -> dict[str, Any]:
    """What the control says besides: who asked for it first (`asked`), or that one person alone is
    behind it. Raises BadUse U466 where somebody else has to ask for it too.
    """
    asked = (payload["list"], key(listed.terms[0]), payload["do"], now)
    row = hands.store.one("list_going", asked)
    if row is not None and not watching.same(hands, row[0], payload["by"]):
        return {"asked": row[0]}
    if watching.others(hands.community, payload["by"]):
        raise BadUse("U466", "entry", name=payload["list"])
    return {"one_person": True}


def _asked(hands: Hands, _: Transaction, change: Asked, now: int) -> bool:
    by = staff.require(hands.community, hands.keys, str(change.by), "lists")
    hands.store.run("drop_ended_goings", (now,))
    hands.store.run("put_list_going", (change.name, change.entry, change.do, by, now + WAITS))
    return True


CARRIED_OUT: Mapping[type[Change], Callable[..., bool]] = {Asked: _asked}
