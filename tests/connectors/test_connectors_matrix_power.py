"""What the account lacks is told from what the homeserver says, and from nothing else.

Against a real Synapse: tests/platforms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from connectors.test_connectors_matrix_client import answering
from ombud.config import MatrixConnector
from ombud.connectors import matrix_power
from ombud.connectors.matrix_client import Said
from ombud.errors import BadUse

OLD, NEW = "!a:hs", "!ahash"
SETTINGS = MatrixConnector(url="http://a.example", server="hs", rooms=(OLD, NEW))
ME = "@ombud:hs"
DENIED = (403, {"errcode": "M_FORBIDDEN"})
IN, OUT = (200, {"membership": "join"}), (200, {"membership": "leave"})


def code(found: BadUse | Said | None) -> str | int | None:
    """What lacks, by its code; how the homeserver failed to say, by its status."""
    return found.status if isinstance(found, Said) else None if found is None else found.code


@pytest.mark.parametrize(
    ("answers", "room", "told"),
    [
        ([DENIED], "", "U475"),
        ([DENIED], OLD, "U475"),
        ([(200, {})], "", None),
        ([(502, {})], OLD, 502),
        ([(200, {}), DENIED], OLD, "U476"),
        ([(200, {}), (404, {})], OLD, "U476"),
        ([(200, {}), OUT], OLD, "U476"),
        ([(200, {}), (500, {})], OLD, 500),
        ([(200, {}), IN, (200, {"users": {ME: 50}})], OLD, "U477"),
        ([(200, {}), IN, (200, {"users": {ME: 100}})], OLD, None),
        ([(200, {}), IN, (404, {})], OLD, "U477"),
        ([(200, {}), IN, (503, {})], OLD, 503),
    ],
)
def test_what_lacks(answers: list[Any], room: str, told: str | int | None) -> None:
    """The first thing that does; where it cannot be told, nothing is said to lack."""
    with answering(*answers) as (client, asked):
        assert code(matrix_power.lacking(client, SETTINGS, room)) == told
    assert len(asked) == len(answers)


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ({}, "U477"),
        ({"users_default": 100}, None),
        ({"users": {ME: "100"}}, "U477"),
        ({"users": [], "users_default": None}, "U477"),
        ({"users": {ME: 0}, "users_default": 100}, "U477"),
    ],
)
def test_odd_levels(levels: Mapping[str, Any], told: str | None) -> None:
    """Whatever stands there is read, and never taken for more than it is."""
    with answering((200, levels)) as (client, _):
        assert code(matrix_power.powerless(client, SETTINGS, OLD)) == told


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({"sender": ME}, None),
        ({"sender": "@ana:hs", "content": {"additional_creators": [ME]}}, None),
        ({"sender": "@ana:hs", "content": {"additional_creators": 5}}, "U477"),
        ({"sender": "@ana:hs"}, "U477"),
    ],
)
def test_who_made_a_room_of_version_12_has_all_power(
    made: Mapping[str, Any], told: str | None
) -> None:
    """It stands in no list of levels; in rooms of before, who made one has what the list says."""
    with answering((200, {}), (200, made)) as (client, asked):
        assert code(matrix_power.powerless(client, SETTINGS, NEW)) == told
    assert "format=event" in asked[1]
