"""`replay --rules`: what other rules would have said of the same past.

Windows are built anew in the journal's order, and record n is judged by what lies before it: late
and backdated events count when they came, as they would have. Accepted posts follow what these
rules would have let through. What people would have done differently had a post been held is
unknown, and no rule here learns it: counterfactual without feedback.

Facts about the past stay facts: who was on duty, what was an emergency, and what was erased, which
is left out and counts in windows until its erasure. A record whose text is gone is not judged; it
moves the windows that its row still carries, and whatever reaches past it in another window is
unknown. Clauses count as if they had always been published in the words they have now. This module
must never write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ombud import journal, refill
from ombud.activation.active import Active
from ombud.controls import state
from ombud.journal import Record
from ombud.replay import records
from ombud.replay.reopened import Earlier, Reopened
from ombud.replay.tally import Case, Tally
from ombud.signals.observation import Observation
from ombud.signals.repeats import Shingles
from ombud.statements import concerned
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import POSTS, RESTRICTING, Community, Verdict, accepts
from ombud.verdicts.past import Known, established
from ombud.windows import NEAR, STALE, Timeline

NEVER = 1 << 62  # a seq that no erasure has


@dataclass(frozen=True, slots=True)
class Span:
    """The part of the past that is counted, by the events' own time."""

    since: int | None = None
    until: int | None = None

    def holds(self, time: int) -> bool:
        """Whether an event of an instant is counted."""
        return (self.since is None or time >= self.since) and (
            self.until is None or time < self.until
        )


