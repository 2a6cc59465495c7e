"""A transparency log as an outsider reads it: written from the specifications, by nobody of Ombud.

RFC 6962 (the tree and both proofs, in the recursive form in which section 2 defines them),
c2sp.org/signed-note, tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature. This module must
never import anything of `ombud`: it is what somebody else would write, and so it may disagree.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG_KEY, WITNESS_KEY = 1, 4  # signature types of c2sp.org/signed-note

Read = Callable[[str], bytes]


class Bad(Exception):
    """What was read does not hold."""


# --- RFC 6962, section 2 --------------------------------------------------------------------------


def sha(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def leaf(entry: bytes) -> bytes:
    """The hash of one entry."""
    return sha(b"\x00" + entry)


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha(b"\x01" + left + right)


def _half(count: int) -> int:
    """The largest power of two smaller than a count of two or more."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    k = _half(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def root_by_path(hashed: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which an audit path leads (PATH of 2.1.1, read backwards)."""
    if not 0 <= index < size:
        raise Bad("no such entry")
    if size == 1:
        if path:
            raise Bad("the path is too long")
        return hashed
    if not path:
        raise Bad("the path is too short")
    k = _half(size)
    if index < k:
        return node(root_by_path(hashed, index, k, path[:-1]), path[-1])
    return node(path[-1], root_by_path(hashed, index - k, size - k, path[:-1]))


def grown(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise unless the proof shows that a log of `new` entries begins with that of `old` (PROOF of
    2.1.2).
    """
    if old > new or (old in (0, new) and proof):
        raise Bad("there is nothing to prove")
    if old == 0:
        if old_root != sha(b""):
            raise Bad("an empty log has another root")
        return
    left = iter(proof)
    first, second = _subproof(old, new, left, old_root, whole=True)
    if next(left, None) is not None or (first, second) != (old_root, new_root):
        raise Bad("the proof does not hold")


def _subproof(
    old: int, new: int, left: Iterator[bytes], old_root: bytes, *, whole: bool
) -> tuple[bytes, bytes]:
    if old == new:
        given = old_root if whole else _next(left)
        return given, given
    k = _half(new)
    if old <= k:
        first, second = _subproof(old, k, left, old_root, whole=whole)
        return first, node(second, _next(left))
    first, second = _subproof(old - k, new - k, left, old_root, whole=False)
    beside = _next(left)
    return node(beside, first), node(beside, second)


def _next(left: Iterator[bytes]) -> bytes:
    given = next(left, None)
    if given is None:
        raise Bad("the proof is too short")
    return given


# --- signed notes, checkpoints, cosignatures ------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A public key as a vkey says it."""

    name: str
    kind: int
    public: bytes

    @property
    def hint(self) -> bytes:
        """The four bytes by which signature lines name it."""
        return sha(self.name.encode() + b"\n" + bytes([self.kind]) + self.public)[:4]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.hint.hex()}+{material}"


def key_of(vkey: str) -> Key:
    """Read a vkey."""
    name, hint, material = vkey.split("+", 2)
    decoded = base64.b64decode(material, validate=True)
    key = Key(name, decoded[0], decoded[1:])
    if key.hint.hex() != hint or len(key.public) != 32:
        raise Bad("a key with the id of another")
    return key


def own_key(name: str, kind: int, private: Ed25519PrivateKey) -> Key:
    """The public half of a private key."""
    return Key(name, kind, private.public_key().public_bytes_raw())


