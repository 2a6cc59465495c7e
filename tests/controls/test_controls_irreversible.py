"""What cannot be taken back is looked at by somebody else within 72 hours, and is counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.case_desk import DESK_RULES, ask, decide, shoes, waiting
from flow.platform_side import CONNECTED, HOUR, Platform, all_holds, connected
from flow.small_community import DAY, rows
from ombud import staffing
from ombud.controls import irreversible
from ombud.errors import BadUse
from ombud.ledger import leaf
from ombud.review import case as cases

LOOK = {"shoes.rule": DESK_RULES["shoes.rule"].replace("remove this", 'alert "look"')}
FINAL = CONNECTED + '[connectors.chat.actions]\nhold = "exact"\nremove = "none"\nwarn = "exact"\n'


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A community in which mia has removed something for good, and lou has confirmed it."""
    with connected(tmp_path, rules=LOOK, settings=FINAL) as made:
        made.stream(shoes(1))
        (case,) = waiting(made)
        decide(made, case, "uphold", "remove", by="mia")
        ask(made, "confirm", case, by="lou")
        yield made


def listed(platform: Platform) -> dict[str, Any]:
    return irreversible.listed(platform.engine.store, platform.clock[0], 10)


def logged(platform: Platform) -> list[str | None]:
    """The outcomes of judgements in the public log."""
    entries = [row[0] for row in rows(platform.folder, "SELECT entry FROM leaf ORDER BY position")]
    found = [msgspec.json.decode(each, type=leaf.Leaf) for each in entries]
    return [each.outcome for each in found if each.type == "review"]


def test_whoever_decided_it_does_not_look_at_it(platform: Platform) -> None:
    """Nor under a name that looks alike; who confirmed it may, and the log says that they did."""
    (again,) = waiting(platform)
    for name in ("mia", "Mia", "mía"):
        with pytest.raises(BadUse, match="U406"):
            decide(platform, again, "seen", by=name)
    assert waiting(platform) == [again]
    platform.clock[0] += 71 * HOUR
    assert listed(platform)["items"][0]["state"] == "waits"
    decide(platform, again, "seen", by="lou")
    assert logged(platform) == ["upheld (cannot be undone)", "seen (cannot be undone)"]
    found = listed(platform)
    assert found["items"][0]["state"] == "in time"
    assert (found["count"], found["in_time"], found["waits"] + found["overdue"]) == (1, 1, 0)
    all_holds(platform)


def test_whoever_gives_no_name_does_not_look_at_it(platform: Platform) -> None:
    """Where there is a staff: they may be who decided it."""
    for name, roles in (("Ada", ["admin"]), ("kim", ["reviewer"])):
        staffing.change(platform.engine, "added", name, "admin", roles=roles)
    (again,) = waiting(platform)
    with pytest.raises(BadUse, match="U444"):
        decide(platform, again, "seen", by="admin")
    decide(platform, again, "seen", by="kim")


def test_what_nobody_looked_at_is_overdue_and_stays_so(platform: Platform) -> None:
    """It does not close by itself; whoever looks later is late, in public."""
    (again,) = waiting(platform)
    platform.clock[0] += irreversible.WITHIN
    assert listed(platform)["overdue"] == 0  # the last instant is in time
    platform.clock[0] += DAY
    (found,) = listed(platform)["items"]
    assert (found["state"], found["case"], found["looked"]) == ("overdue", again, None)
    assert found["action"] == "remove"
    decide(platform, again, "seen", by="kim")
    assert logged(platform)[-1] == "seen late (cannot be undone)"
    assert (listed(platform)["late"], listed(platform)["overdue"]) == (1, 0)
    all_holds(platform)


def test_the_case_says_what_it_looks_at(platform: Platform) -> None:
    """The case it was decided in, by when; other cases look at nothing."""
    (again,) = waiting(platform)
    ((first,),) = rows(platform.folder, "SELECT id FROM review")
    store, now = platform.engine.store, platform.clock[0]
    found = irreversible.of_case(store, cases.find(store, again), now)
    assert found is not None
    assert (found["case"], found["overdue"]) == (first, False)
    late = irreversible.of_case(store, cases.find(store, again), now + 4 * DAY)
    assert late is not None
    assert late["overdue"] is True
    assert irreversible.of_case(store, cases.find(store, first), now) is None


def test_what_can_be_taken_back_is_not_counted(tmp_path: Path) -> None:
    """A removal that the platform undoes exactly needs no second look of this kind."""
    with connected(tmp_path, rules=LOOK, settings=CONNECTED) as platform:
        platform.stream(shoes(1))
        decide(platform, waiting(platform)[0], "uphold", "remove")
        assert listed(platform) == {
            "items": [],
            "count": 0,
            "waits": 0,
            "overdue": 0,
            "in_time": 0,
            "late": 0,
        }
        assert logged(platform) == ["upheld"]
