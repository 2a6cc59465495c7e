"""Cosignatures: only a witness's own, over exactly this checkpoint, each counted once."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.public_log import OTHER, VKEY, checkpoint_of, entries, refused
from ombud.ledger import checkpoint, cosignature, note
from ombud.ledger.cosignature import WitnessKey
from outsider import log

# c2sp.org/tlog-cosignature, its example (CC BY 4.0). Its key is not given there: what can be held
# against it is the form, and the time that its example of the signed message shows.
EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5"
    "/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dl"
    "rDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
TIME = 1679315147

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(7, 39)))
THEIRS = log.own_key("witness.example/w1", log.WITNESS_KEY, PRIVATE)
KEY = cosignature.parse_key(str(THEIRS))
SIGNED = checkpoint_of(entries(10))
TEXT = note.split(SIGNED)[0]


def line(when: int = TIME, signed: bytes = SIGNED, key: log.Key = THEIRS) -> str:
    """A signature line as an independent witness writes it."""
    return log.cosign(log.head_of(signed), key, PRIVATE, when).removesuffix("\n")


def test_the_example_of_the_specification_has_this_form() -> None:
    """Name, four bytes of id, eight of time, 64 of signature; and the message begins as shown."""
    text, lines = note.split(EXAMPLE.encode())
    name, _, signature = note.parse_line(lines[1], 2)
    assert name == "witness.example.com/w1"
    assert len(signature) == cosignature.SIGNATURE_BYTES
    assert int.from_bytes(signature[:8], "big") == TIME
    assert cosignature.message(text, TIME).decode() == f"cosignature/v1\ntime {TIME}\n{text}"
    assert checkpoint.parse(text).size == 20852163


def test_what_an_independent_witness_signs_is_taken() -> None:
    """The key is read and written alike on both sides; the line holds, and says when."""
    assert WitnessKey(THEIRS.name, THEIRS.public) == KEY
    assert KEY.encode() == str(THEIRS)
    (found,) = cosignature.found(TEXT, [line()], [KEY])
    assert (found.key, found.time, found.line) == (KEY, TIME, line())
    both = cosignature.added(SIGNED, [line()])
    assert cosignature.of_checkpoint(both, [KEY]) == (found,)
    assert checkpoint.verify(both, note.parse_vkey(VKEY)).size == 10  # the log's own still holds
    assert cosignature.added(both, [line()]) == both  # a line is never there twice


def test_lines_of_others_are_ignored() -> None:
    """The log's own line, an unknown witness's, and one under the same name with another key."""
    stranger = log.own_key("witness.example/w2", log.WITNESS_KEY, PRIVATE)
    assert cosignature.found(TEXT, [*note.split(SIGNED)[1], line(key=stranger)], [KEY]) == ()


@pytest.mark.parametrize("at", range(12 * 8, 76 * 8, 61))
def test_no_flipped_bit_of_a_signature_is_taken(at: int) -> None:
    """A bit of the signature changed: the line is refused, not merely left out."""
    name, encoded = line().removeprefix("\u2014 ").split(" ")
    data = bytearray(base64.b64decode(encoded))
    data[at // 8] ^= 1 << at % 8
    changed = f"\u2014 {name} {base64.b64encode(data).decode()}"
    with refused("L022"):
        cosignature.found(TEXT, [changed], [KEY])


def test_a_signature_is_over_one_checkpoint_at_one_time() -> None:
    """Moved to another size, another log, or another time it does not hold."""
    longer = note.split(checkpoint_of(entries(11)))[0]
    with refused("L022"):
        cosignature.found(longer, [line()], [KEY])
    name, encoded = line().removeprefix("\u2014 ").split(" ")
    data = base64.b64decode(encoded)
    later = data[:4] + (TIME + 1).to_bytes(8, "big") + data[12:]
    short, beyond = data[:-1], data[:4] + b"\xff" * 8 + data[12:]
    for each in (later, short, beyond):
        with refused("L022"):
            moved = f"\u2014 {name} {base64.b64encode(each).decode()}"
            cosignature.found(TEXT, [moved], [KEY])


def test_a_time_has_its_bound() -> None:
    """The format's last instant is taken, the next one is not, however well it is signed."""
    (found,) = cosignature.found(TEXT, [line((1 << 63) - 1)], [KEY])
    assert found.time == (1 << 63) - 1
    with refused("L022"):
        cosignature.found(TEXT, [line(1 << 63)], [KEY])


def test_nobody_counts_twice() -> None:
    """Two lines of one witness, even of two times, are refused."""
    with refused("L023"):
        cosignature.found(TEXT, [line(), line(TIME + 1)], [KEY])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        VKEY,  # a log's key is no witness's
        str(THEIRS)[:-4],
        str(THEIRS).replace("w1+", "w2+"),
        str(THEIRS).replace("witness.example/w1", "two words"),
        str(log.Key("witness.example/w1", 6, bytes(32))),  # ML-DSA-44's type
        str(log.Key("witness.example/w1", 4, bytes(31))),
        "w" * 400,
    ],
)
def test_other_keys_are_refused(vkey: str) -> None:
    """Keys of another type, another length, another id."""
    with refused("L010"):
        cosignature.parse_key(vkey)


def test_a_witness_key_signs_no_log() -> None:
    """One and the same private key has two ids: neither passes for the other."""
    assert note.VerifierKey(THEIRS.name, THEIRS.public).key_id != KEY.key_id
    with refused("L010"):
        note.parse_vkey(str(THEIRS))
    assert OTHER.key.name == note.parse_vkey(VKEY).name
