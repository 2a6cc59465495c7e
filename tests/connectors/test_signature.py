"""The signature: the documented bytes, nothing else passes, and nothing a stranger sends raises."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.connectors.signature import TOLERANCE_SECONDS, sign, verify

SECRET = b"a shared secret of the test"
BODY = b'{"id":"act_1"}'
NOW = 1_700_000_000
# printf '1700000000.{"id":"act_1"}' | openssl dgst -sha256 -hmac 'a shared secret of the test'
KNOWN = "61d540b9753af011dbd9c59f0689695f11e9afd4d9b61c1f9146a3d31a5fb585"


def code(secret: bytes, said: bytes) -> str:
    """HMAC-SHA256 by hand, as RFC 2104 writes it."""
    key = hashlib.sha256(secret).digest() if len(secret) > 64 else secret
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(each ^ 0x36 for each in key) + said).digest()
    return hashlib.sha256(bytes(each ^ 0x5C for each in key) + inner).hexdigest()


def test_the_signature_is_the_one_that_another_program_makes() -> None:
    """The header is what OpenSSL computes over the time, a dot and the body."""
    assert sign(SECRET, BODY, NOW) == f"t={NOW},v1={KNOWN}"
    assert verify(SECRET, f"t={NOW},v1={KNOWN}", BODY, NOW)


@given(st.binary(min_size=1, max_size=200), st.binary(max_size=300), st.integers(0, 2**33))
def test_any_body_is_signed_as_the_standard_says(secret: bytes, body: bytes, at: int) -> None:
    """For every secret, body and time the header is that of RFC 2104, and verifies."""
    header = sign(secret, body, at)
    assert header == f"t={at},v1={code(secret, str(at).encode() + b'.' + body)}"
    assert verify(secret, header, body, at)


@given(
    st.binary(max_size=40),
    st.binary(max_size=40),
    st.binary(min_size=1, max_size=40),
    st.integers(0, 2**33),
)
def test_another_body_secret_or_time_does_not_pass(
    body: bytes, other: bytes, secret: bytes, at: int
) -> None:
    """A signature holds for one body, one secret and one time."""
    header = sign(SECRET, body, at)
    assert verify(SECRET, header, other, at) == (body == other)
    assert verify(secret, header, body, at) == (secret.rstrip(b"\0") == SECRET)
    moved = header.replace(f"t={at}", f"t={at + 1}")
    assert not verify(SECRET, moved, body, at)


def test_a_signature_ages_and_does_not_come_from_the_future() -> None:
    """What is older or younger than the tolerance is a replay, or a clock that is wrong."""
    header = sign(SECRET, BODY, NOW)
    assert TOLERANCE_SECONDS == 300
    for age, good in ((300, True), (-300, True), (301, False), (-301, False)):
        assert verify(SECRET, header, BODY, NOW + age) == good
    assert verify(SECRET, header, BODY, NOW + 9, tolerance_seconds=9)
    assert not verify(SECRET, header, BODY, NOW + 10, tolerance_seconds=9)


def test_while_a_secret_changes_either_one_is_good() -> None:
    """One good `v1` among several is enough, and unknown parts are passed over."""
    old, new = sign(b"old", BODY, NOW), sign(b"new", BODY, NOW)
    both = f"{old},{new.partition(',')[2]},v2=later"
    assert verify(b"old", both, BODY, NOW)
    assert verify(b"new", both, BODY, NOW)
    assert verify(b"new", both.replace(",", ", "), BODY, NOW)
    assert not verify(b"other", both, BODY, NOW)
    assert not verify(b"new", new.replace("v1", "v2"), BODY, NOW)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "t=",
        f"t={NOW}",
        f"v1={KNOWN}",
        f"t={NOW},v1=",
        f"t={NOW},v1={KNOWN[:-1]}",
        f"t={NOW},v1={KNOWN}0",
        f"t={NOW},v1={KNOWN.upper()}x",
        f"t={NOW},v1=\u1ea1{KNOWN}",
        f"t={NOW},t={NOW},v1={KNOWN}",
        f"t={NOW},t=1,v1={KNOWN}",
        f"t=+{NOW},v1={KNOWN}",
        f"t=0{NOW},v1={KNOWN}",
        f"t={NOW}.0,v1={KNOWN}",
        f"t=\u0661,v1={KNOWN}",
        f"t={'9' * 900},v1={KNOWN}",
        f"t={NOW},v1={KNOWN}" + ",v1=x" * 300,
        f"t={NOW};v1={KNOWN}",
    ],
)
def test_a_malformed_header_is_false(header: str | None) -> None:
    """What is missing, doubled, too long or not ASCII is False, without an exception."""
    assert verify(SECRET, header, BODY, NOW) is False


def test_an_empty_secret_verifies_nothing() -> None:
    """A receiver that lost its secret takes nothing, instead of everything."""
    assert not verify(b"", sign(b"", BODY, NOW), BODY, NOW)


@given(st.text(max_size=80), st.binary(max_size=20), st.integers())
def test_nothing_that_a_stranger_sends_raises(text: str, body: bytes, now: int) -> None:
    """Any header, body and time gives True or False, and never True by chance."""
    assert verify(SECRET, text, body, now) is False
    assert verify(SECRET, f"t={text},v1={text}", body, now) is False
