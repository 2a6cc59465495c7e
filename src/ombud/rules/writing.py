"""Ordinary writing, as texts that a condition can be tried on: by language, then by alphabet.

Each text has the same length, the same digits and the same signs, so that a condition on those
holds of all of it or of none. This module must never judge a person's text.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

from ombud.rules import characters
from ombud.rules.everyday import EVERYDAY, FUNCTION_WORDS
from ombud.signals import views

LENGTH = 600  # letters of each text, so that a condition on length holds of all or of none
AGAIN = 20  # so often a letter is tried in a row, for patterns that want several
RUNS = 8  # letters of an alphabet that are tried in a row
SIGNS = 2000  # an alphabet of more has signs that are words: one of them alone picks nobody
_BETWEEN = (", ", ". ", "! ", "? ", " 12 ", ": ")  # what stands between words, in turn
_END = ' (1) 23 - 456: 7.8, 90! "12"?'
_ADDRESSES = "http https www com net org"  # parts of any address: no words of anybody's own

Texts = tuple[str, ...]


@functools.cache
def writing() -> tuple[Texts, ...]:
    """Ordinary writing by language, then by alphabet: normalised texts of LENGTH letters each."""
    sentences = [(filled(views.normalise(each)),) for each in (*FUNCTION_WORDS, *EVERYDAY)]
    return (*sentences, *_alphabets())


@functools.cache
def everything() -> str:
    """All of it in one text."""
    return " ".join(text for texts in writing() for text in texts)


@functools.cache
def plain() -> tuple[str, ...]:
    """A text of each language and alphabet without digits and signs."""
    said = [views.normalise(each) for each in (*FUNCTION_WORDS, *EVERYDAY)]
    return (*said, *(" ".join(letters[:SIGNS]) for _, letters in characters.known()))


@functools.cache
def spoken() -> str:
    """What the languages have, without the alphabets: with diacritics, then without."""
    said = " ".join(views.normalise(each) for each in (*FUNCTION_WORDS, *EVERYDAY, _ADDRESSES))
    return f" {said}  {views.fold(said)} "


@functools.cache
def spoken_words() -> frozenset[str]:
    """The words of it."""
    return frozenset(spoken().split())


def filled(text: str) -> str:
    """A text again and again, then with signs between its words, up to LENGTH."""
    size = LENGTH - len(_END)
    plain = f"{text} " * max(1, size // 3 // (len(text) + 1))
    words = zip(itertools.cycle(text.split()), itertools.cycle(_BETWEEN), strict=False)
    signed = "".join(word + sign for word, sign in itertools.islice(words, size // 3))
    return (plain + signed)[:size].rstrip().ljust(size, "-") + _END


def _alphabets() -> Iterator[Texts]:
    """The letters of each alphabet, one by one and in a row; a to z stand in sentences."""
    for _, letters in characters.known():
        if len(letters) > SIGNS:
            continue
        parts = [" ".join(letters[at : at + 100]) for at in range(0, len(letters), 100)]
        parts += [" ".join(letter * AGAIN for letter in letters[:RUNS])]
        yield tuple(filled(part) for part in parts)
