"""What is counted by which key: the windows that the words of counters mean.

An event is put into every window that counts its kind, before anything is asked of it. What it adds
follows from the event alone, so that a window filled later holds the same. This module must never
look at the past.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from ombud.signals import repeats
from ombud.signals.declare import COUNTERS, EARLIER, SIGNALS, WITHS, Counter, With
from ombud.signals.observation import Observation, combine

M = TypeVar("M", Counter, With)
Keys = Callable[["Observation"], tuple[int, ...] | None]
Entries = Callable[["Observation"], tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What is counted by which key: the identity of a window, whatever widths are asked of it.

    `number` is stored beside every entry; it changes with anything that changes what is counted.
    `keys` gives an event's keys, None where the event does not name them. `entries` gives the (key,
    value) pairs that an event of a counted kind adds; none where it is not counted. `bucket`: the
    length of the stretches by which it tells what is usual; 0 where it counts.
    """

    number: int
    name: str
    counter: Counter
    word: With | None
    keys: Keys
    entries: Entries
    bucket: int = 0

    @property
    def near(self) -> bool:
        """Whether its keys are clusters of texts that are nearly the same."""
        return self.counter.near or (self.word is not None and self.word.near)

    @property
    def repeats(self) -> bool:
        """Whether it counts what was said or linked to again, not only who did something where."""
        return self.counter.repeats or (self.word is not None and self.word.keys is not None)


def keys_of(counted: Counter, who: str, to: str | None, word: With | None) -> Keys:
    """How an event's keys are found; the plain cases are the frequent ones."""
    if counted.keys is not None:
        return counted.keys
    more = word.keys if word is not None else None

    def plain(seen: Observation) -> tuple[int, ...] | None:
        own = seen.key(who)
        return None if own is None else (own,)

    def combined(seen: Observation) -> tuple[int, ...] | None:
        own = seen.key(who)
        other = None if to is None else seen.key(to)
        if own is None or (to is not None and other is None):
            return None
        parts = (own,) if other is None else (own, other)
        if more is None:
            return (combine(*parts),)
        further = more(seen)
        return None if further is None else tuple(combine(*parts, each) for each in further)

    return plain if to is None and more is None else combined


DEAR = 50  # microseconds from which on a filter is asked only of what has a key to be counted under


def entries_of(counted: Counter, word: With | None, keys: Keys) -> Entries:
    """What a counted event adds."""
    filters = [
        SIGNALS[only]
        for only in (counted.only, word.only if word is not None else None)
        if only is not None
    ]
    quick = tuple(each.compute for each in filters if each.cost < DEAR)
    dear = tuple(each.compute for each in filters if each.cost >= DEAR)
    distinct, values = counted.distinct, counted.values

    def entries(seen: Observation) -> tuple[tuple[int, int], ...]:
        for passes in quick:
            if passes(seen) is not True:
                return ()
        found = keys(seen)
        if not found:
            return ()
        for passes in dear:
            if passes(seen) is not True:
                return ()
        value = 0 if distinct is None else distinct(seen)
        return () if value is None else tuple([(key, value) for key in found])

    def several(seen: Observation) -> tuple[tuple[int, int], ...]:
        many = values(seen) if values is not None else None
        if not many:
            return ()
        return tuple([(key, value) for key in keys(seen) or () for value in many])

    return entries if values is None else several


class UnknownFact(LookupError):
    """No fact is called so. `what` is the word that is not known, `nearest` the best guess or
    None.
    """

    def __init__(self, what: str, nearest: str | None) -> None:
        super().__init__(what)
        self.what = what
        self.nearest = nearest


def window(
    name: str,
    to: str | None = None,
    word: str | None = None,
    earlier: Collection[str] = (),
    *,
    bucket: int = 0,
) -> Window:
    """The window of a counter's words; `earlier` names those that are meant as in the version
    before. Raises UnknownFact for a word after `to` or `with`.
    """
    counted = _meant(name, COUNTERS[name], earlier)
    who = name.removesuffix(counted.name).rstrip(".")
    if to is not None and (to not in ("target", "author", "room") or not who):
        raise UnknownFact(to, "target")
    if word is not None and word not in WITHS:
        found = difflib.get_close_matches(word, list(WITHS), n=1, cutoff=0.6)
        raise UnknownFact(word, found[0] if found else None)
    chosen = _meant(word, WITHS[word], earlier) if word is not None else None
    said = name + (f" to {to}" if to else "") + (f" with {word}" if word else "")
    said += f" in {bucket // 1_000_000} seconds" if bucket else ""
    keys = keys_of(counted, who, to, chosen)
    number = number_of(said, counted, chosen)
    return Window(number, said, counted, chosen, keys, entries_of(counted, chosen, keys), bucket)


def _meant(name: str, now: M, earlier: Collection[str]) -> M:
    """What a word means, or meant in the version before."""
    before = EARLIER[name] if name in earlier else now
    if not isinstance(before, type(now)):
        raise TypeError(name)
    return before


def number_of(said: str, counted: Counter, chosen: With | None) -> int:
    """A window's number: 32 bits of SHA-256 over its words and the versions of all it reads."""
    read = [counted.only, chosen.only if chosen else None]
    versions = [f"{only} {SIGNALS[only].version}" for only in read if only]
    if counted.near or (chosen is not None and chosen.near):
        versions.append(repeats.ALGORITHM)
    identity = "\n".join([said, str(counted.version), str(chosen and chosen.version), *versions])
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:4], "big")
