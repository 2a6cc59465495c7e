"""Checking a log from outside: an honest one passes, and no damage goes unseen."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.public_log import (
    OTHER,
    SIGNER,
    VKEY,
    checkpoint_of,
    entries,
    entry,
    flipped,
    publish,
    refused,
)
from ombud.ledger import checkpoint, counts, tiles, tree
from ombud.ledger import verify as verifying
from ombud.ledger.checkpoint import Checkpoint
from ombud.ledger.counts import Tally
from ombud.ledger.verify import Report, verify

LINES = entries(700)
FILES = publish(LINES, 300)
NEEDED = sorted(publish(LINES))  # the other files are of the older size


def codes(report: Report) -> set[str]:
    """The codes of a report's problems."""
    return {problem.code for problem in report.problems}


def found(report: Report) -> set[tuple[str, str, int | None]]:
    """The problems as (code, path, index)."""
    return {(each.code, each.path, each.index) for each in report.problems}


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 700])
def test_an_honest_log_passes(size: int) -> None:
    """A log of any size verifies; the report gives the signed size and root."""
    report = verify(publish(LINES[:size]).get, VKEY)
    assert report.ok
    assert report.problems == ()
    assert report.size == size
    assert report.root == tree.root_of(map(tree.leaf_hash, LINES[:size]))


def test_a_log_with_three_levels_of_tiles_passes() -> None:
    """Past 65,536 entries every level is derived; a damaged hash at the top is found alone."""
    lines = entries(65_800)
    files = publish(lines)
    assert verify(files.get, VKEY).ok
    files["tile/2/000.p/1"] = flipped(files["tile/2/000.p/1"], 0)
    assert found(verify(files.get, VKEY)) == {("L061", "tile/2/000.p/1", 0)}


def test_the_counts_come_from_the_leaves() -> None:
    """The tallies are those that a plain count over the entries gives."""
    expected: Counter[Tally] = Counter()
    for number in range(700):
        kind = "appeal" if number % 5 == 0 else "decision"
        by_rule = number % 3 == 0
        rule = "new-member-links" if by_rule else None
        expected[Tally(kind, "spam.links", "hold", by_rule, rule)] += 1
    assert verify(FILES.get, VKEY).counts.tallies == expected


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NEEDED), st.integers(0, 1 << 20))
def test_no_flipped_bit_passes(path: str, bit: int) -> None:
    """One changed bit in any file is found and named, in a tile at its place and nothing else."""
    changed = flipped(FILES[path], bit)
    report = verify({**FILES, path: changed}.get, VKEY)
    assert not report.ok
    if path.startswith("tile/entries"):  # a line that still reads shows in the tile above it
        named = {problem.path for problem in report.problems}
        assert named & {path, path.replace("entries", "0")}
        assert len(named) <= 4
    if path.startswith(("tile/0", "tile/1")):
        start = tiles.parse_path(path).index * 256
        at = bit // 8 % len(changed) // 32
        assert found(report) == {("L061", path, start + at)}


@pytest.mark.parametrize("path", NEEDED)
def test_a_missing_file_is_named(path: str) -> None:
    """Each needed file, taken away alone, is the one problem reported."""
    files = {name: data for name, data in FILES.items() if name != path}
    report = verify(files.get, VKEY)
    missing = "L060" if path == "checkpoint" else "L034"
    assert found(report) == {(missing, path, None)}


def test_entries_missing_with_their_tile_spoil_the_root() -> None:
    """Where neither a bundle nor its tile is there, nothing stands in for what was signed."""
    lost = ("tile/entries/001", "tile/0/001")
    report = verify({path: data for path, data in FILES.items() if path not in lost}.get, VKEY)
    assert {("L034", path, None) for path in lost} <= found(report)
    assert ("L062", "checkpoint", None) in found(report)


@pytest.mark.parametrize("path", NEEDED)
@pytest.mark.parametrize("cut", [0, 1, 31, -1])
def test_a_truncated_file_is_found(path: str, cut: int) -> None:
    """A file cut short anywhere fails by its own path."""
    report = verify({**FILES, path: FILES[path][:cut]}.get, VKEY)
    assert path in {problem.path for problem in report.problems}


def test_a_dropped_entry_is_found() -> None:
    """An entry left out, with all tiles made anew, does not give the signed root."""
    shorter = LINES[:100] + LINES[101:]
    assert not verify({**publish(shorter), "checkpoint": FILES["checkpoint"]}.get, VKEY).ok
    one_file = tiles.encode_bundle([*LINES[:100], *LINES[101:256]])
    report = verify({**FILES, "tile/entries/000": one_file}.get, VKEY)
    assert ("L032", "tile/entries/000", None) in found(report)


