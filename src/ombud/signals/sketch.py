"""Small integers that stand for a name or for passages of a text: enough to compare, too little to
read.

A *name's sketch* is a set of bits: each pair of neighbouring letters of the name, its ends
included, sets one of SKETCH_BITS, chosen by a keyed hash. Two names are as alike as their sets
(Dice: twice the common bits by all bits). Letters are those of the skeleton, without case, spaces,
diacritics, and without digits at the ends of words: "raider_001" and "Raider 77" are one name here.
A set is kept as two integers of one half each, with a label that brings the halves together and
tells one's own names from those of others.

A *passage's token* is a keyed hash of PASSAGE_WORDS words in a row. Of the tokens of a text a few
are kept, chosen by winnowing (Schleimer, Wilkerson, Aiken: "Winnowing: local algorithms for
document fingerprinting", SIGMOD 2003), so that two texts with PASSAGE_SURE words in a row in common
always have a kept token in common, and two without PASSAGE_WORDS never. A text too short for that
is kept as a whole.

Without the key, which is a secret token of the community, nobody can try guesses. This module must
never keep a text, and never give anything from which one could be read.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable

from ombud.signals import views

HALF_BITS = 46
SKETCH_BITS = 2 * HALF_BITS
NAME_LENGTH_MAX = 64  # letters of a name that count
NAMES_KEPT = 32_768  # names whose sketch is not computed again
PASSAGE_WORDS = 5
PASSAGE_SURE = 8
WORDS_MAX = 160  # words of a text that are kept as passages
WORDS_SEARCHED = 400  # words of a text in which passages of another are looked for
WHOLE_MIN = 3  # a text of fewer words is nobody's own

_NAME_MAX = 500
OWNERS = 512  # labels of owners: one of so many other people has one's own
_OWNER_BITS, _NAME_BITS = 9, 7
_END_DIGITS = re.compile(r"\d+(?![^\W_])|(?<![^\W_])\d+")
# Letters of scripts that put no spaces between words: each counts as a word.
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])"
)
_HALF = (1 << HALF_BITS) - 1


# --- names ----------------------------------------------------------------------------------------


def name_bits(name: str, secret: int) -> int:
    """The set of bits of a name; 0 where it has no letters."""
    return _name_bits(name[:_NAME_MAX], secret)


@functools.lru_cache(maxsize=NAMES_KEPT)
def _name_bits(name: str, secret: int) -> int:
    plain = _END_DIGITS.sub("", views.normalise(name))
    letters = "".join(filter(str.isalpha, views.skeleton(plain)))[:NAME_LENGTH_MAX]
    if not letters:
        return 0
    padded = f" {letters} "
    found = 0
    for at in range(len(padded) - 1):
        found |= 1 << _bit(padded[at : at + 2], secret)
    return found


@functools.lru_cache(maxsize=NAMES_KEPT)
def _bit(pair: str, secret: int) -> int:
    return _hashed(pair, secret) % SKETCH_BITS


def tokens(names: Iterable[str], secret: int) -> list[int]:
    """63 bits for each name, that stand for it; of many at once, since a key is set but once."""
    keyed = hashlib.blake2b(b"name ", digest_size=8, key=secret.to_bytes(8, "big"))
    found = []
    for name in names:
        one = keyed.copy()
        one.update(name.encode("utf-8", "surrogatepass"))
        found.append(int.from_bytes(one.digest(), "big") >> 1)
    return found


def likeness(one: int, other: int) -> int:
    """How alike two sets of bits are, in permille; 0 where either is empty."""
    if not one or not other:
        return 0
    return 2000 * (one & other).bit_count() // (one.bit_count() + other.bit_count())


@functools.lru_cache(maxsize=NAMES_KEPT)
def labelled(bits: int, name: str, owner: int, secret: int) -> tuple[int, int]:
    """A name's set as two values of 63 bits: whose it is, which name, which half, the half."""
    label = owner_label(owner) << _NAME_BITS | _hashed(name[:_NAME_MAX], secret) % (1 << _NAME_BITS)
    low = label << 1 << HALF_BITS | bits & _HALF
    high = (label << 1 | 1) << HALF_BITS | bits >> HALF_BITS
    return low, high


def owner_label(owner: int) -> int:
    """What a value shows of the token of its owner: equal for one of OWNERS others too."""
    return (owner >> 20) % OWNERS


def likest(bits: int, values: Iterable[int], owner: int) -> int:
    """The largest likeness of `bits` to a set among labelled values that is not its owner's."""
    own = owner_label(owner)
    halves: dict[int, tuple[list[int], list[int]]] = {}
    for value in values:
        label = value >> HALF_BITS + 1
        if label >> _NAME_BITS != own:
            found = halves.setdefault(label, ([], []))
            found[value >> HALF_BITS & 1].append(value & _HALF)
    largest = 0
    for lows, highs in halves.values():  # more than one of each where labels are equal by chance
        for low in lows:
            for high in highs:
                largest = max(largest, likeness(bits, high << HALF_BITS | low))
    return largest


# --- passages -------------------------------------------------------------------------------------


def kept_passages(folded: str, secret: int) -> tuple[int, ...]:
    """The tokens that are kept of a text, given without case and diacritics."""
    words = _words(folded, WORDS_MAX)
    if WHOLE_MIN <= len(words) < PASSAGE_SURE:
        return (_whole(words, secret),)
    every = _runs(words, PASSAGE_WORDS, secret)
    window = PASSAGE_SURE - PASSAGE_WORDS + 1
    found = [min(every[at : at + window]) for at in range(len(every) - window + 1)]
    return tuple(dict.fromkeys(found))


def passages(folded: str, secret: int) -> frozenset[int]:
    """Every token by which a text could hold a passage of another, or a short one as a whole."""
    words = _words(folded, WORDS_SEARCHED)
    found = set(_runs(words, PASSAGE_WORDS, secret))
    for length in range(WHOLE_MIN, PASSAGE_SURE):
        found.update(
            _whole(words[at : at + length], secret) for at in range(len(words) - length + 1)
        )
    return frozenset(found)


def _words(folded: str, most: int) -> tuple[str, ...]:
    if not folded.isascii():
        folded = _UNSPACED.sub(r" \1 ", folded)
    return views.words(folded)[:most]


def _runs(words: tuple[str, ...], length: int, secret: int) -> list[int]:
    return [
        _hashed(" ".join(words[at : at + length]), secret) for at in range(len(words) - length + 1)
    ]


def _whole(words: tuple[str, ...], secret: int) -> int:
    return _hashed("whole " + " ".join(words), secret)


def _hashed(value: str, secret: int) -> int:
    """63 bits of a keyed hash."""
    digest = hashlib.blake2b(
        value.encode("utf-8", "surrogatepass"), digest_size=8, key=secret.to_bytes(8, "big")
    ).digest()
    return int.from_bytes(digest, "big") >> 1
