"""Rules are changed, and the program starts anew, in the middle of a raid: what held goes on."""

from __future__ import annotations

from pathlib import Path

from flow.case_desk import DESK_RULES, copies
from flow.platform_side import SECOND, all_holds, connected
from flow.small_community import rule

# It reads further back than anything did, so that its window knows nothing of before.
WIDER = rule(
    "slow-campaign",
    "author.accepted posts < 20\n  text.repeat authors in last 20 days >= 3",
    "author.accepted posts  0\n  text.repeat authors in last 20 days  3",
    "author.accepted posts  0\n  text.repeat authors in last 20 days  2",
    clause="spam.repeats",
    then="hold campaign",
)


def test_a_window_that_is_not_whole_opens_no_gap(tmp_path: Path) -> None:
    """A new rule's window, the same rule in other words, a restart: each next copy is held."""
    file = tmp_path / "rules" / "same-text.rule"
    with connected(tmp_path, rules=DESK_RULES) as made:
        assert [each.action for each in made.stream(*copies(5))][2:] == ["hold"] * 3
        (tmp_path / "rules" / WIDER[0]).write_text(WIDER[1])
        assert made.engine.reload("Ana")
        assert [each.action for each in made.stream(*copies(2, 10))] == ["hold"] * 2
        file.write_text(file.read_text().replace("in last 1 hour", "in last 3 hours"))
        assert made.engine.reload("Ana")
        made.clock[0] += 30 * SECOND
        assert [each.action for each in made.stream(*copies(2, 20))] == ["hold"] * 2
        all_holds(made)
        clock = made.clock
    with connected(tmp_path, clock=clock) as made:
        assert [each.action for each in made.stream(*copies(2, 30))] == ["hold"] * 2
        all_holds(made)
