"""The public files: they follow the store, can be made again, and nothing shorter is signed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flow.small_community import NOW, change, crowd, event, line, prepare, rows
from ombud import auditing, transparency
from ombud.app import KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.errors import BadLedger, BadUse
from ombud.ledger import tree
from ombud.ledger.checkpoint import Checkpoint
from ombud.reading import reading
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.transaction import Answer


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
    assert auditing.check(str(folder), auditing.Trust())["ok"]
    assert auditing.check(str(folder / "ledger"), auditing.Trust())["size"] == size


STORE, LEDGER, KEYS = "ombud.db*", "ledger", "ombud.keys*"


def put_back(folder: Path, backup: Path, *patterns: str) -> None:
    """Put back some of a backup, as an operator would: what is there is taken away before."""
    for pattern in patterns:
        for each in [*folder.glob(pattern)]:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        for each in backup.glob(pattern):
            copy = shutil.copytree if each.is_dir() else shutil.copy2
            copy(each, folder / each.name)


def more(folder: Path, first: int, count: int = 40) -> None:
    """Have something more decided."""
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit(
            [line(event(each, each, text="cheap bags")) for each in range(first, first + count)]
        )


@pytest.mark.parametrize("old", [(STORE,), (STORE, LEDGER), (STORE, KEYS)])
@pytest.mark.parametrize("grown", [0, 20, 60])
def test_an_older_backup_is_not_signed(folder: Path, old: tuple[str, ...], grown: int) -> None:
    """Whatever of a backup is put back, as long as the key file or the public folder remembers: the
    flow goes on, nothing is signed, also not once the log is longer than it was.
    """
    shutil.copytree(folder, folder.parent / "backup")
    more(folder, 2000)
    before = (folder / "ledger" / "checkpoint").read_bytes()
    put_back(folder, folder.parent / "backup", *old)
    if grown:
        with pytest.raises(BadLedger, match="L080"):
            more(folder, 5000, grown)
    with pytest.raises(BadLedger, match="L080"):
        publish(folder)
    signed = (folder / "ledger" / "checkpoint").read_bytes()
    assert signed == (files(folder.parent / "backup") if LEDGER in old else {}).get(
        str(folder.parent / "backup" / "ledger" / "checkpoint"), before
    )
    with reading(folder) as reader:
        assert reader.ledger_head()["refused"]["code"] == "L080"
        assert reader.ledger_head()["size"] == rows(folder, "SELECT leaves FROM head")[0][0]


def test_a_log_begun_anew_after_an_older_backup(folder: Path) -> None:
    """A new name, signed at once; the old log's files are kept aside, its last head is named, and
    whoever holds the old key is led to the new log.
    """
    shutil.copytree(folder, folder.parent / "backup")
    more(folder, 2000)
    seen = (folder / "ledger" / "checkpoint").read_bytes()
    key = (folder / "ledger" / "vkey").read_text().strip()
    put_back(folder, folder.parent / "backup", STORE)
    with pytest.raises(BadLedger, match="L080"):
        more(folder, 5000)
    with Engine(folder, now=lambda: NOW, activate=False) as engine:
        engine.hand_over("log.example/second", "admin")
    assert (folder / "ledger-before-1" / "checkpoint").read_bytes() == seen
    report = auditing.check(str(folder), auditing.Trust(key, seen=seen))
    assert report["ok"], report["problems"]
    assert report["origin"] == "log.example/second"
    assert [(each["kind"], each["size"]) for each in report["handovers"]] == [
        ("succession", int(seen.split(b"\n")[1]))
    ]
    with reading(folder) as reader:
        assert reader.ledger_head()["refused"] is None
    more(folder, 6000)  # and it goes on
    assert auditing.check(str(folder), auditing.Trust(key))["ok"]


def test_after_a_succession_an_older_backup_is_refused_too(folder: Path) -> None:
    """A store of before it belongs to a log that is over; a further succession mends that."""
    shutil.copytree(folder, folder.parent / "backup")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.hand_over("log.example/second", "admin")
    put_back(folder, folder.parent / "backup", STORE)
    with pytest.raises(BadLedger, match="L080"):
        publish(folder)
    with Engine(folder, now=lambda: NOW, activate=False) as engine:
        engine.hand_over("log.example/third", "admin")
    assert auditing.check(str(folder), auditing.Trust())["ok"]


def test_a_changed_past_is_not_signed(folder: Path) -> None:
    """Where the public tiles are lost they are made anew, but only as they were signed."""
    change(folder, "UPDATE leaf SET hash = zeroblob(32) WHERE position = 3")
    shutil.rmtree(folder / "ledger")
    with pytest.raises(BadLedger, match="L080"):
        publish(folder)
    assert not (folder / "ledger").exists()


def test_a_changed_present_is_not_signed(folder: Path) -> None:
    """What came since the last head must lead to the tree that the engine has kept."""
    with Engine(folder, now=lambda: NOW) as engine:
        size = rows(folder, "SELECT leaves FROM head")[0][0]
        engine.submit([line(event(9000, 9000, text="cheap bags"))])
        change(folder, "UPDATE leaf SET hash = zeroblob(32) WHERE position = ?", size)
        with pytest.raises(BadLedger, match="L080"):
            engine.publish()
        change(
            folder,
            "UPDATE leaf SET hash = ? WHERE position = ?",
            tree.leaf_hash(rows(folder, "SELECT entry FROM leaf WHERE position = ?", size)[0][0]),
            size,
        )
        engine.publish()


def test_a_receipt_is_proven_by_the_tiles(folder: Path) -> None:
    """Every decision has one, that holds offline; a decision that is not signed yet has none."""
    with reading(folder) as reader:
        key = reader.ledger_head()["key"]
        for decision, leaf in rows(folder, "SELECT id, leaf FROM decision ORDER BY leaf")[::9]:
            proof = reader.log.receipt(decision)
            found = auditing.verify_receipt(proof, auditing.Trust(key))
            assert (found["index"], found["line"]["type"]) == (leaf, "decision")
            assert found["witnesses"] == "none: self-attested"
    with Engine(folder, now=lambda: NOW) as engine:
        (answer,) = engine.submit([line(event(9000, 9000, text="cheap bags"))])
        assert isinstance(answer, Answer)
        with reading(folder) as reader, pytest.raises(BadUse, match="U362"):
            reader.log.receipt(answer.decisions[0])
        with reading(folder) as reader, pytest.raises(BadUse, match="U010"):
            reader.log.receipt("dec_none")


def test_a_receipt_that_would_not_hold_is_not_given(folder: Path) -> None:
    """Spoilt tiles make no receipt."""
    decision = rows(folder, "SELECT id FROM decision ORDER BY leaf LIMIT 1")[0][0]
    for tile in (folder / "ledger" / "tile" / "0").rglob("*"):
        if tile.is_file():
            tile.write_bytes(bytes(len(tile.read_bytes())))
    with reading(folder) as reader, pytest.raises(BadLedger, match="L006"):
        reader.log.receipt(decision)


def test_broken_tiles_are_not_signed(folder: Path) -> None:
    """Where the files do not give the root, nothing is signed; removed, they are made anew."""
    partial = (folder / "ledger" / "tile" / "0" / "001.p").iterdir()
    tile = max(partial, key=lambda each: int(each.name))
    tile.write_bytes(bytes(len(tile.read_bytes())))
    with pytest.raises(BadLedger, match="L082"):
        publish(folder)
    shutil.rmtree(folder / "ledger")
    publish(folder)
    assert auditing.check(str(folder), auditing.Trust())["ok"]


def test_a_folder_without_a_log_is_told(tmp_path: Path) -> None:
    """There is nothing to verify where no checkpoint lies."""
    with pytest.raises(BadLedger, match="L081"):
        auditing.check(str(tmp_path), auditing.Trust())


def test_the_log_says_nothing_of_people(folder: Path) -> None:
    """No account, no text and no place of the community is in any public file."""
    public = b"".join(files(folder).values()).replace(b'"outcome":"one person"', b"")
    for word in (b"person", b"cheap bags", b"room", b"hall", b"yard", b"shop.example"):
        assert word not in public.replace(b"busy-room", b"")
