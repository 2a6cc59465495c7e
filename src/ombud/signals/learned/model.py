"""One learned model: a file of integer weights, and the score of a text as an integer.

A file is one line of JSON (`Header`), a line feed, and 2**bits weights, each a signed 16-bit
integer, low byte first. Its SHA-256 is the model's version. Nothing in a file is ever run, and what
does not fit is refused with a code.

    sum      of the weights of a text's features (`features.hashes`)
    raw      bias + sum / square root of how many features there are, in integers
    permille raw, by the points of a calibration, straight between them

This module must never train, and never hand a score on as more than a hint.
"""

from __future__ import annotations

import bisect
import hashlib
import re
import sys
from array import array
from collections.abc import Sequence
from math import isqrt

import msgspec

from ombud.errors import BadData, catalogue
from ombud.signals.learned import features, neutral, tones

FORMAT = 1
BITS_MIN, BITS_MAX = 8, 20
HEADER_MAX = 65_536  # bytes
POINTS_MAX = 129
BYTES_MAX = HEADER_MAX + (2 << BITS_MAX)  # of a file; whoever reads one reads no more
RAW_MAX = 1 << 40
WORDS_KEPT = 16_384
WORD_KEPT_MAX = 34  # characters of a token whose sum is kept
RUNS_A_WORD = 15  # runs of letters in a word of six letters; sixteen letters have three times that
RUNS_KNOWN = (
    4,
    5,
)  # of the runs: of letters at random about 0.7 carry weight, as places are shared
SOURCES_MAX = 64
_NO_WORD = features.FLAG + features.TONE

catalogue(
    D101=(
        "This is not a model that Ombud can read: {problem}.",
        "Make the model anew; a file from elsewhere or of another version cannot be used.",
    ),
    D102=(
        "The model sees texts in another way than this program: {found} instead of {known}.",
        "Make the model anew with this version of Ombud.",
    ),
)


