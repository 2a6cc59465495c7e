"""What people see of certificates: the items they are to label, and how each sample stands.

An item is shown with the clause it is held against and nothing else: not whether a rule fired on
it, which rule that would be, what was decided, or who wrote it beyond the name they show. This
module must never tell a hit from what was mixed in, and never write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud import clauses, clock, i18n, journal
from ombud.controls import certificates, population
from ombud.errors import OmbudError
from ombud.gate.certificate import Certificate
from ombud.gate.evidence import between
from ombud.gate.register import Asked, Register
from ombud.gate.sample import Sample, forecast
from ombud.review import evidence
from ombud.rules.policy import Clause
from ombud.signals.observation import kind_of
from ombud.staff import care, people
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

DUE_MAX = 50  # items shown at once: a week's budget, if nobody says


class Labelling:
    """Reads a community's samples and certificates from its store, beside whoever writes. One that
    is kept reads only what came since it was last asked; one thread at a time.
    """

    def __init__(self, store: Store, keys: KeyFile) -> None:
        self.store, self.keys = store, keys
        self.register = Register()
        self._known = 0  # the record up to which the register was told
        self.refresh()

    def refresh(self) -> None:
        """Learn what was journalled since."""
        self._known = certificates.restore(self.register, self.store, self._known)

    def due(self, name: str, now: int, limit: int = DUE_MAX) -> dict[str, Any]:
        """What somebody may label now, and how many more items may be begun this week; nothing of
        a harm that they would rather not be shown.
        """
        self.refresh()
        person = self.keys.known_account(people.STAFF, people.called(name))
        asked = [] if person is None else self.register.due_for(person, now)
        head = self.store.one("last_record")
        known = clauses.Clauses(self.store).at((head and head[0]) or 0)
        spared = frozenset() if person is None else care.spared(self.keys, person)
        if spared:
            asked = [each for each in asked if _harm(known.get(each.clause)) not in spared]
        return {
            "items": [self._shown(each, known) for each in asked[:limit]],
            "waiting": len(asked),
            "left": self.register.budget(now)[0],
        }

    def _shown(self, asked: Asked, known: Mapping[str, Any]) -> dict[str, Any]:
        record = population.record_of(self.store, asked.item.seq)
        try:
            event = None if record is None else journal.opened(self.keys, record)
        except OmbudError:
            event = None  # not what was journalled: it is "unclear"
        clause = known.get(asked.clause)
        return {
            "item": asked.item.id,
            "clause": asked.clause,
            "title": clauses.titles(clause),
            "text": clauses.texts(clause),
            "kind": None if event is None else kind_of(event),
            "content": None if event is None else evidence.content(event.data),
        }

    # --- how things stand -------------------------------------------------------------------------

    def show(self, now: int, rule: str | None = None) -> dict[str, Any]:
        """Every sample and certificate, or those of one rule, and what is left of the week."""
        self.refresh()
        held = self.register
        left, audits = held.budget(now)
        return {
            "week": {
                "labels": held.most,
                "left": left,
                "audits": held.audits,
                "audits_left": audits,
            },
            "samples": [
                self._sample(each)
                for each in held.samples.values()
                if rule in (None, each.rule) and not each.spent
            ],
            "certificates": [
                self._certificate(each, now)
                for each in held.certificates.values()
                if rule in (None, each.rule)
            ],
            "kept": len(held.sealed()),
        }

    def _sample(self, of: Sample) -> dict[str, Any]:
        told = forecast(of, self._a_week)
        return {
            "rule": of.rule,
            "version": of.version,
            "clause": of.clause,
            "level": of.level,
            "state": _state(of, in_force=self.register.in_force(of)),
            "labellers": [people.name_of(self.keys, each) for each in of.labellers],
            "one_labeller": of.alone,
            "hits": of.found,
            "labels": of.counted.labels,
            "right": of.counted.right,
            "others": of.others.labels,
            "others_breaking": of.others.right,
            "labelled_by_two": of.agreed.labels,
            "agreed": of.agreed.right,
            "lacking": of.lacking() or None,
            "still_needed": max(of.still_needed(), 0),
            "weeks": dict(told),
            "said": {lang: said(of, told, lang, self._a_week) for lang in i18n.SPOKEN},
        }

    @property
    def _a_week(self) -> int:
        """How many labels a week samples can count on."""
        return self.register.most - self.register.audits

    def _certificate(self, of: Certificate, now: int) -> dict[str, Any]:
        proved = self.register.samples[of.sample].counted
        return {
            "id": of.id,
            "rule": of.rule,
            "version": of.version,
            "clause": of.clause,
            "level": of.level,
            "labels": proved.labels,
            "right": proved.right,
            "between": list(between(proved.right, proved.labels)),
            "state": of.ended or ("in force" if of.holds(now) else "expired"),
            "one_labeller": of.alone,
            "granted": clock.rfc3339(of.granted),
            "until": clock.rfc3339(of.until),
            "cap": of.cap,
            "acted": of.acted,
            "overturned": of.overturned,
            "audited": of.counted.labels,
            "audited_right": of.counted.right,
            "waiting": len(of.open),
            "labellers": [people.name_of(self.keys, each) for each in of.labellers],
        }


def _harm(clause: Clause | None) -> str:
    return "" if clause is None else clause.harm


def said(of: Sample, told: Mapping[str, int | None], lang: str, a_week: int) -> str:
    """In words, how long a certificate will still take, with so many labels a week."""
    if of.proves():
        return i18n.say("gate.proved", lang)
    least, most = told["none wrong"], told["one wrong"]
    if least is None:
        return i18n.say("gate.scarce", lang)
    labels = str(a_week)
    if most is None:
        return i18n.say("gate.tight", lang, labels=labels, least=str(least))
    return i18n.say("gate.weeks", lang, labels=labels, least=str(least), most=str(most))


def _state(of: Sample, *, in_force: bool) -> str:
    if not in_force:
        return "not in force"
    if of.waiting is not None:
        return "being drawn"
    if not of.open:
        return "proved" if of.proves() else "stopped"
    return "labelling"
