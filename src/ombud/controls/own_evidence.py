"""Who may black out what: nobody takes away what a decision of theirs is judged by.

Whoever stands behind a decision that rests on a record leaves it to somebody else, who can do it at
once. Where there is nobody else they may do it themselves, but not while the decision is appealed.
Held in the control, so that pages, command line and other processes are bound alike; replay never
asks. This module must never write, nor look at the words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ombud.controls import appealed, judged
from ombud.effects import Hands
from ombud.errors import BadUse, catalogue
from ombud.review.case import APPEALS
from ombud.staff.roles import Member, may
from ombud.store.sqlite import Row

catalogue(
    U264=(
        "{name} stands behind a decision about what holds these words.",
        "Let somebody else of the staff black them out: they can at once.",
    ),
    U265=(
        "What holds these words is evidence in an open appeal to a decision of {name}.",
        "Nobody else is there to do it: decide the appeal first, then black them out.",
    ),
    U266=(
        "Record {record} stands in no case that {name} may work on.",
        "Have somebody do it who may, or open a case about it.",
    ),
)


def require(
    hands: Hands, person: int, name: str, record: int, near: Iterable[int], records: Iterable[int]
) -> None:
    """Raise BadUse U264 to U266 where somebody may not black out words. `near`: a record and the
    flags of it, by which it stands in cases; `records`: all that may change.
    """
    members = hands.community.staff
    queues = {row[1] for each in near for row in hands.store.all("cases_of_record", (each,))}
    if person in members and not _works_in(members[person], queues):
        raise BadUse("U266", "record", record=record, name=name)
    theirs = appeal = False
    involved = {person}
    anybody = bool(members) and person not in members  # whoever gives no name
    for stand, is_open in _behind(hands, records):
        involved |= stand
        if anybody or any(judged.same_person(hands, person, each) for each in stand):
            theirs, appeal = True, appeal or is_open
    if theirs and _somebody_else(hands, involved, queues):
        raise BadUse("U264", "by", name=name)
    if appeal:
        raise BadUse("U265", "by", name=name)


def _works_in(member: Member, queues: Collection[str]) -> bool:
    """Whether somebody may work on a case of one of these queues."""
    return any(
        may(member, "appeals" if queue == APPEALS else "cases", queue=queue) for queue in queues
    )


def _somebody_else(hands: Hands, involved: set[int], queues: Collection[str]) -> bool:
    """Whether anybody may do it who stands behind nothing of it."""
    return any(
        may(member, "blackout")
        and _works_in(member, queues)
        and not any(judged.same_person(hands, token, each) for each in involved)
        for token, member in hands.community.staff.items()
    )


def _behind(hands: Hands, records: Iterable[int]) -> Iterator[tuple[set[int], bool]]:
    """Who stands behind each decision about one of the records that stands, or is appealed; and
    whether it is appealed.
    """
    store, active = hands.store, hands.community.active
    rows: dict[str, Row] = {}
    for each in records:
        rows.update({row[0]: row for row in store.all("decisions_about", (each,))})
    for row in rows.values():
        made = store.all("appeals_of_decision", (row[0],))
        waits = any(each[2] == appealed.OPEN for each in made)
        if row[13] is None or waits:
            yield set(appealed.behind(store, hands.keys, active, row)), waits
