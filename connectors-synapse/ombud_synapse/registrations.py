"""New accounts are told of after they are made: what is wrong with one is for a person to see.

Nobody is refused at registration, since no reason could reach them there. What is told waits in
memory until Ombud takes it, in order. This module must never tell more of an account than its id
and when it was made.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from typing import Any

from synapse.module_api import ModuleApi

from ombud_synapse.asking import Asking
from ombud_synapse.settings import Settings

WAITING_MAX = 10_000
TELL_SECONDS = 10.0
AGAIN_SECONDS = (1.0, 5.0, 15.0, 60.0)


class Registrations:
    """The accounts that Ombud has yet to hear of."""

    def __init__(self, settings: Settings, api: ModuleApi, asking: Asking) -> None:
        self._platform = settings.platform
        self._api = api
        self._asking = asking
        self._waiting: deque[dict[str, Any]] = deque(maxlen=WAITING_MAX)
        self._busy = False

    async def note(self, user: str) -> None:
        """Synapse has made an account; returns at once."""
        now = self._api.get_current_time_msec()
        made = datetime.fromtimestamp(now / 1000, UTC).isoformat()
        self._waiting.append(
            {
                "specversion": "1.0",
                "id": f"registered/{user}"[:255],
                "source": f"{self._platform}/{self._api.server_name}"[:255],
                "type": "account.created",
                "time": made,
                "data": {"author": {"id": user, "created": made}},
            }
        )
        if not self._busy:
            self._busy = True
            self._api.run_as_background_process("ombud_registrations", self._tell_all)

    async def _tell_all(self) -> None:
        tries = 0
        try:
            while self._waiting:
                if await self._asking.tell(TELL_SECONDS, self._waiting[0]):
                    self._waiting.popleft()
                    tries = 0
                    continue
                await self._api.sleep(AGAIN_SECONDS[min(tries, len(AGAIN_SECONDS) - 1)])
                tries += 1
        finally:
            self._busy = False
