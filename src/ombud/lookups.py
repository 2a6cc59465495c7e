"""What somebody who looked up a member, a post, a room or a server is shown of it.

Only who left a record of the look-up sees anything, and only for an hour; then they say again why.
Shown is what this community knows: since when somebody is here, what was decided and how appeals
to it ended, what waits, how people judged flags about them, and notes. There is no score, nothing
of any other place, and nothing beyond what is kept. Everything is read by index, a page at a time.
This module must never write, and never show who flagged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from ombud import clock, decisions, finding, ids, journal
from ombud.activation.active import Active
from ombud.casebook import TEXT_LENGTH_MAX, Casebook
from ombud.clauses import Clauses, titles
from ombud.controls.incident import KIND, Scope
from ombud.controls.lookup import LASTS, Reason
from ombud.review.case import Case
from ombud.signals.observation import Observation
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

PAGE = 20  # decisions on one page
CASES_MAX = 20  # open cases that are shown; of more it is said that there are more
NOTES_MAX = 20
LATELY_MAX = 10  # look-ups of one's own that still stand
LATEST = 1 << 62
_LIVE = ""  # the timeline


class Look(NamedTuple):
    """One look-up: the columns of `lookup`."""

    id: str
    seq: int
    time: int
    person: int
    kind: str
    about: int | None
    record: int | None
    review: str | None
    sealed: bytes | None

    @property
    def until(self) -> int:
        """Until when whoever looked may see it."""
        return self.time + LASTS


class LookupBook:
    """The look-ups of one community, read beside its writer."""

    def __init__(self, store: Store, keys: KeyFile, active: Active) -> None:
        self._store = store
        self._keys = keys
        self._active = active
        self._clauses = Clauses(store)
        self._cases = Casebook(store, keys, active)

    # --- look-ups ---------------------------------------------------------------------------------

    def granted(self, id_: str, person: int, now: int) -> Look | None:
        """A look-up by this person that still stands; None: they may see nothing by it."""
        row = self._store.one("lookup", (ids.encodable(id_),))
        look = None if row is None else Look(*row)
        if look is None or look.person != person or not _stands(look, now):
            return None
        return look if look.sealed is not None else None  # erased: there is nobody to see

    def lately(self, person: int, now: int) -> list[dict[str, Any]]:
        """What somebody looked up and may still see."""
        rows = self._store.all("lookups_since", (person, now - LASTS, LATELY_MAX))
        return [self.named(Look(*row)) for row in rows if row[8] is not None]

    def named(self, look: Look) -> dict[str, Any]:
        """Whom a look-up is about, and its reason, or the case that is it; None once erased."""
        reason = self._reason(look)
        platform, name = (reason.platform, reason.name) if reason else ("", "")
        if reason is not None and reason.scope is not None:
            name = _of(reason.scope)
        if look.about is not None:
            platform, name = self._keys.who(look.about) or ("", "")
        return {
            "id": look.id,
            "kind": look.kind,
            "said": "post by" if look.kind == "post" and look.about is not None else look.kind,
            "platform": platform,
            "name": name,
            "time": clock.rfc3339(look.time),
            "until": clock.rfc3339(look.until),
            "reason": reason.text if reason else None,
            "case": look.review,
            "gone": reason is None,
        }

    def _reason(self, look: Look) -> Reason | None:
        plain = self._keys.open_decision(look.id, look.sealed)
        return None if plain is None else msgspec.json.decode(plain, type=Reason)

    def scope(self, look: Look) -> Scope | None:
        """Of what an incident file is that was looked up; None where it is none."""
        reason = self._reason(look) if look.kind == KIND else None
        return None if reason is None else reason.scope

    # --- what is shown ----------------------------------------------------------------------------

    def shown(self, look: Look, now: int, lang: str, before: int, *, texts: bool) -> dict[str, Any]:
        """What is known of it: decisions older than the line `before` of the log; with `texts` also
        what a post says.
        """
        about = self.named(look)
        found: dict[str, Any] = {**about, "known": None, "flags": {}, "notes": [], "post": None}
        if look.kind == "post":
            found["post"] = self._post(look.record or 0, texts=texts)
        if look.kind == "server":
            token = finding.server(self._keys, about["name"])
            return {**found, "known": self._known(token), "decisions": [], "cases": [], "more": 0}
        if look.about is not None:
            found["known"] = self._known(look.about)
            found["flags"] = dict(self._store.all("flags_judged", {"about": look.about}))
            found["notes"] = self._notes(look.about, now) if texts else []
        found |= self._of(look, about, now, lang, before)
        return found

    def _of(
        self, look: Look, about: Mapping[str, Any], now: int, lang: str, before: int
    ) -> dict[str, Any]:
        """The decisions and open cases about a member, a post of nobody, or a room."""
        key: int | bytes = look.about or 0
        decided, waiting = "decisions_of_member", "open_cases_of_member"
        if look.about is None and look.kind == "post":
            decided, waiting, key = "decisions_about", "open_cases_of_post", look.record or 0
        elif look.about is None:
            decided, waiting = "decisions_of_subject", "open_cases_of_subject"
            key = finding.room(self._keys, self._active, about["platform"], about["name"])
        wanted: dict[str, Any] = {"about": key, "before": before, "limit": PAGE + 1}
        rows = self._store.all(decided, (key,) if decided == "decisions_about" else wanted)
        cases = self._store.all(waiting, {"about": key, "limit": CASES_MAX + 1})
        return {
            "decisions": [self._decision(row) for row in rows[:PAGE]],
            "more": rows[PAGE - 1][15] if len(rows) > PAGE else 0,
            "cases": [self._cases.line(Case(*row), now, lang) for row in cases[:CASES_MAX]],
            "more_cases": len(cases) > CASES_MAX,
        }

    def _known(self, token: int) -> dict[str, Any] | None:
        """Since when somebody is here, and how many posts were accepted."""
        row = self._store.one("history", (_LIVE, token))
        if row is None:
            return None
        first, last, accepted = row
        return {
            "first": clock.rfc3339(first),
            "last": clock.rfc3339(last),
            "accepted": accepted,
        }

    def _decision(self, row: Row) -> dict[str, Any]:
        undone, ended = row[13] is not None, row[12] is not None
        return {
            "id": row[0],
            "time": clock.rfc3339(row[2]),
            "clause": row[6],
            "titles": titles(self._clauses.at(row[1]).get(row[6])),
            "rule": row[7],
            "by": row[8],
            "action": row[9],
            "until": None if row[11] is None else clock.rfc3339(row[11]),
            "state": "undone" if undone else "ended" if ended else "in force",
            "appeals": [self._appeal(each) for each in self._appeals(row[0])],
        }

    def _appeals(self, decision: str) -> list[Row]:
        return self._store.all("appeals_of_decision", (decision,))

    def _appeal(self, row: Row) -> dict[str, Any]:
        ended = self._store.one("outcome_of_appeal", (row[0],))
        return {
            "id": row[0],
            "made": clock.rfc3339(row[1]),
            "outcome": ended[5] if ended else None,
            "decided": clock.rfc3339(ended[2]) if ended else None,
        }

    def _notes(self, about: int, now: int) -> list[dict[str, Any]]:
        wanted = {"about": about, "now": now, "limit": NOTES_MAX}
        found = []
        for note, person, made, _, sealed, case in self._store.all("notes_about", wanted):
            plain = self._keys.open_decision(note, sealed)
            if plain is not None:
                by = people.name_of(self._keys, person)
                found.append(
                    {
                        "case": case,
                        "by": by,
                        "made": clock.rfc3339(made),
                        "text": plain.decode(),
                    }
                )
        return found

    # --- a post -----------------------------------------------------------------------------------

    def _post(self, record: int, *, texts: bool) -> dict[str, Any]:
        """A post: what it says, as far as that is kept, and whether a case about it can be
        opened.
        """
        row = self._store.one("records", {"after": record - 1, "until": record})
        found = None if row is None else journal.Record(*row)
        seen = None if found is None else journal.reread(self._keys, found)
        if seen is None:
            return {"record": record, "gone": True, "clauses": []}
        text = seen.event.data.text or ""
        return {
            "record": record,
            "gone": False,
            "kind": seen.kind,
            "source": seen.event.source,
            "time": clock.rfc3339(clock.from_datetime(seen.event.time)),
            "subject": decisions.subject_of(seen.event, seen.kind, "this"),
            "text": text[:TEXT_LENGTH_MAX] if texts else None,
            "cut": max(0, len(text) - TEXT_LENGTH_MAX),
            "room": _room(seen),
            "clauses": self._open_under(found) if found is not None else [],
        }

    def _open_under(self, record: journal.Record) -> list[dict[str, Any]]:
        """The clauses in force that are not younger than a record."""
        head = self._store.one("head")
        clauses = self._clauses.of(head[4]) if head is not None else {}
        since = self._active.since
        return [
            {"id": each.id, "titles": titles(each)}
            for each in clauses.values()
            if record.time is None or record.time >= since.get(each.id, record.time)
        ]


def _stands(look: Look, now: int) -> bool:
    """Whether it is not over. Records may lie a little ahead of the clock, or far, where that has
    gone back since: then it is over too.
    """
    return look.time - LASTS < now < look.until


def _of(scope: Scope) -> str:
    """Of which cases and hours an incident file is."""
    hours = [
        clock.rfc3339(each)[:16].replace("T", " ") for each in (scope.since, scope.until) if each
    ]
    parts = [*scope.cases, *([" – ".join(hours) + " UTC"] if hours else ())]
    return ", ".join(parts)


def _room(seen: Observation) -> str | None:
    room = seen.event.data.room
    return None if room is None else room.name or room.id
