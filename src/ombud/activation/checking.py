"""The operator's texts, read and checked against each other, with all that is wrong in them.

What was read a moment ago is not read again: most changes of the settings leave the rules as they
are. This module must never read a file, and never tell of texts by what others said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from ombud.activation import models
from ombud.config import FOLDERS, Sources
from ombud.rules import load

READ_KEPT = 4  # as many sets of texts: what runs, and what somebody writes beside it


class Stored(NamedTuple):
    """What the store says of a list: the record of its last change, and whether any entry came from
    elsewhere.
    """

    seq: int
    imported: bool


NONE_STORED: Mapping[str, Stored] = MappingProxyType({})
_read: dict[bytes, load.Loaded] = {}  # by what they were read from, the oldest first


def checked(sources: Sources, stored: Mapping[str, Stored]) -> load.Loaded:
    """The operator's texts with all diagnostics; `stored` are the lists that the store has too."""
    imported = {name: each.imported for name, each in stored.items()}
    asked = _digest(sources, imported)
    found = _read.get(asked)
    if found is None:
        found = load.load(
            sources.rules,
            sources.policies,
            sources.lists,
            platforms=sources.capabilities,
            queues=sources.settings.queues or None,
            stored=imported,
            unread=unread(sources.unread),
            models=models.of_files(sources.model),
        )
        if not found.models.opened:  # the file of a model may be another one by then
            _keep(asked, found)
    return found


def _keep(asked: bytes, found: load.Loaded) -> None:
    _read[asked] = found
    for oldest in list(_read)[:-READ_KEPT]:
        _read.pop(oldest, None)


def _digest(sources: Sources, imported: Mapping[str, bool]) -> bytes:
    """SHA-256 of all that a reading depends on, but for models."""
    texts = (sources.rules, sources.policies, sources.lists)
    beside = (sources.capabilities, sources.settings.queues, imported, sources.unread)
    return hashlib.sha256(msgspec.msgpack.encode((texts, beside), order="sorted")).digest()


def unread(names: Iterable[str]) -> Iterator[load.Unread]:
    """What stands in the folders and is not read, with the name under which it would be."""
    for name in names:
        folder, _, file = name.partition("/")
        ending = FOLDERS[folder]
        if file.endswith("/"):
            yield load.Unread(name, ending, None)
            continue
        at = file.lower().find(ending)
        stem = file[:at] if at > 0 else file.rpartition(".")[0] or file
        yield load.Unread(name, ending, stem + ending)
