"""What is kept ends by itself: the turns of `expiry`, found beside the writer and handed to it.

`ombud serve` looks every hour, and through everything once a day; `ombud retention run` does the
same at once. What is due is found in short reads by another connection. The writer gets one bounded
turn at a time, behind what it judges, and is left alone in between. Then the write-ahead logs are
emptied: a key that was destroyed must not live on in one. This module must never hold the writer.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw

from ombud import clock, config, expiry
from ombud.app import KEY_FILE, Engine
from ombud.config import SETTINGS_FILE, STORE_FILE
from ombud.errors import OmbudError
from ombud.refill import first_received
from ombud.store.sqlite import Connection, Store

REQUESTS = ("retain",)
EVERY = 3600.0  # seconds between two looks
FIRST = 30.0  # seconds after a start
WHOLE = clock.DAY  # between two looks at what was kept for longer before
REST = 3.0  # times as long as a turn took, the writer is left alone behind it
REST_MIN = 0.002  # seconds
LOG_WAIT_MS = 50  # for which others may have to wait while a log is emptied
LOG_TRIES = 200
LOG_REST = 0.05  # seconds between two tries


class Retention:
    """Lets go of what has ended, beside a running engine, from `start` to `close`."""

    def __init__(
        self, engine: Engine, days: Callable[[], int] | None = None, every: float = EVERY
    ) -> None:
        self._engine = engine
        self._days = days or (lambda: days_kept(engine))
        self._every = every
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
        self._looked: dict[str, int] = {}  # per kind, up to where all was looked at
        self._whole: int | None = None  # when everything was

    def start(self) -> None:
        """Begin to look, a little later: a start has more urgent things to do."""
        self._thread.start()

    def close(self) -> None:
        """End after the turn that is under way."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        wait = min(FIRST, self._every)
        while not self._ended.wait(wait):
            wait = self._every
            with suppress(OmbudError, OSError, apsw.Error):  # looked at again in an hour
                self.look()

    def look(self) -> Counter[str]:
        """Let go of all that has ended by now; of how many things of each kind."""
        now = max(self._engine.now(), self._engine.writer.pipeline.recv)
        if self._whole is None or not 0 <= now - self._whole < WHOLE:
            self._looked, self._whole = {}, now
        self._engine.credentials.let_go(now)
        gone: Counter[str] = Counter()
        store = Store(self._engine.folder / STORE_FILE, readonly=True)
        try:
            for asked in expiry.due(store, self._days(), now, self._looked):
                gone[asked.what] += self._turns(asked)
                if asked.what in ("bodies", "statements"):
                    self._looked[asked.what] = asked.until
                if self._ended.is_set():
                    break
        finally:
            store.close()
        if gone.total():
            self._empty_logs()
        return +gone

    def _turns(self, asked: expiry.Expire) -> int:
        """Have one thing done, again where it is more than a turn does."""
        gone = 0
        while not self._ended.is_set():
            began = time.monotonic()
            answer = self._engine.writer.submit([asked]).result()[0]
            gone += answer.touched
            took = time.monotonic() - began
            self._ended.wait(max(REST_MIN, REST * took))
            if asked.what in ("bodies", "statements") or answer.touched < expiry.TURN:
                break
        return gone

    def _empty_logs(self) -> None:
        """Empty both write-ahead logs, the keys' first, without holding the writer for long."""
        for name in (KEY_FILE, STORE_FILE):
            file = Connection(self._engine.folder / name, readonly=False, queries={})
            try:
                for _ in range(LOG_TRIES):
                    if file.forget_log(LOG_WAIT_MS) or self._ended.wait(LOG_REST):
                        break
            finally:
                file.close()


def days_kept(engine: Engine) -> int:
    """For how many days bodies are kept: by the settings in force, or where the engine was opened
    without them, as they stand in the file. Raises BadUse where they cannot be read.
    """
    if engine.activated:
        return engine.settings.body_days
    return settings_days(engine.folder)


def settings_days(folder: Path) -> int:
    """The same by the operator's file alone."""
    path = folder / SETTINGS_FILE
    if not path.exists():
        return config.BODY_DAYS
    return config.parse_settings(config.read_file(path), str(path)).body_days


def perform(running: Engine) -> dict[str, int]:
    """Let go at once of all that has ended; how many of each kind."""
    gone = Retention(running).look()
    return {kind: gone[kind] for kind in expiry.KINDS}


def shown(store: Store, days: int, now: int) -> Mapping[str, Any]:
    """What is kept of bodies: how many, since when, and how many of them for longer than `days`."""
    count, first = store.one("kept_counts") or (0, None)
    last = first_received(store, now - days * clock.DAY) - 1
    over = store.one("kept_below", (last,))
    row = None if first is None else store.one("record", (first,))
    return {
        "body_days": days,
        "bodies": count,
        "oldest": None if row is None else clock.rfc3339(row[1]),
        "over_age": 0 if over is None else over[0],
    }
