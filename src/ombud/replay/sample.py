"""A few differences to look at, chosen by lot, from which nobody can be listed (promise 11).

At most SAMPLE_MAX in all, one a person, and only of groups of at least PEOPLE_MIN people. A person
is called by a name drawn for this run alone. Of the facts only numbers are shown, in wide bands:
a yes-no condition can hold a name, and so can a likeness. This module must never let out an
account, an id, a text, an instant or an exact number.
"""

from __future__ import annotations

import hashlib
import heapq
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ombud.clock import DAY, HOUR
from ombud.model import Value
from ombud.rules.checked import CheckedRule
from ombud.signals.declare import Type

SAMPLE_MAX = 20
PEOPLE_MIN = 5  # a group of fewer people shows none of its differences
SEED_MAX = 2**63 - 1

_NUMBERS = (Type.COUNT, Type.DURATION, Type.PERCENT)  # what asks of a name how alike it is: no
_COUNTS = (0, 1, 2, 5, 10, 20, 50, 100, 1000)
_LENGTHS = (
    (HOUR, "under an hour"),
    (DAY, "under a day"),
    (7 * DAY, "under a week"),
    (30 * DAY, "under a month"),
    (365 * DAY, "under a year"),
)


class Group(NamedTuple):
    """Differences of one kind: what rule, and how it differs ("new", "gone" or "hit")."""

    rule: str
    change: str


class Shown(NamedTuple):
    """What is shown of one difference, but for who it is."""

    kind: str
    facts: tuple[tuple[str, str], ...]  # (condition, band)


@dataclass(slots=True)
class _Candidates:
    """Of one group: how many people, and the few of them that the lot falls on."""

    people: set[int] = field(default_factory=set)
    chosen: dict[int, tuple[bytes, Shown]] = field(default_factory=dict)  # person -> lot, shown
    last: list[tuple[int, int]] = field(default_factory=list)  # heap of (-lot, person)


class Sample:
    """Draws while the past goes by. The same seed and past give the same draw, whatever the
    steps.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed.to_bytes(8, "big")
        self._groups: dict[Group, _Candidates] = {}

    def offer(self, group: Group, person: int, seq: int, shown: Shown) -> None:
        """One difference that concerns a person."""
        candidates = self._groups.setdefault(group, _Candidates())
        candidates.people.add(person)
        lot = self._lot(b"case", person, seq)
        known = candidates.chosen.get(person)
        if known is not None:
            candidates.chosen[person] = min(known, (lot, shown))
            return
        own = int.from_bytes(self._lot(b"person", person, 0), "big")
        if len(candidates.last) < SAMPLE_MAX:
            heapq.heappush(candidates.last, (-own, person))
        elif -candidates.last[0][0] > own:
            _, dropped = heapq.heapreplace(candidates.last, (-own, person))
            del candidates.chosen[dropped]
        else:
            return
        candidates.chosen[person] = (lot, shown)

    def _lot(self, about: bytes, person: int, seq: int) -> bytes:
        content = person.to_bytes(8, "big") + seq.to_bytes(8, "big")
        return hashlib.blake2b(content, digest_size=8, key=self._seed, person=about).digest()

    def drawn(self) -> list[dict[str, Any]]:
        """The sample under names of this run, in an order that says nothing."""
        pool = [
            (self._lot(b"pool", person, number), group, person, shown)
            for number, (group, candidates) in enumerate(sorted(self._groups.items()))
            if len(candidates.people) >= PEOPLE_MIN
            for person, (_, shown) in candidates.chosen.items()
        ]
        drawn: dict[int, tuple[Group, Shown]] = {}
        for _, group, person, shown in sorted(pool):
            if len(drawn) < SAMPLE_MAX:
                drawn.setdefault(person, (group, shown))
        found = [
            {
                "person": f"person-{secrets.token_hex(4)}",
                "rule": group.rule,
                "change": group.change,
                "kind": shown.kind,
                "facts": [{"condition": said, "about": band} for said, band in shown.facts],
            }
            for group, shown in drawn.values()
        ]
        return sorted(found, key=lambda each: str(each["person"]))


def shown(rule: CheckedRule, kind: str, facts: Mapping[str, Value]) -> Shown:
    """What may be shown of a case: its kind, and the numbers the rule asks for, in bands."""
    found = {
        atom.said: band(atom.type, facts[atom.slot])
        for atom in rule.atoms()
        if atom.type in _NUMBERS and atom.slot in facts
    }
    return Shown(kind, tuple(found.items()))


def band(type_: Type, value: Value) -> str:
    """A number as a wide band."""
    if not isinstance(value, int) or isinstance(value, bool):
        return "unknown"
    if type_ is Type.DURATION:
        return next((said for end, said in _LENGTHS if value < end), "a year or more")
    if type_ is Type.PERCENT:
        low = min(value // 100, 9) * 10
        return f"{low} to {low + 10} %"
    return _count(value, _COUNTS)


def _count(value: int, steps: Iterable[int]) -> str:
    starts = [start for start in steps if start <= value]
    low = starts[-1] if starts else 0
    end = next((start for start in steps if start > low), None)
    if end is None:
        return f"{low} or more"
    return str(low) if end == low + 1 else f"{low} to {end - 1}"
