"""A case and what it is about, as the store has them.

This module must never write.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from ombud import clock, ids
from ombud.errors import BadUse, catalogue
from ombud.review import order
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    U220=("There is no case {case}.", "`ombud cases list` shows those that are open."),
    U221=("The case {case} is closed.", "`ombud cases show` tells what became of it."),
    U222=(
        "Somebody else is looking at the case {case}, until {until}.",
        "Take another one, or wait: a claim ends by itself.",
    ),
    U223=(
        "The claim on the case {case} has ended, or is another one.",
        "Claim the case again, and look whether anything has changed.",
    ),
)

APPEALS = "appeals"  # the queue, and the reason, of cases that are decided as appeals
APPEAL = "appeal"
KEPT_URGENT = clock.HOUR  # for how long at most somebody keeps what is urgent from others


class Sealing(Protocol):
    """Where sealed things are, and their keys."""

    store: Store
    keys: KeyFile


class Case(NamedTuple):
    """One case: the columns of `review_case`."""

    id: str
    seq: int
    opened: int
    clause: str
    rule: str | None
    queue: str
    urgent: int
    reason: str
    decision: str | None
    closed: int | None
    cluster: int | None
    timeline: str
    harm: str
    unsure: int
    behind: int
    place: int
    subject: bytes | None
    campaign: int | None
    assigned: int | None
    snoozed: int | None
    holder: int | None
    lease: bytes | None
    leased: int

    def held(self, now: int) -> int | None:
        """The token of who has it; None where nobody does, or does so no more."""
        return self.holder if self.leased > now else None

    def kept_by(self, now: int) -> int | None:
        """The token of who keeps others from it; None where nobody does. What is urgent, and what
        somebody should have looked at an hour ago, is kept from nobody.
        """
        late = self.urgent and now >= self.place + KEPT_URGENT
        return None if late else self.held(now)

    def why(self, now: int, lang: str) -> str:
        """Why it stands where it stands, in words."""
        harm = order.APPEAL if self.reason == APPEAL else self.harm
        urgent, unsure = bool(self.urgent), bool(self.unsure)
        return order.why(
            self.opened,
            harm,
            urgent=urgent,
            unsure=unsure,
            put_back=self.behind,
            now=now,
            lang=lang,
        )


class Subject(NamedTuple):
    """One record that a case is about: the columns of `case_subject`."""

    id: str
    record: int
    subject: bytes
    author: int | None
    decision: str | None
    apart: str | None
    key: str | None
    sealed: bytes | None


def find(store: Store, case: str) -> Case:
    """A case. Raises BadUse U220 where there is none of this id."""
    row = store.one("case", (ids.encodable(case),))
    if row is None:
        raise BadUse("U220", "case", case=case[:60])
    return Case(*row)


def find_open(store: Store, case: str) -> Case:
    """A case that is open. Raises BadUse U220 or U221."""
    found = find(store, case)
    if found.closed is not None:
        raise BadUse("U221", "case", case=found.id)
    return found


def subjects(store: Store, case: str) -> list[Subject]:
    """What a case is about, in the order of the records."""
    return [Subject(*row) for row in store.all("subjects_of_case", (case,))]


def left(store: Store, case: str) -> list[Subject]:
    """What of it nobody has judged yet."""
    judged = {row[0] for row in store.all("judged_of_case", (case,))}
    return [each for each in subjects(store, case) if each.record not in judged]


def flags(store: Store, case: str) -> frozenset[int]:
    """Which records of a case are flags by members."""
    return frozenset(row[0] for row in store.all("flags_of_case", (case,)))


def as_one(
    waiting: Sequence[Subject], flagged: Collection[int], wanted: Collection[int]
) -> list[Subject]:
    """What is judged with the `wanted` records: they, and of the flags among what waits all that
    are about the same. However many members flag a post, it is one question.
    """
    same = {each.subject for each in waiting if each.record in wanted and each.record in flagged}
    return [
        each
        for each in waiting
        if each.record in wanted or (each.record in flagged and each.subject in same)
    ]


def by_itself(chosen: Sequence[Subject]) -> int | None:
    """Which record has to be decided by itself, and is not: a reply, a quote, of an old account."""
    if len({each.subject for each in chosen}) < 2:
        return None
    return next((each.record for each in chosen if each.apart is not None), None)


def require(case: Case, person: int, lease: bytes | None, now: int) -> None:
    """Raise BadUse U222 where somebody else has a case, and U223 for a claim that has ended. Who
    shows no claim may act on what nobody has, or what they have themselves.
    """
    if lease is not None and (case.held(now) is None or lease != case.lease):
        raise BadUse("U223", "case", case=case.id)
    if lease is None and case.kept_by(now) not in (None, person):
        raise BadUse("U222", "case", case=case.id, until=clock.rfc3339(case.leased))


def proposal_waits(store: Store, case: str, now: int) -> bool:
    """Whether something waits for a second person."""
    return store.one("proposal", (case, now)) is not None


def proposal(hands: Sealing, case: str, now: int) -> tuple[str, int, dict[str, Any]] | None:
    """What waits for a second person: which proposal, whose, and what; None where nothing does."""
    row = hands.store.one("proposal", (case, now))
    plain = None if row is None else hands.keys.open_decision(row[0], row[2])
    if row is None or plain is None:
        return None
    return row[0], row[1], msgspec.json.decode(plain, type=dict[str, Any])


def pinned(hands: Sealing, case: Case, what: str) -> str:
    """What is proposed, about the records that waited when it was: whatever joins the case later,
    or is merged into it, the person who proposes has not seen.
    """
    wanted = msgspec.json.decode(what, type=dict[str, Any])
    if not wanted.get("records"):
        whole = not wanted.get("everything")  # the only thing that waits, whatever it is
        waiting = left(hands.store, case.id)
        wanted["records"] = [each.record for each in waiting if whole or each.apart is None]
        wanted["everything"] = False
    return msgspec.json.encode(wanted).decode()
