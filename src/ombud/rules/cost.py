"""What a rule set may cost: for one event of each kind, usually and at worst, in microseconds.

The numbers are those that signals and phrases declare. They were held against a machine once, with
`python -m bench.costs` (2.8 GHz, Python 3.11, English and Vietnamese posts of the bench): the
median of no fact and no phrase was more than twice its number, the 99th percentile of none more
than WORST times it. So the usual cost is the sum over what is looked at when every fact has its
ordinary value, and the worst cost is WORST times the sum over everything that can be asked. What
rules share is counted once. The longest cost adds what a text of the greatest length can make of
it: LONGEST_US, measured once on texts of 65,536 letters chosen for being slow (numbers, ligatures),
and for patterns what `pattern_cost` tells. All are estimates that hold rule sets against each
other; this module must never be asked what an event did cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ombud.model import KINDS
from ombud.rules import pattern_cost, phrases, plan_source
from ombud.rules.checked import Atom, CheckedRule
from ombud.rules.diagnostic import WARNING, Report
from ombud.rules.tree import InList, Place, Resembles, TextTest
from ombud.signals import likely
from ombud.signals.declare import TEXT_KINDS, Type

WORST = 10  # times the declared cost: see above
# What the slowest of the longest texts took, each once for an event however many rules ask.
LONGEST_US = {"views": 160_000, "private": 200_000, "words": 220_000, "sites": 700_000}
MODEL_LONGEST_US = 10_000  # the same of one model, which looks at the first 4,096 letters
WORST_MAX_US = 10_000  # of one event; beyond it checks before publication would wait for the rules
SHOWN = 3
PATTERNS_MAX = 500  # different ones in a rule set
PATTERN_US_MAX = 70_000  # of one pattern on the longest text (`pattern_cost`)
PATTERNS_US_MAX = 700_000  # of all of them together
PATTERN_SIZE_MAX = 200_000  # instructions of all of them together; each has 16 bytes, twice


@dataclass(frozen=True, slots=True)
class KindCost:
    """What all rules together cost for one event of a kind."""

    kind: str
    usual_us: int
    worst_us: int
    longest_us: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a rule set costs; the dearest rules and conditions with their declared costs."""

    kinds: tuple[KindCost, ...]
    rules: tuple[tuple[str, int], ...]
    conditions: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, object]:
        """The cost as data."""
        return {
            "kinds": [
                {
                    "kind": each.kind,
                    "usual_us": each.usual_us,
                    "worst_us": each.worst_us,
                    "longest_us": each.longest_us,
                }
                for each in self.kinds
            ],
            "rules": [{"rule": name, "us": cost} for name, cost in self.rules],
            "conditions": [{"condition": said, "us": cost} for said, cost in self.conditions],
            "worst_us_max": WORST_MAX_US,
        }

    @property
    def worst(self) -> KindCost | None:
        """The kind that may cost most."""
        return max(self.kinds, key=lambda each: each.worst_us, default=None)


def of(rules: Iterable[CheckedRule]) -> Cost:
    """The cost of all rules but drafts."""
    running = [rule for rule in rules if rule.mode != "draft"]
    by_rule = {rule.name: _sum(rule.atoms()) for rule in running}
    by_slot = {atom.slot: atom for rule in running for atom in rule.atoms()}
    return Cost(
        kinds=tuple(_kind(kind, found) for kind in KINDS if (found := _of_kind(kind, running))),
        rules=_dearest(by_rule),
        conditions=_dearest({atom.said: atom.cost for atom in by_slot.values()}),
    )


def report_dear(file: str, cost: Cost) -> Report:
    """Warn of a rule set whose worst case is beyond the bound; `file` is its dearest rule's."""
    report, worst = Report(file), cost.worst
    if worst is not None and worst.worst_us > WORST_MAX_US:
        report.add(
            "R091",
            Place(0, 0, 0),
            severity=WARNING,
            kind=worst.kind,
            found=worst.worst_us,
            limit=WORST_MAX_US,
            rules=", ".join(name for name, _ in cost.rules),
        )
    return report


def _of_kind(kind: str, rules: list[CheckedRule]) -> list[CheckedRule]:
    return [rule for rule in rules if kind in rule.kinds]


def _kind(kind: str, rules: list[CheckedRule]) -> KindCost:
    asked = [atom for rule in rules for atom in plan_source.usually_asked(rule)]
    every = [atom for rule in rules for atom in rule.atoms()]
    worst = WORST * _sum(every)
    return KindCost(kind, _sum(asked), worst, worst + _longest(kind, every))


def _longest(kind: str, atoms: Iterable[Atom]) -> int:
    """What a text of the greatest length can add, all conditions asked."""
    if kind not in TEXT_KINDS:
        return 0
    groups, patterns = {"views"}, set()
    models: set[str] = set()
    for atom in atoms:
        written = atom.written
        models.update(fact.name for fact in atom.facts if likely.clause_of(fact.name))
        if any(fact.name.startswith("private.") for fact in atom.facts):
            groups.add("private")
        if isinstance(written, Resembles) and atom.facts[0].type is Type.TEXTS:
            groups.add("sites")
        if isinstance(written, TextTest) and written.how == "matches":
            patterns.add(written.operand)
        elif isinstance(written, TextTest | InList) and atom.facts[0].name == "text":
            groups.add("words")
    found = sum(map(LONGEST_US.__getitem__, groups)) + sum(map(pattern_cost.worst_us, patterns))
    return found + MODEL_LONGEST_US * len(models)


def _sum(atoms: Iterable[Atom]) -> int:
    """The declared cost of some conditions; a fact counts once, whatever asks for it."""
    facts: dict[str, int] = {}
    phrased: dict[str, int] = {}
    for atom in atoms:
        facts |= {fact.name: fact.cost for fact in atom.facts}
        phrased[atom.slot] = atom.cost - sum(fact.cost for fact in atom.facts)
    return sum(facts.values()) + sum(phrased.values())


def _dearest(costs: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    found = sorted(costs.items(), key=lambda each: (-each[1], each[0]))
    return tuple(found[:SHOWN])


# --- patterns -------------------------------------------------------------------------------------


class Patterns:
    """The patterns of a rule set, counted and weighed as they are read."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        self._worst: dict[str, int] = {}

    def add(self, report: Report, rule: CheckedRule) -> None:
        """Take in a rule's patterns; an error where there are too many of them by now."""
        for atom in rule.atoms():
            written = atom.written
            if isinstance(written, TextTest) and written.how == "matches":
                self._sizes.setdefault(written.operand, phrases.pattern_size(written.operand))
                self._worst.setdefault(written.operand, pattern_cost.worst_us(written.operand))
                taking, together = self._worst[written.operand], sum(self._worst.values())
                if taking > PATTERN_US_MAX:
                    report.add(
                        "R092",
                        written.operand_place,
                        found=taking // 1000,
                        limit=PATTERN_US_MAX // 1000,
                    )
                    return
                if len(self._sizes) > PATTERNS_MAX:
                    found, limit = f"{len(self._sizes)} patterns", f"{PATTERNS_MAX}"
                elif sum(self._sizes.values()) > PATTERN_SIZE_MAX:
                    found = f"patterns of {sum(self._sizes.values())} steps"
                    limit = f"{PATTERN_SIZE_MAX} steps"
                elif together > PATTERNS_US_MAX:
                    found = f"patterns that may take {together // 1000} ms together"
                    limit = f"{PATTERNS_US_MAX // 1000} ms"
                else:
                    continue
                report.add("R090", written.place, found=found, limit=limit)
                return
