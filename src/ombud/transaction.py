"""The rows of one group on their way into the store, and the answers that wait for their commit.

Gathers and writes; what goes in is for `pipeline` to say. This module must never commit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ombud import clock, ids
from ombud.actions import Asked
from ombud.ledger import leaf, tree
from ombud.notices import Notice
from ombud.store.sqlite import Row, Store
from ombud.verdicts import Community


class Answer(msgspec.Struct, frozen=True):
    """What is answered for one submission, after the commit that holds it.

    `status` is "accepted", "duplicate", "conflict" or (controls) "applied"; `fired` and `unknown`
    are rule names; `decisions` ids.
    """

    status: str
    seq: int
    action: str = "allow"
    decisions: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    touched: int = 0  # records that an erasure erased


@dataclass(slots=True)
class Transaction:
    """The rows of one group, in the order they came to be."""

    seq: int
    recv: int
    leaves: int
    config: int
    identities: dict[bytes, tuple[int, bytes | None, Answer]] = field(default_factory=dict)
    records: list[Row] = field(default_factory=list)
    bodies: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    actions: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)  # leaves
    hashes: list[bytes] = field(default_factory=list)
    ends: list[tuple[int, str]] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)  # writes of controls, in order

    def order(self, now: int) -> None:
        """The next place in the one order."""
        self.seq += 1
        self.recv = max(self.recv + 1, now)

    def leaf(self, type_: leaf.LeafType, commitment: bytes, **fields: Any) -> None:
        """One more line of the public log."""
        entry = leaf.encode_leaf(
            leaf.Leaf(
                type=type_,
                id=ids.new_id("lf"),
                day=clock.day(self.recv),
                commitment=commitment.hex(),
                **fields,
            )
        )
        hashed = tree.leaf_hash(entry)
        self.entries.append((self.leaves, self.seq, entry, hashed))
        self.hashes.append(hashed)
        self.leaves += 1

    def tell(self, notice: Notice) -> None:
        """One more notice."""
        self.notices.append(
            (
                notice.id,
                notice.decision,
                self.seq,
                notice.author,
                notice.lang,
                notice.reason,
                notice.state,
            )
        )

    def ask(self, asked: Asked) -> None:
        """One more thing asked of the platform."""
        self.actions.append(
            (
                asked.id,
                asked.decision,
                self.seq,
                asked.lane,
                asked.action,
                int(asked.inverse),
                asked.state,
            )
        )

    # --- writing ----------------------------------------------------------------------------------

    def write_records(self, store: Store) -> None:
        """The journal's rows and the sealed bodies."""
        store.many("add_record", self.records)
        store.many("add_body", self.bodies)

    def write_decisions(self, store: Store) -> None:
        """What was decided, and all that belongs to it."""
        store.many("add_decision", self.decisions)
        store.many("add_case", self.cases)
        store.many("add_leaf", self.entries)
        store.many("add_notice", self.notices)
        store.many("add_action", self.actions)

    def write_state(self, store: Store, community: Community) -> None:
        """What recovery would otherwise have to count up from the beginning of the journal."""
        store.many(
            "put_history",
            [
                (timeline, account, known.first, known.last, known.accepted)
                for timeline, account in community.changed
                for known in (community.histories[timeline, account],)
            ],
        )
        touched = {(row[4], row[5]) for row in self.records if row[5] is not None}
        store.many(
            "put_stream",
            [
                (timeline, source, community.timelines[timeline].streams[source])
                for timeline, source in touched
                if source in community.timelines[timeline].streams
            ],
        )

    def move_head(self, store: Store, frontier: tree.Frontier, epoch: int) -> bool:
        """Move the head; False where another writer has taken over."""
        moved = store.run(
            "move_head",
            {
                "seq": self.seq,
                "recv": self.recv,
                "config": self.config,
                "leaves": self.leaves,
                "frontier": frontier.encode(),
                "epoch": epoch,
            },
        )
        return moved == 1
