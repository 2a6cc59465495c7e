"""Members of a campaign by their names: those who are called as the last one is, nobody between."""

from __future__ import annotations

from typing import Any

import pytest

from flow.small_community import event, rule
from verdicts.test_verdicts_campaigns import NEWCOMER, community_of, configured, judge, members

NAMES = "author.name resembles recent names >= 70 %"


def called(number: int, name: str | None, at: float, who: str = "") -> dict[str, Any]:
    """Somebody of this name joins."""
    author = {"id": who or f"p{number}", **({} if name is None else {"name": name})}
    return event(number, at, type="member.joined", author=author, text=None)


def names_rule(when: str) -> dict[str, str]:
    """A rule about who joins."""
    name, text = rule(
        "copies",
        f"{NEWCOMER}\n  {when}",
        f"author.first seen  1 day\n  room.joins in last 1 hour  9\n  {NAMES[:-8]}  100 %",
        f"author.first seen  1 year\n  room.joins in last 1 hour  1\n  {NAMES[:-8]}  10 %",
        clause="flood.raid",
        then="hold campaign",
        kinds="join",
    )
    return {name: text}


COME = ("Walter Egg", "raider 1", None, "raider 2", "Greta Zorn", "raiders", "Raider 9")


@pytest.mark.parametrize(
    ("when", "alike"),
    [
        (f"{NAMES}\n  room.joins in last 1 hour >= 7", [2, 4, 6]),
        (f"any of\n    {NAMES}\n    room.joins in last 1 hour >= 9", [2]),  # then as they come
        (NAMES.replace("70", "100") + "\n  room.joins in last 1 hour >= 7", [2, 4]),
    ],
)
def test_who_is_called_alike_is_a_member_and_nobody_between(when: str, alike: list[int]) -> None:
    """Of all who joined in the hour, those whose names resemble the last one as the line asks."""
    community, posts = community_of(configured(names_rule(when)))
    found = [
        judge(community, posts, called(number, name, number * 10))
        for number, name in enumerate(COME)
    ]
    taken = sorted({seq for each in found for seq in members(each)})
    assert taken == alike
    if ">= 9" not in when:
        assert [members(each) for each in found[:-1]] == [[]] * 6


def test_that_a_name_is_like_few_makes_no_campaign() -> None:
    """`resembles recent names < 30 %` holds of nearly everybody who joins."""
    few = f"{NAMES.replace('>= 70', '< 30')}\n  room.joins in last 1 hour >= 3"
    text = names_rule(few)["copies.rule"].replace("  100 %", "  9 %")
    community, posts = community_of(configured({"copies.rule": text}))
    found = [
        judge(community, posts, called(number, name, number * 10))
        for number, name in enumerate(("Walter Egg", "Zoe Tran", "Igor Blum"))
    ]
    assert found[-1].fired
    assert [members(each) for each in found] == [[], [], []]
