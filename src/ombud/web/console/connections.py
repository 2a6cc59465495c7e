"""Platforms and the keys of programs: who may send events, ask, and be asked to act. For admins.

A key and a webhook's secret are shown on the answer to the form that made them, and nowhere again.
Whatever is made or revoked needs its person to have shown within minutes who they are; so does a
room that comes to a homeserver or goes. This module must never put a key or a secret into an
address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ombud import standing
from ombud.access import DOORS, NAME_LENGTH_MAX
from ombud.controls import programs
from ombud.entrance import Refused, Visitor
from ombud.errors import OmbudError
from ombud.model import KINDS
from ombud.web.console.desk import Desk, Page, PageRequest, Problem, chosen, told_of
from ombud.web.forms import Fields, first

REVOKED_MAX = 20  # keys that open nothing any more; the latest are shown
LINE_LENGTH_MAX = 2000
ROOM_LENGTH_MAX = 255
COUNT = re.compile(r"[0-9]{1,6}")  # of decisions that may stay in force
ROOMS = {"room-add": True, "room-remove": False}
MAKING = {"connect": "connect", "key": "key", "secret": "secret"}  # what is asked of the engine


class ConnectionsPage:
    """The page of platforms and keys."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def page(self, request: PageRequest) -> Page:
        """The page, and what its forms ask for."""
        return await self.desk.page(request, self._page, self._change, "keys")

    def _page(
        self,
        request: PageRequest,
        visitor: Visitor,
        problem: Problem | None = None,
        *,
        made: Mapping[str, str] | None = None,
        roomed: Mapping[str, Any] | None = None,
        leaving: tuple[str, str] = ("", ""),
        sent: Fields | None = None,
    ) -> Page:
        with self.desk.room.reading() as reader:
            keys, waiting = reader.connections(), standing.waiting(reader.store)
            stays = programs.in_force(reader.store, *leaving) if leaving[1] else []
        settings = self.desk.entrance.engine.settings
        revoked = [each for each in keys if each["revoked"]]
        fields = sent or {}
        return self.desk.show(
            request,
            "connections.html",
            visitor,
            here="/connections",
            problem=problem,
            platforms=sorted(settings.platforms.items()),
            homes={each.name: each for each in self.desk.room.homes.stands(settings.matrix)},
            roomed=roomed or {},
            leaving=leaving,
            left=sorted(Counter(each.action for each in stays).items()),
            room_most=ROOM_LENGTH_MAX,
            waiting=waiting,
            keys=[each for each in keys if not each["revoked"]],
            revoked=sorted(revoked, key=lambda each: each["revoked"], reverse=True)[:REVOKED_MAX],
            made=made or {},
            doors=DOORS,
            kinds=KINDS,
            name_most=NAME_LENGTH_MAX,
            do=first(fields, "do"),
            sent={name: first(fields, name)[:LINE_LENGTH_MAX] for name in _TYPED},
            ticked_doors=chosen(fields, "door", dict.fromkeys(DOORS)),
            ticked_kinds=chosen(fields, "kind", dict.fromkeys(KINDS)),
        )

    def _change(self, request: PageRequest, visitor: Visitor, sent: Fields) -> Page:
        do, name = first(sent, "do"), first(sent, "name").strip()
        if do not in (*MAKING, *ROOMS, "revoke", "look"):
            return self.desk.error(request, 400)
        try:
            if not visitor.fresh:
                raise Refused("fresh")
            if do in ROOMS:
                room = first(sent, "room").strip()
                leave = first(sent, "leave")
                asked = {"name": name, "room": room, "add": ROOMS[do]}
                asked["leave"] = int(leave) if COUNT.fullmatch(leave) else 0
                return self._page(
                    request,
                    visitor,
                    roomed={"do": do, **self.desk.room.ask(visitor, "room", **asked)},
                )
            if do == "look":
                self.desk.room.homes.forget(name)
                return self.desk.go(request, "/connections", done="looking")
            told = self.desk.room.ask(visitor, do, name=name, **_asked(do, sent))
        except (Refused, OmbudError) as error:
            kept = sent if do in ("connect", "key", "room-add") else None
            leaving = (name, first(sent, "room").strip()) if _stays(error) else ("", "")
            return self._page(request, visitor, told_of(error), sent=kept, leaving=leaving)
        if do == "revoke":
            return self.desk.go(request, "/connections", done="revoked")
        return self._page(request, visitor, made=told)


def _stays(error: Refused | OmbudError) -> bool:
    """Whether a room was not taken out because of what would stay in force there."""
    return isinstance(error, OmbudError) and error.code == "U452"


_TYPED = ("name", "url", "allow", "sources", "room")


def _asked(do: str, sent: Fields) -> dict[str, Any]:
    """What a form asks for besides the name."""
    if do == "connect":
        return {"url": first(sent, "url").strip(), "allow": _lines(sent, "allow")}
    if do == "key":
        return {
            "sources": _lines(sent, "sources"),
            "kinds": chosen(sent, "kind", dict.fromkeys(KINDS)),
            "doors": chosen(sent, "door", dict.fromkeys(DOORS)),
        }
    return {}


def _lines(sent: Fields, name: str) -> list[str]:
    return [line.strip() for line in first(sent, name).splitlines() if line.strip()]
