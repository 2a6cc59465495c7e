"""What stood at a homeserver before an action, and what of it an undoing brings back.

An action changes settings: levels of a room, its rule for joining, an account's limit. Before it
does, Ombud keeps what each of them said and what it will say (`Outcome.memory`): on its own side,
since what stands in a room can be written by others. An undoing changes what still stands as it was
set, and nothing else. This module must never ask a homeserver anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import structs

from ombud.model import Outcome

DONE = Outcome(state="confirmed")
NOT_OURS = "it stood so before: nothing of it is Ombud's"
LEFT = "changed meanwhile by others, left as it is"
PARTLY = "changed meanwhile by others in part; that part is left as it is"

Settings = Mapping[str, Any]  # by name; None: it is not set


class Before(msgspec.Struct, frozen=True):
    """What is remembered: what settings said and what was set instead; what was made by an action,
    by its ids.
    """

    was: Settings = {}
    set: Settings = {}
    made: tuple[str, ...] = ()

    def encoded(self) -> str:
        """As it is kept."""
        return msgspec.json.encode(self, order="sorted").decode()


NOTHING = Before().encoded()


def remembered(memory: str) -> Before:
    """What was kept; nothing where it cannot be read."""
    try:
        return msgspec.json.decode(memory, type=Before)
    except msgspec.MsgspecError:
        return Before()


def kept(outcome: Outcome, before: Before) -> Outcome:
    """The same outcome, where it was done, with what is to be remembered."""
    if outcome.state != "confirmed":
        return outcome
    return structs.replace(outcome, memory=before.encoded())


def do(
    memory: str, now: Settings, wanted: Settings, write: Callable[[Settings], Outcome]
) -> Outcome:
    """Have settings say what is wanted, after what they say `now` is kept. `write` gets those that
    change.
    """
    before = remembered(memory)
    changes = {name: value for name, value in wanted.items() if now.get(name) != value}
    if not changes:
        detail = "" if before.set else NOT_OURS
        return Outcome(state="confirmed", detail=detail, memory=before.encoded())
    was = {**before.was, **{name: now.get(name) for name in changes}}
    planned = structs.replace(before, was=was, set={**before.set, **changes})
    if planned != before:
        return Outcome(state="noted", memory=planned.encoded())
    return write(changes)


def undo(memory: str, now: Settings, write: Callable[[Settings], Outcome]) -> Outcome:
    """Have settings say again what they said, where they say what was set; `write` gets those that
    change. What somebody else has changed since stays, and the outcome says so.
    """
    before = remembered(memory)
    if not before.set:
        return Outcome(state="confirmed", detail=NOT_OURS, memory=NOTHING)
    back = {name: before.was.get(name) for name in before.set if now.get(name) == before.set[name]}
    others = [
        name for name in before.set if name not in back and now.get(name) != before.was.get(name)
    ]
    if back:
        outcome = write(back)
        if outcome.state != "confirmed":
            return outcome
    detail = "" if not others else PARTLY if back else LEFT
    return Outcome(state="confirmed", detail=detail, memory=NOTHING)
