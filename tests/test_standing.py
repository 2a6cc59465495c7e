"""What waits for a platform is told with its reason, by platform."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flow.small_community import change
from ombud import standing
from ombud.standing import Waiting
from ombud.store.sqlite import Store

ADD = """INSERT INTO outbox
(id, decision, seq, lane, action, state, connector, due, attempts, began, detail)
VALUES (?, 'd', 1, 'l', 'hold', ?, ?, ?, ?, ?, ?)"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new community's store."""
    with closing(Store(tmp_path / "ombud.db")) as opened:
        assert opened.prepare("log.example", b"")
        yield opened


def test_what_was_tried_and_waits(store: Store) -> None:
    """What was not tried, was done or was given up is not counted; the latest reason is told."""
    rows = [
        ("a", "asked", "talk", 30, 2, 11, "U475: no admin"),
        ("b", "sending", "talk", 40, 1, 10, ""),
        ("c", "asked", "talk", 20, 1, 12, "away"),
        ("d", "asked", "chat", 20, 1, 13, "answered 500"),
        ("e", "asked", "talk", 20, 0, None, ""),
        ("f", "confirmed", "chat", 20, 1, 1, ""),
        ("g", "failed", "mail", 20, 1, 1, "answered 400"),
    ]
    for row in rows:
        change(store.path.parent, ADD, *row)
    assert standing.waiting(store) == {
        "talk": Waiting(3, 10, "U475: no admin"),
        "chat": Waiting(1, 13, "answered 500"),
    }
