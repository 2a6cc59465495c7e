"""A list as rules ask it: what was written, what has changed since, and the lists it includes.

Rules hold on to a `Kept` for as long as their configuration is in force; a change of one entry is
seen by them at once, and compiles neither the rules nor the rest of the list anew. Entries on watch
do not count; what they would match is asked for by itself (`Kept.watched`). This module must never
decide what a list holds: that is what was written and journalled.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol

from ombud.signals.lists.changes import Changes
from ombud.signals.lists.terms import NEVER, Part, TermList
from ombud.signals.lists.words import FOUND_MAX, views_of

Entry = tuple[str, str]  # (list, key)
Asked = Literal[
    "exact", "hosts", "words", "names", "sites", "pictures"
]  # the parts of a `TermList` that are compiled


class View(Protocol):
    """A list at an instant."""

    def has(self, value: str) -> bool:
        """Whether the value is an entry."""

    def has_host(self, host: str) -> bool:
        """Whether the host or one above it is listed."""

    def find(
        self, text: str | None, normal: str | None, folded: str | None, skeleton: str | None
    ) -> tuple[str, ...]:
        """The terms that occur in a text."""

    def resemblance(self, name: str) -> int:
        """How alike the name and the most similar entry look, in permille."""

    def likeness(self, host: str) -> int:
        """How alike the host and the most similar site look, in permille; 0 if it is listed."""

    def picture(self, text: str) -> int:
        """How alike the hash of a picture and the most similar entry are, in permille."""


class Listed(Protocol):
    """Whatever can be asked as a list."""

    @property
    def grown(self) -> bool:
        """Whether anything was added to what was written."""

    def literals(self, most: int) -> frozenset[str] | None:
        """As `TermList.literals`."""

    def active(self, at: int) -> View:
        """The list without the entries that have ended at an instant."""


class Kept:
    """One list of a configuration."""

    def __init__(self, written: TermList, includes: tuple[Kept, ...] = ()) -> None:
        self.name = written.name
        self.written = written
        self.changes: Changes | None = None
        self.includes = includes
        self.grown = False
        self.known: tuple[Kept, ...] = ()  # `reach`, once it was asked
        self._now = _Now(0, 0, written, (), ())

    @property
    def reach(self) -> tuple[Kept, ...]:
        """This list and all it includes, each once. What includes what is settled before it is
        first asked.
        """
        ahead = [] if self.known else [self]
        while ahead:
            kept = ahead[-1]
            waiting = [each for each in kept.includes if not each.known]
            ahead.extend(waiting)
            if not waiting:
                ahead.pop()
                below = itertools.chain.from_iterable(each.known for each in kept.includes)
                kept.known = tuple(dict.fromkeys((kept, *below)))
        return self.known

    @property
    def imported(self) -> bool:
        """Whether any entry came from elsewhere."""
        return any(
            kept.written.sources or (kept.changes is not None and kept.changes.imported)
            for kept in self.reach
        )

    @property
    def room(self) -> str:
        """The room where others publish its entries, or some that it includes; empty for none."""
        return next((kept.changes.room for kept in self.reach if kept.changes), "")

    def refresh(self) -> None:
        """Look at the changes anew, where there are more."""
        self._now = self._now._replace(since=0, until=0)
        self.grown = any(each.changes is not None and each.changes.parts for each in self.reach)

    def literals(self, most: int) -> frozenset[str] | None:
        """Of what is written in all lists within reach: as `TermList.literals`."""
        found = [each.written.literals(most) for each in self.reach]
        known = [each for each in found if each is not None]
        return frozenset().union(*known) if len(known) == len(found) else None

    def warm(self, asked: Asked) -> None:
        """Compile what will be asked, so that the first event does not wait for it."""
        for part in self._parts(-NEVER):
            getattr(part.listed, asked)

    def active(self, at: int) -> View:
        """The list at an instant."""
        return self._at(at).view

    def parts(self, at: int) -> tuple[Part, ...]:
        """What of all lists within reach counts at an instant."""
        return self._at(at).parts

    def watched(self, at: int) -> Watched:
        """What of all lists within reach is on watch at an instant."""
        return Watched(self._at(at).watched)

    def whole(self, at: int) -> View:
        """The list as it would be if what is on watch counted."""
        now = self._at(at)
        return Several((*now.parts, *now.watched))

    def _at(self, at: int) -> _Now:
        now = self._now
        if not now.since <= at < now.until:
            now = self._now = self._seen(at)
        return now

    def _seen(self, at: int) -> _Now:
        parts, watched = tuple(self._parts(at)), tuple(self._watched(at))
        since, until = -NEVER, NEVER
        ends = [part.listed.all_ends for part in (*parts, *watched)]
        ends += [
            tuple(sorted(batch.until for batch in kept.changes.batches.values()))
            for kept in self.reach
            if kept.changes is not None
        ]
        for some in ends:
            place = bisect.bisect_right(some, at)
            if place:
                since = max(since, some[place - 1])
            if place < len(some):
                until = min(until, some[place])
        view: View = parts[0] if len(parts) == 1 else Several(parts)
        if len(parts) == 1 and parts[0].complete:
            view = parts[0].listed.whole
        return _Now(since, until, view, parts, watched)

    def _parts(self, at: int) -> Iterator[Part]:
        """What counts, list by list; at least one part."""
        for kept in self.reach:
            changes = kept.changes
            if changes is None:
                yield Part(kept.written, at=at)
                continue
            quarantine, on_watch = changes.quarantine.keys(), changes.on_watch(at)
            if kept.written.terms or not changes.parts:
                edited = changes.edited_on_watch(at) if changes.edited else frozenset()
                yield Part(kept.written, changes.spoken, at, quarantine, edited)
            for part in changes.parts:
                watching = part.watching(on_watch)
                yield Part(part.listed, part.hidden, at, quarantine, watching)

    def _watched(self, at: int) -> Iterator[Part]:
        """What is on watch, list by list: small lists of their own, apart from whole files."""
        for kept in self.reach:
            changes = kept.changes
            on_watch = {} if changes is None else changes.on_watch(at)
            if changes is None or not on_watch:
                continue
            quarantine = changes.quarantine.keys()
            for part in changes.parts:
                watching = part.watching(on_watch)
                if watching:
                    one = part.listed.only(watching - part.hidden) if part.grows else part.listed
                    yield Part(one, part.hidden, at, quarantine)
            for seq in on_watch.keys() & changes.edited.keys():
                yield Part(changes.edited[seq], changes.spoken, at, quarantine)

    # --- the entries by which something is listed -------------------------------------------------

    def entries(self, at: int, value: str) -> Iterator[Entry]:
        """The entries that a value is, in any list within reach."""
        return _entries(self.parts(at), value)

    def host_entries(self, at: int, host: str) -> Iterator[Entry]:
        """The entries by which a host is listed."""
        return _host_entries(self.parts(at), host)

    def text_entries(self, at: int, *views: str | None) -> Iterator[Entry]:
        """The entries that occur in a text, given in the views of `TermList.find`."""
        return _text_entries(self.parts(at), views)


class Watched:
    """What is on watch of some lists, asked as `Kept` is; for one instant."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts

    def entries(self, at: int, value: str) -> Iterator[Entry]:  # noqa: ARG002
        """As `Kept.entries`."""
        return _entries(self.parts, value)

    def host_entries(self, at: int, host: str) -> Iterator[Entry]:  # noqa: ARG002
        """As `Kept.host_entries`."""
        return _host_entries(self.parts, host)

    def text_entries(self, at: int, *views: str | None) -> Iterator[Entry]:  # noqa: ARG002
        """As `Kept.text_entries`."""
        return _text_entries(self.parts, views)


