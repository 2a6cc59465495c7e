"""What is asked of the platform: one row a request, under a stable key, and none is sent here."""

from __future__ import annotations

from ombud import actions


def test_a_request_names_decision_lane_and_action() -> None:
    """An action is recorded for its decision in its subject's lane."""
    asked = actions.ask("dec_1", b"lane", "hold")
    assert (asked.decision, asked.lane, asked.action, asked.inverse) == (
        "dec_1",
        b"lane",
        "hold",
        False,
    )
    assert asked.state == actions.RECORDED


def test_an_inverse_is_a_request_of_its_own() -> None:
    """Undoing goes the same way in the same lane, marked as inverse, under its own key."""
    action = actions.ask("dec_1", b"lane", "hold")
    inverse = actions.ask("dec_1", b"lane", "hold", inverse=True)
    assert inverse.inverse
    assert inverse.lane == action.lane
    assert inverse.id != action.id
