"""The platform's side of a server in another process: a folder with receivers, programs that ask
and ask again, and the questions of the tests to the store.

The programs know nothing of the engine: they speak HTTP with the standard library, and what they
were told is kept beside what they sent.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from connectors.receiver import Receiver
from flow.serving_process import PATIENCE_SECONDS, Serving
from flow.small_community import event, line, prepare, rows, rule
from ombud import samples
from ombud.access import PlatformKey, digest
from ombud.app import Engine
from ombud.controls import programs

KEY = "omb_" + "f" * 43
SECRET = bytes(range(32))
SPAM = "cheap bags"
RULES = dict(
    [
        rule(
            "bags",
            f'text contains "{SPAM}"',
            f'text "{SPAM}"',
            'text "thanks"',
            kinds="post, edit",
        ),
        rule("mind", 'text contains "mind you"', 'text "mind you"', 'text "a"', then="warn author"),
    ]
)
JSON, LINES, BATCH = "application/json", "application/x-ndjson", "application/json"
DUE = "SELECT count(*) FROM outbox WHERE state IN ('asked', 'sending') AND due <= ?"


class Told(NamedTuple):
    """An answer of the server."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Program:
    """One program of the platform, with one connection to the server."""

    def __init__(self, serving: Serving, seconds: float = PATIENCE_SECONDS, key: str = KEY) -> None:
        self._serving = serving
        self._key = key
        self._seconds = seconds
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, content: bytes = b"", type_: str = JSON) -> Told:
        """Ask once. Raises OSError or HTTPException where no whole answer comes."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self._serving.port, timeout=self._seconds
            )
        headers = {"authorization": f"Bearer {self._key}", "content-type": type_}
        try:
            self._connection.request(method, path, content or None, headers)
            answer = self._connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Told(answer.status, named, answer.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def post(self, path: str, *told: Mapping[str, Any], lines: bool = False) -> Told:
        """Send one event, or several as lines, once."""
        content = b"".join(line(each) for each in told)
        return self.ask("POST", path, content, LINES if lines else JSON)

    def until_taken(
        self, path: str, *told: Mapping[str, Any], lines: bool = False, busy: bool = True
    ) -> Any:
        """Send the same again and again until it is answered 200; what was answered then.

        A refusal for the moment must say when to come again; where `busy` is false, none may come.
        """
        until = time.monotonic() + 3 * PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                answer = self.post(path, *told, lines=lines)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # the server is gone, or was: it comes back
                continue
            if answer.status == 200:
                return answer.json
            assert busy, answer
            assert answer.status == 503, answer
            assert int(answer.headers["retry-after"]) >= 1
            time.sleep(0.02)
        raise AssertionError("the server does not come back")

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass
class Site:
    """A community that is served, and the platforms that receive: by name, in their order."""

    folder: Path
    serving: Serving
    receivers: dict[str, Receiver]
    asked: Program = field(init=False)

    def __post_init__(self) -> None:
        self.asked = Program(self.serving)

    @property
    def chat(self) -> Receiver:
        """The receiver of the platform `chat`."""
        return self.receivers["chat"]

    def outbox(self, where: str = "1", *values: object) -> list[dict[str, Any]]:
        """Rows of the outbox in the order in which they were asked."""
        columns = (
            *("id", "decision", "kind", "inverse", "state", "due", "attempts", "lane"),
            *("connector", "detail", "began"),
        )
        listed = ", ".join(columns)
        query = f"SELECT {listed} FROM outbox WHERE {where} ORDER BY rowid"  # noqa: S608
        found = rows(self.folder, query, *values)
        return [dict(zip(columns, row, strict=True)) for row in found]

    def due(self, within: int = 0) -> int:
        """How many rows are due, or will be within so many microseconds of the server's time."""
        found: int = rows(self.folder, DUE, self.serving.now() + within)[0][0]
        return found

    def page(self, account: str, platform: str = "chat") -> list[str]:
        """The pages of an account as the server shows them, newest first."""
        asked = f"/v1/statements?platform={platform}&account={account}"
        self.asked.close()  # the server may be another one by now
        items = self.asked.ask("GET", asked).json["items"]
        paths = ["/notice/" + each["link"].rpartition("/")[2] for each in items]
        found = [self.asked.ask("GET", f"{path}?lang=en") for path in paths]
        assert {each.status for each in found} <= {200}
        return [each.body.decode() for each in found]


def wait(until: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something that another process does; fail where it never comes."""
    limit = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < limit, what
        time.sleep(0.01)


def spam(number: int | str, at: float = 0, **more: Any) -> dict[str, Any]:
    """A post that is held."""
    return event(number, at, text=f"{SPAM} today", **more)


def make_site(
    aside: Path,
    folder: Path | None = None,
    *,
    platforms: Sequence[str] = ("chat",),
    others: Sequence[str] = (),
    signed: bool = True,
    seconds: int = 10,
    settings: str = "",
) -> Site:
    """A community with receivers, not yet served. Where clocks are moved, nothing can be `signed`:
    a receiver takes no signature of another day. `seconds` is how long a webhook may take. The
    platforms `others` are connected by `settings`.
    """
    folder = folder or aside / "data"
    secret = SECRET if signed else b""
    receivers = {name: Receiver(aside / name, secret) for name in platforms}
    text = "procedural_holds = true\n" + "".join(
        f'[connectors.{name}]\nurl = "{each.url}"\nallow = ["127.0.0.1"]\n'
        f"timeout_seconds = {seconds}\n"
        for name, each in receivers.items()
    )
    prepare(folder, RULES, text + settings)
    (folder / "policies").mkdir()
    for name, content in samples.files("policies").items():
        wide = content.replace(b"cap 200 a day", b"cap 20000 a day")
        (folder / "policies" / name).write_bytes(wide)
    names = (*platforms, *others)
    key = PlatformKey(name="platforms", sources=tuple(f"{name}/*" for name in names))
    with Engine(folder) as engine:
        engine.control(programs.made(key, digest(KEY)))
        for name in names:
            engine.control(programs.signed(name, SECRET))
    return Site(folder, Serving(folder, aside), receivers)


@contextmanager
def site(aside: Path, folder: Path | None = None, **more: Any) -> Iterator[Site]:
    """The same, until its processes are ended."""
    made = make_site(aside, folder, **more)
    try:
        yield made
    finally:
        made.asked.close()
        made.serving.kill()
        for each in made.receivers.values():
            each.kill()
