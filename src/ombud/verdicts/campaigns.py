"""Which earlier posts belong to the campaign that an event is part of.

A rule that acts on `campaign` acts on the event, and on the posts before it that share with it what
the rule's repeats lines count: the same text, the same site. Line by line: a post must share what
every such line asks for; of the lines in an `any of`, one that holds. Of several keys (a post with
three links) the one that was counted most is gone by. Of "resembles recent names" those are members
whose names resemble the judged one as the line asks for.

Left out are posts of established accounts, posts that an `unless` of the rule would let off now,
posts of another kind than the rule is for, posts older than the clause's wording, and posts that
were acted on already: each is acted on once, and what a person took back stays taken back. Where a
platform holds nothing that is published, and so none that was let pass, a member is no more than
named (`Found.out`): a person is shown it beside the rest.

Everything here follows from windows, histories and earlier verdicts. What an earlier post says is
asked through `Earlier`; where that cannot be opened any more the post is left out and counted, or,
in replay, what the row has recorded is gone by. This module must never decide what is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from ombud import decisions, gate
from ombud.activation.active import Active, Proposal
from ombud.clock import from_datetime
from ombud.model import Value
from ombud.rules.checked import OPERATIONS, Atom, Branch, CheckedRule, Leaf, atoms
from ombud.rules.tree import Remembered, Resembles
from ombud.rules.vocabulary import ACTIONS
from ombud.signals import memory
from ombud.signals.counted import Window
from ombud.signals.observation import Observation
from ombud.verdicts.past import Known, established
from ombud.windows import Timeline, seq_of

MEMBERS_MAX = 1024  # earlier posts that one record is taken to belong to
TOLD, RESTRICTED = 1, 2  # how much was done about a post: it was warned of; it was restricted
_FROM_ABOVE = {("<", False), ("<=", False), (">", True), (">=", True)}  # (operator, negated)

Recorded = Mapping[int, Sequence[int]]  # rule -> seqs of members, as a row has them
Shared = dict[int, tuple[str, ...]]  # member -> the conditions by which it is one, in their words
Wanted = Mapping[int, tuple[Proposal, ...]]  # rule -> what it may do to the members


class Occasion(NamedTuple):
    """What is judged, and when. `seen` is None where only its recorded facts are judged, and
    `campaign`, `ordered` and `lasting` what its row then says of members, of standing orders and of
    its room; `place` is None where it is stale.
    """

    timeline: str
    platform: str
    time: int
    recv: int
    seq: int = 0
    place: int | None = None
    seen: Observation | None = None
    campaign: Recorded | None = None
    ordered: Sequence[str] = ()
    lasting: Sequence[str] = ()


class Earlier(Protocol):
    """The posts before the one that is judged."""

    def author(self, seq: int) -> int | None:
        """The token of who wrote it."""

    def acted(self, seq: int) -> int:
        """How much was done about it, as far as that is not known here: 0, TOLD or RESTRICTED."""

    def seen(self, seq: int) -> Observation | None:
        """What it said; None where that is gone."""


class Nothing:
    """A past of which nothing is left (Earlier)."""

    def author(self, seq: int) -> int | None:  # noqa: ARG002
        """Nobody."""
        return None

    def acted(self, seq: int) -> int:  # noqa: ARG002
        """Nothing."""
        return 0

    def seen(self, seq: int) -> Observation | None:  # noqa: ARG002
        """Gone."""
        return None


class Out(NamedTuple):
    """A member that a person is shown and nothing is done to: the post, and by which conditions."""

    post: Observation
    shared: tuple[str, ...]


@dataclass(slots=True)
class Found:
    """The members by rule, and by which conditions each is one. `gone` counts posts whose content
    is gone, `hindered` says of rules why they may not act on some; `recalled`: as the row has it.
    `out` are those that are published and cannot be held any more, as they were looked at.
    """

    members: dict[int, Shared] = field(default_factory=dict)
    gone: int = 0
    hindered: dict[int, str] = field(default_factory=dict)
    recalled: bool = field(default=False, compare=False)
    out: dict[int, dict[int, Out]] = field(default_factory=dict, compare=False)

    def recorded(self) -> dict[int, list[int]]:
        """The members as a row keeps them."""
        return {rule: sorted(shared) for rule, shared in self.members.items() if shared}


def done(action: str) -> int:
    """How much an action does about the post it is done for; 0 where it is about a room."""
    if "room" in ACTIONS[action].targets:
        return 0
    return TOLD if action in gate.FREE else RESTRICTED


@dataclass(slots=True)
class Campaigns:
    """What is known of earlier posts, beside the windows: who wrote them, what was done about
    them.
    """

    earlier: Earlier = field(default_factory=Nothing)
    authors: dict[int, int | None] = field(default_factory=dict)
    acted: dict[int, int] = field(default_factory=dict)
    judged: set[int] = field(default_factory=set)  # by people, where the store is not asked
    named: dict[tuple[str, int], str] = field(default_factory=dict)  # rule, member -> its platform

    def mark(self, seqs: Iterable[int], action: str) -> None:
        """Remember that something is done about some posts."""
        much = done(action)
        for seq in seqs:
            if much > self.acted.get(seq, 0):
                self.acted[seq] = much

    def trim(self, most: int) -> None:
        """Let go of what the store has anyway, where it is much."""
        if len(self.authors) + len(self.acted) + len(self.named) > most:
            self.authors.clear()
            self.acted.clear()
            self.named.clear()

    def find(
        self,
        active: Active,
        wanted: Wanted,
        facts: Mapping[int, Value],
        now: Occasion,
        line: Timeline,
        history: Callable[[str, int], Known | None],
    ) -> Found:
        """The members that the rules in `wanted` may act on; `facts` are the verdict's, by slot."""
        if now.seen is None:
            return _recalled(wanted, now)
        if now.place is None:
            return Found()
        named = {active.plan.slots[slot]: value for slot, value in facts.items()}
        shared = {
            rule: _sharing(active.rules[rule], named, now.seen, line, now.place) for rule in wanted
        }
        every = {each for found in shared.values() for each in found if seq_of(each) != now.seq}
        found = Found({rule: {} for rule in wanted})
        taken = {(now.platform, decisions.subject_of(now.seen.event, now.seen.kind, "this"))}
        most = {rule: _most(proposals) for rule, proposals in wanted.items()}
        for member in sorted(every, reverse=True)[:MEMBERS_MAX]:
            acted = self._acted(seq_of(member))  # in a wave it is nearly every one
            rules = [
                rule
                for rule in wanted
                if acted < most[rule]
                and member in shared[rule]
                and not self._named(active, rule, wanted[rule], seq_of(member))
            ]
            if not rules or self._established(seq_of(member), now, history):
                continue
            post = self.earlier.seen(seq_of(member))
            if post is None:
                found.gone += 1
                continue
            subject = (post.platform, decisions.subject_of(post.event, post.kind, "this"))
            for rule in rules if subject not in taken else ():
                alike = _alike(active.rules[rule], shared[rule][member], post, now.seen)
                if not alike or not _belongs(active, rule, wanted[rule], post, now.seen, found):
                    continue
                if _too_late(active, post.platform, wanted[rule]):
                    out = Out(post, shared[rule][member])
                    found.out.setdefault(rule, {})[seq_of(member)] = out
                    self.named[active.names[rule], seq_of(member)] = post.platform
                    continue
                found.members[rule][seq_of(member)] = shared[rule][member]
                taken.add(subject)
        return _recalled(wanted, now) if found.gone and now.campaign is not None else found

    def _named(self, active: Active, rule: int, proposals: tuple[Proposal, ...], seq: int) -> bool:
        """Whether a member was named before, and is no more than that: it need not be opened for
        every copy that still comes.
        """
        platform = self.named.get((active.names[rule], seq))
        return platform is not None and _too_late(active, platform, proposals)

    def _acted(self, seq: int) -> int:
        if seq in self.judged:
            return RESTRICTED  # whatever a person said of it stands
        known = self.acted.get(seq)
        if known is None:
            known = self.acted[seq] = self.earlier.acted(seq)
        return known

    def _established(
        self, seq: int, now: Occasion, history: Callable[[str, int], Known | None]
    ) -> bool:
        """Whether who wrote a post is established here, as of the record that is judged."""
        if seq not in self.authors:
            self.authors[seq] = self.earlier.author(seq)
        author = self.authors[seq]
        known = history(now.timeline, author) if author else None
        return now.place is not None and established(known, now.place)


