"""Checks a rule: whether its words have a meaning, whether it may stand, what can never happen.

All problems of a rule are found, not only the first. A rule with an error has no meaning and does
not run. This module must never run a rule: that is the trial's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from ombud.model import KINDS
from ombud.rules import compare, contradict, phrases, refuse
from ombud.rules.checked import Atom, Branch, CheckedRule, Leaf
from ombud.rules.diagnostic import ERROR, WARNING, Report, did_you_mean
from ombud.rules.format import format_rule
from ombud.rules.learned import Models, bound
from ombud.rules.policy import Clause
from ombud.rules.refuse import Platforms
from ombud.rules.tree import Constant, FactName, Group, Likeness, Line, Place, Rule, Stated
from ombud.signals import lookalike
from ombud.signals.declare import TEXT_KINDS, Type
from ombud.signals.resolve import Fact

# Without them somebody reads a notice in a language they do not know.
LANGUAGES = {"en": "English (en)", "vi": "Vietnamese (vi)"}

# Whom an event of which kind names; facts about others are never known there.
_KINDS_OF_PERSON: Mapping[str, frozenset[str]] = {
    "reporter": frozenset({"flag"}),
    "subject": frozenset({"flag"}),
    "target": TEXT_KINDS,
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule is checked against.

    `imported` names the lists with entries from elsewhere; `platforms` says
    what each connected one can do. `queues` is None where none are configured. `whole`: every
    policy file could be read. `models` are those that were trained for clauses.
    """

    clauses: Mapping[str, Clause] = field(default_factory=dict)
    lists: Collection[str] = ()
    imported: Collection[str] = ()
    platforms: Platforms = field(default_factory=dict)
    queues: Collection[str] | None = None
    whole: bool = True
    models: Models = field(default_factory=Models)


def check(report: Report, rule: Rule, around: Surroundings) -> CheckedRule | None:
    """The meaning of a rule; None where it, or reading it, had an error. Problems are reported."""
    readable = not report.errors
    when = _lines(report, rule.when, around.lists)
    unless = _lines(report, rule.unless, around.lists)
    clauses = around.clauses if around.whole else None
    when = bound(report, when, around.models, clauses)
    unless = bound(report, unless, around.models, clauses)
    _known_for(report, rule, when, unless)
    clause = _clause(report, rule, around)
    refuse.actions(report, rule, around.platforms)
    if readable and len(when) == len(rule.when) and len(unless) == len(rule.unless):
        refuse.weak_evidence(report, rule, when, unless, around.imported, clause)
        contradict.report_impossible(report, rule, when, unless)
    if clause is not None:
        refuse.form(report, rule, clause, when, unless)
        refuse.context(report, rule, clause, when, unless)
    _queues(report, rule, around.queues)
    _tell(report, rule)
    _examples(report, rule, around.lists)
    _names(report, rule)
    whole = len(when) == len(rule.when) and len(unless) == len(rule.unless)
    if clause is None or not whole or report.refused:
        return None
    checked = CheckedRule(
        name=rule.name,
        tree=rule,
        clause=clause,
        kinds=event_kinds(rule.kinds),
        mode=rule.mode,
        when=when,
        unless=unless,
        actions=rule.then,
        tell={told.lang: told.text for told in rule.tell},
        version="",
    )
    return replace(checked, version=_version(checked))


def event_kinds(kinds: Collection[str]) -> frozenset[str]:
    """The kinds of events that a rule for these kinds judges: a reply is a post too."""
    return frozenset(kinds) | (frozenset({"reply"}) if "post" in kinds else frozenset())


def _version(rule: CheckedRule) -> str:
    """SHA-256 over what can change a verdict or what a person reads: not mode, not examples."""
    facts = {fact.version for atom in rule.atoms() for fact in atom.facts}
    parts = [wording(rule.tree), rule.clause.version, *sorted(facts), f"phrases {phrases.VERSION}"]
    parts += [f"likeness {lookalike.VERSION}"] if rule.likens else []
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def wording(tree: Rule) -> str:
    """What a rule says: neither its mode, nor its description, examples and comments."""
    return format_rule(replace(tree, description="", mode="", examples=(), comments=(), places={}))


# --- conditions -----------------------------------------------------------------------------------


def _lines(
    report: Report, written: tuple[Line | Group, ...], lists: Collection[str]
) -> tuple[Leaf | Branch, ...]:
    """The lines that have a meaning."""
    found: list[Leaf | Branch] = []
    for line in written:
        if isinstance(line, Line):
            leaf = _leaf(report, line, lists)
            if leaf is not None:
                found.append(leaf)
            continue
        leaves = [_leaf(report, member, lists) for member in line.lines]
        known = tuple(leaf for leaf in leaves if leaf is not None)
        if len(known) == len(leaves):
            found.append(Branch(line.every, known, line.place.line))
    return tuple(found)


