"""What is usual for one key: how many entries its busiest stretch of an ordinary day has.

Time is cut into stretches of one length (`bucket`), counted per key. A day's *peak* is its fullest
stretch; a stretch belongs to the day (UTC) in which it begins. What is usual at an event is the
median of the peaks of the last DAYS days before the event's own day, from the first of them on
which the key has an entry; of an even number of peaks the lower middle one. A day without entries
has a peak of 0. Where that first day is fewer than KNOWN_DAYS days back the answer is None,
"unknown": of a room that has just opened, or has been silent for two weeks, nothing is usual.

The median of daily peaks is asked, and not a mean, because whoever wants to raise it must make more
than half of the days busy: 8 of 14, 4 of the first 7, each of them with as many entries in one
stretch as shall be usual. A daily rhythm, one festival and one raid leave it as it is.

What is kept is a pure function of the entries put in, in any order. This module must never read a
clock, and never tell something lower for want of room.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator

from ombud.clock import DAY, MINUTE

DAYS = 14
KNOWN_DAYS = 7
SPAN = (DAYS + 1) * DAY  # how far back an answer reaches at most
SHORTEST, LONGEST = 10 * MINUTE, DAY  # stretches that can be asked for
_COUNT_BITS = 20
FULL = (1 << _COUNT_BITS) - 1  # a stretch counts no further


class Usual:
    """Stretches by key, each one integer, `number of the stretch << _COUNT_BITS | entries`.

    A lone stretch is kept as an integer, several as a sorted array. A key that is never silent
    takes SPAN / bucket integers: 17 kB with stretches of 10 minutes, 3 kB with an hour.
    """

    __slots__ = ("_answers", "bucket", "kept")

    def __init__(self, bucket: int) -> None:
        self.bucket = bucket
        self.kept: dict[int, int | array[int]] = {}
        self._answers: dict[int, tuple[int, int | None]] = {}  # key -> (day, what is usual on it)

    def add(self, key: int, value: int, place: int) -> None:  # noqa: ARG002 -- as in windows
        """Put in one entry."""
        stretch = place // self.bucket
        known = self._answers.get(key)
        if known is not None and stretch * self.bucket < known[0] * DAY:
            del self._answers[key]  # it came late, into a day that was done
        kept = self.kept.get(key)
        if kept is None:
            self.kept[key] = _one(stretch)
        elif isinstance(kept, int):
            if kept >> _COUNT_BITS == stretch:
                self.kept[key] = _more(kept)
            else:
                self.kept[key] = array("q", sorted((kept, _one(stretch))))
        else:
            _put(kept, stretch)

    def count(self, key: int, place: int, width: int) -> int | None:  # noqa: ARG002 -- as above
        """What is usual for a key on the day of `place`; None where that is not known."""
        day = place // DAY
        if key not in self.kept:
            return None
        known = self._answers.get(key)
        if known is None or known[0] != day:
            known = self._answers[key] = (day, self._median(key, day))
        return known[1]

    def _median(self, key: int, day: int) -> int | None:
        peaks: dict[int, int] = {}
        kept = self.kept[key]
        first = -(-(day - DAYS) * DAY // self.bucket)  # the first stretch that begins in these days
        each = (kept,) if isinstance(kept, int) else kept[bisect_left(kept, first << _COUNT_BITS) :]
        for packed in each:
            of = (packed >> _COUNT_BITS) * self.bucket // DAY
            if day - DAYS <= of < day:
                peaks[of] = max(peaks.get(of, 0), packed & FULL)
        if not peaks or day - min(peaks) < KNOWN_DAYS:
            return None
        days = sorted(peaks.get(each, 0) for each in range(min(peaks), day))
        return days[(len(days) - 1) // 2]

    def forget(self, before: int) -> None:
        """Drop all stretches that ended at or before an instant that no event can reach back to."""
        oldest = (before + 1) // self.bucket  # the first stretch that may hold something later
        for key, kept in list(self.kept.items()):
            if isinstance(kept, int):
                if kept >> _COUNT_BITS < oldest:
                    del self.kept[key]
            elif kept[-1] >> _COUNT_BITS < oldest:
                del self.kept[key]
            elif kept[0] >> _COUNT_BITS < oldest:
                del kept[: bisect_left(kept, oldest << _COUNT_BITS)]
        self._answers.clear()

    def entries(self) -> Iterator[tuple[int, int, int]]:
        """All (key, entries, beginning of the stretch), for comparison and measurement."""
        for key, kept in self.kept.items():
            for packed in (kept,) if isinstance(kept, int) else kept:
                yield key, packed & FULL, (packed >> _COUNT_BITS) * self.bucket


def _one(stretch: int) -> int:
    return stretch << _COUNT_BITS | 1


def _more(packed: int) -> int:
    return packed if packed & FULL == FULL else packed + 1


def _put(kept: array[int], stretch: int) -> None:
    """Count one more in a stretch; nearly always it is the last one, or a new one behind it."""
    last = kept[-1] >> _COUNT_BITS
    if stretch > last:
        kept.append(_one(stretch))
        return
    at = len(kept) - 1 if stretch == last else bisect_left(kept, stretch << _COUNT_BITS)
    if kept[at] >> _COUNT_BITS == stretch:
        kept[at] = _more(kept[at])
    else:
        kept.insert(at, _one(stretch))
