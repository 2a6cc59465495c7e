"""Tiles: paths, strict reading, and files that grow with the log without reading all of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.public_log import flipped, refused
from ombud.ledger import tiles, tree
from ombud.ledger.tiles import TilePath

ENTRIES = [b"entry %d" % number for number in range(70_300)]
LEAVES = [tree.leaf_hash(each) for each in ENTRIES]
NODES = tree.nodes_of(LEAVES)
SIZES = [0, 1, 2, 255, 256, 257, 300, 511, 512, 65_535, 65_536, 65_537, 70_000, 70_300]


def entries_between(start: int, end: int) -> list[bytes]:
    """The entries, as the database would give them."""
    return ENTRIES[start:end]


def tiles_of(size: int) -> dict[str, bytes]:
    """All files of a log of this size straight from the specification's formula, level by level."""
    files = {}
    level = 0
    while size >> 8 * level:
        hashes = [NODES(8 * level, index) for index in range(size >> 8 * level)]
        for index in range(0, len(hashes), 256):
            part = hashes[index : index + 256]
            suffix = "" if len(part) == 256 else f".p/{len(part)}"
            name = f"{index // 256:03d}"
            if index // 256 >= 1000:
                name = f"x{index // 256000:03d}/{index // 256 % 1000:03d}"
            files[f"tile/{level}/{name}{suffix}"] = b"".join(part)
            if level == 0:
                lines = ENTRIES[index : index + len(part)]
                files[f"tile/entries/{name}{suffix}"] = b"".join(
                    len(each).to_bytes(2, "big") + each for each in lines
                )
        level += 1
    return files


WHOLE = {size: tiles_of(size) for size in SIZES}


