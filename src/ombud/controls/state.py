"""States of the whole community, set by people: somebody is on duty, it is an emergency.

A state holds from the control that begins it until an instant of receipt that the control names, or
until a control ends it before. So it is a function of the journal alone, and nothing has to happen
when it ends by itself. This module must never begin a state that has no end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ombud import journal
from ombud.clock import HOUR
from ombud.controls import staff
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.ledger.leaf import LeafType
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community

catalogue(
    U070=(
        "{what} lasts at most {limit}.",
        "Name a time between 1 second and that; it can be begun again.",
    ),
    U071=("It is no emergency.", "`ombud emergency show` tells how things stand."),
)


class State(NamedTuple):
    """How long a state lasts if nobody says, and at most; its line in the public log, if any."""

    usual: int
    most: int
    leaf: LeafType | None


STATES: Mapping[str, State] = {
    "duty": State(8 * HOUR, 24 * HOUR, None),
    "emergency": State(6 * HOUR, 24 * HOUR, "emergency"),
}


def asked(name: str, length: int | None, by: str | int, *, begins: bool) -> Control:
    """The control that begins or ends a state. Raises BadUse U070 for a length that cannot be."""
    known = STATES[name]
    if length is not None and not 0 < length <= known.most:
        what = "Being on duty" if name == "duty" else "An emergency"
        limit = f"{known.most // HOUR} hours"
        raise BadUse("U070", "--for", what=what, limit=limit)
    lasts = known.usual if length is None else length
    return Control(name, {"begins": begins}, {"length": lasts, "by": by})


def change(hands: Hands, tx: Group, control: Control) -> Effect:
    """Begin a state, anew where it holds already, or end it. Raises BadUse U071 where there is no
    emergency to end (that nobody is on duty can always be said), and as `staff.require`.
    """
    name, begins = control.type, control.payload["begins"]
    by = staff.require(hands.community, hands.keys, control.sealed["by"], name)
    if not begins and name == "emergency" and not hands.community.state("", name, tx.recv):
        raise BadUse("U071", "emergency")
    until = tx.recv + control.sealed["length"] if begins else tx.recv
    payload = {**control.payload, "by": by, "until": until}
    apply(hands.community, name, payload)
    outcome = {"outcome": "begun" if begins else "ended"}
    return Effect(payload, STATES[name].leaf, outcome if STATES[name].leaf else {}, touched=1)


def apply(community: Community, name: str, payload: Mapping[str, Any]) -> None:
    """Let a recorded state hold."""
    community.states[name] = payload["until"]


def restore(community: Community, store: Store) -> None:
    """Bring back the states as the journal's last controls left them."""
    for name in STATES:
        for row in store.all("controls", (f"!{name}",)):
            apply(community, name, journal.read_json(row[2]))
