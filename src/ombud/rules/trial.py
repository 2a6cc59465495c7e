"""Runs the examples that stand beside a rule, and says which line made the difference.

An example states what matters. Stated texts, links, names, ids and roles are put into a made-up
event, so that what is derived from them is computed by the real signals; any other fact has its
stated value, else its ordinary one. This module must never let an example depend on anything but
the rule and its lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from ombud.model import Account, Data, Event, Link, Reply, Reported, Room, Server, Value
from ombud.rules import interpret
from ombud.rules.checked import OPERATIONS, Atom, Branch, CheckedRule, Leaf
from ombud.rules.compare import stated_name
from ombud.rules.diagnostic import ERROR, WARNING, Report, show
from ombud.rules.format import phrase, value
from ombud.rules.phrases import Reader, reader
from ombud.rules.tree import Example, InList, Resembles, TextTest
from ombud.signals import language
from ombud.signals.declare import SIGNALS, TEXT_KINDS
from ombud.signals.lists import Listed
from ombud.signals.observation import Observation
from ombud.signals.resolve import Fact

MISSED, CAUGHT = "R083", "R084"  # an example that came out differently than it should

_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


class _NoTokens:
    """Stands one token for everything: nothing in a trial is looked up by it."""

    def account(self, platform: str, account: str) -> int:  # noqa: ARG002
        """No account is looked up."""
        return 0

    def of(self, space: str, value: str) -> int:  # noqa: ARG002
        """No value is looked up."""
        return 0


def trials(rule: CheckedRule, lists: Mapping[str, Listed]) -> tuple[Trial, ...]:
    """Every example of a rule, tried for each kind of event that it can be about."""
    readers = {atom.slot: reader(atom, lists) for atom in rule.atoms()}
    return tuple(
        Trial(rule, example, readers, kind)
        for example in rule.tree.examples
        for kind in _kinds(rule, example)
    )


def _kinds(rule: CheckedRule, example: Example) -> tuple[str, ...]:
    """The kinds of a rule that have all that the example states; the first where none has."""
    known = [SIGNALS.get(stated_name(each.what)) for each in example.stated]
    kinds = tuple(
        kind
        for kind in rule.tree.kinds
        if all(signal is None or kind in signal.kinds for signal in known)
    )
    return kinds or rule.tree.kinds[:1]


def report_failed(report: Report, rule: CheckedRule, tried: Iterable[Trial]) -> bool:
    """Report every example that comes out differently than it should; whether there is any. Of
    several kinds of event the first is told.
    """
    failed: set[int] = set()  # examples
    severity = WARNING if rule.mode == "draft" else ERROR
    for each in tried:
        example = each.example
        caught = interpret.evaluate(rule, each.slot) is True
        if caught is example.catch or id(example) in failed:
            continue
        failed.add(id(example))
        code, why = (CAUGHT, each.why()) if caught else (MISSED, each.why_not())
        if each.kind != rule.tree.kinds[0]:
            why = f"As {each.kind}: {why}"
        report.add(code, example.place, why, severity, title=example.title)
    return bool(failed)


def report_contradictory(report: Report, rule: CheckedRule) -> None:
    """Report examples that state the same, where one should be caught and the other pass."""
    severity = WARNING if rule.mode == "draft" else ERROR
    known: dict[tuple[bool, frozenset[tuple[str, object]]], Example] = {}
    for example in rule.tree.examples:
        stated = frozenset((stated_name(each.what), each.constant.value) for each in example.stated)
        other = known.get((not example.catch, stated))
        if other is not None:
            report.add("R148", example.place, None, severity, other=show(other.title))
        known.setdefault((example.catch, stated), example)


def _phrase_name(atom: Atom) -> str | None:
    """The words of the atom's phrase, as an example states it; None where it is a comparison."""
    written = atom.written
    if isinstance(written, Resembles):
        return phrase(written.likeness)
    return phrase(written) if isinstance(written, InList | TextTest) else None


