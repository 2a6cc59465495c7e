"""A text with its numbers made plain, for finding private data: the letters and places stay.

- compatible forms (NFKC): full-width, circled and mathematical digits; keycaps; no invisible signs;
- the decimal digits of every script as 0-9;
- "O" and "l" for 0 and 1 in a word that has at least six digits and no other letter;
- digits spelled out in English or Vietnamese, eight in a row or more, the first of them a zero.
  Fewer are not read: "không" is also "not", "năm" also "year", "ba" also "father".

This module must never show its text to anyone, and never guess at numbers in prose.
"""

from __future__ import annotations

import re
import unicodedata

from ombud.signals import views

LENGTH_MAX = 65_536  # characters that are read
LETTERED_MIN = 6  # digits in a word that may have letters for some
SPELLED_MIN = 8  # digits spelled out in a row

_SPELLED = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "không": "0", "khong": "0", "một": "1", "mot": "1", "mốt": "1", "hai": "2", "ba": "3",
    "bốn": "4", "bon": "4", "tư": "4", "tu": "4", "năm": "5", "nam": "5", "lăm": "5", "lam": "5",
    "sáu": "6", "sau": "6", "bảy": "7", "bay": "7", "bẩy": "7", "tám": "8", "tam": "8",
    "chín": "9", "chin": "9",
}  # fmt: skip
_ZERO = ("zero", "không", "khong")
_WORD = "|".join(sorted(_SPELLED, key=len, reverse=True))
_ROW = re.compile(
    rf"(?:zero|không|khong)(?:[ ,.\-]{{1,3}}(?:{_WORD}|\d)){{{SPELLED_MIN - 1},18}}(?![^\W\d_])"
)
_EACH = re.compile(rf"{_WORD}|\d")
_LETTERED = re.compile(r"\b[0-9oOlI]{7,19}\b")
_LETTERS = str.maketrans("oOlI", "0011")
_DIGITS = re.compile("[0-9]+")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_KEYCAP = "\u20e3"
_HINT = re.compile(r"[\d@]")


def holds_nothing(normal: str) -> bool:
    """A quick look at a normalised text: no digit, no mail address, no number spelled out."""
    if _HINT.search(normal) is not None:
        return False
    if any(zero in normal for zero in _ZERO) and _ROW.search(normal) is not None:
        return False
    return not any(sign in normal for sign in ("(at)", "[at]", "{at}", " dot "))


def plain(text: str) -> str:
    """The text as detectors read it."""
    text = views.compose(text[:LENGTH_MAX])
    if not text.isascii():
        text = _digits(text.replace(_KEYCAP, ""))
    if sum(map(len, _DIGITS.findall(text))) >= LETTERED_MIN:
        text = _LETTERED.sub(_unlettered, text)
    low = text.lower()
    if len(low) != len(text):  # a capital of two small letters: places would shift
        text = low
    if any(zero in low for zero in _ZERO):
        return _read_out(text, low)
    return text


def _digits(text: str) -> str:
    """The decimal digits of other scripts as 0-9."""
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found.group())), text)


def _unlettered(found: re.Match[str]) -> str:
    word = found.group()
    if sum(map(str.isdigit, word)) < LETTERED_MIN:
        return word
    return word.translate(_LETTERS)


def _read_out(text: str, low: str) -> str:
    """The text with spelled-out numbers written in digits."""
    parts = []
    at = 0
    for row in _ROW.finditer(low):
        if row.start() and low[row.start() - 1].isalpha():
            continue
        parts.append(text[at : row.start()])
        parts.append("".join(_SPELLED.get(each, each) for each in _EACH.findall(row.group())))
        at = row.end()
    return "".join([*parts, text[at:]])
