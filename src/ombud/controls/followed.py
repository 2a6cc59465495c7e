"""A list follows what somebody else publishes: entries come and are taken back as they say.

What they say is advice: it restricts nobody but where a published rule of this community asks the
list, and a rule can rest on it alone for no more than a hold. An entry that stands for many, that
names the staff, Ombud or the homeserver, or that came with very many others, waits for a person's
yes; one that would have matched lately is on watch for its time, and only one that met nobody here
counts at once. What was said here of an entry stands, whatever is published later. This module must
never let an entry through that the operator's own list could not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from ombud import summons
from ombud.activation import compiling
from ombud.controls import reopening, watching
from ombud.controls.breadth import Breadth
from ombud.controls.listed import apply
from ombud.effects import Change, Effect, Hands
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.signals.lists import TermList, reading
from ombud.signals.lists.changes import Batch
from ombud.signals.lists.globs import PUBLISHED, wild
from ombud.signals.lists.terms import NEVER
from ombud.store.sqlite import Row
from ombud.transaction import Transaction
from ombud.verdicts.community import Community

catalogue(
    U445=(
        "The list {name} cannot follow a room: it has a file or entries of your own.",
        "Give what is followed another name in ombud.toml.",
    ),
    U446=(
        "The entries of the list {name} are whose who publishes them.",
        "Say `ombud lists quarantine` where one shall not count here, or keep a list of your own.",
    ),
)

OWN, PATTERN, MANY = "own", "pattern", "many"  # why a person has to say yes
EACH_MAX = 100  # such entries that are confirmed one by one; more come together
BY = "list"


class Published(NamedTuple):
    """One entry, and where it stands: the columns of `policy_rule` behind the list's name."""

    entry: str
    room: str
    event: str
    kind: str
    recommendation: str
    writer: str
    reason: str
    written: int


class New(NamedTuple):
    """Entries that begin alike: why a person has to say yes, if so, or how much of the latest posts
    they match; where they match nothing they count at once.
    """

    terms: tuple[tuple[str, Published], ...]  # as they are written, and where
    why: str = ""
    breadth: Breadth = Breadth(0, 0)


def text_of(name: str, terms: Sequence[tuple[str, str]]) -> tuple[bytes, TermList]:
    """Entries with their sources as a list file writes them."""
    content = "\n".join(reading.line_text(*each) for each in terms).encode()
    return content, reading.parse(name, content, reading.GLOBS)[0]


def source(room: str, event: str) -> str:
    """Where an entry comes from; who wrote it and why is told beside the journal."""
    return f"{PUBLISHED}{event} in {room}"


def follow(name: str, room: str, new: New, platform: str = "") -> Control:
    """The control by which a list begins to follow a room, or has more of what stands there; on
    which platform that is matters to who is called.
    """
    lines = [(term, source(room, one.event)) for term, one in new.terms]
    content, listed = text_of(name, lines)
    payload = _payload("follow", name, room, content)
    sealed = {"about": (content, listed), "new": new, "platform": platform}
    return Control("list", {**payload, "imported": True}, sealed)


def retract(name: str, room: str, entries: Sequence[str]) -> Control:
    """The control by which entries go that are published no more; without a room it ends there."""
    content, listed = text_of(name, [(each, "") for each in entries])
    return Control("list", _payload("retract", name, room, content), {"about": (content, listed)})


def _payload(do: str, name: str, room: str, content: bytes) -> dict[str, Any]:
    digest = compiling.content_digest(content)
    told = {"do": do, "list": name, "room": room, "content": digest, "form": reading.GLOBS}
    return {**told, "imported": False, "by": BY}


def require_own(community: Community, name: str) -> None:
    """Refuse to change a list by hand that follows a room. Raises BadUse U446."""
    changes = community.lists.get(name)
    if changes is not None and changes.room:
        raise BadUse("U446", "list", name=name)


def require_room(community: Community, name: str) -> None:
    """Refuse to let a list follow a room that somebody here keeps. Raises BadUse U445."""
    files = community.active.payload.get("sources", {}).get("lists", {})
    changes = community.lists.get(name)
    kept = changes is not None and not changes.room and any(changes.entries())
    if kept or f"{name.replace(' ', '-')}.txt" in files:
        raise BadUse("U445", "list", name=name)


def change(hands: Hands, tx: Transaction, control: Control) -> Effect:
    """Let entries come or go."""
    payload, (content, listed) = control.payload, control.sealed["about"]
    name, new = payload["list"], control.sealed.get("new")
    if new is not None:
        if new.why:
            summons.of_list(hands, tx, name, control.sealed.get("platform", ""))
        if new.why or new.breadth.matched:
            payload = {**payload, "watch": msgspec.to_builtins(_begun(new, tx.recv))}
    else:
        matched = {row[0] for row in hands.store.all("list_records", (name,))}
        reopening.retracted(hands, tx, name, sorted(listed.keys & matched))
    apply(hands.community, tx.seq, payload, listed)

    def write() -> None:
        hands.store.run("add_content", (payload["content"], content))
        for one in (each for _, each in new.terms) if new is not None else ():
            hands.store.run("put_policy_rule", (name, *one))
        for entry in listed.keys if new is None else ():
            hands.store.run("end_policy_rule", {"list": name, "entry": entry, "now": tx.recv})
            hands.store.run("drop_policy_rule", {"list": name, "entry": entry})

    tx.later.append(write)
    fields = {"version": hands.community.active.digest, "outcome": None}
    return Effect(payload, "config", fields, touched=len(listed.terms))


def _begun(new: New, at: int) -> Batch:
    """How entries begin that do not count at once."""
    begun = watching.begun(0, at, len(new.terms), new.breadth)
    return msgspec.structs.replace(begun, until=NEVER, why=new.why) if new.why else begun


def sorted_out(
    found: Sequence[tuple[str, Published]], own: set[str], met: dict[str, int], looked: int
) -> list[New]:
    """New entries by how they begin. `own` and `met` are keys: of those who must not be met by
    themselves, and of those that match how many of the `looked` latest posts.
    """
    ours = [each for each in found if each[1].entry in own]
    wide = [each for each in found if each[1].entry not in own and wild(each[0])]
    rest = [each for each in found if each[1].entry not in own and not wild(each[0])]
    made = [*_apart(ours, OWN), *_apart(wide, PATTERN)]
    if len(rest) > watching.MANY:
        return [*made, New(tuple(rest), MANY)]
    known = [each for each in rest if each[1].entry in met]
    made += [New((each,), breadth=Breadth(looked, met[each[1].entry])) for each in known]
    others = tuple(each for each in rest if each[1].entry not in met)
    return [*made, New(others)] if others else made


def _apart(found: Sequence[tuple[str, Published]], why: str) -> list[New]:
    if len(found) > EACH_MAX:
        return [New(tuple(found), why)]
    return [New((each,), why) for each in found]


def keys_of(rows: Sequence[Row]) -> dict[str, Row]:
    """The published entries that stand, by key, of rows of `policy_rules`."""
    return {row[0]: row for row in rows if row[8] is None}


@dataclass(frozen=True, slots=True)
class Reworded(Change):
    """Entries that stand are published otherwise: by somebody else, for another reason."""

    name: str
    entries: tuple[Published, ...]


def _reworded(hands: Hands, _: Transaction, change: Reworded, now: int) -> bool:  # noqa: ARG001
    for one in change.entries:
        hands.store.run("put_policy_rule", (change.name, *one))
    return True


CARRIED_OUT: Mapping[type[Change], Callable[..., bool]] = {Reworded: _reworded}
