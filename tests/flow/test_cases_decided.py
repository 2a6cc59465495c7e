"""Cases decided by people: each subject by itself, told, undone within its window, never twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import (
    DESK_RULES,
    ask,
    bags,
    copies,
    decide,
    flag,
    shoes,
    standing,
    waiting,
)
from flow.platform_side import SECOND, Platform, all_holds, connected
from flow.small_community import rows
from ombud.errors import BadUse


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def test_what_is_released_is_lifted_and_told(platform: Platform) -> None:
    """The hold is undone, its undoing goes out after the window, the person is told why."""
    (answer,) = platform.stream(bags(1))
    platform.deliver()
    (case,) = waiting(platform)
    decide(platform, case, "release")
    assert waiting(platform) == []
    assert standing(platform) == [("hold", "rule", True, True)]
    assert platform.open() == []
    platform.clock[0] += 11 * SECOND
    sent = platform.deliver()
    assert [(each["type"], each.get("inverse")) for each in sent] == [("action", True)]
    platform.clock[0] += 3600 * SECOND
    (told,) = platform.deliver()
    assert "released" in told["text"]
    (item,) = platform.page(answer.statement).items
    assert (item.state, item.may_appeal) == ("undone", False)
    all_holds(platform)


def test_a_hold_that_is_upheld_becomes_what_they_chose(platform: Platform) -> None:
    """The hold ends without being lifted; the new decision has reasons, notice, action and leaf."""
    (answer,) = platform.stream(bags(1))
    platform.deliver()
    (case,) = waiting(platform)
    made = decide(platform, case, "uphold", "remove", why={"en": "It is advertising."})
    assert standing(platform) == [
        ("hold", "rule", True, False),
        ("remove", "reviewer", False, False),
    ]
    platform.clock[0] += 11 * SECOND
    sent = platform.deliver()
    actions = [(each["action"], each["inverse"]) for each in sent if each["type"] == "action"]
    assert actions == [("remove", False)]
    first, second = platform.page(answer.statement).items
    assert (first.state, second.state) == ("ended", "in force")
    assert (second.by, second.automated_decision, second.decision) == (
        "reviewer",
        False,
        made["decisions"][0],
    )
    assert second.why == {"en": "It is advertising."}
    assert [each.said["en"] for each in second.facts]
    platform.clock[0] += 30 * 3600 * SECOND  # past the end of the hold
    platform.stream(bags("later", "zoe"))
    assert standing(platform)[1] == ("remove", "reviewer", False, False)
    all_holds(platform)


def test_an_undone_review_leaves_everything_as_it_was(platform: Platform) -> None:
    """Decisions, holds, case and claim are as before; nothing went out; the log has both."""
    platform.stream(bags(1), bags(2, "bo"))
    platform.deliver()
    first, second = waiting(platform)
    ask(platform, "claim", first)
    columns = "SELECT id, ended, undone_by FROM decision ORDER BY leaf"
    before = rows(platform.folder, columns)
    case = rows(platform.folder, "SELECT * FROM review_case ORDER BY id")
    for outcome, acts in (("release", ()), ("uphold", ("remove",))):
        decide(platform, first, outcome, *acts)
        platform.clock[0] += 9 * SECOND
        ask(platform, "undo", first)
        assert rows(platform.folder, columns)[:2] == before
        assert rows(platform.folder, "SELECT * FROM review_case ORDER BY id") == case
        platform.clock[0] += 20 * SECOND
        assert platform.deliver() == []
        all_holds(platform)
    platform.clock[0] += 25 * 3600 * SECOND  # and the hold ends as it would have
    platform.stream(bags("later", "zoe"))
    assert standing(platform)[0] == ("hold", "rule", True, False)
    decide(platform, second, "release")
    all_holds(platform)


def test_after_the_window_a_review_stands(platform: Platform) -> None:
    """Ten seconds later, or once anything has gone out, it is refused and says what to do."""
    platform.stream(bags(1))
    (case,) = waiting(platform)
    decide(platform, case, "release")
    platform.clock[0] += 11 * SECOND
    with pytest.raises(BadUse, match="U235") as caught:
        ask(platform, "undo", case)
    assert "decisions undo" in caught.value.hint
    assert standing(platform) == [("hold", "rule", True, True)]
    all_holds(platform)


def test_a_campaign_is_decided_at_once_each_for_itself(platform: Platform) -> None:
    """One judgement, a decision with notice, action and leaf for each; replies are left out."""
    platform.stream(*copies(4), *copies(1, 9, in_reply_to={"id": "post/1"}))
    platform.deliver()
    (case,) = waiting(platform, "hold")
    apart = rows(platform.folder, "SELECT record, apart FROM case_subject WHERE apart IS NOT NULL")
    made = decide(platform, case, "uphold", "remove", everything=True)
    assert len(made["decisions"]) == 8  # four new ones, four holds that they replace
    by_people = rows(
        platform.folder, "SELECT about, author FROM decision WHERE by_role = 'reviewer'"
    )
    assert len(set(by_people)) == 4
    assert len(apart) <= 1
    all_holds(platform)


def test_nothing_is_decided_twice(platform: Platform) -> None:
    """A second judgement is refused; the table itself refuses it too."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    decide(platform, case, "release")
    with pytest.raises(BadUse, match="U221"):
        decide(platform, case, "uphold", "remove")
    assert rows(platform.folder, "SELECT count(*) FROM review") == [(1,)]
    all_holds(platform)


def test_flags_on_one_subject_are_one_case_and_are_answered(platform: Platform) -> None:
    """Two flags merge; both who flagged hear; a third is closed at once until the post changes."""
    platform.stream(flag(1, "post/e7", "bo"), flag(2, "post/e7", "cy"))
    (case,) = waiting(platform)
    assert rows(platform.folder, "SELECT count(*) FROM case_subject") == [(2,)]
    decide(platform, case, "release", everything=True)
    platform.clock[0] += 11 * SECOND
    said = {each["account"]: each["text"] for each in platform.deliver()}
    assert set(said) == {"bo", "cy"}
    assert all("within the rules" in text for text in said.values())
    platform.stream(flag(3, "post/e7", "di"))
    assert waiting(platform) == []
    platform.clock[0] += 3700 * SECOND
    (told,) = platform.deliver()
    assert told["account"] == "di"
    all_holds(platform)
