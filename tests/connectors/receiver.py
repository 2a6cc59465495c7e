"""A platform in a process of its own, which takes webhooks and writes down each before it answers.

    python receiver.py --port 0 --log FILE [--secret HEX] [--until-stdin-ends]

Its first line of output is its port on 127.0.0.1. Each request becomes one line of JSON in FILE,
synced to disk before the answer: `method`, `path`, `headers` (names in lower case), `key`, `type`,
`body`, `verified`, `did` (it took effect), `again` (its key took effect before, in an earlier
process too), `mode`, `connection` (the caller's port). With a secret, what is not signed with it is
answered 401 and does nothing.

A file `mode` beside FILE is read at each request:

    ok | confirm | undeliverable        200, without or with that state
    status CODE [SECONDS]               that status, with Retry-After; effect only below 300
    redirect URL                        302
    hang                                takes it and never answers
    drip                                200 and then a byte of the body every fifth of a second
    drip head                           a byte of the status line every fifth of a second
    huge                                200 with 16 MiB
    close                               takes it and closes the connection
    raw HEX                             takes it and answers with these bytes

Asked what is restricted (`type` is `restrictions`), it tells in mode `ok` what took effect and was
not undone, and what stands in a file `own` beside FILE, a line of JSON each, in pages as asked for.

`Receiver` is the handle by which tests start and steer it. Standard library only, and nothing of
the program it stands opposite to.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BODY_BYTES_MAX = 2 * 1024 * 1024
HUGE = 16 * 1024 * 1024
TOLERANCE_SECONDS = 300
STATES = {
    "ok": b"",
    "confirm": b'{"state": "confirmed"}',
    "undeliverable": b'{"state": "undeliverable"}',
}


def genuine(secret: bytes, header: str, body: bytes) -> bool:
    """Whether a signature is good now; written from the description alone."""
    said = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    moment = said.get("t", "")
    if not moment.isdigit() or abs(time.time() - int(moment)) > TOLERANCE_SECONDS:
        return False
    code = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(code.encode(), said.get("v1", "").encode())


class Log:
    """The file of what came, and the keys that took effect."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        *whole, torn = path.read_bytes().split(b"\n")
        if torn:  # killed while it wrote: that request was never answered
            os.ftruncate(self._file, sum(len(line) + 1 for line in whole))
        self._done = {entry["key"] for line in whole if (entry := json.loads(line))["did"]}

    def write(self, entry: dict[str, Any], *, does: bool) -> None:
        """Add one entry, on disk when this returns."""
        with self._lock:
            entry["again"] = entry["key"] in self._done
            entry["did"] = does and not entry["again"]
            os.write(self._file, json.dumps(entry).encode() + b"\n")
            os.fsync(self._file)
            if entry["did"]:
                self._done.add(entry["key"])

    def in_force(self) -> list[dict[str, Any]]:
        """The actions that took effect and that no inverse took back."""
        with self._lock:
            whole = [json.loads(line) for line in self._path.read_bytes().splitlines()]
        done = [each["body"] for each in whole if each["did"] and each["type"] == "action"]
        undone = {each["undoes"] for each in done if each["inverse"]}
        return [
            {"subject": each["subject"], "action": each["action"], "account": each["account"] or ""}
            for each in done
            if not each["inverse"] and each["id"] not in undone
        ]


