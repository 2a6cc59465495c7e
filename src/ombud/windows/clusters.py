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

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import itemgetter

from ombud.signals.observation import Joined
from ombud.signals.repeats import BANDS, Shingles

LIKENESS_MIN = 500  # permille of Jaccard's likeness from which on two texts are nearly the same
KEYS_MAX = 4  # clusters that one text belongs to: the likest
CHAIN_MAX = 32  # clusters alive that are looked at under one band
CANDIDATES_MAX = 128  # clusters that one text is compared with
EQUAL = 1 << 62  # set in the keys of texts that are the same by equality only; seqs are smaller
GROWN = 1 << 20  # places of a table that from then on is doubled; a smaller one grows fourfold
REBUILD_MIN = 1024  # dead clusters from which on the rest is written anew
WHOLE = 1000
NEVER = -(1 << 62)  # a place before every other one

NOWHERE = Joined(())

_TAG = 0xFFFFFFFF  # of a content's token: 0 for no content
_EACH = sum(1 << 32 * band for band in range(BANDS + 1))  # times a mask: that mask for each tag
_NOBODY: tuple[object, array[int], array[int]] = (None, array("I"), array("I"))


def _lows(words: array[int]) -> bytes:
    """One byte of each word."""
    return words.tobytes()[:: words.itemsize]


