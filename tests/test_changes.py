"""Changes: what is written beside the journal, each for itself, and none of it a control."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from flow.platform_side import Platform, all_holds, connected
from flow.small_community import NOW, event, rows
from ombud import (
    advice,
    appeals,
    attestations,
    changes,
    chat,
    desk,
    effects,
    expiry,
    filing,
    looks,
    opening,
    proposing,
    resting,
)
from ombud.appeals import AppealMade
from ombud.changes import (
    Mark,
    Reached,
    Reported,
    Retry,
    RunMade,
)
from ombud.clock import DAY, day
from ombud.config import STORE_FILE
from ombud.controls import followed, protecting
from ombud.errors import BadUse


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with one hold."""
    with connected(tmp_path) as made:
        made.stream(event(1, text="cheap bags"))
        yield made


def test_every_kind_of_change_is_carried_out() -> None:
    """The closed list: each change there is has its own function."""
    kinds = {Mark, Reached, Reported, Retry, RunMade}
    kinds |= {*desk.CARRIED_OUT, *appeals.CARRIED_OUT, *looks.CARRIED_OUT, *opening.CARRIED_OUT}
    kinds |= {*expiry.CARRIED_OUT, *filing.CARRIED_OUT, *attestations.CARRIED_OUT}
    kinds |= {*proposing.CARRIED_OUT, *resting.CARRIED_OUT, *protecting.CARRIED_OUT}
    kinds |= {*advice.CARRIED_OUT, *followed.CARRIED_OUT, *chat.CARRIED_OUT}
    assert set(changes._CARRIED_OUT) == kinds
    assert {each.__name__ for each in effects.Change.__subclasses__()} == {
        each.__name__ for each in kinds
    }


def test_no_change_is_in_the_journal(platform: Platform) -> None:
    """Marks and refusals move neither the journal nor its order."""
    before = rows(platform.folder, "SELECT count(*), max(seq), max(recv) FROM journal")
    action = platform.outbox()[0]["id"]
    platform.mark(action, "sending")
    platform.engine.change(Retry("act_none"))
    assert rows(platform.folder, "SELECT count(*), max(seq), max(recv) FROM journal") == before
    all_holds(platform)


def test_a_mark_keeps_what_it_was_told(platform: Platform) -> None:
    """Attempts, the next instant, the detail cut short, the first attempt and the last instant."""
    action = platform.outbox()[0]["id"]
    wanted = "SELECT state, due, attempts, began, done, detail FROM outbox WHERE id = ?"

    def found() -> tuple[object, ...]:
        return rows(platform.folder, wanted, action)[0]

    due = platform.outbox()[0]["due"]
    platform.engine.change(Mark(action, "sending", 99, 1, "ignored"))
    assert found() == ("sending", due, 1, NOW + 1, None, "")
    platform.engine.change(Mark(action, "asked", NOW + 50, 1, "x" * 500))
    assert found() == ("asked", NOW + 50, 1, NOW + 1, None, "x" * changes.DETAIL_LENGTH_MAX)
    platform.clock[0] += 1000
    platform.engine.change(Mark(action, "sending", 0, 2))
    platform.engine.change(Mark(action, "delivered", 0, 2))
    assert found() == ("delivered", 0, 2, NOW + 1, NOW + 1000, "")


def led_to(platform: Platform) -> tuple[int, list[tuple[object, ...]]]:
    """How long the public log is, and the cases in which a failure waits for a person."""
    cases = "SELECT reason, decision FROM review_case WHERE reason LIKE '% failed' ORDER BY rowid"
    return rows(platform.folder, "SELECT count(*) FROM leaf")[0][0], rows(platform.folder, cases)


def test_a_platform_that_changes_its_mind_adds_nothing(platform: Platform) -> None:
    """However often it says failed and confirmed by turns: one line for a message, one open case
    for each row; the state is what it said last.
    """
    lines, _ = led_to(platform)
    platform.deliver()
    both = [row["id"] for row in platform.outbox()]
    assert len(both) == 2
    assert led_to(platform) == (lines + 1, [])
    for _ in range(20):
        for state in ("failed", "confirmed"):
            for each in both:
                assert platform.doors.report(each, "chat", state)
                assert platform.doors.report(each, "chat", state)
            assert {row["state"] for row in platform.outbox()} == {state}
    decision = platform.outbox()[0]["decision"]
    wanted = [("action failed", decision), ("notice failed", decision)]
    assert led_to(platform) == (lines + 1, wanted)
    all_holds(platform)


def test_a_message_that_was_given_up_and_came_through_has_one_line(platform: Platform) -> None:
    """It had none when it failed; the first success gives it its line, a second try no other."""
    lines, _ = led_to(platform)
    action, message = (row["id"] for row in platform.outbox())
    platform.mark(action, "sending")
    platform.mark(action, "delivered")
    platform.mark(message, "sending")
    platform.mark(message, "failed")
    assert led_to(platform)[0] == lines
    for _ in range(3):
        assert platform.doors.report(message, "chat", "confirmed")
        assert platform.doors.report(message, "chat", "failed")
        assert led_to(platform)[0] == lines + 1
        assert platform.engine.change(Retry(message))
        platform.deliver("failed")
    assert [reason for reason, _ in led_to(platform)[1]] == ["notice failed"]
    store = apsw.Connection(str(platform.folder / STORE_FILE))
    store.execute("UPDATE review_case SET closed = 1")
    store.close()
    assert platform.engine.change(Retry(message))
    platform.deliver("failed")
    assert len(led_to(platform)[1]) == 2  # what a person has dealt with is no open case
    assert led_to(platform)[0] == lines + 1


def test_a_refusal_says_what_where_and_what_to_do(platform: Platform) -> None:
    """As an answer to its own item, with all that is needed to raise it again elsewhere."""
    (answer,) = platform.group(AppealMade("nobody", "dec_1", "x"))
    assert answer.status == "applied"
    assert answer.problem is not None
    again = BadUse.relayed(answer.problem)
    assert (again.code, again.where) == ("U022", "link")
    assert again.hint


def test_a_broken_change_takes_its_group_along(platform: Platform) -> None:
    """What is no state is a fault of the program: nothing of the group is kept."""
    action = platform.outbox()[0]["id"]
    with pytest.raises(Exception, match="D011"):
        platform.group(Mark(action, "sending", 0, 1), Mark(action, "lost"))
    assert platform.outbox()[0]["state"] == "asked"
    assert platform.mark(action, "sending")


def test_a_line_is_of_the_day_on_which_it_was_written(platform: Platform) -> None:
    """An appeal, a delivery, a run, also where nothing was journalled for days; and never of a day
    before the last record, whatever the clock says.
    """
    token = platform.token(rows(platform.folder, "SELECT id FROM statement")[0][0])
    decision = rows(platform.folder, "SELECT id FROM decision")[0][0]
    platform.clock[0] += 2 * DAY
    platform.engine.change(AppealMade(token, decision, "I did not do that."))
    platform.clock[0] += 3 * DAY
    platform.engine.change(RunMade("run_1", "watch", "{}", "admin"))
    platform.clock[0] -= 60 * DAY
    platform.engine.change(RunMade("run_2", "watch", "{}", "admin"))
    recv = rows(platform.folder, "SELECT max(recv) FROM journal")[0][0]
    lines = [json.loads(row[0]) for row in rows(platform.folder, "SELECT entry FROM leaf")]
    told = [(each["type"], each["day"]) for each in lines][-3:]
    days = [day(NOW + 2 * DAY), day(NOW + 5 * DAY), day(recv)]
    assert told == list(zip(("appeal", "replay", "replay"), days, strict=True))
