"""Receipts (c2sp.org/tlog-proof@v1): the proof that one entry is in a log, checked offline.

A receipt carries the index, the inclusion proof and the signed checkpoint. The extra data that
the form allows is signed by nobody; Ombud writes the entry itself there, so that a receipt needs
nothing beside it. This module must never rely on that before the proof has led from it to the root.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from ombud.errors import BadLedger, catalogue
from ombud.ledger import checkpoint as checkpoints
from ombud.ledger import note
from ombud.ledger.tree import (
    HASH_BYTES,
    MAX_PROOF,
    MAX_SIZE,
    NodeReader,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)

MAX_EXTRA = 1 << 16  # bytes
MAX_RECEIPT_BYTES = note.MAX_NOTE_BYTES + 2 * MAX_EXTRA

_FIRST = "c2sp.org/tlog-proof@v1"

catalogue(
    L040=("This is not a receipt: {detail}.", "Ask for the receipt again."),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The parts of a receipt. `checkpoint` is the signed note as it is, cosignatures included."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __post_init__(self) -> None:
        if not 0 <= self.index <= MAX_SIZE:
            raise BadLedger("L040", detail="the index is out of bounds")
        if len(self.proof) > MAX_PROOF or any(len(each) != HASH_BYTES for each in self.proof):
            raise BadLedger("L040", detail="the proof is too long or has a hash of another length")
        if len(self.checkpoint) > note.MAX_NOTE_BYTES or len(self.extra) > MAX_EXTRA:
            raise BadLedger("L040", detail="it is too long")


def encode(receipt: Receipt) -> bytes:
    """The receipt as a file."""
    lines = [_FIRST]
    if receipt.extra:
        lines.append("extra " + base64.b64encode(receipt.extra).decode())
    lines.append(f"index {receipt.index}")
    lines += [base64.b64encode(each).decode() for each in receipt.proof]
    return "\n".join(lines).encode() + b"\n\n" + receipt.checkpoint


def parse(data: bytes) -> Receipt:
    """Read a receipt. Raises `BadLedger` unless it has the one form that `encode` writes."""
    if len(data) > MAX_RECEIPT_BYTES:
        raise BadLedger("L040", detail=f"it is longer than {MAX_RECEIPT_BYTES} bytes")
    head, parted, checkpoint = data.partition(b"\n\n")
    if not parted or not head.isascii():
        raise BadLedger("L040", detail="it has no checkpoint after an empty line")
    lines = head.decode("ascii").split("\n")
    if lines.pop(0) != _FIRST:
        raise BadLedger("L040", detail="its first line is another one")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = note.decode_base64(lines.pop(0).removeprefix("extra ")) or b""
        if not extra:
            raise BadLedger("L040", detail="its extra line is not base64, or empty")
    index = None
    if lines and lines[0].startswith("index "):
        index = checkpoints.decimal(lines.pop(0).removeprefix("index "))
    if index is None:
        raise BadLedger("L040", detail="its index line is missing or not a plain number")
    if len(lines) > MAX_PROOF:
        raise BadLedger("L040", detail="the proof is too long or has a hash of another length")
    hashes = [note.decode_base64(line) for line in lines]
    proof = tuple(each for each in hashes if each is not None)
    if len(proof) != len(hashes):
        raise BadLedger("L040", detail="a line of the proof is not base64")
    return Receipt(index, proof, checkpoint, extra)


def verify(receipt: Receipt, entry: bytes, vkey: str) -> checkpoints.Checkpoint:
    """The checkpoint that this receipt proves `entry` to be under.

    `vkey` is the log's public key, from a source the holder trusts. Raises `BadLedger` when the
    signature is wrong or the proof does not lead from the entry to the signed root.
    """
    head = checkpoints.verify(receipt.checkpoint, note.parse_vkey(vkey))
    verify_inclusion(leaf_hash(entry), receipt.index, head.size, receipt.proof, head.root)
    return head


def of_entry(index: int, entry: bytes, size: int, nodes: NodeReader, checkpoint: bytes) -> Receipt:
    """The receipt for an entry under a signed checkpoint of this size. Raises `BadLedger` where the
    nodes do not lead to its root: a receipt that does not hold is not given out.
    """
    head = checkpoints.parse(note.split(checkpoint)[0])
    proof = inclusion_proof(index, size, nodes)
    verify_inclusion(leaf_hash(entry), index, head.size, proof, head.root)
    return Receipt(index, proof, checkpoint, entry)