def _leaf(report: Report, line: Line, lists: Collection[str]) -> Leaf | None:
    atom = compare.atom(report, line.condition, lists)
    return None if atom is None else Leaf(atom, line.negated, line.place.line)


def _known_for(
    report: Report,
    rule: Rule,
    when: tuple[Leaf | Branch, ...],
    unless: tuple[Leaf | Branch, ...],
) -> None:
    """Report facts that can never be known for the rule's kinds."""
    if not rule.kinds:
        return
    kinds = event_kinds(rule.kinds)
    said: set[str] = set()
    for part, lines in (("when", when), ("unless", unless)):
        for line in lines:
            leaves = (line,) if isinstance(line, Leaf) else line.leaves
            # In `any of` another line can still decide; in `unless` an unknown one never lets go.
            needed = isinstance(line, Leaf) or line.every or part == "unless"
            for leaf in leaves:
                for fact in leaf.atom.facts:
                    if fact.name not in said:
                        said.add(fact.name)
                        _known(report, leaf.atom, fact, kinds, needed)


def _known(report: Report, atom: Atom, fact: Fact, kinds: frozenset[str], needed: bool) -> None:
    known = known_kinds(fact)
    missing = ", ".join(kind for kind in KINDS if kind in kinds - known)
    place = atom.written.place
    if not kinds & known:
        can = ", ".join(kind for kind in KINDS if kind in known)
        report.add("R066", place, fact=fact.name, kinds=missing, known=can)
    elif missing and needed:
        report.add("R067", place, severity=WARNING, fact=fact.name, kinds=missing)


def known_kinds(fact: Fact) -> frozenset[str]:
    """The kinds of events for which a fact can be known."""
    who = fact.name.removeprefix("share of ").split(".")[0].split(" ")[0]
    return fact.kinds & _KINDS_OF_PERSON.get(who, fact.kinds)


# --- the rest of the rule -------------------------------------------------------------------------


def _clause(report: Report, rule: Rule, around: Surroundings) -> Clause | None:
    if not rule.clause:
        return None
    clause = around.clauses.get(rule.clause)
    if clause is None and around.whole:  # else it may stand in a file that was told of already
        hint = did_you_mean(rule.clause, around.clauses)
        report.add("R070", rule.places.get("clause", Place(0, 0, 0)), hint, name=rule.clause)
    return clause


def _queues(report: Report, rule: Rule, queues: Collection[str] | None) -> None:
    for action in rule.then:
        named = action.queue or (action.text if action.type == "alert" else None)
        if queues is not None and named is not None and named not in queues:
            place = action.place if action.queue is None else action.queue_place
            severity = ERROR if rule.mode == "live" else WARNING
            known = ", ".join(sorted(queues))
            report.add("R082", place, severity=severity, name=named, known=known)


def _tell(report: Report, rule: Rule) -> None:
    if all(action.type == "alert" for action in rule.then):
        return
    place = rule.places.get("tell")
    if place is None:
        report.add("R042", rule.places.get("then", Place(0, 0, 0)))
        return
    told = {each.lang for each in rule.tell}
    for lang, said in LANGUAGES.items():
        if told and lang not in told:
            report.add("R038", place, severity=WARNING, lang=said)


def _names(report: Report, rule: Rule) -> None:
    if rule.name and rule.file and rule.file != f"{rule.name}.rule":
        place = rule.places.get("rule", Place(0, 0, 0))
        report.add("R079", place, severity=WARNING, name=rule.name)


# --- examples -------------------------------------------------------------------------------------


def _examples(report: Report, rule: Rule, lists: Collection[str]) -> None:
    for catch, kind in ((True, "should catch"), (False, "should pass")):
        if rule.mode == "live" and not any(each.catch == catch for each in rule.examples):
            place = rule.places.get("mode", Place(0, 0, 0))
            report.add("R078", place, kind=kind)
    for example in rule.examples:
        seen: set[str] = set()
        for stated in example.stated:
            words = compare.stated_name(stated.what)
            if words in seen:
                report.add("R085", stated.place, fact=words)
            seen.add(words)
            _stated(report, stated, lists)


def _stated(report: Report, stated: Stated, lists: Collection[str]) -> None:
    what, constant = stated.what, stated.constant
    if isinstance(what, FactName):
        known = compare.fact(report, what)
        if known is not None and not _stateable(known, constant):
            compare.fits(report, known, constant, stated=True)
        return
    if compare.phrase(report, what, lists) is None:
        return
    wanted = Type.PERCENT if isinstance(what, Likeness) else Type.YESNO
    if constant.type is not wanted:
        compare.misstated(report, what, constant, wanted)


def _stateable(known: Fact, constant: Constant) -> bool:
    """Several texts are stated as one text, with spaces or commas between them."""
    return known.type is Type.TEXTS and constant.type is Type.TEXT
