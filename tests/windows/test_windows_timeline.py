"""Whose the entries of a window are: the latest records of each key, and of no other window."""

from __future__ import annotations

from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.windows import Members, Shape, Timeline
from ombud.windows import counts as windows
from windows.test_windows_counts import COUNTED, DAY, HOUR, SHAPES, VARIED

put_in = st.lists(
    st.tuples(st.integers(1, 2), st.integers(-30, 60), st.integers(1, 40)), max_size=60
)


@given(put_in, st.randoms(use_true_random=False), st.integers(-30, 60), st.integers(1, 70))
@settings(deadline=None, max_examples=200)
def test_members_are_the_latest_of_a_key(
    put: list[tuple[int, int, int]], random: object, place: int, width: int
) -> None:
    """By place, then seq, at most CAP; whatever the order, however often, swept or not."""
    shuffled = put + put[:5]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with mock.patch.object(windows, "CAP", 7):
        one, other = Members(), Members()
        for entry in put:
            one.add(*entry)
        for entry in shuffled:
            other.add(*entry)
    assert sorted(one.entries()) == sorted(other.entries())
    other.forget(place - width)
    for key in (1, 2, 3):
        latest = sorted({(at, seq) for of, at, seq in put if of == key})[-7:]
        by_hand = [seq for at, seq in latest if place - width < at <= place]
        for members in (one, other):
            assert [windows.seq_of(each) for each in members.within(key, place, width)] == by_hand


def test_only_windows_that_are_asked_remember_their_members() -> None:
    """A timeline keeps members for the windows whose shape says so, and lets go of them with it."""
    line = Timeline()
    line.use({COUNTED: Shape(HOUR, distinct=False, members=True), VARIED: SHAPES[VARIED]})
    line.arrive("a", 100 * DAY, 100 * DAY)
    line.add(COUNTED, 1, 0, 100 * DAY, 7)
    line.add(VARIED, 1, 5, 100 * DAY, 7)
    assert list(line.members) == [COUNTED]
    assert list(line.members[COUNTED].entries()) == [(1, 7, 100 * DAY)]
    line.use(dict(line.shapes))
    assert list(line.members[COUNTED].entries()) == [(1, 7, 100 * DAY)]
    line.arrive("a", 200 * DAY, 200 * DAY)
    line.sweep()
    assert list(line.members[COUNTED].entries()) == []
    line.add(COUNTED, 1, 0, 200 * DAY, 8)
    line.drop(COUNTED)
    line.use(dict(line.shapes))
    assert list(line.members[COUNTED].entries()) == []
    assert line.count(COUNTED, (1,), 200 * DAY, HOUR) == 0
    line.use(SHAPES)
    assert line.members == {}
