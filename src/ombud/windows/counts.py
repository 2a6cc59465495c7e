"""What we notice over time: counts and distinct counts by key, in stream time.

A window of width w at an event in place p counts the entries whose place lies in (p - w, p], the
judged event included. Places are microseconds of stream time. What is kept is a pure function of
the entries put in, in any order, so that a restart that reads the journal again stands where the
live engine stood. Never a silent eviction: where something that could matter was let go, the answer
is None, "unknown".
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from heapq import heapify, heappop, heappush

CAP = 1024  # entries, or distinct values, kept for one key: an answer of CAP means "CAP or more"
SEQ_BITS = 40  # a place and a seq in one integer: a journal has at most a million million records
PLACES_PER_VALUE = 16  # latest places kept of one value: a source that lags behind more is unknown
VALUE_BITS = 63  # a value is a token; it stands with its place in one integer
FEW = 8  # values of one key that are kept so; a dictionary would take three times the room
QUEUE_MAX = 8  # times CAP: how long the queue of a full key's values may grow with places gone by
_VALUE = (1 << VALUE_BITS) - 1


class Counts:
    """Entries by key. A lone place is kept as an integer, several as a sorted array."""

    __slots__ = ("floors", "kept")

    def __init__(self) -> None:
        self.kept: dict[int, int | array[int]] = {}
        self.floors: dict[int, int] = {}  # key -> latest place let go because the key was full

    def add(self, key: int, value: int, place: int) -> None:  # noqa: ARG002 -- as in Distinct
        """Put in one entry."""
        kept = self.kept.get(key)
        if kept is None:
            self.kept[key] = place
        elif isinstance(kept, int):
            self.kept[key] = array("q", (kept, place) if kept <= place else (place, kept))
        else:
            _insert(kept, place)
            if len(kept) > CAP:
                self.floors[key] = max(self.floors.get(key, 0), kept.pop(0))

    def count(self, key: int, place: int, width: int) -> int | None:
        """Entries in (place - width, place]; None where entries that could be in it were let go."""
        kept = self.kept.get(key)
        if kept is None:
            found = 0
        elif isinstance(kept, int):
            found = 1 if place - width < kept <= place else 0
        else:
            found = bisect_right(kept, place) - bisect_right(kept, place - width)
        if found < CAP and self.floors.get(key, place - width) > place - width:
            return None
        return found

    def forget(self, before: int) -> None:
        """Drop all entries at or before an instant that no later event can reach back to."""
        for key, kept in list(self.kept.items()):
            if isinstance(kept, int):
                if kept <= before:
                    del self.kept[key]
            elif kept[-1] <= before:
                del self.kept[key]
            elif kept[0] <= before:
                del kept[: bisect_right(kept, before)]
        self.floors = {key: floor for key, floor in self.floors.items() if floor > before}

    def entries(self) -> Iterator[tuple[int, int, int]]:
        """All (key, value, place), for comparison and measurement."""
        for key, kept in self.kept.items():
            for place in (kept,) if isinstance(kept, int) else kept:
                yield key, 0, place


_Values = dict[int, "int | array[int]"]  # each value's latest places


class Distinct:
    """Distinct values by key; each value with its latest places.

    Most keys have one value, and most values one place: a lone value and its place are one integer,
    `place << VALUE_BITS | value`, up to FEW are a tuple of such, and only beyond that, or where a
    value has several places, there is a dictionary.
    """

    __slots__ = ("floors", "kept", "oldest")

    def __init__(self) -> None:
        self.kept: dict[int, int | tuple[int, ...] | _Values] = {}
        self.floors: dict[int, int] = {}
        # of keys that are full: (latest place, value) as a heap, some of it out of date
        self.oldest: dict[int, list[tuple[int, int]]] = {}

    def add(self, key: int, value: int, place: int) -> None:
        """Put in one entry."""
        known = self.kept.get(key)
        if known is None and 0 <= value <= _VALUE:  # most keys come once
            self.kept[key] = place << VALUE_BITS | value
            return
        values = known if isinstance(known, dict) else self._packed(known, key, value, place)
        if values is not None:
            self._put(values, key, value, place)

    def _packed(
        self, known: int | tuple[int, ...] | None, key: int, value: int, place: int
    ) -> _Values | None:
        """Put an entry beside a few others; the dictionary to put it into where it does not fit."""
        few = () if known is None else (known,) if isinstance(known, int) else known
        if 0 <= value <= _VALUE:
            entry = place << VALUE_BITS | value
            if entry in few:
                return None
            fits = len(few) < min(FEW, CAP)
            if fits and value not in [each & _VALUE for each in few]:
                self.kept[key] = (*few, entry) if few else entry
                return None
        values = _unpacked(few)
        self.kept[key] = values
        return values

    def _values(self, key: int) -> _Values:
        """The values of a key with their places."""
        known = self.kept.get(key, ())
        if isinstance(known, dict):
            return known
        return _unpacked((known,) if isinstance(known, int) else known)

    def _put(self, values: _Values, key: int, value: int, place: int) -> None:
        kept = values.get(value)
        if kept is None:
            values[value] = place
        elif isinstance(kept, int):
            if kept != place:
                values[value] = array("q", (kept, place) if kept <= place else (place, kept))
        elif place not in kept:
            _insert(kept, place)
            if len(kept) > PLACES_PER_VALUE:
                kept.pop(0)
        queue = self.oldest.get(key)
        if queue is not None:
            heappush(queue, (_latest(values[value]), value))
            if len(queue) > QUEUE_MAX * CAP:
                del self.oldest[key]  # mostly places gone by: it is made anew when it is needed
        if len(values) > CAP:
            self._drop_oldest(key, values)

    def count(self, key: int, place: int, width: int) -> int | None:
        """Values with an entry in (place - width, place]; None where such values may have been
        let go.
        """
        start, found, doubtful = place - width, 0, False
        known = self.kept.get(key, ())
        if not isinstance(known, dict):
            few = (known,) if isinstance(known, int) else known
            found, known = sum([start < each >> VALUE_BITS <= place for each in few]), {}
        for kept in known.values():
            if isinstance(kept, int):
                found += start < kept <= place
            elif bisect_right(kept, place) > bisect_right(kept, start):
                found += 1
            elif len(kept) == PLACES_PER_VALUE and kept[0] > place:
                doubtful = True  # an earlier place of this value may have been let go
        if found < CAP and (doubtful or self.floors.get(key, start) > start):
            return None
        return found

    def recall(self, key: int, place: int, width: int) -> tuple[list[int], bool]:
        """The values with entries in (place - width, place], and whether these are all of them.

        `count` does the same and gathers nothing: it is asked of every event.
        """
        start, found = place - width, []
        complete = self.floors.get(key, start) <= start
        for value, kept in self._values(key).items():
            if isinstance(kept, int):
                if start < kept <= place:
                    found.append(value)
            elif bisect_right(kept, place) > bisect_right(kept, start):
                found.append(value)
            elif len(kept) == PLACES_PER_VALUE and kept[0] > place:
                complete = False
        return found, complete

    def forget(self, before: int) -> None:
        """Drop all entries at or before an instant that no later event can reach back to."""
        for key, known in list(self.kept.items()):
            if isinstance(known, int):
                if known >> VALUE_BITS <= before:
                    del self.kept[key]
                continue
            if isinstance(known, tuple):
                few = tuple(each for each in known if each >> VALUE_BITS > before)
                if few:
                    self.kept[key] = few
                else:
                    del self.kept[key]
                continue
            for value, kept in list(known.items()):
                if _latest(kept) <= before:
                    del known[value]
            if not known:
                del self.kept[key]
                self.oldest.pop(key, None)
        self.floors = {key: floor for key, floor in self.floors.items() if floor > before}

    def entries(self) -> Iterator[tuple[int, int, int]]:
        """All (key, value, place), for comparison and measurement."""
        for key in self.kept:
            for value, kept in self._values(key).items():
                for place in (kept,) if isinstance(kept, int) else kept:
                    yield key, value, place

    def _drop_oldest(self, key: int, values: _Values) -> None:
        """Let go of the value whose latest place is the earliest, of several the smallest."""
        queue = self.oldest.get(key)
        if queue is None:
            queue = [(_latest(kept), value) for value, kept in values.items()]
            heapify(queue)
            self.oldest[key] = queue
        while True:
            place, value = heappop(queue)
            kept = values.get(value)
            if kept is not None and _latest(kept) == place:
                break
        self.floors[key] = max(self.floors.get(key, 0), place)
        del values[value]


def _latest(kept: int | array[int]) -> int:
    return kept if isinstance(kept, int) else kept[-1]


def _unpacked(few: tuple[int, ...]) -> _Values:
    return {each & _VALUE: each >> VALUE_BITS for each in few}


class Members:
    """Which records put an entry under a key: of each key the latest CAP, in order of place, then
    seq. Each is one integer, `place << SEQ_BITS | seq`.
    """

    __slots__ = ("kept",)

    def __init__(self) -> None:
        self.kept: dict[int, int | list[int]] = {}

    def add(self, key: int, place: int, seq: int) -> None:
        """Put in one record; again changes nothing."""
        member = place << SEQ_BITS | seq
        kept = self.kept.get(key)
        if kept is None:
            self.kept[key] = member
        elif isinstance(kept, int):
            if kept != member:
                self.kept[key] = sorted((kept, member))
        elif member > kept[-1] or member not in kept:
            insort(kept, member)
            if len(kept) > CAP:
                kept.pop(0)

    def within(self, key: int, place: int, width: int) -> list[int]:
        """The records with a place in (place - width, place]."""
        kept = self.kept.get(key)
        if kept is None:
            return []
        every = [kept] if isinstance(kept, int) else kept
        after = (place - width + 1) << SEQ_BITS
        return every[bisect_left(every, after) : bisect_left(every, (place + 1) << SEQ_BITS)]

    def forget(self, before: int) -> None:
        """Drop all records at or before an instant that no later event can reach back to."""
        after = (before + 1) << SEQ_BITS
        for key, kept in list(self.kept.items()):
            if (kept if isinstance(kept, int) else kept[-1]) < after:
                del self.kept[key]
            elif isinstance(kept, list) and kept[0] < after:
                del kept[: bisect_left(kept, after)]

    def entries(self) -> Iterator[tuple[int, int, int]]:
        """All (key, seq, place), for comparison and measurement."""
        for key, kept in self.kept.items():
            for member in (kept,) if isinstance(kept, int) else kept:
                yield key, seq_of(member), member >> SEQ_BITS


def seq_of(member: int) -> int:
    """The seq of a record among the members of a window."""
    return member & ((1 << SEQ_BITS) - 1)


def _insert(kept: array[int], place: int) -> None:
    if place >= kept[-1]:
        kept.append(place)
    else:
        insort(kept, place)
