"""What the operator says of policy lists on Matrix: which rooms are followed, and as which lists.

Nothing is followed, and nothing published, that is not named here. This module must never read a
file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

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
