"""Whether certificates are worth what they say, by simulated labels through the gate itself.

No formula is evaluated on its own: populations, seeds, labels and actions are given to
`gate.register` as the journal's controls give them, week by week within the budget, and what it
says is owed is taken. After every label it is asked. Beside it stands what everybody does first:
the exact bound of Clopper and Pearson, looked at after every label from the thirtieth on.

This module must never certify by anything else than what the register owes.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from evaluation import figures
from ombud.clock import DAY
from ombud.gate import evidence
from ombud.gate.certificate import LASTS, WEEK
from ombud.gate.register import Due, Register
from ombud.gate.sample import ALONE_MAX, Item

NAME = "certificates"
TITLE = "Certificates and audits"
RUNS = 2000
QUICK = 100
HITS = 1500  # hits that can be labelled, as in the reference computation
AUDITED = 1000  # audit labels after which a run ends
ACTIONS = 200  # a week, of a certified rule
LATER = 40 * 365 * DAY  # an end that no run sees
PEEK_FROM = 30
INTRODUCTION = """\
Simulated labels, fed to the gate as the journal's controls feed it, within the budget of 50 labels
a week; {runs} runs where a table does not say, of up to {hits} labelled hits, with a look after
every label. In brackets: what was computed beforehand, with which this agrees or not."""
LIMITS = """\
One labeller for each item, at 98 % two, who are always right about what breaks the clause: what
people get wrong comes on top, and is in no interval here. Nor is it measured what a rule's
precision was before it changed: an audit counts since the grant, so that a rule that was good for
long and then is not is found later than these figures say, at the latest when its 90 days are
over."""
START = 2000 * WEEK
PEOPLE = (7, 11)
RULE = {"rule": "r", "version": "v", "clause": "c", "clause_version": "w"}
WRONG = {0.99: "134", 0.98: "244", 0.97: "628", 0.96: "over 1,500"}  # the reference: median hits
AUDITS = {0.90: 215, 0.85: 51, 0.80: 24}  # the reference: median audit labels


class Certified(NamedTuple):
    """How one sample ended: after how many labelled hits and weeks it was certified, if it was;
    whether the bound for one look would have been passed on the way.
    """

    hits: int | None
    weeks: int
    peeking: bool


class Caught(NamedTuple):
    """How one audit ended: "audit", "expired" or "going on", and after how many labels, weeks."""

    why: str
    labels: int
    weeks: int


@dataclass(slots=True)
class Gate:
    """A register and the journal that it is told."""

    chance: random.Random
    people: tuple[int, ...] = PEOPLE
    register: Register = field(default_factory=Register)
    now: int = START
    seq: int = 1_000_000

    def apply(self, control: str, payload: dict[str, Any]) -> None:
        """One control after the other."""
        self.seq, self.now = self.seq + 1, self.now + 1
        self.register.apply(control, self.seq, self.now, payload)

    def begin(self, hits: int, level: int) -> None:
        """A configuration, a population, and the seed that the register asks for."""
        manifest = {"rules": {"r": ["v", "live"]}, "clauses": {"c": "w"}}
        self.apply("config", {"manifest": manifest})
        rows = [[at, at, at, 0] for at in range(hits)]
        said = {"sample": "s", **RULE, "level": level, "wanted": len(self.people), "open": True}
        asked = {"labellers": self.people, "until": 10 * hits, "days": 100}
        self.apply("population", {**said, **asked, "hits": rows, "languages": [""]})
        if hits:
            _must(self.register.due(self.now) == Due("draw", "s"))
            others = list(range(hits, 2 * hits))
            self.apply("draw", {"sample": "s", "seed": self.seed(), "others": others})

    def grant(self, level: int, until: int, usual: int) -> None:
        """A certificate, as if it had been earned."""
        self.begin(0, level)
        granted = {"certificate": "k", "is": "granted", "sample": "s", **RULE, "level": level}
        whose = {"wanted": len(self.people), "labellers": self.people, "replaces": None}
        terms = {"until": until, "cap": 10**6, "usual": usual, "seed": self.seed()}
        self.apply("certificate", {**granted, **whose, **terms})

    def seed(self) -> str:
        """What `secrets` draws in the program."""
        return self.chance.randbytes(32).hex()

    def labelled(self, truth: float) -> Iterator[tuple[Item, bool]]:
        """Label what is due this week: a hit breaks the clause by a chance of `truth`, what is none
        never does. After each label the caller may look.
        """
        for person in self.people:
            for asked in self.register.due_for(person, self.now):
                said = next(iter(asked.item.answers.values()), "")
                if not said:
                    said = "yes" if asked.item.hit and self.chance.random() < truth else "no"
                self.apply("label", {"item": asked.item.id, "by": person, "said": said})
                yield asked.item, said == "yes"


def sample(truth: float, level: int, chance: random.Random, hits: int = HITS) -> Certified:
    """One sample, labelled week by week until it is certified or its hits are used up. Two people
    label where one cannot prove the level: else nothing would be measured but that.
    """
    gate = Gate(chance, people=PEOPLE[: 1 if level <= ALONE_MAX else 2])
    gate.begin(hits, level)
    drawn = gate.register.samples["s"]
    labels = right = weeks = 0
    peeking = False
    while next(drawn.upcoming(), None) is not None:
        gate.now, weeks = gate.now + WEEK, weeks + 1
        for item, said in gate.labelled(truth):
            if item.hit and item.complete(len(gate.people)):
                labels, right = labels + 1, right + said
                peeking = peeking or (labels >= PEEK_FROM and _one_look(right, labels, level))
            if gate.register.due(gate.now) == Due("certificate", "s", "granted"):
                return Certified(drawn.counted.labels, weeks, peeking)
    return Certified(None, weeks, peeking)


def _must(holds: bool) -> None:
    """A run in which the gate owes something else would measure nothing."""
    if not holds:
        raise RuntimeError("the gate owes something else")


def _one_look(right: int, labels: int, level: int) -> bool:
    """Whether the exact bound for one look is above the level."""
    if right * 1000 <= labels * level:
        return False
    return evidence.log_at_least(right, labels, level / 1000) <= math.log(evidence.ALPHA)


def audit(
    truth: float, level: int, chance: random.Random, lasts: int = LATER, most: int = AUDITED
) -> Caught:
    """One certified rule, acting and audited week by week, until it is taken away or runs out."""
    gate = Gate(chance, people=PEOPLE[:1])
    gate.grant(level, gate.now + lasts, ACTIONS)
    held = gate.register.certificates["k"]
    weeks = 0
    while held.counted.labels < most:
        weeks += 1
        for _ in range(ACTIONS):
            gate.seq, gate.now = gate.seq + 1, gate.now + WEEK // ACTIONS
            gate.register.acted(held.licence.id, gate.seq, gate.now)
        for _ in gate.labelled(truth):
            if held.counted.labels >= most:
                break
            due = gate.register.due(gate.now)
            if due is not None and due.control == "demotion":
                return Caught(due.what, held.counted.labels, weeks)
        due = gate.register.due(gate.now)
        while due is not None:
            if due == Due("certificate", "k", "ended"):
                return Caught("expired", held.counted.labels, weeks)
            if due.control == "draw":
                gate.apply("draw", {"certificate": "k", "others": []})
            else:  # renewed
                _must(due == Due("certificate", "k", "renewed"))
                return Caught("renewed", held.counted.labels, weeks)
            due = gate.register.due(gate.now)
    return Caught("going on", held.counted.labels, weeks)


# --- the section ----------------------------------------------------------------------------------


def evaluate(folder: Path, *, quick: bool) -> str:  # noqa: ARG001 -- no set is read
    """The section of the page."""
    runs = QUICK if quick else RUNS
    return "\n\n".join(
        (
            INTRODUCTION.format(runs=f"{runs:,}", hits=f"{HITS:,}"),
            _false(runs),
            _power(runs // 10),
            _audits(runs // 10),
            LIMITS,
        )
    )


def _false(runs: int) -> str:
    """A rule exactly at its bound: every certificate is a false one. At 98 % two people label,
    which takes twice as long, so that there are fewer runs.
    """
    rows: list[tuple[object, ...]] = []
    for level, part in ((950, 1), (980, 4)):
        rows.append(_at_bound(level, runs // part))
    head = ("precision and bound", "runs", "ours", "promised", "exact bound at every label (25 %)")
    return f"False certificates:\n\n{figures.table(head, rows)}"


def _at_bound(level: int, runs: int) -> tuple[object, ...]:
    chance = random.Random(figures.SEED + level)
    found = [sample(level / 1000, level, chance) for _ in range(runs)]
    ours = figures.rate(sum(each.hits is not None for each in found), runs)
    naive = figures.rate(sum(each.peeking for each in found), runs)
    return f"{level / 10:g} %", f"{runs:,}", ours, "at most 5 %", naive


def _power(runs: int) -> str:
    rows = []
    for truth, known in WRONG.items():
        chance = random.Random(figures.SEED + round(1000 * truth))
        found = [sample(truth, 950, chance) for _ in range(runs)]
        passed = [each for each in found if each.hits is not None]
        middle, weeks = _median([each.hits or HITS + 1 for each in found]), "never"
        if middle <= HITS:
            weeks = f"{_median([each.weeks for each in passed]):g}"
        said = f"{middle:g}" if middle <= HITS else f"over {HITS:,}"
        share = figures.rate(len(passed), runs)
        rows.append((f"{100 * truth:g} %", share, f"{said} ({known})", weeks))
    head = ("true precision", "certified at 95 %", "median labelled hits", "median weeks")
    return f"How soon a good rule is certified, {runs} runs a row:\n\n{figures.table(head, rows)}"


def _audits(runs: int) -> str:
    rows: list[tuple[object, ...]] = []
    chance = random.Random(figures.SEED)
    still = [audit(0.95, 950, chance) for _ in range(runs)]
    false = figures.rate(sum(each.why == "audit" for each in still), runs)
    rows.append(("95 %", f"{false} (2.3 %)", "", "", ""))
    for truth, known in AUDITS.items():
        found = [audit(truth, 950, chance) for _ in range(runs)]
        caught = figures.rate(sum(each.why == "audit" for each in found), runs)
        labels = _median([each.labels for each in found])
        weeks = _median([each.weeks for each in found])
        over = [audit(truth, 950, chance, lasts=LASTS) for _ in range(runs)]
        ended = figures.rate(sum(each.why in ("audit", "expired") for each in over), runs)
        row = (f"{100 * truth:g} %", caught, f"{labels:g} ({known})", f"{weeks:g}", ended)
        rows.append(row)
    head = (
        "true precision",
        f"demoted within {AUDITED:,} audit labels",
        "median audit labels",
        "median weeks",
        "demoted or not renewed in 90 days",
    )
    return (
        f"Audits of a rule certified at 95 % that acts {ACTIONS} times a week, {runs} runs a row;"
        f" at 95 % every demotion is a false alarm:\n\n{figures.table(head, rows)}"
    )


def _median(values: list[int]) -> float:
    return statistics.median(values)
