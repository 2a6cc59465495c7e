"""What rules have asked of rooms, as long as it lasts: nothing is asked of a platform twice.

In a raid hundreds of posts fire a rule that slows their room. The room is slowed once, for as long
as that was asked for; then the next of them asks again. What a person lifts meanwhile stays lifted
until then: no rule works against them. This module must never say of a room that something lasts
there which no rule asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ombud.clock import MINUTE
from ombud.rules.vocabulary import ACTIONS

ACTIONS_ON_ROOMS = tuple(
    name for name, form in ACTIONS.items() if form.targets == ("room",) and not form.person_only
)
# How long after its end it counts as there: that it ends is journalled first, and a platform that
# was asked anew just before would lift both.
ENDING = 1 * MINUTE
TRIMMED_AT = 1024  # rooms that are kept before those of the past are let go of


@dataclass(slots=True)
class Rooms:
    """Until when what lasts in which room, by timeline, keyed digest of the room, and action."""

    until: dict[tuple[str, bytes, str], int] = field(default_factory=dict)

    def lasts(self, timeline: str, room: bytes, action: str, recv: int) -> bool:
        """Whether an action lasts in a room at an instant of receipt."""
        return recv < self.until.get((timeline, room, action), 0)

    def mark(self, timeline: str, room: bytes, action: str, end: int, recv: int) -> None:
        """Remember that a rule asked for an action in a room until `end`."""
        if len(self.until) >= TRIMMED_AT:
            self.until = self.alive(recv)
        self.restore([(timeline, room, action, end)])

    def restore(self, rows: Iterable[tuple[str, bytes, str, int]]) -> None:
        """Put back what decisions say: timeline, room, action, and the end."""
        for timeline, room, action, end in rows:
            key = (timeline, room, action)
            self.until[key] = max(self.until.get(key, 0), end + ENDING)

    def alive(self, recv: int) -> dict[tuple[str, bytes, str], int]:
        """What still lasts at an instant of receipt."""
        return {key: until for key, until in self.until.items() if recv < until}
