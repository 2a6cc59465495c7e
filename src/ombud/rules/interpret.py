"""The reference interpreter: what a rule says of an event, naive and obviously right.

Kleene's strong three-valued logic: `and` is false as soon as one part is false, `or` true as soon
as one is true, else unknown if any part is unknown. It evaluates everything and shares nothing; the
plan must say the same, only faster. This module must never be made clever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ombud.model import Value
from ombud.rules.checked import Branch, CheckedRule, Leaf
from ombud.signals.declare import Type

Lookup = Callable[[str], Value]  # a slot's value by its name; None is unknown
Words = Callable[[str], tuple[str, ...]]  # the words that made a slot true


def evaluate(rule: CheckedRule, lookup: Lookup) -> bool | None:
    """True: the rule fires. False: it does not. None: it cannot be known, so it does not fire."""
    when = all_of([_line(line, lookup) for line in rule.when])
    return all_of([when, negate(exempts(rule, lookup))])


def exempts(rule: CheckedRule, lookup: Lookup) -> bool | None:
    """Whether a line of `unless` lets the event off."""
    return any_of([_line(line, lookup) for line in rule.unless])


def _line(line: Leaf | Branch, lookup: Lookup) -> bool | None:
    if isinstance(line, Leaf):
        return _leaf(line, lookup)
    leaves = [_leaf(leaf, lookup) for leaf in line.leaves]
    return all_of(leaves) if line.every else any_of(leaves)


def _leaf(leaf: Leaf, lookup: Lookup) -> bool | None:
    truth = leaf.atom.decide(lookup(leaf.atom.slot))
    return negate(truth) if leaf.negated else truth


def negate(truth: bool | None) -> bool | None:
    """Not."""
    return None if truth is None else not truth


def all_of(truths: Iterable[bool | None]) -> bool | None:
    """And. True for nothing at all."""
    known = list(truths)
    if False in known:
        return False
    return None if None in known else True


def any_of(truths: Iterable[bool | None]) -> bool | None:
    """Or. False for nothing at all."""
    known = list(truths)
    if True in known:
        return True
    return None if None in known else False


# --- trace ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition of a line: its canonical words, slot, value, and the words that matched."""

    said: str
    slot: str
    type: Type
    value: Value
    holds: bool | None
    words: tuple[str, ...]

    def opposite(self) -> Finding:
        """The same of the opposite condition: what let nobody off, said as it was."""
        turned = self.said.removeprefix("not ")
        said = f"not {self.said}" if turned == self.said else turned
        return replace(self, said=said, holds=negate(self.holds))


@dataclass(frozen=True, slots=True)
class TracedLine:
    """One line of `when` or `unless`; a group has a finding for each of its members."""

    said: str
    line: int
    holds: bool | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Why a rule said what it said, line by line, as the rule has them."""

    rule: str
    holds: bool | None
    when: tuple[TracedLine, ...]
    unless: tuple[TracedLine, ...]


def trace(rule: CheckedRule, lookup: Lookup, words: Words) -> Trace:
    """Every line with its values. Matched words are given for conditions that are true."""
    return Trace(
        rule.name,
        evaluate(rule, lookup),
        tuple(_traced(line, lookup, words) for line in rule.when),
        tuple(_traced(line, lookup, words) for line in rule.unless),
    )


def _traced(line: Leaf | Branch, lookup: Lookup, words: Words) -> TracedLine:
    leaves = (line,) if isinstance(line, Leaf) else line.leaves
    findings = tuple(_finding(leaf, lookup, words) for leaf in leaves)
    return TracedLine(line.said, line.line, _line(line, lookup), findings)


def _finding(leaf: Leaf, lookup: Lookup, words: Words) -> Finding:
    atom = leaf.atom
    value = lookup(atom.slot)
    truth = atom.decide(value)
    matched = words(atom.slot) if truth else ()
    holds = negate(truth) if leaf.negated else truth
    return Finding(leaf.said, atom.slot, atom.type, value, holds, matched)
