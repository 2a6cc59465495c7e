"""Leaves: a closed set of fields, one spelling, and nothing that names a person."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.public_log import entry, flipped, refused
from ombud.errors import BadLedger
from ombud.ledger import leaf
from ombud.ledger.leaf import Leaf

FULL: dict[str, Any] = {
    "action": "hold",
    "automated": True,
    "clause": "spam.links",
    "commitment": "0123456789abcdef" * 4,
    "day": "2026-11-22",
    "id": "dec_5Zq-_",
    "outcome": "upheld",
    "rule": "thành-viên-mới",
    "type": "decision",
    "version": "v1:9f86d0",
}
NEEDED = ("commitment", "day", "id", "type")


def spelled(fields: object) -> bytes:
    """Canonical JSON by Python's own encoder."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def test_the_types_are_the_closed_list() -> None:
    """The types are those that the design lists, `review`: that a case was judged, also where no
    decision came of it (ARCHITECTURE.md, "A release is an undoing"), `staff`: who may act
    changed, and `handover`: the log has another key.
    """
    from_the_design = (
        "decision, notice, appeal, outcome, undo, config, clause, certificate, standing_order, "
        "emergency, demotion, demand, erasure, replay, publication, ended"
    )
    added = ("handover", "review", "staff")
    assert sorted(leaf.LEAF_TYPES) == sorted([*from_the_design.split(", "), *added])


def test_a_leaf_has_no_field_for_a_person() -> None:
    """The fields are those of promise 7; a new one must be argued for here."""
    assert sorted(Leaf.__struct_fields__) == sorted(FULL)


def test_encoding_is_canonical_json() -> None:
    """The bytes are those of Python's JSON encoder with sorted keys, no spaces, no escapes."""
    assert leaf.encode_leaf(Leaf(**FULL)) == spelled(FULL)
    short: dict[str, Any] = {name: FULL[name] for name in NEEDED}
    assert leaf.encode_leaf(Leaf(**short)) == spelled(short)
    assert leaf.parse_leaf(spelled(FULL)) == Leaf(**FULL)


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=70)


@settings(max_examples=200, deadline=None)
@given(words, words, st.sampled_from([None, True, False]))
def test_what_is_encoded_is_parsed_and_canonical(
    clause: str, outcome: str, automated: bool | None
) -> None:
    """Any text either is refused or comes back the same from canonical, bounded bytes."""
    given_leaf = Leaf(**{**FULL, "clause": clause, "outcome": outcome, "automated": automated})
    try:
        data = leaf.encode_leaf(given_leaf)
    except BadLedger:
        return
    assert leaf.parse_leaf(data) == given_leaf
    assert data == spelled({**json.loads(data)})
    assert len(data) <= leaf.MAX_LEAF_BYTES


def test_the_longest_leaf_fits() -> None:
    """All fields at their full length, of the widest characters, stay within the bound."""
    wide: dict[str, Any] = {name: "\U0001f600" * limit for name, limit in leaf.MAX_LENGTHS.items()}
    longest = Leaf(**{**FULL, **wide, "id": "x" * 64, "version": "x" * 64})
    assert len(leaf.encode_leaf(longest)) <= leaf.MAX_LEAF_BYTES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "allow"),
        ("type", None),
        ("id", ""),
        ("id", "x" * 65),
        ("id", "a b"),
        ("id", "a\n"),
        ("id", 7),
        ("day", "2026-02-30"),
        ("day", "20261122"),
        ("day", "2026-11-22T00:00:00Z"),
        ("day", "2026-W47-7"),
        ("day", "\u0662026-11-22"),
        ("commitment", "ab" * 31),
        ("commitment", "AB" * 32),
        ("commitment", None),
        ("automated", 1),
        ("automated", "yes"),
        ("version", ""),
        ("version", "x" * 65),
        ("version", "a b"),
        ("clause", ""),
        ("clause", "x" * 129),
        ("action", "x" * 65),
        ("rule", "x" * 129),
        ("outcome", "x" * 65),
        ("outcome", 0.5),
        ("rule", "a\x00b"),
        ("rule", "a\u202eb"),
        ("rule", "a\u200bb"),
        ("rule", "a\ud800b"),
        ("rule", ["a"]),
    ],
)
def test_a_wrong_value_is_not_written_and_not_read(name: str, value: object) -> None:
    """Wrong types, forms, lengths and hidden characters are refused, with the field's path."""
    wrong = {**FULL, name: value}
    with pytest.raises(BadLedger, match=r"^L050 ") as caught:
        leaf.encode_leaf(Leaf(**wrong))
    assert caught.value.where == f"$.{name}"
    with refused("L051"):
        leaf.parse_leaf(json.dumps(wrong, sort_keys=True, separators=(",", ":")).encode())


def test_an_unknown_field_is_refused() -> None:
    """There is no way to write a field that the leaf does not have, nor to have one read."""
    with pytest.raises(TypeError):
        Leaf(**{**FULL, "account": "acct_9"})
    with refused("L051"):
        leaf.parse_leaf(spelled({**FULL, "account": "acct_9"}))


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_field_is_refused(name: str) -> None:
    """Type, id, day and commitment must be there."""
    with refused("L051"):
        leaf.parse_leaf(spelled({key: FULL[key] for key in FULL if key != name}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"action":' + b"[" * 4000,
        b"\xff",
        spelled(FULL) + b"\n",
        b" " + spelled(FULL),
        spelled(FULL).replace(b'":', b'": '),
        spelled(FULL).replace(b"hold", b"h\\u006fld"),
        spelled(FULL).replace(b"hold", b"ho\\/ld"),
        spelled(FULL).replace(b"hold", b"\\ud800"),
        spelled(FULL).replace(b"hold", b"\xed\xa0\x80"),
        spelled(FULL).replace(b'{"action"', b'{"action":"warn","action"'),
        spelled(FULL).replace(b"true", b"1"),
        spelled(FULL).replace(b"true", b"1.0"),
        spelled({**FULL, "version": None}),
        json.dumps(dict(reversed(FULL.items())), separators=(",", ":")).encode(),
        json.dumps(FULL, separators=(",", ":")).encode(),
        b"\xef\xbb\xbf" + spelled(FULL),
        spelled(FULL) + b" " * leaf.MAX_LEAF_BYTES,
    ],
)
def test_other_spellings_are_refused(data: bytes) -> None:
    """White space, escapes, another order, repeated keys, null, and what is no leaf fail."""
    with refused("L051"):
        leaf.parse_leaf(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_refused_calmly(data: bytes) -> None:
    """Arbitrary bytes are refused as `BadLedger` and nothing else."""
    with refused("L051"):
        leaf.parse_leaf(data)


@given(st.integers(0, 8 * len(entry(7)) - 1))
def test_a_flipped_bit_is_another_leaf_or_none(bit: int) -> None:
    """No two byte strings are read as the same leaf."""
    try:
        changed = leaf.parse_leaf(flipped(entry(7), bit))
    except BadLedger:
        return
    assert changed != leaf.parse_leaf(entry(7))


def test_a_commitment_is_the_hash_of_salt_and_record() -> None:
    """It is SHA-256 over the 32-byte salt and the record; a salt of another length is refused."""
    salt = bytes(range(32))
    assert leaf.commitment(salt, b"record") == sha256(salt + b"record").digest()
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="salt"):
            leaf.commitment(wrong, b"record")


def test_a_leaf_does_not_change() -> None:
    """A leaf is frozen."""
    written = Leaf(**FULL)
    with pytest.raises(AttributeError):
        written.action = "warn"  # type: ignore[misc]
