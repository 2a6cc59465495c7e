"""Files of events as chunks of bytes: plain, .gz, .zst, or standard input.

Compressed streams are read piece by piece, so memory stays bounded whatever they hold, and one that
grows out of all proportion is broken off. This module must never look at what an event says.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from ombud import files
from ombud.errors import BadEvent, BadUse, catalogue

catalogue(
    U002=("The file {path} cannot be read: {detail}.", "Check the name and the rights."),
)

CHUNK = 1 << 18
ZSTD_CHUNK = 512  # bytes: they unfold to at most 16 MiB, 128 KiB for each block of four
ZSTD_WINDOW_MAX = 1 << 27
EXPANSION_FREE = 64 << 20  # bytes that any stream may unfold to
EXPANSION_MAX = 250  # beyond that: times its compressed size. Real events stay far below


def chunks(
    path: Path,
    stream: BinaryIO | None = None,
    *,
    pipes: bool = False,
    limit: int | None = None,
) -> Iterator[bytes]:
    """The content of a file (or of `stream` in its place), decompressed by the file's ending; with
    `pipes` also what comes through a pipe of that name. `limit`: how many bytes of a file are taken
    at most, as it lies there and unpacked. Raises BadUse U002, BadEvent E011, BadData D005.
    """
    if stream is not None:
        yield from _pieces(stream)
        return
    try:
        with files.opened(path, pipes=pipes) as file:
            _held_to(path, files.size(file), limit)
            if path.suffix == ".gz":
                pieces = _bounded(_gunzip(file), file)
            elif path.suffix == ".zst":
                pieces = _bounded(_unzstd(file), file)
            else:
                pieces = _pieces(file)
            total = 0
            for piece in pieces:
                total += len(piece)
                _held_to(path, total, limit)
                yield piece
    except OSError as error:
        raise _unreadable(path, error) from None


def require(path: Path, *, pipes: bool = False, limit: int | None = None) -> None:
    """Raises BadUse U002 where there is no such file to read, BadData D005 where it has more than
    `limit` bytes: at once, nothing is read. A pipe is not opened for it.
    """
    try:
        if not (pipes and path.is_fifo()):
            with files.opened(path) as file:
                _held_to(path, files.size(file), limit)
    except OSError as error:
        raise _unreadable(path, error) from None


def _held_to(path: Path, size: int, limit: int | None) -> None:
    if limit is not None and size > limit:
        raise files.too_long(path, size, limit)


def _unreadable(path: Path, error: OSError) -> BadUse:
    return BadUse("U002", str(path), path=path, detail=error.strerror or type(error).__name__)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read1(CHUNK) if hasattr(file, "read1") else file.read(CHUNK):
        yield piece


def _bounded(unfolded: Iterable[bytes], file: BinaryIO) -> Iterator[bytes]:
    """Stop a stream that unfolds out of all proportion."""
    total = 0
    for piece in unfolded:
        total += len(piece)
        if total > EXPANSION_FREE and total > EXPANSION_MAX * file.tell():
            raise BadEvent(
                "E011", "$", detail=f"it unfolds to more than {EXPANSION_MAX} times its size"
            )
        yield piece


def _gunzip(file: BinaryIO) -> Iterator[bytes]:
    """All members of a gzip file."""
    unzip, begun, waiting = zlib.decompressobj(wbits=31), False, b""
    try:
        while waiting := waiting or file.read(CHUNK):
            piece = unzip.decompress(waiting, CHUNK)
            begun, waiting = True, unzip.unconsumed_tail
            if piece:
                yield piece
            if unzip.eof:
                begun, waiting = False, unzip.unused_data
                unzip = zlib.decompressobj(wbits=31)
    except zlib.error as error:
        raise BadEvent("E011", "$", detail=str(error)) from None
    if begun:
        raise BadEvent("E011", "$", detail="the gzip stream ends too early")


def _unzstd(file: BinaryIO) -> Iterator[bytes]:
    """All frames of a zstd file, a little of it at a time: a few bytes may unfold to much."""
    import zstandard

    frames = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_MAX)
    unzip, begun, waiting = frames.decompressobj(), False, b""
    try:
        while waiting := waiting or file.read(ZSTD_CHUNK):
            piece = unzip.decompress(waiting)
            begun, waiting = True, b""
            if piece:
                yield piece
            if unzip.eof:
                begun, waiting = False, unzip.unused_data
                unzip = frames.decompressobj()
    except zstandard.ZstdError as error:
        raise BadEvent("E011", "$", detail=str(error)) from None
    if begun:
        raise BadEvent("E011", "$", detail="the zstd stream ends too early")
