"""The processes of the HTTP rows: the servers that are measured and the loads that they bear.

What a server costs is read from the kernel, for its whole process, around a load. Everything
listens on loopback and is ended with the block it was started in. This module must never measure
itself: loads run in processes of their own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import workload
from bench.http_load import Load, Report
from ombud import session

ROOT = Path(__file__).parent.parent
OMBUD = "from ombud.cli import main; main()"
TICKS = os.sysconf("SC_CLK_TCK")  # of the clock that /proc counts in
STOP_SECONDS = 20.0
SAMPLES = 1000
SAMPLE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Measured:
    """A server that runs. `key` is what opens its doors, if it has any."""

    pid: int
    address: str
    key: str = ""

    @property
    def host(self) -> str:
        """Where it listens."""
        return self.address.removeprefix("http://").rpartition(":")[0]

    @property
    def port(self) -> int:
        """And on which port."""
        return int(self.address.rpartition(":")[2])

    def cpu(self) -> float:
        """CPU seconds of all its threads so far, to a hundredth."""
        return cpu_seconds(Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii"))

    def megabytes(self) -> float:
        """Memory that is in use (VmRSS), in 10^6 bytes."""
        return resident(Path(f"/proc/{self.pid}/status").read_text(encoding="ascii"))


def cpu_seconds(stat: str) -> float:
    """User and system time of /proc/PID/stat (proc(5), fields 14 and 15, behind the name)."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(status: str) -> float:
    """VmRSS of /proc/PID/status, in 10^6 bytes."""
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1_000_000


# --- servers --------------------------------------------------------------------------------------


def prepare(place: Path) -> str:
    """A folder with the workload's fifty rules, to which the samples come; a key to its doors."""
    (place / "rules").mkdir(parents=True)
    for name, text in workload.fifty().items():
        (place / "rules" / name).write_bytes(text)
    (place / "ombud.toml").write_text("procedural_holds = true\n", encoding="utf-8")
    return make_key(place)


def make_key(place: Path) -> str:
    """A key for the workload's sources, made by whoever runs the community."""
    made = session.begin(place, "key", name="bench", sources=["bench/*"], kinds=[], doors=[])
    return str(made["key"])


@contextmanager
def ours(place: Path, key: str = "") -> Iterator[Measured]:
    """`ombud serve` on a folder."""
    command = ["-c", OMBUD, "serve", "--port", "0", "--data", str(place)]
    with _serving(command) as (pid, address):
        yield Measured(pid, address, key)


@contextmanager
def peer() -> Iterator[Measured]:
    """The peer."""
    with _serving(["-m", "bench.http_peer"]) as (pid, address):
        yield Measured(pid, address)


@contextmanager
def _serving(command: list[str]) -> Iterator[tuple[int, str]]:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True
        )
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            if not address.startswith("http://"):
                said.seek(0)
                raise RuntimeError(f"the server did not start: {said.read().decode()[-2000:]}")
            yield process.pid, address
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


# --- loads ----------------------------------------------------------------------------------------


class Bearing:
    """A load that is connected and waits for the word."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self) -> None:
        """Say the word."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def report(self) -> Report:
        """Wait for what came of it; the connections stay open."""
        assert self._process.stdout is not None
        found = json.loads(self._process.stdout.readline())
        found["statuses"] = {int(status): count for status, count in found["statuses"].items()}
        return Report(**found)


@contextmanager
def load(server: Measured, lines: Sequence[bytes], **how: Any) -> Iterator[Bearing]:
    """A load on a server, connected; `how` are fields of `Load`."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\n".join(lines))
        file.flush()
        wanted = Load(host=server.host, port=server.port, key=server.key, lines=file.name, **how)
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.http_load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(asdict(wanted)) + "\n")
            process.stdin.flush()
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("the load could not connect")
            yield Bearing(process)
        finally:
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


# --- the disk -------------------------------------------------------------------------------------


def disk(place: Path, samples: int = SAMPLES) -> list[float]:
    """Milliseconds of writing 4 kB and fdatasync, each time, on the file system of a folder."""
    found = []
    content = os.urandom(SAMPLE_BYTES)
    with tempfile.TemporaryFile(dir=place, buffering=0) as file:
        for _ in range(samples):
            began = time.perf_counter()
            file.write(content)
            os.fdatasync(file.fileno())
            found.append((time.perf_counter() - began) * 1000)
    return found
