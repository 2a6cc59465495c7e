"""Homeservers are looked at again and again, so that what ends in silence is told: above all a room
that was upgraded, which nobody moderates from then on.

It finds what `ombud connect check` finds, and only looks. This module must never
make an account, join a room, send anybody anything, or add a room.
"""

from __future__ import annotations

from contextlib import closing

from ombud import homecheck
from ombud.app import KEY_FILE
from ombud.config import MatrixConnector
from ombud.errors import OmbudError
from ombud.homecheck import Finding
from ombud.homes import Looked
from ombud.rounds import HomeserverRounds
from ombud.store.keyfile import KeyFile

AGAIN_SECONDS = 600.0


class Homewatch(HomeserverRounds):
    """Looks at each homeserver, from `start` to `close`; at once where its settings are others."""

    def seconds(self, settings: MatrixConnector) -> float:
        """Ten minutes; nothing where it was not looked at yet, as it is set now."""
        return AGAIN_SECONDS if self._doors.homes.known(settings) else 0

    def look(self, name: str, settings: MatrixConnector) -> int:
        """Look at one homeserver now; how much lacks."""
        engine = self._doors.engine
        found: list[Finding] = []
        try:
            with closing(KeyFile(engine.folder / KEY_FILE, readonly=True)) as keys:
                found = homecheck.look(settings, keys, name, self._resolve, self._ending.is_set)
        except OmbudError as error:  # without its secret it can be looked at no further
            found = [Finding("the connection", error)]
        self._doors.homes.note(name, Looked(settings, tuple(found), engine.wall()))
        return sum(each.lack is not None for each in found)
