"""Decisions are reversed: undone by a person, or ended because their time has come.

This module must never reverse a decision twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ombud import actions, decisions, redacted, remaining
from ombud.controls import staff, stranger
from ombud.effects import Effect, Group, Hands, Reversal
from ombud.errors import BadUse, catalogue
from ombud.journal import Control
from ombud.store.sqlite import Row, Store

catalogue(
    U010=("There is no decision {decision}.", "`ombud decisions list` shows them."),
    U011=(
        "No account {account} of {platform} is known here.",
        "Check the id as the platform writes it.",
    ),
)

UNDO_MAX = 100_000  # decisions undone at once
_SELECTS = {
    "rule": "rule",
    "by": "by_role",
    "author": "author",
    "licence": "licence",
    "since": "since",
    "until": "until",
}


def undo(hands: Hands, tx: Group, control: Control) -> Effect:
    """Undo the decisions that `sealed` names: `ids`, or those of a rule, role, person or time.
    Raises BadUse U010, U011, U453, and as `staff.require` where any of them is not theirs to undo.
    """
    staff.allowed(hands.community.staff, hands.keys, control.sealed["by"], "undo")
    chosen: Mapping[str, Any] = {**control.sealed["chosen"]}
    if chosen.get("account"):
        platform, account = chosen["platform"], chosen["account"]
        token = hands.keys.known_account(platform, account)
        if token is None:
            raise BadUse("U011", f"{platform}/{account}", platform=platform, account=account)
        chosen = {**chosen, "author": token}
    ids = chosen.get("ids") or [
        row[0]
        for row in hands.store.all(
            "undoable",
            {**{name: chosen.get(key) for name, key in _SELECTS.items()}, "limit": UNDO_MAX},
        )
    ]
    reversals = _reversals(hands, ids)
    members = hands.community.staff
    one = members.get(staff.acting(members, hands.keys, control.sealed["by"]))
    for action in sorted({each.action for each in reversals}):
        staff.allowed(members, hands.keys, control.sealed["by"], "undo", action=action)
    for queue in sorted(_queues(hands, reversals) if one is not None and one.queues else ()):
        staff.allowed(members, hands.keys, control.sealed["by"], "undo", queue=queue)
    by = staff.require(hands.community, hands.keys, control.sealed["by"], "undo")
    _of_others(hands, by, reversals, tx.recv)

    def write() -> None:
        for each in reversals:
            hands.store.run("undo_decision", {"id": each.decision, "seq": tx.seq})
            hands.store.run("undo_list_matches", (each.decision,))

    tx.later.append(write)
    done = [each.decision for each in reversals]
    payload = {"by": by, "decisions": done}
    return Effect(payload, reversals=reversals, reason="undone")


def _of_others(hands: Hands, by: int, reversals: Iterable[Reversal], now: int) -> None:
    """None is about an account of who undoes it, as long as somebody else may. Raises BadUse U453:
    what else was named waits, too, since nobody would see what was left out.
    """
    own = stranger.near(hands, by, now)
    for each in reversals:
        if each.author in own and stranger.kept_from(
            hands,
            by,
            {each.author},
            now,
            "undo",
            queues=_queues(hands, (each,)),
            actions=(each.action,),
        ):
            raise stranger.another(hands, by, each.decision, "undo")


def _queues(hands: Hands, reversals: Iterable[Reversal]) -> set[str]:
    """In which queues people looked, or are to look, at what is reversed. Nowhere, the empty name:
    that is for whoever is kept to no queue.
    """
    asked = (hands.store.all("queues_of_decision", {"id": each.decision}) for each in reversals)
    return {str(row[0]) for found in asked for row in found or [("",)]}


def end(hands: Hands, tx: Group, control: Control) -> Effect:
    """End the restrictions that have reached their end; what was undone already has ended."""
    found = _reversals(hands, control.payload["decisions"])
    reversals = tuple(each for each in found if each.inverse)

    def write() -> None:
        for each in reversals:
            hands.store.run("end_decision", {"id": each.decision, "seq": tx.seq})

    tx.later.append(write)
    done = [each.decision for each in reversals]
    return Effect({"decisions": done}, reversals=reversals, reason="ended")


def _reversals(hands: Hands, ids: Iterable[str]) -> tuple[Reversal, ...]:
    """Each decision of `ids` that was not undone yet, once."""
    found = [standing(hands, decision) for decision in dict.fromkeys(ids)]
    return tuple(each for each in found if each is not None)


def standing(hands: Hands, decision: str) -> Reversal | None:
    """What reversing a decision needs; None where it was undone."""
    row = hands.store.one("decision", (decision,))
    if row is None:
        raise BadUse("U010", decision, decision=decision)
    if row[13] is not None:
        return None
    asked = hands.store.one("action_of_decision", (decision,))
    return Reversal(
        decision,
        clause=row[6],
        rule=row[7],
        action=row[9],
        author=row[5],
        lane=row[4],
        lang=language(hands, row),
        timeline=row[3],
        connector=asked[2] if asked else "",
        stood=actions.stood(asked[1], asked[3]) if asked else actions.RECORDED,
        inverse=row[12] is None,
    )


def left_behind(store: Store, over: Reversal, restores: Collection[str]) -> bool:
    """Whether the platform still does what this decision, of which it never heard, had replaced;
    not what stands again now (`restores`).
    """
    if over.stood not in (*actions.UNSENT, actions.WITHDRAWN):
        return False
    left = remaining.left_behind(store, over.lane, over.decision, over.action)
    return left is not None and left[1] not in restores


def language(hands: Hands, decision: Row) -> str:
    """The language in which the person of a decision is told."""
    plain = redacted.opened(hands.store, hands.keys, decision[0], decision[14])
    return "en" if plain is None else decisions.opened(plain).lang


def open_ends(store: Store) -> list[tuple[int, str]]:
    """A heap of (until, decision) of all restrictions that have an end to come."""
    ends = [(until, decision) for decision, until in store.all("open_decisions")]
    heapq.heapify(ends)
    return ends


def push_end(ends: list[tuple[int, str]], end: tuple[int, str]) -> None:
    """Remember one more end."""
    heapq.heappush(ends, end)


def due(ends: list[tuple[int, str]], now: int, most: int = 500) -> Control | None:
    """The control that ends what has reached its end by `now`; None where nothing has."""
    ready: list[str] = []
    while ends and ends[0][0] <= now and len(ready) < most:
        ready.append(heapq.heappop(ends)[1])
    return Control("ended", {"decisions": ready}) if ready else None
