"""What keeps a subject restricted when one restriction of it goes: the other decisions in force,
as far as they have gone out.

A platform has one state for each kind of restriction on a subject, and takes the last word about
it. So nothing is lifted that another decision keeps: the platform is told what stands instead. And
what is asked for never ends there before all that is in force does. What waits (its undo window,
its publication) or was refused keeps nothing. This module must never decide anything: it reads what
was decided.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ombud.decisions import Decision
from ombud.rules.vocabulary import ACTIONS
from ombud.store.sqlite import Row, Store

HIDING = frozenset({"hold", "remove"})  # one state: what is shown is neither
BY_WORDS = frozenset({"label", "context"})  # one state for each wording
MARKS = frozenset({"warn"})  # no state: each is taken off the record by itself


class Kept(NamedTuple):
    """A decision that goes on: its row, and its full record, None where it was erased."""

    row: Row
    record: Decision | None

    @property
    def until(self) -> int | None:
        """When it ends; None: not by itself."""
        end: int | None = self.row[11]
        return end


def restriction(action: str, params: Mapping[str, str] | None) -> tuple[str, str] | None:
    """What a platform has one state of for each subject; None where it has none, or nobody can
    tell: an erased wording is no other's.
    """
    if action in MARKS:
        return None
    if action in HIDING:
        return "hidden", ""
    if action == "ban from room":  # of one room, whatever stands about another
        return action, (params or {}).get("room", "")
    if action not in BY_WORDS:
        return action, ""
    return None if params is None else (action, params.get("text", ""))


def others(
    store: Store, opened: Callable[[Row], Decision | None], row: Row, record: Decision | None
) -> list[Kept]:
    """The other decisions that keep what the decision of `row` restricts, the one that matters most
    first: the stronger action, then the later end, then the newer.
    """
    wanted = _restriction(row, record)
    if wanted is None:
        return []
    made = [Kept(each, opened(each)) for each in store.all("others_in_force", (row[4], row[0]))]
    found = [each for each in made if _restriction(each.row, each.record) == wanted]
    return sorted(found, key=_weight, reverse=True)


def left_behind(store: Store, lane: bytes, decision: str, action: str) -> tuple[str, str] | None:
    """What still restricts a subject though its decision is over, since this one was to stand in
    its place (`replaced`): the key of its action, and that decision. None where nothing does.
    """
    if action in MARKS | BY_WORDS:
        return None
    alike = sorted(HIDING) if action in HIDING else [action]
    told = {"lane": lane, "decision": decision, "actions": json.dumps(alike)}
    row = store.one("last_word", told)
    return None if row is None or row[0] or row[1] else (row[2], row[3])


def latest(ends: Iterable[int | None]) -> int | None:
    """The last of some ends; None where one of them never comes."""
    known = list(ends)
    return None if None in known else max(each for each in known if each is not None)


def _restriction(row: Row, record: Decision | None) -> tuple[str, str] | None:
    return restriction(row[9], record.actions[0].params if record is not None else None)


def _weight(kept: Kept) -> tuple[int, bool, int, int]:
    return (list(ACTIONS).index(kept.row[9]), kept.until is None, kept.until or 0, kept.row[15])
