"""Recovery: a store that contradicts itself is refused untouched; a good one gives memory back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flow.small_community import NOW, change, crowd, line, prepare, rows
from ombud import recovery
from ombud.activation.active import EMPTY
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.errors import BadData
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community with a past."""
    folder = prepare(tmp_path_factory.mktemp("lived"))
    with Engine(folder, now=lambda: NOW) as engine:
        engine.ingest([b"".join(map(line, crowd(101, 150)))])
    return folder


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(lived, tmp_path / "copy"))


def restored(folder: Path, told: list[str]) -> None:
    """Restore a folder; the fault points that were passed."""
    store, keys = Store(folder / STORE_FILE), KeyFile(folder / KEY_FILE)
    try:
        recovery.restore(store, keys, EMPTY, told.append)
    finally:
        keys.close()
        store.close()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
        "UPDATE journal SET recv = recv + 1 WHERE seq = (SELECT max(seq) FROM journal)",
        "UPDATE head SET seq = seq + 1",
        "UPDATE head SET recv = recv - 1",
        "UPDATE head SET config = seq + 1",
        "UPDATE head SET leaves = leaves - 1",
        "DELETE FROM leaf WHERE position = (SELECT max(position) FROM leaf)",
        "UPDATE head SET published = leaves + 1",
        "UPDATE head SET root = zeroblob(32)",
        "DELETE FROM head",
    ],
)
def test_a_store_that_contradicts_itself_is_refused(damage: str, folder: Path) -> None:
    """Head, journal, log and what was published must agree; nothing is repaired."""
    restored(folder, [])
    change(folder, damage)
    before = rows(folder, "SELECT seq, verdict FROM journal ORDER BY seq")
    with pytest.raises(BadData, match="D008"):
        restored(folder, [])
    assert rows(folder, "SELECT seq, verdict FROM journal ORDER BY seq") == before


def test_keys_of_what_was_never_committed_are_dropped(folder: Path) -> None:
    """A key whose record did not come to be is taken away, those of records stay."""
    last = rows(folder, "SELECT seq FROM head")[0][0]
    change(folder, "INSERT INTO body_key VALUES (?, x'00')", last + 1, file=KEY_FILE)
    told: list[str] = []
    restored(folder, told)
    keys = KeyFile(folder / KEY_FILE, readonly=True)
    assert not keys.has_body_key(last + 1)
    assert keys.has_body_key(last)
    keys.close()
    assert told == []


def test_erased_keys_die_at_each_start(folder: Path) -> None:
    """A journalled erasure is carried out to its end before anything else is read."""
    with Engine(folder, now=lambda: NOW) as engine:
        engine.erase("chat", "person1")
    told: list[str] = []
    restored(folder, told)
    assert told == ["erasure found", "keys destroyed"]
