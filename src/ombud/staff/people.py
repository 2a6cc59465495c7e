"""Names of the people who run the community, and the tokens that stand for them.

A name stands in the key file and nowhere else; the journal holds its token. Names that look alike
are one person here, who would else be their own second pair of eyes. This module must never let two
spellings of one name be two people.
"""

from __future__ import annotations

import unicodedata

from ombud.errors import BadUse, catalogue
from ombud.signals import views
from ombud.store.keyfile import KeyFile

catalogue(
    U085=(
        "{name} cannot be the name of a person here: {detail}.",
        "Give a name of 1 to {limit} characters that can be seen.",
    ),
)

STAFF = "\0staff"  # in the key file: the platform of people who run the community; no source has it
NAME_LENGTH_MAX = 100
ADMIN = "admin"  # who does what nobody put a name to


def person(keys: KeyFile, name: str) -> int:
    """The token of somebody who runs the community; who it stands for is in the key file alone."""
    return keys.account(STAFF, called(name))


def spelt(name: str) -> str:
    """A name as it is shown: composed, without edges. Raises BadUse U085 for what can be none."""
    kept = unicodedata.normalize("NFC", name).strip()
    detail = ""
    if not 0 < len(kept) <= NAME_LENGTH_MAX or len(kept.casefold()) > NAME_LENGTH_MAX:
        detail = f"it has {len(kept)} characters"
    elif not kept.isprintable():
        detail = "it holds a character that cannot be seen"
    if detail:
        raise BadUse("U085", "by", name=_shown(name), detail=detail, limit=NAME_LENGTH_MAX)
    return kept


def called(name: str) -> str:
    """A name as it is kept: one spelling, whatever the case. Raises BadUse U085."""
    return spelt(name).casefold()


def look(name: str) -> str:
    """What a reader sees of a name: two that look alike are one person here, who would else be
    their own second pair of eyes. Marks, spaces and signs tell nobody apart.
    """
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold())
    bare = views.normalise("".join(char for char in plain if not views.is_mark(char)))
    seen = "".join(char for char in views.skeleton(bare).casefold() if char.isalnum())
    return seen or called(name)


def unnamed(name: str) -> bool:
    """Whether a name is the one of whoever gives none, or looks like it. Raises BadUse U085."""
    return look(called(name)) == look(ADMIN)


def nobody(name: str) -> BadUse:
    """The error for who wants to be called as whoever gives no name."""
    detail = "it is said of whoever gives none"
    return BadUse("U085", "by", name=_shown(name), detail=detail, limit=NAME_LENGTH_MAX)


def name_of(keys: KeyFile, token: int) -> str | None:
    """The name a token stands for; None once erased."""
    who = keys.who(token)
    return None if who is None else who[1]


def heard_as(keys: KeyFile, chat: int | None) -> str | None:
    """The account by which somebody is heard in a moderators' room, of its token; None where there
    is none, empty once it is erased.
    """
    who = None if chat is None else keys.who(chat)
    return None if chat is None else "" if who is None else who[1]


def _shown(name: str) -> str:
    return repr(name)[: NAME_LENGTH_MAX + 2]
