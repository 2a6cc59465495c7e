"""A simulated community with its truth: for the demonstration, the measurements and the tests.

Seeded and pure: the same seed, number and start give the same bytes. Everyday talk in English and
Vietnamese by the rhythm of two days, newcomers, campaigns (`campaigns`) and their honest twins
(`twins`); what else there is, for the measurements, is put together in `scenes`. On the first day
everybody says something, so that a journal begun with the run has met them before the twins, which
come on the second.

The rules know the admin by two lists: `ADMIN_NAME` belongs into "staff names", `ADMIN_ID` into
"staff"; `BOT_ID`, a bot that the admin allows, belongs into "trusted helpers". A spammer who reads
notices (`adaptive`) needs answers, so it is no part of a planned run.
This module must never read the clock, and its truth must never travel inside an event.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from ombud import clock
from ombud.simulate.campaigns import Campaign
from ombud.simulate.scenes import STORY, Scene
from ombud.simulate.world import (
    ADMIN_ID,
    ADMIN_NAME,
    BOT_ID,
    BOT_NAME,
    BOTH_DAYS,
    FIRST_DAY,
    ROOMS,
    SECOND_DAY,
    Draft,
    Person,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "ADMIN_ID",
    "ADMIN_NAME",
    "BOT_ID",
    "BOT_NAME",
    "ROOMS",
    "Simulated",
    "generate",
    "on_the_wire",
]

# Shares of all events. Each kind comes once if the first share has room (from 400 events on it has
# for all of them); more of them follow until the second share is full.
HARM_FIRST, HARM = 0.16, 0.12
HONEST_FIRST, HONEST = 0.26, 0.13
_ARRIVALS, _BY_ADMIN, _REPLIES, _LINKS, _MENTIONS = 0.05, 0.03, 0.32, 0.05, 0.08  # of everyday talk
_FIRST_WORDS = 0.6  # of everyday talk at most, spent on meeting every member on the first day
_RECENT = 6  # posts of a room that a reply may answer
_MILLISECOND = 1000


@dataclass(frozen=True, slots=True)
class Simulated:
    """One event as it stands on the wire, its time as an instant, and what is true of it.

    `truth` is "benign" or one of `model.HARMS`; `campaign` names the campaign or the honest twin,
    and `occurrence` says which one of its kind it is, from 1 on.
    """

    event: dict[str, Any]
    at: int
    truth: str
    campaign: str | None
    occurrence: int = 0


def generate(seed: int, events: int, start: int, scene: Scene = STORY) -> Iterator[Simulated]:
    """Exactly `events` events in the order of their times, over two days from `start` (an instant).

    `start` is in microseconds; `scene` says which campaigns and twins there are. Ids hold the seed:
    two runs into one journal need two seeds. The whole run is planned in memory, at about one
    kilobyte an event.
    """
    rng = Random(seed)  # noqa: S311 - a simulation must be repeatable, and guards no secret
    world = World.founded(rng, str(seed), start, events)
    drafts = _kinds(world, scene.harm, int(events * HARM_FIRST), int(events * HARM), BOTH_DAYS)
    drafts += _kinds(
        world, scene.honest, int(events * HONEST_FIRST), int(events * HONEST), SECOND_DAY
    )
    drafts += _everyday(world, events - len(drafts))
    drafts.sort(key=lambda draft: draft.at)
    return _told(world, seed, drafts)


def _kinds(
    world: World, kinds: Mapping[str, Campaign], first: int, whole: int, days: slice
) -> list[Draft]:
    """Each kind once while there is room in `first`, then any of them while there is in `whole`."""
    drafts: list[Draft] = []
    came: Counter[str] = Counter()

    def come(name: str, room: int) -> bool:
        more = kinds[name](world, world.opening(days))
        if len(drafts) + len(more) > room:
            return False
        came[name] += 1
        drafts.extend(
            replace(each, occurrence=came[name]) if each.campaign else each for each in more
        )
        return True

    for name in kinds:
        come(name, first)
    again = tuple(kinds)
    while len(drafts) < whole and come(world.rng.choice(again), whole):
        pass
    return drafts


def _everyday(world: World, count: int) -> list[Draft]:
    """What people talk about when nothing is wrong: exactly `count` drafts."""
    talkers = [world.admin, *world.members, *world.regulars() * 4]
    drafts = [_talk(world, world.moment(FIRST_DAY), talker) for talker in talkers]
    drafts = drafts[: int(count * _FIRST_WORDS)]
    while len(drafts) < count:
        if count - len(drafts) > 1 and world.rng.random() < _ARRIVALS:
            drafts += _arrival(world)
        else:
            author = world.admin if world.rng.random() < _BY_ADMIN else world.member()
            drafts.append(_talk(world, world.moment(), author))
    return drafts


def _arrival(world: World) -> list[Draft]:
    """Somebody new joins a room and says hello."""
    joined, hello = world.steps(world.opening(), 2, clock.MINUTE, 30 * clock.MINUTE)
    newcomer, room = world.fresh(joined), world.room()
    return [
        Draft(joined, room, newcomer, type="member.joined"),
        Draft(hello, room, newcomer, world.say(newcomer, "introductions")),
    ]


def _talk(world: World, at: int, author: Person) -> Draft:
    """One post of a member: an answer, a mention, a link, or about the room's topic."""
    room, kind = world.room(), world.rng.random()
    if kind < _REPLIES:
        return Draft(at, room, author, world.say(author, "replies"), answers=True)
    if kind < _REPLIES + _LINKS:
        link = world.link()
        return Draft(at, room, author, world.say(author, "with_link", link=link), ((link, None),))
    if kind < _REPLIES + _LINKS + _MENTIONS:
        other = world.member()
        text = world.say(author, "with_mention", name=other.name)
        return Draft(at, room, author, text, mentions=(other,))
    return Draft(at, room, author, world.say(author, room))


