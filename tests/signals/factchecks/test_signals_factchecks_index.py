"""BM25 in whole numbers, held against the formula in floating point."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.signals.factchecks import index as indexing
from ombud.signals.factchecks.index import BIT, Index, rarity, words_of
from signals.factchecks.checks_made import BRIDGE, CLAIMS, FISH, claim, index

WORDS = [f"word{letter}{number}" for letter in "abcdef" for number in range(12)]


def made(count: int, seed: int = 1) -> Index:
    """An index of claims by chance, in which a few words are common and most are rare."""
    chance = random.Random(seed)
    texts = (
        " ".join(WORDS[int(len(WORDS) * chance.random() ** 3)] for _ in range(chance.randint(3, 9)))
        for _ in range(count)
    )
    return Index(claim(text, number) for number, text in enumerate(texts))


def in_floats(of: Index, words: list[str]) -> dict[int, float]:
    """BM25 as the formula stands in the books, over every claim."""
    bags = [Counter(words_of(each)) for each in of.claims]
    average = sum(map(Counter.total, bags)) / len(bags)
    scores = dict.fromkeys(range(len(bags)), 0.0)
    for word in set(words):
        holding = sum(word in bag for bag in bags)
        rare = math.log2(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
        for number, bag in enumerate(bags):
            norm = 1.2 * (0.25 + 0.75 * bag.total() / average)
            scores[number] += rare * bag[word] * 2.2 / (bag[word] + norm)
    return scores


@given(st.integers(1, 200_000), st.data())
def test_rarity_is_the_logarithm(claims: int, data: st.DataObject) -> None:
    """To the last 1,024th of a bit, for every number of claims that can be."""
    holding = data.draw(st.integers(0, claims))
    exact = math.log2(1 + (claims - holding + 0.5) / (holding + 0.5)) * BIT
    assert exact - 1.01 <= rarity(claims, holding) <= exact + 0.01


def test_the_ranking_is_that_of_the_formula() -> None:
    """Every score is within a thousandth of the one in floats, the best one is the best one."""
    of = made(400)
    chance = random.Random(2)
    for _ in range(30):
        words = chance.sample(WORDS, 6)
        exact = in_floats(of, words)
        found = of.search(words, 5)
        for score, number in found:
            assert math.isclose(score / BIT, exact[number], rel_tol=0.002, abs_tol=0.02)
        assert exact[found[0][1]] >= max(exact.values()) - 0.02


def test_order_does_not_depend_on_how_claims_came() -> None:
    """The same claims are the same index; of two that fit equally the newest is first."""
    claims = [claim(text, number) for number, text in enumerate(CLAIMS)]
    assert Index(claims).claims == Index(reversed(claims)).claims == Index(claims * 2).claims
    old, new = claim(FISH, 1, date="2025-01-01"), claim(FISH, 2, date="2026-01-01")
    for given_ in ([old, new], [new, old]):
        of = Index([*given_, claim(BRIDGE, 3)])
        best = [of.claims[number] for _, number in of.search(["lanternfish", "eyesight"], 2)]
        assert best == [new, old]


def test_a_headline_is_read_too() -> None:
    """An article's title often says what the claim does not."""
    of = Index([claim(FISH, headline="Lanterns and a doctor called Zyx"), claim(BRIDGE, 2)])
    ((_, number),) = of.search(["zyx"], 1)
    assert of.claims[number].claim == FISH


def test_common_words_are_not_looked_up_without_end() -> None:
    """Rarest first; once enough was read, the commoner words are left: and the claim is found."""
    same = " ".join(WORDS[:6])
    of = Index([claim(f"{same} number{number}q", number) for number in range(3000)])
    asked = [*WORDS[:6], "number77q"]
    found = of.search(asked, 1)
    assert of.claims[found[0][1]].claim.endswith("number77q")
    few = of.search(asked, 3000, postings=10)
    assert len(few) == 1  # the rare word's claim alone: the next word has more than ten
    assert len(of.search(WORDS[:1], 5000, postings=10)) == 10  # the first word is cut, not left out


def test_nothing_fits_where_nothing_does() -> None:
    """No word that is known, no word at all, no claim at all."""
    assert index().search(["zzz"], 5) == []
    assert index().search([], 5) == []
    assert Index([]).search(["tunnel"], 5) == []
    assert len(Index([])) == 0


def test_words_of_claims_are_kept_in_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of claims that were compared does not grow for ever."""
    of = made(50)
    monkeypatch.setattr(indexing, "WORDS_KEPT", 8)
    for number in range(50):
        assert of.words(number) == tuple(dict.fromkeys(words_of(of.claims[number])))
    assert len(of._words) <= 8
