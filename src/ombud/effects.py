"""What a control or change is carried out with, and what it did: the shapes between `pipeline`,
`controls` and `changes`.

This module must never do anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ombud.ledger.leaf import LeafType
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community


class Hands(Protocol):
    """What a control is carried out with: the pipeline."""

    store: Store
    keys: KeyFile
    community: Community


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


class Opened(NamedTuple):
    """A case that a control opens: something a person must look at."""

    clause: str
    rule: str
    queue: str
    reason: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a control did: the payload to journal, its own leaf if any, the decisions it reverses,
    and the cases it opens.
    """

    payload: Mapping[str, Any]
    leaf: LeafType | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    reversals: tuple[Reversal, ...] = ()
    reason: str = ""
    touched: int = 0
    cases: tuple[Opened, ...] = ()
