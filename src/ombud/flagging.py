"""What people flag on platforms that have to be asked for it: a running server asks each of them on
a thread of its own, so that one that answers slowly holds up no other.

A flag that is kept is known by its id; the place up to which was read lives in memory only, and is
found again from what is kept. This module must never keep anybody waiting for a platform, and never
stop asking because one of them failed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import apsw

from ombud import clock, config, egress, journal
from ombud.config import STORE_FILE
from ombud.connectors import matrix_reports
from ombud.connectors.matrix_client import Client, Said
from ombud.doors import Doors
from ombud.errors import OmbudError
from ombud.model import Event
from ombud.store.sqlite import Store

LOOK_SECONDS = 1.0  # how often the settings are looked at
TIMES = 60  # how much longer than one request a whole look may take
_log = logging.getLogger(__name__)


class Flagging:
    """Asks homeservers what was reported, from `start` to `close`."""

    def __init__(self, doors: Doors, resolve: egress.Resolve = egress.system_resolver) -> None:
        self._doors = doors
        self._resolve = resolve
        self._after: dict[tuple[str, str], int] = {}  # by platform and list: up to which report
        self._asked: dict[str, float] = {}  # by platform: when it was asked last
        self._asking: dict[str, threading.Thread] = {}  # by platform: who asks it now
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="flagging", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def close(self) -> None:
        """End. A request that is under way is waited for no longer than it may take."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()
        for each in self._asking.values():
            each.join()

    def _loop(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            for name, settings in self._doors.settings.matrix.items():
                last, asking = self._asked.get(name), self._asking.get(name)
                due = last is None or time.monotonic() >= last + settings.reports_seconds
                if not due or (asking is not None and asking.is_alive()):
                    continue
                self._asked[name] = time.monotonic()
                self._asking[name] = threading.Thread(
                    target=self._ask, args=(name, settings), name=f"flags of {name}", daemon=True
                )
                self._asking[name].start()

    def _ask(self, name: str, settings: config.MatrixConnector) -> None:
        with suppress(OmbudError, OSError, apsw.Error):  # asked again in a while
            self.look(name, settings)

    def look(self, name: str, settings: config.MatrixConnector) -> int:
        """Ask one homeserver now; how many flags were new. Raises OmbudError where they cannot be
        kept, and then they come again.
        """
        secret = self._doors.secret(name)
        if secret is None:
            return 0  # the check of the connection says so
        store = Store(self._doors.engine.folder / STORE_FILE, readonly=True)
        whole = Client(settings, secret.hex(), name=name, resolve=self._resolve)
        client = whole.for_a_call(TIMES, self._ending.is_set)

        def known(event: Event) -> bool:
            identity = self._doors.identity(event.source, event.id)
            return store.one("find_identity", (identity,)) is not None

        try:
            return sum(
                self._read(client, settings, name, kind, known) for kind in matrix_reports.KINDS
            )
        finally:
            whole.close()
            store.close()

    def _read(
        self,
        client: Client,
        settings: config.MatrixConnector,
        name: str,
        kind: matrix_reports.Kind,
        known: Callable[[Event], bool],
    ) -> int:
        place = (name, kind.key)
        now = clock.now() // 1000
        found = matrix_reports.new(
            client, settings, name, kind, self._after.get(place, 0), known, now
        )
        if isinstance(found, Said):
            _log.info("reports cannot be read now: %s", found.outcome().detail)
            return 0
        if found.flags:
            items = [journal.submission(each) for each in found.flags]
            self._doors.submit(items, wait=True).result()
        self._after[place] = found.newest
        return len(found.flags)
