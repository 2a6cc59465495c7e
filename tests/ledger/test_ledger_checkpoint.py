"""Checkpoints: the one form they have, and whose they are."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.public_log import OTHER, SIGNER, refused
from ombud.ledger import checkpoint, note
from ombud.ledger.checkpoint import Checkpoint
from ombud.ledger.tree import EMPTY_ROOT, MAX_SIZE

ROOT = bytes(range(32))
ROOT64 = base64.b64encode(ROOT).decode()
HEAD = Checkpoint(SIGNER.name, 20852163, ROOT)
# The body of the example of c2sp.org/tlog-checkpoint.
SPEC_BODY = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_example_of_the_specification() -> None:
    """The specification's text is read and written back byte for byte."""
    read = checkpoint.parse(SPEC_BODY)
    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.encode(read) == SPEC_BODY


@given(st.integers(1, MAX_SIZE), st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read(size: int, root: bytes) -> None:
    """Every checkpoint comes back from its text."""
    head = Checkpoint("log.example", size, root)
    assert checkpoint.parse(checkpoint.encode(head)) == head


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"o\n5\n{ROOT64}",
        f"o\n5\n{ROOT64}\n\n",
        f"o\n5\n{ROOT64}\nextension\n",
        f"\n5\n{ROOT64}\n",
        f"o o\n5\n{ROOT64}\n",
        f"o+o\n5\n{ROOT64}\n",
        f"o\n05\n{ROOT64}\n",
        f"o\n+5\n{ROOT64}\n",
        f"o\n-5\n{ROOT64}\n",
        f"o\n 5\n{ROOT64}\n",
        f"o\n5_0\n{ROOT64}\n",
        f"o\n\u0665\n{ROOT64}\n",
        f"o\n\n{ROOT64}\n",
        f"o\n{MAX_SIZE + 1}\n{ROOT64}\n",
        f"o\n{'9' * 5000}\n{ROOT64}\n",
        f"o\n5\n{ROOT64[:-1]}\n",
        f"o\n5\n{ROOT64[:-2]}9=\n",
        f"o\n5\n {ROOT64}\n",
        f"o\n5\n{base64.b64encode(bytes(31)).decode()}\n",
        f"o\n5\n{base64.b64encode(bytes(33)).decode()}\n",
        f"o\n0\n{ROOT64}\n",
        f"o\r\n5\r\n{ROOT64}\r\n",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    """Leading zeros, other digits, other base64, extension lines and impossible roots fail."""
    with refused("L020"):
        checkpoint.parse(text)


def test_the_empty_log_has_its_root() -> None:
    """A checkpoint of size 0 carries the hash of nothing."""
    head = Checkpoint("log.example", 0, EMPTY_ROOT)
    assert checkpoint.parse(checkpoint.encode(head)) == head


def test_a_signed_checkpoint_is_read_under_its_key_only() -> None:
    """The log's key opens it; another key, or a checkpoint of another origin, does not."""
    signed = checkpoint.sign(HEAD, SIGNER)
    assert checkpoint.verify(signed, SIGNER.key) == HEAD
    with refused("L013"):
        checkpoint.verify(signed, OTHER.key)
    foreign = note.sign(checkpoint.encode(Checkpoint("else.example", 5, ROOT)), SIGNER)
    with refused("L021"):
        checkpoint.verify(foreign, SIGNER.key)
    with refused("L021"):
        checkpoint.sign(Checkpoint("else.example", 5, ROOT), SIGNER)
