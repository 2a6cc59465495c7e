"""All samples and certificates, as the controls of the journal left them, and what is due next.

The live engine, a restart and replay give the same controls and actions to the same register and so
hold the same certificates. `due` says which control is owed: a seed for a population, a certificate
whose labels prove it, an end, an alarm. The writer journals it before it judges anything further.

One budget of labels a week is for all certificates of a community, as its settings say: it counts
items, and audits may take a part of it. Where it is used up, nothing more is asked of people, and
no rule gains by that: what proves nothing grants nothing, and what is overdue counts against it.
This module must never grant by itself: it tells what is owed, and takes in what was journalled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from ombud.gate.certificate import NEVER, RENEWED_AHEAD, WEEK, Certificate, from_grant
from ombud.gate.licence import Licence
from ombud.gate.sample import Hit, Item, Sample

BUDGET = 50  # items a week that are put before people, for all certificates, if nobody says
AUDITS_TENTHS = 3  # of which audits take at most so many tenths
AHEAD = 200  # items of a sample that may be begun while the first of them waits for somebody
CONTROLS = ("population", "draw", "label", "labelling", "certificate", "demotion")
_UNDOABLE_MAX = 1000  # reviews that are remembered in case they are undone within their seconds
PREFIX = "certificate"  # how the ids of such licences begin


class Due(NamedTuple):
    """A control that is owed. `about`: the id of a sample, a certificate or an item."""

    control: str
    about: str
    what: str = ""


class Asked(NamedTuple):
    """An item that somebody may label now."""

    item: Item
    clause: str
    audit: bool
    new: bool  # whether it counts against the budget of this week


@dataclass(slots=True)
class Week:
    """Items that had their first label in one week."""

    number: int = -1
    items: int = 0
    audits: int = 0


def nobody(_: str) -> str | None:
    """No decision was ever made under a certificate."""
    return None


@dataclass(slots=True)
class Register:
    """`licence_of` tells the licence of a decision."""

    licence_of: Callable[[str], str | None] = nobody
    versions: dict[str, str] = field(default_factory=dict)  # in force, by rule
    clauses: dict[str, str] = field(default_factory=dict)  # versions in force, by clause
    samples: dict[str, Sample] = field(default_factory=dict)
    certificates: dict[str, Certificate] = field(default_factory=dict)
    week: Week = field(default_factory=Week)
    most: int = BUDGET  # items a week, as the settings in force have it
    _counted: dict[int, list[Certificate]] = field(default_factory=dict)  # by a review's record
    _changed: bool = False  # since `due` last found nothing
    _next: int = NEVER  # when something can be due without a change

    # --- what the journal says --------------------------------------------------------------------

    def apply(self, control: str, seq: int, recv: int, payload: Mapping[str, Any]) -> None:
        """Take in a control of the journal; others than ours change nothing."""
        taken = {
            "config": self._config,
            "erasure": self._erasure,
            **dict.fromkeys(("undo", "review", "outcome"), self._reversed),
            "population": self._population,
            "draw": self._draw,
            "labelling": self._labelling,
            "label": self._label,
            "certificate": self._certificate,
            "demotion": self._demotion,
        }.get(control)
        if taken is not None:
            self._changed = True
            taken(seq, recv, payload)

    def _config(self, _: int, __: int, payload: Mapping[str, Any]) -> None:
        """Certificates end with any change of their rule or clause; not with a pause."""
        manifest = payload["manifest"]
        self.versions = {name: version for name, (version, _) in manifest["rules"].items()}
        self.clauses = dict(manifest["clauses"])
        self.most = manifest.get("settings", {}).get("label_budget", BUDGET)
        for each in self.certificates.values():
            if not each.ended and not self._as_it_was(each):
                self._end(each, "changed")

    def _as_it_was(self, of: Sample | Certificate) -> bool:
        """Whether nothing else than this version is in force."""
        rule, clause = self.versions.get(of.rule), self.clauses.get(of.clause)
        return rule in (None, of.version) and clause in (None, of.clause_version)

    def in_force(self, of: Sample | Certificate) -> bool:
        """Whether the very version is in force."""
        rule, clause = self.versions.get(of.rule), self.clauses.get(of.clause)
        return (rule, clause) == (of.version, of.clause_version)

    def _end(self, certificate: Certificate, why: str, *, told: bool = False) -> None:
        certificate.ended, certificate.told = why, told
        self.samples[certificate.sample].spent = why != "replaced"
        self.samples[certificate.sample].open = False

    def _erasure(self, _: int, recv: int, payload: Mapping[str, Any]) -> None:
        seqs = frozenset(payload["seqs"])
        for sample in self.samples.values():
            if not sample.spent:
                sample.missing(seqs)
        for certificate in self.certificates.values():
            if not certificate.ended:
                certificate.missing(seqs, recv)

    def _reversed(self, seq: int, _: int, payload: Mapping[str, Any]) -> None:
        """What people undo, release or reverse counts against the rule, until that is undone."""
        for each in self._counted.pop(payload.get("review", 0), ()):
            each.overturned -= 1
        over = payload["released"] if "released" in payload else payload["decisions"]
        found = [self.of_licence(self.licence_of(each)) for each in over if self.certificates]
        counted = [each for each in found if each is not None]
        for each in counted:
            each.overturned += 1
        if counted and "released" in payload:
            self._counted[seq] = counted
            if len(self._counted) > _UNDOABLE_MAX:
                del self._counted[next(iter(self._counted))]

    def _population(self, seq: int, _: int, payload: Mapping[str, Any]) -> None:
        name = payload["sample"]
        for certificate in self.certificates.values():
            if certificate.sample == name and not certificate.ended:  # the same people audit it
                certificate.labellers = tuple(payload["labellers"])
        if not payload["open"]:
            return
        sample = self.samples.get(name)
        if sample is None:
            words = {key: payload[key] for key in ("rule", "version", "clause", "clause_version")}
            sample = self.samples[name] = Sample(name, begun=seq, **words)
        sample.asked_of(tuple(payload["labellers"]), payload["wanted"], payload["level"])
        sample.until, sample.days = payload["until"], max(sample.days, payload["days"])
        hits = [Hit(*each) for each in payload["hits"]]
        sample.found += len(hits)
        for hit in hits:
            lang = payload["languages"][hit.lang]
            sample.languages[lang] = sample.languages.get(lang, 0) + 1
        if hits:
            sample.waiting = hits, payload["languages"]

    def _draw(self, _: int, recv: int, payload: Mapping[str, Any]) -> None:
        if "certificate" in payload:
            self.certificates[payload["certificate"]].mix(payload["others"], recv)
        else:
            seed = bytes.fromhex(payload["seed"])
            self.samples[payload["sample"]].drawn(seed, payload["others"])

    def _labelling(self, _: int, __: int, payload: Mapping[str, Any]) -> None:
        self.samples[payload["sample"]].open = payload["open"]

    def _label(self, _: int, recv: int, payload: Mapping[str, Any]) -> None:
        name, by, said = payload["item"], payload["by"], payload["said"]
        found = self.holder(name)
        if found is None:
            return
        audit = isinstance(found, Certificate)
        item = self.item(name)
        if item is not None and by is not None and not item.answers:
            self._spend(recv, audit=audit and item.hit)
        if isinstance(found, Certificate):
            found.label(name, by, said)
        else:
            found.label(found.items[name], by, said)

    def _spend(self, recv: int, *, audit: bool) -> None:
        if self.week.number != recv // WEEK:
            self.week = Week(recv // WEEK)
        self.week.items += 1
        self.week.audits += audit

    def _certificate(self, _: int, recv: int, payload: Mapping[str, Any]) -> None:
        if payload["is"] == "granted":
            replaced = self.certificates.get(payload["replaces"] or "")
            if replaced is not None:
                self._end(replaced, "replaced", told=True)
            made = from_grant(payload, recv)
            self.certificates[made.id] = made
            self.samples[made.sample].open = False
            return
        certificate = self.certificates[payload["certificate"]]
        if payload["is"] == "renewed":
            certificate.renew(payload["until"], recv)
        else:
            self._end(certificate, payload["why"], told=True)

    def _demotion(self, _: int, __: int, payload: Mapping[str, Any]) -> None:
        self._end(self.certificates[payload["certificate"]], payload["why"], told=True)

    def acted(self, licence: str | None, seq: int, recv: int) -> None:
        """A rule did something to record `seq` under a licence."""
        certificate = self.of_licence(licence)
        if certificate is not None and not certificate.ended:
            live = sum(each.holds(recv) for each in self.certificates.values())
            certificate.acts(seq, recv, max(1, self.audits // max(1, live)))
            self._changed = True

    # --- what is known ----------------------------------------------------------------------------

    def of_licence(self, licence: str | None) -> Certificate | None:
        """The certificate that a licence is of."""
        if licence is None or not licence.startswith(PREFIX):
            return None
        return self.certificates.get(licence.partition(":")[2])

    def licences(self) -> tuple[Licence, ...]:
        """The licences of all certificates that were not ended; `gate.ask` minds their time."""
        return tuple(each.licence for each in self.certificates.values() if not each.ended)

    def sample_of(self, rule: str, version: str, clause_version: str) -> Sample | None:
        """The sample of a version that can be gone on with."""
        for sample in self.samples.values():
            found = (sample.rule, sample.version, sample.clause_version)
            if found == (rule, version, clause_version) and not sample.spent:
                return sample
        return None

    def spent_since(self, rule: str, version: str) -> int:
        """The last record that any sample of a version looked at: whose labels prove nothing more,
        and whose hits no other sample may have.
        """
        found = [s.until for s in self.samples.values() if (s.rule, s.version) == (rule, version)]
        return max(found, default=0)

    def certified(self, sample: Sample) -> Certificate | None:
        """The certificate in force that came of a sample."""
        for each in self.certificates.values():
            if each.sample == sample.id and not each.ended:
                return each
        return None

    def sealed(self) -> frozenset[int]:
        """The records whose bodies must be kept: of open samples, and drawn by audits."""
        found = {
            item.seq
            for sample in self.samples.values()
            if sample.open and not sample.spent
            for item in sample.upcoming()
        }
        for each in self.certificates.values():
            if not each.ended:
                found.update(audited.item.seq for audited in each.open.values())
                found.update(item.seq for item in each.others.values())
        return frozenset(found)

    def holder(self, name: str) -> Sample | Certificate | None:
        """What an item that waits for a label belongs to."""
        for certificate in self.certificates.values():
            if not certificate.ended and (name in certificate.open or name in certificate.others):
                return certificate
        for sample in self.samples.values():
            item = None if sample.spent else sample.items.get(name)
            if item is not None and not item.complete(sample.wanted):
                return sample
        return None

    def item(self, name: str) -> Item | None:
        """An item that waits for a label."""
        found = self.holder(name)
        if isinstance(found, Certificate):
            return found.open[name].item if name in found.open else found.others[name]
        return None if found is None else found.items[name]

    # --- what people are asked --------------------------------------------------------------------

    @property
    def audits(self) -> int:
        """How many items a week audits take at most while samples wait too."""
        return self.most * AUDITS_TENTHS // 10

    def budget(self, now: int) -> tuple[int, int]:
        """How many items may be begun this week, and how many of audits."""
        week = self.week if self.week.number == now // WEEK else Week()
        left = max(0, self.most - week.items)
        return left, min(left, max(0, self.audits - week.audits)) if self._sampling() else left

    def _sampling(self) -> bool:
        return any(next(sample.upcoming(), None) is not None for sample in self._open())

    def _open(self) -> Iterator[Sample]:
        for sample in self.samples.values():
            if sample.open and not sample.spent and self.in_force(sample):
                yield sample

    def due_for(self, person: int, now: int) -> list[Asked]:
        """The items that somebody may label now: first those that another has begun, and else in
        an order that says nothing of what they are.
        """
        left, audits = self.budget(now)
        asked = []
        certificates = [each for each in self.certificates.values() if each.holds(now)]
        for certificate, item in _turns((each, each.upcoming(now)) for each in certificates):
            new = not item.answers
            if new and (left < 1 or (item.hit and audits < 1)):
                continue
            left, audits = left - new, audits - (new and item.hit)
            if person in certificate.labellers and person not in item.answers:
                asked.append(Asked(item, certificate.clause, True, new))
        for sample, item in _turns((each, islice(each.upcoming(), AHEAD)) for each in self._open()):
            new = not item.answers
            if new and left < 1:
                continue
            left -= new
            if person in sample.labellers and person not in item.answers:
                asked.append(Asked(item, sample.clause, False, new))
        return sorted(asked, key=lambda each: (each.new, each.item.id))

    # --- what is owed -----------------------------------------------------------------------------

    def due(self, now: int) -> Due | None:
        """The next control that is owed at an instant; None where none is."""
        if not self._changed and now < self._next:
            return None
        found = self._due(now)
        if found is None:
            self._changed = False
            self._next = min(self._instants(), default=NEVER)
        return found

    def _instants(self) -> Iterator[int]:
        """When something can be due, although nothing happens before."""
        for each in self.certificates.values():
            if not each.ended:
                yield each.until - RENEWED_AHEAD
                yield each.first_overdue()

    def _due(self, now: int) -> Due | None:
        for each in self.certificates.values():
            if each.ended:
                if not each.told:
                    return Due("certificate", each.id, "ended")
                continue
            if each.alarm():
                return Due("demotion", each.id, each.alarm())
            overdue = each.overdue(now)
            if overdue is not None:
                return Due("label", overdue)
            if now >= each.until - RENEWED_AHEAD and each.clean and now < each.until:
                return Due("certificate", each.id, "renewed")
            if now >= each.until:
                return Due("certificate", each.id, "ended")
            if each.mixes(now):
                return Due("draw", each.id)
        for sample in self.samples.values():
            if sample.waiting is not None and not sample.spent:
                return Due("draw", sample.id)
        for sample in self._open():
            certified = self.certified(sample)
            if (certified is None or certified.level < sample.level) and sample.proves():
                return Due("certificate", sample.id, "granted")
        return None


def _turns(
    parts: Iterable[tuple[Any, Iterator[Item]]],
) -> Iterator[tuple[Any, Item]]:
    """One item of each in turn, so that one budget moves all of them on."""
    waiting = list(parts)
    while waiting:
        for part in [*waiting]:
            item = next(part[1], None)
            if item is None:
                waiting.remove(part)
            else:
                yield part[0], item
