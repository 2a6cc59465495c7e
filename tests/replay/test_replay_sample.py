"""The sample: capped, one a person, only of enough people, and without anything to list them by."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.small_community import rule
from ombud.activation import compiling
from ombud.clock import DAY, HOUR
from ombud.replay.sample import PEOPLE_MIN, SAMPLE_MAX, Group, Sample, Shown, band, shown
from ombud.signals.declare import Type
from replay.trying import sources

SHOWN = Shown("post", (("links.count >= 2", "2 to 4"),))


def drawn(offers: list[tuple[Group, int, int]], seed: int = 1) -> list[dict[str, object]]:
    """The sample of some differences: (group, person, seq)."""
    sample = Sample(seed)
    for group, person, seq in offers:
        sample.offer(group, person, seq, Shown("post", (("seq", str(seq)),)))
    return sample.drawn()


groups = st.builds(Group, st.sampled_from(("a", "b", "c")), st.sampled_from(("new", "gone")))
offers = st.lists(st.tuples(groups, st.integers(1, 40), st.integers(1, 10**6)), max_size=400)


@given(offers, st.integers(0, 2**63 - 1))
def test_nobody_can_be_listed(told: list[tuple[Group, int, int]], seed: int) -> None:
    """At most 20, each another person, each of a group of at least five people."""
    found = drawn(told, seed)
    assert len(found) <= SAMPLE_MAX
    people: dict[Group, set[int]] = {}
    for group, person, _ in told:
        people.setdefault(group, set()).add(person)
    assert len({each["person"] for each in found}) == len(found)
    for each in found:
        group = Group(str(each["rule"]), str(each["change"]))
        assert len(people[group]) >= PEOPLE_MIN
    enough = {person for group, person, _ in told if len(people[group]) >= PEOPLE_MIN}
    assert len(found) == min(SAMPLE_MAX, len(enough))


def content(found: list[dict[str, object]]) -> Counter[str]:
    """What a sample shows but for the names."""
    return Counter(json.dumps({**each, "person": ""}, sort_keys=True) for each in found)


@given(offers, st.integers(0, 2**63 - 1), st.randoms(use_true_random=False))
def test_the_seed_alone_decides(
    told: list[tuple[Group, int, int]], seed: int, chance: random.Random
) -> None:
    """The same differences in any order give the same draw, under other names."""
    other = told[:]
    chance.shuffle(other)
    first, second = drawn(told, seed), drawn(other, seed)
    assert content(first) == content(second)
    assert not {each["person"] for each in first} & {each["person"] for each in second}


def test_another_seed_draws_others() -> None:
    """Of many people another number draws another twenty."""
    told = [(Group("a", "new"), person, person) for person in range(1, 500)]
    assert content(drawn(told, 1)) != content(drawn(told, 2))


def test_names_say_nothing_of_the_order() -> None:
    """Over many runs of one seed no person stands at one place of the list."""
    told = [(Group("a", "new"), person, person) for person in range(1, 6)]
    first = {json.dumps(drawn(told)[0]["facts"]) for _ in range(200)}
    assert len(first) == 5


def test_everybody_has_the_same_chance() -> None:
    """Who has many differences is drawn no more often than who has one."""
    told = [(Group("a", "new"), 1, seq) for seq in range(1, 1000)]
    told += [(Group("a", "new"), person, 10_000 + person) for person in range(2, 201)]
    times = 0
    for seed in range(300):
        shown = [each["facts"] for each in drawn(told, seed)]
        times += any(int(facts[0]["about"]) < 1000 for facts in shown)  # type: ignore[index]
    assert 10 <= times <= 60  # one in ten is expected


@pytest.mark.parametrize(
    ("type_", "value", "said"),
    [
        (Type.COUNT, 0, "0"),
        (Type.COUNT, 1, "1"),
        (Type.COUNT, 2, "2 to 4"),
        (Type.COUNT, 4, "2 to 4"),
        (Type.COUNT, 19, "10 to 19"),
        (Type.COUNT, 999, "100 to 999"),
        (Type.COUNT, 10**9, "1000 or more"),
        (Type.DURATION, 0, "under an hour"),
        (Type.DURATION, HOUR, "under a day"),
        (Type.DURATION, 30 * DAY - 1, "under a month"),
        (Type.DURATION, 400 * DAY, "a year or more"),
        (Type.PERCENT, 0, "0 to 10 %"),
        (Type.PERCENT, 555, "50 to 60 %"),
        (Type.PERCENT, 1000, "90 to 100 %"),
        (Type.COUNT, None, "unknown"),
        (Type.COUNT, True, "unknown"),
    ],
)
def test_numbers_are_told_in_bands(type_: Type, value: int | None, said: str) -> None:
    """No exact number is shown, and what is unknown is said to be."""
    assert band(type_, value) == said


def test_a_condition_that_can_hold_a_name_is_not_shown() -> None:
    """Neither yes-no conditions nor likenesses: only counts, lengths of time and percentages."""
    conditions = (
        'author in list "trusted helpers"',
        'author.name resembles list "staff names" >= 1 %',
        "author.age < 3 days",
        "links.count >= 0",
        'text contains "bags"',
        "share of author.posts with links in last 30 days > 10 %",
    )
    name, text = rule(
        "wide",
        "\n  ".join(conditions),
        'author in list "trusted helpers"  yes\n'
        '  author.name resembles list "staff names"  50 %\n'
        "  author.age  1 day\n"
        '  text  "bags"\n'
        "  share of author.posts with links in last 30 days  50 %",
        "author.age  9 days",
        then='alert "wide"',
    )
    active = compiling.from_sources(sources({name: text}))
    (checked,) = active.rules
    facts = dict.fromkeys(active.plan.slots, 1)
    assert [said for said, _ in shown(checked, "post", facts).facts] == [
        "author.age < 3 days",
        "links.count >= 0",
        "share of author.posts with links in last 30 days > 10 %",
    ]
