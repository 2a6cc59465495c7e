"""The names of a list, arranged to find the one that looks most like another quickly.

Names that say that they are not the one they sound like, and common names, stand on shelves of
their own: there is a bound on how alike another kind of name can be to them (`lookalike.ceiling`).
So do roles ("admin"), which no such bound protects from being worn (`signals.roles`).
This module must never tell which name it was: that is a protected person's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from ombud.signals import lookalike, roles, views
from ombud.signals.lookalike import Forms
from ombud.signals.roles import Phrase

NAMES_MAX = 10_000  # terms that a name is compared with letter by letter; equal looks: all
RESEMBLES_MIN = 700  # permille; names less alike than that are told as not alike

Shelf = dict[int, list[tuple[int, str]]]  # length -> (letters, form)
Kind = tuple[bool, bool]  # whether a name says that it is not the one, and whether it is common


class Gone:
    """The forms that only hidden names of one kind have, and these names."""

    __slots__ = ("cores", "terms", "wholes")

    def __init__(
        self,
        wholes: Collection[str] = (),
        cores: Collection[str] = (),
        terms: Collection[str] = (),
    ) -> None:
        self.wholes = frozenset(wholes)
        self.cores = frozenset(cores)
        self.terms = frozenset(terms)


_NONE = Gone()


class Hidden(NamedTuple):
    """What is gone where some names are hidden: by kind, and the roles whose every entry is."""

    kinds: Mapping[Kind, Gone]
    roles: frozenset[str]


NOTHING = Hidden({}, frozenset())


class Names:
    """The terms of a list as names."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.shelves: dict[Kind, Shelves] = {}
        self.roles: dict[str, tuple[Phrase, Forms]] = {}  # at most all that `roles` knows
        self.written: dict[str, set[str]] = {}  # role -> the terms that are it
        for place, term in enumerate(terms):
            if (role := roles.role(term)) is not None:
                self.roles.setdefault(role.name, (role, _read(role.name)))
                self.written.setdefault(role.name, set()).add(term)
                continue
            seen = _read(term)
            self.shelves.setdefault(_kind(seen), Shelves()).put(term, seen, place < NAMES_MAX)

    def hidden(self, terms: Iterable[str]) -> Hidden:
        """What is gone where these terms are hidden."""
        kinds: dict[Kind, dict[str, Forms]] = {}
        worn: dict[str, set[str]] = {}
        for term in terms:
            if (role := roles.role(term)) is not None:
                worn.setdefault(role.name, set()).add(term)
                continue
            seen = _read(term)
            kinds.setdefault(_kind(seen), {})[term] = seen
        return Hidden(
            {
                kind: self.shelves[kind].without(gone)
                for kind, gone in kinds.items()
                if kind in self.shelves
            },
            frozenset(name for name, gone in worn.items() if self.written.get(name, set()) <= gone),
        )

    def nearest(self, name: str, hidden: Hidden = NOTHING) -> int:
        """The similarity of the most similar term, as `lookalike.alike` has it, or of a role as
        `roles` has it; less than RESEMBLES_MIN is 0.
        """
        seen = lookalike.forms(name)
        likest = self._role(name, seen, hidden.roles)
        for kind, there in self.shelves.items():
            if kind[0] is not seen.disclosed:
                continue  # at most DISCLOSED, which is told as not alike
            gone = hidden.kinds.get(kind, _NONE)
            found = there.nearest(seen, gone)
            if kind[1] and seen.common:
                found = max(min(found, lookalike.COMMON), there.namesake(seen, gone))
            likest = max(likest, found)
        return likest

    def _role(self, name: str, seen: Forms, hidden: frozenset[str]) -> int:
        """The similarity of the most similar role: disclosed or not, nobody is a fan of one."""
        if not self.roles:
            return 0
        worn = roles.worn(name)
        likest = max(
            (
                max(worn.get(known, 0), roles.likeness(seen, role, entry))
                for known, (role, entry) in self.roles.items()
                if known not in hidden
            ),
            default=0,
        )
        return likest if likest >= RESEMBLES_MIN else 0


