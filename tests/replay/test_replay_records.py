"""Reading the journal back: all of it, once, in order, whatever the steps; and what was erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, change, crowd, line, prepare, rows
from ombud.app import Engine
from ombud.config import STORE_FILE
from ombud.replay import records
from ombud.store.sqlite import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of a community with a past in which somebody was erased."""
    folder = prepare(tmp_path_factory.mktemp("past"))
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(each) for each in crowd(5, 60)])
        engine.erase("chat", "person1")
    return Store(folder / STORE_FILE, readonly=True)


@pytest.mark.parametrize("step", [1, 7, 61, 1000])
def test_every_record_comes_once_and_in_order(
    store: Store, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps in which the journal is read never show."""
    monkeypatch.setattr(records, "STEP", step)
    until = records.last(store)
    assert until == 62
    assert [each.seq for each in records.in_order(store, until)] == list(range(1, 63))
    assert [each.seq for each in records.in_order(store, 40, after=30)] == list(range(31, 41))


def test_what_was_erased_is_known_with_its_erasure(store: Store) -> None:
    """Each erased record stands beside the control that erased it, and has no body any more."""
    found = records.erased(store)
    assert found
    assert set(found.values()) == {62}
    for record in records.in_order(store, 61):
        assert (record.sealed is None) == (record.seq in found or record.control is not None)


def test_an_erasure_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    """A damaged control is passed over here; the check names it."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(each) for each in crowd(5, 60)])
        engine.erase("chat", "person1")
        engine.erase("chat", "person2")
    seqs = [row[0] for row in rows(folder, "SELECT seq FROM journal WHERE type = '!erasure'")]
    change(folder, "UPDATE journal SET payload = '{' WHERE seq = ?", seqs[0])
    damaged = Store(folder / STORE_FILE, readonly=True)
    assert set(records.erased(damaged).values()) == {seqs[1]}
    damaged.close()
