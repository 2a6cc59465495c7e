"""Reports what can never happen: a rule that never fires, a line that decides nothing.

    R088  a line that is always true, or never      R130  lines of `when` that exclude each other
    R131  a line of `any of` that never decides     R132  a line that another one says already
    R133  an exception that nothing can meet        R134  an exception that everything meets

A live rule that never fires is an error: it would protect nobody, and its author would believe that
it does. This module must never report what can happen: `claims` is asked, and where it cannot tell,
nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ombud.rules.checked import Branch, Leaf
from ombud.rules.claims import PERMILLE_MAX, Claim, Lines, Tightest, Values, claim
from ombud.rules.diagnostic import ERROR, WARNING, Report
from ombud.rules.tree import Group, Line, Place, Rule

NAMED_MAX = 3  # lines that one message names


@dataclass(frozen=True, slots=True)
class _Conditions:
    """The lines of a rule as claims. `every` must all hold; of each group in `some`, one.

    An exception lets go where all its claims hold.
    """

    every: tuple[Claim, ...]
    some: tuple[tuple[Place, tuple[Claim, ...]], ...]
    exceptions: tuple[tuple[Place, tuple[Claim, ...]], ...]

    def all(self) -> Iterable[Claim]:
        """Every claim."""
        yield from self.every
        for _, claims in (*self.some, *self.exceptions):
            yield from claims


def report_impossible(
    report: Report,
    rule: Rule,
    when: tuple[Leaf | Branch, ...],
    unless: tuple[Leaf | Branch, ...],
) -> None:
    """Report what can never happen in a rule all of whose lines have a meaning."""
    severity = ERROR if rule.mode == "live" else WARNING
    finder = _Finder(report, _conditions(rule, when, unless), severity)
    if not finder.constants():
        return
    values = finder.when()
    fires = None if values is None else finder.exceptions(values)
    finder.said_already()
    if fires is not None:
        finder.undecided(fires)


def _conditions(
    rule: Rule, when: tuple[Leaf | Branch, ...], unless: tuple[Leaf | Branch, ...]
) -> _Conditions:
    texts: dict[str, int] = {}
    every: list[Claim] = []
    some: list[tuple[Place, tuple[Claim, ...]]] = []
    exceptions: list[tuple[Place, tuple[Claim, ...]]] = []
    for written, checked in zip(rule.when, when, strict=True):
        claims = _claims(written, checked, texts)
        if isinstance(checked, Branch) and not checked.every:
            some.append((written.place, claims))
        else:
            every.extend(claims)
    for written, checked in zip(rule.unless, unless, strict=True):
        claims = _claims(written, checked, texts)
        if isinstance(checked, Branch) and checked.every:
            exceptions.append((written.place, claims))
        else:
            exceptions.extend((each.place, (each,)) for each in claims)
    return _Conditions(tuple(every), tuple(some), tuple(exceptions))


def _claims(
    written: Line | Group, checked: Leaf | Branch, texts: dict[str, int]
) -> tuple[Claim, ...]:
    lines = (written,) if isinstance(written, Line) else written.lines
    leaves = (checked,) if isinstance(checked, Leaf) else checked.leaves
    return tuple(claim(leaf, line, texts) for leaf, line in zip(leaves, lines, strict=True))


class _Finder:
    """Looks through the conditions of one rule. `severity` is that of a rule that never fires."""

    def __init__(self, report: Report, conditions: _Conditions, severity: str) -> None:
        self.report = report
        self.conditions = conditions
        self.severity = severity
        self.said = {each.line: f"line {each.line} ({each.said})" for each in conditions.all()}
        for _, claims in conditions.exceptions:
            for each in claims:
                self.said[each.line] = f"the exception in {self.said[each.line]}"
        self.told: set[Place] = set()

    def _named(self, lines: Lines, beside: int) -> str:
        """Some lines with their words, as a message names them."""
        others = sorted(lines - {beside})
        named = [self.said[line] for line in others[:NAMED_MAX]]
        if len(others) > NAMED_MAX:
            named.append("others")
        return " and ".join(named)

    def _add(
        self,
        code: str,
        place: Place,
        severity: str = WARNING,
        hint: str | None = None,
        **arguments: str,
    ) -> None:
        """Report it, unless something was said of this line already."""
        if place not in self.told:
            self.told.add(place)
            self.report.add(code, place, hint, severity, **arguments)

    def constants(self) -> bool:
        """Report lines that are always true or never; whether the rest can be looked at."""
        needed = set(self.conditions.every)
        alone = {claims[0] for _, claims in self.conditions.exceptions if len(claims) == 1}
        readable = True
        for each in self.conditions.all():
            if each.never:
                fatal = each in needed
                readable = readable and not fatal
                self._constant(each, "false", self.severity if fatal else WARNING)
            elif each.always and each not in alone:  # an exception that is always met: R134
                self._constant(each, "true", WARNING)
        return readable

    def _constant(self, each: Claim, truth: str, severity: str) -> None:
        hint = "A percentage lies between 0 and 100." if each.limit == PERMILLE_MAX else None
        self._add("R088", each.place, severity, hint, truth=truth)

    # --- `when` -----------------------------------------------------------------------------------

    def when(self) -> Values | None:
        """What the lines of `when` leave possible; None, and reported, where that is nothing."""
        values = Values()
        values.know(self.conditions.all())
        for each in self.conditions.every:
            conflict = values.narrow(each)
            if conflict is not None:
                self._excluded(conflict)
                return None
        for place, claims in self.conditions.some:
            if all(each.never for each in claims):
                self._add("R088", place, self.severity, truth="false")
                return None
            conflict = values.settle([claims])
            if conflict is not None:
                self._excluded(conflict - {each.line for each in claims}, place)
                return None
        conflict = values.settle([claims for _, claims in self.conditions.some])
        if conflict is not None:
            self._excluded(conflict)
            return None
        return values

    def _excluded(self, conflict: Lines, group: Place | None = None) -> None:
        """Report lines that exclude each other, at a group or at the last of them."""
        last = max(conflict)
        place = next(each.place for each in self.conditions.all() if each.line == last)
        hint = None if group is None else "Each of the lines below is impossible there. Change one."
        named = self._named(conflict, 0 if group is not None else last)
        self._add("R130", group or place, self.severity, hint, others=named)

    def undecided(self, fires: Values) -> None:
        """Report lines of `any of` that cannot hold beside all that the rule needs."""
        for place, claims in self.conditions.some:
            if place in self.told:
                continue
            for each in claims:
                excluded = None if each.never else fires.excludes(each)
                if excluded is not None:
                    named = self._named(excluded, each.line)
                    self._add("R131", each.place, reason=f"it cannot hold beside {named}")

    # --- said already -----------------------------------------------------------------------------

    def said_already(self) -> None:
        """Report lines that say no more than another one does."""
        self._follow(self.conditions.every)
        beside = Tightest(self.conditions.every)
        for place, claims in self.conditions.some:
            self._in_group(place, claims, beside)
        exceptions = self.conditions.exceptions
        denied = [claims[0].denied() for _, claims in exceptions if len(claims) == 1]
        self._follow(denied)
        alone = Tightest(denied)
        for place, claims in exceptions:
            if len(claims) > 1:
                self._follow(claims)
                found = [alone.implying(each.denied()) for each in claims]
                self._adds_nothing(place, next((each for each in found if each), None))

    def _adds_nothing(self, place: Place, beside: Claim | None) -> None:
        if beside is not None:
            self._add("R132", place, others=self._named(frozenset({beside.line}), 0))

    def _follow(self, claims: Sequence[Claim]) -> None:
        """Of lines that all must hold, report those that follow from another one."""
        tightest = Tightest(claims)
        for each in claims:
            other = None if each.always else tightest.implying(each)
            if other is not None and each.said == other.said:
                self._add("R081", each.place)
            else:
                self._adds_nothing(each.place, other)

    def _in_group(self, place: Place, claims: tuple[Claim, ...], beside: Tightest) -> None:
        """Of lines one of which must hold, report a group that follows from a line beside it, and
        lines that another one of the group makes needless.
        """
        for each in claims:
            found = None if each.always else beside.implying(each)
            if found is not None:
                self._adds_nothing(place, found)
                return
        # What follows from another line is, denied, what another line follows from.
        widest = Tightest(each.denied() for each in claims)
        for each in claims:
            other = None if each.never else widest.implying(each.denied())
            if other is not None and each.said == other.said:
                self._add("R081", each.place)
            elif other is not None:
                named = self._named(frozenset({other.line}), each.line)
                self._add("R131", each.place, reason=f"whenever it holds, so does {named}")

    # --- `unless` ---------------------------------------------------------------------------------

    def exceptions(self, when: Values) -> Values:
        """Report exceptions that nothing or everything meets; what lets the rule fire at all."""
        for place, claims in self.conditions.exceptions:
            own = {each.line for each in claims}
            tried = when.copy()
            conflicts = (tried.narrow(each) for each in claims)
            conflict = next((found for found in conflicts if found is not None), None)
            if conflict is not None:
                named = self._named(conflict - own, place.line) or "its own lines"
                self._add("R133", place, others=named)
                continue
            because = [when.excludes(each.denied()) for each in claims]
            if None not in because:
                lines = frozenset(line for found in because for line in found or ())
                self._always_met(place, lines - own)
                return when
        return self._together(when)

    def _together(self, when: Values) -> Values:
        """Report exceptions that let everything pass only together."""
        fires = when.copy()
        denied = [[each.denied() for each in claims] for _, claims in self.conditions.exceptions]
        conflict = fires.settle([*denied, *(claims for _, claims in self.conditions.some)])
        if conflict is None:
            return fires
        places = {
            each.line: place for place, claims in self.conditions.exceptions for each in claims
        }
        last = max(line for line in conflict if line in places)
        self._always_met(places[last], conflict - {last})
        return when

    def _always_met(self, place: Place, lines: Lines) -> None:
        named = self._named(lines, place.line)
        what = f"everything that {named} leaves" if named else "everything"
        self._add("R134", place, self.severity, what=what)
