"""How alike two names are to a reader, in permille: for names that pretend to be somebody else's.

Names are compared as skeletons (`views.skeleton`), without spaces, punctuation and case:

- 1000: the reader sees the same name ("PayPal", "pаypa1" with a Cyrillic а, "Pay_Pal");
- 950, AFFIXED: the same name with a word or a number put beside it ("paypal_support", "RealPayPal",
  "paypal77");
- 950, too: the same name before a remark, which begins at a sign between words or at a "not"
  ("PayPal | will not DM first", "PayPal (do not reply)", "PayPal not banned");
- 950, UNMARKED: one is written wholly without the diacritics of the other ("Quan Tri Vien"): so
  people write Vietnamese in haste, and take it for the same;
- 800, REMARKED: only diacritics differ, and both have some in Latin letters ("Nguyễn Văn An",
  "Nguyên Văn Án"): the names of two people, as alike as those can be, however long they are;
- less: 1 - d / l, with d the Damerau-Levenshtein distance (restricted: optimal string alignment)
  and l the longer length; a letter added, left out, changed or swapped with its neighbour counts
  one, and so does a diacritic. Without the words and numbers beside, all of this at 95 %.

Two bounds stand above all that:

- COMMON: two names of which each is made of common names only (`given_names.everyday`) are at most
  800 alike, unless it is one full name of two words or more: "Ana" and "Ana", "Hoa" and "Hòa",
  "Nguyễn Văn An" and "Nguyễn Văn Anh" are namesakes. Letters in disguise or a trust word make a
  name no common one: "Аna" with a Cyrillic А and "Ana Support" are compared in full;
- DISCLOSED: a name that says that it is a fan's or a parody (`disclosure`) is at most 400 like one
  that does not.

An entry of a list that is a role ("admin") is compared otherwise: `signals.roles`.

This module must never conclude who is the real one.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from ombud.signals import directions, drawn_letters, views
from ombud.signals.disclosure import disclosed
from ombud.signals.drawn_letters import INDICATOR
from ombud.signals.given_names import everyday

VERSION = 5  # of what `resembles` means between names; 4 knew no roles and carried out no overrides
LENGTH_MAX = 64  # characters of a name that are compared
AFFIXED = 950  # the same name with something beside it
UNMARKED = 950  # the same name without any of its diacritics
REMARKED = 800  # the same letters with other diacritics
COMMON = 800  # at most, of two common names
DISCLOSED = 400  # at most, of a name that says it is not the one it sounds like
NAMES_KEPT = 32_768  # people whose names are compared again and again
CORE_MIN = 3  # letters that must stay when a word or number is taken off

_NAME_MAX = 500
# Where a remark beside a name begins: at a sign, or at a word that denies something.
_SIGN = re.compile(r"[|(\[{<•·–—~;]| [-/:] |, ")
_SAID = re.compile(
    rf"{_SIGN.pattern}|\s(?:not|never|no|don.?t|isn.?t|không|khong)\s", re.IGNORECASE
)
_DIGITS = "0123456789"
# Words put beside a name to borrow its trust, in English and Vietnamese, without diacritics.
_BESIDE = """
acc,account,admin,admins,assist,assistance,backup,bot,care,center,centre,customer,desk,help,
helpdesk,info,mod,moderator,mods,official,owner,page,real,service,services,staff,support,team,the,
true,verified,chinh thuc,cham soc khach hang,cskh,ho tro,tro giup,quan tri,quan tri vien,
ban quan tri,qtv
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
    common: str  # the letters of a common name, else ""
    full: bool  # whether these are of two words or more
    disclosed: bool  # whether it says that it is not the one it sounds like


def resemblance(one: str, other: str) -> int:
    """How alike two names look, in permille; 0 where either has no letters or digits."""
    return alike(forms(one), forms(other))


