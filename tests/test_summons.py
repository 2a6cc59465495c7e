"""Calls to the staff: the first at once, more folded and counted, what is urgent by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.followed_community import LIST, ROOM, publish
from flow.platform_side import CONNECTED, HOUR, SECOND, Platform, all_holds, connected
from flow.small_community import SETTINGS, event, rows, rule
from ombud import summons
from ombud.clock import DAY
from ombud.controls.watching import MANY
from ombud.reading import reading

MINUTE = 60 * SECOND
URGENT = rule(
    "help",
    'text contains "help me"',
    'text "help me"',
    'text "thanks"',
    then='alert "help" for review in queue "urgent" as urgent',
)
HELD = rule("bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "thanks"')
CAP = 200


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=dict([URGENT, HELD])) as made:
        yield made


def urgent(number: int, **more: Any) -> dict[str, Any]:
    """A post that somebody should see within minutes."""
    return event(number, text=f"help me {number}", author={"id": f"p{number}"}, **more)


def held(number: int) -> dict[str, Any]:
    """A post that is held."""
    return event(number, text=f"cheap bags {number}", author={"id": f"p{number}"})


def called(platform: Platform) -> list[tuple[str, bool, int]]:
    """What goes out now to the staff: queue, whether urgent, how often there was reason."""
    return [
        (each["queue"], each["urgent"], each["times"])
        for each in platform.deliver()
        if each["type"] == summons.WORD
    ]


def test_the_first_goes_at_once_and_more_at_the_hours_end(platform: Platform) -> None:
    """A thousand reasons within the hour are two messages; nothing is lost of the count."""
    platform.stream(urgent(0))
    assert called(platform) == [("urgent", True, 1)]
    for begin in range(1, 1000, 250):
        platform.clock[0] += MINUTE
        platform.stream(*(urgent(begin + n) for n in range(250)))
    assert called(platform) == []
    platform.clock[0] += HOUR
    assert called(platform) == [("urgent", True, 1000)]
    with reading(platform.folder) as reader:
        (queue,) = reader.casebook().queues(platform.clock[0])
        assert (queue["open"], queue["called"], queue["folded"]) == (1001, 2, 999)
        (later,) = reader.casebook().queues(platform.clock[0] + DAY)
        assert (later["called"], later["folded"]) == (0, 0)
    platform.stream(urgent(2000))
    assert called(platform) == [("urgent", True, 1)]
    all_holds(platform)


def test_one_reason_is_one_message(platform: Platform) -> None:
    """Nothing follows at the hour's end where nothing was folded."""
    platform.stream(urgent(0))
    (said,) = [each for each in platform.deliver() if each["type"] == summons.WORD]
    assert said["title"] == "Talk: a moderator is needed"
    assert "urgent (spam.links)" in said["text"]
    assert "p0" not in str(said)
    platform.clock[0] += 2 * HOUR
    assert called(platform) == []


def test_at_a_cap_somebody_is_called_and_what_is_urgent_does_not_wait_for_it(
    platform: Platform,
) -> None:
    """Below it nobody is; past it once, however much is held; urgent comes all the same."""
    platform.stream(*(held(n) for n in range(CAP)))
    assert called(platform) == []
    platform.stream(*(held(CAP + n) for n in range(30)))
    assert called(platform) == [("review", False, 1)]
    platform.stream(urgent(900))
    assert called(platform) == [("urgent", True, 1)]
    platform.clock[0] += HOUR + SECOND
    assert called(platform) == [("review", False, 29)]


def test_a_history_calls_nobody_and_without_a_platform_it_is_counted(tmp_path: Path) -> None:
    """Nothing goes out; the queue says how often there was reason."""
    with connected(tmp_path / "a", rules=dict([URGENT]), settings=CONNECTED) as made:
        made.stream(urgent(0), timeline="old")
        assert rows(made.folder, "SELECT count(*) FROM summons") == [(0,)]
    with connected(tmp_path / "b", rules=dict([URGENT]), settings=SETTINGS) as made:
        made.stream(urgent(0), urgent(1))
        assert made.states(kind=summons.WORD) == [("summons", False, "recorded")] * 2
        with reading(made.folder) as reader:
            (queue,) = reader.casebook().queues(made.clock[0])
        assert (queue["called"], queue["folded"]) == (2, 0)


def test_what_was_lost_with_a_group_was_never_called(platform: Platform) -> None:
    """After a failed commit the same is told again, once."""

    def fail(point: str) -> None:
        if point == "before commit":
            raise OSError(point)

    platform.engine.writer.pipeline.fault = fail
    with pytest.raises(Exception, match="before commit"):
        platform.stream(urgent(0), urgent(1))
    platform.stream(urgent(0), urgent(1))
    assert rows(platform.folder, "SELECT times FROM summons") == [(2,)]
    assert called(platform) == [("urgent", True, 1)]


FOLLOWS = (
    f'{SETTINGS}\nname = "Talk"\n\n[matrix.chat]\nurl = "http://127.0.0.1:9"\n'
    'server = "talk.example"\nrooms = ["!hall:talk.example"]\n'
    'staff_room = "!moderators:talk.example"\n[matrix.chat.policies]\n'
    f'follow = {{"{LIST}" = "{ROOM}"}}\n'
)


def test_a_list_s_entry_that_waits_calls_somebody(tmp_path: Path) -> None:
    """What counts at once calls nobody; what waits for a person does, once an hour and more at its
    end, however many come; the call names the list and no entry, and no queue counts it.
    """
    with connected(tmp_path / "list", rules=dict([URGENT]), settings=FOLLOWS) as made:
        publish(made.engine, "@plain:far")
        assert made.deliver() == []
        publish(made.engine, "@spam*:far", "@ban:far", own=("@ban:far",))
        (call,) = made.deliver()
        assert (call["type"], call["list"], call["queue"]) == (summons.WORD, LIST, "")
        assert (call["clause"], call["urgent"], call["times"]) == ("", False, 1)
        assert LIST in call["text"]
        assert "far" not in call["text"]
        publish(made.engine, "*.bad.far", kind="server")
        publish(made.engine, *(f"@raid{number}:far" for number in range(MANY + 1)))
        assert made.deliver() == []
        made.clock[0] += HOUR + SECOND
        (more,) = made.deliver()
        assert (more["list"], more["times"]) == (LIST, 3)
        assert rows(made.folder, "SELECT count(*) FROM summons") == [(1,)]
        with reading(made.folder) as reader:
            assert all(each["called"] == 0 for each in reader.casebook().queues(made.clock[0]))
        all_holds(made)
    elsewhere = FOLLOWS.replace("staff_room", "# staff_room")
    hooks = elsewhere + '[connectors.forum]\nurl = "http://127.0.0.1:9/hook"\n'
    with connected(tmp_path / "hooks", rules=dict([URGENT]), settings=hooks) as made:
        publish(made.engine, "@spam*:far")
        assert [each["list"] for each in made.deliver()] == [LIST]
        query = "SELECT connector FROM outbox WHERE kind = 'summons'"
        assert rows(made.folder, query) == [("forum",)]
    with connected(tmp_path / "none", rules=dict([URGENT]), settings=SETTINGS) as made:
        publish(made.engine, "@spam*:far")
        assert made.states(kind=summons.WORD) == [("summons", False, "recorded")]
