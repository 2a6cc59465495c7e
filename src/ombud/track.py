"""The track record of one entry of a list, and when it suddenly matches much.

Counts matches, different people and days, by the events' own time, so that a history read in late
is no sudden rush. People are counted by keyed hashes of their tokens that differ from entry to
entry: nobody can be found by them, nor one entry's people among another's. Pure; this module must
never look at an event.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import msgspec

from ombud.clock import DAY, MINUTE

# An entry is sudden when all of this is so; nowhere else are these numbers.
MATCHES_MIN = 20  # matches within an hour
PEOPLE_MIN = 10  # different people among them
TIMES_USUAL = 10  # more than so many times its usual number of a day
USUAL_DAYS = 14  # which is taken over at most so many days
WITHIN = 60  # minutes

# A sudden entry is put in quarantine only where it hits those who belong here. A raid comes from
# new accounts: else whoever uses a listed link often enough would switch the entry off.
SETTLED_MIN = 5  # established people among those of the hour,
SETTLED_SHARE = 2  # and one of so many at least

CAP = 200  # subjects that one entry may restrict in a day before a person is asked

PEOPLE_MAX = 1000  # different people that are told apart; then it says so many
RECENT_MAX = 64  # people of the last hour that are told apart


class Sudden(NamedTuple):
    """An entry that should not count until a person has looked, and the rule it made fire, or
    would have: it is put in quarantine, or where it does not count yet, stays on watch ("hold"), or
    where it restricts very many, lets nothing more be hidden ("cap").
    """

    list: str
    entry: str
    rule: str
    clause: str
    do: str = "quarantine"


class Track(msgspec.Struct):
    """What an entry has done so far. Days and minutes are counted from 1970."""

    matches: int = 0
    first: int = 0  # day
    last: int = 0
    people: set[bytes] = msgspec.field(default_factory=set)
    days: dict[int, int] = msgspec.field(default_factory=dict)  # matches of the last days
    minutes: dict[int, int] = msgspec.field(default_factory=dict)  # of the last hour
    recent: dict[bytes, int] = msgspec.field(default_factory=dict)  # people, when last
    settled: set[bytes] = msgspec.field(default_factory=set)  # those of `recent` established here
    told: int | None = None  # the minute of the last case that says it is sudden
    restricted: int = 0  # subjects that were restricted by it
    on: int = 0  # the day, of receipt, on which they were

    @classmethod
    def decoded(cls, packed: bytes | None) -> Self:
        """A track as it stands in the store; a new one for none."""
        return msgspec.msgpack.decode(packed, type=cls) if packed else cls()

    def encoded(self) -> bytes:
        """The track as it stands in the store."""
        return msgspec.msgpack.encode(self)

    def match(self, place: int, person: bytes | None, *, established: bool = False) -> None:
        """Count one match at an instant, of somebody if that is known, who may be established."""
        day, minute = place // DAY, place // MINUTE
        self.first = min(self.first, day) if self.matches else day
        self.last = max(self.last, day) if self.matches else day
        self.matches += 1
        self.days[day] = self.days.get(day, 0) + 1
        for old in [each for each in self.days if each <= self.last - USUAL_DAYS]:
            del self.days[old]
        self.minutes[minute] = self.minutes.get(minute, 0) + 1
        begin = max(self.minutes) - WITHIN
        self.minutes = {each: n for each, n in self.minutes.items() if each > begin}
        self.recent = {who: when for who, when in self.recent.items() if when > begin}
        if person is not None:
            if len(self.people) < PEOPLE_MAX:
                self.people.add(person)
            if minute > begin and (person in self.recent or len(self.recent) < RECENT_MAX):
                self.recent[person] = max(minute, self.recent.get(person, 0))
                if established:
                    self.settled.add(person)
        self.settled.intersection_update(self.recent)

    def restrict(self, day: int, subjects: int) -> None:
        """Count subjects that were restricted by the entry on a day of receipt."""
        if day != self.on:
            self.on, self.restricted = day, 0
        self.restricted += subjects

    @property
    def over_cap(self) -> bool:
        """Whether it has restricted more on its latest day than one entry may."""
        return self.restricted > CAP

    @property
    def today(self) -> int:
        """How many matches the latest day has."""
        return self.days.get(self.last, 0)

    @property
    def sudden(self) -> bool:
        """Whether the entry now matches so much more than it used to that a person should look."""
        hour = sum(self.minutes.values())
        if hour < MATCHES_MIN or len(self.recent) < PEOPLE_MIN:
            return False
        days = min(max(self.last - self.first, 1), USUAL_DAYS)
        before = sum(self.days.values()) - hour
        return hour * days > TIMES_USUAL * before

    @property
    def misfires(self) -> bool:
        """Whether it suddenly hits so many established people that it should not count until a
        person has looked.
        """
        settled = len(self.settled)
        enough = settled >= SETTLED_MIN and settled * SETTLED_SHARE >= len(self.recent)
        return enough and self.sudden

    def tell(self) -> bool:
        """Whether a case should say that the entry is sudden: one in `WITHIN` minutes does."""
        now = max(self.minutes, default=0)
        if not self.sudden or (self.told is not None and now < self.told + WITHIN):
            return False
        self.told = now
        return True

    def release(self) -> None:
        """A person finds it right as it is: what came lately is usual from now on."""
        self.minutes.clear()
        self.recent.clear()
        self.settled.clear()
        self.told = None
        self.restricted = 0
