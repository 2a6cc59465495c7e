"""Invented people who wear a word for a role as if they were staff, and honest people whose names
hold such words or come near them.

The ways to wear a role are written down by whoever wrote the signals, and so are the other words
for roles, of which the shipped list has none: what the signals do not know is in the table too.
Nobody here exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from evaluation.invented_names import Case, people
from ombud.simulate.english import ENGLISH

_ROLES = ("Admin", "Moderator", "Mod", "Support", "Quản trị viên", "Kiểm duyệt viên", "Hỗ trợ viên")
_ENGLISH = _ROLES[:4]
_TAGS = ("[{0}] {1}", "{1} [{0}]", "{1} ({0})", "{1} - {0}", "{1} | {0}", "{0} • {1}", "{{{0}}}{1}")
_FRAMES = ("xX_{0}_Xx", "xX{0}Xx", "★ {0} ★ {1}", "~{0}~", "-={0}=- {1}", "__{0}__")
_GROUPS = ("Server", "Discord", "Forum", "Community", "Riverbend", "Group", "Chat")
_FANS = (
    "{0} | fan mail",
    "{0} fan",
    "{0} (parody filter)",
    "{1} | {0} | unofficial",
    "{0} fanpage",
)
_SIGNS = {"a": "@4", "e": "3", "i": "!1", "o": "0", "s": "$5"}
_OTHERS = (
    *("Community Guardian", "Sheriff", "Head of Safety", "Supervisor", "Helper Team", "Superuser"),
    *("Giám sát viên", "Trực page", "Trưởng phòng", "Ban kỹ thuật", "Người giữ phòng", "Boss"),
)
_EVERYDAY = (
    *(
        "Support Group",
        "Emotional Support",
        "Peer Support",
        "Support Mom",
        "Team Rocket",
        "Mod Podge",
    ),
    *("Skyrim Mods", "Staff Sergeant", "Dream Team", "Dog Owner", "Linux Admin", "Mod Squad"),
    *("Database Administrator", "Hội hỗ trợ nhau", "Cần hỗ trợ", "Học quản lý", "Support Local"),
)
_NEAR = (
    *("Custom Er", "Moderato", "Moderata", "Admina", "Adminton Fan", "Modesty", "Amodeo", "Modern"),
    *("Sport Moderna", "Supporter", "Staffan", "Stafford", "Tom Staff", "Administer", "Modest"),
    *("Quân Lý", "Quan Ly", "Quân Trí", "Quan Tri", "Diệu Hạnh", "Dieu Hanh", "Hồ Trọng", "Ho Tri"),
)
_NONE = ("fan of the mods", "not an admin", "no moderator", "fans of the admins", "not a mod")


def _signs(rng: Random, name: str) -> str:
    """One letter or more as signs, if the word has such."""
    places = [at for at, letter in enumerate(name.lower()) if letter in _SIGNS]
    chosen = set(rng.sample(places, rng.randint(1, len(places)))) if places else set()
    return "".join(
        rng.choice(_SIGNS[each.lower()]) if at in chosen else each for at, each in enumerate(name)
    )


def _misspelt(rng: Random, name: str) -> str:
    """One letter doubled, left out, or swapped with its neighbour."""
    at = rng.randrange(1, len(name) - 1)
    return rng.choice(
        (
            name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


# A way to wear a role beside one's own name.
ATTACKS: Mapping[str, Callable[[Random, str], str]] = {
    "role tag beside one's own name": lambda rng, own: rng.choice(_TAGS).format(
        rng.choice(_ROLES), own
    ),
    "role behind the name of a group": lambda rng, _: (
        f"{rng.choice(_GROUPS)} {rng.choice(_ENGLISH)}"
    ),
    "role as a word before one's own name": lambda rng, own: f"{rng.choice(_ROLES)} {own}",
    "role as a word behind one's own name": lambda rng, own: f"{own} {rng.choice(_ROLES)}",
    "role written together with one's own name": lambda rng, own: (
        f"{own.replace(' ', '')}{rng.choice(_ENGLISH)}"
    ),
    "role in a frame": lambda rng, own: rng.choice(_FRAMES).format(rng.choice(_ROLES), own),
    "role with signs for letters": lambda rng, own: rng.choice(("{0}", "[{0}] {1}")).format(
        _signs(rng, rng.choice(_ENGLISH)), own
    ),
    "role turned round by an override": lambda rng, own: (
        f"{own} \u202e{rng.choice(_ENGLISH)[::-1]}\u202c"
    ),
    "role with a fan or a parody": lambda rng, own: rng.choice(_FANS).format(
        rng.choice(_ROLES), own
    ),
    "role misspelt": lambda rng, _: _misspelt(rng, rng.choice(_ROLES)),
    "another word for a role": lambda rng, own: rng.choice(_TAGS).format(rng.choice(_OTHERS), own),
}


def attacks(rng: Random, count: int) -> list[Case]:
    """Each attack by each of some invented people."""
    return [
        Case(type_, make(rng, own), None)
        for own in people(rng, count)
        for type_, make in ATTACKS.items()
    ]


def honest(rng: Random, count: int) -> list[Case]:
    """People who play nobody: strangers, and names that hold such a word or come near one."""
    words = [each for each in ENGLISH.by_names if each.isalpha()]
    found = [Case("strangers", each, None) for each in people(rng, count)]
    found += [Case("everyday use of the word", each, None) for each in _EVERYDAY]
    found += [Case("another word or a given name", each, None) for each in _NEAR]
    found += [Case("somebody else's role", each, None) for each in _NONE]
    found += [
        Case(
            "a tag that is no role", rng.choice(_TAGS).format(rng.choice(words).title(), own), None
        )
        for own in people(rng, count)
    ]
    return found
