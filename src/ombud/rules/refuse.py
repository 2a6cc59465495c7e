"""What a rule may not do, whatever its author wishes: who it may hit, on which evidence, by itself.

    - remove, limit, or anything on an account, resting only on reports by members, on imported
      lists or on a learned score; a hold resting only on such a score, under a clause that licences
      holds because any reader can check what it says;
    - any restriction resting only on a hint (a signal declared so), however new its author, however
      much is going on;
    - any restriction resting only on how often something happens, unless the established among
      those it restricts are left out;
    - `campaign` without a line that counts repeats;
    - on a published fact-check, alone or beside anything else, more than proposing context or an
      alert, and that only under a clause with `harm: context`, which allows nothing else either;
    - any restriction by a rule that asks for the language of a text, or for letters or words that
      a whole language or alphabet has (`rules.alphabets`), anywhere: beside other lines, or in an
      exception, it would still pick people by where they come from;
    - under `harm: form` anything but structure, and more than a warning or a hold;
    - what no connected platform can do, or none can undo.

A rule *rests only* on some evidence when it could fire on that evidence alone, `unless` included
(`rules.evidence`). What only a person may do (context, lock, ban from room, suspend) opens a case.
This module must never soften a refusal by mode: a draft is told what a live rule would be told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ombud.rules import alphabets, evidence
from ombud.rules import format as say
from ombud.rules.checked import Atom, atoms
from ombud.rules.diagnostic import ERROR, INFORMATION, WARNING, Report
from ombud.rules.evidence import Lines
from ombud.rules.policy import Clause
from ombud.rules.tree import Action, Place, Resembles, Rule, TextTest
from ombud.rules.vocabulary import (
    ACTIONS,
    ACTIONS_OF_CONTEXT,
    ACTIONS_ON_REGISTRATION,
    ACTIONS_ON_THIS,
    ACTIONS_UNDER_FORM,
    HOLD_MAX,
    RESTRICTION_MAX,
)
from ombud.signals import language
from ombud.signals.declare import Type
from ombud.signals.factchecks import facts

_PROCEDURAL = ("hold", "slow", "require approval")  # what a procedural hold licences

# By platform: action -> how well it can be undone. No action named: every one, exactly.
Platforms = Mapping[str, Mapping[str, str]]


def hindrance(can: Mapping[str, str], action: str) -> str:
    """Why a rule may not do an action where these can be done (and undone so well), or nothing."""
    if not can:
        return ""
    if action not in can:
        return "not on this platform"
    return "cannot be undone" if can[action] == "none" else ""


def actions(report: Report, rule: Rule, platforms: Platforms) -> None:
    """Report every action that may not stand in this rule."""
    seen: set[tuple[str, str | None]] = set()
    for action in rule.then:
        if (action.type, action.target) in seen:
            report.add("R081", action.place)
        seen.add((action.type, action.target))
        _fits_kinds(report, rule, action)
        _length(report, action)
        _connected(report, rule, action, platforms)
        if ACTIONS[action.type].person_only and rule.mode == "live":
            report.add("R075", action.place, severity=INFORMATION, action=said(action))


def weak_evidence(
    report: Report,
    rule: Rule,
    when: Lines,
    unless: Lines,
    imported: Collection[str],
    clause: Clause | None = None,
) -> None:
    """Report every action whose evidence is too weak for it. `clause`: the rule's, where known."""
    if not when:
        return
    lines = evidence.fires_where(when, unless)
    weak = evidence.hearsay(lines, imported)
    form = clause is None or clause.harm == "form"
    repetition = evidence.on_repetition(lines, rule.kinds, form=form)
    hint = evidence.on_a_hint(lines)
    score = evidence.on_a_score(lines) and clause is not None and clause.procedural is not None
    speaks = any(fact.name == language.NAME for atom in atoms(lines) for fact in atom.facts)
    picked = _picked(lines) if any(ACTIONS[action.type].restricts for action in rule.then) else None
    for action in rule.then:
        if action.target == "campaign" and not any(atom.repeats for atom in atoms(when)):
            report.add("R072", action.place)
        done = ACTIONS[action.type]
        if not done.restricts:
            continue
        on_account = action.target == "author"
        if hint:
            report.add("R150", action.place, action=said(action))
        elif weak and (action.type in ("remove", "limit") or on_account):
            report.add("R073", action.place, action=said(action), evidence=weak)
        elif score and action.type in _PROCEDURAL:
            report.add("R152", action.place, action=said(action))
        if speaks:
            report.add("R147", action.place, action=said(action))
        if picked is not None:
            report.add("R151", action.place, action=said(action), example=picked)
        if repetition and action.target != "room":
            report.add("R074", action.place, action=said(action))


