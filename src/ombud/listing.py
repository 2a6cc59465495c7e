"""What is shown of lists: how many entries, where they come from, what became of them.

Shows what is in force, files and changes together, as the journal has it. This module must never
change a list, and reads no list file: what was edited and not yet reloaded is not in force.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ombud import journal
from ombud.activation.active import EMPTY
from ombud.clock import DAY, rfc3339
from ombud.controls import listed
from ombud.controls.config import compiled
from ombud.errors import BadUse
from ombud.rules.entries import asks
from ombud.signals.lists import Kept
from ombud.signals.lists.changes import Changes
from ombud.signals.lists.terms import NEVER, TermList, key
from ombud.store.sqlite import Row, Store
from ombud.track import Track
from ombud.verdicts.community import Community

SOON = 30 * DAY  # entries that end within this are told as ending soon
SOURCES_MAX = 20
STATES = ("counts", "watch", "capped", "ended", "removed", "quarantined")


class Entry(NamedTuple):
    """One entry of a list itself, not of what it includes."""

    key: str
    term: str
    source: str
    expires: int | None
    where: str  # "file" or "store"
    state: str  # one of STATES
    batch: int | None = None  # with what it is on watch


def in_force(store: Store) -> Community:
    """The lists in force, and the rules that ask them."""
    community = Community(b"", EMPTY)
    listed.restore(community, store)
    rows = store.all("controls", ("!config",))
    if rows:
        community.activate(compiled(store, journal.read_json(rows[-1][2])), {})
        listed.settle(community)
    return community


def _all(community: Community) -> dict[str, Kept]:
    """All lists by name, also those begun since, which no rule can have asked yet."""
    found = dict(community.active.lists)
    for name, changes in community.lists.items():
        if name not in found:
            found[name] = Kept(TermList(name, (), stars=True))
            found[name].changes = changes
    return found


def overview(store: Store, now: int) -> list[dict[str, Any]]:
    """Every list with its counts."""
    community = in_force(store)
    return [_counts(community, kept, now) for _, kept in sorted(_all(community).items())]


def shown(
    store: Store, name: str, now: int, *, state: str | None, limit: int, skip: int
) -> dict[str, Any]:
    """One list with a part of its entries. Raises BadUse U090 where there is none of the name."""
    community = in_force(store)
    known = _all(community)
    kept = known.get(name)
    if kept is None:
        near = difflib.get_close_matches(name, list(known), n=1)
        hint = f'Did you mean "{near[0]}"?' if near else "`ombud lists list` shows all."
        raise BadUse("U090", "list", name=name, hint=hint)
    wanted = [each for each in entries(kept, now) if state is None or each.state == state]
    records = {
        row[0]: (Track.decoded(row[1]), row[2]) for row in store.all("list_records", (name,))
    }
    going = {row[0]: row[1:] for row in store.all("list_goings", (name, now))}
    published = {row[0]: row for row in store.all("policy_rules", (name,))}
    refused = {row[0]: row for row in store.all("list_refusals", (name,))}
    seen = {known: track.matches for known, (track, _) in records.items()}
    items = [
        {
            **_item(each),
            "watch": _batch(kept.changes, each, seen),
            "going": _going(going.get(each.key)),
            "published": _published(published.get(each.key)),
            "refused": _refused(refused.get(each.key)),
            **_record(*records.get(each.key, (Track(), 0))),
        }
        for each in wanted[skip : skip + limit]
    ]
    return {
        **_counts(community, kept, now),
        "matches": sum(track.matches for track, _ in records.values()),
        "undone": sum(undone for _, undone in records.values()),
        "shown": len(wanted),
        "items": items,
    }


def entries(kept: Kept, now: int) -> Iterator[Entry]:
    """The entries of a list itself: those of its file, then those of the store."""
    changes = kept.changes
    on_watch = changes.on_watch(now) if changes else {}
    capped = changes.capped if changes else {}
    spoken = changes.spoken if changes else set()
    quarantine = changes.quarantine if changes else {}
    added = {key(term) for term, _, _ in changes.entries()} if changes and spoken else set()
    written = kept.written
    for term in written.terms:
        known = key(term)
        if known in added and known in spoken:
            continue  # the store has the last word on it
        end, state, batch = written.expires.get(term), "removed", None
        if known not in spoken:
            if changes and on_watch:
                batch = changes.edited_by(known, on_watch)
            state = _state(known in quarantine, written.ends.get(known), now, batch)
            state = "capped" if state == "counts" and known in capped else state
        yield Entry(known, term, written.sources.get(term, ""), end, "file", state, batch)
    for part in changes.parts if changes else ():
        for term, source, end in part.entries():
            known = key(term)
            batch = part.batch_of(known, on_watch) if on_watch else None
            state = _state(known in quarantine, end, now, batch)
            state = "capped" if state == "counts" and known in capped else state
            yield Entry(known, term, source, end, "store", state, batch)
    for known in sorted(quarantine.keys() & spoken):
        if changes and not changes.here(known, -NEVER):  # taken back; here it stays out
            yield Entry(known, known, "", None, "store", "quarantined")


def _state(quarantined: bool, end: int | None, now: int, batch: int | None) -> str:
    if quarantined:
        return "quarantined"
    if end is not None and end <= now:
        return "ended"
    return "counts" if batch is None else "watch"


def _batch(changes: Changes | None, entry: Entry, seen: Mapping[str, int]) -> Any:
    """How an entry is on watch: until when, or why until a person confirms it; and how much all
    that came with it has matched.
    """
    if changes is None or entry.state != "watch" or entry.batch is None:
        return None
    batch = entry.batch
    told, size = changes.batches[batch], changes.size_of(batch)
    came = [each for each in seen if size > 1 and changes.came_with(batch, each)]
    return {
        "until": None if told.until == NEVER else rfc3339(told.until),
        "why": told.why,
        "looked": told.looked,
        "matched": told.matched,
        "entries": size,
        "seen": sum(map(seen.__getitem__, came)) if size > 1 else seen.get(entry.key, 0),
    }


def _going(asked: tuple[Any, ...] | None) -> dict[str, str] | None:
    """What somebody asked for of an entry that lets people off, and how long that waits."""
    return None if asked is None else {"do": asked[0], "until": rfc3339(asked[1])}


def _published(row: Row | None) -> dict[str, Any] | None:
    """Where somebody else publishes an entry, or did."""
    if row is None:
        return None
    _, room, event, kind, recommendation, writer, reason, written, ended = row
    return {
        "room": room,
        "event": event,
        "kind": kind,
        "recommendation": recommendation,
        "by": writer,
        "reason": reason,
        "written": rfc3339(written),
        "ended": None if ended is None else rfc3339(ended),
    }


def _refused(row: Row | None) -> dict[str, Any] | None:
    """Why somebody here lets an entry not count."""
    return None if row is None else {"reason": row[1], "since": rfc3339(row[3])}


def _counts(community: Community, kept: Kept, now: int) -> dict[str, Any]:
    found = list(entries(kept, now))
    states = Counter(each.state for each in found)
    sources = Counter(each.source for each in found if each.source)
    files = community.active.payload.get("sources", {}).get("lists", {})
    return {
        "name": kept.name,
        "file": f"{kept.name.replace(' ', '-')}.txt" in files,
        "entries": states["counts"],
        **{state: states[state] for state in STATES[1:]},
        "added": sum(each.where == "store" for each in found),
        "ending_soon": sum(
            each.state == "counts" and each.expires is not None and each.expires <= now + SOON
            for each in found
        ),
        "sources": dict(sources.most_common(SOURCES_MAX)),
        "includes": [each.name for each in kept.includes],
        "room": kept.changes.room if kept.changes else "",
        "rules": _rules(community, kept.name),
        "last_change": kept.changes.seq if kept.changes else None,
    }


def _rules(community: Community, name: str) -> list[str]:
    """The rules in force that ask a list, by whatever way."""
    active = community.active
    return [
        rule.name
        for rule in active.rules
        if any(
            name in {each.name for each in active.lists[found[0]].reach}
            for found in map(asks, rule.atoms())
            if found is not None
        )
    ]


def _record(track: Track, undone: int) -> dict[str, Any]:
    """What an entry has done so far."""
    return {
        "matches": track.matches,
        "people": len(track.people),
        "undone": undone,
        "first": _day(track.first) if track.matches else None,
        "last": _day(track.last) if track.matches else None,
    }


def _day(number: int) -> str:
    return rfc3339(number * DAY)[:10]


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "term": entry.term,
        "where": entry.where,
        "state": entry.state,
        "source": entry.source,
        "expires": rfc3339(entry.expires) if entry.expires is not None else None,
    }
