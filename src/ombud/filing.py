"""How far statements of reasons have come on their way into the EU's database.

No verdict and no restriction follows from it, so none of it is a control. A statement's puid
follows from its decision, under the community's key: a store that is put back from a backup gives
it again, and the database knows it. It is sent only after it was marked as on its way, so that
after a crash the database can be asked whether it has it. This module must never give two decisions
one puid, nor one decision two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from ombud import ids
from ombud.controls import staff
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.rules.vocabulary import ACTIONS
from ombud.staff.people import ADMIN
from ombud.transaction import Transaction

catalogue(
    U380=(
        "A statement cannot go from {was} to {state}.",
        "This is a fault of the program that asked for it.",
    ),
)

WRITTEN, SENDING, TAKEN, REFUSED = "written", "sending", "taken", "refused"
STATES = (WRITTEN, SENDING, TAKEN, REFUSED)
STEPS = frozenset(
    {
        (WRITTEN, SENDING),
        (SENDING, TAKEN),
        (SENDING, REFUSED),
        (SENDING, WRITTEN),  # the database does not have it: it was never taken
        (REFUSED, WRITTEN),  # to be tried once more
    }
)
AT_ONCE = 20_000  # lines of the log that one group goes through
BATCH_MAX = 100  # statements that are marked together
DETAIL_LENGTH_MAX = 200
RESTRICTING = tuple(name for name, form in ACTIONS.items() if form.restricts)

ACTIONS_TOLD = msgspec.json.encode(RESTRICTING).decode()


@dataclass(frozen=True, slots=True)
class Filed(Change):
    """Every decision behind line `after` of the log, in AT_ONCE lines, that restricted somebody
    gets its puid, if it has none.
    """

    after: int
    by: str | int = ADMIN


@dataclass(frozen=True, slots=True)
class Moved(Change):
    """Some statements have come from one state to another."""

    leaves: tuple[int, ...]
    was: str
    state: str
    detail: str = ""
    by: str | int = ADMIN


def _filed(hands: Hands, _: Transaction, change: Filed, now: int) -> int:
    staff.allowed(hands.community.staff, hands.keys, change.by, "keys")
    part = {"after": change.after, "until": change.after + AT_ONCE, "actions": ACTIONS_TOLD}
    rows = hands.store.all("unfiled", part)
    drawn = [(leaf, puid(hands.keys.community, id_), now) for leaf, id_ in rows]
    hands.store.many("add_filing", drawn)
    return len(drawn)


def puid(key: bytes, decision: str) -> str:
    """The id of a decision's statement. It says nothing without the community's key, and is long
    enough never to be that of another decision: no index has to hold that.
    """
    return ids.keyed_digest(key, "puid", decision.encode()).hex()


def _moved(hands: Hands, _: Transaction, change: Moved, now: int) -> int:
    staff.allowed(hands.community.staff, hands.keys, change.by, "keys")
    if (change.was, change.state) not in STEPS or len(change.leaves) > BATCH_MAX:
        raise BadUse("U380", "state", was=change.was, state=change.state)
    marked = {"was": change.was, "state": change.state, "now": now}
    marked["detail"] = change.detail[:DETAIL_LENGTH_MAX]
    return sum(hands.store.run("mark_filing", {**marked, "leaf": each}) for each in change.leaves)


CARRIED_OUT: Mapping[type[Change], Callable[..., int]] = {Filed: _filed, Moved: _moved}
