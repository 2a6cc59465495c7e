"""Integers that stand for a name that is kept, and for all that differs from one in one letter.

A kept name is one value of 63 bits, made of keyed hashes (`sketch.tokens`) of its letters:

    25 bits   of the letters without diacritics
    15 bits   of its head: the letters before the middle one
    15 bits   of its tail: the letters behind it
     8 bits   whether it has no diacritics, and seven of its letters with them

The first three together are its `letters`. Head and tail make names that differ in one letter easy
to find: wherever a letter is added, left out, changed or swapped with its neighbour, one of the two
is as it was, at the beginning or at the end of the other name (`ends`). So most names are compared
by four tokens, and only one that begins or ends as a kept one does is taken apart letter by letter.

Whose a name is stands in the key it is kept under, with a place: 36 bits of the place's token and
27 of its owner's. This module must never keep a text, and never give anything from which one could
be read without the secret.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from ombud.signals import sketch

LENGTH_MAX = 32  # letters of a name in which one may differ
NAMES_MAX = 4  # names of one account in one place: those it posted under last
POSTS_MIN = 3  # posts under a name before it counts
LETTERS = "abcdefghijklmnopqrstuvwxyz"

OWNER_BITS, PLACE_BITS = 27, 36
_BARE_BITS, _END_BITS, LOOK_BITS = 25, 15, 8
_BARE, _END, _LOOK = (1 << _BARE_BITS) - 1, (1 << _END_BITS) - 1, (1 << LOOK_BITS - 1) - 1
_UNMARKED = 1 << LOOK_BITS - 1
_NEAR_KEPT = 16  # names of which all that differs in one letter is kept: half a megabyte each


# --- keys -----------------------------------------------------------------------------------------


def key(place: int, owner: int) -> int:
    """What the names of one account in one place are kept under, from both tokens."""
    return place_of(place) << OWNER_BITS | owner_of(owner)


def place_of(token: int) -> int:
    """The part of a place's token that stands in a key."""
    return token & (1 << PLACE_BITS) - 1


def owner_of(token: int) -> int:
    """The part of an account's token that stands in a key."""
    return token >> 20 & (1 << OWNER_BITS) - 1


def split(kept_under: int) -> tuple[int, int]:
    """Place and owner of a key."""
    return kept_under >> OWNER_BITS, kept_under & (1 << OWNER_BITS) - 1


# --- values ---------------------------------------------------------------------------------------


def value(bare: str, looks: str, secret: int) -> int:
    """A name as it is kept: its letters without diacritics, and with them."""
    (seen,) = sketch.tokens((looks,), secret)
    unmarked = _UNMARKED if bare == looks else 0
    return letters_token(bare, secret) << LOOK_BITS | unmarked | seen & _LOOK


def letters(kept: int) -> int:
    """Of a kept name: what stands for its letters without diacritics."""
    return kept >> LOOK_BITS


def looks(kept: int) -> int:
    """Of a kept name: what stands for its letters with diacritics."""
    return kept & (1 << LOOK_BITS) - 1


def unmarked(kept: int) -> bool:
    """Whether a kept name has no diacritics."""
    return bool(kept & _UNMARKED)


def sought(kept: int) -> tuple[int, int, int]:
    """What a kept name is found by: its letters, its head, its tail; three numbers that are never
    equal.
    """
    both = kept >> LOOK_BITS
    head = both >> _END_BITS & _END
    return both << 2, head << 2 | 1, (both & _END) << 2 | 2


@functools.lru_cache(maxsize=sketch.NAMES_KEPT)
def letters_token(bare: str, secret: int) -> int:
    """What stands for the letters of a name without diacritics."""
    middle = (len(bare) - 1) // 2 if bare else 0
    whole, head, tail = sketch.tokens(
        (bare, _head(bare[:middle]), _tail(bare[middle + 1 :])), secret
    )
    return ((whole & _BARE) << _END_BITS | head & _END) << _END_BITS | tail & _END


def whole(bare: str, secret: int) -> int:
    """What a kept name with these letters is found by."""
    return letters_token(bare, secret) << 2


def ends(bare: str, secret: int) -> frozenset[int]:
    """What each kept name is found by that differs from this one in one letter; nothing where it
    is too short or too long for that.
    """
    length = len(bare)
    if not 1 < length <= LENGTH_MAX:
        return frozenset()
    # the other has one letter less, as many, or one more
    heads = {(other - 1) // 2 for other in (length - 1, length, length + 1)}
    tails = {other // 2 for other in (length - 1, length, length + 1)}
    begins = sketch.tokens((_head(bare[:count]) for count in sorted(heads)), secret)
    closes = sketch.tokens((_tail(bare[length - count :]) for count in sorted(tails)), secret)
    return frozenset(
        [(token & _END) << 2 | 1 for token in begins]
        + [(token & _END) << 2 | 2 for token in closes]
    )


def _head(part: str) -> str:
    return f"head {part}"


def _tail(part: str) -> str:
    return f"tail {part}"


# --- one letter -----------------------------------------------------------------------------------


def differing(bare: str) -> dict[str, int]:
    """All that differs from a name in one letter, with how alike it is in permille: 1 - 1 / l, with
    l the longer length. Nothing of names too short or too long.
    """
    length = len(bare)
    if not 1 < length <= LENGTH_MAX:
        return {}
    parts = [(bare[:at], bare[at:]) for at in range(length + 1)]
    longer = {before + letter + after for before, after in parts for letter in LETTERS}
    others = {before + after[1:] for before, after in parts[:-1]}
    others.update(before + letter + after[1:] for before, after in parts[:-1] for letter in LETTERS)
    others.update(before + after[1] + after[0] + after[2:] for before, after in parts[:-2])
    found = dict.fromkeys(longer, 1000 * length // (length + 1))
    found.update(dict.fromkeys(others, 1000 * (length - 1) // length))
    return found


def near(bare: str, kept: Iterable[int], secret: int) -> int:
    """How alike a name is to the likest of kept ones that differ from it in one letter."""
    alike, best = _near(bare, secret), 0
    for each in kept:
        for other, likeness in alike.get(each >> LOOK_BITS + 2 * _END_BITS, ()):
            if likeness > best and letters_token(other, secret) == each >> LOOK_BITS:
                best = likeness
    return best


@functools.lru_cache(maxsize=_NEAR_KEPT)
def _near(bare: str, secret: int) -> Mapping[int, tuple[tuple[str, int], ...]]:
    """All that differs in one letter, by the hash of its letters."""
    every = differing(bare)
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    for token, other in zip(sketch.tokens(every, secret), every.items(), strict=True):
        found[token & _BARE] = (*found.get(token & _BARE, ()), other)
    return found
