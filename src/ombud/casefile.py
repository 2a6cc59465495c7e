"""One case as somebody sees it who has to judge it: what was said and in which context, why it is
here, who they are here, what was done before, the clause, and what one key decides.

Bounded, however many records a case is about: `SHOWN` of them at a time, and of each no more than
`casebook` shows. What is decided in bulk is named by the last record that somebody saw, so that
nothing that joined since is judged unseen. This module must never write, never show who flagged,
and never give anybody a number without the words that say what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from ombud import actions, casewords, clock, decisions, journal, strikes
from ombud.casebook import TEXT_LENGTH_MAX, Casebook
from ombud.clauses import texts, titles
from ombud.clock import DAY
from ombud.controls import irreversible
from ombud.demandbook import DemandBook
from ombud.model import Reported
from ombud.proposing import STRIKES
from ombud.review import case as cases
from ombud.review import choices, gathering
from ombud.review.case import APPEAL, Case, Subject
from ombud.review.choices import Act
from ombud.review.offers import Offer, Standing, offers
from ombud.signals.observation import Observation
from ombud.verdicts.past import Known

SHOWN = 25  # records on one page of a case
LINKS_SHOWN = 20
FLAGS_COUNTED = 1000  # the latest of one person that are looked at
History = Callable[[str, int], Known | None]


@dataclass(frozen=True, slots=True)
class Focus:
    """What a decision is about: the records that wait and are shown as one, and the first of them.
    `bulk`: all that are alike, up to the last that was there.
    """

    records: tuple[int, ...]
    bulk: bool = False


class Casefile:
    """The cases of a book as pages show them. `history` tells what is known of an account in a
    timeline (by its token), as of now.
    """

    def __init__(self, book: Casebook, history: History) -> None:
        self.book = book
        self._history = history

    def case(self, id_: str) -> Case:
        """The bare case. Raises BadUse U220."""
        return cases.find(self.book.store, id_)

    def opened(
        self, found: Case, now: int, lang: str, *, record: int | None = None, after: int = 0
    ) -> dict[str, Any]:
        """A case with the record that is looked at (else what comes first), and those behind the
        record `after`.
        """
        book = self.book
        listed = cases.subjects(book.store, found.id)
        judged = {row[0] for row in book.store.all("judged_of_case", (found.id,))}
        waiting = [each for each in listed if each.record not in judged]
        focus = focused(waiting, record, cases.flags(book.store, found.id))
        looked_at = _looked_at(listed, focus, record)
        shown = [each for each in listed if each.record > after][:SHOWN]
        more = any(each.record > shown[-1].record for each in listed) if shown else False
        subject = None if looked_at is None else self._subject(looked_at, found, judged, now, lang)
        clause = book.clauses.at(found.seq).get(found.clause)
        return {
            **book.line(found, now, lang),
            "cluster": found.cluster is not None,
            "titles": titles(clause),
            "texts": texts(clause),
            "closed_at": found.closed,
            "subject": subject,
            "focus": focus,
            "concerned": len({each.author for each in waiting if each.record in focus.records}),
            "offers": self._offers(found, looked_at, waiting, now),
            "waiting": len(waiting),
            "apart_waiting": sum(each.apart is not None for each in waiting),
            "others": self._others(shown, looked_at, found, judged, now, lang),
            "others_after": shown[-1].record if more else None,
            "appeals": [row[0] for row in book.store.all("appeals_of_case", (found.id,))][:SHOWN],
            "notes": book.notes(found.id, now),
            "demands": DemandBook(book.store, book.keys).of_case(found.id, now),
            "looks_at": irreversible.of_case(book.store, found, now),
            "rests": book.rests(found.id, now),
            "proposal": self.proposal(found, now),
            "reviews": [book.review(row) for row in book.store.all("reviews_of_case", (found.id,))],
        }

    def _others(
        self,
        shown: Sequence[Subject],
        looked_at: Subject | None,
        found: Case,
        judged: set[int],
        now: int,
        lang: str,
    ) -> list[dict[str, Any]]:
        """The records beside the one that is looked at, in short."""
        return [
            self.book.subject(each, found, judged, now, lang)
            for each in shown
            if looked_at is None or each.record != looked_at.record
        ]

    def seen(self, found: Case, record: int) -> Observation | None:
        """One record of a case; None where it is none of it, or gone."""
        listed = cases.subjects(self.book.store, found.id)
        there = any(each.record == record for each in listed)
        return self.book.observed(record) if there else None

    def undoable(self, id_: str, person: int, now: int) -> str | None:
        """Until when somebody can take back what they judged or confirmed, if they still can."""
        rows = self.book.store.all("reviews_of_case", (id_,))
        stands = [row for row in rows if row[11] is None]
        end = stands[-1][2] + actions.UNDO_WINDOW_OF_PEOPLE if stands else 0
        theirs = bool(stands) and person in (stands[-1][3], stands[-1][5])
        return clock.rfc3339(end) if theirs and now <= end else None

    # --- what can be decided ----------------------------------------------------------------------

    def _offers(
        self, found: Case, looked_at: Subject | None, waiting: Sequence[Subject], now: int
    ) -> list[Offer]:
        if found.closed is not None or found.reason == APPEAL:
            return []
        if not waiting:
            return offers(found.harm, "", {}, None, asks=False)
        if looked_at is None or looked_at not in waiting:
            return []
        seen = self.book.observed(looked_at.record)
        can = self.book.able(looked_at, seen)
        kind = "" if seen is None else seen.kind
        made = offers(found.harm, kind, can, self._stands(looked_at))
        weighed = self._weighed(looked_at, now) if found.reason == STRIKES else None
        if weighed is not None and weighed.proposed is not None:
            act = Act(weighed.proposed.action, "author", weighed.proposed.length, None)
            if not choices.hindered(act, found.harm, kind, can):
                made.append(Offer(STRIKES, "upheld", (act,)))
        return made

    def _stands(self, subject: Subject) -> Standing | None:
        row = self.book.store.one("decision", (subject.decision,)) if subject.decision else None
        if row is None or row[13] is not None:
            return None
        return Standing(row[9], in_force=row[12] is None)

    def records(self, found: Case, record: int | None, upto: int) -> list[int]:
        """What a decision is about that somebody takes who saw the case up to a record: that one,
        or of all that are alike those that were there.
        """
        waiting = cases.left(self.book.store, found.id)
        focus = focused(waiting, record, cases.flags(self.book.store, found.id))
        return [each for each in focus.records if not focus.bulk or each <= upto]

    def proposal(self, found: Case, now: int) -> dict[str, Any] | None:
        """What waits for a second person, in full: they answer for it too."""
        row = self.book.store.one("proposal", (found.id, now))
        told = cases.proposal(self.book, found.id, now)
        if row is None or told is None:
            return None
        id_, person, wanted = told
        return {
            "id": id_,
            "person": person,
            "by": self.book.name(person),
            "until": clock.rfc3339(row[3]),
            "outcome": wanted["outcome"],
            "acts": [choices.act(each) for each in wanted.get("acts") or ()],
            "why": wanted.get("why") or {},
            "records": len(wanted.get("records") or ()),
            "told": wanted,
        }

    # --- one record -------------------------------------------------------------------------------

    def _subject(
        self, subject: Subject, found: Case, judged: set[int], now: int, lang: str
    ) -> dict[str, Any]:
        """The record that is looked at, with its context."""
        seen = self.book.observed(subject.record)
        facts, rule = gathering.found(self.book, subject)
        return {
            **self.book.subject(subject, found, judged, now, lang),
            "rule": None if rule is None else self._rule(rule.name, rule.version),
            "facts": [
                {
                    "condition": each.condition,
                    "value": each.value,
                    "said": decisions.say_fact(each, lang),
                }
                for each in decisions.merged(facts)
            ],
            "member": self._member(subject, found.timeline, now),
            "weighed": self._weighed(subject, now),
            "strikes": strikes.against(self.book.store, subject.author, found.clause, now),
            "listable": casewords.of(seen),
            "context": None if seen is None else self._context(seen),
        }

    def _weighed(self, subject: Subject, now: int) -> strikes.Weighed | None:
        """What all that stands against them weighs, where the settings propose anything."""
        plan = self.book.active.settings.strikes
        if not plan.thresholds:
            return None
        return strikes.weighed(self.book.store, subject.author, plan, now)

    def _rule(self, name: str, version: str) -> dict[str, Any]:
        """A rule in the words of who wrote it, as far as it is still the same."""
        active = self.book.active
        same = name in active.names and active.versions[active.names.index(name)] == version
        tree = active.rules[active.names.index(name)].tree if same else None
        return {"name": name, "description": None if tree is None else tree.description}

    def _member(self, subject: Subject, timeline: str, now: int) -> dict[str, Any] | None:
        """Since when somebody is known here and how many of their posts were accepted."""
        known = self._history(timeline, subject.author) if subject.author else None
        if known is None:
            return None
        return {
            "since": clock.rfc3339(known.first),
            "days": max(0, now - known.first) // DAY,
            "accepted": known.accepted,
        }

    def _context(self, seen: Observation) -> dict[str, Any]:
        """Where it was said, to whom, and what stood there before."""
        event = seen.event
        data = event.data
        before = data.before
        answered = data.in_reply_to
        links = data.links or ()
        flagged = data.reported if seen.kind == "flag" else None
        of_flag = flagged.id if isinstance(flagged, Reported) else flagged
        return {
            "time": clock.rfc3339(clock.from_datetime(event.time)),
            "platform": seen.platform,
            "room": None if data.room is None else (data.room.name or data.room.id),
            "lookups": _lookups(seen),
            "answers": None
            if answered is None
            else self._said_by(event.source, answered.id, answered.author),
            "flagged": None
            if of_flag is None
            else self._said_by(
                event.source, of_flag, flagged.author if isinstance(flagged, Reported) else None
            ),
            "track": self._track(seen),
            "before": None if before is None or before.text is None else _cut(before.text),
            "links": [(each.url, each.shown) for each in links[:LINKS_SHOWN]],
            "media": [each.type or "" for each in (data.media or ())[:LINKS_SHOWN]],
        }

    def _track(self, seen: Observation) -> dict[str, int] | None:
        """Of a flag: how many earlier ones of whoever made it were judged and answered, and how
        many of these led to something; None where none was. It names nobody, and orders nothing.
        """
        flagger = seen.key("reporter") if seen.kind == "flag" else None
        if not flagger:
            return None
        wanted = {"flagger": flagger, "most": FLAGS_COUNTED}
        judged, led = self.book.store.one("flags_by", wanted) or (0, 0)
        return {"judged": judged, "led": led} if judged else None

    def _said_by(self, source: str, named: str, author: Any) -> dict[str, Any]:
        """Another post as it is known here: its name, whose it is, and what it says, if that is
        known.
        """
        text = None
        identity = journal.identity(self.book.keys.community, source, named)
        row = self.book.store.one("find_identity", (identity,))
        seen = None if row is None else self.book.observed(row[0])
        if seen is not None and seen.event.data.text is not None:
            text = _cut(seen.event.data.text)
            author = seen.event.data.author or author
        return {
            "subject": named,
            "account": None if author is None else author.id,
            "name": None if author is None else author.name,
            "text": text,
        }


def _lookups(seen: Observation) -> list[tuple[str, str]]:
    """What can be looked up of a record, as (kind, id): whose it is, its room, its server. Of a
    flag nothing: it would be who flagged.
    """
    data = seen.event.data
    if seen.kind == "flag":
        return []
    found = (("member", data.author), ("room", data.room), ("server", data.server))
    return [(kind, each.id) for kind, each in found if each is not None]


def focused(waiting: Sequence[Subject], record: int | None, flags: Collection[int] = ()) -> Focus:
    """What comes first of all that waits: the record that is asked for, else all that are alike,
    else the first of those that are decided by themselves. All `flags` of one thing come together.
    """

    def one(of: int) -> Focus:
        return Focus(tuple(each.record for each in cases.as_one(waiting, flags, (of,))))

    if record is not None:
        return one(record)
    alike = tuple(each.record for each in waiting if each.apart is None)
    if len(alike) > 1:
        return Focus(alike, bulk=True)
    return one(alike[0] if alike else waiting[0].record) if waiting else Focus(())


def _looked_at(listed: Sequence[Subject], focus: Focus, record: int | None) -> Subject | None:
    """The record that is shown in full."""
    wanted = record if record is not None else next(iter(focus.records), None)
    found = next((each for each in listed if each.record == wanted), None)
    return found or next(iter(listed), None)


def _cut(text: str) -> str:
    return text[:TEXT_LENGTH_MAX]
