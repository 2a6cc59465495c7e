"""A witness (c2sp.org/tlog-witness) in a process of its own, honest or not.

Written from the specification, with nothing of `ombud`. `python -m outsider.witness STATE SEED NAME
VKEY MODE` listens on loopback, prints its port, and keeps the last head it cosigned in the file
STATE. MODE is "honest", or how it misbehaves (`Witness.misbehaves`).
"""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from outsider import log
from outsider.log import WITNESS_KEY, Bad, Head

Answer = tuple[int, str, bytes]


class Witness:
    """What it remembers, and what it answers."""

    def __init__(self, state: Path, seed: bytes, name: str, vkey: str, mode: str) -> None:
        self.state, self.mode = state, mode
        self.private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = log.own_key(name, WITNESS_KEY, self.private)
        self.log = log.key_of(vkey)
        self.lock = Lock()
        self.asked = 0

    def answer(self, body: bytes) -> Answer:
        """What a witness answers to `add-checkpoint`."""
        self.asked += 1
        top, _, signed = body.partition(b"\n\n")
        lines = top.decode().split("\n")
        word, _, number = lines[0].partition(" ")
        proof = [base64.b64decode(each, validate=True) for each in lines[1:]]
        if word != "old" or number != str(int(number)) or len(proof) > 63:
            return 400, "text/plain", b"no request\n"
        head, old = log.head_of(signed), int(number)
        if self.mode != "honest":
            return self.misbehaves(head)
        if head.origin != self.log.name:
            return 404, "text/plain", b"an unknown log\n"
        try:
            log.require_signed(head, self.log)
        except Bad:
            return 403, "text/plain", b"an unknown key\n"
        if old > head.size:
            return 400, "text/plain", b"old is larger than the head\n"
        with self.lock:
            return self._cosign(head, old, proof)

    def _cosign(self, head: Head, old: int, proof: list[bytes]) -> Answer:
        size, root = self.known()
        if old != size or (old == head.size and root != head.root):
            return 409, "text/x.tlog.size", b"%d\n" % size
        try:
            log.grown(old, head.size, root, head.root, proof)
        except Bad:
            return 422, "text/plain", b"the proof does not hold\n"
        self.state.write_text(json.dumps({"size": head.size, "root": head.root.hex()}))
        return 200, "text/plain", self.line(head).encode()

    def known(self) -> tuple[int, bytes]:
        """Size and root that it cosigned last."""
        if not self.state.exists():
            return 0, log.sha(b"")
        kept = json.loads(self.state.read_text())
        return kept["size"], bytes.fromhex(kept["root"])

    def line(self, head: Head, when: int | None = None) -> str:
        """Its signature line over a head."""
        return log.cosign(head, self.key, self.private, int(time.time()) if when is None else when)

    def misbehaves(self, head: Head) -> Answer:
        """What a witness does that is broken, careless, or not on the log's side."""
        ways: Mapping[str, Callable[[], Answer]] = {
            "lies": lambda: self._signs_another(head),
            "signs anything": lambda: (200, "text/plain", self.line(head).encode()),
            "hangs": self._hangs,
            "knows more": lambda: (409, "text/x.tlog.size", b"%d\n" % (head.size + 1000)),
            "unsteady": lambda: (409, "text/x.tlog.size", b"%d\n" % (self.asked % 3)),
            "no number": lambda: (409, "text/x.tlog.size", b"many\n"),
            "future": lambda: (200, "text/plain", self.line(head, 1 << 40).encode()),
            "somebody else": lambda: (200, "text/plain", self._other().line(head).encode()),
            "nonsense": lambda: (200, "text/plain", b"\xff\xfe <script>\n\n\n"),
            "endless": lambda: (200, "text/plain", self.line(head).encode() * 5000),
            "twice": lambda: (200, "text/plain", self.line(head).encode() * 2),
            "knows no log": lambda: (404, "text/plain", b""),
            "knows no key": lambda: (403, "text/plain", b""),
            "doubts": lambda: (422, "text/plain", b""),
            "broken": lambda: (500, "text/plain", b""),
        }
        return ways[self.mode]()

    def _signs_another(self, head: Head) -> Answer:
        other = base64.b64encode(log.sha(b"another tree")).decode()
        text = f"{head.origin}\n{head.size}\n{other}\n"
        forged = Head(text, head.origin, head.size, b"", ())
        return 200, "text/plain", self.line(forged).encode()

    def _other(self) -> Witness:
        return Witness(self.state, bytes(32), self.key.name, str(self.log), "honest")

    def _hangs(self) -> Answer:
        time.sleep(60)
        return 500, "text/plain", b""


def serve(witness: Witness) -> None:
    """Listen on loopback until the process ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path != "/w/add-checkpoint":
                status, kind, said = 404, "text/plain", b"nothing here\n"
            else:
                status, kind, said = witness.answer(body)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    where, seed_hex, called, log_key, how = sys.argv[1:]
    serve(Witness(Path(where), bytes.fromhex(seed_hex), called, log_key, how))