def alike(one: Forms, other: Forms) -> int:
    """How alike two names look, in permille, from their forms: the likest two count."""
    best = 0
    for first in one.whole:
        for second in other.whole:
            best = max(best, likeness(first, second, best))
    for first in one.every:
        for second in other.every:
            best = max(best, likeness(first, second, best) * AFFIXED // 1000)
    return min(best, ceiling(one, other))


def likeness(one: str, other: str, floor: int = 0) -> int:
    """How alike two forms look, in permille; 0 where it cannot exceed `floor`."""
    if one == other:
        return 1000
    bare = views.fold(one)
    if bare == views.fold(other):
        return remarked(one, other, bare)
    return similarity(one, other, floor)


def remarked(one: str, other: str, bare: str) -> int:
    """How alike two forms look that are one without diacritics, which is `bare`."""
    return UNMARKED if bare in (one, other) else REMARKED


def ceiling(one: Forms, other: Forms) -> int:
    """How alike two names can be at most, whatever they look like."""
    if one.disclosed is not other.disclosed:
        return DISCLOSED
    if one.common and other.common and not (one.full and one.common == other.common):
        return COMMON
    return 1000


@functools.lru_cache(maxsize=NAMES_KEPT)
def forms(name: str) -> Forms:
    """The forms of a name: its skeleton as written and, where that differs, in one case and with
    the digit one as an I ("adm1n"), which the skeleton takes for an L, or drawn as it is: each
    capital I and vertical line as an L, the Greek lunate sigma as a C.

    "LinkedIn" as written may be read with a small L; in one case it is "linkedin". Whoever writes
    Latin looks in letters of another script cannot set all diacritics: such a name may be read
    without any. Regional indicators are flags to one reader and letters to another: both are read.
    So is what a direction override turns round, for some displays carry it out and some do not.
    """
    name = name[:_NAME_MAX]
    whole: list[str] = []
    every: list[str] = []
    drawn = name if name.isascii() and name.islower() else name.translate(_drawn())
    readings = [name, views.normalise(name), name.replace("1", "i"), drawn, directions.shown(name)]
    if not name.isascii() and INDICATOR.search(name) is not None:
        readings += [INDICATOR.sub("", name), INDICATOR.sub(_letter, name)]
    plain = everyday(name)
    for written in dict.fromkeys(readings):
        form = _joined(views.skeleton(written))
        if form and form not in whole:
            whole.append(form)
            every.extend(_cores(written))
            if before := unremarked(written, _SAID):
                every.extend((_joined(views.skeleton(before)), *_cores(before)))
                plain = plain or everyday(before)
    if _disguised(name, whole):
        whole = list(dict.fromkeys([*whole, *map(views.fold, whole)]))
        every.extend(list(map(views.fold, every)))
    plain = () if _trusted(name) else plain
    return Forms(
        tuple(whole),
        tuple(dict.fromkeys(whole + every)),
        "".join(plain),
        len(plain) > 1,
        disclosed(name),
    )


def _letter(indicator: re.Match[str]) -> str:
    return drawn_letters.letters()[indicator.group()]


@functools.cache
def _drawn() -> dict[int, str]:
    """Characters that look like a Latin letter until they are normalised, and that letter."""
    looks = {
        ord(character): letter
        for character, letter in views.prototypes().items()
        if letter.isascii()
        and letter.isalpha()
        and not character.isdigit()
        and views.skeleton(character) != letter.lower()
    }
    return looks | {ord("|"): "l"}


def stem(name: str) -> str:
    """The skeleton of a name as it is written, without trust words and numbers beside it, and
    without a remark that a sign sets apart.
    """
    name = name[:_NAME_MAX]
    return _cores(unremarked(name, _SIGN) or name)[1]


def unremarked(name: str, begins: re.Pattern[str]) -> str:
    """What stands before a remark; nothing where there is none, or where too little does."""
    found = begins.search(name, CORE_MIN)
    if found is None:
        return ""
    before = name[: found.start()]
    return before if len(_joined(views.skeleton(before))) >= CORE_MIN else ""


def _trusted(name: str) -> bool:
    """Whether a trust phrase stands beside the name: of common words, too ("Quản trị Minh")."""
    words = views.words(views.fold(views.normalise(name)).replace("_", " "))
    return bool(_beside(list(words[:-1]), BESIDE) or _beside(list(words[:0:-1]), _REVERSED))


def _disguised(name: str, whole: list[str]) -> bool:
    """Whether it looks like Latin letters and is written with others."""
    if name.isascii() or views.fold(views.normalise(name)).isascii():
        return False
    return any(views.fold(form).isascii() for form in whole)


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
    # A trust phrase may be all of a name: "quản trị viên".
    while tuple(plain) not in BESIDE and (count := _beside(plain[1:][::-1], _REVERSED)):
        del words[-count:], plain[-count:]
    while tuple(plain) not in BESIDE and (count := _beside(plain[:-1], BESIDE)):
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
    while (
        form not in _GLUED and before != form and (form.endswith(_GLUED) or form.startswith(_GLUED))
    ):
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
