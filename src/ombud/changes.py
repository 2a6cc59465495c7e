"""What is written beside the journal: how far a delivery has come, appeals, runs over the
past.

None of it can change a verdict or a restriction, so none of it is a control. It goes through the
one writer all the same, in the same transactions, and a notice that was sent, an appeal that was
made and a run over the past get their line in the public log. This module must never touch a
decision.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from ombud import (
    actions,
    advice,
    appeals,
    attestations,
    chat,
    desk,
    expiry,
    filing,
    journal,
    looks,
    notices,
    opening,
    proposing,
    resting,
)
from ombud.controls import followed, protecting, staff
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.ledger import leaf
from ombud.staff.people import ADMIN
from ombud.transaction import Answer, Transaction

catalogue(
    U069=(
        "This is no run over the past: it is one of {kinds}, told in {limit} characters at most.",
        "Try fewer rules at once.",
    ),
)

DETAIL_LENGTH_MAX = 200
# What a run over the past can be, and what one must be allowed to do for it: other rules tried,
# watching rules read, what a platform restricts held against what was decided.
RUNS = {"rules": "rules", "watch": "rules", "reconcile": "keys"}
RUN_LENGTH_MAX = 1 << 19  # characters of its record
_OUT = frozenset({actions.DELIVERED, actions.CONFIRMED, actions.SENT, actions.UNDELIVERABLE})


@dataclass(frozen=True, slots=True)
class Mark(Change):
    """How far a row of the outbox has come. "sending" begins an attempt, and is refused where the
    row was withdrawn meanwhile; `due` is the instant of the next attempt, `memory` what the
    connector has to know at the undoing (None: as it was).
    """

    id: str
    state: str
    due: int = 0
    attempts: int = 0
    detail: str = ""
    memory: str | None = None


@dataclass(frozen=True, slots=True)
class Reported(Change):
    """Later evidence of the platform about an action it had taken: "confirmed" or "failed"."""

    id: str
    platform: str
    state: str


@dataclass(frozen=True, slots=True)
class Reached(Change):
    """Somebody has come to where their messages waited: what was sent there is delivered."""

    platform: str
    account: str


@dataclass(frozen=True, slots=True)
class Retry(Change):
    """A person has what was given up tried once more; who, and when last, is kept with it."""

    id: str
    by: str | int = ADMIN


@dataclass(frozen=True, slots=True)
class RunMade(Change):
    """Somebody tried rules on the past, or looked at what watching rules hit. `record` is the JSON
    of what was asked and counted; no person stands in it.
    """

    id: str
    kind: str
    record: str
    by: str | int = ADMIN


def carry_out(hands: Hands, tx: Transaction, change: Change, now: int) -> Answer:
    """Carry a change out at the instant `now`. `touched` in the answer says whether it applied,
    `problem` why it was refused: the rest of its group goes on.
    """
    try:
        done = _CARRIED_OUT[type(change)](hands, tx, change, now)
    except BadUse as error:  # raised before anything was written
        return Answer("applied", tx.seq, problem=error.as_json())
    if isinstance(done, str):
        return Answer("applied", tx.seq, touched=int(bool(done)), case=done)
    return Answer("applied", tx.seq, touched=int(done))


# --- deliveries -----------------------------------------------------------------------------------


def _mark(hands: Hands, tx: Transaction, change: Mark, now: int) -> bool:
    if change.state not in actions.STATES:
        raise ValueError(f"{change.state} is no state")
    if change.state == actions.SENDING:
        sending = {"id": change.id, "attempts": change.attempts, "now": now}
        return hands.store.run("mark_sending", sending) == 1
    final = change.state != actions.ASKED
    marked = {
        "id": change.id,
        "state": change.state,
        "due": change.due,
        "attempts": change.attempts,
        "detail": change.detail[:DETAIL_LENGTH_MAX],
        "done": now if final else None,
        "memory": change.memory,
    }
    if hands.store.run("mark_sent", marked) != 1:
        return False
    if final:
        _after(hands, tx, change.id, now)
    return True


def _reported(hands: Hands, tx: Transaction, change: Reported, now: int) -> bool:
    if change.state not in (actions.CONFIRMED, actions.FAILED):
        raise ValueError(f"{change.state} is nothing a platform reports")
    row = hands.store.one("outbox", (change.id,))
    if row is None or row[2] != change.platform:
        return False
    known = row[8] == change.state
    said = {"id": change.id, "state": change.state, "detail": "the platform says so", "done": now}
    if hands.store.run("mark_reported", said) != 1:
        return False
    if not known:
        _after(hands, tx, change.id, now)
    return True


def _reached(hands: Hands, _: Transaction, change: Reached, now: int) -> int:
    """The lines of the log stay: they say how far a message had come when it went out."""
    author = hands.keys.known_account(change.platform, change.account)
    if author is None:
        return 0
    asked = {"author": author, "connector": change.platform, "now": now}
    return hands.store.run("mark_reached", asked)


def _after(hands: Hands, tx: Transaction, id_: str, now: int) -> None:
    """A message that has gone out gets its line in the log; what failed is put before a person.

    A row has one line ever and one open case, however often a platform says now one thing and now
    the other.
    """
    row = hands.store.one("outbox", (id_,))
    assert row is not None  # it was just marked  # noqa: S101
    kind, decision, state = row[1], row[4], row[8]
    if kind != notices.WORD and state != actions.FAILED:
        return  # an action that went out leads to nothing more
    made = hands.store.one("decision", (decision,))
    line, case, closed = hands.store.one("led_to", (id_,)) or (None, None, None)
    if kind == notices.WORD and state in _OUT and line is None:
        hands.store.run("keep_line", (tx.leaves, id_))
        salt = secrets.token_bytes(leaf.SALT_BYTES)
        content = journal.canonical_json({"id": id_, "decision": decision, "state": state})
        tx.leaf(
            "notice",
            leaf.commitment(salt, content.encode()),
            clause=made[6] if made else None,
            outcome=state,
        )
    waits = case is not None and closed is None
    if state == actions.FAILED and made is not None and made[14] is not None and not waits:
        reason = "action failed" if kind == "action" else "notice failed"
        case = tx.opens(made[6], made[7], "review", reason, decision=decision, at=now)
        hands.store.run("keep_case", (case, id_))


def _retry(hands: Hands, _: Transaction, change: Retry, now: int) -> bool:
    by = staff.require(hands.community, hands.keys, change.by, "cases")
    again = {"id": change.id, "due": now, "by": by, "now": now}
    return hands.store.run("retry_failed", again) == 1


# --- runs over the past ---------------------------------------------------------------------------


def _run_made(hands: Hands, tx: Transaction, change: RunMade, now: int) -> bool:
    """Keep a run's record with the salt of its line, so that whoever has both can tell it is it."""
    if change.kind not in RUNS or not 0 < len(change.record) <= RUN_LENGTH_MAX:
        raise BadUse("U069", "run", limit=RUN_LENGTH_MAX, kinds=", ".join(RUNS))
    by = staff.require(hands.community, hands.keys, change.by, RUNS[change.kind])
    salt = secrets.token_bytes(leaf.SALT_BYTES)
    content = change.record.encode()
    hands.store.run("add_run", (change.id, tx.leaves, now, change.kind, salt, change.record, by))
    tx.leaf("replay", leaf.commitment(salt, content), outcome=change.kind)
    return True


_CARRIED_OUT: dict[type[Change], Callable[..., int | str]] = {
    Mark: _mark,
    Reported: _reported,
    Reached: _reached,
    Retry: _retry,
    RunMade: _run_made,
    **desk.CARRIED_OUT,
    **chat.CARRIED_OUT,
    **looks.CARRIED_OUT,
    **resting.CARRIED_OUT,
    **appeals.CARRIED_OUT,
    **opening.CARRIED_OUT,
    **proposing.CARRIED_OUT,
    **expiry.CARRIED_OUT,
    **filing.CARRIED_OUT,
    **attestations.CARRIED_OUT,
    **protecting.CARRIED_OUT,
    **followed.CARRIED_OUT,
    **advice.CARRIED_OUT,
}
