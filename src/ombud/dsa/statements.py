"""All statements of reasons of a community, in files: one batch a line, ready to be sent.

They are written one after another, in short reads: a million need no more memory than a thousand.
A file is whole or not there. This module must never give a statement its id: the engine does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ombud import clock, filing
from ombud.config import Dsa
from ombud.dsa.norms import Norms
from ombud.dsa.statement import Writer
from ombud.egress import REQUEST_BYTES_MAX
from ombud.errors import BadUse, catalogue
from ombud.store.sqlite import Store

catalogue(
    U381=(
        "{path} cannot be written: {detail}.",
        "Name a folder that can be written, with --out.",
    ),
)

BATCH_MAX = filing.BATCH_MAX  # statements that the database takes together
BATCH_BYTES_MAX = REQUEST_BYTES_MAX - 1024
LINES_MAX = 1000  # batches in one file
READ_AT_ONCE = 5_000
REFUSED_SHOWN = 100
NAME = "statements-{:04}.ndjson"
BEGIN, END = b'{"statements":[', b"]}"

Progress = Callable[[int], None]
Begin = Callable[[int], Progress | None]
Ask = Callable[..., Any]  # has the engine do something (`session.asking`)

_encode = msgspec.json.Encoder().encode


class Batch(NamedTuple):
    """Statements that go together: their ids, and the body of the request."""

    puids: tuple[str, ...]
    body: bytes


class Kept(NamedTuple):
    """What was written: how many statements, in how many batches, in which files."""

    statements: int
    batches: int
    files: tuple[str, ...]


def file(ask: Ask, store: Store) -> int:
    """Have every decision that restricted somebody given its id; how many new ones there are."""
    found, after = 0, -1
    while row := store.one("next_unfiled", {"after": after, "actions": filing.ACTIONS_TOLD}):
        found += int(ask("file statements", after=row[0] - 1))
        after = row[0] - 1 + filing.AT_ONCE
    return found


def every(
    store: Store, terms: Dsa, states: Sequence[str], progress: Progress | None = None
) -> Iterator[tuple[str, bytes]]:
    """The statements in some states, in the order of the log: each its id and its JSON."""
    writer, after, done = Writer(Norms(store), terms), -1, 0
    wanted = {"states": _encode(list(states)).decode(), "limit": READ_AT_ONCE}
    while rows := store.all("filings", {**wanted, "after": after}):
        for row in rows:
            yield row[1], writer.write(row)
        after, done = rows[-1][0], done + len(rows)
        if progress is not None:
            progress(done)


def batches(statements: Iterable[tuple[str, bytes]]) -> Iterator[Batch]:
    """Statements by the hundred, and fewer where they are long."""
    puids: list[str] = []
    parts: list[bytes] = []
    size = 0
    for puid, content in statements:
        if parts and (len(parts) == BATCH_MAX or size + len(content) > BATCH_BYTES_MAX):
            yield Batch(tuple(puids), BEGIN + b",".join(parts) + END)
            puids, parts, size = [], [], 0
        puids.append(puid)
        parts.append(content)
        size += len(content) + 1
    if parts:
        yield Batch(tuple(puids), BEGIN + b",".join(parts) + END)


def write(found: Iterable[Batch], out: Path) -> Kept:
    """Write batches into files of a folder, and take away those of an earlier time that there are
    no statements for now. Raises BadUse U381.
    """
    names: list[str] = []
    statements = lines = 0
    part = None
    try:
        out.mkdir(parents=True, exist_ok=True)
        for batch in found:
            if part is None or lines % LINES_MAX == 0:
                if part is not None:
                    _whole(part, out / names[-1])
                names.append(NAME.format(len(names) + 1))
                part = (out / f"{names[-1]}.new").open("wb")
            part.write(batch.body + b"\n")
            statements, lines = statements + len(batch.puids), lines + 1
        if part is not None:
            _whole(part, out / names[-1])
        for path in out.glob(NAME.replace("{:04}", "[0-9]*")):
            if path.name not in names:
                path.unlink()
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise BadUse("U381", "--out", path=out, detail=detail) from None
    finally:
        if part is not None:
            part.close()
    return Kept(statements, lines, tuple(names))


def _whole(part: Any, path: Path) -> None:
    """Let a file that is complete stand under its name."""
    part.flush()
    os.fsync(part.fileno())
    part.close()
    path.with_name(path.name + ".new").replace(path)


def standing(store: Store) -> dict[str, Any]:
    """How many statements stand where, and what the database refused."""
    rows = {row[0]: row for row in store.all("filings_by_state")}
    waits = [row[2] for state, row in rows.items() if state in (filing.WRITTEN, filing.SENDING)]
    return {
        "statements": {state: rows[state][1] if state in rows else 0 for state in filing.STATES},
        "waits_since": clock.rfc3339(min(waits)) if waits else None,
        "refused": [
            {
                "puid": row[0],
                "decision": row[1],
                "time": clock.rfc3339(row[2]),
                "detail": row[3],
            }
            for row in store.all("refused_filings", {"limit": REFUSED_SHOWN})
        ],
    }
