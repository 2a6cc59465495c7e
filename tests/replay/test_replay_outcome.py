"""What a check of the past came to."""

from __future__ import annotations

from ombud.replay.outcome import DIFFERENCES_MAX, Outcome


def test_every_difference_counts_and_the_first_few_are_told() -> None:
    """A journal that differs everywhere is counted to its end and told in bounded room."""
    outcome = Outcome()
    for seq in range(DIFFERENCES_MAX + 5):
        outcome.differs(seq, "its verdict")
    assert outcome.different == DIFFERENCES_MAX + 5
    assert [each["seq"] for each in outcome.differences] == list(range(DIFFERENCES_MAX))
    assert outcome.as_json()["different"] == outcome.different
