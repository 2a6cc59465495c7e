"""What is wrong with rule files only beside each other: names, twins, lists that nobody asks.

This module must never change what a single rule means: a rule that is alone is always in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ombud.rules.checked import Branch, CheckedRule, Leaf
from ombud.rules.diagnostic import WARNING, Report
from ombud.rules.tree import NOWHERE, InList, Likeness, Line, Resembles, Rule

Conditions = tuple[frozenset[object], ...]


@dataclass(slots=True)
class Together:
    """Goes through the rules of a community in the order of their files.

    `lists` are those that some rule names; `readable` is false once a rule has an error, since a
    line that could not be read may have named one too.
    """

    lists: set[str] = field(default_factory=set)
    readable: bool = True
    _files: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _conditions: dict[Conditions, str] = field(default_factory=dict)

    def first(self, report: Report, rule: Rule) -> bool:
        """Whether no rule before has this one's name; that, and a like file name, are reported."""
        alike = self._files.setdefault(report.file.casefold(), report.file)
        if alike != report.file:
            report.add("R046", NOWHERE, severity=WARNING, file=alike)
        if not rule.name:
            return True
        owner = self._names.setdefault(rule.name, report.file)
        if owner != report.file:
            place = rule.places.get("rule", NOWHERE)
            report.add("R080", place, name=rule.name, file=owner)
        return owner == report.file

    def add(self, report: Report, rule: Rule, checked: CheckedRule | None) -> None:
        """Note what a rule asks; a rule that asks just what an earlier one does is reported."""
        self.readable = self.readable and not report.errors
        self.lists.update(lists_named(rule))
        if checked is None:
            return
        owner = self._conditions.setdefault(_asked(checked), checked.name)
        if owner != checked.name:
            place = rule.places.get("rule", NOWHERE)
            report.add("R136", place, severity=WARNING, name=owner)


def lists_named(rule: Rule) -> Iterator[str]:
    """The lists that the conditions of a rule name."""
    for each in (*rule.when, *rule.unless):
        for line in (each,) if isinstance(each, Line) else each.lines:
            said = line.condition
            if isinstance(said, InList):
                yield said.list
            elif isinstance(said, Resembles):
                yield from _list_of(said.likeness)


def _list_of(likeness: Likeness) -> Iterator[str]:
    if isinstance(likeness.other, str):
        yield likeness.other


def _asked(rule: CheckedRule) -> Conditions:
    """What a rule asks, whatever the order of its lines."""
    return frozenset(rule.kinds), _lines(rule.when), _lines(rule.unless)


def _lines(lines: Iterable[Leaf | Branch]) -> frozenset[object]:
    return frozenset(
        line.said
        if isinstance(line, Leaf)
        else (line.every, frozenset(leaf.said for leaf in line.leaves))
        for line in lines
    )