def _recalled(wanted: Wanted, now: Occasion) -> Found:
    """The members as the row of the record has them."""
    known = now.campaign or {}
    members: dict[int, Shared] = {rule: dict.fromkeys(known.get(rule, ()), ()) for rule in wanted}
    return Found(members, recalled=True)


def _most(proposals: tuple[Proposal, ...]) -> int:
    """Up to how much may have been done about a post that is still to be acted on so."""
    return max(done(proposal.action) for proposal in proposals)


def _too_late(active: Active, platform: str, proposals: tuple[Proposal, ...]) -> bool:
    """Whether what a rule wants can be done on a platform to nothing that is published."""
    return any(active.only_before(platform, each.action) for each in proposals)


def _belongs(
    active: Active,
    rule: int,
    proposals: tuple[Proposal, ...],
    post: Observation,
    seen: Observation,
    found: Found,
) -> bool:
    """Whether a rule may act on an earlier post: as if it were posted again now."""
    if post.kind not in active.rules[rule].kinds:
        return False
    if not active.acts(rule, from_datetime(post.event.time)):
        return False
    for proposal in proposals:
        hindrance = active.hindrance(post.platform, proposal.action)
        if hindrance:
            found.hindered[rule] = hindrance
            return False
    post.at, post.place, post.past = seen.at, seen.place, seen.past
    return active.plan.exempts(rule, post) is False


