"""Whether the machine's clock can be believed: at a start, and while an engine runs.

What ends by its age ends for good, and the journal's time never goes back. So a clock that is far
ahead must not be followed at once. The store knows when an engine last went by the clock. A start
that finds it further away than `clock.JUMP` is refused; a running engine goes on by the time that
passes (`clock.Believed`). Both last until somebody says that the clock is right, or it is set. This
module must never take a clock for right by itself because it has been wrong for long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ombud import clock
from ombud.controls import confirming
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.store.sqlite import Store

catalogue(
    U457=(
        "This machine's clock says {now}; Ombud last ran at {seen}, {days} days before.",
        "Nothing was done or ended. If the clock is right: ombud clock confirm. Else set it first.",
    ),
)

REQUESTS = ("confirm clock",)


class Timed(Protocol):
    """What runs by a clock: an engine, which goes by the machine's where `now` is `wall`."""

    store: Store
    wall: clock.Believed
    now: Callable[[], int]
    writer: Any

    def control(self, control: Control) -> Any:
        """Append one control and wait for its commit."""


def begin_by_clock(engine: Timed, *, confirmed: bool) -> None:
    """An engine starts to go by the clock. Raises BadUse U457 where it is too far ahead of when one
    last did and nobody has `confirmed` it; by how much is kept where somebody has.
    """
    if engine.now is not engine.wall:
        return
    now, seen = engine.wall(), last_seen(engine.store)
    engine.wall.jumped = now - seen if seen and now - seen > clock.JUMP else 0
    if engine.wall.jumped and not confirmed:
        said = {"now": _second(now), "seen": _second(seen), "days": (now - seen) // clock.DAY}
        raise BadUse("U457", "clock", **said)
    still_by_clock(engine)


def still_by_clock(engine: Timed) -> None:
    """Keep when an engine went by the clock; on its writer's thread, between two groups."""
    if engine.now is engine.wall:
        engine.store.run("see", (engine.wall(),))


def last_seen(store: Store) -> int:
    """When an engine last went by the clock; 0 where none did."""
    row = store.one("seen")
    return 0 if row is None else int(row[0])


def perform(running: Timed, by: str) -> dict[str, Any]:
    """Somebody says that the clock is right; how things stand then. Who said it stands in the
    journal first. Raises BadUse as `controls.confirming`.
    """
    running.wall()  # what the clock says now
    ahead = running.wall.jumped or running.wall.ahead
    running.control(confirming.asked(by, ahead))
    running.wall.confirm()
    running.writer.between(lambda: still_by_clock(running)).result()
    return {"now": clock.rfc3339(running.wall()), "was_ahead_days": ahead // clock.DAY}


def shown(store: Store, now: int) -> Mapping[str, Any]:
    """What the machine's clock says, when an engine last went by it, and whether the next start, or
    the engine that runs, believes it.
    """
    seen = last_seen(store)
    return {
        "now": _second(now),
        "last_seen": _second(seen) if seen else None,
        "believed": not seen or now - seen <= clock.JUMP,
    }


def _second(instant: int) -> str:
    return clock.rfc3339(instant - instant % clock.SECOND)
