"""What is asked of the platform: where each row stands, in which order it goes, what undoes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import (
    HOUR,
    SECOND,
    Platform,
    all_holds,
    connected,
    happened,
)
from flow.small_community import event, rows
from ombud import ids
from ombud.actions import Door
from ombud.changes import Mark, Reported, Retry
from ombud.decisions import decode
from ombud.ledger import leaf
from ombud.transaction import Transaction

CASES = "SELECT reason, clause, rule, decision FROM review_case WHERE reason LIKE '% failed'"


def bags(number: int | str, **more: Any) -> dict[str, Any]:
    """A post by ana that is held."""
    return event(number, **{"text": "cheap bags", **more})


def decided_by_a_person(platform: Platform, number: int) -> str:
    """A hold like the rule's own, but by an admin: what no door offers yet."""
    (answer,) = platform.stream(bags(number))
    platform.engine.writer.close()
    pipeline = platform.engine.writer.pipeline
    row = pipeline.store.one("decision", answer.decisions)
    assert row is not None
    plain = pipeline.keys.open_decision(row[0], row[14])
    assert plain is not None
    record = decode(plain[leaf.SALT_BYTES :])
    made = type(record)(
        **{name: getattr(record, name) for name in record.__struct_fields__}
        | {"id": ids.new_id("dec"), "by": "admin"}
    )
    tx = Transaction(pipeline.seq, pipeline.recv, pipeline.leaves, pipeline.config)
    frontier = pipeline.frontier.copy()
    with pipeline.store.transaction():
        pipeline.keys.begin()
        pipeline.settle(tx, made, author=row[5], until=row[11], door=Door("chat"))
        frontier.extend(tx.hashes)
        pipeline._write(tx, frontier)
    pipeline._move_on(tx, frontier)
    return made.id


def test_each_door_begins_in_its_own_state(tmp_path: Path) -> None:
    """Stream: asked. Check: answered or awaiting. History and other platforms: recorded."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        platform.check(bags(2, author={"id": "bo"}), event(3, text="mind you"))
        platform.stream(bags(4, author={"id": "cy"}), timeline="2019")
        platform.stream(bags(5, source="forum/hall"))
        assert [(row["connector"], row["state"]) for row in platform.outbox(kind="action")] == [
            ("chat", "asked"),
            ("chat", "answered"),
            ("chat", "awaiting publication"),
            ("chat", "recorded"),
            ("", "recorded"),
        ]
        all_holds(platform)


def test_history_is_never_sent(tmp_path: Path) -> None:
    """Beside live traffic nothing goes out: not the action, its message, its undo nor its end."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1), bags(2), event(3, text="mind you"), timeline="2019")
        platform.engine.undo("admin", rule="mind")
        platform.clock[0] += 25 * HOUR
        platform.stream(event(4, 90_000))
        assert platform.deliver() == []
        assert {row["state"] for row in platform.outbox()} == {"recorded"}
        all_holds(platform)


def test_a_rule_s_action_goes_at_once_and_a_person_s_after_ten_seconds(tmp_path: Path) -> None:
    """The undo window: none for rules, ten seconds for people, for action and message alike."""
    with connected(tmp_path) as platform:
        platform.stream(bags("first", text="mind you"))
        platform.deliver()
        made = decided_by_a_person(platform, 1)
        (row,) = platform.outbox(decision=made, kind="action")
        recv = rows(tmp_path, "SELECT time FROM decision WHERE id = ?", made)[0][0]
        assert row["due"] == recv + 10 * SECOND
        by_rule = [each for each in platform.outbox(kind="action") if each["decision"] != made]
        assert all(each["due"] <= recv for each in by_rule)
        far = frozenset[str]()
        assert row["id"] not in {each.id for each in platform.sender.open(row["due"] - 1, far, 9)}


def test_a_message_waits_for_its_action_s_undo_window(tmp_path: Path) -> None:
    """The first message of a page is due with its action, the one more never before it."""
    with connected(tmp_path) as platform:
        made = decided_by_a_person(platform, 1)
        (row,) = platform.outbox(decision=made, kind="action")
        pages = rows(tmp_path, "SELECT opened, more FROM statement")
        ((opened, more),) = pages
        (message,) = platform.outbox(id=more)
        assert message["due"] == opened + HOUR >= row["due"]


