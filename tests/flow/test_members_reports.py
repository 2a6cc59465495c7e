"""What members report under the rules as they are shipped: before a person, once, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import decide, flag, waiting
from flow.platform_side import CONNECTED, Platform, all_holds, connected
from flow.small_community import DAY, SETTINGS, event, rows
from ombud import samples
from ombud.reading import reading
from ombud.review import order

SHIPPED = {name: text.decode() for name, text in samples.files("rules").items()}


@pytest.fixture(params=[False, True], ids=["holds off", "holds on"])
def platform(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Platform]:
    """A connected community under the shipped rules, with one reason that has a rule elsewhere."""
    settings = CONNECTED.replace(SETTINGS, f"procedural_holds = {str(request.param).lower()}\n")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "reasons-with-their-own-rule.txt").write_text("private data\n")
    with connected(tmp_path, rules=SHIPPED, settings=settings) as made:
        made.stream({**event(1, text="You are all fools"), "subject": "post/1"})
        yield made


def test_a_report_comes_before_a_person_and_does_nothing_else(platform: Platform) -> None:
    """Fifty members flag one post, with reasons and without: one case, no decision, no message to
    its author; a person's answer is everybody's.
    """
    reports = [flag(n, "post/1", f"bo{n}", n) for n in range(50)]
    for each in reports[::2]:
        each["data"]["reason"] = "abuse"
    platform.stream(*reports)
    (case,) = waiting(platform)
    with reading(platform.folder) as reader:
        (shown,) = reader.casebook().page(
            platform.clock[0], "en", queue="reports", state="open", after="", limit=9
        )
    assert (shown["id"], shown["records"], shown["urgent"]) == (case, 50, False)
    assert rows(platform.folder, "SELECT action FROM decision") == []
    assert platform.deliver() == []
    decide(platform, case, "uphold", "remove")
    assert rows(platform.folder, "SELECT action, clause FROM decision") == [
        ("remove", "reports.members")
    ]
    platform.clock[0] += DAY
    sent = platform.deliver()
    assert sum(each["type"] == "answer" for each in sent) == 50
    assert waiting(platform) == []
    all_holds(platform)


def test_a_reason_with_a_rule_of_its_own_is_left_to_it(platform: Platform) -> None:
    """However the platform writes it."""
    for number, reason in enumerate(("Private-Data", "private_data")):
        report = flag(number, "post/1", "bo")
        report["data"]["reason"] = reason
        platform.stream(report)
    assert waiting(platform) == []
    platform.stream(flag("x", "post/1", "bo"))
    assert len(waiting(platform)) == 1


def test_who_reports_much_pays_with_the_places_of_their_own_reports(platform: Platform) -> None:
    """Not with the places of whom they report, nor of others who report."""
    platform.stream(
        *({**event(f"p{n}", n, text=f"text {n}"), "subject": f"post/p{n}"} for n in range(4))
    )
    platform.stream(*(flag(n, f"post/p{n}", "mob", 10 + n) for n in range(3)))
    platform.stream(flag("y", "post/p3", "bo", 20))
    behind = "SELECT behind FROM review_case ORDER BY rowid"
    found = [row[0] for row in rows(platform.folder, behind)]
    assert found == [0, order.AUTHOR_EVERY, 2 * order.AUTHOR_EVERY, 3 * order.SOURCE_EVERY]
