"""Which judgements are looked at once more, and which of these become gold: drawn, never chosen.

What is drawn is a function of the community's key and of where a judgement stands in the journal.
The key was drawn before any of them and cannot be changed without losing every text, so nobody,
whoever runs the community included, can choose afterwards; and nobody who judges can tell
beforehand. This module must never look at who judged, nor at what they said, to draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ombud import ids
from ombud.actions import UNDO_WINDOW_OF_PEOPLE
from ombud.clock import DAY

SECOND, GOLD = "second", "gold"  # the kinds of what is looked at
SECOND_ENDS = 14 * DAY
# Of a thousand judgements so many are looked at again: 5 %, of what weighs most on people 10 %.
USUAL = 50
SHARES: Mapping[str, int] = {"threats": 100, "private-data": 100, "hate": 100, "harassment": 100}
GOLDEN = 200  # of a thousand things that two people judged alike
GOLD_WAITS = (2, 30)  # days after which gold is put before people, from one to the other
_SECOND, _GOLD, _DAY = "second look", "gold", "gold day"  # rooms of digests


class Look(NamedTuple):
    """One thing to look at: the columns of `look`. `first`, `second` and `third` judged it before;
    `said` is what they said; `open` is of how many people it is still asked.
    """

    id: str
    kind: str
    review: int
    case: str
    record: int
    clause: str
    queue: str
    harm: str
    lang: str
    first: int
    second: int | None
    third: int | None
    said: str
    due: int
    until: int
    open: int
    holder: int | None
    leased: int


class Judged(NamedTuple):
    """What a judgement said of one record, and in which language that is written ("": unknown)."""

    record: int
    outcome: str
    lang: str


def second_look(
    key: bytes,
    about: tuple[int, str, str, str, str],
    people: tuple[int, int | None],
    judged: Iterable[Judged],
    now: int,
) -> Look | None:
    """What of a judgement is looked at again: at most one thing, so that nobody is asked about a
    campaign a hundred times. `about`: its record, case, clause, queue and harm.
    """
    seq, case, clause, queue, harm = about
    for each in judged:
        if looked_at(key, harm, seq, each.record):
            due = now + UNDO_WINDOW_OF_PEOPLE
            return Look(
                ids.new_id("lok"),
                SECOND,
                seq,
                case,
                each.record,
                clause,
                queue,
                harm,
                each.lang,
                people[0],
                people[1],
                None,
                each.outcome,
                due,
                due + SECOND_ENDS,
                1,
                None,
                0,
            )
    return None


def looked_at(key: bytes, harm: str, seq: int, record: int) -> bool:
    """Whether the judgement `seq` of a record is looked at again."""
    return _draw(key, _SECOND, f"{seq} {record}") < SHARES.get(harm, USUAL)


def golden(key: bytes, look: str) -> bool:
    """Whether something that two people judged alike becomes gold."""
    return _draw(key, _GOLD, look) < GOLDEN


def waits(key: bytes, look: str) -> int:
    """How long gold waits before it is put before anybody, in microseconds: not in the order in
    which it was made.
    """
    least, most = GOLD_WAITS
    return (least + _draw(key, _DAY, look) % (most - least + 1)) * DAY


def _draw(key: bytes, room: str, about: str) -> int:
    """A number below a thousand."""
    return int.from_bytes(ids.keyed_digest(key, room, about.encode()), "big") % 1000