def _told(world: World, seed: int, drafts: list[Draft]) -> Iterator[Simulated]:
    """The drafts, numbered and in wire form; answers find what they answer."""
    recent: dict[tuple[str, str], deque[tuple[str, Person]]] = {}
    wanted = {_who_and_when(draft.to) for draft in drafts if draft.to is not None}
    found: dict[tuple[str, int], tuple[str, Person]] = {}
    time = world.start
    for number, draft in enumerate(drafts, 1):
        time = max(draft.at - draft.at % _MILLISECOND, time + _MILLISECOND)
        said = recent.setdefault((draft.room, draft.author.lang), deque(maxlen=_RECENT))
        answered = None
        if draft.answers:
            others = [each for each in said if each[1].id != draft.author.id]
            answered = others[-1] if others else None
        elif draft.to is not None:
            answered = found[_who_and_when(draft.to)]
        told = on_the_wire(draft, seed, number, time, answered)
        if draft.type == "post.created" and draft.truth == "benign":
            said.append((told.event["subject"], draft.author))
        if _who_and_when(draft) in wanted:
            found[_who_and_when(draft)] = told.event["subject"], draft.author
        yield told


def _who_and_when(draft: Draft) -> tuple[str, int]:
    """What tells a post from every other one of the run."""
    return draft.author.id, draft.at


def on_the_wire(
    draft: Draft, seed: int, number: int, time: int, answered: tuple[str, Person] | None = None
) -> Simulated:
    """The draft as event `number` of a run, at the instant `time`, to the millisecond.

    `answered` is the subject of the post it replies to, and who wrote that.
    """
    time -= time % _MILLISECOND
    event = _wire(draft, f"sim-{seed}-{number:06d}", time, answered)
    return Simulated(event, time, draft.truth, draft.campaign, draft.occurrence)


def _wire(draft: Draft, id_: str, time: int, answered: tuple[str, Person] | None) -> dict[str, Any]:
    """The event as design section 12 writes it."""
    data: dict[str, Any] = {
        "author": _account(draft.author),
        "room": {"id": draft.room, "name": ROOMS[draft.room]},
    }
    if draft.text is not None:
        data["text"] = draft.text
        # Said also where there are none: left out it would mean that the platform does not know.
        data["mentions"] = [{"id": each.id, "name": each.name} for each in draft.mentions]
    if answered is not None:
        data["in_reply_to"] = {"id": answered[0], "author": _account(answered[1])}
    if draft.links:
        data["links"] = [
            {"url": url} if shown is None else {"url": url, "shown": shown}
            for url, shown in draft.links
        ]
    if draft.server is not None:
        created = clock.rfc3339(draft.server.created - draft.server.created % _MILLISECOND)
        data["server"] = {"id": draft.server.id, "created": created}
    return {
        "specversion": "1.0",
        "id": id_,
        "source": f"sim/{draft.room}",
        "type": draft.type,
        "time": clock.rfc3339(time),
        "subject": _subject(draft, id_),
        "data": data,
    }


def _subject(draft: Draft, id_: str) -> str:
    """What an action would act on: post, entry into the room, account or profile."""
    if draft.type == "member.joined":
        return f"member/{draft.room}/{draft.author.id}"
    if draft.type == "account.created":
        return f"account/{draft.author.id}"
    if draft.type == "account.updated":
        return f"profile/{draft.author.id}"
    return f"post/{id_}"


def _account(person: Person) -> dict[str, Any]:
    account: dict[str, Any] = {
        "id": person.id,
        "name": person.name,
        "created": clock.rfc3339(person.created - person.created % _MILLISECOND),
        "lang": person.lang,
    }
    if person.roles:
        account["roles"] = list(person.roles)
    return account
