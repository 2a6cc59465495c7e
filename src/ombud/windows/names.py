"""Names that accounts post under, by place: of each account the latest few, with their last posts.

What is kept is bounded by account, by place, and in all. Of one account NAMES_MAX names are kept in
one place, those it posted under last: by what the word means, so nobody's answer is doubtful for
it, and whoever posts under a thousand names takes no more room than anybody else. Of a place
OWNERS_MAX accounts are kept, those that posted last; where one was let go, what reaches back to its
last post is unknown. Of all pairs of place and account PAIRS_MAX are kept, those that posted last,
however many places there are. A place of which nothing is kept may have been let go of: where any
such was, what reaches back to the latest post of those is unknown in every place that was not kept
all along.

A name counts from its POSTS_MIN-th post on that is young enough. That is asked as of the record
that is judged, not as of its place: whoever lags behind is held against the names that are known by
then.

What can still matter is a function of the entries put in, in order of their records, with or
without those that nothing can reach any more: so a restart, which reads the journal again from
there, stands where the live engine stood. This module must never know a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from ombud.signals import name_tokens
from ombud.signals.name_tokens import NAMES_MAX, POSTS_MIN

OWNERS_MAX = 8192  # accounts of one place
PAIRS_MAX = 1 << 18  # accounts of all places, each counted as often as it has places
_NEVER = -(1 << 62)  # before every place

_Name = tuple[int, ...]  # a name, and the latest POSTS_MIN places of posts under it, in order


@dataclass(slots=True)
class _Hall:
    """One place: who posted there, under what names."""

    owners: dict[int, tuple[_Name, ...]] = field(default_factory=dict)
    # of a place that was full: (latest place, owner) as a heap, some of it out of date
    oldest: list[tuple[int, int]] | None = None
    # what names that count are found by -> their owners; made when first asked for
    index: dict[int, int | set[int]] | None = None

    def put(self, owner: int, names: tuple[_Name, ...]) -> None:
        """Keep these names of an owner, and none where there are none."""
        before = self.owners.pop(owner, ())
        if names:
            self.owners[owner] = names
        if self.index is not None:
            was, now = _sought(before), _sought(names)
            for token in was - now:
                _take(self.index, token, owner)
            for token in now - was:
                _give(self.index, token, owner)

    def found_by(self, sought: Iterable[int]) -> set[int]:
        """The owners of names that count and are found so."""
        if self.index is None:
            self.index = {}
            for owner, names in self.owners.items():
                for token in _sought(names):
                    _give(self.index, token, owner)
        found: set[int] = set()
        for token in sought:
            known = self.index.get(token)
            if known is not None:
                found.update((known,) if isinstance(known, int) else known)
        return found


def _sought(names: tuple[_Name, ...]) -> set[int]:
    """What the names that count are found by."""
    return {
        token for name in names if len(name) > POSTS_MIN for token in name_tokens.sought(name[0])
    }


def _give(index: dict[int, int | set[int]], token: int, owner: int) -> None:
    """Most tokens have one owner: a set of one would take several times the room."""
    known = index.get(token)
    if known is None:
        index[token] = owner
    elif isinstance(known, int):
        index[token] = {known, owner}
    else:
        known.add(owner)


def _take(index: dict[int, int | set[int]], token: int, owner: int) -> None:
    known = index[token]
    if isinstance(known, int):
        del index[token]
    else:
        known.discard(owner)
        if len(known) == 1:
            index[token] = known.pop()


class Names:
    """The names of a window, by keys that say place and owner (`name_tokens.key`)."""

    __slots__ = ("floors", "gone", "kept", "oldest", "pairs")

    def __init__(self) -> None:
        self.kept: dict[int, _Hall] = {}
        # of places that are kept: latest post of an owner that was let go, or may have been
        self.floors: dict[int, int] = {}
        self.gone = _NEVER  # of places of which nothing is kept any more: the latest such post
        self.pairs = 0
        # where there were too many: (latest place, place, owner) as a heap, some of it out of date
        self.oldest: list[tuple[int, int, int]] | None = None

    def add(self, key: int, value: int, place: int) -> None:
        """Put in one post under a name."""
        where, owner = name_tokens.split(key)
        hall = self.kept.get(where)
        if hall is None:
            hall = self.kept[where] = _Hall()
            if self.gone > _NEVER:
                self.floors[where] = self.gone
        self.pairs += owner not in hall.owners
        names = hall.owners.get(owner, ())
        known = next((each for each in names if each[0] == value), (value,))
        if len(known) > POSTS_MIN and place <= known[1]:
            return
        posts = sorted((*known[1:], place))[-POSTS_MIN:]
        now = (*(each for each in names if each is not known), (value, *posts))
        if len(now) > NAMES_MAX:  # the name last posted under longest ago, of several the smallest
            gone = min(now, key=lambda each: (each[-1], each[0]))
            now = tuple(each for each in now if each is not gone)
        if hall.index is None or len(known) > POSTS_MIN:
            hall.owners[owner] = now  # which names count is as it was
        else:
            hall.put(owner, now)
        if hall.oldest is not None:
            heappush(hall.oldest, (_latest(now), owner))
            if len(hall.oldest) > 8 * OWNERS_MAX:
                hall.oldest = None
        if self.oldest is not None:
            heappush(self.oldest, (_latest(now), where, owner))
            if len(self.oldest) > 2 * PAIRS_MAX:
                self.oldest = None
        if len(hall.owners) > OWNERS_MAX:
            self._drop_owner(where, hall)
        if self.pairs > PAIRS_MAX:
            self._drop_pair()

    def count(self, key: int, place: int, width: int) -> int | None:
        """Names are found, not counted: asking is a fault."""
        raise TypeError(f"names are not counted: {key}, {place}, {width}")

    def find(
        self, where: int, other_than: int, after: int, sought: Iterable[int]
    ) -> tuple[set[int], bool]:
        """Names with POSTS_MIN posts in places after an instant, of others than one owner, among
        them all that are found by one of `sought`; and whether no owner was let go who posted
        since.

        `where` and `other_than` are the parts of tokens that stand in keys.
        """
        hall = self.kept.get(where)
        if hall is None:
            return set(), self.gone <= after
        complete = self.floors.get(where, after) <= after
        owners = hall.found_by(sought)
        owners.discard(other_than)
        found = {
            name[0]
            for owner in owners
            for name in hall.owners[owner]
            if len(name) > POSTS_MIN and name[1] > after
        }
        return found, complete

    def forget(self, before: int) -> None:
        """Drop all that no later event can reach back to."""
        for where, hall in list(self.kept.items()):
            for owner, names in list(hall.owners.items()):
                left = tuple(name for name in names if name[-1] > before)
                if len(left) < len(names):
                    hall.put(owner, left)
            if not hall.owners:
                self._close(where)
        self.pairs = sum(len(hall.owners) for hall in self.kept.values())
        if self.gone <= before:
            self.gone = _NEVER
        self.floors = {where: floor for where, floor in self.floors.items() if floor > before}

    def entries(self) -> Iterator[tuple[int, int, int]]:
        """All (key, value, place), for comparison and measurement."""
        for where, hall in self.kept.items():
            for owner, names in hall.owners.items():
                for value, *places in names:
                    for place in places:
                        yield where << name_tokens.OWNER_BITS | owner, value, place

    def _drop_owner(self, where: int, hall: _Hall) -> None:
        """Let go of the owner who posted last longest ago, of several the smallest."""
        if hall.oldest is None:
            hall.oldest = [(_latest(names), owner) for owner, names in hall.owners.items()]
            heapify(hall.oldest)
        while True:
            place, owner = heappop(hall.oldest)
            names = hall.owners.get(owner)
            if names is not None and _latest(names) == place:
                break
        self._let_go(where, hall, owner, place)

    def _drop_pair(self) -> None:
        """The same of all places."""
        if self.oldest is None:
            self.oldest = [
                (_latest(names), where, owner)
                for where, hall in self.kept.items()
                for owner, names in hall.owners.items()
            ]
            heapify(self.oldest)
        while True:
            place, where, owner = heappop(self.oldest)
            hall = self.kept.get(where)
            names = None if hall is None else hall.owners.get(owner)
            if hall is not None and names is not None and _latest(names) == place:
                break
        self._let_go(where, hall, owner, place)
        if not hall.owners:
            self._close(where)

    def _let_go(self, where: int, hall: _Hall, owner: int, place: int) -> None:
        hall.put(owner, ())
        self.pairs -= 1
        self.floors[where] = max(self.floors.get(where, place), place)

    def _close(self, where: int) -> None:
        """Keep nothing of a place, and what was let go of it among all such."""
        del self.kept[where]
        self.gone = max(self.gone, self.floors.pop(where, _NEVER))


def _latest(names: tuple[_Name, ...]) -> int:
    return max(name[-1] for name in names)
