"""A running server looks whether moderators' rooms are to be told of something, on a thread of its
own: cases that opened, lines whose case is settled.

It looks beside the writer and has the writer do what there is to do; nothing of it is remembered
here. This module must never keep anybody waiting, and never write.
"""

from __future__ import annotations

from ombud import chat
from ombud.config import STORE_FILE
from ombud.rounds import Rounds
from ombud.store.sqlite import Store


class Chatting(Rounds):
    """Has moderators' rooms told, from `start` to `close`."""

    def round(self) -> bool:
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
