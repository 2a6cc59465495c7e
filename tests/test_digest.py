"""The morning's two lines: what happened within a day and what waits, as the tables say it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, bags, decide, shoes, waiting
from flow.platform_side import Platform, connected
from flow.small_community import line
from ombud import digest
from ombud.clock import DAY
from ombud.i18n import SPOKEN


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A community in which two posts are held and one is asked about, one of which was judged."""
    with connected(tmp_path, rules=DESK_RULES) as found:
        posts = [bags(1), bags(2, "lan", 1), shoes(3, "tuan", 2)]
        found.engine.submit([line(each) for each in posts])
        decide(found, waiting(found, "hold")[0], "release")
        yield found


def look(platform: Platform) -> dict[str, Any]:
    """The figures as they are now."""
    return digest.digest(platform.engine.store, platform.clock[0])


def test_the_figures_are_those_of_the_day(platform: Platform) -> None:
    """What is older counts no more; what waits waits all the same, and is late then."""
    found = look(platform)
    counts = {name: found[name] for name in ("held", "opened", "closed", "open", "late")}
    assert counts == {"held": 2, "opened": 3, "closed": 1, "open": 2, "late": 0}
    platform.clock[0] += 2 * DAY
    later = look(platform)
    counts = {name: later[name] for name in ("held", "opened", "closed", "open", "late")}
    assert counts == {"held": 0, "opened": 0, "closed": 0, "open": 2, "late": 2}


@pytest.mark.parametrize("lang", SPOKEN)
def test_there_are_two_lines_with_every_figure(platform: Platform, lang: str) -> None:
    """A count that is a bound says so."""
    names = ("held", "other", "people", "opened", "closed", "open", "late", "appeals", "failed")
    told = {**look(platform), **{name: 70 + n for n, name in enumerate(names)}, "more": ["open"]}
    happened, waits = digest.lines(told, lang)
    assert all(str(70 + n) in happened for n in range(5))
    assert all(str(70 + n) in waits for n in range(5, 9))
    assert "75+" in waits
    assert waits.count("+") == 1
    assert "UTC" in happened
