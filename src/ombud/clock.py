"""The only place that reads the clock, and how an instant is written.

An instant is an integer: microseconds since 1970-01-01T00:00:00Z, leap seconds ignored, as in
POSIX. Stages get instants as arguments; only `app`, `cli` and `writer` may call `now`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
JUMP = 7 * DAY  # a clock that is ahead by more is not believed: no setting keeps bodies for less

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """This instant, in microseconds."""
    return time.time_ns() // 1000


class Forward:
    """An instant that never goes back, from `since` on: the clock's, or where the clock has gone
    back, what it said before and the time that has passed since. For any number of threads.
    """

    def __init__(
        self,
        since: int = 0,
        steady: Callable[[], float] = time.monotonic,
        source: Callable[[], int] | None = None,
    ) -> None:
        self._steady = steady
        self._source = source
        self._last = since
        self._at = steady()
        self._one = threading.Lock()

    def __call__(self) -> int:
        """This instant, in microseconds."""
        with self._one:
            at = self._steady()
            said = self._source() if self._source else now()
            self._last = max(said, self._last + int((at - self._at) * SECOND))
            self._at = at
            return self._last


class Believed:
    """An instant as the clock says it, as long as it can be believed. A clock that has jumped ahead
    by more than JUMP since it was last asked is not: then it is what was told before and the time
    that has passed, until somebody confirms the clock or it comes back. A step of less is taken,
    and so is one back. For any number of threads.
    """

    def __init__(
        self, source: Callable[[], int] | None = None, steady: Callable[[], float] | None = None
    ) -> None:
        self._source = source or now
        self._steady = steady or passing
        self._told, self._at = self._source(), self._steady()
        self._one = threading.Lock()
        self.ahead = 0  # by how much the clock is ahead of what is told, while it is not believed
        self.jumped = 0  # and of the last run, where that was too much to begin by it unasked

    def __call__(self) -> int:
        """This instant, in microseconds."""
        with self._one:
            at, said = self._steady(), self._source()
            going_on = self._told + int((at - self._at) * SECOND)
            self.ahead = said - going_on if said - going_on > JUMP else 0
            self._told, self._at = going_on if self.ahead else said, at
            return self._told

    def confirm(self) -> None:
        """Somebody says that the clock is right."""
        with self._one:
            self._told, self._at = self._source(), self._steady()
            self.ahead = self.jumped = 0


def passing() -> float:
    """Seconds that pass whatever the clock says, also while the machine sleeps where that can be
    known.
    """
    asleep: int | None = getattr(time, "CLOCK_BOOTTIME", None)  # Linux
    return time.monotonic() if asleep is None else time.clock_gettime(asleep)


class Kept(Generic[T]):
    """What is worked out as of an instant and told again for a while, however many threads ask:
    `make` gets the instant, `lasts` is in microseconds. Where the clock has gone back it is worked
    out anew.
    """

    def __init__(self, make: Callable[[int], T], lasts: int) -> None:
        self._make = make
        self._lasts = lasts
        self._told: tuple[int, T] | None = None
        self._one = threading.Lock()

    def __call__(self, now: int) -> T:
        """It, as of `now` or a little before."""
        with self._one:
            if self._told is None or not 0 <= now - self._told[0] < self._lasts:
                self._told = now, self._make(now)
            return self._told[1]


def from_datetime(moment: datetime) -> int:
    """The instant of an aware datetime."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def to_datetime(instant: int) -> datetime:
    """The instant as an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def rfc3339(instant: int) -> str:
    """The instant as `2026-11-22T10:00:00Z`, with a fraction only where there is one."""
    text = to_datetime(instant).isoformat()
    return text.removesuffix("+00:00") + "Z"


def day(instant: int) -> str:
    """The UTC day of an instant, `2026-11-22`."""
    return to_datetime(instant).date().isoformat()
