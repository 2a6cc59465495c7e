"""The simulated community itself: its rooms, its people and its days.

What campaigns and twins are written with. This module must never read the clock, nor draw from
anything but the generator it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from ombud import clock
from ombud.simulate.english import ENGLISH
from ombud.simulate.language import Speaker
from ombud.simulate.vietnamese import VIETNAMESE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

DAYS = 2
SPAN = DAYS * clock.DAY
ROOMS: Mapping[str, str] = {
    "general": "General",
    "kitchen": "Kitchen",
    "garden": "Garden",
    "games": "Games",
    "music": "Music",
    "help": "Help",
}
ADMIN_ID, ADMIN_NAME = "acct_captain", "Riverside Captain"
BOT_ID, BOT_NAME = "acct_timetable", "Timetable bot"  # allowed by the admin
FIRST_DAY, SECOND_DAY, BOTH_DAYS = slice(0, 24), slice(24, 48), slice(0, 48)  # hours of the run
MEMBERS_MIN = 60
MEMBERS_PER_EVENT = 1 / 12  # so that more events are more people, not faster ones

# How lively each hour of the day (UTC) is, and where people like to meet.
_HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 8, 7, 6, 6, 8, 8, 6, 5, 5, 6, 8, 10, 11, 9, 6, 4)
_ROOM_WEIGHTS = (6, 4, 3, 4, 3, 3)
_SITE_OWNERS = (
    *("riverside", "hillside", "oldtown", "market", "harbour", "valley", "bridge", "forest"),
    *("station", "island", "meadow", "corner"),
)
_SITE_TOPICS = ("library", "garden", "recipes", "club", "notes", "music", "games", "repair")
_MEMBER_DAYS, _OLD_DAYS, _OLDEST_DAYS = 20, 180, 2200  # ages of accounts; half are old at least
_LANGUAGES = ("en", "vi")
_REGULARS = 10
_CLOSING = 2 * clock.HOUR  # nothing that takes a while begins this late


@dataclass(frozen=True, slots=True)
class Person:
    """An account: `created` is an instant in microseconds, `lang` a key of `World.speakers`."""

    id: str
    name: str
    created: int
    lang: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """A server of a platform that federates: `created` is an instant in microseconds."""

    id: str
    created: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing somebody does, before it is numbered. `at` is an instant in microseconds.

    `answers` asks for a reply to what was last said in the room in the author's language, `to` for
    one to that very post. `occurrence` tells one campaign from the next of its kind, from 1 on.
    """

    at: int
    room: str
    author: Person
    text: str | None = None
    links: tuple[tuple[str, str | None], ...] = ()
    mentions: tuple[Person, ...] = ()
    type: str = "post.created"
    answers: bool = False
    to: Draft | None = None
    truth: str = "benign"
    campaign: str | None = None
    occurrence: int = 0
    server: Server | None = None


