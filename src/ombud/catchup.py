"""What a homeserver did not tell is read all the same: a running server goes back through its rooms
now and then, on a thread of its own.

Synapse that ends while it tells leaves out what it was about to tell: a transaction that was not
answered waits in its store until the next time Ombud is away, and what waited in its memory is
gone. So after a start of either side, once an hour, and where something that was asked about never
came, rooms are looked through, and what the journal does not know goes the way of everything that
is told. How far a room was looked through lives in memory only. This module must never keep anybody
waiting for a platform, never read what a transaction could not have brought, and never say of a
room that it was read where it was not.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from math import inf
from typing import Any

import msgspec

from ombud import arrivals, clock, config, egress, events, journal
from ombud.clock import SECOND
from ombud.config import STORE_FILE
from ombud.connectors import matrix_events, matrix_missed, matrix_scope
from ombud.connectors.matrix_client import UNKNOWN_TOKENS, Client, Said
from ombud.connectors.matrix_missed import Bounds, Json, Known
from ombud.doors import Doors
from ombud.errors import BadEvent
from ombud.journal import Submission
from ombud.model import Event
from ombud.rounds import HomeserverRounds, going_on
from ombud.signals.observation import kind_of
from ombud.store.sqlite import Store
from ombud.transaction import Known as Recorded

PULSE_SECONDS = 2.0  # between two questions whether a homeserver is there: a start takes longer
HOUR = 3600.0  # after which a room is looked through in any case
AGAIN_SECONDS = 30.0  # between two looks at a room, whatever is missing
FAILED_SECONDS = 5.0  # after a look that came to nothing
DOUBLED_MAX = 7  # how often that is doubled
WAIT_SECONDS_MAX = 600  # that a homeserver may ask for
UNREAD = "an event of a room"  # what the log says of one that reading fails at
LATE = 20 * SECOND  # after it was asked about, something should have been told
SETTLE_SECONDS = 3.0  # in which what is on its way comes by itself
CHECKS_MAX = 1000  # that are gone through in one round
PIECE = 256  # events that are submitted together
VERSIONS = "/_matrix/client/versions"
CHANGED = 425  # as if the homeserver had said: not yet
REFUSED = ("hold", "remove")  # what is never told: it was not published

Place = tuple[str, str]  # platform and room
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Standing:
    """How the looking through one room stands. `since`: when it was named (in milliseconds), 0
    where it was at the start. The other instants are those of the monotonic clock.
    """

    since: int = 0
    mark: str = ""  # the event up to which all was read
    due: float = 0.0
    began: float = -inf
    wait: float = 0.0  # not before
    signed: bool = False  # something is missing
    failed: int = 0  # looks in a row that came to nothing

    def is_due(self, now: float) -> bool:
        """Whether it is time for a look."""
        due = min(self.due, self.began + AGAIN_SECONDS) if self.signed else self.due
        return now >= max(due, self.wait)


class Catchup(HomeserverRounds):
    """Looks through the rooms of homeservers, from `start` to `close`."""

    def __init__(self, doors: Doors, resolve: egress.Resolve = egress.system_resolver) -> None:
        super().__init__(doors, resolve)
        self._places: dict[Place, Standing] | None = None  # None: before the first round
        self._away: set[str] = set()  # homeservers that did not answer last
        self._pause: dict[str, float] = {}  # until when a homeserver is left alone
        self._checked = -1  # up to which record checks were gone through; -1: not yet

    def seconds(self, settings: config.MatrixConnector) -> float:  # noqa: ARG002
        """So often that no start of it goes by unseen."""
        return PULSE_SECONDS

    def round(self) -> None:
        """See which rooms there are and what is missing, then look through what is due."""
        self.note()
        self.notice()
        super().round()

    def note(self) -> None:
        """Keep in mind which rooms are named, and since when, as far as this process saw it."""
        named = {
            (name, room)
            for name, each in self._doors.settings.matrix.items()
            for room in each.rooms
        }
        since = 0 if self._places is None else clock.now() // 1000
        before = self._places or {}
        self._places = {each: before.get(each) or Standing(since) for each in named}

    def notice(self) -> None:
        """Find what was asked about and let through a while ago, and never told. Each is a sign
        once: where its message never came about, one look finds nothing.
        """
        places = self._places or {}
        if not places:
            return
        engine = self._doors.engine
        with closing(Store(engine.folder / STORE_FILE, readonly=True)) as store:
            (until,) = store.one("last_before", (engine.now() - LATE,)) or (None,)
            if until is None or self._checked < 0:  # what was asked before the start is looked for
                self._checked = until or 0
                return
            wanted = {"after": self._checked, "until": until, "most": CHECKS_MAX}
            rows = store.all("checks_between", wanted)
            for seq, source, identity in rows:
                name, _, room = source.partition("/")
                standing = places.get((name, room))
                if standing is not None and not standing.signed and self._is_lost(store, identity):
                    standing.signed = True
                self._checked = seq
            if len(rows) < CHECKS_MAX:
                self._checked = until

    def _is_lost(self, store: Store, identity: bytes) -> bool:
        if arrivals.told(store, self._doors.community, identity) != "asked":
            return False
        row = store.one("find_identity", (identity,))
        return row is not None and arrivals.standing(store, Recorded(*row)).action not in REFUSED

    def look(self, name: str, settings: config.MatrixConnector) -> int:
        """See whether one homeserver is there, and look through its rooms that are due; how many
        events were read. Raises OmbudError where they cannot be kept, and then they are looked for
        again.
        """
        count = 0
        with (
            self.asking(name, settings) as client,
            closing(Store(self._doors.engine.folder / STORE_FILE, readonly=True)) as store,
        ):
            paused = time.monotonic() < self._pause.get(name, -inf)
            if client is None or not self._is_there(name, client) or paused:
                return 0
            places = self._places or {}
            known = [
                (room, places[name, room]) for room in settings.rooms if (name, room) in places
            ]
            # Whoever waits longest comes first: a room that always fails holds up no other.
            for room, standing in sorted(known, key=lambda each: each[1].began):
                now = time.monotonic()
                if not standing.is_due(now):
                    continue
                standing.began = now
                signed, standing.signed = standing.signed, False
                done: int | Said = Said(0)
                try:
                    done = _Room(self, client, store, name, settings, room, standing).read()
                finally:
                    pause = self._settle(standing, signed, done)
                if pause:
                    self._pause[name] = time.monotonic() + pause
                if pause or (isinstance(done, Said) and not done.status):  # time is up, or it ends
                    break
                count += done if isinstance(done, int) else 0
        return count

    def _is_there(self, name: str, client: Client) -> bool:
        """Whether a homeserver answers. One that was away may have been killed while it told."""
        said = client.ask("GET", VERSIONS)
        if not said.status or said.status >= 500:  # a proxy answers in its place
            self._away.add(name)
            return False
        if name in self._away:
            self._away.discard(name)
            for (platform, _), standing in (self._places or {}).items():
                standing.signed = standing.signed or platform == name
        return True

    def _settle(self, standing: Standing, signed: bool, done: int | Said) -> float:
        """What comes next: after a look the next one in an hour; where it came to nothing and may
        not another time, soon, and each time later. For how long the whole homeserver is left
        alone: one that is away is seen before each look.
        """
        outcome = done.outcome() if isinstance(done, Said) else None
        if outcome is None or outcome.state != "retry":
            standing.due, standing.wait, standing.failed = standing.began + HOUR, 0.0, 0
            return 0.0
        standing.signed = standing.signed or signed
        grown = FAILED_SECONDS * 2 ** min(standing.failed, DOUBLED_MAX)
        wait = min(max(outcome.wait or 0, grown), WAIT_SECONDS_MAX)
        standing.failed += 1
        standing.wait = time.monotonic() + wait
        _log.info("a room cannot be looked through now: %s", outcome.detail)
        whole = isinstance(done, Said) and (done.status == 429 or done.code in UNKNOWN_TOKENS)
        return wait if whole else 0.0

    @property
    def doors(self) -> Doors:
        """The engine."""
        return self._doors

    def settled(self) -> bool:
        """Wait until what is on its way has come; whether to go on."""
        return not self._ending.wait(SETTLE_SECONDS)


class _Room:
    """One look through one room."""

    def __init__(
        self,
        catchup: Catchup,
        client: Client,
        store: Store,
        name: str,
        settings: config.MatrixConnector,
        room: str,
        standing: Standing,
    ) -> None:
        self._catchup, self._doors = catchup, catchup.doors
        self._client, self._store = client, store
        self._name, self._settings, self._room = name, settings, room
        self._standing = standing
        self._source = f"{name}/{room}"
        self._is_left = False  # something that no key may bring now
        self._now = clock.now() // 1000
        self._bounds = Bounds(self._since(), standing.mark)

    def read(self) -> int | Said:
        """Read what was not told; how much that was, or what went wrong."""
        room = self._open()
        if not isinstance(room, matrix_scope.Room):
            return room
        place = (self._client, self._settings, self._room)
        found = matrix_missed.look(*place, room, self._bounds, self._knows)
        if isinstance(found, Said):
            return found
        again = self._open()
        if isinstance(again, Said) or again != room:  # somebody came or went: what was it like?
            return again if isinstance(again, Said) else Said(CHANGED)
        count = 0
        if any(each.missing for each in found.pages):
            if not self._catchup.settled():
                return Said(0, trouble="it ends")
            for number, page in enumerate(found.pages):
                read = self._read(page, first=number == 0) if page.missing else 0
                if isinstance(read, Said):
                    return read
                count += read
        if found.short and self._bounds.mark:  # what lies between was not read: it stays the mark
            _log.warning("a room was looked through back to a part of what is new in it only")
        elif not self._is_left and found.pages:  # nothing is new where nothing was ever told
            self._standing.mark = found.newest
        if count:
            _log.warning(
                "A homeserver had not told everything",
                extra={"fields": {"of": self._name, "read": count}},
            )
        return count

    def _open(self) -> matrix_scope.Room | Said | int:
        """What the room is like; 0 where nothing of it may be read."""
        found = matrix_scope.look(self._client, self._settings, self._room)
        if isinstance(found, Said):
            return found
        if found is not None:
            self._doors.rooms.seen(self._name, self._room, found)
        return found if found is not None and found.readable else 0

    def _since(self) -> int:
        """What was said before is no loss: before the homeserver was connected, before the room was
        added, or a week ago.
        """
        told, week = self._settings.since, self._now - matrix_missed.WEEK
        connected = 0 if told is None else int(told.timestamp() * 1000)
        return max(connected, week, self._standing.since, self._roomed())

    def _roomed(self) -> int:
        """When the room was added or taken out last."""
        for _, recv, payload in reversed(self._store.all("controls", ("!access",))):
            said = journal.read_json(payload)
            if (said.get("name"), said.get("room")) == (self._name, self._room):
                return int(recv) // 1000
        return 0

    def _knows(self, event: Json) -> Known:
        """What the journal knows of an event; of a redaction with a reason, of both its halves."""
        found = Known.OTHER
        for one in filter(None, (event, matrix_events.without_reason(event))):
            mapped = self._mapped(one)
            if mapped is None:
                continue
            known = self._of(mapped["id"])
            if found is Known.OTHER or known.missing:
                found = known
        return found

    def _mapped(self, event: Json) -> dict[str, Any] | None:
        """What an event reads as; None, too, where reading it fails: it must cost no other."""
        found: list[dict[str, Any] | None] = []
        with going_on(UNREAD):
            place = (self._name, self._settings.server, self._now)
            found.append(matrix_events.mapped(event, *place))
        return found[0] if found else None

    def _of(self, id_: str) -> Known:
        identity = self._doors.identity(self._source, id_)
        return Known(arrivals.told(self._store, self._doors.community, identity))

    def _read(self, page: matrix_missed.Page, *, first: bool) -> int | Said:
        """Read one page; how much of it was not told."""
        found = matrix_missed.missing(
            *(self._client, self._settings, self._room, page, self._bounds, self._knows),
            first=first,
        )
        if isinstance(found, Said):
            return found
        items = [each for event in found for each in self._submissions(event)]
        count = 0
        for at in range(0, len(items), PIECE):
            answers = self._doors.submit(items[at : at + PIECE], wait=True).result()
            count += sum(each.status in ("accepted", "published") for each in answers)
        return count

    def _submissions(self, event: Json) -> Iterator[Submission]:
        """An event that was not told, as a transaction would have brought it."""
        memory = self._doors.memory
        told: list[dict[str, Any]] = []
        with going_on(UNREAD):
            told += memory.posts.read(event, self._name, self._settings.server, self._now)
        for mapped in told:
            if not self._of(mapped["id"]).missing:
                continue
            check = memory.asked_before(self._name, event)
            if check is not None:
                mapped["data"]["check_id"] = check
            found = events.attempt(msgspec.json.encode(mapped))
            if isinstance(found, BadEvent):
                continue
            if self._is_let_in(found):
                yield journal.submission(found)
            else:
                self._is_left = True

    def _is_let_in(self, event: Event) -> bool:
        """Whether a key of the homeserver's may send it: what a transaction may not bring, this
        does not either.
        """
        return any(
            key.speaks_for(self._name)
            and key.opens("events")
            and key.covers(event.source)
            and key.takes(kind_of(event))
            for key in self._doors.engine.access.values()
        )
