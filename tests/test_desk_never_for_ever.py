"""Nothing is put out of sight for ever: not by setting it aside, nor by giving it to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controls.test_controls_entitled import add
from controls.test_controls_outcome import upheld
from flow.case_desk import DESK_RULES, ask, bags, decide, shoes, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, rows
from ombud import desk, staffing
from ombud.clock import HOUR
from ombud.errors import BadUse


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def longest(platform: Platform, case: str, until: int) -> None:
    """A case can be put aside until an instant, and not beyond it."""
    with pytest.raises(BadUse, match="U224"):
        ask(platform, "snooze", case, until=until + 1_000_000)
    ask(platform, "snooze", case, until=until)


def test_again_and_again_comes_to_an_end(platform: Platform) -> None:
    """Thirty days, thirty more, then from day to day."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    opened = rows(platform.folder, "SELECT opened FROM review_case")[0][0]
    longest(platform, case, platform.clock[0] + desk.SNOOZE_MAX)
    platform.clock[0] += 29 * DAY
    longest(platform, case, platform.clock[0] + desk.SNOOZE_MAX)
    platform.clock[0] += 30 * DAY
    longest(platform, case, opened + desk.SNOOZED_IN_ALL)
    platform.clock[0] += 30 * DAY
    longest(platform, case, platform.clock[0] + DAY)
    all_holds(platform)


def test_an_appeal_is_back_before_it_is_due(platform: Platform) -> None:
    """Its person was told by when it is answered; in the last day nobody puts it aside at all."""
    _, made = upheld(platform)
    (case,) = waiting(platform, "appeal")
    ((due,),) = rows(platform.folder, "SELECT due FROM appeal WHERE id = ?", made)
    longest(platform, case, due - DAY)
    platform.clock[0] = due - DAY
    with pytest.raises(BadUse, match="U224"):
        ask(platform, "snooze", case, until=platform.clock[0] + HOUR)
    all_holds(platform)


def test_what_is_urgent_waits_an_hour(platform: Platform) -> None:
    """Its clock is in minutes."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    ask(platform, "urge", case)
    longest(platform, case, platform.clock[0] + HOUR)
    all_holds(platform)


@pytest.mark.parametrize("queue", ["", "review"])
def test_what_is_urgent_nobody_keeps(platform: Platform, queue: str) -> None:
    """Not by claiming it again and again: an hour after somebody should have looked it is offered
    to everybody, and whoever comes first decides it.
    """
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    ask(platform, "urge", case)
    ((place,),) = rows(platform.folder, "SELECT place FROM review_case")
    ask(platform, "claim", case, by="eve")
    for at in range(4):
        platform.clock[0] = place + at * HOUR // 4
        ask(platform, "claim", case, by="eve")
    platform.clock[0] = place + HOUR - 1
    ask(platform, "claim", case, by="eve")
    assert ask(platform, "claim", by="lou", queue=queue)["case"] is None
    with pytest.raises(BadUse, match="U222"):
        decide(platform, case, "release", by="lou")
    platform.clock[0] = place + HOUR
    assert ask(platform, "claim", by="eve", queue=queue)["case"] is None  # it is theirs
    assert ask(platform, "claim", by="lou", queue=queue)["case"] == case
    decide(platform, case, "release", by="eve")
    all_holds(platform)


def test_what_is_not_urgent_is_kept(platform: Platform) -> None:
    """A claim holds, however late its case is."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    platform.clock[0] += 9 * DAY
    ask(platform, "claim", case, by="eve")
    with pytest.raises(BadUse, match="U222"):
        ask(platform, "claim", case, by="lou")
    all_holds(platform)


def test_merged_into_a_younger_case_it_waits_no_longer(platform: Platform) -> None:
    """The hour of what is urgent is not begun anew."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    ask(platform, "urge", case)
    until = platform.clock[0] + HOUR
    platform.clock[0] += HOUR // 2
    platform.stream(shoes(2, "ben"))
    (younger,) = [each for each in waiting(platform) if each != case]
    ask(platform, "merge", case, into=younger)
    longest(platform, younger, until)
    all_holds(platform)


@pytest.mark.parametrize("queue", ["", "review"])
def test_what_somebody_else_does_not_come_to_anybody_takes(platform: Platform, queue: str) -> None:
    """A day after somebody should have looked; until then it is theirs, and theirs first."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    ask(platform, "assign", case, to="kim")
    ((place,),) = rows(platform.folder, "SELECT place FROM review_case")
    platform.clock[0] = place + desk.LATE - 1
    assert ask(platform, "claim", by="lou", queue=queue)["case"] is None
    platform.clock[0] = place + desk.LATE
    assert ask(platform, "claim", by="lou", queue=queue)["case"] == case
    assert ask(platform, "claim", by="zoe", queue=queue)["case"] is None
    all_holds(platform)


@pytest.mark.parametrize("how", ["suspended", "removed", "roles"])
def test_the_cases_of_who_goes_wait_for_others(platform: Platform, how: str) -> None:
    """Those that they had, and those that they were to look at, at once; nobody else's."""
    add(platform, "Ana", "admin")
    for name in ("Mia", "Zoe", "Kim"):
        add(platform, name, "reviewer")
    platform.stream(shoes(1, "a"), shoes(2, "b"), shoes(3, "c"), shoes(4, "d"))
    first, second, third, fourth = waiting(platform)
    ask(platform, "assign", first, by="Mia", to="Zoe")
    ask(platform, "assign", second, by="Mia", to="Kim")
    ask(platform, "claim", third, by="Zoe")
    ask(platform, "assign", fourth, by="Mia", to="Zoe")
    ask(platform, "snooze", fourth, by="Zoe", until=platform.clock[0] + HOUR)
    given = {"roles": ["auditor"]} if how == "roles" else {}
    staffing.change(platform.engine, how, "Zoe", "admin", **given)
    taken = [ask(platform, "claim", by="Mia")["case"] for _ in range(3)]
    assert taken == [first, third, None]
    platform.clock[0] += HOUR
    taken = [ask(platform, "claim", by="Mia")["case"] for _ in range(4)]
    assert taken == [first, third, fourth, None]
    assert ask(platform, "claim", by="Kim")["case"] == second
    all_holds(platform)


def test_whoever_is_narrowed_keeps_what_is_theirs(tmp_path: Path) -> None:
    """Of two queues one is left to them: what they have in it stays."""
    bags_rule = DESK_RULES["bags.rule"].replace("hold this", 'hold this for review in queue "bags"')
    with connected(tmp_path, rules={**DESK_RULES, "bags.rule": bags_rule}) as platform:
        add(platform, "Ana", "admin")
        add(platform, "Mia", "reviewer")
        add(platform, "Zoe", "reviewer")
        platform.stream(shoes(1), bags(2, "bo"))
        (kept,), (gone,) = waiting(platform, "hold"), waiting(platform, "no licence")
        for each in (kept, gone):
            ask(platform, "claim", each, by="Zoe")
        given = {"roles": ["reviewer"], "queues": ["bags"]}
        staffing.change(platform.engine, "roles", "Zoe", "admin", **given)
        assert ask(platform, "claim", by="Mia")["case"] == gone
        assert ask(platform, "claim", by="Mia")["case"] is None
        all_holds(platform)
