"""SQLite: connections, transactions, and checkpoints off the writer's thread.

SQLite before 3.51.3 can corrupt a WAL file when two connections write or checkpoint at once:
refused. The writer holds one connection; readers open their own, read-only. This module must never
hold SQL of the stages: that stands, named, in `queries.sql`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

import apsw

from ombud import files
from ombud.errors import BadData, catalogue

catalogue(
    D001=(
        "SQLite {version} is too old: before 3.51.3 it can corrupt a shared file.",
        "Install a newer apsw: its wheel carries its own SQLite.",
    ),
    D002=(
        "{path} has schema {found}; this program knows schema {known}.",
        "Any command that writes brings an older file up to date; for a newer one update Ombud.",
    ),
    D004=(
        "There is no community in {path}.",
        "Run `ombud ingest` or `ombud demo` first, or name --data.",
    ),
)

SQLITE_MIN = (3, 51, 3)
SCHEMA_VERSION = 5
BUSY_WAIT_MS = 10_000
FORGET_WAIT_MS = 1000
WAL_PAGES_FULL = 12_000  # from here on the writer itself moves the rest, so that the log ends
WAL_PAGES_MAX = 4000  # about 16 MB of log before a checkpoint is asked for

Row = tuple[Any, ...]
Parameters = Sequence[object] | Mapping[str, object]


def require_version(version: str) -> None:
    """Refuse an SQLite that can lose data. `version` as the library tells it, "3.51.3"."""
    if tuple(int(part) for part in version.split(".")[:3]) < SQLITE_MIN:
        raise BadData("D001", "SQLite", version=version)


@cache
def named(text: str) -> Mapping[str, str]:
    """The statements of a file of named queries."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        head, colon, _ = line.removeprefix("-- ").partition(": ")
        if line.startswith("-- ") and colon and head.isidentifier():
            name = head
            if name in found:
                raise ValueError(f"query {name} is named twice")
            found[name] = ""
        elif name and not line.startswith("--"):
            found[name] += line + "\n"
    return MappingProxyType(found)


@cache
def text_of(name: str) -> str:
    """A file of this folder."""
    return resources.files("ombud.store").joinpath(name).read_text(encoding="utf-8")


