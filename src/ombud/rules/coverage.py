"""Which conditions the examples of a rule show at work, and which nobody can see working.

A line of `when` is shown by an example that should be caught and fulfils it by what it states; an
exception by one that should pass and meets it. This module must never judge whether an example came
out as it should: that is the trial's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ombud.rules.checked import Atom, Branch, CheckedRule, Leaf
from ombud.rules.compare import stated_name
from ombud.rules.diagnostic import WARNING, Report
from ombud.rules.format import phrase
from ombud.rules.tree import NOWHERE, InList, Place, Resembles, TextTest
from ombud.rules.trial import Trial

EXAMPLES = {"should catch": True, "should pass": False}


@dataclass(frozen=True, slots=True)
class Shown:
    """One condition: whether an example had it true, or false, and whether it is shown at work.

    `part` is "when" or "unless"; `said` is the condition in its canonical words.
    """

    part: str
    line: int
    said: str
    fact: str
    seen_true: bool
    seen_false: bool
    shown: bool
    place: Place


def of(rule: CheckedRule, trials: Sequence[Trial]) -> tuple[Shown, ...]:
    """Every condition of a rule, in order, and what its examples show of it."""
    return tuple(
        _shown(part, leaf, trials)
        for part, lines in (("when", rule.when), ("unless", rule.unless))
        for leaf in _leaves(lines)
    )


def _leaves(lines: tuple[Leaf | Branch, ...]) -> Iterator[Leaf]:
    for line in lines:
        yield from (line,) if isinstance(line, Leaf) else line.leaves


def _shown(part: str, leaf: Leaf, trials: Sequence[Trial]) -> Shown:
    truths = [trial.truth(leaf) for trial in trials]
    names = _names(leaf.atom)
    shown = any(
        truth is True
        and trial.example.catch is (part == "when")
        and (part == "unless" or not names.isdisjoint(trial.stated))
        for trial, truth in zip(trials, truths, strict=True)
    )
    return Shown(
        part=part,
        line=leaf.line,
        said=leaf.said,
        fact=leaf.atom.facts[0].name,
        seen_true=True in truths,
        seen_false=False in truths,
        shown=shown,
        place=leaf.atom.written.place,
    )


def _names(atom: Atom) -> frozenset[str]:
    """What an example can state so that it changes this condition."""
    names = {name for fact in atom.facts for name in (fact.name, *fact.reads)}
    written = atom.written
    if isinstance(written, Resembles):
        names.add(phrase(written.likeness))
    elif isinstance(written, InList | TextTest):
        names.add(phrase(written))
    return frozenset(names)


def report_needless(report: Report, rule: CheckedRule, trials: Sequence[Trial]) -> None:
    """Warn of stated facts that no condition reads."""
    known = frozenset[str]().union(*(_names(atom) for atom in rule.atoms()))
    examples = dict.fromkeys(trial.example for trial in trials)
    for example in examples:
        for stated in example.stated:
            name = stated_name(stated.what)
            if name not in known:
                report.add("R086", stated.place, severity=WARNING, fact=name)


def report_unshown(report: Report, rule: CheckedRule, trials: Sequence[Trial]) -> None:
    """Warn of conditions that no example shows; for rules whose examples come out right."""
    catches = {trial.example.catch for trial in trials}
    lacking = [f'"{kind}"' for kind in EXAMPLES if EXAMPLES[kind] not in catches]
    if rule.mode != "live" and lacking:  # a live rule without them is refused
        place = rule.tree.places.get("rule", NOWHERE)
        report.add("R139", place, severity=WARNING, kinds=" or ".join(lacking))
    for each in of(rule, trials):
        if not each.shown and (each.part == "when") in catches:
            code = "R087" if each.part == "when" else "R138"
            report.add(code, each.place, severity=WARNING, fact=each.fact)
