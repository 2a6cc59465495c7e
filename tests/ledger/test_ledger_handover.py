"""Handovers: both keys sign, and a log goes on under another key only where they did."""

from __future__ import annotations

import pytest

from ledger.public_log import (
    OTHER,
    SIGNER,
    VKEY,
    checkpoint_of,
    entries,
    entry,
    flipped,
    publish,
    refused,
)
from ombud.ledger import checkpoint, handover, leaf, note, tree
from ombud.ledger.checkpoint import Checkpoint
from ombud.ledger.handover import Handover
from ombud.ledger.note import Signer
from ombud.ledger.verify import verify

LINES = entries(300)
NEW = Signer("log.example/second", bytes(range(2, 34)))


def head(size: int, signer: Signer = SIGNER) -> Checkpoint:
    """The head of the log of this size."""
    return Checkpoint(signer.name, size, tree.root_of(map(tree.leaf_hash, LINES[:size])))


ROTATION = Handover(SIGNER.key, OTHER.key, head(300))
SUCCESSION = Handover(SIGNER.key, NEW.key, head(300))


def line(given: Handover) -> bytes:
    """The line of the log about a handover."""
    return leaf.encode_leaf(
        leaf.Leaf(
            type="handover",
            id="lf_1",
            day="2026-11-27",
            commitment="00" * 32,
            outcome=given.kind,
            version=given.last.root.hex(),
        )
    )


def test_the_form() -> None:
    """Five lines, read as written; a rotation keeps the name, a succession does not."""
    text = handover.encode(ROTATION)
    assert text.split("\n")[:4] == ["ombud-handover/v1", VKEY, OTHER.key.encode(), "300"]
    signed = handover.sign(ROTATION, SIGNER, OTHER)
    assert handover.verify(signed) == handover.read(signed) == handover.parse(text) == ROTATION
    assert (ROTATION.kind, SUCCESSION.kind) == ("rotation", "succession")


def test_both_keys_must_sign() -> None:
    """The new key's word alone is told apart; the old one's alone hands nothing over."""
    with refused("L026"):
        handover.verify(handover.sign(ROTATION, None, OTHER))
    with refused("L012"):
        handover.verify(note.sign(handover.encode(ROTATION), SIGNER))
    with refused("L025"):
        handover.sign(ROTATION, SIGNER, NEW)
    with refused("L025"):
        handover.sign(ROTATION, NEW, OTHER)
    with refused("L013"):
        handover.verify(note.sign(handover.encode(ROTATION), NEW))


@pytest.mark.parametrize("bit", range(0, 8 * 200, 131))
def test_no_flipped_bit_is_accepted(bit: int) -> None:
    """Whatever bit of the note is changed, it is refused."""
    with refused():
        handover.verify(flipped(handover.sign(ROTATION, SIGNER, OTHER), bit))


@pytest.mark.parametrize(
    "text",
    ["", "ombud-handover/v2\n", handover.encode(ROTATION)[:-1], handover.encode(ROTATION) + "\n"],
)
def test_other_forms_are_refused(text: str) -> None:
    """Lines too many, too few, or of another kind."""
    with refused("L025"):
        handover.parse(text)


def test_a_key_is_not_given_over_to_itself() -> None:
    """Nor is the last head another log's."""
    for old, new, last in ((SIGNER, SIGNER, head(3)), (NEW, SIGNER, head(3))):
        with refused("L025"):
            Handover(old.key, new.key, last)


def log_after(given: Handover, signer: Signer, keep: int = 300) -> dict[str, bytes]:
    """The public files of a log after a handover, of whose lines so many were kept."""
    lines = [*LINES[:keep], line(given), *(entry(number) for number in range(300, 310))]
    files = publish(lines)
    root = tree.root_of(map(tree.leaf_hash, lines))
    files[checkpoint.PATH] = checkpoint.sign(Checkpoint(signer.name, len(lines), root), signer)
    files[handover.path(1)] = handover.sign(given, SIGNER, signer)
    return files


