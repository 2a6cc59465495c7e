"""The community itself: its people, their ages and its days."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from ombud import clock
from ombud.simulate import world
from simulate.community import SEEDS, START


def founded(seed: int = 1, events: int = 300) -> world.World:
    """A community."""
    return world.World.founded(Random(seed), "x", START, events)


@pytest.mark.parametrize("seed", SEEDS)
def test_there_are_always_enough_old_members(seed: int) -> None:
    """At least thirty members are half a year old, whatever the seed, and none under 20 days."""
    community = founded(seed)
    ages = [START - member.created for member in community.members]
    assert sum(age >= 180 * clock.DAY for age in ages) >= 30
    assert len({who.id for who in community.old_members(24)}) == 24
    assert min(ages) >= 20 * clock.DAY


@pytest.mark.parametrize("seed", SEEDS)
def test_regulars_are_old_and_speak_either_language(seed: int) -> None:
    """There are ten regulars, half of each language, all old."""
    community = founded(seed)
    assert len({who.id for who in community.regulars()}) == 10
    for lang in ("en", "vi"):
        regulars = community.regulars(lang)
        assert [who.lang for who in regulars] == [lang] * 5
        assert all(START - who.created >= 180 * clock.DAY for who in regulars)


def test_more_events_are_more_people() -> None:
    """The community grows with the number of events, so that nobody talks without end."""
    assert len(founded(events=300).members) == world.MEMBERS_MIN
    assert len(founded(events=12_000).members) == 1000


def test_fresh_accounts_are_minutes_old() -> None:
    """A fresh account is between two and fifty minutes old, and no two share an id."""
    community = founded()
    fresh = [community.fresh(START) for _ in range(200)]
    assert all(2 * clock.MINUTE <= START - who.created < 50 * clock.MINUTE for who in fresh)
    assert len({who.id for who in (*fresh, *community.members, community.admin)}) == 261


def test_moments_keep_to_their_day() -> None:
    """A moment of one day lies in that day's twenty-four hours."""
    community = founded()
    first = [community.moment(world.FIRST_DAY) for _ in range(300)]
    second = [community.moment(world.SECOND_DAY) for _ in range(300)]
    assert all(START <= moment < START + clock.DAY for moment in first)
    assert all(START + clock.DAY <= moment < START + world.SPAN for moment in second)


def test_what_takes_a_while_begins_two_hours_before_the_end() -> None:
    """No opening lies in the last two hours."""
    community = founded()
    last = START + world.SPAN - 2 * clock.HOUR
    assert all(START <= community.opening() <= last for _ in range(1000))


def test_the_morning_is_seven_o_clock_within_the_run() -> None:
    """Greetings are wished at seven; where the run does not cover that, at once."""
    community = founded()
    for at in range(START, START + world.SPAN, clock.HOUR):
        morning = community.morning(at)
        assert morning == at or morning % clock.DAY == 7 * clock.HOUR
        assert START <= morning < START + world.SPAN
    assert community.morning(START + clock.DAY) % clock.DAY == 7 * clock.HOUR


def test_steps_begin_at_once_and_keep_their_distance() -> None:
    """The first step is the instant itself, each next one within the bounds after it."""
    steps = founded().steps(START, 50, 10, 20)
    assert steps[0] == START
    assert len(steps) == 50
    gaps = {later - earlier for earlier, later in itertools.pairwise(steps)}
    assert gaps <= set(range(10, 20))
