"""The source text of a plan: all rules of one kind as one function, made of numbers and made names.

    sN  the value of slot N, filled where it is first asked
    gN  the outcome of group N, likewise
    pN  what several slots are told from: a sieve over the text, a name in its normal form

Rules whose first conditions are the same stand under one `if`, and so do the next ones under that.
Within a rule the order is given by `rank`; a condition that is false ends the rule, an unknown one
does not, so that the order never changes the outcome. This module must never put an operator's
words into the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ombud.rules import interpret
from ombud.rules.checked import Atom, Branch, CheckedRule, Leaf

_OPERATOR = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "==", "!=": "!="}
_FREQUENT = 20  # a condition that holds in the ordinary case rarely ends a rule: it comes later
_DEPTH_MAX = 40  # nested conditions; Python reads at most a hundred levels

Key = tuple[object, ...]
Filled = frozenset[str]


@dataclass(frozen=True, slots=True)
class Shared:
    """That a slot is told from the prepared value of this number; `how` is the expression for it,
    in which `p` stands for that value and `read` for the slot's own reader.
    """

    prepared: int
    how: str


COULD = "None if {p} is None else {n} in {p} and {read}"  # the reader decides what passes a sieve
EQUAL = "None if {p} is None else {p} == c{n}"
DIFFERS = "None if {p} is None else {p} != c{n}"
LISTED = "None if {p} is None else c{n}(seen.at).has({p})"


@dataclass(frozen=True, slots=True)
class _Test:
    """One line in the conjunction of a rule: `wanted` is False for lines of `unless`."""

    line: Leaf | Branch
    wanted: bool

    @property
    def key(self) -> Key:
        """Equal for tests that say the same."""
        if isinstance(self.line, Leaf):  # `not` in `unless` says the same as none in `when`
            atom = self.line.atom
            return atom.slot, atom.operator, atom.operand, self.wanted is not self.line.negated
        return self.wanted, *_key(self.line)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is still to be tested of a rule, and the variables that may be unknown so far."""

    index: int
    tests: tuple[_Test, ...]
    doubts: tuple[str, ...] = ()


def write(
    kind: str,
    rules: Iterable[CheckedRule],
    slots: Mapping[str, int],
    shared: Mapping[int, Shared],
) -> str:
    """The function that judges events of a kind; empty where no rule does. `slots` by name."""
    rests = [_Rest(index, tests(rule)) for index, rule in enumerate(rules) if kind in rule.kinds]
    return _Writer(slots, shared).write(rests) if rests else ""


def tests(rule: CheckedRule) -> tuple[_Test, ...]:
    """The lines of a rule in the order in which they are tested: cheap and selective first."""
    found = [_Test(line, True) for line in rule.when]
    found += [_Test(line, False) for line in rule.unless]
    return tuple(sorted(found, key=lambda test: _rank(test.line, test.wanted)))


def usually_asked(rule: CheckedRule) -> list[Atom]:
    """The conditions that are looked at in the ordinary case: up to the one that ends the rule."""
    asked: list[Atom] = []
    for test in tests(rule):
        leaves = (test.line,) if isinstance(test.line, Leaf) else test.line.leaves
        asked += [leaf.atom for leaf in leaves]
        if _usual_of(test.line) is (not test.wanted):
            break
    return asked


