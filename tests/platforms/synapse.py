"""A real Matrix homeserver on loopback, in a process and an environment of its own.

Synapse's licence is the AGPL: it is started as anybody starts it and spoken to over HTTP, and
nothing of it is imported here. The settings are the fastest that change no behaviour under test: a
store in a temporary folder that is never synced, passwords hashed cheaply, limits far away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from tidy.source_tree import ROOT

HOST = "127.0.0.1"
NAME = "hs.localhost"
START_SECONDS = 180.0
ANSWER_SECONDS = 40.0
PASSWORD = "an-ordinary-password"
FAR = {"per_second": 10_000, "burst_count": 10_000}
PLACE = os.environ.get("OMBUD_SYNAPSE", str(ROOT / ".venv" / "synapse"))
# What `python -m synapse.app.homeserver` runs; it ends with its input, and so with the tests.
RUN = """
import os, threading
def end_with_input():
    while os.read(0, 1):
        pass
    os._exit(1)
threading.Thread(target=end_with_input, daemon=True).start()
from synapse.app.homeserver import main
main()
"""
MISSING = "There is no Synapse in {place}; `make test` installs it, by hash, for the tests only."


class Answer(NamedTuple):
    """What Synapse answered."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


def free_port() -> int:
    """A port that nobody listened at a moment ago."""
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        port: int = bound.getsockname()[1]
        return port


def _secret(size: int = 32) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")


