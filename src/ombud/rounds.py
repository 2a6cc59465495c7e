"""What a running server looks after beside its writer, again and again, on threads of its own: one
for each homeserver that is asked, so that one that answers slowly holds up no other.

This module must never keep anybody waiting for a platform, and never stop because a round failed.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from ombud import egress
from ombud.config import MatrixConnector
from ombud.connectors.matrix_client import Client
from ombud.doors import Doors
from ombud.errors import OmbudError

LOOK_SECONDS = 1.0  # between two rounds; how soon a change of the settings counts
TIMES = 60  # how much longer than one request a whole look at a homeserver may take

_log = logging.getLogger(__name__)


@contextmanager
def going_on(what: str) -> Iterator[None]:
    """Bears whatever fails. What nobody has thought of is said in the log, by its kind alone: its
    words may be somebody's.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- what failed once must not be the end of it
        if not isinstance(error, OmbudError | OSError | apsw.Error):
            _log.warning("A round failed", extra={"fields": {"of": what, "why": _kind(error)}})


def _kind(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}:{last.lineno}"


class Rounds(ABC):
    """Makes rounds from `start` to `close`."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=self._loop, name=type(self).__name__.lower(), daemon=True
        )

    @abstractmethod
    def round(self) -> object:
        """Look after it once."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End. A request that is under way is waited for no longer than it may take."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _loop(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            with going_on(self._thread.name):  # again in the next round
                self.round()


class HomeserverRounds(Rounds):
    """Looks at each homeserver of the settings now and then."""

    def __init__(self, doors: Doors, resolve: egress.Resolve = egress.system_resolver) -> None:
        super().__init__(doors)
        self._resolve = resolve
        self._looked: dict[str, float] = {}  # by platform: when a look at it began
        self._looking: dict[str, threading.Thread] = {}  # by platform: who looks at it

    @abstractmethod
    def seconds(self, settings: MatrixConnector) -> float:
        """How long after the beginning of a look the next one is due."""

    @abstractmethod
    def look(self, name: str, settings: MatrixConnector) -> int:
        """Look at one homeserver now; how many things came or went."""

    def round(self) -> None:
        """Begin a look wherever one is due and none is under way."""
        for name, settings in self._doors.settings.matrix.items():
            last, looking = self._looked.get(name), self._looking.get(name)
            due = last is None or time.monotonic() >= last + self.seconds(settings)
            if not due or (looking is not None and looking.is_alive()):
                continue
            self._looked[name] = time.monotonic()
            self._looking[name] = threading.Thread(
                target=self._look, args=(name, settings), name=f"a look at {name}", daemon=True
            )
            self._looking[name].start()

    def close(self) -> None:
        """End, and let the requests end that are under way."""
        super().close()
        for each in self._looking.values():
            each.join()

    def _look(self, name: str, settings: MatrixConnector) -> None:
        with going_on(f"{self._thread.name} {name}"):  # looked at again in a while
            self.look(name, settings)

    @contextmanager
    def asking(self, name: str, settings: MatrixConnector) -> Iterator[Client | None]:
        """A way to a homeserver, for one look; None without a token, of which the check of the
        connection tells.
        """
        secret = self._doors.secret(name)
        if secret is None:
            yield None
            return
        client = Client(settings, secret.hex(), name=name, resolve=self._resolve)
        try:
            yield client.for_a_call(TIMES, self._ending.is_set)
        finally:
            client.close()
