"""Nobody judges what their own account said, nor what was decided about it, as long as somebody
else may: neither way, in a case, by an undoing or in an appeal.

Which account is whose is known where somebody has bound one to be heard by in a moderators' room.
One that was let go of still counts for as long as a decision can be appealed: else whoever unbinds
it, judges and binds it again would go round all of this. That is worked out from the journal, so it
needs nothing of its own, outlasts a removal from the staff and ends by itself; an account that is
erased is a number there like every other. This module must never keep the last one who may from
judging: nobody could ever let go what a rule held of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ombud import journal
from ombud.controls import judged
from ombud.decisions import APPEAL_OPEN
from ombud.errors import BadUse, catalogue
from ombud.review.case import Case, Sealing, Subject
from ombud.staff import people
from ombud.store.sqlite import Store

catalogue(
    U449=(
        "The case {case} is about an account by which {name} is heard, or was within six months.",
        "Leave it to somebody else: there are others who may judge it.",
    ),
    U453=(
        "{decision} is about an account by which {name} is heard, or was within six months.",
        "Leave it to somebody else: there are others who may undo it, or decide its appeal.",
    ),
)

COUNTS = APPEAL_OPEN  # how long an account counts after it was let go of


def heard(store: Store, now: int) -> Mapping[int, frozenset[int]]:
    """The accounts by which each of the staff is heard, or was as lately as counts; tokens."""
    bound: dict[int, int] = {}
    found: dict[int, set[int]] = {}
    for _, recv, content in store.all("controls", ("!staff",)):
        told = journal.read_json(content)
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
    accounts = heard(store, now).items()
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
    for who in judges:
        if who is None or who not in own:
            continue
        with_them = [each for each in judges if each not in (None, who)]
        if judged.others(hands, who, now, (*with_them, *own), permission="cases", queue=case.queue):
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
    return person in own and judged.others(
        hands, person, now, own, permission=permission, queues=queues, actions=actions
    )


def another(hands: Sealing, person: int, decision: str, where: str) -> BadUse:
    """The error for who would take back, or let stand, a decision about their own account."""
    name = people.name_of(hands.keys, person)
    return BadUse("U453", where, decision=decision, name=name)
