"""What a person is asked becomes a case, or joins one that is open.

Texts of one cluster, and whatever is about one subject, are one case as long as it is open, if they
are asked about under one clause in one queue. A member's flag of what was judged already, and has
not changed since, opens nothing: its case is closed as it is made, and who flagged is told later.
Replies, quotes, members of long standing and what cannot be held any more are listed apart in a
case: they are never decided in bulk. This module must never decide, and never keep a text: what a
rule saw is sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from ombud import actions, decisions, ids, redacted, summons
from ombud.actions import Asked as Sent
from ombud.activation.active import Active
from ombud.clock import HOUR
from ombud.decisions import FactSeen, RuleVersion
from ombud.effects import Hands
from ombud.review import order, rests
from ombud.review.case import Sealing, Subject
from ombud.review.order import Waiting
from ombud.signals.observation import Observation
from ombud.staff.roles import may
from ombud.store.sqlite import Row, Store
from ombud.transaction import Joined, Transaction
from ombud.verdicts.apart import apart
from ombud.verdicts.campaigns import Out
from ombud.verdicts.choices import REVIEWED, Asked
from ombud.verdicts.community import Verdict, accepts
from ombud.verdicts.past import established
from ombud.windows import EQUAL, NEAR

SUBJECTS_MAX = 1100  # in one case: a campaign and what joins it
KNOWN_POSTS = 3  # whoever had as many posts accepted shares no place with those who come in a flood
UNSURE = frozenset({"no licence"})  # reasons of cases whose rule nobody has shown to be right
PUBLISHED = "published"  # why something is decided by itself, beside those of `apart`
UNCHANGED = "already judged"  # the reason of a case that is closed as it is made
FLAG_ANSWER_AFTER = 1 * HOUR  # nobody should learn by flagging, at once, what is being looked at
ANSWER = "answer"  # what the outbox calls a word to somebody who flagged


class Seen(msgspec.Struct, frozen=True):
    """What a rule saw of a subject that nothing was decided about; sealed in its case."""

    rule: RuleVersion
    facts: tuple[FactSeen, ...]
    tell: Mapping[str, str]


class About(NamedTuple):
    """A record that a person is asked about (the columns of `case_subject` behind the case)."""

    record: int
    subject: bytes
    author: int | None
    decision: str | None
    apart: str | None
    key: str | None = None
    sealed: bytes | None = None


class Key(NamedTuple):
    """By what later asks join an open case."""

    timeline: str
    clause: str
    queue: str
    cluster: int | None
    subject: bytes

    @property
    def ways(self) -> list[Joined]:
        """By what it may join a case, the likest first."""
        found: list[Joined] = [(*self[:3], self.subject)]
        return found if self.cluster is None else [(*self[:3], self.cluster), *found]


@dataclass(frozen=True, slots=True)
class Occasion:
    """A judged event on its way before people."""

    hands: Hands
    tx: Transaction
    verdict: Verdict
    seen: Observation
    timeline: str

    @property
    def connector(self) -> str:
        """The platform's connector, or nothing."""
        return self.hands.community.active.connector(self.seen.platform)


def of_verdict(now: Occasion, made: tuple[str, ...]) -> None:
    """Put before people what a verdict asks; `made` are the decisions about the event itself."""
    if not now.verdict.asked:
        return
    active, tx, seen = now.hands.community.active, now.tx, now.seen
    clusters = [each for number, each, _ in now.verdict.entries if number == NEAR and each < EQUAL]
    content = decisions.lane(
        now.hands.keys.community,
        now.connector,
        decisions.subject_of(seen.event, seen.kind, "this"),
    )
    decided = tx.decided()
    for asked in now.verdict.asked:
        rule = active.rules[asked.rule]
        of_rule = [row for row in decided if row[7] == rule.name]
        own = _standing(asked, [row for row in of_rule if row[14] == tx.seq])
        joins = Key(
            now.timeline,
            asked.clause,
            asked.queue,
            clusters[0] if clusters and active.near(asked.rule) else None,
            own[4] if own is not None and asked.reason in REVIEWED else content,
        )
        if seen.kind == "flag" and not of_rule and _judged(now, asked, joins):
            _unchanged(now, asked, joins)
            continue
        if not of_rule and _rests(now, asked, joins):
            continue
        case = _case(now, asked, joins, made)
        tx.concern(case, _about(now, asked, own, joins.subject))
        for row in of_rule:
            if row[14] != tx.seq:  # an earlier member of its campaign
                apart_ = tx.apart.get(row[14])
                tx.concern(case, About(row[14], row[4], row[5], row[0], apart_))
        for of, published in now.verdict.campaign.out.items():
            for record, out in published.items() if active.rules[of].clause == rule.clause else ():
                tx.concern(case, _published(now, of, record, out))


