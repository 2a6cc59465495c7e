"""Which of the rooms that were named may be read: none that is encrypted, and none that fewer than
three people share by invitation.

What a room is like is asked of the homeserver once, before the first event of it is read, and kept
current by what its own events say. This module must never say yes where it does not know, and never
look at what somebody said.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from ombud.config import MatrixConnector
from ombud.connectors.matrix_client import ADMIN, CLIENT, CLIENT_V1, Client, Said
from ombud.errors import BadUse, catalogue

catalogue(
    U506=(
        "What kind of room {room} is cannot be asked of the homeserver just now: {detail}.",
        "Nothing is lost: what was sent comes again. `ombud connect check` says what is missing.",
    ),
)

MANY = 3  # so many people together are no direct message
UNKNOWN_SECONDS = 10.0  # before a room that could not be looked into is asked about again
ENCRYPTION, JOIN_RULES, MEMBER = "m.room.encryption", "m.room.join_rules", "m.room.member"

TOMBSTONE = "m.room.tombstone"
# A room's id that may stand in a command for somebody to copy, whoever wrote it.
_PLAIN = re.compile(r"![A-Za-z0-9._~=/+-]{1,120}(:[A-Za-z0-9.:\[\]-]{1,120})?")

Open = Callable[[str, MatrixConnector], Client | None]


@dataclass(slots=True)
class Room:
    """What a room is like. `people` is how many share it at least; `moved`: somebody came or went
    since they were counted.
    """

    encrypted: bool
    public: bool
    people: int = 0
    moved: bool = False

    @property
    def readable(self) -> bool:
        """Whether anything of it may be read."""
        return not self.encrypted and (self.public or self.people >= MANY)


def look(client: Client, settings: MatrixConnector, room: str) -> Room | Said | None:
    """What a room is like now; None where the account that acts is not in it, or it cannot be told.
    What went wrong, where that may be otherwise in a moment.
    """
    member = client.state(room, MEMBER, settings.account)
    if not member.good or member.body.get("membership") != "join":
        return _again(member)
    encryption = client.state(room, ENCRYPTION)
    if encryption.good:
        return Room(encrypted=True, public=False)
    rules = client.state(room, JOIN_RULES)
    for each in (encryption, rules):
        if not each.good and not (each.status == 404 and each.code == "M_NOT_FOUND"):
            return _again(each)
    if rules.body.get("join_rule") == "public":
        return Room(encrypted=False, public=True)
    members = client.ask("GET", f"{CLIENT}/rooms/{{}}/joined_members", room)
    nobody = {settings.account, *settings.bots}
    joined = members.body.get("joined")
    if members.good and not isinstance(joined, dict):
        # so many, or with such names, that not all of it was read: then they are counted
        told = client.ask("GET", f"{ADMIN}/v1/rooms/{{}}", room)
        count = told.body.get("joined_members")
        if told.good and isinstance(count, int):
            return Room(encrypted=False, public=False, people=count - len(nobody))
        return _again(told)
    if not members.good or not isinstance(joined, dict):
        return _again(members)
    return Room(encrypted=False, public=False, people=len(joined.keys() - nobody))


def told_to_admins(client: Client, settings: MatrixConnector, room: str) -> Room | Said | None:
    """What a room is like that the account need not be in, where it is an admin; None where the
    homeserver knows no such room. What came back instead, where it does not tell.
    """
    path = f"{ADMIN}/v1/rooms/{{}}"
    said = client.ask("GET", path, room)
    if not said.good:
        return None if said.status == 404 and said.code == "M_NOT_FOUND" else said
    encrypted, public = bool(said.body.get("encryption")), said.body.get("join_rules") == "public"
    if encrypted or public:
        return Room(encrypted=encrypted, public=public)
    members = client.ask("GET", f"{path}/members", room)
    joined = members.body.get("members")
    if not members.good or not isinstance(joined, list):
        return members
    people = set(map(str, joined)) - {settings.account, *settings.bots}
    return Room(encrypted=False, public=False, people=len(people))


def shown_to_all(client: Client, room: str) -> Room | None:
    """What a room is like that everybody may look into; None where nobody says so."""
    said = client.ask("GET", f"{CLIENT_V1}/room_summary/{{}}", room)
    if not said.good:
        return None
    encrypted, public = bool(said.body.get("encryption")), said.body.get("join_rule") == "public"
    return Room(encrypted=encrypted, public=public) if encrypted or public else None


def is_shown_encrypted(client: Client, room: str) -> bool:
    """Whether a room that everybody may look into is encrypted; no where nobody says so."""
    found = shown_to_all(client, room)
    return found is not None and found.encrypted


def successor(client: Client, room: str) -> str | Said | None:
    """The room that took the place of one; empty where it is not said plainly which, None where
    none did. What came back instead, where the homeserver does not tell.
    """
    said = client.state(room, TOMBSTONE)
    if not said.good:
        return None if said.status == 404 and said.code == "M_NOT_FOUND" else said
    there = said.body.get("replacement_room")
    return there if isinstance(there, str) and _PLAIN.fullmatch(there) else ""


def _again(said: Said) -> Said | None:
    return said if said.outcome().state == "retry" else None


class Rooms:
    """What is known of the rooms of each homeserver. May be used on any thread: one that is asked
    keeps its own transactions waiting and no other's. `opened` makes the way to a homeserver; None
    where it is not known by which token.
    """

    def __init__(self, opened: Open) -> None:
        self._opened = opened
        self._known: dict[tuple[str, str], Room] = {}
        self._unknown: dict[tuple[str, str], float] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._settings: dict[str, MatrixConnector] = {}

    def admit(self, name: str, settings: MatrixConnector, event: Mapping[str, Any]) -> bool:
        """Whether an event of a homeserver may be read; what it says of its room is kept. Raises
        BadUse U506 where the homeserver has to be asked and does not answer.
        """
        room = event.get("room_id")
        if not isinstance(room, str) or room not in settings.rooms:
            return False
        with self._locks.setdefault(name, threading.Lock()):
            self._renewed(name, settings)
            known = self._of(name, settings, room, event)
            if known is not None:
                _note(known, event)
            return known is not None and known.readable

    def seen(self, name: str, room: str, found: Room) -> None:
        """Somebody has looked at a room: where what is known of it says otherwise, since the
        homeserver did not tell, it is asked about anew before anything more of it is read.
        """
        with self._locks.setdefault(name, threading.Lock()):
            known = self._known.get((name, room))
            if known is None:
                return
            same = known.readable == found.readable and known.public == found.public
            if not same or known.encrypted != found.encrypted:
                del self._known[name, room]

    def _renewed(self, name: str, settings: MatrixConnector) -> None:
        """What is known of rooms lasts as long as the settings: a room that was taken out for a
        while may have become another one, and nobody told of it.
        """
        if self._settings.get(name) is settings:
            return
        self._settings[name] = settings
        for kept in (self._known, self._unknown):
            for key in [each for each in list(kept) if each[0] == name]:
                del kept[key]

    def _of(
        self, name: str, settings: MatrixConnector, room: str, event: Mapping[str, Any]
    ) -> Room | None:
        key = (name, room)
        known = self._known.get(key)
        if known is not None and (known.readable or known.encrypted or not known.moved):
            return known
        now, comes = time.monotonic(), event.get("state_key") == settings.account
        if known is None and now < self._unknown.get(key, now) and not comes:
            return None
        found = self._look(name, settings, room)
        if isinstance(found, Said):
            detail = found.outcome().detail or "it does not answer"
            raise BadUse("U506", "room", room=room[:100], detail=detail)
        if found is None:
            self._known.pop(key, None)
            self._unknown[key] = now + UNKNOWN_SECONDS
        else:
            self._unknown.pop(key, None)
            self._known[key] = found
        return found

    def _look(self, name: str, settings: MatrixConnector, room: str) -> Room | Said | None:
        client = self._opened(name, settings)
        if client is None:
            return None
        with closing(client):
            return look(client.for_a_call(), settings, room)


def _note(room: Room, event: Mapping[str, Any]) -> None:
    """What an event says of the room it is of. Nobody who goes is counted any more; who comes is
    when they are counted again.
    """
    type_, content = event.get("type"), event.get("content")
    told = content if isinstance(content, Mapping) else {}
    key = event.get("state_key")
    if type_ in (ENCRYPTION, JOIN_RULES) and key != "":
        return  # under a name of somebody's own it says nothing of the room
    if not isinstance(key, str):
        return
    if type_ == ENCRYPTION:
        room.encrypted = True
    elif type_ == JOIN_RULES:
        room.public = told.get("join_rule") == "public"
        room.moved = True
    elif type_ == MEMBER:
        room.moved = True
        room.people -= told.get("membership") in ("leave", "ban")
