"""What a connector had to know of what stood before an action comes back to it at the undoing,
whichever decision of several is undone last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES
from flow.overlapping_world import World
from flow.platform_side import HOUR, Platform, connected
from flow.small_community import rows
from ombud.clock import MINUTE

BEFORE, NOTHING = '{"was":{}}', "{}"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Nothing has happened yet."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        yield World(platform)


def suspend(hours: int) -> dict[str, Any]:
    """Somebody is suspended for so long."""
    return {"action": "suspend", "length": hours * HOUR}


def send(platform: Platform, state: str, memory: str | None) -> tuple[str, bool]:
    """The next action goes out: with which memory, and whether it is an undoing. What came of it
    is marked, and what the connector wants kept.
    """
    platform.clock[0] += MINUTE
    while True:
        (due, *_) = platform.open()
        assert platform.mark(due.id, "sending")
        if due.kind == "action":
            body = json.loads(platform.sender.body(due) or b"")
            known = platform.sender.memory(due)
            assert platform.mark(due.id, state, memory=memory)
            return known, body["inverse"]
        assert platform.sender.memory(due) == ""
        assert platform.mark(due.id, "delivered")


def test_what_stood_before_comes_back_to_the_last_undoing(world: World) -> None:
    """It is kept before the first attempt, given to every later call of the same action on the same
    account, and to no other; once it is undone, nothing is kept any more.
    """
    platform, engine = world.platform, world.platform.engine
    first, second = world.restrict(suspend(120)), world.restrict(suspend(24))
    assert send(platform, "asked", BEFORE) == ("", False)
    assert send(platform, "confirmed", None) == (BEFORE, False)
    assert send(platform, "confirmed", None) == (BEFORE, False)
    engine.undo("admin", ids=[first])
    assert send(platform, "confirmed", BEFORE) == (BEFORE, False), "the other one stands instead"
    world.restrict(suspend(24), who="bo")
    assert send(platform, "confirmed", NOTHING) == ("", False), "somebody else's"
    engine.undo("admin", ids=[second])
    assert send(platform, "confirmed", NOTHING) == (BEFORE, True)
    world.restrict(suspend(24))
    assert send(platform, "confirmed", None) == (NOTHING, False)


def test_words_are_remembered_apart(world: World) -> None:
    """Of two labels on one account each has its own memory."""
    platform, engine = world.platform, world.platform.engine
    label = {"action": "label", "on": "author", "length": 24 * HOUR}
    first, _ = (world.restrict({**label, "text": words}) for words in ("spam", "scam"))
    assert send(platform, "confirmed", "of spam") == ("", False)
    assert send(platform, "confirmed", "of scam") == ("", False)
    engine.undo("admin", ids=[first])
    assert send(platform, "confirmed", NOTHING) == ("of spam", True)


def test_of_an_erased_decision_nothing_is_remembered(world: World) -> None:
    """What stood at the platform goes with the reasons."""
    platform = world.platform
    world.restrict(suspend(24))
    assert send(platform, "confirmed", BEFORE) == ("", False)
    kept = "SELECT memory FROM outbox WHERE memory != ''"
    assert rows(platform.folder, kept) == [(BEFORE,)]
    platform.engine.erase("chat", "ana")
    assert rows(platform.folder, kept) == []