@dataclass(frozen=True)
class Head:
    """A checkpoint: its text, its parts, and the signature lines as (name, hint, signature)."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: tuple[tuple[str, bytes, bytes], ...]


def head_of(signed: bytes) -> Head:
    """Read a signed checkpoint; nothing of it is checked yet."""
    text, parted, rest = signed.decode().partition("\n\n")
    text += "\n"
    origin, size, hashed = text.split("\n")[:3]
    if not parted or not rest.endswith("\n") or size != str(int(size)):
        raise Bad("no signed checkpoint")
    return Head(
        text, origin, int(size), base64.b64decode(hashed, validate=True), tuple(_lines(rest))
    )


def _lines(text: str) -> Iterator[tuple[str, bytes, bytes]]:
    for line in text[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        decoded = base64.b64decode(encoded, validate=True)
        if dash != "\u2014":
            raise Bad("no signature line")
        yield name, decoded[:4], decoded[4:]


def require_signed(head: Head, key: Key) -> None:
    """Raise unless the log's own key signed the head, once."""
    found = [each for each in head.lines if each[:2] == (key.name, key.hint)]
    if len(found) != 1 or head.origin != key.name or key.kind != LOG_KEY:
        raise Bad("not signed by the log, or twice")
    _check(key, found[0][2], head.text.encode())


def cosigned(head: Head, keys: Sequence[Key]) -> dict[str, int]:
    """Who of the witnesses cosigned the head, and when. Raises for one that does not hold."""
    found: dict[str, int] = {}
    for name, hint, signature in head.lines:
        for key in keys:
            if (name, hint) == (key.name, key.hint) and key.kind == WITNESS_KEY:
                when = int.from_bytes(signature[:8], "big")
                message = f"cosignature/v1\ntime {when}\n{head.text}".encode()
                _check(key, signature[8:], message)
                found[name] = when
    return found


def _check(key: Key, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        raise Bad(f"a wrong signature of {key.name}") from None


def cosign(head: Head, key: Key, private: Ed25519PrivateKey, when: int) -> str:
    """A witness's signature line over a head."""
    message = f"cosignature/v1\ntime {when}\n{head.text}".encode()
    material = key.hint + when.to_bytes(8, "big") + private.sign(message)
    return f"\u2014 {key.name} {base64.b64encode(material).decode()}\n"


# --- tiles and proofs -----------------------------------------------------------------------------


def _number(index: int) -> str:
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([f"x{each}" for each in groups[:-1]] + groups[-1:])


def file_path(level: str, index: int, width: int) -> str:
    """The path of a tile, or with level "entries" of a bundle."""
    return f"tile/{level}/{_number(index)}" + (f".p/{width}" if width < 256 else "")


def entries_of(read: Read, size: int) -> list[bytes]:
    """All entries of a log of this size, from its bundles."""
    found: list[bytes] = []
    for index in range(-(-size // 256)):
        width = min(256, size - 256 * index)
        data, at = read(file_path("entries", index, width)), 0
        for _ in range(width):
            length = int.from_bytes(data[at : at + 2], "big")
            found.append(data[at + 2 : at + 2 + length])
            at += 2 + length
        if at != len(data):
            raise Bad("a bundle with more or less than its entries")
    return found


def require_tiles(read: Read, leaves: Sequence[bytes]) -> int:
    """Raise unless every tile of every level is what the leaves give; how many tiles there are."""
    level, hashes, seen = 0, list(leaves), 0
    while hashes:
        for index in range(-(-len(hashes) // 256)):
            part = hashes[256 * index : 256 * index + 256]
            if read(file_path(str(level), index, len(part))) != b"".join(part):
                raise Bad(f"tile {level}/{index} is not what the entries give")
            seen += 1
        full = len(hashes) // 256
        hashes = [root(hashes[256 * each : 256 * each + 256]) for each in range(full)]
        level += 1
    return seen


@dataclass(frozen=True)
class Proof:
    """A `.tlog-proof`."""

    index: int
    path: tuple[bytes, ...]
    extra: bytes
    checkpoint: bytes


def proof_of(data: bytes) -> Proof:
    """Read a `.tlog-proof`."""
    top, _, signed = data.partition(b"\n\n")
    lines = top.decode().split("\n")
    if lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Bad("no proof")
    extra = b""
    if lines[0].startswith("extra "):
        extra = base64.b64decode(lines.pop(0)[6:], validate=True)
    word, _, index = lines.pop(0).partition(" ")
    if word != "index":
        raise Bad("no index")
    path = tuple(base64.b64decode(line, validate=True) for line in lines)
    return Proof(int(index), path, extra, signed)
