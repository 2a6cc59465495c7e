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
from collections.abc import Iterable
from itertools import chain
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
WORDS_KEPT = 65_536  # words whose hash is kept, none of them longer than what counts
PART_MAX = 24  # characters between two spaces whose words' hashes are kept
PARTS_KEPT = 16_384

_PACK = struct.Struct(f"<{PERMUTATIONS}I").pack
_TAGS = sum(0xFFFFFFFF << 32 * ROWS * band for band in range(BANDS))  # the first 32 bits of each
_LONE = -1  # stands for a word of one letter, which is none
_NO_LETTER = bytes(code if chr(code).isalpha() else 32 for code in range(128)) + b" " * 128
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


class Shingles(NamedTuple):
    """A text as it is compared. `words` are distinct hashes of 32 bits in no order, `bands` a tag
    of 32 bits for each band; both empty where there are fewer than WORDS_MIN. `content`: its token
    by equality, 0 where it has too few letters for that, too.
    """

    words: array[int]
    bands: array[int]
    content: int


def shingles(skeleton: str, content: int, secret: int) -> Shingles:
    """What is compared of a text, given as its skeleton; `secret` keys the hashes of its words."""
    found = _hashes(secret).of(skeleton[:READ_MAX])
    if len(found) < WORDS_MIN:
        return Shingles(array("I"), array("I"), content)
    words = list(found) if len(found) <= WORDS_MAX else sorted(found)[:WORDS_MAX]
    return Shingles(array("I", words), bands(words), content)


def bands(words: list[int]) -> array[int]:
    """A tag for each band of the MinHash digest of a set of hashes.

    Minima are small numbers, so the four of a band are folded until all 32 bits tell: as two
    numbers of 64 bits, one xor the other, and its upper half shifted into the lower. All bands are
    folded at once, as one long integer.
    """
    minima = RMinHash.digest_matrix_from_flat_token_hashes(
        words, _offsets(len(words)), PERMUTATIONS, SEED
    ).to_rows()[0]
    folded = int.from_bytes(_PACK(*minima), "little")
    folded ^= folded >> 64
    folded = (folded ^ folded >> 27) & _TAGS
    return array("I", folded.to_bytes(4 * PERMUTATIONS, "little"))[::ROWS]


@functools.lru_cache(maxsize=WORDS_MAX)
def _offsets(count: int) -> array[int]:
    return array("Q", (0, count))


def _words(folded: str) -> Iterable[bytes]:
    """The words of a folded text in UTF-8, in ASCII those of one letter with them; of scripts
    without spaces, pairs of letters.
    """
    if folded.isascii():
        return folded.encode().translate(_NO_LETTER).split()
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
        self.begun = hashlib.blake2b(digest_size=4, key=secret.to_bytes(8, "big"))
        self.parts = _Parts(self)

    def __missing__(self, word: bytes) -> int:
        found = _LONE
        if len(word) > 1:
            begun = self.begun.copy()
            begun.update(word[:WORD_MAX])
            found = int.from_bytes(begun.digest(), "big")
        if len(word) <= WORD_MAX:  # a cache of longer ones would have no bound
            if len(self) >= WORDS_KEPT:
                self.clear()
            self[word] = found
        return found

    def of(self, skeleton: str) -> set[int]:
        """The hashes of a text's words."""
        if skeleton.isascii():
            found = set(map(self.__getitem__, _words(skeleton)))
        else:
            found = set(chain.from_iterable(map(self.parts.__getitem__, skeleton.split(" "))))
        found.discard(_LONE)
        return found


class _Parts(dict[str, tuple[int, ...]]):
    """The hashes of what stands between two spaces, letters and signs, kept as words are: no word
    goes over a space. So the words of a text that is not ASCII are folded once.
    """

    def __init__(self, hashes: _Hashes) -> None:
        super().__init__()
        self.hashes = hashes

    def __missing__(self, part: str) -> tuple[int, ...]:
        found = tuple(map(self.hashes.__getitem__, _words(views.fold(part))))
        if len(part) <= PART_MAX:
            if len(self) >= PARTS_KEPT:
                self.clear()
            self[part] = found
        return found


@functools.lru_cache(maxsize=4)
def _hashes(secret: int) -> _Hashes:
    return _Hashes(secret)
