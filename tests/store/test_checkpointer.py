"""The checkpointer: what was committed moves into the file without holding up the writer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from ombud.ledger import tree
from ombud.store.sqlite import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store."""
    store = Store(tmp_path / "ombud.db")
    store.prepare("tests.example/log", tree.Frontier().encode())
    yield store
    store.close()


def test_the_checkpointer_moves_pages(store: Store) -> None:
    """Asked, it moves the log into the file, on a connection and a thread of its own."""
    assert store._checkpointer is not None
    with store.transaction():
        store.many("add_body", [(seq, bytes(4000)) for seq in range(1, 50)])

    def moved() -> tuple[int, int]:
        return store.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)

    pages, before = moved()
    assert pages > before
    for _ in range(200):  # it has a second between two tries
        store._checkpointer.ask()
        if moved()[1] == pages:
            break
        time.sleep(0.05)
    assert moved() == (pages, pages)
