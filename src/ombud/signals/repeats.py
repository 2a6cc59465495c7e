"""What makes two texts nearly the same, for windows to compare: keyed hashes of words, and a digest
by which candidates are found.

One view stands for all three. Words are those of the skeleton (look-alike letters, digits for
letters, invisible characters and case undone), without Latin diacritics, digits, signs and emoji;
scripts without spaces between words give pairs of neighbouring letters. A text is the set of its
words, so that the order does not count; the likeness of two texts is Jaccard's, worked out exactly
over these sets (`windows.clusters`). The digest is MinHash (Broder, "On the resemblance and
containment of documents", 1997) by rensa, in BANDS bands of ROWS rows (Leskovec, Rajaraman, Ullman,
"Mining of Massive Datasets", chapter 3): two texts of likeness j share a band with the chance
1 - (1 - j^ROWS)^BANDS, .998 for j = .69.

A set of hashed words is a cipher of words, which whoever has many of them breaks by counting. So
none of this is ever kept: it lives in memory and is made again from sealed bodies. This module must
never keep a text, nor give anything that may stand in a row.
"""

from __future__ import annotations

import functools
import hashlib
import re
import struct
from array import array
from operator import xor
from typing import NamedTuple

from rensa import RMinHash

from ombud.signals import views

# What decides which texts are alike, with versions: a configuration names both, and a window's
# number changes with them.
VERSIONS = {"texts": 1, "minhash": int(RMinHash.ALGORITHM_VERSION)}
ALGORITHM = " ".join(f"{name} {version}" for name, version in VERSIONS.items())
ROWS, BANDS = 4, 24
PERMUTATIONS = ROWS * BANDS
SEED = 20261126
WORDS_MIN = 6  # different words; of fewer only equality says that they are the same
WORDS_MAX = 128  # different words that are kept of a text: those with the smallest hashes
READ_MAX = 65_536  # characters of a text that are read
WORD_MAX = 64  # letters of a word that count
WORDS_KEPT = 65_536  # words whose hash is kept

_TAG = (1 << 32) - 1
_UNPACK = struct.Struct(f"<{PERMUTATIONS // 2}Q").unpack
_NO_LETTER = bytes(code if chr(code).isalpha() else 32 for code in range(128)) + b" " * 128
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


class Shingles(NamedTuple):
    """A text as it is compared. `words` are distinct hashes of 32 bits, `bands` a tag of 32 bits
    for each band; both empty where there are fewer than WORDS_MIN. `content`: its token by
    equality, 0 where it has too few letters for that, too.
    """

    words: array[int]
    bands: tuple[int, ...]
    content: int


def shingles(skeleton: str, content: int, secret: int) -> Shingles:
    """What is compared of a text, given as its skeleton; `secret` keys the hashes of its words."""
    words = sorted(set(map(_hashes(secret).__getitem__, _words(skeleton[:READ_MAX]))))
    if len(words) < WORDS_MIN:
        return Shingles(array("I"), (), content)
    del words[WORDS_MAX:]
    return Shingles(array("I", words), bands(words), content)


def bands(words: list[int]) -> tuple[int, ...]:
    """A tag for each band of the MinHash digest of a set of hashes."""
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        array("Q", words), _offsets(len(words)), PERMUTATIONS, SEED
    )
    pairs = _UNPACK(array("I", matrix.to_rows()[0]).tobytes())
    # minima are small numbers: the four of a band are folded so that all 32 bits tell
    return tuple([(each ^ each >> 27) & _TAG for each in map(xor, pairs[::2], pairs[1::2])])


@functools.lru_cache(maxsize=WORDS_MAX)
def _offsets(count: int) -> array[int]:
    return array("Q", (0, count))


def _words(skeleton: str) -> list[bytes]:
    """The words of two letters and more, in UTF-8; of scripts without spaces, pairs of letters."""
    folded = views.fold(skeleton)
    if folded.isascii():  # Vietnamese too, mostly
        plain = folded.encode().translate(_NO_LETTER)
        return [word for word in plain.split() if len(word) > 1]
    found = []
    for word in _runs().findall(folded):
        if len(word) < 2:
            continue
        if _UNSPACED.search(word) is None:
            found.append(word.encode("utf-8", "surrogatepass"))
        else:
            found += [word[at : at + 2].encode("utf-8", "surrogatepass")
                      for at in range(len(word) - 1)]  # fmt: skip
    return found


@functools.cache
def _runs() -> re.Pattern[str]:
    """Letters with their marks, in a row."""
    return re.compile(rf"(?:[^\W\d_]|[{views.marks()}])+")


class _Hashes(dict[bytes, int]):
    """Keyed hashes of words, kept in bounded memory: a language has few words."""

    def __init__(self, secret: int) -> None:
        super().__init__()
        self.key = secret.to_bytes(8, "big")

    def __missing__(self, word: bytes) -> int:
        digest = hashlib.blake2b(word[:WORD_MAX], digest_size=4, key=self.key).digest()
        if len(self) >= WORDS_KEPT:
            self.clear()
        found = self[word] = int.from_bytes(digest, "big")
        return found


@functools.lru_cache(maxsize=4)
def _hashes(secret: int) -> _Hashes:
    return _Hashes(secret)
