"""What people did that cannot be taken back: who looks at it once more, and by when.

It needs two people, and within 72 hours somebody else than who decided it looks at it again. The
case that asks for that was opened by the judgement, and stands at its record; the public log tells
of the judgement that it cannot be undone, and of the look whether it came in time. What is overdue
is never closed by itself. This module must never say of whom.
"""

from __future__ import annotations

from typing import Any

from ombud import clock
from ombud.controls import entitled, judged
from ombud.effects import Hands
from ombud.errors import BadUse, catalogue
from ombud.review.case import Case
from ombud.store.sqlite import Store

catalogue(
    U406=(
        "Whoever did what cannot be taken back does not look at it once more.",
        "Let somebody else close {case}; who confirmed it may.",
    ),
)

REASON = "cannot be undone, done"  # of the case that asks for a look
MARK = "cannot be undone"
WITHIN = 72 * clock.HOUR
STATES = ("waits", "overdue", "in time", "late")
COUNTED_MAX = 100_000


def require_other(hands: Hands, case: Case, person: int, name: str) -> None:
    """Refuse whoever decided it. Raises BadUse U406, or U444 for whoever gives no name."""
    row = _judgement(hands.store, case)
    if row is not None:
        entitled.require_named(hands, name)
    if row is not None and judged.same_person(hands, person, row[3]):
        raise BadUse("U406", "case", case=case.id)


def told(store: Store, case: Case, outcome: str, now: int, *, revocable: bool) -> str:
    """The outcome of a judgement as the public log has it."""
    if not revocable:
        return f"{outcome} ({MARK})"
    row = _judgement(store, case)
    if row is None:
        return outcome
    return f"{outcome}{' late' if now > row[1] + WITHIN else ''} ({MARK})"


def _judgement(store: Store, case: Case) -> tuple[Any, ...] | None:
    """What a case asks to look at: the case it was decided in, when, what, and by whom."""
    return store.one("judgement_at", (case.seq,)) if case.reason == REASON else None


# --- what is shown --------------------------------------------------------------------------------


def of_case(store: Store, case: Case, now: int) -> dict[str, Any] | None:
    """What a case asks to look at once more; None for any other case."""
    row = _judgement(store, case)
    if row is None:
        return None
    due = row[1] + WITHIN
    return {
        "case": row[0],
        "decided": clock.rfc3339(row[1]),
        "action": row[2],
        "due": clock.rfc3339(due),
        "overdue": case.closed is None and now > due,
    }


def listed(store: Store, now: int, limit: int) -> dict[str, Any]:
    """Everything that cannot be taken back, the latest first, and how much of it there is."""
    rows = [_line(*row, now=now) for row in store.all("irreversible", (COUNTED_MAX,))]
    states = [each["state"] for each in rows]
    counts = {state.replace(" ", "_"): states.count(state) for state in STATES}
    return {"items": rows[:limit], "count": len(rows), **counts}


def _line(
    case: str,
    of: str,
    clause: str,
    action: str | None,
    decided: int,
    looked: int | None,
    *,
    now: int,
) -> dict[str, Any]:
    due = decided + WITHIN
    late = (now if looked is None else looked) > due
    return {
        "case": case,
        "of": of,
        "clause": clause,
        "action": action,
        "decided": clock.rfc3339(decided),
        "due": clock.rfc3339(due),
        "looked": None if looked is None else clock.rfc3339(looked),
        "state": STATES[2 * (looked is not None) + late],
    }
