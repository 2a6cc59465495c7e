"""How homeservers stood when they were looked at: never as if it held under other settings."""

from __future__ import annotations

from typing import Any

import msgspec

from ombud.config import MatrixConnector
from ombud.errors import BadUse
from ombud.homecheck import MODULE, STAFF, Finding
from ombud.homes import Homes, Looked, Replaced, RoomStands

GONE = BadUse("U511", "rooms", room="!a", there="!c", name="talk")
LACK = BadUse("U510", "modules", detail="x", name="talk")


def settings(*rooms: str) -> MatrixConnector:
    """A homeserver with these rooms."""
    told: dict[str, Any] = {"url": "http://h:8008", "server": "hs", "rooms": rooms}
    return msgspec.convert(told, MatrixConnector)


FOUND = (
    Finding("the homeserver"),
    Finding("!a: joined", about="!a"),
    Finding("!a: not replaced", GONE, "!c", about="!a"),
    Finding("the moderators' room", about=STAFF),
    Finding("the module", LACK, about=MODULE),
    Finding("the way back", BadUse("U471", "x", detail="y", name="talk")),
)


def test_each_thing_stands_where_it_belongs() -> None:
    """What lacks in a room beside the room, the module and the moderators' room by themselves."""
    homes, matrix = Homes(), {"talk": settings("!a", "!b")}
    homes.note("talk", Looked(matrix["talk"], FOUND, 7))
    (home,) = homes.stands(matrix)
    assert home.rooms == (RoomStands("!a", (FOUND[2],), "!c"), RoomStands("!b", ()))
    assert (home.asks, home.staff, home.rest) == (FOUND[4], (FOUND[3],), (FOUND[5],))
    assert (home.looked, home.heard) == (7, None)
    assert homes.replaced(matrix) == [Replaced("talk", "!a", "!c")]
    homes.heard("talk", 9)
    assert homes.stands(matrix)[0].heard == 9


def test_what_was_found_under_other_settings_is_not_shown() -> None:
    """Nor what is to be looked at again; a homeserver that is not set any more is none."""
    homes, before, after = Homes(), settings("!a"), settings("!a", "!c")
    homes.note("talk", Looked(before, FOUND, 7))
    assert (homes.known(before), homes.known(after)) == (True, False)
    (home,) = homes.stands({"talk": after})
    assert (home.looked, home.asks, home.rest) == (None, None, ())
    assert homes.replaced({"talk": after}) == []
    assert homes.stands({}) == []
    homes.forget("talk")
    assert not homes.known(before)
