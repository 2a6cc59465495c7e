"""How the connected platforms stand: what was asked of each and did not succeed, and why.

This module must never write, and never tell what an action or a message is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ombud.store.sqlite import Store

ROWS_MAX = 1000  # that are looked at; of more it is said that there are so many


class Waiting(NamedTuple):
    """What waits for a platform after it was tried: how much, since when, and why, as it was told
    last.
    """

    many: int
    since: int
    why: str


def waiting(store: Store) -> Mapping[str, Waiting]:
    """By platform, where anything waits."""
    found: dict[str, Waiting] = {}
    for name, began, detail in store.all("outbox_tried", (ROWS_MAX,)):  # what was tried last, last
        before = found.get(name, Waiting(0, began, ""))
        why = detail or before.why
        found[name] = Waiting(before.many + 1, min(began, before.since), why)
    return found
