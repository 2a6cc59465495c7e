"""What the module is set up for, and whether Ombud answers it: `ombud connect check` asks the
homeserver. Told to admins of the homeserver alone. This module must never tell a key.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from synapse.module_api import DirectServeJsonResource, ModuleApi
from synapse.module_api.errors import Codes, SynapseError

from ombud_synapse.asking import Asking
from ombud_synapse.settings import Settings

PATH = "/_synapse/client/ombud"


class Shown(DirectServeJsonResource):
    """The endpoint: one of a homeserver, however often the module is set up in it."""

    isLeaf = True  # noqa: N815

    def __init__(self, api: ModuleApi) -> None:
        super().__init__(clock=api._hs.get_clock())  # noqa: SLF001
        self._api = api
        self.modules: list[tuple[Settings, Asking]] = []

    async def _async_render_GET(self, request: Any) -> tuple[int, Any]:  # noqa: N802
        """Each module: the platform, its rooms, and why Ombud did not answer; empty: it did."""
        requester = await self._api.get_user_by_req(request)
        if not await self._api.is_user_admin(requester.user.to_string()):
            raise SynapseError(403, "You are not a server admin", Codes.FORBIDDEN)
        told = []
        for settings, asking in self.modules:
            rooms = sorted(settings.rooms)
            trouble = await asking.reach(rooms[0])
            told.append({"platform": settings.platform, "rooms": rooms, "trouble": trouble})
        return 200, {"modules": told}


_made: WeakKeyDictionary[ModuleApi, Shown] = WeakKeyDictionary()


def show(settings: Settings, api: ModuleApi, asking: Asking) -> None:
    """Have a module shown."""
    if api not in _made:
        _made[api] = Shown(api)
        api.register_web_resource(PATH, _made[api])
    _made[api].modules.append((settings, asking))
