"""What the operator says of policy lists on Matrix: which rooms are followed, and as which lists;
and which of them cannot be read, or kept, just now.

Nothing is followed, and nothing published, that is not named here. This module must never read a
file.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

RoomId = Annotated[str, Meta(min_length=2, max_length=255, pattern="^![^ ]+$")]
ListName = Annotated[str, Meta(max_length=100, pattern="^[a-z0-9]+( [a-z0-9]+)*$")]


class PolicyLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Policy lists: advice that others publish in rooms of Matrix, and advice to others."""

    follow: Mapping[ListName, RoomId] = {}
    """Whose advice is read: the room of each list, by the name that rules ask it by."""
    via: Annotated[str, Meta(max_length=230, pattern="^[^ @/]*$")] = ""
    """A server by which rooms of other servers are entered; empty: Ombud's account is invited."""
    seconds: Annotated[int, Meta(ge=1, le=3600)] = 60
    """How often one looks what has changed on them, and brings one's own up to date."""
    publish: Annotated[str, Meta(max_length=255, pattern="^(![^ ]+)?$")] = ""
    """The room of one's own list, of accounts that people banned or suspended; empty: no list."""
    clauses: Annotated[tuple[str, ...], Meta(max_length=100)] = ()
    """Under which clauses that is published; empty: under none."""


class Trouble(NamedTuple):
    """That a list cannot be read or kept: where, which one (empty: one's own), since when, and why,
    as it was told last.
    """

    platform: str
    name: str
    since: int
    why: str


class Unread:
    """What a running process knows of that; with the process it is gone, and is found anew. Methods
    may be called from several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[tuple[str, str], Trouble] = {}

    def tell(self, platform: str, name: str, why: str, now: int) -> None:
        """A list cannot be read for this reason; an empty one: it can."""
        with self._lock:
            before = self._told.pop((platform, name), None)
            if why:
                since = now if before is None else before.since
                self._told[platform, name] = Trouble(platform, name, since, why)

    def of(self, named: Mapping[str, PolicyLists]) -> list[Trouble]:
        """What is so of the lists that the settings name, by platform."""
        with self._lock:
            told = list(self._told.values())
        return [each for each in told if _names(named.get(each.platform), each.name)]


def _names(told: PolicyLists | None, name: str) -> bool:
    return told is not None and (name in told.follow if name else bool(told.publish))
