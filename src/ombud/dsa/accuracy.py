"""How right the automated means were, as far as blind labels and complaints tell: of each rule that
acted under a certificate within a period, as things stood at the period's end.

What a certificate rests on is a random sample of hits, and what audits draw is a random part of
what the rule then did; both are labelled by people who do not know what the rule said. So precision
can be told, of each rule by itself. This module must never put figures of several rules together,
and never call the share of reversed complaints an error rate.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ombud import clock
from ombud.controls import certificates
from ombud.filing import ACTIONS_TOLD
from ombud.gate import evidence
from ombud.gate.certificate import Certificate
from ombud.gate.register import Register
from ombud.refill import first_received
from ombud.store.sqlite import Store


class System(NamedTuple):
    """A rule under one certificate: `measures` it took alone in the period; of its actions that
    were drawn since it was granted how many were labelled, and right; of its sample the same; how
    many of its actions people took back.
    """

    rule: str
    since: str  # the day on which the certificate was granted
    measures: int
    audited: int
    audited_right: int
    sampled: int
    sampled_right: int
    acted: int
    overturned: int
    alone: bool  # whether one person labelled

    @property
    def precision(self) -> float:
        """The share of what was labelled that was right: of audits, before there are any of the
        sample.
        """
        right, labels = self.labels
        return round(right / labels, 3) if labels else 0.0

    @property
    def at_least(self) -> float:
        """What it is at least, with 95 % confidence."""
        return int(evidence.lower_bound(*self.labels) * 1000) / 1000

    @property
    def labels(self) -> tuple[int, int]:
        """How many were right, and labelled: of what audits drew, else of the sample."""
        if self.audited:
            return self.audited_right, self.audited
        return self.sampled_right, self.sampled


class Complaints(NamedTuple):
    """Complaints that were decided within the period about what rules did alone, and how many of
    them led to another decision.
    """

    decided: int
    changed: int


def systems(store: Store, since: int, until: int) -> list[System]:
    """Every rule that did something by itself under a certificate from `since` until before
    `until`, by name.
    """
    part = {"since": since, "until": until, "actions": ACTIONS_TOLD}
    took: Counter[str] = Counter()
    for licence, count in store.all("measures_certified", part):
        took[licence.partition(":")[2]] += count
    if not took:
        return []
    held = Register()
    certificates.restore(held, store, until=first_received(store, until - 1) - 1)
    found = [_system(held, held.certificates[name], took[name]) for name in took]
    return sorted(found)


def complaints(store: Store, since: int, until: int) -> Complaints:
    """What people decided about complaints against what rules did alone."""
    row = store.one("outcomes_of_rules", {"since": since, "until": until})
    return Complaints(*(row or (0, 0)))


def _system(held: Register, of: Certificate, measures: int) -> System:
    sample = held.samples[of.sample]
    return System(
        of.rule,
        clock.day(of.granted),
        measures,
        of.counted.labels,
        of.counted.right,
        sample.counted.labels,
        sample.counted.right,
        of.acted,
        of.overturned,
        of.alone,
    )
