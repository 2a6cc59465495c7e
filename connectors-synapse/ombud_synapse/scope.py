"""Whether anything of a room may leave Synapse: asked before anything is put together.

Only a room that the operator named can be in scope; one that is encrypted, or that fewer than three
people share by invitation, never is, named or not. Ombud's own account is nobody, nor is that of
any application service, nor are the bots that the operator names. This module must never look at
what was said, and where it cannot tell it must never say yes.
"""

from __future__ import annotations

from typing import Any

from synapse.module_api import ModuleApi

from ombud_synapse.settings import Settings

ENCRYPTION = ("m.room.encryption", "")
JOIN_RULES = ("m.room.join_rules", "")
MANY = 3  # so many people together are no direct message
SHARED = """
SELECT state_key FROM current_state_events
WHERE room_id = ? AND type = 'm.room.member' AND membership = 'join' LIMIT ?
"""


class Scope:
    """The rooms that were named, as they are now."""

    def __init__(self, settings: Settings, api: ModuleApi) -> None:
        self._rooms = settings.rooms
        self._bots = settings.bots
        self._api = api

    def names(self, room: str) -> bool:
        """Whether the operator named a room: all that is asked of most events."""
        return room in self._rooms

    async def holds(self, room: str) -> bool:
        """Whether what happens in a room may be told. Raises where its state cannot be read."""
        if room not in self._rooms:
            return False
        state = await self._api.get_room_state(room, (ENCRYPTION, JOIN_RULES))
        if ENCRYPTION in state:
            return False
        rule = state[JOIN_RULES].content.get("join_rule") if JOIN_RULES in state else "invite"
        return rule == "public" or await self._is_for_many(room)

    async def _is_for_many(self, room: str) -> bool:
        """Counted each time: when the third goes, what the two say is theirs."""
        services = self._api._hs.get_datastores().main.get_app_services()  # noqa: SLF001
        nobody = self._bots | {str(each.sender) for each in services}
        most = len(nobody) + MANY
        joined = await self._api.run_db_interaction("ombud members", _joined, room, most)
        return len(joined - nobody) >= MANY


def _joined(transaction: Any, room: str, most: int) -> set[str]:
    transaction.execute(SHARED, (room, most))
    return {user for (user,) in transaction}
