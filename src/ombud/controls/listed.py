"""What was done to lists, as every telling of the journal applies it: live, at a start, in replay.

A change names its line by a digest, and the line is kept beside the journal. A configuration whose
files have other entries than those before carries the new ones likewise, since they begin on watch.
This module must never refuse a change, nor work out again what one has recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import apsw
import msgspec

from ombud import journal
from ombud.activation import compiling
from ombud.activation.checking import Stored
from ombud.errors import BadData
from ombud.signals.lists import TermList, reading
from ombud.signals.lists.changes import Batch, Changes
from ombud.signals.lists.terms import key
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community

FOLLOWS = ("follow", "retract")  # what is done to a list because of what somebody else publishes


def apply(community: Community, seq: int, payload: Mapping[str, Any], listed: TermList) -> None:
    """Let a change take effect: for every record after it."""
    name, do = payload["list"], payload["do"]
    changes = _changed(community, seq, name)
    term = listed.terms[0] if listed.terms else ""
    watch = _watch(seq, payload)
    if do in FOLLOWS:
        changes.room = payload["room"]
    if do == "import":
        changes.take_in(listed, watch)
    elif do == "follow":
        changes.follow(listed, watch)
    elif do == "retract":
        changes.retract(listed)
    elif do == "add":
        changes.add(term, listed.sources.get(term, ""), listed.expires.get(term), watch)
    elif do == "remove":
        changes.remove(key(term))
    elif do == "confirm":
        changes.confirm(payload["batch"])
    elif do == "hold":
        changes.hold(payload["batch"], payload["why"])
    elif do == "quarantine":
        changes.quarantine[key(term)] = seq
    elif do == "cap":
        changes.capped[key(term)] = seq
    else:
        changes.quarantine.pop(key(term), None)
        changes.capped.pop(key(term), None)
    settle(community, name)


def _changed(community: Community, seq: int, name: str) -> Changes:
    """The changes of a list, one more by now."""
    changes = community.lists.get(name)
    if changes is None:
        changes = community.lists[name] = Changes(name)
    changes.seq = seq
    changes.unkept += 1
    return changes


def _watch(seq: int, payload: Mapping[str, Any]) -> tuple[int, Batch] | None:
    """How the entries of a change begin; an earlier program let them count at once."""
    return (seq, msgspec.convert(payload["watch"], Batch)) if "watch" in payload else None


def apply_edited(
    community: Community, seq: int, watching: Mapping[str, Any], lines: Mapping[str, TermList]
) -> None:
    """Let what has come into the files of lists begin on watch."""
    for name, told in watching.items():
        watch = _watch(seq, told)
        if watch is not None:
            _changed(community, seq, name).edit(lines[name], watch)


def apply_activation(
    community: Community, store: Store, seq: int, payload: Mapping[str, Any]
) -> None:
    """The same of a recorded activation."""
    watching = payload.get("watching", {})
    lines = {name: _line(store, name, told) for name, told in watching.items()}
    apply_edited(community, seq, watching, lines)


def settle(community: Community, name: str = "") -> None:
    """Let the configuration in force see the changes: of one list, or of all."""
    active = community.active
    if not active.digest:
        return
    told = {each: Stored(one.seq, one.imported) for each, one in community.lists.items()}
    community.active = compiling.with_lists(active, told)
    community.attach(name)


def apply_recorded(
    community: Community, store: Store, seq: int, payload: Mapping[str, Any]
) -> None:
    """Apply a change as it was journalled."""
    apply(community, seq, payload, _line(store, payload["list"], payload))


def _line(store: Store, name: str, payload: Mapping[str, Any]) -> TermList:
    """The line, or the lines, that a change is about."""
    row = store.one("content", (payload["content"],))
    content = bytes(row[0]) if row else b""
    if compiling.content_digest(content) != payload["content"]:
        raise BadData("D017", name, file=name)
    return reading.parse(name, content, payload["form"])[0]


def restore(community: Community, store: Store) -> None:
    """Bring the lists back as the journal's changes left them: from what was put away, and the
    changes since. Before a configuration is in force this costs least.
    """
    for name, state in store.all("list_states"):
        try:
            community.lists[name] = Changes.decoded(name, state)
        except msgspec.DecodeError:
            raise BadData("D017", name, file=name) from None
    upto = max((each.seq for each in community.lists.values()), default=0)
    for seq, payload, activates in _recorded(store, upto):
        if activates:
            apply_activation(community, store, seq, payload)
        else:
            apply_recorded(community, store, seq, payload)
    if community.lists:
        settle(community)


def _recorded(store: Store, after: int) -> list[tuple[int, dict[str, Any], bool]]:
    """What the journal says of lists after a record, in order; and whether it is an activation."""
    found = [
        (seq, journal.read_json(text), control == "!config")
        for control in ("!list", "!config")
        for seq, _, text in store.all("controls_after", (control, after))
    ]
    return sorted(found, key=lambda each: each[0])


def is_about(record: journal.Record, name: str) -> bool:
    """Whether a record changed a list."""
    told = record.payload_json() if record.control in ("list", "config") else {}
    return bool(told.get("list") == name or name in told.get("watching", {}))


def of_store(path: Path) -> dict[str, Stored]:
    """The same of a store that nobody has opened yet, if it is there."""
    if not path.exists():
        return {}
    store = Store(path, readonly=True)
    try:
        return {} if store.empty else stored(store)
    except apsw.Error as error:
        raise BadData("D003", str(path), detail=str(error)) from None
    finally:
        store.close()


def stored(store: Store) -> dict[str, Stored]:
    """Which lists have been changed: when last, and whether anything came from elsewhere."""
    found = {row[0]: Stored(row[1], bool(row[2])) for row in store.all("list_seqs")}
    upto = max((each.seq for each in found.values()), default=0)
    for seq, payload, activates in _recorded(store, upto):
        for name in payload.get("watching", {}) if activates else (payload["list"],):
            before = found.get(name)
            came = bool(payload.get("imported")) or (before is not None and before.imported)
            found[name] = Stored(seq, came)
    return found
