"""Which entries of lists made rules fire, kept beside the verdicts: their track records.

Looked at only where a rule has fired, or would have by an entry on watch; rules on watch count too.
Nothing in here changes a verdict: an entry that suddenly hits established people is put in
quarantine by a control of its own. One
that also exempts (`unless`, `not`) in any rule stays: quarantine would make that rule fire on those
whom the entry lets through. Names that are only resembled are not counted, since it is those who
pretend that resemble the names of staff.
This module must never keep who it was.
"""

from __future__ import annotations

from collections.abc import Iterable

from ombud import ids
from ombud.activation.active import Active
from ombud.clock import DAY
from ombud.model import Value
from ombud.rules.checked import Branch, Leaf
from ombud.rules.entries import entries_of
from ombud.signals.observation import Observation
from ombud.store.sqlite import Store
from ombud.track import Sudden, Track
from ombud.transaction import Transaction
from ombud.verdicts.community import RESTRICTING, Community, Verdict, accepts
from ombud.verdicts.past import established

ENTRIES_MAX = 16  # of one event
BUSY = 100  # matches of one day from which on time is not enough for an entry on watch
SUDDEN = "list entry sudden"  # why the case is there


def note(
    store: Store,
    tx: Transaction,
    community: Community,
    seen: Observation,
    verdict: Verdict,
    decisions: Iterable[str],
) -> None:
    """Count an event of live traffic for the entries by which rules fired on it. An entry that is
    sudden by now opens a case, and is put in quarantine where it hits established people.
    """
    if verdict.place is None:
        return
    active = community.active
    found: dict[tuple[str, str], int] = {}
    for rule in verdict.fired:
        for each in _entries(active, rule, seen, verdict.facts):
            if len(found) < ENTRIES_MAX:
                found.setdefault(each, rule)
    tx.list_matches += [(decision, *each) for decision in decisions for each in found]
    on_watch = {each[:2]: each.rule for each in verdict.would[:ENTRIES_MAX]}
    token = seen.key("author")
    settled = token is not None and established(
        community.history("", token), verdict.place, accepts(seen.kind, verdict)
    )
    for (name, entry), rule in {**found, **on_watch}.items():
        track = tx.tracks.get((name, entry))
        if track is None:
            row = store.one("list_record", (name, entry))
            track = tx.tracks[name, entry] = Track.decoded(row[0] if row else None)
        track.match(verdict.place, _person(community, name, entry, token), established=settled)
        if (name, entry) in found:
            track.restrict(tx.recv // DAY, _restricted(verdict, rule))
        about = active.rules[rule]
        here = Sudden(name, entry, about.name, about.clause.id)
        if track.misfires and name not in active.exempting:
            tx.sudden[name, entry] = here
        elif track.over_cap:
            tx.sudden[name, entry] = here._replace(do="cap")
        elif (name, entry) in on_watch and track.today > BUSY:
            tx.sudden[name, entry] = here._replace(do="hold")
        elif track.tell():
            tx.opens(about.clause.id, about.name, "review", SUDDEN)


def _restricted(verdict: Verdict, rule: int) -> int:
    """How many subjects a rule has just restricted: the event, and members of its campaign."""
    here = sum(rule in each.rules and each.action in RESTRICTING for each in verdict.chosen)
    return min(here, 1) + sum(
        len(each.seqs)
        for each in verdict.targets
        if rule in each.chosen.rules and each.chosen.action in RESTRICTING
    )


def _person(community: Community, name: str, entry: str, token: int | None) -> bytes | None:
    """Somebody as one entry knows them."""
    if token is None:
        return None
    content = f"{name}\0{entry}\0{token}".encode()
    return ids.keyed_digest(community.key, "list person", content)[:8]


def _entries(
    active: Active, rule: int, seen: Observation, facts: dict[int, Value]
) -> Iterable[tuple[str, str]]:
    """The entries that a fired rule rests on: those of true conditions of its `when`."""
    slots = active.plan.slots
    true = {slots[slot] for slot, value in facts.items() if value is True}
    for line in active.rules[rule].when:
        for leaf in line.leaves if isinstance(line, Branch) else (line,):
            if _rests(leaf, true):
                yield from entries_of(leaf.atom, active.lists, seen)


def _rests(leaf: Leaf, true: set[str]) -> bool:
    return not leaf.negated and leaf.atom.slot in true
