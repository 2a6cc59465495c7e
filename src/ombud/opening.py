"""A person opens a case: about a post that nobody asked about, under a clause of their choice.

What is done about it then is a review like any other, with the same second pair of eyes, notice
and appeal. If a case about the same under the same clause is open already, it is that one. No case
changes a verdict, so opening one is no control. This module must never decide anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ombud import decisions, journal
from ombud.controls import entitled
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Record
from ombud.review import order
from ombud.review.gathering import SUBJECTS_MAX, About, Key, concerned
from ombud.review.order import Waiting
from ombud.rules.policy import Clause, read_policies
from ombud.signals.observation import Observation
from ombud.statements import lane
from ombud.store.sqlite import Row
from ombud.transaction import Transaction
from ombud.verdicts.apart import apart
from ombud.verdicts.choices import REVIEWED
from ombud.verdicts.past import established

catalogue(
    U272=("No case about record {record} can be opened: {why}.", "{hint}"),
)

QUEUE = "review"
LOOKED_UP = "looked up"  # the reason of a case that a person opened


@dataclass(frozen=True, slots=True)
class Opened(Change):
    """Somebody opens a case about a record, under a clause in force."""

    record: int
    clause: str
    by: str


def _opened(hands: Hands, tx: Transaction, change: Opened, now: int) -> str:
    """The case. Raises BadUse U201, U250 or U272."""
    entitled.require(hands, change.by, "cases", queue=QUEUE)
    row = hands.store.one("records", {"after": change.record - 1, "until": change.record})
    record = None if row is None else Record(*row)
    if record is None or record.kind is None:
        raise _cannot(change, "it is nothing that people judge", "Look up a post.")
    seen = journal.reread(hands.keys, record)
    if seen is None:
        raise _cannot(change, "what it said is gone", "There is nothing left to judge.")
    clause = _clause(hands, change, record)
    active = hands.community.active
    named = decisions.subject_of(seen.event, seen.kind, "this")
    subject = lane(hands.keys.community, active.connector(seen.platform), named)
    joins = Key(record.timeline, clause.id, QUEUE, None, subject)
    wanted = {**joins._asdict(), "most": SUBJECTS_MAX}
    known = (
        tx.joined.get(joins.ways[0]) or (hands.store.one("case_of_subject", wanted) or (None,))[0]
    )
    if known is not None:
        return str(known)
    waiting = Waiting(now, clause.harm)
    stands = (record.timeline, clause.harm, 0, 0, order.place(waiting), subject)
    before = _standing(hands, record.seq)
    case = tx.opens(clause.id, None, QUEUE, LOOKED_UP, decision=before, at=now, stands=stands)
    tx.joined[joins.ways[0]] = case
    tx.concern(case, _about(hands, record, seen, subject, before))
    return case


def _clause(hands: Hands, change: Opened, record: Record) -> Clause:
    """The clause in force, if the record is not older than it. Raises BadUse U272."""
    active = hands.community.active
    texts = active.payload["sources"]["policies"]
    clauses = read_policies({name: each.encode() for name, each in texts.items()}, recorded=True)[0]
    clause = clauses.get(change.clause)
    if clause is None:
        raise _cannot(change, "no such clause is in force", "Choose one of the policies in force.")
    if record.time is not None and record.time < active.since.get(clause.id, record.time):
        hint = "Nobody is judged by a wording that came later."
        raise _cannot(change, "it is older than the clause", hint)
    return clause


def _standing(hands: Hands, record: int) -> str | None:
    """The decision about a record that stands and that the case is to be about: what is held
    first.
    """
    rows = hands.store.all("decisions_about", (record,))
    standing = [row for row in rows if row[12] is None and row[13] is None]
    held = [row for row in standing if row[9] in REVIEWED]
    return next((str(row[0]) for row in (*held, *standing)), None)


def _about(
    hands: Hands, record: Record, seen: Observation, subject: bytes, decision: str | None
) -> Row:
    author, settled = concerned(seen), False
    if author is not None and record.place is not None:
        settled = established(hands.community.history(record.timeline, author), record.place)
    return About(record.seq, subject, author, decision, apart(seen, settled=settled))


def _cannot(change: Opened, why: str, hint: str) -> BadUse:
    return BadUse("U272", "record", record=change.record, why=why, hint=hint)


CARRIED_OUT: Mapping[type[Change], Callable[..., bool | str]] = {Opened: _opened}
