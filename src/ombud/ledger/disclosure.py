"""A commitment that can be opened in part: what somebody is shown is proven to be what was
recorded, and nothing is said of the rest.

A record is committed to part by part. Each part, its name and its value as JSON, stands behind a
key of its own that follows from the record's salt; the commitment is the hash over the parts'
hashes in order. Whoever gets a part with its key can hash it again; of a part that is kept they get
the hash alone, which says nothing. (SD-JWT, RFC 9901, does the same for tokens.) This module must
never give out the salt, and never take a file for an opening that was not opened to the end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256, shake_256
from typing import Any

import msgspec

from ombud.errors import BadLedger, catalogue
from ombud.ledger.leaf import SALT_BYTES

FORM = "ombud.opening/1"
MAX_PARTS = 200
KEY_BYTES = 16  # what RFC 9901 asks for at least
MAX_BYTES = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")

catalogue(
    L072=(
        "This statement is not what the line commits to: {detail}.",
        "Get receipt and statement of one decision from its page again, and ask the operator.",
    ),
)

_encode = msgspec.json.Encoder(order="sorted").encode


class _Opening(msgspec.Struct):
    form: str
    shown: list[str]
    kept: list[str]


def commitment(salt: bytes, parts: Mapping[str, Any]) -> bytes:
    """What a line says of a record of these parts. `salt` is 32 random bytes, of this record."""
    return _over(map(_digest, _parts(salt, parts)))


def opening(salt: bytes, parts: Mapping[str, Any], shown: Collection[str]) -> bytes:
    """The file that opens the parts `shown` of a record to whoever gets it."""
    told = dict(zip(sorted(parts), _parts(salt, parts), strict=True))
    kept = sorted(_digest(part) for name, part in told.items() if name not in shown)
    parts_shown = [part.decode() for name, part in told.items() if name in shown]
    whole = {"form": FORM, "shown": parts_shown, "kept": kept}
    return json.dumps(whole, indent=1, ensure_ascii=False).encode() + b"\n"


def verify(data: bytes, committed: str) -> dict[str, Any]:
    """The parts that an opening shows, once they and what is kept give the commitment. Raises
    `BadLedger` L072 where they do not.
    """
    if len(data) > MAX_BYTES:
        raise BadLedger("L072", detail="it is too long")
    try:
        found = msgspec.json.decode(data, type=_Opening)
        read = [msgspec.json.decode(each, type=tuple[str, str, Any]) for each in found.shown]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadLedger("L072", detail="it is no file of that form") from None
    if found.form != FORM or len(found.shown) + len(found.kept) > MAX_PARTS:
        raise BadLedger("L072", detail="it is no file of that form")
    if not all(_DIGEST.fullmatch(each) for each in found.kept):
        raise BadLedger("L072", detail="what it keeps is no hash")
    shown = {name: value for _, name, value in read}
    if len(shown) < len(read):
        raise BadLedger("L072", detail="it shows one part twice")
    digests = [*(_digest(each.encode()) for each in found.shown), *found.kept]
    if _over(digests).hex() != committed:
        raise BadLedger("L072", detail="it leads to another commitment")
    return shown


def _parts(salt: bytes, parts: Mapping[str, Any]) -> list[bytes]:
    """The parts in the order of their names, as they are hashed and shown: the key that is its own,
    its name, its value. All keys are one stream from the salt: none says anything of another.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, this one has {len(salt)}")
    keys = shake_256(b"parts" + salt).hexdigest(KEY_BYTES * len(parts))
    size = 2 * KEY_BYTES
    return [
        _encode((keys[at * size : (at + 1) * size], name, parts[name]))
        for at, name in enumerate(sorted(parts))
    ]


def _digest(part: bytes) -> str:
    return sha256(part).hexdigest()


def _over(digests: Iterable[str]) -> bytes:
    """The commitment: over the form's name and all digests, in their own order."""
    return sha256("\n".join([FORM, *sorted(digests)]).encode()).digest()
