"""Advice to others: accounts that people here banned or suspended, on a policy list of one's own.

What may stand there is worked out anew at each look: a decision of a person, under a clause that
the operator named, done by the platform and in force. Whoever it is about is told before anybody
else is. This module must never take up what no person decided, nor say more of anybody than their
id on this platform and the clause.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ombud import decisions, redacted
from ombud.effects import Change, Hands
from ombud.signals.lists.globs import wild
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.transaction import Transaction

ADVISED = "advised"  # why the person is told
ACCOUNT = "account/"


class Advice(NamedTuple):
    """A decision that may be told to others: whom it is about, and under which clause."""

    decision: str
    account: str
    clause: str


def possible(
    store: Store, keys: KeyFile, platform: str, clauses: Collection[str]
) -> dict[str, Advice]:
    """By decision, what of a platform may be told under some clauses; nothing of who was erased."""
    found = {}
    for decision, clause, sealed in store.all("advisable", {"platform": platform}):
        plain = redacted.opened(store, keys, decision, sealed) if clause in clauses else None
        if plain is None:
            continue
        subject = decisions.opened(plain).subject
        account = subject.removeprefix(ACCOUNT)
        if subject != account and account.startswith("@") and not wild(account):
            found[decision] = Advice(decision, account, clause)
    return found


@dataclass(frozen=True, slots=True)
class Given(Change):
    """A decision is about to be told to others, in a room."""

    decision: str
    room: str


@dataclass(frozen=True, slots=True)
class TakenBack(Change):
    """It is told to them no more."""

    decision: str


def _given(hands: Hands, tx: Transaction, change: Given, now: int) -> bool:
    """False where it does not stand any more."""
    row = hands.store.one("decision", (change.decision,))
    if row is None or row[12] is not None or row[13] is not None:
        return False
    if hands.store.one("advice", (change.decision,)) is None:
        hands.tell(tx, row, ADVISED, now)
    hands.store.run("put_advice", (change.decision, change.room, now))
    return True


def _taken_back(hands: Hands, _: Transaction, change: TakenBack, now: int) -> bool:
    hands.store.run("end_advice", {"decision": change.decision, "now": now})
    return True


CARRIED_OUT: Mapping[type[Change], Callable[..., bool]] = {Given: _given, TakenBack: _taken_back}
