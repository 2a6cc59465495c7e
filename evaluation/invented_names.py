"""Invented people, attacks on their names, and honest people whose names come near.

All is drawn from a generator with a seed. Nobody here exists: names are put together from common
given and family names, real words and made-up syllables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from ombud.signals import views
from ombud.simulate.english import ENGLISH
from ombud.simulate.vietnamese import VIETNAMESE

_FAMILY = (
    *("Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi"),
    *("Đỗ", "Hồ", "Ngô", "Dương", "Lý"),
)
_MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Thanh", "Đức", "Hữu", "Thu", "Quang", "Xuân")
_GIVEN = (
    *("An", "Anh", "Ánh", "Bình", "Châu", "Chi", "Cường", "Dũng", "Giang", "Hà", "Hạnh", "Hòa"),
    *("Hoa", "Huy", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai", "Minh", "Nam", "Nga", "Phúc"),
    *("Phương", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Tú", "Tuấn", "Vân", "Việt", "Yến"),
)
_FIRST = (
    *("Alice", "Ben", "Carla", "David", "Emily", "Frank", "Grace", "Henry", "Isabel", "James"),
    *("Kelly", "Liam", "Maria", "Nathan", "Olivia", "Peter", "Rachel", "Simon", "Tina", "William"),
)
_LAST = (
    *("Smith", "Johnson", "Brown", "Taylor", "Wilson", "Walker", "Hill", "Miller", "Morris"),
    *("Nelson", "Phillips", "Bailey", "Allen", "Collins", "Mitchell"),
)
_SYLLABLES = ("ka", "ro", "mi", "vel", "tur", "zen", "lo", "pix", "na", "dor", "fi", "qua", "sel")
_WORDS = tuple(word for word in ENGLISH.by_names if word.isalpha())
_VIETNAMESE_WORDS = VIETNAMESE.by_names
_MARKS = "\u0300\u0301\u0303\u0309\u0323"  # the tone marks of Vietnamese
_LOOKS = {
    "a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "o": "оο", "p": "рρ", "s": "ѕ", "x": "х",
    "y": "у", "v": "ν", "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "K": "КΚ",
    "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "Υ", "Z": "Ζ",
}  # fmt: skip
_HIDDEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
_BESIDE = (
    "{}_support", "{} admin", "admin {}", "{} official", "real {}", "The {}", "{} Support Team",
    "Hỗ trợ {}", "CSKH {}", "Quản trị {}", "{} chính thức", "{}Official",
)  # fmt: skip
_REMARKS = (
    "{} | will not DM first", "{} (do not reply)", "{} not banned", "{} - never asks for codes",
    "{} (không phải trả lời)", "{} | không nhắn tin trước", "{} [away]", "{} • verified",
    "{} ~ DM me",
)  # fmt: skip
_FRAMES = (0x1F130, 0x1F150, 0x1F170, 0x24B6, 0x1F1E6)  # the A of alphabets in circles and squares
_SAID = (
    "{} (parody)", "fan of {}", "not the real {}", "{} fanpage", "Hội fan {}",
    "{} (không phải chính chủ)",
    "{} parody account", "{} Fan Club", "fan {}", "Unofficial {}",
)  # fmt: skip


class Case(NamedTuple):
    """A name that somebody bears, of which type, beside the name it comes near to, if any."""

    type: str
    name: str
    near: str | None


def vietnamese(rng: Random) -> str:
    """A full name, as most people there bear one."""
    return f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE)} {rng.choice(_GIVEN)}"


def english(rng: Random) -> str:
    """A first and a last name."""
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def handle(rng: Random) -> str:
    """A name somebody made up for themselves: words, syllables, or a given name with words."""
    made = "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))
    return rng.choice(
        (
            f"{rng.choice(_WORDS)}{rng.choice(_WORDS)}".title(),
            f"{rng.choice(_WORDS)}_{made}",
            made,
            f"{made}{rng.randrange(100)}",
            f"{rng.choice(_GIVEN)} {rng.choice(_VIETNAMESE_WORDS)}",
            f"{rng.choice(_FIRST)} {rng.choice(_WORDS)}",
        )
    )


KINDS: Mapping[str, Callable[[Random], str]] = {
    "Vietnamese full names": vietnamese,
    "English full names": english,
    "names people made up": handle,
}


def people(rng: Random, count: int) -> list[str]:
    """Different names, a third of each kind."""
    found: dict[str, None] = {}
    makers = tuple(KINDS.values())
    while len(found) < count:
        found[makers[len(found) % len(makers)](rng)] = None
    return list(found)


# --- attacks --------------------------------------------------------------------------------------


def _looks(rng: Random, name: str) -> str:
    places = [at for at, letter in enumerate(name) if letter in _LOOKS]
    chosen = set(rng.sample(places, rng.randint(1, len(places)))) if places else set()
    return "".join(
        rng.choice(_LOOKS[letter]) if at in chosen else letter for at, letter in enumerate(name)
    )


def _strokes(rng: Random, name: str) -> str:
    """One of l, I and 1 for another."""
    places = [at for at, letter in enumerate(name) if letter in "lI1"]
    if not places:
        return name
    at = rng.choice(places)
    other = rng.choice([each for each in "lI1" if each != name[at]])
    return name[:at] + other + name[at + 1 :]


def _pairs(_: Random, name: str) -> str:
    return name.replace("m", "rn") if "m" in name else name.replace("rn", "m")


def _hidden(rng: Random, name: str) -> str:
    at = rng.randrange(1, len(name))
    return name[:at] + rng.choice(_HIDDEN) + name[at:]


def _unmarked(_: Random, name: str) -> str:
    bare = views.fold(views.normalise(name))
    return bare.title() if name != name.lower() else bare


def _remarked(rng: Random, name: str) -> str:
    """A tone mark on a vowel that has none, or one of a letter's marks taken off."""
    vowels = [at for at, letter in enumerate(name) if letter in "aeiouyAEIOUY"]
    if not vowels:
        return name
    at = rng.choice(vowels)
    return name[: at + 1] + rng.choice(_MARKS) + name[at + 1 :]


