"""Classes of words ("hate" and "loathe" are one), and whom a clause says them of.

A model that learned from a few thousand texts has not seen most words; their class it has. For each
clause of a text, each class in it is told with whether it is negated or quoted, and whether the
clause names a group, speaks to somebody, or does neither: "hostile, of a group". This module must
never name a group, nor weigh anything: what a class weighs is learned.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence

_TABLE_DIGEST = "189eeb33e4bab7432b5327b0207e812e6133d36a2b4bb128ddf88e63d981d875"  # of tones.txt
WORDS_MAX = 4  # of one term
_DOUBLED = frozenset("bdgmnpt")

Terms = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]


def classes(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The places of a clause's words that begin a term of a class, and the class."""
    terms = _terms()
    for place, word in enumerate(words):
        for rest, kind in terms.get(word, ()):
            if not rest or tuple(words[place + 1 : place + 1 + len(rest)]) == rest:
                yield place, kind
                break


@functools.cache
def table() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The terms as committed, by class and language."""
    import importlib.resources  # slow to import

    source = importlib.resources.files("ombud.signals.learned").joinpath("tones.txt")
    content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != _TABLE_DIGEST:
        raise ValueError("tones.txt is not the table this program was made with")
    found = {}
    for line in content.decode().splitlines():
        if line and not line.startswith("#"):
            about, _, listed = line.partition(": ")
            kind, lang = about.split(" ")
            found[kind, lang] = tuple(dict.fromkeys(listed.split(", ")))
    return found


def digest() -> str:
    """What changes with the table; part of every model's features."""
    return _TABLE_DIGEST[:16]


@functools.cache
def _terms() -> Terms:
    """The rest of each term and its class by its first word, longest first."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for (kind, lang), terms in table().items():
        for term in terms:
            first, *rest = term.split("+")
            for form in _forms(first) if lang == "en" and not rest else (first,):
                found.setdefault(form, {}).setdefault(tuple(rest), f"{kind}.{lang}")
    return {
        first: sorted(rests.items(), key=lambda r: -len(r[0])) for first, rests in found.items()
    }


def _forms(word: str) -> tuple[str, ...]:
    """An English word with its usual endings; one that nobody writes harms nobody."""
    if len(word) < 3 or not word.isalpha():
        return (word,)
    stem = word[:-1] if word.endswith("e") else word
    more: tuple[str, ...]
    if word.endswith("y"):
        more = (word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    elif word[-1] in _DOUBLED and word[-2] in "aeiou" and word[-3] not in "aeiou":
        more = (word + "s", word + word[-1] + "ing", word + word[-1] + "ed", word + word[-1] + "er")
    else:
        more = (word + "s", word + "es", stem + "ing", stem + "ed", stem + "er", stem + "ers")
    return (word, *more)
