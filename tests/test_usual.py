"""What is usual for a key: the median of the fullest stretch of each of the last days."""

from __future__ import annotations

from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.clock import DAY, HOUR, MINUTE
from ombud.usual import DAYS, FULL, KNOWN_DAYS, SPAN, Usual
from ombud.windows import BEGINNING, STALE, Shape, Timeline
from ombud.windows.timeline import SWEEP_EVERY

KEY = 7
NOW = 20_000 * DAY + 15 * HOUR  # in the afternoon


def filled(days: dict[int, int], bucket: int = 10 * MINUTE) -> Usual:
    """A window in which the key had so many entries at noon, so many days ago."""
    usual = Usual(bucket)
    for ago, entries in days.items():
        for _ in range(entries):
            usual.add(KEY, 0, NOW - ago * DAY - 3 * HOUR)
    return usual


def told(usual: Usual, place: int = NOW) -> int | None:
    """What is usual for the key."""
    return usual.count(KEY, place, SPAN)


def test_the_usual_is_the_lower_median_of_the_days_peaks() -> None:
    """Of 14 days with 1 to 14 joins at noon, it is 7; today does not count."""
    assert told(filled({**{ago: ago for ago in range(1, 15)}, 0: 500})) == 7
    assert told(filled(dict.fromkeys(range(1, 15), 3))) == 3
    assert told(filled(dict.fromkeys(range(1, 9), 3) | {7: 9, 8: 9})) == 3


def test_a_peak_is_the_fullest_stretch_of_a_day_not_its_sum() -> None:
    """Ten at noon and one in each other hour are a peak of ten."""
    usual = filled(dict.fromkeys(range(1, 15), 10))
    for ago in range(1, 15):
        for hour in range(10):
            usual.add(KEY, 0, NOW - ago * DAY - 14 * HOUR + hour * HOUR)
    assert told(usual) == 10


def test_silent_days_count_as_nothing() -> None:
    """Since the first day with an entry: four busy days of 14 make a usual of 0."""
    assert told(filled({14: 20, 10: 20, 5: 20, 1: 20})) == 0
    assert told(filled({7: 20, 6: 20, 5: 20, 4: 20})) == 20  # four of the first seven
    assert told(filled({7: 20, 6: 20, 5: 20})) == 0


@pytest.mark.parametrize(("first", "known"), [(KNOWN_DAYS, True), (KNOWN_DAYS - 1, False)])
def test_below_a_week_nothing_is_usual(first: int, known: bool) -> None:
    """A room that has just opened is unknown, however full it was."""
    assert (told(filled(dict.fromkeys(range(1, first + 1), 3))) is not None) is known
    assert told(Usual(10 * MINUTE)) is None
    assert told(filled({DAYS + 1: 5})) is None  # silent for two weeks: nothing is usual either
    assert told(filled({DAYS: 5})) == 0


@pytest.mark.parametrize("poisoned", range(9))
def test_an_attacker_must_fill_more_than_half_of_the_days(poisoned: int) -> None:
    """Seven of fourteen days of a hundred joins change nothing, eight do."""
    days = dict.fromkeys(range(1, 15), 4) | dict.fromkeys(range(1, poisoned + 1), 100)
    assert told(filled(days)) == (100 if poisoned == 8 else 4)


def test_keys_do_not_touch_each_other() -> None:
    """Another room's flood is not this room's usual."""
    usual = filled(dict.fromkeys(range(1, 15), 4))
    for ago in range(1, 15):
        usual.add(8, 0, NOW - ago * DAY)
    assert told(usual) == 4
    assert usual.count(8, NOW, SPAN) == 1
    assert usual.count(9, NOW, SPAN) is None


def test_what_comes_late_changes_a_day_that_was_done() -> None:
    """An answer is kept for the day, but not past an entry that lies before it."""
    usual = filled(dict.fromkeys(range(1, 8), 4))
    assert told(usual) == 4
    for _ in range(3):
        for ago in range(1, 5):
            usual.add(KEY, 0, NOW - ago * DAY - 3 * HOUR)
    assert told(usual) == 7
    usual.add(KEY, 0, NOW)
    assert told(usual) == 7


def test_the_day_is_that_of_the_place() -> None:
    """At midnight yesterday becomes one of the days."""
    usual = filled(dict.fromkeys(range(7), 4))
    assert told(usual) is None
    assert told(usual, NOW + DAY) == 4
    assert told(usual, NOW) is None  # a source that lags behind is still in the day before


def test_a_stretch_counts_no_further_than_its_room() -> None:
    """So that entries never run over into the number of the stretch."""
    usual = Usual(DAY)
    usual.add(KEY, 0, 0)
    usual.kept[KEY] = FULL
    usual.add(KEY, 0, 0)
    assert usual.kept[KEY] == FULL


_entries = st.lists(
    st.tuples(st.integers(0, 2), st.integers(NOW - 16 * DAY, NOW + DAY)), max_size=120
)


