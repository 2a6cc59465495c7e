"""The folder that a community publishes: its log, and the counts that stand in it.

All of it comes from the public files of the log, and is checked before it is written: what is put
out can be counted again by anybody. This module must never need the store or a key, and never write
counts of a log that does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ombud import auditing, files
from ombud.errors import BadLedger, BadUse, catalogue
from ombud.ledger import checkpoint, counts, note, policy, tiles, tree
from ombud.transparency import FILE_BYTES_MAX, FOLDER, read_file, write

catalogue(
    L088=(
        "The public files of the log do not hold: {found} {told}",
        "Remove the folder of the public log; it is written anew from the store.",
    ),
    U365=(
        "{path} lies inside the data folder.",
        "Name a folder of its own: all that is in it can be put on a web server.",
    ),
    U451=(
        "{path} holds {seen} lines of this log, and what is here does not go on from them.",
        "Nothing was overwritten: keep it. Put back the newest backup, or see `ledger succeed`.",
    ),
    U366=(
        "{path} holds the files of another log.",
        "Keep it, and name another folder: nothing that was published is overwritten.",
    ),
)

Progress = Callable[[int], None]


def write_out(folder: Path, out: Path, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Write what the public may have of a data folder; what was written: size, root, files.

    Files that are there already, as they are, stay; the head is written last, so that whoever reads
    meanwhile finds all that it covers. `progress` is told how many files were looked at. Raises
    `BadLedger` L081 where nothing was signed yet, L088 where the files do not hold, BadUse U365,
    U366, or U451 where more or other lines were published there before.
    """
    if out.resolve().is_relative_to(folder.resolve()):
        raise BadUse("U365", str(out), path=out)
    source, target = folder / FOLDER, out / FOLDER
    head = read_file(source, checkpoint.PATH)  # before the rest: what it covers is there
    if head is None:
        raise BadLedger("L081", str(folder), path=folder)
    there = read_file(target, checkpoint.PATH)
    if there is not None and _name(there) != _name(head):
        raise BadUse("U366", str(out), path=out)
    if there is not None:
        _require_going_on(source, head, there, out)
    written = 0
    for path in _listed(source):
        progress(1)
        written += _copied(source / path, target / path)
    if not (source / policy.FILE).exists():
        (target / policy.FILE).unlink(missing_ok=True)
    if there != head:
        write(target / checkpoint.PATH, head)
        written += 1
    report = auditing.verify(auditing.reader(out), auditing.Trust())
    if not report["ok"]:  # what was published may have been spoilt since: all of it is copied anew
        written += sum(
            _copied(source / path, target / path, whole=True) for path in _listed(source)
        )
        report = auditing.verify(auditing.reader(out), auditing.Trust())
    if not report["ok"]:
        first = report["problems"][0]
        raise BadLedger("L088", first["where"], found=first["code"], told=first["message"])
    content = counts.encode(report)
    if read_file(out, counts.FILE) != content:
        write(out / counts.FILE, content)
        written += 1
    return {name: report[name] for name in ("origin", "size", "root", "witnesses")} | {
        "written": written
    }


def _require_going_on(source: Path, head: bytes, there: bytes, out: Path) -> None:
    """The log must go on from the head that was published before. Raises BadUse U451."""
    try:
        now, seen = (checkpoint.parse(note.split(each)[0]) for each in (head, there))
        nodes = tiles.tile_nodes(now.size, partial(read_file, source))
        going_on = seen.size <= now.size and (
            not seen.size or tree.range_root(0, seen.size, nodes) == seen.root
        )
    except BadLedger:  # one of them cannot be read: the check of the whole tells
        return
    if not going_on:
        raise BadUse("U451", str(out), path=out, seen=seen.size)


def _name(head: bytes) -> bytes:
    """What a log is called, by its head."""
    return head.split(b"\n", 1)[0]


def _listed(source: Path) -> Iterator[Path]:
    """The files to copy, by their paths below the log's folder; no drafts, and not the head."""
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.is_file() and path.suffix != ".new" and str(inside) != checkpoint.PATH:
            yield inside


def _copied(source: Path, target: Path, *, whole: bool = False) -> int:
    """Copy a file that is not there as it is; how many were written. A tile keeps its content as
    long as it keeps its name, and so its length tells, but where the `whole` is to be compared.
    """
    tile = not whole and target.exists() and "tile" in target.parts
    if tile and target.stat().st_size == source.stat().st_size:
        return 0
    content = files.content(source, FILE_BYTES_MAX)
    if read_file(target.parent, target.name) == content:
        return 0
    write(target, content)
    return 1
