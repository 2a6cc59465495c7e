"""Checks a whole log from its public files alone: what anybody outside can do.

Everything is derived again from the entries: their hashes, every tile of every level, the root,
and the public counts. The files are untrusted: a broken one becomes a problem in the report,
never an exception, and nothing they hold is repeated in a message.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ombud.errors import BadLedger, catalogue
from ombud.ledger import checkpoint as checkpoints
from ombud.ledger import note
from ombud.ledger.leaf import parse_leaf
from ombud.ledger.tiles import (
    WIDTH,
    FileReader,
    Tile,
    TileBuilder,
    bundle_path,
    parse_tile,
    read_bundle,
    read_tile,
)
from ombud.ledger.tree import HASH_BYTES, Frontier, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ombud.ledger.checkpoint import Checkpoint

MAX_PROBLEMS = 100
MAX_TALLIES = 1 << 16  # different combinations in the counts; a real community has a few hundred

catalogue(
    L060=("The file {path} is missing.", "Every log publishes it. Get the whole folder."),
    L061=(
        "{count} of {width} hashes are not those that the entries give.",
        "Entry or tile was changed after it was published. Keep the file as evidence.",
    ),
    L062=(
        "The entries do not give the root that was signed.",
        "The log shows other entries than those it signed for. Keep the files as evidence.",
    ),
    L063=(
        "The log holds {size} entries; {seen} were seen before.",
        "Entries were taken back. Keep the earlier checkpoint as evidence.",
    ),
    L064=(
        "The first {seen} entries are not those seen before.",
        "The log was rewritten. Keep the earlier checkpoint as evidence.",
    ),
    L065=("The check was stopped after {limit} problems.", "Mend these first, then check again."),
    L066=(
        "The entries name more than {limit} combinations of clause and action.",
        "The counts are incomplete. No community has that many; look at the entries.",
    ),
)


class Tally(NamedTuple):
    """What a leaf is counted under."""

    type: str
    clause: str | None
    action: str | None
    automated: bool | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where: the public path, and the index of the entry or hash in the log.

    `index` counts entries, or hashes within the tile's level, and is the first of several; it is
    nothing where a whole file is meant.
    """

    code: str
    message: str
    hint: str
    path: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found. `size` and `root` are the signed ones; nothing if none was."""

    size: int | None
    root: bytes | None
    problems: tuple[Problem, ...]
    counts: Mapping[Tally, int]

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems


class _TooManyError(Exception):
    """The list of problems is full; the check ends here."""


@dataclass(slots=True)
class _Findings:
    """The problems so far, bounded."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, error: BadLedger, path: str, index: int | None = None) -> None:
        """Keep a problem, and end the check when there are enough."""
        self.problems.append(Problem(error.code, error.message, error.hint, path, index))
        if len(self.problems) == MAX_PROBLEMS:
            full = BadLedger("L065", limit=MAX_PROBLEMS)
            self.problems.append(Problem(full.code, full.message, full.hint, checkpoints.PATH))
            raise _TooManyError


def verify(read: FileReader, vkey: str, seen: Checkpoint | None = None) -> Report:
    """Check the log behind `read` against the key `vkey`, and against a checkpoint `seen` earlier.

    `read` gives a public file by its path, or nothing where there is none or it cannot be read.
    Without `seen` an older state of the log with all its files passes: it is a valid, shorter
    log. Raises `BadLedger` only for a `vkey` that is none.
    """
    key = note.parse_vkey(vkey)
    found = _Findings()
    head: Checkpoint | None = None
    counts: Counter[Tally] = Counter()
    try:
        head = _head(read, key, found)
        if head:
            _check_entries(read, head, seen, found, counts)
    except _TooManyError:
        pass  # what was found until then is the report
    return Report(
        head.size if head else None, head.root if head else None, tuple(found.problems), counts
    )


def _head(read: FileReader, key: note.VerifierKey, found: _Findings) -> Checkpoint | None:
    signed = read(checkpoints.PATH)
    if signed is None:
        found.add(BadLedger("L060", path=checkpoints.PATH), checkpoints.PATH)
        return None
    try:
        return checkpoints.verify(signed, key)
    except BadLedger as error:
        found.add(error, checkpoints.PATH)
        return None


def _check_entries(
    read: FileReader,
    head: Checkpoint,
    seen: Checkpoint | None,
    found: _Findings,
    counts: Counter[Tally],
) -> None:
    """Derive the whole tree from the entries, comparing with what is published on the way."""
    frontier = Frontier()
    builder = TileBuilder()
    if seen and seen.size > head.size:
        found.add(BadLedger("L063", size=head.size, seen=seen.size), checkpoints.PATH)
    for start in range(0, head.size, WIDTH):
        width = min(WIDTH, head.size - start)
        leaves = _check_bundle(read, start // WIDTH, width, found, counts)
        for leaf in leaves:
            _compare_seen(frontier, seen, found)
            frontier.append(leaf)
        for tile in builder.add(b"".join(leaves)):
            _compare_tile(read, tile, found)
    _compare_seen(frontier, seen, found)
    for tile in builder.rest():
        _compare_tile(read, tile, found)
    if frontier.root() != head.root:
        found.add(BadLedger("L062"), checkpoints.PATH)


def _check_bundle(
    read: FileReader, index: int, width: int, found: _Findings, counts: Counter[Tally]
) -> list[bytes]:
    """The leaf hashes of a bundle, each entry read as a leaf.

    For an unreadable bundle its published tile stands in, so that the rest can still be checked;
    without that one too, zeros, which no root survives.
    """
    path = bundle_path(index, width)
    try:
        entries = read_bundle(read, index, width)
    except BadLedger as error:
        found.add(error, path)
        try:
            return parse_tile(read_tile(read, 0, index, width), width)
        except BadLedger:  # reported when the tile has its turn
            return [bytes(HASH_BYTES)] * width
    for position, entry in enumerate(entries, index * WIDTH):
        try:
            leaf = parse_leaf(entry)
        except BadLedger as error:
            found.add(error, path, position)
            continue
        tally = Tally(leaf.type, leaf.clause, leaf.action, leaf.automated)
        if tally in counts or len(counts) < MAX_TALLIES:
            counts[tally] += 1
        else:
            found.add(BadLedger("L066", limit=MAX_TALLIES), path, position)
    return [leaf_hash(entry) for entry in entries]


def _compare_seen(frontier: Frontier, seen: Checkpoint | None, found: _Findings) -> None:
    if seen and frontier.size == seen.size and frontier.root() != seen.root:
        found.add(BadLedger("L064", seen=seen.size), checkpoints.PATH)


def _compare_tile(read: FileReader, tile: Tile, found: _Findings) -> None:
    try:
        published = read_tile(read, tile.level, tile.index, tile.width)
    except BadLedger as error:
        found.add(error, tile.path)
        return
    if published == tile.hashes:
        return
    expected = parse_tile(tile.hashes, tile.width)
    hashes = parse_tile(published, tile.width)
    wrong = [at for at, each in enumerate(hashes) if each != expected[at]]
    changed = BadLedger("L061", count=len(wrong), width=tile.width)
    found.add(changed, tile.path, tile.index * WIDTH + wrong[0])
