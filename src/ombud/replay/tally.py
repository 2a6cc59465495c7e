"""What a run found, counted: by rule, by clause and action, and over all.

People are kept as tokens while a run goes on and leave it as numbers only. This module must never
let a token out but into the sample, which lets none out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ombud import gate
from ombud.activation.active import Active, Proposal
from ombud.gate import Answer
from ombud.replay.interval import ONE, wilson
from ombud.replay.labels import Labels
from ombud.replay.sample import Group, Sample, shown
from ombud.rules.checked import CheckedRule
from ombud.verdicts.community import Verdict

NO_LABELS = "no reviewed labels"
NOT_JUDGED = "nothing was judged"
ONLY_UNDONE = "only decisions that were undone are labelled: the share can only be too low"


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
class OfRule:
    """What one rule came to."""

    rule: CheckedRule
    hits: int = 0
    recorded: int = 0
    overlap: int = 0
    gone: int = 0
    not_comparable: int = 0
    alone: int = 0
    members: int = 0  # earlier posts of campaigns that it would act on
    unknown: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    people: set[int] = field(default_factory=set)
    established: set[int] = field(default_factory=set)
    by_kind: Counter[str] = field(default_factory=Counter)
    would: Counter[tuple[str, str, bool]] = field(default_factory=Counter)

    @property
    def new(self) -> int:
        """Hits that the rule of the same name did not have then."""
        return self.hits - self.overlap

    def measures(self) -> dict[str, Fraction | str]:
        """Every measure an expectation can name."""
        precision, recall = self.right + self.wrong, self.right + self.missed
        return {
            "hits": Fraction(self.hits),
            "new hits": Fraction(self.new),
            "gone hits": Fraction(self.gone),
            "unknown": Fraction(self.unknown),
            "people": Fraction(len(self.people)),
            "established people": Fraction(len(self.established)),
            "precision": Fraction(self.right, precision) if precision else NO_LABELS,
            "lower precision": _lower(self.right, precision),
            "recall": Fraction(self.right, recall) if recall else NO_LABELS,
            "lower recall": _lower(self.right, recall),
        }

    def as_json(self, *, reviewed: bool) -> dict[str, Any]:
        """The rule's part of the report."""
        return {
            "name": self.rule.name,
            "clause": self.rule.clause.id,
            "mode": self.rule.mode,
            "version": self.rule.version,
            "hits": self.hits,
            "recorded": self.recorded,
            "overlap": self.overlap,
            "new": self.new,
            "gone": self.gone,
            "not_comparable": self.not_comparable,
            "alone": self.alone,
            "members": self.members,
            "people": len(self.people),
            "people_established": len(self.established),
            "unknown": self.unknown,
            "by_kind": dict(sorted(self.by_kind.items())),
            "would": would_as_json(self.would),
            "precision": share_as_json(
                self.right, self.right + self.wrong, "" if reviewed else ONLY_UNDONE
            ),
            "recall": share_as_json(self.right, self.right + self.missed),
        }


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
    rules: dict[int, OfRule] = field(default_factory=dict)
    _proposed: dict[tuple[int, str], list[tuple[str, str, bool]]] = field(default_factory=dict)

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
        for each in verdict.chosen:
            self.done.setdefault(each.clause, Counter())[each.action] += 1
        for target in verdict.targets:
            chosen = target.chosen
            self.done.setdefault(chosen.clause, Counter())[chosen.action] += len(target.seqs)
        for asked in verdict.asked:
            self.asked.setdefault(asked.clause, Counter())[asked.reason] += 1
        fired = [rule for rule in verdict.fired if rule in self.rules]
        for index in fired:
            self._hit(case, index)
        for index in verdict.unknown:
            if index in self.rules:
                self.rules[index].unknown += 1
        if case.recorded:
            self._compare(case)
        if fired:
            self.touched += 1
            _add(case, self.people, self.established)

    def _hit(self, case: Case, index: int) -> None:
        of = self.rules[index]
        of.hits += 1
        of.by_kind[case.kind] += 1
        of.alone += len(case.verdict.fired) == 1
        _add(case, of.people, of.established)
        members = case.members.get(index, ())
        authors = {author for author in members if author}
        of.members += len(members)
        of.people |= authors
        self.people |= authors
        for each in self._proposals(index, case.platform):
            of.would[each] += 1
        if of.rule.name in case.recorded:
            of.overlap += 1
        else:
            self._offer(case, of.rule, "new")

    def _compare(self, case: Case) -> None:
        """What the rules of the same names did then and would not do now."""
        fired = set(case.verdict.fired)
        for index, of in self.rules.items():
            if of.rule.name not in case.recorded:
                continue
            of.recorded += 1
            if index in case.undecided:
                of.not_comparable += 1
            elif index not in fired:
                of.gone += 1
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
                of.right += breaks
                of.wrong += not breaks
            else:
                of.missed += breaks

    def _proposals(self, index: int, platform: str) -> list[tuple[str, str, bool]]:
        """What a rule would do if it were live: action, target, whether by itself."""
        known = self._proposed.get((index, platform))
        if known is None:
            found = self.active.proposals[index]
            known = [(p.action, p.target, by_itself(self.active, p, platform)) for p in found]
            self._proposed[index, platform] = known
        return known

    def measure(self, name: str, rule: str | None) -> Fraction | str:
        """A measure of a rule, or of the whole run (replay.expect). Over no event at all none is
        known.
        """
        if not self.judged:
            return NOT_JUDGED
        if rule is not None:
            return next(each for each in self.rules.values() if each.rule.name == rule).measures()[
                name
            ]
        return {
            "events": Fraction(self.touched),
            "people touched": Fraction(len(self.people)),
            "established people touched": Fraction(len(self.established)),
            **{
                measure: sum(
                    (
                        Fraction(of)
                        for each in self.rules.values()
                        for of in [each.measures()[measure]]
                    ),
                    Fraction(0),
                )
                for measure in ("hits", "new hits", "gone hits")
            },
        }[name]

    def _would(self) -> dict[str, list[dict[str, Any]]]:
        """By clause: what the rules told of would do on their hits if they were live."""
        found: dict[str, Counter[tuple[str, str, bool]]] = {}
        for of in self.rules.values():
            if of.would:
                found.setdefault(of.rule.clause.id, Counter()).update(of.would)
        return {clause: would_as_json(would) for clause, would in found.items()}

    def as_json(self) -> dict[str, Any]:
        """The report, without what belongs to the run itself."""
        reviewed, would = self.labels.reviewed > 0, self._would()
        return {
            "judged": self.judged,
            "without_body": self.without_body,
            "items": [each.as_json(reviewed=reviewed) for each in self.rules.values()],
            "totals": {
                "events": self.touched,
                "hits": sum(each.hits for each in self.rules.values()),
                "new": sum(each.new for each in self.rules.values()),
                "gone": sum(each.gone for each in self.rules.values()),
                "people": len(self.people),
                "people_established": len(self.established),
                "by_action": dict(sorted(self.by_action.items())),
                "by_clause": {
                    clause: {
                        "done": dict(sorted(self.done.get(clause, {}).items())),
                        "asked": dict(sorted(self.asked.get(clause, {}).items())),
                        "would": would.get(clause, []),
                    }
                    for clause in sorted({*self.done, *self.asked, *would})
                },
            },
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


def would_as_json(would: Mapping[tuple[str, str, bool], int]) -> list[dict[str, Any]]:
    """What a rule would do: action, target, how often by itself, how often a person is asked."""
    return [
        {
            "action": action,
            "target": target,
            "does": would.get((action, target, True), 0),
            "asks": would.get((action, target, False), 0),
        }
        for action, target in sorted({(each[0], each[1]) for each in would})
    ]


def share_as_json(right: int, of: int, words: str = "") -> dict[str, Any]:
    """A share of labelled cases with its 95 % interval; null, and in words why, without labels."""
    if not of:
        return {"value": None, "lower": None, "upper": None, "of": 0, "words": NO_LABELS}
    low, high = wilson(right, of)
    ends = {"value": right * ONE // of, "lower": low, "upper": high}
    told = {name: each / ONE for name, each in ends.items()}
    return {**told, "of": of, "words": words or f"{right} of {of} labelled"}


def _lower(right: int, of: int) -> Fraction | str:
    return Fraction(wilson(right, of)[0], ONE) if of else NO_LABELS


def _add(case: Case, people: set[int], established: set[int]) -> None:
    if case.person is not None:
        people.add(case.person)
        if case.established:
            established.add(case.person)
