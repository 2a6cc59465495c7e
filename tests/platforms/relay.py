"""A wire on loopback between a platform and Ombud, which keeps what passes and can be cut.

Modes: `through` passes everything on; `deaf` takes what comes and never answers; `half` begins an
answer and stops; `slow` answers late; `drip` passes a byte of the answer on, and then the next one;
`huge` answers more than anybody has to say; `cut` is a port at which nobody listens. Changing the
mode ends what is connected, so that no connection of an earlier mode is used again.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time

HOST = "127.0.0.1"
HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{"
SLOW_SECONDS = 0.3
DRIP_SECONDS = 0.1
PLAIN = (0.0, 1 << 16)  # how long a piece waits, and how long it is at most
HUGE_BYTES = 2 << 20
HUGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % HUGE_BYTES
) + b'{"action": "hold"}'.ljust(HUGE_BYTES)


class Wire:
    """Listens on a port of its own and leads to another."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.mode = "through"
        self._kept = bytearray()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening = self._listen(0)
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._take, args=(self._listening,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it begins."""
        return f"http://{HOST}:{self.port}"

    @property
    def kept(self) -> bytes:
        """Every byte that came in at either end, whatever the mode."""
        with self._lock:
            return bytes(self._kept)

    @property
    def connected(self) -> int:
        """How many connections are open."""
        with self._lock:
            return len(self._open)

    def forget(self) -> None:
        """Keep nothing of what has passed so far."""
        with self._lock:
            self._kept.clear()

    def be(self, mode: str) -> None:
        """Change the mode, and end every connection."""
        if mode == "cut":
            self._end(self._listening)
        elif self.mode == "cut":
            self._listening = self._listen(self.port)
            threading.Thread(target=self._take, args=(self._listening,), daemon=True).start()
        self.mode = mode
        with self._lock:
            ended, self._open = self._open, set()
        for each in ended:
            self._end(each)

    def close(self) -> None:
        """End it."""
        self.be("cut")

    # --- in small ---------------------------------------------------------------------------------

    def _listen(self, port: int) -> socket.socket:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(64)
        return listening

    @staticmethod
    def _end(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def _take(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(near)
            threading.Thread(target=self._serve, args=(near, self.mode), daemon=True).start()

    def _serve(self, near: socket.socket, mode: str) -> None:
        with contextlib.suppress(OSError):
            self._lead(near, mode)
        self._end(near)
        with self._lock:
            self._open.discard(near)

    def _lead(self, near: socket.socket, mode: str) -> None:
        if mode in ("deaf", "half", "huge"):
            self._swallow(near, {"deaf": b"", "half": HALF, "huge": HUGE}[mode])
        else:
            far = socket.create_connection((HOST, self.to))
            with self._lock:
                self._open.add(far)
            how = {"slow": (SLOW_SECONDS, 1 << 16), "drip": (DRIP_SECONDS, 1)}.get(mode, PLAIN)
            back = threading.Thread(target=self._carry, args=(far, near, *how), daemon=True)
            back.start()
            self._carry(near, far, *PLAIN)

    def _swallow(self, near: socket.socket, answer: bytes) -> None:
        while piece := near.recv(1 << 16):
            self._keep(piece)
            if answer:
                near.sendall(answer)
                answer = b""

    def _carry(self, one: socket.socket, other: socket.socket, wait: float, most: int) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(most):
                self._keep(piece)
                time.sleep(wait)
                other.sendall(piece)
        self._end(other)

    def _keep(self, piece: bytes) -> None:
        with self._lock:
            self._kept += piece
