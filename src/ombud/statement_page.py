"""What one person is shown under the link of a notice: the content of the statement page.

One page for a person, a clause and an hour: every decision told of in that hour, each with what
was done, why, by a rule or a person, until when, all clocks, its receipt and its appeals. It is
what the web page and its JSON are made of. It comes in parts, so that however many decisions an
hour brought, each can be read and one page costs little. It must never hold a staff member's name,
who reported, or anybody else's account.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ombud import (
    actions,
    appeals,
    clauses,
    clock,
    decisions,
    ids,
    inforce,
    journal,
    notices,
    redacted,
    transparency,
)
from ombud.clauses import Clauses
from ombud.controls import appealed
from ombud.demandbook import DemandBook
from ombud.errors import BadUse, catalogue
from ombud.inforce import Instead, restricts
from ombud.ledger import disclosure, leaf
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

catalogue(
    U498=(
        "The line of {decision} cannot be opened.",
        "It was erased, words of it were blacked out, or an earlier program recorded it.",
    ),
)

ITEMS_A_PART = 50  # decisions read at once; somebody may have posted a thousand times in an hour
_TOLD = frozenset({actions.DELIVERED, actions.CONFIRMED})


class Fact(msgspec.Struct, frozen=True):
    """One condition that fired, in words by language, and the words that matched."""

    said: Mapping[str, str]
    matched: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True):
    """What was written in an appeal after its first words: by "person", or by which staff role.
    `said` is by language, "und" where its writer did not say which it is.
    """

    time: str
    role: str
    said: Mapping[str, str]


class AppealMade(msgspec.Struct, frozen=True):
    """One appeal of the person: when, what they wrote, how it stands ("open", or how it ended:
    "upheld", "partial", "reversed", "omitted"), by when it should be decided and when it was, and
    whether who decided it stood behind the decision, there being nobody else.
    """

    time: str
    text: str
    state: str
    due: str | None = None
    decided: str | None = None
    same_person: bool = False
    messages: tuple[Said, ...] = ()


class Receipt(msgspec.Struct, frozen=True):
    """Where the decision stands in the public log. `published` once a signed head covers it.
    `opens` where the person can prove that its line is about this statement.
    """

    origin: str
    leaf: int
    published: bool
    witnesses: str
    opens: bool = False


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One decision, as its person is shown it. Times are RFC 3339, UTC; None where there is none.

    `state` is "in force", "ended", "undone", "withdrawn" (undone before anything was done),
    "awaiting" (decided when the platform asked, in force only once it publishes), "not carried
    out" (the platform has not done it, as far as is known) or "erased"; `delivery` is the state of
    what was asked of the platform. `words_withheld` says that the clause keeps the words
    that matched, and those the rule looks for, back until an appeal.
    """

    decision: str
    state: str
    clause: str
    action: str
    time: str
    by: str
    automated_detection: bool | None = None
    automated_decision: bool | None = None
    subject: str = ""
    instead: tuple[Instead, ...] = ()  # of one that is over: what is in force in its place
    what: Mapping[str, str] = {}
    why: Mapping[str, str] = {}
    facts: tuple[Fact, ...] = ()
    words_withheld: bool = False
    rules: tuple[tuple[str, str], ...] = ()  # (name, version)
    one_person: bool = False  # its author alone stands behind the rule
    blacked_out: str | None = None  # when words of what it is about were, the last time
    policy_version: str = ""
    licence: str | None = None
    until: str | None = None
    ended: str | None = None
    undone: str | None = None
    not_lifted: bool = False  # it is over, and the platform has not taken it back, as far as known
    told: str | None = None
    advised: str | None = None  # since when other communities are told of it
    delivery: str = ""
    origin: str = ""  # empty while it has to be kept from who is concerned
    demand: Mapping[str, Any] | None = None  # who asked on which basis, where one began it
    again: bool = False  # what is held was not published, and has to be sent again
    appeal_until: str | None = None
    may_appeal: bool = False
    appeals: tuple[AppealMade, ...] = ()
    receipt: Receipt | None = None


class StatementPage(msgspec.Struct, frozen=True, kw_only=True):
    """One part of what stands under one link. `titles` and `texts` are the clause's, by language.

    `items` are those of `part` (from 1, of `parts`), at most ITEMS_A_PART. Of all parts together:
    `count` decisions, `in_force` of them now, `all_temporary` where some are and each of those ends
    by itself or restricts nothing.
    """

    community: str
    lang: str
    languages: tuple[str, ...]
    clause: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    opened: str
    items: tuple[Item, ...]
    count: int
    in_force: int
    all_temporary: bool
    part: int = 1
    parts: int = 1

    @property
    def first(self) -> int:
        """The number of the first item on the whole page, from 1."""
        return (self.part - 1) * ITEMS_A_PART + 1


