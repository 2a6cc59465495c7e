"""The past as one event sees it: counted by hand up to its place, and nothing beyond."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from ombud.verdicts.past import (
    ESTABLISHED_FOR,
    ESTABLISHED_POSTS,
    EventPast,
    Known,
    established,
    no_history,
)
from ombud.windows import Shape, Timeline

WINDOW, OTHER = 1, 2
WIDE = 1000


@dataclass
class Book:
    """What is known of accounts, and who was asked about."""

    known: dict[tuple[str, int], Known] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    states: dict[tuple[str, str, int], bool] = field(default_factory=dict)

    def state(self, timeline: str, name: str, recv: int) -> bool | None:
        """As written down."""
        return self.states.get((timeline, name, recv))

    def history(self, timeline: str, account: int) -> Known | None:
        """As written down."""
        self.asked.append((timeline, account))
        return self.known.get((timeline, account))


def line_of(entries: list[tuple[int, int]], horizon: int | None = None) -> Timeline:
    """A timeline with entries (key, place) in one window."""
    line = Timeline()
    shape = Shape(WIDE, False) if horizon is None else Shape(WIDE, False, horizon)
    line.use({WINDOW: shape, OTHER: Shape(WIDE, distinct=False)})
    for key, place in sorted(entries, key=lambda each: each[1]):
        line.add(WINDOW, key, 0, place)
    return line


keys = st.integers(0, 3)
entries = st.lists(st.tuples(keys, st.integers(1, 60)), max_size=40)


@given(entries, st.lists(keys, max_size=4), st.integers(1, 60), st.integers(1, 70))
def test_counts_end_at_the_events_place(
    found: list[tuple[int, int]], wanted: list[int], place: int, width: int
) -> None:
    """The largest count of any key in (place - width, place]; what comes later is not there yet."""
    past = EventPast(Book(), "", line_of(found), place, place)
    by_hand = [
        sum(key == each and place - width < at <= place for each, at in found) for key in wanted
    ]
    assert past.count(WINDOW, tuple(wanted), width) == max(by_hand, default=0)
    assert past.count(OTHER, tuple(wanted), width) == 0


@given(entries, keys, st.integers(1, 60), st.integers(61, 200))
def test_nothing_later_changes_the_answer(
    found: list[tuple[int, int]], key: int, place: int, later: int
) -> None:
    """An event that came after this one's place could as well never have come."""
    line = line_of(found)
    past = EventPast(Book(), "", line, place, place)
    before = past.count(WINDOW, (key,), 50)
    line.add(WINDOW, key, 0, later)
    assert past.count(WINDOW, (key,), 50) == before


def test_a_window_that_began_too_late_is_unknown() -> None:
    """What reaches back behind the horizon of its window is unknown, and not low."""
    line = line_of([(1, 100), (1, 110)], horizon=90)
    assert EventPast(Book(), "", line, 110, 110).count(WINDOW, (1,), 20) == 2
    assert EventPast(Book(), "", line, 110, 110).count(WINDOW, (1,), 21) is None


def test_a_history_is_that_of_its_own_timeline() -> None:
    """What is known of an account in live traffic says nothing of a history read in beside it."""
    known = Known(3, 7, 2)
    book = Book({("", 5): known})
    assert EventPast(book, "", Timeline(), 9, 9).history(5) is known
    assert EventPast(book, "old days", Timeline(), 9, 9).history(5) == Known(9, 9, 0)
    assert book.asked == [("", 5), ("old days", 5)]


def test_an_account_never_seen_before_was_first_seen_now() -> None:
    """It has said nothing yet: first and last seen at the event's own place, nothing accepted."""
    found = EventPast(Book(), "", Timeline(), 42, 42).history(1)
    assert (found.first, found.last, found.accepted) == (42, 42, 0)
    assert no_history("", 1) is None


def test_a_state_is_asked_for_by_receipt() -> None:
    """A state of the community is looked up for this timeline and this instant of receipt, not for
    the event's place.
    """
    book = Book(states={("", "duty", 7): True})
    assert EventPast(book, "", Timeline(), 1, 7).state("duty") is True
    assert EventPast(book, "old days", Timeline(), 1, 7).state("duty") is None
    assert EventPast(book, "", Timeline(), 7, 1).state("duty") is None


@given(entries, st.lists(keys, max_size=3), st.integers(1, 60), st.integers(1, 70))
def test_values_are_recalled_up_to_the_events_place(
    found: list[tuple[int, int]], wanted: list[int], place: int, width: int
) -> None:
    """The values that any of the keys has in (place - width, place], each once."""
    line = Timeline()
    line.use({WINDOW: Shape(WIDE, distinct=True)})
    for number, (key, at) in enumerate(found):
        line.add(WINDOW, key, number % 5, at)
    values, complete = EventPast(Book(), "", line, place, place).recall(
        WINDOW, tuple(wanted), width
    )
    by_hand = {
        number % 5
        for number, (key, at) in enumerate(found)
        if key in wanted and place - width < at <= place
    }
    assert complete
    assert values == by_hand


def test_what_is_recalled_from_before_a_horizon_may_be_incomplete() -> None:
    """What is there is told, and that more may have been."""
    line = Timeline()
    line.use({WINDOW: Shape(WIDE, distinct=True, horizon=90)})
    line.add(WINDOW, 1, 5, 100)
    past = EventPast(Book(), "", line, 110, 110)
    assert past.recall(WINDOW, (1,), 20) == (frozenset({5}), True)
    assert past.recall(WINDOW, (1,), 21) == (frozenset({5}), False)


def test_who_is_established_has_been_here_long_and_posted_often() -> None:
    """Both at their borders, without the posts that are not to count; nobody unknown is."""
    now = 10 * ESTABLISHED_FOR
    since = now - ESTABLISHED_FOR
    assert established(Known(since, now, ESTABLISHED_POSTS), now)
    assert established(Known(since, now, ESTABLISHED_POSTS + 1), now, own=1)
    assert not established(Known(since, now, ESTABLISHED_POSTS), now, own=1)
    assert not established(Known(since, now, ESTABLISHED_POSTS - 1), now)
    assert not established(Known(since + 1, now, 1000), now)
    assert not established(None, now)
