"""An appeal follows what became of its decision, and never lays more on whoever appeals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_outcome import HOUR, appeal, settle, upheld
from flow.case_desk import DESK_RULES, ask, bags, decide, standing, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, event, rows, rule
from ombud.appeals import AppealMade
from ombud.errors import BadUse

WARNED = rule(
    "mind",
    'text contains "mind you"',
    'text "mind you"',
    'text "a"',
    then='warn author\n  alert "look"',
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community, with a rule that warns by itself and asks a person to look."""
    with connected(tmp_path, rules={**DESK_RULES, **dict([WARNED])}) as made:
        yield made


def turned(platform: Platform, by: str = "mia") -> str:
    """The appeal of a hold that somebody makes a removal of while it waits."""
    (told,) = platform.stream(bags(1))
    platform.deliver()
    made = appeal(platform, told)
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", by=by)
    platform.clock[0] += 11_000_000
    platform.deliver()
    return made


def undo(platform: Platform, made: str) -> None:
    """Somebody takes the decision of an appeal back before it is answered."""
    ((decision,),) = rows(platform.folder, "SELECT decision FROM appeal WHERE id = ?", made)
    platform.engine.undo("zoe", ids=[decision])
    platform.clock[0] += 11_000_000
    platform.deliver()


def test_whoever_confirmed_a_rule_in_a_case_stands_behind_it(platform: Platform) -> None:
    """Their judgement changed nothing of what the rule had done: it is theirs all the same."""
    (told,) = platform.stream(event(1, text="mind you"))
    (case,) = waiting(platform, "alert")
    assert decide(platform, case, "uphold", by="mia")["decisions"] == []
    made = appeal(platform, told)
    for outcome in ("uphold", "omit"):
        with pytest.raises(BadUse, match="U242"):
            settle(platform, outcome, made, by="MIA")
    settle(platform, "uphold", made, by="lou")
    all_holds(platform)


def test_whoever_released_it_does_not(platform: Platform) -> None:
    """And whose judgement was undone within its seconds does not either."""
    (told,) = platform.stream(event(1, text="mind you"))
    (case,) = waiting(platform, "alert")
    decide(platform, case, "uphold", by="mia")
    ask(platform, "undo", case, by="mia")
    made = appeal(platform, told)
    settle(platform, "uphold", made, by="mia")
    all_holds(platform)


def test_whoever_made_something_harder_of_it_stands_behind_it(platform: Platform) -> None:
    """The appeal was against the hold of a rule; the removal is theirs."""
    made = turned(platform)
    with pytest.raises(BadUse, match="U242"):
        settle(platform, "uphold", made, by="mia")
    settle(platform, "uphold", made, by="lou")
    all_holds(platform)


def test_what_replaced_it_goes_with_it(platform: Platform) -> None:
    """Whoever is right about the hold is right about the removal; both are told of."""
    made = turned(platform)
    settle(platform, "reverse", made)
    assert standing(platform) == [
        ("hold", "rule", True, True),
        ("remove", "reviewer", True, True),
    ]
    platform.clock[0] += HOUR
    sent = [each for each in platform.deliver() if each["type"] == "action"]
    assert [(each["action"], each["inverse"]) for each in sent] == [("remove", True)]
    all_holds(platform)


def test_in_part_is_milder_than_what_stands_now(platform: Platform) -> None:
    """A hold stands instead of the removal that the appealed hold had become; of both one."""
    made = turned(platform)
    settle(platform, "partial", made, act={"action": "hold"})
    assert standing(platform) == [
        ("hold", "rule", True, True),
        ("remove", "reviewer", True, True),
        ("hold", "appeals reviewer", False, False),
    ]
    all_holds(platform)


def test_two_appeals_about_one_thing_take_it_back_once(platform: Platform) -> None:
    """Against the hold and against what it became, decided together."""
    first = turned(platform)
    ((second,),) = rows(platform.folder, "SELECT id FROM decision WHERE action = 'remove'")
    ((page,),) = rows(
        platform.folder, "SELECT DISTINCT statement FROM notice WHERE decision = ?", second
    )
    assert platform.engine.change(AppealMade(platform.token(page), second, "No."))
    ((other,),) = rows(platform.folder, "SELECT id FROM appeal WHERE decision = ?", second)
    with pytest.raises(BadUse, match="U243"):
        settle(platform, "partial", first, other, act={"action": "hold"})
    settle(platform, "reverse", first, other)
    assert [each[3] for each in standing(platform)] == [True, True]
    all_holds(platform)


