"""What is shown of second looks: the one that somebody has, how theirs compare, and how far people
agree, by clause and language.

Whoever looks sees what was said and the clause, and nothing of who judged it, how, or which rule
fired. Who is compared with whom is told to the person alone; figures for others are of several
people and of enough judgements, or are not told. This module must never write, and never name
anybody.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ombud import clauses, journal
from ombud.clock import DAY
from ombud.errors import OmbudError
from ombud.review import evidence
from ombud.review.agreement import Agreement, agreement
from ombud.review.drawing import GOLD, SECOND, Look
from ombud.rules.policy import Clause
from ombud.signals.observation import kind_of
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

BEHIND = 90 * DAY  # how far figures look back
ANSWERS_MAX = 5000  # the newest that are counted
PEOPLE_MIN = 3  # a figure of fewer people would be about one of them
TEXT_LENGTH_MAX = 4000


class Own(NamedTuple):
    """How somebody's judgements compare: of so many second looks of theirs so many agreed with the
    first judgement; of so many golden things so many were judged as before; of what they judged and
    others looked at, so many agreed. What was called unclear agrees with nothing.
    """

    looked: int
    agreed: int
    golden: int
    right: int
    seen: int
    seen_agreed: int


class Part(NamedTuple):
    """How far people agree under one clause in one language ("": unknown); both empty: in all."""

    clause: str
    lang: str
    people: int
    found: Agreement

    @property
    def told(self) -> bool:
        """Whether its figures can be told."""
        return self.found.enough and self.people >= PEOPLE_MIN


class Lookbook:
    """The second looks of one community, read beside its writer."""

    def __init__(self, store: Store, keys: KeyFile) -> None:
        self._store, self._keys = store, keys
        self._clauses = clauses.Clauses(store)

    def held(self, person: int, now: int) -> dict[str, Any] | None:
        """What somebody has to look at now."""
        row = self._store.one("look_held", {"person": person, "now": now})
        return None if row is None else self._shown(Look(*row))

    def _shown(self, look: Look) -> dict[str, Any]:
        row = self._store.one("records", {"after": look.record - 1, "until": look.record})
        record = None if row is None else journal.Record(*row)
        try:
            event = None if record is None else journal.opened(self._keys, record)
        except OmbudError:
            event = None
        clause: Clause | None = self._clauses.at(look.review).get(look.clause)
        return {
            "id": look.id,
            "clause": look.clause,
            "titles": clauses.titles(clause),
            "texts": clauses.texts(clause),
            "until": look.leased,
            "kind": None if event is None else kind_of(event),
            "content": None if event is None else evidence.content(event.data, TEXT_LENGTH_MAX),
        }

    def own(self, person: int, now: int) -> Own:
        """How somebody's judgements compare; for themselves alone."""
        asked = {"person": person, "since": now - BEHIND, "most": ANSWERS_MAX}
        looked = self._store.all("looks_of", asked)
        seconds = [before == after for kind, before, after in looked if kind == SECOND]
        golds = [before == after for kind, before, after in looked if kind == GOLD]
        seen = [before == after for before, after in self._store.all("looks_at", asked)]
        counted = (len(seconds), sum(seconds), len(golds), sum(golds), len(seen), sum(seen))
        return Own(*counted)

    def figures(self, now: int) -> tuple[list[Part], Part]:
        """How far people agree: by clause and language, and in all; and on gold, how far they say
        what two said before.
        """
        rows = self._store.all("looks_answered", {"since": now - BEHIND, "most": ANSWERS_MAX})
        seconds = [row for row in rows if row[0] == SECOND]
        parts: dict[tuple[str, str], list[Any]] = {("", ""): seconds} if seconds else {}
        for row in seconds:
            parts.setdefault((row[1], row[2]), []).append(row)
        found = [_part(clause, lang, of) for (clause, lang), of in sorted(parts.items())]
        return found, _part("", "", [row for row in rows if row[0] == GOLD])


def _part(clause: str, lang: str, rows: list[Any]) -> Part:
    people = {row[5] for row in rows} | {row[6] for row in rows}
    return Part(clause, lang, len(people), agreement([(row[3], row[4]) for row in rows]))
