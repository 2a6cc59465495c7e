"""The public files of the log (c2sp.org/tlog-tiles): 256 hashes or 256 entries a file.

A tile of level L holds roots of subtrees of 256**L entries; the last of a level may be partial,
and a partial tile never counts into the level above. Files are only ever added: a growing log
gets new names, so whatever was published stays true. This module must never yield a file of width
0, nor take one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ombud.errors import BadLedger, catalogue
from ombud.ledger.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    MAX_SIZE,
    NodeReader,
    check_size,
    fold,
    leaf_hash,
    range_root,
)

HEIGHT = 8  # levels of the tree that one level of tiles spans
WIDTH = 1 << HEIGHT  # hashes or entries in a full file
TILE_BYTES = WIDTH * HASH_BYTES
MAX_ENTRY_BYTES = 0xFFFF  # the length stands in two bytes
MAX_LEVEL = 63  # the format's own limit

EntryReader = Callable[[int, int], Sequence[bytes]]
"""Gives the entries from a start index up to, not including, an end index."""
FileReader = Callable[[str], bytes | None]
"""Gives the content of a public file by its path, or nothing where there is none."""

_PATH = re.compile(
    r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6})([0-9]{3})(?:\.p/([0-9]{1,3}))?"
)

catalogue(
    L030=("{path} is not the path of a tile.", "See c2sp.org/tlog-tiles for how paths are made."),
    L031=(
        "The file has {size} bytes where {width} hashes have {expected}.",
        "It is damaged or of another log. Publish it again: tiles are derived from the entries.",
    ),
    L032=(
        "The file does not hold exactly {width} entries.",
        "It is damaged or of another log. Publish it again from the store.",
    ),
    L033=(
        "An entry is {size} bytes long; at most {limit} fit.",
        "Put less into the entry: the log holds commitments, not records.",
    ),
    L034=("The file {path} is missing.", "Publish it again: tiles are derived from the entries."),
    L035=(
        "Entries {start} to {end} were asked for and {given} came.",
        "The store does not hold what its own size says. Run `ombud ledger verify`.",
    ),
    L036=("A tile holds 1 to 256 hashes, not {width}.", "An empty tile is never published."),
)


@dataclass(frozen=True, slots=True)
class TilePath:
    """What the path of a file says. `level` is nothing for a bundle of entries."""

    level: int | None
    index: int
    width: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes: its level, its index in the level, and its 1 to 256 hashes, joined."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        """How many hashes it holds."""
        return len(self.hashes) // HASH_BYTES

    @property
    def path(self) -> str:
        """Where it is published."""
        return tile_path(self.level, self.index, self.width)


def _number(index: int) -> str:
    """An index as path elements of three digits: 1234067 is `x001/x234/067`."""
    last = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        last = f"x{index % 1000:03d}/{last}"
    return last


def _path(folder: str, index: int, width: int) -> str:
    if not 1 <= width <= WIDTH:
        raise BadLedger("L036", width=width)
    if not 0 <= index <= MAX_SIZE // WIDTH:
        raise BadLedger("L002", size=index, limit=MAX_SIZE // WIDTH)
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{folder}/{_number(index)}{partial}"


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """The path of a tile of hashes."""
    if not 0 <= level <= MAX_LEVEL:
        raise BadLedger("L002", size=level, limit=MAX_LEVEL)
    return _path(str(level), index, width)


def bundle_path(index: int, width: int = WIDTH) -> str:
    """The path of a bundle of entries."""
    return _path("entries", index, width)


def parse_path(path: str) -> TilePath:
    """What a path names. Raises `BadLedger` unless it is the one way to write it."""
    found = _PATH.fullmatch(path)
    if not found:
        raise BadLedger("L030", path=repr(path[:100]))
    folder, front, last, partial = found.groups()
    index = int(front.replace("x", "").replace("/", "") + last)
    width = WIDTH if partial is None else int(partial)
    level = None if folder == "entries" else int(folder)
    # Building the path again finds leading zeros, x000 in front, and partial tiles of 0 or 256.
    try:
        again = bundle_path(index, width) if level is None else tile_path(level, index, width)
    except BadLedger:
        again = ""
    if again != path:
        raise BadLedger("L030", path=repr(path[:100]))
    return TilePath(level, index, width)


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The content of a bundle: each entry after its length in two bytes, big-endian."""
    if not 1 <= len(entries) <= WIDTH:
        raise BadLedger("L036", width=len(entries))
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise BadLedger("L033", size=len(entry), limit=MAX_ENTRY_BYTES)
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle. Raises `BadLedger` unless it holds exactly `width`, 1 to 256."""
    if not 1 <= width <= WIDTH:
        raise BadLedger("L036", width=width)
    if len(data) > width * (2 + MAX_ENTRY_BYTES):
        raise BadLedger("L032", width=width)
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) < width:
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if len(entries) != width or at != len(data):
        raise BadLedger("L032", width=width)
    return entries


def parse_tile(data: bytes, width: int) -> list[bytes]:
    """The hashes of a tile. Raises `BadLedger` unless it holds exactly `width`, 1 to 256."""
    _check_tile(data, width)
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def _check_tile(data: bytes, width: int) -> None:
    if not 1 <= width <= WIDTH:
        raise BadLedger("L036", width=width)
    if len(data) != width * HASH_BYTES:
        raise BadLedger("L031", size=len(data), width=width, expected=width * HASH_BYTES)


def read_tile(read: FileReader, level: int, index: int, width: int) -> bytes:
    """The joined hashes of a tile, or the first `width` of the full one that replaced it.

    A log may take partial tiles away once the full tile is there. Raises `BadLedger` when neither
    file is there or the one found is malformed.
    """
    path = tile_path(level, index, width)
    data = read(path)
    if data is not None:
        _check_tile(data, width)
        return data
    data = read(tile_path(level, index)) if width < WIDTH else None
    if data is None:
        raise BadLedger("L034", where=path, path=path)
    _check_tile(data, WIDTH)
    return data[: width * HASH_BYTES]


def read_bundle(read: FileReader, index: int, width: int) -> list[bytes]:
    """The entries of a bundle, or the first `width` of the full one; errors as in `read_tile`."""
    path = bundle_path(index, width)
    data = read(path)
    if data is not None:
        return parse_bundle(data, width)
    data = read(bundle_path(index)) if width < WIDTH else None
    if data is None:
        raise BadLedger("L034", where=path, path=path)
    return parse_bundle(data, WIDTH)[:width]


def tile_nodes(size: int, read: FileReader) -> NodeReader:
    """A reader of nodes over the published tiles of a log of `size` entries, for making proofs."""
    check_size(size)

    @lru_cache(maxsize=32)
    def tile(level: int, index: int) -> bytes:
        width = min(WIDTH, (size >> HEIGHT * level) - index * WIDTH)
        return read_tile(read, level, index, width)

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        first = index << height  # counted in hashes of the tile's level
        at = first % WIDTH * HASH_BYTES
        return fold(tile(tile_level, first // WIDTH)[at : at + (HASH_BYTES << height)])

    return node


def root_of_tiles(size: int, read: FileReader) -> bytes:
    """The root that the published tiles give, from the tiles at the right edge.

    To be compared with the expected root before a checkpoint of this size is signed.
    """
    return range_root(0, size, tile_nodes(size, read)) if size else EMPTY_ROOT


class TileBuilder:
    """Turns leaf hashes, in order, into the tiles of all levels, holding one open tile a level.

    It starts at a multiple of 256 entries, `start`. `published(level, index, width)` gives the
    hashes that an already published partial tile above level 0 begins with; it is asked only
    where that tile grows.
    """

    def __init__(
        self, start: int = 0, published: Callable[[int, int, int], bytes] | None = None
    ) -> None:
        self._start = start
        self._published = published
        self._leaf_tiles = start // WIDTH
        self._open: list[tuple[int, bytearray]] = []  # per level from 1: tile index, hashes

    def add(self, leaves: bytes) -> Iterator[Tile]:
        """Take the joined hashes of the next 256 leaves, or of the last; give finished tiles."""
        yield Tile(0, self._leaf_tiles, leaves)
        level, width = 1, len(leaves)
        while width == TILE_BYTES:
            if level == 1:
                self._leaf_tiles += 1
            carried = fold(leaves)
            index, hashes = self._at(level)
            hashes += carried
            width, leaves = len(hashes), bytes(hashes)
            if width == TILE_BYTES:
                yield Tile(level, index, leaves)
                self._open[level - 1] = (index + 1, bytearray())
            level += 1

    def rest(self) -> Iterator[Tile]:
        """The partial tiles above level 0 that have grown, once all leaves were added."""
        for level, (index, hashes) in enumerate(self._open, 1):
            if hashes:
                yield Tile(level, index, bytes(hashes))

    def _at(self, level: int) -> tuple[int, bytearray]:
        """The open tile of a level; levels are reached in order, each when it first grows."""
        if level > len(self._open):
            index, width = divmod(self._start >> HEIGHT * level, WIDTH)
            hashes = bytearray()
            if width and self._published:
                hashes += self._published(level, index, width)
            self._open.append((index, hashes))
        return self._open[level - 1]


def files_between(
    old: int, new: int, read_entries: EntryReader, read_file: FileReader
) -> Iterator[tuple[str, bytes]]:
    """The files, as (path, content), to add when the log grows from `old` to `new` entries.

    Reads the entries from the last partial bundle on, and the partial tiles at the old right
    edge. A tile that is not there any more is computed again from what lies below it. Whoever
    signs afterwards compares `root_of_tiles` with the root of its own tree, since published tiles
    are taken as they are.
    """
    check_size(new)
    if not 0 <= old <= new:
        raise BadLedger("L003", first=old, second=new)
    if old == new:
        return

    def published(level: int, index: int, width: int) -> bytes:
        found = read_file(tile_path(level, index, width))
        if found is not None and len(found) == width * HASH_BYTES:
            return found
        below = (_full_tile(level - 1, index * WIDTH + at) for at in range(width))
        return b"".join(map(fold, below))

    def _full_tile(level: int, index: int) -> bytes:
        found = read_file(tile_path(level, index))
        if found is not None and len(found) == TILE_BYTES:
            return found
        if level == 0:
            return _leaves(_entries(read_entries, index * WIDTH, (index + 1) * WIDTH))
        below = (_full_tile(level - 1, index * WIDTH + at) for at in range(WIDTH))
        return b"".join(map(fold, below))

    builder = TileBuilder(old // WIDTH * WIDTH, published)
    for start in range(old // WIDTH * WIDTH, new, WIDTH):
        entries = _entries(read_entries, start, min(start + WIDTH, new))
        yield bundle_path(start // WIDTH, len(entries)), encode_bundle(entries)
        for tile in builder.add(_leaves(entries)):
            yield tile.path, tile.hashes
    for tile in builder.rest():
        yield tile.path, tile.hashes


def _entries(read_entries: EntryReader, start: int, end: int) -> Sequence[bytes]:
    entries = read_entries(start, end)
    if len(entries) != end - start:
        raise BadLedger("L035", start=start, end=end - 1, given=len(entries))
    return entries


def _leaves(entries: Sequence[bytes]) -> bytes:
    return b"".join(map(leaf_hash, entries))
