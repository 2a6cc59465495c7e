# ruff: noqa: A005 -- a bench is called what it measures; nothing here imports the library's http
"""Over HTTP: events, batches, checks before publication, many connections, and a cold start.

Servers and loads are processes of their own on loopback; rounds are A B A B, ours and the peer's
with the same events. What has no other program to be compared with is compared with its floor (the
disk) or with its target. Targets stand here before anything is measured. This module must never
count an answer that is not a 200.
"""

from __future__ import annotations

import json
import math
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bench import workload
from bench.http_load import Report
from bench.http_process import TICKS, Measured, disk, load, make_key, ours, peer, prepare
from bench.measure import Row, Target, rates

CHECKS_PER_SECOND = 500
BATCHES_PER_SECOND = 5  # behind the checks, where ingest runs too
BATCH = 100
OVER_DISK_MS = 25.0
MEMORY_MB = 150.0
START_MS = 2000.0
WARM = 300

SINGLE = "single events, judged and durable"
OVER = "p99 over the disk's own"
BESIDE = ("", ", ingest beside")
REST = "memory at rest"
CONNECTIONS = "requests answered, 1,000 connections"
START = "cold start over HTTP: empty folder to first verdict"

ECHO = "FastAPI and pydantic validate and echo the same, and store nothing"
AT_REST = "the target at rest"
DISK = "write of 4 kB and fdatasync on the same disk, the same percentile"


