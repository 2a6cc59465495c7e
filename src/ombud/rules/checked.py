"""A rule whose words have a meaning: what is compiled, interpreted and tried.

Conditions are three-valued: True, False, or None for unknown (Kleene's strong logic). A *slot* is
what a verdict records of a condition: a number or yes-no fact under its canonical name, or the
outcome of a condition on text under its canonical words. No text ever enters a slot. This module
must never compute a fact.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from ombud.model import Value
from ombud.rules.policy import Clause
from ombud.rules.tree import Action, Condition, Remembered, Resembles, Rule
from ombud.signals.counted import Window
from ombud.signals.declare import Type
from ombud.signals.factchecks.facts import PREFIX
from ombud.signals.resolve import Fact

OPERATIONS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition without its `not`.

    `operator` and `operand` compare the slot's value; without an operator the slot's value is the
    answer. `facts` are all facts it rests on, the one it is about first. `cost` is in microseconds,
    roughly.
    """

    said: str
    slot: str
    written: Condition
    facts: tuple[Fact, ...]
    operator: str | None
    operand: int
    cost: int

    @property
    def type(self) -> Type:
        """The type of the slot's value."""
        return self.facts[0].type if self.operator is not None else Type.YESNO

    @property
    def repeats(self) -> tuple[tuple[Fact, Window], ...]:
        """The windows it rests on that count what was said again, each with the fact that asks."""
        return tuple(
            (fact, window) for fact in self.facts for window in fact.windows if window.repeats
        )

    def decide(self, value: Value) -> bool | None:
        """The condition for a slot's value; None where that is unknown."""
        if value is None:
            return None
        if self.operator is None:
            return value is True
        if not isinstance(value, int):
            raise TypeError(f"{self.slot} is not a number")
        return OPERATIONS[self.operator](value, self.operand)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One line: an atom, negated or not."""

    atom: Atom
    negated: bool
    line: int

    @property
    def said(self) -> str:
        """The line in its canonical words."""
        return f"not {self.atom.said}" if self.negated else self.atom.said


@dataclass(frozen=True, slots=True)
class Branch:
    """`any of` or (`every`) `all of` some lines."""

    every: bool
    leaves: tuple[Leaf, ...]
    line: int

    @property
    def said(self) -> str:
        """The group on one line, for people."""
        inner = "; ".join(leaf.said for leaf in self.leaves)
        return f"{'all of' if self.every else 'any of'}: {inner}"


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule without errors.

    `kinds` are kinds of events ("post" takes in replies). `version` is SHA-256 in hex over all that
    can change a verdict or what a person reads, the mode apart; it does not cover the lists it
    names.
    """

    name: str
    tree: Rule
    clause: Clause
    kinds: frozenset[str]
    mode: str
    when: tuple[Leaf | Branch, ...]
    unless: tuple[Leaf | Branch, ...]
    actions: tuple[Action, ...]
    tell: Mapping[str, str]
    version: str

    @property
    def on_campaign(self) -> bool:
        """Whether it acts on the earlier members of a campaign."""
        return any(action.target == "campaign" for action in self.actions)

    @property
    def on_room(self) -> bool:
        """Whether it acts on the room of what it is about."""
        return any(action.target == "room" for action in self.actions)

    @property
    def likens(self) -> bool:
        """Whether it asks how alike two names look."""
        return any(
            isinstance(atom.written, Resembles)
            and atom.facts[0].type is Type.TEXT
            and not atom.facts[0].name.endswith(".avatar")
            and atom.written.likeness.other is not Remembered.RECENT
            for atom in self.atoms()
        )

    @property
    def reads_claims(self) -> bool:
        """Whether it asks about published fact-checks, and so may only ask a person."""
        return any(fact.name.startswith(PREFIX) for atom in self.atoms() for fact in atom.facts)

    def atoms(self) -> Iterator[Atom]:
        """All conditions, in the order they were written."""
        return atoms((*self.when, *self.unless))


def atoms(lines: tuple[Leaf | Branch, ...]) -> Iterator[Atom]:
    """The conditions of some lines, in order."""
    for line in lines:
        for leaf in (line,) if isinstance(line, Leaf) else line.leaves:
            yield leaf.atom


def opposite(line: Leaf | Branch) -> Leaf | Branch:
    """The line that holds exactly where this one does not; unknown stays unknown."""
    if isinstance(line, Leaf):
        return replace(line, negated=not line.negated)
    leaves = tuple(replace(leaf, negated=not leaf.negated) for leaf in line.leaves)
    return Branch(not line.every, leaves, line.line)
