"""`replay --check` proves that every verdict follows from the journal.

Record by record, the configuration recorded then is compiled again, bodies are opened, signals,
windows and rules run, and what comes out is held against what was stored: the digest, the facts,
the place in time. Where a body is gone the recorded facts are judged instead, and counted apart.
Replay works on its own memory and reads the store; it must never write, and never take a stored
answer for its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ombud import journal, settled
from ombud.activation import compiling
from ombud.activation.active import EMPTY, QUIET
from ombud.clock import from_datetime
from ombud.controls import (
    certificates,
    demand,
    judged,
    listed,
    staff,
    standing,
    standing_order,
    state,
)
from ombud.controls.config import activate_recorded, compiled
from ombud.earlier import OfJournal
from ombud.errors import OmbudError
from ombud.gate.register import CONTROLS
from ombud.journal import Record
from ombud.model import Event, Value
from ombud.refill import refill
from ombud.replay import records
from ombud.replay.gaps import Gaps
from ombud.replay.outcome import Outcome
from ombud.replay.records import UNREADABLE
from ombud.signals.observation import Joined, Observation, kind_of
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.campaigns import Occasion
from ombud.verdicts.community import Community, Verdict, accepts, verdict_digest

STANDING = ("renewal", "approval")
JUDGING = ("review", "outcome")
REVERSING = ("undo", *JUDGING)
# without them what follows cannot be judged
JUDGED_BY = (
    *("config", "erasure", "list", "undo", standing_order.CONTROL),
    *(*STANDING, *JUDGING, *CONTROLS, *state.STATES),
)


class Replay:
    """One run over the journal."""

    def __init__(self, store: Store, keys: KeyFile) -> None:
        self.store = store
        self.keys = keys
        self.outcome = Outcome()
        self.community = Community(keys.community, EMPTY)
        self.community.campaigns.earlier = OfJournal(store, keys)
        self.community.register.licence_of = lambda decision: certificates.licence(store, decision)
        self.gaps = Gaps(store, self.community)
        self.reversals = settled.Reversals()
        self.activations: list[tuple[int, Mapping[str, Any]]] = []
        self.slots: list[str] = []  # the names that recorded facts are numbered by
        self.changed: set[int] = set()  # controls that say something else than was journalled
        self.seq = self.recv = self.config = 0

    def check(self, progress: Callable[[int], None] | None = None) -> Outcome:
        """Judge every record again and compare."""
        last = records.last(self.store)
        for record in records.in_order(self.store, last):
            if self.gaps.looks_erased(record):
                self.gaps.learn_erasures(self.seq)
            what = self._order(record)
            if record.control is None:
                self._event(record, what)
            elif not self._control(record, what):
                self.outcome.checked += last - record.seq
                self.outcome.not_recomputable += last - record.seq
                return self.outcome
            if progress is not None and record.seq % records.STEP == 0:
                progress(record.seq)
        if self.seq < last:
            self._missing()
        for seq in self.reversals.differing(self.store, last):
            self.outcome.checked += 1
            self.outcome.differs(seq, "whether its decision was undone or has ended")
        for seq in settled.uncommitted(self.store, self.keys, last):
            if seq not in self.changed:
                self.outcome.checked += 1
                self.outcome.differs(seq, "its line in the public log")
        return self.outcome

    def _order(self, record: Record) -> str:
        """Hold a record against the one before it; what is wrong, or nothing."""
        if record.seq != self.seq + 1:
            self._missing()
        what = "" if record.recv > self.recv else "its receive time"
        self.seq, self.recv = record.seq, max(self.recv, record.recv)
        return what

    def _missing(self) -> None:
        self.outcome.checked += 1
        self.outcome.differs(self.seq + 1, "it is missing")

    # --- controls ---------------------------------------------------------------------------------

    def _control(self, record: Record, what: str) -> bool:
        """Apply a recorded control; its payload is checked against its digest, never worked out
        again. Whether the rest of the journal can be judged.
        """
        self.outcome.checked += 1
        goes_on = True
        if verdict_digest(self.keys.community, record.payload) != record.verdict:
            what = "the control's content is not the one that was journalled"
            self.changed.add(record.seq)
        try:
            payload = record.payload_json()
            control = record.control or ""
            if control == "config":
                what = self._activate(record, payload) or what
            elif control == "erasure":
                self._erase(record.seq, payload)
            elif control == "list":
                listed.apply_recorded(self.community, self.store, record.seq, payload)
            elif control in state.STATES:
                state.apply(self.community, control, payload)
            elif control == standing_order.CONTROL:
                standing_order.apply(self.community, payload)
            elif control in STANDING:
                standing.apply(self.community, control, payload)
            elif control == "staff":
                staff.apply(self.community, payload)
            elif control in CONTROLS:
                register = self.community.register
                what = certificates.difference(register, control, payload) or what
                certificates.apply(self.community, control, record.seq, record.recv, payload)
            elif control == "undo" and "review" in payload:
                judged.take_back(self.community, payload)
            elif control in JUDGING:
                judged.apply(self.community, payload)
                what = what or settled.judged(self.store, self.keys, record.seq, payload)
            elif control == demand.CONTROL:
                what = what or settled.demanded(self.store, record.seq, payload)
            if control in REVERSING:
                self.community.register.apply(control, record.seq, record.recv, payload)
            self.reversals.note(control, record.seq, payload)
        except (OmbudError, *UNREADABLE):
            what, goes_on = "the control cannot be read", record.control not in JUDGED_BY
        self._count(record, "same", what)
        return goes_on

    def _count(self, record: Record, counter: str, what: str) -> None:
        if what:
            self.outcome.differs(record.seq, what)
        else:
            setattr(self.outcome, counter, getattr(self.outcome, counter) + 1)

    def _activate(self, record: Record, payload: dict[str, Any]) -> str:
        active = compiled(self.store, payload)
        hands = (self.store, self.keys)
        listed.apply_activation(self.community, self.store, record.seq, payload)
        activate_recorded(self.community, *hands, record.seq, active, payload)
        self.gaps.learn_erasures(self.seq)
        self.slots, self.config = payload["slots"], record.seq
        self.activations.append((record.seq, payload))
        self.gaps.in_new_windows(payload["horizons"])
        if compiling.digest(payload["manifest"]) != payload["config"]:
            return "the configuration's manifest does not give its digest"
        return ""

    def _erase(self, seq: int, payload: dict[str, Any]) -> None:
        self.gaps.gone.update(payload["seqs"])
        self.community.register.apply("erasure", seq, self.recv, payload)
        gone = frozenset(self.gaps.gone)
        refill(self.community, self.store, self.keys, self.activations, seq, gone)
        self.gaps.learn_erasures(self.seq)

    # --- events -----------------------------------------------------------------------------------

    def _event(self, record: Record, what: str) -> None:
        self.outcome.checked += 1
        counter = "same"
        try:
            event = journal.opened(self.keys, record)
            what = what or self._altered(record, event)
        except (OmbudError, *UNREADABLE):
            event = None
            self.gaps.learn_erasures(self.seq)
            what = what or ("" if record.seq in self.gaps.erased else "its body")
        try:
            counter, found = self._judged(record, event)
            what = what or found
            self.gaps.note(record)
        except UNREADABLE:
            what = what or "it cannot be read"
        self._count(record, counter, what)

    def _altered(self, record: Record, event: Event | None) -> str:
        """Whether the row says something else than the body does."""
        if record.config != self.config:
            return "the configuration it was judged by"
        if event is None:
            return ""
        said = (
            event.type,
            kind_of(event),
            event.source,
            from_datetime(event.time),
        )
        if said != (record.type, record.kind, record.source, record.time):
            return "its type, source or time"
        if record.content is None and record.seq not in self.gaps.erased:
            return "the digest of its content"
        return "" if self._identity(record, event) == record.identity else "its identity"

    def _identity(self, record: Record, event: Event) -> bytes:
        """The identity that a record's body gives it."""
        own = journal.identity(self.keys.community, event.source, event.id)
        if record.via == "publication":
            return journal.publication(self.keys.community, own)
        return own

    def _judged(self, record: Record, event: Event | None) -> tuple[str, str]:
        """Judge a record; the counter it belongs to, and what differs or nothing."""
        self.community.pass_ends(record.recv)
        if record.kind is None:
            return "same", self._unjudged(record)
        seen = None
        if event is not None and not self.community.active.otherwise:
            seen = journal.observed(self.keys, record, event)
        if seen is None:
            return self._from_row(record, event)
        if seen.key("author") != record.author:
            return "same", "its author"
        clusters = self.gaps.clusters(record)
        if clusters:
            seen.joined = Joined(clusters)
        if self.gaps.read_by(record):
            recorded = journal.unpack_facts(record.facts)
            found = self._difference(record, self._judge(record, seen, recorded))
            self.community.rooms.restore(self.store.all("room_actions_of", (record.seq,)))
            return "from_facts", found
        verdict = self._judge(record, seen)
        counter = "from_facts" if verdict.campaign.recalled or clusters else "same"
        return counter, self._difference(record, verdict)

    def _judge(
        self, record: Record, seen: Observation, recorded: dict[int, Value] | None = None
    ) -> Verdict:
        return self.community.judge(
            seen,
            record.timeline,
            record.time or 0,
            record.recv,
            recorded,
            seq=record.seq,
            campaign=journal.unpack_campaign(record.hits)[0],
            ordered=journal.unpack_ordered(record.hits),
            lasting=journal.unpack_lasting(record.hits),
        )

    def _unjudged(self, record: Record) -> str:
        """An event no rule judges still moves its stream."""
        if self._arrive(record) != record.place:
            return "its place in time"
        return "" if record.verdict == QUIET else "its verdict"

    def _arrive(self, record: Record) -> int | None:
        line = self.community.timeline(record.timeline)
        return line.arrive(record.source or "", record.time or 0, record.recv)

    def _difference(self, record: Record, verdict: Verdict) -> str:
        if verdict.place != record.place:
            return "its place in time"
        if verdict.digest != record.verdict:
            return "its verdict"
        if verdict.facts != journal.unpack_facts(record.facts):
            return "a fact"
        if (journal.pack_entries(verdict.entries) or None) != record.entries:
            return "a window key"
        hits = [list(verdict.fired), list(verdict.unknown)]
        if hits != list(journal.unpack_hits(record.hits)[:2]):
            return "the rules that fired"
        members, gone = journal.unpack_campaign(record.hits)
        found = verdict.campaign
        if found.recorded() != members or (not found.recalled and found.gone != gone):
            return "the members of its campaign"
        if verdict.ordered != journal.unpack_ordered(record.hits):
            return "the standing orders that reached it"
        if verdict.lasting != journal.unpack_lasting(record.hits):
            return "what lasted in its room"
        return settled.difference(self.store, self.keys, record, verdict)

    def _from_row(self, record: Record, event: Event | None) -> tuple[str, str]:
        """Judge from the recorded facts: the body is gone, or cannot be seen as it was."""
        place = self._move_on(record, event)
        recorded = self._recorded(record)
        # which room it is only the body says
        self.community.rooms.restore(self.store.all("room_actions_of", (record.seq,)))
        if recorded is None or record.kind is None:
            self._take_as_settled(record)
            return "not_recomputable", ""
        judgement = self.community.active.judge_recorded(record.kind, recorded)
        now = Occasion(
            record.timeline,
            (record.source or "").partition("/")[0],
            record.time or 0,
            record.recv,
            record.seq,
            campaign=journal.unpack_campaign(record.hits)[0],
            ordered=journal.unpack_ordered(record.hits),
            lasting=journal.unpack_lasting(record.hits),
        )
        verdict = self.community.settle(judgement, recorded, now)
        if place is not None:
            accepted = accepts(record.kind, verdict)
            self.community.remember(record.author, record.timeline, place, accepted)
        if place != record.place:
            return "from_facts", "its place in time"
        if verdict.digest != record.verdict:
            return "from_facts", "its verdict, from the recorded facts"
        return "from_facts", settled.difference(self.store, self.keys, record, verdict)

    def _take_as_settled(self, record: Record) -> None:
        """What cannot be judged again was acted on all the same: no later campaign does so."""
        for row in self.store.all("decisions_of_record", (record.seq,)):
            self.community.campaigns.mark((row[16],), row[9])
            if not record.timeline:
                self.community.register.acted(row[10], row[16], record.recv)

    def _recorded(self, record: Record) -> dict[int, Value] | None:
        """The recorded facts as this program numbers them; None where it does not know one."""
        facts, slots = journal.unpack_facts(record.facts), self.community.active.plan.slots
        if self.slots == list(slots):
            return facts
        numbers = {name: number for number, name in enumerate(slots)}
        if any(self.slots[slot] not in numbers for slot in facts):
            return None
        return {numbers[self.slots[slot]]: value for slot, value in facts.items()}

    def _move_on(self, record: Record, event: Event | None) -> int | None:
        """Move windows and histories by the keys the row kept; a cluster it founded, by its text,
        where that can be read.
        """
        place = self._arrive(record)
        line = self.community.timeline(record.timeline)
        for number, key, value in journal.unpack_entries(record.entries):
            if place is None or key is None or value is None:
                continue
            if number == journal.SEEN:
                self.community.remember(key, record.timeline, place, accepted=False)
            else:
                line.add(number, key, value, place, record.seq)
                if number in line.members:
                    self.community.campaigns.authors[record.seq] = record.author
        clusters = journal.clusters(record.entries)
        if clusters and place is not None:
            if event is not None:
                seen = Observation(event, record.kind or "", self.keys)
                if seen.shingles is not None:
                    line.keep(clusters, seen.shingles, place, record.seq)
            elif record.seq in clusters and record.seq not in self.gaps.erased:
                line.lose(record.seq, place)  # nobody can be compared with it any more
        return place
