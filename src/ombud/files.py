"""Files that somebody named, opened so that nobody waits for them and none is without an end.

Behind a path may be a pipe that nobody writes to, a terminal, a device that never ends. So a path
is opened without waiting, asked what it is, and read up to a bound, whatever it grows to meanwhile.
Whatever a person or a setting named is opened here, and a test holds every other module to that.
This module must never write, and never look at what a file says.
"""

from __future__ import annotations

import os
import select
import stat
from io import BufferedReader
from pathlib import Path

from ombud.errors import BadData, catalogue

catalogue(
    D005=("{path} is {size} bytes long; at most {limit} are read.", "Split it or shorten it."),
    D016=(
        "{path} cannot be read: {detail}.",
        "Look at what stands there and who may read it. Nothing was changed.",
    ),
)

_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
CHUNK = 1 << 20


class Unfit(OSError):
    """What is there is no file that is read; `strerror` says what it is."""


def opened(
    path: Path | str, *, folder: int | None = None, follow: bool = True, pipes: bool = False
) -> BufferedReader:
    """A regular file, open to read; with `pipes` a pipe too, which is then waited for. `folder`: a
    handle that the path is taken from. `follow`: whether the file may be a link. Raises Unfit for
    what is neither, OSError for what cannot be opened.
    """
    handle = os.open(path, _OPEN if follow else _OPEN | os.O_NOFOLLOW, dir_fd=folder)
    try:
        mode = os.fstat(handle).st_mode  # of what is open: what stands at the path may be another
        if pipes and stat.S_ISFIFO(mode):
            _await_writer(handle)
        elif not stat.S_ISREG(mode):
            raise Unfit(None, _what(mode))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _await_writer(pipe: int) -> None:
    """Wait for a pipe's first bytes, or its first writer's end, and from then on for all others:
    a pipe that nobody has written to yet would read as one that is over.
    """
    begun = select.poll()
    begun.register(pipe, select.POLLIN)
    begun.poll()
    os.set_blocking(pipe, True)


def unfit(path: Path) -> str:
    """What stands at a path instead of a regular file; empty where one does, or nothing. For what
    must not be opened here: closing a database once gives up the locks of its other connections.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""
    return "" if stat.S_ISREG(mode) else _what(mode)


def _what(mode: int) -> str:
    return f"it is {_KINDS.get(stat.S_IFMT(mode), 'something else')}, no regular file"


def size(file: BufferedReader) -> int:
    """How many bytes an open file has now."""
    return os.fstat(file.fileno()).st_size


def upto(file: BufferedReader, limit: int) -> bytes:
    """What an open file holds, never more than `limit` bytes, whatever it grows to meanwhile."""
    parts, left = [], limit
    while left and (part := file.read(min(left, CHUNK))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def content(path: Path, limit: int) -> bytes:
    """What a file holds. Raises BadData D016 where it cannot be read, D005 beyond `limit` bytes."""
    try:
        with opened(path) as file:
            found = size(file)
            if found <= limit and len(read := upto(file, limit + 1)) <= limit:
                return read
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise BadData("D016", str(path), path=path, detail=detail) from None
    raise too_long(path, found, limit)


def too_long(path: Path, found: int, limit: int) -> BadData:
    """The error of a file of more than `limit` bytes, of which so many were found."""
    return BadData("D005", str(path), path=path, size=max(found, limit + 1), limit=limit)
