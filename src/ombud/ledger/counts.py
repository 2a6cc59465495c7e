"""The public counts: what anybody can count again from the lines of the log.

One definition for those who publish and for those who check: how many lines there are of each
combination of type, clause, action, automated or not, rule and outcome, and of each type on each
day. This module must never count what does not stand in a line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from ombud.errors import BadLedger, catalogue
from ombud.ledger.leaf import Leaf

FILE = "counts.json"
MAX_TALLIES = 1 << 16  # different combinations; a real community has a few hundred
MAX_DAYS = 1 << 17  # days with a type: three hundred years of one, a dozen of every type there is
LINES_AT_ONCE = 10_000

_leaf = msgspec.json.Decoder(Leaf)

catalogue(
    L066=(
        "The entries name more than {limit} combinations of what is counted.",
        "The counts are incomplete. No community has that many; look at the entries.",
    ),
)


class Tally(NamedTuple):
    """What a line is counted under."""

    type: str
    clause: str | None = None
    action: str | None = None
    automated: bool | None = None
    rule: str | None = None
    outcome: str | None = None


@dataclass(slots=True)
class Counts:
    """Counts that grow line by line."""

    tallies: Counter[Tally] = field(default_factory=Counter)
    days: Counter[tuple[str, str]] = field(default_factory=Counter)  # (day, type)

    def add(self, leaf: Leaf) -> None:
        """Count one line. Raises `BadLedger` L066, and counts nothing, where that would be one
        combination too many.
        """
        tally = Tally(leaf.type, leaf.clause, leaf.action, leaf.automated, leaf.rule, leaf.outcome)
        day = (leaf.day, leaf.type)
        if len(self.tallies) >= MAX_TALLIES and tally not in self.tallies:
            raise BadLedger("L066", limit=MAX_TALLIES)
        if len(self.days) >= MAX_DAYS and day not in self.days:
            raise BadLedger("L066", limit=MAX_DAYS)
        self.tallies[tally] += 1
        self.days[day] += 1

    def take(
        self, lines: Callable[[tuple[int, int]], Sequence[tuple[bytes, bytes]]], until: int
    ) -> None:
        """Count on behind the last line counted, up to a size of the log, or as far as there are
        any. `lines` reads those from one place to before another. Raises as `add`.
        """
        known = self.size
        while known < until:
            found = lines((known, min(known + LINES_AT_ONCE, until)))
            for entry, _ in found:
                self.add(_leaf.decode(entry))
            if not found:
                return
            known += len(found)

    @property
    def size(self) -> int:
        """How many lines were counted."""
        return self.tallies.total()

    def of_type(self, type_: str) -> int:
        """How many lines there are of a type."""
        return sum(count for tally, count in self.tallies.items() if tally.type == type_)

    def as_json(self) -> dict[str, Any]:
        """As they are published: lists in one order, whatever order the lines came in."""
        return {
            "counts": [
                {**tally._asdict(), "count": count}
                for tally, count in sorted(self.tallies.items(), key=_place)
            ],
            "days": [
                {"day": day, "type": type_, "count": count}
                for (day, type_), count in sorted(self.days.items())
            ],
        }


def encode(told: Mapping[str, Any]) -> bytes:
    """The file of the counts under a head: `origin`, `size`, `root` in hex, `counts`, `days`."""
    kept = {name: told[name] for name in ("origin", "size", "root", "counts", "days")}
    return json.dumps(kept, indent=1, ensure_ascii=False).encode() + b"\n"


def _place(item: tuple[Tally, int]) -> tuple[tuple[bool, str], ...]:
    """Where a tally stands: by its fields in order, what is absent first."""
    return tuple((each is not None, str(each)) for each in item[0])
