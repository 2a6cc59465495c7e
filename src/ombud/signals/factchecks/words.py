"""The words by which a claim and a post are held against each other.

Content words in one case, in order, without the little words that every text has. A Vietnamese
syllable that carries diacritics is known under two terms: as it is written, and folded beside it.
A post typed without diacritics finds it under the second one; a post that writes other diacritics
does not. Bounded before anything is looked up: must never read more than LETTERS_MAX letters.
"""

from __future__ import annotations

import re

from ombud.signals import views

LETTERS_MAX = 8192  # of a normalised text; what stands behind is not read
WORDS_MAX = 400  # content words of a post
WORD_MAX = 32  # letters; longer ones are no words
BESIDE = "~"  # before a folded term; no word holds it

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*")

_ENGLISH = """
a about above after again against all also am an and any are aren as at be because been before
being below between both but by can cannot could couldn did didn do does doesn doing don down during
each even ever every few for from further get gets got had hadn has hasn have haven having he her
here hers herself him himself his how if in into is isn it its itself just know let like ll made
make many may me might more most much must my myself new no nor not now of off on once one only or
other our ours ourselves out over own people re really said same say says see shall she should
shouldn so some still such take than that the their theirs them themselves then there these they
thing things this those through to too under until up upon us use very via was wasn way we well were
weren what when where which while who whom whose why will with won would wouldn ve yes yet you your
yours yourself yourselves rt amp
"""
_VIETNAMESE = """
là và của có không được các những cho với này một trong khi đã đang sẽ thì mà ở ra vào đến từ về
như nhưng hay hoặc nếu vì bởi do tại rằng cũng rất lại nên còn đó kia ấy nào gì ai sao thế vậy đây
để bị theo trên dưới sau trước giữa cùng chỉ vẫn đều mới nữa rồi chưa tôi bạn anh chị em chúng ta
họ nó mình ông bà cái con chiếc người việc điều
"""
LITTLE = frozenset(_ENGLISH.split()) | frozenset(_VIETNAMESE.split())


def content_words(normal: str) -> list[str]:
    """The content words of a normalised text, in order, at most WORDS_MAX."""
    text = normal[:LETTERS_MAX]
    if "/" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    found: list[str] = []
    for word in views.words(text):
        if 1 < len(word) <= WORD_MAX and word not in LITTLE:
            found.append(_singular(word))
            if len(found) == WORDS_MAX:
                break
    return found


def _singular(word: str) -> str:
    """An English plural as its singular, as far as the last letter tells (Harman's S stemmer)."""
    if len(word) > 3 and word[-1] == "s" and word.isascii():
        if word.endswith("ies") and word[-4] not in "ea":
            return word[:-3] + "y"
        if word[-2] not in "aeius" or (word[-2] == "e" and word[-3] not in "aeo"):
            return word[:-1]
    return word


def kept(word: str) -> tuple[str, ...]:
    """The terms under which a word of a claim is kept."""
    folded = word if word.isascii() else views.fold(word)
    return (word,) if folded == word else (word, BESIDE + folded)


def asked(word: str) -> tuple[str, ...]:
    """The terms by which a word of a post is looked up: one that is written without diacritics may
    stand for any, one with them stands for itself or for what was written without.
    """
    folded = word if word.isascii() else views.fold(word)
    return (word, BESIDE + word) if folded == word else (word, folded)