@given(_entries, st.sampled_from([10 * MINUTE, 7 * HOUR, DAY]), st.randoms(use_true_random=False))
def test_what_is_kept_is_the_same_in_any_order(
    entries: list[tuple[int, int]], bucket: int, random: object
) -> None:
    """And what is told is what counting anew from all entries says."""
    one, other = Usual(bucket), Usual(bucket)
    for key, place in entries:
        one.add(key, 0, place)
        one.count(key, NOW, SPAN)  # asked in between: an answer that is kept must not go stale
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for key, place in shuffled:
        other.add(key, 0, place)
    assert sorted(one.entries()) == sorted(other.entries())
    for key in range(3):
        told = one.count(key, NOW, SPAN)
        assert told == other.count(key, NOW, SPAN) == _anew(entries, key, bucket)


def _anew(entries: list[tuple[int, int]], key: int, bucket: int) -> int | None:
    """The plainest way to say it."""
    today = NOW // DAY
    stretches: dict[int, int] = {}
    for each, place in entries:
        if each == key:
            begin = place - place % bucket
            stretches[begin] = stretches.get(begin, 0) + 1
    peaks: dict[int, int] = {}
    for begin, count in stretches.items():
        peaks[begin // DAY] = max(peaks.get(begin // DAY, 0), count)
    days = [day for day in peaks if today - DAYS <= day < today]
    if not days or today - min(days) < KNOWN_DAYS:
        return None
    return median_low([peaks.get(day, 0) for day in range(min(days), today)])


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(NOW - 20 * DAY, NOW)), max_size=120),
    st.integers(NOW - 3 * DAY, NOW),
)
def test_forgetting_changes_no_answer_that_can_still_be_asked(
    entries: list[tuple[int, int]], community: int
) -> None:
    """A sweep by the community's time drops only what lies before any later event's days."""
    whole, swept = Usual(10 * MINUTE), Usual(10 * MINUTE)
    for key, place in entries:
        whole.add(key, 0, place)
        swept.add(key, 0, place)
    swept.forget(community - STALE - SPAN)
    for key in range(3):
        for place in (community - STALE, community, NOW + DAY):
            assert whole.count(key, place, SPAN) == swept.count(key, place, SPAN)


def test_the_oldest_day_that_can_be_asked_outlives_a_sweep() -> None:
    """A source that lags a day behind reaches the first stretch of its fourteenth day back."""
    day = NOW // DAY * DAY
    usual = Usual(10 * MINUTE)
    usual.add(KEY, 0, day - DAYS * DAY)
    usual.forget(day + DAY + DAY - 1 - STALE - SPAN)  # the community is at this day's end
    assert usual.count(KEY, day + DAY - 1, SPAN) == 0
    usual.forget(day - DAYS * DAY + 10 * MINUTE - 2)
    assert usual.kept
    usual.forget(day - DAYS * DAY + 10 * MINUTE - 1)
    assert not usual.kept


def test_a_timeline_keeps_and_sweeps_it_as_any_window() -> None:
    """It is made by its shape, unknown before its horizon, and forgets in a sweep."""
    line = Timeline()
    line.use({1: Shape(SPAN, distinct=False, bucket=HOUR), 2: Shape(HOUR, distinct=False)})
    line.community = NOW
    for ago in range(1, 10):
        line.add(1, KEY, 0, NOW - ago * DAY)
    assert line.count(1, (KEY,), NOW, SPAN) == 1
    line.shapes[1] = Shape(SPAN, distinct=False, horizon=NOW - SPAN + 1, bucket=HOUR)
    assert line.count(1, (KEY,), NOW, SPAN) is None
    line.shapes[1] = Shape(SPAN, distinct=False, horizon=BEGINNING, bucket=HOUR)
    line.community = NOW + 100 * DAY
    line.sweep()
    assert not list(line.windows[1].entries())


def test_a_million_keys_take_no_more_than_counting_them_does() -> None:
    """Keys that come once are one integer each, and go with the sweep."""
    line = Timeline()
    line.use({1: Shape(SPAN, distinct=False, bucket=10 * MINUTE)})
    for key in range(2 * SWEEP_EVERY):
        line.community = key * MINUTE
        line.add(1, key, 0, key * MINUTE)
    kept = line.windows[1]
    assert all(isinstance(each, int) for each in kept.kept.values())
    assert len(kept.kept) <= SWEEP_EVERY + (SPAN + STALE) // MINUTE


def test_a_key_that_is_never_silent_is_bounded() -> None:
    """So many integers as there are stretches, however many entries there are."""
    line = Timeline()
    line.use({1: Shape(SPAN, distinct=False, bucket=HOUR)})
    for minute in range(40 * 24 * 60 * 2):
        line.community = minute * MINUTE // 2
        line.add(1, KEY, 0, line.community)
    line.sweep()
    assert len(list(line.windows[1].entries())) <= (SPAN + STALE) // HOUR + 1
