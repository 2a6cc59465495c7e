"""Whether anything of a room may leave Synapse: asked before anything is put together.

Only a room that the operator named can be in scope; one that is encrypted, or in which two people
are by invitation, never is, named or not. This module must never look at what was said, and where
it cannot tell it must never say yes.
"""

from __future__ import annotations

from synapse.module_api import ModuleApi

ENCRYPTION = ("m.room.encryption", "")
JOIN_RULES = ("m.room.join_rules", "")
MANY = 3  # so many people together are no direct message
MEMBERS_SECONDS = 60  # for which a room that had so many is taken to have them


class Scope:
    """The rooms that were named, as they are now."""

    def __init__(self, rooms: frozenset[str], api: ModuleApi) -> None:
        self._rooms = rooms
        self._api = api
        self._many: dict[str, int] = {}  # room -> until when; of named rooms only, so bounded

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
        now = self._api.get_current_time_msec()
        if self._many.get(room, 0) > now:
            return True
        state = await self._api.get_room_state(room, [("m.room.member", None)])
        people = sum(
            each.content.get("membership") in ("join", "invite") for each in state.values()
        )
        if people >= MANY:
            self._many[room] = now + MEMBERS_SECONDS * 1000
        return people >= MANY
