"""A configuration is activated: compiled before, in force for every record after.

Windows it asks for anew are filled from the past, and its payload says from which place on they are
complete. This module must never read the operator's files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ombud import journal, refill
from ombud.activation import checking, compiling, standing
from ombud.activation.active import Active
from ombud.controls import elsewhere, forgotten, listed, staff, watching
from ombud.controls import standing as stood
from ombud.effects import Effect, Group, Hands
from ombud.errors import BadUse, catalogue
from ombud.gate import Kind
from ombud.journal import Control
from ombud.signals.counted import Window
from ombud.signals.observation import Joined, Observation
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store
from ombud.verdicts.community import Community
from ombud.windows import BEGINNING, NEAR, STALE, Clusters, Timeline

catalogue(
    U089=(
        "Entries from elsewhere have just come into lists that {rules} would act on alone.",
        "Nothing was changed. Add a line about the post itself to the rule, then reload.",
    ),
)

_TEXTS = ("rules", "policies", "lists", "claims", "models")  # what authors answer for
FILLING_STEP = 2000  # records read at a time when a new window is filled


def activate(hands: Hands, tx: Group, control: Control) -> Effect:
    """Activate the configuration in `sealed`; the payload carries its texts and horizons. Raises
    BadUse U089 where lists have changed since it was compiled so that it may not be in force, and
    as `staff.require` where who activates it may not: who `connects` a platform puts nothing else
    in force.
    """
    store, community = hands.store, hands.community
    active = control.sealed["active"]
    _bearable(community, active)
    connects = control.sealed.get("connects") and _same_texts(community.active, active)
    permission = "keys" if connects else "rules"
    author = staff.require(community, hands.keys, control.sealed["by"], permission)
    coming = standing.coming(community.active.standing, active.written)
    left = stood.left(store, coming) if coming and tx.seq > 1 else {}
    unnamed = people.unnamed(control.sealed["by"])
    active = compiling.succeed(community.active, active, tx.recv, author, left, unnamed=unnamed)
    watch, lines = watching.edited(hands, active, author, tx.recv)
    listed.apply_edited(community, tx.seq, watch, lines)
    changed = {
        name: checking.Stored(each.seq, each.imported) for name, each in community.lists.items()
    }
    active = compiling.with_lists(active, changed)  # as they are now: it was compiled before
    first = tx.seq == 1
    fillings, horizons, clusters = _Filling([], {}, {}) if first else _fill(hands, active)
    before = community.active
    models = forgotten.models(store, active)
    _put(community, store, tx.seq, active, horizons)
    for window, timeline, seq, place, key, value in fillings:
        community.timeline(timeline).add(window, key, value, place, seq)
    for timeline, found in clusters.items():
        community.timeline(timeline).clusters = found

    def write() -> None:
        store.many("add_content", [(digest, text) for digest, text in active.contents.items()])
        for name, told in watch.items():
            store.run("add_content", (told["content"], watching.text_of(lines[name])))
        forgotten.forget(store, models)
        store.many("add_filling", [(tx.seq, *row) for row in fillings])
        kept = {one.id for one in before.licences if one.kind is not Kind.CERTIFICATE}
        for each in sorted(kept - {one.id for one in active.licences}):
            store.run("end_licence", {"id": each, "seq": tx.seq})
        for one in active.licences:
            if one.id not in kept:
                row = (one.id, one.kind, one.clause, one.rule, one.hold, one.cap, tx.seq)
                store.run("add_licence", row)

    tx.later.append(write)
    payload = {
        **active.payload,
        "since": dict(active.since),
        "by": author,
        "standing": standing.as_json(active.standing),
        "horizons": {
            timeline: {str(number): place for number, place in sorted(found.items())}
            for timeline, found in sorted(horizons.items())
        },
        **({"watching": watch} if watch else {}),
    }
    return Effect(payload, "config", {"version": active.digest})


def _same_texts(before: Active, after: Active) -> bool:
    """Whether two configurations differ in settings and platforms alone."""
    then, now = (each.payload.get("sources", {}) for each in (before, after))
    return all(then.get(each) == now.get(each) for each in _TEXTS)


def _bearable(community: Community, active: Active) -> None:
    """Raise BadUse U089 where a rule would rest on entries that came from elsewhere while it was
    compiled.
    """
    then = active.payload["sources"].get("stored", {})
    now = {name: changes.imported for name, changes in community.lists.items()}
    wrong = elsewhere.resting(active, then, now)
    if wrong:
        raise BadUse("U089", "rules", rules=", ".join(wrong[:5]))


class _Filling(NamedTuple):
    """What the past puts into windows that are new: rows, from which place on they are complete,
    and the clusters of texts that were found on the way, by timeline.
    """

    rows: list[Row]
    horizons: dict[str, dict[int, int]]
    clusters: dict[str, Clusters]


def _fill(hands: Hands, active: Active) -> _Filling:
    """Entries of the past for windows not in use so far, and from which place on they are complete.

    A window that goes on with the same width keeps what it has. Where a body is gone, the window is
    complete only after that record.
    """
    community = hands.community
    new = {name: _new(active, line) for name, line in community.timelines.items()}
    texts = {name: _Texts(active, line) for name, line in community.timelines.items()}
    horizons = {
        name: {w.number: texts[name].horizon if w.near else BEGINNING for w in windows}
        for name, windows in new.items()
    }
    fillings: list[Row] = []
    reach = {
        name: line.community - STALE - active.widest for name, line in community.timelines.items()
    }
    if not any(new.values()):
        return _Filling([], {}, {})
    head = hands.store.one("last_record")
    until = (head and head[0]) or 0
    for row in _records(hands.store, 0, until):
        record = journal.Record(*row)
        if record.place is None or record.kind is None or record.place <= reach[record.timeline]:
            continue
        windows = [each for each in new[record.timeline] if record.kind in each.counter.kinds]
        if not windows:
            continue
        seen = journal.reread(hands.keys, record)
        if seen is None:
            reached = horizons[record.timeline]
            for window in windows:  # places of several sources are not in the order of the journal
                reached[window.number] = max(reached[window.number], record.place)
            continue
        if any(each.near for each in windows):
            texts[record.timeline].join(seen, record)
        for window in windows:
            found = [(window.number, *each) for each in window.entries(seen)]
            if found and window.near:
                found += texts[record.timeline].keep(seen, record)
            fillings += [
                (number, record.timeline, record.seq, record.place, key, value)
                for number, key, value in found
            ]
    for name, windows in new.items():  # a widened window starts again from the filling
        line = community.timelines[name]
        for window in windows:
            line.drop(window.number)
        if texts[name].afresh:
            line.drop(NEAR)
            horizons[name][NEAR] = BEGINNING
    clusters = {name: each.clusters for name, each in texts.items() if each.afresh}
    return _Filling(fillings, horizons, clusters)


def _new(active: Active, line: Timeline) -> list[Window]:
    """The windows that are to be filled. Where clusters are found anew, so are all windows whose
    keys they are.
    """

    def wider(number: int) -> bool:
        known = line.shapes.get(number)
        return known is None or known.width < active.shapes[number].width

    afresh = NEAR in active.shapes and wider(NEAR)
    return [w for w in active.windows if wider(w.number) or (w.near and afresh)]


class _Texts:
    """Which texts of the past are nearly the same: as rows have it, or found anew (`afresh`)."""

    def __init__(self, active: Active, line: Timeline) -> None:
        shape, known = active.shapes.get(NEAR), line.shapes.get(NEAR)
        self.afresh = shape is not None and (known is None or known.width < shape.width)
        self.clusters = Clusters()
        self.horizon = BEGINNING if self.afresh or known is None else line.since(NEAR)
        self.after = line.community - STALE - (0 if shape is None else shape.width)
        self.kept = 0  # seq of the record that was kept last

    def join(self, seen: Observation, record: journal.Record) -> None:
        """Tell an observation which clusters its text belongs to."""
        text = seen.shingles
        if not self.afresh:
            seen.joined = Joined(journal.clusters(record.entries))
        elif text is not None:
            seen.joined = self.clusters.join(text, record.seq, self.after)

    def keep(self, seen: Observation, record: journal.Record) -> list[tuple[int, int, int]]:
        """Take in a record's text, once; its entries."""
        if not self.afresh or self.kept == record.seq or not seen.joined or not seen.shingles:
            return []
        self.kept = record.seq
        self.clusters.keep(seen.joined.keys, seen.shingles, record.place or 0, record.seq)
        return [(NEAR, key, 0) for key in seen.joined.keys]


