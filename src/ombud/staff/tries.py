"""How long to wait after wrong passwords: longer with each, and never for ever.

The wait belongs to a name as it was typed, whether somebody is called so or not, and beside it to
everybody together. A browser from which somebody came in before has a count of its own, so whoever
tries a name over and over keeps its person out of no browser they know; and a passkey is never made
to wait. This module is pure: seconds are arguments.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

FREE = 3  # wrong tries before the first wait
FIRST_SECONDS = 2.0
LONGEST_SECONDS = 60.0
FORGET_SECONDS = 900.0  # without a wrong try, and the count begins anew
KEPT_MAX = 10_000  # counts; the one that was used longest ago is forgotten
TOGETHER_FREE = 60  # wrong tries of strangers within FORGET_SECONDS before all strangers wait
TOGETHER_SECONDS = 1.0  # between two tries of strangers, from then on


class Tries:
    """Wrong tries by key. For any number of threads."""

    def __init__(self) -> None:
        self._counts: OrderedDict[bytes, tuple[int, float]] = OrderedDict()
        self._strangers: list[float] = []
        self._last = 0.0  # when a stranger last got a try under TOGETHER
        self._one = threading.Lock()

    def wait(self, key: bytes, now: float, *, known: bool = False) -> float:
        """How many seconds to wait before a try, 0 where it may be now, and it is then counted as
        begun. `known`: from a browser that is known.
        """
        with self._one:
            wrong, last = self._count(key, now)
            left = last + delay(wrong) - now
            if not known and left <= 0:
                left = self._together(now)
            if left > 0:
                return left
            self._keep(key, wrong + 1, now)  # taken back where it was right: none at once are free
            if not known:
                self._strangers.append(now)
            return 0.0

    def right(self, key: bytes, now: float, *, known: bool = False) -> None:
        """The try that was begun was right."""
        with self._one:
            self._counts.pop(key, None)
            if not known and self._strangers:
                self._strangers.pop()
            self._old(now)

    def _together(self, now: float) -> float:
        self._old(now)
        if len(self._strangers) < TOGETHER_FREE:
            return 0.0
        left = self._last + TOGETHER_SECONDS - now
        if left <= 0:
            self._last = now
        return left

    def _old(self, now: float) -> None:
        self._strangers = [at for at in self._strangers if now - at < FORGET_SECONDS]

    def _count(self, key: bytes, now: float) -> tuple[int, float]:
        wrong, last = self._counts.get(key, (0, now))
        return (0, now) if now - last >= FORGET_SECONDS else (wrong, last)

    def _keep(self, key: bytes, wrong: int, now: float) -> None:
        self._counts[key] = wrong, now
        self._counts.move_to_end(key)
        while len(self._counts) > KEPT_MAX:
            self._counts.popitem(last=False)


def delay(wrong: int) -> float:
    """How many seconds lie between so many wrong tries and the next one."""
    if wrong < FREE:
        return 0.0
    return min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(wrong - FREE, 16))
