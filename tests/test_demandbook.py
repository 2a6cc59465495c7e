"""The register of demands: what everybody may read of it, and what not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, waiting
from flow.demanded import demand, public, removed, statement
from flow.platform_side import Platform, connected
from flow.small_community import event
from ombud import clock
from ombud.reading import reading


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def test_a_private_person_is_never_named_in_public(platform: Platform) -> None:
    """Nor in the notice of whom it concerns; what they are is told."""
    platform.stream(event(1, text="buy my things"))
    demand(platform.engine, "post/e1", who="Erika Beispiel", kind="person", country="")
    (case,) = waiting(platform, "demand")
    made = removed(platform, case)
    assert "Erika" not in json.dumps(public(platform))
    (item,) = platform.page(statement(platform, made)).items
    assert item.demand is not None
    assert (item.demand["who"], item.demand["kind"]) == (None, "person")


def test_when_a_demand_was_entered_is_told_whatever_day_it_is_said_to_have_come(
    platform: Platform,
) -> None:
    """So whoever enters one late, or dates it back, is seen to."""
    demand(platform.engine, received="1999-01-01", deadline="1999-01-03")
    (row,) = public(platform)
    told = (row["received"], row["deadline"], row["entered"])
    assert told == ("1999-01-01", "1999-01-03", clock.day(platform.clock[0]))


def test_pages_of_the_register_follow_each_other(platform: Platform) -> None:
    """The latest first, each once, however many there are."""
    made = [demand(platform.engine) for _ in range(53)]
    with reading(platform.folder) as reader:
        book = reader.demands()
        first, more = book.public(platform.clock[0])
        second, end = book.public(platform.clock[0], more)
    assert [each["id"] for each in (*first, *second)] == made[::-1]
    assert (len(first), end) == (50, 0)


def test_a_demand_whose_key_is_lost_is_shown_as_such(platform: Platform) -> None:
    """Never as an error: the rest of the register can be read."""
    name = demand(platform.engine)
    platform.engine.keys.file.run("forget_decision_key", (name,))
    (row,) = public(platform)
    assert (row["id"], row["who"], row["basis"]) == (name, "", None)
