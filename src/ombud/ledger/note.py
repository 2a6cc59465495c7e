"""Signed notes (c2sp.org/signed-note) with Ed25519: a text and who signed it.

A text is given out only after a known key's signature over it was checked; this module must never
show the text of a note that nobody known has signed. Keys are arguments: nothing here makes,
reads or logs one.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ombud.errors import BadLedger, catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NOTE_BYTES = 1 << 18  # sixteen post-quantum signatures of 5 kB are 110 kB
MAX_SIGNATURES = 100  # the format demands that 16 are taken
MAX_NAME = 255  # characters of a key name
ED25519 = b"\x01"  # the signature type of this module
SEED_BYTES = 32

_DASH = "\u2014 "  # what opens a signature line
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_KEY_ID = re.compile(r"[0-9a-f]{8}")

catalogue(
    L010=(
        "This is not a verifier key: {detail}.",
        "A key reads name+8 hex digits+base64. Copy it whole from where the log is announced.",
    ),
    L011=("This is not a signed note: {detail}.", "Get the file again."),
    L012=(
        "The signature of the key {name} is wrong.",
        "The text was changed after it was signed, or signed by somebody else. Do not use it.",
    ),
    L013=(
        "No signature of a known key.",
        "Check that you hold the key of this log; a log under a new name has a new key.",
    ),
    L014=("The key {name} signs twice.", "An honest log signs once. Get the file again."),
    L015=("This cannot be signed: {detail}.", "Give a text of whole lines, and different keys."),
)


def decode_base64(text: str) -> bytes | None:
    """The bytes of standard base64 in its one canonical spelling, or nothing."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # Python lets unused bits at the end pass; then two texts would mean the same bytes.
    return data if base64.b64encode(data).decode() == text else None


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name: what somebody must know to trust a log."""

    name: str
    public: bytes  # 32 bytes, RFC 8032

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name, newline, type, key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def encode(self) -> str:
        """As one line to publish: `name+hex id+base64`."""
        material = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under a name. `seed` is the 32-byte private key of RFC 8032."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise BadLedger("L015", detail="a key name has no spaces and no plus sign")
        if len(self.seed) != SEED_BYTES:
            raise BadLedger("L015", detail="a private key is 32 bytes long")

    @property
    def key(self) -> VerifierKey:
        """The public half."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class Verified:
    """A text, and the known keys that signed it (at least one), in the order of their lines."""

    text: str
    keys: tuple[VerifierKey, ...]


def is_key_name(name: str) -> bool:
    """Whether this can name a key: not empty, no spaces of any script, no plus, no control."""
    return (
        0 < len(name) <= MAX_NAME
        and "+" not in name
        and not any(letter.isspace() for letter in name)
        and not _CONTROL.search(name)
        and _is_utf8(name)
    )


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def parse_vkey(text: str) -> VerifierKey:
    """Read a verifier key. Raises `BadLedger` unless it is an Ed25519 key with its own id."""
    parts = text.split("+", 2) if len(text) <= MAX_NAME + 100 else []
    if len(parts) != 3:
        raise BadLedger("L010", detail="it does not have three parts joined by a plus sign")
    name, key_id, material = parts
    if not is_key_name(name):
        raise BadLedger("L010", detail="the name cannot be one")
    key = decode_base64(material)
    if key is None or len(key) != 33:
        raise BadLedger("L010", detail="the last part is not the base64 of 33 bytes")
    if key[:1] != ED25519:
        raise BadLedger("L010", detail="it is not of the type Ed25519")
    parsed = VerifierKey(name, key[1:])
    if not _KEY_ID.fullmatch(key_id) or parsed.key_id.hex() != key_id:
        raise BadLedger("L010", detail="its id does not belong to it")
    return parsed


def sign(text: str, *signers: Signer) -> bytes:
    """The note that holds `text` and one signature line per signer.

    Raises `BadLedger` for a text that does not end a line, holds control characters or is too
    long, and for signers that are none or repeated.
    """
    if not text.endswith("\n") or _CONTROL.search(text) or not _is_utf8(text):
        raise BadLedger("L015", detail="the text is not made of whole, printable lines")
    keys = [signer.key for signer in signers]
    if not keys or len({(key.name, key.key_id) for key in keys}) != len(keys):
        raise BadLedger("L015", detail="the keys are none or repeated")
    body = text.encode()
    lines = []
    for signer, key in zip(signers, keys, strict=True):
        signature = Ed25519PrivateKey.from_private_bytes(signer.seed).sign(body)
        encoded = base64.b64encode(key.key_id + signature).decode()
        lines.append(f"{_DASH}{key.name} {encoded}\n")
    note = body + b"\n" + "".join(lines).encode()
    if len(note) > MAX_NOTE_BYTES or len(lines) > MAX_SIGNATURES:
        raise BadLedger("L015", detail="the text is too long")
    return note


def split(note: bytes) -> tuple[str, list[str]]:
    """The text and the signature lines of a note, by its form only: nobody vouches for either."""
    if len(note) > MAX_NOTE_BYTES:
        raise BadLedger("L011", detail=f"it is longer than {MAX_NOTE_BYTES} bytes")
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise BadLedger("L011", detail="it is not UTF-8") from None
    if _CONTROL.search(whole):
        raise BadLedger("L011", detail="it holds a control character")
    # The last empty line parts them: the text may hold empty lines of its own.
    end = whole.rfind("\n\n")
    if end < 0 or not whole.endswith("\n") or end + 2 == len(whole):
        raise BadLedger("L011", detail="it has no signature lines")
    return whole[: end + 1], whole[end + 2 : -1].split("\n")


def parse_line(line: str, number: int) -> tuple[str, bytes, bytes]:
    """The name, key id and signature of the signature line with this number, by its form only."""
    wrong = BadLedger("L011", detail=f"signature line {number} does not have its form")
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise wrong
    data = decode_base64(encoded)
    if data is None or len(data) <= 4:
        raise wrong
    return name, data[:4], data[4:]


def verify(note: bytes, known: Sequence[VerifierKey]) -> Verified:
    """The text of a note that at least one of the `known` keys has signed.

    Lines of unknown keys are ignored whatever they hold. Raises `BadLedger` when a known key's
    signature is wrong, when a known key signs twice, and when no known key signs.
    """
    by_id = {(key.name, key.key_id): key for key in known}
    if len(by_id) != len(known):
        raise BadLedger("L010", detail="two of the known keys have the same name and id")
    text, lines = split(note)
    if len(lines) > MAX_SIGNATURES:
        raise BadLedger("L011", detail=f"it has more than {MAX_SIGNATURES} signatures")
    body = text.encode()
    signed: list[VerifierKey] = []
    for name, key_id, signature in [parse_line(*each) for each in zip(lines, count(1))]:
        key = by_id.get((name, key_id))
        if key is None:
            continue
        if key in signed:
            raise BadLedger("L014", name=key.name)
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, body)
        except InvalidSignature:
            raise BadLedger("L012", name=key.name) from None
        signed.append(key)
    if not signed:
        raise BadLedger("L013")
    return Verified(text, tuple(signed))