class Clusters:
    """The clusters of one timeline. Under the first band stand texts by equality."""

    __slots__ = (
        "arena", "asked", "bands", "contents", "heads", "ids", "latest", "lows", "mask", "masks",
        "nexts", "starts", "tags", "unlinked",
    )  # fmt: skip

    def __init__(self) -> None:
        self.bands = BANDS + 1
        self.unlinked = array("I", bytes(4 * self.bands))
        self._clear()

    def _clear(self) -> None:
        self.ids = array("q")  # ascending
        self.latest = array("q")  # the latest place of an entry
        self.contents = array("q")
        self.arena = array("I")  # the words of all medoids, one after another
        self.lows: list[bytes] = []  # one byte of each word of a medoid
        self.starts = array("I", (0,))
        self.tags = array("I", (0,))  # an entry a band and cluster; entry 0 stands for none
        self.nexts = array("I", (0,))
        self._use(1023)

    def __len__(self) -> int:
        return len(self.ids)

    # --- finding ----------------------------------------------------------------------------------

    def join(self, text: Shingles, seq: int, after: int) -> Joined:
        """Where the text of record `seq` belongs, among clusters with an entry after an instant;
        its own cluster, not founded yet, where there is none. Changes nothing.
        """
        if not text.words:
            return self._equal(text.content, after)
        tags, slots = self._tags_and_slots(text)
        firsts = itemgetter(*slots)(self.heads)  # mostly nothing: found out in one go
        candidates, complete = self._candidates(tags, firsts, after)
        found = self._alike(candidates, text) if candidates else None
        if not found:
            return Joined((seq,), complete)
        return Joined(tuple([key for _, key in sorted(found)[:KEYS_MAX]]))

    def _equal(self, content: int, after: int) -> Joined:
        """Where a text of few words belongs: with the texts of the same content."""
        if not content:
            return NOWHERE
        tag = content & _TAG
        equal, complete = self._candidates((tag,), (self.heads[tag & self.mask],), after)
        for item in equal:
            if self.contents[item] == content:
                return Joined((self.ids[item],))
        return Joined((content | EQUAL,), complete)

    def _candidates(
        self, tags: Sequence[int], firsts: tuple[int, ...], after: int
    ) -> tuple[list[int], bool]:
        """The clusters alive that share a band, each once, and whether these are all of them.
        `firsts`: the latest entry of each tag's chain.
        """
        nexts, kept, latest, bands = self.nexts, self.tags, self.latest, self.bands
        found: dict[int, None] = {}
        complete = True
        for number, first in enumerate(firsts):
            if not first:
                continue
            tag = tags[number]
            if not (tag or number):  # texts without content are not the same by it
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

    def _alike(self, candidates: list[int], text: Shingles) -> list[tuple[int, int]]:
        """Those of some clusters whose medoids a text is at least LIKENESS_MIN like: how much, in
        permille and negative, and the id. Equal content is the whole.

        Most are proved unlike by their number of words, or by one byte of each word: a word whose
        byte no word of the other text has is not in it, so no more than the rest can be in common.
        """
        starts, lows, content, contents = self.starts, self.lows, text.content, self.contents
        own, ends = len(text.words), _lows(text.words)
        least, most = -(-own * LIKENESS_MIN // WHOLE), own * WHOLE // LIKENESS_MIN
        words: frozenset[int] | None = None
        found = []
        for item in candidates:
            if content and contents[item] == content:
                found.append((-WHOLE, self.ids[item]))
                continue
            theirs = lows[item]
            size = len(theirs)
            if not least <= size <= most:
                continue
            alone = len(theirs.translate(None, ends))  # words of theirs that are none of ours
            if (WHOLE + LIKENESS_MIN) * alone > WHOLE * size - LIKENESS_MIN * own:
                continue
            if words is None:
                words = frozenset(text.words)
            start = starts[item]
            common = len(words.intersection(self.arena[start : start + size]))
            likeness = WHOLE * common // (own + size - common)
            if likeness >= LIKENESS_MIN:
                found.append((-likeness, self.ids[item]))
        return found

    # --- keeping ----------------------------------------------------------------------------------

    def keep(self, keys: tuple[int, ...], text: Shingles, place: int, seq: int) -> None:
        """Take in that the record `seq` has put an entry under these keys, in a place."""
        for key in keys:
            if key == seq and text.words and not self._has(key):
                self.found(key, text, place)
            elif not key & EQUAL:
                self.touch(key, place)
        self.asked = _NOBODY

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
        self.lows.append(_lows(medoid.words))
        self.starts.append(len(self.arena))
        tags, slots = self._tags_and_slots(medoid)
        first = len(self.tags)
        self.tags.extend(tags)
        self.nexts.extend(self.unlinked)
        self._link(tags, slots, first)
        if len(self.tags) > self.mask:
            self._widen()

    def alive(self, key: int, after: int) -> bool:
        """Whether a cluster has an entry after an instant: a text can still join it."""
        at = bisect_left(self.ids, key)
        return at < len(self.ids) and self.ids[at] == key and self.latest[at] > after

    def drop(self, key: int) -> int:
        """Let nothing join a cluster any more: its text is gone. The latest place of its entries;
        raises LookupError where it is not known.
        """
        at = bisect_left(self.ids, key)
        if not self._has(key):
            raise LookupError(f"there is no cluster {key}")
        place, self.latest[at] = self.latest[at], NEVER
        return place

    def _has(self, key: int) -> bool:
        at = bisect_left(self.ids, key)
        return at < len(self.ids) and self.ids[at] == key

    def _link(self, tags: array[int], slots: array[int], entry: int) -> None:
        """Put a cluster, whose first entry that is, before the others under each of its tags."""
        heads, nexts = self.heads, self.nexts
        if not tags[0]:  # texts without content are not the same by it
            slots = slots[1:]
            entry += 1
        for slot in slots:
            nexts[entry] = heads[slot]
            heads[slot] = entry
            entry += 1

    def _use(self, mask: int) -> None:
        """A table of another size, with nothing in it yet."""
        self.asked = _NOBODY
        self.mask = mask
        self.masks = mask * _EACH
        self.heads = array("I", (0,)) * (mask + 1)

    def _widen(self) -> None:
        """A table that has a place for each tag, with all clusters in it again."""
        mask = self.mask
        while len(self.tags) > mask:
            mask = 2 * mask + 1 if mask > GROWN else 4 * mask + 3
        self._use(mask)
        for first in range(1, len(self.tags), self.bands):
            tags = self.tags[first : first + self.bands]
            self._link(tags, self._slots(tags), first)

    def _tags_and_slots(self, text: Shingles) -> tuple[array[int], array[int]]:
        """The tags of a text, of its content and of its bands, and where they stand in the table.
        Mostly a text is kept right after it was asked for, so that is worked out once.
        """
        asked, tags, slots = self.asked
        if asked is not text.bands or tags[0] != text.content & _TAG:
            tags = array("I", (text.content & _TAG,))
            tags.extend(text.bands)
            slots = self._slots(tags)
            self.asked = text.bands, tags, slots
        return tags, slots

    def _slots(self, tags: array[int]) -> array[int]:
        """Where tags stand in the table: all masked at once, as one long integer."""
        slots = int.from_bytes(tags, sys.byteorder) & self.masks
        return array("I", slots.to_bytes(4 * self.bands, sys.byteorder))

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
            self.arena.extend(words := arena[starts[item] : starts[item + 1]])
            self.lows.append(_lows(words))
            self.starts.append(len(self.arena))
            self.tags.extend(tags[first : first + self.bands])
        self.nexts = array("I", (0,)) * len(self.tags)
        self._widen()

    def entries(self) -> Iterator[tuple[int, int, int, tuple[int, ...]]]:
        """All (id, latest place, content, words), for comparison and measurement."""
        for item, key in enumerate(self.ids):
            words = self.arena[self.starts[item] : self.starts[item + 1]]
            yield key, self.latest[item], self.contents[item], tuple(words)
