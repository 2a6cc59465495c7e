"""All rules of a community as one function for each kind of event.

The function is generated source text: straight code with one local variable a slot, filled at its
first use. In each rule the cheap and selective conditions come first, and the first false one ends
it; an unknown one is noted and the rest still looked at, so that the order never changes the
outcome. Source text holds only numbers and names made here: this module must never put an
operator's words into it.

    facts and texts  --readers-->  slots  --generated function-->  fired, unknown

The same function judges from recorded slots when the text is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from ombud.model import KINDS, Value
from ombud.rules import interpret
from ombud.rules.checked import Atom, Branch, CheckedRule, Leaf
from ombud.rules.interpret import Trace
from ombud.rules.phrases import Reader, reader
from ombud.signals.lists import TermList
from ombud.signals.observation import Observation
from ombud.signals.resolve import Window

_OPERATOR = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "==", "!=": "!="}
_FREQUENT = 20  # a condition that holds in the ordinary case rarely ends a rule: it comes later
_UNSET = object()

Fired = tuple[tuple[int, ...], tuple[int, ...], dict[int, Value]]


class Judgement(Struct, frozen=True):
    """What the rules say of one event, as indices into `Plan.rules` and `Plan.slots`.

    `read` holds the slots that were looked at; an unknown value is None. `faults` names the rules
    that met a fact that could not be computed; such a fact counts as unknown and is not in `read`.
    """

    fired: tuple[int, ...]
    unknown: tuple[int, ...]
    read: dict[int, Value]
    faults: tuple[str, ...] = ()


NOTHING = Judgement((), (), {})


@dataclass(frozen=True, slots=True)
class Plan:
    """The compiled rules, in the order of their names. `slots` are canonical names, sorted.

    `windows`: each window that is read, with the widest width asked of it in microseconds.
    """

    rules: tuple[CheckedRule, ...]
    slots: tuple[str, ...]
    windows: tuple[tuple[Window, int], ...]
    readers: tuple[Reader, ...]
    by_slot: Mapping[str, Reader]
    by_kind: Mapping[str, Callable[[Observation], Fired]] = field(repr=False)
    by_kind_recorded: Mapping[str, Callable[[Mapping[str, Value]], Fired]] = field(repr=False)
    source: Mapping[str, str] = field(repr=False)

    def judge(self, seen: Observation) -> Judgement:
        """What the rules say of an event. Never raises for what a fact may do."""
        run = self.by_kind.get(seen.kind)
        if run is None:
            return NOTHING
        try:
            return Judgement(*run(seen))
        except Exception:  # noqa: BLE001 -- a record that raises is judged all the same (promise 6)
            return self._one_by_one(seen)

    def judge_recorded(self, kind: str, values: Mapping[str, Value]) -> Judgement:
        """What the rules say of an event of which only slots are left; a missing one is unknown."""
        run = self.by_kind_recorded.get(kind)
        return NOTHING if run is None else Judgement(*run(values))

    def trace(self, index: int, seen: Observation, facts: Mapping[int, Value]) -> Trace:
        """Why rule `index` says what it says: every line with its value in `facts`, by slot."""
        known = {self.slots[slot]: value for slot, value in facts.items()}

        def words(slot: str) -> tuple[str, ...]:
            return self.by_slot[slot].words(seen)

        return interpret.trace(self.rules[index], known.get, words)

    def _one_by_one(self, seen: Observation) -> Judgement:
        """Judge with the interpreter; a fact that raises is unknown, and its rules are named."""
        look = _Look(self, seen)
        fired: list[int] = []
        unknown: list[int] = []
        faults: list[str] = []
        for index, rule in enumerate(self.rules):
            if seen.kind not in rule.kinds:
                continue
            truth = interpret.evaluate(rule, look.value)
            if truth is not False:
                (fired if truth else unknown).append(index)
            if any(atom.slot in look.broken for atom in rule.atoms()):
                faults.append(rule.name)
        read = {
            number: look.known[slot]
            for number, slot in enumerate(self.slots)
            if slot in look.known and slot not in look.broken
        }
        return Judgement(tuple(fired), tuple(unknown), read, tuple(faults))


class _Look:
    """The slots of one event, each computed once, by name."""

    def __init__(self, plan: Plan, seen: Observation) -> None:
        self.seen = seen
        self.readers = plan.by_slot
        self.known: dict[str, Value] = {}
        self.broken: set[str] = set()

    def value(self, slot: str) -> Value:
        """The slot's value; unknown where computing it raises."""
        if slot not in self.known:
            try:
                value = self.readers[slot].compute(self.seen)
                if not isinstance(value, int | None):
                    raise TypeError(f"{slot} is not a number or yes-no")
                self.known[slot] = value
            except Exception:  # noqa: BLE001 -- see Judgement.faults
                self.known[slot] = None
                self.broken.add(slot)
        return self.known[slot]


# --- compiling ------------------------------------------------------------------------------------


def compile_plan(rules: Iterable[CheckedRule], lists: Mapping[str, TermList]) -> Plan:
    """The plan of all rules that watch or are live. Every list they name must be in `lists`."""
    running = tuple(sorted((r for r in rules if r.mode != "draft"), key=lambda rule: rule.name))
    atoms: dict[str, Atom] = {}
    for rule in running:
        for atom in rule.atoms():
            atoms.setdefault(atom.slot, atom)
    slots = tuple(sorted(atoms))
    readers = tuple(reader(atoms[slot], lists) for slot in slots)
    live: dict[str, Any] = {f"read{n}": each.compute for n, each in enumerate(readers)}
    recorded: dict[str, Any] = {f"read{n}": _recorded(slot) for n, slot in enumerate(slots)}
    source = {kind: text for kind in KINDS if (text := _Writer(kind, running, slots).write())}
    return Plan(
        rules=running,
        slots=slots,
        windows=_windows(running),
        readers=readers,
        by_slot=dict(zip(slots, readers, strict=True)),
        by_kind={kind: _compiled(text, live) for kind, text in source.items()},
        by_kind_recorded={kind: _compiled(text, recorded) for kind, text in source.items()},
        source=source,
    )


