"""The names of a list, arranged to find the one that looks most like another quickly.

This module must never tell which name it was: that is a protected person's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from ombud.signals import lookalike

NAMES_MAX = 10_000  # terms that a name is compared with letter by letter; equal looks: all
RESEMBLES_MIN = 700  # permille; names less alike than that are told as not alike

Shelf = dict[int, list[tuple[int, str]]]  # length -> (letters, form)


class Hidden:
    """The forms that only hidden names have."""

    __slots__ = ("cores", "wholes")

    def __init__(self, wholes: Collection[str] = (), cores: Collection[str] = ()) -> None:
        self.wholes = frozenset(wholes)
        self.cores = frozenset(cores)


NOTHING = Hidden()


class Names:
    """The terms of a list as names."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.whole: Shelf = {}  # whole names
        self.core: Shelf = {}  # names without the things beside them, where that is another form
        self.wholes: set[str] = set()
        self.cores: set[str] = set()
        self.more: Counter[tuple[bool, str]] = Counter()  # forms of several names: how many more
        for place, term in enumerate(terms):
            for whole, form in _forms(term):
                known, shelf = (self.wholes, self.whole) if whole else (self.cores, self.core)
                if form in known:
                    self.more[whole, form] += 1
                    continue
                known.add(form)
                if place < NAMES_MAX:
                    shelf.setdefault(len(form), []).append((letters(form), form))

    def hidden(self, terms: Iterable[str]) -> Hidden:
        """The forms that are gone where these terms are hidden."""
        counted = Counter(form for term in terms for form in _forms(term))
        gone = [form for form, count in counted.items() if count > self.more[form]]
        return Hidden(
            [form for whole, form in gone if whole], [f for whole, f in gone if not whole]
        )

    def nearest(self, name: str, hidden: Hidden = NOTHING) -> int:
        """The similarity of the most similar term, as `lookalike.alike` has it; less than
        RESEMBLES_MIN is 0.
        """
        seen = lookalike.forms(name)
        if _meet(self.wholes, seen.whole, hidden.wholes):
            return 1000
        if _meet(self.wholes, seen.every, hidden.wholes) or _meet(
            self.cores, seen.every, hidden.cores
        ):
            return lookalike.AFFIXED
        likest = best(self.whole, seen.whole, RESEMBLES_MIN - 1, hidden.wholes)
        beside = -(-likest * 1000 // lookalike.AFFIXED) - 1
        beside = best(self.whole, seen.every[len(seen.whole) :], beside, hidden.wholes)
        beside = best(self.core, seen.every, beside, hidden.cores)
        likest = max(likest, beside * lookalike.AFFIXED // 1000)
        return likest if likest >= RESEMBLES_MIN else 0


def _forms(term: str) -> list[tuple[bool, str]]:
    """The forms of a term, and whether each is the whole of it."""
    seen = lookalike.forms.__wrapped__(term)  # past the cache, which is for people's names
    return [(form in seen.whole, form) for form in dict.fromkeys(seen.every)]


def _meet(known: set[str], forms: tuple[str, ...], hidden: frozenset[str]) -> bool:
    return any(form in known and form not in hidden for form in forms)


def best(shelf: Shelf, forms: tuple[str, ...], floor: int, hidden: frozenset[str]) -> int:
    """The similarity of the most similar form on the shelf, or `floor` where none is more alike."""
    for form in forms:
        own = letters(form)
        for length, there in shelf.items():
            longer = max(length, len(form))
            most = longer + (-(floor + 1) * longer // 1000)  # edits that still beat the floor
            if abs(length - len(form)) > most:
                continue
            changes = 2 * most  # an edit changes at most two of the letters that occur
            for other in [o for theirs, o in there if (own ^ theirs).bit_count() <= changes]:
                if other not in hidden:
                    floor = max(floor, lookalike.similarity(form, other, floor))
    return floor


def letters(form: str) -> int:
    """The set of letters that occur, 64 bits."""
    found = 0
    for character in form:
        found |= 1 << (ord(character) & 63)
    return found
