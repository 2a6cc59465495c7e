"""An inverted index of claims, ranked by BM25 in whole numbers.

BM25 (Robertson and Walker 1994, with k1 = 1.2 and b = 0.75), where the rarity of a word is a binary
logarithm in 1,024ths of a bit. All of it is integer arithmetic, so that the same claims and the
same words give the same ranking on every machine. Words are looked up from the rarest on, and once
POSTINGS_MAX entries were read no commoner word is looked up: a post of ten thousand common words
costs what any post may cost. This module must never read a clock or keep a post.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from ombud.signals import links, views
from ombud.signals.factchecks.claim import CLAIMS_MAX, Claim
from ombud.signals.factchecks.words import asked, content_words, kept

BIT = 1024
K1_TENTHS = 12
B_HUNDREDTHS = 75
# Claims. Among fewer nobody can tell how rare a word is: where texts are compared (not where claims
# are ranked beside each other) it is taken as among so many.
FEW = 4096
POSTINGS_MAX = 8192
WORDS_KEPT = 4096  # claims whose words are kept
COUNTED_MAX = 15  # times that a word counts in one claim

# By term: the claims that have it, and how often, later what that adds to their scores.
Terms = dict[str, "tuple[array[int], array[int]]"]


def rarity(claims: int, holding: int) -> int:
    """How rare a word is that `holding` of so many claims have, in 1,024ths of a bit:
    log2(1 + (N - n + 1/2) / (n + 1/2)), rounded down at the last bit.
    """
    value = ((2 * claims + 2) << 32) // (2 * holding + 1)
    whole = value.bit_length() - 33
    found = whole * BIT
    value = value >> whole if whole >= 0 else value << -whole  # 1 <= value < 2, in 2**-32
    step = BIT // 2
    while step:  # squaring doubles the logarithm: one more bit of it each time
        value = (value * value) >> 32
        if value >= 2 << 32:
            value >>= 1
            found += step
        step //= 2
    return found


class Index:
    """Claims by their words. `claims` are numbered as they were given, each once."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        unique = {claim.id: claim for claim in claims}
        self.claims: tuple[Claim, ...] = tuple(sorted(unique.values(), key=_order)[:CLAIMS_MAX])
        self.ids = {claim.id: number for number, claim in enumerate(self.claims)}
        self._terms: Terms = {}
        self._rare: dict[int, int] = {}
        self._words: dict[int, tuple[str, ...]] = {}
        lengths = array("H")
        for number, claim in enumerate(self.claims):
            lengths.append(self._add(number, claim))
        self._gains(self._norms(lengths))

    def _add(self, number: int, claim: Claim) -> int:
        """Put one claim in; how many words it has."""
        words = words_of(claim)
        counts = Counter(term for word in words for term in kept(word))
        for term, count in counts.items():
            listed = self._terms.get(term)
            if listed is None:
                listed = self._terms[term] = (array("I"), array("H"))
            listed[0].append(number)
            listed[1].append(min(count, COUNTED_MAX))
        return len(words)

    @staticmethod
    def _norms(lengths: array[int]) -> array[int]:
        """For each claim k1 times its length as BM25 takes it, in 1,024ths."""
        total, many = sum(lengths) or 1, len(lengths)
        part = 100 - B_HUNDREDTHS
        return array(
            "I",
            [
                BIT * K1_TENTHS * (part * total + B_HUNDREDTHS * length * many) // (1000 * total)
                for length in lengths
            ],
        )

    def _gains(self, norms: array[int]) -> None:
        """What each word adds to the score of each claim that has it, in place of its count."""
        for numbers, counts in self._terms.values():
            rare = rarity(len(self.claims), len(numbers)) * (10 + K1_TENTHS) // 10
            for place, number in enumerate(numbers):
                count = counts[place] * BIT
                counts[place] = rare * count // (count + norms[number])

    def __len__(self) -> int:
        return len(self.claims)

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """The sites on which the fact-checks stand, by name."""
        found = (links.parse(claim.url) for claim in self.claims)
        return tuple(sorted({each.domain for each in found if each is not None}))

    def words(self, number: int) -> tuple[str, ...]:
        """The different content words of a claim and its headline; those of the last few thousand
        are kept.
        """
        known = self._words.get(number)
        if known is None:
            if len(self._words) >= WORDS_KEPT:
                self._words.clear()
            known = self._words[number] = tuple(dict.fromkeys(words_of(self.claims[number])))
        return known

    def weight(self, term: str) -> int:
        """How rare a term is among at least FEW, in 1,024ths of a bit; one that no claim has is the
        rarest.
        """
        listed = self._terms.get(term)
        return self._weight(0 if listed is None else len(listed[0]))

    def _weight(self, holding: int) -> int:
        """The rarity of a word that so many claims have, worked out once."""
        known = self._rare.get(holding)
        if known is None:
            known = self._rare[holding] = rarity(max(len(self.claims), FEW), holding)
        return known

    def search(
        self, words: Sequence[str], limit: int, postings: int = POSTINGS_MAX
    ) -> list[tuple[int, int]]:
        """The claims that fit some words best: (score, number), at most `limit`, best first."""
        lists = [
            (len(listed[0]), term, listed)
            for term in {term for word in set(words) for term in asked(word)}
            if (listed := self._terms.get(term)) is not None
        ]
        lists.sort(key=lambda each: each[:2])
        scores: dict[int, int] = {}
        score, read = scores.get, 0
        for many, _, (numbers, gains) in lists:
            read += many
            if read > postings and scores:
                break
            for number, gain in zip(numbers[:postings], gains[:postings], strict=True):
                scores[number] = score(number, 0) + gain
        best = heapq.nsmallest(limit, ((-found, number) for number, found in scores.items()))
        return [(-found, number) for found, number in best]


def _order(claim: Claim) -> tuple[int, str]:
    """The newest first: of two that fit equally well it is the one to show."""
    return -int(claim.date.replace("-", "") or 0), claim.id


def words_of(claim: Claim) -> list[str]:
    """The content words of a claim and its headline."""
    return [
        *content_words(views.normalise(claim.claim)),
        *content_words(views.normalise(claim.headline)),
    ]
