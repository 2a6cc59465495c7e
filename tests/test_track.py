"""The track record of one entry, and the borders of "suddenly"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud import track
from ombud.clock import DAY, HOUR, MINUTE
from ombud.track import (
    MATCHES_MIN,
    PEOPLE_MIN,
    SETTLED_MIN,
    TIMES_USUAL,
    USUAL_DAYS,
    WITHIN,
    Track,
)

NOON = 20_000 * DAY + 12 * HOUR


def rush(
    some: Track,
    matches: int,
    people: int,
    at: int = NOON,
    within: int = HOUR - 1,
    settled: int = 0,
) -> Track:
    """So many matches by so many people, some of them established, spread over a time."""
    for number in range(matches):
        place, who = at + within * number // max(matches - 1, 1), number % people
        some.match(place, f"p{who}".encode(), established=who < settled)
    return some


def usual(days: int, a_day: int) -> Track:
    """An entry with a past: so many matches on each of the days before."""
    some = Track()
    for day in range(days, 0, -1):
        for number in range(a_day):
            some.match(NOON - day * DAY, f"q{number}".encode())
    return some


@pytest.mark.parametrize(
    ("matches", "people", "sudden"),
    [
        (MATCHES_MIN, PEOPLE_MIN, True),
        (MATCHES_MIN - 1, PEOPLE_MIN, False),
        (MATCHES_MIN, PEOPLE_MIN - 1, False),
        (500, PEOPLE_MIN - 1, False),
    ],
)
def test_many_matches_by_many_people_are_needed(matches: int, people: int, sudden: bool) -> None:
    """Both within one hour, at their borders."""
    assert rush(Track(), matches, people).sudden is sudden


def test_an_hour_is_sixty_minutes() -> None:
    """What lies sixty minutes back no longer belongs to it."""
    some = rush(Track(), MATCHES_MIN - 1, PEOPLE_MIN, within=0)
    some.match(NOON + 59 * MINUTE, b"p0")
    assert some.sudden
    some = rush(Track(), MATCHES_MIN - 1, PEOPLE_MIN, within=0)
    some.match(NOON + 60 * MINUTE, b"p0")
    assert not some.sudden
    assert set(some.minutes) == {(NOON + 60 * MINUTE) // MINUTE}
    assert set(some.recent) == {b"p0"}


@pytest.mark.parametrize(("days", "a_day"), [(1, 3), (5, 4), (14, 10), (30, 7)])
def test_more_than_so_many_times_the_usual_is_needed(days: int, a_day: int) -> None:
    """Exactly that is still usual; one more is not. The usual number is that of the last days."""
    border = TIMES_USUAL * a_day * (min(days, USUAL_DAYS) if days < USUAL_DAYS else USUAL_DAYS - 1)
    known = min(days, USUAL_DAYS)
    border //= known
    some = rush(usual(days, a_day), border, PEOPLE_MIN)
    assert not some.sudden
    some.match(NOON + HOUR - 1, b"p0")
    assert some.sudden


def test_what_was_released_is_usual() -> None:
    """The same again does not count as sudden; ten times as much does."""
    some = rush(Track(), 40, 12)
    before = some.sudden
    some.release()
    assert before > some.sudden
    assert not rush(some, 40, 12, NOON + HOUR).sudden
    assert rush(some, 1000, 12, NOON + 2 * HOUR).sudden is True


def test_matches_people_and_days_are_counted() -> None:
    """A person counts once, an unknown one not at all; late events move the first day back."""
    some = Track()
    for place, person in ((NOON, b"a"), (NOON + DAY, b"a"), (NOON - 2 * DAY, None), (NOON, b"b")):
        some.match(place, person)
    assert (some.matches, len(some.people), some.last - some.first) == (4, 2, 3)
    assert some.first == NOON // DAY - 2


@given(
    st.lists(st.tuples(st.integers(0, 40 * DAY), st.integers(0, 2000)), min_size=1, max_size=200)
)
def test_a_track_is_bounded_and_comes_back_as_it_was(course: list[tuple[int, int]]) -> None:
    """Whatever comes, in whatever order: no part grows without end."""
    some = Track()
    for place, person in course:
        some.match(place, person.to_bytes(8, "big"), established=person % 2 == 0)
    assert some.matches == len(course)
    assert len(some.people) <= track.PEOPLE_MAX
    assert len(some.days) <= USUAL_DAYS
    assert len(some.minutes) <= track.WITHIN
    assert len(some.recent) <= track.RECENT_MAX
    assert some.settled <= some.recent.keys()
    assert Track.decoded(some.encoded()) == some
    assert Track.decoded(None) == Track()


def test_people_are_told_apart_to_a_bound() -> None:
    """Then it says so many, and goes on counting matches."""
    some = rush(Track(), track.PEOPLE_MAX + 50, track.PEOPLE_MAX + 50)
    assert len(some.people) == track.PEOPLE_MAX
    assert some.matches == track.PEOPLE_MAX + 50
    assert some.sudden


def test_people_of_an_hour_are_told_apart_to_a_bound() -> None:
    """Those who came first; who is known already is still moved on, and there is room again when
    the hour has gone.
    """
    some = rush(Track(), track.RECENT_MAX + 10, track.RECENT_MAX + 10, within=0, settled=1000)
    assert len(some.recent) == len(some.settled) == track.RECENT_MAX
    some.match(NOON + 30 * MINUTE, b"p0")
    some.match(NOON + 30 * MINUTE, b"late", established=True)
    assert b"late" not in some.recent
    assert b"late" not in some.settled
    assert some.recent[b"p0"] == (NOON + 30 * MINUTE) // MINUTE
    some.match(NOON + 60 * MINUTE, b"late")
    assert set(some.recent) == {b"p0", b"late"}
    assert some.settled == {b"p0"}


@pytest.mark.parametrize(
    ("matches", "people", "settled", "misfires"),
    [
        (MATCHES_MIN, PEOPLE_MIN, SETTLED_MIN, True),
        (MATCHES_MIN, PEOPLE_MIN, SETTLED_MIN - 1, False),
        (MATCHES_MIN, PEOPLE_MIN, 0, False),
        (MATCHES_MIN, PEOPLE_MIN, PEOPLE_MIN, True),
        (MATCHES_MIN, PEOPLE_MIN + 1, SETTLED_MIN, False),  # less than half
        (MATCHES_MIN, PEOPLE_MIN + 1, SETTLED_MIN + 1, True),
        (200, 40, 19, False),
        (200, 40, 20, True),
        (MATCHES_MIN - 1, PEOPLE_MIN, PEOPLE_MIN, False),  # not sudden
        (MATCHES_MIN, PEOPLE_MIN - 1, PEOPLE_MIN - 1, False),
    ],
)
def test_an_entry_misfires_where_it_hits_established_people(
    matches: int, people: int, settled: int, misfires: bool
) -> None:
    """So many of them, and half of all at least; and only what is sudden."""
    assert rush(Track(), matches, people, settled=settled).misfires is misfires


def test_so_few_people_that_half_of_them_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number is asked for by itself, whatever the least number of people is."""
    monkeypatch.setattr(track, "PEOPLE_MIN", 2)
    assert not rush(Track(), MATCHES_MIN, SETTLED_MIN - 1, settled=SETTLED_MIN - 1).misfires
    assert rush(Track(), MATCHES_MIN, SETTLED_MIN, settled=SETTLED_MIN).misfires


def test_established_people_of_another_hour_do_not_count() -> None:
    """A raid in the hour after they were there is a raid."""
    some = rush(Track(), MATCHES_MIN, PEOPLE_MIN, within=0, settled=PEOPLE_MIN)
    later = NOON + WITHIN * MINUTE
    for number in range(500):
        some.match(later, f"new{number % 20}".encode())
    assert some.sudden
    assert not some.settled
    assert not some.misfires


def test_a_sudden_entry_is_told_once_an_hour_until_it_is_released() -> None:
    """The first time at once; a person who releases it ends the matter."""
    some = rush(Track(), MATCHES_MIN - 1, PEOPLE_MIN, within=0)
    assert not some.tell()
    some.match(NOON, b"p0")
    assert some.tell()
    rush(some, 100, PEOPLE_MIN, at=NOON + (WITHIN - 1) * MINUTE, within=0)
    assert not some.tell()
    rush(some, 300, PEOPLE_MIN, at=NOON + WITHIN * MINUTE, within=0)
    assert some.tell()
    some.release()
    assert not some.tell()
    rush(some, 10_000, PEOPLE_MIN, at=NOON + WITHIN * MINUTE, within=0)
    assert some.tell()
