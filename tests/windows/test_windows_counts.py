"""Windows against the definition in words: a list of everything that happened, counted by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ombud.windows import Counts, Distinct, Shape, Timeline, timeline
from ombud.windows import counts as windows

DAY = 86_400_000_000
HOUR = 3_600_000_000
SOURCES = ("a", "b", "c")
WIDTHS = (1, 10, HOUR, 30 * HOUR)
COUNTED, VARIED = 1, 2  # one window of each sort
SHAPES = {COUNTED: Shape(max(WIDTHS), distinct=False), VARIED: Shape(max(WIDTHS), distinct=True)}


@dataclass
class ByHand:
    """The definition, kept as a list: every entry there ever was, and nothing clever."""

    entries: list[tuple[int, int, int, int]] = field(default_factory=list)
    stream: dict[str, int] = field(default_factory=dict)

    def arrive(self, source: str, time: int, recv: int) -> int | None:
        """S(n) = max(S(n-1), min(time, recv)); stale where C(n-1) - min(time, recv) > 24 h."""
        if max(self.stream.values(), default=0) - min(time, recv) > DAY:
            return None
        self.stream[source] = max(self.stream.get(source, 0), min(time, recv))
        return self.stream[source]

    def count(self, number: int, key: int, place: int, width: int) -> int:
        """Entries, or different values, with a place in (place - width, place]."""
        found = [
            value
            for window, of, value, at in self.entries
            if window == number and of == key and place - width < at <= place
        ]
        return len(set(found)) if number == VARIED else len(found)

    def values(self, key: int, place: int, width: int) -> set[int]:
        """The different values with a place in (place - width, place]."""
        return {
            value
            for window, of, value, at in self.entries
            if window == VARIED and of == key and place - width < at <= place
        }

    def crowded(self, key: int, cap: int, places: int) -> bool:
        """Whether a key ever had more than the caps, so that its answer may be unknown."""
        own = [(number, value) for number, of, value, _ in self.entries if of == key]
        one = [value for number, value in own if number == COUNTED]
        other = [value for number, value in own if number == VARIED]
        return (
            len(one) > cap
            or len(set(other)) > cap
            or any(other.count(value) >= places for value in other)
        )


def fresh() -> Timeline:
    """A timeline with one window of each sort."""
    line = Timeline()
    line.use(SHAPES)
    return line


# An event: its source, how far recv moves on, how far behind its time is, key, value, sweep or not.
steps = st.tuples(
    st.sampled_from(SOURCES),
    st.sampled_from([0, 1, 2, 9, HOUR, 25 * HOUR]),  # recv moves on by
    st.sampled_from([0, 1, 5, HOUR, 23 * HOUR, 24 * HOUR, 26 * HOUR, -HOUR, -5000 * DAY]),  # behind
    st.integers(1, 3),
    st.integers(1, 6),
    st.booleans(),
)
histories = st.lists(steps, max_size=40)


def run(history: list[tuple[str, int, int, int, int, bool]], cap: int, places: int) -> None:
    """Play a history into two timelines, one of them swept, and compare with counting by hand."""
    swept, kept, by_hand = fresh(), fresh(), ByHand()
    recv = 1000 * DAY
    for source, forward, behind, key, value, sweep in history:
        recv += forward + 1
        place = swept.arrive(source, recv - behind, recv)
        assert place == kept.arrive(source, recv - behind, recv)
        assert place == by_hand.arrive(source, recv - behind, recv)
        if place is None:
            continue
        for number in SHAPES:
            swept.add(number, key, value, place)
            kept.add(number, key, value, place)
            by_hand.entries.append((number, key, value, place))
        newest = place == max(by_hand.stream.values())
        for number, width, other in product(SHAPES, WIDTHS, (1, 2, 3)):
            true = by_hand.count(number, other, place, width)
            found = swept.count(number, (other,), place, width)
            assert found == kept.count(number, (other,), place, width)
            if number == VARIED:
                values, whole = swept.recall(number, (other,), place, width)
                assert whole or found is None or found >= cap
                assert values <= by_hand.values(other, place, width)
                assert not whole or values == by_hand.values(other, place, width)
            if found is None:
                assert not newest
                assert by_hand.crowded(other, cap, places)
            else:
                assert found == min(true, cap)
        if sweep:
            swept.sweep()


@given(histories)
@settings(deadline=None, max_examples=150)
def test_answers_are_those_of_the_definition(
    history: list[tuple[str, int, int, int, int, bool]],
) -> None:
    """Counts and distinct counts over several sources are exact, sweeping or not."""
    run(history, windows.CAP, windows.PLACES_PER_VALUE)


@given(histories)
@settings(deadline=None, max_examples=150)
def test_beyond_the_caps_answers_are_exact_or_unknown(
    history: list[tuple[str, int, int, int, int, bool]],
) -> None:
    """With tiny caps, the newest event's answer is min(true, cap); a late one's may be unknown."""
    with mock.patch.object(windows, "CAP", 3), mock.patch.object(windows, "PLACES_PER_VALUE", 2):
        run(history, 3, 2)


entries = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 5), st.integers(100, 140)), max_size=30
)


@given(st.lists(st.integers(100, 140), max_size=30), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=100)
def test_a_count_does_not_depend_on_the_order_of_arrival(places: list[int], random: object) -> None:
    """The same entries in any order leave the same state, beyond the cap too."""
    shuffled = list(places)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with mock.patch.object(windows, "CAP", 5):
        one, other = Counts(), Counts()
        for place in places:
            one.add(1, 0, place)
        for place in shuffled:
            other.add(1, 0, place)
        assert list(one.entries()) == list(other.entries())
        assert one.floors == other.floors


@given(entries, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=100)
def test_distinct_values_do_not_depend_on_the_order_of_arrival(
    put: list[tuple[int, int, int]], random: object
) -> None:
    """The same entries in any order leave the same values and places, below the cap on values."""
    shuffled = list(put)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with mock.patch.object(windows, "PLACES_PER_VALUE", 2):
        one, other = Distinct(), Distinct()
        for entry in put:
            one.add(*entry)
        for entry in shuffled:
            other.add(*entry)
        assert sorted(one.entries()) == sorted(other.entries())


# --- the cap --------------------------------------------------------------------------------------


def test_the_cap_is_one_thousand_and_twenty_four() -> None:
    """Of more entries or values than the cap, the latest are kept and the answer is the cap."""
    assert windows.CAP == 1024
    counts, distinct = Counts(), Distinct()
    for number in range(1500):
        counts.add(1, 0, number + 1)
        distinct.add(1, number, number + 1)
        expected = min(number + 1, 1024)
        if number % 100 == 0 or 1020 <= number <= 1030:
            assert counts.count(1, number + 1, 5000) == expected
            assert distinct.count(1, number + 1, 5000) == expected
    assert len(list(counts.entries())) == len(list(distinct.entries())) == 1024
    assert counts.count(1, 1500, 100) == distinct.count(1, 1500, 100) == 100


@pytest.mark.parametrize("window", [Counts, Distinct])
def test_what_was_let_go_is_unknown_and_not_low(window: type[Counts | Distinct]) -> None:
    """A count that could reach what was let go at the cap is None until it is forgotten."""
    full = window()
    for number in range(1025):
        full.add(1, number, 100 + number)
    assert full.count(1, 1124, 10_000) == 1024
    assert full.count(1, 600, 10_000) is None  # a late source: the entry let go lies inside
    assert full.count(1, 600, 500) == 500  # (100, 600]: the entry at 100 is outside
    full.forget(100)
    assert full.floors == {}
    assert full.count(1, 600, 10_000) == 500


def test_places_of_one_value_are_bounded() -> None:
    """Of one value the latest places are kept; a late question before all of them is unknown."""
    window = Distinct()
    for place in range(100, 200):
        window.add(1, 7, place)
    assert len(list(window.entries())) == windows.PLACES_PER_VALUE
    assert window.count(1, 199, 1) == 1
    assert window.count(1, 150, 60) is None
    assert window.count(2, 150, 60) == 0


# --- time -----------------------------------------------------------------------------------------


def test_a_window_is_open_at_its_start_and_closed_at_its_end() -> None:
    """(p - w, p]: an entry exactly w old is out, the judged event is in."""
    line = fresh()
    line.add(COUNTED, 1, 0, 100)
    assert line.count(COUNTED, (1,), 100, 1) == 1
    assert line.count(COUNTED, (1,), 110, 10) == 0
    assert line.count(COUNTED, (1,), 109, 10) == 1
    assert line.count(COUNTED, (1,), 99, 10) == 0


def test_a_backdated_event_counts_now() -> None:
    """An event that claims to be an hour old is placed where its source stands."""
    line = fresh()
    assert line.arrive("a", 10 * DAY, 10 * DAY) == 10 * DAY
    assert line.arrive("a", 10 * DAY - HOUR, 10 * DAY + 5) == 10 * DAY


def test_an_event_from_the_far_future_flushes_nothing() -> None:
    """A time in the year 9999 is bounded by receipt: later events are not stale, windows stay."""
    line = fresh()
    now, year_9999 = 1000 * DAY, 250_000_000_000_000_000
    place = line.arrive("a", now, now)
    assert place == now
    line.add(COUNTED, 1, 0, place)
    assert line.arrive("b", year_9999, now + 1) == now + 1
    assert line.community == now + 1
    line.sweep()
    assert line.arrive("a", now + 2, now + 2) == now + 2
    assert line.count(COUNTED, (1,), now + 2, HOUR) == 1


def test_a_stale_event_moves_nothing() -> None:
    """More than 24 h behind the community: no place, and neither S nor C moves."""
    line = fresh()
    now = 1000 * DAY
    line.arrive("a", now, now)
    before = (dict(line.streams), line.community)
    assert line.arrive("b", now - DAY - 1, now + 1) is None
    assert (line.streams, line.community) == before
    assert line.arrive("b", now - DAY, now + 1) == now - DAY
    assert line.community == now


# --- timelines ------------------------------------------------------------------------------------


def test_before_its_horizon_a_window_is_unknown() -> None:
    """A window that is complete from a place on answers None for widths that reach before it."""
    line = Timeline()
    line.use({COUNTED: Shape(HOUR, distinct=False, horizon=1000)})
    line.add(COUNTED, 1, 0, 1500)
    assert line.count(COUNTED, (1,), 1500, 500) == 1
    assert line.count(COUNTED, (1,), 1500, 501) is None


def test_of_several_keys_the_largest_count_is_told() -> None:
    """Of several keys the largest count is told; one that is unknown makes it unknown."""
    line = fresh()
    for place in (100, 101, 102):
        line.add(COUNTED, 1, 0, place)
    line.add(COUNTED, 2, 0, 100)
    assert line.count(COUNTED, (2, 1, 3), 102, 10) == 3
    assert line.count(COUNTED, (), 102, 10) == 0
    for place in range(1025):
        line.add(COUNTED, 4, 0, 100 + place)
    assert line.count(COUNTED, (1, 4), 102, 10) is None


def test_a_new_configuration_keeps_the_windows_it_still_uses() -> None:
    """Windows in use stay filled, others go and take nothing more, new ones are empty."""
    line = fresh()
    line.add(COUNTED, 1, 0, 100)
    line.add(VARIED, 1, 7, 100)
    line.use({COUNTED: SHAPES[COUNTED], 3: Shape(HOUR, distinct=True)})
    assert line.count(COUNTED, (1,), 100, 1) == 1
    assert line.count(3, (1,), 100, 1) == 0
    line.add(VARIED, 1, 8, 101)
    assert set(line.windows) == {COUNTED, 3}


def test_only_a_window_of_values_recalls_values() -> None:
    """A window of entries has none to tell: an error, not an empty answer."""
    line = fresh()
    line.add(COUNTED, 1, 0, 100)
    with pytest.raises(TypeError):
        line.recall(COUNTED, (1,), 100, 10)


def test_of_several_keys_all_values_are_recalled() -> None:
    """Together, each once; where one key may lack some, the whole may."""
    line = fresh()
    for key, value in ((1, 5), (2, 5), (2, 6)):
        line.add(VARIED, key, value, 100)
    assert line.recall(VARIED, (1, 2, 3), 100, 10) == ({5, 6}, True)
    for number in range(1025):
        line.add(VARIED, 4, number, 100 + number)
    assert line.recall(VARIED, (1, 4), 102, 10) == ({5, 1, 2}, False)


def test_sweeping_comes_by_itself_and_frees_memory() -> None:
    """After SWEEP_EVERY insertions, keys that nothing can reach any more are gone."""
    with mock.patch.object(timeline, "SWEEP_EVERY", 10):
        line = fresh()
        line.add(COUNTED, 1, 0, 100)
        line.add(VARIED, 1, 5, 100)
        line.arrive("a", 1000 * DAY, 1000 * DAY)
        for key in range(8):
            line.add(COUNTED, 100 + key, 0, 1000 * DAY)
    assert 1 not in line.windows[COUNTED].kept
    assert 1 not in line.windows[VARIED].kept
    assert len(line.windows[COUNTED].kept) == 8


def test_reach_is_the_last_instant_that_cannot_matter() -> None:
    """An entry at `reach` is out of every window to come; a microsecond later it may be in."""
    line = fresh()
    now = 1000 * DAY
    line.arrive("a", now, now)
    reach = line.reach(COUNTED)
    line.add(COUNTED, 1, 0, reach)
    line.add(COUNTED, 1, 0, reach + 1)
    late = line.arrive("b", now - DAY, now + 1)
    assert late is not None
    line.sweep()
    assert [place for _, _, place in line.windows[COUNTED].entries()] == [reach + 1]
    assert line.count(COUNTED, (1,), late, max(WIDTHS)) == 1


@given(
    st.lists(
        st.tuples(st.integers(1, 2), st.integers(0, 6) | st.just(1 << 63), st.integers(0, 60)),
        max_size=40,
    ),
    st.integers(0, 7),
    st.integers(0, 70),
)
@example([(2, 0, 1), (2, 1 << 63, 0)], 1, 0)  # packed without looking, both are one integer
@settings(deadline=None, max_examples=300)
def test_how_few_values_are_kept_changes_no_answer(
    put: list[tuple[int, int, int]], few: int, before: int
) -> None:
    """Packed or in a dictionary: the same counts, the same values, the same entries, also after
    forgetting; a value too large to be packed is kept all the same.
    """
    packed, plain = Distinct(), Distinct()
    for kept, most in ((packed, few), (plain, 0)):
        with mock.patch.object(windows, "FEW", most):
            for entry in put:
                kept.add(*entry)
            kept.forget(put[0][2] if put else 0)  # at the very place of an entry
            for entry in put[1:6]:
                kept.add(*entry)
    assert sorted(packed.entries()) == sorted(plain.entries())
    for key in (1, 2, 3):
        assert packed.count(key, before, 20) == plain.count(key, before, 20)
        (one, whole), (other, all_there) = (
            kept.recall(key, before, 20) for kept in (packed, plain)
        )
        assert (sorted(one), whole) == (sorted(other), all_there)


def test_a_lone_value_takes_little_room() -> None:
    """Most keys have one value: it and its place are one integer, and a few are a tuple."""
    kept = Distinct()
    forms = []
    for value in range(windows.FEW + 1):
        kept.add(1, value, 100)
        forms.append(type(kept.kept[1]).__name__)
    assert forms == ["int", *["tuple"] * (windows.FEW - 1), "dict"]
    assert kept.count(1, 100, 10) == windows.FEW + 1
