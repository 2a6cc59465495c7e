"""The whole flow on one page, and the only writer.

    intake    events.decode -> Submission          before: bounded, validated, canonical
    close     a group of submissions, or a control
    order     identity -> seq, recv                duplicates and conflicts leave here
    judge     windows -> facts -> plan -> licence  verdicts.Community.judge
    settle    decision, leaf, notice, action       all four, by `settle` alone
    commit    keys first, then one transaction     journal, bodies, decisions, log, head
    answer    only after the commit

If a commit fails nothing is answered as accepted, and the memory is thrown away and built anew from
the store; it is never repaired in place. Nothing outside this module may write a decision or a
leaf.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ombud import actions, controls, decisions, ids, journal, notices, statements
from ombud.activation import QUIET
from ombud.clock import from_datetime
from ombud.controls import Reversal
from ombud.decisions import Decision
from ombud.journal import Control, Submission
from ombud.ledger import leaf, tree
from ombud.signals.observation import Observation, kind_of
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.transaction import Answer, Transaction
from ombud.verdicts import Chosen, Community, Verdict, verdict_digest

Fault = Callable[[str], None]


def no_fault(point: str) -> None:
    """Nothing happens at a fault point, except in a crash test."""


class Enriched(NamedTuple):
    """A submission with what can be said of it alone, before the past is asked."""

    item: Submission
    seen: Observation
    identity: bytes
    content: bytes


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
                    if isinstance(item, Enriched)
                    else self._control(tx, item, now)
                    for item in self._enrich(group)
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

    # --- events -----------------------------------------------------------------------------------

    def _enrich(self, group: Sequence[Submission | Control]) -> list[Enriched | Control]:
        """Digests and views of all events of a group, one kind of work after the other: the
        processor's caches thank it, and other workers may one day do it ahead.
        """
        key = self.keys.community
        enriched = [
            Enriched(
                item,
                Observation(item.event, kind_of(item.event) or "", self.keys),
                journal.identity(key, item.event),
                journal.content(key, item.canonical),
            )
            if isinstance(item, Submission)
            else item
            for item in group
        ]
        for each in enriched:
            if isinstance(each, Enriched):
                each.seen.enrich()
        return enriched

    def _event(self, tx: Transaction, enriched: Enriched, now: int) -> Answer:
        item, seen, identity, content = enriched
        known = self._known(tx, identity, content)
        if known is not None:
            return known
        tx.order(now)
        self.fault("ordered")
        event, time = item.event, from_datetime(item.event.time)
        kind = seen.kind or None
        if kind is None:
            place = self.community.timeline(item.timeline).arrive(event.source, time, tx.recv)
            verdict = Verdict(place, (), (), (), {}, [], (), (), QUIET)
        else:
            verdict = self.community.judge(seen, item.timeline, time, tx.recv)
        self.fault("judged")
        made = tuple(self._decide(tx, each, verdict, enriched) for each in verdict.chosen)
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
        tx.bodies.append((tx.seq, item.canonical))
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

    def _decide(self, tx: Transaction, chosen: Chosen, verdict: Verdict, about: Enriched) -> str:
        """A decision by a rule, settled."""
        seen, active = about.seen, self.community.active
        record = statements.by_rule(active, chosen, seen, verdict.facts, tx.recv)
        until, timeline = statements.end(chosen, tx.recv), about.item.timeline
        author = seen.key(statements.concerned(seen))
        return self.settle(tx, record, author=author, until=until, timeline=timeline)

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
        tx.leaf(
            "decision",
            leaf.commitment(salt, content),
            clause=record.clause,
            action=action,
            automated=record.automated_decision,
            rule=rule.name if rule else None,
            version=rule.version if rule else None,
        )
        self._tell(tx, record.id, author, record.lang, "decided")
        tx.ask(actions.ask(record.id, lane, action))
        return record.id

    def settle_reversal(self, tx: Transaction, reversal: Reversal, reason: str) -> None:
        """Write the undoing or the end of a decision: leaf, notice and inverse, in this
        transaction.
        """
        salt = secrets.token_bytes(leaf.SALT_BYTES)
        content = journal.canonical_json(
            {"decision": reversal.decision, "reason": reason, "seq": tx.seq}
        )
        tx.leaf(
            "undo" if reason == "undone" else "ended",
            leaf.commitment(salt, content.encode()),
            clause=reversal.clause,
            action=reversal.action,
            automated=reason == "ended",
            rule=reversal.rule,
            outcome=reason,
        )
        self._tell(tx, reversal.decision, reversal.author, reversal.lang, reason)
        if reversal.inverse:
            lane, action = reversal.lane, reversal.action
            tx.ask(actions.ask(reversal.decision, lane, action, inverse=True))

    def _tell(
        self, tx: Transaction, decision: str, author: int | None, lang: str, reason: str
    ) -> None:
        languages = self.community.active.settings.languages
        tx.tell(notices.compose(decision, author, lang, reason, languages))

    # --- controls ---------------------------------------------------------------------------------

    def _control(self, tx: Transaction, item: Control, now: int) -> Answer:
        """Append a control, let it take effect, and settle what it reverses."""
        tx.order(now)
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
            tx.leaf(effect.leaf, leaf.commitment(salt, payload.encode()), **effect.fields)
        for reversal in effect.reversals:
            self.settle_reversal(tx, reversal, effect.reason)
        undone = tuple(each.decision for each in effect.reversals)
        return Answer("applied", tx.seq, decisions=undone, touched=effect.touched)

    # --- commit -----------------------------------------------------------------------------------

    def _write(self, tx: Transaction, frontier: tree.Frontier) -> None:
        """Keys first: a key without a record is harmless, a record without its key is lost."""
        tx.bodies = [(seq, self.keys.seal_body(seq, plain)) for seq, plain in tx.bodies]
        self.fault("before keys")
        self.keys.flush(self.seq + 1)
        self.fault("keys kept")
        tx.write_records(self.store)
        self.fault("journal written")
        tx.write_decisions(self.store)
        self.fault("decisions written")
        tx.write_state(self.store, self.community)
        for write in tx.later:
            write()
        if not tx.move_head(self.store, frontier, self.epoch):
            raise controls.fenced()
        self.fault("before commit")

    def _move_on(self, tx: Transaction, frontier: tree.Frontier) -> None:
        """After the commit: the memory stands where the store stands."""
        self.seq, self.recv, self.config = tx.seq, tx.recv, tx.config
        self.leaves, self.frontier = tx.leaves, frontier
        for end in tx.ends:
            controls.push_end(self.ends, end)
        self.community.changed.clear()
        self.community.trim()