class Made(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model was made from: labels by class, sources, first and last day, seed."""

    rows: int
    harmful: int
    sources: tuple[str, ...]
    since: str = ""
    until: str = ""
    seed: int = 0


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a file. `features` names what the model sees (`sees()`)."""

    format: int
    name: str
    features: str
    bits: int
    bias: int
    points: tuple[tuple[int, int], ...]
    made: Made


class BadModel(BadData):
    """A file is no model, or one that this program cannot score with."""


def sees() -> str:
    """What texts become before a model sees them: changes with features and neutral terms."""
    return f"{features.VERSION}.{neutral.digest()}.{tones.digest()}"


class Model:
    """Scores texts. Sums of single words are kept, in bounded memory: a language has few."""

    def __init__(self, header: Header, weights: array[int], version: str) -> None:
        self.header = header
        self.version = version
        self._weights = weights
        self._mask = (1 << header.bits) - 1
        self._raws = [raw for raw, _ in header.points]
        self._sums: dict[str, tuple[int, int, int, int]] = {}

    @property
    def name(self) -> str:
        """What it was called when it was made."""
        return self.header.name

    def raw(self, written: str, normal: str) -> int:
        """The score before calibration; the bias for a text without a word.

        `written` is the text as written, `normal` the same normalised (`views.normalise`).
        """
        return self.raw_of(features.tokens(written, normal))

    def raw_of(self, listed: Sequence[str]) -> int:
        """The score before calibration of these tokens."""
        sums, weights, mask = self._sums, self._weights, self._mask
        total = count = 0
        numbers: dict[str, int] = {}
        for token in listed:
            if token not in numbers:
                known = sums.get(token) or self._sum(token)
                numbers[token] = known[0]
                total += known[1]
                count += known[2]
        pairs = features.pairs([numbers[token] for token in listed], listed)
        count += len(pairs)
        if not count:
            return self.header.bias
        total += sum([weights[each & mask] for each in pairs])
        return self.header.bias + (total << 20) // isqrt(count << 40)

    def knows(self, listed: Sequence[str], least: int) -> bool:
        """Whether these tokens hold so much that carries weight of its own: different words, and
        of long ones, as words are when spaces are left out, each RUNS_A_WORD runs of letters.

        Places are shared, so a word never learned may pass for one that was; a word that was
        learned and weighs nothing does not.
        """
        found = 0
        for token in dict.fromkeys(listed):
            if token[0] not in _NO_WORD:
                found += (self._sums.get(token) or self._sum(token))[3]
                if found >= least:
                    return True
        return found >= least

    def permille(self, written: str, normal: str) -> int:
        """The share of texts with such a score that were harmful where it was calibrated."""
        return self.permille_of(features.tokens(written, normal))

    def permille_of(self, listed: Sequence[str]) -> int:
        """The same of these tokens."""
        return calibrated(self.raw_of(listed), self._raws, self.header.points)

    def _sum(self, token: str) -> tuple[int, int, int, int]:
        """The token's own feature, the sum of its weights, how many features it has, and as how
        many known words it counts.
        """
        found = features.of_word(token)
        held = [self._weights[each & self._mask] for each in found]
        answer = (found[0], sum(held), len(found), _words(held))
        if len(token) <= WORD_KEPT_MAX:
            if len(self._sums) >= WORDS_KEPT:
                self._sums.clear()
            self._sums[token] = answer
        return answer


def _words(held: Sequence[int]) -> int:
    """As how many known words a token with these weights counts, its own weight first."""
    runs = len(held) - 1
    known = sum([weight != 0 for weight in held[1:]])
    share, of = RUNS_KNOWN
    alike = known // RUNS_A_WORD if known * of >= runs * share else 0
    return max(int(held[0] != 0), alike)


def calibrated(raw: int, raws: Sequence[int], points: Sequence[tuple[int, int]]) -> int:
    """The permille at a raw score: straight between points, flat beyond the first and last."""
    index = bisect.bisect_right(raws, raw)
    if index in (0, len(points)):
        return points[min(index, len(points) - 1)][1]
    (low, least), (high, most) = points[index - 1], points[index]
    return least + (most - least) * (raw - low) // (high - low)


def encode(header: Header, weights: Sequence[int]) -> bytes:
    """The file of a model; equal models are equal bytes. Raises BadModel where it could not be
    read again.
    """
    held = array("h", weights)
    if sys.byteorder == "big":
        held.byteswap()
    content = msgspec.json.encode(header) + b"\n" + held.tobytes()
    decode(content)
    return content


def decode(content: bytes) -> Model:
    """The model of a file. Raises BadModel."""
    first, feed, _ = content[: HEADER_MAX + 1].partition(b"\n")
    if not feed:
        raise BadModel("D101", problem="its first line does not end")
    try:
        header = msgspec.json.decode(first, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadModel("D101", problem=f"its first line does not fit ({error})") from None
    _check(header)
    if len(content) - len(first) - 1 != 2 << header.bits:
        raise BadModel("D101", problem="it has more or fewer weights than it says")
    weights = array("h", content[len(first) + 1 :])
    if sys.byteorder == "big":
        weights.byteswap()
    return Model(header, weights, hashlib.sha256(content).hexdigest())


def _check(header: Header) -> None:
    """Raise BadModel for what no model of ours says."""
    if header.format != FORMAT:
        raise BadModel("D101", problem=f"its format is {header.format}, not {FORMAT}")
    if not re.fullmatch(r"[a-z][a-z0-9. \-]{0,63}", header.name):
        raise BadModel("D101", problem="its name is not one")
    if not BITS_MIN <= header.bits <= BITS_MAX:
        raise BadModel("D101", problem=f"bits are not {BITS_MIN} to {BITS_MAX}")
    if not 2 <= len(header.points) <= POINTS_MAX:
        raise BadModel("D101", problem=f"it has not 2 to {POINTS_MAX} points")
    if any(abs(raw) > RAW_MAX for raw in (header.bias, *(raw for raw, _ in header.points))):
        raise BadModel("D101", problem="a score is too large")
    steps = list(zip(header.points, header.points[1:], strict=False))
    if any(low[0] >= high[0] or low[1] > high[1] for low, high in steps):
        raise BadModel("D101", problem="its points do not rise")
    if header.points[0][1] < 0 or header.points[-1][1] > 1000:
        raise BadModel("D101", problem="a point is not 0 to 1000 permille")
    if len(header.made.sources) > SOURCES_MAX:
        raise BadModel("D101", problem="it names too many sources")
    if header.features != sees():
        raise BadModel("D102", found=header.features[:64], known=sees())
