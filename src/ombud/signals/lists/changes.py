"""What was done to a list since it was written: entries added, imported, taken out, quarantined.

The last word on an entry stands, over what the list's file says too; an import adds to it. What is
here is a pure function of the changes in their order, and no change takes time that grows with the
list: new entries stand in small parts of their own. What came in by one change begins on watch as
one `Batch`: it does not count before its instant, or before a person has confirmed it. This module
must never touch what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Self

import msgspec

from ombud.signals.lists.terms import NEVER, TermList, key

FROM_CASE = "case "  # how the source of an entry begins that was found in a case here
TOP_MAX = 512  # entries of the part that grows; it is made anew with each of them
MERGED_MAX = 16_384  # up to here full parts are put together


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Entries that came in by one change at an instant, and are on watch until another one, or
    where that is NEVER until a person confirms them. `why` says why a person is needed, or nothing;
    `matched` of the `looked` latest posts the entries would have matched.
    """

    at: int
    until: int
    by: int  # the token of who brought them in
    why: str = ""
    looked: int = 0
    matched: int = 0


_Terms = tuple[tuple[str, ...], dict[str, str], dict[str, int], bool]
_Watched = dict[int, set[str] | None]
_Part = tuple[_Terms, bool, set[str], _Watched]
_State = tuple[
    int,
    bool,
    list[_Part],
    set[str],
    dict[str, int],
    dict[int, Batch],
    dict[int, _Terms],
    dict[str, int],
    str,
]
_decoder = msgspec.msgpack.Decoder(_State)


@dataclass(slots=True)
class Part:
    """Entries that came together; those whose keys are `hidden` were spoken of again later. By
    batch the keys that came with it, None for all of them.
    """

    listed: TermList
    grows: bool = False  # made of single entries
    hidden: set[str] = field(default_factory=set)
    batches: _Watched = field(default_factory=dict)

    def watching(self, on_watch: Mapping[int, Batch]) -> AbstractSet[str]:
        """The keys of those of its entries that came with some batches."""
        found: set[str] = set()
        for seq, keys in self.batches.items():
            if seq in on_watch:
                if keys is None:
                    return self.listed.keys
                found |= keys
        return found

    def batch_of(self, known: str, on_watch: Mapping[int, Batch]) -> int | None:
        """The batch by which the entry of a key, which the part has, is on watch."""
        for seq, keys in self.batches.items():
            if seq in on_watch and (keys is None or known in keys):
                return seq
        return None

    def entries(self) -> Iterator[tuple[str, str, int | None]]:
        """Its entries that stand: term, source, end."""
        for term in self.listed.terms:
            if key(term) not in self.hidden:
                yield term, self.listed.sources.get(term, ""), self.listed.expires.get(term)