class _Writer:
    """Writes one function, line by line."""

    def __init__(self, slots: Mapping[str, int], shared: Mapping[int, Shared]) -> None:
        self.slots = slots
        self.shared = shared
        self.lines: list[str] = []
        self.groups: dict[Key, str] = {}
        self.placed: set[str] = set()  # variables that some place above fills
        self.guarded: set[str] = set()  # those that a later place may find unfilled

    def write(self, rests: list[_Rest]) -> str:
        """The whole text."""
        self._rules(1, rests, frozenset())
        head = ["def judge(seen):", " fired = []", " unknown = []", " read = {}"]
        if self.guarded:
            head.append(" " + " = ".join(sorted(self.guarded)) + " = UNSET")
        tail = [" if fired: fired.sort()", " if unknown: unknown.sort()"]
        tail += [" return tuple(fired), tuple(unknown), read", ""]
        return "\n".join([*head, *self.lines, *tail])

    def _rules(self, depth: int, rests: list[_Rest], filled: Filled) -> Filled:
        """Test some rules for which everything above holds or is unknown."""
        for rest in rests:
            if not rest.tests:
                self._end(depth, rest)
        together: dict[Key, list[_Rest]] = {}
        for rest in rests:
            if rest.tests:
                together.setdefault(rest.tests[0].key, []).append(rest)
        for group in together.values():
            if depth > _DEPTH_MAX:
                for rest in group:
                    self._flat(depth, rest, filled)
                continue
            test = group[0].tests[0]
            name, filled = self._fill(depth, test, filled)
            self._put(depth, f"if {_passes(test, name)}:")
            further = [_Rest(rest.index, rest.tests[1:], (*rest.doubts, name)) for rest in group]
            self._rules(depth + 1, further, filled)
        return filled

    def _flat(self, depth: int, rest: _Rest, filled: Filled) -> None:
        """A rule's further tests one below the other: Python cannot read endlessly deep ones."""
        doubts = list(rest.doubts)
        self._put(depth, "on = True")
        for test in rest.tests:
            self._put(depth, "if on:")
            name, _ = self._fill(depth + 1, test, filled)
            self._put(depth + 1, f"on = {_passes(test, name)}")
            doubts.append(name)
        self._put(depth, "if on:")
        self._end(depth + 1, _Rest(rest.index, (), tuple(doubts)))

    def _end(self, depth: int, rest: _Rest) -> None:
        doubts = dict.fromkeys(rest.doubts)
        if doubts:
            doubtful = " or ".join(f"{name} is None" for name in doubts)
            self._put(depth, f"if {doubtful}: unknown.append({rest.index})")
            self._put(depth, f"else: fired.append({rest.index})")
        else:
            self._put(depth, f"fired.append({rest.index})")

    # --- values -----------------------------------------------------------------------------------

    def _fill(self, depth: int, test: _Test, filled: Filled) -> tuple[str, Filled]:
        """Fill the variable that a test asks; its name, and what is filled from here on."""
        if isinstance(test.line, Leaf):
            return self._slot(depth, test.line, filled)
        return self._group(depth, test.line, filled)

    def _slot(self, depth: int, leaf: Leaf, filled: Filled) -> tuple[str, Filled]:
        number = self.slots[leaf.atom.slot]
        name, shared = f"s{number}", self.shared.get(number)
        if name in filled:
            return name, filled
        value = f"read{number}(seen)"
        inner = self._place(depth, name)
        if shared is not None:
            prepared = f"p{shared.prepared}"
            if prepared not in filled:
                at = self._place(inner, prepared)
                self._put(at, f"{prepared} = prepare{shared.prepared}(seen)")
                filled |= {prepared}  # here or, where the slot was filled before, by that
            value = shared.how.format(p=prepared, n=number, read=value)
        self._put(inner, f"{name} = read[{number}] = {value}")
        return name, filled | {name}

    def _group(self, depth: int, branch: Branch, filled: Filled) -> tuple[str, Filled]:
        """A group's variable is True, False or None; the first leaf that decides it ends it."""
        name = self.groups.setdefault(_key(branch), f"g{len(self.groups)}")
        if name in filled:
            return name, filled
        inner, deciding = self._place(depth, name), not branch.every
        self._put(inner, f"{name} = {branch.every}")
        self._put(inner, "while True:")
        within = filled
        for leaf in branch.leaves:
            slot, within = self._slot(inner + 1, leaf, within)
            self._put(inner + 1, f"if {slot} is None: {name} = None")
            self._put(inner + 1, f"elif {_expression(leaf, slot, deciding)}:")
            self._put(inner + 2, f"{name} = {deciding}")
            self._put(inner + 2, "break")
        self._put(inner + 1, "break")
        return name, filled | {name}

    def _place(self, depth: int, name: str) -> int:
        """Where a variable may be filled: only if it is not, where a place above may have done it;
        the depth for the filling.
        """
        if name not in self.placed:
            self.placed.add(name)
            return depth
        self.guarded.add(name)
        self._put(depth, f"if {name} is UNSET:")
        return depth + 1

    def _put(self, depth: int, text: str) -> None:
        self.lines.append(" " * depth + text)


def _key(line: Leaf | Branch) -> Key:
    if isinstance(line, Leaf):
        return line.atom.slot, line.atom.operator, line.atom.operand, line.negated
    return line.every, *(_key(leaf) for leaf in line.leaves)


def _passes(test: _Test, name: str) -> str:
    """True where the test is not false: it holds, or is unknown."""
    if isinstance(test.line, Leaf):
        return f"{name} is None or {_expression(test.line, name, test.wanted)}"
    return f"{name} is not False" if test.wanted else f"{name} is not True"


def _expression(leaf: Leaf, slot: str, truth: bool) -> str:
    """True where the leaf, known, is `truth`."""
    atom = leaf.atom
    positive = truth is not leaf.negated
    if atom.operator is None:
        return f"{slot} is True" if positive else f"{slot} is not True"
    compared = f"{slot} {_OPERATOR[atom.operator]} {int(atom.operand)}"
    return compared if positive else f"not {compared}"


def _rank(line: Leaf | Branch, wanted: bool) -> int:
    """Where a line comes in its rule: cheap ones first, of these the ones that usually end it."""
    leaves = (line,) if isinstance(line, Leaf) else line.leaves
    cost = sum(leaf.atom.cost for leaf in leaves)
    return cost * (1 if _usual_of(line) is (not wanted) else _FREQUENT)


def _usual_of(line: Leaf | Branch) -> bool | None:
    """The line in the ordinary case."""
    if isinstance(line, Leaf):
        return _usual(line)
    usual = [_usual(leaf) for leaf in line.leaves]
    return interpret.all_of(usual) if line.every else interpret.any_of(usual)


def _usual(leaf: Leaf) -> bool | None:
    """The leaf in the ordinary case: facts at their ordinary values, phrases not true."""
    atom = leaf.atom
    truth = atom.decide(False if atom.operator is None else atom.facts[0].ordinary)
    return interpret.negate(truth) if leaf.negated else truth
