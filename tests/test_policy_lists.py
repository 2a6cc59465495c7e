"""What the operator may say of policy lists."""

from __future__ import annotations

import pytest

from ombud import config
from ombud.errors import BadUse

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