def test_reordered_entries_are_found() -> None:
    """Two entries that changed places do not give the signed root; the place is named."""
    swapped = LINES.copy()
    swapped[300], swapped[301] = swapped[301], swapped[300]
    bundle = tiles.encode_bundle(swapped[256:512])
    report = verify({**FILES, "tile/entries/001": bundle}.get, VKEY)
    expected = {
        ("L061", "tile/0/001", 300),
        ("L061", "tile/1/000.p/2", 1),
        ("L062", "checkpoint", None),
    }
    assert found(report) == expected
    assert report.problems[0].message.startswith("2 of 256 hashes")
    consistent = {**publish(swapped), "checkpoint": FILES["checkpoint"]}
    assert found(verify(consistent.get, VKEY)) == {("L062", "checkpoint", None)}


def test_a_fork_passes_alone_and_is_found_against_what_was_seen() -> None:
    """A rewritten log signed anew is whole in itself; an earlier checkpoint shows the fork."""
    forked = LINES.copy()
    forked[10] = entry(9999)
    files = publish([*forked, entry(700)])
    seen = checkpoint.verify(FILES["checkpoint"], SIGNER.key)
    assert verify(files.get, VKEY).ok
    assert codes(verify(files.get, VKEY, seen)) == {"L064"}
    honest = publish([*LINES, entry(700)], 700)
    assert verify(honest.get, VKEY, seen).ok
    assert verify(FILES.get, VKEY, seen).ok
    assert verify(FILES.get, VKEY, Checkpoint(SIGNER.name, 0, tree.EMPTY_ROOT)).ok


def test_an_older_checkpoint_is_a_valid_older_log() -> None:
    """With its partial tiles, or full ones in their place, it passes; what was seen shows it."""
    replayed = {**FILES, "checkpoint": checkpoint_of(LINES[:300])}
    report = verify(replayed.get, VKEY)
    assert report.ok
    assert report.size == 300
    without = {path: data for path, data in replayed.items() if ".p/44" not in path}
    assert verify(without.get, VKEY).ok
    seen = checkpoint.verify(FILES["checkpoint"], SIGNER.key)
    assert codes(verify(replayed.get, VKEY, seen)) == {"L063"}


def test_an_older_checkpoint_without_its_tiles_fails() -> None:
    """A size that was never published has neither partial nor full tiles at its edge."""
    files = {**FILES, "checkpoint": checkpoint_of(LINES[:600])}
    report = verify(files.get, VKEY)
    assert ("L034", "tile/0/002.p/88", None) in found(report)
    assert ("L034", "tile/entries/002.p/88", None) in found(report)


def test_a_partial_tile_of_width_zero_is_never_used() -> None:
    """An empty tile lying about changes nothing, and cannot stand for a real one."""
    full = publish(LINES[:512])
    stray = {**full, "tile/0/002.p/0": b"", "tile/entries/002.p/0": b""}
    asked: list[str] = []

    def read(path: str) -> bytes | None:
        asked.append(path)
        return stray.get(path)

    assert verify(read, VKEY).ok
    assert not [path for path in asked if path.endswith(".p/0")]
    report = verify({**FILES, "tile/0/002.p/188": b""}.get, VKEY)
    assert found(report) == {("L031", "tile/0/002.p/188", None)}


def test_a_wrong_key_is_one_clear_problem() -> None:
    """Under another key of the same name nothing is believed, neither size nor counts."""
    report = verify(FILES.get, OTHER.key.encode())
    assert codes(report) == {"L013"}
    assert report.size is None
    assert report.root is None
    assert report.counts.size == 0
    with refused("L010"):
        verify(FILES.get, "no key")


def test_an_entry_that_is_no_leaf_is_named() -> None:
    """A signed log with foreign lines verifies as a tree, and each such line is a problem."""
    lines = [*LINES[:300], b"", b'{"account":"acct_9"}', LINES[0] + b"\n"]
    report = verify(publish(lines).get, VKEY)
    expected = {("L051", "tile/entries/001.p/47", index) for index in (300, 301, 302)}
    assert found(report) == expected
    assert sum(report.counts.tallies.values()) == 300


def test_the_list_of_problems_is_bounded() -> None:
    """A log of junk ends after 100 problems and says so; a claimed huge size ends as well."""
    junk = verify(publish([b"junk"] * 600).get, VKEY)
    assert len(junk.problems) == verifying.MAX_PROBLEMS + 1
    assert junk.problems[-1].code == "L065"
    huge = checkpoint.sign(Checkpoint(SIGNER.name, tree.MAX_SIZE, bytes(32)), SIGNER)
    report = verify({"checkpoint": huge}.get, VKEY)
    assert report.problems[-1].code == "L065"
    assert report.size == tree.MAX_SIZE


def test_the_counts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit new combinations are refused as a problem, known ones go on counting."""
    monkeypatch.setattr(counts, "MAX_TALLIES", 3)
    report = verify(publish(LINES[:60]).get, VKEY)
    assert codes(report) == {"L066"}
    assert len(report.counts.tallies) == 3


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(NEEDED), st.binary(max_size=9000), min_size=1))
def test_hostile_files_never_raise(changed: dict[str, bytes]) -> None:
    """Whatever the files hold, the answer is a report with problems, without their content."""
    report = verify({**FILES, **changed}.get, VKEY)
    assert not report.ok
    assert all(problem.message.isprintable() and problem.hint for problem in report.problems)
