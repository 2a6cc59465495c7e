"""The demonstration beside its server: events happen at a pace, and the page shows what became of
them.

A part of `server.Server`. This module must never run in a real community's folder: `demonstration`
prepares one of its own.
"""

from __future__ import annotations

import threading
from typing import Any

from ombud.demonstration import Demonstration
from ombud.doors import Doors
from ombud.errors import OmbudError

STEPS_PER_SECOND_MAX = 10  # faster than that, several events happen in one step
JOIN_SECONDS = 30.0


class Live:
    """Lets `events` planned events happen, `rate` of them a second. `state` is for the page."""

    def __init__(self, doors: Doors, events: int, seed: int, rate: float) -> None:
        self._doors = doors
        self._demonstration = Demonstration(doors.engine, events, seed, doors.link)
        self._most = max(1, round(rate / STEPS_PER_SECOND_MAX))
        self._pause = self._most / rate
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demonstration", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the step under way."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        while not self._ended.wait(self._pause):
            try:
                if not self._demonstration.step(self._most):
                    return
            except OmbudError:  # the writer takes nothing just now: the same events come again
                continue

    def state(self) -> dict[str, Any]:
        """What the page shows (web.demo.State)."""
        head = self._doors.ledger_head()
        ledger = {"size": head["size"], "root": head["root"]}
        return {**self._demonstration.state(), "ledger": ledger}
