"""What the people who decide appeals are shown: which wait, and one with all that it takes.

One appeal comes with the decision as its person was told it, everything written about it both ways,
the content as it was sealed when it was decided, and whether who looks at it may decide it: that is
said before they try, by the same facts that the store refuses them by. A page of the list is one
walk along an index. This module must never write, and never show who flagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ombud import clock, decisions, i18n, ids, journal, notices, redacted
from ombud.activation.active import Active
from ombud.casebook import TEXT_LENGTH_MAX, Casebook
from ombud.clauses import Clauses, titles
from ombud.controls import appealed, judged, stranger
from ombud.controls.outcome import OUTCOMES, harm_of
from ombud.errors import BadUse
from ombud.ledger import leaf
from ombud.review import choices, evidence
from ombud.rules.refuse import hindrance
from ombud.rules.vocabulary import ACTIONS
from ombud.signals.observation import Observation
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

PAGE = 50  # appeals on one page of the list
BESIDE_MAX = 19  # other appeals of a case that are shown with one
FIRST_WORDS = 300  # of what another person of the campaign wrote
EVIDENCE_MAX = 20  # records of one decision that are shown
COUNTED_MAX = 1000  # appeals that are counted; of more it is said that there are more
LATE = 1 << 62  # later than any instant


@dataclass(frozen=True, slots=True)
class Entitled:
    """Whether somebody may decide an appeal, and why: "free" (they had no part in the decision),
    "alone" (they stand behind it, and there is nobody else), "reverse" (they stand behind it and
    may only take it back), "final" (they do, and nobody may reconsider it alone), "own" (it is
    about their own account, and somebody else may decide it). `wrote`: by a rule that they wrote.
    """

    kind: str
    wrote: bool
    outcomes: tuple[str, ...]


@dataclass(slots=True)
class _Hands:
    """Store and keys, as `controls.judged` asks for them."""

    store: Store
    keys: KeyFile


class AppealBook:
    """The appeals of one community, read beside its writer."""

    def __init__(self, store: Store, keys: KeyFile, active: Active) -> None:
        self._store = store
        self._keys = keys
        self._active = active
        self._clauses = Clauses(store)
        self._cases = Casebook(store, keys, active)

    # --- the list ---------------------------------------------------------------------------------

    def waiting(self, after: str, now: int, lang: str) -> tuple[list[dict[str, Any]], str]:
        """A page of open appeals behind the appeal `after`, by when they are due, those of one case
        as one line; and the last one's id where more follow, else nothing.
        """
        known = self._store.one("appeal", (ids.encodable(after),)) if after else None
        wanted = {"due": -1, "id": ""} if known is None else {"due": known[6], "id": known[0]}
        rows = self._store.all("waiting_appeals", {**wanted, "limit": PAGE + 1})
        lines = [self._line(row, now, lang) for row in rows[:PAGE]]
        return lines, rows[PAGE - 1][0] if len(rows) > PAGE else ""

    def ended(self, after: str, now: int, lang: str) -> tuple[list[dict[str, Any]], str]:
        """The same of appeals that were decided, the latest first."""
        known = self._store.one("outcome_of_appeal", (ids.encodable(after),)) if after else None
        wanted = {"time": LATE, "id": ""} if known is None else {"time": known[2], "id": known[0]}
        rows = self._store.all("ended_appeals", {**wanted, "limit": PAGE + 1})
        lines = [self._line(row, now, lang) for row in rows[:PAGE]]
        return lines, rows[PAGE - 1][0] if len(rows) > PAGE else ""

    def overdue(self, now: int) -> int:
        """How many should have been decided by now, at most COUNTED_MAX."""
        return len(self._store.all("overdue_appeals", {"now": now, "limit": COUNTED_MAX}))

    def _line(self, row: Row, now: int, lang: str) -> dict[str, Any]:
        decision = self._store.one("decision", (row[1],))
        assert decision is not None  # it was appealed  # noqa: S101
        counted = {"case": row[7], "limit": COUNTED_MAX}
        waits = (
            self._store.all("open_in_case", counted) if row[7] and row[3] == appealed.OPEN else ()
        )
        return {
            **self._cases.listed_appeal(row),
            "titles": titles(self._clauses.at(decision[1]).get(decision[6])),
            "by": decision[8],
            "together": len(waits) or 1,
            **_clocks(row, now, lang),
        }

    # --- one appeal -------------------------------------------------------------------------------

    def shown(self, id_: str, who: int, now: int, lang: str) -> dict[str, Any]:
        """One appeal, as somebody (a token) looks at it. Raises BadUse U240."""
        found = self._cases.appeal(id_, lang)
        row = self._store.one("appeal", (found["id"],))
        decision = self._store.one("decision", (found["decision"],))
        assert row is not None and decision is not None  # just read  # noqa: S101, PT018
        plain = redacted.opened(self._store, self._keys, decision[0], decision[14])
        record = None if plain is None else decisions.opened(plain)
        ended = self._store.one("outcome_of_appeal", (row[0],))
        instead = self._store.one("decision", (ended[8],)) if ended and ended[8] else None
        return {
            **found,
            **_clocks(row, now, lang),
            "titles": titles(self._clauses.at(decision[1]).get(decision[6])),
            "by": decision[8],
            "of": _state(decision, now),
            "decided_at": clock.rfc3339(decision[2]),
            "lang": record.lang if record else "en",
            "erased": record is None,
            "evidence": self._evidence(decision, now),
            "may": self.entitled(decision, row[0], who, now, erased=record is None),
            "milder": self._milder(decision, now),
            "together": self._together(decision, now),
            "beside": self._beside(row),
            "apart": self._apart(row, decision),
            "ended": ended and {"by": people.name_of(self._keys, ended[3]), "role": ended[4]},
            "instead": None if instead is None else {"id": instead[0], "action": instead[9]},
        }

    def _together(self, decision: Row, now: int) -> list[dict[str, str]]:
        """What else the same judgement decided about the same person, as far as it is in force: a
        warning beside a removal stands when the removal alone is taken back.
        """
        (statement,) = self._store.one("statement_of_decision", (decision[0],)) or ("",)
        asked = {"statement": statement, "limit": BESIDE_MAX, "offset": 0}
        others = (
            self._store.one("decision", (other,))
            for (other,) in self._store.all("decisions_of_statement", asked)
            if other != decision[0]
        )
        return [
            {"id": each[0], "action": each[9]}
            for each in others
            if each is not None and each[1] == decision[1] and _state(each, now) == "in force"
        ]

    def _can(self, decision: Row) -> Mapping[str, str]:
        asked = self._store.one("action_of_decision", (decision[0],))
        return self._active.capabilities.get(asked[2] if asked else "", {})

    def entitled(
        self, decision: Row, appeal: str, who: int, now: int, *, erased: bool = False
    ) -> Entitled:
        """Whether somebody may decide an appeal, by what `controls.outcome` goes by."""
        hands = _Hands(self._store, self._keys)
        noted = [each[0] for each in self._store.all("behind_appeal", (appeal,))]
        stand = (*noted, *appealed.barred(self._store, self._keys, self._active, decision))
        made = appealed.deciders(self._store, self._keys, self._active, decision)
        wrote = decision[8] == "rule" and _among(hands, who, made)
        whole = [decision, *appealed.instead(self._store, decision)]
        gone = erased or all(each[13] is not None for each in whole)
        possible = tuple(each for each in OUTCOMES if not gone or each in ("reversed", "omitted"))
        acts = [each[9] for each in whole]
        if stranger.kept_from(hands, who, {decision[5]}, now, "appeals", actions=acts):
            return Entitled("own", False, ())
        if not _among(hands, who, stand):
            return Entitled("free", wrote, possible)
        if any(hindrance(self._can(each), each[9]) == choices.NO_UNDO for each in whole):
            return Entitled("final", wrote, ("reversed",))
        if judged.others(hands, who, now, stand, permission="appeals", actions=acts):
            return Entitled("reverse", wrote, ("reversed",))
        return Entitled("alone", wrote, possible)

    def _milder(self, decision: Row, now: int) -> list[tuple[str, str]]:
        """What could stand instead of a decision: (action, target), weakest first."""
        whole = [decision, *appealed.instead(self._store, decision)]
        held = [
            *appealed.in_force(
                self._store, self._keys, (each for each in whole if each[13] is None), now
            )
        ]
        seen = self._observed(decision[16])
        if seen is None or not held:
            return []
        harm, can = harm_of(self._active, decision[6]), self._can(held[0][0])
        found = []
        for action, target in choices.possible(harm, seen.kind, can):
            shortest = None if ACTIONS[action].duration == "no" else 1
            wanted = choices.Act(action, target, shortest, None)
            fits = (
                not choices.no_milder(wanted, row[9], record.actions[0].on, remains)
                for row, record, remains in held
            )
            if any(fits) and not choices.irreversible(wanted, can):
                found.append((action, target))
        return found

    def _observed(self, record: int) -> Observation | None:
        row = self._store.one("records", {"after": record - 1, "until": record})
        if row is None:
            return None
        return redacted.reread(self._store, self._keys, journal.Record(*row))

    def _evidence(self, decision: Row, now: int) -> list[dict[str, Any]]:
        """The content that a decision rests on, as it was sealed then; and whether words in it were
        blacked out by somebody who stands behind the decision (`hid`).
        """
        rows = self._store.all("evidence_of_decision", (decision[0], EVIDENCE_MAX))
        hands, found = _Hands(self._store, self._keys), []
        stand = appealed.behind(self._store, self._keys, self._active, decision)
        for record in dict.fromkeys((decision[16], *(row[0] for row in rows))):
            seen = self._observed(record)
            data = None if seen is None else seen.event.data
            author = None if data is None else data.author
            text = "" if data is None or data.text is None else data.text
            kept = evidence.kept_until(self._store, record, now)
            blacked = self._store.all("blackouts_of_record", (record,))
            found.append(
                {
                    "record": record,
                    "gone": seen is None,
                    "blacked_out": clock.rfc3339(blacked[-1][1]) if blacked else None,
                    "hid": any(_among(hands, each[2], stand) for each in blacked),
                    "kind": None if seen is None else seen.kind,
                    "time": None
                    if seen is None
                    else clock.rfc3339(clock.from_datetime(seen.event.time)),
                    "name": None if author is None else author.name,
                    "account": None if author is None else author.id,
                    "text": text[:TEXT_LENGTH_MAX],
                    "more": max(0, len(text) - TEXT_LENGTH_MAX),
                    "kept": "open" if kept == evidence.NEVER else "",
                    "kept_until": None
                    if kept is None or kept == evidence.NEVER
                    else clock.rfc3339(kept),
                }
            )
        return found

    def _beside(self, row: Row) -> list[dict[str, Any]]:
        """The other open appeals of its case, with the first words of each."""
        if not row[7]:
            return []
        wanted = {"case": row[7], "id": row[0], "limit": BESIDE_MAX}
        found = []
        for *each, apart in self._store.all("appeals_beside", wanted):
            first = redacted.opened(self._store, self._keys, each[0], each[4])
            words = msgspec.json.decode(first[leaf.SALT_BYTES :])["text"] if first else ""
            cut = words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS] + "…"
            found.append(
                {"id": each[0], "made": clock.rfc3339(each[2]), "text": cut, "apart": apart}
            )
        return found

    def _apart(self, row: Row, decision: Row) -> str | None:
        found = self._store.one("apart_in_case", (row[7], decision[16])) if row[7] else None
        return None if found is None else found[0]

    # --- what its person would read ---------------------------------------------------------------

    def message(
        self, id_: str, outcome: str, community: str, lang: str, *, same: bool
    ) -> tuple[str, str]:
        """Subject and text of the message that goes to the person with an outcome, or with
        "answer". Raises BadUse U240.
        """
        row = self._store.one("appeal", (ids.encodable(id_),))
        decision = self._store.one("decision", (row[1],)) if row else None
        if decision is None:
            raise BadUse("U240", "appeal", appeal=id_[:60])
        plain = redacted.opened(self._store, self._keys, decision[0], decision[14])
        record = None if plain is None else decisions.opened(plain)
        title = titles(self._clauses.at(decision[1]).get(decision[6]))
        return notices.words(community, title, lang, record, outcome, more=False, same=same)


def _among(hands: _Hands, who: int, people_: Iterable[int | None]) -> bool:
    """Whether somebody is one of some people, by whatever name."""
    return any(each is not None and judged.same_person(hands, who, each) for each in people_)


def _clocks(row: Row, now: int, lang: str) -> dict[str, Any]:
    """How long an open appeal still has, or how long it should have been decided; in words."""
    late = row[3] == appealed.OPEN and row[6] <= now
    return {"overdue": late, "left": i18n.length(abs(row[6] - now), lang)}


def _state(decision: Row, now: int) -> str:
    if decision[13] is not None:
        return "undone"
    ended = decision[12] is not None or (decision[11] is not None and decision[11] <= now)
    return "ended" if ended else "in force"
