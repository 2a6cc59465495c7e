"""The outbox as the sender sees it: whose turn it is, what is said, how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.platform_side import HOUR, Platform, connected
from flow.small_community import NOW, change, event
from ombud.changes import Mark
from ombud.errors import BadData
from ombud.sender import FAR, Due

NOBODY: frozenset[str] = frozenset()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path) as made:
        yield made


def bags(number: int | str, who: str = "ana", **more: Any) -> dict[str, Any]:
    """A post that is held."""
    return event(number, text="cheap bags", author={"id": who}, **more)


def test_a_row_is_given_as_it_stands(platform: Platform) -> None:
    """Every field of what is due comes from its row, in the order of asking."""
    platform.stream(bags(1), bags(2, "bo"))
    found = platform.open()
    listed = platform.outbox(kind="action")
    assert [due.id for due in found] == [row["id"] for row in listed]
    for due, row in zip(found, listed, strict=True):
        assert (due.kind, due.connector, due.lane) == ("action", "chat", row["lane"])
        assert (due.due, due.state, due.attempts, due.inverse) == (row["due"], "asked", 0, False)
        assert due.began is None
    assert found[0].order < found[1].order
    platform.mark(found[0].id, "sending")
    (again,) = [due for due in platform.open() if due.id == found[0].id]
    assert (again.state, again.attempts, again.began) == ("sending", 1, NOW + 2)


def test_only_whose_turn_it_is(platform: Platform) -> None:
    """Nothing before its instant, of a busy connector, beyond the limit, or behind its lane."""
    platform.stream(bags(1), bags(2, "bo"), bags(3, "cy"))
    (first, *_) = platform.outbox()
    assert platform.sender.open(first["due"] - 1, NOBODY, 9) == []
    assert [due.id for due in platform.sender.open(first["due"], NOBODY, 9)] == [first["id"]]
    assert len(platform.open(2)) == 2
    later = NOW + HOUR
    assert platform.sender.open(later, frozenset({"chat", "x"}), 9) == []
    assert len(platform.sender.open(later, frozenset({"x", 'y"]'}), 9)) == 3


def test_what_a_lane_has_seen_costs_nothing(platform: Platform) -> None:
    """A room of a raid gets thousands of rows in one lane: whose turn it is is not looked for among
    those that are over. Counted in steps of SQLite's machine, which nobody else disturbs.
    """
    platform.stream(bags(1))
    copied = (
        "INSERT INTO outbox (id, decision, seq, lane, action, state, connector, due) WITH RECURSIVE"
        " n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 2000) SELECT 'r' || at,"
        " 'd' || at, 1, lane, action, iif(at <= 1000, 'delivered', 'asked'), connector, due"
        " FROM outbox, n WHERE kind = 'action'"
    )
    change(platform.folder, copied)
    change(platform.folder, "UPDATE outbox SET state = 'delivered' WHERE id NOT LIKE 'r%'")
    assert [due.id for due in platform.open(9)] == ["r1001"]
    assert steps(platform) < 1000 * 60


def steps(platform: Platform) -> int:
    """How many steps one look at what is due takes."""
    counted = [0]

    def on() -> bool:
        counted[0] += 1
        return False

    store = platform.sender._store.connection
    store.set_progress_handler(on, 1)
    platform.open(9)
    store.set_progress_handler(None)
    return counted[0]


def test_what_is_due_far_ahead_was_timed_by_another_clock(platform: Platform) -> None:
    """After the clock went back, rows asked for in a future that is not are looked at again."""
    platform.stream(bags(1))
    due = platform.outbox()[0]["due"]
    assert platform.sender.open(due - FAR, NOBODY, 9) == []
    assert len(platform.sender.open(due - FAR - 1, NOBODY, 9)) == 1


def test_a_message_holds_up_no_action(platform: Platform) -> None:
    """A message that cannot go out keeps neither the inverse nor other subjects waiting."""
    platform.stream(bags(1))
    action, message = (row["id"] for row in platform.outbox())
    platform.mark(action, "sending")
    platform.mark(action, "delivered")
    platform.mark(message, "sending")
    platform.engine.undo("admin", rule="bags")
    assert {(due.kind, due.inverse) for due in platform.open()} == {
        ("notice", False),
        ("action", True),
    }


def test_marks_answer_one_by_one(platform: Platform) -> None:
    """For each mark of a commit, whether it was taken; what fails is told by the future."""
    platform.stream(bags(1))
    action = platform.outbox()[0]["id"]
    told = platform.sender.mark(
        [Mark(action, "sending", 0, 1), Mark("act_none", "sending"), Mark(action, "delivered")]
    )
    assert told.result(10) == [True, False, True]
    assert platform.sender.mark([]).result(10) == []
    failing = platform.sender.mark([Mark(action, "lost")])
    with pytest.raises(BadData, match="D011"):
        failing.result(10)


def test_what_is_not_there_has_no_body(platform: Platform) -> None:
    """A row or a decision that is gone is nothing to send, and no error."""
    platform.stream(bags(1))
    (due, *_) = platform.open()
    gone = Due(id="act_none", kind="action", connector="chat", lane=b"", order=1, due=1)
    assert platform.sender.body(gone) is None
    assert platform.sender.body(due) is not None


def test_an_inverse_says_so(platform: Platform) -> None:
    """The same action of the same decision and subject, marked as its taking back."""
    platform.stream(bags(1))
    (action,) = [each for each in platform.deliver() if each["type"] == "action"]
    platform.engine.undo("admin", rule="bags")
    (inverse,) = [each for each in platform.deliver() if each["type"] == "action"]
    assert inverse == {**action, "id": inverse["id"], "inverse": True, "undoes": action["id"]}
    assert inverse["id"] != action["id"]


def test_a_person_s_language_is_the_message_s(platform: Platform) -> None:
    """The page's language, which was the author's; what nobody speaks here is the first spoken."""
    for number, (lang, spoken) in enumerate((("vi-VN", "vi"), ("fr", "en"), (None, "en"))):
        author = {"id": f"p{number}", **({"lang": lang} if lang else {})}
        platform.stream(event(number, text="cheap bags", author=author))
        (message,) = [each for each in platform.deliver() if each["type"] == "notice"]
        assert message["lang"] == spoken


def test_a_body_names_no_page_where_there_is_none(platform: Platform) -> None:
    """Of an event without an author nobody is told, and the action says so."""
    told = bags(1)
    del told["data"]["author"]
    platform.stream(told)
    (action,) = platform.deliver()
    assert (action["account"], action["statement"]) == (None, None)
