"""Signed notes: the vectors of the specification and of Go, and what must be refused."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.public_log import OTHER, SIGNER, flipped, refused
from ombud.ledger import note

# The example of c2sp.org/signed-note.
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6"
    "TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
# The example of Go's golang.org/x/mod/sumdb/note: a private key, a text and the two signatures.
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng"
    "otpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwn"
    "WLox33WWd1RvMc+QQ=\n"
)
KEY = SIGNER.key
TEXT = "one\n\ntwo\n"
NOTE = note.sign(TEXT, SIGNER)
BODY, LINE = TEXT.encode() + b"\n", NOTE[len(TEXT) + 1 :]


def stranger(number: int) -> bytes:
    """A signature line of a key nobody here knows."""
    encoded = base64.b64encode(number.to_bytes(4, "big") + bytes(64)).decode()
    return f"— stranger{number}.example {encoded}\n".encode()


def test_the_example_of_the_specification() -> None:
    """The specification's note verifies under its key, whose encoding is its own."""
    key = note.parse_vkey(SPEC_KEY)
    assert key.encode() == SPEC_KEY
    assert note.verify(SPEC_NOTE, [key]).text == "This is an example message.\n"


def test_the_example_of_go() -> None:
    """Go's private key gives Go's signature; a second known signature is taken beside it."""
    peter, enoch = note.parse_vkey(PETER_KEY), note.parse_vkey(ENOCH_KEY)
    signer = note.Signer("PeterNeumann", GO_SEED)
    assert signer.key == peter
    signed = note.sign(GO_TEXT, signer)
    assert signed == (GO_TEXT + "\n" + PETER_LINE).encode()
    both = signed + ENOCH_LINE.encode()
    assert note.verify(both, [enoch, peter]) == note.Verified(GO_TEXT, (peter, enoch))
    assert note.verify(both, [enoch]).keys == (enoch,)


def test_a_signature_made_by_hand() -> None:
    """What a few independent lines of code build from the standard's words is the same note."""
    private = Ed25519PrivateKey.from_private_bytes(SIGNER.seed)
    public = private.public_key().public_bytes_raw()
    key_id = sha256(SIGNER.name.encode() + b"\x0a\x01" + public).digest()[:4]
    signature = base64.b64encode(key_id + private.sign(b"one\n\ntwo\n"))
    by_hand = b"one\n\ntwo\n\n\xe2\x80\x94 " + SIGNER.name.encode() + b" " + signature + b"\n"
    assert by_hand == NOTE


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 8 * len(NOTE) - 1))
def test_no_flipped_bit_is_accepted(bit: int) -> None:
    """A note with any one bit changed does not verify."""
    with refused():
        note.verify(flipped(NOTE, bit), [KEY])


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, codec="utf-8"), max_size=50))
def test_every_printable_text_survives(line: str) -> None:
    """Any line of text, empty lines included, comes back as it was signed."""
    text = f"\n{line}\n\n{line}\n"
    assert note.verify(note.sign(text, SIGNER), [KEY]).text == text


def test_unknown_keys_are_ignored() -> None:
    """Lines of strangers change nothing, even under the known key's name or id."""
    own = base64.b64decode(LINE.split()[-1])
    same_name = f"— {KEY.name} ".encode() + base64.b64encode(b"\0" + own[1:]) + b"\n"
    same_id = "— else.example ".encode() + base64.b64encode(own) + b"\n"
    found = note.verify(BODY + same_name + stranger(1) + LINE + stranger(1) + same_id, [KEY])
    assert found == note.Verified(TEXT, (KEY,))


def test_a_note_without_a_known_signature_is_refused() -> None:
    """A note that only strangers signed, or checked against no key, gives no text."""
    with refused("L013"):
        note.verify(BODY + stranger(1), [KEY])
    with refused("L013"):
        note.verify(NOTE, [])
    with refused("L013"):
        note.verify(note.sign(TEXT, OTHER), [KEY])


def test_a_failing_known_signature_spoils_the_note() -> None:
    """One known key's wrong signature refuses the note although another known one is right."""
    other = OTHER.key
    forged = note.sign("else\n", OTHER)[len("else\n") + 1 :]
    with refused("L012"):
        note.verify(BODY + LINE + forged, [KEY, other])
    assert note.verify(BODY + LINE + forged, [KEY]).keys == (KEY,)


