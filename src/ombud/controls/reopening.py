"""A rule has lost its certificate, or a list its entry: what was done comes before people again.

Nobody can say that what a rule did since its audit was last found clean was right, nor what rested
on an entry that whoever published it has taken back. What of that still
stands, and no person has judged or is being asked about, is put into cases: texts that are nearly
the same into one, all else together, as many as a case holds. What is reversed there is undone and
told to its person, as by any review. This module must never undo anything itself, nor read what
anybody wrote for more than whether it has to be decided apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ombud import journal
from ombud.clock import MINUTE
from ombud.effects import Hands
from ombud.gate.certificate import Certificate
from ombud.journal import Record
from ombud.review import order
from ombud.review.gathering import About
from ombud.review.order import Waiting
from ombud.store.sqlite import Row
from ombud.transaction import Transaction
from ombud.verdicts.apart import apart
from ombud.verdicts.past import established
from ombud.windows import EQUAL

REOPENED = "certificate lost"  # why such a case is there
RETRACTED = "list entry retracted"
REOPENED_MAX = 5000  # decisions, the latest; of more, the case about the rule tells
A_CASE = 1000
BETWEEN = MINUTE  # how far each further case is put back: they share their rule


def reopen(hands: Hands, tx: Transaction, lost: Certificate) -> tuple[int, int]:
    """Open cases about what was done under a lost certificate; how many decisions are in them, and
    how many more there are.
    """
    asked = {
        "licence": lost.licence.id,
        "since": lost.clean_since,
        "clause": lost.clause,
        "most": REOPENED_MAX + 1,
    }
    rows = hands.store.all("unjudged_under", asked)
    _open(hands, tx, rows[:REOPENED_MAX], (lost.clause, lost.rule, REOPENED))
    reopened = min(len(rows), REOPENED_MAX)
    if len(rows) <= REOPENED_MAX:
        return reopened, 0
    whole = hands.store.one("count_unjudged_under", asked)
    return reopened, int(whole[0]) - reopened if whole else 0


def retracted(hands: Hands, tx: Transaction, name: str, entries: Iterable[str]) -> int:
    """Open cases about what rests on entries of a list that were taken back; how many decisions
    are in them, at most so many.
    """
    found: dict[str, Row] = {}
    for entry in entries:
        asked = {"list": name, "entry": entry, "most": REOPENED_MAX - len(found)}
        found |= {row[0]: row for row in hands.store.all("unjudged_by_entry", asked)}
    under: dict[tuple[str, str], list[Row]] = {}
    for row in found.values():
        under.setdefault((row[4], row[5]), []).append(row[:4])
    for (clause, rule), rows in under.items():
        _open(hands, tx, rows, (clause, rule, RETRACTED))
    return len(found)


def _open(hands: Hands, tx: Transaction, rows: list[Row], why: tuple[str, str, str]) -> None:
    """Open cases about decisions of a clause and a rule, for a reason."""
    clause, rule, reason = why
    harm = hands.community.active.harm(clause)
    for at, (cluster, members) in enumerate(_together(hands, rows)):
        place = order.place(Waiting(tx.recv, harm, unsure=True)) + at * BETWEEN
        subject = members[0][2] if cluster is not None or len(members) == 1 else None
        case = tx.opens(
            clause,
            rule,
            "review",
            reason,
            decision=members[0][0],
            cluster=cluster,
            stands=("", harm, 1, at * BETWEEN, place, subject),
        )
        for decision, record, lane, author in members:
            alone = _apart(hands, record, author)
            tx.concern(case, About(record, lane, author, decision, alone))


def _together(hands: Hands, rows: list[Row]) -> Iterator[tuple[int | None, list[Row]]]:
    """What belongs into one case, the largest campaign first, and which cluster it is of."""
    clusters: dict[int, list[Row]] = {}
    single: list[Row] = []
    for row in rows:
        cluster = _cluster(hands, row[1])
        single.append(row) if cluster is None else clusters.setdefault(cluster, []).append(row)
    for cluster, members in sorted(clusters.items(), key=lambda each: -len(each[1])):
        if len(members) < 2:
            single += members
            continue
        for begin in range(0, len(members), A_CASE):
            yield cluster, members[begin : begin + A_CASE]
    for begin in range(0, len(single), A_CASE):
        yield None, single[begin : begin + A_CASE]


def _cluster(hands: Hands, record: int) -> int | None:
    row = hands.store.one("record", (record,))
    found = journal.clusters(Record(*row).entries) if row else ()
    return next((each for each in found if each < EQUAL), None)


def _apart(hands: Hands, record: int, author: int | None) -> str | None:
    """Why it has to be judged by itself, if so."""
    row = hands.store.one("records", {"after": record - 1, "until": record})
    found = None if row is None else Record(*row)
    seen = None if found is None else journal.reread(hands.keys, found)
    if seen is None or found is None:
        return None
    known = None if author is None else hands.community.history("", author)
    settled = found.place is not None and established(known, found.place)
    return apart(seen, settled=settled)