class Connection:
    """One connection to one file, with its named queries."""

    def __init__(self, path: Path, *, readonly: bool, queries: Mapping[str, str]) -> None:
        require_version(apsw.sqlite_lib_version())
        flags = apsw.SQLITE_OPEN_READONLY if readonly else apsw.SQLITE_OPEN_READWRITE
        if not readonly:
            flags |= apsw.SQLITE_OPEN_CREATE
        self.path = path
        self.queries = queries
        if detail := files.unfit(path):  # a pipe would be waited for
            raise BadData("D003", str(path), detail=detail)
        try:
            if not readonly and not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # nobody else's business
            self.connection = apsw.Connection(str(path), flags=flags)
            self.connection.set_busy_timeout(BUSY_WAIT_MS)
            if not readonly:
                self._configure()
        except apsw.Error as error:
            raise BadData("D003", str(path), detail=str(error)) from None
        self.cursor = self.connection.cursor()

    def _configure(self) -> None:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "wal_autocheckpoint = 0",
            "secure_delete = ON",
            "foreign_keys = ON",
            "cache_size = -65536",
        ):
            self.connection.pragma(*(part.strip() for part in pragma.split("=")))

    def create(self, schema: str) -> bool:
        """Create the tables of a schema in an empty file; whether the file was empty."""
        if not self.empty:
            return False
        with self.transaction():
            self.connection.execute(schema)
        return True

    @property
    def empty(self) -> bool:
        """Whether no table is there: a first start that never came far."""
        return not self.connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One write transaction; any exception rolls it back."""
        self.begin()
        try:
            yield
            self.commit()
        except BaseException:
            self.roll_back()
            raise

    def begin(self) -> None:
        """Begin a write transaction."""
        self.cursor.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make a transaction durable."""
        self.cursor.execute("COMMIT")

    def roll_back(self) -> None:
        """Undo a transaction, where one has begun."""
        if not self.connection.get_autocommit():
            self.cursor.execute("ROLLBACK")

    def all(self, name: str, parameters: Parameters = ()) -> list[Row]:
        """All rows of a named query."""
        return self.connection.execute(self.queries[name], parameters).fetchall()

    def each(self, name: str, parameters: Parameters = ()) -> Iterator[Row]:
        """The rows of a named query, one after another."""
        return iter(self.connection.execute(self.queries[name], parameters))

    def one(self, name: str, parameters: Parameters = ()) -> Row | None:
        """The first row of a named query, or None."""
        rows: list[Row] = self.cursor.execute(self.queries[name], parameters).fetchall()
        return rows[0] if rows else None  # read to its end: else the look-up would hold the log

    def run(self, name: str, parameters: Parameters = ()) -> int:
        """Run a named statement; how many rows it changed."""
        self.cursor.execute(self.queries[name], parameters)
        return self.connection.changes()

    def many(self, name: str, rows: Iterable[Parameters]) -> None:
        """Run a named statement once for each row."""
        self.cursor.executemany(self.queries[name], rows)

    def forget_log(self, wait_ms: int = FORGET_WAIT_MS) -> bool:
        """Fold the write-ahead log in and empty it: what was deleted must not live on in it.
        Whether it is empty. Meanwhile nobody else can write, for `wait_ms` at most.

        Where a reader holds on to the log for long, that comes with the next start or the end.
        """
        self.connection.set_busy_timeout(wait_ms)
        try:
            self.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            return False
        finally:
            self.connection.set_busy_timeout(BUSY_WAIT_MS)
        return True

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class Checkpointer:
    """Moves the write-ahead log into the file, on a thread and a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wanted = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="checkpointer", daemon=True)
        self._thread.start()

    def ask(self) -> None:
        """Ask for a checkpoint; returns at once."""
        self._wanted.set()

    def close(self) -> None:
        """End the thread."""
        self._ended = True
        self._wanted.set()
        self._thread.join()

    def _run(self) -> None:
        connection = apsw.Connection(str(self._path))
        connection.set_busy_timeout(1000)
        # a connection that has read nothing does not know of the log, and would move none of it
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._ended:
                break
            try:
                connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            except apsw.Error:
                continue  # busy or no room: the writer's own commit will say so; asked again
        connection.close()


class Store(Connection):
    """The main file."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        if readonly and not path.exists():
            raise BadData("D004", str(path), path=path.parent)
        super().__init__(path, readonly=readonly, queries=named(text_of("queries.sql")))
        self._checkpointer: Checkpointer | None = None
        if not readonly:
            self._checkpointer = Checkpointer(path)
            self.connection.set_wal_hook(self._committed)

    def _committed(self, _: apsw.Connection, __: str, pages: int) -> int:
        if pages > WAL_PAGES_MAX and self._checkpointer is not None:
            self._checkpointer.ask()
        if pages > WAL_PAGES_FULL:  # under constant load the other thread never quite catches up
            with suppress(apsw.Error):  # busy or out of space: the commit stands, the next one asks
                self.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        return apsw.SQLITE_OK

    def prepare(self, origin: str, frontier: bytes) -> bool:
        """Create the tables where there are none; whether the community is new."""
        new = self.create(text_of("schema.sql"))
        if not new:
            self._upgrade()
        if self.one("head") is None:
            self.run(
                "create_head", {"version": SCHEMA_VERSION, "frontier": frontier, "origin": origin}
            )
        self.check_version()
        return new

    def _upgrade(self) -> None:
        """Bring a file of an earlier schema up to this one, a version at a time."""
        found = self._version()
        for version in range(found + 1, SCHEMA_VERSION + 1):
            with self.transaction():
                self.connection.execute(text_of(f"upgrade_{version}.sql"))

    def _version(self) -> int:
        rows: list[Row] = self.connection.execute("SELECT version FROM head").fetchall()
        return int(rows[0][0]) if rows else SCHEMA_VERSION

    def check_version(self) -> None:
        """Refuse a file of another schema, and one in which no first start ever came to its end."""
        made = "SELECT 1 FROM sqlite_schema WHERE name = 'head'"
        if not self.connection.execute(made).fetchone():
            raise BadData("D004", str(self.path), path=self.path.parent)
        found = self._version()
        if found != SCHEMA_VERSION:
            raise BadData("D002", str(self.path), path=self.path, found=found, known=SCHEMA_VERSION)

    def close(self) -> None:
        """End the checkpointer and close the connection."""
        if self._checkpointer is not None:
            self._checkpointer.close()
        super().close()
