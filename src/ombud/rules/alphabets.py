"""Whether a text condition picks a language or an alphabet, instead of asking for words.

A condition is tried on ordinary writing: sentences of function words in many languages, and the
letters of every alphabet that this Unicode knows. One that holds of some of it and not of all tells
who writes in what, since nobody can write there without meeting it; one that holds of none has
words of its own, in whatever alphabet, and one that holds of all of it tells nothing. No language
is listed as one to be guarded: a condition is weighed by what it holds of. It is a floor, not a
proof: a rarer word that only one language has is not noticed. This module must never judge a
person's text.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from ombud.rules import letters, pattern_tree
from ombud.rules.phrases import compiled
from ombud.rules.tree import TextTest
from ombud.rules.writing import everything, plain, writing
from ombud.signals import views
from ombud.signals.lists import TermList

SHOWN = 24  # letters of what is shown as an example


def picks(written: TextTest) -> str | None:
    """A piece of ordinary writing that a condition holds of, where it holds of some only."""
    if written.how == "quotes":
        return None
    return _picks(written.how, written.operand)


def of_list(terms: Callable[[str, str, str, str], tuple[str, ...]]) -> str | None:
    """A term of a list that ordinary writing of some languages or alphabets has; `terms` says which
    occur in a text, as `TermList.find`.
    """

    def found(text: str) -> str | None:
        return next(iter(terms(text, text, "", "")), None)

    return None if found(everything()) is None else _some_only(found, "")


@functools.lru_cache(maxsize=1024)
def _picks(how: str, operand: str) -> str | None:
    if how == "matches" and letters.asks_for_none(operand):
        return None
    found = _finder(how, operand)
    tried = how == "matches" or found(everything()) is not None
    if tried and (example := _some_only(found, operand)) is not None:
        return example
    way = letters.first_without(operand) if how == "matches" else _without(how, operand)
    if way is None or (how == "matches" and _of_all(found)):
        return None
    return letters.example(way)[:SHOWN].strip() or operand[:SHOWN]


def _without(how: str, operand: str) -> pattern_tree.Way | None:
    """The one way of a plain text, where it needs nothing of its own. One sign that is a word, and
    two letters of a to z that are one, are tried on ordinary writing and no more.
    """
    wanted = views.normalise(operand)
    begins = wanted[0].isalnum()
    ends = begins and wanted[-1].isalnum() and how != "starts with"
    way = pattern_tree.of_text(wanted, begins=begins, ends=ends)
    said = tuple(each for each in wanted if each.isalpha())
    short = len(said) < letters.WORD_MIN and (wanted.isascii() or all(map(letters.is_word, said)))
    return None if letters.needs_own(way) or (short and not letters.said(wanted)) else way


def _of_all(found: Callable[[str], str | None]) -> bool:
    """Whether a condition holds of what is written in any alphabet: that tells nothing."""
    return all(found(text) is not None for text in plain())


def _some_only(found: Callable[[str], str | None], operand: str) -> str | None:
    """What of ordinary writing is found, where it is found in some of it and not in all."""
    example, every = None, True
    for texts in writing():
        here = next((piece for text in texts if (piece := found(text)) is not None), None)
        if here is None:
            every = False
        elif example is None:
            example = here[:SHOWN].strip() or operand[:SHOWN]
        if example is not None and not every:
            return example
    return None


def _finder(how: str, operand: str) -> Callable[[str], str | None]:
    """What of a normalised text a condition holds of; None where it does not hold."""
    if how == "matches":
        search = compiled(operand).search

        def matched(text: str) -> str | None:
            found = search(text.encode())
            return None if found is None else found.group(0).decode(errors="replace")

        return matched
    wanted = views.normalise(operand)
    if how == "starts with":  # any text may begin with any of its words
        return lambda text: wanted if f" {wanted}" in f" {text}" else None
    whole = wanted[0].isalnum() and wanted[-1].isalnum()
    term = TermList("", (operand,))
    return lambda text: (
        wanted if wanted in text and (not whole or term.find(text, text, "", "")) else None
    )
