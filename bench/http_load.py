"""The load: a process of its own that sends requests over kept connections and says how it went.

`python -m bench.http_load` reads one `Load` as a line of JSON, prints "ready" once it is connected,
begins at the next line, prints its report, and keeps its connections until its input ends. With a
rate it sends by a fixed schedule and counts latency from the moment a request was due, so that a
server that stalls is charged for all who waited meanwhile. This module must never go on without
bound, in requests or in time.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, cast

import uvloop

TICK_SECONDS = 0.001
CONNECTIONS_MAX = 4096
Form = Literal["event", "lines", "array"]
TYPES: dict[Form, str] = {
    "event": "application/json",
    "lines": "application/x-ndjson",
    "array": "application/json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is sent. `lines` is a file of events, `each` of them in a request.

    `rate` is in requests a second; without it a connection sends its next request when the last
    one is answered. After `seconds` it gives up.
    """

    host: str
    port: int
    path: str
    lines: str
    key: str = ""
    form: Form = "event"
    each: int = 1
    connections: int = 64
    rate: float | None = None
    seconds: float = 30.0
    marked: str = ""  # answers that hold this are counted


@dataclass(slots=True)
class Report:
    """How it went. `latencies` and `lags` (how late requests were sent) in milliseconds."""

    sent: int = 0
    answered: int = 0
    marked: int = 0
    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)


def requests(load: Load, lines: Sequence[bytes]) -> list[bytes]:
    """Every request as bytes."""
    made = []
    for start in range(0, len(lines), load.each):
        group = lines[start : start + load.each]
        body = b"[" + b",".join(group) + b"]" if load.form == "array" else b"\n".join(group)
        head = (
            f"POST {load.path} HTTP/1.1\r\nhost: {load.host}:{load.port}\r\n"
            f"authorization: Bearer {load.key}\r\ncontent-type: {TYPES[load.form]}\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


class Client(asyncio.Protocol):
    """One kept connection with at most one request under way."""

    def __init__(self, answered: Callable[[Client, int, bytes], None]) -> None:
        self._answered = answered
        self._came = bytearray()
        self._transport: asyncio.Transport | None = None
        self.since: float | None = None  # when what is under way was due

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are of a class of its own

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """It is gone, and with it an answer that was to come."""
        if self.since is not None:
            self._answered(self, 0, b"")

    def send(self, request: bytes, since: float) -> None:
        """Send one request."""
        self.since = since
        assert self._transport is not None
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Part of an answer came."""
        self._came += data
        end = self._came.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._came[:end]).lower()
        whole = end + 4 + int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        if len(self._came) >= whole:
            body = bytes(self._came[end + 4 : whole])
            del self._came[:whole]
            self._answered(self, int(head[9:12]), body)

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()


class Run:
    """A load under way over some open connections. `now` is in seconds."""

    def __init__(
        self, load: Load, wanted: Sequence[bytes], now: Callable[[], float] = time.perf_counter
    ) -> None:
        self.done = False
        self.idle: deque[Client] = deque()
        self._report = Report()
        self._statuses: Counter[int] = Counter()
        self._rate = load.rate
        self._marked = load.marked.encode()
        self._wanted = wanted
        self._now = now
        self._began = now()
        self._alive = 0

    def begin(self, clients: Sequence[Client]) -> None:
        """Start the clock and send what is due."""
        self.idle.extend(clients)
        self._alive = len(clients)
        self._began = self._now()
        self.feed()

    def feed(self) -> None:
        """Send what is due, as far as a connection is free."""
        report = self._report
        while self.idle and report.sent < len(self._wanted):
            now = self._now()
            due = now
            if self._rate is not None:
                due = self._began + report.sent / self._rate
                if due > now:
                    return
                report.lags.append((now - due) * 1000)
            report.sent += 1
            self.idle.popleft().send(self._wanted[report.sent - 1], due)

    def answered(self, client: Client, status: int, body: bytes) -> None:
        """An answer is whole, or will never come (status 0)."""
        report, now = self._report, self._now()
        assert client.since is not None
        self._statuses[status] += 1
        report.latencies.append((now - client.since) * 1000)
        client.since = None
        report.answered += status > 0
        report.marked += bool(self._marked) and self._marked in body
        report.seconds = now - self._began
        if status > 0:
            self.idle.append(client)
        else:
            self._alive -= 1
        self.done = sum(self._statuses.values()) == len(self._wanted) or self._alive == 0
        self.feed()

    def report(self) -> Report:
        """What came of it."""
        self._report.statuses = dict(self._statuses)
        return self._report


async def carry_out(load: Load) -> None:
    """Connect, wait for the word, send, report, and wait for the end of the input."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 2 * CONNECTIONS_MAX), most))
    loop = asyncio.get_running_loop()
    lines = Path(load.lines).read_bytes().splitlines()
    run = Run(load, requests(load, lines))
    clients = []
    for _ in range(min(load.connections, CONNECTIONS_MAX)):
        _, client = await loop.create_connection(lambda: Client(run.answered), load.host, load.port)
        clients.append(client)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    run.begin(clients)
    until = loop.time() + load.seconds
    while not run.done and loop.time() < until:
        await asyncio.sleep(TICK_SECONDS)
        run.feed()
    print(json.dumps(asdict(run.report())), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    for client in clients:
        client.close()


def main() -> None:
    """One load, told by the first line of the input."""
    uvloop.run(carry_out(Load(**json.loads(sys.stdin.readline()))))


if __name__ == "__main__":
    main()
