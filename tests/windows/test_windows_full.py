"""Which value a full window of different values lets go."""

from __future__ import annotations

from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.windows import Distinct
from ombud.windows import counts as windows


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=60), st.integers(0, 30))
@settings(deadline=None, max_examples=300)
def test_what_is_let_go_is_the_value_last_seen_longest_ago(
    put: list[tuple[int, int]], before: int
) -> None:
    """By a plain search over all values, also after forgetting."""
    kept, latest, floor = Distinct(), dict[int, int](), 0
    with mock.patch.object(windows, "CAP", 3):
        for step, (value, place) in enumerate(put):
            kept.add(1, value, place)
            latest[value] = max(latest.get(value, place), place)
            if len(latest) > 3:
                gone = min(latest, key=lambda each: (latest[each], each))
                floor = max(floor, latest.pop(gone))
            if step == 20:
                kept.forget(before)
                latest = {each: place for each, place in latest.items() if place > before}
                floor = floor if floor > before else 0
    found = dict[int, int]()
    for _, value, place in kept.entries():
        found[value] = max(found.get(value, place), place)
    assert found == latest
    assert kept.floors.get(1, 0) == floor
