"""What an incident file is about: some cases, a time of some hours, or both; and whether somebody
may have it.

It is looked up like a member or a room (`controls.lookup`), so it leaves the same record with the
same reason. It is asked for by cases and by time and by nothing else, and cases that are all about
one person do not make one: this module must never let a file be collected about somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ombud.clock import HOUR
from ombud.controls import staff
from ombud.effects import Hands
from ombud.errors import BadUse, catalogue
from ombud.review import case as cases
from ombud.review.case import APPEALS, Case
from ombud.staff.roles import may

catalogue(
    U330=(
        "An incident file is of 1 to {most} cases, of at most {hours} hours gone by, or of both.",
        "Name the cases by their ids or addresses, or the two instants, the earlier one first.",
    ),
    U331=(
        "These cases are all about one person, and no file is made about a person.",
        "Make one for each case, or one of the hours in which it happened.",
    ),
)

KIND = "incident"
CASES_MAX = 20  # that can be named
LONGEST = 72 * HOUR


class Scope(msgspec.Struct, frozen=True):
    """Cases by their ids, and a time from `since` until before `until`; 0: none."""

    cases: tuple[str, ...] = ()
    since: int = 0
    until: int = 0


def scope(told: Mapping[str, Any], now: int) -> Scope:
    """What is asked for. Raises BadUse U330."""
    named = tuple(dict.fromkeys(str(each) for each in told.get("cases") or ()))
    since, until = (int(told.get(each) or 0) for each in ("since", "until"))
    timed = bool(since or until)
    if (
        len(named) > CASES_MAX
        or not (named or timed)
        or (timed and not (0 < since < until <= since + LONGEST and since <= now))
    ):
        raise BadUse("U330", "cases", most=CASES_MAX, hours=LONGEST // HOUR)
    return Scope(named, since, until)


def own(hands: Hands, by: str, person: int, wanted: Scope, now: int) -> str | None:
    """The first of the cases where all that is asked for is before this person anyway; None where
    a reason is needed. Raises BadUse U220 for no case, U331, and U201 or U250 for a case that they
    may not see.
    """
    found = [cases.find(hands.store, each) for each in wanted.cases]
    for each in found:
        _may_see(hands, by, person, each)
    if len(found) > 1:
        row = hands.store.one("authors_of_cases", (msgspec.json.encode(wanted.cases).decode(),))
        if row is not None and row[0] == 1:
            raise BadUse("U331", "cases")
    theirs = [each.closed is None and person in (each.held(now), each.assigned) for each in found]
    return found[0].id if found and all(theirs) and not wanted.since else None


def _may_see(hands: Hands, by: str, person: int, case: Case) -> None:
    """Whoever judges the queue, and whoever audits the staff, who sees no text."""
    if may(hands.community.staff.get(person), "records"):
        return
    permission = "appeals" if case.queue == APPEALS else "cases"
    staff.allowed(hands.community.staff, hands.keys, by, permission, queue=case.queue)
