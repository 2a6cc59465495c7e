"""Strikes with weights: at a published threshold a case opens and proposes; nothing acts by itself,
a reversal voids the strike and closes the case, and replay agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_outcome import appeal, settle
from flow.case_desk import DESK_RULES, ask, bags, decide, waiting
from flow.platform_side import CONNECTED, SECOND, Platform, all_holds, connected
from flow.small_community import DAY, rows
from ombud import config, strikes
from ombud.casefile import Casefile
from ombud.errors import BadUse
from ombud.reading import reading

STRIKES = """
[strikes]
days = 30

[strikes.actions]
remove = 2
limit = 0

[strikes.clauses]
"spam.repeats" = 0

[strikes.thresholds.limit]
weight = 4

[strikes.thresholds.suspend]
weight = 6
days = 14
"""


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community with thresholds."""
    with connected(tmp_path, rules=DESK_RULES, settings=CONNECTED + STRIKES) as made:
        yield made


def found(platform: Platform, number: int, *acts: str, who: str = "ana") -> str:
    """A person finds a post to break the clause; the first decision."""
    platform.stream(bags(number, who))
    (case,) = waiting(platform, "hold")
    made = decide(platform, case, "uphold", *(acts or ("remove",)), by="mia")["decisions"][0]
    platform.clock[0] += 11 * SECOND
    return str(made)


def weighed(platform: Platform, later: int = 0) -> strikes.Weighed:
    """What stands against ana."""
    ana = platform.engine.keys.known_account("chat", "ana")
    plan = platform.engine.writer.pipeline.community.active.settings.strikes
    return strikes.weighed(platform.engine.store, ana, plan, platform.clock[0] + later)


def offered(platform: Platform, case: str) -> Any:
    """What the page of a case offers as the settings propose it."""
    with reading(platform.folder) as reader:
        file = Casefile(reader.casebook(), lambda *_: None)
        told = file.opened(file.case(case), platform.clock[0], "en")
    return next((each for each in told["offers"] if each.name == "strikes"), None)


def test_at_a_threshold_a_case_opens_and_nothing_is_done(platform: Platform) -> None:
    """Two removals weigh four: it is proposed to limit; no action is asked for by it."""
    found(platform, 1)
    assert weighed(platform).weight == 2
    assert waiting(platform, "strikes") == []
    before = rows(platform.folder, "SELECT count(*) FROM decision")
    found(platform, 2)
    (case,) = waiting(platform, "strikes")
    assert rows(platform.folder, "SELECT action FROM decision WHERE action = 'limit'") == []
    assert rows(platform.folder, "SELECT count(*) FROM decision") == [(before[0][0] + 2,)]
    proposed = weighed(platform).proposed
    assert proposed is not None
    assert (proposed.action, proposed.weight, proposed.length) == ("limit", 4, 7 * DAY)
    offer = offered(platform, case)
    assert [(each.action, each.target, each.length) for each in offer.acts] == [
        ("limit", "author", 7 * DAY)
    ]
    found(platform, 3, who="lan")
    assert waiting(platform, "strikes") == [case]
    all_holds(platform)


def test_a_person_decides_what_is_proposed_and_is_asked_again_only_at_the_next_one(
    platform: Platform,
) -> None:
    """The post stays removed; a heavier threshold asks anew, and no further strike below it."""
    found(platform, 1)
    found(platform, 2)
    (case,) = waiting(platform, "strikes")
    asked = offered(platform, case).asked()
    ask(platform, "decide", case, outcome="uphold", acts=asked, by="mia")
    platform.clock[0] += 11 * SECOND
    assert waiting(platform, "strikes") == []
    standing = "SELECT action FROM decision WHERE ended IS NULL AND undone_by IS NULL ORDER BY leaf"
    assert rows(platform.folder, standing) == [("remove",), ("remove",), ("limit",)]
    assert weighed(platform).weight == 4
    found(platform, 3)
    (again,) = waiting(platform, "strikes")
    offer = offered(platform, again)
    assert [(each.action, each.length) for each in offer.acts] == [("suspend", 14 * DAY)]
    decide(platform, again, "release", by="mia")
    platform.clock[0] += 11 * SECOND
    all_holds(platform)


def test_a_reversal_voids_a_strike_and_closes_the_case(platform: Platform) -> None:
    """So too little is left; and with one more it opens again."""
    first = found(platform, 1)
    found(platform, 2)
    (case,) = waiting(platform, "strikes")
    settle(platform, "reverse", appeal(platform, None, first))  # type: ignore[arg-type]
    assert weighed(platform).weight == 2
    assert waiting(platform, "strikes") == []
    found(platform, 3)
    assert len(waiting(platform, "strikes")) == 1
    assert waiting(platform, "strikes") != [case]
    all_holds(platform)


def test_weights_are_by_action_and_clause_and_lapse(platform: Platform) -> None:
    """Of several things done about one post the heaviest; nothing of what weighs nothing."""
    found(platform, 1, "remove", "suspend")
    assert weighed(platform).weight == 2
    assert weighed(platform, later=30 * DAY).weight == 0
    assert weighed(platform, later=29 * DAY).weight == 2
    found(platform, 2, "warn")
    assert weighed(platform).weight == 2
    plan = config.Strikes(clauses={"spam.links": 3})
    ana = platform.engine.keys.known_account("chat", "ana")
    heavy = strikes.weighed(platform.engine.store, ana, plan, platform.clock[0])
    assert (heavy.weight, heavy.proposed) == (3, None)
    assert strikes.weighed(platform.engine.store, None, plan, 0).weight == 0


def test_without_thresholds_nothing_is_ever_proposed(tmp_path: Path) -> None:
    """As it is at first."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        for number in range(4):
            found(platform, number)
        assert waiting(platform, "strikes") == []


@pytest.mark.parametrize(
    "text",
    [
        "[strikes.thresholds.remove]\nweight = 1",
        "[strikes.thresholds.suspend]\nweight = 0",
        "[strikes.thresholds.suspend]\ndays = 3",
        "[strikes.actions]\nremove = -1",
        "[strikes]\ndays = 0",
    ],
)
def test_settings_are_checked(text: str) -> None:
    """Only what is done to an account can be proposed; weights are small whole numbers."""
    with pytest.raises(BadUse, match="U001"):
        config.parse_settings(text.encode())
