"""What Synapse knows besides the event: since when its author is here, what they are called, and
the digest of a file that a message shows.

Only of accounts and files of this server. What cannot be found is left out: this module must never
hold a question up for it, and never read an address, a mail or a device.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from synapse.module_api import ModuleApi, UserID

from ombud_synapse import telling

SHOWN_MAX = 64  # files in one message that are looked up: as many as Ombud takes
NAME_MAX = 500  # characters of a name, which a member's state may hold in any length
URI = re.compile(r"mxc://[^\s\"'<>]{1,255}")
DIGESTS = "SELECT media_id, sha256 FROM local_media_repository WHERE media_id IN ({})"


class Facts:
    """Looks them up."""

    def __init__(self, api: ModuleApi) -> None:
        self._api = api

    async def author(self, user: str, room: str | None = None) -> dict[str, Any]:
        """`created`, in milliseconds since 1970, and `name`, as the room shows it."""
        found: dict[str, Any] = {}
        try:
            info = await self._api.get_userinfo_by_id(user)
            if info is not None:
                found["created"] = int(info.creation_ts) * 1000
            name = await self._name(user, room)
            if isinstance(name, str) and name:
                found["name"] = name[:NAME_MAX]
        except Exception:  # noqa: BLE001, S110
            pass
        return found

    async def is_member(self, user: str, room: str) -> bool:
        """Whether somebody is in a room already. Raises where its state cannot be read."""
        key = ("m.room.member", user)
        state = await self._api.get_room_state(room, [key])
        return key in state and state[key].content.get("membership") == "join"

    async def signs(self, room: str) -> dict[str, Any] | None:
        """What stands over a room; None where it is encrypted. Raises where it cannot be read."""
        keys = {(type_, ""): field for type_, field in telling.SIGNS.items()}
        encryption = ("m.room.encryption", "")
        state = await self._api.get_room_state(room, [*keys, encryption])
        if encryption in state:
            return None
        return {field: state[key].content.get(field) for key, field in keys.items() if key in state}

    async def _name(self, user: str, room: str | None) -> object:
        key = ("m.room.member", user)
        state = {} if room is None else await self._api.get_room_state(room, [key])
        if key in state:
            return state[key].content.get("displayname")
        profile = await self._api.get_profile_for_user(UserID.from_string(user).localpart)
        return profile.display_name

    async def media(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """`media`: the SHA-256 of each file of this server that a message shows, by its URI."""
        here = f"mxc://{self._api.server_name}/"
        uris = [each for each in files(content) if each.startswith(here)][:SHOWN_MAX]
        if not uris:
            return {}
        names = [each.removeprefix(here) for each in uris]
        try:
            known = await self._api.run_db_interaction("ombud media", _digests, names)
        except Exception:  # noqa: BLE001
            return {}
        shown = {here + name: digest for name, digest in known if isinstance(digest, str)}
        return {"media": shown} if shown else {}


def files(content: Mapping[str, Any]) -> list[str]:
    """The files that a message names, in whatever field and between its words: Ombud reads them in
    the same places. Those it is about come first, so that no others push them out.
    """
    first = (_record(content.get("m.new_content")), content)
    found = dict.fromkeys(each for one in first for each in _main(one) if URI.fullmatch(each))
    left: list[object] = [content]
    while left:
        value = left.pop()
        if isinstance(value, str) and "mxc://" in value:
            found.update(dict.fromkeys(URI.findall(html.unescape(value))))
        elif isinstance(value, (list, tuple)):
            left += reversed(value)
        elif isinstance(value, Mapping):
            left += reversed(list(value.values()))
    return list(found)


def _main(content: Mapping[str, Any]) -> Iterator[str]:
    """The file of a content and its preview, if they are any."""
    info = _record(content.get("info"))
    for each in (content, _record(content.get("file")), _record(info.get("thumbnail_file"))):
        yield str(each.get("url"))
    yield str(info.get("thumbnail_url"))


def _record(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _digests(transaction: Any, names: list[str]) -> list[tuple[str, object]]:
    transaction.execute(DIGESTS.format(", ".join("?" * len(names))), names)
    return list(transaction.fetchall())
