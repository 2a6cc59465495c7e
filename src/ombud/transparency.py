"""What the public may see: the log's files, derived after commit and derivable again.

Before a checkpoint is signed, the tree must extend the one published last. Entries and tiles are
written before the checkpoint that covers them. This module must never write to the store anything
but what was published, and never sign what it has not compared.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ombud import files
from ombud.errors import BadData, BadLedger, catalogue
from ombud.ledger import checkpoint, note, tiles, tree
from ombud.ledger import verify as verification
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    L080=(
        "The log does not extend what was published before: nothing was signed.",
        "This looks like an older backup. Put back the newest one.",
    ),
    L082=(
        "The public files do not give the root of the log: nothing was signed.",
        "Remove the folder of the public log; it is written anew from the store.",
    ),
    L081=("There is no public log in {path}.", "Name the folder that holds the file `checkpoint`."),
)

FOLDER = "ledger"
VKEY_FILE = "vkey"
FILE_BYTES_MAX = tiles.WIDTH * (2 + tiles.MAX_ENTRY_BYTES)  # the largest: a full bundle of entries


def signer(origin: str, keys: KeyFile) -> note.Signer:
    """The log's own key under its name."""
    return note.Signer(origin, keys.key("ledger"))


def publish(
    store: Store, keys: KeyFile, folder: Path, fault: Callable[[str], None]
) -> checkpoint.Checkpoint:
    """Bring the public files up to the last commit and sign the new head.

    The files follow the store: killed anywhere (`fault`), the next run writes the same ones again.
    """
    head = store.one("head")
    assert head is not None  # noqa: S101 -- a store in use has one
    leaves, frontier, origin, published, root = head[5:10]
    edge = tree.Frontier.decode(frontier)
    _extends(store, published, root)
    for path, content in tiles.files_between(
        published if (folder / "checkpoint").exists() else 0,
        leaves,
        lambda start, end: _entries(store, start, end),
        lambda path: read_file(folder, path),
    ):
        _write(folder / path, content)
    fault("tiles written")
    if tiles.root_of_tiles(leaves, lambda path: read_file(folder, path)) != edge.root():
        raise BadLedger("L082", str(folder))
    own = signer(origin, keys)
    signed = checkpoint.Checkpoint(origin, leaves, edge.root())
    _write(folder / VKEY_FILE, own.key.encode().encode() + b"\n")
    _write(folder / "checkpoint", checkpoint.sign(signed, own))
    fault("checkpoint written")
    store.run("publish", {"size": leaves, "root": signed.root})
    return signed


def _entries(store: Store, start: int, end: int) -> list[bytes]:
    """The entries of a range, each as its stored hash has it. Raises BadData D008 otherwise."""
    rows = store.all("leaves", (start, end))
    for position, (entry, hashed) in enumerate(rows, start):
        if not isinstance(entry, bytes) or tree.leaf_hash(entry) != hashed:
            raise BadData(
                "D008", str(store.path), detail=f"entry {position} of the public log was changed"
            )
    return [row[0] for row in rows]


def _extends(store: Store, published: int, root: bytes | None) -> None:
    """The leaves of today must give the root that was signed last time."""
    if root is None:
        return
    edge = tree.Frontier()
    for start in range(0, published, 4096):
        end = min(start + 4096, published)
        edge.extend(row[1] for row in store.all("leaves", (start, end)))
    if edge.size != published or edge.root() != root:
        raise BadLedger("L080", "checkpoint")


def reader(folder: Path) -> tiles.FileReader:
    """Reads the public files of a folder, by the paths of the log and no others."""
    place = folder / FOLDER if (folder / FOLDER / "checkpoint").exists() else folder
    if not (place / "checkpoint").exists():
        raise BadLedger("L081", str(folder), path=folder)
    return lambda path: read_file(place, path)


def verify(folder: Path, vkey: str | None = None) -> dict[str, Any]:
    """Check the public files of a folder; with no key named, by the key that lies beside them."""
    read = reader(folder)
    beside = read(VKEY_FILE) or b""
    report = verification.verify(read, vkey or beside.decode("utf-8", "replace").strip())
    return {
        "ok": report.ok,
        "size": report.size,
        "root": None if report.root is None else report.root.hex(),
        "problems": [
            {
                "code": each.code,
                "message": each.message,
                "where": each.path if each.index is None else f"{each.path}, entry {each.index}",
                "hint": each.hint,
            }
            for each in report.problems
        ],
        "counts": [
            {**tally._asdict(), "count": count}
            for tally, count in sorted(report.counts.items(), key=str)
        ],
    }


def read_file(folder: Path, path: str) -> bytes | None:
    """A public file; None where there is none that could be one."""
    try:
        return files.content(folder / path, FILE_BYTES_MAX)
    except BadData:
        return None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the machine stops."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