class StatementPages:
    """The statement pages of one community, read beside its writer."""

    def __init__(self, store: Store, keys: KeyFile) -> None:
        self._store = store
        self._keys = keys
        self._clauses = Clauses(store)
        self._demands = DemandBook(store, keys)

    def of_token(
        self,
        token: str,
        community: str,
        languages: tuple[str, ...],
        now: int,
        part: int = 1,
        decision: str = "",
    ) -> StatementPage | None:
        """What stands under a link at the instant `now`; None where nothing does.

        Of its parts the nearest to `part`, or the one with `decision` where that is given and told
        of.
        """
        digest = notices.token_digest(self._keys.community, token)
        row = self._store.one("statement_by_token", (digest,))
        if row is None:
            return None
        standing = self._store.all("standing_of_statement", {"statement": row[0], "now": now})
        count = sum(each[1] for each in standing)
        in_force = sum(each[2] for each in standing)
        endless = sum(each[3] for each in standing if restricts(each[0]))
        parts = max(1, -(-count // ITEMS_A_PART))
        if decision:
            known = ids.encodable(decision)
            found = self._store.one("place_on_statement", {"statement": row[0], "decision": known})
            part = found[0] // ITEMS_A_PART + 1 if found else part
        part = min(max(part, 1), parts)
        clause = self._clauses.at(max((each[4] for each in standing), default=0)).get(row[3])
        return StatementPage(
            community=community,
            lang=row[4],
            languages=languages,
            clause=row[3],
            titles=clauses.titles(clause),
            texts=clauses.texts(clause),
            opened=clock.rfc3339(row[5]),
            items=self._items(row[0], part, now),
            count=count,
            in_force=in_force,
            all_temporary=in_force > 0 and endless == 0,
            part=part,
            parts=parts,
        )

    def _items(self, statement: str, part: int, now: int) -> tuple[Item, ...]:
        offset = (part - 1) * ITEMS_A_PART
        wanted = {"statement": statement, "limit": ITEMS_A_PART, "offset": offset}
        told = self._store.all("decisions_of_statement", wanted)
        rows = [self._store.one("decision", each) for each in told]
        head = self._store.one("head")
        assert head is not None  # every store has one  # noqa: S101
        return tuple(self._item(each, head, now) for each in rows if each is not None)

    def _receipt(self, head: Row, leaf: int) -> Receipt:
        return Receipt(head[7], leaf, leaf < head[8], transparency.witnesses_of(self._store, leaf))

    def receipt(self, folder: Path, token: str, decision: str) -> bytes | None:
        """The `.tlog-proof` of a decision that is told of under a link; None where it is not.

        Raises BadUse U362 where no signed head covers it yet.
        """
        made = self._told(token, decision)
        if made is None:
            return None
        return transparency.receipt_of(self._store, folder, made[0], made[15])

    def opening(self, token: str, decision: str, now: int) -> bytes | None:
        """What proves to the person of a decision that is told of under a link that its line in the
        log is about the statement they have; None where it cannot be proven, or is not told of.
        """
        made = self._told(token, decision)
        try:
            return None if made is None else self.opening_of(made[0], now)
        except BadUse:
            return None

    def opening_of(self, decision: str, now: int) -> bytes:
        """The same of any decision: the parts of its record that its person is shown. Raises
        BadUse U498 where there is none, or where it is not as it was recorded any more.
        """
        made = self._store.one("decision", (ids.encodable(decision),))
        plain = None
        if made is not None:
            plain = redacted.opened(self._store, self._keys, made[0], made[14])
        if made is None or plain is None or not self._opens(made[15], plain):
            raise BadUse("U498", decision, decision=decision)
        record, parts = decisions.opened(plain), decisions.parts(plain[leaf.SALT_BYTES :])
        secret = record.demand is not None and not self._demands.behind(record.demand, now)
        shown = decisions.SHOWN if secret else decisions.SHOWN | decisions.BEGAN
        return disclosure.opening(plain[: leaf.SALT_BYTES], parts, shown)

    def _opens(self, position: int, plain: bytes) -> bool:
        """Whether a line commits to a record part by part, and to this one."""
        line = leaf.parse_leaf(self._store.all("leaves", (position, position + 1))[0][0])
        parts = decisions.parts(plain[leaf.SALT_BYTES :])
        return disclosure.commitment(plain[: leaf.SALT_BYTES], parts).hex() == line.commitment

    def _told(self, token: str, decision: str) -> Row | None:
        """A decision that is told of under a link."""
        digest = notices.token_digest(self._keys.community, token)
        row = self._store.one("statement_by_token", (digest,))
        known = ids.encodable(decision)
        if row is None:
            return None
        wanted = {"statement": row[0], "decision": known}
        told = self._store.one("place_on_statement", wanted)
        return told and self._store.one("decision", (known,))

    def _advised(self, decision: str) -> str | None:
        row = self._store.one("advice", (decision,))
        return None if row is None else clock.rfc3339(row[1])

    def _item(self, row: Row, head: Row, now: int) -> Item:
        plain = redacted.opened(self._store, self._keys, row[0], row[14])
        common = {
            "decision": row[0],
            "clause": row[6],
            "action": row[9],
            "time": clock.rfc3339(row[2]),
            "by": row[8],
            "receipt": self._receipt(head, row[15]),
        }
        if plain is None:
            return Item(state="erased", **common)
        opens = self._opens(row[15], plain)
        common["receipt"] = msgspec.structs.replace(common["receipt"], opens=opens)
        record = decisions.opened(plain)
        clause = self._clauses.at(row[1]).get(record.clause)
        asked = self._store.one("action_of_decision", (row[0],))
        delivery = asked[1] if asked else ""
        told = self._store.all("notices_of_decision", (row[0],))
        made = self._appeals(row[0])
        state = inforce.state(row, delivery, now)
        over = state in inforce.OVER and row[5] is not None
        demand = None if record.demand is None else self._demands.behind(record.demand, now)
        return Item(
            state=state,
            instead=inforce.instead(self._store, self._keys, row, now) if over else (),
            automated_detection=record.automated_detection,
            automated_decision=record.automated_decision,
            subject=record.subject,
            what=record.reasons.what,
            why=record.reasons.why,
            facts=tuple(
                Fact(each.said, each.matched) for each in decisions.merged(record.reasons.facts)
            ),
            words_withheld=bool(clause and clause.words_withheld),
            rules=tuple((each.name, each.version) for each in record.rules),
            one_person=decisions.one_person(record),
            blacked_out=self._blacked_out(row[16]),
            policy_version=record.policy_version,
            licence=record.licence,
            until=record.actions[0].until,
            ended=self._instant(row[12]),
            undone=self._instant(row[13]),
            not_lifted=state in inforce.OVER and inforce.not_lifted(self._store, row[0]),
            told=next((clock.rfc3339(each[5]) for each in told if each[3] in _TOLD), None),
            advised=self._advised(row[0]),
            delivery=delivery,
            origin=record.origin if record.demand is None or demand else "",
            demand=demand,
            again=record.again,
            appeal_until=record.appeal_until,
            may_appeal=(
                row[13] is None
                and appeals.room(self._store, row[0])
                and clock.rfc3339(now) <= record.appeal_until
            ),
            appeals=made,
            **common,
        )

    def _instant(self, seq: int | None) -> str | None:
        """When a record was received."""
        row = self._store.one("record", (seq,)) if seq is not None else None
        return None if row is None else clock.rfc3339(journal.Record(*row).recv)

    def _blacked_out(self, record: int) -> str | None:
        """When words of a record were blacked out, the last time."""
        found = self._store.all("blackouts_of_record", (record,))
        return clock.rfc3339(found[-1][1]) if found else None

    def _appeals(self, decision: str) -> tuple[AppealMade, ...]:
        made = []
        for id_, when, state, sealed, _, due in self._store.all("appeals_of_decision", (decision,)):
            plain = redacted.opened(self._store, self._keys, id_, sealed)
            said = msgspec.json.decode(plain[leaf.SALT_BYTES :])["text"] if plain else ""
            ended = self._store.one("outcome_of_appeal", (id_,))
            made.append(
                AppealMade(
                    clock.rfc3339(when),
                    said,
                    ended[5] if ended else state,
                    due=clock.rfc3339(due),
                    decided=clock.rfc3339(ended[2]) if ended else None,
                    same_person=bool(ended and ended[6]),
                    messages=self._messages(id_),
                )
            )
        return tuple(made)

    def _messages(self, appeal: str) -> tuple[Said, ...]:
        found = []
        for message, made, role, _, sealed in self._store.all("messages_of_appeal", (appeal,)):
            plain = redacted.opened(self._store, self._keys, message, sealed)
            found.append(Said(clock.rfc3339(made), role, appealed.said(plain)))
        return tuple(found)
