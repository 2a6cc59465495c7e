"""Whether a condition needs something of its own, besides the letters of some alphabet.

A condition can be met in several ways. Each must need a word, or a part of one, that ordinary
writing does not have; or something that is built of digits and signs, such as a phone number, a
price or an address, and comes with no class of letters; or no letters at all. Letters of one
alphabet with full stops, digits, spaces or a length beside them are what everybody writes who
writes in it: they count for nothing, whatever is joined to them.

It is a floor, not a proof: a word that ordinary writing lacks here counts, though one language may
have it often. This module must never judge a person's text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import pairwise

from ombud.rules import characters, pattern_tree
from ombud.rules.pattern_tree import EDGE, GAP, Unit, Way
from ombud.rules.phrases import compiled
from ombud.rules.writing import spoken, spoken_words
from ombud.signals import views

WORD_MIN = 3  # letters of a word or a part of one; two of scripts that have signs for words
PHRASE_MIN = 4  # ordinary words in a row are a phrase of their own, where nobody says it every day
CODE_MIN = 16  # letters and digits without a space: longer than words are
MARKS_MIN = 5  # marks on one letter: no living writing stacks as many
_WORD_SIGNS = ("CJK", "HANGUL", "KATAKANA")
_LOOK_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "COPTIC"})

# What is built: signs that no sentence ends with beside letters or digits of ASCII; a host; a
# number with its unit. In a shape, "\x01" stands for a class of letters and digits, "?" for what is
# neither.
_BUILT = re.compile(
    r"[a-z0-9]{2}[@#$%=&~|<>\\+*_/]|[@#$%=&~|<>\\+*_/][a-z0-9]{2}|[a-z0-9][@#/=_][\x01a-z0-9]"
    r"|[@#]\x01|://|\.[a-z]{2}|[0-9][a-z]|[a-z][0-9]"
)


def needs_own(way: Way) -> bool:
    """Whether one way of meeting a condition needs something of its own, or no letters."""
    units = tuple(_read(way))
    if not any(map(_of_an_alphabet, units)):
        return True
    if any(_own_run(run) for run in _runs(units)):
        return True
    if any(_mixed(one, other) for one, other in pairwise(units)):
        return True
    if any(_is_class(each, "alphabet") for each in units):
        return False
    groups = tuple(_groups(units))
    return any(_built(group) for group in groups) and all(
        _built(group) or not any(map(_is_letter, group)) for group in groups
    )


def first_without(pattern: str) -> Way | None:
    """The first way of meeting a pattern that needs nothing of its own; None where each does."""
    return next((way for way in pattern_tree.ways(pattern) if not needs_own(way)), None)


def asks_for_none(pattern: str) -> bool:
    """Whether no way of meeting a pattern asks for letters that not everybody writes with."""
    return not any(
        _of_an_alphabet(unit) for way in pattern_tree.ways(pattern) for unit in _read(way)
    )


def example(way: Way) -> str:
    """What such a way asks for, to be shown: its letters, or some of its class."""
    classes = [characters.of_class(unit.text) for unit in way if unit.kind == "class"]
    taken = next((each.example for each in classes if each.sort not in ("plain", "any")), "")
    signs = (unit.text if unit.kind == "letter" else " " for unit in _read(way))
    words = "".join(each if _in_word(each) else " " for each in signs).split()
    return taken or " ".join(words) or "".join(unit.text for unit in way)


def is_word(sign: str) -> bool:
    """Whether it is of a script whose signs can be words."""
    return characters.alphabet(sign).startswith(_WORD_SIGNS)


def said(text: str) -> bool:
    """Whether a normalised text is made of words or signs that ordinary writing has."""
    words = re.findall(r"[^\W\d_]+", text)
    return all(each in spoken_words() or (is_word(each[0]) and each in spoken()) for each in words)


# --- what the units are ---------------------------------------------------------------------------


def _read(way: Way) -> Iterator[Unit]:
    """The units as a normalised text has them: one case, a space for a class of spaces, and one
    letter for a class of one.
    """
    for unit in way:
        if unit.kind == "letter":
            folded = views.normalise(unit.text) or (" " if unit.text.isspace() else unit.text)
            yield from (Unit("letter", each) for each in folded)
        elif unit.kind == "class":
            taken = characters.of_class(unit.text)
            if taken.sort == "plain" and taken.space and not taken.digits:
                yield Unit("letter", " ")
            elif taken.sort == "few" and taken.example == taken.example[:1] and not taken.digits:
                yield from (Unit("letter", taken.example),) * min(unit.least, CODE_MIN)
            else:
                yield unit
        else:
            yield unit


def _is_class(unit: Unit, *sorts: str) -> bool:
    return unit.kind == "class" and characters.of_class(unit.text).sort in sorts


def _of_an_alphabet(unit: Unit) -> bool:
    """Whether a unit asks for letters that not everybody writes with."""
    if unit.kind == "letter":
        return unit.text.isalpha() or characters.is_own_sign(unit.text)
    if unit.kind == "unsure":
        return True
    return unit.kind == "class" and not _is_class(unit, "plain", "any") and not _stacked(unit)


def _is_letter(unit: Unit) -> bool:
    return _of_an_alphabet(unit) or _is_class(unit, "code")


def _stacked(unit: Unit) -> bool:
    return _is_class(unit, "marks") and unit.least >= MARKS_MIN


def _mixed(one: Unit, other: Unit) -> bool:
    """Whether letters of two alphabets that look alike stand in one word, as nobody writes."""
    if not (_is_class(one, "alphabet", "some") and _is_class(other, "alphabet", "some")):
        return False
    first, second = (characters.of_class(each.text).alphabets for each in (one, other))
    return not first & second and (first | second) <= _LOOK_ALIKE


# --- words ----------------------------------------------------------------------------------------


def _runs(units: Way) -> Iterator[Way]:
    """Letters and spaces in a row, between edges where a word must begin or end there."""
    run: list[Unit] = []
    for unit in (*units, GAP):
        if (unit.kind == "letter" and _in_word(unit.text)) or _is_class(unit, "few", "some"):
            run.append(unit)
            continue
        ends = unit.kind in ("letter", "edge") or _is_class(unit, "plain")
        if ends:
            run.append(EDGE)
        if any(each.kind in ("letter", "class") for each in run):
            yield tuple(run)
        run = [EDGE] if ends else []


def _in_word(character: str) -> bool:
    return character.isalpha() or character == " " or views.is_mark(character)


def _own_run(run: Way) -> bool:
    """Whether a run is a word, a part of one or a phrase that ordinary writing does not have."""
    words: list[list[Unit]] = [[]]
    for unit in run:
        if unit.kind == "edge" or unit.text == " ":
            words.append([])
        else:
            words[-1].append(unit)
    begins, ends = not words[0], not words[-1]
    several = [tuple(word) for word in words if word]
    if not several or sum(map(_weight, (unit for word in several for unit in word))) < WORD_MIN:
        return False
    if _found(" ".join(map(_pattern, several)), begins=begins, ends=ends):
        return False
    if len(several) >= PHRASE_MIN:
        return True
    last = len(several) - 1
    return any(
        _own_word(word, begins=begins or at > 0, ends=ends or at < last)
        for at, word in enumerate(several)
    )


def _own_word(word: Way, *, begins: bool, ends: bool) -> bool:
    if _found(_pattern(word), begins=begins, ends=ends):
        return False
    signs = [unit.text for unit in word if unit.kind == "letter"]
    joined = all(characters.alphabet(each) == "CJK" for each in signs) and len(word) < PHRASE_MIN
    return not (joined and len(signs) == len(word) and all(each in spoken() for each in signs))


def _weight(unit: Unit) -> int:
    """How much a letter counts, so that WORD_MIN is enough."""
    if unit.kind == "class":
        return 1 if _is_class(unit, "few") else 0
    if not unit.text.isalpha():
        return 0
    return 2 if is_word(unit.text) else 1


def _pattern(word: Way) -> str:
    return "".join(re.escape(each.text) if each.kind == "letter" else each.text for each in word)


@functools.lru_cache(maxsize=4096)
def _found(pattern: str, *, begins: bool, ends: bool) -> bool:
    """Whether ordinary writing has it: as a whole word where it begins and ends as one."""
    if begins and ends and "[" not in pattern and "\\" not in pattern and " " not in pattern:
        return pattern in spoken_words()
    whole = (r"(?:^|[^\pL\pM])" if begins else "") + pattern + (r"(?:[^\pL\pM]|$)" if ends else "")
    return compiled(whole).search(spoken().encode()) is not None


# --- what is built --------------------------------------------------------------------------------


def _groups(units: Way) -> Iterator[Way]:
    """What stands together: between gaps, and classes of letters of every alphabet."""
    group: list[Unit] = []
    for unit in (*units, GAP):
        if unit.kind in ("gap", "unsure") or _is_class(unit, "any"):
            yield tuple(group)
            group = []
        else:
            group.append(unit)


def _built(group: Way) -> bool:
    if any(_stacked(each) for each in group):
        return True
    if any(_is_class(each, "code") and each.least >= CODE_MIN for each in group):
        return True
    return _BUILT.search("".join(map(_shape, group))) is not None


def _shape(unit: Unit) -> str:
    if unit.kind == "letter":
        return unit.text
    if unit.kind == "edge":
        return ""
    if _is_class(unit, "code"):
        return "\x01"
    taken = characters.of_class(unit.text)
    return "0" * min(unit.least, 2) if taken.sort == "plain" and taken.digits else "?"
