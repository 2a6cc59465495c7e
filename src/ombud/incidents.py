"""The file of an incident: what came in, what was decided and by which rule or role, who was told,
what the platforms were asked and did, orders and emergencies, and what the next person finds open.

It is of cases or of some hours (`controls.incident`) and never of a person. Staff stand in it as
roles, who flagged does not stand in it at all, nor a word of a flag. What was said is in it only as
long as it is kept, and only for who may judge the case; everybody else has the same file without
texts and accounts. Everything is read by index and bounded, and what was left out is counted. This
module must never write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ombud import clock, decisions, journal
from ombud.activation.active import Active
from ombud.casebook import Casebook
from ombud.clauses import Clauses, titles
from ombud.controls import staff
from ombud.controls.incident import Scope
from ombud.review import case as cases
from ombud.review.case import APPEALS, Case
from ombud.staff import roles
from ombud.staff.roles import Member
from ombud.staffrecords import said
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.wall import first_at

CASES_MAX = 50  # of those opened within a time; of more it is said that there are more
SHOWN = 25  # records of one case that stand in the file one by one
TEXT_LENGTH_MAX = 1000  # characters of what one of them says
ENTRIES_MAX = 1000  # of each kind
NAMED_MAX = 200  # characters of a name or an id

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A case in the file, and whether its texts and accounts are."""

    case: Case
    texts: bool