class _Now(NamedTuple):
    """A list from one instant until another."""

    since: int
    until: int
    view: View
    parts: tuple[Part, ...]
    watched: tuple[Part, ...]


def _entries(parts: tuple[Part, ...], value: str) -> Iterator[Entry]:
    for part in parts:
        found = part.entry(value)
        if found is not None:
            yield part.listed.name, found


def _host_entries(parts: tuple[Part, ...], host: str) -> Iterator[Entry]:
    for part in parts:
        found = part.host_entry(host)
        if found is not None:
            yield part.listed.name, found


def _text_entries(parts: tuple[Part, ...], views: tuple[str | None, ...]) -> Iterator[Entry]:
    where = views_of(*views)
    for part in parts:
        found: dict[str, str] = {}
        part.look(where, found)
        for known in found.values():
            yield part.listed.name, known


class Several:
    """Parts of lists, asked as one list."""

    __slots__ = ("_parts",)

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self._parts = parts

    def has(self, value: str) -> bool:
        """As `TermList.has`."""
        return any(part.entry(value) is not None for part in self._parts)

    def has_host(self, host: str) -> bool:
        """As `TermList.has_host`."""
        return any(part.host_entry(host) is not None for part in self._parts)

    def find(
        self, text: str | None, normal: str | None, folded: str | None, skeleton: str | None
    ) -> tuple[str, ...]:
        """As `TermList.find`."""
        where = views_of(text, normal, folded, skeleton)
        found: dict[str, str] = {}
        for part in self._parts:
            part.look(where, found)
            if len(found) >= FOUND_MAX:
                break
        return tuple(found)[:FOUND_MAX]

    def resemblance(self, name: str) -> int:
        """As `TermList.resemblance`."""
        return max(part.resemblance(name) for part in self._parts)

    def likeness(self, host: str) -> int:
        """As `TermList.likeness`."""
        return 0 if self.has_host(host) else max(part.likeness(host) for part in self._parts)

    def picture(self, text: str) -> int:
        """As `TermList.picture`."""
        return max(part.picture(text) for part in self._parts)
