"""The store: versions it refuses, transactions that hold, and statements that fit the tables."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

import ombud
from flow.small_community import (
    NOW,
    RULES,
    agrees_with_replay,
    crowd,
    hold_together,
    line,
    prepare,
    rows,
)
from ombud import journal
from ombud.app import Engine
from ombud.errors import BadData
from ombud.ledger import leaf
from ombud.reading import Reader, reading
from ombud.store import sqlite
from ombud.store.sqlite import SCHEMA_VERSION, Connection, Store

QUERIES = sqlite.named(sqlite.text_of("queries.sql"))
SOURCE = Path(ombud.__file__).parent
HEAD = {"seq": 1, "recv": 5, "config": 0, "leaves": 0, "frontier": b"", "epoch": 0}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new community's store."""
    opened = Store(tmp_path / "ombud.db")
    assert opened.prepare("log.example", b"")
    yield opened
    opened.close()


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["3.51.2", "3.50.99", "3.51.2.1", "3.9.0", "2.99.99"])
def test_an_sqlite_that_can_lose_data_is_refused(version: str) -> None:
    """Versions before 3.51.3 are D001, compared as numbers."""
    with pytest.raises(BadData) as caught:
        sqlite.require_version(version)
    assert caught.value.code == "D001"
    assert version in caught.value.message


@pytest.mark.parametrize("version", ["3.51.3", "3.51.10", "3.52.0", "3.100.0", "4.0.0"])
def test_a_sound_sqlite_is_taken(version: str) -> None:
    """Version 3.51.3 and later ones are taken."""
    sqlite.require_version(version)


def test_the_version_is_checked_when_a_file_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No connection is made with a version that is refused, and no file."""
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    with pytest.raises(BadData) as caught:
        Store(tmp_path / "ombud.db")
    assert caught.value.code == "D001"
    assert not (tmp_path / "ombud.db").exists()


def test_a_file_of_another_schema_is_refused(store: Store) -> None:
    """A file that another version of the program wrote is D002, not guessed at."""
    store.connection.execute("UPDATE head SET version = 99")
    with pytest.raises(BadData) as caught:
        store.check_version()
    assert caught.value.code == "D002"
    assert "99" in caught.value.message


def test_reading_needs_a_community(tmp_path: Path) -> None:
    """Opening a file that is not there for reading is D004 and creates nothing."""
    with pytest.raises(BadData) as caught:
        Store(tmp_path / "ombud.db", readonly=True)
    assert caught.value.code == "D004"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A path that cannot be a database is D003 with the path."""
    with pytest.raises(BadData) as caught:
        Connection(tmp_path, readonly=False, queries={})
    assert (caught.value.code, caught.value.where) == ("D003", str(tmp_path))


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """A file that holds something else is D003 and stays as it is."""
    path = tmp_path / "ombud.db"
    path.write_bytes(b"a diary" * 1000)
    with pytest.raises(BadData) as caught:
        Store(path)
    assert caught.value.code == "D003"
    assert path.read_bytes() == b"a diary" * 1000


# --- transactions ---------------------------------------------------------------------------------


def test_an_exception_rolls_everything_back(store: Store) -> None:
    """Nothing of a transaction that raised is there afterwards, and the next one works."""

    def fail() -> None:
        with store.transaction():
            store.run("add_body", (1, b"sealed"))
            assert store.run("move_head", HEAD) == 1
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    head = (sqlite.SCHEMA_VERSION, 0, 0, 0, 0, 0, b"", "log.example", 0, None)
    assert store.one("head") == head
    assert store.connection.execute("SELECT count(*) FROM body").fetchone() == (0,)
    with store.transaction():
        store.run("add_body", (1, b"sealed"))
    assert store.connection.execute("SELECT count(*) FROM body").fetchone() == (1,)


