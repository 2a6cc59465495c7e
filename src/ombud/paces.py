"""How often something may be done, by key: at most so many times within a while.

Counted in memory, and forgotten with the process. Time is an argument. This module must never hold
more keys than it was told to: whoever makes up names must not fill the memory with them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque

KEYS_MAX = 10_000


class Pace:
    """At most `most` times within `width` microseconds for one key; for any number of threads."""

    def __init__(self, most: int, width: int, keys: int = KEYS_MAX) -> None:
        self._most = most
        self._width = width
        self._keys = keys
        self._times: OrderedDict[str, deque[int]] = OrderedDict()
        self._one = threading.Lock()

    def wait(self, key: str, now: int) -> int:
        """0 where it may be done now, and it is then counted; else how many microseconds to wait.

        Where the clock has gone back, what lies ahead of it counts for no longer than `width`.
        """
        with self._one:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while times and not 0 <= now - times[0] < self._width:
                times.popleft()
            if len(times) >= self._most:
                return self._width - (now - times[0])
            times.append(now)
            while len(self._times) > self._keys:
                self._times.popitem(last=False)
            return 0
