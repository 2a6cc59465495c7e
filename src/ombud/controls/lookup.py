"""Somebody looks up a member, a post, a room or a server, or makes the file of an incident: whom or
what, and why, stands in the journal.

Whoever has a case before them has their reason in it; whoever has none gives one. The reason is
sealed under a key that dies with whom it is about, and so does what the token in the journal stands
for. Nothing that is judged later rests on a look-up; it is a control all the same, since what staff
may see is as much to be answered for as what they do. This module must never let somebody see
without leaving a record, and never put a name into the journal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from ombud import ids, journal
from ombud.clock import HOUR
from ombud.controls import incident, staff
from ombud.controls.incident import Scope
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control, Record
from ombud.review.gathering import concerned
from ombud.staff.people import STAFF

catalogue(
    U270=(
        "Nothing that is known here is called {what}.",
        "Give a link of a post, or the id of a member, room or server as the platform has it.",
    ),
    U271=(
        "A look-up outside a case of yours needs a reason of {least} to {most} characters.",
        "Say in a sentence why you have to look. Auditors read it.",
    ),
)

KINDS = ("member", "post", "room", "server", incident.KIND)
REASON_MIN, REASON_MAX = 10, 500
LASTS = 1 * HOUR  # how long somebody sees what they looked up before they have to say why again
NAME_LENGTH_MAX = 255  # of a platform or an id


class Reason(msgspec.Struct, frozen=True):
    """What is sealed of a look-up: the words, and what was asked for, of a room, server or
    incident.
    """

    text: str
    platform: str = ""
    name: str = ""
    scope: Scope | None = None


class _About(NamedTuple):
    """What is looked up: the token of a member, the record of a post."""

    token: int | None
    record: int | None


def asked(look: str, kind: str, by: str, **about: Any) -> Control:
    """The control of a look-up under the id `look`. `about` has `platform` and `name`, or the
    `record` of a post, or `cases`, `since` and `until` of an incident, and a `reason`, which may be
    empty where there is a case.
    """
    return Control("lookup", {}, {"look": look, "kind": kind, "by": by, **about})


def look_up(hands: Hands, tx: Group, control: Control) -> Effect:
    """Keep who looks up whom, and why. Raises BadUse U201, U270 or U271, and of an incident as
    `controls.incident`; then nobody may see anything.
    """
    told = control.sealed
    person = staff.require(hands.community, hands.keys, told["by"], "members")
    about = _about(hands, told)
    reason = worded(str(told.get("reason") or ""))
    wanted = incident.scope(told, tx.recv) if told["kind"] == incident.KIND else None
    if wanted is None:
        case = None if reason else _case(hands, person, about, tx.recv)
    else:
        theirs = incident.own(hands, told["by"], person, wanted, tx.recv)
        case = None if reason else theirs
    if case is None and not REASON_MIN <= len(reason) <= REASON_MAX:
        raise BadUse("U271", "reason", least=REASON_MIN, most=REASON_MAX)
    known = wanted is not None or about.token is not None or about.record is not None
    place = ("", "") if known else _named(told)
    sealed = hands.keys.seal_decision(
        told["look"], tx.seq, msgspec.json.encode(Reason(reason, *place, wanted))
    )
    row = (told["look"], tx.seq, tx.recv, person, told["kind"], *about, case, sealed)
    tx.later.append(lambda: hands.store.run("add_lookup", row))
    payload = {
        "look": told["look"],
        "by": person,
        "kind": told["kind"],
        "about": about.token,
        "record": about.record,
        "case": case,
    }
    return Effect(payload, touched=1)


def worded(reason: str) -> str:
    """A reason as it is kept: composed, without edges."""
    return unicodedata.normalize("NFC", ids.encodable(reason)).strip()


def _named(told: Mapping[str, Any]) -> tuple[str, str]:
    """The platform and name that were asked for. Raises BadUse U270."""
    platform, name = (str(told.get(each) or "") for each in ("platform", "name"))
    if not 0 < len(name) <= NAME_LENGTH_MAX or len(platform) > NAME_LENGTH_MAX:
        raise BadUse("U270", "name", what=repr(name)[:102])
    return platform, name


def _about(hands: Hands, told: Mapping[str, Any]) -> _About:
    """Whom a look-up is about. Raises BadUse U270."""
    kind = told["kind"]
    if kind == "post":
        record = int(told["record"])
        row = hands.store.one("records", {"after": record - 1, "until": record})
        found = None if row is None else Record(*row)
        if found is None or found.control is not None:
            raise BadUse("U270", "record", what=f"record {record}")
        seen = journal.reread(hands.keys, found)
        return _About(found.author if seen is None else concerned(seen), record)
    if kind == incident.KIND:
        return _About(None, None)
    platform, name = _named(told)
    if kind == "member":
        token = None if platform == STAFF else hands.keys.known_account(platform, name)
        if token is None:
            raise BadUse("U270", "name", what=repr(f"{platform}/{name}")[:102])
        return _About(token, None)
    if kind not in KINDS:
        raise BadUse("U270", "kind", what=repr(kind)[:102])
    return _About(None, None)


def _case(hands: Hands, person: int, about: _About, now: int) -> str | None:
    """The open case that somebody has, or is to look at, and that is about this."""
    wanted = {**about._asdict(), "person": person, "now": now}
    row = hands.store.one("case_that_asks", wanted)
    return None if row is None else str(row[0])
