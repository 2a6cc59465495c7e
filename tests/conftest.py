"""What holds for every test: where a change is judged, the same examples are drawn each time; who
looks into a file beside its writer waits for its turn; and a password's hash costs little.

At home property tests draw new examples at every run and so go on searching; with CI set they draw
the same ones, so that a change is judged by what it changes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from hypothesis import settings

from ombud.staff import passwords
from ombud.store.sqlite import Connection
from staff.hashing import CHEAP

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

STATEMENTS = ("begin", "commit", "roll_back", "all", "one", "run", "many")


def in_turn(do: Callable[..., Any]) -> Callable[..., Any]:
    """One statement of a connection at a time. A test asks an engine's own files on its own thread;
    nothing of Ombud does, so its connections need no lock, and a test would hit the writer's.
    """

    @wraps(do)
    def waits(self: Connection, *given: Any, **named: Any) -> Any:
        with self.__dict__.setdefault("turn", threading.RLock()):
            return do(self, *given, **named)

    return waits


for _name in STATEMENTS:
    setattr(Connection, _name, in_turn(getattr(Connection, _name)))

passwords._hasher = CHEAP
