"""What is counted against the truth, on runs small enough to count by hand."""

from __future__ import annotations

import json

from ombud import clock
from ombud.simulate import Simulated, adaptive, campaigns, tally, twins
from simulate.community import START


def one(
    seconds: int, truth: str = "benign", campaign: str | None = None, occurrence: int = 1
) -> Simulated:
    """An event `seconds` after the start."""
    return Simulated({}, START + seconds * clock.SECOND, truth, campaign, occurrence)


def counted(*events: tuple[Simulated, bool]) -> tally.Tally:
    """The tally of events, each with whether something was done about it."""
    found = tally.Tally(START)
    for event, acted in events:
        found.count(event, acted=acted)
    return found


def test_caught_and_touched_go_by_the_truth() -> None:
    """An act on harm is a catch, one on anything else a wrong touch; the rest is missed or left."""
    found = counted(
        (one(0, "spam", "link-wave"), True),
        (one(1, "spam", "link-wave"), False),
        (one(2), True),
        (one(3), False),
        (one(4), False),
    )
    assert (found.events, found.harmful, found.benign) == (5, 2, 3)
    assert (found.caught, found.touched) == (1, 1)


def test_the_time_to_detection_is_from_the_first_event_to_the_first_catch() -> None:
    """Two events and 70 seconds went by before the third was caught; a later catch adds nothing."""
    found = counted(
        (one(10, "spam", "link-wave"), False),
        (one(20), False),
        (one(30, "spam", "link-wave"), False),
        (one(80, "spam", "link-wave"), True),
        (one(99, "spam", "link-wave"), True),
    )
    assert found.campaigns()["link-wave"] == {
        "events": 4,
        "caught": 2,
        "runs": 1,
        "runs_caught": 1,
        "first_caught_after_events": 2,
        "first_caught_after_seconds": 70,
    }


def test_what_is_caught_late_counts_when_it_is_caught() -> None:
    """An earlier event of a campaign that a later one completed: caught or touched in its own hour,
    and the campaign's time to detection runs until something was done.
    """
    first, honest = one(10, "spam", "repeated-text"), one(20, campaign="petition")
    found = counted((first, False), (honest, False), (one(30, "spam", "repeated-text"), False))
    for event in (first, honest):
        found.count_late(event, START + 90 * clock.SECOND)
    assert (found.events, found.harmful, found.caught, found.touched) == (3, 2, 1, 1)
    assert [(each["caught"], each["touched"]) for each in found.hours()] == [(1, 1)]
    assert found.twins()["petition"] == {"events": 1, "touched": 1}
    row = found.campaigns()["repeated-text"]
    assert (row["events"], row["caught"], row["runs_caught"]) == (2, 1, 1)
    assert (row["first_caught_after_events"], row["first_caught_after_seconds"]) == (2, 80)


def test_caught_at_once_is_zero_and_never_is_none() -> None:
    """A campaign whose first event is caught took no time; one that got through has no time."""
    found = counted(
        (one(5, "spam", "mention-spam"), True), (one(6, "harassment", "dogpile"), False)
    )
    rows = found.campaigns()
    at_once, never = rows["mention-spam"], rows["dogpile"]
    times = ("first_caught_after_events", "first_caught_after_seconds")
    assert [at_once[name] for name in times] == [0, 0]
    assert [never[name] for name in times] == [None, None]
    assert (never["runs"], never["runs_caught"]) == (1, 0)


def test_campaigns_of_one_kind_are_timed_apart() -> None:
    """The lower median of the campaigns that were caught; one that never was counts in `runs`."""
    events = []
    for occurrence, seconds in enumerate((40, 10, 30, 20), 1):
        begin = occurrence * 1000
        events.append((one(begin, "flood", "join-raid", occurrence), False))
        events.append((one(begin + seconds, "flood", "join-raid", occurrence), True))
    events.append((one(9000, "flood", "join-raid", 5), False))
    row = counted(*events).campaigns()["join-raid"]
    assert (row["runs"], row["runs_caught"]) == (5, 4)
    assert (row["first_caught_after_events"], row["first_caught_after_seconds"]) == (1, 20)


def test_every_kind_has_its_row_from_the_start() -> None:
    """Before anything happened there is a row of zeros for each campaign and each twin."""
    found = counted()
    assert set(found.campaigns()) == {*campaigns.CAMPAIGNS, adaptive.CAMPAIGN}
    assert set(found.twins()) == set(twins.TWINS)
    assert {row["events"] for row in (*found.campaigns().values(), *found.twins().values())} == {0}


def test_a_twin_counts_what_was_touched() -> None:
    """Twins count their events and the wrong touches, and are in no campaign."""
    found = counted((one(1, campaign="cheers"), True), (one(2, campaign="cheers"), False))
    assert found.twins()["cheers"] == {"events": 2, "touched": 1}


def test_a_harmless_post_of_the_spammer_is_benign() -> None:
    """What warms an account up is in no campaign's count; doing something about it is a touch."""
    found = counted((one(1, "benign", adaptive.CAMPAIGN), True))
    assert found.campaigns()[adaptive.CAMPAIGN]["events"] == 0
    assert (found.touched, found.benign) == (1, 1)


def test_hours_follow_each_other_and_end() -> None:
    """Hours without events are zeros; what lies past the last hour, or before, is kept within."""
    found = counted(
        (one(-5), False),
        (one(2 * 3600, "spam", "link-wave"), True),
        (one(2 * 3600 + 3599), True),
        (one(10_000 * 3600), False),
    )
    hours = found.hours()
    assert len(hours) == tally.HOURS
    assert hours[0] == {
        "hour": clock.rfc3339(START),
        "events": 1,
        "harmful": 0,
        "caught": 0,
        "touched": 0,
    }
    assert list(hours[2].values())[1:] == [2, 1, 1, 1]
    assert hours[1]["events"] == 0
    assert hours[-1]["events"] == 1
    assert json.loads(json.dumps(hours)) == hours
