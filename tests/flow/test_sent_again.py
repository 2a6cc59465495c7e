"""Where a platform cannot publish what waited, its author sends it again: the same event, once.

Nor can it hold what is published: of a campaign that is shown to a person, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import decide, waiting
from flow.platform_side import HOUR, Platform, all_holds, connected, happened
from flow.small_community import DAY, SETTINGS, event, rows, rule
from flow.test_campaign_members import campaign_rule, copy
from ombud import arrivals

HERE = (
    f'{SETTINGS}\nname = "Talk"\n\n[matrix.chat]\nurl = "http://127.0.0.1:9"\n'
    'server = "talk.example"\nrooms = ["!hall:talk.example"]\n'
)
BAGS = rule(
    "bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "a"', kinds="post, join"
)
NAMES = rule(
    "names",
    'author.name in list "staff names"',
    'author.name "admin"',
    'author.name "ana"',
    kinds="join",
)
RULES = {**dict([BAGS, NAMES]), **campaign_rule()}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A homeserver that asks before it publishes."""
    with connected(tmp_path, settings=HERE, rules=RULES) as made:
        yield made


def bags(id_: str, **more: Any) -> dict[str, Any]:
    """The same words again: it is another event to whoever sends them."""
    return event(id_, **{"text": "cheap bags", **more})


def asked(platform: Platform, told: dict[str, Any]) -> str:
    """What a check is answered."""
    (answer,) = platform.check(told)
    return str(answer.action)


def let_go(platform: Platform) -> None:
    """A person releases all that waits."""
    for case in waiting(platform):
        decide(platform, case, "release")


def test_what_was_let_go_passes_once(platform: Platform) -> None:
    """Asked about as often as it is tried, until it is out; its publication is that of the first,
    and nothing is judged twice.
    """
    assert asked(platform, bags("one")) == "hold"
    assert asked(platform, bags("two")) == "hold"
    let_go(platform)
    assert asked(platform, bags("three")) == "allow"
    assert asked(platform, bags("four")) == "allow"
    judged = "SELECT count(*) FROM journal WHERE type = 'post.created'"
    assert rows(platform.folder, judged) == [(2,)]
    assert [each.status for each in platform.stream(bags("four"), bags("four"))] == [
        "published",
        "duplicate",
    ]
    assert asked(platform, bags("five")) == "allow"  # there were two that waited
    assert platform.stream(bags("five"))[0].status == "published"
    assert asked(platform, bags("six")) == "hold"
    assert rows(platform.folder, judged) == [(3,)]
    all_holds(platform)


def test_nobody_else_and_nothing_else_passes(platform: Platform) -> None:
    """Other words, another room, somebody else, another timeline; and not while it still waits."""
    assert asked(platform, bags("one")) == "hold"
    assert asked(platform, bags("early")) == "hold"
    let_go(platform)
    other: list[dict[str, Any]] = [
        {"text": "cheap bags!"},
        {"room": {"id": "yard"}},
        {"author": {"id": "bo"}},
    ]
    for number, more in enumerate(other):
        assert asked(platform, bags(f"other{number}", **more)) == "hold"
    (answer,) = platform.group(happened(bags("past"), timeline="past"))
    assert (answer.status, answer.action) == ("accepted", "hold")
    all_holds(platform)


def test_what_ended_by_itself_passes_for_a_month(platform: Platform) -> None:
    """Nobody came in a day, and so it is let pass; a month later it is judged like everything."""
    assert asked(platform, bags("one")) == "hold"
    platform.clock[0] += 25 * HOUR
    platform.stream(event("later", 90_000))
    assert asked(platform, bags("two")) == "allow"
    platform.clock[0] += arrivals.AGAIN - 2 * DAY
    assert asked(platform, bags("three")) == "allow"
    platform.clock[0] += 2 * DAY
    platform.stream(event("much later", 3_000_000))
    assert asked(platform, bags("four")) == "hold"
    all_holds(platform)


def test_what_a_person_upheld_does_not_pass(platform: Platform) -> None:
    """As long as that stands; whoever is warned instead can send it."""
    assert asked(platform, bags("one")) == "hold"
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "hold")
    assert asked(platform, bags("two")) == "hold"
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "warn")
    assert asked(platform, bags("three")) == "warn"
    all_holds(platform)


def test_who_was_let_in_joins_under_the_same_name(platform: Platform) -> None:
    """A name is what they waited for: another one is looked at."""

    def joins(id_: str, name: str) -> dict[str, Any]:
        told = event(id_, type="member.joined", author={"id": "ana", "name": name})
        del told["data"]["text"]
        return told

    assert asked(platform, joins("one", "admin")) == "hold"
    let_go(platform)
    assert asked(platform, joins("two", "moderator")) == "hold"
    assert asked(platform, joins("three", "admin")) == "allow"
    all_holds(platform)


def test_elsewhere_the_platform_publishes_itself(tmp_path: Path) -> None:
    """Whoever sends the same again there says it twice."""
    with connected(tmp_path) as platform:
        assert asked(platform, bags("one")) == "hold"
        let_go(platform)
        assert asked(platform, bags("two")) == "hold"


def test_of_a_campaign_what_is_out_is_shown(platform: Platform) -> None:
    """In the same case, apart, with what the rule saw; nothing is decided about it, nobody is told,
    and what is done to all that are alike is not done to it.
    """
    for number in range(2):
        assert asked(platform, copy(number)) == "allow"
        platform.stream(copy(number))
    answers = [platform.check(copy(number))[0] for number in range(2, 4)]
    assert [(each.action, each.members) for each in answers] == [("hold", ())] * 2
    assert rows(platform.folder, "SELECT count(*) FROM decision") == [(2,)]
    (case,) = waiting(platform)
    query = "SELECT apart, decision IS NULL, sealed IS NULL FROM case_subject ORDER BY record"
    assert rows(platform.folder, query) == [("published", 1, 0)] * 2 + [(None, 0, 1)] * 2
    made = decide(platform, case, "uphold", "hold", everything=True)
    assert len(made["decisions"]) >= 2
    assert waiting(platform) == [case]
    all_holds(platform)
    platform.engine.erase("chat", "p1")
    assert platform.check(copy(7))[0].action == "hold"
    all_holds(platform)
    platform.engine.erase("chat", "p3")
    all_holds(platform)
