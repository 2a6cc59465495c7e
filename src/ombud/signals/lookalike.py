"""How alike two names are to a reader, in permille: for names that pretend to be somebody else's.

Names are compared as skeletons (`views.skeleton`), without spaces, punctuation and case:

- 1000: the reader sees the same name ("PayPal", "pаypa1" with a Cyrillic а, "Pay_Pal");
- 950: the same name with a word or a number put beside it ("paypal_support", "RealPayPal",
  "paypal77");
- less: 1 - d / l, with d the Damerau-Levenshtein distance (restricted: optimal string alignment)
  and l the longer length; a letter added, left out, changed or swapped with its neighbour counts
  one. Without the words and numbers beside, the same at 95 %.

A diacritic counts as one letter: "Hoa" and "Hòa" are the names of two people in Vietnamese and get
750, not 1000, while in a long name one diacritic is as little seen as one letter. A rule that wants
only true look-alikes asks for 95 %. This module must never conclude who is the real one.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from ombud.signals import views

LENGTH_MAX = 64  # characters of a name that are compared
AFFIXED = 950  # the same name with something beside it
NAMES_KEPT = 32_768  # people whose names are compared again and again
CORE_MIN = 3  # letters that must stay when a word or number is taken off

_NAME_MAX = 500
_DIGITS = "0123456789"
# Words put beside a name to borrow its trust, in English and Vietnamese, without diacritics.
_BESIDE = """
admin,admins,assist,assistance,bot,care,center,centre,customer,desk,help,helpdesk,info,mod,
moderator,mods,official,real,service,services,staff,support,team,the,true,verified,
chinh thuc,cham soc khach hang,cskh,ho tro,tro giup
"""
BESIDE = tuple(tuple(words.split()) for words in _BESIDE.replace("\n", "").split(",") if words)
_REVERSED = tuple(words[::-1] for words in BESIDE)
_TRUSTED = {words[0] for words in BESIDE} | {words[-1] for words in BESIDE}
_GLUED = tuple(
    sorted((views.skeleton("".join(words)) for words in BESIDE if len("".join(words)) > 3), key=len)
)[::-1]


class Forms(NamedTuple):
    """What a reader may take a name for: the whole of it, and the name without things beside."""

    whole: tuple[str, ...]
    every: tuple[str, ...]  # the whole ones first


def resemblance(one: str, other: str) -> int:
    """How alike two names look, in permille; 0 where either has no letters or digits."""
    return alike(forms(one), forms(other))


def alike(one: Forms, other: Forms) -> int:
    """How alike two names look, in permille, from their forms."""
    if not set(one.whole).isdisjoint(other.whole):
        return 1000
    if not set(one.every).isdisjoint(other.every):
        return AFFIXED
    best = 0
    for first in one.whole:
        for second in other.whole:
            best = max(best, similarity(first, second, best))
    for first in one.every:
        for second in other.every:
            best = max(best, similarity(first, second, best) * AFFIXED // 1000)
    return best


@functools.lru_cache(maxsize=NAMES_KEPT)
def forms(name: str) -> Forms:
    """The forms of a name: its skeleton as written and, where that differs, in one case and with
    the digit one as an I ("adm1n"), which the skeleton takes for an L.

    "LinkedIn" as written may be read with a small L; in one case it is "linkedin".
    """
    name = name[:_NAME_MAX]
    whole: list[str] = []
    every: list[str] = []
    for written in dict.fromkeys((name, views.normalise(name), name.replace("1", "i"))):
        form = _joined(views.skeleton(written))
        if form and form not in whole:
            whole.append(form)
            every.extend(_cores(written))
    return Forms(tuple(whole), tuple(dict.fromkeys(whole + every)))


def _joined(skeleton: str) -> str:
    """A skeleton without spaces, punctuation and underscores."""
    return "".join(views.words(skeleton)).replace("_", "")[:LENGTH_MAX]


def _cores(name: str) -> tuple[str, str]:
    """A name's skeleton without the trust words at its ends, and that without its last digits.

    Both, because digits may be letters ("paypa1") or stand beside the name ("paypal77").
    """
    words = list(views.words(name.replace("_", " ")))
    while len(words) > 1 and words[-1].isdigit():
        del words[-1]
    plain = [views.fold(views.normalise(word)) for word in words]
    while count := _beside(plain[1:][::-1], _REVERSED):
        del words[-count:], plain[-count:]
    while count := _beside(plain[:-1], BESIDE):
        del words[:count], plain[:count]
    core = "".join(words)
    shorter = _enough(core.rstrip(_DIGITS), core)
    return (
        _unglued(_joined(views.skeleton(core))),
        _unglued(_joined(views.skeleton(shorter))),
    )


def _beside(words: list[str], known: tuple[tuple[str, ...], ...]) -> int:
    """How many of the first words are a trust word or phrase; 0 where they are none."""
    if not words or words[0] not in _TRUSTED:
        return 0
    return max((len(each) for each in known if tuple(words[: len(each)]) == each), default=0)


def _unglued(form: str) -> str:
    """A form without trust words written together with the name: "paypalsupport"."""
    before = ""
    while before != form and (form.endswith(_GLUED) or form.startswith(_GLUED)):
        before = form
        for word in _GLUED:
            if form.endswith(word):
                form = _enough(form.removesuffix(word), form)
            elif form.startswith(word):
                form = _enough(form.removeprefix(word), form)
    return form


def _enough(shortened: str, form: str) -> str:
    return shortened if len(shortened) >= CORE_MIN else form


def similarity(one: str, other: str, floor: int = 0) -> int:
    """1 - distance / longer length, in permille, rounded down; 0 where it cannot exceed `floor`."""
    longer = max(len(one), len(other))
    if not longer or (longer - abs(len(one) - len(other))) * 1000 // longer <= floor:
        return 0
    return (longer - distance(one, other)) * 1000 // longer


def distance(one: str, other: str) -> int:
    """The optimal string alignment distance, linear in `other` for words of bounded length.

    Bit-parallel: H. Hyyro, "A bit-vector algorithm for computing Levenshtein and Damerau edit
    distances", Nordic Journal of Computing 10 (2003), section 4.
    """
    if not one or not other:
        return len(one) + len(other)
    places: dict[str, int] = {}
    for index, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << index
    every = (1 << len(one)) - 1
    last = 1 << (len(one) - 1)
    up, down, diagonal, before = every, 0, 0, 0
    count = len(one)
    for letter in other:
        here = places.get(letter, 0)
        swapped = ((~diagonal & here) << 1) & before
        diagonal = (((here & up) + up) ^ up) | here | down | swapped
        right = down | ~(diagonal | up)
        left = diagonal & up
        count += bool(right & last) - bool(left & last)
        right = right << 1 | 1
        up = (left << 1 | ~(diagonal | right)) & every
        down = right & diagonal & every
        before = here
    return count
