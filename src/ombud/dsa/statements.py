"""All statements of reasons of a community, in files: one batch a line, ready to be sent.

They are written one after another, in short reads: a million need no more memory than a thousand.
A file is whole or not there. This module must never give a statement its id: the engine does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
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
LINES_END = (1 << 63) - 1  # of the log, however long it is
REFUSED_SHOWN = 100
NAME = "statements-{:04}.ndjson"
BEGIN, END = b'{"statements":[', b"]}"

Progress = Callable[[int], None]
Begin = Callable[[int], Progress | None]
Ask = Callable[..., Any]  # has the engine do something (`session.asking`)

_encode = msgspec.json.Encoder().encode


class Filing(NamedTuple):
    """A statement by its names: its decision's line in the log, and its id."""

    leaf: int
    puid: str


class Batch(NamedTuple):
    """Statements that go together: their names, and the body of the request."""

    filings: tuple[Filing, ...]
    body: bytes


class Kept(NamedTuple):
    """What was written: how many statements, in how many batches, in which files."""

    statements: int
    batches: int
    files: tuple[str, ...]


class Filer:
    """Has every decision that restricted somebody given its id. `new`: how many got one so far."""

    def __init__(self, ask: Ask, store: Store) -> None:
        self._ask = ask
        self._store = store
        self.new = 0

    def parts(self) -> Iterator[int]:
        """Part after part of the log: up to which line all have their ids."""
        after, wanted = -1, {"actions": filing.ACTIONS_TOLD}
        while row := self._store.one("next_unfiled", {**wanted, "after": after}):
            self.new += int(self._ask("file statements", after=row[0] - 1))
            after = row[0] - 1 + filing.AT_ONCE
            yield after

    def whole(self) -> int:
        """The whole log; how many got one."""
        for _ in self.parts():
            pass
        return self.new


def ahead(parts: Iterator[int]) -> Iterator[int]:
    """The same parts, of which the engine works on the next while this process writes one."""
    with ThreadPoolExecutor(1) as hands:
        coming = hands.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = hands.submit(next, parts, None)
            yield part


def every(
    store: Store,
    terms: Dsa,
    states: Sequence[str],
    progress: Progress | None = None,
    parts: Iterable[int] = (),
) -> Iterator[tuple[Filing, bytes]]:
    """The statements in some states, in the order of the log: each its names and its JSON. Those of
    each of `parts`, lines of the log, are read as soon as it comes. `progress` hears of lines.
    """
    writer, after = Writer(Norms(store), terms), -1
    wanted = {"states": _encode(list(states)).decode(), "limit": READ_AT_ONCE}
    for until in chain(parts, (LINES_END,)):
        while rows := store.all("filings", {**wanted, "after": after, "until": until}):
            for row in rows:
                yield Filing(row[0], row[1]), writer.write(row)
            after = rows[-1][0]
            if progress is not None:
                progress(after + 1)


def batches(statements: Iterable[tuple[Filing, bytes]]) -> Iterator[Batch]:
    """Statements by the hundred, and fewer where they are long."""
    filings: list[Filing] = []
    parts: list[bytes] = []
    size = 0
    for names, content in statements:
        if parts and (len(parts) == BATCH_MAX or size + len(content) > BATCH_BYTES_MAX):
            yield Batch(tuple(filings), BEGIN + b",".join(parts) + END)
            filings, parts, size = [], [], 0
        filings.append(names)
        parts.append(content)
        size += len(content) + 1
    if parts:
        yield Batch(tuple(filings), BEGIN + b",".join(parts) + END)


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
            statements, lines = statements + len(batch.filings), lines + 1
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
                "puid": row[1],
                "decision": row[2],
                "time": clock.rfc3339(row[3]),
                "detail": row[4],
            }
            for row in store.all("refused_filings", {"limit": REFUSED_SHOWN})
        ],
    }
