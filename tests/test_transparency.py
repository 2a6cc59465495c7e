"""The public files: they follow the store, can be made again, and nothing shorter is signed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flow.small_community import NOW, change, crowd, line, prepare, rows
from ombud import transparency
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.errors import BadLedger
from ombud.ledger.checkpoint import Checkpoint
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community whose log has a few hundred lines."""
    made = prepare(tmp_path / "data")
    with Engine(made, now=lambda: NOW) as engine:
        engine.ingest([b"".join(map(line, crowd(121, 600)))])
    assert rows(made, "SELECT leaves FROM head")[0][0] > 256
    return made


def publish(folder: Path) -> Checkpoint:
    """Publish beside the engine."""
    store, keys = Store(folder / STORE_FILE), KeyFile(folder / KEY_FILE)
    try:
        return transparency.publish(store, keys, folder / "ledger", lambda _: None)
    finally:
        keys.close()
        store.close()


def files(folder: Path) -> dict[str, bytes]:
    """All public files."""
    public = folder / "ledger"
    return {str(path): path.read_bytes() for path in public.rglob("*") if path.is_file()}


def test_publishing_again_changes_nothing(folder: Path) -> None:
    """The same log gives the same files, whether they are there or were lost."""
    before = files(folder)
    size = publish(folder).size
    assert files(folder) == before
    shutil.rmtree(folder / "ledger")
    assert publish(folder).size == size
    assert files(folder) == before
    assert transparency.verify(folder)["ok"]
    assert transparency.verify(folder / "ledger")["size"] == size


def test_an_older_store_is_not_signed(folder: Path) -> None:
    """A log that does not extend what was published is refused, and the old head stays."""
    before = (folder / "ledger" / "checkpoint").read_bytes()
    change(folder, "UPDATE leaf SET hash = zeroblob(32) WHERE position = 3")
    with pytest.raises(BadLedger, match="L080"):
        publish(folder)
    assert (folder / "ledger" / "checkpoint").read_bytes() == before


def test_broken_tiles_are_not_signed(folder: Path) -> None:
    """Where the files do not give the root, nothing is signed; removed, they are made anew."""
    partial = (folder / "ledger" / "tile" / "0" / "001.p").iterdir()
    tile = max(partial, key=lambda each: int(each.name))
    tile.write_bytes(bytes(len(tile.read_bytes())))
    with pytest.raises(BadLedger, match="L082"):
        publish(folder)
    shutil.rmtree(folder / "ledger")
    publish(folder)
    assert transparency.verify(folder)["ok"]


def test_a_folder_without_a_log_is_told(tmp_path: Path) -> None:
    """There is nothing to verify where no checkpoint lies."""
    with pytest.raises(BadLedger, match="L081"):
        transparency.verify(tmp_path)


def test_the_log_says_nothing_of_people(folder: Path) -> None:
    """No account, no text and no place of the community is in any public file."""
    public = b"".join(files(folder).values()).replace(b'"outcome":"one person"', b"")
    for word in (b"person", b"cheap bags", b"room", b"hall", b"yard", b"shop.example"):
        assert word not in public.replace(b"busy-room", b"")
