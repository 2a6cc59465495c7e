"""The EU's database in a process of its own: it takes batches, enforces the schema, keeps ids.

    python database.py --log FILE --token TOKEN

Its first line of output is its port on 127.0.0.1; it ends when its standard input does. What it
takes it writes to FILE, one statement a line, synced before the answer, and reads again at its
start. As the real one does it takes a batch whole or not at all, refuses an id it has (422), one
that is twice in a batch, a wrong token (401), and knows ids (302, 404). A file `mode` beside FILE
is read at each POST, and its first line is used up:

    status CODE [SECONDS]   that status, with Retry-After; nothing is taken
    lost CODE               takes it, and answers CODE all the same
    close                   closes the connection, and takes nothing
    lost close              takes it, and closes the connection
    hang                    never answers, and takes nothing
    vague                   422 without saying which

`asked` beside FILE has one line for each request. Standard library and the schema's validator, and
nothing of the program it stands opposite to.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from dsa.schema import faults

LIMIT = 100


class Kept:
    """The statements that were taken, by id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        path.touch()
        self.ids = {json.loads(line)["puid"] for line in path.read_text("utf-8").splitlines()}

    def take(self, found: list[dict[str, Any]]) -> None:
        """Keep statements, on disk when this returns."""
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(each) + "\n" for each in found)
            file.flush()
            os.fsync(file.fileno())
        self.ids |= {each["puid"] for each in found}

    def wrong(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        """What is wrong with a batch, as the real database says it."""
        errors: dict[str, Any] = {}
        seen: set[str] = set()
        for at, each in enumerate(found):
            puid = each.get("puid", "")
            told = faults(each, "statement-of-reasons")
            if told:
                errors[f"statement_{at}"] = {"category": told}
            elif puid in self.ids or puid in seen:
                errors[f"statement_{at}"] = {"puid": ["has already been taken."]}
            seen.add(puid)
        return errors

    def mode(self) -> list[str]:
        """The next way to answer: the first line of the file, which is used up."""
        path = self.path.with_name("mode")
        lines = path.read_text().splitlines() if path.exists() else []
        path.write_text("\n".join(lines[1:]))
        return lines[0].split() if lines else []


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # head and body in one packet
    kept: Kept
    token: str

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name there
        """Say nothing."""

    def do_GET(self) -> None:
        """Whether an id is known."""
        self._note("GET", 0)
        if not self._let_in():
            return
        known = self.path.rpartition("/")[2] in self.kept.ids
        self._answer(302 if known else 404, {"known": known})

    def do_POST(self) -> None:
        """A batch."""
        body = self.rfile.read(int(self.headers["content-length"]))
        found = json.loads(body).get("statements", [])
        self._note("POST", len(found))
        if not self._let_in():
            return
        mode = self.kept.mode()
        if mode[:1] == ["hang"]:
            self.close_connection = True
            threading.Event().wait(30)
            return
        with self.kept.lock:
            self._take(found, mode)

    def _take(self, found: list[dict[str, Any]], mode: list[str]) -> None:
        if mode[:1] == ["close"]:
            self._cut()
            return
        if mode[:1] == ["status"]:
            self._answer(int(mode[1]), {}, mode[2:])
            return
        errors = self.kept.wrong(found)
        if not 1 <= len(found) <= LIMIT:
            errors["statements"] = [f"{len(found)}"]
        if errors:
            vague = mode == ["vague"]
            told = {"statements": ["one is wrong"]} if vague else errors
            self._answer(422, {"message": "wrong", "errors": told})
            return
        self.kept.take(found)
        if mode == ["lost", "close"]:
            self._cut()
            return
        self._answer(int(mode[1]) if mode[:1] == ["lost"] else 201, {"statements": found})

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _let_in(self) -> bool:
        given = self.headers.get("authorization", "")
        if given == f"Bearer {self.token}" and self.headers.get("accept") == "application/json":
            return True
        self._answer(401, {"message": "Unauthenticated."})
        return False

    def _note(self, method: str, count: int) -> None:
        with self.kept.path.with_name("asked").open("a") as file:
            file.write(f"{method} {count}\n")

    def _answer(self, status: int, content: object, after: list[str] | None = None) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for seconds in after or ():
            self.send_header("retry-after", seconds)
        self.end_headers()
        self.wfile.write(body)


class Process:
    """The database, started and steered by a test."""

    def __init__(self, folder: Path, token: str = "secret-token") -> None:  # noqa: S107 -- a test's
        self.folder, self.token = folder, token
        folder.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--log", str(folder / "taken"), "--token", token],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/api/v1"

    def mode(self, *lines: str) -> None:
        """How the next requests are answered, one line each."""
        (self.folder / "mode").write_text("\n".join(lines))

    @property
    def taken(self) -> list[dict[str, Any]]:
        """Every statement it has taken, in order."""
        path = self.folder / "taken"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    @property
    def asked(self) -> list[str]:
        """Every request: its method, and of how many statements."""
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def close(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Server(ThreadingHTTPServer):
    """Does not mind who hangs up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--token", required=True)
    asked = parser.parse_args()
    Handler.kept, Handler.token = Kept(asked.log), asked.token
    server = Server(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