def _records(store: Store, after: int, until: int) -> Iterable[Row]:
    """Journal rows with bodies in short reads."""
    while after < until:
        rows = store.all("records", {"after": after, "until": min(until, after + FILLING_STEP)})
        yield from rows
        after += FILLING_STEP


def activate_recorded(
    community: Community,
    store: Store,
    keys: KeyFile,
    seq: int,
    active: Active,
    payload: Mapping[str, Any],
) -> None:
    """Apply a recorded activation: its horizons and fillings are read, not worked out again."""
    horizons = {
        name: {int(number): place for number, place in found.items()}
        for name, found in payload.get("horizons", {}).items()
    }
    for name, found in horizons.items():
        for number in found:
            community.timeline(name).drop(number)
    _put(community, store, seq, active, horizons)
    latest: refill.Latest = {}
    for window, timeline, filled, place, key, value in store.all("fillings", (seq,)):
        if window == NEAR:
            refill.note(latest, timeline, key, place)
        else:
            community.timeline(timeline).add(window, key, value, place, filled)
    refill.found(community, latest, lambda each: refill.text_of(store, keys, each), {})


def _put(
    community: Community,
    store: Store,
    seq: int,
    active: Active,
    horizons: Mapping[str, Mapping[int, int]],
) -> None:
    """Judge by a configuration from record `seq` on. Windows that go on and are now asked whose
    their entries are learn that from the journal.
    """
    before = {number for number, shape in community.active.shapes.items() if shape.members}
    before.update(number for found in horizons.values() for number in found)  # filled anew
    community.register.apply("config", seq, 0, {"manifest": active.manifest})
    community.activate(active, {name: dict(found) for name, found in horizons.items()})
    refill.remember(community, store, seq - 1, before)


def compiled(store: Store, payload: Mapping[str, Any]) -> Active:
    """The configuration of a recorded activation, compiled again from the texts it carries."""
    return compiling.from_payload(payload, lambda digest: _content(store, digest))


def _content(store: Store, digest: str) -> bytes:
    row = store.one("content", (digest,))
    return bytes(row[0]) if row else b""
