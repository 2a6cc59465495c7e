"""What was done to a list since it was written: entries added, imported, taken out, quarantined.

The last word on an entry stands, over what the list's file says too; an import adds to it. What is
here is a pure function of the changes in their order, and no change takes time that grows with the
list: new entries stand in small parts of their own. This module must never touch what is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

import msgspec

from ombud.signals.lists.terms import NEVER, TermList, key

TOP_MAX = 512  # entries of the part that grows; it is made anew with each of them
MERGED_MAX = 16_384  # up to here full parts are put together


_Terms = tuple[tuple[str, ...], dict[str, str], dict[str, int], bool, bool, set[str]]
_State = tuple[int, bool, list[_Terms], set[str], dict[str, int]]
_decoder = msgspec.msgpack.Decoder(_State)


@dataclass(slots=True)
class Part:
    """Entries that came together; those whose keys are `hidden` were spoken of again later."""

    listed: TermList
    grows: bool = False  # made of single entries
    hidden: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Changes:
    """All changes of one list. `seq` is the journal record of the last one."""

    name: str
    seq: int = 0
    imported: bool = False  # whether any entry came from elsewhere
    parts: list[Part] = field(default_factory=list)
    spoken: set[str] = field(default_factory=set)  # keys that the file has no say in any more
    quarantine: dict[str, int] = field(default_factory=dict)  # key -> seq
    unkept: int = 0  # changes since `encoded` was last put away

    @classmethod
    def decoded(cls, name: str, packed: bytes) -> Self:
        """The changes as they were put away."""
        seq, imported, parts, spoken, quarantine = _decoder.decode(packed)
        made = [
            Part(TermList(name, terms, sources, expires, stars=stars), grows, hidden)
            for terms, sources, expires, stars, grows, hidden in parts
        ]
        return cls(name, seq, imported, made, spoken, quarantine)

    def encoded(self) -> bytes:
        """All changes, to be put away: they take long to be made again where they are many."""
        parts = [
            (one.terms, one.sources, one.expires, one.stars, part.grows, part.hidden)
            for part in self.parts
            for one in (part.listed,)
        ]
        state = (self.seq, self.imported, parts, self.spoken, self.quarantine)
        return msgspec.msgpack.encode(state)

    @property
    def size(self) -> int:
        """How many entries the parts hold, those spoken of again included: never too few."""
        return sum(len(part.listed.terms) for part in self.parts)

    def size_without(self, known: str = "") -> int:
        """How many entries were added that still stand, the one of a key left out."""
        return sum(
            len(part.listed.terms) - len(part.listed.keys & (part.hidden | {known}))
            for part in self.parts
        )

    def add(self, term: str, source: str = "", expires: int | None = None) -> None:
        """One entry, in the place of any of its key."""
        self._speak(key(term))
        sources = {term: source} if source else {}
        ends = {} if expires is None else {term: expires}
        self.imported = self.imported or bool(source)
        new = TermList(self.name, (term,), sources, ends, stars=True)
        last = self.parts[-1] if self.parts else None
        if last is None or not last.grows or len(last.listed.terms) >= TOP_MAX:
            self._settle()
            self.parts.append(Part(new, grows=True))
        else:
            self.parts[-1] = _joined(last, Part(new))

    def take_in(self, listed: TermList) -> None:
        """Many entries, beside those that are there."""
        self.imported = self.imported or bool(listed.sources)
        self.parts.append(Part(listed))

    def remove(self, known: str) -> None:
        """Take the entry of a key out, wherever it stands, until it is added again."""
        self._speak(known)
        self.quarantine.pop(known, None)

    def here(self, known: str, at: int) -> bool:
        """Whether an entry was added that has not ended at `at`, quarantined or not."""
        return any(
            known not in part.hidden
            and known in part.listed.keys
            and part.listed.ends.get(known, NEVER) > at
            for part in self.parts
        )

    def entries(self) -> Iterator[tuple[str, str, int | None]]:
        """Every entry that was added: term, source, end."""
        for part in self.parts:
            for term in part.listed.terms:
                if key(term) not in part.hidden:
                    yield term, part.listed.sources.get(term, ""), part.listed.expires.get(term)

    def _speak(self, known: str) -> None:
        self.spoken.add(known)
        for part in self.parts:
            part.hidden.add(known)

    def _settle(self) -> None:
        """Put a full part to the one before it, so that there are few to look through."""
        if len(self.parts) > 1:
            before, last = self.parts[-2:]
            size = len(before.listed.terms) + len(last.listed.terms)
            if before.grows and last.grows and size <= MERGED_MAX:
                self.parts[-2:] = [_joined(before, last)]


def _joined(one: Part, other: Part) -> Part:
    """Two parts of single entries as one, without those that were spoken of again."""
    kept = [
        (part.listed, t)
        for part in (one, other)
        for t in part.listed.terms
        if key(t) not in part.hidden
    ]
    return Part(
        TermList(
            one.listed.name,
            tuple(term for _, term in kept),
            {term: listed.sources[term] for listed, term in kept if term in listed.sources},
            {term: listed.expires[term] for listed, term in kept if term in listed.expires},
            stars=True,
        ),
        grows=True,
    )
