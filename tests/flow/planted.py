"""What anybody could still read of a folder: each sealed thing tried with each key that is left,
and each file as it lies there.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import apsw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ombud.app import KEY_FILE
from ombud.config import STORE_FILE

NONCE = bytes(12)
SHORT = 7  # bytes: what is shorter stands anywhere
OPERATORS = (".rule", ".md", ".txt", ".toml")


def asked(file: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of a question to any file."""
    found = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return list(found.execute(query))
    finally:
        found.close()


def keys_of(folder: Path) -> list[bytes]:
    """Every key of something sealed that a folder's key file has."""
    query = "SELECT key FROM body_key UNION SELECT key FROM decision_key"
    return [row[0] for row in asked(folder / KEY_FILE, query)]


def opened(store: Path, keys: Iterable[bytes]) -> list[bytes]:
    """Whatever any of these keys opens in a store, whichever table it stands in."""
    tables = asked(
        store, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%sealed%'"
    )
    seals = [AESGCM(key) for key in keys]
    found = []
    for (table,) in tables:
        columns = [row[1] for row in asked(store, f"PRAGMA table_info({table})")]
        for row in asked(store, f"SELECT * FROM {table}"):  # noqa: S608
            of = dict(zip(columns, row, strict=True))
            names = {str(each).encode() for each in row if isinstance(each, str)}
            names |= {b"body %d" % each for each in row if isinstance(each, int)}
            names |= {name + b".words" for name in names}
            tries = [(seal, sealed) for seal in seals for sealed in (of["sealed"], of.get("words"))]
            for seal, sealed in tries:
                if not sealed:
                    continue
                found += [plain for name in names if (plain := _tried(seal, sealed, name))]
    return found


def _tried(seal: AESGCM, sealed: bytes, name: bytes) -> bytes | None:
    try:
        return seal.decrypt(NONCE, sealed, name)
    except InvalidTag:
        return None


def lying(folder: Path, secrets: Iterable[bytes]) -> set[str]:
    """In which files of a folder, the operator's own apart, any of these bytes stand."""
    wanted = list(secrets)
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.name
        for path in found
        if path.suffix not in OPERATORS and any(each in path.read_bytes() for each in wanted)
    }


def readable(folder: Path, secrets: Iterable[str], keys: Path | None = None) -> set[str]:
    """Where any of these words can be read: "sealed", or the names of files. `keys`: whose key file
    is tried, if not the folder's own.
    """
    wanted = [each.encode() for each in secrets]
    plain = opened(folder / STORE_FILE, keys_of(keys or folder))
    found = {"sealed" for each in plain for word in wanted if word in each}
    return found | lying(folder, wanted)


def written(word: str) -> set[bytes]:
    """A word in every way in which it could stand in something that is printed or published."""
    plain = word.encode()
    found = {
        plain,
        json.dumps(word)[1:-1].encode(),
        html.escape(word).encode(),
        repr(word).encode(),
    }
    found |= {quote(word).encode(), quote_plus(word).encode(), plain.hex().encode()}
    for shift in range(3):  # base64, wherever in a longer text it begins
        coded = base64.b64encode(b"\0" * shift + plain)
        found.add(coded[4 if shift else 0 : -4])
    return {each for each in found if len(each) > SHORT}


def told_in(content: bytes, words: Iterable[str]) -> set[str]:
    """Which of these words stand in something, in whatever writing."""
    lower = content.lower()
    return {word for word in words if any(each.lower() in lower for each in written(word))}
