"""How often something may be done, by key: counted, bounded, and never for longer than said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ombud.paces import Pace

NOW = 1_800_000_000_000_000


def test_so_many_within_a_while_and_then_the_rest_waits() -> None:
    """Each key by itself; what is refused does not count; the wait is what is left of the while."""
    pace = Pace(2, 100)
    assert [pace.wait("ana", NOW + each) for each in (0, 10)] == [0, 0]
    assert pace.wait("ana", NOW + 30) == 70
    assert pace.wait("bo", NOW + 30) == 0
    assert pace.wait("ana", NOW + 100) == 0
    assert pace.wait("ana", NOW + 100) == 10


def test_a_clock_that_goes_back_makes_nobody_wait_for_years() -> None:
    """What lies ahead of the clock counts no more."""
    pace = Pace(1, 100)
    assert pace.wait("ana", NOW + 10**12) == 0
    assert pace.wait("ana", NOW) == 0


def test_names_made_up_do_not_fill_the_memory() -> None:
    """The key that was used longest ago is forgotten."""
    pace = Pace(1, 100, keys=3)
    assert [pace.wait(f"name {each}", NOW) for each in range(4)] == [0] * 4
    assert pace.wait("name 3", NOW) > 0
    assert pace.wait("name 0", NOW) == 0


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 4), st.integers(1, 20))
def test_never_more_than_so_many(steps: list[int], most: int, width: int) -> None:
    """In no stretch of time of that width are there more, and no wait is longer than it."""
    pace, now, done = Pace(most, width), NOW, []
    for step in steps:
        now += step
        wait = pace.wait("ana", now)
        assert 0 <= wait <= width
        if not wait:
            done.append(now)
    for at in done:
        assert sum(at <= each < at + width for each in done) <= most
