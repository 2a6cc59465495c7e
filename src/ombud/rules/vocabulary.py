"""The closed lists of the rule language: parts, modes, units, actions and what actions may act on.

This module must never hold anything an operator can add to: that is what facts, lists and clauses
are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ombud.clock import DAY, HOUR

# The parts of a rule in their order; the first word of each line that begins one.
PARTS = ("rule", "for", "clause", "mode", "when", "unless", "then", "tell", "should")
REQUIRED_PARTS = ("rule", "for", "clause", "mode", "when", "then")
MODES = ("draft", "watch", "live")
OPERATORS = ("<", "<=", ">", ">=", "=", "!=")
DURATION_MAX = 100 * 365 * DAY
HOLD_MAX = 72 * HOUR  # no hold without an end (promise 10)
RESTRICTION_MAX = 365 * DAY  # an end that nobody lives to see is none


@dataclass(frozen=True, slots=True)
class ActionForm:
    """What one action may act on, and what it means for the person.

    `targets`: the first is the one meant where none is written. `restricts`: whether somebody can
    do or reach less afterwards. `person_only`: never done by a rule alone. `text` is "needed",
    "may" or "no".
    """

    targets: tuple[str, ...]
    restricts: bool = True
    person_only: bool = False
    text: str = "no"
    duration: str = "no"


# Weakest first: of several actions on one subject the last in this order is taken.
ACTIONS: Mapping[str, ActionForm] = {
    "alert": ActionForm((), restricts=False, text="needed"),
    "warn": ActionForm(("this", "campaign", "author"), restricts=False, text="may"),
    "label": ActionForm(("this", "campaign", "author"), text="needed", duration="may"),
    "context": ActionForm(("this", "campaign"), person_only=True, text="needed"),
    "mark sensitive": ActionForm(("this", "campaign")),
    "hold": ActionForm(("this", "campaign"), duration="may"),
    "limit": ActionForm(("this", "campaign", "author"), duration="needed"),
    "remove": ActionForm(("this", "campaign")),
    "slow": ActionForm(("room",), duration="may"),
    "require approval": ActionForm(("room",), duration="may"),
    "lock": ActionForm(("room",), person_only=True, duration="may"),
    "ban from room": ActionForm(("author",), person_only=True, duration="may"),
    "suspend": ActionForm(("author",), person_only=True, duration="may"),
}

# What may be done to `this` where it is not a post: the admission, the entry, the change.
ACTIONS_ON_THIS: Mapping[str, frozenset[str]] = {
    "registration": frozenset({"hold", "warn"}),
    "join": frozenset({"hold", "warn"}),
    "invite": frozenset({"hold", "warn"}),
    "room": frozenset({"hold", "warn"}),
    "profile": frozenset({"hold", "warn", "label", "mark sensitive", "remove"}),
}
# For a registration nothing else is there yet: no room, and the account is the admission itself.
ACTIONS_ON_REGISTRATION = frozenset({"hold", "warn", "alert"})
# What may rest on a published fact-check, and all that a `context` clause allows.
ACTIONS_OF_CONTEXT = frozenset({"context", "alert"})
# What a `form` clause (structure only) allows.
ACTIONS_UNDER_FORM = frozenset({"warn", "hold", "alert"})
