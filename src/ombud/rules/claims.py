"""Lines as claims about values, and what several claims together leave possible.

`author.age < 1 day` claims that a value is below a bound. A rule fires only where every fact that
decides it is known, so a claim can be reckoned with as if its value were known. What is said to be
impossible here is impossible for every event; what is not may be impossible all the same. Facts are
taken to be independent, but for these: windows of one counter, of which the wider one, and the one
that counts more of the events, never counts less; `all in list`, which never holds without `any in
list`; and what `signals.implied` declares. This module must never call impossible what can happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from ombud.rules.checked import Leaf
from ombud.rules.format import fact, phrase
from ombud.rules.tree import (
    Compare,
    Condition,
    FactName,
    Holds,
    InList,
    Line,
    Place,
    Resembles,
    TextTest,
)
from ombud.signals import implied, views
from ombud.signals.declare import Type
from ombud.signals.resolve import COUNT_MAX

PERMILLE_MAX = 1000

_NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}

Lines = frozenset[int]
NO_LINES: Lines = frozenset()


@dataclass(frozen=True, slots=True)
class Order:
    """Where a value stands among the values of its `group`, which bound each other.

    Either a `fact` of those that `signals.implied` declares; or a counter over `width`, of only
    those events that `only` lets through.
    """

    group: tuple[object, ...]
    width: int = 0
    only: frozenset[str] = frozenset()
    fact: str = ""

    def never_more(self, other: Order) -> bool:
        """Whether this value is never the larger one of the two."""
        if self.fact:
            return (self.fact, other.fact) in implied.NEVER_MORE
        return self.width <= other.width and self.only >= other.only

    def never_alone(self, other: Order) -> bool:
        """Whether the other value is not 0 where this one is not."""
        return (self.fact, other.fact) in implied.NEVER_ALONE


@dataclass(frozen=True, slots=True)
class Claim:
    """One line: a value, a sign, a bound. `limit` is the largest value there is, None without one.

    A yes-no condition claims that its value is 1. Texts that a fact is compared with are numbered.
    """

    value: str
    sign: str
    bound: int
    limit: int | None
    order: Order | None
    said: str
    place: Place

    @property
    def line(self) -> int:
        """The line of the file."""
        return self.place.line

    def denied(self) -> Claim:
        """The claim that holds exactly where this one, its value being known, does not."""
        return replace(self, sign=_NOT[self.sign])

    def allowed(self) -> tuple[int, int | None, int | None]:
        """The smallest and the largest value it allows, and one between them that it does not."""
        low, high, hole = 0, self.limit, None
        if self.sign in (">", ">=", "="):
            low = self.bound + (self.sign == ">")
        if self.sign in ("<", "<=", "="):
            top = self.bound - (self.sign == "<")
            high = top if high is None else min(top, high)
        if self.sign == "!=":
            hole = self.bound
        if hole == low:
            low, hole = low + 1, None
        if hole is not None and high is not None and hole >= high:
            high, hole = high - (hole == high), None
        return low, high, hole

    @property
    def never(self) -> bool:
        """Whether no value fulfils it."""
        low, high, _ = self.allowed()
        return high is not None and low > high

    @property
    def always(self) -> bool:
        """Whether every value fulfils it."""
        low, high, hole = self.allowed()
        return low <= 0 and high == self.limit and hole is None

    def implies(self, other: Claim) -> bool:
        """Whether `other` holds wherever this one does, both being about the same value."""
        if self.value != other.value:
            return False
        low, high, hole = self.allowed()
        other_low, other_high, other_hole = other.allowed()
        if low < other_low or (other_high is not None and (high is None or high > other_high)):
            return False
        if other_hole is None or other_hole == hole or other_hole < low:
            return True
        return high is not None and other_hole > high


def claim(leaf: Leaf, line: Line, texts: dict[str, int]) -> Claim:
    """What a line claims. `texts` numbers the texts that facts are compared with."""
    atom, written = leaf.atom, leaf.atom.written
    value, sign, bound = atom.slot, "=", 1
    limit: int | None = 1
    order = Order(("facts",), fact=atom.slot) if atom.slot in implied.NAMES else None
    if atom.operator is not None:
        known = atom.facts[0]
        sign, bound, limit = atom.operator, atom.operand, _LIMITS.get(known.type)
        if known.type is Type.COUNT and len(known.windows) == 1:
            limit = COUNT_MAX
            order = _counted(written, known.width)
        elif known.type is Type.COUNT and known.windows:
            limit = known.most  # a rate: over longer it is not more, of fewer not less
    elif isinstance(written, Resembles):
        value, limit = phrase(written.likeness), PERMILLE_MAX
        sign, bound = written.operator, int(written.constant.value)
    elif isinstance(written, Compare):
        normal = views.normalise(str(written.constant.value))
        value, sign, limit = f"{fact(written.fact)} =", written.operator, None
        bound = texts.setdefault(normal, len(texts) + 1)
    elif isinstance(written, TextTest) and written.how in ("contains", "starts with"):
        # What is looked for depends on these views of the text alone.
        seen = views.normalise(written.operand), views.skeleton(written.operand)
        value = f"{fact(written.fact)} {written.how} {seen}"
    elif isinstance(written, InList) and written.every is not None:
        order = Order(("in list", fact(written.fact), written.list), int(written.every == "any"))
    made = Claim(value, sign, bound, limit, order, leaf.said, line.place)
    return made.denied() if leaf.negated else made


def _counted(written: Condition, width: int) -> Order | None:
    """The order of a counter's windows: which events are counted, and over how long."""
    if not isinstance(written, Compare | Holds):
        return None
    said: FactName = written.fact
    only = {f"{how} {word}" for how, word in (("to", said.to), ("with", said.word)) if word}
    return Order(("window", said.name), width, frozenset(only))


