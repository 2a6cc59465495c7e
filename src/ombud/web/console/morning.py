"""The morning's two lines at the top of the first page that somebody comes to: what happened since
yesterday, and what waits; in the words of `ombud digest`.

Counted once a minute at most, however many come in. This module must never tell of one person's
work.
"""

from __future__ import annotations

import threading
from typing import Any

from ombud import digest
from ombud.clock import MINUTE
from ombud.staffroom import StaffRoom
from ombud.wall import Figures

LASTS = MINUTE  # for how long what was counted is told again


class Morning:
    """The two lines of a community. Called from several threads."""

    def __init__(self, room: StaffRoom) -> None:
        self._room = room
        self._figures = Figures()
        self._lock = threading.Lock()
        self._told: tuple[int, dict[str, Any]] | None = None

    def lines(self, lang: str) -> tuple[str, str]:
        """They in a language."""
        now = self._room.now()
        with self._lock:
            if self._told is None or not self._told[0] <= now < self._told[0] + LASTS:
                with self._room.reading() as reader:
                    self._told = now, digest.digest(reader.store, now, self._figures)
            found = self._told[1]
        return digest.lines(found, lang)
