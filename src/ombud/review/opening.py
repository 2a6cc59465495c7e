"""The case about one record under one clause: the one that is open already, or a new one.

For whoever puts something before people that no rule asked about: one of the staff who came across
it, or a demand from outside. What is done about it then is a review like any other. This module
must never decide anything, and never ask who may.
"""

from __future__ import annotations

from ombud import decisions, journal
from ombud.decisions import lane
from ombud.effects import Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Record
from ombud.review import order
from ombud.review.gathering import SUBJECTS_MAX, About, Key, concerned
from ombud.review.order import Waiting
from ombud.rules.policy import Clause, read_policies
from ombud.signals.observation import Observation
from ombud.store.sqlite import Row
from ombud.transaction import Transaction
from ombud.verdicts.apart import apart
from ombud.verdicts.choices import REVIEWED
from ombud.verdicts.past import established

catalogue(
    U272=("No case about record {record} can be opened: {why}.", "{hint}"),
)

QUEUE = "review"


def about(hands: Hands, tx: Transaction, record: int, clause: str, reason: str, now: int) -> str:
    """The id of the case. Raises BadUse U272 where there is nothing to judge."""
    row = hands.store.one("records", {"after": record - 1, "until": record})
    found = None if row is None else Record(*row)
    if found is None or found.kind is None:
        raise _cannot(record, "it is nothing that people judge", "Look up a post.")
    seen = journal.reread(hands.keys, found)
    if seen is None:
        raise _cannot(record, "what it said is gone", "There is nothing left to judge.")
    under = clause_of(hands, found, clause)
    active = hands.community.active
    named = decisions.subject_of(seen.event, seen.kind, "this")
    subject = lane(hands.keys.community, active.connector(seen.platform), named)
    joins = Key(found.timeline, under.id, QUEUE, None, subject)
    wanted = {**joins._asdict(), "most": SUBJECTS_MAX}
    known = (
        tx.joined.get(joins.ways[0]) or (hands.store.one("case_of_subject", wanted) or (None,))[0]
    )
    if known is not None:
        return str(known)
    waiting = Waiting(now, under.harm)
    stands = (found.timeline, under.harm, 0, 0, order.place(waiting), subject)
    before = _standing(hands, found.seq)
    case = tx.opens(under.id, None, QUEUE, reason, decision=before, at=now, stands=stands)
    tx.joined[joins.ways[0]] = case
    tx.concern(case, _concerned(hands, found, seen, subject, before))
    return case


def clause_of(hands: Hands, record: Record, clause: str) -> Clause:
    """The clause in force, if the record is not older than it. Raises BadUse U272."""
    active = hands.community.active
    texts = active.payload["sources"]["policies"]
    clauses = read_policies({name: each.encode() for name, each in texts.items()}, recorded=True)[0]
    found = clauses.get(clause)
    if found is None:
        raise _cannot(
            record.seq, "no such clause is in force", "Choose one of the policies in force."
        )
    if record.time is not None and record.time < active.since.get(found.id, record.time):
        hint = "Nobody is judged by a wording that came later."
        raise _cannot(record.seq, "it is older than the clause", hint)
    return found


def _standing(hands: Hands, record: int) -> str | None:
    """The decision about a record that stands and that the case is to be about: what is held
    first.
    """
    rows = hands.store.all("decisions_about", (record,))
    standing = [row for row in rows if row[12] is None and row[13] is None]
    held = [row for row in standing if row[9] in REVIEWED]
    return next((str(row[0]) for row in (*held, *standing)), None)


def _concerned(
    hands: Hands, record: Record, seen: Observation, subject: bytes, decision: str | None
) -> Row:
    author, settled = concerned(seen), False
    if author is not None and record.place is not None:
        settled = established(hands.community.history(record.timeline, author), record.place)
    return About(record.seq, subject, author, decision, apart(seen, settled=settled))


def _cannot(record: int, why: str, hint: str) -> BadUse:
    return BadUse("U272", "record", record=record, why=why, hint=hint)
