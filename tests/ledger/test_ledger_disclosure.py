"""A commitment opened in part: what is shown was recorded so, and what is kept says nothing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.errors import BadLedger
from ombud.ledger import disclosure
from outsider import statement

SALT = bytes(range(32))
PARTS: dict[str, Any] = {
    "id": "dec_1",
    "what": {"en": "Held.", "vi": "Đã giữ \u202e"},
    "secret": "rare coins",
    "none": None,
}
COMMITTED = disclosure.commitment(SALT, PARTS).hex()
SHOWN = ("id", "what", "none")
FILE = disclosure.opening(SALT, PARTS, SHOWN)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def refused(data: bytes, committed: str = COMMITTED) -> str:
    """Why a file is no opening."""
    with pytest.raises(BadLedger, match="L072") as caught:
        disclosure.verify(data, committed)
    return caught.value.message


def changed(**fields: Any) -> bytes:
    """The file with another field."""
    return json.dumps({**json.loads(FILE), **fields}).encode()


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), values, max_size=6), st.data())
def test_any_parts_can_be_shown(parts: dict[str, Any], data: st.DataObject) -> None:
    """Whichever they are: they come out as they went in, here and at an outsider's."""
    shown = data.draw(st.sets(st.sampled_from(sorted(parts)))) if parts else set()
    file = disclosure.opening(SALT, parts, shown)
    committed = disclosure.commitment(SALT, parts).hex()
    assert disclosure.verify(file, committed) == {name: parts[name] for name in shown}
    assert statement.commitment(json.loads(file)) == committed


def test_what_is_kept_cannot_be_guessed() -> None:
    """Neither value nor key nor salt stands in the file, and the hash is under a key."""
    assert b"rare coins" not in FILE
    assert b"secret" not in FILE
    assert SALT.hex().encode() not in FILE
    (kept,) = json.loads(FILE)["kept"]
    for guess in ('"rare coins"', '["secret","rare coins"]', "rare coins"):
        assert hashlib.sha256(guess.encode()).hexdigest() != kept
    other = disclosure.opening(SALT[::-1], PARTS, SHOWN)
    assert json.loads(other)["kept"] != [kept]


def test_nothing_else_leads_to_the_commitment() -> None:
    """Another value, name, key, part or form, a part left out or twice, another line."""
    told = json.loads(FILE)
    shown, kept = told["shown"], told["kept"]
    assert set(disclosure.verify(FILE, COMMITTED)) == set(SHOWN)
    for each in (
        changed(shown=[shown[0].replace("dec_1", "dec_2"), *shown[1:]]),
        changed(shown=[each.replace("what", "why") for each in shown]),
        changed(shown=shown[1:]),
        changed(kept=[]),
        changed(kept=[*kept, "0" * 64]),
        changed(shown=[*shown, '["00","more","x"]']),
    ):
        assert "another commitment" in refused(each)
        assert statement.commitment(json.loads(each)) != COMMITTED
    assert "another commitment" in refused(FILE, "0" * 64)
    assert "twice" in refused(changed(shown=[shown[0], shown[0]]))
    assert "no hash" in refused(changed(kept=["\n" + kept[0]]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        changed(form="ombud.opening/2"),
        changed(shown=["x"]),
        changed(shown=['["k","name"]']),
        changed(shown=[1]),
        changed(kept=["0" * 64] * (disclosure.MAX_PARTS + 1)),
        FILE + b" " * disclosure.MAX_BYTES,
    ],
)
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    """Whatever it is, in few words that quote nothing of it."""
    assert len(refused(data)) < 200


def test_a_salt_has_its_length() -> None:
    """A shorter one could be guessed."""
    with pytest.raises(ValueError, match="32 bytes"):
        disclosure.commitment(b"short", PARTS)
