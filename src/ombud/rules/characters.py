"""Which characters a class of a pattern takes: of one alphabet, of all, or no letters at all.

A class is tried on the characters of every alphabet that this Unicode knows and RE2 too. Digits
and full stops that only one way of writing has tell as much as its letters, and count as those.
This module must never judge a pattern as a whole.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

from ombud.rules.phrases import compiled
from ombud.signals import views

PLANES = 0x20000
SMALL = 4  # a class of as few letters stands for one letter of a word: [s5], [eé]
SEVERAL = 20  # as many may be one letter in all its marks: they neither count nor end a word
_EACH = 4  # characters of an alphabet that stand for it
_PLAIN = "0123456789 .,!?;:'\"()-@#$%&*+=_/\\|~^<>[]{}"
_IOTAS = "\u03b9\u1fbe"
# What ends or parts sentences in some alphabets only, beside its letters.
_OWN_SIGNS = "\u060c\u061b\u061f\u06d4\u0964\u0965\u3001\u3002\u00bf\u00a1\u0387\u055d\u0589\u1362"


@dataclass(frozen=True, slots=True)
class Class:
    """What a class takes. `sort`: "plain" (no letters), "any" (letters of all alphabets), "few"
    (at most SMALL letters), "some" (at most SEVERAL), "code" (a to z with digits, no space),
    "marks" (combining marks only), "alphabet" (anything else). `alphabets`: whose letters, by
    name; `example`: some of them. `digits`, `space`: whether it takes those too.
    """

    sort: str
    alphabets: frozenset[str] = frozenset()
    example: str = ""
    digits: bool = False
    space: bool = False


@functools.lru_cache(maxsize=4096)
def of_class(written: str) -> Class:
    """What a class takes, as it stands in a pattern that RE2 takes."""
    find = compiled(written).finditer
    plain = {each.group(0).decode() for each in find(_PLAIN.encode())}
    digits, space = bool(plain & set("0123456789")), " " in plain
    first = []
    for found in find(_letters_bytes()):
        first.append(found.group(0).decode(errors="replace"))
        if len(first) > SEVERAL:
            break
    standing = {each.group(0).decode(errors="replace") for each in find(_standing_bytes())}
    if not first and not (standing and not plain):
        return Class("plain", digits=digits, space=space)
    alphabets = frozenset(alphabet(each) for each in (standing or first))
    example = "".join((first or sorted(standing))[:3])
    sort = _sort(first, standing, digits=digits, space=space)
    return Class(sort, alphabets, example, digits, space)


def _sort(first: list[str], standing: set[str], *, digits: bool, space: bool) -> str:
    if set(_standing()) <= standing or all(each in standing for each in _alphas()):
        return "any"
    if first and all(_is_mark(each) for each in standing | set(first)):
        return "marks"
    if first and len(first) <= SMALL:
        return "few"
    if first and len(first) <= SEVERAL:
        return "some"
    if digits and not space and all(each.isascii() for each in standing | set(first)):
        return "code"
    return "alphabet"


def alphabet(letter: str) -> str:
    """The alphabet of a letter, as Unicode names it."""
    return unicodedata.name(letter, "").split(" ")[0]


def is_own_sign(character: str) -> bool:
    """Whether it is a digit or a full stop that only some ways of writing have."""
    return character in _OWN_SIGNS or (character.isdigit() and not character.isascii())


@functools.cache
def known() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The letters of each alphabet, a to z apart: those that a normalised text can have."""
    return tuple((name, tuple(each)) for name, each in _by_alphabet(128, r"^\pL$").items())


def _by_alphabet(start: int, pattern: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    takes = compiled(pattern).search  # a pattern can only ask for what RE2 knows
    for code in range(start, PLANES):
        character = chr(code)
        if unicodedata.category(character)[0] not in "LM":
            continue
        if views.normalise(character) == character and takes(character.encode()):
            found.setdefault(alphabet(character), []).append(character)
    return found


@functools.cache
def _all() -> dict[str, tuple[str, ...]]:
    """Letters and marks of each alphabet: a to z first, so that few are found soon."""
    latin = "abcdefghijklmnopqrstuvwxyz"
    letters = dict(known())
    marks = _by_alphabet(128, r"^\pM$")
    return {"a to z": tuple(latin)} | {
        name: (*letters.get(name, ()), *marks.get(name, ())) for name in {**letters, **marks}
    }


@functools.cache
def _letters_bytes() -> bytes:
    return "".join("".join(each) for each in _all().values()).encode()


@functools.cache
def _standing() -> str:
    """Some characters of each alphabet, its marks, and the digits and signs that only some have."""
    several = "".join("".join(each[:_EACH] + each[-1:]) for each in _all().values())
    own = "".join(
        chr(code) for code in range(128, PLANES) if is_own_sign(chr(code)) and _stays(chr(code))
    )
    return several + own


def _is_mark(character: str) -> bool:
    """Iota too, which RE2 takes for the small case of a mark."""
    return unicodedata.category(character)[0] == "M" or character in _IOTAS


def _stays(character: str) -> bool:
    return views.normalise(character) == character


@functools.cache
def _standing_bytes() -> bytes:
    return _standing().encode()


@functools.cache
def _alphas() -> tuple[str, ...]:
    return tuple(each for each in _standing() if unicodedata.category(each)[0] == "L")
