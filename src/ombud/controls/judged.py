"""What a judgement of people leaves behind, live and in replay; and who is a second person.

Used by reviews and by the outcomes of appeals. This module must never judge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ombud import journal
from ombud.clock import DAY
from ombud.controls import staff
from ombud.effects import Hands, Reversal, Settling
from ombud.errors import BadUse, catalogue
from ombud.review import case as cases
from ombud.review import drawing
from ombud.review.case import Case, Sealing
from ombud.review.drawing import Judged
from ombud.signals.observation import Observation
from ombud.staff import people, roles
from ombud.staff.roles import Member
from ombud.store.sqlite import Row
from ombud.verdicts.choices import REVIEWED
from ombud.verdicts.community import Community

catalogue(
    U234=(
        "Nothing of the case {case} waits for a second person.",
        "What was proposed has ended, was replaced, or was yours: somebody else has to confirm.",
    ),
    U237=(
        "Something else is proposed for the case {case} than what you saw: {proposal}, by {name}.",
        "Look at the case again, and name what you answer: `--proposal`.",
    ),
)

TOGETHER = 1 * DAY  # how long judgements about one campaign count together
PEOPLE_SEEN = 30 * DAY  # whoever worked on a case since then is a second person


def same_person(hands: Sealing, one: int, other: int) -> bool:
    """Whether two tokens are, or are called as, one person."""
    if one == other:
        return True
    names = [people.name_of(hands.keys, each) for each in (one, other)]
    return None not in names and people.look(str(names[0])) == people.look(str(names[1]))


def others(
    hands: Sealing,
    person: int,
    now: int,
    involved: Iterable[int] = (),
    *,
    permission: str = "bulk",
    queue: str | None = None,
    queues: Collection[str] = (),
    actions: Collection[str] = (),
    gone: Collection[tuple[int, Member]] = (),
) -> bool:
    """Whether there is anybody else, none of those `involved`: of a staff, whoever may do the same,
    in this queue, or in each of `queues`, and by each of these actions; where there is none,
    whoever has worked on cases lately. `gone`: who counts as they were.
    """
    members = staff.members_of(hands.store)
    found = [row[0] for row in hands.store.all("people_at_work", (now - PEOPLE_SEEN,))]
    if members:
        found = [
            one
            for one, each in (*members.items(), *gone)
            if all(roles.may(each, permission, queue=name) for name in (queue, *queues))
            and all(roles.may(each, permission, action=act) for act in actions)
        ]
    known = (person, *involved)
    return any(not any(same_person(hands, each, one) for each in known) for one in found)


def whom(settles: Iterable[Settling], reversals: Iterable[Reversal]) -> set[int]:
    """Whom a judgement restricts, or lets go of what was in force."""
    found = [each.author for each in settles]
    found += [each.author for each in reversals if each.reason == "released" and each.inverse]
    return {each for each in found if each is not None}


class Alike(NamedTuple):
    """What is judged alike at once: whom it restricts or lets go, and its rows of `reviewed`."""

    case: Case
    outcome: str
    authors: Collection[int]
    reviewed: Iterable[Row]


def together(hands: Hands, judges: Alike, now: int) -> int:
    """How many people a judgement restricts, or lets go, with those of whom the same was said that
    day in the same case, or of nearly the same texts in any: twenty by twenty it is as many, in
    cases that were split or merged, and under other clauses too. What has no text in common was put
    together by hand: all of that counts together.
    """
    case, outcome, authors, reviewed = judges
    if len(authors) < 2:  # whoever is looked at by themselves is
        return len(authors)
    kept = [hands.store.one("entries_of", (row[2],)) for row in reviewed]
    texts = [journal.clusters(row[1]) for row in kept if row]
    any_text, by_hand = set().union(*texts), _by_hand(texts)
    before: dict[int, list[Row]] = {}
    for row in hands.store.all("together", {"since": now - TOGETHER, "outcome": outcome}):
        before.setdefault(row[0], []).append(row)
    found = set(authors)
    for rows in before.values():
        theirs = [(author, where, journal.clusters(each)) for _, author, where, each in rows]
        whole = by_hand and _by_hand([said for _, _, said in theirs])
        found |= {
            author
            for author, where, said in theirs
            if whole or where == case.id or not any_text.isdisjoint(said)
        }
    return len(found)


def _by_hand(texts: Sequence[Collection[int]]) -> bool:
    """Whether of some records not all are of one cluster of texts."""
    return not set(texts[0]).intersection(*texts[1:]) if texts else True


def proposed(hands: Hands, told: Mapping[str, Any], now: int) -> Mapping[str, Any]:
    """What somebody else wanted done, which is confirmed now. Raises BadUse U234; U237 where it is
    not what was seen (`proposal`; None: whatever waits).
    """
    case = cases.find_open(hands.store, str(told.get("case")))
    found = cases.proposal(hands, case.id, now)
    if found is None:
        raise BadUse("U234", "case", case=case.id)
    if told.get("proposal") is not None:
        require_seen(hands, case, found, str(told["proposal"]))
    second, lease = str(told["confirm"]), told.get("lease")
    fresh = told.get("fresh")
    return {**found[2], "confirmed": second, "lease": lease, "alone": False, "fresh": fresh}


def require_seen(
    hands: Sealing, case: Case, found: tuple[str, int, Mapping[str, Any]], seen: str
) -> None:
    """Raise BadUse U237 where what waits (`cases.proposal`) is not the proposal that was seen."""
    if found[0] != seen:
        by = people.name_of(hands.keys, found[1]) or "somebody else"
        raise BadUse("U237", "proposal", case=case.id, proposal=found[0], name=people.spelt(by))


def lifted(hands: Hands, reversals: Iterable[Reversal]) -> set[str]:
    """By which actions was restricted what is released, or less is done to instead; but for what a
    rule put aside until somebody looks: to let that go is to judge it, and who could not would only
    ever restrict.
    """
    return {
        each.action
        for each in reversals
        if (each.reason == "released" or each.inverse) and not _waits_for_a_person(hands, each)
    }


def _waits_for_a_person(hands: Hands, each: Reversal) -> bool:
    row = hands.store.one("decision", (each.decision,)) if each.action in REVIEWED else None
    return row is not None and row[8] == "rule"


def close(hands: Hands, case: str, now: int) -> None:
    """Let a case be open no more."""
    hands.store.run("close_case", {"id": case, "now": now})
    hands.store.run("close_shares", (case,))
    hands.store.run("drop_shares", (case,))
    hands.store.run("drop_proposal", (case,))


def forget_marks(hands: Hands, records: Iterable[int]) -> None:
    """What was known of what was done about some records is asked of the store again."""
    for record in records:
        hands.community.campaigns.acted.pop(record, None)


# --- applied by replay ----------------------------------------------------------------------------


def apply(community: Community, payload: Mapping[str, Any]) -> None:
    """Let a recorded review count in replay: what was judged is not acted on again."""
    if payload["outcome"] != "seen":
        community.campaigns.judged.update(payload["records"])
    for _, about, action, *_ in payload["decisions"]:
        community.campaigns.mark((about,), action)


def take_back(community: Community, payload: Mapping[str, Any]) -> None:
    """Let the undoing of a review count: what it had judged was not."""
    community.campaigns.judged.difference_update(payload["records"])


def look_again(
    hands: Hands,
    case: Case,
    people: tuple[int, int | None],
    outcome: str,
    seen: Mapping[int, Observation | None],
    seq: int,
    now: int,
) -> None:
    """Put a drawn part of what was judged before somebody else (`looks`). Not flags, since what
    they are about is somewhere else; nor what is gone.
    """
    found = [
        Judged(record, outcome, each.language or "")
        for record, each in seen.items()
        if each is not None and each.kind != "flag"
    ]
    about = (seq, case.id, case.clause, case.queue, case.harm)
    look = drawing.second_look(hands.keys.community, about, people, found, now)
    if look is not None:
        hands.store.run("add_look", look)
