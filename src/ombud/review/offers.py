"""The decisions that a person can take by one key: always the same ones in the same places.

A place that does not fit a case stays empty, so that a key never means another thing than it did
on the case before. Whatever else can be done is there by a form (`choices.possible`). Pure: this
module must never look anything up, and never offer what `controls.review` would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ombud.clock import DAY, HOUR
from ombud.review import choices
from ombud.review.choices import Act
from ombud.verdicts.choices import REVIEWED

WEEK = 7 * DAY
ROOM_USUAL = 24 * HOUR


class Offer(NamedTuple):
    """One decision: its name, the outcome (of `controls.review.OUTCOMES`), what is then done."""

    name: str
    outcome: str
    acts: tuple[Act, ...] = ()

    def asked(self) -> list[dict[str, Any]]:
        """What is done, as a request names it."""
        return [
            {
                "action": each.action,
                "on": each.target,
                "length": each.length,
                "text": each.text,
            }
            for each in self.acts
        ]


# In the order of their keys. What is upheld by each, beside `release`, `seen` and `keep`.
UPHELD: Mapping[str, tuple[Act, ...]] = {
    "warn": (Act("warn", "this", None, None),),
    "sensitive": (Act("mark sensitive", "this", None, None),),
    "hold": (Act("hold", "this", choices.HOLD_USUAL, None),),
    "remove": (Act("remove", "this", None, None),),
    "remove and warn": (Act("remove", "this", None, None), Act("warn", "author", None, None)),
    "remove and ban": (
        Act("remove", "this", None, None),
        Act("ban from room", "author", WEEK, None),
    ),
    "remove and suspend": (
        Act("remove", "this", None, None),
        Act("suspend", "author", WEEK, None),
    ),
}
NAMES = ("release", "keep", *UPHELD)  # one digit each; `seen` shares its digit with `release`


class Standing(NamedTuple):
    """What stands about a subject: the action, and whether it is in force (has not ended)."""

    action: str
    in_force: bool


def offers(
    harm: str, kind: str, can: Mapping[str, str], stands: Standing | None, *, asks: bool = True
) -> list[Offer]:
    """What can be decided about one subject, in the order of the keys. `asks`: whether the case
    asks about somebody; one that does not can only be seen.
    """
    if not asks:
        return [Offer("seen", "seen")]
    found = [Offer("release", "released")]
    in_force = stands is not None and stands.in_force
    waits = in_force and stands is not None and stands.action in REVIEWED
    in_room = waits and stands is not None and stands.action != "hold"
    if in_force and not waits:
        found.append(Offer("keep", "upheld"))
    elif in_room and stands is not None:
        found.append(Offer("keep", "upheld", (Act(stands.action, "room", ROOM_USUAL, None),)))
    if in_room or not kind:
        return found
    for name, acts in UPHELD.items():
        again = stands is not None and in_force and not waits and stands.action == acts[0].action
        if not again and not any(choices.hindered(each, harm, kind, can) for each in acts):
            found.append(Offer(name, "upheld", acts))
    return found