def settings(folder: Path, port: int, name: str = NAME) -> dict[str, Any]:
    """The homeserver's settings: one listener for clients, everything else in the folder."""
    log = {
        "version": 1,
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "file": {
                "class": "logging.FileHandler",
                "formatter": "plain",
                "filename": str(folder / "synapse.log"),
            }
        },
        "root": {"level": "WARNING", "handlers": ["file"]},
        "disable_existing_loggers": False,
    }
    (folder / "log.json").write_text(json.dumps(log))
    (folder / "signing.key").write_text(f"ed25519 a_1 {_secret()}\n")
    return {
        "server_name": name,
        "public_baseurl": f"http://{HOST}:{port}/",
        "pid_file": str(folder / "synapse.pid"),
        "listeners": [
            {
                "port": port,
                "bind_addresses": [HOST],
                "type": "http",
                "tls": False,
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "log_config": str(folder / "log.json"),
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": _secret(),
        "macaroon_secret_key": _secret(),
        "form_secret": _secret(),
        "report_stats": False,
        "trusted_key_servers": [],
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "bcrypt_rounds": 4,
        "presence": {"enabled": False},
        "ip_range_whitelist": ["127.0.0.1/32", "::1/128"],
        "server_notices": {
            "system_mxid_localpart": "notices",
            "system_mxid_display_name": "Moderation",
            "room_name": "Notices",
            "auto_join": True,
        },
        "rc_message": FAR,
        "rc_registration": FAR,
        "rc_login": {"address": FAR, "account": FAR, "failed_attempts": FAR},
        "rc_joins": {"local": FAR, "remote": FAR},
        "rc_joins_per_room": FAR,
        "rc_invites": {"per_room": FAR, "per_user": FAR, "per_issuer": FAR},
        "rc_room_creation": FAR,
        "rc_admin_redaction": FAR,
    }


@dataclass
class Person:
    """Somebody with an account on the server, and what they can do with it."""

    server: Synapse
    id: str
    token: str
    _sent: int = field(default=0, init=False)

    def ask(self, method: str, path: str, content: Any = None) -> Answer:
        """Ask the server in this person's name."""
        return self.server.ask(method, path, content, self.token)

    def room(self, **asked: Any) -> str:
        """Make a room that everybody may join; its id."""
        found = self.ask("POST", f"{CLIENT}/createRoom", {"preset": "public_chat", **asked})
        assert found.status == 200, found
        id_: str = found.json["room_id"]
        return id_

    def join(self, room: str, **asked: Any) -> Answer:
        """Join a room, by its id or alias."""
        return self.ask("POST", f"{CLIENT}/join/{quote(room)}", asked)

    def leave(self, room: str) -> Answer:
        """Leave a room."""
        return self.ask("POST", f"{CLIENT}/rooms/{quote(room)}/leave", {})

    def invite(self, room: str, who: str) -> Answer:
        """Invite somebody into a room."""
        return self.ask("POST", f"{CLIENT}/rooms/{quote(room)}/invite", {"user_id": who})

    def send(self, room: str, content: Mapping[str, Any], type_: str = "m.room.message") -> Answer:
        """Send an event into a room."""
        self._sent += 1
        at = f"{CLIENT}/rooms/{quote(room)}/send/{quote(type_)}/{self.id[:9]}{self._sent}"
        return self.ask("PUT", at, content)

    def say(self, room: str, text: str, **more: Any) -> Answer:
        """Send a message of plain text."""
        return self.send(room, {"msgtype": "m.text", "body": text, **more})

    def state(self, room: str, type_: str, content: Mapping[str, Any], key: str = "") -> Answer:
        """Set a piece of a room's state."""
        return self.ask("PUT", f"{CLIENT}/rooms/{quote(room)}/state/{type_}/{key}", content)

    def upload(self, content: bytes, type_: str = "image/png", name: str = "a.png") -> Answer:
        """Upload a file."""
        at = f"/_matrix/media/v3/upload?filename={quote(name)}"
        return self.server.ask("POST", at, content, self.token, type_)

    def messages(self, room: str) -> list[dict[str, Any]]:
        """What stands in a room, newest first, as this person sees it."""
        found = self.ask("GET", f"{CLIENT}/rooms/{quote(room)}/messages?dir=b&limit=100")
        assert found.status == 200, found
        events: list[dict[str, Any]] = found.json["chunk"]
        return events

    def sync(self, since: str = "", seconds: float = 0) -> dict[str, Any]:
        """What has happened since; waits so long for something where there is nothing."""
        query = f"timeout={int(seconds * 1000)}" + (f"&since={quote(since)}" if since else "")
        found = self.ask("GET", f"{CLIENT}/sync?{query}")
        assert found.status == 200, found
        told: dict[str, Any] = found.json
        return told


CLIENT = "/_matrix/client/v3"
ADMIN = "/_synapse/admin"


class Synapse:
    """One homeserver: its folder, its process, and the way to it. `more` is laid over the
    settings, by key; `python_path` is where its modules are found.
    """

    def __init__(
        self,
        folder: Path,
        more: Mapping[str, Any] | None = None,
        python_path: Sequence[Path] = (),
        name: str = NAME,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.name = name
        self.python_path = tuple(python_path)
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = settings(folder, self.port, name) | dict(more or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: Person | None = None

    @property
    def url(self) -> str:
        """Where clients reach it."""
        return f"http://{HOST}:{self.port}"

    # --- the process ------------------------------------------------------------------------------

    def start(self) -> Synapse:
        """Start it and wait until it answers. Started again, it goes on with what it had."""
        python = Path(PLACE) / "bin" / "python"
        assert python.exists(), MISSING.format(place=PLACE)
        config = self.folder / "homeserver.yaml"
        config.write_text(json.dumps(self.settings))  # JSON is YAML
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": os.pathsep.join(map(str, self.python_path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.folder),
        }
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [python, "-c", RUN, "-c", str(config)],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + START_SECONDS
        while not self._up():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"Synapse does not start: {self.logs()[-3000:]}")
            time.sleep(0.05)
        return self

    def _up(self) -> bool:
        try:
            return self.ask("GET", "/health").status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """End the process at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            assert self._process.stdin
            self._process.stdin.close()
            self._process = None

    def logs(self) -> str:
        """Whatever it has written: its log and its output."""
        paths = (self.folder / "synapse.log", self.folder / "output")
        return "".join(each.read_text("utf-8", "replace") for each in paths if each.exists())

    # --- asking -----------------------------------------------------------------------------------

    def ask(
        self,
        method: str,
        path: str,
        content: Any = None,
        token: str = "",
        type_: str = "application/json",
    ) -> Answer:
        """Ask once; `content` is bytes, or is sent as JSON."""
        body = content if isinstance(content, bytes) else None
        if body is None and content is not None:
            body = json.dumps(content).encode()
        headers = {"content-type": type_} if body is not None else {}
        if token:
            headers["authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())
        finally:
            connection.close()

    def register(self, name: str) -> Person:
        """Somebody registers as everybody does."""
        asked = {"username": name, "password": PASSWORD, "auth": {"type": "m.login.dummy"}}
        found = self.ask("POST", f"{CLIENT}/register", asked)
        assert found.status == 200, found
        return Person(self, found.json["user_id"], found.json["access_token"])

    def log_in(self, name: str) -> Person:
        """Somebody who has registered logs in again."""
        who = {"type": "m.id.user", "user": name}
        asked = {"type": "m.login.password", "identifier": who, "password": PASSWORD}
        found = self.ask("POST", f"{CLIENT}/login", asked)
        assert found.status == 200, found
        return Person(self, found.json["user_id"], found.json["access_token"])

    @property
    def admin(self) -> Person:
        """The server's admin, made by the shared secret when first asked for."""
        if self._admin is None:
            self._admin = self._registered("admin")
        return self._admin

    def _registered(self, name: str) -> Person:
        at = f"{ADMIN}/v1/register"
        nonce = self.ask("GET", at).json["nonce"]
        signed = f"{nonce}\x00{name}\x00{PASSWORD}\x00admin".encode()
        secret = self.settings["registration_shared_secret"].encode()
        asked = {
            "nonce": nonce,
            "username": name,
            "password": PASSWORD,
            "admin": True,
            "mac": hmac.new(secret, signed, hashlib.sha1).hexdigest(),
        }
        found = self.ask("POST", at, asked)
        assert found.status == 200, found
        return Person(self, found.json["user_id"], found.json["access_token"])


@contextmanager
def started(folder: Path, more: Mapping[str, Any] | None = None, **how: Any) -> Iterator[Synapse]:
    """A homeserver that runs until the block ends."""
    server = Synapse(folder, more, **how)
    try:
        yield server.start()
    finally:
        server.kill()
