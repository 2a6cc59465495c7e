"""Draws: so many as was said, by the key alone, the same whoever asks."""

from __future__ import annotations

import inspect

import pytest

from ombud.clock import DAY
from ombud.model import HARMS
from ombud.review import drawing
from ombud.review.drawing import GOLDEN, SHARES, USUAL, Judged

KEY, OTHER = bytes(32), b"\1" * 32
PEOPLE = (11, None)
ABOUT = (7, "cas_1", "spam.links", "review", "spam")


@pytest.mark.parametrize("harm", HARMS)
def test_the_share_is_what_was_said(harm: str) -> None:
    """Within four standard deviations of 20,000 draws."""
    count = 20_000
    share = SHARES.get(harm, USUAL) / 1000
    found = sum(drawing.looked_at(KEY, harm, seq, seq + 3) for seq in range(count))
    assert abs(found - count * share) < 4 * (count * share * (1 - share)) ** 0.5
    assert set(SHARES) <= set(HARMS)


def test_gold_is_drawn_and_waits_some_days() -> None:
    """A fifth of it; every day of the span comes up, and none beyond."""
    found = [f"lok_{n}" for n in range(5_000)]
    gold = sum(drawing.golden(KEY, each) for each in found)
    assert abs(gold - 5_000 * GOLDEN / 1000) < 4 * (5_000 * 0.2 * 0.8) ** 0.5
    least, most = drawing.GOLD_WAITS
    days = {drawing.waits(KEY, each) // DAY for each in found}
    assert days == set(range(least, most + 1))


def test_another_key_draws_others() -> None:
    """Who does not have it cannot tell; who has it gets the same every time."""
    one, same, other = (
        [drawing.looked_at(key, "spam", seq, 1) for seq in range(2_000)]
        for key in (KEY, KEY, OTHER)
    )
    assert one == same
    assert one != other


def test_a_draw_knows_neither_who_judged_nor_what_they_said() -> None:
    """It is no argument; and the same record is drawn for any outcome and anybody."""
    assert set(inspect.signature(drawing.looked_at).parameters) == {"key", "harm", "seq", "record"}
    for seq in range(300):
        about = (seq, *ABOUT[1:])
        found = {
            look is not None
            for who in ((1, None), (2, 3))
            for outcome in ("upheld", "released")
            for look in [drawing.second_look(KEY, about, who, [Judged(9, outcome, "en")], 0)]
        }
        assert len(found) == 1


def test_of_a_campaign_one_thing_at_most_is_looked_at() -> None:
    """However many records one judgement is about; it is due once nothing can be undone."""
    judged = [Judged(record, "upheld", "vi") for record in range(1_000)]
    look = drawing.second_look(KEY, ABOUT, PEOPLE, judged, 1_000)
    assert look is not None
    assert drawing.looked_at(KEY, "spam", 7, look.record)
    assert not any(drawing.looked_at(KEY, "spam", 7, record) for record in range(look.record))
    assert (look.due, look.lang, look.said, look.first) == (10_001_000, "vi", "upheld", 11)
    assert drawing.second_look(KEY, ABOUT, PEOPLE, [], 0) is None
