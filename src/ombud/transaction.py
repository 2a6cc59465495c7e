"""The rows of one group on their way into the store, and the answers that wait for their commit.

Gathers and writes; what goes in is for `pipeline` to say. This module must never commit.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from ombud import clock, decisions, ids, journal, notices
from ombud.actions import Asked
from ombud.decisions import Decision
from ombud.journal import Submission
from ombud.ledger import leaf, tree
from ombud.notices import Page, Told
from ombud.signals.observation import Observation
from ombud.store.sqlite import Row, Store
from ombud.track import Track
from ombud.verdicts.community import Community, Verdict

OTHER_CASES = 4 * clock.HOUR  # how long a case can wait that is about nobody

Joined = tuple[str, str, str, int | bytes]  # timeline, clause, queue, and a cluster or subject


class Answer(msgspec.Struct, frozen=True):
    """What is answered for one submission, after the commit that holds it.

    `status` is "accepted", "duplicate", "conflict", "published" (what was checked before, as it
    was) or "applied" (all that is no event); `decisions` are ids, `statement` the id of the page
    they are told on; `fired` and `unknown` are rule names; `members` are earlier records that were
    acted on as of one campaign with this one. `touched` says how much of something was changed:
    records erased, rows marked.
    """

    status: str
    seq: int
    action: str = "allow"
    decisions: tuple[str, ...] = ()
    statement: str = ""
    fired: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    touched: int = 0
    members: tuple[int, ...] = ()
    problem: dict[str, str] | None = None  # as an error tells itself: this item's, not its group's
    case: str = ""  # which case a change was about, where that is for the writer to say


class Known(NamedTuple):
    """A record under its identity; `payload` of a control, `answer` where the record is of this
    group, not yet in the store.
    """

    seq: int
    content: bytes | None
    via: str = ""
    published: bytes | None = None
    author: int | None = None
    kind: str | None = None
    payload: str | None = None
    answer: Answer | None = None


@dataclass(slots=True)
class Transaction:
    """The rows of one group, in the order they came to be."""

    seq: int
    recv: int
    leaves: int
    config: int
    identities: dict[bytes, Known] = field(default_factory=dict)
    heard: dict[int, Submission] = field(default_factory=dict)  # the events of this group
    pages: dict[tuple[str, int, str], Page] = field(default_factory=dict)  # of this group
    records: list[Row] = field(default_factory=list)
    bodies: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    demanded: list[Row] = field(default_factory=list)  # (demand, decision)
    cases: list[Row] = field(default_factory=list)
    case_joins: list[Row] = field(default_factory=list)  # of open ones, by what was asked since
    case_subjects: list[Row] = field(default_factory=list)
    case_shares: list[Row] = field(default_factory=list)  # (case, share)
    shares: dict[bytes, int] = field(default_factory=dict)  # open cases by share, as far as asked
    joined: dict[Joined, str] = field(default_factory=dict)  # the cases of this group
    apart: dict[int, str | None] = field(default_factory=dict)  # earlier posts, by why they are
    flag_answers: list[Row] = field(default_factory=list)
    summonses: dict[tuple[str, str, int], Any] = field(default_factory=dict)  # hours of this group
    notices: list[Row] = field(default_factory=list)
    statements: list[Row] = field(default_factory=list)
    promises: list[Row] = field(default_factory=list)  # messages that a page now has
    actions: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)  # leaves
    hashes: list[bytes] = field(default_factory=list)
    ends: list[tuple[int, str]] = field(default_factory=list)
    tracks: dict[tuple[str, str], Track] = field(default_factory=dict)  # by list and entry
    fired: Counter[int] = field(default_factory=Counter)  # live events by rule, of this group
    list_matches: list[Row] = field(default_factory=list)  # (decision, list, entry)
    sudden: dict[tuple[str, str], Any] = field(default_factory=dict)  # entries that match much
    later: list[Callable[[], object]] = field(default_factory=list)  # writes of controls, in order
    at: int = 0  # when what is no record is done

    def order(self, now: int) -> None:
        """The next place in the one order."""
        self.seq += 1
        self.recv = max(self.recv + 1, now)

    def beside(self, now: int) -> int:
        """The instant of what takes no place in the order, an appeal, a delivery: it may come days
        after the last record, and never before it.
        """
        self.at = max(now, self.recv)
        return self.at

    def add_event(
        self,
        item: Submission,
        seen: Observation,
        verdict: Verdict,
        identity: bytes,
        content: bytes,
        via: str,
        published: bytes | None,
    ) -> None:
        """The journal's row of an event at this place, and its body."""
        event = item.event
        if verdict.fired and not item.timeline:
            self.fired.update(verdict.fired)
        self.records.append(
            (
                self.seq,
                self.recv,
                event.type,
                seen.kind or None,
                item.timeline,
                event.source,
                clock.from_datetime(event.time),
                verdict.place,
                self.config,
                identity,
                content,
                seen.key("author"),
                journal.pack_facts(verdict.facts),
                journal.pack_entries(verdict.entries),
                journal.pack_hits(
                    verdict.fired,
                    verdict.unknown,
                    verdict.faults,
                    verdict.campaign.recorded(),
                    verdict.campaign.gone,
                    verdict.ordered,
                    verdict.lasting,
                ),
                verdict.digest,
                None,
                via,
                published,
            )
        )
        self.bodies.append((self.seq, item.canonical))
        self.heard[self.seq] = item

    def amend(self, seq: int, action: str, decision: str, statement: str) -> None:
        """What was accepted earlier in this group has been acted on since: so it is answered when
        it comes again.
        """
        for identity, known in self.identities.items():
            if known.seq == seq and known.answer is not None:
                answer = msgspec.structs.replace(
                    known.answer,
                    action=decisions.strongest(
                        [each for each in (known.answer.action, action) if each != "allow"]
                    ),
                    decisions=(*known.answer.decisions, decision),
                    statement=known.answer.statement or statement,
                )
                self.identities[identity] = known._replace(answer=answer)

    # --- cases ------------------------------------------------------------------------------------

    def decided(self) -> list[Row]:
        """The decisions that the record at this place has led to."""
        found = itertools.takewhile(lambda row: row[1] == self.seq, reversed(self.decisions))
        return list(found)[::-1]

    def began(self, record: Decision) -> None:
        """What a decision began with, where that was a demand: it stays so."""
        if record.demand is not None:
            self.demanded.append((record.demand, record.id))

    def open_of(self, store: Store, share: bytes) -> int:
        """How many open cases there are of a share, those of this group included."""
        if share not in self.shares:
            row = store.one("open_of_share", (share,))
            self.shares[share] = int(row[0]) if row else 0
        return self.shares[share]

    def concern(self, case: str, about: Row) -> None:
        """One more record that a case is about (`review.gathering.About`)."""
        self.case_subjects.append((case, *about))

    def add_control(
        self,
        type_: str,
        payload: str,
        verdict: bytes,
        identity: bytes | None,
        content: bytes | None,
        published: bytes | None,
    ) -> None:
        """The journal's row of a control at this place."""
        self.records.append(
            (self.seq, self.recv, "!" + type_, None, "", None, None, None, self.config)
            + (identity, content)
            + (None,) * 4
            + (verdict, payload, "", published)
        )

    def leaf(self, type_: leaf.LeafType, commitment: bytes, **fields: Any) -> None:
        """One more line of the public log, of the day on which it is written."""
        entry = leaf.encode_leaf(
            leaf.Leaf(
                type=type_,
                id=ids.new_id("lf"),
                day=clock.day(max(self.recv, self.at)),
                commitment=commitment.hex(),
                **fields,
            )
        )
        hashed = tree.leaf_hash(entry)
        self.entries.append((self.leaves, self.seq, entry, hashed))
        self.hashes.append(hashed)
        self.leaves += 1

    def told(self) -> set[int]:
        """Whom a notice of this group is for (tokens)."""
        return {row[3] for row in self.notices if row[3] is not None}

    def tell(self, told: Told, key: bytes) -> None:
        """One more notice, with the page and the message it brings along. `key` is the
        community's.
        """
        notice, page = told.notice, told.page
        self.notices.append(
            (
                notice.id,
                notice.decision,
                self.seq,
                notice.author,
                notice.lang,
                notice.reason,
                notice.state,
                notice.statement,
                notice.message,
            )
        )
        if page is None:
            return
        self.pages[page.timeline, page.author, page.clause] = page
        if told.opens:
            digest = notices.token_digest(key, notices.token(key, page.id))
            self.statements.append(
                (page.id, digest, page.timeline, page.author, page.clause, page.lang, page.opened)
            )
        if told.message is not None:
            self.promises.append((page.first, page.more, page.id))
            self.ask(told.message)

    def ask(self, asked: Asked) -> None:
        """One more thing asked of the platform."""
        self.actions.append(
            (
                asked.id,
                asked.decision,
                self.seq,
                asked.lane,
                asked.action,
                int(asked.inverse),
                asked.state,
                asked.kind,
                asked.connector,
                asked.statement,
                asked.due,
            )
        )

    def withdraw(self, store: Store, decision: str, *, messages: bool = True) -> None:
        """Take back what was asked for a decision and not yet sent: a message only with the last
        action that it tells of, and none where there is something to tell all the same.
        """
        unsent = {"decision": decision, "now": self.recv}

        def write() -> None:
            store.run("withdraw", unsent)
            if not messages:
                return
            store.run("withdraw_messages", unsent)
            store.run("bring_forward", unsent)
            store.run("promise_again", {"decision": decision})

        self.later.append(write)

    def opens(
        self,
        clause: str,
        rule: str | None,
        queue: str,
        reason: str,
        *,
        urgent: bool = False,
        decision: str | None = None,
        cluster: int | None = None,
        at: int | None = None,
        stands: Row | None = None,
        shares: tuple[bytes, ...] = (),
        campaign: int | None = None,
        closed: int | None = None,
    ) -> str:
        """One more case, opened when the record was received or `at` another instant; its id.
        `stands` are its columns from `timeline` to `subject`; without them it is about nobody.
        """
        case, opened = ids.new_id("cas"), self.recv if at is None else at
        if stands is None:
            stands = ("", "", 0, 0, opened + OTHER_CASES, None)
        what = (clause, rule, queue, int(urgent), reason, decision, cluster)
        self.cases.append((case, self.seq, opened, *what, *stands, campaign, closed))
        for share in shares:
            self.shares[share] = self.shares.get(share, 0) + 1
            self.case_shares.append((case, share))
        return case

    # --- writing ----------------------------------------------------------------------------------

    def write_records(self, store: Store) -> None:
        """The journal's rows and the sealed bodies."""
        store.many("add_record", self.records)
        store.many("add_body", self.bodies)

    def write_decisions(self, store: Store) -> None:
        """What was decided, and all that belongs to it."""
        store.many("add_decision", self.decisions)
        store.many("add_demand_decision", self.demanded)
        store.many("add_case", self.cases)
        store.many("join_case", self.case_joins)
        store.many("add_case_subject", self.case_subjects)
        store.many("add_case_share", self.case_shares)
        store.many("open_share", [(share,) for _, share in self.case_shares])
        store.many("add_leaf", self.entries)
        store.many("add_notice", self.notices)
        store.many("add_statement", self.statements)
        store.many("promise_message", self.promises)
        store.many("add_action", self.actions)
        store.many("add_flag_answer", self.flag_answers)

    def write_state(self, store: Store, community: Community) -> None:
        """What recovery would otherwise have to count up from the beginning of the journal."""
        rows = [(*entry, track.encoded()) for entry, track in self.tracks.items()]
        store.many("put_list_record", rows)
        store.many("add_list_match", self.list_matches)
        rules = [(community.active.rules[each], count) for each, count in self.fired.items()]
        watched = [(rule.name, rule.version, n) for rule, n in rules if rule.mode == "watch"]
        store.many("add_watch_hits", [(*each, self.recv) for each in watched])
        store.many(
            "put_history",
            [
                (timeline, account, known.first, known.last, known.accepted)
                for timeline, account in community.changed
                for known in (community.histories[timeline, account],)
            ],
        )
        touched = {(row[4], row[5]) for row in self.records if row[5] is not None}
        store.many(
            "put_stream",
            [
                (timeline, source, community.timelines[timeline].streams[source])
                for timeline, source in touched
                if source in community.timelines[timeline].streams
            ],
        )

    def move_head(self, store: Store, frontier: tree.Frontier, epoch: int) -> bool:
        """Move the head; False where another writer has taken over."""
        moved = store.run(
            "move_head",
            {
                "seq": self.seq,
                "recv": self.recv,
                "config": self.config,
                "leaves": self.leaves,
                "frontier": frontier.encode(),
                "epoch": epoch,
            },
        )
        return moved == 1
