"""Text in three views: normalised, folded, and the skeleton a reader takes it for.

Every view is a pure function of the text, the Unicode version of this Python and one table; both
enter the config (`UNICODE`, `TABLE_DIGEST`). Time is linear in the length of the text, whatever the
text. This module must never judge what a text says, and never show a view to anyone: views are for
comparing.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from ombud.signals import drawn_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNICODE = unicodedata.unidata_version
TABLE_DIGEST = (
    "6c9f849bb3740e0877b7a514b4782982e276ac5ba582df6ea04966a07641fa63"  # of tables/confusables.txt
)

MARKS_MAX = 8  # combining marks in a row that are kept; no living writing stacks more
NORMAL_MAX = 131_072  # characters of a normalised text; twice the longest text: most only shrink
GROWTH_MAX = 18  # characters of one that is composed (U+FDFA)
CONTENT_MIN = 12  # letters; below that two texts are equal by chance: greetings, "+1"
CONTENT_MAX = 65_536  # letters that count
WORD_SHORT = 16  # characters of a word whose answer is kept
WORDS_KEPT = 16_384
ROUNDS_MAX = 6  # until normalising changes nothing more; three are enough for each character

_CONTROLS = dict.fromkeys((*range(32), 127), " ")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_NO_LETTER = bytes(code for code in range(128) if not chr(code).isalpha())
_SURROGATE = re.compile("[\ud800-\udfff]")
# Characters without a look of their own: format characters apart from those that show (U+0600 and
# its like), variation selectors, fillers, the blank of braille.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_UNSEEN = re.compile(  # those of them that Python calls printable
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Capitals that pass for others only while they are capitals: the I in "PaypaI", and (see _capitals)
# the Greek nu in a word of capitals.
_CAPITAL_I = re.compile("I(?<=[a-z][a-z]I)")  # the letter first: it is rare
_LATIN_MARKED = re.compile(
    "([a-z\u00df-\u024f\u0250-\u02af\u1e00-\u1eff])"
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+"
)
# Latin letters that Unicode does not take apart, first of all the Vietnamese d with stroke.
_STROKES = {**dict(zip("đðøłħŧı", "ddolhti", strict=True)), "æ": "ae", "œ": "oe"}
_STROKED = re.compile(f"[{''.join(_STROKES)}]")
_LEET = str.maketrans("013457@$", "oleastas")
_LEET_SIGN = re.compile("[013457@$]")
_LEET_WORD = re.compile(r"[\w@$]+")


# --- normalised ----------------------------------------------------------------------------------


def normalise(text: str) -> str:
    """NFKC, one case, no invisible characters, control characters and white space as single spaces.

    Runs of combining marks are cut after MARKS_MAX, and the whole after NORMAL_MAX characters: one
    sign can stand for eighteen. `normalise(normalise(x)) == normalise(x)`.
    Joiners go too, in emoji and in Persian alike: the view is for comparing, not for showing.
    """
    if text.isascii():
        text = text.lower()
        if not text.isprintable():
            text = " ".join(text.translate(_CONTROLS).split())
    elif _plain(text):
        text = _composed(text)
    else:  # line breaks and joined emoji are the usual reasons, and quickly undone
        text = _INVISIBLE.sub("", " ".join(text.split()))
        text = _composed(text) if _plain(text) else _settled(text)
    text = " ".join(text.split()) if "  " in text else text.strip()
    return text if len(text) <= NORMAL_MAX else text[:NORMAL_MAX].rstrip()


def _plain(text: str) -> bool:
    """Whether composing the text is quick and final: nothing invisible, no long runs of marks."""
    if not text.isprintable():
        return False
    return _suspect().search(text) is None or (
        _UNSEEN.search(text) is None and _many_marks().search(text) is None
    )


def _composed(text: str) -> str:
    """The short way: compose and fold the case once; most texts then change no more."""
    once = unicodedata.normalize("NFKC", text)[:NORMAL_MAX].casefold()
    twice = unicodedata.normalize("NFKC", once)
    return once if twice == once else _settled(twice)


def _settled(text: str) -> str:
    """The long way: clean, compose and fold the case until nothing changes."""
    for _ in range(ROUNDS_MAX):
        after = unicodedata.normalize("NFKC", " ".join(compose(text).casefold().split()))
        if after == text:
            break
        text = after
    return text


def compose(text: str) -> str:
    """NFKC without invisible and control characters, the case kept: safe for any text.

    Python's own composition takes quadratic time over a run of combining marks; runs are cut first.
    At most NORMAL_MAX characters come out.
    """
    return _whole(text)[:NORMAL_MAX]


def is_cut(text: str) -> bool:
    """Whether a text grows so much when it is composed that its views are of a part of it."""
    return len(text) * GROWTH_MAX > NORMAL_MAX and len(_whole(text)) > NORMAL_MAX


def _whole(text: str) -> str:
    if not _plain(text):
        text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", _CONTROL.sub(" ", text)))
        text = _runs().sub(_cut, text)
    return unicodedata.normalize("NFKC", text)


def _cut(run: re.Match[str]) -> str:
    """The run with at most MARKS_MAX combining marks in a row."""
    kept = []
    marks = 0
    for character in run.group():
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MARKS_MAX:
            kept.append(character)
    return "".join(kept)


@functools.cache
def marks() -> str:
    """The combining marks of the basic plane, as the inside of a character class."""
    codes = [c for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


@functools.cache
def _suspect() -> re.Pattern[str]:
    """A quick look for what `_plain` must look at closely."""
    return re.compile(f"[{marks()}{_UNSEEN.pattern[1:-1]}\U00010000-\U0001efff]")


@functools.cache
def _many_marks() -> re.Pattern[str]:
    """Finds runs that composing may make too long: one letter can set three marks free (U+1F82)."""
    return re.compile(f"[{marks()}\U00010000-\U0001efff]{{{MARKS_MAX - 3},}}")


@functools.cache
def _runs() -> re.Pattern[str]:
    """Finds runs that may hold too many marks; beyond the basic plane `_cut` looks closer."""
    return re.compile(f"[{marks()}\U00010000-\U0001efff]{{{MARKS_MAX + 1},}}")


# --- folded --------------------------------------------------------------------------------------


def fold(normal: str) -> str:
    """A normalised text with the diacritics of Latin letters folded away; other scripts stay whole.

    Vietnamese "chó" and "cho" fold to one word; the vowel signs of Hindi, the syllables of Korean
    and the tone marks of Thai are letters there and stay.
    """
    if normal.isascii():
        return normal
    return " ".join(map(_folded.__getitem__, normal.split(" ")))


class _Words(dict[str, str]):
    """Answers by word. A language has few short words: their answers are kept, in bounded memory,
    and found without running a line of Python.
    """

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self.change = change

    def __missing__(self, word: str) -> str:
        answer = self.change(word)
        if len(word) <= WORD_SHORT:
            if len(self) >= WORDS_KEPT:
                self.clear()
            self[word] = answer
        return answer


def _fold(word: str) -> str:
    if word.isascii():
        return word
    apart = _STROKED.sub(lambda found: _STROKES[found.group()], word)
    apart = _LATIN_MARKED.sub(r"\1", unicodedata.normalize("NFD", apart))
    return apart if apart.isascii() else unicodedata.normalize("NFC", apart)


_folded = _Words(_fold)


# --- skeleton ------------------------------------------------------------------------------------


def skeleton(text: str, normal: str | None = None) -> str:
    """What a reader takes the text for: look-alike letters and digit-for-letter writing undone.

    UTS 39, section 4 (NFD, each character to its prototype, NFD), on the normalised text, in lower
    case. Two differences from the standard: digits stand for letters only inside words that hold
    letters ("fr33", not "100"), and a lower-case letter also counts as what its capital looks like.
    For comparing with other skeletons only: "modern" becomes "rnodern", as does "rnodern".
    `normal`: the text normalised, where that is known.
    """
    seen = text
    if "I" in text:
        text = _CAPITAL_I.sub("l", text)
    if not text.isascii() and _capitals().search(text) is not None:
        text = _capitals().sub(lambda found: _table()[found.group()], text)
    if normal is None or text != seen:
        normal = normalise(text)
    if normal.isascii():
        return _unleet(_confused(normal))
    return " ".join(map(_skeletons.__getitem__, normal.split(" ")))


def _confused(normal: str) -> str:
    """Each character of a normalised text as its prototype; digits stay."""
    if not normal.isascii():
        normal = " ".join(map(_looks.__getitem__, normal.split(" ")))
    return normal.replace("m", "rn").replace('"', "''").replace("`", "'")


def _prototypes(word: str) -> str:
    """UTS 39: NFD, each character that is not ASCII to its prototype, NFD."""
    if word.isascii():
        return word
    if len(parts := drawn_letters.FLAG.split(word)) > 1:  # each second one is a flag
        return "".join(_prototypes(p) if at % 2 == 0 else p for at, p in enumerate(parts))
    apart = unicodedata.normalize("NFD", word)
    apart = apart.translate({ord(c): _prototype(c) for c in set(apart) if c > "\x7f"})
    return apart if apart.isascii() else unicodedata.normalize("NFD", apart)


_looks = _Words(_prototypes)


@functools.lru_cache(maxsize=8192)
def _prototype(character: str) -> str:
    """The prototype of one character that is not ASCII, in lower case."""
    found = character
    for _ in range(ROUNDS_MAX):
        looks = "".join(_look(each) if each > "\x7f" else each for each in found)
        after = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", looks).casefold())
        if after == found:
            break
        found = after
    return found.replace("m", "rn").replace('"', "''").replace("`", "'")


def _look(character: str) -> str:
    """A character's prototype in the table, or that of its capital where only that is a letter.

    "НELLO" in one case is "нello": the small letter stands for what its capital looks like.
    """
    found = _table().get(character, character)
    if not found.isascii():
        capital = _table().get(character.upper(), character)
        if capital.isascii() and capital.isalpha():
            return capital
    return found


def _unleet(confused: str) -> str:
    """Digits as letters again, looking only at what stands between two spaces around a digit."""
    found, done = _LEET_SIGN.search(confused), 0
    if found is None:
        return confused
    parts: list[str] = []
    while found is not None:
        start = confused.rfind(" ", done, found.start()) + 1 or done
        end = confused.find(" ", found.end())
        end = len(confused) if end < 0 else end
        parts += confused[done:start], _LEET_WORD.sub(_unleet_word, confused[start:end])
        found, done = _LEET_SIGN.search(confused, end), end
    return "".join([*parts, confused[done:]])


_skeletons = _Words(lambda word: _unleet(_confused(word)))


def _unleet_word(found: re.Match[str]) -> str:
    """Digits as letters in a word of two letters or more, or that begins with one: not in "5k"."""
    word = found.group()
    if _LEET_SIGN.search(word) is None:
        return word
    if word[0].isalpha() or sum(map(str.isalpha, word)) > 1:
        return word.translate(_LEET)
    return word


@functools.cache
def _table() -> dict[str, str]:
    """The confusables and the drawn letters: character -> prototype."""
    import importlib.resources  # slow to import

    source = importlib.resources.files("ombud.signals").joinpath("tables/confusables.txt")
    content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != TABLE_DIGEST:
        raise ValueError("tables/confusables.txt is not the table this program was made with")
    table = {}
    for line in content.decode().splitlines():
        if not line.startswith("#"):
            character, prototype = line.split(";")
            table[chr(int(character, 16))] = "".join(chr(int(c, 16)) for c in prototype.split())
    return {**table, **drawn_letters.letters()}


def prototypes() -> Mapping[str, str]:
    """The characters of the table of confusables and drawn letters, and what they look like."""
    return _table()


@functools.cache
def _capitals() -> re.Pattern[str]:
    """Capitals that look like a Latin one while their small letter does not: Greek nu, upsilon."""
    found = [
        character
        for character, prototype in _table().items()
        if prototype.isascii()
        and prototype.isalpha()
        and prototype.isupper()
        and character > "\x7f"
        and len(character.casefold()) == 1
        and character.casefold() != character
        and _prototype(character.casefold()) != prototype.casefold().replace("m", "rn")
        and unicodedata.normalize("NFKC", character) == character
    ]
    return re.compile(f"[{''.join(found)}]")


# --- content and words ---------------------------------------------------------------------------


def content(normal: str) -> str:
    """The letters that make two posts "the same text"; "" where there are fewer than CONTENT_MIN.

    Case, digits, punctuation, emoji, spaces, Latin diacritics and look-alike letters do not count.
    Takes the normalised text.
    """
    normal = normal[: 2 * CONTENT_MAX]
    letters = fold(normal)
    if not letters.isascii():
        letters = fold(_confused(normal))
    if letters.isascii():
        plain = letters.replace("m", "rn").encode("ascii")
        letters = plain.translate(None, _NO_LETTER).decode("ascii")
    else:
        letters = "".join(filter(_counts, letters.replace("m", "rn")))
    return letters[:CONTENT_MAX] if len(letters) >= CONTENT_MIN else ""


@functools.lru_cache(maxsize=8192)
def _counts(character: str) -> bool:
    """Whether a character is a letter, or a vowel sign that is one in its script."""
    return character.isalpha() or unicodedata.category(character) in ("Mn", "Mc")


def words(normal: str) -> tuple[str, ...]:
    """The words of a normalised text: runs of letters, digits, underscores and their marks."""
    return tuple(_words().findall(normal))


def is_mark(character: str) -> bool:
    """Whether a character is a combining mark: part of the letter before it."""
    return character >= "\u0300" and unicodedata.category(character)[0] == "M"


@functools.cache
def _words() -> re.Pattern[str]:
    return re.compile(rf"[\w{marks()}]+")
