"""What the console may ask of a running engine: to read, and to have done what somebody asks for,
in their name.

As `doors` is for the public, so this is for the staff. What is asked for goes through `session`,
the same way as from the command line; who asks is never what a form says. It reads through
connections of its own, a few for all, so that a page waits neither for the writer nor for one other
page. This module must never decide whether somebody may: that is held where it is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

from ombud import session
from ombud.activation.active import Active
from ombud.app import Engine
from ombud.casebook import Casebook
from ombud.casefile import Casefile
from ombud.clock import DAY
from ombud.entrance import Visitor
from ombud.homes import Homes, Replaced
from ombud.reading import Reader
from ombud.trying import Trying
from ombud.verdicts.past import Known

READERS = 4  # pages that read at the same time; others wait


class StaffRoom:
    """The engine as the console sees it. Methods are called from several threads."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Callable[[], int] | None = None,
        homes: Homes | None = None,
    ) -> None:
        self.engine = engine
        self.homes = homes or Homes()
        self.now = now or engine.wall
        self.trying = Trying(engine)
        self._free: SimpleQueue[Reader | None] = SimpleQueue()
        for _ in range(READERS):
            self._free.put(None)  # opened by the first page that needs it

    @property
    def clock_ahead(self) -> int:
        """By how many days the machine's clock is ahead of what is believed; 0 where it is."""
        return self.engine.wall.ahead // DAY

    @property
    def replaced(self) -> list[Replaced]:
        """Rooms of homeservers in whose place nobody moderates another one."""
        return self.homes.replaced(self.engine.settings.matrix)

    @property
    def active(self) -> Active:
        """The configuration in force."""
        return self.engine.writer.pipeline.community.active

    def ask(self, visitor: Visitor, do: str, /, **asked: Any) -> Any:
        """Have something done in somebody's name (`session.perform`). Raises BadUse and BadData."""
        who = {"by": visitor.account.shown, "fresh": visitor.fresh}
        return session.perform(self.engine, do, {**asked, **who})

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Something to read with, for as long as a page is made."""
        reader = self._free.get()
        try:
            if reader is None:
                reader = Reader(self.engine.folder)
            yield reader
        finally:
            self._free.put(reader)

    @contextmanager
    def casebook(self) -> Iterator[Casebook]:
        """The cases, under the configuration in force."""
        with self.reading() as reader:
            yield Casebook(reader.store, reader.keys, self.active)

    @contextmanager
    def casefile(self) -> Iterator[Casefile]:
        """The same, each case with all that a person needs; members as they are known just now."""
        with self.reading() as reader:
            histories = self.engine.writer.pipeline.community.histories

            def history(timeline: str, account: int) -> Known | None:
                known = histories.get((timeline, account))
                row = None if known else reader.store.one("history", (timeline, account))
                return known if row is None else Known(*row)

            yield Casefile(Casebook(reader.store, reader.keys, self.active), history)

    def close(self) -> None:
        """Close every reader; pages that are being made are waited for, runs given up."""
        self.trying.close()
        for _ in range(READERS):
            reader = self._free.get()
            if reader is not None:
                reader.close()
        for _ in range(READERS):
            self._free.put(None)