def _recorded(slot: str) -> Callable[[Mapping[str, Value]], Value]:
    def read(values: Mapping[str, Value]) -> Value:
        return values.get(slot)

    return read


def _compiled(source: str, readers: Mapping[str, Any]) -> Callable[[Any], Fired]:
    namespace: dict[str, Any] = {"__builtins__": {"tuple": tuple}, "UNSET": _UNSET, **readers}
    exec(compile(source, "<plan>", "exec"), namespace)  # noqa: S102 -- text made here only
    function: Callable[[Any], Fired] = namespace["judge"]
    return function


def _windows(rules: tuple[CheckedRule, ...]) -> tuple[tuple[Window, int], ...]:
    widest: dict[int, tuple[Window, int]] = {}
    for rule in rules:
        for atom in rule.atoms():
            for fact in atom.facts:
                for window in fact.windows:
                    _, width = widest.get(window.number, (window, 0))
                    widest[window.number] = (window, max(width, fact.width))
    return tuple(sorted(widest.values(), key=lambda found: found[0].number))


@dataclass(frozen=True, slots=True)
class _Test:
    """One line in the conjunction of a rule: `wanted` is False for lines of `unless`."""

    line: Leaf | Branch
    wanted: bool
    rank: int


class _Writer:
    """Writes the source text of the function for one kind."""

    def __init__(self, kind: str, rules: tuple[CheckedRule, ...], slots: tuple[str, ...]) -> None:
        self.rules = [(index, rule) for index, rule in enumerate(rules) if kind in rule.kinds]
        self.number = {slot: number for number, slot in enumerate(slots)}
        self.lines: list[str] = []
        self.filled: set[int] = set()  # slots that every path has filled by now

    def write(self) -> str:
        """The text; empty where no rule judges this kind."""
        if not self.rules:
            return ""
        for index, rule in self.rules:
            self._rule(index, rule)
        used = {self.number[atom.slot] for _, rule in self.rules for atom in rule.atoms()}
        head = ["def judge(seen):", " fired = []", " unknown = []", " read = {}"]
        head.append(" " + " = ".join(f"s{number}" for number in sorted(used)) + " = UNSET")
        tail = [" return tuple(fired), tuple(unknown), read", ""]
        return "\n".join([*head, *self.lines, *tail])

    def _rule(self, index: int, rule: CheckedRule) -> None:
        tests = [_Test(line, True, _rank(line, True)) for line in rule.when]
        tests += [_Test(line, False, _rank(line, False)) for line in rule.unless]
        tests.sort(key=lambda test: test.rank)
        self._put(1, "doubt = False")
        self._put(1, "while True:")
        for position, test in enumerate(tests):
            if isinstance(test.line, Leaf):
                self._leaf(test.line, test.wanted, surely=position == 0)
            else:
                self._branch(test.line, test.wanted)
        self._put(2, f"if doubt: unknown.append({index})")
        self._put(2, f"else: fired.append({index})")
        self._put(2, "break")

    def _leaf(self, leaf: Leaf, wanted: bool, surely: bool) -> None:
        slot = self._fill(2, leaf.atom, surely)
        self._put(2, f"if {slot} is None: doubt = True")
        self._put(2, f"elif {_expression(leaf, slot, not wanted)}: break")

    def _branch(self, branch: Branch, wanted: bool) -> None:
        """A group: `g` becomes True, False or None; the first leaf that decides it ends it."""
        self._put(2, f"g = {branch.every}")
        self._put(2, "while True:")
        for leaf in branch.leaves:
            slot = self._fill(3, leaf.atom, surely=False)
            self._put(3, f"if {slot} is None: g = None")
            deciding = not branch.every
            self._put(3, f"elif {_expression(leaf, slot, deciding)}:")
            self._put(4, f"g = {deciding}")
            self._put(4, "break")
        self._put(3, "break")
        self._put(2, "if g is None: doubt = True")
        self._put(2, "elif not g: break" if wanted else "elif g: break")

    def _fill(self, depth: int, atom: Atom, surely: bool) -> str:
        """Fill a slot's variable unless it is filled; `surely`: no path leads past this place."""
        number = self.number[atom.slot]
        if number not in self.filled:
            fill = f"s{number} = read[{number}] = read{number}(seen)"
            self._put(depth, fill if surely else f"if s{number} is UNSET: {fill}")
            if surely:
                self.filled.add(number)
        return f"s{number}"

    def _put(self, depth: int, text: str) -> None:
        self.lines.append(" " * depth + text)


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
    if isinstance(line, Leaf):
        return line.atom.cost * (1 if _usual(line) is (not wanted) else _FREQUENT)
    usual = [_usual(leaf) for leaf in line.leaves]
    truth = interpret.all_of(usual) if line.every else interpret.any_of(usual)
    cost = sum(leaf.atom.cost for leaf in line.leaves)
    return cost * (1 if truth is (not wanted) else _FREQUENT)


def _usual(leaf: Leaf) -> bool | None:
    """The leaf in the ordinary case: facts at their ordinary values, phrases not true."""
    atom = leaf.atom
    truth = atom.decide(False if atom.operator is None else atom.facts[0].ordinary)
    return interpret.negate(truth) if leaf.negated else truth
