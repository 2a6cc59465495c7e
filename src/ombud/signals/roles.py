"""Words for what somebody does in a community ("admin", "hỗ trợ"), worn as if they were a name.

Nobody owns such a word, so an entry of a list that consists of one protects the role and no
person: whoever wears it beside any name ("[MOD] Anna", "Server Admin", "xX_Admin_Xx", "Adm!n")
looks like staff, a remark that one is a fan takes nothing back, and letters that make another word
("Moderato", "Admina") do not. PHRASES says which words are roles, and where in a name each must
stand. This module must never take a name that is no role for one, nor say whether somebody holds
the role: that is the list of accounts.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from ombud.signals import directions, drawn_letters, lookalike, views
from ombud.signals.given_names import everyday
from ombud.signals.lookalike import Forms

MISSPELT_MIN = 7  # letters of a role of which one may be misspelt inside; fewer make other words
WORDS_MAX = 64  # of one name that are looked at

_NAME_MAX = 500


class Place(Enum):
    """Where a role must stand in what no sign divides, to say what its bearer is.

    Alone it always does. Otherwise an everyday word says so where the language has the head of a
    phrase ("Ombud Support", no "Support Group"; "Hỗ trợ Shopee"), and at the other end beside
    nothing but a common name ("Mod Anna", "Minh Hỗ Trợ"). What is a family name too says so behind
    no common name ("Ombud Staff", no "Tom Staff"; "Quản trị Minh", no "Nguyễn Quản Trị").
    """

    ANYWHERE = "anywhere"
    LAST = "last"
    FAMILY = "last, and a family name"
    FIRST = "first"


_ANYWHERE = """
admin,admins,administrator,administrators,administration,moderator,moderators,sysop,webmaster,
helpdesk,help desk,admin group,admin team,mod team,server owner,group owner,community manager,
customer service,customer support,customer care,technical support,tech support,official support,
support staff,security team,trust and safety,
quản trị viên,ban quản trị,bqt,bqt diễn đàn,qtv,qtv diễn đàn,ad nhóm,điều hành viên,
ban điều hành,kiểm duyệt viên,người kiểm duyệt,ban kiểm duyệt,hỗ trợ viên,nhân viên hỗ trợ,
hỗ trợ kỹ thuật,hỗ trợ khách hàng,hỗ trợ trực tuyến,chăm sóc khách hàng,cskh,trưởng nhóm
"""
_LAST = "mod,mods,support,team,owner,owners"
_FAMILY = "staff"
_FIRST = "hỗ trợ,quản lý,điều hành,kiểm duyệt,quản trị"
# What stands right before a role that is somebody else's: "fan of the mods", "not an admin".
_OTHERS = ("fan of", "fans of", "not", "no", "không phải", "không phải là")
_ARTICLES = ("", " a", " an", " the")
# Words that stand beside a role and say nothing of their own.
_RANKS = frozenset(
    (
        *("the", "a", "an", "your", "our", "official", "real", "true", "verified", "team", "main"),
        *("head", "chief", "lead", "senior", "junior", "trial", "chính", "thức", "trưởng"),
    )
)
# Signs that pass for a letter between two others.
_SIGNS = str.maketrans({"!": "i", "¡": "i", "|": "i", "+": "t", "€": "e", "£": "l", "¢": "c"})
_SIGN_INSIDE = re.compile(r"(?<=[^\W_])[!¡|+€£¢](?=[^\W_])")
_OWNED = re.compile("[\u2120\u2122\u00ae\u00a9]")  # TM and its like, which would become letters
_NUMBER = re.compile(r"(?<=[^\W\d_])\d+(?![^\W_])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_FRAME = re.compile(r"(?<![^\W_])[xX]{2,3}([^\W\d_]{3,40}?)[xX]{2,3}(?![^\W_])")
_SPELLED = re.compile(r"(?<![^\W_])[^\W_](?:[ ._\-][^\W_]){2,20}(?![^\W_])")


class Phrase(NamedTuple):
    """A role, as the words of a skeleton."""

    name: str
    place: Place
    words: tuple[str, ...]
    bare: tuple[str, ...]  # without diacritics
    marked: bool  # whether it needs its diacritics: without them it is a person's name


def _phrases() -> Iterator[Phrase]:
    tables = (_ANYWHERE, _LAST, _FAMILY, _FIRST)
    for place, names in zip(Place, tables, strict=True):
        for name in names.replace("\n", "").split(","):
            words = views.words(views.skeleton(name))
            bare = views.fold(name)
            marked = bare != name and len(words) < 3 and bool(everyday(bare))
            yield Phrase(name, place, words, tuple(map(views.fold, words)), marked)


@functools.cache
def phrases() -> Mapping[str, Phrase]:
    """All roles, by their name in one case."""
    return {each.name: each for each in _phrases()}


@functools.cache
def _starts() -> Mapping[str, tuple[Phrase, ...]]:
    """The roles by their first word without diacritics."""
    found: dict[str, tuple[Phrase, ...]] = {}
    for each in phrases().values():
        found[each.bare[0]] = (*found.get(each.bare[0], ()), each)
    return found


def role(term: str) -> Phrase | None:
    """The role that an entry of a list consists of, written with its diacritics or with none."""
    if len(term) > lookalike.LENGTH_MAX:
        return None
    name = " ".join(views.words(views.normalise(term.replace("&", " and ")).replace("_", " ")))
    found = phrases().get(name)
    return found or (_unmarked().get(name) if name.isascii() else None)


@functools.cache
def _unmarked() -> Mapping[str, Phrase]:
    return {views.fold(name): each for name, each in phrases().items() if not each.marked}


def likeness(seen: Forms, other: Phrase, entry: Forms) -> int:
    """How alike a name and an entry that is a role look, in permille: as names, without what is
    beside the name; `entry` are the forms of the role.

    1000 and AFFIXED, UNMARKED and REMARKED as `lookalike` has them. Of a role of MISSPELT_MIN
    letters or more one may be added, left out, changed or swapped inside: the first and last stay,
    since at the end another letter mostly makes another word.
    """
    own, best = entry.whole[0], 0
    for form in seen.every:
        found = 0
        if form in entry.whole:
            found = 1000
        elif views.fold(form) == views.fold(own):
            found = lookalike.remarked(form, own, views.fold(own))
            found = min(found, lookalike.COMMON) if other.marked else found
        elif (
            len(own) >= MISSPELT_MIN
            and abs(len(form) - len(own)) <= 1  # of some names nothing is left
            and form[0] == own[0]
            and form[-1] == own[-1]
            and lookalike.distance(form, own) == 1
        ):
            found = lookalike.similarity(form, own)
        best = max(best, found if form in seen.whole else found * lookalike.AFFIXED // 1000)
    return best


# --- worn beside a name ---------------------------------------------------------------------------


def worn(name: str) -> dict[str, int]:
    """The roles that stand in a name as whole words, and how alike each looks, in permille: 1000,
    or `lookalike.UNMARKED` without the diacritics it has.
    """
    found: dict[str, int] = {}
    for written in _readings(name[:_NAME_MAX]):
        text = views.skeleton(written).replace("&", " and ")
        for part in _apart().split(text)[:WORDS_MAX]:
            words = _unframed(views.words(part)[:WORDS_MAX])
            plain = tuple(each for each in words if each not in _ranks())
            for some in dict.fromkeys((words, plain)):
                _look(some, found)
    return found


def _readings(name: str) -> list[str]:
    """The ways in which a reader may take signs, digits, humps and frames."""
    name = _OWNED.sub("", name).replace("_", " ")
    written = [name, directions.shown(name)]
    if not name.isascii() and drawn_letters.INDICATOR.search(name) is not None:
        written.append(drawn_letters.INDICATOR.sub(_letter, name))
    found: list[str] = []
    for each in dict.fromkeys(written):
        found += [
            each,
            each.replace("1", "i"),
            _HUMP.sub(" ", each),
            _FRAME.sub(r"\1", each),
            _SPELLED.sub(_together, each),
            _SIGN_INSIDE.sub(lambda sign: sign.group().translate(_SIGNS), each),
        ]
    return list(dict.fromkeys([*found, *(_NUMBER.sub("", each) for each in found)]))


def _letter(indicator: re.Match[str]) -> str:
    return drawn_letters.letters()[indicator.group()]


def _together(spelled: re.Match[str]) -> str:
    return "".join(letter for letter in spelled.group() if letter not in " ._-")


@functools.cache
def _apart() -> re.Pattern[str]:
    """Signs that set a part of a name apart: brackets, bars, dashes between words, pictures."""
    return re.compile(rf"(?:[^\w\s'’&.\-{views.marks()}]|\s-|-\s)+")


@functools.cache
def _ranks() -> frozenset[str]:
    return frozenset(word for each in _RANKS for word in views.words(views.skeleton(each)))


def _unframed(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without the crosses people put around a name, and without numbers at its ends."""
    while words and words[-1].isdigit():
        words = words[:-1]
    while words and words[0].isdigit():
        words = words[1:]
    framed = len(words) > 2 and not words[0].strip("x") and not words[-1].strip("x")
    return words[1:-1] if framed else words


