"""Instants: whole microseconds, and how they are written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud import clock


def test_now_is_the_clock_in_microseconds() -> None:
    """`now` reads the system's clock and nothing else."""
    with time_machine.travel(datetime(2026, 11, 22, 10, tzinfo=UTC), tick=False):
        assert clock.now() == 1_795_341_600_000_000


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.000001Z"),
        (1_795_341_600_000_000, "2026-11-22T10:00:00Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_instants_are_written_as_rfc3339(instant: int, written: str) -> None:
    """UTC with a Z, and a fraction only where there is one."""
    assert clock.rfc3339(instant) == written
    assert clock.day(instant) == written[:10]


@given(st.integers(0, 253_402_300_799_999_999))
@settings(deadline=None)
def test_datetimes_keep_every_microsecond(instant: int) -> None:
    """An instant comes back from a datetime exactly: no floats are on the way."""
    moment = clock.to_datetime(instant)
    assert clock.from_datetime(moment) == instant
    assert moment.tzinfo is UTC


def test_the_zone_of_a_datetime_does_not_change_the_instant() -> None:
    """Ten in the morning UTC and five in the afternoon in Hanoi are one instant."""
    hanoi = datetime(2026, 11, 22, 17, tzinfo=timezone(timedelta(hours=7)))
    assert clock.from_datetime(hanoi) == clock.from_datetime(datetime(2026, 11, 22, 10, tzinfo=UTC))


def test_units_are_what_their_names_say() -> None:
    """A day has 24 hours of 60 minutes of 60 seconds of a million microseconds."""
    assert clock.DAY == 24 * clock.HOUR == 1440 * clock.MINUTE == 86_400 * clock.SECOND
    assert clock.SECOND == 1_000_000


def test_a_forward_clock_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """It follows the clock ahead; where the clock goes back it goes on by the time that passes."""
    instants, seconds = iter([100, 5_000_000, 1_000, 2_000]), iter([0.0, 0.0, 1.0, 2.0, 3.5])
    monkeypatch.setattr(clock, "now", lambda: next(instants))
    forward = clock.Forward(50, lambda: next(seconds))
    assert [forward() for _ in range(4)] == [100, 5_000_000, 6_000_000, 7_500_000]


def test_a_clock_is_believed_unless_it_jumps_far_ahead() -> None:
    """A step of seven days is taken, and every step back; beyond, time goes on as it passes."""
    days = [0, 7, 15, 16, 9, 9, 40, 1, 1]
    instants, seconds = iter([each * clock.DAY for each in days]), iter([0.0] * 4 + [60.0] * 9)
    wall = clock.Believed(lambda: next(instants), lambda: next(seconds))
    assert [wall() // clock.DAY for _ in range(2)] == [7, 7]
    assert wall.ahead == 8 * clock.DAY
    assert wall() == 7 * clock.DAY
    assert wall() == 9 * clock.DAY
    assert wall.ahead == 0
    wall()
    assert wall() == 9 * clock.DAY
    wall.confirm()
    assert wall() == clock.DAY


def test_time_passes_while_a_clock_is_not_believed() -> None:
    """By the other clock, and adds up."""
    seconds = iter([0.0, 1.5, 4.0])
    instants = iter([100, clock.DAY * 30, clock.DAY * 30])
    wall = clock.Believed(lambda: next(instants), lambda: next(seconds))
    assert [wall(), wall()] == [1_500_100, 4_000_100]


def test_what_is_kept_is_made_once_and_again_when_its_time_is_over() -> None:
    """Also where the clock has gone back; what could not be made is tried again."""
    made: list[int] = []

    def make(now: int) -> int:
        made.append(now)
        if now == 7:
            raise ValueError("not now")
        return now

    kept = clock.Kept(make, 10)
    assert [kept(now) for now in (100, 105, 109, 110, 95)] == [100, 100, 100, 110, 95]
    with pytest.raises(ValueError, match="not now"):
        kept(7)
    assert kept(94) == 94
    assert made == [100, 110, 95, 7, 94]


def test_many_threads_have_it_made_once() -> None:
    """Whoever comes meanwhile waits for what is being made."""
    made: list[int] = []

    def make(now: int) -> int:
        made.append(now)
        return now

    kept = clock.Kept(make, 10)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(kept, [5] * 64)) == {5}
    assert made == [5]
