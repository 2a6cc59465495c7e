"""What watching rules have hit live, read from the journal's rows: nothing is judged again.

Counted from the record on which the rule's present version went into watch. Only what each row
says of its verdict is read, and bodies of flags, whose rows do not say whom they concern. This
module must never write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

from ombud import clock, journal
from ombud.activation.active import Active
from ombud.controls import certificates
from ombud.controls.config import compiled
from ombud.gate.register import Register
from ombud.journal import Record
from ombud.model import Value
from ombud.replay import records
from ombud.replay.figures import Figures
from ombud.replay.labels import Labels
from ombud.replay.reopened import Reopened
from ombud.replay.sample import Group, Sample, shown
from ombud.replay.tally import by_itself
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


@dataclass(slots=True)
class OfWatched(Figures):
    """What one watching rule has come to."""

    index: int
    since: int  # the control by which it went into watch
    received: int  # and when that was
    _: KW_ONLY
    beside: int = 0  # hits on which a rule that acts fired too


@dataclass(frozen=True, slots=True)
class _Then:
    """A configuration of the past, as far as its rows go by it."""

    names: tuple[str, ...]
    slots: tuple[str, ...]
    acting: frozenset[str]


class Watching:
    """One reading of the rows since the rules that watch now went into watch."""

    def __init__(
        self, store: Store, keys: KeyFile, labels: Labels, sample: Sample, key: bytes
    ) -> None:
        """`key`: random bytes of this run."""
        self.store = store
        erasures = sorted(set(records.erased(store).values()))
        self.past = Reopened(keys, erasures, key)
        self.labels = labels
        self.sample = sample
        self.payloads = [
            (seq, recv, journal.read_json(payload))
            for seq, recv, payload in store.all("controls", ("!config",))
        ]
        self.by_seq = {seq: payload for seq, _, payload in self.payloads}
        self.active: Active | None = None
        self.rules: dict[str, OfWatched] = {}
        self.hit: set[tuple[str, int]] = set()  # labelled records that a rule hit
        self._then: dict[int, _Then] = {}
        if self.payloads:
            held = Register()
            certificates.restore(held, store)
            active = compiled(store, self.payloads[-1][2])
            self.active = replace(active, licences=(*active.licences, *held.licences()))
            self.rules = self._watching(self.active)

    def _watching(self, active: Active) -> dict[str, OfWatched]:
        """The rules that watch now and do not act, with when their version began to."""
        found = {}
        for index, rule in enumerate(active.rules):
            if active.acting[index]:
                continue
            since = received = 0
            for seq, recv, payload in reversed(self.payloads):
                if payload["manifest"]["rules"].get(rule.name) != [rule.version, rule.mode]:
                    break
                if rule.name in self._configuration(seq).acting:  # a shipped one, under holds
                    break
                since, received = seq, recv
            found[rule.name] = OfWatched(rule, index, since, received)
        return found

    def count_from(self, instant: int) -> None:
        """Count only what was received from an instant on; `run` comes after it."""
        (before,) = self.store.one("last_before", (instant,)) or (None,)
        for of in self.rules.values():
            of.since = max(of.since, before or 0)
            of.received = max(of.received, instant)

    def run(
        self, names: Iterable[str], until: int, progress: Callable[[int], None] | None = None
    ) -> None:
        """Read the rows up to one, for these rules."""
        self.rules = {name: self.rules[name] for name in names}
        after = min((each.since for each in self.rules.values()), default=until)
        while after < until:
            step = {"after": after, "until": min(until, after + records.STEP)}
            for row in self.store.all("hits", step):
                self._row(*row)
            after += records.STEP
            if progress is not None:
                progress(min(after, until))
        for seq, known in self.labels.by_record.items():
            for name, of in self.rules.items():
                if of.since < seq <= until and (name, seq) not in self.hit:
                    of.missed += known.get(of.rule.clause.id, False)

    def _row(
        self,
        seq: int,
        config: int,
        kind: str,
        source: str,
        author: int | None,
        packed_facts: bytes | None,
        packed_hits: bytes,
    ) -> None:
        then = self._configuration(config)
        fired, unknown, _ = journal.unpack_hits(packed_hits)
        named = {then.names[each] for each in fired}
        open_ = {then.names[each] for each in unknown}
        since = {name: of for name, of in self.rules.items() if seq > of.since}
        undecided = [of for name, of in since.items() if name in open_]
        hit = [of for name, of in since.items() if name in named]
        if not (hit or undecided):
            return
        person = self._concerned(seq) if kind == "flag" else author
        facts = {then.slots[slot]: v for slot, v in journal.unpack_facts(packed_facts).items()}
        beside = not named.isdisjoint(then.acting)
        for of in undecided:
            of.unknown += 1
            of.note(person or None, "unknown")
        for of in hit:
            self._hit(of, seq, kind, source.partition("/")[0], person or None, facts)
            of.beside += beside
            of.note(person or None, "beside" if beside else ("not", "beside"))

    def _hit(
        self,
        of: OfWatched,
        seq: int,
        kind: str,
        platform: str,
        person: int | None,
        facts: Mapping[str, Value],
    ) -> None:
        active = self.active
        assert active is not None  # there are rules  # noqa: S101
        rule = active.rules[of.index]
        of.hits += 1
        of.by_kind[kind] += 1
        of.note(person, "hits", ("kind", kind))
        for proposal in active.proposals[of.index]:
            alone = by_itself(active, proposal, platform)
            of.would[proposal.action, proposal.target, alone] += 1
            of.note(person, (proposal.action, proposal.target, alone))
        breaks = self.labels.by_record.get(seq, {}).get(rule.clause.id)
        if breaks is not None:
            self.hit.add((rule.name, seq))
            self.labels.used += 1
            of.label(person, breaks=breaks)
        if person:
            of.people.add(person)
            self.sample.offer(Group(rule.name, "hit"), person, seq, shown(rule, kind, facts))

    def _configuration(self, seq: int) -> _Then:
        then = self._then.get(seq)
        if then is None:
            payload = self.by_seq[seq]
            active = compiled(self.store, payload)
            acting = frozenset(
                name for name, acts in zip(active.names, active.acting, strict=True) if acts
            )
            names = tuple(sorted(payload["manifest"]["rules"]))
            then = self._then[seq] = _Then(names, tuple(payload["slots"]), acting)
        return then

    def _concerned(self, seq: int) -> int | None:
        """Whom a flag concerns: only its body says."""
        for row in self.store.all("records", {"after": seq - 1, "until": seq}):
            seen = self.past.seen(Record(*row))
            return None if seen is None else seen.key("subject.author")
        return None

    def as_json(self) -> dict[str, Any]:
        """The report, without what belongs to the run itself."""
        few = self.labels.by_record and not all(of.labelled for of in self.rules.values())
        labels = {**self.labels.as_json(), **({"used": None} if few else {})}
        return {
            "items": [self._told(name, of) for name, of in sorted(self.rules.items())],
            "labels": labels,
            "sample": self.sample.drawn(),
        }

    def _told(self, name: str, of: OfWatched) -> dict[str, Any]:
        return {
            "name": name,
            "clause": of.rule.clause.id,
            "version": of.rule.version,
            "since": clock.rfc3339(of.received),
            "few": of.few,
            "hits": None if of.few else of.hits,
            "beside_acting": None if of.few else of.part("beside", of.beside),
            "people": None if of.few else len(of.people),
            "unknown": of.parts({"": of.unknown}, {"": of.who["unknown"]})[""],
            "by_kind": of.kinds(),
            "would": of.would_as_json(),
            "precision": of.share_as_json("precision", self.labels),
            "recall": of.share_as_json("recall", self.labels),
        }
