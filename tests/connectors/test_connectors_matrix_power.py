"""What the account lacks is told from what the homeserver says, and from nothing else.

Against a real Synapse: tests/platforms.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import msgspec
import pytest

from connectors.test_connectors_matrix_client import answering
from ombud.config import MatrixConnector
from ombud.connectors import matrix as connectors
from ombud.connectors import matrix_power
from ombud.connectors.matrix_client import Said
from ombud.errors import BadUse
from ombud.model import Call

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


SEEN = (200, {"event": {"room_id": OLD, "sender": "@ana:hs"}})


@pytest.mark.parametrize(
    ("action", "answers", "state"),
    [
        # the event was denied, and found elsewhere: it is refused for being there
        ("hold", [IN, DENIED, SEEN], "refused"),
        # nobody tells whether it is there: that is a matter of being an admin
        ("hold", [IN, DENIED, DENIED, DENIED], "retry"),
        ("hold", [IN, DENIED, DENIED, (200, {})], "refused"),
    ],
)
def test_what_is_refused_for_another_reason_waits_for_nothing(
    action: str, answers: list[Any], state: str
) -> None:
    """Only what was denied, and only for what was lacking to it."""
    call = {"id": "k", "type": "action", "action": action, "subject": f"{OLD}/$e"}
    with answering(*answers) as (client, asked):
        told = {"url": f"http://127.0.0.1:{client._place.port}/hs", "server": "hs", "rooms": [OLD]}
        settings = msgspec.convert({**told, "allow": ["127.0.0.1"]}, MatrixConnector)
        with closing(connectors.MatrixConnector(settings, bytes(32))) as connector:
            body = msgspec.json.encode(call)
            outcome = connector.send(Call(key="k", type="action", body=body), 1)
    assert outcome.state == state, outcome
    assert len(asked) == len(answers)


def test_of_a_removal_without_files_nothing_is_asked_for_its_undoing() -> None:
    """Nothing of it can be taken back; also where the account has lost everything."""
    call = {
        "id": "k",
        "type": "action",
        "action": "remove",
        "subject": f"{OLD}/$e",
        "inverse": True,
    }
    with closing(connectors.MatrixConnector(SETTINGS, bytes(32))) as connector:
        outcome = connector.send(Call(key="k", type="action", body=msgspec.json.encode(call)), 1)
    assert (outcome.state, outcome.denied) == ("refused", False)
    assert "cannot be undone" in outcome.detail
