"""The socket: requests and answers, errors as they were raised, and no request that is too much."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ombud import errors, local_socket
from ombud.errors import BadData, BadEvent, BadUse, OmbudError
from ombud.local_socket import FILE, NobodyThere, Server, ask


def echo(request: Mapping[str, Any], content: bytes) -> Any:
    """What was asked."""
    return [request.get("word"), content.decode()]


def fail(request: Mapping[str, Any], content: bytes) -> Any:  # noqa: ARG001
    """An error of the class that is asked for."""
    kinds: dict[str, OmbudError] = {
        "E": BadEvent("E003", "$.x", size=1, limit=2),
        "D": BadData("D012", "queue"),
        "U": BadUse("U004", "do", do="it"),
    }
    raise kinds[request["kind"]]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose path is longer than a socket's address may be, with a server in it."""
    place = tmp_path / ("long" * 30)
    place.mkdir()
    server = Server(place, {"echo": echo, "fail": fail})
    yield place
    server.close()
    assert not (place / FILE).exists()


def raw(folder: Path, sent: bytes) -> bytes:
    """What comes back for bytes as they are."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        with local_socket._address(folder) as address:
            connection.connect(address)
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while piece := connection.recv(1 << 16):
            found += piece
        return found


def test_a_request_is_answered(folder: Path) -> None:
    """Arguments and content arrive as they were sent; the file is for this user only."""
    assert ask(folder, "echo", b"line\n\x01", word="\u1ea1") == ["\u1ea1", "line\n\x01"]
    assert ask(folder, "echo", b"x" * 3_000_000)[1] == "x" * 3_000_000
    assert (folder / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("kind", "raised"), [("E", BadEvent), ("D", BadData), ("U", BadUse)])
def test_an_error_is_raised_as_it_was(folder: Path, kind: str, raised: type[OmbudError]) -> None:
    """Class, code, place and message of an error are those of the other process."""
    with pytest.raises(raised) as caught:
        ask(folder, "fail", kind=kind)
    with pytest.raises(OmbudError) as meant:
        fail({"kind": kind}, b"")
    assert caught.value.as_json() == meant.value.as_json()


def test_an_error_this_process_does_not_know_is_told_in_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that only the other process has imported comes out with message, place and hint."""
    with monkeypatch.context() as there:
        there.setitem(errors.CATALOGUE, "R999", errors.Entry("Lost {thing}.", "Find {thing}."))
        error = errors.BadRules("R999", "rules/x", thing="it")
    answer = {"error": {**error.as_json(), "arguments": error.plain()}}
    monkeypatch.setattr(Server, "_answer", lambda *_: answer)
    with pytest.raises(errors.BadRules) as caught:
        ask(folder, "fail")
    assert "R999" not in errors.CATALOGUE
    assert caught.value.as_json() == {
        "code": "R999",
        "message": "Lost it.",
        "where": "rules/x",
        "hint": "Find it.",
    }


def test_what_is_not_known_is_refused(folder: Path) -> None:
    """A request of another name is an error, and the server goes on."""
    with pytest.raises(BadUse, match="U004"):
        ask(folder, "shutdown")
    assert ask(folder, "echo", word=1) == [1, ""]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b'{"do":"echo","size":-1}\n' + b"x" * 100, b"U013"),
        (b'{"do":"echo","size":%d}\n' % (local_socket.CONTENT_MAX + 1), b"U013"),
        (b'{"do":"echo","size":"9"}\n', b"U013"),
        (b'{"do":"echo","word":"' + b"x" * local_socket.LINE_MAX, b"U013"),
        (b'{"do":"echo","size":50}\nshort', b""),
        (b"not json\n", b""),
        (b"[1]\n", b""),
        (b"\xff\n", b""),
    ],
)
def test_a_request_that_is_too_much_or_none(folder: Path, sent: bytes, code: bytes) -> None:
    """Sizes are bounded, half a content is never handed on, and the server lives."""
    found = raw(folder, sent)
    assert code in found
    assert found or not code
    assert b'"answer"' not in found
    assert ask(folder, "echo", word=2) == [2, ""]


def test_a_request_too_long_is_not_sent(folder: Path) -> None:
    """The asking side says so itself."""
    with pytest.raises(BadUse, match="U013"):
        ask(folder, "echo", word="x" * local_socket.LINE_MAX)


def test_nobody_there_is_told_apart(tmp_path: Path, folder: Path) -> None:
    """No socket, or one that nobody listens at any more, is NobodyThere; a lost answer is not."""
    with pytest.raises(NobodyThere, match="U003"):
        ask(tmp_path, "echo")
    dead = socket.socket(socket.AF_UNIX)
    with local_socket._address(tmp_path) as address:
        dead.bind(address)
    dead.close()
    with pytest.raises(NobodyThere, match="U003"):
        ask(tmp_path, "echo")
    Server(tmp_path, {}).close()  # takes the place of the dead one
    assert issubclass(NobodyThere, BadUse)
    assert folder.exists()
