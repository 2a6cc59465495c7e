"""The morning's two lines: what happened since yesterday, and what waits.

Figures of the wall, summed, in words; read by index, however much waits. This module must never
write, and never tell of one person's work.
"""

from __future__ import annotations

from typing import Any

from ombud import clock, i18n
from ombud.store.sqlite import Store
from ombud.wall import COUNTED_MAX, Figures


def digest(store: Store, now: int, figures: Figures | None = None) -> dict[str, Any]:
    """The figures at an instant; `figures` keeps the hours that are over. Of what waits, `more`
    names the counts that are "or more".
    """
    wall = (figures or Figures()).wall(store, now)
    past = ("held", "other", "people", "opened", "closed")
    happened = {each: sum(getattr(hour, each) for hour in wall.hours) for each in past}
    overdue = len(store.all("overdue_appeals", {"now": now, "limit": COUNTED_MAX}))
    open_ = [queue.open for queue in wall.queues]
    late = [queue.late for queue in wall.queues]
    waits = {"open": open_, "late": late, "appeals": [overdue], "failed": [wall.failed]}
    return {
        "since": clock.rfc3339(wall.hours[0].begun),
        **happened,
        **{name: sum(counts) for name, counts in waits.items()},
        "more": [name for name, counts in waits.items() if COUNTED_MAX in counts],
    }


def lines(found: dict[str, Any], lang: str) -> tuple[str, str]:
    """The two lines in a language."""
    said = {
        name: f"{found[name]}+" if name in found["more"] else str(found[name])
        for name in found.keys() - {"since", "more"}
    }
    since = found["since"][:16].replace("T", " ") + " UTC"
    return (
        i18n.say("digest.happened", lang, since=since, **said),
        i18n.say("digest.waits", lang, **said),
    )
