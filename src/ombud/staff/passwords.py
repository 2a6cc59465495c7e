"""Passwords: hashed by Argon2id with the parameters of RFC 9106 (second choice), few at a time.

One check takes 64 MiB and some tens of milliseconds on purpose, so no more than RUNNING_MAX run at
once, WAITING_MAX wait, and whoever comes then is told to come again. Where nobody is called as was
typed, a hash of nobody is checked all the same: by its time the answer says nothing about who is
there. This module must never keep, log or return a password.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import argon2

from ombud import ids
from ombud.staff import leaked, people

LENGTH_MIN = 12  # characters
LENGTH_MAX = 256
WORD_MIN = 3  # characters of a word in a name that counts by itself
DIFFERENT_MIN = 5  # different characters: "aaaaaaaaaaaa" is none
RUNNING_MAX = 2
WAITING_MAX = 16

_hasher = argon2.PasswordHasher()  # the package's defaults are those of RFC 9106, low memory


class Busy(Exception):
    """Too many passwords are being checked just now."""


class Unfit(Exception):
    """A password cannot be taken: `kind` is "short", "too long", "simple", "name", "community" or
    "common".
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def fit(password: str, name: str, community: str = "") -> str:
    """A new password as it is hashed; whose it is, and of which community. Raises Unfit."""
    kept = _composed(password)
    if len(kept) < LENGTH_MIN:
        raise Unfit("short")
    if len(kept) > LENGTH_MAX:
        raise Unfit("too long")
    if len(set(kept.casefold())) < DIFFERENT_MIN:
        raise Unfit("simple")
    if _is_made_of(kept, (name,)):
        raise Unfit("name")
    if community and _is_made_of(kept, (name, community)):
        raise Unfit("community")
    if leaked.known(kept):
        raise Unfit("common")
    return kept


def _is_made_of(password: str, names: tuple[str, ...]) -> bool:
    """Whether a password is made of names and of words in them, with signs or figures around."""
    whole = people.look(password)
    words = {people.look(name) for name in names}
    words |= {people.look(word) for name in names for word in name.split() if len(word) >= WORD_MIN}
    rest = whole
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "") if word else rest
    return rest != whole and not rest.strip("0123456789olOL")


def _composed(password: str) -> str:
    """The same password however it was typed in (Unicode's composed form, RFC 8265), cut where no
    password can be that long; what no encoding can hold is something else.
    """
    short = ids.encodable(password[: 2 * LENGTH_MAX])
    return unicodedata.normalize("NFC", short)


class Passwords:
    """Hashes and checks passwords, a few at a time. For any number of threads."""

    def __init__(self, running: int = RUNNING_MAX, waiting: int = WAITING_MAX) -> None:
        self._slots = threading.BoundedSemaphore(running)
        self._places = threading.BoundedSemaphore(running + waiting)
        self._nobodys = _hasher.hash("nobody's password")

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            with self._slots:
                yield
        finally:
            self._places.release()

    def hash(self, password: str) -> str:
        """A password's hash, with its salt and parameters. Raises Busy."""
        with self._slot():
            return _hasher.hash(_composed(password))

    def check(self, kept: str | None, password: str) -> bool:
        """Whether a password is the one of a hash; with none, a hash of nobody is checked, and the
        answer is no. Raises Busy.
        """
        typed = _composed(password)
        if len(typed) > LENGTH_MAX:
            kept = None
        with self._slot():
            try:
                _hasher.verify(kept or self._nobodys, typed[:LENGTH_MAX])
            except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
                return False
        return kept is not None

    @staticmethod
    def outdated(kept: str) -> bool:
        """Whether a hash was made under other parameters than today's."""
        return _hasher.check_needs_rehash(kept)
