"""The operator's texts, read and checked against each other, with all that is wrong in them.

What was read a moment ago is not read again: most changes of the settings leave the rules as they
are. This module must never read a file, and never tell of texts by what others said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from ombud.activation import models
from ombud.config import FOLDERS, Sources
from ombud.rules import load
from ombud.rules.learned import Models
from ombud.signals.declare import COUNTERS, SIGNALS

READ_KEPT = 16  # as many sets of texts: what runs, and what several people write beside it


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
    queues, beside = sources.settings.queues or None, tuple(unread(sources.unread))
    imported = {name: each.imported for name, each in stored.items()}
    known = {"platforms": sources.capabilities, "queues": queues, "unread": beside}
    return _once(sources, models.of_files(sources.model), stored=imported, **known)


def recorded(
    sources: Sources,
    trained: Models,
    imported: Mapping[str, bool],
    form: int,
    earlier: frozenset[str],
) -> load.Loaded:
    """Texts that were in force once (load.load: `stored`, `form`, `earlier`)."""
    known = {"stored": imported, "form": form, "earlier": sorted(earlier)}
    return _once(sources, trained, recorded=True, **known)


def _once(sources: Sources, trained: Models, **beside: Any) -> load.Loaded:
    texts = (sources.rules, sources.policies, sources.lists)
    words = [{name: each.version for name, each in known.items()} for known in (SIGNALS, COUNTERS)]
    asked = sha256(msgspec.msgpack.encode((texts, beside, words), order="sorted")).digest()
    found = _read.get(asked)
    if found is None:
        found = load.load(*texts, models=trained, **beside)
        if not found.models.opened:  # the file of a model may be another one by then
            _keep(asked, found)
    return found


def _keep(asked: bytes, found: load.Loaded) -> None:
    _read[asked] = found
    for oldest in list(_read)[:-READ_KEPT]:
        _read.pop(oldest, None)


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
