"""The files of the DSA over many decisions: how long both commands take, beside a server that
runs on the same folder and gives the ids.

The community is a small real one. Its decisions are then put into the store with the statements the
engine itself uses, many at a time, each with its journal record, its action and a sealed record of
the size that real ones have; a million by way of rules would take hours. They are spread over a
year, as those of a community that never filed any. Seconds are of the wall, since that is what
somebody waits for; CPU seconds of both processes stand beside.
This module must never leave a seal out to be quicker.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import path, workload
from bench.http_process import Measured, ours
from bench.measure import Row, Target
from ombud import session
from ombud.clock import DAY
from ombud.config import STORE_FILE
from ombud.dsa import filed, report
from ombud.dsa.tallies import Period
from ombud.store.sqlite import Store

Made = tuple[int, int]  # its number, and when
COUNT = 1_000_000
ALLOWED_SECONDS = 30.0  # for each of both, over COUNT decisions
SPAN = 365 * DAY
SEALED_BYTES = 3600  # the mean of those of the shipped rules in the demonstration
AT_ONCE = 10_000
FIRST = 10_000_000  # far behind the records and lines that are really there
STATEMENTS = "statements of reasons, {count:,} decisions"
YEARLY = "the yearly report, {count:,} decisions"
ALLOWED = "what is allowed"
CLAUSES = ("spam.links", "spam.repeats", "flood.burst", "scam.hidden-links", "harassment.dogpile")
ACTIONS = ("hold", "hold", "hold", "remove", "label", "limit")
EVERY = Period("2025-01-01", "2035-12-31")
TARGET = Target(at_least=False, ratio=1.0, stretch=0.5)


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with its target and whether that is met."""
    return row.as_json() | {"target": str(TARGET), "met": TARGET.met(row.ratio)}


def rows(*, quick: bool) -> list[Row]:
    """Seconds of each command, beside what is allowed for so many decisions."""
    count = 20_000 if quick else COUNT
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir()
        path.prepared(folder)
        with session.engine(folder) as engine:
            engine.ingest([b"\n".join(workload.lines(next(iter(workload.LANGUAGES)), 500))])
            now = engine.now()
        wanted = filed.Wanted(Path(name) / "statements")
        both = (
            (STATEMENTS, lambda: filed.files(folder, wanted, _unseen, _unseen)),
            (YEARLY, lambda: report.write(folder, Path(name), EVERY, "", _unseen)),
        )
        with ours(folder) as server:
            fill(folder, count, now)
            return [row for told, work in both for row in _rows(told, work, server, count)]


def _rows(told: str, work: Callable[[], dict[str, Any]], server: Measured, count: int) -> list[Row]:
    """By the wall, and by the time of both processes: on a busy machine they are far apart."""
    started, spent = time.perf_counter(), time.process_time() + server.cpu()
    work()
    found = time.perf_counter() - started, time.process_time() + server.cpu() - spent
    allowed, name = ALLOWED_SECONDS * count / COUNT, told.format(count=count)
    return [
        Row(each, round(seconds, 2), allowed, round(seconds / allowed, 3), 1, unit, ALLOWED)
        for each, seconds, unit in (
            (name, found[0], "seconds"),
            (f"{name}, both processes", found[1], "CPU seconds"),
        )
    ]


def _unseen(_: object) -> None:
    """No bar."""
    return


def fill(folder: Path, count: int, now: int) -> None:
    """Put so many decisions behind what is there, on a connection of its own."""
    store = Store(folder / STORE_FILE)
    config = store.all("controls", ("!config",))[-1][0]
    noise = os.urandom(SEALED_BYTES + 4096)
    apart = SPAN // count
    for start in range(0, count, AT_ONCE):
        made = [(each, now + each * apart) for each in range(start, min(start + AT_ONCE, count))]
        with store.transaction():
            store.many("add_record", _records(made, config))
            store.many("add_decision", _decisions(made, noise))
            store.many("add_action", _actions(made))
    store.close()


def _records(made: list[Made], config: int) -> Iterator[tuple[Any, ...]]:
    for each, now in made:
        seq, digest = FIRST + each, each.to_bytes(16)
        event = (seq, now, "post.created", "post", "", "chat/hall", now, now)
        judged_by = (config, digest, digest, each, b"f" * 120, b"e" * 200, b"h" * 24, b"v" * 16)
        yield (*event, *judged_by, None, "", None)


def _decisions(made: list[Made], noise: bytes) -> Iterator[tuple[Any, ...]]:
    for each, now in made:
        by_rule = each % 5 > 0
        what = (ACTIONS[each % len(ACTIONS)], "procedural" if by_rule else None, now)
        who = ("new-member-links" if by_rule else None, "rule" if by_rule else "reviewer")
        at = each % 4096
        yield (
            *(_id(each), FIRST + each, now, "", each.to_bytes(16), each),
            *(CLAUSES[each % len(CLAUSES)], *who, *what, noise[at : at + SEALED_BYTES]),
            *(FIRST + each, FIRST + each, "this", "text", "en", "own initiative"),
            None if by_rule else "new-member-links",
        )


def _actions(made: list[Made]) -> Iterator[tuple[Any, ...]]:
    for each, now in made:
        what = (ACTIONS[each % len(ACTIONS)], 0, "delivered", "action", "chat", None, now)
        yield (f"act_{each:022x}", _id(each), FIRST + each, each.to_bytes(16), *what)


def _id(number: int) -> str:
    return f"dec_{number * 2_654_435_761 % (1 << 88):022x}"
