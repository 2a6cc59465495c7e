"""All rules of a community as one function for each kind of event.

The function is generated source text (`plan_source`): straight code with one local variable a slot,
filled at its first use. In each rule the cheap and selective conditions come first, and the first
false one ends it; an unknown one is noted and the rest still looked at, so that the order never
changes the outcome. Which slots are looked at depends on the event alone. What many rules ask of
one text is asked together (`sieve`). This module must never let a rule's failure stop a verdict.

    facts and texts  --readers-->  slots  --generated function-->  fired, unknown

The same function judges from recorded slots when the text is gone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from ombud.model import KINDS, Value
from ombud.rules import phrases, plan_source, sieve
from ombud.rules.checked import Atom, CheckedRule
from ombud.rules.interpret import Trace, evaluate, exempts, trace
from ombud.rules.phrases import Reader, reader
from ombud.rules.plan_source import Shared
from ombud.signals.counted import Window
from ombud.signals.lists import Listed
from ombud.signals.observation import Observation

_UNSET = object()

Fired = tuple[tuple[int, ...], tuple[int, ...], dict[int, Value]]


class Judgement(Struct, frozen=True):
    """What the rules say of one event, as indices into `Plan.rules` and `Plan.slots`.

    `read` holds the slots that were looked at; an unknown value is None. `faults` names the rules
    that met a fact that could not be computed; such a fact counts as unknown and is not in `read`.
    Where no fact failed, but what answers many of them together did, it names `TOGETHER`.
    """

    fired: tuple[int, ...]
    unknown: tuple[int, ...]
    read: dict[int, Value]
    faults: tuple[str, ...] = ()


TOGETHER = "(all rules together)"  # no rule can have this name
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
    by_kind_recorded: _Recorded = field(repr=False)
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

    def exempts(self, index: int, seen: Observation) -> bool | None:
        """Whether an `unless` of rule `index` lets an event off; None where it cannot be known."""
        return exempts(self.rules[index], _Look(self, seen).value)

    def trace(self, index: int, seen: Observation, facts: Mapping[int, Value]) -> Trace:
        """Why rule `index` says what it says: every line with its value in `facts`, by slot."""
        known = {self.slots[slot]: value for slot, value in facts.items()}

        def words(slot: str) -> tuple[str, ...]:
            return self.by_slot[slot].words(seen)

        return trace(self.rules[index], known.get, words)

    def _one_by_one(self, seen: Observation) -> Judgement:
        """Judge with the interpreter where the function raised; a fact that raises is unknown, and
        its rules are named. Where none does the fault is the function's own, and is told.
        """
        look = _Look(self, seen)
        fired: list[int] = []
        unknown: list[int] = []
        faults: list[str] = []
        for index, rule in enumerate(self.rules):
            if seen.kind not in rule.kinds:
                continue
            truth = evaluate(rule, look.value)
            if truth is not False:
                (fired if truth else unknown).append(index)
            if any(atom.slot in look.broken for atom in rule.atoms()):
                faults.append(rule.name)
        read = {
            number: look.known[slot]
            for number, slot in enumerate(self.slots)
            if slot in look.known and slot not in look.broken
        }
        return Judgement(tuple(fired), tuple(unknown), read, tuple(faults) or (TOGETHER,))


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


def compile_plan(rules: Iterable[CheckedRule], lists: Mapping[str, Listed]) -> Plan:
    """The plan of all rules that watch or are live. Every list they name must be in `lists`."""
    running = tuple(sorted((r for r in rules if r.mode != "draft"), key=lambda rule: rule.name))
    atoms: dict[str, Atom] = {}
    for rule in running:
        for atom in rule.atoms():
            atoms.setdefault(atom.slot, atom)
    slots = tuple(sorted(atoms))
    readers = tuple(reader(atoms[slot], lists) for slot in slots)
    number = {slot: n for n, slot in enumerate(slots)}
    live: dict[str, Any] = {f"read{n}": each.compute for n, each in enumerate(readers)}
    shared = _share([atoms[slot] for slot in slots], readers, live)
    source = {kind: plan_source.write(kind, running, number, shared) for kind in KINDS}
    return Plan(
        rules=running,
        slots=slots,
        windows=_windows(running),
        readers=readers,
        by_slot=dict(zip(slots, readers, strict=True)),
        by_kind=_compiled(source, live),
        by_kind_recorded=_Recorded(running, number),
        source=source,
    )


def _share(
    atoms: list[Atom], readers: tuple[Reader, ...], names: dict[str, Any]
) -> dict[int, Shared]:
    """Which slots are told from a value prepared once; what the source text needs for it goes into
    `names`.
    """
    shared: dict[int, Shared] = {}
    numbers = iter(range(len(readers) + 3))
    for sift, slots in sieve.sieves({n: each.needs for n, each in enumerate(readers)}):
        prepared = next(numbers)
        names[f"prepare{prepared}"] = sift
        shared |= dict.fromkeys(slots, Shared(prepared, plan_source.COULD))
    by_fact: dict[str, list[int]] = {}
    for slot, each in enumerate(readers):
        if _of_name(each) is not None:
            by_fact.setdefault(atoms[slot].facts[0].name, []).append(slot)
    for several in by_fact.values():
        prepared = next(numbers)
        names[f"prepare{prepared}"] = phrases.normal(atoms[several[0]].facts[0])
        for slot in several:
            how, names[f"c{slot}"] = _of_name(readers[slot]) or ("", None)
            shared[slot] = Shared(prepared, how)
    return shared


def _of_name(reader: Reader) -> tuple[str, object] | None:
    """How a slot is told from a name in its normal form, and what it is compared with."""
    if reader.equals is not None:
        return plan_source.EQUAL, reader.equals
    if reader.differs is not None:
        return plan_source.DIFFERS, reader.differs
    return None if reader.listed is None else (plan_source.LISTED, reader.listed)


def _compiled(
    source: Mapping[str, str], names: Mapping[str, Any]
) -> dict[str, Callable[[Any], Fired]]:
    """The functions of the kinds that rules are for; equal texts are one function."""
    functions: dict[str, Callable[[Any], Fired]] = {}
    for text in set(source.values()) - {""}:
        namespace = {"__builtins__": {"tuple": tuple}, "UNSET": _UNSET, **names}
        exec(compile(text, "<plan>", "exec"), namespace)  # noqa: S102 -- text made here only
        functions[text] = namespace["judge"]
    return {kind: functions[text] for kind, text in source.items() if text}


class _Recorded:
    """The functions that judge from recorded slots, made when one is first asked: most processes
    never do.
    """

    def __init__(self, rules: tuple[CheckedRule, ...], slots: Mapping[str, int]) -> None:
        self.rules = rules
        self.slots = slots

    @functools.cached_property
    def _functions(self) -> dict[str, Callable[[Any], Fired]]:
        names = {f"read{number}": _recorded(slot) for slot, number in self.slots.items()}
        source = {kind: plan_source.write(kind, self.rules, self.slots, {}) for kind in KINDS}
        return _compiled(source, names)

    def get(self, kind: str) -> Callable[[Mapping[str, Value]], Fired] | None:
        """The function for a kind; None where no rule judges it."""
        return self._functions.get(kind)


def _recorded(slot: str) -> Callable[[Mapping[str, Value]], Value]:
    def read(values: Mapping[str, Value]) -> Value:
        return values.get(slot)

    return read


def _windows(rules: tuple[CheckedRule, ...]) -> tuple[tuple[Window, int], ...]:
    widest: dict[int, tuple[Window, int]] = {}
    for rule in rules:
        for atom in rule.atoms():
            for fact in atom.facts:
                for window, wide in fact.kept:
                    _, width = widest.get(window.number, (window, 0))
                    widest[window.number] = (window, max(width, wide))
    return tuple(sorted(widest.values(), key=lambda found: found[0].number))
