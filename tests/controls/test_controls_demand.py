"""The control of demands: what it refuses, what it keeps for ever, who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from flow.case_desk import DESK_RULES, waiting
from flow.demanded import SECRECY, WHO, demand, public, removed, step
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import event, rows
from ombud import demands, staffing
from ombud.clock import DAY, rfc3339
from ombud.config import STORE_FILE
from ombud.errors import BadUse


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def test_the_store_itself_lets_no_origin_go(platform: Platform) -> None:
    """Not even for whoever writes SQL."""
    platform.stream(event(1, text="buy my things"))
    step(platform.engine, "confirm", demand(platform.engine, "post/e1"))
    (case,) = waiting(platform, "demand")
    removed(platform, case)
    store = apsw.Connection(str(platform.folder / STORE_FILE))
    for attempt in (
        "DELETE FROM demand",
        "DELETE FROM demand_item",
        "DELETE FROM demand_step",
        "DELETE FROM demand_decision",
        "UPDATE demand SET kind = 'person'",
        "UPDATE demand SET received = 0",
        "UPDATE demand_item SET record = NULL",
        "UPDATE demand_item SET review = NULL",
        "UPDATE demand_decision SET demand = ''",
    ):
        with pytest.raises(apsw.ConstraintError):
            store.execute(attempt)
    store.close()


def test_what_is_done_about_one_has_its_clocks(platform: Platform) -> None:
    """Confirmed once, answered once with words, and never both ways."""
    name = demand(platform.engine, deadline="2030-01-01")
    step(platform.engine, "confirm", name)
    for do, more in (
        ("confirm", {}),
        ("answer", {"outcome": "done"}),
        ("answer", {"outcome": "hidden", "why": "So."}),
        ("keep", {}),
    ):
        word = f"{do} demand secret" if do == "keep" else f"{do} demand"
        with pytest.raises(BadUse) as caught:
            demands.perform(platform.engine, word, {"demand": name, **more})
        assert caught.value.code in ("U421", "U422")
    step(platform.engine, "answer", name, outcome="refused", why="It breaks no clause of ours.")
    (row,) = public(platform)
    assert row["outcome"] == "refused"
    assert row["confirmed"]
    assert row["answered"]
    assert row["people"] == "nobody"
    all_holds(platform)


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": " "},
        {"words": ""},
        {"kind": "king"},
        {"asks": "all"},
        {"country": "Germany"},
        {"received": "2999-01-01"},
        {"received": "yesterday"},
        {"who": "x" * 201},
        {"secret_until": "2999-01-01", "secret_why": SECRECY},
        {"secret_until": "2026-12-24"},
        {"items": ["x"] * 101},
        {"items": ["x" * 2001]},
    ],
)
def test_what_is_no_demand_is_refused_and_changes_nothing(
    platform: Platform, wrong: dict[str, Any]
) -> None:
    """Said with what is wrong; nothing is journalled."""
    told = {"who": WHO, "kind": "authority", "words": "Down.", "items": [], **wrong}
    before = rows(platform.folder, "SELECT count(*) FROM journal")
    with pytest.raises(BadUse) as caught:
        demands.perform(platform.engine, "add demand", told)
    assert caught.value.code == "U421"
    assert rows(platform.folder, "SELECT count(*) FROM journal") == before


def test_only_who_may_enters_or_answers_one(platform: Platform) -> None:
    """Where there is a staff: admins; and nobody who only judges cases."""
    for name, role in (("Thu", "admin"), ("mia", "reviewer")):
        staffing.change(platform.engine, "added", name, "admin", roles=[role])
    with pytest.raises(BadUse) as caught:
        demand(platform.engine, by="mia")
    assert caught.value.code == "U201"
    name = demand(platform.engine, by="Thu")
    with pytest.raises(BadUse) as caught:
        step(platform.engine, "confirm", name, by="mia")
    assert caught.value.code == "U201"
    with pytest.raises(BadUse) as caught:
        step(platform.engine, "confirm", name, by="Thu", fresh=False)
    assert caught.value.code == "U423"


def test_there_is_no_demand_that_was_never_entered(platform: Platform) -> None:
    """Nor is it told that anything was done about it."""
    for name in ("", "dem_none", "x" * 5000, "\ud800"):
        with pytest.raises(BadUse) as caught:
            step(platform.engine, "confirm", name)
        assert caught.value.code == "U420"


def test_an_answer_to_a_secret_that_is_over_is_refused(platform: Platform) -> None:
    """Whoever was told cannot be made to forget it."""
    name = demand(platform.engine, secret_until=rfc3339(platform.clock[0] + DAY), secret_why="S")
    platform.clock[0] += 2 * DAY
    for number in (1, 2):
        platform.stream(event(number))
    with pytest.raises(BadUse) as caught:
        demands.perform(
            platform.engine,
            "keep demand secret",
            {"demand": name, "until": rfc3339(platform.clock[0] + DAY), "why": "S"},
        )
    assert caught.value.code == "U422"
