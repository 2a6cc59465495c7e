"""The list of one person's statement pages, behind a link that opens it for an hour.

Whoever has shown that an account is theirs gets the link: by asking from that account, or from the
platform that they have logged in to. Nothing is kept of it: the link itself says, sealed under the
community's key, whose list it is and until when. This module must never say of an account whether
anything is known of it, but to whoever has its link, and must never put its name into one.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from ombud import clauses, clock, ids
from ombud.clauses import Clauses
from ombud.clock import HOUR
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Row, Store

LASTS = 1 * HOUR  # how long a link opens the list
ITEMS_A_PART = 50
NOBODY = 0  # whose list it is where nothing is known of an account
_NONCE_BYTES, _NUMBER_BYTES = 12, 8
_ABOUT = b"statement list"


class Listed(Struct, frozen=True):
    """One page of the list: its link, its clause with its titles by language, when it was opened,
    of how many decisions it tells, and how many of them are in force.
    """

    link: str
    clause: str
    titles: Mapping[str, str]
    opened: str
    count: int
    in_force: int


class StatementList(Struct, frozen=True, kw_only=True):
    """One part (from 1, of `parts`) of somebody's pages, the newest first; `count` in all parts.
    `until`: when the link ends.
    """

    items: tuple[Listed, ...]
    count: int
    part: int
    parts: int
    until: str


class _Named(NamedTuple):
    """What a link says: the account's token, and its end."""

    account: int
    until: int


def seal(key: bytes, account: int, until: int) -> str:
    """A link's token for the list of an account (token), until an instant."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = account.to_bytes(_NUMBER_BYTES, "big") + until.to_bytes(_NUMBER_BYTES, "big")
    sealed = nonce + _cipher(key).encrypt(nonce, plain, _ABOUT)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(key: bytes, token: str) -> _Named | None:
    """What a link's token says; None where it is none of ours."""
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        plain = _cipher(key).decrypt(nonce, rest, _ABOUT)
    except (UnicodeEncodeError, binascii.Error, InvalidTag, ValueError):
        return None
    numbers = (plain[:_NUMBER_BYTES], plain[_NUMBER_BYTES:])
    return _Named(*(int.from_bytes(each, "big") for each in numbers))


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(b"".join(ids.keyed_digest(key, f"list link {half}", _ABOUT) for half in (1, 2)))


class StatementLists:
    """The lists of one community, read beside its writer. `link` tells the address of a page."""

    def __init__(self, store: Store, keys: KeyFile, link: Callable[[str], str]) -> None:
        self._store = store
        self._keys = keys
        self._link = link
        self._clauses = Clauses(store)

    def token(self, platform: str, account: str, now: int) -> str:
        """The token of a link for an account, whether anything is known of it or not."""
        known = self._keys.known_account(platform, account) or NOBODY
        return seal(self._keys.community, known, now + LASTS)

    def lang(self, platform: str, account: str) -> str | None:
        """The language in which somebody was told last; None where they never were."""
        rows = self._rows(self._keys.known_account(platform, account) or NOBODY)
        page = self._store.one("statement", (rows[0][0],)) if rows else None
        return None if page is None else str(page[4])

    def of_token(self, token: str, now: int, part: int = 1) -> StatementList | None:
        """What a link opens at the instant `now`; None where it is none, or has ended."""
        named = unseal(self._keys.community, token)
        if named is None or not named.until - LASTS <= now < named.until:
            return None
        known = named.account != NOBODY and self._keys.who(named.account) is not None
        rows = self._rows(named.account) if known else []
        parts = max(1, -(-len(rows) // ITEMS_A_PART))
        part = min(max(part, 1), parts)
        shown = rows[(part - 1) * ITEMS_A_PART : part * ITEMS_A_PART]
        return StatementList(
            items=tuple(self._listed(row, now) for row in shown),
            count=len(rows),
            part=part,
            parts=parts,
            until=clock.rfc3339(named.until),
        )

    def _rows(self, account: int) -> list[Row]:
        return self._store.all("statements_of_author", (account,)) if account != NOBODY else []

    def _listed(self, row: Row, now: int) -> Listed:
        standing = self._store.all("standing_of_statement", {"statement": row[0], "now": now})
        clause = self._clauses.at(max((each[4] for each in standing), default=0)).get(row[1])
        return Listed(
            link=self._link(row[0]),
            clause=row[1],
            titles=clauses.titles(clause),
            opened=clock.rfc3339(row[2]),
            count=sum(each[1] for each in standing),
            in_force=sum(each[2] for each in standing),
        )
