"""How much of what was said lately an entry of a list would match, before it is there.

The latest posts are read beside the writer and asked as the rules in force ask the list; where none
does, as words, as sites and as who wrote it and where. What is found goes into the control that
adds the entry, so that nobody works it out again. This module must never say which posts those
were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ombud import journal
from ombud.activation.active import Active
from ombud.journal import Record
from ombud.rules.checked import Atom
from ombud.rules.entries import asks, entries_of
from ombud.rules.tree import InList
from ombud.signals.lists import Kept, TermList
from ombud.signals.observation import Observation
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

LOOKED = 300  # of the latest events with a text
WITHIN = 20_000  # records; further back nothing is lately


class Breadth(NamedTuple):
    """How many events were looked at, and how many of them any of the entries matches."""

    looked: int
    matched: int


def beside(
    store_file: Path, key_file: Path, active: Active, name: str, listed: TermList
) -> Breadth:
    """The same as `measured`, beside whoever writes to these files."""
    store = Store(store_file, readonly=True)
    keys = KeyFile(key_file, readonly=True)
    try:
        return measured(store, keys, active, name, listed)
    finally:
        store.close()
        keys.close()


def measured(store: Store, keys: KeyFile, active: Active, name: str, listed: TermList) -> Breadth:
    """How much of the latest posts entries that come into a list would match."""
    each = [bool(met) for met in _met(store, keys, active, name, listed)]
    return Breadth(len(each), sum(each))


def entry_by_entry(
    store: Store, keys: KeyFile, active: Active, name: str, listed: TermList
) -> tuple[int, Counter[str]]:
    """How many posts were looked at, and how many of them each entry would match, by its key."""
    found: Counter[str] = Counter()
    looked = 0
    for met in _met(store, keys, active, name, listed):
        looked += 1
        found.update(met)
    return looked, found


def _met(
    store: Store, keys: KeyFile, active: Active, name: str, listed: TermList
) -> Iterator[set[str]]:
    """Of each of the latest posts, the entries that it meets."""
    kept = Kept(listed)
    atoms = [each for each in _atoms(active, name) if isinstance(each.written, InList)]
    for seen in _latest(store, keys):
        yield set(_matching(kept, atoms, seen) if atoms else _occurring(kept, seen))


def _atoms(active: Active, name: str) -> Iterator[Atom]:
    """The conditions that ask a list, by whatever way."""
    for rule in active.rules:
        for atom in rule.atoms():
            found = asks(atom)
            if found and any(each.name == name for each in active.lists[found[0]].reach):
                yield atom


def _latest(store: Store, keys: KeyFile) -> Iterator[Observation]:
    head = store.one("last_record")
    until = (head and head[0]) or 0
    for row in store.all("latest_bodies", {"after": until - WITHIN, "limit": LOOKED}):
        record = Record(*row)
        seen = journal.reread(keys, record)
        if seen is not None and seen.text is not None:
            seen.at = min(record.time or record.recv, record.recv)
            yield seen


def _matching(kept: Kept, atoms: list[Atom], seen: Observation) -> Iterator[str]:
    for atom in atoms:
        written = atom.written
        if isinstance(written, InList):
            yield from (known for _, known in entries_of(atom, {written.list: kept}, seen))


def _occurring(kept: Kept, seen: Observation) -> Iterator[str]:
    """The entries that are a word, a site, the author, the server or the room of a post."""
    at, author, data = seen.at, seen.people.get("author"), seen.event.data
    found = [kept.text_entries(at, seen.text, seen.normal, seen.folded, seen.skeleton)]
    found += [kept.host_entries(at, each.host) for each in seen.links or ()]
    about = (author and author.id, data.server and data.server.id, data.room and data.room.id)
    found += [kept.entries(at, each) for each in about if each]
    for entries in found:
        yield from (known for _, known in entries)
