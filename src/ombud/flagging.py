"""What people flag on platforms that have to be asked for it: a running server asks each of them on
a thread of its own, so that one that answers slowly holds up no other.

A flag that is kept is known by its id; the place up to which was read lives in memory only, and is
found again from what is kept. This module must never keep anybody waiting for a platform, and never
stop asking because one of them failed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing

from ombud import clock, config, egress, journal
from ombud.config import STORE_FILE
from ombud.connectors import matrix_reports
from ombud.connectors.matrix_client import Client, Said
from ombud.doors import Doors
from ombud.model import Event
from ombud.rounds import HomeserverRounds
from ombud.store.sqlite import Store

_log = logging.getLogger(__name__)


class Flagging(HomeserverRounds):
    """Asks homeservers what was reported, from `start` to `close`."""

    def __init__(self, doors: Doors, resolve: egress.Resolve = egress.system_resolver) -> None:
        super().__init__(doors, resolve)
        self._after: dict[tuple[str, str], int] = {}  # by platform and list: up to which report

    def seconds(self, settings: config.MatrixConnector) -> float:
        """As often as the settings say."""
        return settings.reports_seconds

    def look(self, name: str, settings: config.MatrixConnector) -> int:
        """Ask one homeserver now; how many flags were new. Raises OmbudError where they cannot be
        kept, and then they come again.
        """
        with (
            self.asking(name, settings) as client,
            closing(Store(self._doors.engine.folder / STORE_FILE, readonly=True)) as store,
        ):
            if client is None:
                return 0

            def known(event: Event) -> bool:
                identity = self._doors.identity(event.source, event.id)
                return store.one("find_identity", (identity,)) is not None

            return sum(
                self._read(client, settings, name, kind, known) for kind in matrix_reports.KINDS
            )

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
