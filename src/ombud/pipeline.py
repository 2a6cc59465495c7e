"""The whole flow on one page, and the only writer.

    intake    events.decode -> Submission          before: bounded, validated, canonical
    close     a group of submissions, or a control
    order     identity -> seq, recv                duplicates and conflicts leave here
    judge     windows -> facts -> plan -> licence  verdicts.Community.judge
    settle    decision, leaf, notice, action       all four, by `settle` alone
    commit    keys first, then one transaction     journal, bodies, decisions, log, head
    answer    only after the commit
    send      what was asked and told goes out      sender, which hands its marks in here

If a commit fails nothing is answered as accepted, and the memory is thrown away and built anew from
the store; it is never repaired in place. Nothing outside this module may write a decision or a
leaf.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ombud import (
    actions,
    arrivals,
    changes,
    controls,
    deciding,
    decisions,
    journal,
    matches,
    telling,
)
from ombud.actions import Asked, Door
from ombud.activation.active import QUIET
from ombud.activation.standing import ONE_PERSON
from ombud.arrivals import Arrival
from ombud.clock import from_datetime
from ombud.controls import deadline, reversal
from ombud.controls.reversal import left_behind
from ombud.decisions import Decision
from ombud.earlier import OfStore
from ombud.effects import OVER, Change, Restored, Reversal
from ombud.enrichment import Enriched, Item, enrich
from ombud.errors import BadUse
from ombud.journal import Control
from ombud.ledger import disclosure, leaf, tree
from ombud.review import gathering
from ombud.review.gathering import Occasion
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store
from ombud.track import Sudden
from ombud.transaction import Answer, Known, Transaction
from ombud.verdicts.community import Community, Verdict, verdict_digest

Fault = Callable[[str], None]
DECISIONS_MAX = 1024  # decisions after which a transaction takes no further event


def no_fault(point: str) -> None:
    """Nothing happens at a fault point, except in a crash test."""


class Pipeline:
    """One community's flow from submissions to durable verdicts."""

    def __init__(
        self, store: Store, keys: KeyFile, community: Community, fault: Fault = no_fault
    ) -> None:
        self.store = store
        self.keys = keys
        self.community = community
        self.fault = fault
        self.earlier = community.campaigns.earlier = OfStore(store, keys)
        self.sudden: dict[tuple[str, str], Sudden] = {}  # entries of lists, to quarantine
        self.told: set[int] = set()  # people who were told something, until somebody takes them
        community.attach(noting=True)
        self.staff = community.staff  # as of the last commit: others read it at any time
        self.restore_head()

    def restore_head(self) -> None:
        """Take the head of the store as where everything stands."""
        head = self.store.one("head")
        assert head is not None  # `Store.prepare` made it  # noqa: S101
        _, self.epoch, self.seq, self.recv, self.config, self.leaves, frontier = head[:7]
        self.frontier = tree.Frontier.decode(frontier)
        self.ends = reversal.open_ends(self.store)

    # --- one group --------------------------------------------------------------------------------

    def run(self, group: Sequence[Item], now: int) -> list[Answer]:
        """Judge, settle and commit a group; the answers in its order, or an exception and nothing.

        Once DECISIONS_MAX are made the rest is left for the next transaction, without answers yet:
        a campaign makes many decisions by one event, and checks wait behind it.
        """
        tx = Transaction(self.seq, self.recv, self.leaves, self.config)
        self.earlier.begin(tx)
        frontier = self.frontier.copy()
        try:
            with self.store.transaction():
                self.keys.begin()
                answers: list[Answer] = []
                comparing = self.community.active.comparing
                for item in enrich(group, self.keys, comparing):
                    answers.append(self._take(tx, item, now))
                    if len(tx.decisions) >= DECISIONS_MAX:
                        break
                frontier.extend(tx.hashes)
                self._write(tx, frontier)
        except BaseException:
            self.keys.discard()
            raise
        self.fault("committed")
        self._move_on(tx, frontier)
        self.fault("answered")
        return answers

    def _take(self, tx: Transaction, item: Enriched | Control | Change, now: int) -> Answer:
        if isinstance(item, Enriched):
            return self._event(tx, item, now)
        if isinstance(item, Control):
            return self._control(tx, item, now)
        return changes.carry_out(self, tx, item, tx.beside(now))

    # --- events -----------------------------------------------------------------------------------

    def _event(self, tx: Transaction, enriched: Enriched, now: int) -> Answer:
        item, seen, content = enriched
        arrival = arrivals.arrive(self, tx, item, content, seen)
        if arrival.answer is not None:
            return arrival.answer
        if arrival.checked is not None:
            return self._published(tx, content, arrival, arrival.checked, now)
        return self._judge(tx, enriched, arrival.identity, arrival.via, now)

    def _judge(
        self, tx: Transaction, enriched: Enriched, identity: bytes, via: str, now: int
    ) -> Answer:
        """A new event, or what was published otherwise than it was checked."""
        item, seen, content = enriched
        tx.order(now)
        self.fault("ordered")
        event, time = item.event, from_datetime(item.event.time)
        kind = seen.kind or None
        if kind is None:
            place = self.community.timeline(item.timeline).arrive(event.source, time, tx.recv)
            verdict = Verdict(place, (), (), (), {}, [], (), (), QUIET)
        else:
            verdict = self.community.judge(seen, item.timeline, time, tx.recv, seq=tx.seq)
        self.fault("judged")
        if kind == "edit":
            gathering.edited(self.store, tx, self.keys.community, self.community.active, seen)
        made = [deciding.by_rule(self, tx, each, verdict, enriched) for each in verdict.chosen]
        found = tuple(each[0] for each in made)
        members = deciding.about_members(self, tx, verdict, enriched)
        if (verdict.fired or verdict.would) and not item.timeline:
            matches.note(self.store, tx, self.community, seen, verdict, found)
        names = self.community.active.names
        gathering.of_verdict(Occasion(self, tx, verdict, seen, item.timeline), found)
        answer = Answer(
            "accepted",
            tx.seq,
            verdict.action,
            found,
            next((each[1] for each in made if each[1]), ""),
            tuple(names[rule] for rule in verdict.fired),
            tuple(names[rule] for rule in verdict.unknown),
            members=members,
        )
        published = journal.published(self.keys.community, event) if via == "check" else None
        author = seen.key("author")
        tx.identities[identity] = Known(tx.seq, content, via, published, author, kind, None, answer)
        tx.add_event(item, seen, verdict, identity, content, via, published)
        return answer

    def _published(
        self, tx: Transaction, content: bytes, arrival: Arrival, checked: Known, now: int
    ) -> Answer:
        """What was checked is out, as it was: not judged again, but acted on if it slipped
        through.
        """
        tx.order(now)
        mark = {"record": checked.seq}
        self._append(tx, "publication", mark, arrival.identity, content, arrival.used)
        sent = checked.seq, tx.recv
        tx.later.append(lambda: deadline.let_out(self.store, *sent))
        first = arrivals.standing(self.store, checked)
        answer = Answer("published", tx.seq, first.action, first.decisions, first.statement)
        known = Known(tx.seq, content, answer=answer)
        tx.identities[arrival.identity] = known
        if arrival.used is not None:
            tx.identities[arrival.used] = known
        return answer

    # --- settling: nothing else writes a decision or a leaf ---------------------------------------

    def settle(
        self,
        tx: Transaction,
        record: Decision,
        author: int | None,
        until: int | None,
        door: Door,
        about: int | None = None,
    ) -> str:
        """Write a decision, its leaf, its notice and its action: all four, in this transaction.
        `about` is the earlier record it is about, where that is not this one.

        The id of the page it is told on, or nothing where nobody can be told.
        """
        content, salt = decisions.encode(record), secrets.token_bytes(leaf.SALT_BYTES)
        lane = decisions.lane(self.keys.community, door.connector, record.subject)
        action = record.actions[0]
        rule = record.rules[0] if record.rules else None
        tx.decisions.append(
            (
                record.id,
                tx.seq,
                tx.recv,
                door.timeline,
                lane,
                author,
                record.clause,
                rule.name if rule else None,
                record.by,
                action.type,
                record.licence,
                until,
                self.keys.seal_decision(record.id, tx.seq, salt + content),
                tx.leaves,
                tx.seq if about is None else about,
                action.on,
                " ".join(record.content),
                record.content_lang or "",
                record.origin,
                record.found_by.name if record.found_by else None,
            )
        )
        if until is not None:
            tx.ends.append((until, record.id))
        tx.began(record)
        tx.leaf(
            "decision",
            disclosure.commitment(salt, decisions.parts(content)),
            clause=record.clause,
            action=action.type,
            automated=record.automated_decision,
            rule=rule.name if rule else None,
            version=rule.version if rule else None,
            outcome=ONE_PERSON if decisions.one_person(record) else None,
        )
        asked = actions.ask(record.id, lane, action.type, action.on, door, record.by, tx.recv)
        tx.ask(asked)
        return telling.tell(
            self, tx, asked, author, record.lang, "decided", record.clause, door.timeline
        )

    def settle_reversal(
        self, tx: Transaction, reversal: Reversal, reason: str, restores: Collection[str] = ()
    ) -> None:
        """Write the undoing or the end of a decision, in this transaction: leaf, notice and
        inverse. `restores` are decisions that stand again by it.
        """
        salt = journal.line_salt(self.keys.community, tx.leaves)
        content = journal.canonical_json(
            {"decision": reversal.decision, "reason": reason, "seq": tx.seq}
        )
        tx.leaf(
            OVER[reason],
            leaf.commitment(salt, content.encode()),
            clause=reversal.clause,
            action=reversal.action,
            automated=reason == "ended",
            rule=reversal.rule,
            outcome=reason,
        )
        left = left_behind(self.store, reversal, restores)
        inverse = actions.take_back(
            reversal.decision,
            reversal.lane,
            reversal.action,
            reversal.connector,
            reversal.stood,
            tx.recv + reversal.wait,
            left=left,
        )
        quiet = reason == "replaced"  # what stands instead brings its own message
        if reversal.inverse:
            tx.ask(inverse)
        if reversal.stood in actions.UNSENT and (reversal.inverse or not quiet):
            tx.withdraw(self.store, reversal.decision, messages=not left)
        asked = replace(inverse, state=actions.WITHDRAWN) if quiet else inverse
        author, lang = reversal.author, reversal.lang
        told = (author, lang, reason, reversal.clause, reversal.timeline)
        telling.tell(self, tx, asked, *told)

    def settle_restored(self, tx: Transaction, restored: Restored) -> None:
        """Write that a decision stands again: leaf and notice. Nothing of its end had gone out."""
        salt = journal.line_salt(self.keys.community, tx.leaves)
        said = {"decision": restored.decision, "reason": "restored", "seq": tx.seq}
        commitment = leaf.commitment(salt, journal.canonical_json(said).encode())
        what = {"clause": restored.clause, "action": restored.action, "rule": restored.rule}
        tx.leaf("undo", commitment, automated=False, outcome="restored", **what)
        if restored.until is not None:
            tx.ends.append((restored.until, restored.decision))
        nothing = Asked("", restored.decision, restored.lane, "", state=actions.WITHDRAWN)
        told = (restored.author, restored.lang, "restored", restored.clause, restored.timeline)
        telling.tell(self, tx, nothing, *told)

    def tell(self, tx: Transaction, decision: Row, reason: str, now: int) -> None:
        """Let the person of a decision know what is new about it, and why that is."""
        telling.again(self, tx, decision, reason, now)

    def unpublished(self, tx: Transaction, seq: int) -> bool:
        """Whether a record was asked about and is not published, as far as is known."""
        return self.earlier.unpublished(tx, seq)

    # --- controls ---------------------------------------------------------------------------------

    def _control(self, tx: Transaction, item: Control, now: int) -> Answer:
        """Append a control, let it take effect, and settle what comes of it."""
        before = tx.seq, tx.recv
        tx.order(now)
        try:
            effect = controls.carry_out(self, tx, item)
        except BadUse as error:
            if item.type not in controls.REFUSABLE:
                raise
            tx.seq, tx.recv = before  # nothing has changed, and the memory need not be built anew
            return Answer("applied", tx.seq, problem=error.as_json())
        if item.type == "config":
            tx.config = tx.seq
        payload = self._append(tx, item.type, effect.payload)
        if effect.leaf is not None:
            salt = journal.line_salt(self.keys.community, tx.leaves)
            tx.leaf(effect.leaf, leaf.commitment(salt, payload.encode()), **effect.fields)
        for one in effect.settles:
            self.settle(tx, *one)
        restores = [each.decision for each in effect.restores]
        for each in effect.reversals:
            self.settle_reversal(tx, each, each.reason or effect.reason, restores)
        for again in effect.restores:
            self.settle_restored(tx, again)
        for type_, fields in effect.lines:
            salt = journal.line_salt(self.keys.community, tx.leaves)
            tx.leaf(type_, leaf.commitment(salt, payload.encode()), **fields)
        for row, reason in effect.tells:
            self.tell(tx, row, reason, tx.recv)
        for case in effect.cases:
            tx.opens(*case)
        made = [one.record.id for one in effect.settles]
        made += [each.decision for each in effect.reversals]
        return Answer("applied", tx.seq, decisions=tuple(made), touched=effect.touched)

    def _append(
        self,
        tx: Transaction,
        control: str,
        content: Mapping[str, Any],
        identity: bytes | None = None,
        digest: bytes | None = None,
        published: bytes | None = None,
    ) -> str:
        """The journal's row of a control; its payload as it is kept."""
        payload = journal.canonical_json(content)
        verdict = verdict_digest(self.keys.community, payload)
        tx.add_control(control, payload, verdict, identity, digest, published)
        return payload

    # --- commit -----------------------------------------------------------------------------------

    def _write(self, tx: Transaction, frontier: tree.Frontier) -> None:
        """Keys first: a key without a record is harmless, a record without its key is lost."""
        tx.bodies = [(seq, self.keys.seal_body(seq, plain)) for seq, plain in tx.bodies]
        self.fault("before keys")
        self.keys.flush(self.seq + 1, tx.seq)
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
        self.leaves, self.frontier, self.staff = tx.leaves, frontier, self.community.staff
        self.sudden.update(tx.sudden)
        self.told.update(tx.told())
        for end in tx.ends:
            reversal.push_end(self.ends, end)
        self.community.changed.clear()
        self.community.trim()
