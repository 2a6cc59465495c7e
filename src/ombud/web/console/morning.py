"""The morning's two lines at the top of the first page that somebody comes to: what happened since
yesterday, and what waits; in the words of `ombud digest`.

Counted once a minute at most, however many come in. This module must never tell of one person's
work.
"""

from __future__ import annotations

from typing import Any

from ombud import digest
from ombud.clock import MINUTE, Kept
from ombud.staffroom import StaffRoom
from ombud.wall import Figures


class Morning:
    """The two lines of a community. Called from several threads."""

    def __init__(self, room: StaffRoom) -> None:
        self._room = room
        self._figures = Figures()
        self._kept = Kept(self._counted, MINUTE)

    def lines(self, lang: str) -> tuple[str, str]:
        """They in a language."""
        return digest.lines(self._kept(self._room.now()), lang)

    def _counted(self, now: int) -> dict[str, Any]:
        with self._room.reading() as reader:
            return digest.digest(reader.store, now, self._figures)
