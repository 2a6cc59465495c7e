"""The terms of a list in a text: as whole words, or with a star for more letters of the word.

    viagr*    a word that begins so        *coin    a word that ends so
    *coin*    a word with this inside      \\*coin   the star itself

A star counts so only at the beginning or end of a term and beside a letter or digit; anywhere else
it is a star. An automaton looks for all forms of all terms in one pass, so that the time goes with
the length of the text and not with the number of terms. This module must never match inside a word
what is written without a star.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ombud.signals import views

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

FOUND_MAX = 5
AUTOMATON_MAX = 131_072  # forms in one automaton: while it is built, no other thread goes on
TOLD_TOGETHER = 65_536  # forms whose finds are told by their places; those of later ones come after
STAR_MIN = 3  # letters and digits beside a star; fewer would be found in every other text

# Where a form of a term is looked for: in the normal and folded view, in the skeleton; and on which
# sides the word may go on.
PLAIN, SKELETON, BEFORE, AFTER = 1, 2, 4, 8

# Scripts that write words without spaces: Thai to Tibetan, Myanmar, Khmer, kana, Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)

Alive = Callable[[int], bool]


class Star(NamedTuple):
    """A term as it is looked for: the letters, and on which sides the word may go on."""

    letters: str
    sides: int = 0


def starred(term: str) -> Star:
    """What is meant by a term that may begin or end with a star."""
    sides = 0
    if len(term) > 1 and term[0] == "*" and term[1].isalnum():
        term, sides = term[1:], BEFORE
    elif len(term) > 2 and term[:2] == "\\*" and term[2].isalnum():
        term = term[1:]
    if len(term) > 1 and term[-1] == "*":
        if term[-2].isalnum() or views.is_mark(term[-2]):
            term, sides = term[:-1], sides | AFTER
        elif len(term) > 2 and term[-2] == "\\" and term[-3].isalnum():
            term = term[:-2] + "*"
    return Star(term, sides)


def has_star(term: str) -> bool:
    """Whether a term begins or ends with a star, escaped or not."""
    return term[:1] == "*" or term[-1:] == "*" or term[:2] == "\\*"


def too_short(star: Star) -> bool:
    """Whether a term with a star has too few letters: it would be found in every other text."""
    normal = views.normalise(star.letters)
    letters = sum(map(str.isalnum, normal))
    return star.sides != 0 and letters < STAR_MIN and _UNSPACED.search(normal) is None


class Words:
    """All forms of the terms of a list, in as few automata as can be built without holding others
    up.

    The forms of an automaton are neighbours in alphabetical order. So it is built in half the time,
    and most of a text leads nowhere in it. Which terms are told first goes by the order of the list
    all the same.
    """

    __slots__ = ("_automata", "_first", "_flags", "_more", "_order")

    def __init__(self, stars: Sequence[Star]) -> None:
        import ahocorasick_rs  # slow to import

        forms: dict[str, int] = {}
        self._first = array("I")  # of each form: its term
        self._flags = bytearray()  # and where it counts
        self._more: dict[int, list[tuple[int, int]]] = {}  # the same of further terms
        later: list[tuple[str, int, int]] = []
        for index, (letters, sides) in enumerate(stars):
            normal = views.normalise(letters)
            skeleton = views.skeleton(letters, normal)
            if normal == skeleton:
                self._add(forms, normal, index, PLAIN | SKELETON | sides)
            else:
                self._add(forms, normal, index, PLAIN | sides)
                later.append((skeleton, index, SKELETON | sides))
        for skeleton, index, flags in later:
            self._add(forms, skeleton, index, flags)
        self._order = array("I")  # the numbers of the forms, as the automata have them
        self._automata: list[tuple[int, AhoCorasick]] = []  # with the place of its first form
        ordered = _alphabetical(forms)
        for start in range(0, len(ordered), AUTOMATON_MAX):
            part = ordered[start : start + AUTOMATON_MAX]
            self._order.extend(map(forms.__getitem__, part))
            self._automata.append((start, ahocorasick_rs.AhoCorasick(part)))

    def _add(self, forms: dict[str, int], form: str, index: int, flags: int) -> None:
        number = forms.get(form)
        if number is None:
            if form:
                forms[form] = len(forms)
                self._first.append(index)
                self._flags.append(flags)
        else:
            self._more.setdefault(number, []).append((index, flags))

    def look(self, view: str, kinds: int, found: dict[int, None], alive: Alive | None) -> None:
        """Add the terms (by their place) that occur in a view of the `kinds`, to FOUND_MAX."""
        matches: list[tuple[int, int, int]] = []
        for base, automaton in self._automata:
            here = automaton.find_matches_as_indexes(view, overlapping=True)
            if here:
                matches += [(self._order[base + place], start, end) for place, start, end in here]
        if len(matches) > 1 and len(self._order) > min(TOLD_TOGETHER, AUTOMATON_MAX):
            matches.sort(key=_told)
        for number, start, end in matches:
            index, flags = self._first[number], self._flags[number]
            if _fits(view, start, end, flags, kinds) and (alive is None or alive(index)):
                found[index] = None
            elif number in self._more:
                for index, flags in self._more[number]:
                    if _fits(view, start, end, flags, kinds) and (alive is None or alive(index)):
                        found[index] = None
                        break
            if len(found) >= FOUND_MAX:
                return


def _told(match: tuple[int, int, int]) -> tuple[int, int, int]:
    """Which of two finds is told first: by their forms, where they end, the longer one."""
    number, start, end = match
    return number // TOLD_TOGETHER, end, start


def _alphabetical(forms: Iterable[str]) -> list[str]:
    """The forms in order, sorted in parts: while one long sort runs, no other thread goes on."""
    initials: dict[str, list[str]] = {}
    for form in forms:
        initials.setdefault(form[0], []).append(form)
    ordered: list[str] = []
    for initial in sorted(initials):
        ordered += sorted(initials[initial])
    return ordered


def _fits(view: str, start: int, end: int, flags: int, kinds: int) -> bool:
    """Whether a form counts in this view and at this place: not inside a longer word, unless a star
    says so.
    """
    return bool(flags & kinds) and not (
        (start > 0 and not flags & BEFORE and _joins(view[start - 1], view[start]))
        or (end < len(view) and not flags & AFTER and _joins(view[end - 1], view[end]))
    )


def _joins(left: str, right: str) -> bool:
    """Whether two neighbouring characters stand in one word."""
    if views.is_mark(right):
        return True  # "ho" is no word in "ho" with a tone mark
    if not (left.isalnum() or left == "_" or views.is_mark(left)):
        return False
    if not (right.isalnum() or right == "_"):
        return False
    return _UNSPACED.match(left) is None or _UNSPACED.match(right) is None


def views_of(
    text: str | None, normal: str | None, folded: str | None, skeleton: str | None
) -> Mapping[str, int]:
    """The views in which terms are looked for, each once, and which forms count there."""
    if normal is None and text is not None:
        normal = views.normalise(text)
    where: dict[str, int] = {}
    for view, flag in ((normal, PLAIN), (folded, PLAIN), (skeleton, SKELETON)):
        if view:
            where[view] = where.get(view, 0) | flag
    return where