def _alike(
    rule: CheckedRule, shared: tuple[str, ...], post: Observation, seen: Observation
) -> bool:
    """Whether an earlier post is by somebody called as the judged one is, where that is what they
    share: the window of recent names holds the names of everybody who came.
    """
    for atom in atoms(rule.when):
        written = atom.written
        if (
            isinstance(written, Resembles)
            and atom.said in shared
            and written.likeness.other is Remembered.RECENT
        ):
            who = atom.facts[0].name.removesuffix(".name")
            likeness = memory.names_alike(post, seen, who)
            if not OPERATIONS[written.operator](likeness, int(written.constant.value)):
                return False
    return True


# --- what is shared -------------------------------------------------------------------------------


def _sharing(
    rule: CheckedRule,
    facts: Mapping[str, Value],
    seen: Observation,
    line: Timeline,
    place: int,
) -> Shared:
    """The records that share with an event what the repeats lines of a fired rule count."""

    def of_leaf(leaf: Leaf) -> Shared | None:
        atom = leaf.atom
        counted = atom.repeats
        truth = atom.decide(facts.get(atom.slot))
        if not counted or truth is None or truth is leaf.negated:
            return None
        if (_operator(atom), leaf.negated) in _FROM_ABOVE:  # that there are few makes no campaign
            return None
        return {
            member: (leaf.said,)
            for fact, window in counted
            for key in _most_counted(line, window, seen, place, fact.width)
            for member in line.members[window.number].within(key, place, fact.width)
        }

    def of_line(part: Leaf | Branch) -> Shared | None:
        if isinstance(part, Leaf):
            return of_leaf(part)
        found = [each for each in map(of_leaf, part.leaves) if each is not None]
        return _together(found, every=part.every) if found else None

    lines = [each for each in map(of_line, rule.when) if each is not None]
    return _together(lines, every=True) if lines else {}


def _operator(atom: Atom) -> str | None:
    """By which sign a line compares, in its slot or in its phrase."""
    return atom.written.operator if isinstance(atom.written, Resembles) else atom.operator


def _together(parts: list[Shared], *, every: bool) -> Shared:
    """The members of all parts, or (`every`) those that are in each of them."""
    members = set(parts[0]).union(*parts)
    if every:
        members.intersection_update(*parts)
    return {
        member: tuple(dict.fromkeys(said for part in parts for said in part.get(member, ())))
        for member in members
    }


def _most_counted(
    line: Timeline, window: Window, seen: Observation, place: int, width: int
) -> list[int]:
    """The keys of an event that its fact was counted by: those with the largest count."""
    counts = {
        key: line.windows[window.number].count(key, place, width) or 0
        for key in window.keys(seen) or ()
    }
    largest = max(counts.values(), default=0)
    return [key for key, count in counts.items() if count == largest]
