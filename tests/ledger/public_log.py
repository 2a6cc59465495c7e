"""A small log in memory for the tests: entries, a key, the files it publishes, and damage."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from ombud.errors import BadLedger
from ombud.ledger import checkpoint, leaf, tiles, tree
from ombud.ledger.note import Signer

if TYPE_CHECKING:
    from collections.abc import Sequence

SIGNER = Signer("log.example/ombud", bytes(range(32)))
OTHER = Signer("log.example/ombud", bytes(range(1, 33)))
VKEY = SIGNER.key.encode()


def entry(number: int) -> bytes:
    """The leaf with this number; every third is by a rule alone, every fifth an appeal."""
    by_rule = number % 3 == 0
    return leaf.encode_leaf(
        leaf.Leaf(
            type="appeal" if number % 5 == 0 else "decision",
            id=f"dec_{number}",
            day="2026-11-22",
            clause="spam.links",
            action="hold",
            automated=by_rule,
            rule="new-member-links" if by_rule else None,
            commitment=sha256(b"%d" % number).hexdigest(),
        )
    )


def entries(size: int) -> list[bytes]:
    """The first `size` leaves."""
    return [entry(number) for number in range(size)]


def checkpoint_of(lines: Sequence[bytes], signer: Signer = SIGNER) -> bytes:
    """The signed checkpoint over these entries."""
    root = tree.root_of(map(tree.leaf_hash, lines))
    return checkpoint.sign(checkpoint.Checkpoint(signer.name, len(lines), root), signer)


def publish(lines: Sequence[bytes], *sizes: int) -> dict[str, bytes]:
    """The public files of a log that had a checkpoint at each of `sizes`, and at its end."""
    files: dict[str, bytes] = {}
    old = 0
    for new in [*sizes, len(lines)]:
        grown = tiles.files_between(old, new, lambda start, end: lines[start:end], files.get)
        files.update(grown)
        old = new
    files[checkpoint.PATH] = checkpoint_of(lines)
    return files


def flipped(data: bytes, bit: int) -> bytes:
    """`data` with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


def refused(code: str | None = None) -> pytest.RaisesExc[BadLedger]:
    """Expects a `BadLedger`, of this code if one is given."""
    return pytest.RaisesExc(BadLedger, match=f"^{code} " if code else None)
