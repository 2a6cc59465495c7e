"""What a rule may not do, whatever its author wishes: who it may hit, on which evidence, by itself.

    - remove, limit, or anything on an account, resting only on reports by members, on imported
      lists or on a learned score;
    - any restriction resting only on a hint (a signal declared so), however new its author, however
      much is going on;
    - any restriction resting only on how often something happens, unless established members are
      left out;
    - `campaign` without a line that counts repeats;
    - on a published fact-check, alone or beside anything else, more than proposing context or an
      alert, and that only under a clause with `harm: context`, which allows nothing else either;
    - any restriction by a rule that asks for the language of a text, anywhere: beside other lines,
      or in an exception, it would still pick people by where they come from;
    - under `harm: form` anything but structure, and more than a warning or a hold;
    - what no connected platform can do, or none can undo.

A rule *rests only* on some evidence when it could fire on that evidence alone. What only a person
may do (context, lock, ban from room, suspend) opens a case. This module must never soften a refusal
by mode: a draft is told what a live rule would be told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from ombud.clock import DAY
from ombud.rules import format as say
from ombud.rules import ordinary
from ombud.rules.checked import Atom, Branch, Leaf, atoms
from ombud.rules.diagnostic import ERROR, INFORMATION, WARNING, Report
from ombud.rules.policy import Clause
from ombud.rules.tree import Action, InList, Place, Resembles, Rule, TextTest
from ombud.rules.vocabulary import (
    ACTIONS,
    ACTIONS_OF_CONTEXT,
    ACTIONS_ON_REGISTRATION,
    ACTIONS_ON_THIS,
    ACTIONS_UNDER_FORM,
    HOLD_MAX,
    RESTRICTION_MAX,
)
from ombud.signals import language, likely
from ombud.signals.declare import Type
from ombud.signals.factchecks import facts

_NEWNESS = (".age", ".first seen", ".accepted posts")
_ACCOUNT = ("author", "subject.author", "reporter")
_FLAGS = frozenset({"flag"})
# What a line may tell of a post that most posts do not do: yes or no, and counted.
_TELLING = frozenset(
    {"links.any", "links.disguised", "links.ip", "links.misleading", "private.any",
     "private.exposes"}
)  # fmt: skip
_COUNTED = {"links.": 1, "private.": 1, "mentions.count": 3}  # from which number on
NEWCOMER_POSTS, NEWCOMER_FOR = 50, 90 * DAY  # a line that lets more through leaves nobody out
RESEMBLES_MIN = 500  # permille from which on two names, sites or scores tell something
SEVERAL = 2

Lines = tuple[Leaf | Branch, ...]


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
            report.add("R075", action.place, severity=INFORMATION, action=_said(action))


def evidence(
    report: Report, rule: Rule, when: Lines, unless: Lines, imported: Collection[str]
) -> None:
    """Report every action whose evidence is too weak for it."""
    if not when:
        return
    weak = _weak_evidence(when, imported)
    repetition = _rests_on_repetition(when, unless)
    speaks = any(fact.name == language.NAME for a in atoms((*when, *unless)) for fact in a.facts)
    hint = _rests_on_a_hint(when, unless)
    letters = any(
        isinstance(atom.written, TextTest) and ordinary.letters_alone(atom.written)
        for atom in atoms((*when, *unless))
    )
    for action in rule.then:
        if action.target == "campaign" and not any(atom.repeats for atom in atoms(when)):
            report.add("R072", action.place)
        form = ACTIONS[action.type]
        on_account = action.target == "author" and form.restricts
        if hint and form.restricts:
            report.add("R150", action.place, action=_said(action))
        elif weak and (action.type in ("remove", "limit") or on_account):
            report.add("R073", action.place, action=_said(action), evidence=weak)
        if speaks and form.restricts:
            report.add("R147", action.place, action=_said(action))
        if letters and form.restricts:
            report.add("R151", action.place, None, WARNING, action=_said(action))
        if repetition and form.restricts and action.target != "room":
            report.add("R074", action.place, action=_said(action))


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
            report.add("R097", action.place, action=_said(action), fact=asked)
        elif clause.harm == "context":
            report.add("R099", action.place, action=_said(action), clause=clause.id)
    if asked is not None and clause.harm != "context":
        place = rule.places.get("clause", Place(0, 0, 0))
        report.add("R098", place, fact=asked, clause=clause.id, harm=clause.harm)


# --- actions --------------------------------------------------------------------------------------


def _said(action: Action) -> str:
    """The action in two or three words."""
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
        report.add("R076", action.place, None, severity, action=_said(action), platforms=named)
    elif rule.mode != "draft":
        for name, why in sorted(hindered.items()):
            problem = "cannot be done" if why == "not on this platform" else why
            said = {"platform": name, "action": _said(action), "problem": problem}
            report.add("R135", action.place, None, WARNING, **said)


def _fits_kinds(report: Report, rule: Rule, action: Action) -> None:
    for kind in rule.kinds:
        allowed: Collection[str] | None = None
        if kind == "registration":
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
        report.add("R049", action.place, action=_said(action))


# --- evidence -------------------------------------------------------------------------------------


def _weak_evidence(when: Lines, imported: Collection[str]) -> str | None:
    """What the rule rests on, if only on what others say and on what says nothing; else None."""

    def weak(leaf: Leaf) -> bool:
        if _hearsay(leaf.atom, imported) is not None:
            return True
        return not (_more(leaf) or _own_haste(leaf) or _leaves_out(leaf, "when"))

    said = [kind for atom in atoms(when) if (kind := _hearsay(atom, imported)) is not None]
    return " and ".join(dict.fromkeys(said)) if said and _rests_on(when, weak) else None


def _hearsay(atom: Atom, imported: Collection[str]) -> str | None:
    fact = atom.facts[0]
    if fact.windows and all(window.counter.kinds == _FLAGS for window in fact.windows):
        return "reports by members"
    if fact.name.startswith("reporter."):  # who reports says nothing of what was reported
        return "reports by members"
    written = atom.written
    listed = written.list if isinstance(written, InList) else None
    if isinstance(written, Resembles) and isinstance(written.likeness.other, str):
        listed = written.likeness.other
    if listed is not None and listed in imported:
        return "an imported list"
    if fact.type is Type.PERCENT and not fact.windows:
        return "a learned score"
    return None


def _rests_on(lines: Lines, weak: Callable[[Leaf], bool]) -> bool:
    """Whether these lines can all hold by weak conditions alone."""
    for line in lines:
        if isinstance(line, Leaf):
            if not weak(line):
                return False
        elif not (all if line.every else any)(weak(leaf) for leaf in line.leaves):
            return False
    return True


def _rests_on_repetition(when: Lines, unless: Lines) -> bool:
    """Whether the rule could fire on counts over time alone, and established members are not left
    out. Only what was done besides, where, or to whom makes more of it.
    """
    if any(_leaves_out(line, "when") for line in when):
        return False
    if any(_leaves_out(line, "unless") for line in unless):
        return False
    if not any(_repetition(atom) for atom in atoms(when)):
        return False
    return _rests_on(when, lambda leaf: _repetition(leaf.atom) or not _more(leaf))


def _more(leaf: Leaf) -> bool:
    """Whether a line makes more of repetition: what was done, rooms that the operator names (one
    offer a day in a market), or that it happens to a newcomer.
    """
    atom = leaf.atom
    if _tells(leaf):
        return True
    name = atom.facts[0].name
    if isinstance(atom.written, InList):
        return name == "room" and not leaf.negated
    whom = name in tuple("target" + fact for fact in _NEWNESS)
    few = atom.operator in ("<", "<=") and atom.operand <= _newcomer(atom)
    return whom and few and not leaf.negated


def _own_haste(leaf: Leaf) -> bool:
    """Whether a line counts several posts of the person it is about, not of a place."""
    atom = leaf.atom
    several = atom.operator in (">", ">=") and atom.operand >= SEVERAL and not leaf.negated
    return several and _repetition(atom) and atom.facts[0].name.startswith(_ACCOUNT[:2])


def _repetition(atom: Atom) -> bool:
    if isinstance(atom.written, TextTest):
        return False  # what was said, even where it was said before
    return any(window.counter.kinds != _FLAGS for fact in atom.facts for window in fact.windows)


def _rests_on_a_hint(when: Lines, unless: Lines) -> bool:
    """Whether the rule could fire on hints alone: who is new, how much is going on, how long a text
    is or what it lacks says of nobody that they did something wrong. To let everybody off but those
    whom a hint names is to rest on it, too.
    """
    hinted = any(_hinted(atom) for atom in atoms((*when, *unless)))
    return hinted and _rests_on(when, lambda leaf: not _tells(leaf))


def _hinted(atom: Atom) -> bool:
    return any(fact.hint for fact in atom.facts)


def _tells(leaf: Leaf) -> bool:
    """Whether a line says that something was done which most posts do not do. The list is closed:
    of what is not on it, a line that always holds could be made.
    """
    atom = leaf.atom
    if leaf.negated or _hinted(atom):
        return False
    written = atom.written
    if isinstance(written, TextTest):
        return not ordinary.says_nothing(written)
    if isinstance(written, InList):
        return atom.facts[0].type is not Type.NAME  # who or where says nothing of what was done
    many = atom.operator in (">", ">=") or (atom.operator == "=" and atom.operand > 0)
    if isinstance(written, Resembles):
        return atom.operator in (">", ">=") and atom.operand >= RESEMBLES_MIN
    if atom.repeats:
        return many and atom.operand >= SEVERAL
    name = atom.facts[0].name
    if atom.facts[0].windows:
        return False  # a number of posts, people or rooms
    if likely.clause_of(name) is not None:
        return atom.operator in (">", ">=") and atom.operand >= RESEMBLES_MIN
    if atom.facts[0].type is Type.YESNO:
        return name in _TELLING and (atom.operator is None or (atom.operator == "=" and many))
    least = atom.operand + (atom.operator == ">")
    return many and any(name.startswith(what) and least >= few for what, few in _COUNTED.items())


def _newness(atom: Atom) -> bool:
    who = atom.facts[0].name
    return any(who == person + fact for person in _ACCOUNT for fact in _NEWNESS)


def _leaves_out(line: Leaf | Branch, part: str) -> bool:
    """Whether a line lets only newcomers through (`when`), or lets the others off (`unless`)."""
    if isinstance(line, Branch):
        # One line is enough where one line decides: in `when` "all of", in `unless` "any of".
        enough = any if line.every == (part == "when") else all
        return enough(_leaves_out(leaf, part) for leaf in line.leaves)
    if not _newness(line.atom) or line.atom.operand > _newcomer(line.atom):
        return False
    sign = line.atom.operator
    small = sign in ("<", "<=") or (sign == "=" and line.atom.operand == 0)
    large = sign in (">", ">=")
    if line.negated:
        small, large = large, small
    return small if part == "when" else large


def _newcomer(atom: Atom) -> int:
    """Up to which number somebody may still be called a newcomer."""
    posts = atom.facts[0].name.endswith(".accepted posts")
    return NEWCOMER_POSTS if posts else NEWCOMER_FOR


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
