"""Passwords that many people have, which are tried first (NIST SP 800-63B-4, 3.1.1.2).

The list is Django's: the 20,000 most frequent of those that have leaked, made by Royce Williams. A
password of ours has twelve characters or more, so most of the list is no password here by itself;
what people make of it is: one of it, or two in a row, or one again and again, with figures and
signs around, and with signs for letters; and so is counting up. That list hardly knows Vietnamese:
a second one has words and phrases of it, composed for this program; each counts as it is written,
without marks, and as Telex and VNI have it typed. This module must never tell which of the lists a
password is.
"""

from __future__ import annotations

import gzip
import importlib.resources
import itertools
import unicodedata
from collections.abc import Iterator
from functools import cache
from hashlib import sha256

# Of tables/common-passwords.txt.gz.
DIGEST = "3c1baed62596de36860824eb3f436d5932d37ca8b06e59df78f5a44ec175afe4"
PART_MIN = 4  # characters of what counts as one of the list inside a password
VIETNAMESE = "common-passwords-vi.txt"
# How a letter's mark is typed: by a letter (Telex) or a figure (VNI); and a syllable's tone.
_MARKS = {"\u0302": ("", "6"), "\u031b": ("w", "7"), "\u0306": ("w", "8")}
_TONES = {"\u0301": "s1", "\u0300": "f2", "\u0309": "r3", "\u0303": "x4", "\u0323": "j5"}
_SIGNS = str.maketrans("@4310$57!", "aaeiossti")  # what people write for letters


@cache
def _listed() -> frozenset[str]:
    """The passwords of the list, in small letters."""
    source = importlib.resources.files("ombud.staff").joinpath("tables/common-passwords.txt.gz")
    content = source.read_bytes()
    if sha256(content).hexdigest() != DIGEST:
        raise ValueError(
            "tables/common-passwords.txt.gz is not the list this program was made with"
        )
    found = gzip.decompress(content).decode().split("\n")
    return frozenset(each for each in found if len(each) >= PART_MIN)


@cache
def _of_both() -> frozenset[str]:
    """All of both lists, as it is typed."""
    return _listed() | {each for each in _vietnamese() if len(each) >= PART_MIN}


def _vietnamese() -> Iterator[str]:
    """The phrases of the second list in every way that they are typed, without spaces."""
    source = importlib.resources.files("ombud.staff").joinpath(f"tables/{VIETNAMESE}")
    for line in source.read_text(encoding="utf-8").splitlines():
        phrase = line.partition("#")[0].strip().casefold()
        if phrase:
            yield from typed(phrase)


def typed(phrase: str) -> set[str]:
    """A phrase as it is written, without marks, and by Telex and VNI, where the tone is typed
    behind the vowels or at the syllable's end; all without spaces.
    """
    syllables = unicodedata.normalize("NFC", phrase).split()
    ways = [
        "".join(_plain(each) for each in syllables),
        "".join(syllables),
        *(
            "".join(_keyed(each, vni=vni, last=last) for each in syllables)
            for vni in (False, True)
            for last in (False, True)
        ),
    ]
    return set(ways)


def _plain(text: str) -> str:
    """A text without the marks of Vietnamese."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(each for each in bare if not unicodedata.combining(each))


def _keyed(syllable: str, *, vni: bool, last: bool) -> str:
    """The keys that write a syllable: its tone behind its vowels, or with `last` at its end."""
    units: list[str] = []
    tone = ""
    for each in unicodedata.normalize("NFD", syllable):
        if each in _TONES:
            tone = _TONES[each][int(vni)]
        elif each in _MARKS:
            units[-1] += _MARKS[each][int(vni)] or units[-1]
        else:
            units.append(("d9" if vni else "dd") if each == "đ" else each)
    vowels = [at for at, unit in enumerate(units) if unit[0] in "aeiouy"]
    at = len(units) if last or not vowels else vowels[-1] + 1
    return "".join((*units[:at], tone, *units[at:]))


def known(password: str) -> bool:
    """Whether many people have this password, or one that is made of one that they have."""
    small = unicodedata.normalize("NFC", password).casefold()
    closed = small.replace(" ", "")
    return _counts_up(small) or any(
        form in _of_both() or _made_of(form)
        for each in (small, _bare(small), *_unmarked(closed))
        for form in (each, each.translate(_SIGNS))
    )


def _unmarked(password: str) -> tuple[str, ...]:
    """A password with marks of Vietnamese as it is, and without them; others are as they are."""
    plain = _plain(password)
    return () if plain == password else (_bare(password), _bare(plain))


def _bare(password: str) -> str:
    """A password without the figures and signs at its ends."""
    seen = [place for place, char in enumerate(password) if char.isalpha()]
    return password[seen[0] : seen[-1] + 1] if seen else password


def _made_of(password: str) -> bool:
    """Whether it is one of the list again and again, or two of the list in a row."""
    size = len(password)
    repeated = any(
        size % part == 0 and password == password[:part] * (size // part)
        for part in range(PART_MIN, size // 2 + 1)
        if password[:part] in _of_both()
    )
    return repeated or any(
        password[:part] in _of_both() and password[part:] in _of_both()
        for part in range(PART_MIN, size - PART_MIN + 1)
    )


def _counts_up(password: str) -> bool:
    """Whether each character follows the one before, up or down: "abcdef", "987654", "8901"."""
    up = list(itertools.pairwise(password))
    down = [(after, one) for one, after in up]
    return bool(up) and any(all(map(_follows, found)) for found in (up, down))


def _follows(pair: tuple[str, str]) -> bool:
    one, after = pair
    return ord(after) == ord(one) + 1 or pair == ("9", "0")
