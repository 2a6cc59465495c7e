"""Files that somebody named: what is no file is told at once, and nothing is read without end."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ombud import files
from ombud.errors import BadData

PATIENCE = 20  # seconds; what waits for a pipe waits for ever


@contextmanager
def soon() -> Iterator[None]:
    """Whatever waits inside for a pipe is let go in the end, and found out."""
    late = threading.Event()
    ends = threading.Timer(PATIENCE, late.set)
    ends.start()
    yield
    ends.cancel()
    assert not late.is_set(), "it waited"


def put(folder: Path, kind: str) -> Path:
    """Something at a path that is no regular file."""
    path = folder / kind
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a folder":
        path.mkdir()
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    else:
        path.symlink_to("/dev/zero")
    return path


@pytest.mark.parametrize("kind", ["a pipe", "a folder", "a device", "a socket"])
def test_what_is_no_file_is_told_at_once(kind: str, tmp_path: Path) -> None:
    """It is D016, with what stands there: nobody waits for a pipe, no device is read."""
    path = put(tmp_path, kind)
    with soon(), pytest.raises(BadData) as caught:
        files.content(path, 100)
    assert (caught.value.code, caught.value.where) == ("D016", str(path))
    if kind != "a socket":  # the system's own words
        assert f"it is {kind}, no regular file" in caught.value.message


def test_what_is_not_there_or_not_for_us_is_told(tmp_path: Path) -> None:
    """It is D016 with the system's reason."""
    with pytest.raises(BadData, match=r"D016 .*No such file"):
        files.content(tmp_path / "none", 100)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BadData, match=r"D016 .*Not a directory"):
        files.content(tmp_path / "file" / "inside", 100)
    with pytest.raises(BadData, match=r"D016 .*too long"):
        files.content(tmp_path / ("x" * 300), 100)


@pytest.mark.parametrize("length", [0, 1, 99, 100])
def test_a_file_within_the_bound_comes_whole(length: int, tmp_path: Path) -> None:
    """Up to the bound and with it; through a link too."""
    (tmp_path / "a").write_bytes(b"x" * length)
    (tmp_path / "b").symlink_to("a")
    assert files.content(tmp_path / "a", 100) == b"x" * length
    assert files.content(tmp_path / "b", 100) == b"x" * length


def test_a_file_beyond_the_bound_is_not_read(tmp_path: Path) -> None:
    """It is D005, however large: a file of a terabyte with nothing in it costs nothing."""
    path = tmp_path / "a"
    path.touch()
    os.truncate(path, 1 << 40)
    with pytest.raises(BadData) as caught:
        files.content(path, 100)
    assert (caught.value.code, caught.value.arguments["size"]) == ("D005", 1 << 40)


def test_a_file_that_grows_is_read_to_the_bound(tmp_path: Path) -> None:
    """Its size is what it was when it was asked; what comes afterwards is not read for ever."""
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)
    with files.opened(path) as file:
        assert files.size(file) == 10
        with path.open("ab") as more:
            more.write(b"y" * 3_000_000)
        assert len(files.upto(file, 2_500_000)) == 2_500_000


def test_a_link_is_not_followed_where_it_may_not_be(tmp_path: Path) -> None:
    """Unlike by default."""
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").symlink_to("a")
    with files.opened(tmp_path / "a", follow=False) as file:
        assert file.read() == b"x"
    with pytest.raises(OSError, match="symbolic"):
        files.opened(tmp_path / "b", follow=False)


def test_a_file_without_a_size_of_its_own_is_bounded_too() -> None:
    """What the system makes up while it is read says that it has no bytes."""
    with pytest.raises(BadData, match="D005"):
        files.content(Path("/proc/self/maps"), 100)


def test_a_pipe_is_waited_for_where_it_is_wanted(tmp_path: Path) -> None:
    """Events may come through one: all that is written into it, from its first writer on."""
    path = put(tmp_path, "a pipe")
    with soon():
        writer = threading.Thread(target=path.write_bytes, args=(b"events" * 50_000,))
        writer.start()
        with files.opened(path, pipes=True) as file:
            assert file.read() == b"events" * 50_000
        writer.join()
    with pytest.raises(files.Unfit, match="a device"):
        files.opened(Path("/dev/zero"), pipes=True)


@pytest.mark.parametrize("content", [b"", b"late"])
def test_no_path_is_opened_so_that_opening_waits(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a path was found to be may be something else when it is opened: it is opened without
    waiting, and what is open is asked. A pipe's first writer is waited for all the same, also one
    that writes nothing.
    """
    path, real, asked = put(tmp_path, "a pipe"), os.open, []

    def spied(named: Path, flags: int, **more: Any) -> int:
        asked.append(flags)
        return real(named, flags, **more)

    def wrong(*_: object, **__: object) -> None:
        raise AssertionError("it asked the path")

    writer = threading.Timer(0.1, path.write_bytes, (content,))
    with soon():
        writer.start()
        with monkeypatch.context() as patched:
            patched.setattr(os, "open", spied)
            patched.setattr(os, "stat", wrong)
            file = files.opened(path, pipes=True)
        with file:
            assert os.get_blocking(file.fileno())
            assert file.read() == content
        writer.join()
    assert asked[0] & os.O_NONBLOCK


def test_nothing_stays_open(tmp_path: Path) -> None:
    """Neither what was refused nor what was read."""
    before = os.listdir("/proc/self/fd")
    (tmp_path / "a").write_bytes(b"x")
    files.content(tmp_path / "a", 1)
    for kind in ("a pipe", "a folder"):
        with pytest.raises(BadData):
            files.content(put(tmp_path, kind), 1)
    assert os.listdir("/proc/self/fd") == before
