"""Which entries on watch would have changed what the rules say of an event.

Asked beside the verdict, and only while some list has such entries: those that match the event are
looked for, and of the rules that ask for them it is seen whether they would fire where they did
not, or would let off where they fired. This module must never change a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ombud.activation.active import Active
from ombud.model import Value
from ombud.rules.checked import Atom
from ombud.rules.entries import asks, entries_of
from ombud.rules.interpret import evaluate
from ombud.rules.phrases import Reader, reader
from ombud.rules.tree import InList
from ombud.signals.lists import Kept, View
from ombud.signals.lists.kept import Watched
from ombud.signals.observation import Observation


class Would(NamedTuple):
    """An entry on watch, and the rule of which it would have changed what it says."""

    list: str
    entry: str
    rule: int


class Whole:
    """A list as it would be if what is on watch counted (signals.lists.Listed)."""

    grown = True  # nothing is known ahead of what its entries need

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def literals(self, most: int) -> frozenset[str] | None:  # noqa: ARG002
        """None: texts are looked at whole."""
        return None

    def active(self, at: int) -> View:
        """All entries, on watch or not."""
        return self.kept.whole(at)


class Watch:
    """The conditions of a configuration that ask lists with entries on watch."""

    def __init__(self, active: Active) -> None:
        lists = {
            name: kept
            for name, kept in active.lists.items()
            if any(each.changes is not None and each.changes.batches for each in kept.reach)
        }
        whole = {name: Whole(kept) for name, kept in lists.items()}
        self.lists = lists
        self.atoms: dict[str, Atom] = {}
        for rule in active.rules:
            for atom in rule.atoms() if lists else ():
                found = asks(atom)
                if found is not None and found[0] in lists and isinstance(atom.written, InList):
                    self.atoms[atom.slot] = atom
        self.readers = {slot: reader(atom, whole) for slot, atom in self.atoms.items()}

    def would(
        self,
        active: Active,
        seen: Observation,
        fired: Iterable[int],
        facts: Mapping[int, Value],
    ) -> tuple[Would, ...]:
        """The entries that would have changed what rules say of an event, each once; `active` is
        the configuration, without those of its rules that have ended by now.
        """
        lists = {name: kept.watched(seen.at) for name, kept in self.lists.items()}
        matched = {
            slot: found
            for slot, atom in self.atoms.items()
            if (found := _matched(atom, lists, seen))
        }
        if not matched:
            return ()
        look = _Look(active, seen, self.readers, facts)
        before = frozenset(fired)
        told: dict[tuple[str, str], Would] = {}
        for number, rule in enumerate(active.plan.rules):
            slots = [atom.slot for atom in rule.atoms() if atom.slot in matched]
            if not slots or seen.kind not in rule.kinds:
                continue
            if (evaluate(rule, look.value) is True) is not (number in before):
                for each in (entry for slot in slots for entry in matched[slot]):
                    told.setdefault(each, Would(*each, number))
        return tuple(told.values())


def _matched(
    atom: Atom, lists: Mapping[str, Watched], seen: Observation
) -> tuple[tuple[str, str], ...]:
    """The entries on watch by which a condition could be true."""
    try:
        return tuple(entries_of(atom, lists, seen))
    except Exception:  # noqa: BLE001 -- a fact that cannot be computed is unknown, as in the plan
        return ()


def watching(active: Active) -> Watch | None:
    """What a configuration has on watch; None where it is nothing that rules ask."""
    watch = Watch(active)
    return watch if watch.atoms else None


class _Look:
    """The slots of one event as they would be, each computed once, by name."""

    def __init__(
        self,
        active: Active,
        seen: Observation,
        readers: Mapping[str, Reader],
        facts: Mapping[int, Value],
    ) -> None:
        slots = active.plan.slots
        self.seen, self.plan, self.readers = seen, active.plan, readers
        read = {slots[slot]: value for slot, value in facts.items()}
        self.known = {slot: value for slot, value in read.items() if slot not in readers}

    def value(self, slot: str) -> Value:
        """The slot's value; unknown where computing it raises."""
        if slot not in self.known:
            read = self.readers.get(slot) or self.plan.by_slot[slot]
            try:
                self.known[slot] = read.compute(self.seen)
            except Exception:  # noqa: BLE001 -- as above
                self.known[slot] = None
        return self.known[slot]
