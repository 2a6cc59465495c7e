"""A list as rules ask it: what was written, what has changed since, and the lists it includes.

Rules hold on to a `Kept` for as long as their configuration is in force; a change of one entry is
seen by them at once, and compiles neither the rules nor the rest of the list anew. This module must
never decide what a list holds: that is what was written and journalled.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator
from typing import Literal, Protocol

from ombud.signals.lists.changes import Changes
from ombud.signals.lists.terms import NEVER, Part, TermList, views_of
from ombud.signals.lists.words import FOUND_MAX

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
        self._since = self._until = 0
        self._view: View = written

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

    def refresh(self) -> None:
        """Look at the changes anew, where there are more."""
        self._since = self._until = 0
        self.grown = any(each.changes is not None and each.changes.parts for each in self.reach)

    def literals(self, most: int) -> frozenset[str] | None:
        """Of what is written in all lists within reach: as `TermList.literals`."""
        found = [each.written.literals(most) for each in self.reach]
        known = [each for each in found if each is not None]
        return frozenset().union(*known) if len(known) == len(found) else None

    def warm(self, asked: Asked) -> None:
        """Compile what will be asked, so that the first event does not wait for it."""
        for part in self.parts(-NEVER):
            getattr(part.listed, asked)

    def active(self, at: int) -> View:
        """The list at an instant."""
        if not self._since <= at < self._until:
            self._view = self._seen(at)
        return self._view

    def _seen(self, at: int) -> View:
        parts = tuple(self.parts(at))
        self._since, self._until = -NEVER, NEVER
        for part in parts:
            ends = part.listed.all_ends
            place = bisect.bisect_right(ends, at)
            if place:
                self._since = max(self._since, ends[place - 1])
            if place < len(ends):
                self._until = min(self._until, ends[place])
        if len(parts) == 1 and parts[0].complete:
            return parts[0].listed.whole
        return parts[0] if len(parts) == 1 else Several(parts)

    def parts(self, at: int) -> Iterator[Part]:
        """What of all lists within reach counts at an instant."""
        for kept in self.reach:
            changes = kept.changes
            if changes is None:
                yield Part(kept.written, at=at)
                continue
            quarantine = changes.quarantine.keys()
            if kept.written.terms or not changes.parts:
                yield Part(kept.written, changes.spoken, at, quarantine)
            for part in changes.parts:
                yield Part(part.listed, part.hidden, at, quarantine)

    # --- the entries by which something is listed -------------------------------------------------

    def entries(self, at: int, value: str) -> Iterator[Entry]:
        """The entries that a value is, in any list within reach."""
        for part in self.parts(at):
            found = part.entry(value)
            if found is not None:
                yield part.listed.name, found

    def host_entries(self, at: int, host: str) -> Iterator[Entry]:
        """The entries by which a host is listed."""
        for part in self.parts(at):
            found = part.host_entry(host)
            if found is not None:
                yield part.listed.name, found

    def text_entries(self, at: int, *views: str | None) -> Iterator[Entry]:
        """The entries that occur in a text, given in the views of `TermList.find`."""
        where = views_of(*views)
        for part in self.parts(at):
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
