"""How slowly somebody writes whom Ombud has limited: one message in ten seconds.

Ombud limits an account through the admin API, whose slowest rate is one message a second. Most
homeservers let everybody write more slowly than that in the long run (0.2 a second and ten at once,
where nothing is set), so alone it would let the flood of one account through faster. Here what the
admin API has set so is read as slow. This module must never slow down anybody else.
"""

from __future__ import annotations

from synapse.module_api import EventBase, ModuleApi

LIMITED = (1, 1)  # a second, and at once: what Ombud sets
BETWEEN_MS = 10_000
KEPT_MAX = 1000  # accounts, of which who wrote lately is kept
REDACTION = "m.room.redaction"  # taking something away is never slow


class Rates:
    """Of one homeserver."""

    def __init__(self, api: ModuleApi) -> None:
        self._api = api
        self._wrote: dict[str, int] = {}  # when, in milliseconds

    async def wait(self, event: EventBase) -> int:
        """How long its author still has to wait before they say it, in milliseconds; 0: not."""
        if event.is_state() or event.type == REDACTION:
            return 0
        # Of Synapse's inside, since a module has no other way to it: Synapse looks it up with every
        # message, and so has it at hand.
        found = await self._api._store.get_ratelimit_for_user(event.sender)  # noqa: SLF001
        if found is None or (found.messages_per_second, found.burst_count) != LIMITED:
            return 0
        now = self._api.get_current_time_msec()
        left = self._wrote.get(event.sender, now - BETWEEN_MS) + BETWEEN_MS - now
        if 0 < left <= BETWEEN_MS:
            return left
        if len(self._wrote) >= KEPT_MAX:
            self._wrote = {who: at for who, at in self._wrote.items() if at > now - BETWEEN_MS}
        self._wrote[event.sender] = now
        return 0
