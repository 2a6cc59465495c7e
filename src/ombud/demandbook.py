"""The register of demands: what authorities, courts, lawyers and others asked, and what became of
it, for the staff in full and for everybody as far as it may be told.

In public a private person who demands is never named, nor is anybody whom a demand is about: of
those it is told how many. What has to be kept secret stands in the register all the same, with
until when and by which law, so that the lines of the public log and of the register are as many.
It is told too when a demand was entered, whatever day it is said to have come on, since when it is
kept secret and how often that was prolonged. This module must never write, and never tell anybody
concerned what must still be kept from them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import msgspec

from ombud import clock, ids
from ombud.clauses import Clauses, titles
from ombud.controls.demand import PRIVATE, Sealed, Unpublished, told_of, words_of
from ombud.errors import BadUse
from ombud.staff import people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

PAGE = 50
LATEST = 1 << 62


class Demand(NamedTuple):
    """One demand: the columns of `demand`."""

    id: str
    seq: int
    entered: int
    received: int
    kind: str
    country: str
    binding: int
    asks: str
    clause: str | None
    deadline: int | None
    person: int
    sealed: bytes
    confirmed: int | None
    answered: int | None
    outcome: str | None
    secret: int | None
    told: int | None
    words: bytes | None

    def kept(self, now: int) -> bool:
        """Whether the people concerned may not be told yet."""
        return self.secret is not None and self.secret > now


class DemandBook:
    """The demands of one community, read beside its writer."""

    def __init__(self, store: Store, keys: KeyFile) -> None:
        self._store = store
        self._keys = keys
        self._clauses = Clauses(store)

    def find(self, id_: str) -> Demand:
        """One demand. Raises BadUse U420."""
        row = self._store.one("demand", (ids.encodable(id_),))
        if row is None:
            raise BadUse("U420", "demand", demand=id_[:40])
        return Demand(*row)

    # --- for the staff ----------------------------------------------------------------------------

    def page(self, now: int, before: int = LATEST) -> tuple[list[dict[str, Any]], int]:
        """Demands, the latest first, and behind which record the next page begins; 0: there is
        none.
        """
        rows = self._store.all("demands", {"before": before, "limit": PAGE + 1})
        found = [self.line(Demand(*row), now) for row in rows[:PAGE]]
        return found, rows[PAGE - 1][1] if len(rows) > PAGE else 0

    def line(self, found: Demand, now: int) -> dict[str, Any]:
        """One demand in short."""
        told = self._told(found)
        return {
            "id": found.id,
            "received": clock.rfc3339(found.received),
            "entered": clock.rfc3339(found.entered),
            "kind": found.kind,
            "who": told.who or self._unpublished(found).who or None,
            "country": found.country or None,
            "basis": told.basis or None,
            "binding": bool(found.binding),
            "asks": found.asks,
            "clause": found.clause,
            "deadline": _instant(found.deadline),
            "confirmed": _instant(found.confirmed),
            "answered": _instant(found.answered),
            "outcome": found.outcome,
            "overdue": found.answered is None
            and found.deadline is not None
            and found.deadline <= now,
            "secret_until": _instant(found.secret) if found.kept(now) else None,
        }

    def show(self, id_: str, now: int) -> dict[str, Any]:
        """One demand in full, as the staff sees it. Raises BadUse U420."""
        found = self.find(id_)
        told = self._unpublished(found)
        clause = self._clauses.at(found.seq).get(found.clause) if found.clause else None
        return {
            **self.line(found, now),
            "words": told.words or None,
            "reference": told.reference or None,
            "titles": titles(clause),
            "by": people.name_of(self._keys, found.person),
            "items": [
                {
                    "named": self._said(row[0], row[6]),
                    "record": row[2],
                    "found": row[4] is not None or row[2] is not None or row[3] is not None,
                    "case": row[5],
                }
                for row in self._store.all("demand_items", (found.id,))
            ],
            "steps": [
                {
                    "time": clock.rfc3339(row[2]),
                    "by": None if row[3] is None else people.name_of(self._keys, row[3]),
                    "what": row[4],
                    "why": self._said(row[0], row[5]),
                }
                for row in self._store.all("demand_steps", (found.id,))
            ],
            "cases": self._cases(found.id),
            "decisions": self._decided(found.id),
            "people": self._people(found, now),
            "may_be_secret": found.told is None
            and not told_of(self._store, found.id, found.secret, now),
        }

    def of_case(self, case: str, now: int) -> list[dict[str, Any]]:
        """The demands about what a case is about, whoever opened it: staff who judge it know."""
        rows = self._store.all("demands_of_case", {"id": case})
        return [self.line(self.find(row[0]), now) for row in rows]

    def clauses(self) -> dict[str, dict[str, str]]:
        """The clauses in force that something can be judged by: their titles, by language."""
        head = self._store.one("head")
        found = {} if head is None else self._clauses.of(head[4])
        return {name: titles(each) for name, each in found.items()}

    # --- for the person concerned -----------------------------------------------------------------

    def behind(self, id_: str, now: int) -> dict[str, Any] | None:
        """What somebody is told of the demand that a decision about them began with; None while
        that must be kept from them.
        """
        found = self.find(id_)
        return None if found.kept(now) else self._open(found)

    # --- for everybody ----------------------------------------------------------------------------

    def public(self, now: int, before: int = LATEST) -> tuple[list[dict[str, Any]], int]:
        """A page of the public register, and behind which record the next begins; 0: none."""
        rows = self._store.all("demands", {"before": before, "limit": PAGE + 1})
        found = [self._public(Demand(*row), now) for row in rows[:PAGE]]
        return found, rows[PAGE - 1][1] if len(rows) > PAGE else 0

    def _public(self, found: Demand, now: int) -> dict[str, Any]:
        entered, kept = _day(found.entered), self._kept_secret(found.id)
        if found.kept(now):
            return {
                "id": found.id,
                "entered": entered,
                "secret_until": _instant(found.secret),
                "secret_why": self._said(kept[-1][0], kept[-1][5]) if kept else None,
                "secret_since": _day(kept[0][2]) if kept else entered,
                "secret_times": len(kept),
            }
        items = self._store.all("demand_items", (found.id,))
        return {
            "id": found.id,
            "entered": entered,
            "secret_until": None,
            **self._open(found),
            "asks": found.asks,
            "clause": found.clause,
            "items": len(items),
            "found": sum(row[2] is not None or row[4] is not None for row in items),
            "deadline": _day(found.deadline),
            "confirmed": _day(found.confirmed),
            "answered": _day(found.answered),
            "outcome": found.outcome,
            "decisions": self._decided(found.id),
            "people": self._people(found, now),
            "was_secret": found.secret is not None,
            "secret_ended": _day(found.secret),
        }

    def _open(self, found: Demand) -> dict[str, Any]:
        """What may be told of who demanded what on which basis."""
        told = self._told(found)
        return {
            "received": _day(found.received),
            "kind": found.kind,
            "who": None if found.kind == PRIVATE else told.who,
            "country": found.country or None,
            "basis": told.basis or None,
            "binding": bool(found.binding),
        }

    # --- parts ------------------------------------------------------------------------------------

    def _told(self, found: Demand) -> Sealed:
        plain = self._keys.open_decision(found.id, found.sealed)
        if plain is None:  # its key is lost, with a key file that was
            return Sealed("", "")
        return msgspec.json.decode(plain, type=Sealed)

    def _unpublished(self, found: Demand) -> Unpublished:
        """What nobody outside is told; nothing once it has ended."""
        plain = self._keys.open_decision(words_of(found.id), found.words)
        if plain is None:
            return Unpublished("", "", "")
        return msgspec.json.decode(plain, type=Unpublished)

    def _said(self, name: str, sealed: bytes | None) -> str | None:
        plain = self._keys.open_decision(name, sealed)
        return None if plain is None else plain.decode()

    def _kept_secret(self, demand: str) -> list[Row]:
        """The steps by which it was kept secret: the first, and each that prolonged it."""
        return [
            row for row in self._store.all("demand_steps", (demand,)) if row[4] == "kept secret"
        ]

    def _cases(self, demand: str) -> list[str]:
        rows = self._store.all("demand_items", (demand,))
        return list(dict.fromkeys(row[5] for row in rows if row[5] is not None))

    def _decided(self, demand: str) -> dict[str, int]:
        """How many decisions it began, by action, and how many of all do not stand any more."""
        rows = self._store.all("demand_decisions", (demand,))
        counted: Counter[str] = Counter(str(row[1]) for row in rows)
        return {
            **dict(sorted(counted.items())),
            "undone": sum(row[3] is not None for row in rows),
        }

    def _people(self, found: Demand, now: int) -> str:
        """Whether the people concerned were told of it: "nobody" was restricted, "secret", "told",
        "told in part", or "not told" yet, or nobody can be reached.
        """
        of = {"demand": found.id, "secret": found.secret}
        told, all_ = self._store.one("demand_told", of) or (0, 0)
        if not all_:
            return "nobody"
        if found.kept(now):
            return "secret"
        if told and told < all_:
            return "told in part"
        return "told" if told else "not told"


def _instant(micros: int | None) -> str | None:
    return None if micros is None else clock.rfc3339(micros)


def _day(micros: int | None) -> str | None:
    return None if micros is None else clock.day(micros)
