"""The whole flow on one page, and the only writer.

    intake      events.decode -> Submission            (before: bounded, validated, canonical) close
    a group of submissions and controls order       identity -> seq, recv
    duplicates and conflicts leave here judge       windows -> facts -> plan -> licence
    verdicts.Community.judge settle      decision + leaf + notice + action      all four, by
    `settle` alone commit      keys first, then one transaction       journal, bodies, verdicts,
    decisions, ledger, head answer      only after the commit

If a commit fails nothing is answered as accepted, and the memory is thrown away and built anew from
the store; it is never repaired in place. Nothing outside this module may write a decision or a
leaf.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ombud import actions, clock, controls, decisions, ids, journal, notices
from ombud.activation import QUIET
from ombud.clock import from_datetime
from ombud.controls import Reversal
from ombud.decisions import Decision
from ombud.journal import Control, Submission
from ombud.ledger import leaf, tree
from ombud.signals.observation import Observation, kind_of
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store
from ombud.verdicts import Chosen, Community, Verdict, verdict_digest

Fault = Callable[[str], None]


def no_fault(point: str) -> None:
    """Nothing happens at a fault point, except in a crash test."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered for one submission, after the commit that holds it.

    `status` is "accepted", "duplicate", "conflict" or (controls) "applied"; `fired` and `unknown`
    are rule names; `decisions` ids.
    """

    status: str
    seq: int
    action: str = "allow"
    decisions: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    touched: int = 0  # records that an erasure erased


@dataclass(slots=True)
class Transaction:
    """The rows of one group, in the order they came to be."""

    seq: int
    recv: int
    leaves: int
    config: int
    identities: dict[bytes, tuple[int, bytes | None, Answer]] = field(default_factory=dict)
    records: list[Row] = field(default_factory=list)
    bodies: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    actions: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)  # leaves
    hashes: list[bytes] = field(default_factory=list)
    ends: list[tuple[int, str]] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)  # writes of controls, in order


class Pipeline:
    """One community's flow from submissions to durable verdicts."""

    def __init__(
        self, store: Store, keys: KeyFile, community: Community, fault: Fault = no_fault
    ) -> None:
        self.store = store
        self.keys = keys
        self.community = community
        self.fault = fault
        self.restore_head()

    def restore_head(self) -> None:
        """Take the head of the store as where everything stands."""
        head = self.store.one("head")
        assert head is not None  # `Store.prepare` made it  # noqa: S101
        _, self.epoch, self.seq, self.recv, self.config, self.leaves, frontier = head[:7]
        self.frontier = tree.Frontier.decode(frontier)
        self.ends = controls.open_ends(self.store)

    # --- one group --------------------------------------------------------------------------------

    def run(self, group: Sequence[Submission | Control], now: int) -> list[Answer]:
        """Judge, settle and commit a group; the answers in its order. On an exception nothing
        happened.
        """
        tx = Transaction(self.seq, self.recv, self.leaves, self.config)
        frontier = self.frontier.copy()
        try:
            with self.store.transaction():
                self.keys.begin()
                answers = [
                    self._event(tx, item, now)
                    if isinstance(item, Submission)
                    else self._control(tx, item, now)
                    for item in group
                ]
                frontier.extend(tx.hashes)
                self._write(tx, frontier)
        except BaseException:
            self.keys.discard()
            raise
        self.fault("committed")
        self._move_on(tx, frontier)
        self.fault("answered")
        return answers

    def _order(self, tx: Transaction, now: int) -> None:
        """The next place in the one order."""
        tx.seq += 1
        tx.recv = max(tx.recv + 1, now)

    # --- events -----------------------------------------------------------------------------------

    def _event(self, tx: Transaction, item: Submission, now: int) -> Answer:
        event, key = item.event, self.keys.community
        identity = journal.identity(key, event)
        content = journal.content(key, item.canonical)
        known = self._known(tx, identity, content)
        if known is not None:
            return known
        self._order(tx, now)
        self.fault("ordered")
        kind, time = kind_of(event), from_datetime(event.time)
        seen = Observation(event, kind or "", self.keys)
        if kind is None:
            place = self.community.timeline(item.timeline).arrive(event.source, time, tx.recv)
            verdict = Verdict(place, (), (), (), {}, [], (), (), QUIET)
        else:
            verdict = self.community.judge(seen, item.timeline, time, tx.recv)
        self.fault("judged")
        made = tuple(self._decide(tx, chosen, seen, item.timeline) for chosen in verdict.chosen)
        self._open_cases(tx, verdict, made)
        names = self.community.active.names
        answer = Answer(
            "accepted",
            tx.seq,
            verdict.action,
            made,
            tuple(names[rule] for rule in verdict.fired),
            tuple(names[rule] for rule in verdict.unknown),
        )
        tx.identities[identity] = (tx.seq, content, answer)
        tx.records.append(
            (
                tx.seq,
                tx.recv,
                event.type,
                kind,
                item.timeline,
                event.source,
                time,
                verdict.place,
                tx.config,
                identity,
                content,
                seen.key("author"),
                journal.pack_facts(verdict.facts),
                journal.pack_entries(verdict.entries),
                journal.pack_hits(verdict.fired, verdict.unknown, verdict.faults),
                verdict.digest,
                None,
            )
        )
        tx.bodies.append((tx.seq, self.keys.seal_body(tx.seq, item.canonical)))
        return answer

    def _known(self, tx: Transaction, identity: bytes, content: bytes) -> Answer | None:
        """The answer for an event that is already there, in this group or in the journal."""
        found = tx.identities.get(identity)
        if found is not None:
            seq, first, stored = found
        else:
            row = self.store.one("find_identity", (identity,))
            if row is None:
                return None
            seq, first = row
            stored = None
        if first is not None and first != content:
            return Answer("conflict", seq)
        if stored is None:
            rows = self.store.all("decisions_of_record", (seq,))
            standing = [row for row in rows if row[13] is None]
            action = decisions.strongest([row[9] for row in standing])
            return Answer("duplicate", seq, action, tuple(row[0] for row in standing))
        return Answer("duplicate", seq, stored.action, stored.decisions)

    def _decide(self, tx: Transaction, chosen: Chosen, seen: Observation, timeline: str) -> str:
        """A decision by a rule, with its statement of reasons."""
        active = self.community.active
        until = None if chosen.duration is None else tx.recv + chosen.duration
        first = chosen.rules[0]
        author = seen.people.get("author")
        record = Decision(
            id=ids.new_id("dec"),
            time=clock.rfc3339(tx.recv),
            subject=decisions.subject_of(seen.event, seen.kind, chosen.target),
            clause=chosen.clause,
            policy_version=active.clause_version(chosen.clause),
            rules=tuple(
                decisions.RuleVersion(active.names[rule], active.versions[rule])
                for rule in chosen.rules
            ),
            by="rule",
            licence=chosen.licence,
            actions=(
                decisions.ActionDone(
                    chosen.action,
                    chosen.target,
                    {"text": chosen.text} if chosen.text else {},
                    None if until is None else clock.rfc3339(until),
                ),
            ),
            automated_detection=True,
            automated_decision=True,
            reasons=decisions.reasons(
                chosen.action,
                seen.kind,
                chosen.target,
                until,
                active.tell(first),
                active.facts_seen(chosen.rules, seen),
            ),
            appeal_until=clock.rfc3339(decisions.appeal_until(tx.recv, until)),
            origin="own initiative",
            lang=self.community.active.language(author.lang if author else None),
        )
        return self.settle(tx, record, author=seen.key("author"), until=until, timeline=timeline)

    def _open_cases(self, tx: Transaction, verdict: Verdict, made: tuple[str, ...]) -> None:
        names = self.community.active.names
        for asked in verdict.asked:
            tx.cases.append(
                (
                    ids.new_id("cas"),
                    tx.seq,
                    tx.recv,
                    asked.clause,
                    names[asked.rule],
                    asked.queue,
                    int(asked.urgent),
                    asked.reason,
                    made[0] if made else None,
                )
            )

    # --- settling: nothing else writes a decision or a leaf ---------------------------------------

    def settle(
        self,
        tx: Transaction,
        record: Decision,
        *,
        author: int | None,
        until: int | None,
        timeline: str,
    ) -> str:
        """Write a decision, its leaf, its notice and its action: all four, in this transaction."""
        content, salt = decisions.encode(record), secrets.token_bytes(leaf.SALT_BYTES)
        lane = ids.keyed_digest(self.keys.community, "lane", record.subject.encode())
        action = record.actions[0].type
        rule = record.rules[0] if record.rules else None
        tx.decisions.append(
            (
                record.id,
                tx.seq,
                tx.recv,
                timeline,
                lane,
                author,
                record.clause,
                rule.name if rule else None,
                record.by,
                action,
                record.licence,
                until,
                self.keys.seal_decision(record.id, tx.seq, salt + content),
                tx.leaves,
            )
        )
        if until is not None:
            tx.ends.append((until, record.id))
        self._leaf(
            tx,
            "decision",
            leaf.commitment(salt, content),
            clause=record.clause,
            action=action,
            automated=record.automated_decision,
            rule=rule.name if rule else None,
            version=rule.version if rule else None,
        )
        self._tell(tx, record.id, author, record.lang, "decided")
        self._ask(tx, actions.ask(record.id, lane, action))
        return record.id

    def settle_reversal(self, tx: Transaction, reversal: Reversal, reason: str) -> None:
        """Write the undoing or the end of a decision: leaf, notice and inverse, in this
        transaction.
        """
        salt = secrets.token_bytes(leaf.SALT_BYTES)
        content = journal.canonical_json(
            {"decision": reversal.decision, "reason": reason, "seq": tx.seq}
        )
        self._leaf(
            tx,
            "undo" if reason == "undone" else "ended",
            leaf.commitment(salt, content.encode()),
            clause=reversal.clause,
            action=reversal.action,
            automated=reason == "ended",
            rule=reversal.rule,
            outcome=reason,
        )
        self._tell(tx, reversal.decision, reversal.author, reversal.lang, reason)
        self._ask(tx, actions.ask(reversal.decision, reversal.lane, reversal.action, inverse=True))

    def _leaf(
        self, tx: Transaction, type_: leaf.LeafType, commitment: bytes, **fields: Any
    ) -> None:
        entry = leaf.encode_leaf(
            leaf.Leaf(
                type=type_,
                id=ids.new_id("lf"),
                day=clock.day(tx.recv),
                commitment=commitment.hex(),
                **fields,
            )
        )
        hashed = tree.leaf_hash(entry)
        tx.entries.append((tx.leaves, tx.seq, entry, hashed))
        tx.hashes.append(hashed)
        tx.leaves += 1

    def _tell(
        self, tx: Transaction, decision: str, author: int | None, lang: str, reason: str
    ) -> None:
        notice = notices.compose(
            decision, author, lang, reason, self.community.active.settings.languages
        )
        tx.notices.append((notice.id, decision, tx.seq, author, notice.lang, reason, notice.state))

    def _ask(self, tx: Transaction, asked: actions.Asked) -> None:
        tx.actions.append(
            (
                asked.id,
                asked.decision,
                tx.seq,
                asked.lane,
                asked.action,
                int(asked.inverse),
                asked.state,
            )
        )

    # --- controls ---------------------------------------------------------------------------------

    def _control(self, tx: Transaction, item: Control, now: int) -> Answer:
        """Append a control, let it take effect, and settle what it reverses."""
        self._order(tx, now)
        effect = controls.carry_out(self, tx, item)
        if item.type == "config":
            tx.config = tx.seq
        payload = journal.canonical_json(effect.payload)
        tx.records.append(
            (tx.seq, tx.recv, "!" + item.type, None, "", None, None, None, tx.config)
            + (None,) * 6
            + (verdict_digest(self.keys.community, payload), payload)
        )
        if effect.leaf is not None:
            salt = secrets.token_bytes(leaf.SALT_BYTES)
            self._leaf(tx, effect.leaf, leaf.commitment(salt, payload.encode()), **effect.fields)
        for reversal in effect.reversals:
            self.settle_reversal(tx, reversal, effect.reason)
        undone = tuple(each.decision for each in effect.reversals)
        return Answer("applied", tx.seq, decisions=undone, touched=effect.touched)

    # --- commit -----------------------------------------------------------------------------------

    def _write(self, tx: Transaction, frontier: tree.Frontier) -> None:
        """Keys first: a key without a record is harmless, a record without its key is lost."""
        self.fault("before keys")
        self.keys.flush(self.seq + 1)
        self.fault("keys kept")
        store = self.store
        store.many("add_record", tx.records)
        store.many("add_body", tx.bodies)
        self.fault("journal written")
        store.many("add_decision", tx.decisions)
        store.many("add_case", tx.cases)
        store.many("add_leaf", tx.entries)
        store.many("add_notice", tx.notices)
        store.many("add_action", tx.actions)
        self.fault("decisions written")
        self._put_state(tx)
        for write in tx.later:
            write()
        self._move_head(tx, frontier)
        self.fault("before commit")

    def _move_on(self, tx: Transaction, frontier: tree.Frontier) -> None:
        """After the commit: the memory stands where the store stands."""
        self.seq, self.recv, self.config = tx.seq, tx.recv, tx.config
        self.leaves, self.frontier = tx.leaves, frontier
        for end in tx.ends:
            controls.push_end(self.ends, end)
        self.community.changed.clear()
        self.community.trim()

    def _put_state(self, tx: Transaction) -> None:
        """What recovery would otherwise have to count up from the beginning of the journal."""
        community = self.community
        self.store.many(
            "put_history",
            [
                (timeline, account, known.first, known.last, known.accepted)
                for timeline, account in community.changed
                for known in (community.histories[timeline, account],)
            ],
        )
        touched = {(row[4], row[5]) for row in tx.records if row[5] is not None}
        self.store.many(
            "put_stream",
            [
                (timeline, source, community.timelines[timeline].streams[source])
                for timeline, source in touched
                if source in community.timelines[timeline].streams
            ],
        )

    def _move_head(self, tx: Transaction, frontier: tree.Frontier) -> None:
        moved = self.store.run(
            "move_head",
            {
                "seq": tx.seq,
                "recv": tx.recv,
                "config": tx.config,
                "leaves": tx.leaves,
                "frontier": frontier.encode(),
                "epoch": self.epoch,
            },
        )
        if moved != 1:
            raise controls.fenced()
