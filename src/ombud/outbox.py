"""What the sender reads and marks: the rows of the outbox, what each says on the wire, and how far
it has come.

The body of a row is made when it is sent, from the sealed decision: nothing lies about in the clear
in between, and of an erased decision nothing is sent any more. Where another decision keeps what an
inverse would lift, the platform is told what that one says instead (`remaining`). Marks go through
the one writer. This module must never put anybody else's text into a message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from ombud import (
    actions,
    clauses,
    clock,
    decisions,
    inforce,
    notices,
    redacted,
    remaining,
    summons,
)
from ombud.changes import Mark
from ombud.chatwords import ChatWords
from ombud.clauses import Clauses
from ombud.decisions import Decision
from ombud.remaining import Kept
from ombud.review import gathering
from ombud.sender import FAR, Due
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store
from ombud.transaction import Answer

Submit = Callable[[Sequence[Mark]], Future[list[Answer]]]


class Outbox:
    """The outbox of one community, read beside its writer (sender.Outbox).

    `name` is how messages call the community, `link` the address of a statement page, `base` what
    stands before the path of any other.
    """

    def __init__(
        self,
        store: Path,
        keys: Path,
        submit: Submit,
        name: Callable[[], str],
        link: Callable[[str], str],
        base: Callable[[], str] = str,
    ) -> None:
        self._store = Store(store, readonly=True)
        self._keys = KeyFile(keys, readonly=True)
        self._clauses = Clauses(self._store)
        self._submit = submit
        self._name = name
        self._link = link
        self._base = base
        self._chat = ChatWords(self._store, self._keys, self._clauses)
        self._kept: dict[str, str] = {}  # by row: the decision that it told of instead

    def close(self) -> None:
        """Close both files."""
        self._store.close()
        self._keys.close()

    # --- what waits -------------------------------------------------------------------------------

    def open(self, now: int, busy: frozenset[str], limit: int) -> Sequence[Due]:
        """At most `limit` rows whose turn it is, of connectors that are not `busy`."""
        named = msgspec.json.encode(sorted(busy)).decode()
        wanted = {"now": now, "far": now + FAR, "busy": named, "limit": limit}
        return [
            Due(
                id=row[0],
                kind=row[1],
                connector=row[2],
                lane=row[3],
                order=row[4],
                due=row[5],
                state=row[6],
                attempts=row[7],
                inverse=bool(row[8]),
                began=row[9],
            )
            for row in self._store.all("outbox_open", wanted)
        ]

    def mark(self, marks: Sequence[Mark]) -> Future[Sequence[bool]]:
        """Have marks committed; then, for each, whether it was taken."""
        done: Future[Sequence[bool]] = Future()

        def told(future: Future[list[Answer]]) -> None:
            error = future.exception()
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result([bool(answer.touched) for answer in future.result()])

        self._submit([self._noted(each) for each in marks]).add_done_callback(told)
        return done

    def _noted(self, mark: Mark) -> Mark:
        """The same mark; of an inverse that lifted nothing it says why."""
        if mark.state == actions.SENDING:
            return mark
        kept = self._kept.pop(mark.id, None)
        if kept is None or mark.detail:
            return mark
        return replace(mark, detail=f"not lifted: {kept} is in force")

    # --- what is said -----------------------------------------------------------------------------

    def body(self, due: Due) -> bytes | None:
        """What is sent for a row, as JSON; None where there is nothing any more that could be."""
        if due.kind == gathering.ANSWER:
            told = self._answer(due.id)
            return None if told is None else msgspec.json.encode(told)
        if due.kind == summons.WORD:
            called = self._store.one("summons_of", {"id": due.id})
            if called is None:
                line = self._chat.said(due.id, self._name(), self._base(), clock.now())
                return None if line is None else msgspec.json.encode(line)
            return msgspec.json.encode(summons.said(called, due.id, self._name()))
        asked = self._store.one("outbox", (due.id,))
        row = self._store.one("decision", (asked[4],)) if asked else None
        if asked is None or row is None:
            return None
        record = self._record(row)
        who = self._keys.who(row[5]) if row[5] else None
        said: dict[str, Any] | None
        if due.kind == notices.WORD:
            said = None if who is None else self._message(asked, row, record, who[1])
        else:
            said = self._action(asked, row, record, who)
        return None if said is None else msgspec.json.encode(said)

    def memory(self, due: Due) -> str:
        """What was kept by the last call that did or undid the same to the same subject, whichever
        decision it was of: one may go on restricting what another had begun to.
        """
        asked = self._store.one("outbox", (due.id,)) if due.kind == "action" else None
        if asked is None:
            return ""
        made = self._store.all("memories", {"lane": due.lane, "action": asked[6]})
        own = self._restriction(asked[4]) if made else None  # opens its record: not for nothing
        if own is None:
            return ""
        for decision, memory in made:
            if decision == asked[4] or self._restriction(decision) == own:
                return str(memory)
        return ""

    def _restriction(self, decision: str) -> tuple[str, str] | None:
        row = self._store.one("decision", (decision,))
        record = self._record(row) if row else None
        if row is None:
            return None
        return remaining.restriction(row[9], record.actions[0].params if record else None)

    def _answer(self, id_: str) -> dict[str, Any] | None:
        """A word to somebody who flagged: what came of it, and nothing of whom it was about."""
        row = self._store.one("flag_answer", (id_,))
        who = self._keys.who(row[1]) if row else None
        if row is None or who is None:
            return None
        title, text = notices.answer_to_flag(self._name(), row[3], row[2])
        said = {"id": id_, "type": gathering.ANSWER, "account": who[1], "lang": row[2]}
        return {**said, "outcome": row[3], "title": title, "text": text}

    def _record(self, row: Row) -> Decision | None:
        plain = redacted.opened(self._store, self._keys, row[0], row[14])
        return None if plain is None else decisions.opened(plain)

    def _action(
        self, asked: Row, row: Row, record: Decision | None, who: tuple[str, str] | None
    ) -> dict[str, Any] | None:
        """An action, or its undoing. Of an erased decision only the undoing, which then says no
        more than which action it undoes.
        """
        inverse = bool(asked[7])
        if record is None and not inverse:
            return None
        others = self._others(row, record)
        if inverse and others:
            return self._instead(asked, others, record)
        said = self._said(asked, row, asked[6], inverse=inverse)
        if record is None:
            return {**said, "subject": None}
        ends = [row[11], *(each.until for each in others)]
        return said | self._about(record, who, remaining.latest(ends))

    def _others(self, row: Row, record: Decision | None) -> list[Kept]:
        return remaining.others(self._store, self._record, row, record)

    def _instead(
        self, asked: Row, others: list[Kept], gone: Decision | None
    ) -> dict[str, Any] | None:
        """What stands where an inverse would lift what others keep; None where all were erased,
        and nobody can say any more what about.
        """
        first = others[0]
        self._kept[asked[0]] = first.row[0]
        until = remaining.latest(each.until for each in others)
        said = self._said(asked, first.row, first.row[9], inverse=False)
        if first.record is not None:
            who = self._keys.who(first.row[5]) if first.row[5] else None
            return said | self._about(first.record, who, until)
        if gone is None:
            return None
        return {**said, **self._about(gone, None, until), "statement": None}

    def _said(self, asked: Row, row: Row, action: str, *, inverse: bool) -> dict[str, Any]:
        """What is said of every action."""
        return {
            "id": asked[0],
            "type": "action",
            "action": action,
            "inverse": inverse,
            "undoes": self._undone(row) if inverse else None,
            "decision": row[0],
            "clause": row[6],
            "time": clock.rfc3339(row[2]),
        }

    def _undone(self, row: Row) -> str | None:
        """The key of the action that an inverse takes back: of what this decision was to replace,
        where its own never went out.
        """
        asked = self._asked(row[0])
        left = None
        if asked[1] == actions.WITHDRAWN:
            left = remaining.left_behind(self._store, row[4], row[0], row[9])
        key: str | None = asked[0] if left is None else left[0]
        return key

    def _about(
        self, record: Decision, who: tuple[str, str] | None, until: int | None
    ) -> dict[str, Any]:
        """And what is said only while the decision is not erased."""
        done = record.actions[0]
        told = self._store.one("statement_of_decision", (record.id,))
        return {
            "subject": record.subject,
            "on": "this" if done.on == "campaign" else done.on,  # each member by itself
            "account": who[1] if who else None,
            "until": None if until is None else clock.rfc3339(until),
            "params": dict(done.params),
            "lang": record.lang,
            "statement": self._link(told[0]) if told else None,
        }

    def _same_person(self, decision: str) -> bool:
        """Whether the last appeal to a decision was decided by who stood behind it."""
        made = self._store.all("appeals_of_decision", (decision,))
        ended = self._store.one("outcome_of_appeal", (made[-1][0],)) if made else None
        return bool(ended and ended[6])

    def _asked(self, decision: str) -> Row:
        """The stable key of a decision's own action, and how far it has come."""
        return self._store.one("action_of_decision", (decision,)) or (None, "")

    def _message(
        self, asked: Row, row: Row, record: Decision | None, account: str
    ) -> dict[str, Any]:
        page = self._store.one("statement", (asked[5],))
        told = self._store.all("told_by_message", (asked[0],))
        reasons = {reason for _, reason in told}
        last = told[-1][1] if told else "decided"
        more = len({decision for decision, _ in told}) > 1
        over = last in notices.LIFTS and not more  # whatever else the message was to tell of it
        lang = page[4] if page else "en"
        title, text = notices.words(
            self._name(),
            clauses.titles(self._clauses.at(row[1]).get(row[6])),
            lang,
            record,
            last if len(reasons) == 1 or over or last in notices.OF_APPEALS else "decided",
            more=more,
            first="decided" in reasons,
            failed=self._asked(row[0])[1] == actions.FAILED,
            same=self._same_person(row[0]),
            still=last in notices.LIFTS and bool(self._others(row, record)),
            stuck=last in notices.LIFTS and inforce.not_lifted(self._store, row[0]),
        )
        link = self._link(asked[5])
        return {
            "id": asked[0],
            "type": notices.WORD,
            "account": account,
            "lang": lang,
            "title": title,
            "text": text,
            "link": link,
            "receipt": f"{link}/receipt/{row[0]}",
            "decision": row[0],
            "clause": row[6],
            "time": clock.rfc3339(row[2]),
        }
