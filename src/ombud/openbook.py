"""What everybody may read of how a community is moderated: figures of the public log, and of what
the log does not hold, without anybody in them.

What stands in the log is counted from its lines, by the one definition of `ledger.counts`, so that
an outsider comes to the same figures. Of what does not stand there (how long appeals take, what
platforms restrict by themselves) nothing is told of fewer than FEW, so that no figure is one
person's. This module must never write, and never name anybody, of the staff or of the members.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from ombud import appeals, clock, journal
from ombud.clock import DAY, HOUR
from ombud.controls import irreversible
from ombud.demandbook import LATEST, DemandBook
from ombud.labelling import Labelling
from ombud.ledger import counts
from ombud.ledger.tree import MAX_SIZE
from ombud.lookbook import BEHIND, Lookbook
from ombud.store.sqlite import Store

FEW = 5  # a median of fewer could be one person's
REACHED = ("delivered", "confirmed", "sent", "undeliverable")
DAYS = 60  # of the chart
LATE = 72 * HOUR  # no hold stands longer by itself
OUTCOMES = ("upheld", "partial", "reversed", "omitted")
APPEALS_MAX = 10_000  # the latest ones that medians are made of
EMERGENCIES_MAX = 50
RUNS_MAX = 20


class OpenBook:
    """The open book of one community, read beside its writer. One that is kept reads only the lines
    that came since; one thread at a time.
    """

    def __init__(
        self, store: Store, labelling: Labelling, demands: DemandBook, looks: Lookbook
    ) -> None:
        self._store = store
        self._labelling = labelling
        self._demands = demands
        self._looks = looks
        self._counts = counts.Counts()

    def figures(self, now: int) -> dict[str, Any]:
        """All of them, as of `now` (microseconds since 1970)."""
        self._refresh()
        of = self._counts
        return {
            "as_of": clock.rfc3339(now),
            "size": self._counts.size,
            "decisions": _decisions(of),
            "rules": _rules(of),
            "days": _days(of, now),
            "ended": _ended(of),
            "told": _told(of),
            "holds": self._holds(now),
            "appeals": self._appeals(now),
            "licences": self._licences(now),
            "irreversible": self._irreversible(now),
            "agreement": self._agreement(now),
            "outages": self._outages(),
            "emergencies": self._emergencies(now),
            "log": {name: of.of_type(name) for name in _LINES},
            "reconciled": self._reconciled(),
        }

    def demands(self, now: int, before: int) -> tuple[list[dict[str, Any]], int]:
        """A page of the public register, and behind which record the next one begins."""
        return self._demands.public(now, before)

    def register(self, now: int) -> list[dict[str, Any]]:
        """The whole register, the latest first."""
        found: list[dict[str, Any]] = []
        before = LATEST
        while before:
            items, before = self.demands(now, before)
            found += items
        return found

    def _refresh(self) -> None:
        """Count the lines that came since."""
        self._counts.take(partial(self._store.all, "leaves"), MAX_SIZE)

    # --- what does not stand in the log -----------------------------------------------------------

    def _holds(self, now: int) -> dict[str, int]:
        waiting, overdue = self._store.one("holds_standing", {"late": now - LATE}) or (0, 0)
        return {"waiting": waiting, "overdue": overdue or 0}

    def _appeals(self, now: int) -> dict[str, Any]:
        """How appeals ended and how long they took; `late` is of the latest APPEALS_MAX."""
        waiting, overdue = self._store.one("appeals_standing", {"now": now}) or (0, 0)
        rows = self._store.all("appeals_ended", (APPEALS_MAX,))
        took = [(row[0] - row[1]) / HOUR for row in rows]
        return {
            "made": self._counts.of_type("appeal"),
            "open": waiting,
            "overdue": overdue,
            "late": sum(0 < row[3] < row[0] for row in rows),
            "due_days": appeals.DUE // DAY,
            "ended": _outcomes(self._counts),
            "same_person": sum(bool(row[2]) for row in rows),
            "median_hours": round(statistics.median(took), 1) if len(took) >= FEW else None,
        }

    def _licences(self, now: int) -> list[dict[str, Any]]:
        """The certificates there were, as the labelling tells them, without who labelled."""
        kept = ("rule", "clause", "level", "state", "one_labeller", "granted", "until")
        counted = ("labels", "right", "between", "acted", "overturned", "audited", "audited_right")
        found = self._labelling.show(now)["certificates"]
        return [{name: each[name] for name in (*kept, *counted)} for each in found]

    def _irreversible(self, now: int) -> dict[str, int]:
        """What people did that cannot be taken back, by whether somebody else looked at it within
        72 hours. The log has both lines of each.
        """
        found = irreversible.listed(self._store, now, 0)
        return {name: count for name, count in found.items() if name != "items"}

    def _agreement(self, now: int) -> dict[str, Any] | None:
        """How far people of the staff agree, all of them taken together; None where they or what
        they judged are too few (`lookbook.Part.told`).
        """
        whole = (each for each in self._looks.figures(now)[0] if not each.clause and not each.lang)
        part = next(whole, None)
        if part is None or not part.told:
            return None
        return {"days": BEHIND // DAY, **asdict(part.found)}

    def _outages(self) -> dict[str, int]:
        """How many checks were answered before they were judged, by what they were answered."""
        answered: Counter[str] = Counter()
        for _, _, payload in self._store.all("controls", ("!deadline",)):
            answered.update(each["answer"] for each in journal.read_json(payload)["answers"])
        return dict(sorted(answered.items()))

    def _emergencies(self, now: int) -> list[dict[str, Any]]:
        """When emergencies began and ended, the latest first."""
        found: list[dict[str, Any]] = []
        for _, recv, payload in self._store.all("controls", ("!emergency",)):
            told = journal.read_json(payload)
            if told["begins"] and (not found or found[-1]["until"] <= recv):
                found.append({"begun": recv, "until": told["until"]})
            elif found:
                found[-1]["until"] = told["until"] if told["begins"] else recv
        return [
            {
                "begun": clock.rfc3339(each["begun"]),
                "until": clock.rfc3339(each["until"]),
                "on": each["until"] > now,
            }
            for each in reversed(found[-EMERGENCIES_MAX:])
        ]

    def _reconciled(self) -> list[dict[str, Any]]:
        """What platforms restrict without a decision, each time it was asked."""
        found = []
        for made, record in self._store.all("reconciled", (RUNS_MAX,)):
            told = journal.read_json(record)
            known = ("platform", "reported", "explained", "missing")
            without = sum(told["without"].values())
            kept = {name: told[name] for name in known}
            found.append({"made": clock.rfc3339(made), **kept, "without": without})
        return found


_LINES = ("standing_order", "certificate", "demotion", "emergency", "replay", "erasure", "demand")


def _decisions(of: counts.Counts) -> list[dict[str, Any]]:
    """Decisions by clause, action, and whether a rule made them."""
    found: Counter[tuple[str, str, bool]] = Counter()
    for tally, count in of.tallies.items():
        if tally.type == "decision":
            found[tally.clause or "", tally.action or "", bool(tally.automated)] += count
    return [
        {"clause": clause, "action": action, "automated": automated, "count": count}
        for (clause, action, automated), count in sorted(found.items())
    ]


def _rules(of: counts.Counts) -> list[dict[str, Any]]:
    """What each rule did by itself, and how much of it did not last."""
    done: Counter[tuple[str, str]] = Counter()
    undone: Counter[str] = Counter()
    for tally, count in of.tallies.items():
        if tally.type == "decision" and tally.rule and tally.automated:
            done[tally.rule, tally.action or ""] += count
        elif tally.type == "undo" and tally.rule and tally.outcome != "restored":
            undone[tally.rule] += count
    return [
        {"rule": rule, "action": action, "count": count, "taken_back": undone[rule]}
        for (rule, action), count in sorted(done.items())
    ]


def _days(of: counts.Counts, now: int) -> list[dict[str, Any]]:
    """Decisions and what took some back, day by day, of the last DAYS days."""
    days = [clock.day(now - back * DAY) for back in range(DAYS - 1, -1, -1)]
    return [
        {"day": day, "decisions": of.days[day, "decision"], "taken_back": of.days[day, "undo"]}
        for day in days
    ]


def _ended(of: counts.Counts) -> dict[str, int]:
    """How decisions came to their end, by why."""
    found: Counter[str] = Counter()
    for tally, count in of.tallies.items():
        if tally.type in ("undo", "ended") and tally.outcome:
            found[tally.outcome] += count
    return dict(sorted(found.items()))


def _told(of: counts.Counts) -> dict[str, int]:
    """What became of the messages to people, by how far each has come; every one of REACHED."""
    found = dict.fromkeys(REACHED, 0)
    for tally, count in of.tallies.items():
        if tally.type == "notice" and tally.outcome in found:
            found[tally.outcome] += count
    return found


def _outcomes(of: counts.Counts) -> dict[str, int]:
    """How appeals ended; who decided alone what they had decided before is said in the outcome."""
    found: Counter[str] = Counter()
    for tally, count in of.tallies.items():
        if tally.type == "outcome" and tally.outcome:
            found[tally.outcome.partition(" (")[0]] += count
    return {name: found[name] for name in OUTCOMES}


def overturned(appeals: Mapping[str, Any]) -> tuple[int, int]:
    """How many appeals were right in full or in part, of how many that were decided."""
    ended = appeals["ended"]
    decided = sum(ended[name] for name in ("upheld", "partial", "reversed"))
    return ended["partial"] + ended["reversed"], decided


def share(of: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """How many decisions a rule made by itself, of how many."""
    listed: Sequence[Mapping[str, Any]] = list(of)
    return sum(each["count"] for each in listed if each["automated"]), sum(
        each["count"] for each in listed
    )


def by_clause(decided: Iterable[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """Clauses, the most used first: how many decisions rest on each, and how many there are."""
    found = Counter[str]()
    for each in decided:
        found[each["clause"]] += each["count"]
    return [(clause, count, found.total()) for clause, count in found.most_common()]


def by_rule(acted: Iterable[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """Rules, the busiest first: how many of its decisions were taken back, and how many it made."""
    made, taken_back = Counter[str](), Counter[str]()
    for each in acted:
        made[each["rule"]] += each["count"]
        taken_back[each["rule"]] += each["taken_back"]
    return [(rule, taken_back[rule], count) for rule, count in made.most_common()]


def by_action(decided: Iterable[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """Actions, the most frequent first: how often rules did each by themselves, and how often it
    was done.
    """
    made, alone = Counter[str](), Counter[str]()
    for each in decided:
        made[each["action"]] += each["count"]
        alone[each["action"]] += each["count"] if each["automated"] else 0
    return [(action, alone[action], count) for action, count in made.most_common()]
