"""What is shown of cases: pages of a queue in its order, and one case with all that a person needs.

Read beside the writer; texts are opened for the one case that is looked at, and kept nowhere. A
page of a queue is one walk along an index, however many cases wait. This module must never write,
and never show who flagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ombud import clock, decisions, i18n, ids, journal, redacted, summons
from ombud.activation.active import Active
from ombud.appeals import PERSON
from ombud.clauses import Clauses, titles
from ombud.controls import appealed, irreversible
from ombud.errors import BadUse, catalogue
from ombud.ledger import leaf
from ombud.review import case as cases
from ombud.review import choices, evidence, gathering, rests
from ombud.review.case import Case, Subject
from ombud.signals.observation import Observation
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

catalogue(
    U236=(
        "There is no page of cases behind {after}.",
        "Give the id of the last case of the page before.",
    ),
)

PAGES = {
    "open": "page_open",
    "snoozed": "page_snoozed",
    "assigned": "page_assigned",
    "closed": "page_closed",
}
PAGES_OF_SOMEBODY = {"assigned": "page_assigned_to", "held": "page_held_by"}
END = 1 << 62  # an instant after all others
TEXT_LENGTH_MAX = 4000  # of one post that is shown
BEFORE_MAX = 20  # earlier decisions about one author that are shown


class Casebook:
    """The cases of one community, read beside its writer. `active` is the configuration in force:
    what can be done about something.
    """

    def __init__(self, store: Store, keys: KeyFile, active: Active) -> None:
        self.store = store
        self.keys = keys
        self.active = active
        self.clauses = Clauses(store)

    # --- queues -----------------------------------------------------------------------------------

    def queues(self, now: int) -> list[dict[str, Any]]:
        """Every queue in which cases wait, and how many; how many messages called somebody to it
        within a day of `now`, and how often there was reason to that was folded into them.
        """
        called = summons.lately(self.store, now)
        found = []
        for queue, count, urgent in self.store.all("cases_by_queue"):
            messages, folded = called.get(queue, (0, 0))
            of = {"queue": queue, "open": count, "urgent": urgent or 0}
            found.append({**of, "called": messages, "folded": folded})
        return found

    def page(
        self,
        now: int,
        lang: str,
        *,
        queue: str,
        state: str,
        after: str,
        limit: int,
        whose: int | None = None,
        among: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """A page of a queue (empty: of all, or of those `among` which somebody may look) behind the
        case `after`; of what is assigned or held only somebody's (`whose`, a token). Closed ones
        come with the newest first. Raises BadUse U236.
        """
        wanted: dict[str, Any] = {"limit": limit, "now": now, "place": -1, "id": ""}
        if state == "closed":
            wanted |= {"place": END, "id": ""}
        if after:
            row = self.store.one("case", (ids.encodable(after),))
            if row is None:
                raise BadUse("U236", "after", after=after[:60])
            last = Case(*row)
            wanted |= {"place": last.opened if state == "closed" else last.place, "id": last.id}
        if whose is not None:
            wanted["whose"] = whose
        found: list[Case] = []
        for each in among if among and not queue else (queue,):
            named = (PAGES if whose is None else PAGES_OF_SOMEBODY)[state]
            named = "page_of_queue" if state == "open" and each else named
            rows = self.store.all(named, {**wanted, "queue": each or None})
            found += [Case(*row) for row in rows]
        if len(among) > 1 and not queue:
            found.sort(key=lambda one: (one.place, one.id))
            if state == "closed":
                found.sort(key=lambda one: (one.opened, one.id), reverse=True)
        return [self.line(each, now, lang) for each in found[:limit]]

    def line(self, case: Case, now: int, lang: str) -> dict[str, Any]:
        """What a list of cases says of one."""
        counted = self.store.one("size_of_case", (case.id,))
        return {
            "id": case.id,
            "queue": case.queue,
            "clause": case.clause,
            "rule": case.rule,
            "reason": case.reason,
            "harm": case.harm or None,
            "urgent": bool(case.urgent),
            "why": case.why(now, lang),
            "opened": clock.rfc3339(case.opened),
            "place": clock.rfc3339(case.place),
            "records": counted[0] if counted else 0,
            "authors": counted[1] if counted else 0,
            "apart": counted[2] if counted else 0,
            "claimed_by": self.name(case.held(now)),
            "claimed_until": clock.rfc3339(case.leased) if case.held(now) is not None else None,
            "assigned_to": self.name(case.assigned),
            "snoozed_until": None if case.snoozed is None else clock.rfc3339(case.snoozed),
            "closed": None if case.closed is None else clock.rfc3339(case.closed),
        }

    # --- appeals ----------------------------------------------------------------------------------

    def appeals(self, state: str | None, due: int | None, limit: int) -> list[dict[str, Any]]:
        """Appeals by when they should be decided; only those due by an instant."""
        wanted = {"state": state, "due": due, "limit": limit}
        return [self.listed_appeal(row) for row in self.store.all("listed_appeals", wanted)]

    def listed_appeal(self, row: Row) -> dict[str, Any]:
        """One appeal as lists tell it, from its row: no word of what was written."""
        decision = self.store.one("decision", (row[1],))
        ended = self.store.one("outcome_of_appeal", (row[0],))
        assert decision is not None  # it was appealed  # noqa: S101
        return {
            "id": row[0],
            "decision": row[1],
            "case": row[7],
            "clause": decision[6],
            "rule": decision[7],
            "action": decision[9],
            "made": clock.rfc3339(row[2]),
            "due": clock.rfc3339(row[6]),
            "state": row[3],
            "outcome": ended[5] if ended else None,
            "decided": clock.rfc3339(ended[2]) if ended else None,
            "same_person": bool(ended and ended[6]),
        }

    def appeal(self, id_: str, lang: str) -> dict[str, Any]:
        """One appeal with all that was written, and who stands behind the decision. Raises BadUse
        U240.
        """
        row = self.store.one("appeal", (ids.encodable(id_),))
        if row is None:
            raise BadUse("U240", "appeal", appeal=id_[:60])
        decision = self.store.one("decision", (row[1],))
        assert decision is not None  # it was appealed  # noqa: S101
        plain = redacted.opened(self.store, self.keys, decision[0], decision[14])
        clause = self.clauses.at(decision[1]).get(decision[6])
        said = [i18n.say("erased", lang)]
        if plain is not None:
            said = decisions.statement(decisions.opened(plain), titles(clause), lang)
        first = redacted.opened(self.store, self.keys, row[0], row[4])
        words = msgspec.json.decode(first[leaf.SALT_BYTES :])["text"] if first else ""
        messages = [
            {
                "time": clock.rfc3339(row[2]),
                "role": PERSON,
                "by": None,
                "said": {appealed.UNSAID: words},
            }
        ]
        for message, made, role, staff, sealed in self.store.all("messages_of_appeal", (row[0],)):
            text = redacted.opened(self.store, self.keys, message, sealed)
            messages.append(
                {
                    "time": clock.rfc3339(made),
                    "role": role,
                    "by": self.name(staff),
                    "said": appealed.said(text),
                }
            )
        behind = [self.name(each[0]) for each in self.store.all("behind_appeal", (row[0],))]
        return {
            **self.listed_appeal(row),
            "statement": said,
            "messages": messages,
            "behind": [each for each in behind if each is not None],
        }

    def rules(self) -> list[dict[str, Any]]:
        """How each rule has fared: what it decided by itself, and how appeals to that ended."""
        return [
            {
                "rule": rule,
                "decisions": decided,
                "appealed": appealed,
                "reversed": taken_back,
                "partial": partial,
                "upheld": upheld,
            }
            for rule, decided, appealed, taken_back, partial, upheld in self.store.all(
                "outcomes_by_rule"
            )
        ]

    def name(self, token: int | None) -> str | None:
        """What a member of staff is called, to staff."""
        return None if token is None else people.name_of(self.keys, token)

    # --- one case ---------------------------------------------------------------------------------

    def case(self, id_: str, now: int, lang: str) -> dict[str, Any]:
        """One case with its subjects, notes, judgements and choices. Raises BadUse U220."""
        found = cases.find(self.store, id_)
        listed = cases.subjects(self.store, found.id)
        judged = {row[0] for row in self.store.all("judged_of_case", (found.id,))}
        clause = self.clauses.at(found.seq).get(found.clause)
        waits = cases_waiting(self.store, found.id, now)
        by = waits and {"id": waits[0], "by": self.name(waits[1]), "until": clock.rfc3339(waits[3])}
        return {
            **self.line(found, now, lang),
            "titles": titles(clause),
            "subjects": [self.subject(each, found, judged, now, lang) for each in listed],
            "notes": self.notes(found.id, now),
            "proposal": by,
            "appeals": [row[0] for row in self.store.all("appeals_of_case", (found.id,))],
            "reviews": [self.review(row) for row in self.store.all("reviews_of_case", (id_,))],
            "looks_at": irreversible.of_case(self.store, found, now),
            "rests": self.rests(found.id, now),
        }

    def rests(self, case: str, now: int) -> list[dict[str, Any]]:
        """What of a case no rule need ask about, who said so, and how often one would have."""
        found = rests.of_case(self.store, case, now)
        return [{"by": self.name(each.pop("person")), **each} for each in found]

    def subject(
        self, subject: Subject, case: Case, judged: set[int], now: int, lang: str
    ) -> dict[str, Any]:
        """One record of a case: what was said, why it is here, what was and can be done."""
        seen = self.observed(subject.record)
        data = None if seen is None else seen.event.data
        author = data.author if data is not None and seen is not None else None
        can = self.able(subject, seen)
        flagged = seen is not None and seen.kind == "flag"
        row = self.store.one("decision", (subject.decision,)) if subject.decision else None
        kept = evidence.kept_until(self.store, subject.record, now)
        return {
            "record": subject.record,
            "kind": None if seen is None else seen.kind,
            "subject": None
            if seen is None
            else decisions.subject_of(seen.event, seen.kind, "this"),
            "account": None if author is None or flagged else author.id,
            "name": None if author is None or flagged else author.name,
            "text": None if data is None or data.text is None else data.text[:TEXT_LENGTH_MAX],
            "reason": data.reason if flagged and data is not None else None,
            "gone": seen is None,
            "apart": subject.apart,
            "judged": subject.record in judged,
            "decision": None if row is None else self.decision(row),
            "saw": self._saw(subject, lang),
            "listed": self._listed(subject.decision),
            "before": self._before(subject.author),
            "choices": [
                {"action": action, "on": target}
                for action, target in (
                    [] if seen is None else choices.possible(case.harm, seen.kind, can)
                )
            ],
            "kept_until": _instant(kept),
        }

    def able(self, subject: Subject, seen: Observation | None) -> Mapping[str, str]:
        """What the platform can do about a record of a case: what is out cannot be held where only
        what is not published yet can be.
        """
        can = {} if seen is None else self.active.capabilities.get(seen.platform, {})
        if subject.apart != gathering.PUBLISHED:
            return can
        return {action: how for action, how in can.items() if action != "hold"}

    def observed(self, record: int) -> Observation | None:
        """What a record said, without what was blacked out; None where that is gone."""
        row = self.store.one("records", {"after": record - 1, "until": record})
        if row is None:
            return None
        return redacted.reread(self.store, self.keys, journal.Record(*row))

    def _saw(self, subject: Subject, lang: str) -> list[str]:
        """Why it is here: what the rule saw, in words."""
        facts, _ = gathering.found(self, subject)
        return [each.said.get(lang, each.said.get("en", "")) for each in facts]

    def _listed(self, decision: str | None) -> list[dict[str, Any]]:
        """The entries of lists of others that a decision rests on, and whether these were taken
        back since.
        """
        rows = self.store.all("published_grounds", (decision,)) if decision else []
        return [
            {
                "list": name,
                "entry": entry,
                "room": room,
                "by": writer,
                "reason": reason,
                "ended": _instant(ended),
            }
            for name, entry, room, _, writer, reason, _, ended in rows
        ]

    def _before(self, author: int | None) -> list[dict[str, Any]]:
        """What was decided about somebody before, the newest first."""
        if author is None:
            return []
        rows = self.store.all("latest_decisions_of", (author, BEFORE_MAX))
        return [self.decision(row) for row in rows]

    def decision(self, row: Row) -> dict[str, Any]:
        """What a decision is, in one line."""
        undone, ended = row[13] is not None, row[12] is not None
        return {
            "id": row[0],
            "time": clock.rfc3339(row[2]),
            "clause": row[6],
            "action": row[9],
            "by": row[8],
            "until": None if row[11] is None else clock.rfc3339(row[11]),
            "state": "undone" if undone else "ended" if ended else "in force",
        }

    def notes(self, case: str, now: int) -> list[dict[str, Any]]:
        """What reviewers told each other about a case, as far as it has not ended."""
        found = []
        for note, person, made, until, sealed in self.store.all("notes_of_case", (case, now)):
            plain = self.keys.open_decision(note, sealed)
            if plain is not None:
                found.append(
                    {
                        "by": self.name(person),
                        "made": clock.rfc3339(made),
                        "until": clock.rfc3339(until),
                        "text": plain.decode(),
                    }
                )
        return found

    def review(self, row: Row) -> dict[str, Any]:
        """How a case was judged once."""
        return {
            "seq": row[0],
            "time": clock.rfc3339(row[2]),
            "by": self.name(row[3]),
            "role": row[4],
            "confirmed_by": self.name(row[5]),
            "one_person": bool(row[6]),
            "outcome": row[7],
            "action": row[8],
            "undone": row[11] is not None,
        }


def _instant(kept: int | None) -> str | None:
    """An instant that is known: not where something is open, nor where nothing is needed."""
    return None if kept is None or kept == evidence.NEVER else clock.rfc3339(kept)


def cases_waiting(store: Store, case: str, now: int) -> Row | None:
    """What of a case waits for a second person."""
    return store.one("proposal", (case, now))