@dataclass(slots=True)
class Changes:
    """All changes of one list. `seq` is the journal record of the last one."""

    name: str
    seq: int = 0
    imported: bool = False  # whether any entry came from elsewhere
    parts: list[Part] = field(default_factory=list)
    spoken: set[str] = field(default_factory=set)  # keys that the file has no say in any more
    quarantine: dict[str, int] = field(default_factory=dict)  # key -> seq
    batches: dict[int, Batch] = field(default_factory=dict)  # by the record that brought them in
    edited: dict[int, TermList] = field(default_factory=dict)  # batches of the list's own file
    capped: dict[str, int] = field(default_factory=dict)  # over their cap: key -> seq
    room: str = ""  # whose entries it has, where somebody else publishes them
    unkept: int = 0  # changes since `encoded` was last put away

    @classmethod
    def decoded(cls, name: str, packed: bytes) -> Self:
        """The changes as they were put away."""
        told = _decoder.decode(packed)
        seq, imported, parts, spoken, quarantine, batches, edited, capped, room = told
        made = [Part(_made(name, terms), *rest) for terms, *rest in parts]
        files = {each: _made(name, terms) for each, terms in edited.items()}
        return cls(name, seq, imported, made, spoken, quarantine, batches, files, capped, room)

    def encoded(self) -> bytes:
        """All changes, to be put away: they take long to be made again where they are many."""
        parts = [
            (_terms(part.listed), part.grows, part.hidden, part.batches) for part in self.parts
        ]
        edited = {seq: _terms(listed) for seq, listed in self.edited.items()}
        told = (self.seq, self.imported, parts, self.spoken, self.quarantine)
        return msgspec.msgpack.encode((*told, self.batches, edited, self.capped, self.room))

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

    def add(
        self,
        term: str,
        source: str = "",
        expires: int | None = None,
        watch: tuple[int, Batch] | None = None,
    ) -> None:
        """One entry, in the place of any of its key; on `watch` as a batch of its own."""
        self._speak(key(term))
        batches = self._watch(watch, {key(term)})
        sources = {term: source} if source else {}
        ends = {} if expires is None else {term: expires}
        self.imported = self.imported or elsewhere((source,))
        self._grow(TermList(self.name, (term,), sources, ends, stars=True), batches)

    def take_in(self, listed: TermList, watch: tuple[int, Batch] | None = None) -> None:
        """Many entries, beside those that are there; those that count already go on to."""
        self.imported = self.imported or elsewhere(listed.sources.values())
        self.parts.append(Part(listed, batches=self._watch(watch, None)))

    def follow(self, listed: TermList, watch: tuple[int, Batch] | None = None) -> None:
        """Entries that somebody else publishes, none of which stands yet."""
        self.imported = True
        if len(listed.terms) > TOP_MAX:
            self.take_in(listed, watch)
        elif listed.terms:
            self._grow(listed, self._watch(watch, set(listed.keys)))

    def retract(self, listed: TermList) -> None:
        """Entries that are published no more. What was said here of them stands: one that was put
        in quarantine is so again if it comes back. Nothing else of them is kept, so that a list
        which is emptied and filled again for ever takes no more room than once.
        """
        for known in listed.keys:
            self._speak(known)
            self.capped.pop(known, None)
            if known not in self.quarantine:
                self.spoken.discard(known)
            for part in self.parts:
                for keys in part.batches.values():
                    if keys is not None:
                        keys.discard(known)
        for part in self.parts:
            if part.listed.keys <= part.hidden:
                for seq in part.batches:
                    self.batches.pop(seq, None)
        self.parts = [each for each in self.parts if not each.listed.keys <= each.hidden]

    def edit(self, listed: TermList, watch: tuple[int, Batch]) -> None:
        """Entries that have come into the list's own file begin on watch."""
        seq, _ = watch
        self._watch(watch, None)
        self.edited = {each: one for each, one in self.edited.items() if each in self.batches}
        self.edited[seq] = listed

    def confirm(self, seq: int) -> None:
        """The entries of a batch count from now on."""
        self.batches.pop(seq, None)
        self.edited.pop(seq, None)
        for part in self.parts:
            part.batches.pop(seq, None)

    def hold(self, seq: int, why: str) -> None:
        """A batch stays on watch until a person has confirmed it."""
        batch = self.batches.get(seq)
        if batch is not None:
            self.batches[seq] = msgspec.structs.replace(batch, until=NEVER, why=why)

    def on_watch(self, at: int) -> dict[int, Batch]:
        """The batches that do not count yet at an instant."""
        return {seq: each for seq, each in self.batches.items() if each.until > at}

    def batch_of(self, known: str, at: int) -> int | None:
        """The batch by which the entry of a key is on watch, the latest; None where there is
        none.
        """
        on_watch = self.on_watch(at)
        for part in reversed(self.parts):
            if known not in part.hidden and known in part.listed.keys:
                seq = part.batch_of(known, on_watch)
                if seq is not None:
                    return seq
        return None if known in self.spoken else self.edited_by(known, on_watch)

    def edited_by(self, known: str, on_watch: Mapping[int, Batch]) -> int | None:
        """The batch with which a key came into the list's own file."""
        edited = self.edited.items()
        return next((seq for seq, one in edited if seq in on_watch and known in one.keys), None)

    def came_with(self, seq: int, known: str) -> bool:
        """Whether the entry of a key came with a batch and was not spoken of again since."""
        if seq in self.edited:
            return known in self.edited[seq].keys and known not in self.spoken
        return any(
            known not in part.hidden and known in (part.listed.keys if keys is None else keys)
            for part in self.parts
            for each, keys in part.batches.items()
            if each == seq
        )

    def size_of(self, seq: int) -> int:
        """How many entries came with a batch and were not spoken of again since."""
        if seq in self.edited:
            return len(self.edited[seq].keys - self.spoken)
        return sum(
            len((part.listed.keys if keys is None else keys) - part.hidden)
            for part in self.parts
            for each, keys in part.batches.items()
            if each == seq
        )

    def remove(self, known: str) -> None:
        """Take the entry of a key out, wherever it stands, until it is added again."""
        self._speak(known)
        self.quarantine.pop(known, None)
        self.capped.pop(known, None)

    def here(self, known: str, at: int, *, counting: bool = False) -> bool:
        """Whether an entry was added that has not ended at `at`, quarantined or not; `counting`:
        and is not on watch.
        """
        on_watch = self.on_watch(at) if counting else {}
        return any(
            known not in part.hidden
            and known in part.listed.keys
            and part.listed.ends.get(known, NEVER) > at
            and known not in part.watching(on_watch)
            for part in self.parts
        )

    def edited_on_watch(self, at: int) -> AbstractSet[str]:
        """The keys of the list's own file that are on watch."""
        found = [self.edited[each].keys for each in self.on_watch(at) if each in self.edited]
        return frozenset().union(*found)

    def entries(self) -> Iterator[tuple[str, str, int | None]]:
        """Every entry that was added: term, source, end."""
        for part in self.parts:
            yield from part.entries()

    def _watch(self, watch: tuple[int, Batch] | None, keys: set[str] | None) -> _Watched:
        if watch is None:
            return {}
        seq, batch = watch
        self.batches = {**self.on_watch(batch.at), seq: batch}
        return {seq: keys}

    def _speak(self, known: str) -> None:
        self.spoken.add(known)
        for part in self.parts:
            part.hidden.add(known)
            for seq, keys in [*part.batches.items()]:
                if part.grows and keys == {known}:  # the batch was that entry alone
                    del part.batches[seq]
                    self.batches.pop(seq, None)

    def _grow(self, new: TermList, batches: _Watched) -> None:
        """Put new entries to the latest ones."""
        last = self.parts[-1] if self.parts else None
        size = 0 if last is None else len(last.listed.terms) + len(new.terms)
        if last is None or not last.grows or size > TOP_MAX:
            self._settle()
            self.parts.append(Part(new, grows=True, batches=batches))
        else:
            self.parts[-1] = _joined(last, Part(new, batches=batches))

    def _settle(self) -> None:
        """Put a full part to the one before it, so that there are few to look through."""
        if len(self.parts) > 1:
            before, last = self.parts[-2:]
            size = len(before.listed.terms) + len(last.listed.terms)
            if before.grows and last.grows and size <= MERGED_MAX:
                self.parts[-2:] = [_joined(before, last)]


def elsewhere(sources: Iterable[str]) -> bool:
    """Whether any entry comes from elsewhere: those of cases here do not."""
    return any(each and not each.startswith(FROM_CASE) for each in sources)


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
        batches={**one.batches, **other.batches},
    )


def _terms(listed: TermList) -> _Terms:
    return listed.terms, dict(listed.sources), dict(listed.expires), listed.stars


def _made(name: str, terms: _Terms) -> TermList:
    return TermList(name, *terms[:3], stars=terms[3])
