"""What people do with cases without judging them: claim, snooze, assign, split, merge, leave notes.

None of it can change a verdict or a restriction, so none of it is a control. It goes through the
one writer, which alone says who got a case: of two who reach for one at the same instant one gets
it. A claim is a lease: a token that only its holder has, and an end. This module must never decide
a case, and never let a note stay longer than it was to.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ombud import clock, ids
from ombud.clock import DAY, MINUTE
from ombud.controls import entitled, judged
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.model import HARMS
from ombud.review import case as cases
from ombud.review import order
from ombud.review.case import Case
from ombud.staff import care, people
from ombud.transaction import Transaction

catalogue(
    U224=(
        "The case {case} comes back by {latest} at the latest.",
        "Name a time that lies ahead and before that: nothing is put aside for ever.",
    ),
    U225=(
        "A note has 1 to {limit} characters and lasts {days} days at most.",
        "Shorten it; what must last longer belongs into the decision.",
    ),
    U226=("The case {case} cannot be split so: {why}.", "`ombud cases show` lists its records."),
    U227=(
        "These cases cannot be merged: {why}.",
        "Merge open cases that ask about one clause in one queue.",
    ),
    U228=("You have {limit} cases already.", "Decide some, or give them back."),
)

LEASE = 15 * MINUTE
CLAIMS_MAX = 20  # cases that one person can have at once
SNOOZE_MAX = 30 * DAY
SNOOZED_IN_ALL = 60 * DAY  # since it was opened; from then on for a day at a time
SNOOZED_AGAIN = 1 * DAY
TO_DECIDE = 1 * DAY  # before an appeal is due its case is back
LATE = 1 * DAY  # after which anybody may take what somebody else was to look at
NOTE_LENGTH_MAX = 2000
NOTE_USUAL, NOTE_MAX = 30 * DAY, 180 * DAY
PROPOSAL = 3 * DAY  # how long a proposal waits for a second person


@dataclass(frozen=True, slots=True)
class Claim(Change):
    """Somebody takes a case, or the first of `queue` (empty: of all queues). `lease` is a token
    that the claimer has drawn; whoever has the case already takes it anew. With `after` the first
    one behind that case, and from the front again where nothing stands behind it.
    """

    by: str
    lease: str
    case: str = ""
    queue: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class GivenBack(Change):
    """A claim is given back before it ends."""

    case: str
    by: str


@dataclass(frozen=True, slots=True)
class Snoozed(Change):
    """Nobody need look at a case until an instant; None: now."""

    case: str
    by: str
    until: int | None


@dataclass(frozen=True, slots=True)
class Assigned(Change):
    """Somebody is to look at a case; empty: anybody."""

    case: str
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class Urged(Change):
    """Somebody has to look at a case at once, as if its rule had called it urgent."""

    case: str
    by: str


@dataclass(frozen=True, slots=True)
class Split(Change):
    """Some records of a case become a case of their own."""

    case: str
    by: str
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Merged(Change):
    """A case becomes a part of another one."""

    case: str
    by: str
    into: str


@dataclass(frozen=True, slots=True)
class Noted(Change):
    """What a reviewer tells the next one. `lasts` in microseconds; None: the usual time."""

    case: str
    by: str
    text: str
    lasts: int | None = None


@dataclass(frozen=True, slots=True)
class Proposed(Change):
    """What one person wants done, for a second one to confirm. `what` is the request's JSON.
    `instead`: of which proposal of somebody else, which they saw; empty: of none.
    """

    case: str
    by: str
    what: str
    lease: str = ""
    instead: str = ""


def lease_digest(hands: Hands, lease: str) -> bytes | None:
    """What is kept of a claim's token; None for none."""
    if not lease:
        return None
    return ids.keyed_digest(hands.keys.community, "lease", lease.encode("utf-8", "replace"))


def at_work(hands: Hands, name: str, now: int) -> int:
    """The token of somebody who works on cases, who is remembered to do so."""
    person = people.person(hands.keys, name)
    hands.store.run("person_at_work", (person, now))
    return person


# --- claims ---------------------------------------------------------------------------------------


def _claim(hands: Hands, _: Transaction, change: Claim, now: int) -> str:
    """The case that was claimed; nothing where nothing waits. Raises BadUse U200, U201, U220 to
    U222, U228 or U250.
    """
    person = people.person(hands.keys, change.by)
    held = hands.store.one("cases_held", (person, now))
    if change.case:
        found = cases.find_open(hands.store, change.case)
        entitled.work_on(hands, change.by, found)
        cases.require(found, person, None, now)
        mine = found.held(now) == person
    else:
        nearest = _nearest(hands, change, now)
        if nearest is None:
            return ""
        found, mine = nearest, False
    if held is not None and held[0] >= CLAIMS_MAX and not mine:
        raise BadUse("U228", "case", limit=CLAIMS_MAX)
    lease = lease_digest(hands, change.lease)
    hands.store.run("person_at_work", (person, now))
    hands.store.run(
        "claim_case", {"id": found.id, "holder": person, "lease": lease, "leased": now + LEASE}
    )
    if not mine and person in hands.community.staff:  # whoever has no page could not look it up
        care.saw(hands.keys, person, found.harm, now)
    return found.id