def test_an_undo_in_time_takes_everything_with_it(tmp_path: Path) -> None:
    """Before anything was sent: action, message and inverse are withdrawn, and nothing goes out."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1))
        platform.engine.undo("admin", ids=list(answer.decisions))
        assert platform.states() == [
            ("hold", False, "withdrawn"),
            ("notice", False, "withdrawn"),
            ("hold", True, "withdrawn"),
        ]
        assert platform.deliver() == []
        (item,) = platform.page(answer.statement).items
        assert (item.state, item.told) == ("withdrawn", None)
        all_holds(platform)


def test_what_was_tried_once_is_taken_back_and_not_withdrawn(tmp_path: Path) -> None:
    """An attempt may have arrived: the action stays asked, and its inverse comes behind it."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        action, message = platform.outbox()
        for state in ("sending", "asked"):
            assert platform.mark(action["id"], state)
        platform.engine.undo("admin", rule="bags")
        assert platform.states(kind="action") == [("hold", False, "asked"), ("hold", True, "asked")]
        assert platform.outbox(id=message["id"])[0]["state"] == "asked"
        assert [each["inverse"] for each in platform.deliver() if each["type"] == "action"] == [
            False,
            True,
        ]
        all_holds(platform)


@pytest.mark.parametrize("before", ["sending", "delivered", "confirmed", "failed"])
def test_what_has_gone_out_is_taken_back(before: str, tmp_path: Path) -> None:
    """Wherever it stands after an attempt, the inverse is asked for."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        action = platform.outbox(kind="action")[0]["id"]
        platform.mark(action, "sending")
        if before != "sending":
            platform.mark(action, before)
        platform.engine.undo("admin", rule="bags")
        assert platform.states(kind="action") == [("hold", False, before), ("hold", True, "asked")]


def test_an_end_takes_the_hold_back(tmp_path: Path) -> None:
    """When the hold's time has come the inverse goes out with a message of its own hour."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        platform.deliver()
        platform.clock[0] += 25 * HOUR
        platform.stream(event(2, 90_000))
        action, message = platform.deliver()
        assert (action["type"], action["inverse"]) == ("action", True)
        assert (message["type"], message["account"]) == ("notice", "ana")
        assert "This has ended" in message["text"]
        all_holds(platform)


def test_an_end_before_anything_was_sent_sends_nothing(tmp_path: Path) -> None:
    """The platform was away for a day: neither the hold nor its end reaches it any more."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        platform.clock[0] += 25 * HOUR
        platform.stream(event(2, 90_000))
        assert platform.deliver() == []
        assert {row["state"] for row in platform.outbox()} == {"withdrawn"}
        all_holds(platform)


def test_an_inverse_never_overtakes_its_action(tmp_path: Path) -> None:
    """Rows of one subject go one after another; other subjects and messages hold nothing up."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1), bags(2))
        action = platform.outbox(kind="action")[0]["id"]
        platform.mark(action, "sending")
        platform.engine.undo("admin", rule="bags")
        first = [(due.id, due.inverse) for due in platform.open() if due.kind == "action"]
        assert first == [(action, False)]
        platform.mark(action, "delivered")
        (then,) = [due for due in platform.open() if due.kind == "action"]
        assert then.inverse


def test_a_withdrawn_row_is_not_sent(tmp_path: Path) -> None:
    """The attempt is refused where the row was taken back between look and call."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        action = platform.open()[0].id
        platform.engine.undo("admin", rule="bags")
        assert not platform.mark(action, "sending")
        assert not platform.mark(action, "delivered")
        assert not platform.mark("act_nobody", "sending")
        assert platform.states()[0] == ("hold", False, "withdrawn")


def test_a_result_needs_an_attempt(tmp_path: Path) -> None:
    """What was never begun cannot have been delivered; no state is made up."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        action = platform.open()[0].id
        assert not platform.mark(action, "delivered")
        with pytest.raises(Exception, match="no state"):
            platform.mark(action, "lost")


