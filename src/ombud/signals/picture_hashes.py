"""Perceptual hashes of pictures, as text of 64 hexadecimal digits: how alike two are, and the
likest of a list.

A PDQ hash is 256 bits; two of the same picture differ in few of them, two of different pictures in
about half. The likeness is the part of equal bits: PDQ's usual threshold, at most 31 different
bits, is 87.8 %. Making a hash is `images`; this module needs no library, and must never see a
picture.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

BITS = 256
QUALITY_MIN = 50  # a hash of less detail than that says nothing (PDQ's own advice)

_HASH = re.compile(r"[0-9a-f]{64}")


def parse(text: str) -> int | None:
    """The bits of a hash; None where the text is none."""
    plain = text.strip().lower()
    return int(plain, 16) if _HASH.fullmatch(plain) else None


def likeness(one: str, other: str) -> int:
    """The part of equal bits in permille, rounded down; 0 where either is no hash."""
    first, second = parse(one), parse(other)
    return 0 if first is None or second is None else _alike(first, second)


def _alike(one: int, other: int) -> int:
    return (BITS - (one ^ other).bit_count()) * 1000 // BITS


class Pictures:
    """The terms of a list that are hashes; other terms are no pictures."""

    def __init__(self, terms: Iterable[str]) -> None:
        found = ((term, parse(term)) for term in terms)
        self.hashes = {term: bits for term, bits in found if bits is not None}

    def nearest(self, text: str, hidden: Collection[str] = ()) -> int:
        """The likeness of the likest hash that is not hidden, in permille."""
        own = parse(text)
        if own is None:
            return 0
        gone = frozenset(hidden)
        return max(
            (_alike(own, bits) for term, bits in self.hashes.items() if term not in gone), default=0
        )