def _look(words: tuple[str, ...], found: dict[str, int]) -> None:
    """Add the roles of one part of a name."""
    for at, word in enumerate(words):
        for phrase in _starts().get(views.fold(word), ()):
            end = at + len(phrase.words)
            alike = _alike(words[at:end], phrase)
            if alike > found.get(phrase.name, 0) and _stands(words, at, end, phrase):
                found[phrase.name] = alike


def _alike(words: tuple[str, ...], phrase: Phrase) -> int:
    """How alike words and a role look: other diacritics make other words."""
    if words == phrase.words:
        return 1000
    bare = tuple(map(views.fold, words))
    if bare != phrase.bare or phrase.marked:
        return 0
    return lookalike.UNMARKED if bare == words or phrase.bare == phrase.words else 0


def _stands(words: tuple[str, ...], at: int, end: int, phrase: Phrase) -> bool:
    """Whether a role at these words says what its bearer is."""
    first, last = at == 0, end == len(words)
    if any(words[:at][-len(each) :] == each for each in _others()):
        return False
    if phrase.place is Place.ANYWHERE or (first and last):
        return True
    rest = " ".join(words[end:] if first else words[:at])
    person = bool(everyday(rest) or everyday(rest.replace("rn", "m")))
    if phrase.place is Place.FIRST:
        return first or (last and person and not phrase.marked)
    if phrase.place is Place.FAMILY:
        return (last or first) and person is first
    return last or (first and person)


@functools.cache
def _others() -> tuple[tuple[str, ...], ...]:
    said = (f"{each}{article}" for each in _OTHERS for article in _ARTICLES)
    return tuple(views.words(views.skeleton(each)) for each in said)
