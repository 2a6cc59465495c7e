"""Replay beside the live engine: the same events, judged and written once, then judged again.

This module must never compare times of different rounds.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

from bench import path, workload
from bench.measure import Row, Target, cpu, rates
from ombud.app import Engine
from ombud.replay.check import Replay

NAME = "replay, {language}"
LIVE = "the live engine on the same events"
TARGETS = {
    NAME.format(language=language): Target(at_least=True, ratio=0.8, stretch=1.0)
    for language in workload.LANGUAGES
}


def judged(row: Row) -> dict[str, Any]:
    """A row as data, with its target and whether that is met."""
    target = TARGETS[row.name]
    return row.as_json() | {"target": str(target), "met": target.met(row.ratio)}


def rows(*, quick: bool) -> list[Row]:
    """Records a CPU second of `replay --check`, beside the engine's when it judged them."""
    count, rounds = (1500, 3) if quick else (10_000, 7)
    found = []
    for language in workload.LANGUAGES:
        lines = workload.lines(language, count)
        pairs = [_both(lines) for _ in range(rounds)]
        again, live = iter([pair[0] for pair in pairs]), iter([pair[1] for pair in pairs])
        found.append(
            rates(
                NAME.format(language=language),
                functools.partial(next, again),
                functools.partial(next, live),
                rounds=rounds,
                unit="records per CPU second",
                peer_is=LIVE,
            )
        )
    return found


def _both(lines: list[bytes]) -> tuple[float, float]:
    """Replay's rate, and before it the live engine's, over one community."""
    with tempfile.TemporaryDirectory() as name, Engine(path.prepared(Path(name))) as engine:
        live = cpu(lambda: engine.ingest([b"\n".join(lines)]))
        replay = Replay(engine.store, engine.keys)
        again = cpu(replay.check)
        outcome = replay.outcome
        assert outcome.different == 0, outcome
        assert outcome.same + outcome.from_facts >= len(lines), outcome
    return len(lines) / again, len(lines) / live