def _inserted(rng: Random, name: str) -> str:
    at = rng.randrange(1, len(name))
    letter = rng.choice((name[at - 1].lower(), rng.choice("aeinorst")))
    return name[:at] + letter + name[at:]


def _left_out(rng: Random, name: str) -> str:
    at = rng.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1 :]


def _swapped(rng: Random, name: str) -> str:
    places = [
        at
        for at in range(1, len(name) - 1)
        if name[at : at + 2].isalpha() and name[at] != name[at + 1]
    ]
    if not places:
        return name
    at = rng.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _framed(rng: Random, name: str) -> str:
    """Without diacritics, in an alphabet of letters in circles or squares, or of flags."""
    first = rng.choice(_FRAMES)
    bare = views.fold(views.normalise(name))
    return "".join(chr(first + ord(each) - 97) if "a" <= each <= "z" else each for each in bare)


ATTACKS: Mapping[str, Callable[[Random, str], str]] = {
    "the very name": lambda _, name: name,
    "look-alike letters": _looks,
    "l, I and 1": _strokes,
    "rn for m": _pairs,
    "hidden characters": _hidden,
    "trust words beside": lambda rng, name: rng.choice(_BESIDE).format(name),
    "numbers beside": lambda rng, name: (
        f"{name}{rng.choice(('', '_', ' '))}{rng.randrange(1, 999)}"
    ),
    "a remark behind": lambda rng, name: rng.choice(_REMARKS).format(name),
    "letters in circles and squares": _framed,
    "no diacritics": _unmarked,
    "another diacritic": _remarked,
    "a letter more": _inserted,
    "a letter less": _left_out,
    "two letters swapped": _swapped,
}


def attacks(rng: Random, names: list[str]) -> list[Case]:
    """Each attack on each name, where it changes it."""
    return [
        Case(type_, attack, name)
        for name in names
        for type_, make in ATTACKS.items()
        if (attack := make(rng, name)) != name or type_ == "the very name"
    ]


# --- honest people --------------------------------------------------------------------------------


def _other_given(rng: Random, name: str) -> str:
    """Another person of the same family and middle name."""
    return f"{name.rpartition(' ')[0]} {rng.choice(_GIVEN)}"


def honest(rng: Random, names: list[str], protected: frozenset[str]) -> list[Case]:
    """People who mean nobody, none of them called as a protected one is."""
    by_space = [n for n in names if n.split()[0] in _FAMILY and n.split()[-1] in _GIVEN]
    two = [n for n in names if n.split()[0] in _FIRST and n.split()[-1] in _LAST]
    team = rng.choice(("KVR", "River Crew", "Đội Sông"))
    found = [Case("strangers", each, None) for each in people(rng, len(names))]
    found += [Case("a given name alone", name.split()[-1], name) for name in by_space]
    found += [Case("a given name alone", name.split()[0], name) for name in two]
    found += [Case("same family, other given name", _other_given(rng, n), n) for n in by_space]
    found += [Case("same names, other diacritics", _remarked(rng, n), n) for n in by_space]
    found += [Case("same first name", f"{n.split()[0]} {rng.choice(_LAST)}", n) for n in two]
    found += [Case("fans and parodies", rng.choice(_SAID).format(name), name) for name in names]
    found += [
        Case("a remark behind one's own name", rng.choice(_REMARKS).format(each), None)
        for each in people(rng, len(names))
        if each not in protected
    ]
    found += [
        Case("a team's prefix", f"[{team}] {handle(rng)}", None) for _ in range(len(names) // 4)
    ]
    return [case for case in found if case.name not in protected]


def with_team(rng: Random, names: list[str]) -> list[str]:
    """The names, a few of them in teams whose prefix others bear too."""
    teams = ("KVR", "River Crew", "Đội Sông")
    return [*names, *(f"[{team}] {handle(rng)}" for team in teams for _ in range(3))]
