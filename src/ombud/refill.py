"""Windows made anew from what the journal keeps: fillings of activations, and the rows since.

The engine comes back so at every start and after an erasure, replay after an erasure; all three
then hold the same. This module must never judge, and never write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ombud import journal
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community
from ombud.windows import STALE

Activations = Sequence[tuple[int, Mapping[str, Any]]]  # (seq, payload)


@dataclass(frozen=True, slots=True)
class Base:
    """Where a window's present life began: the activation that filled it, and how far back that
    reached.
    """

    seq: int
    width: int
    horizons: Mapping[str, int]


def activations(store: Store, until: int) -> Activations:
    """The activations up to record `until`, in order."""
    rows = store.all("controls", ("!config",))
    return [(row[0], journal.read_json(row[2])) for row in rows if row[0] <= until]


class Entry(NamedTuple):
    """What a record put into a window."""

    timeline: str
    number: int
    key: int
    value: int
    place: int
    seq: int


def bases(activated: Activations) -> dict[int, Base]:
    """For each window in use now: the activation since which it has been in use, with its width."""
    known: dict[int, Base] = {}
    for seq, payload in activated:
        found: dict[int, Base] = {}
        for number, width in ((int(key), value) for key, value in payload["windows"].items()):
            base = known.get(number)
            if base is not None and base.width >= width:
                found[number] = Base(base.seq, width, base.horizons)
            else:
                found[number] = Base(seq, width, _reached(payload, number))
        known = found
    return known


def _reached(payload: Mapping[str, Any], number: int) -> Mapping[str, int]:
    return {
        timeline: found[str(number)]
        for timeline, found in payload.get("horizons", {}).items()
        if str(number) in found
    }


def refill(
    community: Community,
    store: Store,
    activated: Activations,
    until: int,
    erased: frozenset[int],
) -> None:
    """Make the windows anew as they stand after record `until`, without the `erased` records."""
    for line in community.timelines.values():
        line.windows.clear()
        line.members.clear()
        line.use(dict(line.shapes))
    for each in _entries(community, store, activated, until, erased):
        line = community.timeline(each.timeline)
        line.add(each.number, each.key, each.value, each.place, each.seq)


def remember(community: Community, store: Store, until: int, known: set[int]) -> None:
    """Put back which records the entries of windows are of, apart from those windows that know: a
    rule has begun to act on the campaigns of a window that was in use already.
    """
    wanted = {number for line in community.timelines.values() for number in line.members} - known
    if not wanted:
        return
    for each in _entries(community, store, activations(store, until), until, frozenset()):
        if each.number in wanted:
            line = community.timeline(each.timeline)
            line.members[each.number].add(each.key, each.place, each.seq)


def _entries(
    community: Community,
    store: Store,
    activated: Activations,
    until: int,
    erased: frozenset[int],
) -> Iterator[Entry]:
    """First what their activations filled the windows with, then the rows since."""
    known = bases(activated)
    if not known or not community.timelines:
        return
    for seq in sorted({base.seq for base in known.values()}):
        for number, timeline, filled, place, key, value in store.each("fillings", (seq,)):
            if number in known and known[number].seq == seq and filled not in erased:
                yield Entry(timeline, number, key, value, place, filled)
    reach = min(
        line.community - STALE - community.active.widest for line in community.timelines.values()
    )
    after = max(_first_received(store, reach) - 1, min(base.seq for base in known.values()))
    for seq, timeline, place, packed in store.each("entries_after", (after, until)):
        if place is None or seq in erased:
            continue
        for number, key, value in journal.unpack_entries(packed):
            base = known.get(number)
            if base is not None and seq > base.seq and key is not None and value is not None:
                yield Entry(timeline, number, key, value, place, seq)


def _first_received(store: Store, instant: int) -> int:
    """The first record received after an instant: recv only grows, so halving finds it."""
    last = store.one("last_record")
    low, high = 1, ((last and last[0]) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = store.one("record", (middle,))
        if row is not None and row[1] > instant:
            high = middle
        else:
            low = middle + 1
    return low