def _picked(lines: Lines) -> str | None:
    """What of ordinary writing some line asks for, where that picks a language or an alphabet."""
    written = (atom.written for atom in atoms(lines))
    asked = (alphabets.picks(each) for each in written if isinstance(each, TextTest))
    return next((example for example in asked if example is not None), None)


def form(report: Report, rule: Rule, clause: Clause, when: Lines, unless: Lines) -> None:
    """Report what goes beyond structure under a clause with `harm: form`."""
    if clause.harm != "form":
        return
    for action in rule.then:
        if action.type not in ACTIONS_UNDER_FORM:
            report.add("R077", action.place, what=f'"{action.type}" cannot be done')
    for atom in atoms((*when, *unless)):
        if _reads_content(atom):
            report.add("R077", atom.written.place, what="what is said may not matter")


def factcheck(lines: Lines) -> str | None:
    """The first fact about published fact-checks that some lines ask; None where they ask none."""
    names = (fact.name for atom in atoms(lines) for fact in atom.facts)
    return next((name for name in names if name.startswith(facts.PREFIX)), None)


def context(report: Report, rule: Rule, clause: Clause, when: Lines, unless: Lines) -> None:
    """Report what makes more of a fact-check than a question to a person; in `unless` too, since a
    rule that lets off whoever debunks restricts the others by the same match.
    """
    asked = factcheck((*when, *unless))
    for action in rule.then:
        if action.type in ACTIONS_OF_CONTEXT:
            continue
        if asked is not None:
            report.add("R097", action.place, action=said(action), fact=asked)
        elif clause.harm == "context":
            report.add("R099", action.place, action=said(action), clause=clause.id)
    if asked is not None and clause.harm != "context":
        place = rule.places.get("clause", Place(0, 0, 0))
        report.add("R098", place, fact=asked, clause=clause.id, harm=clause.harm)


# --- actions --------------------------------------------------------------------------------------


def said(action: Action) -> str:
    """An action in two or three words."""
    return say.action(Action(action.type, action.target))


def _connected(report: Report, rule: Rule, action: Action, platforms: Platforms) -> None:
    """Report what some connected platform cannot do or undo; a live rule needs one that can."""
    if action.type == "alert":  # opens a case here: no platform is asked
        return
    hindered = {
        name: why
        for name, can in platforms.items()
        if (why := hindrance(can, action.type))
        and not (why == "cannot be undone" and ACTIONS[action.type].person_only)
    }
    if hindered and len(hindered) == len(platforms):
        severity = ERROR if rule.mode == "live" else WARNING
        named = ", ".join(f'"{name}"' for name in sorted(hindered))
        report.add("R076", action.place, None, severity, action=said(action), platforms=named)
    elif rule.mode != "draft":
        for name, why in sorted(hindered.items()):
            problem = "cannot be done" if why == "not on this platform" else why
            told = {"platform": name, "action": said(action), "problem": problem}
            report.add("R135", action.place, None, WARNING, **told)


def _fits_kinds(report: Report, rule: Rule, action: Action) -> None:
    for kind in rule.kinds:
        allowed: Collection[str] | None = None
        if kind == "registration" or (kind, action.target) == ("room", "room"):
            allowed = ACTIONS_ON_REGISTRATION
        elif action.target in ("this", "campaign"):
            allowed = ACTIONS_ON_THIS.get(kind)
        if allowed is not None and action.type not in allowed:
            instead = f"What can be done: {', '.join(sorted(allowed))}."
            target = action.target or "this"
            report.add(
                "R071", action.place, kind=kind, action=action.type, target=target, instead=instead
            )
            return


def _length(report: Report, action: Action) -> None:
    if action.type == "hold" and action.duration is not None and action.duration > HOLD_MAX:
        report.add("R034", action.place)
    account_label = action.type == "label" and action.target == "author"
    if account_label and action.duration is None:
        report.add("R033", action.place, action="label author")
    needs_end = account_label or ACTIONS[action.type].duration == "needed"
    if needs_end and (action.duration or 0) > RESTRICTION_MAX:
        report.add("R049", action.place, action=said(action))


# --- form -----------------------------------------------------------------------------------------


def _reads_content(atom: Atom) -> bool:
    written = atom.written
    if isinstance(written, TextTest):
        return written.how != "starts with"
    fact = atom.facts[0]
    if fact.hint:
        return True
    if isinstance(written, Resembles) or fact.type is Type.PERCENT:
        return not fact.windows
    return fact.type in (Type.TEXT, Type.TEXTS)
