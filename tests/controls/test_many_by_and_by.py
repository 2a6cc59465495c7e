"""Twenty by twenty it is as many: a second person is asked for a campaign, however it is cut up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, ask, bags, copies, decide, standing, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, rows


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def campaign(platform: Platform, count: int) -> tuple[str, list[int]]:
    """So many people with one text: their case, and its records."""
    platform.stream(*copies(count))
    (case,) = waiting(platform, "hold")
    return case, records(platform, case)


def records(platform: Platform, case: str) -> list[int]:
    """What a case is about."""
    query = "SELECT record FROM case_subject WHERE id = ? ORDER BY record"
    return [row[0] for row in rows(platform.folder, query, case)]


def remove(platform: Platform, case: str, some: list[int], **more: object) -> bool:
    """Somebody removes some records; whether it waits for a second person."""
    return bool(decide(platform, case, "uphold", "remove", records=some, **more)["proposed"])


@pytest.mark.parametrize("second", ["mia", "lou"])
def test_a_campaign_cut_into_twenties_needs_a_second_person(
    platform: Platform, second: str
) -> None:
    """By the same person or by two one after the other: nobody has looked at the whole."""
    case, some = campaign(platform, 41)
    assert not remove(platform, case, some[:20], by="mia")
    assert remove(platform, case, some[20:40], by=second)
    ask(platform, "confirm", case, by="kim")
    assert len([each for each in standing(platform) if each[0] == "remove"]) == 40
    all_holds(platform)


def test_so_it_does_where_it_was_split(platform: Platform) -> None:
    """A part of a campaign is of it still."""
    case, some = campaign(platform, 25)
    part = ask(platform, "split", case, records=some[15:])["case"]
    assert not remove(platform, case, some[:15])
    assert remove(platform, part, some[15:])
    all_holds(platform)


def test_whoever_is_looked_at_alone_is(platform: Platform) -> None:
    """One person at a time needs nobody else, however many they come to; nor do a few a day, nor
    what was undone, nor releasing.
    """
    case, some = campaign(platform, 30)
    for each in some[:22]:
        assert not remove(platform, case, [each])
    assert not remove(platform, case, some[22:26])
    ask(platform, "undo", case)
    decide(platform, case, "release", records=some[22:])
    assert not waiting(platform, "hold")
    all_holds(platform)


def test_after_a_day_it_is_another_matter(platform: Platform) -> None:
    """What was decided yesterday counts no more."""
    case, some = campaign(platform, 31)
    assert not remove(platform, case, some[:20])
    platform.clock[0] += DAY - 2_000_000
    assert remove(platform, case, some[20:30])
    platform.clock[0] += 3_000_000
    assert not remove(platform, case, some[20:30])
    all_holds(platform)


def test_who_confirms_confirms_what_was_seen(platform: Platform) -> None:
    """What joined the case since, by itself or by somebody's hand, waits as it was."""
    case, some = campaign(platform, 21)
    told = decide(platform, case, "uphold", "remove", everything=True, by="mia")
    assert told["proposed"]
    platform.stream(*copies(3, first=50))
    late = [each for each in records(platform, case) if each not in some]
    assert late
    made = ask(platform, "confirm", case, by="lou")["decisions"]
    assert len(made) == 2 * 21  # each hold is replaced by a removal
    assert waiting(platform, "hold") == [case]
    all_holds(platform)


def test_nobody_is_merged_into_what_waits_to_be_confirmed(tmp_path: Path) -> None:
    """The person of another case is not decided about by a proposal that was made before."""
    rules = {
        **DESK_RULES,
        "bags.rule": DESK_RULES["bags.rule"].replace("spam.links", "spam.repeats"),
    }
    with connected(tmp_path, rules=rules) as platform:
        platform.stream(*copies(21), bags(99, "victim", 99))
        case, other = sorted(
            waiting(platform, "hold"), key=lambda each: -len(records(platform, each))
        )
        decide(platform, case, "uphold", "remove", everything=True, by="mia")
        ask(platform, "merge", other, by="mia", into=case)
        ask(platform, "confirm", case, by="lou")
        assert len([each for each in standing(platform) if each[0] == "remove"]) == 21
        assert waiting(platform, "hold") == [case]
        all_holds(platform)
