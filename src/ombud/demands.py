"""What people ask of the engine about a demand of an authority, a court, a lawyer or anybody.

What a demand names is looked for here, beside the writer, in short reads; nothing outside is asked.
No answer goes out from here, and no data: who answers a demand does so themselves, and says here
what they answered. This module must never send anything to anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ombud import clock, decisions, finding, ids, journal
from ombud.activation.active import Active
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.controls import demand
from ombud.controls.demand import Demanded, Item
from ombud.decisions import lane
from ombud.errors import BadUse, catalogue
from ombud.staff.people import ADMIN
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    U423=(
        "Nothing was noted: it is some minutes since {name} showed who they are.",
        "Show it again on the page it asks for, then do this once more.",
    ),
)

NOT_FRESH = "U423"  # the code of what needs its person to show again who they are
REQUESTS = ("add demand", "confirm demand", "answer demand", "keep demand secret")
_STEP = {
    "confirm demand": "confirmed",
    "answer demand": "answered",
    "keep demand secret": "kept secret",
}


def perform(running: Engine, do: str, request: Mapping[str, Any]) -> Any:
    """Do what a request asks. Raises BadUse U420 to U422, and as the control does."""
    by = str(request.get("by") or ADMIN)
    if request.get("fresh") is False:
        raise BadUse(NOT_FRESH, "by", name=by)
    if do == "add demand":
        name = ids.new_id("dem")
        running.control(demand.entered(name, _told(running, request), by))
        return {"demand": name}
    name, at = str(request.get("demand") or ""), instant(request.get("until"), "until")
    asked = demand.step(
        name,
        _STEP[do],
        by,
        why=str(request.get("why") or ""),
        outcome=str(request["outcome"]) if request.get("outcome") else None,
        at=at or 0,
    )
    running.control(asked)
    return {"demand": name}


def instant(told: object, where: str) -> int | None:
    """A day or an instant as microseconds since 1970, UTC where no zone is told; None where nothing
    is. Raises BadUse U421.
    """
    if told in (None, ""):
        return None
    try:
        read = datetime.fromisoformat(str(told)[:40])
        micros = clock.from_datetime(read if read.tzinfo else read.replace(tzinfo=UTC))
        clock.rfc3339(micros)  # within the years that are told
        return micros
    except (ValueError, OverflowError):
        hint = "Write a day, 2026-11-27, or an instant, 2026-11-27T10:00:00Z."
        raise BadUse("U421", where, why="a time in it is none", hint=hint) from None


def _told(running: Engine, request: Mapping[str, Any]) -> Demanded:
    """What is entered, with what it names looked up."""
    named = [each for each in request.get("items") or () if str(each).strip()]
    if len(named) > demand.ITEMS_MAX:
        hint = "Enter it in parts."
        raise BadUse(
            "U421", "items", why=f"it names more than {demand.ITEMS_MAX} things", hint=hint
        )
    text = {each: str(request.get(each) or "") for each in ("who", "kind", "words", "basis")}
    return Demanded(
        **text,
        received=instant(request.get("received"), "received") or running.now(),
        asks=str(request.get("asks") or "act"),
        binding=bool(request.get("binding")),
        country=str(request.get("country") or "").upper(),
        reference=str(request.get("reference") or ""),
        clause=str(request["clause"]) if request.get("clause") else None,
        deadline=instant(request.get("deadline"), "deadline"),
        secret_until=instant(request.get("secret_until"), "secret_until"),
        secret_why=str(request.get("secret_why") or ""),
        items=_items(running, [str(each).strip() for each in named]),
    )


def _items(running: Engine, named: Sequence[str]) -> tuple[Item, ...]:
    """What is named, as far as it is known here."""
    active = running.writer.pipeline.community.active
    store = Store(running.folder / STORE_FILE, readonly=True)
    keys = KeyFile(running.folder / KEY_FILE, readonly=True)
    try:
        return tuple(_item(store, keys, active, each) for each in named)
    finally:
        keys.close()
        store.close()


def _item(store: Store, keys: KeyFile, active: Active, named: str) -> Item:
    found = finding.find(store, keys, active, named[: finding.PASTED_LENGTH_MAX])
    if not found:
        return Item(named)
    first = found[0]
    if first.kind == "post" and first.record is not None:
        return _post(store, keys, active, named, first.record)
    if first.kind == "member":
        subject = lane(keys.community, active.connector(first.platform), f"account/{first.name}")
        return Item(named, None, subject, keys.known_account(first.platform, first.name))
    if first.kind == "room":
        return Item(named, None, finding.room(keys, active, first.platform, first.name))
    return Item(named)


def _post(store: Store, keys: KeyFile, active: Active, named: str, record: int) -> Item:
    row = store.one("records", {"after": record - 1, "until": record})
    found = None if row is None else journal.Record(*row)
    seen = None if found is None else journal.reread(keys, found)
    if found is None or seen is None:
        return Item(named)  # what it said is gone: there is nothing to judge
    what = decisions.subject_of(seen.event, seen.kind, "this")
    subject = lane(keys.community, active.connector(seen.platform), what)
    return Item(named, record, subject, found.author)