class Incidents:
    """The files of one community, read beside its writer."""

    def __init__(self, store: Store, keys: KeyFile, active: Active) -> None:
        self._store = store
        self._keys = keys
        self._book = Casebook(store, keys, active)
        self._clauses = Clauses(store)

    def file(self, scope: Scope, member: Member, now: int, lang: str) -> dict[str, Any]:
        """The file as it stands now, as somebody (by what they may) sees it."""
        found, more = self._cases(scope)
        seen = [each for case in found if (each := _seen(member, case)) is not None]
        told = sorted(self._told(scope, seen), key=lambda entry: entry["at"])
        return {
            "since": _instant(scope.since),
            "until": _instant(scope.until),
            "made": clock.rfc3339(now),
            "cases": [self._case(each, now, lang) for each in seen],
            "hidden": len(found) - len(seen),
            "more_cases": more,
            "texts": all(each.texts for each in seen),
            "timeline": [_timed(entry) for entry in told],
            "cut": any(entry["cut"] for entry in told),
        }

    # --- which cases ------------------------------------------------------------------------------

    def _cases(self, scope: Scope) -> tuple[list[Case], bool]:
        """The cases that were named, and those opened in its time; and whether there are more."""
        found = {each: cases.find(self._store, each) for each in scope.cases}
        if not scope.since:
            return list(found.values()), False
        within = {"since": scope.since, "until": scope.until, "limit": CASES_MAX + 1}
        rows = self._store.all("cases_opened_within", within)
        for row in rows[:CASES_MAX]:
            found.setdefault(row[0], Case(*row))
        return list(found.values()), len(rows) > CASES_MAX

    def _case(self, seen: Seen, now: int, lang: str) -> dict[str, Any]:
        """One case as the next person finds it: how it stands, who has it, what waits, notes."""
        case, store = seen.case, self._store
        waiting = [] if case.closed is not None else cases.left(store, case.id)
        line = self._book.line(case, now, lang)
        proposal = store.one("proposal", (case.id, now))
        person = case.held(now) if case.assigned is None else case.assigned
        notes = self._book.notes(case.id, now) if seen.texts else []
        return {
            "id": case.id,
            "clause": case.clause,
            "titles": titles(self._clauses.at(case.seq).get(case.clause)),
            "rule": case.rule,
            "queue": case.queue,
            "reason": case.reason,
            "urgent": bool(case.urgent),
            "opened": line["opened"],
            "closed": line["closed"],
            "place": line["place"],
            "snoozed_until": line["snoozed_until"],
            "records": line["records"],
            "authors": line["authors"],
            "waiting": len(waiting),
            "texts": seen.texts,
            "with": None if person is None else {
                "role": self._role(person), "name": self._book.name(person)
            },
            "second_needed": proposal is not None,
            "notes": [
                {"made": each["made"], "until": each["until"], "text": each["text"]}
                for each in notes
            ],
        }  # fmt: skip

    def _role(self, person: int | str | None) -> str:
        """As which role somebody is known, now; a rule, or time, as itself."""
        if isinstance(person, str) or person is None:
            return person or "time"
        member = staff.members_of(self._store).get(person)
        return member.roles[0] if member is not None and member.roles else "operator"

    # --- what happened ----------------------------------------------------------------------------

    def _told(self, scope: Scope, seen: list[Seen]) -> Iterator[Entry]:
        for each in seen:
            yield from self._of_case(each)
        named = msgspec.json.encode([each.case.id for each in seen]).decode()
        for query, tell in (
            ("incident_decisions", _decided),
            ("incident_ends", self._ended),
            ("incident_told", _message),
            ("incident_asked", _asked),
            ("incident_appeals", _appeal),
        ):
            yield from self._rows(query, tell, named)
        yield from self._acts(scope, {each.case.id for each in seen})

    def _rows(
        self, query: str, tell: Callable[..., Iterator[Entry]], named: str
    ) -> Iterator[Entry]:
        rows = self._store.all(query, {"cases": named, "limit": ENTRIES_MAX + 1})
        for row in rows[:ENTRIES_MAX]:
            yield from tell(*row)
        if len(rows) > ENTRIES_MAX:
            yield _entry("cut", rows[ENTRIES_MAX][0], rows[ENTRIES_MAX][1], cut=True)

    def _of_case(self, seen: Seen) -> Iterator[Entry]:
        """That a case was opened, what came in, how people judged it, and that it was closed."""
        case = seen.case
        about: dict[str, Any] = {"reason": case.reason, "rule": case.rule, "clause": case.clause}
        yield _entry("opened", case.opened, case.id, **about)
        rows = self._store.all("came_in", {"id": case.id, "limit": SHOWN})
        known: set[str] = set()
        for record, recv, kind in rows:
            said_ = self._said(record, kind) if seen.texts and kind != "flag" else {}
            entry = _entry("came", recv, case.id, what=kind, **{**_UNSAID, **said_})
            if entry["text"] in known:
                entry |= {"same": True, "text": None, "more": 0}
            known.add(entry["text"] or "")
            yield entry
        counted = self._store.one("last_in", (case.id,))
        if counted is not None and counted[0] > len(rows):
            more = {"count": counted[0] - len(rows)}
            yield _entry("came more", counted[1], case.id, **more)
        for row in self._store.all("reviews_of_case", (case.id,)):
            yield _entry(
                "judged",
                row[2],
                case.id,
                role=row[4],
                outcome=row[7],
                action=row[8],
                second=None if row[5] is None else self._role(row[5]),
                alone=bool(row[6]),
                undone=row[11] is not None,
            )
        if case.closed is not None:
            yield _entry("closed", case.closed, case.id)

    def _said(self, record: int, kind: str) -> Mapping[str, Any]:
        """What a record says, as far as it is kept and not blacked out; and by which account."""
        seen = self._book.observed(record)
        if seen is None:
            return {"gone": True}
        data = seen.event.data
        text = data.text or ""
        author, room = data.author, data.room
        return {
            "subject": str(decisions.subject_of(seen.event, kind, "this"))[:NAMED_MAX],
            "account": None if author is None else author.id[:NAMED_MAX],
            "name": None if author is None or author.name is None else author.name[:NAMED_MAX],
            "room": None if room is None else (room.name or room.id)[:NAMED_MAX],
            "text": text[:TEXT_LENGTH_MAX],
            "more": max(0, len(text) - TEXT_LENGTH_MAX),
        }

    def _ended(
        self, at: int, case: str, by: str, who: Any, action: str, undone: int, count: int
    ) -> Iterator[Entry]:
        """Of decisions: that they were taken back, replaced, or over."""
        how = by.removeprefix("!")
        how = how if how in ("undo", "review", "outcome") else "time"
        role = None if how == "time" else self._role(who)
        yield _entry(
            "undone" if undone else "ended",
            at,
            case,
            how=how,
            role=role,
            action=action,
            count=count,
        )

    def _acts(self, scope: Scope, named: set[str]) -> Iterator[Entry]:
        """Orders from these cases, and all that the staff set in its time: orders, emergency, duty,
        rules, lists.
        """
        for _, recv, payload in self._store.all("controls", ("!standing_order",)):
            told = journal.read_json(payload)
            within = scope.since <= recv < scope.until
            if not within and told["begins"] and told["order"]["case"] in named:
                yield self._act("standing_order", recv, told)
        if not scope.since:
            return
        first, end = (first_at(self._store, each) for each in (scope.since, scope.until))
        limit = ENTRIES_MAX + 1
        rows = self._store.all("acts_within", {"first": first, "end": end, "limit": limit})
        for _, recv, type_, payload in rows[:ENTRIES_MAX]:
            yield self._act(type_.removeprefix("!"), recv, journal.read_json(payload))
        if len(rows) > ENTRIES_MAX:
            yield _entry("cut", rows[ENTRIES_MAX][1], None, cut=True)

    def _act(self, did: str, at: int, told: Mapping[str, Any]) -> Entry:
        how = {"how": "", "name": "", **said(did, told)}
        until = told.get("until") or (told.get("order") or {}).get("until") if told.get(
            "begins"
        ) else None  # fmt: skip
        action = told["order"]["action"] if did == "standing_order" and told["begins"] else None
        return _entry(
            "act",
            at,
            how.get("case"),
            did=did,
            how=how["how"],
            name=how["name"],
            role=self._role(told.get("by")),
            action=action,
            until=_instant(until or 0),
        )


