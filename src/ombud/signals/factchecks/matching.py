"""Which checked claim a text repeats, if any; and whether the text itself says that it is false.

A candidate of the index becomes a match where one stretch of the text shares enough of its words.
Two shares are taken, both weighed by how rare the words are: how much of the claim stands in the
stretch, and how much of the stretch is the claim. Their geometric mean is the *likeness*, in
permille. Likeness times the shared rarity in bits is the *strength*: the first is high for two
short texts with one common word, the second for two long ones with many, and only both together
tell a repeated claim from a shared subject. Below SUGGEST there is no match, however near the
nearest one is; from CONFIRM on a person is told that it is nearly the same.

Both thresholds were chosen on the train part of two public sets and one half of ordinary posts;
`docs/explanation/fact-checks.md` says how. This module must never say that a text is false.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from math import isqrt
from typing import NamedTuple

from ombud.signals import links as addresses
from ombud.signals import views
from ombud.signals.factchecks.claim import Claim
from ombud.signals.factchecks.index import BIT, Index
from ombud.signals.factchecks.words import LETTERS_MAX, asked, content_words, kept

SUGGEST = 15 * BIT  # strength, in 1,024ths of a bit
CONFIRM = 24 * BIT
WORDS_MIN = 3  # different words that are shared
CANDIDATES = 10
STRETCH_MIN = 40  # content words of the text that are looked at together
NEGATED_WITHIN = 3  # words before a cue in which "not" turns it round

_CUES = re.compile(
    r"(?<!\w)(?:false(?:ly|hoods?)?|fake[ds]?|hoax(?:es)?|debunk(?:s|ed|ing)?|untrue|myths?"
    r"|mis(?:leading|information)|disinformation|rumou?rs?|satir(?:e|ical)|fact[- ]?check(?:s|ed)?"
    r"|not true|isn'?t true|no evidence|made up|never happened|doctored|photoshopped"
    r"|sai sự thật|sai su that|tin giả|tin gia mao|bịa đặt|bia dat|không đúng|khong dung"
    r"|tin đồn|tin don|không có thật|khong co that|xuyên tạc|xuyen tac|thất thiệt|that thiet"
    r"|bác bỏ|bac bo|kiểm chứng|kiem chung|đính chính|dinh chinh)(?!\w)"
)
_NEGATIONS = frozenset(
    {"not", "no", "never", "isn't", "isnt", "aren't", "wasn't", "weren't", "ain't", "without"}
    | {"không", "khong", "chẳng", "chang", "chả"}
)


class Match(NamedTuple):
    """A claim that a text repeats: `likeness` in permille, `strength` in 1,024ths of a bit."""

    claim: Claim
    likeness: int
    strength: int

    @property
    def sure(self) -> bool:
        """Whether text and claim are nearly the same."""
        return self.strength >= CONFIRM


class Matched(NamedTuple):
    """What is found for a text: matches, the strongest first, and whether the text says itself that
    they are false, or leads to who says so. Then none of them is to be proposed.
    """

    matches: tuple[Match, ...] = ()
    debunks: bool = False


NOTHING = Matched()


def match(index: Index, normal: str, sites: Sequence[str] = ()) -> Matched:
    """What a normalised text repeats; `sites` are those it links to."""
    words = content_words(normal)
    if len(set(words)) < WORDS_MIN:
        return NOTHING
    found = [
        each
        for _, number in index.search(words, CANDIDATES)
        if (each := compare(index, number, words)) is not None and each.strength >= SUGGEST
    ]
    if not found:
        return NOTHING
    found.sort(key=lambda each: -each.strength)  # of equals the newest stays first, as it was found
    debunks = _leads_there(found, sites) or refutes(normal, [each.claim.claim for each in found])
    return Matched(tuple(found), debunks)


def compare(index: Index, number: int, words: Sequence[str]) -> Match | None:
    """How like a claim the likest stretch of a text is; None where they share too few words."""
    claim = index.claims[number]
    wanted = index.words(number)
    standing = {term: word for word in wanted for term in kept(word)}
    hits = [
        (at, word)
        for at, each in enumerate(words)
        if (word := next((standing[t] for t in asked(each) if t in standing), None)) is not None
    ]
    rare = {word: index.weight(word) for word in wanted}
    width = max(STRETCH_MIN, 2 * len(wanted))
    shared, many, end = _densest(hits, rare, width)
    if many < WORDS_MIN:
        return None
    stretch = set(words[max(0, end + 1 - width) : end + 1]) if len(words) > width else set(words)
    alien = (each for each in stretch if standing.keys().isdisjoint(asked(each)))
    other = sum(map(index.weight, alien))
    of_claim = 1000 * shared // (sum(rare.values()) or 1)
    of_text = 1000 * shared // (shared + other or 1)
    likeness = isqrt(of_claim * of_text)
    return Match(claim, likeness, likeness * shared // 1000)


def _densest(
    hits: Sequence[tuple[int, str]], rare: dict[str, int], width: int
) -> tuple[int, int, int]:
    """Of all stretches of `width` words the one whose words weigh most: their weight, how many
    different ones there are, and where it ends.
    """
    best = (0, 0, 0)
    inside: dict[str, int] = {}
    weight = first = 0
    for end, word in hits:
        while hits[first][0] <= end - width:
            gone = hits[first][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
                weight -= rare[gone]
            first += 1
        inside[word] = inside.get(word, 0) + 1
        if inside[word] == 1:
            weight += rare[word]
        if weight > best[0]:
            best = (weight, len(inside), end)
    return best


# --- who says that it is false --------------------------------------------------------------------


def refutes(normal: str, claims: Collection[str] = ()) -> bool:
    """Whether a text says of something that it is false, in English or Vietnamese.

    A cue that a claim itself has says nothing of it, and one behind a "not" says the opposite.
    """
    own = {cue for claim in claims for cue in _CUES.findall(views.normalise(claim))}
    for cue in _CUES.finditer(normal[:LETTERS_MAX].replace("’", "'")):
        before = normal[max(0, cue.start() - 60) : cue.start()].split()[-NEGATED_WITHIN:]
        if cue[0] not in own and not _NEGATIONS.intersection(before):
            return True
    return False


def _leads_there(found: Sequence[Match], links: Sequence[str]) -> bool:
    """Whether a link leads to the fact-check of a match, or to another page of its publisher."""
    if not links:
        return False
    read = [addresses.parse(each.claim.url) for each in found]
    sites = {each.domain for each in read if each is not None}
    return any(site in sites for site in links)
