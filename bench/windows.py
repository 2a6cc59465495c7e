"""Windows alone: how much room their entries take, and how long an event's counts take.

Memory is taken from a process of its own, so that nothing else is counted. This module must never
compare times of different rounds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from random import Random
from typing import Any

from bench.measure import Row, Target, cpu
from ombud.usual import SHORTEST, SPAN
from ombud.windows import Shape, Timeline

ENTRIES = 1_000_000  # fewer would say something else: dictionaries grow in leaps
BYTES_MAX = 150.0
LIVE = "memory of a live window entry, {what}"
_MONTH = 30 * 86_400_000_000
_COUNT, _DISTINCT = Shape(_MONTH, distinct=False), Shape(_MONTH, distinct=True)
_USUAL = Shape(SPAN, distinct=False, bucket=SHORTEST)
SHAPES = {  # what an operator's windows are made of: how each is kept, and its entries a key
    "a count, one entry a key": (_COUNT, 1),
    "a count, twenty entries a key": (_COUNT, 20),
    "distinct values, one a key": (_DISTINCT, 1),
    "distinct values, four a key": (_DISTINCT, 4),
    "distinct values, twenty a key": (_DISTINCT, 20),
    "what is usual, one entry a key": (_USUAL, 1),
    "what is usual, twenty entries a key": (_USUAL, 20),
}
TARGETS = {
    LIVE.format(what=what): Target(at_least=False, ratio=1.0, stretch=0.4) for what in SHAPES
}


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with its target and whether that is met."""
    target = TARGETS[row.name]
    return row.as_json() | {"target": str(target), "met": target.met(row.ratio)}


def rows(*, quick: bool) -> list[Row]:
    """Bytes an entry, beside the target, for each shape."""
    rounds = 1 if quick else 3
    found = []
    for what in SHAPES:
        taken = [_bytes(what, ENTRIES) for _ in range(rounds)]
        middle = statistics.median(taken)
        found.append(
            Row(
                LIVE.format(what=what),
                round(middle, 1),
                BYTES_MAX,
                round(middle / BYTES_MAX, 3),
                rounds,
                "bytes an entry, less is better",
                "the target",
            )
        )
    return found


def _bytes(what: str, count: int) -> float:
    """What an entry takes, measured in a process of its own."""
    program = f"from bench import windows; print(windows.filled({what!r}, {count}))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def filled(what: str, count: int) -> float:
    """Fill a window and tell how many bytes of memory an entry took of this process."""
    shape, each = SHAPES[what]
    line, random = Timeline(), Random(1)
    line.use({1: shape})
    keys = [random.getrandbits(62) for _ in range(count // each)]
    before = _resident()
    for number in range(count):
        value = random.getrandbits(62) if shape.distinct else 0
        line.add(1, keys[number % len(keys)] + 0, value, 1_700_000_000_000_000 + number * 1000)
    return (_resident() - before) / count


def _resident() -> int:
    with open("/proc/self/status", encoding="ascii") as lines:
        found = next(line for line in lines if line.startswith("VmRSS"))
    return int(found.split()[1]) * 1024


def counts(*, quick: bool) -> list[dict[str, Any]]:
    """Microseconds to put an event into its windows and count them, by number of windows."""
    events, found = (2000 if quick else 20_000), []
    for number in (1, 4, 16):
        taken = [_counted(number, events) for _ in range(3 if quick else 7)]
        found.append({"windows": number, "us": round(statistics.median(taken) / events * 1e6, 2)})
    return found


def _counted(number: int, events: int) -> float:
    line, random = Timeline(), Random(1)
    line.use({each: Shape(3_600_000_000, each % 2 == 1) for each in range(number)})
    keys = [random.getrandbits(62) for _ in range(1000)]

    def run() -> None:
        place = 1_700_000_000_000_000
        for each in range(events):
            key, place = keys[each % 1000], place + 200_000
            for window in range(number):
                line.add(window, key, each % 50, place)
                line.count(window, (key,), place, 600_000_000)

    return cpu(run)
