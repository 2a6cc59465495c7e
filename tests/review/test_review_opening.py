"""A case about one record: the one that is open is joined, nothing else is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, bags, waiting
from flow.demanded import demand
from flow.platform_side import Platform, connected
from flow.small_community import event
from ombud.errors import BadUse


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def test_what_waits_already_is_joined(platform: Platform) -> None:
    """The same post under the same clause is one case, whoever puts it there."""
    platform.stream(bags(1), event(2, text="hello"))
    before = waiting(platform)
    demand(platform.engine, "post/e1")
    assert waiting(platform) == before
    demand(platform.engine, "post/e2", "post/e2")
    assert len(waiting(platform)) == len(before) + 1


def test_no_clause_that_is_not_in_force(platform: Platform) -> None:
    """Nothing is entered then either."""
    platform.stream(event(1, text="hello"))
    with pytest.raises(BadUse) as caught:
        demand(platform.engine, "post/e1", clause="spam.never")
    assert caught.value.code == "U272"
    assert waiting(platform) == []
