"""How somebody's own pages spare them, and what was put before them: for themselves alone.

Every function takes the visitor and asks for nobody else. This module must never take from a form
or an address whom it is about.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ombud.entrance import Visitor
from ombud.staff.care import COUNTED, PAUSE_MAX, SPARABLE, Care, pause_since
from ombud.staffroom import StaffRoom
from ombud.web.forms import Fields, first, number

DIGITS_MAX = 6  # of a number in the form that are looked at


class Pause(NamedTuple):
    """Why a pause is proposed: so much was put before somebody since an instant."""

    seen: int
    since: int


def of(room: StaffRoom, visitor: Visitor | None) -> dict[str, Any]:
    """What every page of somebody's takes from it."""
    if visitor is None:
        return {}
    care = room.engine.credentials.care(visitor.token)
    return {"care": care, "pause": _pause(room, visitor, care)}


def _pause(room: StaffRoom, visitor: Visitor, care: Care) -> Pause | None:
    if not care.pause:
        return None
    since = pause_since(room.engine.now())
    count = sum(room.engine.credentials.exposure(visitor.token, since).values())
    return Pause(count, since) if count >= care.pause else None


def seen(room: StaffRoom, visitor: Visitor) -> list[tuple[str, int]]:
    """What was put before oneself within the last seven days: harm and count, the most first."""
    found = room.engine.credentials.exposure(visitor.token, room.engine.now() - COUNTED)
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def keep(room: StaffRoom, visitor: Visitor, sent: Fields) -> None:
    """Keep what a form chose; what is no number is none."""
    pause = number(first(sent, "pause").strip()[:DIGITS_MAX]) or 0
    ticked = frozenset(sent.get("spared", ())) & frozenset(SPARABLE)
    blur, grey = bool(first(sent, "blur")), bool(first(sent, "grey"))
    wanted = Care(blur, grey, min(pause, PAUSE_MAX), ticked)
    room.engine.credentials.set_care(visitor.token, wanted)
