"""The schedule of the sender: what may go when, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from ombud.changes import DETAIL_LENGTH_MAX, Mark
from ombud.clock import DAY, HOUR, SECOND
from ombud.model import Outcome
from ombud.sender import (
    BACK_OFF_MAX,
    CALLS_MAX,
    FAR,
    FAR_WAIT,
    GIVE_UP_ATTEMPTS,
    MEMORY_LENGTH_MAX,
    READ_MAX,
    Due,
    Schedule,
    back_off,
)
from sending_parts import NOW, due


def taken(schedule: Schedule, rows: Sequence[Due], now: int = NOW) -> list[str]:
    """The keys of the rows that go."""
    return [mark.id for mark in schedule.take(rows, now)]


def becomes(row: Due, now: int = NOW, **outcome: Any) -> Mark:
    """What a row becomes by the outcome of a call that begins and ends now."""
    schedule = Schedule()
    assert taken(schedule, [row], now) == [row.id]
    schedule.begin(row.id)
    return schedule.end(row.id, Outcome(**outcome), now)


def test_back_off_doubles_up_to_five_minutes() -> None:
    """The wait after n tries lies between half of and all of 1 s doubled n - 1 times, or 5 min."""
    for attempts in range(1, 500):
        whole = min(2 ** (attempts - 1), BACK_OFF_MAX) * SECOND
        assert whole / 2 <= back_off("act_1", attempts) <= whole


def test_back_off_is_drawn_from_the_key() -> None:
    """Two keys that failed together come back apart, and each always after the same time."""
    waits = {back_off(f"act_{number}", 9) for number in range(50)}
    assert len(waits) > 45
    assert max(waits) - min(waits) > 64 * SECOND
    assert back_off("act_1", 9) == back_off("act_1", 9)


def test_a_retry_is_asked_again_later() -> None:
    """What could not be delivered now is asked again, with its attempts counted."""
    mark = becomes(due(1, attempts=3, began=NOW - HOUR), state="retry", detail="answered 503")
    assert (mark.state, mark.attempts, mark.detail) == ("asked", 4, "answered 503")
    assert mark.due == NOW + back_off("act_1", 4)


@pytest.mark.parametrize(("wait", "seconds"), [(60, 60), (10**9, 3600)])
def test_the_wait_a_platform_asks_for_is_kept_up_to_an_hour(wait: int, seconds: int) -> None:
    """`Outcome.wait` is honoured, and bounded."""
    assert becomes(due(1), state="retry", wait=wait).due == NOW + seconds * SECOND


@pytest.mark.parametrize("wait", [None, 0, -5])
def test_no_wait_is_shorter_than_the_back_off(wait: int | None) -> None:
    """A platform that asks for no wait does not get a flood."""
    assert becomes(due(1), state="retry", wait=wait).due == NOW + back_off("act_1", 1)


@pytest.mark.parametrize(
    ("kind", "outcome", "state"),
    [
        ("action", "delivered", "delivered"),
        ("action", "confirmed", "confirmed"),
        ("action", "refused", "failed"),
        ("action", "undeliverable", "failed"),
        ("action", "sent", "failed"),
        ("notice", "delivered", "delivered"),
        ("notice", "sent", "sent"),
        ("notice", "refused", "failed"),
        ("notice", "undeliverable", "undeliverable"),
    ],
)
def test_what_an_outcome_means(kind: str, outcome: str, state: str) -> None:
    """Each outcome but "retry" is the end; only a notice can be undeliverable."""
    mark = becomes(due(1, kind=kind), state=outcome)
    assert mark.state == state
    assert mark.detail if state == "failed" else not mark.detail


def test_a_day_of_tries_is_enough() -> None:
    """After 24 hours and twelve tries a row has failed, and says why."""
    tried = due(1, attempts=GIVE_UP_ATTEMPTS - 1, began=NOW - DAY)
    mark = becomes(tried, state="retry", detail="answered 500")
    assert mark.state == "failed"
    assert mark.detail == "given up after 12 tries: answered 500"
    younger = msgspec.structs.replace(tried, began=NOW - DAY + 1)
    assert becomes(younger, state="retry").state == "asked"


def test_an_undoing_of_which_nobody_hears_is_undeliverable() -> None:
    """Where all that it comes to is that somebody hears of it, it is told as a notice is."""
    for outcome in ("undeliverable", "sent"):
        assert becomes(due(1, inverse=True), state=outcome).state == outcome


def test_what_stood_before_is_kept_before_anything_is_done() -> None:
    """The row goes again at once; what never ends being kept waits like any other; what is too long
    has failed, and nothing is done.
    """
    mark = becomes(due(1, attempts=1), state="noted", memory="{}")
    assert (mark.state, mark.due, mark.memory) == ("asked", NOW, "{}")
    tired = becomes(due(1, attempts=GIVE_UP_ATTEMPTS), state="noted", memory="{}")
    assert tired.due > NOW
    for outcome in ("confirmed", "retry", "refused"):
        assert becomes(due(1), state=outcome, memory="x").memory == "x"
    long = becomes(due(1), state="noted", memory="x" * (MEMORY_LENGTH_MAX + 1))
    assert (long.state, long.memory) == ("failed", None)


@pytest.mark.parametrize("kind", ["notice", "action"])
def test_whom_nothing_reached_for_a_day_is_undeliverable(kind: str) -> None:
    """Where the platform is well and only the person could not be reached: no fault of anybody's,
    and no case.
    """
    tried = due(1, kind=kind, attempts=GIVE_UP_ATTEMPTS - 1, began=NOW - DAY)
    mark = becomes(tried, state="retry", detail="their server is away", unreached=True)
    assert mark.state == "undeliverable"
    assert mark.detail == "given up after 12 tries: their server is away"
    again = msgspec.structs.replace(tried, began=NOW - DAY + 1)
    assert becomes(again, state="retry", unreached=True).state == "asked"


def test_a_clock_that_jumps_ahead_gives_nothing_up() -> None:
    """What was tried a few times is not given up because the clock says that a day has passed."""
    row = due(1, attempts=GIVE_UP_ATTEMPTS - 2, began=NOW - 3 * DAY)
    assert becomes(row, state="retry").state == "asked"


def test_a_first_try_in_the_future_does_not_keep_a_row_for_ever() -> None:
    """Where the clock went back by years, a row is given up all the same."""
    row = due(1, attempts=GIVE_UP_ATTEMPTS, began=NOW + 300 * DAY)
    assert becomes(row, state="retry").state == "failed"


def test_details_are_short() -> None:
    """Whatever a connector says, at most 200 characters of it are kept."""
    assert len(becomes(due(1), state="refused", detail="x" * 5000).detail) == DETAIL_LENGTH_MAX


def test_nothing_goes_before_it_is_due() -> None:
    """The undo window of a person's act: not a microsecond early."""
    schedule = Schedule()
    assert not taken(schedule, [due(1, due=NOW + 1)])
    assert taken(schedule, [due(1, due=NOW + 1)], NOW + 1) == ["act_1"]


