"""What may be decided about a case by a reaction in a moderators' room, and why all else may not.

By a reaction nobody is restricted: it takes a case, lets go of what waits, or keeps what stands.
The last two count only from somebody who has opened the case at the console as it is now, and only
where the case asks one question about one person that somebody may answer without a second look.
What the control then refuses (roles, claims, a second person) it refuses here as everywhere. This
module must never decide, and never be the only thing that keeps somebody from deciding.
"""

from __future__ import annotations

from collections.abc import Mapping

from ombud import looks
from ombud.controls import irreversible
from ombud.proposing import STRIKES
from ombud.review import case as cases
from ombud.review.case import APPEAL, APPEALS, Case, Subject
from ombud.store.sqlite import Store
from ombud.verdicts.choices import REVIEWED

CLAIM, RELEASE, KEEP = "claim", "release", "keep"
SIGNS: Mapping[str, str] = {"👀": CLAIM, "↩": RELEASE, "✅": KEEP}
CONFIRM = "✅"  # of what Ombud asks about an emergency
PRIVATE = frozenset({"private-data", "threats"})  # harms that are looked at on the page alone


def sign(key: str) -> str:
    """A reaction without what only changes how it is drawn."""
    return key.replace("\ufe0f", "").strip()


def refused(store: Store, case: Case, do: str, now: int) -> str:
    """Why something is not done to a case by a reaction, by name; empty where it may be."""
    if case.closed is not None:
        return "closed"
    if do == CLAIM:
        return ""
    if case.reason == APPEAL or case.queue == APPEALS:
        return "appeal"
    if case.urgent:
        return "urgent"
    if case.harm in PRIVATE:
        return "private"
    if case.reason in (irreversible.REASON, looks.REASON, STRIKES):
        return "second"
    if cases.proposal_waits(store, case.id, now):
        return "second"
    asked = question(store, case)
    if not asked:
        return "several"
    return "nothing" if do == KEEP and not _stands(store, asked[0]) else ""


def question(store: Store, case: Case) -> list[Subject]:
    """What waits in a case, where it is one question about one thing; else nothing."""
    waiting = cases.left(store, case.id)
    flagged = cases.flags(store, case.id)
    asked = cases.as_one(waiting, flagged, [each.record for each in waiting[:1]])
    return asked if len(asked) == len(waiting) else []


def _stands(store: Store, subject: Subject) -> bool:
    """Whether something is in force about it that does not wait for anybody, so that keeping it
    restricts nobody anew.
    """
    row = store.one("decision", (subject.decision,)) if subject.decision else None
    return row is not None and row[12] is None and row[13] is None and row[9] not in REVIEWED


def last(store: Store, case: Case) -> int:
    """The last record of a case: by it a case is known to be as somebody saw it."""
    return max((each.record for each in cases.subjects(store, case.id)), default=0)


def offered(store: Store, case: Case, now: int) -> tuple[str, ...]:
    """The reactions that may be decided by, in the order they are shown."""
    return tuple(each for each, do in SIGNS.items() if not refused(store, case, do, now))


def drawn(key: str) -> str:
    """A reaction as clients send it: coloured."""
    return "↩\ufe0f" if key == "↩" else key
