"""What the rules say about one event: windows -> facts -> plan -> licence -> verdict.

One class, `Community`, is everything a verdict rests on. It changes only through `judge` and
`apply`, and both are given time and facts; so the live engine, recovery and replay run this same
code over the same records and arrive at the same verdicts. This module must never read a clock,
draw a random number or touch the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from ombud import decisions, gate, ids, journal
from ombud.activation.active import QUIET, Active
from ombud.gate.register import Register
from ombud.gate.standing_order import Orders, StandingOrder
from ombud.model import Value
from ombud.rules.plan import Judgement
from ombud.signals.lists.changes import Changes
from ombud.signals.observation import Observation
from ombud.staff.roles import Members
from ombud.verdicts.apart import apart
from ombud.verdicts.campaigns import Campaigns, Found, Occasion, Recorded
from ombud.verdicts.choices import Asked, Choice, Chosen, Target, Uses, choose
from ombud.verdicts.onwatch import Watch, Would, watching
from ombud.verdicts.past import EventPast, Known, LoadHistory, established, no_history
from ombud.verdicts.rooms import Rooms
from ombud.windows import NEAR, Shape, Timeline

POSTS = frozenset({"post", "reply"})
RESTRICTING = frozenset(gate.NEEDS)
HISTORIES_KEPT = 200_000
NO_CHOICE = Choice()

_packer = msgspec.msgpack.Encoder()


class Verdict(msgspec.Struct):
    """What the rules say about one event. Rules are indices into the plan that judged it."""

    place: int | None
    fired: tuple[int, ...]
    unknown: tuple[int, ...]
    faults: tuple[str, ...]
    facts: dict[int, Value]
    entries: journal.Entries
    chosen: tuple[Chosen, ...]
    asked: tuple[Asked, ...]
    digest: bytes
    targets: tuple[Target, ...] = ()  # what is done to earlier members of its campaign
    campaign: Found = msgspec.field(default_factory=Found)
    ordered: tuple[str, ...] = ()  # the standing orders that reached it
    lasting: tuple[str, ...] = ()  # what a rule asked for in its room before, and would have again
    would: tuple[Would, ...] = ()  # beside it: which entries on watch would have changed it

    @property
    def action(self) -> str:
        """What the event is answered: an action's name, or "allow"."""
        if not self.chosen:
            return "allow"
        return decisions.strongest([chosen.action for chosen in self.chosen])


