"""What one line of the public log may hold: few short fields, in one canonical spelling.

A leaf says what kind of thing happened, on which day, under which clause and rule, and carries a
salted commitment to the full record, which stays in the community's own store. There is no field
for an account, a text or a person, and this module must never grow one.
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import Literal, get_args

import msgspec

from ombud.errors import BadLedger, catalogue

LeafType = Literal[
    "appeal",
    "certificate",
    "clause",
    "config",
    "decision",
    "demand",
    "demotion",
    "emergency",
    "ended",
    "erasure",
    "handover",
    "notice",
    "outcome",
    "publication",
    "replay",
    "staff",
    "review",
    "standing_order",
    "undo",
]
LEAF_TYPES: frozenset[str] = frozenset(get_args(LeafType))

SALT_BYTES = 32
MAX_LEAF_BYTES = 4096
# Characters. JSON and UTF-8 make at most four bytes of one, so a leaf stays below MAX_LEAF_BYTES.
MAX_LENGTHS = {"clause": 128, "action": 64, "rule": 128, "outcome": 64}

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VERSION = re.compile(r"[A-Za-z0-9._:+-]{1,64}")
_COMMITMENT = re.compile(r"[0-9a-f]{64}")
# Characters that a reader cannot see or that turn the text around. The ranges are fixed: a Unicode
# table that grows with Python's version would make the same log good here and bad there.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)

catalogue(
    L050=("This cannot be a line of the log: {detail}.", "See docs/reference for the fields."),
    L051=(
        "This is not a line that Ombud writes: {detail}.",
        "The log was written by another program or changed.",
    ),
)


class Leaf(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,  # reading stops there, however deep an unknown value goes
):
    """One line of the log. The fields stand in alphabetical order: that is the canonical order.

    `id` is random, `day` a UTC day `2026-11-22`, `commitment` 64 hex digits of `commitment()`,
    `automated` whether a rule acted without a person, `version` the rule's or the clause's.
    """

    action: str | None = None
    automated: bool | None = None
    clause: str | None = None
    commitment: str
    day: str
    id: str
    outcome: str | None = None
    rule: str | None = None
    type: LeafType
    version: str | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Leaf)


def commitment(salt: bytes, record: bytes) -> bytes:
    """SHA-256(salt || record): binds to the record, and says nothing once the salt is gone.

    `salt` is 32 random bytes, drawn anew for each record; of another length it is a `ValueError`.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, this one has {len(salt)}")
    return sha256(salt + record).digest()


def encode_leaf(leaf: Leaf) -> bytes:
    """The leaf as canonical JSON: sorted keys, no spaces, UTF-8, absent fields left out.

    Raises `BadLedger` for a value of a wrong type, a wrong form or too great a length: whatever
    this returns, `parse_leaf` takes.
    """
    fault = _fault(leaf)
    if fault:
        raise BadLedger("L050", where=f"$.{fault[0]}", detail=fault[1])
    return _ENCODER.encode(leaf)


def parse_leaf(data: bytes) -> Leaf:
    """Read a leaf. Raises `BadLedger` unless `data` is exactly what `encode_leaf` writes."""
    if len(data) > MAX_LEAF_BYTES:
        raise BadLedger("L051", detail=f"it is longer than {MAX_LEAF_BYTES} bytes")
    try:
        leaf = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # The cause may quote the hostile line, so it is not passed on.
        raise BadLedger("L051", detail="it is not JSON with the fields of a leaf") from None
    fault = _fault(leaf)
    if fault:
        raise BadLedger("L051", where=f"$.{fault[0]}", detail=fault[1])
    if _ENCODER.encode(leaf) != data:
        raise BadLedger("L051", detail="it is not in its canonical spelling")
    return leaf


def _fault(leaf: Leaf) -> tuple[str, str] | None:
    """The first field that is wrong and how, or nothing. Types are checked too."""
    if leaf.type not in LEAF_TYPES:
        return "type", "there is no such type"
    if not _matches(_ID, leaf.id):
        return "id", "an id is 1 to 64 letters, digits, - and _"
    if not _is_day(leaf.day):
        return "day", "a day reads 2026-11-22"
    if not _matches(_COMMITMENT, leaf.commitment):
        return "commitment", "a commitment is 64 hex digits"
    if leaf.version is not None and not _matches(_VERSION, leaf.version):
        return "version", "a version is 1 to 64 letters, digits and . _ : + -"
    automated: object = leaf.automated
    if automated is not None and not isinstance(automated, bool):
        return "automated", "it is yes or no"
    for name, limit in MAX_LENGTHS.items():
        value = getattr(leaf, name)
        if value is None:
            continue
        if not isinstance(value, str) or not 0 < len(value) <= limit:
            return name, f"it is 1 to {limit} characters of text"
        if _HIDDEN.search(value):
            return name, "it holds a character that cannot be seen"
    return None


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
