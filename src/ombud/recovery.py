"""How the engine stands where it stood: from the store to memory, after every start and failed
commit.

First head, last journal row, last leaf and tree are held against each other; then windows,
histories and the use of licences are put back from the journal rows, which carry facts and window
keys. Nothing is decided here, and nothing repaired: a store that contradicts itself is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ombud import journal, refill
from ombud.activation.active import Active
from ombud.clock import DAY
from ombud.controls import certificates, erasure, listed, staff, standing, standing_order, state
from ombud.controls.config import compiled
from ombud.errors import BadData, catalogue
from ombud.ledger import tree
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community, verdict_digest
from ombud.verdicts.past import Known
from ombud.verdicts.rooms import ENDING
from ombud.windows import BEGINNING

catalogue(
    D009=(
        "The key file does not belong to this community.",
        "Put back the ombud.keys that was written with this ombud.db.",
    ),
)


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
    activations = refill.activations(store, seq)
    listed.restore(community, store)
    if activations:
        _restore_config(community, store, activations)
    state.restore(community, store)
    standing_order.restore(community, store)
    staff.restore(community, store)
    certificates.restore(community.register, store)
    community.license()
    listed.settle(community)
    erased = frozenset(each for payload in erasures for each in payload["seqs"])
    refill.refill(community, store, keys, activations, seq, erased)
    for timeline in community.timelines:
        rows = store.all("decisions_by_licence_day", (timeline, recv - 2 * DAY))
        for licence, day, count in rows:
            community.used[timeline, licence, day] = count
    community.rooms.restore(store.all("room_actions", (recv - ENDING,)))
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
    for name, kept, _ in store.all("list_seqs"):
        row = store.one("record", (kept,))
        record = journal.Record(*row) if row else None
        if record is None or not listed.is_about(record, name):
            raise BadData(
                "D008", str(store.path), detail=f"the list {name} did not change at {kept}"
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


def _restore_config(community: Community, store: Store, activations: refill.Activations) -> None:
    """Bring back the streams and the configuration in force, with each window's own horizon."""
    for timeline, source, place in store.all("streams"):
        line = community.timeline(timeline)
        line.streams[source] = place
        line.community = max(line.community, place)
    seq, payload = activations[-1]
    active = compiled(store, payload).stands(standing.in_force(store, seq, payload))
    known = refill.bases(activations)
    horizons = {
        timeline: {number: base.horizons.get(timeline, BEGINNING) for number, base in known.items()}
        for timeline in community.timelines
    }
    community.activate(active, horizons)
