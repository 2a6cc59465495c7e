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
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ombud.signals import views

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

FOUND_MAX = 5
AUTOMATON_MAX = 65_536  # forms in one automaton: while it is built, no other thread goes on
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
    """

    __slots__ = ("_automata", "_first", "_flags", "_more")

    def __init__(self, stars: Sequence[Star]) -> None:
        import ahocorasick_rs  # slow to import

        forms: dict[str, int] = {}
        self._first = array("I")  # of each form: its term
        self._flags = bytearray()  # and where it counts
        self._more: dict[int, list[tuple[int, int]]] = {}  # the same of further terms
        later: list[tuple[str, int, int]] = []
        for index, (letters, sides) in enumerate(stars):
            normal, skeleton = views.normalise(letters), views.skeleton(letters)
            if normal == skeleton:
                self._add(forms, normal, index, PLAIN | SKELETON | sides)
            else:
                self._add(forms, normal, index, PLAIN | sides)
                later.append((skeleton, index, SKELETON | sides))
        for skeleton, index, flags in later:
            self._add(forms, skeleton, index, flags)
        every = list(forms)
        self._automata: list[tuple[int, AhoCorasick]] = [  # with the number of its first form
            (start, ahocorasick_rs.AhoCorasick(every[start : start + AUTOMATON_MAX]))
            for start in range(0, len(every), AUTOMATON_MAX)
        ]

    def _add(self, forms: dict[str, int], form: str, index: int, flags: int) -> None:
        if not form:
            return
        number = forms.setdefault(form, len(forms))
        if number == len(self._first):
            self._first.append(index)
            self._flags.append(flags)
        elif self._first[number] == index:
            self._flags[number] |= flags
        else:
            self._more.setdefault(number, []).append((index, flags))

    def look(self, view: str, kinds: int, found: dict[int, None], alive: Alive | None) -> None:
        """Add the terms (by their place) that occur in a view of the `kinds`, to FOUND_MAX."""
        for base, automaton in self._automata:
            matches = automaton.find_matches_as_indexes(view, overlapping=True)
            if matches and not self._take(view, base, matches, kinds, found, alive):
                return

    def _take(
        self,
        view: str,
        base: int,
        matches: Sequence[tuple[int, int, int]],
        kinds: int,
        found: dict[int, None],
        alive: Alive | None,
    ) -> bool:
        """Add those of the matches that count; False where enough are found."""
        for place, start, end in matches:
            number = base + place
            index, flags = self._first[number], self._flags[number]
            if _fits(view, start, end, flags, kinds) and (alive is None or alive(index)):
                found[index] = None
            elif number in self._more:
                for index, flags in self._more[number]:
                    if _fits(view, start, end, flags, kinds) and (alive is None or alive(index)):
                        found[index] = None
                        break
            if len(found) >= FOUND_MAX:
                return False
        return True


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
