"""Places to connect to within a test's own process: one that only waits, and one that answers."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# Answers one connection; what it returns has been sent when the connection is closed.
Talk = Callable[[socket.socket], None]


class Trap:
    """A port on 127.0.0.1 that nobody should come to."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]

    def untouched(self) -> bool:
        """Whether nobody has connected, not even without saying a word."""
        try:
            connection, _ = self._socket.accept()
        except BlockingIOError:
            return True
        connection.close()
        return False

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


def request(connection: socket.socket) -> bytes:
    """One whole request: whoever closes before it has read all resets the connection."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += connection.recv(65536)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head + body


@contextmanager
def trap() -> Iterator[Trap]:
    """A trap for the time of a test."""
    listening = Trap()
    try:
        yield listening
    finally:
        listening.close()


@contextmanager
def answering(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port on 127.0.0.1 where `talk` has each connection in turn."""
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            with suppress(OSError):
                plain, _ = server.accept()
                with plain:
                    plain.settimeout(20)
                    if context is None:
                        talk(plain)
                    else:
                        with context.wrap_socket(plain, server_side=True) as secure:
                            talk(secure)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        ended.set()
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