def test_an_interrupt_rolls_back_too(store: Store) -> None:
    """Not only errors: whatever ends a transaction early undoes it."""

    def interrupt() -> None:
        with store.transaction():
            store.run("add_body", (1, b"sealed"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert store.connection.execute("SELECT count(*) FROM body").fetchone() == (0,)


def test_a_statement_that_fails_undoes_the_ones_before(store: Store) -> None:
    """A broken constraint in the middle leaves nothing of the transaction."""
    with pytest.raises(apsw.ConstraintError), store.transaction():
        store.many("add_body", [(1, b"a"), (2, b"b"), (1, b"again")])
    assert store.connection.execute("SELECT count(*) FROM body").fetchone() == (0,)


def test_a_later_writer_fences_off_the_one_before(store: Store) -> None:
    """After a take-over the earlier epoch moves nothing any more."""
    assert store.run("move_head", HEAD) == 1
    assert store.run("take_over", {"epoch": 0, "seq": 0}) == 0  # the head has moved on since
    assert store.run("take_over", {"epoch": 0, "seq": 1}) == 1
    assert store.run("move_head", {**HEAD, "seq": 2}) == 0
    assert store.run("move_head", {**HEAD, "seq": 2, "epoch": 1}) == 1


def test_a_reader_sees_commits_and_writes_nothing(store: Store) -> None:
    """A read-only connection reads what is committed and cannot change it."""
    reader = Store(store.path, readonly=True)
    with store.transaction():
        store.run("add_body", (1, b"sealed"))
        assert reader.connection.execute("SELECT count(*) FROM body").fetchone() == (0,)
    assert reader.connection.execute("SELECT count(*) FROM body").fetchone() == (1,)
    with pytest.raises(apsw.ReadOnlyError):
        reader.run("add_body", (2, b"sealed"))
    reader.close()


def test_everything_is_there_when_a_file_is_opened_again(store: Store) -> None:
    """A second opening finds the community and creates nothing."""
    with store.transaction():
        store.run("add_body", (1, b"sealed"))
    again = Store(store.path)
    assert not again.prepare("other.example", b"x")
    assert again.one("head") == store.one("head")
    again.close()


def test_commits_are_durable_and_logs_are_wiped(store: Store) -> None:
    """The settings that durability and erasure rest on are in force on the writer's connection."""
    found = {
        name: store.connection.pragma(name)
        for name in ("journal_mode", "synchronous", "secure_delete", "wal_autocheckpoint")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "wal_autocheckpoint": 0,
    }


def test_the_log_is_folded_in_off_the_writers_thread(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long write-ahead log makes the writer ask for a checkpoint, and commits go on."""
    asked = []
    assert store._checkpointer is not None
    monkeypatch.setattr(sqlite, "WAL_PAGES_MAX", 10)
    monkeypatch.setattr(store._checkpointer, "ask", lambda: asked.append(1))
    with store.transaction():
        store.many("add_body", [(seq, bytes(4000)) for seq in range(1, 50)])
    assert asked


# --- statements and tables ------------------------------------------------------------------------


def test_statements_are_named_once() -> None:
    """A name given twice is an error, and what stands before the first name is no statement."""
    assert sqlite.named(
        "-- What this file is: prose\nx\n-- a: first\nSELECT 1;\n-- b: second\n2;"
    ) == {
        "a": "SELECT 1;\n",
        "b": "2;\n",
    }
    with pytest.raises(ValueError, match="twice"):
        sqlite.named("-- a: first\nSELECT 1;\n-- a: again\nSELECT 2;")


def test_the_main_file_holds_no_keys(store: Store) -> None:
    """No table of the main file is one of the key file's: a backup cannot carry them along."""
    tables = {row[0] for row in store.connection.execute("SELECT name FROM sqlite_schema")}
    assert not tables & {"key", "account", "body_key", "decision_key"}
    assert stat.S_ISREG(store.path.stat().st_mode)


# --- files of earlier schemas ---------------------------------------------------------------------


def shape(path: Path) -> dict[str, object]:
    """Tables with their columns and indexes with theirs, as SQLite reports them."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)

    def asked(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query).fetchall()

    found: dict[str, object] = {}
    for kind, name, table, sql in asked("SELECT type, name, tbl_name, sql FROM sqlite_schema"):
        if kind == "table":
            found[name] = asked(f"PRAGMA table_info({name})")
        else:
            listed = [row[2:] for row in asked(f"PRAGMA index_list({table})") if row[1] == name]
            where = str(sql).partition(" WHERE ")[2]
            found[name] = (table, asked(f"PRAGMA index_xinfo({name})"), listed, where)
    connection.close()
    return found


EARLIER = range(1, SCHEMA_VERSION)


def of_schema(version: int, path: Path) -> apsw.Connection:
    """An empty file as an earlier version of the program made it."""
    connection = apsw.Connection(str(path))
    schema = Path(__file__).parent / f"schema_{version}.sql"
    connection.execute(schema.read_text(encoding="utf-8"))
    connection.execute(
        "INSERT INTO head (one, version, epoch, seq, recv, config, leaves, frontier, origin)"
        " VALUES (1, ?, 0, 0, 0, 0, 0, x'', 'log.example')",
        (version,),
    )
    return connection


@pytest.mark.parametrize("version", EARLIER)
def test_an_upgraded_file_is_like_a_new_one(version: int, store: Store, tmp_path: Path) -> None:
    """The same tables, columns in the same order, defaults and indexes as today's schema makes."""
    of_schema(version, tmp_path / "old.db").close()
    assert shape(tmp_path / "old.db") != shape(store.path)
    upgraded = Store(tmp_path / "old.db")
    assert not upgraded.prepare("other.example", b"")
    upgraded.check_version()
    upgraded.close()
    assert shape(tmp_path / "old.db") == shape(store.path)


def test_a_broken_upgrade_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it fails in the middle, the file is as it was, and the next start does it whole."""
    of_schema(SCHEMA_VERSION - 1, tmp_path / "old.db").close()
    before, text_of = shape(tmp_path / "old.db"), sqlite.text_of
    broken = text_of(f"upgrade_{SCHEMA_VERSION}.sql") + "\nSELECT no_such_column FROM head;"
    monkeypatch.setattr(sqlite, "text_of", lambda _: broken)
    opened = Store.__new__(Store)
    Connection.__init__(opened, tmp_path / "old.db", readonly=False, queries=QUERIES)
    with pytest.raises(apsw.SQLError):
        opened._upgrade()
    opened.connection.close()
    assert shape(tmp_path / "old.db") == before
    monkeypatch.undo()
    again = Store(tmp_path / "old.db")
    again.prepare("other.example", b"")
    again.close()
    assert shape(tmp_path / "old.db") != before


def to_schema(version: int, folder: Path) -> None:
    """Turn a community's file into one of an earlier schema with all rows it had columns for."""
    path = folder / "ombud.db"
    new = path.rename(folder / "new.db")
    old = of_schema(version, path)
    old.execute("DELETE FROM head")
    old.execute("ATTACH ? AS new", (str(new),))
    listed = "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
    for (table,) in old.execute(listed).fetchall():
        columns = ", ".join(row[1] for row in old.execute(f"PRAGMA main.table_info({table})"))
        copied = f"SELECT {columns} FROM new.{table}"  # noqa: S608
        old.execute(f"INSERT INTO {table} ({columns}) {copied}")
    old.execute("UPDATE head SET version = ?", (version,))
    old.close()
    for left in folder.glob("new.db*"):
        left.unlink()


def kept(version: int, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables of an earlier schema, in the columns it had."""
    old = of_schema(version, folder / "empty.db")
    found: dict[str, list[tuple[object, ...]]] = {}
    for (table,) in old.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        columns = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
        names = ", ".join(each for each in columns if each not in ("epoch", "version"))
        found[str(table)] = rows(folder, f"SELECT {names} FROM {table} ORDER BY 1, 2")  # noqa: S608
    old.close()
    (folder / "empty.db").unlink()
    return found


@pytest.mark.parametrize("version", EARLIER)
def test_a_community_of_an_earlier_schema_goes_on(
    version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its data is kept, its past comes out the same, and it is judged, undone and told on. Its
    program acted on no earlier members of a campaign, and drew the salts of its lines.
    """
    folder = prepare(
        tmp_path, {name: each.replace("hold campaign", "hold this") for name, each in RULES.items()}
    )
    monkeypatch.setattr(journal, "line_salt", lambda *_: os.urandom(leaf.SALT_BYTES))
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(each) for each in crowd(61, 120)])
        engine.undo("admin", rule="same-text")
        engine.erase("chat", "person1")
    monkeypatch.undo()
    before = kept(version, folder)
    to_schema(version, folder)
    with pytest.raises(BadData, match="D002"):
        Reader(folder)
    with Engine(folder, now=lambda: NOW, activate=False) as engine:
        assert kept(version, folder) == before
        agrees_with_replay(engine)
    with Engine(folder, now=lambda: NOW) as engine:
        assert kept(version, folder)["journal"] == before["journal"]  # the same configuration, too
        engine.submit([line(each) for each in crowd(62, 60, 120)])
        assert engine.undo("admin", rule="bags")
        agrees_with_replay(engine)
    hold_together(folder)
    with reading(folder) as reader:
        assert reader.replay_check().different == 0
        assert any(each["undone_by"] for each in reader.decisions())