def test_an_inverse_never_overtakes_its_action() -> None:
    """The inverse waits while its action is not due, under way, or waits for another try."""
    schedule = Schedule()
    first, inverse = due(1, lane=b"a", due=NOW + SECOND), due(2, lane=b"a", inverse=True)
    assert not taken(schedule, [first, inverse])
    now = NOW + SECOND
    assert taken(schedule, [inverse, first], now) == ["act_1"]
    assert not taken(schedule, [inverse], now)  # as though the read had left the first one out
    schedule.begin("act_1")
    mark = schedule.end("act_1", Outcome(state="retry"), now)
    schedule.release("act_1")
    waiting = due(1, lane=b"a", due=mark.due, attempts=1)
    assert not taken(schedule, [waiting, inverse], now)
    assert taken(schedule, [inverse], now) == ["act_2"]  # the first one is final


def test_a_notice_waits_for_its_action_but_holds_up_none() -> None:
    """A notice goes after the actions before it; an action does not wait for a notice."""
    schedule = Schedule()
    action, notice = due(1, lane=b"a"), due(2, lane=b"a", kind="notice")
    inverse, told = due(3, lane=b"a"), due(4, lane=b"a", kind="notice")
    assert taken(schedule, [action, notice, inverse, told]) == ["act_1"]
    schedule.release("act_1")
    assert taken(schedule, [notice, inverse, told]) == ["act_2", "act_3"]
    schedule.release("act_3")
    assert not taken(schedule, [notice, told])  # people are told in order
    schedule.release("act_2")
    assert taken(schedule, [told]) == ["act_4"]


