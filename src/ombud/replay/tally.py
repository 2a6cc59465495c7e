"""What a run found, counted: by rule, by clause and action, and over all.

People are kept as tokens while a run goes on and leave it as numbers only. This module must never
let a token out but into the sample, which lets none out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ombud import gate
from ombud.activation.active import Active, Proposal
from ombud.gate import Answer
from ombud.replay.expect import Within
from ombud.replay.figures import OfRule, Would, known, summed
from ombud.replay.labels import Labels
from ombud.replay.naming import names_people
from ombud.replay.sample import PEOPLE_MIN, Group, Sample, shown
from ombud.rules.checked import CheckedRule
from ombud.verdicts.community import Verdict

NOT_JUDGED = "nothing was judged"


@dataclass(frozen=True, slots=True)
class Case:
    """One judged event of the past, as far as counting goes."""

    seq: int
    kind: str
    platform: str
    verdict: Verdict
    person: int | None
    established: bool = False
    recorded: frozenset[str] = frozenset()  # the rules that fired then
    undecided: frozenset[int] = frozenset()  # rules unknown only because the past has gaps
    members: Mapping[int, Sequence[int | None]] = field(default_factory=dict)  # by rule: authors


@dataclass(slots=True)
class Tally:
    """What a run came to."""

    active: Active
    labels: Labels
    sample: Sample
    named: frozenset[str]  # the rules that are told of
    judged: int = 0
    without_body: int = 0
    touched: int = 0  # events on which a rule fired
    people: set[int] = field(default_factory=set)
    established: set[int] = field(default_factory=set)
    by_action: Counter[str] = field(default_factory=Counter)
    done: dict[str, Counter[str]] = field(default_factory=dict)  # clause -> action
    asked: dict[str, Counter[str]] = field(default_factory=dict)  # clause -> why a person is asked
    fired: set[int] = field(default_factory=set)  # all rules that did, named or not
    rules: dict[int, OfRule] = field(default_factory=dict)
    _who: defaultdict[Hashable, set[int]] = field(default_factory=lambda: defaultdict(set))
    _proposed: dict[tuple[int, str], list[Would]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index, rule in enumerate(self.active.rules):
            if rule.name in self.named:
                self.rules[index] = OfRule(rule)

    def count(self, case: Case) -> None:
        """Take one event in."""
        self.judged += 1
        verdict = case.verdict
        self.by_action[verdict.action] += 1
        labels = self.labels.by_record.get(case.seq)
        if labels:
            self._label(case, labels)
        if not (verdict.fired or verdict.unknown or case.recorded):
            return
        self.fired.update(verdict.fired)
        self._note(case, *verdict.fired)
        for each in verdict.chosen:
            self.done.setdefault(each.clause, Counter())[each.action] += 1
            self._note(case, (each.clause, each.action))
        for target in verdict.targets:
            chosen = target.chosen
            self.done.setdefault(chosen.clause, Counter())[chosen.action] += len(target.seqs)
            for authors in case.members.values():
                self._who[chosen.clause, chosen.action].update(each for each in authors if each)
        for asked in verdict.asked:
            self.asked.setdefault(asked.clause, Counter())[asked.reason] += 1
            self._note(case, ("asked", asked.clause, asked.reason))
        fired = [rule for rule in verdict.fired if rule in self.rules]
        for index in fired:
            self._hit(case, index)
        for index in verdict.unknown:
            if index in self.rules:
                self.rules[index].unknown += 1
                self.rules[index].note(case.person, "unknown")
        if case.recorded:
            self._compare(case)
        if fired:
            self.touched += 1
            _add(case, self.people, self.established)

    def _hit(self, case: Case, index: int) -> None:
        of = self.rules[index]
        of.hits += 1
        of.by_kind[case.kind] += 1
        alone = len(case.verdict.fired) == 1
        of.alone += alone
        of.note(case.person, "hits", ("kind", case.kind), "alone" if alone else ("not", "alone"))
        _add(case, of.people, of.established)
        members = case.members.get(index, ())
        authors = {author for author in members if author}
        of.members += len(members)
        of.people |= authors
        of.who["members"] |= authors
        self.people |= authors
        for each in self._proposals(index, case.platform):
            of.would[each] += 1
            of.note(case.person, each)
        if of.rule.name in case.recorded:
            of.overlap += 1
            of.note(case.person, "overlap")
        else:
            of.note(case.person, "new")
            self._offer(case, of.rule, "new")

    def _compare(self, case: Case) -> None:
        """What the rules of the same names did then and would not do now."""
        fired = set(case.verdict.fired)
        for index, of in self.rules.items():
            if of.rule.name not in case.recorded:
                continue
            of.recorded += 1
            of.note(case.person, "recorded")
            if index in case.undecided:
                of.not_comparable += 1
                of.note(case.person, "not_comparable")
            elif index not in fired:
                of.gone += 1
                of.note(case.person, "gone")
                self._offer(case, of.rule, "gone")

    def _offer(self, case: Case, rule: CheckedRule, change: str) -> None:
        if case.person is not None:
            slots = self.active.plan.slots
            facts = {slots[slot]: value for slot, value in case.verdict.facts.items()}
            said = shown(rule, case.kind, facts)
            self.sample.offer(Group(rule.name, change), case.person, case.seq, said)

    def _label(self, case: Case, labels: Mapping[str, bool]) -> None:
        fired = set(case.verdict.fired)
        clauses = {of.rule.clause.id for of in self.rules.values()}
        self.labels.used += len(clauses.intersection(labels))
        for index, of in self.rules.items():
            breaks = labels.get(of.rule.clause.id)
            if breaks is None:
                continue
            if index in fired:
                of.label(case.person, breaks=breaks)
            else:
                of.missed += breaks

    def _proposals(self, index: int, platform: str) -> list[Would]:
        """What a rule would do if it were live: action, target, whether by itself."""
        known = self._proposed.get((index, platform))
        if known is None:
            found = self.active.proposals[index]
            known = [(p.action, p.target, by_itself(self.active, p, platform)) for p in found]
            self._proposed[index, platform] = known
        return known

    # --- what is told -----------------------------------------------------------------------------

    def measure(self, name: str, rule: str | None) -> Fraction | Within | str:
        """A measure of a rule, or of the whole run (replay.expect). Over no event at all none is
        known.
        """
        if not self.judged:
            return NOT_JUDGED
        if rule is not None:
            of = next(each for each in self.rules.values() if each.rule.name == rule)
            return of.measures(self.labels)[name]
        totals = self._totals()
        most = self._people_most()
        return {
            "events": known(totals["events"]),
            "people touched": known(totals["people"], most=most),
            "established people touched": known(totals["people_established"], most=most),
            "hits": known(totals["hits"]),
            "new hits": known(totals["new"]),
            "gone hits": known(totals["gone"]),
        }[name]

    def _would(self) -> dict[str, list[dict[str, Any]]]:
        """By clause: what the rules told of would do on their hits if they were live."""
        found: dict[str, dict[tuple[str, str], list[dict[str, Any]]]] = {}
        for of in self.rules.values():
            for each in of.would_as_json():
                rows = found.setdefault(of.rule.clause.id, {})
                rows.setdefault((each["action"], each["target"]), []).append(each)
        return {
            clause: [
                {
                    "action": action,
                    "target": target,
                    "does": summed(each["does"] for each in each_rule),
                    "asks": summed(each["asks"] for each in each_rule),
                }
                for (action, target), each_rule in sorted(rows.items())
            ]
            for clause, rows in found.items()
        }

    def _people_most(self) -> int | None:
        """How many people there are at most, by what is told of each rule and by nothing else."""
        if len(self.people) < PEOPLE_MIN:
            return PEOPLE_MIN - 1
        if any(of.few and len(of.people) >= PEOPLE_MIN for of in self.rules.values()):
            return None
        few = PEOPLE_MIN - 1
        return sum(few if of.few else len(of.people) for of in self.rules.values())

    def _totals(self) -> dict[str, int | None]:
        """The sums over the rules, each where nothing that is withheld can be had from it."""
        told = [of.told() for of in self.rules.values()]
        few = None in [each["hits"] for each in told]
        rest = self.people - self.established
        parts = (self.established, rest)
        established = summed(each["people_established"] for each in told)
        if any(0 < len(part) < PEOPLE_MIN for part in parts):
            established = None
        return {
            "events": None if few else self.touched,
            "hits": summed(each["hits"] for each in told),
            "new": summed(each["new"] for each in told),
            "gone": summed(each["gone"] for each in told),
            "people": None if few else len(self.people),
            "people_established": None if established is None else len(self.established),
        }

    def _note(self, case: Case, *figures: Hashable) -> None:
        if case.person is not None:
            for each in figures:
                self._who[each].add(case.person)

    def _broken_down(self) -> dict[str, Any]:
        """What would come of all rules together; nothing where a rule, told of or not, or a figure
        is about too few people: the others would give it away.
        """
        figures = [
            *(index for index, rule in enumerate(self.active.rules) if names_people(rule)),
            *((clause, action) for clause, counts in self.done.items() for action in counts),
            *(("asked", clause, why) for clause, counts in self.asked.items() for why in counts),
            *self.fired,
        ]
        if any(len(self._who[each]) < PEOPLE_MIN for each in figures):
            return {"by_action": {}, "by_clause": {}}
        would = self._would()
        return {
            "by_action": dict(sorted(self.by_action.items())),
            "by_clause": {
                clause: {
                    "done": dict(sorted(self.done.get(clause, {}).items())),
                    "asked": dict(sorted(self.asked.get(clause, {}).items())),
                    "would": would.get(clause, []),
                }
                for clause in sorted({*self.done, *self.asked, *would})
            },
        }

    def as_json(self) -> dict[str, Any]:
        """The report, without what belongs to the run itself."""
        return {
            "judged": self.judged,
            "without_body": self.without_body,
            "items": [each.as_json(self.labels) for each in self.rules.values()],
            "totals": {**self._totals(), **self._broken_down()},
            "labels": self.labels.as_json(),
            "sample": self.sample.drawn(),
        }


def by_itself(active: Active, proposal: Proposal, platform: str) -> bool:
    """Whether a rule may do what it proposes without a person, under the licences there are."""
    answer = gate.ask(
        active.licences,
        action=proposal.action,
        duration=proposal.duration,
        clause=proposal.clause,
        rule=active.names[proposal.rule],
        version=active.versions[proposal.rule],
    )
    granted = not isinstance(answer, Answer) and proposal.action != "alert"
    return granted and not active.hindrance(platform, proposal.action)


def _add(case: Case, people: set[int], established: set[int]) -> None:
    if case.person is not None:
        people.add(case.person)
        if case.established:
            established.add(case.person)
