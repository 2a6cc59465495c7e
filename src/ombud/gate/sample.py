"""Hits of one rule version, drawn by a seed and put before people without saying what they are.

A *population* of hits is journalled first, the seed drawn after. The seed orders the hits, of which
one per author and one per cluster of nearly the same texts is taken, and mixes in others that the
rule did not hit. Who labels sees an item and a clause. What counts is the unbroken beginning of the
order that is labelled: whoever leaves a hard item out holds up everything behind it, and cannot
choose what is counted. "Unclear" and "missing" count against the rule.

A sample is of one version of a rule and its clause. It can be stopped and gone on with, with more
hits: what was labelled stays. This module must never let a label be left out.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ombud.gate import evidence

Said = Literal["yes", "no", "unclear"]
ANSWERS: tuple[Said, ...] = ("yes", "no", "unclear")
HITS_MAX = 2500  # hits of one population that are put in order: more are never labelled
OTHERS_PERCENT = 30  # of the items, what the rule did not hit
LABELS_MIN = 50
AUTHORS_MIN = 20
DAYS_MIN = 14
ALONE_MAX = 950  # permille: what one labeller can prove is enough for label and hold only
LANGUAGE_SHARE = 100  # permille of the hits from which on a language must hold by itself
LANGUAGE_LABELS_MIN = 30


def draw(seed: bytes, purpose: str, number: int) -> int:
    """64 bits that nobody can foretell without the seed: HMAC-SHA-256 of a purpose and number."""
    message = f"{purpose} {number}".encode()
    return int.from_bytes(hmac.digest(seed, message, "sha256")[:8], "big")


def item_id(seed: bytes, seq: int) -> str:
    """What an item is called before people: nothing can be told from it."""
    return f"itm_{hmac.digest(seed, f'item {seq}'.encode(), 'sha256').hex()[:20]}"


class Hit(NamedTuple):
    """A hit of a population; author, cluster and language as numbers of this population alone."""

    seq: int
    author: int
    cluster: int
    lang: int


@dataclass(slots=True)
class Item:
    """One thing to label. `answers` by person (token); `missing`: it cannot be shown any more."""

    id: str
    seq: int
    hit: bool
    lang: str = ""
    answers: dict[int, Said] = field(default_factory=dict)
    missing: bool = False

    def complete(self, wanted: int) -> bool:
        """Whether it needs no further label."""
        return self.missing or len(self.answers) >= wanted

    @property
    def right(self) -> bool:
        """Whether everybody says that it breaks the clause."""
        return not self.missing and all(said == "yes" for said in self.answers.values())


def in_order(hits: Sequence[Hit], seed: bytes) -> list[Hit]:
    """The hits of a population as they are labelled: by the seed, one per author and cluster."""
    authors: set[int] = set()
    clusters: set[int] = set()
    taken = []
    for hit in sorted(hits, key=lambda each: (draw(seed, "hit", each.seq), each.seq)):
        if hit.author in authors or hit.cluster in clusters:
            continue
        authors.add(hit.author)
        clusters.add(hit.cluster)
        taken.append(hit)
        if len(taken) == HITS_MAX:
            break
    return taken


def mixed(
    hits: Iterable[Hit], others: Sequence[int], languages: Sequence[str], seed: bytes
) -> Iterator[Item]:
    """The items of a population in their order, others among the hits at places the seed says."""
    waiting = list(others)[::-1]
    for place, hit in enumerate(hits):
        at = place
        while waiting and draw(seed, f"mix {at}", place) % 100 < OTHERS_PERCENT:
            seq = waiting.pop()
            yield Item(item_id(seed, seq), seq, hit=False)
            at += 1
        yield Item(item_id(seed, hit.seq), hit.seq, hit=True, lang=languages[hit.lang])


@dataclass(slots=True)
class Counts:
    """Labels that count: how many, and how many of them say that the rule was right."""

    labels: int = 0
    right: int = 0

    def add(self, *, right: bool) -> None:
        """One more."""
        self.labels += 1
        self.right += right

    @property
    def permille(self) -> int:
        """The share of the right ones, rounded down; 0 of none."""
        return self.right * 1000 // self.labels if self.labels else 0


@dataclass(slots=True)
class Sample:
    """What is labelled for one certificate. People are tokens; `level` in permille.

    `wanted`: how many people label each item, two where there are two who did not write the rule.
    `begun`: the first record of its first population. `spent`: the certificate that came of it is
    over, so that its labels prove nothing any more.
    """

    id: str
    rule: str
    version: str
    clause: str
    clause_version: str
    begun: int
    level: int = 0
    wanted: int = 1
    labellers: tuple[int, ...] = ()
    open: bool = True
    spent: bool = False
    until: int = 0  # the last record that a population of it looked at
    days: int = 0
    found: int = 0  # hits of all populations
    languages: dict[str, int] = field(default_factory=dict)  # hits by language
    waiting: tuple[Sequence[Hit], Sequence[str]] | None = None  # journalled, not drawn yet
    seed: bytes = b""  # the latest
    items: dict[str, Item] = field(default_factory=dict)  # in their order
    counted: Counts = field(default_factory=Counts)
    by_language: dict[str, Counts] = field(default_factory=dict)
    others: Counts = field(default_factory=Counts)  # `right`: of what was no hit, what breaks
    agreed: Counts = field(default_factory=Counts)  # of items with two labels, those that agree
    _order: list[Item] = field(default_factory=list)
    _next: int = 0  # the first item that is not complete

    @property
    def alone(self) -> bool:
        """Whether one person labels: such a certificate is marked so in public."""
        return self.wanted < 2

    def drawn(self, seed: bytes, others: Sequence[int]) -> None:
        """Put the population that waits in order by its seed."""
        hits, languages = self.waiting or ((), ())
        self.waiting, self.seed = None, seed
        for item in mixed(in_order(hits, seed), others, languages, seed):
            if item.id not in self.items:
                self.items[item.id] = item
                self._order.append(item)

    def asked_of(self, labellers: tuple[int, ...], wanted: int, level: int) -> None:
        """Ask these people from now on. Where another number of them labels each item, all is
        counted anew.
        """
        self.labellers, self.level, self.open = labellers, level, True
        if wanted == self.wanted:
            return
        self.wanted, self._next = wanted, 0
        self.counted, self.others, self.agreed = Counts(), Counts(), Counts()
        self.by_language = {}
        self._count_on()

    def label(self, item: Item, by: int | None, said: Said | None) -> None:
        """Take in one answer; None: it is missing."""
        if said is None or by is None:
            item.missing = True
        else:
            item.answers[by] = said
        self._count_on()

    def _count_on(self) -> None:
        while self._next < len(self._order) and self._order[self._next].complete(self.wanted):
            self._count(self._order[self._next])
            self._next += 1

    def _count(self, item: Item) -> None:
        if len(item.answers) > 1:
            self.agreed.add(right=len(set(item.answers.values())) == 1)
        if not item.hit:
            self.others.add(right=item.right)
            return
        self.counted.add(right=item.right)
        self.by_language.setdefault(item.lang, Counts()).add(right=item.right)

    def upcoming(self) -> Iterator[Item]:
        """The items that need a label still, in their order."""
        for place in range(self._next, len(self._order)):
            if not self._order[place].complete(self.wanted):
                yield self._order[place]

    def missing(self, seqs: frozenset[int]) -> None:
        """What of it was erased: it counts against the rule, where it was not labelled before."""
        for item in self._order:
            if item.seq in seqs and not item.complete(self.wanted):
                self.label(item, None, None)

    # --- what it proves ---------------------------------------------------------------------------

    def proves(self) -> bool:
        """Whether its labels prove its level, the least that must be labelled among it."""
        return not self.lacking() and evidence.certifies(
            self.counted.right, self.counted.labels, self.level
        )

    def lacking(self) -> str:
        """What else than evidence is missing, in a word; nothing where nothing is."""
        if self.alone and self.level > ALONE_MAX:
            return "a second labeller"
        if self.counted.labels < LABELS_MIN:  # one hit per author: so many authors too
            return "labels"
        for lang in self.counting_languages():
            found = self.by_language.get(lang, Counts())
            if found.labels < LANGUAGE_LABELS_MIN or found.permille < self.level:
                return f"language {lang}"
        return ""

    def counting_languages(self) -> list[str]:
        """The languages of a tenth of the hits and more: each must hold by itself."""
        return sorted(
            lang
            for lang, hits in self.languages.items()
            if lang and hits * 1000 >= LANGUAGE_SHARE * self.found
        )

    def still_needed(self, wrong: int = 0) -> int:
        """How many more hits must be labelled if `wrong` of those to come are."""
        so_far = self.counted.labels - self.counted.right
        needed = evidence.labels_needed(so_far + wrong, self.level)
        return max(needed, LABELS_MIN) - self.counted.labels

    @property
    def left(self) -> int:
        """How many hits of the order are not counted yet."""
        return sum(item.hit for item in self._order[self._next :])


def forecast(sample: Sample, a_week: int) -> Mapping[str, int | None]:
    """How many more items a certificate takes, others among them, and how many weeks at `a_week`
    items: if none to come is wrong, if one is, if three are. None where the hits do not suffice.
    """
    found: dict[str, int | None] = {}
    for word, wrong in (("none wrong", 0), ("one wrong", 1), ("three wrong", 3)):
        hits = max(sample.still_needed(wrong), 0)
        items = -(-hits * 100 // (100 - OTHERS_PERCENT))
        fits = hits <= sample.left and a_week > 0
        found[word] = -(-items // a_week) if fits else None
    return found