def test_what_was_under_way_at_a_crash_goes_again() -> None:
    """A row found in `sending` is sent again under its key, as one more attempt."""
    schedule = Schedule()
    (mark,) = schedule.take([due(1, state="sending", attempts=2, began=NOW - SECOND)], NOW)
    assert (mark.id, mark.state, mark.attempts) == ("act_1", "sending", 3)
    assert schedule.begin("act_1").began == NOW - SECOND


def test_calls_to_one_connector_are_bounded() -> None:
    """Eight calls at a time go to one connector, and as many to another."""
    schedule = Schedule()
    rows = [due(number) for number in range(20)]
    assert taken(schedule, rows) == [f"act_{number}" for number in range(CALLS_MAX)]
    assert schedule.busy() == {"forum"}
    assert taken(schedule, [*rows, due(30, connector="mail")]) == ["act_30"]
    schedule.release("act_0")
    assert not schedule.busy()
    assert taken(schedule, rows[1:]) == ["act_8"]


def test_a_clock_that_went_back_stalls_nothing() -> None:
    """A row due a day from now was timed by a clock that has gone back: it goes after 10 s."""
    schedule, row = Schedule(), due(1, due=NOW + DAY)
    assert not taken(schedule, [row])
    assert not taken(schedule, [row], NOW + FAR_WAIT - 1)
    assert taken(schedule, [row], NOW + FAR_WAIT) == ["act_1"]
    assert not taken(schedule, [due(2, due=NOW + FAR)], NOW)


def test_a_clock_that_goes_back_twice_stalls_nothing() -> None:
    """The ten seconds begin anew where the clock went back again, and end."""
    schedule, row = Schedule(), due(1, due=NOW + DAY)
    assert not taken(schedule, [row], NOW)
    assert not taken(schedule, [row], NOW - DAY)
    assert taken(schedule, [row], NOW - DAY + FAR_WAIT) == ["act_1"]


def test_a_clock_that_jumps_ahead_does_not_flood() -> None:
    """A thousand waiting rows become due at once: each is tried once, then waits again."""
    schedule, now = Schedule(), NOW + DAY
    rows = {row.id: row for row in (due(n, due=NOW + 60 * SECOND, attempts=3) for n in range(1000))}
    tried = []
    while True:
        went = taken(schedule, list(rows.values()), now)
        if not went:
            break
        assert len(went) <= CALLS_MAX
        tried += went
        for key in went:
            schedule.begin(key)
            mark = schedule.end(key, Outcome(state="retry"), now)
            rows[key] = msgspec.structs.replace(rows[key], due=mark.due, attempts=mark.attempts)
            schedule.release(key)
    assert sorted(tried) == sorted(rows)


def test_the_memory_of_far_rows_is_bounded() -> None:
    """However many rows lie far ahead, few of them are remembered."""
    schedule = Schedule()
    for number in range(3 * READ_MAX):
        schedule.take([due(number, due=NOW + DAY)], NOW)
    assert len(schedule._far) <= READ_MAX
