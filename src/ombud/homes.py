"""How each Matrix homeserver stood when it was looked at last, and when it was heard: what the page
of connections shows, and what whoever connects platforms is told on every page.

It lives in memory: a start looks again. This module must never ask a homeserver anything, and never
show what was found under other settings as if it still held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ombud.config import MatrixConnector
from ombud.homecheck import MODULE, STAFF, Finding

Matrix = Mapping[str, MatrixConnector]


class Looked(NamedTuple):
    """One look: what was found, under which settings, and when."""

    settings: MatrixConnector
    findings: tuple[Finding, ...]
    at: int


class Replaced(NamedTuple):
    """A room that another one took the place of, which nobody moderates."""

    name: str
    room: str
    there: str


class RoomStands(NamedTuple):
    """A room that is moderated: what lacks there, and which room took its place."""

    room: str
    lacks: tuple[Finding, ...]
    there: str = ""


class Home(NamedTuple):
    """A homeserver. `looked`: when it was looked at under these settings, None: not yet. `asks`:
    whether the module is there; `staff`: what was found of the moderators' room, `rest` what else
    lacks; `heard`: when it told something last, since the start.
    """

    name: str
    rooms: tuple[RoomStands, ...]
    looked: int | None
    asks: Finding | None
    staff: tuple[Finding, ...]
    rest: tuple[Finding, ...]
    heard: int | None


class Homes:
    """What is known of every homeserver. May be used on any thread."""

    def __init__(self) -> None:
        self._looked: dict[str, Looked] = {}
        self._heard: dict[str, int] = {}

    def note(self, name: str, looked: Looked) -> None:
        """Keep what was found."""
        self._looked[name] = looked

    def heard(self, name: str, now: int) -> None:
        """A homeserver has told something, whatever it was."""
        self._heard[name] = now

    def forget(self, name: str) -> None:
        """It is to be looked at again, soon."""
        self._looked.pop(name, None)

    def known(self, settings: MatrixConnector) -> bool:
        """Whether there was a look under these settings."""
        return any(each.settings == settings for each in list(self._looked.values()))

    def stands(self, matrix: Matrix) -> list[Home]:
        """How each homeserver of the settings stands, by name."""
        return [self._home(name, settings) for name, settings in sorted(matrix.items())]

    def replaced(self, matrix: Matrix) -> list[Replaced]:
        """Every room in whose place nobody moderates another one."""
        return [
            Replaced(home.name, room.room, room.there)
            for home in self.stands(matrix)
            for room in home.rooms
            if any(each.code in ("U511", "U499") for each in room.lacks)
        ]

    def _home(self, name: str, settings: MatrixConnector) -> Home:
        looked = self._looked.get(name)
        if looked is not None and looked.settings != settings:
            looked = None
        found: Sequence[Finding] = () if looked is None else looked.findings
        lacks = [each for each in found if each.lack is not None]
        about = {*settings.rooms, STAFF, MODULE}
        return Home(
            name,
            tuple(_room(room, lacks) for room in settings.rooms),
            None if looked is None else looked.at,
            next((each for each in found if each.about == MODULE), None),
            tuple(each for each in found if each.about == STAFF),
            tuple(each for each in lacks if each.about not in about),
            self._heard.get(name),
        )


def _room(room: str, lacks: Sequence[Finding]) -> RoomStands:
    mine = tuple(each for each in lacks if each.about == room)
    return RoomStands(room, mine, next((each.there for each in mine if each.there), ""))