def _case(now: Occasion, asked: Asked, joins: Key, made: tuple[str, ...]) -> str:
    """The case an ask belongs to: the open one, or a new one."""
    tx, rule = now.tx, now.hands.community.active.rules[asked.rule]
    shares = _shares(now, rule.name)
    author, source = (tx.open_of(now.hands.store, share) if share else 0 for share in shares)
    unsure = asked.reason in UNSURE or now.seen.kind == "flag"
    waiting = Waiting(tx.recv, rule.clause.harm, asked.urgent, unsure, author, source)
    if asked.urgent or asked.reason == summons.OVER_CAP:
        who = (asked.clause, asked.queue, int(asked.urgent))
        summons.call(now.hands, tx, who, now.connector, now.timeline)
    case = _open(now.hands.store, tx, joins)
    if case is not None:
        tx.case_joins.append((int(asked.urgent), order.place(waiting), int(asked.urgent), case))
        return case
    case = tx.opens(
        asked.clause,
        rule.name,
        asked.queue,
        asked.reason,
        urgent=asked.urgent,
        decision=made[0] if made else None,
        cluster=joins.cluster,
        stands=_stands(joins, waiting),
        shares=tuple(share for share in shares if share),
    )
    for key in joins.ways:
        tx.joined[key] = case
    return case


# --- which case -----------------------------------------------------------------------------------


def _open(store: Store, tx: Transaction, joins: Key) -> str | None:
    """The open case that an ask belongs to; None where there is none. The case of a cluster is
    looked for once in a group: a campaign comes in many records.
    """
    ways = joins.ways
    for key in ways:
        if key in tx.joined:
            return tx.joined[key]
    wanted = {**joins._asdict(), "most": SUBJECTS_MAX}
    row = store.one("case_of_cluster", wanted) if joins.cluster is not None else None
    if row is not None:
        tx.joined[ways[0]] = str(row[0])
    row = row or store.one("case_of_subject", wanted)
    return None if row is None else str(row[0])


def _stands(joins: Key, waiting: Waiting) -> Row:
    """The columns of a case that follow `cluster`, up to `subject`."""
    return (
        joins.timeline,
        waiting.harm,
        int(waiting.unsure),
        order.behind(waiting.author, waiting.source),
        order.place(waiting),
        joins.subject,
    )


def _shares(now: Occasion, rule: str) -> tuple[bytes, bytes]:
    """The shares an event's case has a part in: of who made it (empty where nobody is named), and
    its source's by this rule, those who are known here apart from all others. A flag is made by who
    flags: else some could put somebody's posts back by flagging them.
    """
    key, seen = now.hands.keys.community, now.seen
    author = seen.key("reporter" if seen.kind == "flag" else "author")
    history = now.hands.community.history(now.timeline, author) if author else None
    own = int(accepts(seen.kind, now.verdict))
    known = history is not None and history.accepted - own >= KNOWN_POSTS
    source = f"source\0{now.timeline}\0{seen.event.source}\0{rule}\0{known}"
    return (
        ids.keyed_digest(key, "share", f"author\0{author}".encode()) if author else b"",
        ids.keyed_digest(key, "share", source.encode()),
    )


# --- what it is about -----------------------------------------------------------------------------


def concerned(seen: Observation) -> int | None:
    """The token of whom a case about an event concerns: of a flag, who wrote what was flagged."""
    return seen.key("subject.author" if seen.kind == "flag" else "author")


def _standing(asked: Asked, rows: list[Row]) -> Row | None:
    """The decision about a record that a case is about: what it is opened for, or any by its
    rule.
    """
    wanted = [row for row in rows if row[9] == asked.reason]
    held = [row for row in rows if row[9] in REVIEWED]
    return next(iter(wanted or held or rows), None)


def _about(now: Occasion, asked: Asked, own: Row | None, subject: bytes) -> About:
    """The judged record itself. What its rule saw is sealed where no decision says it."""
    active, author, place = now.hands.community.active, concerned(now.seen), now.verdict.place
    settled = False
    if author is not None and place is not None:
        history = now.hands.community.history(now.timeline, author)
        settled = established(history, place, accepts(now.seen.kind, now.verdict))
    key = sealed = None
    if own is None:
        facts = active.facts_seen((asked.rule,), now.seen, now.verdict.facts)
        key, sealed = _sealed(now, asked.rule, facts)
    decision = None if own is None else str(own[0])
    alone = apart(now.seen, settled=settled)
    return About(now.tx.seq, subject, author, decision, alone, key, sealed)


def _published(now: Occasion, rule: int, record: int, out: Out) -> About:
    """An earlier member that is published: shown, and decided by itself, since what is done to the
    rest cannot be done to it.
    """
    active, post = now.hands.community.active, out.post
    facts = active.facts_seen((rule,), post, now.verdict.facts, only=out.shared)
    named = decisions.subject_of(post.event, post.kind, "this")
    subject = decisions.lane(now.hands.keys.community, active.connector(post.platform), named)
    key, sealed = _sealed(now, rule, facts)
    return About(record, subject, post.key("author"), None, PUBLISHED, key, sealed)