class Others:
    """One run of other rules over the journal."""

    def __init__(
        self, store: Store, keys: KeyFile, active: Active, tally: Tally, span: Span, key: bytes
    ) -> None:
        """`key`: random bytes of this run."""
        self.store = store
        self.tally = tally
        self.span = span
        self.community = Community(keys.community, active)
        self.erased = records.erased(store)
        self.ahead = sorted(set(self.erased.values()))  # erasures still to come
        self.past = Reopened(keys, list(self.ahead), key)
        self.community.campaigns.earlier = Earlier(store, self.past)
        self.names: list[str] = []  # of the rules that judged then, as hits are numbered
        self.windows: frozenset[int] = frozenset()  # in use then
        self.gone: set[int] = set()
        self.torn = False  # something was erased that windows may still hold
        self.gaps: dict[tuple[str, int], dict[int, int]] = {}  # until which erasure, up to where
        self.kept: dict[str, list[tuple[int, int, bytes]]] = {}  # (seq, place, entries)
        self.reads = [
            frozenset(w.number for atom in rule.atoms() for f in atom.facts for w in f.windows)
            for rule in active.rules
        ]

    def run(self, until: int, progress: Callable[[int], None] | None = None) -> Tally:
        """Judge all records up to one, and count."""
        for record in records.in_order(self.store, until):
            if record.control is None:
                self._event(record)
            else:
                self._control(record)
            if record.seq % records.STEP == 0:
                self._trim()
                if progress is not None:
                    progress(record.seq)
        return self.tally

    # --- controls that are facts about the past ---------------------------------------------------

    def _control(self, record: Record) -> None:
        control = record.control or ""
        if control == "config":
            payload = record.payload_json()
            self.names = sorted(payload["manifest"]["rules"])
            self.windows = frozenset(map(int, payload["windows"]))
        elif control == "erasure":
            self._erase(record, record.payload_json())
        elif control in state.STATES:
            state.apply(self.community, control, record.payload_json())

    def _erase(self, record: Record, payload: dict[str, Any]) -> None:
        self.gone.update(payload["seqs"])
        self.ahead = [each for each in self.ahead if each > record.seq]
        self.torn = True
        for (timeline, number), until in self.gaps.items():
            if until.pop(record.seq, None) is not None:
                self._horizon(timeline, number)

    def _mend(self) -> None:
        """Make the windows anew without what was erased."""
        self.torn = False
        for name, line in self.community.timelines.items():
            line.clear()
            latest: refill.Latest = {}
            heirs: dict[tuple[str, int], int] = {}
            for seq, place, packed in self.kept.get(name, ()):
                if seq not in self.gone:
                    for number, key, value in journal.unpack_entries(packed):
                        if number == NEAR and key is not None:
                            refill.note(latest, name, key, place)
                            if key in self.gone:
                                heirs.setdefault((name, key), seq)  # the first that is left
                        else:
                            line.add(number, key or 0, value or 0, place, seq)
            refill.found(self.community, latest, self._text, heirs)
        if not self.ahead:
            self.kept.clear()

    def _text(self, seq: int) -> Shingles | None:
        """The text of a record as it is compared."""
        for row in self.store.all("records", {"after": seq - 1, "until": seq}):
            seen = self.past.seen(Record(*row))
            return None if seen is None else seen.shingles
        return None

    def _keep(self, record: Record, place: int, entries: journal.Entries) -> None:
        """Remember what a record put into windows, while an erasure is still to come."""
        packed = journal.pack_entries(entries) if self.ahead else None
        if packed:
            self.kept.setdefault(record.timeline, []).append((record.seq, place, packed))

    def _trim(self) -> None:
        widest = self.community.active.widest
        for name, entries in self.kept.items():
            reach = self.community.timelines[name].community - STALE - widest
            self.kept[name] = [each for each in entries if each[1] > reach]

    # --- events -----------------------------------------------------------------------------------

    def _event(self, record: Record) -> None:
        if self.torn:
            self._mend()
        time = record.time or 0
        if record.kind is None:
            self.community.timeline(record.timeline).arrive(record.source or "", time, record.recv)
            return
        seen = self.past.seen(record)
        if seen is None:
            self._lost(record)
            self.tally.without_body += self.span.holds(time)
            return
        verdict = self.community.judge(seen, record.timeline, time, record.recv, seq=record.seq)
        if verdict.place is not None:
            self._keep(record, verdict.place, verdict.entries)
        undecided = self._undecided(record, verdict)
        if undecided:
            self._as_recorded(record, seen, verdict)
        if self.span.holds(time):
            self.tally.count(self._case(record, seen, verdict, undecided))

    def _case(
        self, record: Record, seen: Observation, verdict: Verdict, undecided: frozenset[int]
    ) -> Case:
        recorded: frozenset[str] = frozenset()
        if record.hits is not None:
            fired = journal.unpack_hits(record.hits)[0]
            recorded = frozenset(self.names[each] for each in fired)
        person, established = None, False
        labelled = record.seq in self.tally.labels.by_record
        if verdict.fired or verdict.unknown or recorded or labelled:
            role = concerned(seen)
            person = seen.key(role)
            before = accepts(seen.kind, verdict) if role == "author" else False
            established = self._established(record, person, verdict.place, before)
        return Case(
            record.seq,
            seen.kind,
            seen.platform,
            verdict,
            person,
            established,
            recorded,
            undecided,
            self._members(verdict),
        )

    def _members(self, verdict: Verdict) -> dict[int, list[int | None]]:
        """By rule, who wrote the earlier posts of its campaign that it would act on."""
        authors = self.community.campaigns.authors
        return {
            rule: [authors.get(seq) for seq in seqs]
            for rule, seqs in verdict.campaign.recorded().items()
        }

    def _established(
        self, record: Record, person: int | None, place: int | None, own: bool
    ) -> bool:
        """Whether somebody was here for 30 days with 20 accepted posts; `own`: this one not."""
        if person is None or place is None:
            return False
        known = self.community.history(record.timeline, person)
        return established(known, place, own)

    # --- records without a text -------------------------------------------------------------------

    def _lost(self, record: Record) -> None:
        """Move on by what a record's row still says."""
        community, timeline = self.community, record.timeline
        line = community.timeline(timeline)
        place = line.arrive(record.source or "", record.time or 0, record.recv)
        if place is None:
            return
        dropped: set[int] = set()
        entries: journal.Entries = []
        for number, key, value in journal.unpack_entries(record.entries):
            if key is None or value is None:
                dropped.add(number)
            elif number == journal.SEEN:
                community.remember(key, timeline, place, accepted=False)
            elif number == NEAR or (number in line.shapes and line.shapes[number].near):
                dropped.add(number)  # clusters of then: in this run they are others
            else:
                line.add(number, key, value, place, record.seq)
                entries.append((number, key, value))
        self._keep(record, place, entries)
        community.remember(record.author, timeline, place, self._accepted(record))
        for window in community.active.windows_of[record.kind or ""]:
            if window.number not in self.windows or window.number in dropped:
                gaps = self.gaps.setdefault((timeline, window.number), {})
                until = self.erased.get(record.seq, NEVER)
                gaps[until] = max(gaps.get(until, place), place)
                self._horizon(timeline, window.number)

    def _accepted(self, record: Record) -> bool:
        """Whether a record counted as an accepted post then."""
        if record.kind not in POSTS:
            return False
        made = self.store.all("decisions_of_record", (record.seq,))
        own = [row[9] for row in made if row[8] == "rule" and row[16] == record.seq]
        return RESTRICTING.isdisjoint(own)

    def _horizon(self, timeline: str, number: int) -> None:
        """From which place on a window is complete."""
        line = self.community.timeline(timeline)
        whole = self.community.active.shapes[number].horizon
        horizon = max(self.gaps[timeline, number].values(), default=whole)
        line.shapes[number] = replace(line.shapes[number], horizon=horizon)

    def _undecided(self, record: Record, verdict: Verdict) -> frozenset[int]:
        """The rules that are unknown where a window they read has a gap."""
        if not (self.gaps and verdict.unknown) or verdict.place is None:
            return frozenset()
        line, place = self.community.timeline(record.timeline), verdict.place
        return frozenset(
            rule
            for rule in verdict.unknown
            if any(_gapped(line, number, place) for number in self.reads[rule])
        )

    def _as_recorded(self, record: Record, seen: Observation, verdict: Verdict) -> None:
        """Where a rule cannot be decided for lack of a past, the post counts as it did then."""
        author, then = seen.key("author"), self._accepted(record)
        now = accepts(seen.kind, verdict)
        known = self.community.history(record.timeline, author) if author else None
        if author and known is not None and now != then and verdict.place is not None:
            accepted = known.accepted + int(then) - int(now)
            self.community.histories[record.timeline, author] = Known(
                known.first, known.last, accepted
            )


def _gapped(line: Timeline, number: int, place: int) -> bool:
    shape = line.shapes[number]
    return place - shape.width < shape.horizon
