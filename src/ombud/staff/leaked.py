"""Passwords that many people have, which are tried first (NIST SP 800-63B-4, 3.1.1.2).

The list is Django's: the 20,000 most frequent of those that have leaked, made by Royce Williams. A
password of ours has twelve characters or more, so most of the list is no password here by itself;
what people make of it is: one of it, or two in a row, or one again and again, with figures and
signs around, and with signs for letters; and so is counting up. This module must never tell which
of the list a password is.
"""

from __future__ import annotations

import gzip
import importlib.resources
import itertools
from functools import cache
from hashlib import sha256

# Of tables/common-passwords.txt.gz.
DIGEST = "3c1baed62596de36860824eb3f436d5932d37ca8b06e59df78f5a44ec175afe4"
PART_MIN = 4  # characters of what counts as one of the list inside a password
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


def known(password: str) -> bool:
    """Whether many people have this password, or one that is made of one that they have."""
    small = password.casefold()
    return _counts_up(small) or any(
        form in _listed() or _made_of(form)
        for each in (small, _bare(small))
        for form in (each, each.translate(_SIGNS))
    )


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
        if password[:part] in _listed()
    )
    return repeated or any(
        password[:part] in _listed() and password[part:] in _listed()
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
