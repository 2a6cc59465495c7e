"""Names for things: random ids that say nothing, and keyed tokens that stand for something.

A token is a keyed hash: without the community's key nobody can tell what it stands for, nor try
guesses. The keys are arguments; this module must never read one from anywhere, and must never log
one.
"""

from __future__ import annotations

import functools
import hashlib
import secrets

TOKEN_BITS = 63  # tokens are stored as SQLite integers and never negative


def new_id(prefix: str) -> str:
    """A random id of 128 bits, for example `dec_5Zq...`. Unguessable, without order or meaning."""
    return f"{prefix}_{secrets.token_urlsafe(16)}"


def token(key: bytes, room: str, value: str) -> int:
    """The token of `value` in the name space `room`: 63 bits of BLAKE2b under `key` (32 bytes)."""
    digest = hashlib.blake2b(
        value.encode("utf-8", "surrogatepass"), digest_size=8, key=key, person=_person(room)
    ).digest()
    return int.from_bytes(digest, "big") >> (64 - TOKEN_BITS)


def keyed_digest(key: bytes, room: str, content: bytes) -> bytes:
    """16 bytes of BLAKE2b over `content` under `key` (32 bytes), separated by name space."""
    return hashlib.blake2b(content, digest_size=16, key=key, person=_person(room)).digest()


@functools.cache
def _person(room: str) -> bytes:
    """BLAKE2b's personalisation: at most 16 bytes, which keeps name spaces apart."""
    person = room.encode()
    if len(person) > hashlib.blake2b.PERSON_SIZE:
        raise ValueError(f"name space {room!r} is longer than 16 bytes")
    return person


def encodable(text: str) -> str:
    """A text as UTF-8, and so the store, can hold it: a half of a character is a question mark."""
    return text.encode("utf-8", "replace").decode()


def mix(tokens: tuple[int, ...]) -> int:
    """One token for a tuple of tokens; the order counts."""
    packed = b"".join(part.to_bytes(8, "big") for part in tokens)
    digest = hashlib.blake2b(packed, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - TOKEN_BITS)
