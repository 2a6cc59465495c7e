"""Windows: one number for what is counted by which key, and for each length of what is usual."""

from __future__ import annotations

import pytest

from ombud.clock import DAY, HOUR, MINUTE
from ombud.signals import repeats
from ombud.signals.counted import UnknownFact, window
from ombud.signals.declare import EARLIER
from ombud.signals.resolve import TIMES_MAX, resolve
from ombud.usual import SPAN

RATE = "room.joins against usual"


def test_each_length_of_what_is_usual_is_a_window_of_its_own() -> None:
    """Stretches of ten minutes tell nothing of hours; the counting window is shared."""
    tens, hours = (window(RATE, bucket=each) for each in (10 * MINUTE, HOUR))
    assert tens.number != hours.number
    assert (tens.bucket, hours.bucket, window("room.joins").bucket) == (10 * MINUTE, HOUR, 0)
    fact = resolve(RATE, in_last=HOUR)
    assert fact.windows == (fact.windows[0], fact.windows[1])
    assert [each.number for each in fact.windows] == [window("room.joins").number, hours.number]
    assert [width for _, width in fact.kept] == [HOUR, SPAN]  # counts are not kept for two weeks
    assert fact.most == TIMES_MAX
    assert fact.past


def test_what_is_usual_counts_what_the_counter_counts() -> None:
    """The same kinds, by the same words; with a filter, of those alone."""
    for name in ("room.joins", "server.posts", "platform.registrations"):
        plain, usual = resolve(f"{name} against usual", in_last=DAY).windows
        assert plain.name == name
        assert plain.counter.kinds == usual.counter.kinds
        filtered = resolve(f"{name} against usual", word="new accounts", in_last=DAY).windows
        assert {each.word and each.word.name for each in filtered} == {"new accounts"}
        assert {each.number for each in filtered}.isdisjoint({plain.number, usual.number})


def test_words_nobody_knows_are_answered_with_the_nearest() -> None:
    """What may follow `with` and `to`."""
    with pytest.raises(UnknownFact) as raised:
        window("room.joins", None, "new account")
    assert (raised.value.what, raised.value.nearest) == ("new account", "new accounts")
    with pytest.raises(UnknownFact):
        window("links.repeats", "target")


class Past:
    """A past with one count and one usual."""

    def __init__(self, count: int | None, usual: int | None) -> None:
        self.answers = [count, usual]
        self.asked: list[tuple[int, int]] = []

    def count(self, window: int, keys: tuple[int, ...], width: int) -> int | None:
        """First the count is asked, then what is usual."""
        assert keys == (1,)
        self.asked.append((window, width))
        return self.answers[len(self.asked) - 1]


class Seen:
    """An event in a room."""

    def __init__(self, past: Past | None, room: int | None = 1) -> None:
        self.past = past
        self.room = room

    def key(self, who: str) -> int | None:
        """The room."""
        assert who == "room"
        return self.room


@pytest.mark.parametrize(
    ("count", "usual", "times"),
    [
        (30, 6, 5),
        (29, 6, 4),  # whole times
        (5, 0, 5),  # a usual of nothing counts as one
        (5, 9, 0),
        (1023, 3, TIMES_MAX),
        (1024, 3, TIMES_MAX),  # "or more" is enough
        (1024, 32, TIMES_MAX),
        (1024, 33, None),  # more may have come than is counted: never lower than the truth
        (1023, 33, 31),
        (None, 6, None),
        (30, None, None),  # the first week
    ],
)
def test_a_rate_is_whole_times_or_unknown(
    count: int | None, usual: int | None, times: int | None
) -> None:
    """The count by what is usual there, never low."""
    fact, past = resolve(RATE, in_last=HOUR), Past(count, usual)
    assert fact.compute(Seen(past)) == times  # type: ignore[arg-type]
    assert past.asked == [(each.number, width) for each, width in fact.kept][: len(past.asked)]
    assert fact.compute(Seen(None)) is None  # type: ignore[arg-type]
    assert fact.compute(Seen(past, room=None)) is None  # type: ignore[arg-type]


def test_a_number_changes_with_what_makes_texts_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another digest finds other candidates, so a window of texts is another one; others stay."""
    words = (("text.repeats",), ("author.posts", None, "same text"), ("author.posts",))
    before = [window(*each).number for each in words]
    monkeypatch.setattr(repeats, "ALGORITHM", "another")
    after = [window(*each).number for each in words]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True]


def test_numbers_of_the_version_before_are_those_of_stored_entries() -> None:
    """Windows by equality stand in journals under these numbers."""
    found = {
        name: window(name, earlier=(name,)).number
        for name in ("text.repeats", "text.repeat authors")
    }
    found["same text"] = window("author.posts", None, "same text", ("same text",)).number
    assert found == {
        "text.repeats": 2668908014,
        "text.repeat authors": 1556875731,
        "same text": 1057189660,
    }
    assert set(EARLIER) == set(found)
