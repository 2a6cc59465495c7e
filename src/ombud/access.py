"""Platform keys: which program may use which door, for which sources and kinds.

A key is shown once, when it is made; only its digest is kept. It has 256 bits of its own, so one
pass of SHA-256 is enough at rest. This module must never keep, log or return a key itself but at
its making.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

PREFIX = "omb_"
KEY_LENGTH_MAX = 200  # of what is looked at

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z"  # of a key or platform, the first segment of its sources
NAME_LENGTH_MAX = 100

Door = Literal["events", "check", "report"]
DOORS: tuple[Door, ...] = ("events", "check", "report")
DOORS_UNASKED: tuple[Door, ...] = ("events", "check")  # of a key for one more program
Pattern = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[^*]+(/\*)?\Z")]


class PlatformKey(msgspec.Struct, frozen=True, kw_only=True):
    """What one key may do. A source is exact ("forum/help") or a beginning ("forum/*"); a * stands
    nowhere else.

    No kinds means every kind. `doors` are "events" (send events), "check" (ask before publication)
    and "report" (say what became of actions, look statements up).
    """

    name: Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX, pattern=NAME)]
    sources: Annotated[tuple[Pattern, ...], Meta(min_length=1, max_length=64)]
    kinds: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    doors: Annotated[tuple[Door, ...], Meta(min_length=1)] = DOORS

    def opens(self, door: str) -> bool:
        """Whether the key may use a door."""
        return door in self.doors

    def covers(self, source: str) -> bool:
        """Whether the key speaks for a source."""
        return any(
            source == pattern or (pattern.endswith("/*") and source.startswith(pattern[:-1]))
            for pattern in self.sources
        )

    def speaks_for(self, platform: str) -> bool:
        """Whether the key speaks for all of a platform, the first segment of its sources: only
        with "platform/*".
        """
        return f"{platform}/*" in self.sources

    def takes(self, kind: str | None) -> bool:
        """Whether the key may send events of a kind; None: one that no rule judges."""
        return kind is None or not self.kinds or kind in self.kinds


def new_key() -> tuple[str, bytes]:
    """A new key and the digest that is kept of it."""
    key = PREFIX + secrets.token_urlsafe(32)
    return key, digest(key)


def digest(key: str) -> bytes:
    """What is kept of a key."""
    return sha256(key.encode("utf-8", "replace")).digest()