def test_whoever_knows_the_old_key_is_led_to_the_new_one() -> None:
    """The log verifies under either key; the old one is told how it came to the new."""
    files = log_after(ROTATION, OTHER)
    report = verify(files.get, VKEY)
    assert (report.problems, report.handovers) == ((), (ROTATION,))
    assert verify(files.get, OTHER.key.encode()).handovers == ()
    assert verify(files.get, OTHER.key.encode()).ok
    assert not verify(files.get, NEW.key.encode()).ok


def test_a_new_key_cannot_rewrite_the_log() -> None:
    """What the old key signed must be the beginning: lines that were changed or dropped since are
    found.
    """
    assert {each.code for each in verify(log_after(ROTATION, OTHER).get, VKEY).problems} == set()
    changed = Handover(SIGNER.key, OTHER.key, Checkpoint(SIGNER.name, 300, bytes(32)))
    files = log_after(changed, OTHER)
    assert {each.code for each in verify(files.get, VKEY).problems} == {"L064"}
    files = log_after(ROTATION, OTHER, keep=250)
    assert {each.code for each in verify(files.get, VKEY).problems} == {"L063"}


def test_a_handover_that_is_not_in_the_log_is_found() -> None:
    """Its line names the last root; without it something was done outside the log. The line that
    is there has no note then.
    """
    other = Handover(SIGNER.key, OTHER.key, head(200))
    files = log_after(ROTATION, OTHER)
    files[handover.path(1)] = handover.sign(other, SIGNER, OTHER)
    assert {each.code for each in verify(files.get, VKEY).problems} == {"L067", "L070"}


def test_a_handover_without_the_old_key_leads_nowhere() -> None:
    """Whoever knows the old key does not come to trust the new one by its own word."""
    files = log_after(ROTATION, OTHER)
    files[handover.path(1)] = handover.sign(ROTATION, None, OTHER)
    codes = [each.code for each in verify(files.get, VKEY).problems]
    assert codes == ["L026", "L013"]


def test_two_heads_after_a_restore() -> None:
    """A log that succeeds one whose end was lost: it verifies, says what it succeeds, and whoever
    has seen more of the old one than was handed over can prove it.
    """
    files = log_after(SUCCESSION, NEW, keep=250)
    report = verify(files.get, VKEY, head(300))
    assert (report.problems, report.handovers, report.origin) == ((), (SUCCESSION,), NEW.name)
    assert {each.code for each in verify(files.get, VKEY, head(299)).problems} == set()
    short = Handover(SIGNER.key, NEW.key, head(250))
    hidden = log_after(short, NEW, keep=250)
    assert {each.code for each in verify(hidden.get, VKEY, head(300)).problems} == {"L063"}
    other = Checkpoint(SIGNER.name, 300, bytes(32))
    assert {each.code for each in verify(files.get, VKEY, other).problems} == {"L064"}
    strange = Checkpoint("elsewhere.example/log", 5, bytes(32))
    assert {each.code for each in verify(files.get, VKEY, strange).problems} == {"L021"}


def test_no_handover_is_hidden() -> None:
    """A line without its note: whoever comes with today's key would not hear of the key before."""
    again = Handover(OTHER.key, Signer(OTHER.name, bytes(range(3, 35))).key, head(300, OTHER))
    lines = [*LINES, line(ROTATION), line(again)]
    files = {**publish(lines), "checkpoint": signed_by(lines, bytes(range(3, 35)))}
    notes = {
        handover.path(1): handover.sign(ROTATION, SIGNER, OTHER),
        handover.path(2): handover.sign(again, OTHER, Signer(OTHER.name, bytes(range(3, 35)))),
    }
    key = again.new.encode()
    assert verify({**files, **notes}.get, key).ok
    for kept, hidden in ((notes, 0), ({handover.path(1): notes[handover.path(1)]}, 1), ({}, 2)):
        found = verify({**files, **kept}.get, key).problems
        assert [each.code for each in found] == ["L070"] * bool(hidden)
        assert all(f" {hidden} times" in each.message for each in found)


def signed_by(lines: list[bytes], seed: bytes) -> bytes:
    """The head of these lines, signed by another key of the same log."""
    return checkpoint_of(lines, Signer(OTHER.name, seed))
