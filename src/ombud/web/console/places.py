"""Where somebody on the staff can go: the places at the top of every page of theirs, as one table.

What a place is called stands in `locale/` under its key. This module must never show a place to who
may do nothing there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Place(NamedTuple):
    """An address, the key of its name, and what one must be allowed to do to go there; nothing:
    everybody goes there.
    """

    path: str
    word: str
    permission: str = ""


PLACES: tuple[Place, ...] = (
    Place("/cases", "console.cases", "cases"),
    Place("/appeals", "console.appeals", "appeals"),
    Place("/orders", "console.orders"),
    Place("/looks", "console.looks", "cases"),
    Place("/quality", "console.quality", "quality"),
    Place("/wall", "console.wall"),
    Place("/labels", "console.labels"),
    Place("/rules", "console.rules"),
    Place("/lists", "console.lists", "lists"),
    Place("/lookup", "console.lookup", "members"),
    Place("/incidents", "console.incidents", "members"),
    Place("/records", "console.records", "records"),
    Place("/connections", "console.connections", "keys"),
    Place("/demands", "console.demands", "demands"),
    Place("/erasure", "console.erasure", "erasure"),
    Place("/staff", "console.staff", "staff"),
    Place("/me", "console.me"),
)


def open_to(may: Callable[[str], bool]) -> list[Place]:
    """The places of somebody, in the table's order."""
    return [each for each in PLACES if not each.permission or may(each.permission)]
