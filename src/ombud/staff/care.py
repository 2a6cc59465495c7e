"""What is put before somebody who works for the community, and how they are spared.

Everybody says for themselves which harms they would rather not be shown, without a reason, and
whatever chooses for people (the next case, appeals, items to label, second looks) asks `spared`
here and nothing else. What somebody looks at of their own accord, by its id, is not chosen for
them. What was put before whom is counted by the hour in the key file, for a week, for that person
alone: nobody else's page can ask for it, and no backup has it. This module must never tell
anybody's to anybody else, and never recommend a number: no study gives one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ombud.clock import DAY, HOUR
from ombud.model import HARMS
from ombud.store.keyfile import KeyFile

COUNTED = 7 * DAY  # for so long it is counted what was put before somebody
PAUSE_AFTER = (
    2 * HOUR
)  # a pause is proposed by what the last two hours held, the begun one included
PAUSE_MAX = 1000
# What somebody can be spared; form and context are no harms.
SPARABLE = tuple(each for each in HARMS if each not in ("form", "context"))


@dataclass(frozen=True, slots=True)
class Care:
    """How somebody's pages spare them. `pause`: after how many things within two hours a pause is
    proposed, 0 for never; `spared`: harms they would rather not be shown.
    """

    blur: bool = False
    grey: bool = False
    pause: int = 0
    spared: frozenset[str] = frozenset()


def bounded(care: Care) -> Care:
    """The same, of what there is."""
    pause = min(max(care.pause, 0), PAUSE_MAX)
    return replace(care, pause=pause, spared=care.spared & frozenset(SPARABLE))


def spared(keys: KeyFile, person: int) -> frozenset[str]:
    """The harms of which nothing is chosen for somebody. Every sampler asks this."""
    return keys.spared(person)


def saw(keys: KeyFile, person: int, harm: str, now: int) -> None:
    """Something of a harm is put before somebody; durable with the writer's group."""
    keys.saw(person, now // HOUR, harm, oldest(now))


def oldest(now: int) -> int:
    """The first hour that is still counted."""
    return (now - COUNTED) // HOUR


def pause_since(now: int) -> int:
    """The instant from which on it counts whether to propose a pause."""
    return (now // HOUR) * HOUR - (PAUSE_AFTER - HOUR)
