"""What is asked of the platform: where a request begins, when it is due, what takes it back."""

from __future__ import annotations

import pytest

from ombud import actions
from ombud.actions import Asked, Door
from ombud.clock import SECOND

NOW = 1_000 * SECOND
STREAM, CHECK = Door("chat"), Door("chat", check=True)


def asked(door: Door, action: str = "hold", target: str = "this", by: str = "rule") -> Asked:
    """One request."""
    return actions.ask("dec_1", b"lane", action, target, door, by, NOW)


def test_a_request_names_decision_lane_and_action() -> None:
    """It stands in its subject's lane, for its decision, under a key of its own."""
    one, two = asked(STREAM), asked(STREAM)
    assert (one.decision, one.lane, one.action, one.inverse) == ("dec_1", b"lane", "hold", False)
    assert (one.kind, one.connector, one.statement) == ("action", "chat", None)
    assert one.id.startswith("act_")
    assert one.id != two.id


@pytest.mark.parametrize(
    ("door", "action", "target", "state"),
    [
        (STREAM, "hold", "this", actions.ASKED),
        (STREAM, "warn", "author", actions.ASKED),
        (CHECK, "hold", "this", actions.ANSWERED),
        (CHECK, "remove", "this", actions.ANSWERED),
        (CHECK, "hold", "author", actions.AWAITING),
        (CHECK, "warn", "author", actions.AWAITING),
        (CHECK, "label", "this", actions.AWAITING),
        (CHECK, "slow", "room", actions.ASKED),
        (Door(), "hold", "this", actions.RECORDED),
        (Door(check=True), "hold", "this", actions.RECORDED),
        (Door("chat", "2019"), "hold", "this", actions.RECORDED),
        (Door("chat", "2019", check=True), "warn", "author", actions.RECORDED),
    ],
)
def test_where_a_request_begins(door: Door, action: str, target: str, state: str) -> None:
    """An answer carries only what keeps the post itself back; what is about it waits for
    publication, and what is done to its room does not.
    """
    assert asked(door, action, target).state == state


def test_people_have_time_to_think_again() -> None:
    """A rule's and an end's requests are due at once, a person's after ten seconds."""
    assert asked(STREAM, by="rule").due == asked(STREAM, by="time").due == NOW
    for role in ("admin", "reviewer", ""):
        assert asked(STREAM, by=role).due == NOW + 10 * SECOND


@pytest.mark.parametrize(
    ("stood", "connector", "state"),
    [
        (actions.RECORDED, "chat", actions.RECORDED),
        (actions.WITHDRAWN, "chat", actions.RECORDED),
        (actions.DELIVERED, "", actions.RECORDED),
        (actions.ASKED, "chat", actions.WITHDRAWN),
        (actions.AWAITING, "chat", actions.WITHDRAWN),
        (actions.ANSWERED, "chat", actions.ASKED),
        (actions.SENDING, "chat", actions.ASKED),
        (actions.DELIVERED, "chat", actions.ASKED),
        (actions.CONFIRMED, "chat", actions.ASKED),
        (actions.FAILED, "chat", actions.ASKED),
    ],
)
def test_how_a_request_is_taken_back(stood: str, connector: str, state: str) -> None:
    """What may have reached the platform is asked back at once, in its lane, under a new key."""
    action = asked(STREAM)
    inverse = actions.take_back("dec_1", b"lane", "hold", connector, stood, NOW)
    assert (inverse.state, inverse.inverse, inverse.due) == (state, True, NOW)
    assert (inverse.lane, inverse.action) == (action.lane, action.action)
    assert inverse.id != action.id


def test_what_was_tried_is_no_longer_unsent() -> None:
    """Asked again after an attempt, a row counts as on its way; other states stay what they are."""
    assert actions.stood(actions.ASKED, 0) == actions.ASKED
    assert actions.stood(actions.ASKED, 1) == actions.SENDING
    assert actions.stood(actions.AWAITING, 3) == actions.SENDING
    assert actions.stood(actions.FAILED, 12) == actions.FAILED
    assert actions.stood(actions.ANSWERED, 1) == actions.ANSWERED


def test_states_are_told_apart() -> None:
    """Every state is listed once; only what was never tried is unsent."""
    assert len(set(actions.STATES)) == len(actions.STATES) == 11
    assert set(actions.STATES) > actions.UNSENT