TARGETS = {
    f"{SINGLE}, per CPU second": Target(at_least=True, ratio=1.0, stretch=1.5),
    f"{SINGLE}, per second": Target(at_least=True, ratio=1.0, stretch=1.5),
    **{
        f"check, 500 a second{beside}: {OVER}": Target(at_least=False, ratio=1.0, stretch=0.4)
        for beside in BESIDE
    },
    CONNECTIONS: Target(at_least=True, ratio=1.0, stretch=1.0),
    REST: Target(at_least=False, ratio=1.0, stretch=0.4),
    START: Target(at_least=False, ratio=1.0, stretch=0.5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured: rounds, events in a round, seconds of checks, connections."""

    rounds: int
    singles: int
    batched: int
    check_rounds: int
    check_seconds: int
    samples: int
    connections: int = 1000

    @property
    def events(self) -> int:
        """How many events that takes in all, or a few more."""
        checks = (CHECKS_PER_SECOND + BATCHES_PER_SECOND * BATCH) * (self.check_seconds + 1)
        each = self.singles + 2 * self.batched
        return WARM + self.rounds * each + 2 * self.check_rounds * checks + 2 * self.connections


FULL = Sizes(rounds=7, singles=4000, batched=6144, check_rounds=5, check_seconds=10, samples=1000)
QUICK = Sizes(rounds=3, singles=1000, batched=2048, check_rounds=1, check_seconds=3, samples=500)


def rows(*, quick: bool) -> list[Row]:
    """The comparisons of this bench."""
    return measured(QUICK if quick else FULL)


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with its target (and stretch) if it has one, and whether that is met."""
    target = TARGETS.get(row.name)
    verdict = {} if target is None else {"target": str(target), "met": target.met(row.ratio)}
    return row.as_json() | verdict


def measured(sizes: Sizes) -> list[Row]:
    """All rows at some size."""
    lines = iter(workload.lines("ascii", sizes.events))
    with ExitStack() as opened:
        place = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        key = prepare(place / "community")
        engine = opened.enter_context(ours(place / "community", key))
        memory = {REST: engine.megabytes()}
        echo = opened.enter_context(peer())
        warm = list(islice(lines, WARM))
        for server in (engine, echo):
            _bear(server, warm, path="/v1/events")
        answered, crowded = _connections(engine, lines, sizes)
        memory["memory with 1,000 connections"] = crowded
        found = _singles(engine, echo, lines, sizes)
        for each in (BATCH, 512):
            found.append(_batches(engine, echo, lines, sizes, each))
        for beside in BESIDE:
            found += _checks(engine, place, lines, sizes, beside)
        memory["memory after the runs"] = engine.megabytes()
        found += [
            answered,
            *(
                _against(name, [size], MEMORY_MB, "MB of VmRSS, less is better", AT_REST)
                for name, size in memory.items()
            ),
        ]
    found.append(_starts(sizes))
    return found


# --- events ---------------------------------------------------------------------------------------


def _bear(server: Measured, lines: Sequence[bytes], **how: Any) -> tuple[Report, float]:
    """Let a server bear a load: the report and the CPU seconds, one tick of the clock at least."""
    with load(server, lines, **how) as bearing:
        before = server.cpu()
        bearing.begin()
        report = bearing.report()
        used = server.cpu() - before
    return _whole(report), max(used, 1 / TICKS)


def _whole(report: Report) -> Report:
    """The report, if every request was answered with a 200."""
    if set(report.statuses) != {200} or report.answered != report.sent:
        raise RuntimeError(f"not every request was answered with 200: {report.statuses}")
    return report


def _singles(engine: Measured, echo: Measured, lines: Any, sizes: Sizes) -> list[Row]:
    """One event a request, 64 connections."""
    used: list[tuple[float, float]] = []
    took: list[tuple[float, float]] = []
    for _ in range(sizes.rounds):
        events = list(islice(lines, sizes.singles))
        borne = [_bear(server, events, path="/v1/events") for server in (engine, echo)]
        used.append((len(events) / borne[0][1], len(events) / borne[1][1]))
        took.append((len(events) / borne[0][0].seconds, len(events) / borne[1][0].seconds))
    return [
        _compared(f"{SINGLE}, per CPU second", used, "events per CPU second", ECHO),
        _compared(f"{SINGLE}, per second", took, "events per second", ECHO),
    ]


def _batches(engine: Measured, echo: Measured, lines: Any, sizes: Sizes, each: int) -> Row:
    """Lines to us, the same events as an array to the peer; four connections."""
    how: dict[str, Any] = {"each": each, "connections": 4}
    used: list[tuple[float, float]] = []
    for _ in range(sizes.rounds):
        events = list(islice(lines, sizes.batched))
        own = _bear(engine, events, path="/v1/events", form="lines", **how)[1]
        other = _bear(echo, events, path="/v1/batch", form="array", **how)[1]
        used.append((len(events) / own, len(events) / other))
    return _compared(f"batches of {each}, NDJSON", used, "events per CPU second", ECHO)


# --- checks ---------------------------------------------------------------------------------------


def _checks(engine: Measured, place: Path, lines: Any, sizes: Sizes, beside: str) -> list[Row]:
    """Checks by a fixed schedule; the disk alone is measured before each round."""
    found: list[tuple[list[float], list[float]]] = []
    in_time: list[float] = []
    for _ in range(sizes.check_rounds):
        floor = disk(place, sizes.samples)
        report = _checked(engine, lines, sizes, ingest=bool(beside))
        found.append((report.latencies, floor))
        in_time.append(100 * (1 - report.marked / report.sent))
    name = f"check, 500 a second{beside}"
    made = [
        _compared(
            f"{name}: p{100 * share:g}",
            [(percentile(own, share), percentile(floor, share)) for own, floor in found],
            "ms, less is better",
            DISK,
        )
        for share in (0.5, 0.99, 0.999)
    ]
    over = [percentile(own, 0.99) - percentile(floor, 0.99) for own, floor in found]
    return [
        *made,
        _against(f"{name}: {OVER}", over, OVER_DISK_MS, "ms, less is better", "the target"),
        _against(f"{name}: decided in time", in_time, 100.0, "% of all", "all"),
    ]


def _checked(engine: Measured, lines: Any, sizes: Sizes, *, ingest: bool) -> Report:
    """One round of checks, with or without batches beside them."""
    with ExitStack() as opened:
        behind = None
        if ingest:
            count = BATCH * BATCHES_PER_SECOND * (sizes.check_seconds + 1)
            behind = opened.enter_context(
                load(
                    engine,
                    list(islice(lines, count)),
                    path="/v1/events",
                    form="lines",
                    each=BATCH,
                    connections=4,
                    rate=BATCHES_PER_SECOND,
                )
            )
        events = list(islice(lines, CHECKS_PER_SECOND * sizes.check_seconds))
        checks = opened.enter_context(
            load(
                engine,
                events,
                path="/v1/check",
                rate=CHECKS_PER_SECOND,
                marked='"degraded":true',
            )
        )
        if behind is not None:
            behind.begin()
        checks.begin()
        report = _whole(checks.report())
        if behind is not None:
            _whole(behind.report())
    return report


def percentile(found: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed (nearest rank)."""
    return sorted(found)[max(0, math.ceil(share * len(found)) - 1)]


# --- connections, start ---------------------------------------------------------------------------


def _connections(engine: Measured, lines: Any, sizes: Sizes) -> tuple[Row, float]:
    """As many connections at once, two requests on each; and the memory while they are open."""
    events = list(islice(lines, 2 * sizes.connections))
    with load(engine, events, path="/v1/events", connections=sizes.connections) as bearing:
        bearing.begin()
        report = bearing.report()
        memory = engine.megabytes()
    taken = float(report.statuses.get(200, 0))
    return _against(CONNECTIONS, [taken], float(len(events)), "requests", "all"), memory


def _starts(sizes: Sizes) -> Row:
    """Milliseconds from the command to the first verdict, with the key made in between."""
    found = [1000 * _start() for _ in range(sizes.rounds)]
    return _against(START, found, START_MS, "ms, less is better", "the target")


def _start() -> float:
    event = workload.lines("ascii", 1)[0]
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        with ours(Path(name)) as server:
            request = urllib.request.Request(  # noqa: S310 -- an address of our own
                server.address + "/v1/events",
                event,
                {
                    "Authorization": f"Bearer {make_key(Path(name))}",
                    "Content-Type": "application/json",
                },
            )
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                told = json.load(answer)
            took = time.perf_counter() - began
    assert told["status"] == "accepted"
    return took


# --- rows -----------------------------------------------------------------------------------------


def _compared(name: str, found: list[tuple[float, float]], unit: str, peer_is: str) -> Row:
    """A row from rounds that were taken: ours and the peer's of each."""
    own, other = iter([pair[0] for pair in found]), iter([pair[1] for pair in found])
    return rates(
        name,
        lambda: next(own),
        lambda: next(other),
        rounds=len(found),
        unit=unit,
        peer_is=peer_is,
    )


def _against(name: str, found: list[float], bound: float, unit: str, peer_is: str) -> Row:
    """A row against a figure that is known."""
    return _compared(name, [(each, bound) for each in found], unit, peer_is)