_LIMITS = {Type.YESNO: 1, Type.PERCENT: PERMILLE_MAX}


@dataclass(slots=True)
class _Range:
    """What is left of one value, and which lines have narrowed it."""

    low: int
    high: int | None
    order: Order | None
    holes: dict[int, Lines] = field(default_factory=dict)
    low_lines: Lines = NO_LINES
    high_lines: Lines = NO_LINES

    def copy(self) -> _Range:
        """Another one like it."""
        holes = dict(self.holes)
        return _Range(self.low, self.high, self.order, holes, self.low_lines, self.high_lines)

    def at_least(self, low: int, lines: Lines) -> None:
        """Nothing below `low`, because of `lines`."""
        if low > self.low:
            self.low, self.low_lines = low, lines
        while self.low in self.holes:
            self.low_lines |= self.holes.pop(self.low)
            self.low += 1

    def at_most(self, high: int | None, lines: Lines) -> None:
        """Nothing above `high`, because of `lines`."""
        if high is not None and (self.high is None or high < self.high):
            self.high, self.high_lines = high, lines
        while self.high is not None and self.high in self.holes:
            self.high_lines |= self.holes.pop(self.high)
            self.high -= 1

    def narrow(self, claim: Claim, lines: Lines) -> None:
        """Only what the claim allows, because of `lines`."""
        low, high, hole = claim.allowed()
        if hole is not None:
            self.holes[hole] = lines
        self.at_least(low, lines)
        self.at_most(high, lines)

    def without(self, claim: Claim) -> Lines | None:
        """The lines that leave nothing of what a claim allows; None where something is left."""
        low, high, hole = claim.allowed()
        lines = NO_LINES
        if self.low >= low:
            low, lines = self.low, self.low_lines
        if self.high is not None and (high is None or self.high <= high):
            high, lines = self.high, lines | self.high_lines
        while low == hole or low in self.holes:
            lines |= self.holes.get(low, NO_LINES)
            low += 1
        return lines if high is not None and low > high else None

    def emptied(self) -> Lines | None:
        """The lines that leave no value at all; None where a value is left."""
        if self.high is None or self.low <= self.high:
            return None
        return self.low_lines | self.high_lines


