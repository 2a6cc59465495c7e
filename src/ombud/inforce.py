"""How a decision stands now, in one word, and what is in force in its place where it is over.

Somebody who reads that a restriction is over must not believe that they are free while another
decision about the same goes on. This module must never tell of a decision about anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ombud import actions, decisions, notices, redacted
from ombud.rules.vocabulary import ACTIONS
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

AWAITING = "awaiting"
NOT_CARRIED_OUT = "not carried out"
OVER = ("ended", "undone", "withdrawn")
INSTEAD_MAX = 5  # decisions named in place of one


class Instead(msgspec.Struct, frozen=True):
    """A decision that is in force where another one is over: what it says by language, until when,
    and where its person reads it: the token of its page, and its place there, from 1.
    """

    decision: str
    clause: str
    action: str
    what: Mapping[str, str]
    until: str | None
    page: str
    number: int


def restricts(action: str) -> bool:
    """Whether somebody can do or reach less by an action; yes where it is not known."""
    form = ACTIONS.get(action)
    return form is None or form.restricts


def state(row: Row, delivery: str, now: int) -> str:
    """How a decision stands, in one word. The query `standing_of_statement` counts by the same."""
    if delivery == actions.WITHDRAWN:
        return "withdrawn"
    if row[13] is not None:
        return "undone"
    if row[12] is not None or (row[11] is not None and row[11] <= now):
        return "ended"
    if delivery == actions.AWAITING:
        return AWAITING
    return NOT_CARRIED_OUT if delivery == actions.FAILED else "in force"


def not_lifted(store: Store, decision: str) -> bool:
    """Whether the platform has refused to take back what is over, or could not: it may be there as
    before. What it was asked last counts, since that may have been tried once more.
    """
    asked = [row for row in store.all("actions_of_decision", (decision,)) if row[2]]
    return bool(asked) and asked[-1][3] == actions.FAILED


def instead(store: Store, keys: KeyFile, row: Row, now: int) -> tuple[Instead, ...]:
    """What is in force of the same person about the same as the decision of `row`, or was decided
    in its place: the strongest first. Only what has a page is told of: its person can read it.
    """
    wanted = {"decision": row[0], "timeline": row[3], "subject": row[4], "about": row[16]}
    bounds = {"author": row[5], "now": now, "limit": INSTEAD_MAX}
    found = store.all("in_its_place", {**wanted, **bounds})
    order = list(ACTIONS)
    here = store.one("statement_of_decision", (row[0],))
    told = [_told(store, keys, decision, here, now) for (decision,) in found]
    standing = [each for each in told if each is not None]
    return tuple(sorted(standing, key=lambda each: -order.index(each.action)))


def _told(store: Store, keys: KeyFile, decision: str, here: Row | None, now: int) -> Instead | None:
    row = store.one("decision", (decision,))
    page = store.one("statement_of_decision", (decision,))
    plain = None if row is None else redacted.opened(store, keys, decision, row[14])
    if row is None or page is None or plain is None or row[9] not in ACTIONS:
        return None
    if page != here and _may_still_be_undone(store, decision, now):
        return None  # no link to another page goes out before its own notice does
    place = store.one("place_on_statement", {"statement": page[0], "decision": decision})
    record = decisions.opened(plain)
    return Instead(
        decision,
        clause=row[6],
        action=row[9],
        what=record.reasons.what,
        until=record.actions[0].until,
        page=notices.token(keys.community, page[0]),
        number=place[0] + 1 if place else 1,
    )


def _may_still_be_undone(store: Store, decision: str, now: int) -> bool:
    asked = store.one("action_of_decision", (decision,))
    return asked is not None and asked[1] == actions.ASKED and asked[3] == 0 and asked[4] > now