def _nearest(hands: Hands, change: Claim, now: int) -> Case | None:
    """The first case that somebody may take: of one queue, or of all that they are there for."""
    by, queue = change.by, change.queue
    behind = cases.find(hands.store, change.after) if change.after else None
    permission = "appeals" if queue == cases.APPEALS else "cases"
    person = entitled.require(hands, by, permission, queue=queue or None)
    member = hands.community.staff.get(person)
    queues = (queue,) if queue or member is None or not member.queues else member.queues
    for start in (behind, None) if behind else (None,):
        found = [
            next_case(hands, each, person, now, start)
            for each in queues
            if each != cases.APPEALS or queue
        ]
        waiting = [each for each in found if each is not None and each.id != change.after]
        if waiting:
            return min(waiting, key=lambda each: (each.place, each.id))
    return None


def next_case(
    hands: Hands, queue: str, person: int, now: int, behind: Case | None = None
) -> Case | None:
    """The first case in the order (behind another one) that somebody can take and does not have,
    of no harm that they would rather not be shown. What is urgent waits for nobody in particular,
    and after an hour whoever has it keeps it from nobody.
    """
    spared = care.spared(hands.keys, person)
    named = "".join(f"|{harm}|" for harm in sorted(spared))
    place, id_ = (-1, "") if behind is None else (behind.place, behind.id)
    wanted = {"queue": queue, "person": person, "now": now, "spared": named}
    wanted |= {"place": place, "id": id_, "late": now - LATE, "kept": now - cases.KEPT_URGENT}
    asked = ["next_case_of_all", "next_assigned", "next_woken", "next_late", "next_urgent"]
    if queue:
        asked = ["next_case", "next_assigned_in", "next_woken_in", "next_late_in", "next_urgent_in"]
    rows = []
    if spared:  # harm by harm, each a step along an index: those that are left out may be many
        each_harm = "next_case_of_harm" if queue else "next_case_of_harm_of_all"
        for harm in ("", *HARMS):
            if harm not in spared:
                rows += hands.store.all(each_harm, {**wanted, "harm": harm})
        del asked[0]
    for each in asked:
        rows += hands.store.all(each, wanted)
    found = [Case(*row) for row in rows]
    return min(found, key=lambda each: (each.place, each.id), default=None)


def _given_back(hands: Hands, _: Transaction, change: GivenBack, now: int) -> bool:
    found = cases.find_open(hands.store, change.case)
    person = entitled.work_on(hands, change.by, found)
    cases.require(found, person, None, now)
    hands.store.run("give_case_back", (found.id,))
    return True


# --- when, and by whom ----------------------------------------------------------------------------


def _snoozed(hands: Hands, _: Transaction, change: Snoozed, now: int) -> bool:
    found = _mine(hands, change.case, change.by, now)
    latest = _latest(hands, found, now)
    if change.until is not None and not now < change.until <= latest:
        raise BadUse("U224", "until", case=found.id, latest=clock.rfc3339(max(now, latest)))
    hands.store.run("snooze_case", {"id": found.id, "until": change.until})
    return True


def _latest(hands: Hands, case: Case, now: int) -> int:
    """Until when a case can be put aside at most. An instant that has passed: not at all."""
    if case.urgent:
        began = min(case.opened, case.place - order.URGENT)  # it may have been merged into this one
        return began + cases.KEPT_URGENT
    due = hands.store.one("first_due", (case.id,)) if case.reason == cases.APPEAL else None
    if due is not None and due[0] is not None:
        return int(due[0]) - TO_DECIDE
    return min(now + SNOOZE_MAX, max(now + SNOOZED_AGAIN, case.opened + SNOOZED_IN_ALL))


def _assigned(hands: Hands, _: Transaction, change: Assigned, now: int) -> bool:
    found = _mine(hands, change.case, change.by, now)
    to = entitled.work_on(hands, change.to, found) if change.to else None
    hands.store.run("assign_case", {"id": found.id, "to": to})
    return True


def _urged(hands: Hands, _: Transaction, change: Urged, now: int) -> bool:
    found = _mine(hands, change.case, change.by, now)
    hands.store.run("join_case", (1, now + order.URGENT, 1, found.id))
    return True


