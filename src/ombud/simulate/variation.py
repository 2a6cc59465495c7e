"""A text as somebody writes it anew who wants no two to be equal: a share of its words is changed.

This module must never draw from anything but the generator it is given.
"""

from __future__ import annotations

from math import ceil
from random import Random

FEWEST, MOST = 5, 20  # percent of the words that are changed, as near-duplicates are measured
_LETTERS = 4  # a word needs more to be misspelt
_FILLERS = {
    "en": ("really", "today", "friends", "honestly", "now", "please", "again", "truly"),
    "vi": ("thật", "nha", "nhé", "luôn", "ạ", "nữa", "mọi người", "đó"),
}


def edited(rng: Random, text: str, lang: str, percent: int | None = None) -> str:
    """The text with `percent` of its words changed, at least one; where None, FEWEST to MOST.

    Words in braces or with an address stay whole.
    """
    words = text.split(" ")
    plain = [place for place, word in enumerate(words) if not set(word) & set("{}/")]
    share = rng.randint(FEWEST, MOST) if percent is None else percent
    for place in rng.sample(plain, min(len(plain), ceil(len(words) * share / 100))):
        words[place] = _changed(rng, words[place], lang)
    return " ".join(word for word in words if word)


def _changed(rng: Random, word: str, lang: str) -> str:
    way = rng.randrange(4)
    if way == 0:
        return ""
    if way == 1 and len(word) > _LETTERS:  # two letters change places
        at = rng.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if way == 2:
        return f"{word} {rng.choice(_FILLERS[lang])}"
    return rng.choice(_FILLERS[lang])