@pytest.mark.parametrize(
    ("index", "number"),
    [(0, "000"), (67, "067"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_paths_are_those_of_the_specification(index: int, number: str) -> None:
    """An index is written in groups of three digits, all but the last after an x."""
    assert tiles.tile_path(3, index) == f"tile/3/{number}"
    assert tiles.bundle_path(index, 7) == f"tile/entries/{number}.p/7"
    assert tiles.parse_path(f"tile/3/{number}.p/255") == TilePath(3, index, 255)
    assert tiles.parse_path(f"tile/entries/{number}") == TilePath(None, index, 256)


@given(st.integers(0, 63), st.integers(0, tree.MAX_SIZE // 256), st.integers(1, 256))
def test_every_path_is_read_back(level: int, index: int, width: int) -> None:
    """A path that was written names what it was written for."""
    found = tiles.parse_path(tiles.tile_path(level, index, width))
    assert found == TilePath(level, index, width)
    assert tiles.parse_path(tiles.bundle_path(index, width)).level is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p/-1",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x001/x234/067/",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/../0/000",
        "tile/0/\u0660\u0660\u0660",
        "tile/entries/000.p/0",
        "tile/0/" + "x999/" * 6 + "999",
        "tile/0/" + "x999/" * 1000 + "999",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    """Width 0 and 256, needless zeros, levels past 63 and anything else are no paths."""
    with refused("L030"):
        tiles.parse_path(path)


def test_paths_are_not_written_for_empty_or_impossible_tiles() -> None:
    """Width 0, negative indexes and levels have no path."""
    for width in (0, -1, 257):
        with refused("L036"):
            tiles.tile_path(0, 0, width)
    with refused("L002"):
        tiles.tile_path(0, -1)
    with refused("L002"):
        tiles.tile_path(64, 0)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_are_read_back(entries: list[bytes]) -> None:
    """Any entries, empty ones too, come back; with a byte more or less or another width, not."""
    data = tiles.encode_bundle(entries)
    width = len(entries)
    assert tiles.parse_bundle(data, width) == entries
    with refused("L032"):
        tiles.parse_bundle(data[:-1], width)
    with refused("L032"):
        tiles.parse_bundle(data + b"\0", width)
    if width > 1:
        with refused("L032"):
            tiles.parse_bundle(data, width - 1)
    if width < 256:
        with refused("L032"):
            tiles.parse_bundle(data, width + 1)


def test_bundles_and_tiles_of_width_zero_are_refused() -> None:
    """An empty tile or bundle is neither written nor read, nor one of more than 256."""
    for width in (0, -1, 257):
        with refused("L036"):
            tiles.parse_tile(bytes(32 * max(width, 0)), width)
        with refused("L036"):
            tiles.parse_bundle(bytes(2 * max(width, 0)), width)
    with refused("L036"):
        tiles.encode_bundle([])


def test_an_entry_has_at_most_65535_bytes() -> None:
    """The longest entry fits its length prefix; one byte more is refused."""
    longest = bytes(65_535)
    assert tiles.parse_bundle(tiles.encode_bundle([longest]), 1) == [longest]
    with refused("L033"):
        tiles.encode_bundle([longest + b"\0"])
    with refused("L032"):
        tiles.parse_bundle(bytes(70_000), 1)


@pytest.mark.parametrize("length", [0, 31, 33, 32 * 256])
def test_a_tile_has_exactly_its_hashes(length: int) -> None:
    """A tile of width 2 is 64 bytes and nothing else."""
    assert tiles.parse_tile(bytes(range(64)), 2) == [bytes(range(32)), bytes(range(32, 64))]
    with refused("L031"):
        tiles.parse_tile(bytes(length), 2)


def test_a_log_of_70000_entries_has_the_tiles_of_the_specification() -> None:
    """The specification's example: 273 full, 112, one full, 17, and one of width 1."""
    files = dict(tiles.files_between(0, 70_000, entries_between, lambda _: None))
    names = [path for path in files if path.startswith("tile/0/")]
    assert len([path for path in names if ".p" not in path]) == 273
    assert [path for path in names if ".p" in path] == ["tile/0/273.p/112"]
    above = sorted(path for path in files if re.match("tile/[1-9]", path))
    assert above == ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]


def test_a_log_of_256_entries_has_two_tiles() -> None:
    """The specification's other example: a full tile and one of width 1 above it."""
    files = dict(tiles.files_between(0, 256, entries_between, lambda _: None))
    assert sorted(files) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]


@pytest.mark.parametrize("old", SIZES)
@pytest.mark.parametrize("new", SIZES)
def test_growth_yields_what_was_missing(old: int, new: int) -> None:
    """Between any two sizes come exactly the files that the smaller log does not have."""
    if old > new:
        with refused("L003"):
            list(tiles.files_between(old, new, entries_between, WHOLE[old].get))
        return
    grown = list(tiles.files_between(old, new, entries_between, WHOLE[old].get))
    assert dict(grown) == {
        path: data for path, data in WHOLE[new].items() if path not in WHOLE[old]
    }
    assert len(dict(grown)) == len(grown)


@pytest.mark.parametrize(
    "lost", ["tile/1/000.p/255", "tile/1/001.p/17", "tile/0/005", "tile/1", "tile/0", "tile"]
)
@pytest.mark.parametrize(("old", "new"), [(65_535, 65_537), (70_000, 70_300)])
def test_lost_or_torn_tiles_are_derived_again(lost: str, old: int, new: int) -> None:
    """Growth gives the same files when published tiles are gone or cut short by a crash."""
    whole = WHOLE[old]
    without = {path: data for path, data in whole.items() if not path.startswith(lost)}
    torn = {path: data[:-1] if path not in without else data for path, data in whole.items()}
    expected = dict(tiles.files_between(old, new, entries_between, whole.get))
    for files in (without, torn):
        assert dict(tiles.files_between(old, new, entries_between, files.get)) == expected


def test_growth_reads_the_right_edge_only() -> None:
    """To grow by 300 entries, no entry before the last partial bundle and two tiles are read."""
    read: list[str] = []
    ranges: list[tuple[int, int]] = []

    def read_file(path: str) -> bytes | None:
        read.append(path)
        return WHOLE[70_000].get(path)

    def read_entries(start: int, end: int) -> list[bytes]:
        ranges.append((start, end))
        return ENTRIES[start:end]

    list(tiles.files_between(70_000, 70_300, read_entries, read_file))
    assert read == ["tile/1/001.p/17"]
    assert ranges == [(69_888, 70_144), (70_144, 70_300)]


def test_growth_needs_the_entries_it_asks_for() -> None:
    """A store that gives fewer entries than it claims is refused, not padded."""
    nothing: dict[str, bytes] = {}
    with refused("L035"):
        list(tiles.files_between(0, 300, lambda start, end: ENTRIES[start : end - 1], nothing.get))
    with refused("L002"):
        list(tiles.files_between(0, -1, entries_between, nothing.get))


@pytest.mark.parametrize("size", SIZES)
def test_the_right_edge_gives_the_root(size: int) -> None:
    """The root from the published tiles is the root over all leaves."""
    assert tiles.root_of_tiles(size, WHOLE[size].get) == tree.root_of(LEAVES[:size])


def test_a_changed_tile_at_the_right_edge_changes_the_root() -> None:
    """A flipped bit in any tile that growth builds on shows before the next signature."""
    root = tree.root_of(LEAVES[:70_300])
    for path in ("tile/1/001.p/17", "tile/2/000.p/1"):
        files = {**WHOLE[70_000], path: flipped(WHOLE[70_000][path], 9)}
        files |= dict(tiles.files_between(70_000, 70_300, entries_between, files.get))
        assert tiles.root_of_tiles(70_300, files.get) != root


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SIZES[1:]), st.data())
def test_proofs_from_tiles_are_the_proofs_from_leaves(size: int, data: st.DataObject) -> None:
    """Inclusion and consistency proofs made from stored tiles are the tree's own, and hold."""
    index = data.draw(st.integers(0, size - 1))
    nodes = tiles.tile_nodes(size, WHOLE[size].get)
    proof = tree.inclusion_proof(index, size, nodes)
    assert proof == tree.inclusion_proof(index, size, NODES)
    root = tiles.root_of_tiles(size, WHOLE[size].get)
    tree.verify_inclusion(LEAVES[index], index, size, proof, root)
    extension = tree.consistency_proof(index, size, nodes)
    assert extension == tree.consistency_proof(index, size, NODES)
    tree.verify_consistency(index, size, tree.root_of(LEAVES[:index]), root, extension)


def test_a_full_tile_replaces_a_partial_one() -> None:
    """Reading a partial file that was taken away gives the beginning of the full one."""
    files = WHOLE[512]
    assert tiles.read_tile(files.get, 0, 1, 44) == b"".join(LEAVES[256:300])
    assert tiles.read_bundle(files.get, 1, 44) == ENTRIES[256:300]


def test_missing_and_malformed_files_are_refused() -> None:
    """No file, a full one that is cut, and a malformed partial one beside a good full one fail."""
    nothing: dict[str, bytes] = {}
    cut = {"tile/0/001": bytes(32 * 255)}
    with refused("L034"):
        tiles.read_tile(nothing.get, 0, 1, 44)
    with refused("L034"):
        tiles.read_bundle(nothing.get, 1, 256)
    with refused("L031"):
        tiles.read_tile(cut.get, 0, 1, 44)
    with refused("L031"):
        tiles.read_tile({**WHOLE[512], "tile/0/001.p/44": b""}.get, 0, 1, 44)
    with refused("L032"):
        tiles.read_bundle({**WHOLE[512], "tile/entries/001.p/44": b""}.get, 1, 44)