def _mine(hands: Hands, case: str, by: str, now: int) -> Case:
    """An open case that nobody else has. Raises BadUse U220 to U222; U200, U201 or U250."""
    found = cases.find_open(hands.store, case)
    person = entitled.work_on(hands, by, found)
    cases.require(found, person, None, now)
    hands.store.run("person_at_work", (person, now))
    return found


# --- which records --------------------------------------------------------------------------------


def _split(hands: Hands, _: Transaction, change: Split, now: int) -> str:
    """The new case: it keeps the place in the order that the whole one has."""
    found = cases.find_open(hands.store, change.case)
    cases.require(found, entitled.work_on(hands, change.by, found), None, now)
    waiting = {each.record for each in cases.left(hands.store, found.id)}
    chosen = set(change.records)
    why = ""
    if found.campaign is not None:
        why = "it is about appeals"
    elif not chosen <= waiting:
        why = f"record {min(chosen - waiting)} does not wait in it"
    elif not chosen or chosen == waiting:
        why = "a part of what waits in it has to stay, and a part to go"
    if why:
        raise BadUse("U226", "records", case=found.id, why=why)
    new = ids.new_id("cas")
    hands.store.run("split_case", {"new": new, "id": found.id})
    hands.store.run("split_shares", {"new": new, "id": found.id})
    hands.store.run("reopen_shares", (new,))
    _move(hands, found.id, new, chosen)
    return new


def _merged(hands: Hands, _: Transaction, change: Merged, now: int) -> bool:
    found, into = (cases.find_open(hands.store, each) for each in (change.case, change.into))
    why = ""
    for each in (found, into):
        cases.require(each, entitled.work_on(hands, change.by, each), None, now)
        if each.campaign is not None:
            why = "appeals stand by themselves"
    if found.id == into.id:
        why = "it is one case"
    elif (found.clause, found.queue, found.timeline) != (into.clause, into.queue, into.timeline):
        why = "they ask about different clauses, or in different queues"
    elif not cases.left(hands.store, found.id) or found.subject is None or into.subject is None:
        why = "one of them is about nobody"
    if why:
        raise BadUse("U227", "into", why=why)
    everything = {each.record for each in cases.left(hands.store, found.id)}
    _move(hands, found.id, into.id, everything)
    hands.store.run("join_case", (found.urgent, found.place, found.urgent, into.id))
    judged.close(hands, found.id, now)
    return True


def _move(hands: Hands, case: str, into: str, records: set[int]) -> None:
    """Let records wait in another case; what was sealed about them stays sealed as it is."""
    for record in sorted(records):
        hands.store.run("move_subject", {"id": case, "into": into, "record": record})
        hands.store.run("drop_subject", (case, record))


# --- words ----------------------------------------------------------------------------------------


def _noted(hands: Hands, tx: Transaction, change: Noted, now: int) -> bool:
    found = cases.find(hands.store, change.case)
    entitled.work_on(hands, change.by, found)
    text = unicodedata.normalize("NFC", ids.encodable(change.text)).strip()
    lasts = NOTE_USUAL if change.lasts is None else change.lasts
    if not 0 < len(text) <= NOTE_LENGTH_MAX or not 0 < lasts <= NOTE_MAX:
        raise BadUse("U225", "note", limit=NOTE_LENGTH_MAX, days=NOTE_MAX // DAY)
    person = at_work(hands, change.by, now)
    note = ids.new_id("not")
    sealed = hands.keys.seal_decision(note, tx.seq, text.encode())
    hands.store.run("add_case_note", (note, found.id, person, now, now + lasts, sealed))
    return True


def _proposed(hands: Hands, tx: Transaction, change: Proposed, now: int) -> bool:
    """Raises BadUse U237 where it would take the place of what somebody else proposes, unseen."""
    found = cases.find_open(hands.store, change.case)
    person = entitled.work_on(hands, change.by, found)
    entitled.require_named(hands, change.by)
    stands = cases.proposal(hands, found.id, now)
    if stands is not None and not judged.same_person(hands, stands[1], person):
        judged.require_seen(hands, found, stands, change.instead)
    cases.require(found, person, lease_digest(hands, change.lease), now)
    hands.store.run("person_at_work", (person, now))
    key = ids.new_id("pro")
    sealed = hands.keys.seal_decision(key, tx.seq, cases.pinned(hands, found, change.what).encode())
    hands.store.run("drop_proposal", (found.id,))
    hands.store.run("add_proposal", (key, found.id, person, now, now + PROPOSAL, sealed))
    hands.store.run("give_case_back", (found.id,))
    return True


CARRIED_OUT: Mapping[type[Change], Callable[..., bool | str]] = {
    Claim: _claim,
    GivenBack: _given_back,
    Snoozed: _snoozed,
    Assigned: _assigned,
    Urged: _urged,
    Split: _split,
    Merged: _merged,
    Noted: _noted,
    Proposed: _proposed,
}
