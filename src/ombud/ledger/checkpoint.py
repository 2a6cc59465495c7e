"""Checkpoints (c2sp.org/tlog-checkpoint): the signed size and root of a log.

Whoever signs must first know that the new head continues the last one signed and that entries and
tiles are stored; this module only writes and reads the form, and must never take a form it would
not write.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from ombud.errors import BadLedger, catalogue
from ombud.ledger import note
from ombud.ledger.tree import EMPTY_ROOT, HASH_BYTES, MAX_SIZE

PATH = "checkpoint"  # where it stands among the public files

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")

catalogue(
    L020=("This is not a checkpoint: {detail}.", "Get the file again."),
    L021=(
        "The checkpoint is not of the log {name}.",
        "The key and the checkpoint belong to different logs. Get both from one place.",
    ),
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its name, how many entries, and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not note.is_key_name(self.origin):
            raise BadLedger("L020", detail="the origin has spaces or a plus sign, or none")
        if not 0 <= self.size <= MAX_SIZE:
            raise BadLedger("L020", detail="the size is out of bounds")
        if len(self.root) != HASH_BYTES:
            raise BadLedger("L020", detail="the root is not 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise BadLedger("L020", detail="an empty log has another root")


def decimal(text: str) -> int | None:
    """The number in plain ASCII digits without leading zeros, at most `MAX_SIZE`, or nothing."""
    if not _DECIMAL.fullmatch(text):
        return None
    value = int(text)
    return value if value <= MAX_SIZE else None


def encode(checkpoint: Checkpoint) -> str:
    """The text to sign: origin, size and root, a line each."""
    root = base64.b64encode(checkpoint.root).decode()
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"


def parse(text: str) -> Checkpoint:
    """Read the text of a checkpoint. Raises `BadLedger` unless it is what `encode` writes.

    The standard lets a log add lines of its own; nobody can audit those, so they are refused here.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise BadLedger("L020", detail="it does not have three lines")
    size = decimal(lines[1])
    if size is None:
        raise BadLedger("L020", detail="its size is not a plain decimal number")
    root = note.decode_base64(lines[2])
    if root is None or len(root) != HASH_BYTES:
        raise BadLedger("L020", detail="its root is not the base64 of 32 bytes")
    return Checkpoint(lines[0], size, root)


def sign(checkpoint: Checkpoint, signer: note.Signer) -> bytes:
    """The signed checkpoint, as it is published. The signer's name must be the origin."""
    if signer.name != checkpoint.origin:
        raise BadLedger("L021", name=signer.name)
    return note.sign(encode(checkpoint), signer)


def verify(signed: bytes, key: note.VerifierKey) -> Checkpoint:
    """The checkpoint that the log's own key signed. Raises `BadLedger` unless it did.

    The origin must be the key's name: a checkpoint of another log under the same key is not taken.
    """
    checkpoint = parse(note.verify(signed, [key]).text)
    if checkpoint.origin != key.name:
        raise BadLedger("L021", name=key.name)
    return checkpoint