class Shelves:
    """Names of one kind."""

    __slots__ = ("bare_cores", "bare_wholes", "core", "cores", "more", "named", "whole", "wholes")

    def __init__(self) -> None:
        self.whole: Shelf = {}  # whole names
        self.core: Shelf = {}  # names without the things beside them, where that is another form
        self.wholes: set[str] = set()
        self.cores: set[str] = set()
        self.bare_wholes: dict[str, list[str]] = {}  # without diacritics -> the forms that are so
        self.bare_cores: dict[str, list[str]] = {}
        self.more: Counter[tuple[bool, str]] = Counter()  # forms of several names: how many more
        self.named: dict[str, list[str]] = {}  # the letters of a full common name -> these names

    def put(self, term: str, seen: Forms, compared: bool) -> None:
        """Put in one name; `compared`: letter by letter too."""
        if seen.common and seen.full:
            self.named.setdefault(seen.common, []).append(term)
        for whole, form in _forms(seen):
            known = self.wholes if whole else self.cores
            if form in known:
                self.more[whole, form] += 1
                continue
            known.add(form)
            bares = self.bare_wholes if whole else self.bare_cores
            bares.setdefault(views.fold(form), []).append(form)
            if compared:
                shelf = self.whole if whole else self.core
                shelf.setdefault(len(form), []).append((letters(form), form))

    def without(self, terms: Mapping[str, Forms]) -> Gone:
        """What is gone where these terms are hidden."""
        counted = Counter(form for seen in terms.values() for form in _forms(seen))
        gone = [form for form, count in counted.items() if count > self.more[form]]
        return Gone(
            [form for whole, form in gone if whole], [f for whole, f in gone if not whole], terms
        )

    def nearest(self, seen: Forms, hidden: Gone) -> int:
        """The similarity of the most similar name."""
        if _meet(self.wholes, seen.whole, hidden.wholes):
            return 1000
        if _meet(self.wholes, seen.every, hidden.wholes) or _meet(
            self.cores, seen.every, hidden.cores
        ):
            return lookalike.AFFIXED
        beside = seen.every[len(seen.whole) :]
        floor = RESEMBLES_MIN - 1
        likest = _likest(self.whole, self.bare_wholes, seen.whole, floor, hidden.wholes)
        floor = -(-likest * 1000 // lookalike.AFFIXED) - 1
        floor = _likest(self.whole, self.bare_wholes, beside, floor, hidden.wholes)
        floor = _likest(self.core, self.bare_cores, seen.every, floor, hidden.cores)
        likest = max(likest, floor * lookalike.AFFIXED // 1000)
        return likest if likest >= RESEMBLES_MIN else 0

    def namesake(self, seen: Forms, hidden: Gone) -> int:
        """The similarity of the most similar name that is the same full common name."""
        there = self.named.get(seen.common, ()) if seen.full else ()
        same = (_read(term) for term in there if term not in hidden.terms)
        return max((lookalike.alike(seen, each) for each in same), default=0)


def _likest(
    shelf: Shelf,
    bares: Mapping[str, list[str]],
    forms: tuple[str, ...],
    floor: int,
    hidden: frozenset[str],
) -> int:
    """As `best`, with a degree of its own for forms that differ in diacritics only."""
    for form in forms:
        bare = views.fold(form)
        same = [other for other in bares.get(bare, ()) if other not in hidden]
        for other in same:
            floor = max(floor, lookalike.remarked(form, other, bare))
        floor = best(shelf, (form,), floor, hidden.union(same) if same else hidden)
    return floor


def _read(term: str) -> Forms:
    """The forms of a term, past the cache, which is for people's names."""
    return lookalike.forms.__wrapped__(term)


def _kind(seen: Forms) -> Kind:
    return seen.disclosed, bool(seen.common)


def _forms(seen: Forms) -> list[tuple[bool, str]]:
    """The forms of a name, and whether each is the whole of it."""
    return [(form in seen.whole, form) for form in seen.every]


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
