"""Nobody judges what their own account said, nor what was decided about it, as long as somebody
else may: neither way, in a case, by an undoing or in an appeal.

Which account is whose is known where somebody has bound one to be heard by in a moderators' room.
One that was let go of still counts for as long as a decision can be appealed: else whoever unbinds
it, judges and binds it again would go round all of this. That is worked out from the journal, so it
needs nothing of its own, outlasts a removal from the staff and ends by itself; an account that is
erased is a number there like every other. For as long, whoever they suspended, narrowed or removed
themselves counts as somebody else, and whoever they added leaves it to those who were there before.
Six months, as with accounts: no shorter way round an appeal than to wait for its end. This module
must never keep the last one who may from judging for longer than that: nobody could ever let go
what a rule held of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ombud import journal
from ombud.controls import judged
from ombud.decisions import APPEAL_OPEN
from ombud.errors import BadUse, catalogue
from ombud.review.case import APPEALS, Case, Sealing, Subject
from ombud.staff import people, roles
from ombud.staff.roles import Member, Members
from ombud.store.sqlite import Store

catalogue(
    U449=(
        (
            "The case {case} is about an account by which {name} is heard, or was within six"
            " months, or whoever added them to the staff."
        ),
        "Leave it to somebody else: there are others who may judge it.",
    ),
    U453=(
        (
            "{decision} is about an account by which {name} is heard, or was within six months, or"
            " whoever added them to the staff."
        ),
        "Leave it to somebody else: there are others who may undo it, or decide its appeal.",
    ),
)

COUNTS = APPEAL_OPEN  # how long an account counts after it was let go of


Records = Sequence[tuple[int, Mapping[str, Any]]]  # changes of the staff: when, and what was told


def _records(store: Store) -> Records:
    rows = store.all("controls", ("!staff",))
    return [(recv, journal.read_json(content)) for _, recv, content in rows]


def _heard(records: Records, now: int) -> Mapping[int, frozenset[int]]:
    """The accounts by which each of the staff is heard, or was as lately as counts; tokens."""
    bound: dict[int, int] = {}
    found: dict[int, set[int]] = {}
    for recv, told in records:
        who = told["who"]
        if told["what"] == "bound":
            bound[who] = told["chat"]
        elif told["what"] in ("unbound", "removed") and who in bound:
            gone = bound.pop(who)
            if recv > now - COUNTS:
                found.setdefault(who, set()).add(gone)
    for who, account in bound.items():
        found.setdefault(who, set()).add(account)
    return {who: frozenset(accounts) for who, accounts in found.items()}


def owners(store: Store, authors: Collection[int | None], now: int) -> set[int]:
    """Whose accounts are among some; tokens of the staff."""
    accounts = _heard(_records(store), now).items()
    return {who for who, theirs in accounts if not theirs.isdisjoint(authors)}


def require(
    hands: Sealing,
    case: Case,
    subjects: Iterable[Subject],
    judges: Collection[int | None],
    now: int,
) -> None:
    """Whoever judges has not said it, as long as somebody else may judge. Raises BadUse U449."""
    own = owners(hands.store, {each.author for each in subjects}, now)
    permission = "appeals" if case.queue == APPEALS else "cases"
    for who in judges:
        if who is None:
            continue
        with_them = [each for each in judges if each not in (None, who)]
        if _left_to_others(hands, who, own, with_them, now, permission, queues={case.queue}):
            raise BadUse("U449", "case", case=case.id, name=people.name_of(hands.keys, who))


def kept_from(
    hands: Sealing,
    person: int,
    authors: Collection[int | None],
    now: int,
    permission: str,
    *,
    queues: Collection[str] = (),
    actions: Collection[str] = (),
) -> bool:
    """Whether a decision about one of these authors is left to somebody else: it is about an
    account of `person`, and there are others who may do as much about it.
    """
    own = owners(hands.store, authors, now)
    return _left_to_others(hands, person, own, (), now, permission, queues=queues, actions=actions)


def near(hands: Sealing, person: int, now: int) -> set[int]:
    """The accounts that may be left to others by `person`: their own, and those of whoever added
    them to the staff lately.
    """
    found: set[int] = set()
    records = _records(hands.store)
    for who, accounts in _heard(records, now).items():
        if _rank(hands, person, _ranks(records, {who}, now)) is not None:
            found |= accounts
    return found


def _left_to_others(
    hands: Sealing,
    person: int,
    own: Collection[int],
    with_them: Collection[int],
    now: int,
    permission: str,
    *,
    queues: Collection[str] = (),
    actions: Collection[str] = (),
) -> bool:
    """Whether `person` is one of those whose account it is, or was added by one, and there is
    somebody else. Who was added leaves it to whoever was added before, never the other way round.
    """
    if not own:
        return False
    records = _records(hands.store)
    ranks = _ranks(records, own, now)
    mine = _rank(hands, person, ranks)
    if mine is None:
        return False
    later = [one for one, rank in ranks.items() if rank == 0 or rank > mine > 0]
    gone = _put_out(records, {person, *ranks}, now)
    return judged.others(
        hands,
        person,
        now,
        (*with_them, *later),
        permission=permission,
        queues=queues,
        actions=actions,
        gone=gone,
    )


def _rank(hands: Sealing, person: int, ranks: Mapping[int, int]) -> int | None:
    found = [rank for one, rank in ranks.items() if judged.same_person(hands, one, person)]
    return min(found, default=None)


def _ranks(records: Records, own: Collection[int], now: int) -> dict[int, int]:
    """Those whose account it is (0), and whom they, or one of these, added lately, in order. Who
    was there before and was only added again is not of theirs.
    """
    found = dict.fromkeys(own, 0)
    known: set[int] = set()
    for recv, told in records:
        who = told["who"]
        if told["what"] == "added" and who not in known:
            known.add(who)
            if recv > now - COUNTS and told["by"] in found:
                found.setdefault(who, len(found))
    return found


def _put_out(records: Records, by: Collection[int], now: int) -> list[tuple[int, Member]]:
    """Whom some of the staff suspended, narrowed or removed lately, as they were before."""
    found: list[tuple[int, Member]] = []
    members: Members = {}
    for recv, told in records:
        before = members.get(told["who"])
        lately = recv > now - COUNTS and told["by"] in by
        if lately and before is not None and told["what"] in ("suspended", "roles", "removed"):
            found.append((told["who"], before))
        members = roles.changed(members, told)
    return found


def another(hands: Sealing, person: int, decision: str, where: str) -> BadUse:
    """The error for who would take back, or let stand, a decision about their own account."""
    name = people.name_of(hands.keys, person)
    return BadUse("U453", where, decision=decision, name=name)
