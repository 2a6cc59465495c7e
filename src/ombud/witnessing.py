"""The witnesses of a running server's log: asked after each new head, on a thread of its own.

This module must never keep anybody waiting for a witness, and never stop asking because one of them
failed.
"""

from __future__ import annotations

import logging
import threading

from ombud import logwork
from ombud.doors import Doors

_log = logging.getLogger(__name__)

AGAIN_SECONDS = 600.0  # after which witnesses that have not confirmed the head are asked again


class Witnessing:
    """Has each new head of a running server confirmed, from `start` to `close`."""

    def __init__(self, doors: Doors) -> None:
        self._engine = doors.engine
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="witnessing", daemon=True)

    def start(self) -> None:
        """Begin: first of all with the head that an earlier process has signed."""
        self._engine.log.signed = self._wake.set
        self._wake.set()
        self._thread.start()

    def close(self) -> None:
        """End. A request that is under way is not waited for longer than it may take."""
        self._ending.set()
        self._engine.log.signed = lambda: None
        self._wake.set()
        self._thread.join()

    def _loop(self) -> None:
        done = True
        while not self._ending.is_set():
            self._wake.wait(None if done else AGAIN_SECONDS)
            self._wake.clear()
            if self._ending.is_set():
                return
            try:
                done = logwork.gather(self._engine)
            except Exception as error:  # noqa: BLE001 -- a disk, a lock: asked again later
                _log.warning("witnesses could not be asked: %s", type(error).__name__)
                done = False
