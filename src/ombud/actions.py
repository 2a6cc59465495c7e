"""What is asked of the platform: one row for each action and each inverse, under a stable key.

Rows of one subject stand in one lane and go in order: an inverse never overtakes its action. With
no connector configured the built-in `record` connector keeps every row and sends none. This module
must never send anything itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from ombud import ids

RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of the platform. `lane` is the subject's keyed digest."""

    id: str
    decision: str
    lane: bytes
    action: str
    inverse: bool
    state: str = RECORDED


def ask(decision: str, lane: bytes, action: str, *, inverse: bool = False) -> Asked:
    """Ask for an action, or for its undoing."""
    return Asked(ids.new_id("act"), decision, lane, action, inverse)
