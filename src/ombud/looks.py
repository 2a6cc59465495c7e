"""Second looks: a drawn part of what people judged is put before somebody else, who sees neither
that it was judged nor how. And gold: what two people judged alike, put before others anew.

An answer restricts nobody and changes no verdict, so it is no control. Where a second look differs,
a case is opened, and it is that case which a third person judges. Nobody is given what they judged
themselves, nor a harm they would rather not be shown. This module must never let an answer act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ombud import ids
from ombud.clock import DAY, MINUTE
from ombud.controls import entitled
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.review import case as cases
from ombud.review import drawing, order
from ombud.review.drawing import GOLD, SECOND, Look
from ombud.review.order import Waiting
from ombud.staff import care
from ombud.transaction import Transaction

catalogue(
    U290=(
        "This is not yours to look at, or no more.",
        "Ask for the next one: what one has ends after {minutes} minutes.",
    ),
    U291=('"{said}" is no answer.', "The answers are: {answers}."),
)

ANSWERS = ("upheld", "released", "unclear")
REASON = "second look"  # of the case that is opened where two people differ
LEASE = 15 * MINUTE
GOLD_ENDS = 90 * DAY
GOLD_ASKED = 5  # people who are asked of one thing


@dataclass(frozen=True, slots=True)
class Taken(Change):
    """Somebody asks for the next thing to look at; whoever has one gets it again."""

    by: str


@dataclass(frozen=True, slots=True)
class Looked(Change):
    """What somebody says of it: "upheld" (it breaks the clause), "released" or "unclear"."""

    by: str
    look: str
    said: str


def _taken(hands: Hands, _: Transaction, change: Taken, now: int) -> str:
    """The thing that somebody has now; nothing where nothing waits for them."""
    person = entitled.require(hands, change.by, "cases")
    member = hands.community.staff.get(person)
    queues = () if member is None else member.queues
    row = hands.store.one(
        "next_look",
        {
            "person": person,
            "now": now,
            "queues": "".join(f"\n{each}\n" for each in queues),
            "spared": "".join(f"|{each}|" for each in sorted(care.spared(hands.keys, person))),
        },
    )
    if row is None:
        return ""
    look = Look(*row)
    mine = look.holder == person and look.leased > now
    hands.store.run("take_look", {"look": look.id, "holder": person, "leased": now + LEASE})
    if not mine and member is not None:
        care.saw(hands.keys, person, look.harm, now)
    return look.id


def _looked(hands: Hands, tx: Transaction, change: Looked, now: int) -> bool:
    person = entitled.require(hands, change.by, "cases")
    if change.said not in ANSWERS:
        raise BadUse("U291", "answer", said=change.said[:40], answers=", ".join(ANSWERS))
    row = hands.store.one("look", (ids.encodable(change.look),))
    look = None if row is None else Look(*row)
    if look is None or look.holder != person or look.leased <= now or look.open < 1:
        raise BadUse("U290", "look", minutes=LEASE // MINUTE)
    hands.store.run("answer_look", (look.id, person, now, change.said))
    hands.store.run("looked", (look.id,))
    hands.store.run("person_at_work", (person, now))
    if look.kind == SECOND and change.said == look.said:
        _may_become_gold(hands, look, person, now)
    elif look.kind == SECOND and change.said != "unclear":
        _differs(hands, tx, look, now)
    return True


def _may_become_gold(hands: Hands, look: Look, person: int, now: int) -> None:
    """What two people judged alike is put before others later, where it is drawn."""
    key = hands.keys.community
    if not drawing.golden(key, look.id):
        return
    due = now + drawing.waits(key, look.id)
    made = look._replace(
        id=ids.new_id("lok"),
        kind=GOLD,
        third=person,
        due=due,
        until=due + GOLD_ENDS,
        open=GOLD_ASKED,
        holder=None,
        leased=0,
    )
    hands.store.run("add_look", made)


def _differs(hands: Hands, tx: Transaction, look: Look, now: int) -> None:
    """Two people differ: a case like any other, which says so and acts on nobody by itself."""
    before = cases.find(hands.store, look.case)
    new, decision = hands.store.one("judged_so", (look.review, look.record)) or (None, None)
    waiting = Waiting(now, look.harm, unsure=True)
    subject = hands.store.one("subject_of_record", (look.case, look.record))
    case = tx.opens(
        look.clause,
        before.rule,
        look.queue,
        REASON,
        decision=new or decision,
        at=now,
        stands=(before.timeline, look.harm, 1, 0, order.place(waiting), subject and subject[0]),
    )
    about = {"into": case, "id": look.case, "record": look.record, "decision": new}
    hands.store.run("look_subject", about)


CARRIED_OUT: Mapping[type[Change], Callable[..., bool | str]] = {Taken: _taken, Looked: _looked}
