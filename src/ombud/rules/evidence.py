"""What a line of a rule tells: what was done, what others say of it, how often, or who is new.

A rule fires where every line of `when` holds and no line of `unless`, so `unless` is read as its
opposite beside `when`: there is one way to weigh a line, wherever it was written. What *tells* that
something was done is a closed list, since of what is left open a line that always holds could be
made. This module must never know an action, or what is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from ombud.clock import DAY
from ombud.rules import ordinary
from ombud.rules.checked import Atom, Branch, Leaf, atoms, opposite
from ombud.rules.tree import InList, Resembles, TextTest
from ombud.signals import likely
from ombud.signals.declare import Type

_NEWNESS = (".age", ".first seen", ".accepted posts")
_FLAGS = frozenset({"flag"})
# What a line may tell of a post that most posts do not do: yes or no, and counted.
_TELLING = frozenset(
    {"links.any", "links.disguised", "links.ip", "links.misleading", "private.any"}
)  # fmt: skip
_COUNTED = {"links.": 1, "private.": 1, "mentions.count": 3}  # from which number on
# Who has fewer posts, or is here for less, is not established (`verdicts.past`): a line that lets
# more through leaves the established not out.
NEWCOMER_POSTS, NEWCOMER_FOR = 20, 30 * DAY
_SHARED = frozenset(
    {"links.any", "links.count"}
)  # what headlines and petitions hold that are shared
RESEMBLES_MIN = 500  # permille from which on two names or sites tell something
SEVERAL = 2
_OTHERWISE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}

Lines = tuple[Leaf | Branch, ...]


def fires_where(when: Lines, unless: Lines) -> Lines:
    """What holds whenever a rule fires: `when`, and the opposite of every line of `unless`. A
    comparison is turned round where it is negated, so that "not under 2" is "2 or more".
    """
    return tuple(_plain(line) for line in (*when, *map(opposite, unless)))


def _plain(line: Leaf | Branch) -> Leaf | Branch:
    if isinstance(line, Branch):
        return replace(line, leaves=tuple(_turned(leaf) for leaf in line.leaves))
    return _turned(line)


def _turned(leaf: Leaf) -> Leaf:
    atom, negated = leaf.atom, leaf.negated
    if atom.operator is None:
        return leaf
    sign = _OTHERWISE[atom.operator] if negated else atom.operator
    if atom.facts[0].type is Type.YESNO and sign in ("=", "!="):
        yes = (sign == "=") == bool(atom.operand)
        return replace(leaf, atom=replace(atom, operator=None), negated=not yes)
    return replace(leaf, atom=replace(atom, operator=sign), negated=False)


def rests_on(lines: Lines, weak: Callable[[Leaf], bool]) -> bool:
    """Whether these lines can all hold by weak conditions alone."""
    for line in lines:
        if isinstance(line, Leaf):
            if not weak(line):
                return False
        elif not (all if line.every else any)(weak(leaf) for leaf in line.leaves):
            return False
    return True


def hearsay(lines: Lines, imported: Collection[str]) -> str | None:
    """What the lines rest on, if only on what others say and on what tells nothing; else None."""
    said = [kind for atom in atoms(lines) if (kind := _hearsay(atom, imported)) is not None]

    def weak(leaf: Leaf) -> bool:
        return _hearsay(leaf.atom, imported) is not None or not tells(leaf)

    return _listed(said) if said and rests_on(lines, weak) else None


def _listed(said: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(said))


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


def on_a_score(lines: Lines) -> bool:
    """Whether the lines rest on what a model learned here, and on what tells nothing."""
    scored = any(likely.clause_of(atom.facts[0].name) is not None for atom in atoms(lines))
    return scored and rests_on(lines, lambda leaf: not tells(leaf))


def on_a_hint(lines: Lines) -> bool:
    """Whether the lines rest on hints: who is new, how much is going on, how long a text is or what
    it lacks says of nobody that they did something wrong.
    """
    hints = any(_hinted(atom) for atom in atoms(lines))
    return hints and rests_on(lines, lambda leaf: not tells(leaf))


def on_repetition(lines: Lines, kinds: Collection[str], *, form: bool) -> bool:
    """Whether the lines rest on counts over time, and the established members among those whom a
    rule for these kinds restricts are not left out. Only what was done besides makes more of
    repetition, and a link does not; under a clause of form also where it was done.
    """
    who = "subject.author" if "flag" in kinds else "author"
    if any(_leaves_out(line, who) for line in lines):
        return False
    if not any(_repetition(atom) for atom in atoms(lines)):
        return False
    copies = any(atom.repeats for atom in atoms(lines))

    def weak(leaf: Leaf) -> bool:
        if _repetition(leaf.atom):
            return True
        if copies and leaf.atom.facts[0].name in _SHARED:
            return True
        return not (tells(leaf) or (form and _where(leaf)))

    return rests_on(lines, weak)


def _where(leaf: Leaf) -> bool:
    """Whether a line is about rooms that the operator names: one offer a day in a market."""
    written = leaf.atom.written
    return isinstance(written, InList) and not leaf.negated and leaf.atom.facts[0].name == "room"


def _repetition(atom: Atom) -> bool:
    if isinstance(atom.written, TextTest):
        return False  # what was said, even where it was said before
    return any(window.counter.kinds != _FLAGS for fact in atom.facts for window in fact.windows)


def _hinted(atom: Atom) -> bool:
    return any(fact.hint for fact in atom.facts)


def tells(leaf: Leaf) -> bool:
    """Whether a line, turned as `fires_where` does, says that something was done which most posts
    do not do. A learned score guesses so, and to quote is what answers do: neither tells.
    """
    atom, written = leaf.atom, leaf.atom.written
    name = atom.facts[0].name
    if isinstance(written, Resembles):
        sign = _OTHERWISE[written.operator] if leaf.negated else written.operator
        return sign in (">", ">=") and int(written.constant.value) >= RESEMBLES_MIN
    if leaf.negated or _hinted(atom):
        return False
    if isinstance(written, TextTest):
        return not ordinary.says_nothing(written)
    if isinstance(written, InList):  # who or where says nothing of what was done
        return atom.facts[0].type is not Type.NAME and not name.endswith(".role")
    least = _least(atom)
    if atom.repeats:
        return least >= SEVERAL
    if atom.facts[0].windows:
        return False  # a number of posts, people or rooms
    if atom.facts[0].type is Type.YESNO:
        return name in _TELLING
    return any(name.startswith(what) and least >= few for what, few in _COUNTED.items())


def _least(atom: Atom) -> int:
    """The smallest number for which a comparison holds, below which it does not; 0 where none."""
    if atom.operator in (">", "!="):
        return atom.operand + 1 if atom.operator == ">" or atom.operand == 0 else 0
    return atom.operand if atom.operator in (">=", "=") else 0


def _leaves_out(line: Leaf | Branch, who: str) -> bool:
    """Whether a line lets only newcomers through: of those who are restricted, not of whoever
    reports or is written to.
    """
    if isinstance(line, Branch):
        return (any if line.every else all)(_leaves_out(leaf, who) for leaf in line.leaves)
    atom = line.atom
    if atom.facts[0].name not in tuple(who + fact for fact in _NEWNESS):
        return False
    posts = atom.facts[0].name.endswith(".accepted posts")
    bound = NEWCOMER_POSTS if posts else NEWCOMER_FOR
    if atom.operator == "<" or not posts:
        return atom.operator in ("<", "<=", "=") and atom.operand <= bound
    return atom.operator in ("<=", "=") and atom.operand < bound
