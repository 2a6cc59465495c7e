"""What an authority, a court, a lawyer or anybody demanded is entered, confirmed and answered.

A demand that asks for something to be done opens cases like any other: people judge what it names
by the community's own clauses. Whatever they decide then says for ever that a demand began it. Who
demanded it may have to be kept from the people concerned for a time; they are told when that time
is over, and the line of the public log is the same either way. This module must never act on what
a demand is about, and never let it be forgotten.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import msgspec

from ombud import clock, ids
from ombud.controls import staff
from ombud.decisions import DEMAND
from ombud.effects import Effect, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.review import opening
from ombud.store.sqlite import Row, Store
from ombud.transaction import Transaction

catalogue(
    U420=("There is no demand {demand}.", "`ombud demands list` shows them."),
    U421=("This is no demand that can be entered: {why}.", "{hint}"),
    U422=("This cannot be done about the demand {demand}: {why}.", "{hint}"),
    U450=(
        "The demand {demand} cannot be kept secret any more: whom it is about can read of it.",
        "What people were told cannot be taken back. Note in the answer what the law demands.",
    ),
)

CONTROL = "demand"
KINDS = ("court", "police", "authority", "lawyer", "person")
PRIVATE = "person"  # the kind of whoever is never named in public
ASKS = ("act", "data")
OUTCOMES = ("done", "in part", "refused", "nothing found", "withdrawn")
STEPS = ("confirmed", "answered", "kept secret", "told")
ITEMS_MAX = 100
LENGTHS = {"who": 200, "basis": 500, "words": 4000, "reference": 100, "named": 2000, "why": 1000}
SECRET_MAX = 365 * clock.DAY  # at a time; it can be said again, with a reason
_COUNTRY = re.compile(r"(?:[A-Z]{2})?")  # ISO 3166-1 alpha-2, or not told


class Item(msgspec.Struct, frozen=True):
    """One thing a demand is about: as it was named, and as it was found here, if it was.

    `record` of a post; `subject` the digest of a post, account or room; `author` a token.
    """

    named: str
    record: int | None = None
    subject: bytes | None = None
    author: int | None = None


class Demanded(msgspec.Struct, frozen=True, kw_only=True):
    """What is entered. Times are microseconds since 1970; `secret_until` None: nothing is kept from
    anybody. An empty `basis` says that none was named.
    """

    who: str
    kind: str
    words: str
    received: int
    asks: str = "act"
    basis: str = ""
    binding: bool = False
    country: str = ""
    reference: str = ""
    clause: str | None = None
    deadline: int | None = None
    secret_until: int | None = None
    secret_why: str = ""
    items: tuple[Item, ...] = ()


class Sealed(msgspec.Struct, frozen=True):
    """What is sealed of a demand for as long as its register stands: what is published of it, once
    it may be. Of a private person nothing is.
    """

    who: str
    basis: str


class Unpublished(msgspec.Struct, frozen=True):
    """What is sealed under a key of its own and ends (`expiry`); `who` of a private person."""

    who: str
    words: str
    reference: str


def words_of(demand: str) -> str:
    """The name under which the words of a demand are sealed."""
    return f"{demand}.words"


def entered(demand: str, told: Demanded, by: str) -> Control:
    """The control that enters a demand under the id `demand`."""
    return Control(CONTROL, {"do": "received", "demand": demand}, {"told": told, "by": by})


def step(
    demand: str, do: str, by: str, *, why: str = "", outcome: str | None = None, at: int = 0
) -> Control:
    """The control of what is done about one: its sender is told that it came ("confirmed") or what
    came of it ("answered", with an outcome), or it is "kept secret" until `at`.
    """
    sealed = {"by": by, "why": worded(why), "outcome": outcome, "at": at}
    return Control(CONTROL, {"do": do, "demand": demand}, sealed)


def owed(store: Store, now: int) -> Control | None:
    """The control by which people are told of a demand that had to be kept from them until now."""
    row = store.one("demand_to_tell", {"now": now})
    return None if row is None else Control(CONTROL, {"do": "told", "demand": row[0]})


def worded(text: str) -> str:
    """A text as it is kept: composed, without edges."""
    return unicodedata.normalize("NFC", ids.encodable(text)).strip()


def demand(hands: Hands, tx: Transaction, control: Control) -> Effect:
    """Enter a demand, or what is done about one. Raises BadUse U200, U201, U272, U420 to U422, and
    U450.
    """
    do, name = str(control.payload["do"]), str(control.payload["demand"])
    if do == "received":
        return _received(hands, tx, name, control.sealed)
    row = hands.store.one("demand", (ids.encodable(name),))
    if row is None:
        raise BadUse("U420", "demand", demand=name[:40])
    if do == "told":
        return _told(hands, tx, row)
    return _step(hands, tx, row, do, control.sealed)


# --- one comes in ---------------------------------------------------------------------------------


def _received(hands: Hands, tx: Transaction, name: str, sealed: Mapping[str, Any]) -> Effect:
    told: Demanded = sealed["told"]
    person = staff.require(hands.community, hands.keys, sealed["by"], "demands")
    _check(told, tx.recv)
    cases = [_case(hands, tx, told, each) for each in told.items]
    if cases and told.clause is not None and told.asks == "act" and not any(cases):
        cases[0] = tx.opens(told.clause, None, opening.QUEUE, DEMAND)  # people look all the same
    who, words = worded(told.who), (worded(told.words), worded(told.reference))
    private = told.kind == PRIVATE
    kept = Sealed("" if private else who, worded(told.basis))
    ends = Unpublished(who if private else "", *words)
    plain = hands.keys.seal_decision(name, tx.seq, msgspec.json.encode(kept))
    ending = hands.keys.seal_decision(words_of(name), tx.seq, msgspec.json.encode(ends))
    row = (
        *(name, tx.seq, tx.recv, told.received, told.kind, told.country, int(told.binding)),
        *(told.asks, told.clause, told.deadline, person, plain, told.secret_until, ending),
    )
    items = [
        _item(hands, tx, name, place, *pair)
        for place, pair in enumerate(zip(told.items, cases, strict=True))
    ]
    secrecy: list[Row] = []
    if told.secret_until is not None:
        secrecy = [_kept(hands, tx, name, "kept secret", person, told.secret_why)]

    def write() -> None:
        hands.store.run("add_demand", row)
        hands.store.many("add_demand_item", items)
        hands.store.many("add_demand_step", secrecy)

    tx.later.append(write)
    payload = {
        "do": "received",
        "demand": name,
        "by": person,
        "received": told.received,
        "kind": told.kind,
        "asks": told.asks,
        "binding": told.binding,
        "clause": told.clause,
        "records": [each.record for each in told.items],
        "cases": cases,
    }
    return _line(payload, "received")


def _check(told: Demanded, now: int) -> None:
    """Raise BadUse U421 for what cannot be entered."""
    texts = {"who": told.who, "basis": told.basis, "words": told.words, "why": told.secret_why}
    texts["reference"] = told.reference
    long = [name for name, text in texts.items() if len(text) > LENGTHS[name]]
    why, hint = "", ""
    if told.kind not in KINDS or told.asks not in ASKS:
        why, hint = "nobody of that kind asks for that", f"Kinds are {', '.join(KINDS)}."
    elif not worded(told.who) or not worded(told.words):
        why, hint = "who demands what is not told", "Name both; a register without them is none."
    elif long:
        why, hint = f"{long[0]} is too long", f"Say it in {LENGTHS[long[0]]} characters."
    elif not _COUNTRY.fullmatch(told.country):
        why, hint = "there is no such country", "Give its two letters: DE, FR, VN."
    elif not 0 < told.received <= now:
        why, hint = "it has not been received yet", "Say when it came."
    elif len(told.items) > ITEMS_MAX or any(
        not 0 < len(each.named) <= LENGTHS["named"] for each in told.items
    ):
        why, hint = f"it names more than {ITEMS_MAX} things", "Enter it in parts."
    elif told.secret_until is not None:
        _check_secret(told.secret_until, told.secret_why, now)
    if why:
        raise BadUse("U421", "demand", why=why, hint=hint)


def _check_secret(until: int, why: str, now: int) -> None:
    if not now < until <= now + SECRET_MAX or not worded(why):
        days = SECRET_MAX // clock.DAY
        raise BadUse(
            "U421",
            "secret",
            why="it is kept from people without a reason or an end",
            hint=f"Say by which law, and until when, {days} days ahead at most.",
        )


def _case(hands: Hands, tx: Transaction, told: Demanded, item: Item) -> str | None:
    """The case about what is named, if it asks for something that a clause of ours is about."""
    if told.clause is None or told.asks != "act" or item.record is None:
        return None
    return opening.about(hands, tx, item.record, told.clause, DEMAND, tx.recv)


def _item(
    hands: Hands, tx: Transaction, demand: str, place: int, item: Item, case: str | None
) -> Row:
    name = ids.new_id("dmi")
    sealed = hands.keys.seal_decision(name, tx.seq, worded(item.named).encode())
    return (name, demand, place, item.record, item.subject, item.author, case, sealed)


# --- what is done about it ------------------------------------------------------------------------


def _step(hands: Hands, tx: Transaction, row: Row, do: str, sealed: Mapping[str, Any]) -> Effect:
    name, person = str(row[0]), staff.require(hands.community, hands.keys, sealed["by"], "demands")
    why, outcome, at = str(sealed["why"]), sealed["outcome"], int(sealed["at"])
    _possible(row, do, why, outcome)
    if do == "kept secret":
        _check_secret(at, why, tx.recv)
        if told_of(hands.store, name, row[15], tx.recv):
            raise BadUse("U450", "demand", demand=name)
    step_row = _kept(hands, tx, name, do, person, why)
    now = tx.recv

    def write() -> None:
        hands.store.run("add_demand_step", step_row)
        if do == "confirmed":
            hands.store.run("demand_confirmed", {"id": name, "at": now})
        elif do == "answered":
            hands.store.run("demand_answered", {"id": name, "at": now, "outcome": outcome})
        else:
            hands.store.run("demand_secret", {"id": name, "until": at})

    tx.later.append(write)
    payload = {"do": do, "demand": name, "by": person, "outcome": outcome}
    return _line(payload, "answered" if do == "answered" else "noted")


def told_of(store: Store, demand: str, secret: int | None, now: int) -> bool:
    """Whether somebody concerned can read of a demand: it began a decision, and is not kept from
    them at present (`secret`: until when it is, or was). What was told once is not taken back.
    """
    kept = secret is not None and secret > now
    return not kept and store.one("demand_decisions", (demand,)) is not None


def _possible(row: Row, do: str, why: str, outcome: object) -> None:
    """Raise BadUse U422 for what cannot be done about a demand."""
    said, hint = "", ""
    if do not in STEPS:
        said, hint = "nothing is called so", f"Say {', '.join(STEPS[:3])}."
    elif (do == "confirmed" and row[12] is not None) or (do == "answered" and row[13] is not None):
        said, hint = f"it is {do} already", "`ombud demands show` tells when."
    elif do == "answered" and outcome not in OUTCOMES:
        said, hint = "what came of it is not told", f"Say one of: {', '.join(OUTCOMES)}."
    elif do == "answered" and not why:
        said, hint = "what it was answered is not told", "Say it in a sentence or two."
    elif do == "kept secret" and row[16] is not None:
        said, hint = "the people concerned have been told", "That cannot be taken back."
    elif len(why) > LENGTHS["why"]:
        said, hint = "the text is too long", f"Say it in {LENGTHS['why']} characters."
    if said:
        raise BadUse("U422", "demand", demand=row[0], why=said, hint=hint)


def _told(hands: Hands, tx: Transaction, row: Row) -> Effect:
    """Tell everybody about whom something was decided what it began with."""
    name = str(row[0])
    found = [each[0] for each in hands.store.all("demand_decisions", (name,))]
    decided = [hands.store.one("decision", (each,)) for each in found]
    step_row = (ids.new_id("dms"), name, tx.seq, tx.recv, None, "told", None)

    def write() -> None:
        hands.store.run("add_demand_step", step_row)
        hands.store.run("demand_told_at", {"id": name, "at": tx.recv})

    tx.later.append(write)
    tells = [(each, DEMAND) for each in decided if each is not None]
    payload = {"do": "told", "demand": name, "decisions": found}
    return _line(payload, "noted", tuple(tells))


def _kept(hands: Hands, tx: Transaction, demand: str, do: str, person: int, why: str) -> Row:
    name = ids.new_id("dms")
    sealed = hands.keys.seal_decision(name, tx.seq, worded(why).encode()) if why else None
    return (name, demand, tx.seq, tx.recv, person, do, sealed)


def _line(
    payload: Mapping[str, Any], action: str, tells: tuple[tuple[Row, str], ...] = ()
) -> Effect:
    """One line of the log, the same whether anything has to be kept from anybody or not."""
    return Effect(payload, "demand", {"action": action}, touched=1, tells=tells)
