"""What the operator may say of policy lists."""

from __future__ import annotations

import pytest

from ombud import config
from ombud.errors import BadUse
from ombud.policy_lists import PolicyLists, Trouble, Unread

MATRIX = '[matrix.talk]\nurl = "http://hs.example"\nserver = "hs"\nrooms = ["!a"]\n'


def test_nothing_is_followed_that_is_not_named() -> None:
    """By default no room is read."""
    assert config.parse_settings(MATRIX.encode()).matrix["talk"].policies.follow == {}


def test_rooms_are_followed_under_names_that_rules_can_ask() -> None:
    """A name as lists have, and a room by its id."""
    told = f'{MATRIX}policies = {{follow = {{"their list" = "!list:far"}}}}'
    found = config.parse_settings(told.encode()).matrix["talk"].policies
    assert found.follow == {"their list": "!list:far"}


@pytest.mark.parametrize(
    "wrong",
    [
        'follow = {"Their List" = "!list:far"}',
        'follow = {"their list" = "#list:far"}',
        'follow = {"their list" = "list"}',
        "seconds = 0",
        'via = "a b"',
        'read = {"x" = "!y"}',
    ],
)
def test_anything_else_is_refused(wrong: str) -> None:
    """With the error of a setting."""
    with pytest.raises(BadUse) as refused:
        config.parse_settings(f"{MATRIX}policies = {{{wrong}}}".encode())
    assert refused.value.code == "U001"


def test_what_cannot_be_read_is_known_since_the_first_time() -> None:
    """With the reason that was told last; no more once it is read, or not named."""
    unread = Unread()
    lists = {"talk": PolicyLists(follow={"bans": "!a"}), "other": PolicyLists(publish="!b")}
    unread.tell("talk", "bans", "", 1)
    assert unread.of(lists) == []
    unread.tell("talk", "bans", "away", 2)
    unread.tell("talk", "bans", "gone", 3)
    unread.tell("other", "", "no power", 4)
    found = [Trouble("talk", "bans", 2, "gone"), Trouble("other", "", 4, "no power")]
    assert unread.of(lists) == found
    assert unread.of({"talk": PolicyLists(), "other": PolicyLists()}) == []
    unread.tell("talk", "bans", "", 5)
    assert unread.of(lists) == found[1:]
