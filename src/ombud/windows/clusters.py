"""Which texts are nearly the same: clusters around a medoid, found by MinHash, proved by Jaccard.

A text belongs to each cluster whose medoid it is at least LIKENESS_MIN like; where there is none it
founds one, under the seq of its record. Only the medoid decides: that a member is like a third text
counts for nothing, so no chain of texts can bring two clusters together. A medoid is the first text
of its cluster, and another one only where that was erased.

Everything follows from which clusters are alive, in the order of their ids, and never from when
memory was swept: a cluster is alive as long as an event could still count one of its entries. Look
for a text costs bounded time, whatever was put in: of each band the CHAIN_MAX latest are looked at,
and at most CANDIDATES_MAX are compared. Where something was left out and nothing was found, that is
said, and what is asked is unknown.

Kept of a cluster are integers in arrays, about half a kilobyte. This module must never keep a text,
and never call two texts alike that were not compared.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator

from ombud.signals.observation import Joined
from ombud.signals.repeats import BANDS, Shingles

LIKENESS_MIN = 500  # permille of Jaccard's likeness from which on two texts are nearly the same
KEYS_MAX = 4  # clusters that one text belongs to: the likest
CHAIN_MAX = 32  # clusters alive that are looked at under one band
CANDIDATES_MAX = 128  # clusters that one text is compared with
EQUAL = 1 << 62  # set in the keys of texts that are the same by equality only; seqs are smaller
REBUILD_MIN = 1024  # dead clusters from which on the rest is written anew
WHOLE = 1000


NOWHERE = Joined(())


class Clusters:
    """The clusters of one timeline. Under the first band stand texts by equality."""

    __slots__ = (
        "arena", "bands", "contents", "heads", "ids", "latest", "mask", "nexts", "starts",
        "tags",
    )  # fmt: skip

    def __init__(self) -> None:
        self.bands = BANDS + 1
        self._clear()

    def _clear(self) -> None:
        self.ids = array("q")  # ascending
        self.latest = array("q")  # the latest place of an entry
        self.contents = array("q")
        self.arena = array("I")  # the words of all medoids, one after another
        self.starts = array("I", (0,))
        self.tags = array("I", (0,))  # an entry a band and cluster; entry 0 stands for none
        self.nexts = array("I", (0,))
        self.mask = 1023
        self.heads = array("I", bytes(4 * (self.mask + 1)))

    def __len__(self) -> int:
        return len(self.ids)

    # --- finding ----------------------------------------------------------------------------------

    def join(self, text: Shingles, seq: int, after: int) -> Joined:
        """Where the text of record `seq` belongs, among clusters with an entry after an instant;
        its own cluster, not founded yet, where there is none. Changes nothing.
        """
        if not text.words:
            if not text.content:
                return NOWHERE
            equal, complete = self._candidates((self._tag(text.content),), after)
            for item in equal:
                if self.contents[item] == text.content:
                    return Joined((self.ids[item],))
            return Joined((text.content | EQUAL,), complete)
        candidates, complete = self._candidates((self._tag(text.content), *text.bands), after)
        found = []
        words = frozenset(text.words) if candidates else frozenset()
        for item in candidates:
            likeness = self._likeness(item, text.content, words)
            if likeness >= LIKENESS_MIN:
                found.append((-likeness, self.ids[item]))
        if not found:
            return Joined((seq,), complete)
        return Joined(tuple([key for _, key in sorted(found)[:KEYS_MAX]]))

    def _candidates(self, tags: tuple[int, ...], after: int) -> tuple[list[int], bool]:
        """The clusters alive that share a band, each once, and whether these are all of them."""
        heads, nexts, kept, latest, mask = self.heads, self.nexts, self.tags, self.latest, self.mask
        bands = self.bands
        found: dict[int, None] = {}
        complete = True
        firsts = [heads[tag & mask] for tag in tags]  # mostly nothing: found out in one go
        if not tags[0]:
            firsts[0] = 0
        for tag, first in zip(tags, firsts, strict=True):
            if not first:
                continue
            looked, entry = 0, first
            while entry:
                if kept[entry] == tag:
                    item = (entry - 1) // bands
                    if latest[item] > after:
                        looked += 1
                        if looked > CHAIN_MAX:
                            complete = False
                            break
                        found[item] = None
                entry = nexts[entry]
        if len(found) > CANDIDATES_MAX:
            return list(found)[:CANDIDATES_MAX], False
        return list(found), complete

    def _likeness(self, item: int, content: int, words: frozenset[int]) -> int:
        """Jaccard's likeness to a medoid, in permille; WHOLE for equal content."""
        if content and self.contents[item] == content:
            return WHOLE
        start, end = self.starts[item], self.starts[item + 1]
        size, own = end - start, len(words)
        if WHOLE * min(size, own) < LIKENESS_MIN * max(size, own):
            return 0
        common = len(words.intersection(self.arena[start:end]))
        return WHOLE * common // (size + own - common)

    # --- keeping ----------------------------------------------------------------------------------

    def keep(self, keys: tuple[int, ...], text: Shingles, place: int, seq: int) -> None:
        """Take in that the record `seq` has put an entry under these keys, in a place."""
        for key in keys:
            if key == seq and text.words and not self._has(key):
                self.found(key, text, place)
            elif not key & EQUAL:
                self.touch(key, place)

    def touch(self, key: int, place: int) -> None:
        """A cluster has an entry in a place; one that is not known is passed over."""
        at = bisect_left(self.ids, key)
        if at < len(self.ids) and self.ids[at] == key and self.latest[at] < place:
            self.latest[at] = place

    def found(self, key: int, medoid: Shingles, place: int) -> None:
        """A new cluster. Ids only grow. Raises ValueError otherwise."""
        if self.ids and key <= self.ids[-1]:
            raise ValueError(f"cluster {key} comes after {self.ids[-1]}")
        self.ids.append(key)
        self.latest.append(place)
        self.contents.append(medoid.content)
        self.arena.extend(medoid.words)
        self.starts.append(len(self.arena))
        tags = (self._tag(medoid.content), *medoid.bands)
        entry, heads, mask = len(self.tags), self.heads, self.mask
        nexts: list[int] = []
        for tag in tags:
            if tag or nexts:  # texts without content are not the same by it
                nexts.append(heads[tag & mask])
                heads[tag & mask] = entry
            else:
                nexts.append(0)
            entry += 1
        self.tags.extend(tags)
        self.nexts.extend(nexts)
        if len(self.tags) > self.mask:
            self._widen()

    def _has(self, key: int) -> bool:
        at = bisect_left(self.ids, key)
        return at < len(self.ids) and self.ids[at] == key

    def _chain(self, item: int) -> None:
        """Put a cluster before the others under each of its tags."""
        heads, nexts, mask = self.heads, self.nexts, self.mask
        first = item * self.bands + 1
        for entry in range(first, first + self.bands):
            tag = self.tags[entry]
            if tag or entry > first:
                nexts[entry] = heads[tag & mask]
                heads[tag & mask] = entry

    def _widen(self) -> None:
        self.mask = 2 * self.mask + 1
        self.heads = array("I", bytes(4 * (self.mask + 1)))
        for item in range(len(self.ids)):
            self._chain(item)

    @staticmethod
    def _tag(content: int) -> int:
        """32 bits of a token; 0 for no token."""
        return content & 0xFFFFFFFF

    # --- forgetting -------------------------------------------------------------------------------

    def forget(self, before: int) -> None:
        """Drop the clusters without an entry after an instant, where they are many: it changes
        memory, never an answer.
        """
        alive = [item for item, latest in enumerate(self.latest) if latest > before]
        dead = len(self.ids) - len(alive)
        if dead < max(REBUILD_MIN, len(alive)) and alive:
            return
        old = (self.ids, self.latest, self.contents, self.arena, self.starts, self.tags)
        self._clear()
        ids, latest, contents, arena, starts, tags = old
        for item in alive:
            first = item * self.bands + 1
            self.ids.append(ids[item])
            self.latest.append(latest[item])
            self.contents.append(contents[item])
            self.arena.extend(arena[starts[item] : starts[item + 1]])
            self.starts.append(len(self.arena))
            self.tags.extend(tags[first : first + self.bands])
            self.nexts.extend(array("I", bytes(4 * self.bands)))
        while len(self.tags) > self.mask:
            self.mask = 2 * self.mask + 1
        self.heads = array("I", bytes(4 * (self.mask + 1)))
        for item in range(len(self.ids)):
            self._chain(item)

    def entries(self) -> Iterator[tuple[int, int, int, tuple[int, ...]]]:
        """All (id, latest place, content, words), for comparison and measurement."""
        for item, key in enumerate(self.ids):
            words = self.arena[self.starts[item] : self.starts[item + 1]]
            yield key, self.latest[item], self.contents[item], tuple(words)
