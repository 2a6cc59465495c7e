"""What the person concerned answers to a decision, and what is written about it, both ways.

An appeal is sealed, has its line in the public log, and comes before people as a case: those of one
campaign together, outliers apart. One appeal to a decision is open at a time; what its person adds
is a message in it. Who stands behind the decision is noted with the appeal, so that the store can
refuse them to uphold it. None of it changes a verdict or a restriction: `controls/outcome.py` does.
This module must never show a member of staff to the person, but for their role.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from ombud import clock, decisions, desk, ids, journal, notices, redacted, replies
from ombud.clock import DAY
from ombud.controls import appealed, entitled
from ombud.controls.appealed import OPEN
from ombud.controls.review import ROLES
from ombud.effects import Change, Hands
from ombud.errors import BadUse, catalogue
from ombud.i18n import SPOKEN
from ombud.ledger import leaf
from ombud.review import case as cases
from ombud.review import order
from ombud.review.gathering import About
from ombud.review.order import Waiting
from ombud.store.sqlite import Row, Store
from ombud.transaction import Transaction
from ombud.verdicts import apart
from ombud.verdicts.past import established

catalogue(
    U022=("No page stands under this link.", "Check that the whole link was copied."),
    U023=("This page tells of no such decision.", "Reload the page and try again."),
    U024=("This decision can be appealed no more: {why}.", "The page says until when it could be."),
    U025=(
        "This decision was appealed already, and everything allowed was written: {limit}.",
        "What was written is read; the answer will stand on the page.",
    ),
    U026=(
        "An appeal has 1 to {limit} characters; this one has {found}.",
        "Say shortly what you think is wrong.",
    ),
)

APPEAL_LENGTH_MAX = 4000
APPEALS_MAX = 3  # to one decision, one after the other
MESSAGES_MAX = 10  # what a person may write in one appeal, its first words included
DUE = 7 * DAY  # when an appeal should be answered
PERSON = "person"  # whose messages are not staff's


@dataclass(frozen=True, slots=True)
class AppealMade(Change):
    """What the person under a link answers to a decision on its page, or adds to that."""

    token: str
    decision: str
    text: str


@dataclass(frozen=True, slots=True)
class Answered(Change):
    """What a member of staff writes to the person, without deciding yet."""

    appeal: str
    by: str
    role: str
    said: Mapping[str, str]  # by language


def room(store: Store, decision: str) -> bool:
    """Whether the person may write: to the open appeal, or a new one."""
    made = store.all("appeals_of_decision", (decision,))
    waiting = next((row[0] for row in made if row[2] == OPEN), None)
    if waiting is None:
        return len(made) < APPEALS_MAX
    return _written(store, waiting) < MESSAGES_MAX


def _written(store: Store, appeal: str) -> int:
    """How much the person wrote in an appeal."""
    row = store.one("written_by_person", (appeal,))
    return 1 + (int(row[0]) if row else 0)


def composed(text: str) -> str:
    """A text as it is kept. Raises BadUse U026."""
    kept = unicodedata.normalize("NFC", ids.encodable(text)).strip()
    if not 1 <= len(kept) <= APPEAL_LENGTH_MAX:
        raise BadUse("U026", "text", limit=APPEAL_LENGTH_MAX, found=len(kept))
    return kept


def worded(said: str | Mapping[str, str]) -> dict[str, str]:
    """What staff writes, by language; the languages in which nothing is written are left out. A
    bare text is in whatever language it is in. Raises BadUse U026, or U332 for a blank left in it.
    """
    told = {appealed.UNSAID: said} if isinstance(said, str) else said
    known = (*SPOKEN, appealed.UNSAID)
    replies.whole(told)
    return {lang: composed(told[lang]) for lang in known if str(told.get(lang) or "").strip()}


# --- by the person --------------------------------------------------------------------------------


def _appeal(hands: Hands, tx: Transaction, change: AppealMade, now: int) -> bool:
    """Keep an appeal, sealed. Raises BadUse U022 to U026 where it cannot be made."""
    text = composed(change.text)
    digest = notices.token_digest(hands.keys.community, change.token)
    page = hands.store.one("statement_by_token", (digest,))
    if page is None:
        raise BadUse("U022", "link")
    asked = {"statement": page[0], "decision": ids.encodable(change.decision)}
    told = hands.store.one("told_on_statement", asked) is not None
    row = hands.store.one("decision", (change.decision,)) if told else None
    if row is None:
        raise BadUse("U023", "decision")
    _possible(hands, row, now)
    made = hands.store.all("appeals_of_decision", (row[0],))
    waiting = next((each[0] for each in made if each[2] == OPEN), None)
    if waiting is not None:
        write(hands, tx, waiting, {appealed.UNSAID: text}, now)
        return True
    id_ = ids.new_id("app")
    salt = secrets.token_bytes(leaf.SALT_BYTES)
    content = msgspec.json.encode({"decision": change.decision, "text": text}, order="sorted")
    sealed = hands.keys.seal_decision(id_, tx.seq, salt + content)
    case = _case(hands, tx, row, now)
    kept = (id_, change.decision, page[0], now, OPEN, sealed, tx.leaves, now + DUE, case)
    hands.store.run("add_appeal", kept)
    active = hands.community.active
    for person in appealed.behind(hands.store, hands.keys, active, row):
        hands.store.run("add_behind", (id_, person))
    tx.leaf("appeal", leaf.commitment(salt, content), clause=row[6])
    return True


def _possible(hands: Hands, row: Row, now: int) -> None:
    """Raise BadUse U024 or U025 where a decision can be appealed no more."""
    plain = redacted.opened(hands.store, hands.keys, row[0], row[14])
    if plain is None:
        raise BadUse("U024", "decision", why="it was erased")
    if row[13] is not None:
        raise BadUse("U024", "decision", why="it was undone")
    if clock.rfc3339(now) > decisions.opened(plain).appeal_until:
        raise BadUse("U024", "decision", why="its time is over")
    if not room(hands.store, row[0]):
        limit = f"{APPEALS_MAX} appeals, {MESSAGES_MAX} messages in each"
        raise BadUse("U025", "decision", limit=limit)


def write(
    hands: Hands,
    tx: Transaction,
    appeal: str,
    said: Mapping[str, str],
    now: int,
    role: str = PERSON,
    staff: int | None = None,
) -> None:
    """Keep one more message in an appeal, by language, sealed under a key of its own."""
    message = ids.new_id("msg")
    sealed = hands.keys.seal_decision(message, tx.seq, appealed.sealable(said))
    hands.store.run("add_appeal_message", (message, appeal, now, role, staff, sealed))


# --- before people --------------------------------------------------------------------------------


def _case(hands: Hands, tx: Transaction, row: Row, now: int) -> str:
    """The case of an appeal: that of its campaign, where one is open, or a new one."""
    key = (row[3], row[6], cases.APPEALS, row[1])
    known = tx.joined.get(key)
    if known is None:
        found = hands.store.one("case_of_campaign", (row[1], row[6]))
        known = None if found is None else str(found[0])
    if known is None:
        place = order.place(Waiting(now, order.APPEAL))
        known = tx.opens(
            row[6],
            row[7],
            cases.APPEALS,
            cases.APPEAL,
            decision=row[0],
            at=now,
            stands=(row[3], hands.community.active.harm(row[6]), 0, 0, place, row[4]),
            campaign=row[1],
        )
        tx.joined[key] = known
    tx.concern(known, About(row[16], row[4], row[5], row[0], _apart(hands, row, now)))
    return known


def _apart(hands: Hands, row: Row, now: int) -> str | None:
    """Why an appeal of a campaign has to be looked at by itself, if so."""
    found = hands.store.one("records", {"after": row[16] - 1, "until": row[16]})
    seen = None if found is None else journal.reread(hands.keys, journal.Record(*found))
    known = hands.community.history(row[3], row[5]) if row[5] else None
    settled = established(known, now)
    if seen is None:
        return "established" if settled else None
    return apart.apart(seen, settled=settled)


# --- by staff -------------------------------------------------------------------------------------


def _answered(hands: Hands, tx: Transaction, change: Answered, now: int) -> bool:
    """Keep what staff writes, and tell the person that there is something to read."""
    said = worded(change.said)
    if not said:
        raise BadUse("U026", "text", limit=APPEAL_LENGTH_MAX, found=0)
    person = entitled.require(hands, change.by, "appeals")
    role = entitled.role(hands, person, "appeals", change.role)
    if role not in ROLES:
        hint = f"Roles are: {', '.join(ROLES)}."
        raise BadUse("U243", "role", why=f"{role[:60]!r} is no role", hint=hint)
    row = appealed.find_open(hands.store, change.appeal)
    decision = hands.store.one("decision", (row[1],))
    assert decision is not None  # it was appealed  # noqa: S101
    staff = desk.at_work(hands, change.by, now)
    write(hands, tx, row[0], said, now, role, staff)
    hands.tell(tx, decision, "answer", now)
    return True


CARRIED_OUT: Mapping[type[Change], Callable[..., bool | str]] = {
    AppealMade: _appeal,
    Answered: _answered,
}