# --- each kind of row -----------------------------------------------------------------------------

_UNSAID: Mapping[str, Any] = {
    **dict.fromkeys(("subject", "account", "name", "room", "text")),
    "more": 0,
    "gone": False,
    "same": False,
}


def _entry(kind: str, at: int, case: str | None, *, cut: bool = False, **more: Any) -> Entry:
    return {"at": at, "kind": kind, "case": case, "count": 1, "cut": cut, **more}


def _timed(entry: Entry) -> Entry:
    """An entry as it is told: its instant in words that machines and people read."""
    return {"time": clock.rfc3339(entry["at"]), **{k: v for k, v in entry.items() if k != "at"}}


def _decided(
    at: int,
    case: str,
    clause: str,
    rule: str | None,
    role: str,
    action: str,
    licence: str | None,
    until: int | None,
    count: int,
    undone: int,
    ended: int,
) -> Iterator[Entry]:
    yield _entry(
        "decided",
        at,
        case,
        clause=clause,
        rule=rule,
        role=role,
        action=action,
        licence=None if licence is None else licence.partition(":")[0],
        until=_instant(until or 0),
        count=count,
        undone=undone,
        ended=ended,
    )


def _message(at: int, case: str, reason: str, state: str, count: int) -> Iterator[Entry]:
    yield _entry("told", at, case, reason=reason, state=state, count=count)


def _asked(
    at: int,
    case: str,
    connector: str,
    action: str,
    inverse: int,
    state: str,
    done: int | None,
    detail: str,
    count: int,
) -> Iterator[Entry]:
    yield _entry(
        "asked",
        at,
        case,
        connector=connector,
        action=action,
        inverse=bool(inverse),
        state=state,
        done=_instant(done or 0),
        detail=detail[:NAMED_MAX] if state == "failed" else "",
        count=count,
    )


def _appeal(
    at: int, case: str, ended: int | None, outcome: str | None, role: str, alone: int, due: int
) -> Iterator[Entry]:
    yield _entry("appealed", at, case, due=_instant(due), open=ended is None)
    if ended is not None:
        yield _entry("appeal ended", ended, case, outcome=outcome, role=role, alone=bool(alone))


def _seen(member: Member, case: Case) -> Seen | None:
    """How somebody has a case in the file; None: not at all."""
    permission = "appeals" if case.queue == APPEALS else "cases"
    if roles.may(member, permission, queue=case.queue):
        return Seen(case, texts=True)
    return Seen(case, texts=False) if roles.may(member, "records") else None


def _instant(at: int) -> str | None:
    return clock.rfc3339(at) if at else None
