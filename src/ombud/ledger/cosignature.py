"""Cosignatures (c2sp.org/tlog-cosignature, version 1): who outside has seen a checkpoint, and when.

A witness signs that the log it saw only ever grew. Its key has a type of its own, so that no
signature of a log passes for one of a witness. This module must never count a line that it has not
checked, nor let one key count twice.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ombud.errors import BadLedger, catalogue
from ombud.ledger import note

COSIGNATURE = b"\x04"  # the signature type of a witness's Ed25519 key
SIGNATURE_BYTES = 8 + 64  # when, and the signature
TIME_MAX = (1 << 63) - 1

_KEY_ID = re.compile(r"[0-9a-f]{8}")

catalogue(
    L022=("The cosignature of {name} is wrong.", "Its witness signed another checkpoint, or none."),
    L023=("{name} cosigns twice.", "One of the lines would do. Ask the witness anew."),
)


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness's public key under its name."""

    name: str
    public: bytes  # 32 bytes, RFC 8032

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name, newline, type, key)."""
        return sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    def encode(self) -> str:
        """As one line: `name+hex id+base64`."""
        material = base64.b64encode(COSIGNATURE + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True)
class Cosignature:
    """One checked line: whose key, when by its own clock (seconds since 1970), and the line."""

    key: WitnessKey
    time: int
    line: str


def parse_key(text: str) -> WitnessKey:
    """Read a witness's key. Raises `BadLedger` L010 unless it is one with its own id."""
    parts = text.split("+", 2) if len(text) <= note.MAX_NAME + 100 else []
    if len(parts) != 3 or not note.is_key_name(parts[0]):
        raise BadLedger("L010", detail="it does not have a name and two more parts")
    name, key_id, material = parts
    key = note.decode_base64(material)
    if key is None or len(key) != 33 or key[:1] != COSIGNATURE:
        raise BadLedger("L010", detail="it is not an Ed25519 key of a witness (type 4)")
    parsed = WitnessKey(name, key[1:])
    if not _KEY_ID.fullmatch(key_id) or parsed.key_id.hex() != key_id:
        raise BadLedger("L010", detail="its id does not belong to it")
    return parsed


def message(text: str, time: int) -> bytes:
    """What a witness signs: a heading, when, and the text of the checkpoint."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def found(text: str, lines: Iterable[str], known: Sequence[WitnessKey]) -> tuple[Cosignature, ...]:
    """The cosignatures of known witnesses among signature lines of a checkpoint's text.

    Lines of others are ignored. Raises `BadLedger` L011 for a line that has no form, L022 where a
    known witness's does not hold, and L023 where one cosigns twice: nobody counts double.
    """
    by_id = {(key.name, key.key_id): key for key in known}
    kept: dict[WitnessKey, Cosignature] = {}
    for number, line in enumerate(lines, 1):
        name, key_id, signature = note.parse_line(line, number)
        key = by_id.get((name, key_id))
        if key is None:
            continue
        if key in kept:
            raise BadLedger("L023", name=key.name)
        kept[key] = Cosignature(key, _checked(key, text, signature), line)
    return tuple(kept.values())


def _checked(key: WitnessKey, text: str, signature: bytes) -> int:
    """When a witness signed. Raises `BadLedger` L022 unless it did."""
    time = int.from_bytes(signature[:8], "big")
    if len(signature) != SIGNATURE_BYTES or time > TIME_MAX:
        raise BadLedger("L022", name=key.name)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature[8:], message(text, time))
    except InvalidSignature:
        raise BadLedger("L022", name=key.name) from None
    return time


def of_checkpoint(signed: bytes, known: Sequence[WitnessKey]) -> tuple[Cosignature, ...]:
    """The cosignatures of known witnesses on a signed checkpoint; raises as `found`."""
    text, lines = note.split(signed)
    return found(text, lines, known)


def added(signed: bytes, lines: Iterable[str]) -> bytes:
    """A signed checkpoint with more signature lines behind those it has, none of them twice."""
    text, present = note.split(signed)
    every = dict.fromkeys([*present, *lines])
    return text.encode() + b"\n" + "".join(f"{line}\n" for line in every).encode()
