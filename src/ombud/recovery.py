"""How the engine stands where it stood: from the store to memory, after every start and failed
commit.

First head, last journal row, last leaf and tree are held against each other; then windows,
histories and the use of licences are put back from the journal rows, which carry facts and window
keys. Nothing is decided here, and nothing repaired: a store that contradicts itself is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ombud import journal
from ombud.active import Active
from ombud.clock import DAY
from ombud.controls import erasure, standing, state
from ombud.controls.config import compiled
from ombud.errors import BadData, catalogue
from ombud.ledger import tree
from ombud.past import Known
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts import Community, verdict_digest
from ombud.windows import BEGINNING, STALE

catalogue(
    D008=(
        "The data folder contradicts itself: {detail}.",
        "Restore a backup into a new folder. Nothing was changed here.",
    ),
    D009=(
        "The key file does not belong to this community.",
        "Put back the ombud.keys that was written with this ombud.db.",
    ),
)


Activations = Sequence[tuple[int, Mapping[str, Any]]]  # (seq, payload)
Fault = Callable[[str], None]


def restore(store: Store, keys: KeyFile, empty: Active, fault: Fault) -> Community:
    """The community as of the last commit. `empty` is the configuration before the first one."""
    _agree(store)
    _belong(store, keys)
    head = store.one("head")
    assert head is not None  # noqa: S101 -- `_agree` found it
    seq, recv = head[2], head[3]
    keys.forget_after(seq)
    erasures = [journal.read_json(row[2]) for row in store.all("controls", ("!erasure",))]
    if erasures:
        fault("erasure found")
        erasure.destroy_keys(store, keys, erasures)
        fault("keys destroyed")
    community = Community(keys.community, empty, _loader(store))
    activations = [
        (row[0], journal.read_json(row[2])) for row in store.all("controls", ("!config",))
    ]
    if activations:
        _restore_config(community, store, activations)
    state.restore(community, store)
    erased = frozenset(each for payload in erasures for each in payload["seqs"])
    refill(community, store, activations, seq, erased)
    for timeline in community.timelines:
        rows = store.all("decisions_by_licence_day", (timeline, recv - 2 * DAY))
        for licence, day, count in rows:
            community.used[timeline, licence, day] = count
    return community


def _belong(store: Store, keys: KeyFile) -> None:
    """The key file must be the one the journal was written with. Raises BadData D009."""
    activations = store.all("controls", ("!config",))
    for seq, _, payload in activations:
        row = store.one("record", (seq,))
        if row and journal.Record(*row).verdict == verdict_digest(keys.community, payload):
            return
    if activations:
        raise BadData("D009", str(keys.file.path))


def _agree(store: Store) -> None:
    """Head, last row, last leaf and tree must say the same."""
    head = store.one("head")
    last = store.one("last_record")
    if head is None or last is None:
        raise BadData("D008", str(store.path), detail="it has no head")
    _, _, seq, recv, config, leaves, frontier, _, published, root = head
    last_seq, last_recv = last
    if (last_seq or 0, last_recv or 0) != (seq, recv):
        raise BadData(
            "D008", str(store.path), detail=f"the head stands at {seq}, the journal at {last_seq}"
        )
    count = store.one("last_leaf")
    edge = tree.Frontier.decode(frontier)
    if count is None or count[0] != leaves or edge.size != leaves:
        raise BadData(
            "D008", str(store.path), detail="the head and the public log differ in length"
        )
    row = store.one("record", (config,)) if config else None
    if config and (row is None or journal.Record(*row).control != "config"):
        raise BadData(
            "D008", str(store.path), detail="the configuration in force is not in the journal"
        )
    if published > leaves:
        raise BadData(
            "D008", str(store.path), detail="more of the public log was published than is here"
        )
    if published == leaves and root is not None and edge.root() != root:
        raise BadData(
            "D008", str(store.path), detail="the public log is not the one that was published"
        )


def _loader(store: Store) -> Any:
    def load(timeline: str, account: int) -> Known | None:
        row = store.one("history", (timeline, account))
        return None if row is None else Known(*row)

    return load


def _restore_config(community: Community, store: Store, activations: Activations) -> None:
    """Bring back the streams and the configuration in force, with each window's own horizon."""
    for timeline, source, place in store.all("streams"):
        line = community.timeline(timeline)
        line.streams[source] = place
        line.community = max(line.community, place)
    seq, payload = activations[-1]
    active = compiled(store, payload).stands(standing.in_force(store, seq, payload))
    bases = _bases(activations)
    horizons = {
        timeline: {number: base.horizons.get(timeline, BEGINNING) for number, base in bases.items()}
        for timeline in community.timelines
    }
    community.activate(active, horizons)


@dataclass(frozen=True, slots=True)
class Base:
    """Where a window's present life began: the activation that filled it, and how far back that
    reached.
    """

    seq: int
    width: int
    horizons: Mapping[str, int]


def _bases(activations: Activations) -> dict[int, Base]:
    """For each window in use now: the activation since which it has been in use, with its width."""
    bases: dict[int, Base] = {}
    for seq, payload in activations:
        found: dict[int, Base] = {}
        for number, width in ((int(key), value) for key, value in payload["windows"].items()):
            known = bases.get(number)
            if known is not None and known.width >= width:
                found[number] = Base(known.seq, width, known.horizons)
            else:
                found[number] = Base(seq, width, _reached(payload, number))
        bases = found
    return bases


def _reached(payload: Mapping[str, Any], number: int) -> Mapping[str, int]:
    return {
        timeline: found[str(number)]
        for timeline, found in payload.get("horizons", {}).items()
        if str(number) in found
    }


def refill(
    community: Community,
    store: Store,
    activations: Activations,
    until: int,
    erased: frozenset[int],
) -> None:
    """Make the windows anew as they stand after record `until`, without the `erased` records.

    First what their activations filled them with, then the rows since. Recovery does this at every
    start; after an erasure the running engine and replay do it too, so that all three agree.
    """
    bases = _bases(activations)
    for line in community.timelines.values():
        line.windows.clear()
        line.use(dict(line.shapes))
    if not bases or not community.timelines:
        return
    for seq in sorted({base.seq for base in bases.values()}):
        for number, timeline, filled, place, key, value in store.each("fillings", (seq,)):
            if number in bases and bases[number].seq == seq and filled not in erased:
                community.timeline(timeline).add(number, key, value, place)
    reach = min(
        line.community - STALE - community.active.widest for line in community.timelines.values()
    )
    after = max(_first_received(store, reach) - 1, min(base.seq for base in bases.values()))
    for seq, timeline, place, packed in store.each("entries_after", (after, until)):
        if place is None or seq in erased:
            continue
        line = community.timeline(timeline)
        for number, key, value in journal.unpack_entries(packed):
            base = bases.get(number)
            if base is not None and seq > base.seq and key is not None and value is not None:
                line.add(number, key, value, place)


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
