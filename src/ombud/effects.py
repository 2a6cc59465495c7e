"""What a control or change is carried out with, and what it did: the shapes between `pipeline`,
`controls` and `changes`.

This module must never do anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ombud.actions import Door
from ombud.decisions import Decision
from ombud.ledger.leaf import LeafType
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store
from ombud.verdicts.community import Community

# In which line of the log the end of a decision stands, by why it ends.
OVER: Mapping[str, LeafType] = {
    **dict.fromkeys(("undone", "released", "reversed", "partial"), "undo"),
    **dict.fromkeys(("ended", "replaced"), "ended"),
}


Line = tuple[LeafType, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """Any change (`changes`, `desk`, `appeals`): no control, and through the one writer all the
    same.
    """


class Hands(Protocol):
    """What a control is carried out with: the pipeline."""

    store: Store
    keys: KeyFile
    community: Community

    def unpublished(self, tx: Any, seq: int) -> bool:
        """Whether a record was asked about and is not published, as far as is known."""

    def tell(self, tx: Any, decision: Row, reason: str, now: int) -> None:
        """Let the person of a decision know what is new about it, and why that is."""


class Group(Protocol):
    """The transaction a control belongs to."""

    seq: int
    recv: int
    later: list[Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Reversal:
    """A decision that no longer stands, as far as its leaf, notice and inverse need it."""

    decision: str
    clause: str
    rule: str | None
    action: str
    author: int | None
    lane: bytes
    lang: str
    timeline: str
    connector: str
    stood: str  # where the row of its action stands in the outbox
    inverse: bool  # whether the platform must be asked to take it back: not what has ended already
    reason: str = ""  # where it is another one than the whole effect's
    wait: int = 0  # how long the undoing can itself be taken back, before it goes out


class Settling(NamedTuple):
    """A decision of a person, for `pipeline.settle`: the record, whom it concerns (token), its end,
    by which door, about which record.
    """

    record: Decision
    author: int | None
    until: int | None
    door: Door
    about: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A decision that stands again, since what had replaced or released it was undone."""

    decision: str
    clause: str
    rule: str | None
    action: str
    author: int | None
    lane: bytes
    lang: str
    timeline: str
    until: int | None


class Opened(NamedTuple):
    """A case that a control opens: something a person must look at."""

    clause: str
    rule: str
    queue: str
    reason: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a control did: the payload to journal, its own leaf if any, the decisions it reverses,
    makes and lets stand again, and the cases it opens.
    """

    payload: Mapping[str, Any]
    leaf: LeafType | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    reversals: tuple[Reversal, ...] = ()
    reason: str = ""
    touched: int = 0
    cases: tuple[Opened, ...] = ()
    settles: tuple[Settling, ...] = ()
    restores: tuple[Restored, ...] = ()
    lines: tuple[Line, ...] = ()  # more lines of the log, each by itself
    tells: tuple[tuple[Row, str], ...] = ()  # decisions whose people hear something, and what
