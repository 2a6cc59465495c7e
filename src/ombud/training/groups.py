"""Which texts are nearly the same, and folds that keep them on one side.

Candidates by MinHash (rensa) over runs of five letters of the content, each verified by exact
Jaccard; whatever is alike enough to something alike is one group, since for folds a chain is a leak
too. This module must never look at a label when it groups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from ombud.signals import views

SHINGLE = 5
ALIKE = 0.7  # Jaccard from which two texts are near-duplicates
PERMUTATIONS, BANDS = 64, 16
CANDIDATES_MAX = 64  # of one text that are verified; the others are alike to those
SEED = 20261126


def shingles(text: str) -> frozenset[str]:
    """Runs of SHINGLE letters of a text's content; a short text is one run."""
    normal = views.normalise(text)
    content = views.content(normal)[:4096] or normal[:4096]
    if len(content) <= SHINGLE:
        return frozenset({content})
    return frozenset(content[i : i + SHINGLE] for i in range(len(content) - SHINGLE + 1))


class Index:
    """Texts by what they hold, to be asked for near-duplicates of another one."""

    def __init__(self) -> None:
        import rensa

        self._rensa = rensa
        self._index = rensa.RMinHashLSH(ALIKE, PERMUTATIONS, BANDS)
        self._held: list[frozenset[str]] = []

    def add(self, text: str) -> list[int]:
        """Hold a text under the next number; the numbers of earlier ones that it is alike to."""
        held, sketch = self._sketch(text)
        found = self._alike(held, sketch)
        self._index.insert(len(self._held), sketch)
        self._held.append(held)
        return found

    def alike(self, text: str) -> list[int]:
        """The numbers of held texts that this one is alike to."""
        return self._alike(*self._sketch(text))

    def _sketch(self, text: str) -> tuple[frozenset[str], Any]:
        held = shingles(text)
        sketch = self._rensa.RMinHash(PERMUTATIONS, SEED)
        sketch.update(sorted(held))
        return held, sketch

    def _alike(self, held: frozenset[str], sketch: Any) -> list[int]:
        candidates = sorted(set(self._index.query(sketch)))[:CANDIDATES_MAX]
        return [number for number in candidates if jaccard(held, self._held[number]) >= ALIKE]


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """What two sets share of what they hold together."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def near_duplicates(texts: Iterable[str]) -> list[int]:
    """A group number for each text: that of the first text of its group."""
    index = Index()
    first = _Roots()
    for number, text in enumerate(texts):
        first.add()
        for other in index.add(text):
            first.join(number, other)
    return first.all()


def joined(groups: Sequence[int], more: Sequence[str | None]) -> list[int]:
    """Larger groups: those of `groups`, and whatever has the same name in `more` with it."""
    first = _Roots()
    named: dict[str, int] = {}
    for number, (group, name) in enumerate(zip(groups, more, strict=True)):
        first.add()
        first.join(number, group)
        if name is not None:
            first.join(number, named.setdefault(name, number))
    return first.all()


class _Roots:
    """Numbers joined to groups, each group known by its lowest number."""

    def __init__(self) -> None:
        self._first: list[int] = []

    def add(self) -> None:
        self._first.append(len(self._first))

    def root(self, number: int) -> int:
        first = self._first
        while first[number] != number:
            first[number] = first[first[number]]
            number = first[number]
        return number

    def join(self, number: int, other: int) -> None:
        one, two = self.root(number), self.root(other)
        self._first[max(one, two)] = min(one, two)

    def all(self) -> list[int]:
        return [self.root(number) for number in range(len(self._first))]


def folds(groups: Sequence[int], harmful: Sequence[bool], count: int, seed: int) -> list[int]:
    """A fold from 0 to count - 1 for each text; a group is never in two.

    Large groups first, each to the fold that has fewest of what it holds most, so that classes are
    spread evenly; among equals in an order drawn by `seed`.
    """
    members: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        members.setdefault(group, []).append(number)

    def order(group: int) -> tuple[int, bytes]:
        drawn = hashlib.sha256(f"{seed} {group}".encode()).digest()
        return -len(members[group]), drawn

    sizes = [[0, 0] for _ in range(count)]
    chosen: dict[int, int] = {}
    for group in sorted(members, key=order):
        harm = sum(harmful[number] for number in members[group])
        side = int(2 * harm > len(members[group]))
        fold = min(range(count), key=lambda each: (sizes[each][side], sum(sizes[each]), each))
        chosen[group] = fold
        sizes[fold][1] += harm
        sizes[fold][0] += len(members[group]) - harm
    return [chosen[group] for group in groups]