@dataclass(slots=True)
class Community:
    """Everything a verdict rests on. `key` is the community's digest key."""

    key: bytes
    active: Active
    load_history: LoadHistory = no_history
    timelines: dict[str, Timeline] = field(default_factory=dict)
    histories: dict[tuple[str, int], Known] = field(default_factory=dict)
    changed: set[tuple[str, int]] = field(default_factory=set)  # histories not yet in the store
    quiet: dict[tuple[int, ...], bytes] = field(default_factory=dict)  # digests by unknown rules
    used: Uses = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)  # until when each state holds, of receipt
    campaigns: Campaigns = field(default_factory=Campaigns)
    lists: dict[str, Changes] = field(default_factory=dict)  # what was done to lists by controls
    staff: Members = field(default_factory=dict)  # who runs the community, by token
    orders: Orders = field(default_factory=dict)  # standing orders, by id
    register: Register = field(default_factory=Register)  # samples and certificates
    rooms: Rooms = field(default_factory=Rooms)  # what rules have asked of rooms, while it lasts
    noting: bool = False  # whether anybody asks what entries on watch would change: by `watch`
    watch: Watch | None = None

    # --- time -------------------------------------------------------------------------------------

    def timeline(self, name: str) -> Timeline:
        """A timeline, new or known, with the windows in use."""
        known = self.timelines.get(name)
        if known is None:
            known = self.timelines[name] = Timeline()
            known.use(dict(self.active.shapes))
        return known

    def history(self, timeline: str, account: int) -> Known | None:
        """What is known of an account before the event being judged."""
        known = self.histories.get((timeline, account))
        if known is None:
            known = self.load_history(timeline, account)
            if known is not None:
                self.histories[timeline, account] = known
        return known

    def state(self, timeline: str, name: str, recv: int) -> bool | None:
        """Whether a state set by controls holds at `recv`; None in a history read in beside, of
        which today's state says nothing.

        That nobody ever said who is on duty does not mean that nobody is: None. An emergency is
        what somebody declares, so none was if nobody did.
        """
        if timeline:
            return None
        until = self.states.get(name)
        if until is None:
            return None if name == "duty" else False
        return recv < until

    def pass_ends(self, recv: int) -> None:
        """Let go of rules whose time on watch has ended by `recv`."""
        if recv >= self.active.next_end:
            self.active = self.active.at(recv)

    # --- judgement --------------------------------------------------------------------------------

    def judge(
        self,
        seen: Observation,
        timeline: str,
        time: int,
        recv: int,
        recorded: dict[int, Value] | None = None,
        *,
        seq: int = 0,
        campaign: Recorded | None = None,
        ordered: Sequence[str] = (),
        lasting: Sequence[str] = (),
    ) -> Verdict:
        """Judge the event of record `seq`; windows and histories move on by it.

        With `recorded` facts (by slot) these are judged instead of what the signals say. `campaign`
        is what the row says of its members: gone by then, and where one of them cannot be looked
        at any more; `ordered` what it says of standing orders, `lasting` of its room.
        """
        self.pass_ends(recv)
        line = self.timeline(timeline)
        place = line.arrive(seen.event.source, time, recv)
        seen.at, seen.claims = min(time, recv), self.active.claims
        entries: journal.Entries = []
        faults: tuple[str, ...] = ()
        if place is not None:
            seen.place, seen.past = place, EventPast(self, timeline, line, place, recv, seq)
            faults = self._count(seen, line, place, seq, entries)
        if recorded is None:
            judgement = self.active.plan.judge(seen)
            facts = judgement.read
            if judgement.fired:
                facts.update(self.active.facts_of(judgement.fired, seen))
        else:
            judgement, facts = self.active.judge_recorded(seen.kind, recorded), recorded
        known = seen if recorded is None else None
        told = (campaign, ordered, lasting)
        now = Occasion(timeline, seen.platform, time, recv, seq, place, known, *told)
        verdict = self.settle(judgement, facts, now)
        verdict.faults += faults
        if self.watch is not None and known is not None and place is not None:
            verdict.would = self.watch.would(self.active, seen, judgement.fired, facts)
        verdict.place, verdict.entries = place, entries
        if place is not None:
            self.remember(seen.key("author"), timeline, place, accepts(seen.kind, verdict))
            for role in ("reporter", "server"):
                token = seen.key(role)
                if token is not None:
                    entries.append((journal.SEEN, token, 0))
                    self.remember(token, timeline, place, accepted=False)
        return verdict

    def settle(self, judgement: Judgement, facts: dict[int, Value], now: Occasion) -> Verdict:
        """From what fired to what is done: licences, caps, the strongest action, the digest."""
        choice, fired_facts = NO_CHOICE, {}
        ordered: Mapping[int, StandingOrder] = {}
        if judgement.fired:
            if self.orders:
                ordered = self._ordered(judgement.fired, now)
            fired_facts = {slot: facts.get(slot) for slot in self.active.slots_of(judgement.fired)}
            choice = choose(
                self.active,
                judgement.fired,
                now,
                self.used,
                lambda wanted: self.campaigns.find(
                    self.active, wanted, fired_facts, now, self.timeline(now.timeline), self.history
                ),
                ordered,
                lambda action: self._lasts(action, now),
            )
        for each in choice.chosen:
            self.mark((now.seq,), each, now)
            if each.target == "room" and each.duration is not None and now.seen is not None:
                end = now.recv + each.duration
                self.rooms.mark(now.timeline, self._room(now.seen), each.action, end, now.recv)
        for target in choice.targets:
            self.mark(target.seqs, target.chosen, now)
        return Verdict(
            place=None,
            fired=judgement.fired,
            unknown=judgement.unknown,
            faults=judgement.faults,
            facts=facts,
            entries=[],
            chosen=choice.chosen,
            asked=choice.asked,
            digest=self._digest(judgement, fired_facts, choice),
            targets=choice.targets,
            campaign=choice.campaign,
            ordered=tuple(sorted(each.id for each in ordered.values())),
            lasting=choice.lasting,
        )

    def _lasts(self, action: str, now: Occasion) -> bool:
        """Whether a rule's action still lasts in the room of what is judged. Where that is not
        looked at, what its row says is gone by.
        """
        if now.seen is None:
            return action in now.lasting
        room = self._room(now.seen)
        return self.active.once and self.rooms.lasts(now.timeline, room, action, now.recv)

    def _room(self, seen: Observation) -> bytes:
        """The room of what is judged, as the decisions about it name it."""
        named = decisions.subject_of(seen.event, seen.kind, "room")
        return decisions.lane(self.key, self.active.connector(seen.platform), named)

    def _ordered(self, fired: tuple[int, ...], now: Occasion) -> dict[int, StandingOrder]:
        """By rule that fired, the standing order that reaches what is judged. Where the post itself
        is not looked at, what its row says of them is gone by.
        """
        if now.timeline:
            return {}
        versions = {(self.active.names[rule], self.active.versions[rule]): rule for rule in fired}
        given = [
            (rule, each)
            for each in self.orders.values()
            if (rule := versions.get((each.rule, each.version))) is not None
            and self.active.clause_version(each.clause) == each.clause_version
        ]
        if now.seen is None:
            return {rule: each for rule, each in given if each.id in now.ordered}
        if not given:  # clusters are worked out for what an order could reach, and for nothing else
            return {}
        joined, room = now.seen.joined, now.seen.key("room")
        clusters = () if joined is None else joined.keys
        reached = {rule: each for rule, each in given if each.reaches(clusters, room, now.recv)}
        return {} if reached and self._apart(now.seen, now) else reached

    def _apart(self, seen: Observation, now: Occasion) -> bool:
        """Whether a post is never decided together with others."""
        author, place = seen.key("author"), now.place
        known = None if author is None else self.history(now.timeline, author)
        return apart(seen, settled=place is not None and established(known, place)) is not None

    def mark(self, seqs: Iterable[int], done: Chosen, now: Occasion) -> None:
        """Remember what was done to some records, for campaigns and for audits."""
        self.campaigns.mark(seqs, done.action)
        if not now.timeline:
            for seq in seqs:
                self.register.acted(done.licence, seq, now.recv)

    def _count(
        self, seen: Observation, line: Timeline, place: int, seq: int, entries: journal.Entries
    ) -> tuple[str, ...]:
        """Put the event into every window that counts it; the windows it could not be put into."""
        faults = []
        near = False
        for window in self.active.windows_of[seen.kind]:
            try:
                found = window.entries(seen)
            except Exception:  # noqa: BLE001 -- a record that raises is judged all the same
                faults.append(window.name)
                continue
            for key, value in found:
                entries.append((window.number, key, value))
                line.add(window.number, key, value, place, seq)
                if window.number in line.members:
                    self.campaigns.authors[seq] = seen.key("author")
            near = near or (window.near and bool(found))
        if near and seen.joined is not None and seen.shingles is not None:
            line.keep(seen.joined.keys, seen.shingles, place, seq)
            entries += [(NEAR, key, 0) for key in seen.joined.keys]
        return tuple(faults)

    def remember(self, token: int | None, timeline: str, place: int, accepted: bool) -> None:
        """Move an account's history on by one event."""
        if not token:
            return
        known = self.history(timeline, token)
        if known is None:
            known = Known(place, place, int(accepted))
        else:
            known = Known(
                min(known.first, place), max(known.last, place), known.accepted + int(accepted)
            )
        self.histories[timeline, token] = known
        self.changed.add((timeline, token))

    def _digest(self, judgement: Judgement, facts: Mapping[int, Value], choice: Choice) -> bytes:
        """16 bytes that stand for the verdict: no id, salt, text or delivery in it (design
        section 10). The members of a campaign are covered by seq, where there are any.
        """
        if not judgement.fired:
            return self._quiet(judgement.unknown)
        names, slots = self.active.names, self.active.plan.slots
        content: list[object] = [
            [(names[rule], self.active.versions[rule]) for rule in judgement.fired],
            [names[rule] for rule in judgement.unknown],
            sorted((slots[slot], value) for slot, value in facts.items()),
            [
                (each.action, each.target, each.licence, each.clause, each.duration)
                for each in choice.chosen
            ],
        ]
        if choice.targets:
            content.append(
                [
                    (each.seqs, done.action, done.licence, done.clause, done.duration)
                    for each in choice.targets
                    for done in (each.chosen,)
                ]
            )
        return verdict_digest(self.key, content)

    def _quiet(self, unknown: tuple[int, ...]) -> bytes:
        """The digest of a verdict by which nothing fired: the same for the same unknown rules."""
        known = self.quiet.get(unknown)
        if known is None:
            names = [self.active.names[rule] for rule in unknown]
            known = verdict_digest(self.key, ([], names, [], [])) if names else QUIET
            self.quiet[unknown] = known
        return known

    # --- controls ---------------------------------------------------------------------------------

    def activate(self, active: Active, horizons: Mapping[str, Mapping[int, int]]) -> None:
        """Judge by another configuration from now on; `horizons` by timeline and window."""
        self.active = active
        self.license()
        self.quiet.clear()
        self.attach()
        for name, line in self.timelines.items():
            line.use(_shapes(active, line, horizons.get(name, {})))

    def license(self) -> None:
        """Let rules act by the certificates there are, beside the licences of the configuration."""
        own = [each for each in self.active.licences if each.kind is not gate.Kind.CERTIFICATE]
        licences = (*own, *self.register.licences())
        if licences != self.active.licences:
            self.active = replace(self.active, licences=licences)

    def attach(self, name: str = "", *, noting: bool = False) -> None:
        """Let the lists of the configuration see the changes: all, or those that reach `name`."""
        lists = self.active.lists.values()
        for kept in lists:
            kept.changes = self.lists.get(kept.name)
        for kept in lists:
            if not name or any(each.name == name for each in kept.reach):
                kept.refresh()
        self.noting = self.noting or noting
        self.watch = watching(self.active) if self.noting else None

    def trim(self) -> None:
        """Let go of histories that the store has anyway."""
        if len(self.histories) > HISTORIES_KEPT and not self.changed:
            self.histories.clear()
        self.campaigns.trim(HISTORIES_KEPT)
        today = max((day for _, _, day in self.used), default=0)
        self.used = {use: often for use, often in self.used.items() if use[2] >= today - 1}


def _shapes(active: Active, line: Timeline, horizons: Mapping[int, int]) -> dict[int, Shape]:
    """The new windows of a timeline; one that goes on keeps the horizon it had."""
    shapes = {}
    for number, shape in active.shapes.items():
        known = line.shapes.get(number, shape).horizon
        shapes[number] = replace(shape, horizon=horizons.get(number, known))
    return shapes


def accepts(kind: str | None, verdict: Verdict) -> bool:
    """Whether the event counts as an accepted post of its author; not where its room is restricted
    on its account, though others were before.
    """
    return kind in POSTS and verdict.action not in RESTRICTING and not verdict.lasting


def verdict_digest(key: bytes, content: object) -> bytes:
    """The keyed digest of a verdict's content."""
    return ids.keyed_digest(key, "verdict", _packer.encode(content))
