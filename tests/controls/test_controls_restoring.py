"""A review undone: what stands again, what is withdrawn, and when it is too late."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, ask, bags, copies, decide, flag, waiting
from flow.platform_side import SECOND, Platform, all_holds, connected
from flow.small_community import rows
from ombud.errors import BadUse


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def test_an_unsent_hold_is_asked_for_again(platform: Platform) -> None:
    """Released before it went out, its action was withdrawn; undone, it goes out after all."""
    platform.stream(bags(1))
    (case,) = waiting(platform)
    decide(platform, case, "release")
    assert ("hold", False, "withdrawn") in platform.states()
    ask(platform, "undo", case)
    assert ("hold", False, "asked") in platform.states()
    sent = [each for each in platform.deliver() if each["type"] == "action"]
    assert [(each["action"], each["inverse"]) for each in sent] == [("hold", False)]
    all_holds(platform)


def test_what_had_gone_out_cannot_be_undone_here(platform: Platform) -> None:
    """Also within the window, if a clock let something go."""
    platform.stream(bags(1))
    platform.deliver()
    (case,) = waiting(platform)
    decide(platform, case, "release")
    row = platform.outbox(inverse=1)[0]
    assert platform.mark(row["id"], "sending")
    with pytest.raises(BadUse, match="U235"):
        ask(platform, "undo", case)
    all_holds(platform)


def test_nothing_to_undo_is_said(platform: Platform) -> None:
    """A case that nobody judged, or that was undone already."""
    platform.stream(bags(1))
    (case,) = waiting(platform)
    for _ in range(2):
        with pytest.raises(BadUse, match="U235"):
            ask(platform, "undo", case)
        decide(platform, case, "release")
        ask(platform, "undo", case)
    with pytest.raises(BadUse, match="U220"):
        ask(platform, "undo", "cas_none")


def test_a_part_is_undone_by_itself(platform: Platform) -> None:
    """Of a campaign decided in two parts the last one is taken back, the first one stands."""
    platform.stream(*copies(4))
    (case,) = waiting(platform, "hold")
    record = rows(platform.folder, "SELECT record FROM case_subject ORDER BY record")[0][0]
    decide(platform, case, "release", records=[record])
    decide(platform, case, "uphold", "remove", everything=True)
    assert waiting(platform, "hold") == []
    ask(platform, "undo", case)
    assert waiting(platform, "hold") == [case]
    stands = "SELECT about FROM decision WHERE ended IS NULL AND undone_by IS NULL"
    assert len(rows(platform.folder, stands)) == 3
    all_holds(platform)


def test_those_who_flagged_hear_nothing_of_it(platform: Platform) -> None:
    """Their answers are withdrawn with the judgement."""
    platform.stream(flag(1, "post/e7", "bo"))
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "suspend")
    ask(platform, "undo", case)
    platform.clock[0] += 60 * SECOND
    assert platform.deliver() == []
    all_holds(platform)


def test_copies_are_acted_on_again_after_an_undo(platform: Platform) -> None:
    """What a person judged no campaign touches; what they took back is open again, live and in
    replay.
    """
    platform.stream(*copies(2))
    platform.stream(*copies(1, 2))
    (case,) = waiting(platform, "hold")
    decide(platform, case, "release", everything=True)
    ask(platform, "undo", case)
    platform.stream(*copies(1, 3))
    all_holds(platform)
    decide(platform, case, "release", everything=True)
    platform.stream(*copies(1, 4))
    all_holds(platform)