class Values:
    """What some claims together leave possible, value by value."""

    def __init__(self) -> None:
        self.ranges: dict[str, _Range] = {}
        self.orders: dict[tuple[object, ...], set[str]] = {}

    def copy(self) -> Values:
        """Another one like it, to try something out."""
        made = Values()
        made.ranges = {name: each.copy() for name, each in self.ranges.items()}
        made.orders = {name: set(each) for name, each in self.orders.items()}
        return made

    def know(self, claims: Iterable[Claim]) -> None:
        """Make the values known that these claims are about, without narrowing them."""
        for each in claims:
            if each.value not in self.ranges:
                self.ranges[each.value] = _Range(0, each.limit, each.order)
                if each.order is not None:
                    self.orders.setdefault(each.order.group, set()).add(each.value)

    def narrow(self, claim: Claim, because: Lines = NO_LINES) -> Lines | None:
        """Add a claim; the lines that exclude each other where no value is left, else None."""
        lines = because | {claim.line}
        found = self.ranges[claim.value]
        found.narrow(claim, lines)
        emptied = found.emptied()
        if emptied is not None or claim.order is None:
            return emptied
        for other in self.orders[claim.order.group]:
            beside = self.ranges[other]
            if beside.order is None or other == claim.value:
                continue
            if claim.order.never_more(beside.order):
                beside.at_least(found.low, found.low_lines)
            if beside.order.never_more(claim.order):
                beside.at_most(found.high, found.high_lines)
            if found.low > 0 and claim.order.never_alone(beside.order):
                beside.at_least(1, found.low_lines)
            if found.high == 0 and beside.order.never_alone(claim.order):
                beside.at_most(0, found.high_lines)
            emptied = beside.emptied()
            if emptied is not None:
                return emptied
        return None

    def excludes(self, claim: Claim) -> Lines | None:
        """The lines because of which a claim cannot hold beside the others; None where it can."""
        return self.ranges[claim.value].without(claim)

    def settle(self, groups: Sequence[Sequence[Claim]]) -> Lines | None:
        """Of each group one claim must hold: add those that are the last ones possible.

        The lines that exclude each other where no claim of a group is possible, else None. A group
        is looked at again only when something it is about has been narrowed.
        """
        about: dict[object, set[int]] = {}
        for number, group in enumerate(groups):
            for each in group:
                about.setdefault(_subject(each), set()).add(number)
        waiting = dict.fromkeys(range(len(groups)))
        settled: set[int] = set()
        while waiting:
            number = next(iter(waiting))
            del waiting[number]
            because: Lines = NO_LINES
            possible = []
            for each in groups[number]:
                excluded = self.excludes(each)
                if excluded is None:
                    possible.append(each)
                else:
                    because |= excluded | {each.line}
            if not possible:
                return because
            if len(possible) == 1:
                settled.add(number)
                conflict = self.narrow(possible[0], because)
                if conflict is not None:
                    return conflict
                for other in sorted(about[_subject(possible[0])] - settled):
                    waiting[other] = None
        return None


def _subject(claim: Claim) -> object:
    """What a claim is about: its value, or all values of its order."""
    return claim.value if claim.order is None else claim.order.group


class Tightest:
    """The tightest of some claims, value by value: what follows from any of them follows mostly
    from one of these.
    """

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.first: dict[tuple[str, tuple[int, int | None, int | None]], Claim] = {}
        self.lowest: dict[str, Claim] = {}
        self.highest: dict[str, Claim] = {}
        for each in claims:
            self.first.setdefault((each.value, each.allowed()), each)
            low = self.lowest.setdefault(each.value, each)
            if each.allowed()[0] > low.allowed()[0]:
                self.lowest[each.value] = each
            high = self.highest.setdefault(each.value, each)
            if _top(each) < _top(high):
                self.highest[each.value] = each

    def implying(self, claim: Claim) -> Claim | None:
        """One of the claims from which this one follows; None where none was found. Of claims that
        say the same the first one stands for all, and follows from none of them.
        """
        for other in (
            self.lowest.get(claim.value),
            self.highest.get(claim.value),
            self.first.get((claim.value, claim.allowed())),
        ):
            if other is not None and other.place != claim.place and other.implies(claim):
                return other
        return None


def _top(claim: Claim) -> float:
    high = claim.allowed()[1]
    return inf if high is None else high