def test_a_known_key_signs_once() -> None:
    """A repeated line of a known key is refused, the same bytes or not."""
    with refused("L014"):
        note.verify(NOTE + LINE, [KEY])


def test_sixteen_signatures_are_accepted_and_a_hundred_and_one_are_not() -> None:
    """The known signature is found among many, within the bound on their number."""
    many = b"".join(stranger(number) for number in range(100))
    sixteen = b"".join(stranger(number) for number in range(15))
    assert note.verify(BODY + sixteen + LINE, [KEY]).text == TEXT
    large = "— quantum.example ".encode() + base64.b64encode(bytes(5000)) + b"\n"
    assert note.verify(BODY + large * 15 + LINE, [KEY]).text == TEXT
    with refused("L011"):
        note.verify(BODY + many + LINE, [KEY])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        BODY,
        NOTE[:-1],
        NOTE + b"\n",
        NOTE + b"x\n",
        NOTE.replace(b"\n", b"\r\n"),
        BODY + LINE.replace(b"\xe2\x80\x94", b"-"),
        BODY + LINE.replace(b" ", b"  "),
        BODY + LINE.replace(b" log", b" +log"),
        BODY + LINE.replace(b" log", "\u00a0log".encode()),
        BODY + LINE.replace(b"=\n", b"\n"),
        BODY + LINE + "— a \n".encode(),
        BODY + LINE + "— a AAAAAA==\n".encode(),
        BODY + LINE + "— a ====\n".encode(),
        BODY + LINE + b"\xff\n",
        BODY.replace(b"one", b"o\x00e") + LINE,
        BODY.replace(b"one", b"o\te") + LINE,
        b"x" * note.MAX_NOTE_BYTES + NOTE,
    ],
)
def test_malformed_notes_are_refused(data: bytes) -> None:
    """What does not have the form of a note is refused as such, with its known line or not."""
    with refused("L011"):
        note.verify(data, [KEY])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        SPEC_KEY.replace("530d903a", "530d903b"),
        SPEC_KEY.replace("530d903a", "530D903A"),
        SPEC_KEY.replace("530d903a", "0x30d903"),
        SPEC_KEY.replace("foo", "bar"),
        SPEC_KEY.replace("example", "exa mple"),
        SPEC_KEY.replace("example.com/foo", ""),
        SPEC_KEY[:-1],
        SPEC_KEY + "\n",
        SPEC_KEY + "=",
        SPEC_KEY.replace("+Aek", "+Bek"),
        "x" * 1000 + SPEC_KEY,
        "\ud800" + SPEC_KEY,
    ],
)
def test_malformed_keys_are_refused(vkey: str) -> None:
    """A key of another type, length or spelling, or under another id or name, is refused."""
    with refused("L010"):
        note.parse_vkey(vkey)


def test_a_key_known_twice_is_refused() -> None:
    """Two known keys that a signature line could not tell apart are a mistake of the caller."""
    with refused("L010"):
        note.verify(NOTE, [KEY, KEY])


@pytest.mark.parametrize(
    "text", ["", "no end", "a\rb\n", "a\x00\n", "\ud800\n", "x" * 300_000 + "\n"]
)
def test_a_text_that_cannot_be_read_back_is_not_signed(text: str) -> None:
    """Signing refuses what verifying would refuse."""
    with refused("L015"):
        note.sign(text, SIGNER)


def test_a_signer_has_a_name_and_a_whole_key_and_shows_neither_by_accident() -> None:
    """Names with spaces or plus and keys of another length are refused; repr hides the key."""
    for name in ("", "a b", "a+b", "a\u2003b", "a\nb", "x" * 256):
        with refused("L015"):
            note.Signer(name, bytes(32))
    with refused("L015"):
        note.Signer("a", bytes(31))
    with refused("L015"):
        note.sign(TEXT)
    with refused("L015"):
        note.sign(TEXT, SIGNER, SIGNER)
    assert "seed" not in repr(SIGNER)


def test_base64_has_one_spelling() -> None:
    """Unused bits, spaces, missing or extra padding and the other alphabet are refused."""
    assert note.decode_base64("AA==") == b"\0"
    for text in ("AB==", "AA=", "AA", "AA===", " AA==", "AA==\n", "A-_=", "é"):
        assert note.decode_base64(text) is None
