"""Lists that somebody else publishes in rooms of Matrix: a running server reads them, on a thread
of its own.

What stands in a room is held against what stands here, so nothing is read twice, and what changed
while nobody looked is found at the next look. A look that changes nothing costs one small request.
This module must never keep anybody waiting for a platform, never stop asking because one list
failed, and never take anything from a room but entries.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing, suppress

import apsw

from ombud import config, egress, listwork
from ombud.config import STORE_FILE
from ombud.connectors import matrix_policies
from ombud.connectors.matrix_client import Client, Said
from ombud.connectors.matrix_policies import Rule
from ombud.controls import followed
from ombud.controls.followed import Published
from ombud.doors import Doors
from ombud.errors import BadUse, OmbudError, catalogue
from ombud.rounds import HomeserverRounds
from ombud.signals.lists.terms import key
from ombud.store.sqlite import Row, Store

catalogue(
    U487=(
        "So much comes onto the list {name} that what is new there is left for later.",
        "It is taken up within the hour; if it goes on, take the list out of ombud.toml.",
    ),
)

AGAIN_SECONDS = 3600.0  # after which a list is read anew although nothing seems to have changed
OFTEN_SECONDS, OFTEN_MAX = 3600.0, 600  # of one list: so many entries by themselves within so long
ALONE_MAX = 3 * followed.EACH_MAX  # that can come by themselves at one look; more come together
_log = logging.getLogger(__name__)


class Following(HomeserverRounds):
    """Reads policy lists, from `start` to `close`."""

    def __init__(self, doors: Doors, resolve: egress.Resolve = egress.system_resolver) -> None:
        super().__init__(doors, resolve)
        # by list and room: the last event it was read with, and when it is read anew all the same
        self._places: dict[tuple[str, str], tuple[str, float]] = {}
        # when something came, and how many entries by themselves at most
        self._came: dict[tuple[str, str], list[tuple[float, int]]] = {}

    def seconds(self, settings: config.MatrixConnector) -> float:
        """As often as the settings say."""
        return settings.policies.seconds

    def round(self) -> None:
        """Let go of what is not followed any more, then read what is due."""
        with suppress(OmbudError, OSError, apsw.Error):
            self.let_go()
        super().round()

    def let_go(self) -> None:
        """What the settings do not name any more, or in another room, is followed no more."""
        engine = self._doors.engine
        wanted = {
            name: room
            for each in self._doors.settings.matrix.values()
            for name, room in each.policies.follow.items()
        }
        for name, changes in dict(engine.writer.pipeline.community.lists).items():
            if changes.room and wanted.get(name) != changes.room:
                with closing(Store(engine.folder / STORE_FILE, readonly=True)) as store:
                    known = followed.keys_of(store.all("policy_rules", (name,)))
                listwork.let_go(engine, name, "", known)

    def look(self, name: str, settings: config.MatrixConnector) -> int:
        """Read the lists of one homeserver now; how many entries came or went."""
        if not settings.policies.follow:
            return 0
        with self.asking(name, settings) as client:
            if client is None:
                return 0
            found = 0
            for listed, room in settings.policies.follow.items():
                came, why = self._read(client, settings, listed, room)
                found += came
                if why is not None:
                    engine = self._doors.engine
                    engine.unread.tell(name, listed, why, engine.now())
            return found

    def _read(
        self, client: Client, settings: config.MatrixConnector, name: str, room: str
    ) -> tuple[int, str | None]:
        """Read one list, where anything of it has changed; how much came or went, and what is wrong
        with it, if anything is: None where that is not looked at.
        """
        before, due = self._places.pop((name, room), ("", 0.0))
        try:
            place = matrix_policies.latest(client, room)
            if not isinstance(place, Said) and place == before and time.monotonic() < due:
                self._places[name, room] = before, due
                return 0, None
            found = place if isinstance(place, Said) else matrix_policies.read(client, room)
            done = (
                found
                if isinstance(found, Said)
                else self._compare(client, settings, name, room, found.rules)
            )
        except OmbudError as error:
            _log.warning("a list cannot follow its room: %s", error)
            return 0, f"{error.code} {error.message}"
        if isinstance(done, Said):
            _log.info("a policy list cannot be read now: %s", done.outcome().detail)
            return 0, done.outcome().detail
        if not isinstance(place, Said):
            self._places[name, room] = place, time.monotonic() + AGAIN_SECONDS
        return done, "" if isinstance(found, Said) else matrix_policies.odd(client, room, found)

    def _compare(
        self,
        client: Client,
        settings: config.MatrixConnector,
        name: str,
        room: str,
        rules: list[Rule],
    ) -> int | Said:
        """Hold what is published against what stands here, and let it come and go."""
        engine = self._doors.engine
        wanted: dict[str, tuple[str, Published]] = {}
        for rule in rules:
            one = _published(rule, room)
            wanted.setdefault(one.entry, (rule.entity, one))
        with closing(Store(engine.folder / STORE_FILE, readonly=True)) as store:
            stands = followed.keys_of(store.all("policy_rules", (name,)))
        new = [each for known, each in wanted.items() if known not in stands]
        gone = stands.keys() - wanted.keys()
        if gone:  # first: whatever else cannot be known, what they take back ends
            listwork.let_go(engine, name, room, gone)
        own: set[str] = set()
        if new:
            ours = matrix_policies.own(client, settings)
            if isinstance(ours, Said):
                return ours
            own = {one.entry for term, one in new if ours.named(one.kind, term)}
            self._require_calm(name, room, len(new))
        if new or name not in engine.writer.pipeline.community.lists:
            listwork.take_in(engine, name, room, new, own)
        reworded = [one for _, one in wanted.values() if _differs(one, stands.get(one.entry))]
        if reworded:
            engine.change(followed.Reworded(name, tuple(reworded)))
        return len(new) + len(gone)

    def _require_calm(self, name: str, room: str, many: int) -> None:
        """Each entry that comes by itself stays in the journal and the public log for good: of a
        list that is filled without end only so much is taken within an hour. Raises BadUse U487.
        """
        now, place = time.monotonic(), (name, room)
        lately = [each for each in self._came.get(place, ()) if each[0] > now - OFTEN_SECONDS]
        cost = min(many, ALONE_MAX)
        if sum(each[1] for each in lately) + cost > OFTEN_MAX:
            raise BadUse("U487", "follow", name=name)
        self._came[place] = [*lately, (now, cost)]


def _published(rule: Rule, room: str) -> Published:
    return Published(
        key(rule.entity),
        room,
        rule.event,
        rule.kind,
        rule.recommendation,
        rule.writer,
        rule.reason,
        rule.at * 1000,
    )


def _differs(one: Published, row: Row | None) -> bool:
    """Whether an entry that stands is published otherwise by now."""
    return row is not None and tuple(row[:8]) != tuple(one)