@pytest.mark.parametrize("outcome", ["uphold", "partial"])
def test_what_was_taken_back_is_not_laid_on_anybody_again(platform: Platform, outcome: str) -> None:
    """Nor is anybody told that it stands; it can be omitted, or be said to have been wrong."""
    _, made = upheld(platform)
    undo(platform, made)
    act: dict[str, Any] = {"act": {"action": "hold"}} if outcome == "partial" else {}
    with pytest.raises(BadUse, match="U243"):
        settle(platform, outcome, made, **act)
    before = standing(platform)
    settle(platform, "reverse", made)
    platform.clock[0] += HOUR
    texts = [each["text"] for each in platform.deliver() if each["type"] == "notice"]
    assert texts
    assert not [each for each in texts if "the decision stands" in each]
    assert standing(platform) == before
    all_holds(platform)


def test_what_is_over_is_not_begun_anew_in_part(platform: Platform) -> None:
    """A suspension of a day that has ended is not followed by a milder one."""
    (told,) = platform.stream(bags(1))
    (case,) = waiting(platform, "hold")
    acts = [{"action": "suspend", "length": DAY}, {"action": "remove"}]
    decided = ask(platform, "decide", case, outcome="uphold", acts=acts, by="mia")["decisions"]
    platform.clock[0] += 11_000_000
    platform.deliver()
    made = appeal(platform, told, decided[0])
    act = {"action": "ban from room", "length": DAY // 2}
    platform.clock[0] += 2 * DAY
    platform.stream(event(2, text="hello"))
    with pytest.raises(BadUse, match="in force"):
        settle(platform, "partial", made, act=act)
    settle(platform, "uphold", made)
    all_holds(platform)


@pytest.mark.parametrize(
    "act",
    [
        {"action": "limit", "on": "author", "length": DAY},
        {"action": "label", "on": "author", "text": "x", "length": DAY},
        {"action": "lock", "on": "room"},
    ],
)
def test_what_stood_on_a_post_does_not_pass_to_its_author(
    platform: Platform, act: dict[str, object]
) -> None:
    """A weaker action on somebody's account is no part of a removal of one post."""
    _, made = upheld(platform)
    with pytest.raises(BadUse, match="U243"):
        settle(platform, "partial", made, act=act)
    settle(platform, "partial", made, act={"action": "warn", "on": "author"})
    all_holds(platform)


def test_in_part_is_never_longer(platform: Platform) -> None:
    """A day's suspension does not become a month of something weaker."""
    (told,) = platform.stream(bags(1))
    (case,) = waiting(platform, "hold")
    acts = [{"action": "suspend", "length": DAY}, {"action": "remove"}]
    decided = ask(platform, "decide", case, outcome="uphold", acts=acts, by="mia")["decisions"]
    platform.clock[0] += 11_000_000
    platform.deliver()
    made = appeal(platform, told, decided[0])
    for act in (
        {"action": "ban from room", "length": 30 * DAY},
        {"action": "suspend", "length": DAY},
    ):
        with pytest.raises(BadUse, match="U243"):
            settle(platform, "partial", made, act=act)
    settle(platform, "partial", made, act={"action": "suspend", "length": DAY // 2})
    all_holds(platform)


def test_of_two_who_both_stand_behind_it_one_reconsiders_it(platform: Platform) -> None:
    """Nobody else is there: else an appeal that is wrong could only be granted. It is said."""
    made = turned(platform, by="mia")
    ask(platform, "claim", by="admin", queue="appeals")  # the rule's author
    with pytest.raises(BadUse, match="U242"):
        settle(platform, "uphold", made, by="mia")
    settle(platform, "uphold", made, by="mia", alone=True)
    all_holds(platform)


def test_what_nobody_gave_an_end_has_the_old_one(platform: Platform) -> None:
    """A label instead of a hold of a day ends with the day; what can have no end is refused."""
    (told,) = platform.stream(bags(1))
    platform.deliver()
    made = appeal(platform, told)
    with pytest.raises(BadUse, match="longer"):
        settle(platform, "partial", made, act={"action": "mark sensitive"})
    settle(platform, "partial", made, act={"action": "label", "text": "Advertising"})
    ends = rows(platform.folder, "SELECT until FROM decision ORDER BY leaf")
    assert ends[0] == ends[1]
    all_holds(platform)
