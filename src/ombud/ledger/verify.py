"""Checks a whole log from its public files alone: what anybody outside can do.

Everything is derived again from the entries: their hashes, every tile of every level, the root,
and the public counts. The files are untrusted: a broken one becomes a problem in the report,
never an exception, and nothing they hold is repeated in a message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ombud.errors import BadLedger, catalogue
from ombud.ledger import checkpoint as checkpoints
from ombud.ledger import handover, note, policy
from ombud.ledger.counts import Counts
from ombud.ledger.handover import MAX_HANDOVERS, Handover
from ombud.ledger.leaf import Leaf, parse_leaf
from ombud.ledger.policy import Attested, Policy
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
    from ombud.ledger.checkpoint import Checkpoint

MAX_PROBLEMS = 100

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
    L067=(
        "A handover of the log has no line in it.",
        "The key was given over outside the log. Ask the operator by another way.",
    ),
    L070=(
        "The log was given over {lines} times more than its public files tell.",
        "A note in `handover/` is missing: the key, or the log itself, was another one before.",
    ),
    L065=("The check was stopped after {limit} problems.", "Mend these first, then check again."),
)


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
    """What the check found. `size` and `root` are the signed ones; nothing if none was.

    `origin` is that of the log that stands now, `attested` who outside confirmed its head, and
    `handovers` what led from the key that was asked for to the one that signs now, `demands` how
    many were entered on which day.
    """

    size: int | None
    root: bytes | None
    problems: tuple[Problem, ...]
    counts: Counts
    origin: str | None = None
    attested: Attested = field(default_factory=Attested)
    handovers: tuple[Handover, ...] = ()
    demands: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems


class _TooManyError(Exception):
    """The list of problems is full; the check ends here."""


@dataclass(slots=True)
class _Findings:
    """The problems so far, bounded; and the roots that handovers name, by lines and by notes."""

    problems: list[Problem] = field(default_factory=list)
    handed: Counter[str | None] = field(default_factory=Counter)
    noted: Counter[str | None] = field(default_factory=Counter)
    counts: Counts = field(default_factory=Counts)
    demands: Counter[str] = field(default_factory=Counter)

    def add(self, error: BadLedger, path: str, index: int | None = None) -> None:
        """Keep a problem, and end the check when there are enough."""
        self.problems.append(Problem(error.code, error.message, error.hint, path, index))
        if len(self.problems) == MAX_PROBLEMS:
            full = BadLedger("L065", limit=MAX_PROBLEMS)
            self.problems.append(Problem(full.code, full.message, full.hint, checkpoints.PATH))
            raise _TooManyError

    def take(self, leaf: Leaf) -> None:
        """Count a line. Raises `BadLedger` L066."""
        if leaf.type == "handover":
            self.handed[leaf.version] += 1
        if (leaf.type, leaf.action) == ("demand", "received"):
            self.demands[leaf.day] += 1
        self.counts.add(leaf)


def verify(
    read: FileReader, vkey: str, seen: Checkpoint | None = None, trust: Policy | None = None
) -> Report:
    """Check the log behind `read` against the key `vkey`, and against a checkpoint `seen` earlier.

    `read` gives a public file by its path, or nothing where there is none or it cannot be read.
    Without `seen` an older state of the log with all its files passes: it is a valid, shorter
    log. With `trust`, somebody's own policy, too few witnesses are a problem, and so is a log that
    it does not name. Without, the policy beside the log names its witnesses: then the operator says
    who is to be believed. Raises `BadLedger` only for a `vkey` that is none.
    """
    key = note.parse_vkey(vkey)
    found = _Findings()
    head: Checkpoint | None = None
    attested = Attested()
    handovers: tuple[Handover, ...] = ()
    try:
        key, handovers = _key_now(read, key, found)
        if trust and trust.logs and not {key, *(each.old for each in handovers)} & {*trust.logs}:
            found.add(BadLedger("L068"), checkpoints.PATH)
        signed = read(checkpoints.PATH)
        head = _head(signed, key, found)
        if head and signed:
            attested = _attested(read, signed, trust, found)
            _check_entries(read, head, _earlier(head, seen, handovers, found), found)
            _check_handed(handovers, found)
    except _TooManyError:
        pass  # what was found until then is the report
    return Report(
        size=head.size if head else None,
        root=head.root if head else None,
        problems=tuple(found.problems),
        counts=found.counts,
        origin=head.origin if head else None,
        attested=attested,
        handovers=handovers,
        demands=found.demands,
    )


def _key_now(
    read: FileReader, key: note.VerifierKey, found: _Findings
) -> tuple[note.VerifierKey, tuple[Handover, ...]]:
    """The key that signs today, from one that was known, by what both old and new key signed."""
    followed: list[Handover] = []
    for number in range(1, MAX_HANDOVERS + 1):
        signed = read(handover.path(number))
        if signed is None:
            break
        try:
            found.noted[handover.read(signed).last.root.hex()] += 1
            given = handover.verify(signed)
        except BadLedger as error:
            found.add(error, handover.path(number))
            continue
        if given.old == key:
            followed.append(given)
            key = given.new
    return key, tuple(followed)


def _head(signed: bytes | None, key: note.VerifierKey, found: _Findings) -> Checkpoint | None:
    if signed is None:
        found.add(BadLedger("L060", path=checkpoints.PATH), checkpoints.PATH)
        return None
    try:
        return checkpoints.verify(signed, key)
    except BadLedger as error:
        found.add(error, checkpoints.PATH)
        return None


def _attested(read: FileReader, signed: bytes, trust: Policy | None, found: _Findings) -> Attested:
    """Who outside confirmed the head; a forged confirmation is a problem."""
    path = checkpoints.PATH
    try:
        if trust is None:
            path, beside = policy.FILE, read(policy.FILE)
            if beside is None:
                return Attested()
            trust = policy.parse(beside)
            return trust.attested(signed)
        attested = trust.attested(signed)
    except BadLedger as error:
        found.add(error, path)
        return Attested()
    unmet = trust.unmet(attested)
    if unmet is not None:
        found.add(unmet, path)
    return attested


def _earlier(
    head: Checkpoint,
    seen: Checkpoint | None,
    handovers: tuple[Handover, ...],
    found: _Findings,
) -> tuple[Checkpoint, ...]:
    """The earlier heads of this log, which must be its beginning; what was seen of a log before it
    must not go beyond what that one handed over.
    """
    every = [each.last for each in handovers]
    if seen and seen.origin != head.origin:
        last = next((each for each in reversed(every) if each.origin == seen.origin), None)
        if last is None:
            found.add(BadLedger("L021", name=head.origin), checkpoints.PATH)
        elif seen.size > last.size:
            found.add(BadLedger("L063", size=last.size, seen=seen.size), checkpoints.PATH)
        elif seen.size == last.size and seen.root != last.root:
            found.add(BadLedger("L064", seen=seen.size), checkpoints.PATH)
    elif seen:
        every.append(seen)
    earlier = tuple(each for each in every if each.origin == head.origin)
    for each in earlier:
        if each.size > head.size:
            found.add(BadLedger("L063", size=head.size, seen=each.size), checkpoints.PATH)
    return earlier


def _check_handed(handovers: tuple[Handover, ...], found: _Findings) -> None:
    """Every handover that was followed has its line in the log, and every line its note."""
    for each in handovers:
        if each.last.root.hex() not in found.handed:
            found.add(BadLedger("L067"), handover.FOLDER)
    hidden = (found.handed - found.noted).total()
    if hidden:
        found.add(BadLedger("L070", lines=hidden), handover.FOLDER)


def _check_entries(
    read: FileReader, head: Checkpoint, earlier: tuple[Checkpoint, ...], found: _Findings
) -> None:
    """Derive the whole tree from the entries, comparing with what is published on the way."""
    frontier = Frontier()
    builder = TileBuilder()
    awaited = {each.size for each in earlier}
    for start in range(0, head.size, WIDTH):
        width = min(WIDTH, head.size - start)
        leaves = _check_bundle(read, start // WIDTH, width, found)
        for leaf in leaves:
            if frontier.size in awaited:
                _compare_seen(frontier, earlier, found)
            frontier.append(leaf)
        for tile in builder.add(b"".join(leaves)):
            _compare_tile(read, tile, found)
    _compare_seen(frontier, earlier, found)
    for tile in builder.rest():
        _compare_tile(read, tile, found)
    if frontier.root() != head.root:
        found.add(BadLedger("L062"), checkpoints.PATH)


def _check_bundle(read: FileReader, index: int, width: int, found: _Findings) -> list[bytes]:
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
            found.take(parse_leaf(entry))
        except BadLedger as error:
            found.add(error, path, position)
    return [leaf_hash(entry) for entry in entries]


def _compare_seen(frontier: Frontier, earlier: tuple[Checkpoint, ...], found: _Findings) -> None:
    for each in earlier:
        if frontier.size == each.size and frontier.root() != each.root:
            found.add(BadLedger("L064", seen=each.size), checkpoints.PATH)


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
