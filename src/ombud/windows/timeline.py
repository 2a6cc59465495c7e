"""Lines of time: the live stream, and each history that is read in beside it, with their windows.

A timeline gives every event its place, keeps the windows in use and forgets what no later event can
reach. This module must never read a clock, and never let go of what could still change an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ombud.clock import DAY
from ombud.signals.observation import Joined, Sought
from ombud.signals.repeats import Shingles
from ombud.usual import Usual
from ombud.windows.clusters import Clusters
from ombud.windows.counts import Counts, Distinct, Members
from ombud.windows.names import Names

STALE = DAY  # an event this much older than the community's time is stale and enters no window
BEGINNING = -(1 << 62)  # a horizon before every place: complete since the journal began
NEAR = 1 << 32  # no window has this number: its keys are the clusters that texts belong to
SWEEP_EVERY = 50_000  # insertions between two sweeps of forgotten keys


@dataclass(frozen=True, slots=True)
class Shape:
    """How a window is kept: the widest width asked of it, whether it counts distinct values, from
    which place on it is complete, whether it remembers which records its entries are of, the
    stretch of which it tells what is usual (0: it counts), whether its keys are of clusters of
    texts, and whether its values are names.
    """

    width: int
    distinct: bool
    horizon: int = BEGINNING
    members: bool = False
    bucket: int = 0
    near: bool = False
    names: bool = False

    def empty(self) -> Counts | Distinct | Names | Usual:
        """A window of this shape with nothing in it."""
        if self.names:
            return Names()
        if self.bucket:
            return Usual(self.bucket)
        return Distinct() if self.distinct else Counts()


def clustered(shapes: dict[int, Shape]) -> dict[int, Shape]:
    """These windows, and the clusters of texts for those that have them as keys, kept as long."""
    near = max((shape.width for shape in shapes.values() if shape.near), default=0)
    return {**shapes, NEAR: Shape(near, distinct=False, near=True)} if near else shapes


@dataclass(slots=True)
class Timeline:
    """One line of time: the live stream, or one history that is read in beside it."""

    streams: dict[str, int] = field(default_factory=dict)  # source -> S
    community: int = 0  # C
    shapes: dict[int, Shape] = field(default_factory=dict)
    windows: dict[int, Counts | Distinct | Names | Usual] = field(default_factory=dict)
    members: dict[int, Members] = field(default_factory=dict)
    clusters: Clusters | None = None  # where some window counts texts that are nearly the same
    inserted: int = 0
    lost: dict[int, int] = field(default_factory=dict)  # cluster with no text -> latest place
    doubted: int = BEGINNING  # the latest of these: what reaches back to here asks for them

    def arrive(self, source: str, time: int, recv: int) -> int | None:
        """Move the source's stream time on by one event; its place, or None where the event is
        stale.
        """
        instant = min(time, recv)
        if self.community - instant > STALE:
            return None
        place = self.streams[source] = max(self.streams.get(source, 0), instant)
        self.community = max(self.community, place)
        return place

    def use(self, shapes: dict[int, Shape]) -> None:
        """Keep exactly these windows; those kept already stay filled."""
        kept = self.windows
        self.windows = {
            number: kept.get(number) or shape.empty()
            for number, shape in shapes.items()
            if number != NEAR
        }
        known = self.members
        self.members = {
            number: known.get(number) or Members()
            for number, shape in shapes.items()
            if shape.members
        }
        if NEAR in shapes:
            self.clusters = self.clusters or Clusters()
        else:
            self._drop_clusters()
        self.shapes = dict(shapes)

    def clear(self) -> None:
        """Empty all windows, to be filled again."""
        self.windows.clear()
        self.members.clear()
        self._drop_clusters()
        self.use(self.shapes)

    def drop(self, number: int) -> None:
        """Empty a window that is to be filled anew."""
        self.windows.pop(number, None)
        self.members.pop(number, None)
        if number == NEAR:
            self._drop_clusters()

    def _drop_clusters(self) -> None:
        self.clusters = None
        self.lost = {}
        self.doubted = BEGINNING

    def add(self, number: int, key: int, value: int, place: int, seq: int = 0) -> None:
        """Put one entry of the record `seq` into a window; windows no longer in use are passed
        over.
        """
        kept = self.windows.get(number)
        if kept is None:
            if number == NEAR and self.clusters is not None:
                self.clusters.touch(key, place)
            return
        kept.add(key, value, place)
        if self.members and number in self.members:
            self.members[number].add(key, place, seq)
        self.inserted += 1
        if self.inserted % SWEEP_EVERY == 0:
            self.sweep()

    def join(self, text: Shingles, seq: int) -> Joined:
        """The clusters that the text of the record `seq` belongs to, as of now."""
        if self.clusters is None:
            raise LookupError("no window counts texts that are nearly the same")
        return self.clusters.join(text, seq, self.reach(NEAR))

    def keep(self, keys: tuple[int, ...], text: Shingles, place: int, seq: int) -> None:
        """Take in that the record `seq` belongs to some clusters; it founds one that is its own."""
        if self.clusters is not None:
            self.clusters.keep(keys, text, place, seq)

    def found(self, medoids: Iterable[tuple[int, Shingles, int]]) -> None:
        """Put clusters back, in order of their ids: id, medoid, latest place."""
        if self.clusters is not None:
            for key, medoid, place in medoids:
                self.clusters.found(key, medoid, place)

    def lose(self, key: int, place: int) -> None:
        """A cluster whose text nobody can read, with its latest place: nothing can join it, so what
        reaches back to there is unknown, as far as it asks for clusters of texts.
        """
        self.lost[key] = max(self.lost.get(key, place), place)
        self.doubted = max(self.doubted, place)

    def losing(self) -> bool:
        """Whether a text could belong to a lost cluster, if that could be read."""
        return bool(self.lost) and self.doubted > self.reach(NEAR)

    def since(self, number: int) -> int:
        """From which place on a window is complete."""
        shape = self.shapes[number]
        return max(shape.horizon, self.doubted) if shape.near else shape.horizon

    def count(self, number: int, keys: tuple[int, ...], place: int, width: int) -> int | None:
        """The largest count of any key; None where one is unknown or the window began too late."""
        if place - width < self.since(number):
            return None
        window, largest = self.windows[number], 0
        for key in keys:
            found = window.count(key, place, width)
            if found is None:
                return None
            largest = max(largest, found)
        return largest

    def recall(
        self, number: int, keys: tuple[int, ...], place: int, width: int
    ) -> tuple[set[int], bool]:
        """The values that any key has, and whether these are all of them. Of a window of values."""
        window = self.windows[number]
        if not isinstance(window, Distinct):
            raise TypeError(f"window {number} keeps no values")
        found: set[int] = set()
        complete = place - width >= self.since(number)
        for key in keys:
            values, whole = window.recall(key, place, width)
            found.update(values)
            complete = complete and whole
        return found, complete

    def names(self, number: int, sought: Sought, place: int, width: int) -> tuple[set[int], bool]:
        """The names that are sought, and whether these are all of them. Of a window of names."""
        window = self.windows[number]
        if not isinstance(window, Names):
            raise TypeError(f"window {number} keeps no names")
        found: set[int] = set()
        complete = place - width >= self.since(number)
        for where in sought.places:
            names, whole = window.find(where, sought.other_than, place - width, sought.by)
            found.update(names)
            complete = complete and whole
        return found, complete

    def reach(self, number: int) -> int:
        """The instant at or before which no entry of this window can matter any more."""
        return self.community - STALE - self.shapes[number].width

    def sweep(self) -> None:
        """Forget what no later event can reach: it changes memory, never an answer."""
        for number, window in self.windows.items():
            window.forget(self.reach(number))
        for number, members in self.members.items():
            members.forget(self.reach(number))
        if self.clusters is not None:
            self.clusters.forget(self.reach(NEAR))
