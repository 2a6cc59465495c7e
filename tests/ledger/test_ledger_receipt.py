"""Receipts: what a person keeps holds offline, and nothing changed passes."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.public_log import (
    OTHER,
    SIGNER,
    VKEY,
    checkpoint_of,
    entries,
    flipped,
    refused,
)
from ombud.errors import BadLedger
from ombud.ledger import checkpoint, note, receipt, tree
from ombud.ledger.receipt import Receipt

LINES = entries(40)
NODES = tree.nodes_of([tree.leaf_hash(line) for line in LINES])


def receipt_of(index: int, size: int) -> Receipt:
    """The receipt for one entry in the log of this size."""
    proof = tree.inclusion_proof(index, size, NODES)
    return Receipt(index, proof, checkpoint_of(LINES[:size]))


GOOD = receipt_of(5, 40)
DATA = receipt.encode(GOOD)


def test_the_form_is_that_of_the_specification() -> None:
    """First line, extra, index, hashes from the leaf's sibling up, empty line, checkpoint."""
    hashes = [base64.b64encode(each).decode() for each in GOOD.proof]
    head = ["c2sp.org/tlog-proof@v1", "extra aGk=", "index 5", *hashes, "", ""]
    data = "\n".join(head).encode() + GOOD.checkpoint
    assert receipt.encode(Receipt(5, GOOD.proof, GOOD.checkpoint, b"hi")) == data
    assert receipt.parse(data) == Receipt(5, GOOD.proof, GOOD.checkpoint, b"hi")


@settings(max_examples=50, deadline=None)
@given(st.data(), st.binary(max_size=100))
def test_every_receipt_holds(data: st.DataObject, extra: bytes) -> None:
    """For every entry of every size, the written receipt is read back and verifies offline."""
    size = data.draw(st.integers(1, len(LINES)))
    index = data.draw(st.integers(0, size - 1))
    made = receipt_of(index, size)
    given_receipt = Receipt(made.index, made.proof, made.checkpoint, extra)
    read = receipt.parse(receipt.encode(given_receipt))
    assert read == given_receipt
    assert receipt.verify(read, LINES[index], VKEY).size == size


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 8 * len(DATA) - 1))
def test_no_flipped_bit_is_accepted(bit: int) -> None:
    """A receipt with any one bit changed is not read, or does not verify."""
    with refused():
        receipt.verify(receipt.parse(flipped(DATA, bit)), LINES[5], VKEY)


def test_a_receipt_is_for_one_entry_of_one_log() -> None:
    """Another entry, another index, another log's key or an older root do not verify."""
    with refused("L006"):
        receipt.verify(GOOD, LINES[6], VKEY)
    with refused("L006"):
        receipt.verify(Receipt(4, GOOD.proof, GOOD.checkpoint), LINES[5], VKEY)
    with refused("L013"):
        receipt.verify(GOOD, LINES[5], OTHER.key.encode())
    with refused("L010"):
        receipt.verify(GOOD, LINES[5], "no key")
    with refused():
        receipt.verify(Receipt(5, GOOD.proof, checkpoint_of(LINES[:39])), LINES[5], VKEY)
    with refused("L001"):
        receipt.verify(Receipt(40, GOOD.proof, GOOD.checkpoint), LINES[5], VKEY)


def test_a_proof_of_another_length_is_refused() -> None:
    """A hash more or fewer than the size demands is refused, and more than 64 are not read."""
    longer = Receipt(5, (*GOOD.proof, bytes(32)), GOOD.checkpoint)
    with refused("L004"):
        receipt.verify(receipt.parse(receipt.encode(longer)), LINES[5], VKEY)
    with refused("L005"):
        receipt.verify(Receipt(5, GOOD.proof[:-1], GOOD.checkpoint), LINES[5], VKEY)
    with refused("L040"):
        Receipt(5, (bytes(32),) * 65, GOOD.checkpoint)
    line = base64.b64encode(bytes(32)) + b"\n"
    with refused("L040"):
        receipt.parse(DATA.replace(b"index 5\n", b"index 5\n" + line * 65))


def test_an_empty_log_has_no_receipts() -> None:
    """A checkpoint of size 0 proves nothing for any entry."""
    with refused("L001"):
        receipt.verify(Receipt(0, (), checkpoint_of([])), LINES[0], VKEY)


def test_cosignatures_stay_with_the_receipt() -> None:
    """The checkpoint is carried byte for byte, with lines of keys that the holder does not know."""
    witness = note.Signer("witness.example", bytes(32))
    body = checkpoint.encode(checkpoint.verify(GOOD.checkpoint, SIGNER.key))
    signed = note.sign(body, SIGNER, witness)
    read = receipt.parse(receipt.encode(Receipt(5, GOOD.proof, signed)))
    assert read.checkpoint == signed
    assert receipt.verify(read, LINES[5], VKEY).size == 40


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"c2sp.org/tlog-proof@v1\n", b""),
        (b"index 5\n", b""),
        (b"index 5\n", b"index 05\n"),
        (b"index 5\n", b"index -5\n"),
        (b"index 5\n", b"index  5\n"),
        (b"index 5\n", b"index 5\r\n"),
        (b"index 5\n", b"index 5\nindex 5\n"),
        (b"index 5\n", b"index 99999999999999999999\n"),
        (b"index 5\n", b"index 5\nextra aGk=\n"),
        (b"index 5\n", b"extra \nindex 5\n"),
        (b"index 5\n", b"extra a\nindex 5\n"),
        (b"index 5\n", b"extra aGl=\nindex 5\n"),
        (b"index 5\n", b"index 5\nAA==\n"),
        (b"index 5\n", b"index 5\n\xc3\xa9\n"),
        (b"\n\n", b"\n"),
    ],
)
def test_other_forms_are_refused(old: bytes, new: bytes) -> None:
    """Any departure from the one form is refused when it is read."""
    assert old in DATA
    with refused("L040"):
        receipt.parse(DATA.replace(old, new))


def test_sizes_are_bounded() -> None:
    """Over-long files, extra data and checkpoints are refused before they are worked on."""
    with refused("L040"):
        receipt.parse(DATA + b"x" * receipt.MAX_RECEIPT_BYTES)
    with refused("L040"):
        Receipt(5, (), b"", bytes(receipt.MAX_EXTRA + 1))
    with refused("L040"):
        Receipt(5, (), bytes(note.MAX_NOTE_BYTES + 1))
    with refused("L040"):
        Receipt(-1, (), b"")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_refused_calmly(data: bytes) -> None:
    """Arbitrary bytes behind a right first line end in `BadLedger` and nothing else."""
    with pytest.raises(BadLedger):
        receipt.verify(receipt.parse(b"c2sp.org/tlog-proof@v1\n" + data), LINES[5], VKEY)
