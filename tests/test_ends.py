"""Everything that is kept of people has a published end, and the table leaves no column out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import apsw
import pytest

from flow.small_community import NOW, prepare
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.ends import BESIDE, KEYS, STORE, Table


def columns(file: Path) -> dict[str, set[str]]:
    """The columns of every table that a file really has."""
    connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            str(name): {str(row[1]) for row in connection.execute(f"PRAGMA table_info({name})")}
            for (name,) in names
        }
    finally:
        connection.close()


@pytest.mark.parametrize(("name", "told"), [(STORE_FILE, STORE), (KEY_FILE, KEYS)])
def test_every_column_is_named_once(tmp_path: Path, name: str, told: Mapping[str, Table]) -> None:
    """A new column says what of people it holds and when that ends, or that it holds nothing."""
    with Engine(prepare(tmp_path, {}), now=lambda: NOW):
        pass
    found = columns(tmp_path / name)
    assert found.keys() == told.keys()
    for table, kept in told.items():
        named = [*kept.plain, *(each for row in kept.kept for each in row.columns)]
        assert len(named) == len(set(named)), table
        assert set(named) == found[table], table


def test_whatever_is_sealed_is_of_people() -> None:
    """What was sealed was sealed since it holds what somebody said, so it has an end."""
    for told in (STORE, KEYS):
        for name, kept in told.items():
            assert not {"sealed", "person", "author", "account", "token"} & set(kept.plain), name


def test_each_end_is_said() -> None:
    """No row is empty, and nothing is kept "for ever" without a word of why."""
    rows = [row for told in (STORE, KEYS) for kept in told.values() for row in kept.kept]
    assert all(row.what and row.end and row.columns for row in rows)
    assert all(what and end for what, end in BESIDE)
