"""How records judged again compare with what was stored: counts, and where the first few differ.

This module must never judge.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

DIFFERENCES_MAX = 20


@dataclass(slots=True)
class Outcome:
    """How the records compare. `differences` says where and what, for the first few."""

    checked: int = 0
    same: int = 0
    different: int = 0
    from_facts: int = 0
    not_recomputable: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The outcome as data."""
        return asdict(self)

    def differs(self, seq: int, what: str) -> None:
        """Count a record that does not come out as it was stored."""
        self.different += 1
        if len(self.differences) < DIFFERENCES_MAX:
            self.differences.append({"seq": seq, "what": what})