@dataclass(slots=True)
class World:
    """Members, rooms and words of one run, and the one generator all is drawn from."""

    rng: Random
    start: int
    speakers: Mapping[str, Speaker]
    admin: Person
    bot: Person
    label: str  # goes into every account's id, so that two runs share none
    members: list[Person]
    _accounts: int
    _activity: list[float]
    _hours: list[int]

    @property
    def end(self) -> int:
        """The instant at which the run is over."""
        return self.start + SPAN

    @classmethod
    def founded(cls, rng: Random, label: str, start: int, events: int) -> World:
        """A community old enough to have members from long ago."""
        speakers = {each.code: Speaker(rng, each) for each in (ENGLISH, VIETNAMESE)}
        admin = Person(ADMIN_ID, ADMIN_NAME, start - 2000 * clock.DAY, "en", ("admin",))
        bot = Person(BOT_ID, BOT_NAME, start - 900 * clock.DAY, "en", ("bot",))
        first = start // clock.HOUR
        hours = [_HOURS[(first + hour) % 24] for hour in range(SPAN // clock.HOUR)]
        world = cls(rng, start, speakers, admin, bot, label, [], 0, [], hours)
        for index in range(max(MEMBERS_MIN, int(events * MEMBERS_PER_EVENT))):
            shortest = _MEMBER_DAYS if index % 2 else _OLD_DAYS + 1
            days = shortest * (_OLDEST_DAYS / shortest) ** rng.random()  # more young ones than old
            created = start - int(days * clock.DAY)
            world.members.append(world.person(created, lang=_LANGUAGES[index // 2 % 2]))
        weights = (1 / (1 + rank) ** 0.5 for rank in range(len(world.members)))
        world._activity = list(accumulate(weights))
        return world

    def person(self, created: int, name: str | None = None, lang: str | None = None) -> Person:
        """A new account; without a name it gets an everyday one, without a language either."""
        self._accounts += 1
        lang = lang or self.rng.choice(_LANGUAGES)
        words = self.speakers[lang].language
        name = name or f"{self.rng.choice(words.given_names)} {self.rng.choice(words.by_names)}"
        return Person(f"acct_{self.label}_{self._accounts}", name, created, lang)

    def fresh(self, at: int, name: str | None = None, lang: str | None = None) -> Person:
        """An account that was made within the fifty minutes before `at`."""
        return self.person(at - self.rng.randrange(2 * clock.MINUTE, 50 * clock.MINUTE), name, lang)

    def member(self) -> Person:
        """A member, the lively ones more often."""
        return self.rng.choices(self.members, cum_weights=self._activity)[0]

    def old_members(self, count: int, lang: str | None = None) -> list[Person]:
        """Different members who have been here for at least half a year."""
        before = self.start - _OLD_DAYS * clock.DAY
        old = [each for each in self.members if each.created < before]
        spoken = [each for each in old if each.lang == lang]
        return self.rng.sample(spoken if len(spoken) >= count else old, count)

    def regulars(self, lang: str | None = None) -> list[Person]:
        """Old members who talk most, in a new order: as many of either language."""
        talkers = [each for each in self.members[: 2 * _REGULARS : 2] if lang in (None, each.lang)]
        return self.rng.sample(talkers, len(talkers))

    def say(self, person: Person, purpose: str, **given: str) -> str:
        """A sentence in the person's language: `purpose` is a room or a field of `Language`."""
        speaker = self.speakers[person.lang]
        words = speaker.language
        patterns = words.talk[purpose] if purpose in words.talk else getattr(words, purpose)
        return speaker.say(patterns, **given)

    def room(self) -> str:
        """A room, the lively ones more often."""
        return self.rng.choices(tuple(ROOMS), _ROOM_WEIGHTS)[0]

    def link(self) -> str:
        """An address an honest member might share."""
        page = self.rng.randrange(100, 10_000)
        site = f"{self.rng.choice(_SITE_OWNERS)}-{self.rng.choice(_SITE_TOPICS)}"
        return f"https://{site}.example/pages/{page}"

    def moment(self, days: slice = BOTH_DAYS) -> int:
        """An instant of the run, or of one of its days, by the rhythm of the day."""
        hours = range(len(self._hours))[days]
        hour = self.rng.choices(hours, self._hours[days])[0]
        return self.start + hour * clock.HOUR + self.rng.randrange(clock.HOUR)

    def opening(self, days: slice = BOTH_DAYS) -> int:
        """An instant that leaves two hours for what begins there."""
        return min(self.moment(days), self.start + SPAN - _CLOSING)

    def morning(self, at: int) -> int:
        """Seven o'clock (UTC) of the day of `at`, where the run covers it; else `at`."""
        seven = at - at % clock.DAY + 7 * clock.HOUR
        return seven if self.start <= seven <= self.start + SPAN - _CLOSING else at

    def steps(self, at: int, count: int, shortest: int, longest: int) -> Sequence[int]:
        """`count` instants from `at` on, each `shortest` to `longest` microseconds apart."""
        gaps = (self.rng.randrange(shortest, longest) for _ in range(count))
        return list(accumulate(gaps, initial=at))[:count]
