"""Whether the account that acts has what it needs on a Matrix homeserver: an admin's rights, and in
each room membership and power.

What was taken away can be given back, and then everything goes on: so what is denied for the lack
of it waits. What is denied although nothing lacks would be denied for ever. This module must never
give the account anything, and never say that something lacks which the homeserver did not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ombud.config import MatrixConnector as Settings
from ombud.connectors.matrix_client import ADMIN, Client, Said
from ombud.errors import BadUse, catalogue

catalogue(
    U475=(
        "{account} is no admin of the homeserver.",
        "Make it one; `ombud connect check` says how.",
    ),
    U476=(
        "{account} is not in the room {room}.",
        "Invite it, then run `ombud connect check`.",
    ),
    U477=(
        "{account} has power level {level} of {power} in {room}.",
        "Give it {power} there, then run `ombud connect check`.",
    ),
)

POWER = 100  # that the account needs in a room
CREATORS = 1 << 53  # more than any power level: who made a room of version 12 or later
SHOWN = 60  # characters of an id


def of_account(error_code: str, settings: Settings, room: str = "", **more: object) -> BadUse:
    """What lacks, said of the account."""
    shown = {"account": settings.account[:SHOWN], "room": room[:SHOWN]}
    return BadUse(error_code, room[:SHOWN] or settings.server, **shown, **more)


def lacking(client: Client, settings: Settings, room: str = "") -> BadUse | Said | None:
    """What the account lacks to act, in a room where one is named; None: nothing. What came back
    instead, where the homeserver does not tell.
    """
    admin = client.ask("GET", f"{ADMIN}/v2/users/{{}}", settings.account)
    if admin.status == 403:
        return of_account("U475", settings)
    if not admin.good or not room:
        return None if admin.good else admin
    return absent(client, settings, room) or powerless(client, settings, room)


def absent(client: Client, settings: Settings, room: str) -> BadUse | Said | None:
    """Whether the account is not in a room; None: it is."""
    said = client.state(room, "m.room.member", settings.account)
    if said.good and said.body.get("membership") == "join":
        return None
    if said.good or said.status in (403, 404):
        return of_account("U476", settings, room)
    return said


def powerless(
    client: Client, settings: Settings, room: str, needed: int = POWER
) -> BadUse | Said | None:
    """Whether the account has too little power in a room; None: it has enough."""
    levels = client.state(room, "m.room.power_levels")
    if not levels.good and levels.status != 404:
        return levels
    level = _level(levels.body if levels.good else {}, settings.account)
    if level < needed and stands_above(client, room, settings.account):
        level = CREATORS
    if level >= needed:
        return None
    return of_account("U477", settings, room, level=level, power=needed)


def _level(levels: Mapping[str, Any], account: str) -> int:
    users = levels.get("users")
    found = users.get(account) if isinstance(users, dict) else None
    level = levels.get("users_default", 0) if found is None else found
    return level if isinstance(level, int) else 0


def stands_above(client: Client, room: str, who: str) -> bool:
    """Whether somebody made a room of version 12 or later, as its id shows that it is: whatever
    power levels say, nobody has power over them there.
    """
    if ":" in room:
        return False
    return who in creators(client.state(room, "m.room.create", whole=True).body)


def creators(made: Mapping[str, Any]) -> list[Any]:
    """Who made a room, by the event that says so: from version 12 on they stand above levels."""
    content = made.get("content")
    also = content.get("additional_creators") if isinstance(content, dict) else None
    return [made.get("sender"), *(also if isinstance(also, list) else [])]
