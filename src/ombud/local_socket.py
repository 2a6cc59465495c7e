"""How a second process asks the one that writes: `DIR/ombud.sock`, for this user of this machine
only.

A request is one line of JSON, {"do": ..., "size": n}, and n bytes of content; the answer is one
line of JSON. An error comes back in its usual shape and is raised at the asking side as if it had
happened there. This module must never listen on anything but that file, and never take more than it
was told to.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from ombud.errors import (
    BadData,
    BadEvent,
    BadLedger,
    BadRules,
    BadUse,
    OmbudError,
    catalogue,
)

catalogue(
    U003=("The running process did not answer: {detail}.", "Look whether it is still there."),
    U013=(
        "The request is too long: at most {limit} bytes are taken.",
        "Ask for less at once; decisions can be undone by rule or time instead of by id.",
    ),
    U004=("There is no request called {do}.", "This is a fault of the program that sent it."),
)

FILE = "ombud.sock"
LINE_MAX = 1 << 20
CONTENT_MAX = 64 << 20
ANSWER_MAX = 256 << 20
TIMEOUT_SECONDS = 120.0

KINDS: Mapping[str, type[OmbudError]] = {
    "E": BadEvent,
    "R": BadRules,
    "D": BadData,
    "L": BadLedger,
    "U": BadUse,
}

Handler = Callable[[Mapping[str, Any], bytes], Any]


class Server:
    """Answers requests, each connection on a thread of its own."""

    def __init__(self, folder: Path, handlers: Mapping[str, Handler]) -> None:
        self._path = folder / FILE
        self._handlers = handlers
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with _address(folder) as address:
            self._socket.bind(address)
        self._path.chmod(0o600)
        self._socket.listen(16)
        self._thread = threading.Thread(target=self._accept, name="socket", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream, suppress(OSError, ValueError):
            connection.settimeout(TIMEOUT_SECONDS)
            while line := stream.readline(LINE_MAX):
                stream.write(msgspec.json.encode(self._answer(line, stream)) + b"\n")
                stream.flush()

    def _answer(self, line: bytes, stream: Any) -> dict[str, Any]:
        try:
            if not line.endswith(b"\n"):
                raise BadUse("U013", "request", limit=LINE_MAX)
            request = msgspec.json.decode(line, type=dict[str, Any])
            size = request.get("size", 0)
            if not isinstance(size, int) or not 0 <= size <= CONTENT_MAX:
                raise BadUse("U013", "size", limit=CONTENT_MAX)
            content = stream.read(size)
            if len(content) < size:
                raise ValueError("the asking process is gone")
            handler = self._handlers.get(str(request.get("do")))
            if handler is None:
                raise BadUse("U004", "do", do=str(request.get("do"))[:40])
            return {"answer": handler(request, content)}
        except OmbudError as error:
            return {"error": {**error.as_json(), "arguments": error.plain()}}
        except msgspec.MsgspecError as error:
            raise ValueError(str(error)) from None


class NobodyThere(BadUse):
    """Nobody listens at the folder's socket."""


def ask(folder: Path, do: str, content: bytes = b"", **arguments: Any) -> Any:
    """Ask the process that writes to a folder. Raises its error, BadUse U003 where it does not
    answer, and of that kind NobodyThere where it was not even asked.
    """
    request = msgspec.json.encode({"do": do, "size": len(content), **arguments}) + b"\n"
    if len(request) > LINE_MAX or len(content) > CONTENT_MAX:
        raise BadUse("U013", do, limit=LINE_MAX if len(request) > LINE_MAX else CONTENT_MAX)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(TIMEOUT_SECONDS)
        try:
            with _address(folder) as address:
                connection.connect(address)
        except OSError as error:
            raise NobodyThere("U003", str(folder / FILE), detail=error.strerror or error) from None
        try:
            connection.sendall(request + content)
            with connection.makefile("rb") as stream:
                line = stream.readline(ANSWER_MAX)
            found = msgspec.json.decode(line, type=dict[str, Any])
        except (OSError, msgspec.MsgspecError) as error:
            raise BadUse("U003", str(folder / FILE), detail=str(error) or "no answer") from None
    if "error" in found:
        raise _raised(found["error"])
    return found["answer"]


def _raised(told: Mapping[str, Any]) -> OmbudError:
    """The error of the other process, as it is raised here, in the words it was told in."""
    return KINDS.get(str(told.get("code"))[:1], BadData).relayed(told)


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """The socket's address: through the folder's descriptor, since an address holds 107 bytes
    only.
    """
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{place}/{FILE}"
    finally:
        os.close(place)
