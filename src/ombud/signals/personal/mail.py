"""Mail addresses in text, also as `ana [at] mail [dot] example` and `ana at gmail dot com`.

Not counted: handles (`@ana@social.example`), addresses of a function that is there to be written to
(`support@`, `info@`, `cskh@`), the user in a repository's address (`git@`). Time is linear: at most
64 characters before the sign and 253 behind it are read. This module must never ask whether an
address is in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LOCAL_MAX, DOMAIN_MAX = 64, 253

_NAMES = """
abuse admin administrator booking bookings careers contact cskh customerservice donotreply feedback
hello help helpdesk hotline hr info jobs lienhe mail marketing media newsletter no-reply noreply
office orders postmaster press privacy sales security service services support team tuvan tuyendung
webmaster git example user name you yourname
"""
_FUNCTIONS = frozenset(_NAMES.split())
# What a disguised address has: a quick look.
_SIGNS = (
    *("(at)", "[at]", "{at}", " dot ", " at gm", " at goo", " at yah", " at hot", " at out"),
    *(" at icl", " at pro", " at aol", " at liv", " at zoh"),
)
_DEFANGED_AT = re.compile(r" ?[\[({](?:at|@)[\])}] ?")
_DEFANGED = re.compile(
    r"(?:[a-z0-9][a-z0-9\-]{0,62}(?:\.| ?[\[({](?:dot|\.)[\])}] ?| dot )){1,8}[a-z]{2,23}(?![^\W_])"
)
_SAID = re.compile(
    r"(?<![^\W_])([a-z0-9][a-z0-9._\-]{2,40}) at "
    r"(gmail|googlemail|yahoo|hotmail|outlook|icloud|proton|protonmail|gmx|aol|live|zoho)"
    r"(?: dot |\.)(com|net|vn|de|me|ch|co)(?![^\W_])"
)
_LOCAL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~\-]+$")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9\-]{1,22}")


def mails(low: str) -> Iterator[tuple[int, int]]:
    """Where private mail addresses stand in a plain text in lower case."""
    at = low.find("@")
    while at >= 0:
        span = _around(low, at)
        if span is not None:
            yield span
        at = low.find("@", at + 1)
    if any(sign in low for sign in _SIGNS):
        yield from _disguised(low)


def _around(low: str, at: int) -> tuple[int, int] | None:
    """The address around an @."""
    local = _LOCAL.search(low[max(0, at - LOCAL_MAX - 1) : at])
    if local is None:
        return None
    name = local.group().lstrip("./'*+=-_")
    start = at - len(name)
    domain = _DOMAIN.match(low, at + 1, at + 1 + DOMAIN_MAX)
    if not name or len(name) > LOCAL_MAX or "//" in name or domain is None:
        return None
    before = low[start - 1 : start] if start else ""
    if before == "@" or (before and before.isalnum()) or _in_address(low, start):
        return None
    if low[domain.end() : domain.end() + 1] == "@" or _function(name):
        return None
    return start, domain.end()


def _in_address(low: str, start: int) -> bool:
    """Whether it is the user of a web address: `https://ana:secret@host`."""
    return "://" in low[max(0, start - LOCAL_MAX) : start].rpartition(" ")[2]


def _function(name: str) -> bool:
    return name in _FUNCTIONS or name.partition("+")[0] in _FUNCTIONS


def _disguised(low: str) -> Iterator[tuple[int, int]]:
    """Addresses with words for their signs."""
    for said in _SAID.finditer(low):
        if not _function(said.group(1)):
            yield said.span()
    for sign in _DEFANGED_AT.finditer(low):
        if "@" in sign.group():
            continue
        local = _LOCAL.search(low[max(0, sign.start() - LOCAL_MAX) : sign.start()])
        domain = _DEFANGED.match(low, sign.end(), sign.end() + DOMAIN_MAX)
        if local is not None and domain is not None and not _function(local.group()):
            yield sign.start() - len(local.group()), domain.end()