class Trial:
    """One example, for one kind of event: every slot of the rule gets a value."""

    def __init__(
        self, rule: CheckedRule, example: Example, readers: Mapping[str, Reader], kind: str
    ) -> None:
        self.rule = rule
        self.example = example
        self.kind = kind
        self.stated = {stated_name(each.what): each.constant.value for each in example.stated}
        self.atoms = {atom.slot: atom for atom in rule.atoms()}
        self.readers = readers
        self.seen = Observation(_event(self.stated, kind), kind, _NoTokens())
        if language.NAME in self.stated:  # no text needs to be made up in that language
            self.seen.__dict__["language"] = self.stated[language.NAME]

    def slot(self, name: str) -> Value:
        """A slot's value in this example."""
        atom = self.atoms[name]
        if name == atom.facts[0].name:
            return self._fact(atom.facts[0])
        stated = self.stated.get(_phrase_name(atom) or "")
        if stated is None and atom.facts[-1].past:
            stated = _ordinary(atom.facts[-1])  # an example has no past of its own
        if stated is None:
            return self.readers[name].compute(self.seen)
        if isinstance(atom.written, Resembles):
            bound = int(atom.written.constant.value)
            return OPERATIONS[atom.written.operator](int(stated), bound)
        return bool(stated)

    def _fact(self, fact: Fact) -> Value:
        """A number or yes-no fact: stated, else computed from what is stated, else ordinary."""
        if fact.name in self.stated:
            return self.stated[fact.name]
        if fact.reads.isdisjoint(self.stated) or fact.past:
            return fact.ordinary
        return fact.compute(self.seen)

    # --- reasons ----------------------------------------------------------------------------------

    def why_not(self) -> str:
        """The first line that kept the rule from firing."""
        for line, wanted in (
            *((line, True) for line in self.rule.when),
            *((line, False) for line in self.rule.unless),
        ):
            truth = self.truth(line)
            if truth is wanted:
                continue
            if truth is None:
                unknown = next(leaf for leaf in _leaves(line) if self.truth(leaf) is None)
                name = unknown.atom.facts[0].name
                return f'Line {line.line} cannot be decided: "{name}" is not known. State it.'
            said = "; ".join(self._said(leaf) for leaf in _leaves(line))
            if wanted:
                return f"Line {line.line} does not hold: {said}."
            return f"Line {line.line} lets it pass: {said}."
        return ""

    def why(self) -> str:
        """What made the rule fire."""
        said = "; ".join(self._said(leaf) for line in self.rule.when for leaf in _leaves(line))
        exempt = ' and no line of "unless" lets it pass' if self.rule.unless else ""
        return f'All lines of "when" hold{exempt}: {said}.'

    def truth(self, line: Leaf | Branch) -> bool | None:
        """What a line says in this example."""
        if isinstance(line, Branch):
            truths = [self.truth(leaf) for leaf in line.leaves]
            return interpret.all_of(truths) if line.every else interpret.any_of(truths)
        truth = line.atom.decide(self.slot(line.atom.slot))
        return interpret.negate(truth) if line.negated else truth

    def _said(self, leaf: Leaf) -> str:
        if leaf.atom.slot != leaf.atom.facts[0].name:
            return show(leaf.said)
        known = value(self.slot(leaf.atom.slot), leaf.atom.facts[0].type)
        return f"{show(leaf.atom.slot)} is {known}"


def _ordinary(fact: Fact) -> int | None:
    """What a phrase says of the past in the everyday case."""
    return fact.ordinary if isinstance(fact.ordinary, int) else None


def _leaves(line: Leaf | Branch) -> tuple[Leaf, ...]:
    return (line,) if isinstance(line, Leaf) else line.leaves


def _event(stated: Mapping[str, int | str | bool], kind: str) -> Event:
    """The made-up event: what is stated, around it what is ordinary."""

    def told(name: str) -> str | None:
        known = stated.get(name, SIGNALS[name].ordinary)
        return known if isinstance(known, str) else None

    def several(name: str) -> tuple[str, ...]:
        return tuple((told(name) or "").replace(",", " ").split())

    def account(who: str) -> Account:
        return Account(id=told(who) or "", name=told(f"{who}.name"), roles=several(f"{who}.role"))

    data = Data(
        author=account("author"),
        text=told("text") if kind in TEXT_KINDS else None,
        room=Room(told("room") or ""),
        server=Server(told("server") or ""),
        in_reply_to=Reply("", account("target")),
        links=tuple(map(Link, several("links"))) if "links" in stated else None,
        reporter=account("reporter"),
        reported=Reported("", account("subject.author")),
        reason=told("flag.reason"),
    )
    return Event(id="example", source="example", type="post.created", time=_WHEN, data=data)
