"""Names: random ids that say nothing, keyed tokens that stand for something."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import ids

KEY = bytes(range(32))
OTHER_KEY = bytes(32)


def test_random_ids_are_long_and_differ() -> None:
    """An id holds 128 random bits in URL-safe letters, after its prefix."""
    drawn = {ids.new_id("dec") for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(re.fullmatch(r"dec_[A-Za-z0-9_-]{22}", each) for each in drawn)


@given(st.text(max_size=40), st.sampled_from(["text", "domain", "room"]))
@settings(deadline=None)
def test_a_token_fits_the_store_and_is_stable(value: str, space: str) -> None:
    """A token is the same number each time and fits a non-negative 64-bit integer."""
    token = ids.token(KEY, space, value)
    assert token == ids.token(KEY, space, value)
    assert 0 <= token < 2**63


def test_a_token_is_the_keyed_hash_it_says() -> None:
    """The upper 63 bits of BLAKE2b-64 under the key, with the name space as personalisation."""
    digest = hashlib.blake2b(b"hello", digest_size=8, key=KEY, person=b"text").digest()
    assert ids.token(KEY, "text", "hello") == int.from_bytes(digest, "big") // 2


def test_tokens_depend_on_key_space_and_value() -> None:
    """Another key, name space or value gives another token."""
    tokens = {
        ids.token(key, space, value)
        for key in (KEY, OTHER_KEY)
        for space in ("text", "domain")
        for value in ("a", "b", "")
    }
    assert len(tokens) == 12


def test_a_token_of_half_a_character_does_not_fail() -> None:
    """A value that holds a lone surrogate has a token, apart from every other."""
    assert ids.token(KEY, "text", "\ud800") != ids.token(KEY, "text", "\udfff")


def test_a_long_name_space_is_refused() -> None:
    """BLAKE2b cuts nothing: a name space beyond 16 bytes is a programming error."""
    assert len(ids.keyed_digest(KEY, "x" * 16, b"")) == 16
    with pytest.raises(ValueError, match="longer than 16 bytes"):
        ids.keyed_digest(KEY, "x" * 17, b"")


def test_keyed_digests_depend_on_key_space_and_content() -> None:
    """Another key, name space or content gives another digest."""
    digests = {
        ids.keyed_digest(key, space, content)
        for key in (KEY, OTHER_KEY)
        for space in ("identity", "content")
        for content in (b"", b"a")
    }
    assert len(digests) == 8


def test_mixing_keeps_the_order() -> None:
    """One token for several: the order counts, and so does how many there are."""
    mixed = {ids.mix(tokens) for tokens in ((1, 2), (2, 1), (1,), (1, 2, 0), ())}
    assert len(mixed) == 5
    assert all(0 <= each < 2**63 for each in mixed)


def test_what_no_encoding_can_hold_becomes_a_question_mark() -> None:
    """Halves of characters, which a request can bring; everything else stays as it is."""
    assert ids.encodable("a\ud800b\udfff") == "a?b?"
    assert ids.encodable("Thảo 🐦\u202e\0") == "Thảo 🐦\u202e\0"
