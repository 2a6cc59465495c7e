"""A real server on loopback for tests, in a thread of this process, and raw bytes sent to it."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flow.small_community import prepare
from ombud.access import PlatformKey, digest
from ombud.app import Engine
from ombud.controls import programs
from ombud.server import Pages, Parts, Server
from web.asked import EVERYTHING, KEY

PATIENCE_SECONDS = 60


@dataclass
class Served:
    """A server that runs. `log` gets every record that it logs."""

    folder: Path
    server: Server
    address: str = ""
    log: list[logging.LogRecord] = field(default_factory=list)

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        host, _, port = self.address.removeprefix("http://").rpartition(":")
        return host, int(port)

    def connect(self) -> socket.socket:
        """A connection of one's own."""
        return socket.create_connection(self.place, timeout=PATIENCE_SECONDS)

    def send(self, content: bytes) -> bytes:
        """All that comes back for bytes as they are, until the server ends the connection."""
        with self.connect() as connection:
            connection.sendall(content)
            return rest(connection)


def rest(connection: socket.socket) -> bytes:
    """All that still comes, until the other side ends the connection."""
    found = b""
    try:
        while piece := connection.recv(1 << 16):
            found += piece
    except ConnectionResetError:
        pass
    return found


def answer(connection: socket.socket) -> tuple[int, Any]:
    """The next answer on a connection that stays open: status and JSON."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = connection.recv(1 << 16)
        assert piece, found
        found += piece
    head, _, body = found.partition(b"\r\n\r\n")
    (length,) = (
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += connection.recv(1 << 16)
    return int(head.split()[1]), json.loads(body)


def request(
    path: str, content: bytes = b"", *, method: str = "POST", key: str = KEY, **headers: str
) -> bytes:
    """One request as bytes; a header named with None as value is left out."""
    sent: dict[str, str] = {
        "host": "localhost",
        "authorization": f"Bearer {key}",
        "content-type": "application/json",
        "content-length": str(len(content)),
    }
    sent.update({name.replace("_", "-"): value for name, value in headers.items()})
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


class _Kept(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__()
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)


@contextmanager
def logs_restored() -> Iterator[None]:
    """Whatever is done to the logs of this process is undone."""
    root = logging.getLogger()
    named = [
        logging.getLogger(name)
        for name in ("ombud", "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
    ]
    before = root.handlers[:], root.level
    levels = [logger.level for logger in named]
    try:
        yield
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        for logger, level in zip(named, levels, strict=True):
            logger.setLevel(level)


def with_keys(folder: Path, keys: Mapping[str, PlatformKey]) -> Path:
    """Let programs with these keys in."""
    with Engine(folder) as engine:
        for name, key in keys.items():
            engine.control(programs.made(key, digest(name)))
    return folder


@contextmanager
def serving(
    folder: Path, *, pages: Pages | None = None, parts: Parts = (), settings: str = ""
) -> Iterator[Served]:
    """A server over a new community with KEY, until it has stopped."""
    prepare(folder, settings="procedural_holds = true\n" + settings)
    with_keys(folder, {KEY: EVERYTHING})
    server = Server(folder, "127.0.0.1", 0, pages=pages, parts=parts)
    found = Served(folder, server)
    ready = threading.Event()
    failures: list[BaseException] = []

    def listening(address: str) -> None:
        found.address = address
        logging.getLogger().addHandler(_Kept(found.log))
        ready.set()

    def run() -> None:
        try:
            server.run(listening)
        except BaseException as error:  # noqa: BLE001 -- told by the test
            failures.append(error)
        finally:
            ready.set()

    with logs_restored():
        thread = threading.Thread(target=run, name="server")
        thread.start()
        ready.wait(PATIENCE_SECONDS)
        try:
            if not failures:
                yield found
        finally:
            server.stop()
            thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    assert not failures, failures
