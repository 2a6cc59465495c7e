"""New entries of lists begin on watch: what they match is counted, and changes no outcome.

They count once their time has passed, or once somebody else than who brought them in has confirmed
them. Where they are many, or match a large share of what was said lately, no time is enough. Who is
alone confirms them too, having seen what they matched, and the public log says `one person`. This
module must never let anything count that nobody could have looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ombud.activation import compiling
from ombud.activation.active import Active
from ombud.clock import DAY
from ombud.controls.breadth import Breadth, measured
from ombud.effects import Hands
from ombud.errors import BadUse, catalogue
from ombud.signals.lists import TermList, reading
from ombud.signals.lists.changes import Batch, Changes
from ombud.signals.lists.terms import NEVER, key
from ombud.staff import people, roles
from ombud.store.sqlite import Store
from ombud.track import Track
from ombud.verdicts.community import Community

catalogue(
    U320=(
        "The entry is not on watch in the list {name}.",
        "There is nothing to confirm: `ombud lists show` tells how its entries stand.",
    ),
    U321=(
        "Who brought an entry in does not confirm it where others may.",
        "Ask somebody else whose role may change lists, or let its time on watch pass.",
    ),
    U322=(
        "The entry has matched {found} times, and it was to be confirmed for {seen}.",
        "Look at what it matched, then confirm it with that number: `--seen {found}`.",
    ),
    U323=(
        "The entry came with {others} others.",
        "Confirm them together (`--all`), or take out those that are wrong.",
    ),
)

WATCH = 3 * DAY  # how long new entries are on watch
MANY = 100  # entries that come at once: more ask for a second person
SHARE = 30  # permille of the latest posts: entries that match more ask for one too,
MATCHED_MIN = 5  # if they match so many
SEEN_SINCE = 10  # matches that may have come since somebody looked


def begun(by: int, at: int, size: int, breadth: Breadth) -> Batch:
    """How entries begin that somebody brings in at an instant."""
    why = ""
    if size > MANY:
        why = "many"
    elif breadth.matched >= MATCHED_MIN and breadth.matched * 1000 > SHARE * breadth.looked:
        why = "wide"
    return Batch(at, NEVER if why else at + WATCH, by, why, *breadth)


def confirmed(
    hands: Hands,
    payload: Mapping[str, Any],
    listed: TermList,
    sealed: Mapping[str, Any],
    at: int,
) -> dict[str, Any]:
    """What confirming an entry means: its batch, how many entries that lets count, and whether one
    person alone stands behind it. Raises BadUse U320 to U323.
    """
    name, known = payload["list"], key(listed.terms[0])
    changes = hands.community.lists.get(name)
    seq = None if changes is None else changes.batch_of(known, at)
    if changes is None or seq is None:
        raise BadUse("U320", "entry", name=name)
    size = changes.size_of(seq)
    if size > 1 and not sealed.get("whole"):
        raise BadUse("U323", "entry", others=size - 1)
    lone = same(hands, changes.batches[seq].by, payload["by"])
    if lone:
        if others(hands.community, payload["by"]):
            raise BadUse("U321", "by")
        found = matched(hands.store, changes, seq, known)
        seen = sealed.get("seen")
        if seen is None or not seen <= found <= seen + SEEN_SINCE:
            said = "no number" if seen is None else seen
            raise BadUse("U322", "seen", found=found, seen=said)
    return {"batch": seq, "entries": size, "one_person": lone}


def same(hands: Hands, one: int, other: int) -> bool:
    """Whether two may be one person: who gives no name may be anybody."""
    nobody = people.person(hands.keys, people.ADMIN)
    return one == other or nobody in (one, other)


def others(community: Community, by: int) -> bool:
    """Whether anybody else is there who may change lists."""
    return any(
        roles.may(member, "lists") for token, member in community.staff.items() if token != by
    )


def matched(store: Store, changes: Changes, seq: int, known: str) -> int:
    """How often the entries of a batch have matched."""
    if changes.size_of(seq) == 1:
        row = store.one("list_record", (changes.name, known))
        return Track.decoded(row[0] if row else None).matches
    return sum(
        Track.decoded(row[1]).matches
        for row in store.all("list_records", (changes.name,))
        if changes.came_with(seq, row[0])
    )


def edited(
    hands: Hands, active: Active, by: int, at: int
) -> tuple[dict[str, Any], dict[str, TermList]]:
    """The entries that a configuration's files have and those in force have not, by list: how they
    begin, as a control carries it, and the entries. A list that is new counts at once: so do the
    rules that ask it, and no other can.
    """
    told: dict[str, Any] = {}
    lines: dict[str, TermList] = {}
    before = hands.community.active.lists
    for name in sorted(active.lists.keys() & before.keys()):
        new = _new(before[name].written, active.lists[name].written, hands.community, at)
        if new is not None:
            breadth = measured(hands.store, hands.keys, active, name, new)
            lines[name] = new
            told[name] = {
                "content": compiling.content_digest(text_of(new)),
                "form": reading.STARS,
                "watch": msgspec.to_builtins(begun(by, at, len(new.terms), breadth)),
            }
    return told, lines


def text_of(listed: TermList) -> bytes:
    """A list as a file has it."""
    found = (
        reading.line_text(term, listed.sources.get(term, ""), listed.expires.get(term))
        for term in listed.terms
    )
    return "\n".join(found).encode()


def _new(before: TermList, now: TermList, community: Community, at: int) -> TermList | None:
    """The entries of a file that were not in it before; None for none."""
    if now is before:
        return None
    changes = community.lists.get(now.name)
    new = now.keys - before.keys
    if changes is not None:
        new -= changes.spoken
        new = {each for each in new if not changes.here(each, at, counting=True)}
    return now.only(new) if new else None
