"""Strikes: findings that stand, under one clause, for half a year; a reversal voids them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controls.test_controls_outcome import appeal, settle
from flow.case_desk import DESK_RULES, bags, decide, waiting
from flow.platform_side import SECOND, Platform, all_holds, connected
from flow.small_community import DAY, rows
from ombud import strikes
from ombud.strikes import LASTS, Strikes

CLAUSE = "spam.links"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def against(platform: Platform, clause: str = CLAUSE, later: int = 0) -> Strikes:
    """What stands against ana."""
    ana = platform.engine.keys.known_account("chat", "ana")
    return strikes.against(platform.engine.store, ana, clause, platform.clock[0] + later)


def found(platform: Platform, number: int, *acts: str) -> str:
    """A person finds a post of ana's to break the clause; the first decision."""
    platform.stream(bags(number))
    (case,) = waiting(platform, "hold")
    made = decide(platform, case, "uphold", *acts, by="mia")["decisions"][0]
    platform.clock[0] += 11 * SECOND
    return str(made)


def test_a_hold_accuses_nobody(platform: Platform) -> None:
    """Neither what a rule holds nor what is released or warned about is a strike."""
    platform.stream(bags(1))
    assert against(platform) == Strikes(0, None)
    (case,) = waiting(platform, "hold")
    decide(platform, case, "release", by="mia")
    found(platform, 2, "warn")
    assert against(platform) == Strikes(0, None)


def test_each_thing_that_was_judged_counts_once_and_lapses(platform: Platform) -> None:
    """However much was done about it; under its own clause alone; the first ends first."""
    found(platform, 1, "remove")
    (at,) = rows(platform.folder, "SELECT max(time) FROM decision")[0]
    assert against(platform) == Strikes(1, at + LASTS)
    platform.clock[0] += 10 * DAY
    found(platform, 2, "remove", "suspend")
    assert against(platform) == Strikes(2, at + LASTS)
    assert against(platform, "spam.repeats") == Strikes(0, None)
    last = against(platform, later=LASTS - 5 * DAY)
    assert last.count == 1
    assert against(platform, later=LASTS + DAY) == Strikes(0, None)
    assert strikes.against(platform.engine.store, None, CLAUSE, 0) == Strikes(0, None)


def test_a_reversal_voids_it(platform: Platform) -> None:
    """At once, and replay agrees, since nothing of it is kept."""
    platform.stream(bags(1))
    (case,) = waiting(platform, "hold")
    decided = decide(platform, case, "uphold", "remove", by="mia")["decisions"][0]
    platform.clock[0] += 11 * SECOND
    assert against(platform).count == 1
    told = platform.engine.store.one("statement_of_decision", (decided,))
    assert told is not None
    made = appeal(platform, None, decided)  # type: ignore[arg-type]
    settle(platform, "reverse", made)
    assert against(platform) == Strikes(0, None)
    all_holds(platform)
