"""Who stands behind a decision: who judged, who confirmed, who wrote the version that acted."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.test_controls_outcome import appeal, settle, upheld
from flow.case_desk import COPIED, DESK_RULES, ask, bags, copies, decide, waiting
from flow.platform_side import SECOND, all_holds, connected
from flow.small_community import rows as asked_of
from ombud import casework
from ombud.controls import appealed
from ombud.errors import BadUse
from ombud.staff import people


def test_everybody_who_decided_stands_behind_it(tmp_path: Path) -> None:
    """One person, two who agreed, or the author of a rule; nobody twice."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(bags(1, "zoe"), *copies(21))
        hands = platform.engine.writer.pipeline
        held, campaign = waiting(platform, "hold")
        admin = people.person(hands.keys, "admin")
        rows = {row[9]: row for row in hands.store.all("decisions_about", (2,))}
        assert appealed.behind(hands.store, hands.keys, hands.community.active, rows["hold"]) == (
            admin,
        )
        decide(platform, held, "uphold", "remove", by="mia")
        decide(platform, campaign, "uphold", "remove", everything=True, by="mia")
        ask(platform, "confirm", campaign, by="lou")
        mia, lou = (people.person(hands.keys, each) for each in ("mia", "lou"))
        rows = {row[9]: row for row in hands.store.all("decisions_about", (2,))}
        assert appealed.behind(hands.store, hands.keys, hands.community.active, rows["remove"]) == (
            mia,
        )
        rows = {row[9]: row for row in hands.store.all("decisions_about", (3,))}
        assert appealed.behind(hands.store, hands.keys, hands.community.active, rows["remove"]) == (
            mia,
            lou,
        )
        platform.engine.erase("chat", "zoe")
        (row, *_) = hands.store.all("decisions_about", (2,))
        assert appealed.behind(hands.store, hands.keys, hands.community.active, row) == (
            mia,
        )  # what rule it was died with its record


@pytest.mark.parametrize("before", ["uphold", "reverse"])
def test_who_let_it_stand_once_does_not_judge_it_again(tmp_path: Path, before: str) -> None:
    """Whoever upheld the first appeal stands behind the decision; whoever took one back does not.
    The table refuses it by itself, too.
    """
    with connected(tmp_path, rules=DESK_RULES) as platform:
        told, first = upheld(platform)
        (decision,) = asked_of(platform.folder, "SELECT decision FROM appeal")[0]
        settle(platform, before, first, by="kim")
        hands = platform.engine.writer.pipeline
        kim = people.person(hands.keys, "kim")
        row = hands.store.one("decision", (decision,))
        assert row is not None
        stand = appealed.behind(hands.store, hands.keys, hands.community.active, row)
        assert (kim in stand) == (before == "uphold")
        if before == "uphold":
            again = appeal(platform, told, decision, text="Look again.")
            for outcome in ("uphold", "omit"):
                with pytest.raises(BadUse, match="U242"):
                    settle(platform, outcome, again, by="kim")
            noted = {each for (each,) in hands.store.all("behind_appeal", (again,))}
            assert kim in noted  # what the trigger goes by
            settle(platform, "uphold", again, by="lou")
            third = appeal(platform, told, decision, text="And again.")
            with pytest.raises(BadUse, match="U242"):
                settle(platform, "uphold", third, by="lou")
            settle(platform, "reverse", third, by="kim")  # anybody may take it back
        all_holds(platform)


@pytest.mark.parametrize("action", ["hold", "remove"])
def test_who_ordered_it_stands_behind_it(tmp_path: Path, action: str) -> None:
    """Who gave an order does not uphold what a rule did by it; nor does who had decided the
    campaign, where it does more than hold. Anybody may take it back.
    """
    rules = {COPIED[0]: COPIED[1].replace("hold campaign", "remove this")}
    with connected(tmp_path, rules=rules) as platform:
        platform.stream(*copies(5))
        (case,) = waiting(platform)
        decide(platform, case, "uphold", "remove", by="mia", everything=True)
        given = {"case": case, "by": "eve", "action": action}
        casework.perform(platform.engine, "give order", given)
        (told,) = platform.stream(*copies(1, 10))
        platform.clock[0] += 20 * SECOND
        platform.deliver()
        made = appeal(platform, told)
        with pytest.raises(BadUse, match="U242"):
            settle(platform, "uphold", made, by="eve")
        if action == "remove":
            with pytest.raises(BadUse, match="U242"):
                settle(platform, "uphold", made, by="mia")
            settle(platform, "reverse", made, by="eve")
        else:
            settle(platform, "uphold", made, by="mia")
        all_holds(platform)


def test_an_appeal_is_found_by_its_id_only(tmp_path: Path) -> None:
    """U240 for anything else, however it looks."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        for wrong in ("", "app_none", "\udcff", "x" * 100_000):
            with pytest.raises(BadUse, match="U240") as caught:
                appealed.find_open(platform.engine.store, wrong)
            assert len(caught.value.message) < 200