def test_marks_of_one_group_stand_alone(tmp_path: Path) -> None:
    """One that is refused leaves the other marks and events of its group taken."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        action = platform.open()[0].id
        found = platform.group(
            Mark("act_nobody", "sending"), happened(bags(2)), Mark(action, "sending", 0, 1)
        )
        assert [each.touched for each in found] == [0, 0, 1]
        assert found[1].action == "hold"
        all_holds(platform)


def test_a_failure_opens_one_case(tmp_path: Path) -> None:
    """However often and by whom it is said: given up once, one person is asked once."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1))
        action, message = (row["id"] for row in platform.outbox())
        for id_ in (action, message):
            platform.mark(id_, "sending")
            assert platform.mark(id_, "failed")
            assert not platform.mark(id_, "failed")
            assert platform.doors.report(id_, "chat", "failed")
        assert rows(tmp_path, CASES) == [
            (f"{kind} failed", "spam.links", "bags", answer.decisions[0])
            for kind in ("action", "notice")
        ]
        all_holds(platform)


@pytest.mark.parametrize("state", ["delivered", "confirmed", "sent", "undeliverable"])
def test_a_message_that_went_out_has_one_leaf(state: str, tmp_path: Path) -> None:
    """The public log says once that somebody was told, or that nobody could be."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        message = platform.outbox(kind="notice")[0]["id"]
        platform.mark(message, "sending")
        assert platform.mark(message, state)
        platform.doors.report(message, "chat", "confirmed")
        platform.doors.report(message, "chat", "confirmed")
        leaves = rows(tmp_path, "SELECT entry FROM leaf ORDER BY position")
        found = [leaf.parse_leaf(bytes(each[0])) for each in leaves]
        assert [(each.clause, each.outcome) for each in found if each.type == "notice"] == [
            ("spam.links", state)
        ]
        all_holds(platform)


def test_an_action_s_delivery_is_no_leaf(tmp_path: Path) -> None:
    """Leaves are for what was decided and told, not for how a webhook fared."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        before = platform.doors.ledger_head()["size"]
        action = platform.outbox(kind="action")[0]["id"]
        platform.mark(action, "sending")
        platform.mark(action, "confirmed")
        assert platform.doors.ledger_head()["size"] == before


def test_only_the_platform_itself_reports(tmp_path: Path) -> None:
    """Confirmed or failed by the connector that was asked; nobody else, and nothing unknown."""
    with connected(tmp_path) as platform:
        platform.check(bags(1))
        action = platform.outbox(kind="action")[0]["id"]
        assert not platform.doors.report(action, "forum", "confirmed")
        assert not platform.doors.report(action, "", "confirmed")
        assert not platform.doors.report("act_nobody", "chat", "confirmed")
        assert platform.states()[0] == ("hold", False, "answered")
        assert platform.doors.report(action, "chat", "confirmed")
        assert platform.states()[0] == ("hold", False, "confirmed")
        with pytest.raises(Exception, match="nothing a platform reports"):
            platform.engine.change(Reported(action, "chat", "withdrawn"))


def test_what_was_not_sent_cannot_be_confirmed(tmp_path: Path) -> None:
    """An action that waits, or that was withdrawn, is not reported on."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        action = platform.outbox(kind="action")[0]["id"]
        assert not platform.doors.report(action, "chat", "confirmed")
        platform.engine.undo("admin", rule="bags")
        assert not platform.doors.report(action, "chat", "confirmed")
        assert platform.states()[0] == ("hold", False, "withdrawn")


def test_what_was_given_up_can_be_tried_again(tmp_path: Path) -> None:
    """A person's word sends it once more, under the same key; nothing else can be retried."""
    with connected(tmp_path) as platform:
        platform.stream(bags(1))
        action = platform.outbox(kind="action")[0]["id"]
        assert not platform.engine.change(Retry(action))
        platform.mark(action, "sending")
        platform.mark(action, "failed")
        assert platform.engine.change(Retry(action))
        assert not platform.engine.change(Retry(action))
        assert platform.deliver()[0]["id"] == action
        assert platform.states()[0] == ("hold", False, "delivered")
