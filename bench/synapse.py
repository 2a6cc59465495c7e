"""What asking before publication adds to a message on a real Matrix homeserver.

Two Synapses run side by side, one with Ombud's module and a real `ombud serve` behind it, one
without; they take turns, a few messages each, so that both meet the same machine. Measured is what
a client waits for: from the request that sends a message to its answer. All of it shares one
machine. The servers are those of the tests (`make test` installs Synapse).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.measure import Row, Target

IN_TURN = 10  # messages of each sender, before the other server has its turn
ROUNDS, QUICK_ROUNDS = 20, 2
SENDERS = (1, 4)
WARMING = 5  # rounds that are not counted
WORDS = "See you at the market on Saturday, number"
# Milliseconds, set before the first measured run.
TARGETS: Mapping[str, Target] = {
    "added to one message, 1 sender, median": Target(False, 20.0, 10.0),
    "added to one message, 1 sender, 99th of 100": Target(False, 100.0, 50.0),
}
WITHOUT = "the same Synapse without the module"
ALLOWED = "what is allowed"

Say = Callable[[int, str], None]  # a sender, by number, says something


class Pair(NamedTuple):
    """Both servers, as their senders use them."""

    ours: Say
    peer: Say


def rows(*, quick: bool) -> list[Row]:
    """All figures."""
    with servers(max(SENDERS)) as pair:
        return measured(pair, QUICK_ROUNDS if quick else ROUNDS)


def judged(row: Row) -> dict[str, Any]:
    """A row beside its target; the ratio of those is to what is allowed."""
    told = row.as_json()
    target = TARGETS.get(row.name)
    if target is not None:
        told |= {"target": f"<= 1 ({target.stretch / target.ratio:g})", "met": row.ratio <= 1}
    return told


def measured(pair: Pair, rounds: int, senders: tuple[int, ...] = SENDERS) -> list[Row]:
    """The figures of both servers and what lies between them."""
    found = []
    for count in senders:
        turns(pair, count, WARMING if rounds > WARMING else 1)
        ours, peer = turns(pair, count, rounds)
        name = f"1 message, {count} sender{'s' if count > 1 else ''}"
        for part, of in (("median", statistics.median), ("99th of 100", ninety_nine)):
            own, other = of(ours), of(peer)
            where = f"{name}, {part}"
            found.append(_row(where, own, other, rounds, WITHOUT))
            target = TARGETS.get(where.replace("1 message", "added to one message", 1))
            if target is not None:
                named = where.replace("1 message", "added to one message", 1)
                found.append(_row(named, own - other, target.ratio, rounds, ALLOWED))
    return found


def _row(name: str, ours: float, peer: float, rounds: int, peer_is: str) -> Row:
    unit = "ms, less is better"
    return Row(name, round(ours, 1), round(peer, 1), round(ours / peer, 3), rounds, unit, peer_is)


def ninety_nine(values: list[float]) -> float:
    """What 99 of 100 do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def turns(pair: Pair, senders: int, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each message, with and without."""
    found: tuple[list[float], list[float]] = ([], [])
    with ThreadPoolExecutor(senders) as people:
        for number in range(rounds):
            for say, took in zip(pair, found, strict=True):
                parts = [people.submit(_said, say, who, number) for who in range(senders)]
                for each in parts:
                    took.extend(each.result())
    return found


def _said(say: Say, who: int, number: int) -> list[float]:
    took = []
    for turn in range(IN_TURN):
        began = time.perf_counter()
        say(who, f"{WORDS} {number}.{turn}")
        took.append((time.perf_counter() - began) * 1000)
    return took


# --- the servers ----------------------------------------------------------------------------------


@contextmanager
def servers(senders: int) -> Iterator[Pair]:
    """Both, with so many people in a room of each."""
    tests = str(Path(__file__).parent.parent / "tests")
    if tests not in sys.path:
        sys.path.append(tests)  # the servers of the tests
    from platforms.synapse import started
    from platforms.watched_synapse import watched

    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="bench-synapse-")))
        asking = running.enter_context(watched(folder / "with"))
        plain = running.enter_context(started(folder / "without"))
        yield pair_of(asking, plain, senders)


def pair_of(asking: Any, plain: Any, senders: int) -> Pair:
    """Senders in the watched room of one server and in a room of the other."""
    room = plain.register("owner").room()
    with_it = [asking.somebody("open") for _ in range(senders)]
    without = [plain.register(f"person{number}") for number in range(senders)]
    for each in without:
        each.join(room)

    def ours(who: int, text: str) -> None:
        _taken(with_it[who].say(asking.rooms["open"], text).status)

    def peer(who: int, text: str) -> None:
        _taken(without[who].say(room, text).status)

    return Pair(ours, peer)


def _taken(status: int) -> None:
    if status != 200:
        raise RuntimeError(f"a message is answered {status}")
