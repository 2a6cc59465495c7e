"""The public log alone: what it adds to the whole path, and how long an outsider's check takes.

What it adds is measured beside the run that made its lines: the lines are made, hashed, appended
and written again, and signed with all their files from nothing, which is more than any hour's head
costs. This module must never count what a run without a log would do too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import apsw

from bench import workload
from bench.measure import Row, Target, cpu
from bench.path import prepared
from ombud import auditing, transparency
from ombud.app import BATCH, KEY_FILE, Engine
from ombud.config import STORE_FILE
from ombud.ledger import checkpoint, leaf, note, tiles, tree
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

ADDED = "append and checkpoint beside the rest of the whole path, {language}"
VERIFY = "verify 1,000,000 entries"
ENTRIES, SECONDS = 1_000_000, 60.0
TARGETS = {
    **{
        ADDED.format(language=language): Target(at_least=False, ratio=0.10, stretch=0.05)
        for language in workload.LANGUAGES
    },
    VERIFY: Target(at_least=False, ratio=1.0, stretch=0.5),
}
SIGNER = note.Signer("bench.example/log", bytes(range(32)))


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with its target and whether that is met."""
    target = TARGETS[row.name]
    return row.as_json() | {"target": str(target), "met": target.met(row.ratio)}


def rows(*, quick: bool) -> list[Row]:
    """What the log adds to an event, and the check of a million entries."""
    found = [_added(language, 3000 if quick else 10_000) for language in workload.LANGUAGES]
    return [*found, _verified(20_000 if quick else ENTRIES)]


# --- what it adds ---------------------------------------------------------------------------------


def _added(language: str, count: int) -> Row:
    """Microseconds of CPU an event, for the log and for all the rest."""
    lines = workload.lines(language, count)
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name))

        def run() -> None:
            with Engine(folder) as engine:
                engine.ingest([b"\n".join(lines)])

        whole = cpu(run)
        store, keys = Store(folder / STORE_FILE), KeyFile(folder / KEY_FILE)
        entries = [row[0] for row in store.all("leaves", (0, 1 << 40))]
        log = cpu(lambda: _append(entries, Path(name) / "again.db")) + cpu(
            lambda: transparency.publish(store, keys, Path(name) / "anew", lambda _: None)
        )
        keys.close()
        store.close()
    each = 1_000_000 / count
    rest = whole - log
    unit = f"microseconds of CPU an event, less is better; {len(entries)} lines"
    what = "all else: decoding, judging, writing"
    return Row(
        ADDED.format(language=language),
        round(log * each, 1),
        round(rest * each, 1),
        round(log / rest, 3),
        1,
        unit,
        what,
    )


def _append(entries: Sequence[bytes], path: Path) -> None:
    """Make, hash, append and write the lines, in groups as the engine does."""
    connection = apsw.Connection(str(path))
    connection.pragma("journal_mode", "WAL")
    connection.pragma("synchronous", "FULL")
    connection.execute(
        "CREATE TABLE leaf (position INTEGER PRIMARY KEY, seq INTEGER, entry BLOB, hash BLOB)"
    )
    edge, salt = tree.Frontier(), bytes(leaf.SALT_BYTES)
    for start in range(0, len(entries), BATCH):
        group = []
        for position, entry in enumerate(entries[start : start + BATCH], start):
            leaf.commitment(salt, entry)
            made = leaf.encode_leaf(leaf.parse_leaf(entry))  # more than making it: read before
            hashed = tree.leaf_hash(made)
            edge.append(hashed)
            group.append((position, position, made, hashed))
        edge.encode()
        with connection:
            connection.executemany("INSERT INTO leaf VALUES (?, ?, ?, ?)", group)
    connection.close()


# --- an outsider's check --------------------------------------------------------------------------


def _verified(count: int) -> Row:
    """CPU seconds of one process for the whole check of a log's files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_log(folder, count)
        reports: list[dict[str, Any]] = []

        def run() -> None:
            reports.append(auditing.check(name, auditing.Trust(SIGNER.key.encode())))

        taken = cpu(run)
    if not reports[0]["ok"] or reports[0]["size"] != count:
        raise RuntimeError(f"the log did not verify: {reports[0]['problems']}")
    limit = SECONDS * count / ENTRIES
    unit = f"CPU seconds for {count:,} entries, less is better"
    return Row(VERIFY, round(taken, 2), limit, round(taken / limit, 3), 1, unit, "the target")


def write_log(folder: Path, count: int) -> None:
    """The public files of a log of so many lines, as a community's are."""
    for path, content in tiles.files_between(
        0, count, lambda start, end: list(_entries(start, end)), lambda _: None
    ):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    root = tiles.root_of_tiles(count, lambda path: transparency.read_file(folder, path))
    head = checkpoint.Checkpoint(SIGNER.name, count, root)
    (folder / checkpoint.PATH).write_bytes(checkpoint.sign(head, SIGNER))


def _entries(start: int, end: int) -> Iterator[bytes]:
    """Lines of decisions, by fifty rules, over a year."""
    for number in range(start, end):
        yield leaf.encode_leaf(
            leaf.Leaf(
                type="notice" if number % 3 == 0 else "decision",
                id=f"lf_{number:022d}",
                day=f"2026-{number // 40_000 % 12 + 1:02d}-{number // 1400 % 28 + 1:02d}",
                clause=f"spam.kind-{number % 12}",
                action="hold",
                automated=number % 7 != 0,
                rule=f"rule-{number % 50}",
                version=sha256(b"%d" % (number % 50)).hexdigest()[:16],
                commitment=sha256(b"%d" % number).hexdigest(),
            )
        )
