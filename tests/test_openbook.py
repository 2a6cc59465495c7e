"""What everybody may read: the same as an outsider counts from the log, and nobody in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, bags, decide, waiting
from flow.demanded import demand
from flow.platform_side import HOUR, SECOND, Platform, connected
from flow.small_community import change, rows
from ombud import casework, openbook
from ombud.appeals import AppealMade
from ombud.clock import DAY
from ombud.reading import reading


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community in which things were held, released, upheld and appealed."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        made.stream(*(bags(n, f"person{n}", n) for n in range(4)), bags(9, "late", 9))
        made.deliver()
        first, second, *_ = waiting(made, "hold")
        decide(made, first, "release")
        decide(made, second, "uphold", "remove", why={"en": "It is advertising."})
        made.clock[0] += 11 * SECOND
        made.deliver()
        yield made


def figures(platform: Platform) -> dict[str, Any]:
    """What is published now."""
    with reading(platform.folder) as reader:
        return reader.openbook().figures(platform.clock[0])


def lines(platform: Platform) -> list[dict[str, Any]]:
    """The lines of the log as anybody reads them."""
    found = rows(platform.folder, "SELECT entry FROM leaf ORDER BY position")
    return [json.loads(row[0]) for row in found]


def test_what_stands_in_the_log_is_counted_from_it_alone(platform: Platform) -> None:
    """By a count of its own that knows nothing of ours."""
    found, log = figures(platform), lines(platform)
    decided = [each for each in log if each["type"] == "decision"]
    by = Counter((each["clause"], each["action"], each["automated"]) for each in decided)
    assert {
        (each["clause"], each["action"], each["automated"]): each["count"]
        for each in found["decisions"]
    } == by
    ended = Counter(each["outcome"] for each in log if each["type"] in ("undo", "ended"))
    assert found["ended"] == ended
    told = Counter(each["outcome"] for each in log if each["type"] == "notice")
    assert told.total() > 0
    assert {name: count for name, count in found["told"].items() if count} == told
    assert found["size"] == len(log)
    assert found["days"][-1]["decisions"] == len(decided)
    of_rules = {(each["rule"], each["action"]): each["count"] for each in found["rules"]}
    assert of_rules == Counter(
        (each["rule"], each["action"]) for each in decided if each["automated"]
    )


def test_lines_that_come_later_are_counted_once(platform: Platform) -> None:
    """A book that is kept says the same as one that is opened anew."""
    with reading(platform.folder) as reader:
        book = reader.openbook()
        before = book.figures(platform.clock[0])
        platform.stream(bags("later", "zoe", 30))
        after = reader.openbook().figures(platform.clock[0])
    assert after == figures(platform)
    assert sum(each["count"] for each in after["decisions"]) == 1 + sum(
        each["count"] for each in before["decisions"]
    )


def test_holds_that_stand_for_too_long_are_said_to_be_overdue(platform: Platform) -> None:
    """Also where nothing has happened since."""
    waiting_now = figures(platform)["holds"]
    assert waiting_now["overdue"] == 0
    assert waiting_now["waiting"] > 0
    platform.clock[0] += 4 * DAY
    assert figures(platform)["holds"]["overdue"] == waiting_now["waiting"]


def test_a_median_of_few_is_not_told(platform: Platform) -> None:
    """It could be one person's."""
    for number in range(1, 6):
        assert figures(platform)["appeals"]["median_hours"] is None
        name = f"apl_{number}"
        made = (name, f"dec_{number}", platform.clock[0])
        change(
            platform.folder,
            "INSERT INTO appeal (id, decision, statement, made, state, leaf) "
            "VALUES (?, ?, 'stm', ?, 'answered', 1)",
            *made,
        )
        change(
            platform.folder,
            "INSERT INTO appeal_outcome (appeal, seq, time, person, role, outcome, revocable) "
            "VALUES (?, 1, ?, 1, 'appeals', 'upheld', 1)",
            name,
            platform.clock[0] + number * HOUR,
        )
    assert figures(platform)["appeals"]["median_hours"] == 3


def test_emergencies_are_told_from_their_beginning_to_their_end(platform: Platform) -> None:
    """One that is still on says until when at the latest; one ended early, when it was."""
    platform.engine.set_state("emergency", 3 * HOUR, begins=True)
    (now,) = figures(platform)["emergencies"]
    assert now["on"]
    platform.clock[0] += HOUR
    platform.engine.set_state("emergency", begins=False)
    (ended,) = figures(platform)["emergencies"]
    assert not ended["on"]
    assert ended["until"] < now["until"]


def test_nobody_is_in_it(platform: Platform) -> None:
    """No account, no text, no name of the staff, no subject: whatever happened."""
    demand(platform.engine, "person1", clause=None)
    told = json.dumps(figures(platform))
    for word in ("person0", "person1", "copier", "mia", "cheap", "post/e", "advertising"):
        assert word not in told


def test_shares_are_of_what_was_decided() -> None:
    """Omitted appeals count for nobody."""
    appeals = {"ended": {"upheld": 3, "partial": 1, "reversed": 2, "omitted": 9}}
    assert openbook.overturned(appeals) == (3, 6)
    decided = [{"automated": True, "count": 3}, {"automated": False, "count": 4}]
    assert openbook.share(decided) == (3, 7)


def test_clauses_and_rules_are_summed_over_actions() -> None:
    """The most used clause first, of all there is; of each rule what was taken back."""
    decided = [
        {"clause": "a", "count": 1},
        {"clause": "b", "count": 2},
        {"clause": "a", "count": 4},
    ]
    assert openbook.by_clause(decided) == [("a", 5, 7), ("b", 2, 7)]
    acted = [
        {"rule": "r", "count": 1, "taken_back": 1},
        {"rule": "s", "count": 4, "taken_back": 0},
        {"rule": "r", "count": 2, "taken_back": 1},
    ]
    assert openbook.by_rule(acted) == [("s", 0, 4), ("r", 2, 3)]


def test_appeals_that_wait_too_long_are_counted(tmp_path: Path) -> None:
    """Those that are overdue, and once they are decided, that they were late; none before."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(bags(1, "lan"), bags(2, "an"))
        query = "SELECT decision, statement FROM notice WHERE reason = 'decided' ORDER BY seq"
        for decision, statement in rows(tmp_path, query):
            platform.engine.change(AppealMade(platform.token(statement), decision, "No."))
        counted = figures(platform)["appeals"]
        assert (counted["open"], counted["overdue"], counted["late"]) == (2, 0, 0)
        first, second = rows(tmp_path, "SELECT id FROM appeal ORDER BY made, id")
        platform.clock[0] += counted["due_days"] * DAY - 1
        asked = {"outcome": "reverse", "by": "kim"}
        assert figures(platform)["appeals"]["overdue"] == 0
        casework.perform(platform.engine, "decide appeals", {**asked, "appeals": [*first]})
        platform.clock[0] += DAY
        counted = figures(platform)["appeals"]
        assert (counted["open"], counted["overdue"], counted["late"]) == (1, 1, 0)
        casework.perform(platform.engine, "decide appeals", {**asked, "appeals": [*second]})
        counted = figures(platform)["appeals"]
        assert (counted["open"], counted["overdue"], counted["late"]) == (0, 0, 1)