def _sealed(now: Occasion, rule: int, facts: tuple[FactSeen, ...]) -> tuple[str, bytes]:
    """What a rule saw, under a key of its own."""
    active, key = now.hands.community.active, ids.new_id("saw")
    version = RuleVersion(active.names[rule], active.versions[rule], active.approved(rule))
    plain = msgspec.json.encode(Seen(version, facts, active.tell(rule)))
    return key, now.hands.keys.seal_decision(key, now.tx.seq, plain)


def opened(plain: bytes) -> Seen:
    """What a rule saw, from its opened seal."""
    return msgspec.json.decode(plain, type=Seen)


def found(hands: Sealing, subject: Subject) -> tuple[tuple[FactSeen, ...], RuleVersion | None]:
    """What the rule saw that put a subject before people, and which rule it was."""
    if subject.key is not None:
        plain = hands.keys.open_decision(subject.key, subject.sealed)
        if plain is not None:
            seen = opened(plain)
            return seen.facts, seen.rule
    row = hands.store.one("decision", (subject.decision,)) if subject.decision else None
    plain = None if row is None else redacted.opened(hands.store, hands.keys, row[0], row[14])
    if plain is None:
        return (), None
    record = decisions.opened(plain)
    return record.reasons.facts, record.rules[0] if record.rules else None


def demanded(hands: Sealing, subject: Subject) -> str | None:
    """The first demand about a record, or about what it is about; whoever opened the case."""
    about = {"record": subject.record, "subject": subject.subject}
    row = hands.store.one("demand_behind", about)
    return None if row is None else str(row[0])


# --- flags ----------------------------------------------------------------------------------------


def _judged(now: Occasion, asked: Asked, joins: Key) -> bool:
    """Whether a person judged this subject under this clause, and it has not changed since. What is
    urgent nobody calls all right for all others: two people did, or nobody else is there.
    """
    store, about = now.hands.store, (joins.subject, joins.clause)
    if store.one("judged_unchanged", about) is None:
        return False
    found = store.all("said_unchanged", about) if asked.urgent else []
    if not found or any(row[0] == "upheld" for row in found):
        return True
    said = {who for row in found for who in row[1:] if who is not None}
    staff = now.hands.community.staff
    there = {who for who, each in staff.items() if may(each, "cases", queue=joins.queue)}
    return len(said) > 1 or there <= said


def _rests(now: Occasion, asked: Asked, joins: Key) -> bool:
    """Whether a person said that just this need not be asked about; nothing is done about it."""
    if asked.urgent or asked.reason == summons.OVER_CAP:
        return False
    hands = now.hands
    key, about = hands.keys.community, (joins.subject, joins.clause, joins.timeline)
    return rests.rests(hands.store, key, hands.community.active, about, now.seen, now.tx.recv)


def _unchanged(now: Occasion, asked: Asked, joins: Key) -> None:
    """Close a repeated flag's case at once, and let who flagged know later."""
    tx, rule = now.tx, now.hands.community.active.rules[asked.rule]
    stands = _stands(joins, Waiting(tx.recv, rule.clause.harm))
    case = tx.opens(asked.clause, rule.name, asked.queue, UNCHANGED, stands=stands, closed=tx.recv)
    tx.concern(case, About(tx.seq, joins.subject, concerned(now.seen), None, None))
    due = tx.recv + FLAG_ANSWER_AFTER
    answer_flag(now.hands, tx, tx.seq, now.seen, now.timeline, "unchanged", due)


def answer_flag(
    hands: Hands,
    tx: Transaction,
    record: int,
    seen: Observation,
    timeline: str,
    outcome: str,
    due: int,
) -> None:
    """Tell who sent the flag of a record what came of it, where their platform can be reached."""
    active = hands.community.active
    reporter, token = seen.people.get("reporter"), seen.key("reporter")
    connector = active.connector(seen.platform)
    if reporter is None or not token or not connector or timeline:
        return
    message = ids.new_id("act")
    tx.ask(
        Sent(
            message,
            "",
            message.encode(),  # it waits for nothing, and nothing waits for it
            ANSWER,
            state=actions.ASKED,
            kind=ANSWER,
            connector=connector,
            due=due,
        )
    )
    tx.flag_answers.append((message, record, token, active.language(reporter.lang), outcome))


def answer_flags(
    hands: Hands,
    tx: Transaction,
    seen: Mapping[int, Observation | None],
    timeline: str,
    outcome: str,
    due: int,
) -> None:
    """Tell all who flagged, by the records that were judged, what came of it."""
    for record, found in seen.items():
        if found is not None and found.kind == "flag":
            answer_flag(hands, tx, record, found, timeline, outcome, due)


def edited(store: Store, tx: Transaction, key: bytes, active: Active, seen: Observation) -> None:
    """What was judged has changed: later flags of it are heard again."""
    named = decisions.subject_of(seen.event, seen.kind, "this")
    subject = decisions.lane(key, active.connector(seen.platform), named)
    store.run("mark_changed", {"subject": subject, "seq": tx.seq})  # the next flag may be near
