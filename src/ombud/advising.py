"""A policy list of one's own on Matrix: a running server keeps it as it should be, on a thread of
its own.

What stands in the room under Ombud's name is held against what may stand there, so that nothing is
written twice, what ended is taken back whatever happened in between, and what others write there is
left alone. This module must never publish before whoever it is about was told, and never stop
because one homeserver failed.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing, suppress
from urllib.parse import quote

import apsw

from ombud import advice, config, egress
from ombud.advice import Advice, Given, TakenBack
from ombud.app import KEY_FILE
from ombud.config import STORE_FILE
from ombud.connectors import matrix_policies
from ombud.connectors.matrix_client import Client, Said
from ombud.controls import programs
from ombud.doors import Doors
from ombud.errors import OmbudError
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

LOOK_SECONDS = 1.0  # how often the settings are looked at
_log = logging.getLogger(__name__)


class Advising:
    """Keeps the lists, from `start` to `close`."""

    def __init__(self, doors: Doors, resolve: egress.Resolve = egress.system_resolver) -> None:
        self._doors = doors
        self._resolve = resolve
        self._asked: dict[str, float] = {}  # by platform: when it was looked at last
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="advising", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End. A request that is under way is not waited for longer than it may take."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _loop(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            for name, settings in self._doors.settings.matrix.items():
                last = self._asked.get(name)
                if last is None or time.monotonic() >= last + settings.policies.seconds:
                    self._asked[name] = time.monotonic()
                    with suppress(OmbudError, OSError, apsw.Error):  # looked at again in a while
                        self.look(name, settings)

    def look(self, name: str, settings: config.MatrixConnector) -> int:
        """Bring the list of one homeserver up to date; how many entries came or went."""
        folder, own = self._doors.engine.folder, settings.policies
        with (
            closing(Store(folder / STORE_FILE, readonly=True)) as store,
            closing(KeyFile(folder / KEY_FILE, readonly=True)) as keys,
        ):
            stood = {row[0]: row[1] for row in store.all("advices", (name,))}
            if not own.publish and not stood:
                return 0
            possible = {}
            if own.publish:
                possible = advice.possible(store, keys, name, own.clauses)
            try:
                token = keys.key(programs.secret_name(name)).hex()
            except LookupError:
                return 0  # the check of the connection says so
        rooms = sorted({own.publish, *stood.values()} - {""})
        with closing(Client(settings, token, name=name, resolve=self._resolve)) as client:
            return sum(
                self._keep(client, settings, room, stood, possible if room == own.publish else {})
                for room in rooms
            )

    def _keep(
        self,
        client: Client,
        settings: config.MatrixConnector,
        room: str,
        stood: dict[str, str],
        possible: dict[str, Advice],
    ) -> int:
        """Bring one room up to date: what ended goes first, then who is new is told, then others
        are.
        """
        engine = self._doors.engine
        current = matrix_policies.told_by(client, room, settings.account)
        if isinstance(current, Said):
            return self._failed(current)
        wanted: dict[str, Advice] = {}
        for each in possible.values():
            wanted.setdefault(each.account, each)
        for account in current.keys() - wanted.keys():
            said = matrix_policies.tell(client, room, account, None)
            if not said.good:
                return self._failed(said)
        for decision, where in stood.items():
            if where == room and decision not in possible:
                engine.change(TakenBack(decision))
        told = {
            each.account
            for each in possible.values()
            if stood.get(each.decision) == room or engine.change(Given(each.decision, room))
        }
        changed = {
            account: reason
            for account, one in wanted.items()
            if account in told and current.get(account) != (reason := self._reason(one.clause))
        }
        for account, reason in changed.items():
            said = matrix_policies.tell(client, room, account, reason)
            if not said.good:
                return self._failed(said)
        return len(current.keys() - wanted.keys()) + len(changed)

    def _reason(self, clause: str) -> str:
        """The clause, and where everybody can read it."""
        url = self._doors.settings.public_url.rstrip("/")
        return (
            f"{clause} {url}/transparency/rules/history?clause={quote(clause)}" if url else clause
        )

    def _failed(self, said: Said) -> int:
        _log.info("the policy list cannot be kept now: %s", said.outcome().detail)
        return 0
