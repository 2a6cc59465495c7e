"""The sender at work in a running server: its outbox, its connectors, its wake-up.

Connectors are made from the settings in force and the secrets in the key file; a changed section of
`ombud.toml` and a new secret count from the next call on. This module must never keep a secret
longer than its connector.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import NamedTuple

from ombud import clock, config, egress
from ombud.app import KEY_FILE
from ombud.askings import Askings
from ombud.config import STORE_FILE
from ombud.connectors import kinds
from ombud.connectors.kinds import Closing
from ombud.connectors.matrix_direct import Asking
from ombud.controls import programs
from ombud.doors import Doors
from ombud.errors import BadUse, catalogue
from ombud.model import Connector
from ombud.outbox import Outbox
from ombud.sender import Sender
from ombud.store.keyfile import KeyFile

catalogue(
    U017=(
        "There is nothing to sign the webhooks to {name} with.",
        "`ombud connect secret {name}` makes it; the platform needs it too.",
    ),
)

REPLACED_MAX = 4  # connectors whose last calls may still be under way


class _Made(NamedTuple):
    """A connector and what it was made from."""

    settings: config.Connected
    secret: bytes
    connector: Closing


class Deliveries:
    """Sends what is asked and told, from `start` to `close`. Raises BadUse where a connector's
    settings cannot be used or its secret is missing.
    """

    def __init__(self, doors: Doors, resolve: egress.Resolve = egress.system_resolver) -> None:
        self._doors = doors
        self._engine = engine = doors.engine
        self._resolve = resolve
        self._made: dict[str, _Made] = {}
        self._replaced: list[Closing] = []
        self._making = threading.Lock()
        self._askings = Askings(doors, self.connector)
        with ExitStack() as opened:
            self._keys = KeyFile(engine.folder / KEY_FILE, readonly=True)
            opened.callback(self._keys.close)
            opened.callback(self._close_connectors)
            for name in engine.settings.platforms:
                self.connector(name)
            self._outbox = Outbox(
                engine.folder / STORE_FILE,
                engine.folder / KEY_FILE,
                lambda marks: doors.submit(marks, first=True, wait=True),
                doors.name,
                doors.link,
                doors.base,
            )
            opened.callback(self._outbox.close)
            self._opened = opened.pop_all()
        # rows are due by the journal's time, which never goes back; receivers look at the clock's
        forward = clock.Forward(engine.writer.pipeline.recv, source=engine.wall)
        self._sender = Sender(
            self._outbox, self.connector, forward, stamp=clock.now, passing=engine.fault
        )

    def start(self) -> None:
        """Begin to send, first of all what an earlier process left behind."""
        self._engine.writer.committed = self._sender.wake
        self._sender.start()
        self._askings.start()
        self._doors.sending = self

    @property
    def running(self) -> bool:
        """Whether anything is sent at all."""
        return self._sender.running

    def asked(self, platform: str, askings: Sequence[Asking]) -> None:
        """People ask from their own accounts what was decided about them. Never blocks."""
        self._askings.put(platform, askings)

    def close(self) -> None:
        """Begin nothing more; wait a little for what is under way."""
        self._askings.close()
        self._sender.close()
        self._opened.close()

    def _close_connectors(self) -> None:
        for each in (*self._replaced, *(made.connector for made in self._made.values())):
            each.close()

    def connector(self, name: str) -> Connector | None:
        """The connector of a platform as settings and secret are now; None where there is none.

        Raises BadUse where its settings cannot be used, U017 where there is no secret.
        """
        settings = self._engine.settings.platforms.get(name)
        if settings is None:
            return None
        with self._making:
            secret = self._secret(name)
            known = self._made.get(name)
            if known is not None and (known.settings, known.secret) == (settings, secret):
                return known.connector
            made = kinds.connector(settings, secret, name=name, resolve=self._resolve)
            if known is not None:
                self._replace(known.connector)
            self._made[name] = _Made(settings, secret, made)
            return made

    def _replace(self, connector: Closing) -> None:
        """Keep it a while: it may have calls under way."""
        self._replaced.append(connector)
        if len(self._replaced) > REPLACED_MAX:
            self._replaced.pop(0).close()

    def _secret(self, name: str) -> bytes:
        try:
            return self._keys.key(programs.secret_name(name))
        except LookupError:
            raise BadUse("U017", f"connectors.{name}", name=name) from None
