"""What is asked of the platform: one row for each action and each inverse, under a stable key.

Rows of one subject stand in one lane and go in order: an inverse never overtakes its action. What a
rule does goes out at once; what a person does waits out the undo window, in which it can be taken
back before anybody felt it. This module must never send anything itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ombud import ids
from ombud.clock import SECOND

# Where a row of the outbox can stand.
RECORDED = "recorded"  # no connector, or a history beside live traffic: never sent
ANSWERED = "answered"  # carried by the answer to a check; confirmed only by later evidence
AWAITING = "awaiting publication"  # decided at a check whose answer was "allow"
ASKED = "asked"
SENDING = "sending"  # an attempt was begun; after a crash it may or may not have arrived
DELIVERED = "delivered"
CONFIRMED = "confirmed"
SENT = "sent"  # its person was invited to where it waits, and has not joined yet
UNDELIVERABLE = "undeliverable"  # no channel reaches the person
FAILED = "failed"  # given up: a person is asked
WITHDRAWN = "withdrawn"  # undone before it was sent, or erased

STATES = (
    RECORDED,
    ANSWERED,
    AWAITING,
    ASKED,
    SENDING,
    DELIVERED,
    CONFIRMED,
    SENT,
    UNDELIVERABLE,
    FAILED,
    WITHDRAWN,
)
UNSENT = frozenset({ASKED, AWAITING})

UNDO_WINDOW: Mapping[str, int] = {"rule": 0, "time": 0}  # by who decided; a person's is longer
UNDO_WINDOW_OF_PEOPLE = 10 * SECOND
BEFORE = frozenset({"hold", "remove"})  # what the answer to a check can carry


@dataclass(frozen=True, slots=True)
class Door:
    """How the event came in that is decided on, as far as sending goes. `connector` is the
    platform's name, or empty where none is configured.
    """

    connector: str = ""
    timeline: str = ""
    check: bool = False
    unpublished: bool = False  # it was checked, let through, and is acted on once it is published


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of the platform, or told through it. `lane` is the subject's keyed digest,
    `due` the instant before which it does not go.
    """

    id: str
    decision: str
    lane: bytes
    action: str
    inverse: bool = False
    state: str = RECORDED
    kind: str = "action"
    connector: str = ""
    statement: str | None = None
    due: int = 0


def ask(
    decision: str, lane: bytes, action: str, target: str, door: Door, by: str, now: int
) -> Asked:
    """Ask for an action that `by` decided at `now`."""
    return Asked(
        ids.new_id("act"),
        decision,
        lane,
        action,
        state=_begin(door, action, target),
        connector=door.connector,
        due=now + UNDO_WINDOW.get(by, UNDO_WINDOW_OF_PEOPLE),
    )


def _begin(door: Door, action: str, target: str) -> str:
    if not door.connector or door.timeline:
        return RECORDED
    if door.unpublished:
        return AWAITING
    if door.check and target != "room":  # a room does not wait for one post
        return ANSWERED if action in BEFORE and target in ("this", "campaign") else AWAITING
    return ASKED


def stood(state: str, attempts: int) -> str:
    """Where a row stands as far as its undoing goes: what was tried once may have arrived."""
    return SENDING if state in UNSENT and attempts else state


def take_back(
    decision: str,
    lane: bytes,
    action: str,
    connector: str,
    stood: str,
    now: int,
    *,
    left: bool = False,
) -> Asked:
    """Ask for the undoing of an action whose own row stands at `stood`. `left`: what it was to
    replace still stands at the platform.
    """
    state = ASKED
    if left and connector:
        pass  # there is something to take back, though it never went out itself
    elif stood in (RECORDED, WITHDRAWN) or not connector:
        state = RECORDED
    elif stood in UNSENT:
        state = WITHDRAWN  # it never went out: neither does its undoing
    return Asked(
        ids.new_id("act"), decision, lane, action, True, state, connector=connector, due=now
    )
