"""Whether what was settled still says what the verdicts said: decisions and what belongs to them.

For `replay --check`: the rows of a decision against the verdict worked out again, its notice, its
action and its leaf against the decision, and what was undone or ended against the controls that did
it. This module must never look at a delivery's state: that is no part of a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ombud import statements
from ombud.errors import BadLedger
from ombud.journal import Record
from ombud.ledger import leaf
from ombud.store.sqlite import Row, Store
from ombud.verdicts.community import Verdict


def difference(store: Store, record: Record, verdict: Verdict) -> str:
    """What differs between a verdict and what was settled for its record, or nothing."""
    rows = store.all("decisions_of_record", (record.seq,))
    done = [(record.seq, each) for each in verdict.chosen]
    done += [(seq, each.chosen) for each in verdict.targets for seq in each.seqs]
    wanted = sorted(
        (seq, each.action, each.clause, each.licence or "", statements.end(each, record.recv) or 0)
        for seq, each in done
    )
    if wanted != sorted((row[16], row[9], row[6], row[10] or "", row[11] or 0) for row in rows):
        return "its decisions"
    return "" if all(_whole(store, row) for row in rows) else "what belongs to its decision"


def judged(store: Store, seq: int, payload: Mapping[str, Any]) -> str:
    """What differs between a recorded judgement of people and what was settled for it, or
    nothing.
    """
    rows = store.all("decisions_of_record", (seq,))
    made = sorted((row[0], row[16], row[9], row[6], row[11]) for row in rows)
    if made != sorted(tuple(each) for each in payload["decisions"]):
        return "its decisions"
    return "" if all(_whole(store, row) for row in rows) else "what belongs to its decision"


def _whole(store: Store, row: Row) -> bool:
    """Whether a decision has its one notice, its one action and its own leaf."""
    told = [each[1] for each in store.all("notices_of_decision", (row[0],))]
    asked = [each[1] for each in store.all("actions_of_decision", (row[0],)) if not each[2]]
    if told.count("decided") != 1 or asked != [row[9]]:
        return False
    entries = store.all("leaves", (row[15], row[15] + 1))
    try:
        found = leaf.parse_leaf(bytes(entries[0][0])) if entries else None
    except BadLedger:
        return False
    return found is not None and (found.type, found.clause, found.action, found.rule) == (
        "decision",
        row[6],
        row[9],
        row[7],
    )


def _reversed(control: str, payload: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What a control ended, and what it undid."""
    if control == "undo":
        return [], payload["decisions"]
    if control == "ended":
        return payload["decisions"], []
    if control in ("review", "outcome"):
        return payload["replaced"], payload["released"]
    return [], []


class Reversals:
    """What the controls read so far have undone and ended."""

    def __init__(self) -> None:
        self._ended: dict[str, int] = {}
        self._undone: dict[str, int] = {}

    def note(self, control: str, seq: int, payload: Mapping[str, Any]) -> None:
        """Take in a control that reverses decisions or lets them stand again; others do nothing."""
        over, undone = _reversed(control, payload)
        for decision in over:
            self._ended.setdefault(decision, seq)
        for decision in undone:
            self._ended.setdefault(decision, seq)
            self._undone.setdefault(decision, seq)
        if control == "undo":
            for decision in payload.get("restored", ()):
                review = payload["review"]
                for known in (self._ended, self._undone):
                    if known.get(decision) == review:
                        del known[decision]

    def differing(self, store: Store, last: int) -> Iterator[int]:
        """The records of decisions whose rows say otherwise than the controls up to record `last`;
        what was done since, beside a check, is not its business.
        """
        for decision, seq, *reversed_at in store.each("reversals"):
            told = [at if at is not None and at <= last else None for at in reversed_at]
            if seq <= last and told != [self._ended.get(decision), self._undone.get(decision)]:
                yield seq