class Handler(BaseHTTPRequestHandler):
    """Answers as the mode says."""

    protocol_version = "HTTP/1.1"
    log: Log
    secret: bytes
    mode_file: Path

    def do_POST(self) -> None:
        """Write the request down, then answer."""
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(min(length, BODY_BYTES_MAX))
        mode = self._mode()
        verified = bool(self.secret) and genuine(
            self.secret, self.headers.get("ombud-signature", ""), body
        )
        try:
            said: Any = json.loads(body)
        except ValueError:
            said = body.decode("latin-1")
        word, *rest = mode.split()
        refused = bool(self.secret) and not verified
        does = not refused and word != "redirect" and not (word == "status" and int(rest[0]) > 299)
        self.log.write(
            {
                "method": self.command,
                "path": self.path,
                "key": self.headers.get("ombud-key"),
                "type": said.get("type") if isinstance(said, dict) else None,
                "body": said,
                "verified": verified,
                "mode": mode,
                "connection": self.client_address[1],
                "headers": {name.lower(): value for name, value in self.headers.items()},
            },
            does=does,
        )
        with contextlib.suppress(ConnectionError):
            if refused:
                self._answer(401)
            elif word == "ok" and isinstance(said, dict) and said.get("type") == "restrictions":
                self._answer(200, json.dumps(self._restricted(said)).encode())
            else:
                self._act(word, rest)

    def _restricted(self, said: dict[str, Any]) -> dict[str, Any]:
        """What is restricted here, a page of it."""
        found = self.log.in_force()
        own = self.mode_file.parent / "own"
        if own.exists():
            found += [json.loads(line) for line in own.read_text(encoding="utf-8").splitlines()]
        begin, limit = int(said["after"] or 0), int(said["limit"])
        end = begin + limit
        return {"restrictions": found[begin:end], "next": str(end) if end < len(found) else None}

    def do_GET(self) -> None:
        """Whatever comes is written down."""
        self.do_POST()

    def _mode(self) -> str:
        try:
            return self.mode_file.read_text(encoding="utf-8").strip() or "ok"
        except FileNotFoundError:
            return "ok"

    def _act(self, word: str, rest: list[str]) -> None:
        if word in STATES:
            self._answer(200, STATES[word])
        elif word == "status":
            self._answer(int(rest[0]), b"", {"retry-after": rest[1]} if len(rest) > 1 else {})
        elif word == "redirect":
            self._answer(302, b"", {"location": rest[0]})
        elif word == "huge":
            self._answer(200, b"x" * HUGE)
        else:
            self.close_connection = True
            if word == "hang":
                threading.Event().wait()
            elif word == "drip":
                head = b"" if rest else b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
                self._drip(head, b"HTTP/1.1 200 OK" * 60)
            elif word == "raw":
                self.wfile.write(bytes.fromhex(rest[0]))

    def _drip(self, head: bytes, rest: bytes) -> None:
        self.wfile.write(head)
        for place in range(len(rest)):
            self.wfile.write(rest[place : place + 1])
            time.sleep(0.2)

    def _answer(
        self, status: int, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Does not wait for callers that it lets hang, and takes many at once."""

    daemon_threads = True
    request_queue_size = 128


def end_with_input() -> None:
    """End when the process that holds the other end of our input is gone."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    """Listen until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--secret", default="")
    parser.add_argument("--until-stdin-ends", action="store_true")
    asked = parser.parse_args()
    Handler.log = Log(asked.log)
    Handler.secret = bytes.fromhex(asked.secret)
    Handler.mode_file = asked.log.parent / "mode"
    if asked.until_stdin_ends:
        threading.Thread(target=end_with_input, daemon=True).start()
    with Server(("127.0.0.1", asked.port), Handler) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.05)


class Receiver:
    """The handle of a test: the process, its mode, and what it wrote down.

    The folder is made where it is missing; one receiver a folder. After `kill`, `start` takes the
    same port and log again.
    """

    def __init__(self, folder: Path, secret: bytes = b"") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "received.ndjson"
        self.port = 0
        self._secret = secret
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Where webhooks go."""
        return f"http://127.0.0.1:{self.port}/ombud"

    def start(self) -> None:
        """Start the process, and wait until it listens."""
        arguments = ["--port", str(self.port), "--log", str(self.log), "--until-stdin-ends"]
        if self._secret:
            arguments += ["--secret", self._secret.hex()]
        self._process = subprocess.Popen(
            [sys.executable, __file__, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """SIGKILL: whatever is under way is lost."""
        if self._process is not None:
            with self._process as process:  # closes the pipes and waits
                process.kill()
            self._process = None

    def mode(self, mode: str) -> None:
        """From the next request on, answer like this."""
        new = self.log.parent / "mode.new"
        new.write_text(mode, encoding="utf-8")
        new.replace(self.log.parent / "mode")

    def restrict(self, *own: dict[str, Any]) -> None:
        """Restrict something here that nobody asked for."""
        with (self.log.parent / "own").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(each) + "\n" for each in own)

    def entries(self) -> list[dict[str, Any]]:
        """What came, in the order in which it was written down."""
        *whole, _ = self.log.read_bytes().split(b"\n")
        return [json.loads(line) for line in whole]

    def did(self) -> list[dict[str, Any]]:
        """What took effect: each key at most once."""
        return [entry for entry in self.entries() if entry["did"]]


if __name__ == "__main__":
    main()
