"""Settings are told apart in one place: what is checked, published and made is of one kind."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ombud import config, model
from ombud.connectors import http, kinds, matrix
from ombud.errors import BadUse
from ombud.policy_lists import PolicyLists

HTTP = config.HttpConnector(url="https://forum.example/hook", actions={"hold": "exact"})
MATRIX = msgspec.convert(
    {"url": "https://hs.example", "server": "hs.example", "rooms": ["!a"]}, config.MatrixConnector
)


@pytest.mark.parametrize(
    ("settings", "made", "actions"),
    [
        (HTTP, http.HttpConnector, {"hold"}),
        (MATRIX, matrix.MatrixConnector, set(model.MATRIX_ACTIONS)),
    ],
)
def test_each_kind_has_its_connector(settings: Any, made: type, actions: set[str]) -> None:
    """What is published of a platform is what its connector says."""
    kinds.check(settings, "talk")
    connector = kinds.connector(settings, bytes(32), name="talk")
    assert type(connector) is made
    assert set(connector.capabilities) == actions
    assert kinds.table(settings) == connector.capabilities
    connector.close()


@pytest.mark.parametrize("kind", [HTTP, MATRIX])
def test_settings_that_cannot_be_used_are_refused(kind: Any) -> None:
    """By the check and by the making alike, under the platform's name."""
    bad = msgspec.structs.replace(kind, url="https://ana@hs.example")
    for refused in (kinds.check, lambda each, name: kinds.connector(each, b"", name=name)):
        with pytest.raises(BadUse, match="U031") as raised:
            refused(bad, "talk")
        assert raised.value.where.endswith("talk.url")


def test_one_list_has_one_room() -> None:
    """Two homeservers may follow the same room as a list, and not two rooms as the same one."""
    first, second, third = (
        msgspec.structs.replace(MATRIX, policies=PolicyLists(follow={"bans": room}))
        for room in ("!a:lists", "!a:lists", "!b:lists")
    )
    kinds.check_all({"forum": HTTP, "one": first, "two": second})
    with pytest.raises(BadUse, match=r"U454.*bans") as raised:
        kinds.check_all({"one": first, "three": third})
    assert raised.value.where == "ombud.toml: matrix.three.policies.follow"
