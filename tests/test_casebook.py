"""What is shown of cases: pages in order, one case with reasons and choices, nobody's secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, ask, bags, copies, decide, flag, shoes, waiting
from flow.platform_side import Platform, connected
from flow.small_community import DAY, rows
from ombud.casebook import Casebook
from ombud.errors import BadUse
from ombud.reading import Reader, reading


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def book(platform: Platform) -> tuple[Reader, Casebook]:
    """Its cases, as somebody beside the writer reads them."""
    reader = Reader(platform.folder)
    return reader, reader.casebook()


def listed(platform: Platform, **wanted: object) -> list[str]:
    """The ids of a page."""
    asked = {"queue": "", "state": "open", "after": "", "limit": 100, **wanted}
    with reading(platform.folder) as reader:
        found = reader.casebook().page(platform.clock[0], "en", **asked)  # type: ignore[arg-type]
    return [each["id"] for each in found]


def test_pages_follow_the_order_without_gap(platform: Platform) -> None:
    """One page behind the other gives every case once, in the order of the queue."""
    platform.stream(*(shoes(n, f"person{n}", n) for n in range(7)))
    everything = waiting(platform)
    assert listed(platform) == everything
    found: list[str] = []
    while page := listed(platform, limit=3, after=found[-1] if found else ""):
        found += page
    assert found == everything
    assert listed(platform, queue="review") == everything
    assert listed(platform, queue="elsewhere") == []
    with pytest.raises(BadUse, match="U236"):
        listed(platform, after="cas_none")


def test_every_case_stands_in_one_list(platform: Platform) -> None:
    """Open, snoozed, assigned or closed, each by itself; the counts by queue say how many."""
    platform.stream(*(shoes(n, f"person{n}", n) for n in range(4)))
    first, second, third, fourth = waiting(platform)
    ask(platform, "snooze", first, until=platform.clock[0] + DAY)
    ask(platform, "assign", second, to="lou")
    decide(platform, third, "release")
    assert listed(platform) == [fourth]
    assert listed(platform, state="snoozed") == [first]
    assert listed(platform, state="assigned") == [second]
    assert listed(platform, state="closed") == [third]
    reader, found = book(platform)
    assert found.queues(0) == [
        {"queue": "review", "open": 3, "urgent": 0, "called": 0, "folded": 0}
    ]
    reader.close()
    platform.clock[0] += 2 * DAY
    platform.engine.publish()
    assert listed(platform) == [first, fourth]


def test_one_case_says_all_that_a_person_needs(platform: Platform) -> None:
    """What was said, why it is here, what was done before, what can be done, who has it."""
    platform.stream(bags(1), shoes(2, at=60))
    held, asked = waiting(platform, "hold")[0], waiting(platform, "no licence")[0]
    ask(platform, "claim", asked, by="Mia")
    ask(platform, "note", asked, by="Mia", text="seen her before")
    reader, found = book(platform)
    shown = found.case(asked, platform.clock[0], "en")
    assert shown["why"].startswith("Spam can wait")
    assert (shown["claimed_by"], shown["titles"]["en"]) == ("mia", "Several links by newcomers")
    assert [(each["by"], each["text"]) for each in shown["notes"]] == [("mia", "seen her before")]
    (subject,) = shown["subjects"]
    assert (subject["text"], subject["account"]) == ("cheap shoes", "ana")
    assert any("cheap shoes" in each for each in subject["saw"])
    assert [each["action"] for each in subject["before"]] == ["hold"]
    assert {"action": "suspend", "on": "author"} in subject["choices"]
    assert found.case(held, 0, "vi")["subjects"][0]["decision"]["state"] == "in force"
    reader.close()


def test_nobody_learns_who_flagged(platform: Platform) -> None:
    """A case about flags names neither the reporter's account nor their name."""
    platform.stream(flag(1, "post/e7", "whistleblower"))
    (case,) = waiting(platform)
    reader, found = book(platform)
    shown = found.case(case, 0, "en")
    assert "whistleblower" not in str(shown)
    assert shown["subjects"][0]["subject"] == "post/e7"
    reader.close()


def test_a_judged_case_tells_how(platform: Platform) -> None:
    """By whom, as which role, confirmed by whom; also what was undone."""
    platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", everything=True, by="Mia")
    reader, found = book(platform)
    assert found.case(case, platform.clock[0], "en")["proposal"]["by"] == "mia"
    reader.close()
    ask(platform, "confirm", case, by="Lou")
    ask(platform, "undo", case, by="Mia")
    reader, found = book(platform)
    (review,) = found.case(case, 0, "en")["reviews"]
    assert (review["by"], review["confirmed_by"], review["undone"]) == ("mia", "lou", True)
    reader.close()


def test_what_is_erased_is_shown_as_gone(platform: Platform) -> None:
    """No text, no name, nothing to choose; the case is still there to be closed."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    platform.engine.erase("chat", "ana")
    reader, found = book(platform)
    (subject,) = found.case(case, 0, "en")["subjects"]
    assert (subject["gone"], subject["text"], subject["saw"], subject["choices"]) == (
        True,
        None,
        [],
        [],
    )
    reader.close()
    assert rows(platform.folder, "SELECT count(*) FROM case_subject") == [(1,)]
