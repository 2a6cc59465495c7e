"""Files of events as chunks: plain, packed in one piece or several, from a pipe, or not at all."""

from __future__ import annotations

import gzip
import io
import random
from pathlib import Path

import pytest
import zstandard

from ombud import intake
from ombud.errors import BadData, BadEvent, BadUse

CONTENT = bytes(random.Random(1).choices(b"abc\n", k=900_000))
HALF = len(CONTENT) // 2


def read(path: Path) -> bytes:
    """The whole content of a file."""
    return b"".join(intake.chunks(path))


def packed(ending: str, *parts: bytes) -> bytes:
    """Parts packed one by one."""
    pack = gzip.compress if ending == "gz" else zstandard.ZstdCompressor().compress
    return b"".join(map(pack, parts))


def test_a_plain_file_and_a_pipe_come_as_they_are(tmp_path: Path) -> None:
    """Nothing is changed and no piece is larger than a chunk."""
    path = tmp_path / "events"
    path.write_bytes(CONTENT)
    assert read(path) == CONTENT
    pieces = list(intake.chunks(path, io.BytesIO(CONTENT)))
    assert b"".join(pieces) == CONTENT
    assert max(map(len, pieces)) <= intake.CHUNK


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_packed_files_are_unfolded(ending: str, tmp_path: Path) -> None:
    """One stream, several joined ones, and an empty one give the content."""
    path = tmp_path / f"events.{ending}"
    for parts in ([CONTENT], [CONTENT[:HALF], CONTENT[HALF:]], [b"", CONTENT, b""], [b""]):
        path.write_bytes(packed(ending, *parts))
        assert read(path) == b"".join(parts)


@pytest.mark.parametrize("ending", ["gz", "zst"])
@pytest.mark.parametrize("share", [0.001, 0.3, 0.9999])
def test_a_cut_file_gives_what_it_has_and_an_error(
    ending: str, share: float, tmp_path: Path
) -> None:
    """The beginning comes, then E011: a cut file is never taken for a whole one."""
    path = tmp_path / f"events.{ending}"
    whole = packed(ending, CONTENT)
    path.write_bytes(whole[: int(len(whole) * share)])
    found: list[bytes] = []
    with pytest.raises(BadEvent, match="E011"):
        found.extend(intake.chunks(path))
    assert CONTENT.startswith(b"".join(found))
    assert share < 0.3 or found


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_noise_is_an_error(ending: str, tmp_path: Path) -> None:
    """What is no packed stream at all, or has something behind it, is E011."""
    path = tmp_path / f"events.{ending}"
    for content in (b"noise" * 100, packed(ending, CONTENT) + b"noise"):
        path.write_bytes(content)
        with pytest.raises(BadEvent, match="E011"):
            read(path)


def test_zstd_pieces_are_bounded(tmp_path: Path) -> None:
    """However far a few bytes unfold, one piece holds at most 16 MiB."""
    path = tmp_path / "events.zst"
    path.write_bytes(zstandard.ZstdCompressor().compress(bytes(60 << 20)))
    sizes = [len(piece) for piece in intake.chunks(path)]
    assert sum(sizes) == 60 << 20
    assert max(sizes) <= 16 << 20


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    """A missing file and a folder are told before anything is begun."""
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(BadUse, match="U002"):
            intake.require(path)
        with pytest.raises(BadUse, match="U002"):
            read(path)
    (tmp_path / "something").touch()
    intake.require(tmp_path / "something")


def test_a_file_is_held_to_a_bound_before_it_is_read(tmp_path: Path) -> None:
    """By what lies there, before its first byte; by what it unfolds to; and as long as that, it
    comes whole.
    """
    plain, folded = tmp_path / "events", tmp_path / "events.gz"
    plain.write_bytes(CONTENT)
    folded.write_bytes(gzip.compress(CONTENT))
    for path in (plain, folded):
        assert b"".join(intake.chunks(path, limit=len(CONTENT))) == CONTENT
        with pytest.raises(BadData, match="D005"):
            list(intake.chunks(path, limit=len(CONTENT) - 1))
    intake.require(plain, limit=len(CONTENT))
    with pytest.raises(BadData, match="D005"):
        intake.require(plain, limit=len(CONTENT) - 1)
    with pytest.raises(BadData, match="D005"):
        next(intake.chunks(plain, limit=len(CONTENT) - 1))
