"""Windows made anew from what the journal keeps: fillings of activations, and the rows since.

The engine comes back so at every start and after an erasure, replay after an erasure; all three
then hold the same. This module must never judge, and never write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ombud import journal
from ombud.errors import OmbudError
from ombud.signals.observation import Observation
from ombud.signals.repeats import Shingles
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community
from ombud.windows import EQUAL, NEAR, STALE

Latest = dict[tuple[str, int], int]  # (timeline, cluster) -> the latest place of an entry
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
            if base is not None and base.width >= width and not _filled(payload, number):
                found[number] = Base(base.seq, width, base.horizons)
            else:
                found[number] = Base(seq, width, _reached(payload, number))
        known = found
    return known


def _filled(payload: Mapping[str, Any], number: int) -> bool:
    """Whether an activation filled a window from the past."""
    return any(str(number) in found for found in payload.get("horizons", {}).values())


def _reached(payload: Mapping[str, Any], number: int) -> Mapping[str, int]:
    return {
        timeline: found[str(number)]
        for timeline, found in payload.get("horizons", {}).items()
        if str(number) in found
    }


def refill(
    community: Community,
    store: Store,
    keys: KeyFile,
    activated: Activations,
    until: int,
    erased: frozenset[int],
) -> None:
    """Make the windows anew as they stand after record `until`, without the `erased` records."""
    for line in community.timelines.values():
        line.clear()
    latest: Latest = {}
    for each in _entries(community, store, activated, until, erased):
        if each.number == NEAR:
            note(latest, each.timeline, each.key, each.place)
        else:
            line = community.timeline(each.timeline)
            line.add(each.number, each.key, each.value, each.place, each.seq)
    heirs = _heirs(store, activated, until, erased, latest)
    found(community, latest, lambda seq: text_of(store, keys, seq), heirs)


# --- clusters of texts that are nearly the same ---------------------------------------------------


def note(latest: Latest, timeline: str, key: int, place: int) -> None:
    """Note an entry of a cluster; keys by equality are no clusters."""
    if not key & EQUAL:
        latest[timeline, key] = max(latest.get((timeline, key), place), place)


def text_of(store: Store, keys: KeyFile, seq: int) -> Shingles | None:
    """The text of a record as it is compared; None where its body is gone."""
    for row in store.all("records", {"after": seq - 1, "until": seq}):
        record = journal.Record(*row)
        try:
            event = journal.opened(keys, record)
        except OmbudError:
            return None
        return None if event is None else Observation(event, record.kind or "", keys).shingles
    return None


def found(
    community: Community,
    latest: Latest,
    text: Callable[[int], Shingles | None],
    heirs: Mapping[tuple[str, int], int],
) -> None:
    """Put back the clusters that are alive, from the texts of their medoids.

    A cluster's id is the seq of its medoid; where that was erased, `heirs` names the record whose
    text is the medoid now. A cluster whose medoid cannot be read is left out, and as nothing more
    can join it, what reaches back to it is unknown.
    """
    for (timeline, key), place in sorted(latest.items()):
        line = community.timeline(timeline)
        if line.clusters is None or place <= line.reach(NEAR):
            continue
        medoid = text(heirs.get((timeline, key), key))
        if medoid is not None and medoid.words:
            line.clusters.found(key, medoid, place)
        else:
            line.lose(key, place)


def _heirs(
    store: Store, activated: Activations, until: int, erased: frozenset[int], latest: Latest
) -> dict[tuple[str, int], int]:
    """For each cluster whose first record is erased: its earliest record that is not, however long
    ago: a later start must find the same one.
    """
    base = bases(activated).get(NEAR)
    wanted = {each for each in latest if each[1] in erased}
    heirs: dict[tuple[str, int], int] = {}
    if base is None or not wanted:
        return heirs
    for number, timeline, seq, _, key, _ in store.each("fillings", (base.seq,)):
        if number == NEAR and (timeline, key) in wanted and seq not in erased:
            heirs.setdefault((timeline, key), seq)
    for seq, timeline, _, packed in store.each("entries_after", (base.seq, until)):
        if seq not in erased:
            for number, key, _ in journal.unpack_entries(packed):
                if number == NEAR and key is not None and (timeline, key) in wanted:
                    heirs.setdefault((timeline, key), seq)
    return heirs


# --- entries --------------------------------------------------------------------------------------


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
    after = max(first_received(store, reach) - 1, min(base.seq for base in known.values()))
    for seq, timeline, place, packed in store.each("entries_after", (after, until)):
        if place is None or seq in erased:
            continue
        for number, key, value in journal.unpack_entries(packed):
            base = known.get(number)
            if base is not None and seq > base.seq and key is not None and value is not None:
                yield Entry(timeline, number, key, value, place, seq)


def first_received(store: Store, instant: int) -> int:
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
