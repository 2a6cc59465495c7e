"""Facts of the whole community are what its controls say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ombud.model import Event
from ombud.signals.declare import SIGNALS
from ombud.signals.observation import Observation
from ombud.verdicts.past import EventPast, Known
from ombud.windows import Timeline
from signals.test_signals_memory import Tokens


class States:
    """A community in which one state is known."""

    def __init__(self, name: str, *, holds: bool) -> None:
        self.name = name
        self.holds = holds

    def history(self, timeline: str, account: int) -> Known | None:
        """Nobody is known."""
        raise AssertionError((timeline, account))

    def state(self, timeline: str, name: str, recv: int) -> bool | None:
        """The one that is known."""
        assert (timeline, recv) == ("", 7)
        return self.holds if name == self.name else None


@pytest.mark.parametrize(("fact", "state"), [("on duty", "duty"), ("emergency", "emergency")])
@pytest.mark.parametrize("holds", [True, False])
def test_a_fact_of_the_community_is_the_state_of_that_name(
    fact: str, state: str, holds: bool
) -> None:
    """Known where the state is, unknown where it is not, or where there is no past."""
    event = Event(id="1", source="chat/a", type="post.created", time=datetime.now(UTC))
    seen = Observation(event, "post", Tokens())
    assert SIGNALS[fact].compute(seen) is None
    seen.past = EventPast(States(state, holds=holds), "", Timeline(), 5, 7)
    assert SIGNALS[fact].compute(seen) is holds
    other = ({"on duty", "emergency"} - {fact}).pop()
    assert SIGNALS[other].compute(seen) is None
