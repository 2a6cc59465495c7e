"""What happens to the others when the first of several decisions is taken back in time, and what a
second try must not bring back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import CONNECTED, HOUR, SECOND, all_holds, connected
from flow.small_community import event
from ombud.changes import Retry
from ombud.journal import Control


def bags(number: int) -> dict[str, Any]:
    """A post by ana that is held."""
    return event(number, text="cheap bags")


def test_the_next_message_takes_the_place_of_a_withdrawn_first(tmp_path: Path) -> None:
    """Two are held at once; the first is undone before it was sent: the second is told of at once,
    after its action, and not at the hour's end.
    """
    with connected(tmp_path) as platform:
        first, second = platform.stream(bags(1), bags(2))
        platform.engine.undo("admin", ids=list(first.decisions))
        sent = platform.deliver()
        assert [(each["type"], each["decision"]) for each in sent] == [
            ("action", second.decisions[0]),
            ("notice", second.decisions[0]),
        ]
        (third,) = platform.stream(bags(3))
        assert [each["type"] for each in platform.deliver()] == ["action"]
        platform.clock[0] += HOUR + SECOND
        assert [each["type"] for each in platform.deliver()] == ["notice"]
        assert third.statement == second.statement
        all_holds(platform)


def test_a_restriction_does_not_come_back_after_its_undoing(tmp_path: Path) -> None:
    """An action that failed and was undone since is not tried again."""
    with connected(tmp_path) as platform:
        (made,) = platform.stream(bags(1))
        action = platform.outbox(kind="action")[0]["id"]
        platform.mark(action, "sending")
        platform.mark(action, "failed")
        platform.engine.undo("admin", ids=list(made.decisions))
        platform.deliver()
        assert not platform.engine.change(Retry(action))
        assert platform.states(kind="action") == [
            ("hold", False, "failed"),
            ("hold", True, "delivered"),
        ]
        all_holds(platform)


def test_an_erased_hold_is_released_all_the_same(tmp_path: Path) -> None:
    """The person is erased while their post is held: its end is asked for by the action's key."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        (action, _) = platform.deliver()
        platform.engine.erase("chat", "ana")
        platform.engine.undo("admin", ids=[action["decision"]])
        (inverse,) = platform.deliver()
        assert (inverse["inverse"], inverse["undoes"]) == (True, action["id"])
        assert inverse["subject"] is None
        assert "ana" not in str(inverse)
        assert platform.states(kind="action")[-1] == ("hold", True, "delivered")


@pytest.mark.parametrize("answer", ["allow", "refuse"])
def test_what_answers_did_not_bring_is_told_once_more_an_hour(tmp_path: Path, answer: str) -> None:
    """Eight checks of one person are answered at their deadline: one message at once, one at the
    hour's end, and all eight on the page.
    """
    with connected(tmp_path) as platform:
        checks = [bags(number) for number in range(8)]
        made = platform.check(*checks)
        identity = platform.doors.identity
        late = [
            {"identity": identity(each["source"], each["id"]).hex(), "answer": answer}
            for each in checks
        ]
        platform.group(Control("deadline", {"answers": late[:1]}))
        platform.group(Control("deadline", {"answers": late[1:]}))
        assert [each["type"] for each in platform.deliver()].count("notice") == 1
        platform.clock[0] += HOUR + SECOND
        assert [each["type"] for each in platform.deliver()].count("notice") == 1
        platform.clock[0] += HOUR + SECOND
        assert platform.deliver() == []
        assert len(platform.page(made[0].statement).items) == 8
        all_holds(platform)


def test_a_release_is_told_as_one(tmp_path: Path) -> None:
    """Held at a check and undone: what comes at the hour's end says that it was undone."""
    with connected(tmp_path) as platform:
        (made,) = platform.check(bags(1))
        platform.engine.undo("admin", ids=list(made.decisions))
        platform.clock[0] += HOUR + SECOND
        (message,) = [each for each in platform.deliver() if each["type"] == "notice"]
        assert "was undone" in message["text"]


def test_one_platform_does_not_hold_up_another(tmp_path: Path) -> None:
    """The same subject on two platforms has two lanes."""
    settings = CONNECTED + '\n[connectors.forum]\nurl = "http://127.0.0.1:9/hook"\n'
    with connected(tmp_path, settings=settings) as platform:
        for source in ("chat/hall", "forum/hall"):
            platform.stream(event(1, text="cheap bags", source=source, subject="post/1"))
        lanes = {row["lane"] for row in platform.outbox(kind="action")}
        assert len(lanes) == 2
