"""A running server looks whether moderators' rooms are to be told of something, on a thread of its
own: cases that opened, lines whose case is settled.

It looks beside the writer and has the writer do what there is to do; nothing of it is remembered
here. This module must never keep anybody waiting, and never write.
"""

from __future__ import annotations

import threading
from contextlib import suppress

import apsw

from ombud import chat
from ombud.config import STORE_FILE
from ombud.doors import Doors
from ombud.errors import OmbudError
from ombud.store.sqlite import Store

LOOK_SECONDS = 1.0


class Chatting:
    """Has moderators' rooms told, from `start` to `close`."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="chatting", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _loop(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            with suppress(OmbudError, OSError, apsw.Error):  # looked at again in a moment
                self.look()

    def look(self) -> bool:
        """Have told what there is to tell now; whether there was anything."""
        rooms = tuple(
            sorted(n for n, each in self._doors.settings.matrix.items() if each.staff_room)
        )
        if not rooms:
            return False
        engine = self._doors.engine
        store = Store(engine.folder / STORE_FILE, readonly=True)
        try:
            found = chat.due(store, max(engine.now(), engine.writer.pipeline.recv))
        finally:
            store.close()
        return found and engine.change(chat.Shown(rooms))
