"""The statements of the store: each fits its tables, is asked for, and stands nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ombud
from ombud.store import sqlite
from ombud.store.keyfile import _QUERIES as KEY_QUERIES
from ombud.store.sqlite import Connection, Store

QUERIES = sqlite.named(sqlite.text_of("queries.sql"))
SOURCE = Path(ombud.__file__).parent


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that nothing is ever written to: statements are compiled against it."""
    opened = Store(tmp_path_factory.mktemp("tables") / "ombud.db")
    assert opened.prepare("log.example", b"")
    yield opened
    opened.close()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_every_statement_fits_the_tables(name: str, tables: Store) -> None:
    """Each named statement is one statement that compiles against the schema."""
    sql = QUERIES[name].strip()
    assert sql.count(";") == 1
    assert sql.endswith(";")
    tables.connection.execute("EXPLAIN " + sql, _nothing(sql))


@pytest.fixture(scope="module")
def key_tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The same for the key file."""
    path = tmp_path_factory.mktemp("keys") / "keys.db"
    file = Connection(path, readonly=False, queries=KEY_QUERIES)
    assert file.create(sqlite.text_of("keys.sql"))
    yield file
    file.close()


@pytest.mark.parametrize("name", sorted(KEY_QUERIES))
def test_every_statement_of_the_key_file_fits_its_tables(name: str, key_tables: Connection) -> None:
    """Each statement of the key file compiles against its schema."""
    key_tables.connection.execute("EXPLAIN " + KEY_QUERIES[name], _nothing(KEY_QUERIES[name]))


def _nothing(sql: str) -> tuple[None, ...] | dict[str, None]:
    """NULL for every parameter of a statement."""
    by_name = re.findall(r":([a-z]+)", sql)
    return dict.fromkeys(by_name) if by_name else (None,) * sql.count("?")


def test_every_statement_is_used() -> None:
    """No named statement lies about that no module asks for by its name."""
    program = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    unused = [name for name in QUERIES if f'"{name}"' not in program]
    assert not unused, f"named in queries.sql and used nowhere: {', '.join(unused)}"


def test_no_sql_stands_outside_the_store() -> None:
    """Stages call statements by name: no other module holds SQL of its own."""
    statement = re.compile(r"\"\s*(SELECT|INSERT|UPDATE|DELETE) [A-Z*a-z]")
    for path in SOURCE.rglob("*.py"):
        if path.parent.name != "store":
            assert not statement.search(path.read_text(encoding="utf-8")), path
