"""How much of what was said lately an entry of a list would match, before it is there.

The latest posts are read beside the writer and asked as the rules in force ask the list; where none
does, as words, as sites and as who wrote it. What is found goes into the control that adds the
entry, so that nobody works it out again. This module must never say which posts those were.
"""

from __future__ import annotations

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
    kept = Kept(listed)
    atoms = [each for each in _atoms(active, name) if isinstance(each.written, InList)]
    looked = matched = 0
    for seen in _latest(store, keys):
        looked += 1
        matched += _matches(kept, atoms, seen) if atoms else _occurs(kept, seen)
    return Breadth(looked, matched)


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


def _matches(kept: Kept, atoms: list[Atom], seen: Observation) -> bool:
    for atom in atoms:
        written = atom.written
        if isinstance(written, InList) and any(entries_of(atom, {written.list: kept}, seen)):
            return True
    return False


def _occurs(kept: Kept, seen: Observation) -> bool:
    """Whether an entry is a word, a site or the author of a post."""
    at, author = seen.at, seen.people.get("author")
    hosts = [each.host for each in seen.links or ()]
    words = kept.text_entries(at, seen.text, seen.normal, seen.folded, seen.skeleton)
    return (
        any(words)
        or any(any(kept.host_entries(at, host)) for host in hosts)
        or (author is not None and any(kept.entries(at, author.id)))
    )
