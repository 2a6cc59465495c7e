"""The floor: nothing is told of fewer than five people, nor what it could be subtracted from."""

from __future__ import annotations

import pytest

from ombud.replay.expect import hold, parse
from ombud.replay.sample import PEOPLE_MIN
from replay.test_replay_tally import BAGS, SAME, case, tally

FEW = PEOPLE_MIN - 1


@pytest.mark.parametrize("people", [0, 1, FEW, PEOPLE_MIN])
def test_none_and_many_are_told_and_few_are_not(people: int) -> None:
    """However often few people are hit, no figure says so; nobody is said, five are counted."""
    hits = [case(10 * n + k, (BAGS,), person=n) for n in range(1, people + 1) for k in range(3)]
    report = tally(*hits, case(999)).as_json()
    item = next(each for each in report["items"] if each["name"] == "bags")
    few = 0 < people < PEOPLE_MIN
    assert item["few"] is few
    assert item["hits"] == item["new"] == item["alone"] == (None if few else 3 * people)
    assert item["people"] == report["totals"]["people"] == (None if few else people)
    assert item["by_kind"] == ({"post": 3 * people} if people == PEOPLE_MIN else {})
    assert bool(item["would"]) is (people == PEOPLE_MIN)
    assert report["totals"]["events"] == report["totals"]["hits"] == item["hits"]
    assert bool(report["totals"]["by_clause"]) is (people == PEOPLE_MIN)


@pytest.mark.parametrize("few", ["new", "overlap", "gone"])
def test_what_could_be_had_by_subtraction_is_withheld_too(few: str) -> None:
    """Beside many of each, one person's part of the comparison hides those that add up."""
    counts = {name: 1 if name == few else 6 for name in ("new", "overlap", "gone")}
    cases = [case(n, (BAGS,), person=n) for n in range(1, counts["new"] + 1)]
    for name, fired in (("overlap", (BAGS,)), ("gone", ())):
        people = range(len(cases) + 1, len(cases) + 1 + counts[name])
        cases += [case(n, fired, person=n, recorded=("bags",)) for n in people]
    told = tally(*cases).as_json()["items"][0]
    assert told["hits"] == counts["new"] + counts["overlap"]
    assert {told[name] for name in ("new", "overlap", "gone", "recorded")} == {None}
    assert told["not_comparable"] == 0


def test_totals_do_not_give_a_rule_away() -> None:
    """Beside a rule of many, one of few is in no sum: not over all rules, not by action."""
    many = [case(n, (BAGS,), person=n) for n in range(1, 11)]
    report = tally(*many, case(11, (SAME,), person=11)).as_json()
    totals = report["totals"]
    assert {totals[name] for name in ("events", "hits", "new", "people")} == {None}
    assert (totals["by_action"], totals["by_clause"]) == ({}, {})
    assert next(each for each in report["items"] if each["name"] == "bags")["hits"] == 10


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("people of bags <= 20", True),
        ("people of bags <= 4", True),
        ("people of bags <= 3", False),
        ("people of bags <= 0", False),
        ("people of bags = 2", False),
        ("people touched <= 20", True),
        ("people touched <= 3", False),
        ("hits of bags >= 1", True),
        ("hits of bags <= 1000", False),
        ("new hits of bags = 2", False),
        ("hits of same-text = 0", True),
    ],
)
def test_expectations_say_no_more_than_the_report(text: str, met: bool) -> None:
    """Of what is withheld is met what holds whatever it is; nothing is found."""
    for people in (1, 2, FEW):
        found = tally(*(case(n, (BAGS,), person=n) for n in range(1, people + 1)))
        (outcome,) = hold([parse(text, ("bags", "same-text"))], found.measure)
        assert outcome.met is met
        assert (outcome.found is None) == ("same-text" not in text)
