"""May this rule act by itself? `live` is a wish; a licence grants it.

Every action a rule proposes passes `ask`. Without a licence the answer is a case for a person,
never silence and never "allow" by accident. Account actions are never granted to a rule, by any
licence: that is written here as the absence of a way to say yes. This module must never lower a
need.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ombud.clock import DAY, HOUR
from ombud.rules.vocabulary import ACTIONS, HOLD_MAX

ALWAYS = -1  # an instant before every end


class Kind(enum.StrEnum):
    """The three licences of design section 7."""

    PROCEDURAL = "procedural"
    STANDING_ORDER = "standing order"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Licence:
    """Leave to act by itself, for one clause or one version of one rule.

    `hold` is the longest hold in microseconds, `cap` how many a UTC day it covers, `level` the
    precision a certificate proved, in permille, `until` the first instant at which it is over.
    """

    id: str
    kind: Kind
    clause: str
    rule: str | None = None
    version: str | None = None
    hold: int = 24 * HOUR
    cap: int | None = None
    level: int = 0
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What an action asks of a licence."""

    kinds: frozenset[Kind]
    level: int = 0
    hold: int | None = None  # the longest duration without more


class Answer(enum.Enum):
    """Why an action may not be done by a rule itself."""

    NO_LICENCE = "no licence"
    NEVER = "people only"


SHORT = frozenset({Kind.PROCEDURAL, Kind.STANDING_ORDER, Kind.CERTIFICATE})
PROVEN = frozenset({Kind.CERTIFICATE})
ORDERED = frozenset({Kind.STANDING_ORDER, Kind.CERTIFICATE})

FREE = frozenset(name for name, form in ACTIONS.items() if not form.restricts)
NEVER = frozenset(name for name, form in ACTIONS.items() if form.person_only)
STRENGTH = tuple(ACTIONS)  # weakest first: of several permitted actions the last one here is done
LEVELS = (950, 980)  # what a certificate can prove, in permille
NEEDS: Mapping[str, tuple[Need, ...]] = {
    "hold": (Need(SHORT, hold=24 * HOUR), Need(PROVEN, level=950, hold=HOLD_MAX)),
    "slow": (Need(SHORT),),
    "require approval": (Need(SHORT),),
    "label": (Need(PROVEN, level=950),),
    "mark sensitive": (Need(PROVEN, level=950),),
    "limit": (Need(ORDERED, level=980),),
    "remove": (Need(ORDERED, level=980),),
}


def procedural(clauses: Mapping[str, tuple[int, int]], switched_on: bool) -> tuple[Licence, ...]:
    """The licences of all clauses with procedural terms (hold, cap a day), if an admin switched
    them on.
    """
    if not switched_on:
        return ()
    return tuple(
        Licence(f"procedural:{clause}", Kind.PROCEDURAL, clause, hold=min(hold, DAY), cap=cap)
        for clause, (hold, cap) in sorted(clauses.items())
    )


def ask(
    licences: Iterable[Licence],
    *,
    action: str,
    duration: int | None,
    clause: str,
    rule: str,
    version: str,
    now: int = ALWAYS,
) -> Licence | Answer | None:
    """A licence, None where none is needed, or why not.

    `duration` in microseconds. A hold without a duration takes the licence's own, 24 hours at most;
    a longer one than the licence allows is no hold that this licence covers. What is over by `now`
    covers nothing; without an instant nothing is over.
    """
    if action in FREE:
        return None
    if action in NEVER:
        return Answer.NEVER
    for need in NEEDS[action]:
        for licence in licences:
            if licence.until is not None and now >= licence.until:
                continue
            if _covers(licence, need, duration, clause, rule, version):
                return licence
    return Answer.NO_LICENCE


def _covers(
    licence: Licence, need: Need, duration: int | None, clause: str, rule: str, version: str
) -> bool:
    if licence.kind not in need.kinds or licence.clause != clause:
        return False
    if licence.rule is not None and (licence.rule, licence.version) != (rule, version):
        return False
    if licence.kind is Kind.CERTIFICATE and licence.level < need.level:
        return False
    if licence.kind is Kind.CERTIFICATE and need.level and need.hold is None:
        return True  # no hold: how long it lasts is for the rule to say
    longest = licence.hold if need.hold is None else min(licence.hold, need.hold)
    return (usual_hold(licence) if duration is None else duration) <= longest


def usual_hold(licence: Licence) -> int:
    """How long a hold lasts under a licence where the rule does not say."""
    return min(licence.hold, DAY)


def level_of(actions: Iterable[str]) -> int:
    """The highest precision (permille) that some of these actions need of a certificate; 0 where a
    certificate would allow none of them.
    """
    return max(
        (
            min(need.level or LEVELS[0] for need in NEEDS[action] if Kind.CERTIFICATE in need.kinds)
            for action in actions
            if action in NEEDS
        ),
        default=0,
    )
