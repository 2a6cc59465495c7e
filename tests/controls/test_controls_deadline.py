"""A check that its hook answered itself: what was decided is let out once, and on record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flow.platform_side import all_holds, connected
from flow.small_community import rows
from flow.test_check_before_publication import deadline, held


@pytest.mark.parametrize("answer", ["allow", "refuse"])
def test_a_late_hold_is_told_all_the_same(tmp_path: Path, answer: str) -> None:
    """Let through at the deadline: action and message go out. Refused: the message alone."""
    told = held(1)
    with connected(tmp_path) as platform:
        (first,) = platform.check(told)
        deadline(platform, told, answer)
        sent = [each["type"] for each in platform.deliver()]
        assert sent == (["action", "notice"] if answer == "allow" else ["notice"])
        action = "delivered" if answer == "allow" else "answered"
        assert [each[2] for each in platform.states()] == [action, "delivered"]
        (payload,) = rows(tmp_path, "SELECT payload FROM journal WHERE type = '!deadline'")
        assert json.loads(payload[0]) == {"answers": [{"record": first.seq, "answer": answer}]}
        all_holds(platform)


def test_a_deadline_before_any_record_is_journalled(tmp_path: Path) -> None:
    """The check itself was never taken: the answer is counted, and nothing is sent."""
    with connected(tmp_path) as platform:
        platform.check(held(1))
        deadline(platform, held(2), "allow")
        assert platform.deliver() == []
        (payload,) = rows(tmp_path, "SELECT payload FROM journal WHERE type = '!deadline'")
        assert json.loads(payload[0]) == {"answers": [{"record": None, "answer": "allow"}]}
        all_holds(platform)


def test_a_deadline_sends_nothing_that_was_undone(tmp_path: Path) -> None:
    """Undone before the deadline was journalled: no action goes out but the inverse."""
    told = held(1)
    with connected(tmp_path) as platform:
        platform.check(told)
        platform.engine.undo("admin", rule="bags")
        deadline(platform, told, "allow")
        actions = [each for each in platform.deliver() if each["type"] == "action"]
        assert [each["inverse"] for each in actions] == [True]
