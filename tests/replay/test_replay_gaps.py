"""What replay cannot put back: what rests on it is judged from facts, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import DAY, NOW, agrees_with_replay, change, check, prepare, rows
from flow.test_campaign_members import campaign_rule
from flow.test_repeats import OFFER, post, send
from ombud.app import Engine

HOUR = 3600
FIRST = 2  # the record of the first post: before it stands the configuration
AGAIN = "a text of other words altogether that nobody in this room has written so far this evening"


@pytest.mark.parametrize("forget", [(), (FIRST,)])
def test_what_reaches_back_to_a_lost_text_is_judged_from_facts(
    tmp_path: Path, forget: tuple[int, ...]
) -> None:
    """Before the loss copies were found, after it they are unknown: both as they were recorded.
    What is too late to reach back is worked out again, where nothing is lost all of it.
    """
    folder = prepare(tmp_path, campaign_rule())
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, post(0, 0, OFFER, "a"), post(1, 1, OFFER, "b"), post(2, 2, OFFER, "c"))
    for seq in forget:
        change(folder, "DELETE FROM body WHERE seq = ?", seq)
    with Engine(folder, now=lambda: NOW + 3 * DAY) as engine:
        agrees_with_replay(engine)
        near = send(engine, post(3, 3, OFFER, "d"))[0]
        assert bool(near.unknown) is bool(forget)
        far = send(engine, post(4, 5 * HOUR, AGAIN, "e"), post(5, 3 * 24 * HOUR, AGAIN, "f"))
        far += send(engine, post(6, 3 * 24 * HOUR, AGAIN, "g"))
        assert not any(each.unknown for each in far)
        agrees_with_replay(engine)
    outcome = check(folder)
    assert outcome.different == outcome.not_recomputable == 0
    assert outcome.from_facts == (6 if forget else 0)
    assert outcome.same == (3 if forget else 9)


def test_a_lost_text_that_has_become_the_first_is_lost_too(tmp_path: Path) -> None:
    """The first text is erased, so the second one is what others are compared with; replay does not
    take its loss for a difference, whether it was found out before a restart or after it.
    """
    folder = prepare(tmp_path, campaign_rule())
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, post(0, 0, OFFER, "a"), post(1, 1, OFFER, "b"))
        engine.erase("chat", "a")
        change(folder, "DELETE FROM body WHERE seq = ?", FIRST + 1)
        found = send(engine, post(2, 2, OFFER, "c"), post(3, 3, OFFER, "d"))
        assert not any(each.unknown for each in found)
        agrees_with_replay_of_the_past(folder)
    with Engine(folder, now=lambda: NOW) as engine:
        assert send(engine, post(4, 4, OFFER, "e"))[0].unknown
        agrees_with_replay(engine)
    assert check(folder).from_facts >= 4


def agrees_with_replay_of_the_past(folder: Path) -> None:
    """No verdict of what is there by now is different."""
    outcome = check(folder)
    assert outcome.differences == []
    assert outcome.checked == rows(folder, "SELECT count(*) FROM journal")[0][0]
