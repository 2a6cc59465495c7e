"""Standing orders: what a person has decided about a campaign, also for those still to come.

The second of the three licences (design section 7). An order is given from a case and holds for one
cluster of texts, in the rooms where the campaign was seen, by the one version of the rule that
found it and under the one wording of its clause, for hours. It does one thing to the post that is
judged. Past its cap it hides nothing more: a hold, and a person is paged. This module must never
let an order reach replies, quotes or members of long standing, nor outlive its instant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from ombud.clock import HOUR
from ombud.gate.licence import Kind, Licence

PREFIX = "standing order"  # how the ids of such licences begin
ORDERABLE = ("hold", "limit", "remove")  # weakest first
CONFIRMED = ("limit", "remove")  # only what a person has decided about the campaign itself
USUAL = 6 * HOUR
LONGEST = 24 * HOUR
CAP = 1000  # posts a UTC day that one order reaches; past it what hides becomes a hold
ROOMS_MAX = 100
IN_FORCE_MAX = 100


class StandingOrder(msgspec.Struct, frozen=True):
    """One order. `rooms` are tokens, 0 for what is in no room; `cluster` is the number of the
    cluster of texts; `until` the first instant of receipt at which it is over.
    """

    id: str
    case: str
    rule: str
    version: str
    clause: str
    clause_version: str
    cluster: int
    rooms: tuple[int, ...]
    action: str
    until: int

    @property
    def licence(self) -> Licence:
        """What it lets the rule do by itself."""
        return Licence(
            f"{PREFIX}:{self.id}",
            Kind.STANDING_ORDER,
            self.clause,
            self.rule,
            self.version,
            cap=CAP,
            until=self.until,
        )

    def reaches(self, clusters: Collection[int], room: int | None, recv: int) -> bool:
        """Whether it is about a post of these clusters, in this room, received at `recv`."""
        return recv < self.until and self.cluster in clusters and (room or 0) in self.rooms


Orders = Mapping[str, StandingOrder]


def changed(orders: Orders, payload: Mapping[str, Any]) -> dict[str, StandingOrder]:
    """The orders after a control; what was over by its receipt is let go."""
    left = {name: each for name, each in orders.items() if each.until > payload["at"]}
    if payload["begins"]:
        given = msgspec.convert(payload["order"], StandingOrder)
        left[given.id] = given
    else:
        left.pop(payload["order"], None)
    return left
