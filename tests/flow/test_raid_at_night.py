"""A simulated raid through the real engine, with the shipped rules, a standing order, an emergency
and nobody on duty. The bounds stood here, in a commit of their own, before anything was measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flow import raid_night
from flow.case_desk import flag
from flow.platform_side import CONNECTED, all_holds, connected
from flow.raid_night import HOUR, MINUTE, NIGHT, Night
from flow.small_community import START, rows, rule
from ombud import samples

# --- the bounds -----------------------------------------------------------------------------------

STOPPED_OF_NEW = 1.0  # of what accounts wrote that nobody had seen before: all, past every cap too
STOPPED_OF_ALL = 0.95  # of all that raiders wrote, those among them who were members before too
MEMBERS_TOUCHED = 0  # posts of members with three accepted posts that anything was done to
MESSAGES_BY_MORNING = 24  # to one person, also to one who had hundreds of posts stopped
MESSAGES_IN_ALL = 48  # and until the last hold has ended and everybody was told of that
CAMPAIGN_CASES = 5  # the copies stand together
CALLS_BY_MORNING = 36  # to the staff: two an hour for each of three clauses and queues over a cap
ROOM_ASKED = 6  # times that one room is slowed, or asks for approval: once an hour
REPORT_RANK = 460  # 1 + 115 minutes for each of four rules: a member's report of something else

FLAGGED = rule(
    "flagged",
    "reporter.flags in last 1 day >= 1",
    "reporter.flags in last 1 day  1",
    "reporter.flags in last 1 day  0",
    kinds="flag",
    then='alert "flags"',
)
SETTINGS = "procedural_holds = true\n" + CONNECTED.replace("procedural_holds = true\n", "")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """The whole night, up to eight in the morning."""
    folder: Path = tmp_path_factory.mktemp("raid")
    shipped = {name: text.decode() for name, text in samples.files("rules").items()}
    clock = [int(START.timestamp()) * 1_000_000]
    with connected(folder, settings=SETTINGS, rules=shipped | dict([FLAGGED]), clock=clock) as made:
        told = Night(made)
        told.tell(raid_night.days_before())
        told.tell(raid_night.first_wave())
        told.until(NIGHT + 4 * MINUTE)
        raid_night.woken(told)
        begin = NIGHT + 5 * MINUTE
        report = flag("report", "something else", "member3", begin + 115 * MINUTE)
        told.tell(
            [*raid_night.raid(begin), *raid_night.honest(begin), ("report", report)],
        )
        told.until(NIGHT + 6 * HOUR)
        yield told


def test_nothing_new_gets_through_and_no_device_turns_into_allow(night: Night) -> None:
    """Past the caps of the licences it is held all the same, and a case says so."""
    new = ("copies", "varied", "replies")
    assert night.share(*new) >= STOPPED_OF_NEW, night.count(*new)
    assert night.share(*new, "sleepers") >= STOPPED_OF_ALL
    assert sum(night.count(*new).values()) > 2000
    reasons = [reason for _, _, reason, _ in night.cases()]
    assert "over cap" in reasons


def test_members_talk_on(night: Night) -> None:
    """Also those who quote what the raiders write. Honest newcomers wait: that is the price."""
    assert night.count("members") == {"allow": 200 - MEMBERS_TOUCHED}
    assert night.share("newcomers") == 1.0


def test_nobody_gets_a_thousand_messages(night: Night) -> None:
    """Of two hundred stopped posts somebody hears a few times, and sees all of them on pages."""
    assert night.messages()[0] <= MESSAGES_BY_MORNING


def test_nobody_of_the_staff_is_called_a_thousand_times(night: Night) -> None:
    """For what is over a cap, at once; the rest of the hour is folded, and none of it is lost."""
    calls = rows(night.platform.folder, "SELECT count(*) FROM outbox WHERE kind = 'summons'")
    assert 0 < calls[0][0] <= CALLS_BY_MORNING
    asked = rows(night.platform.folder, "SELECT sum(times), count(*) FROM summons WHERE urgent = 0")
    over = rows(night.platform.folder, "SELECT count(*) FROM review_case WHERE reason = 'over cap'")
    assert asked[0][0] >= over[0][0] > asked[0][1]


def test_a_room_is_slowed_an_hour_at_a_time(night: Night) -> None:
    """Not once for each of thousands of posts, nor is anybody let in by hand twice at once."""
    asked = "SELECT action, count(*) FROM decision WHERE action IN ('slow', 'require approval')"
    counts = dict(rows(night.platform.folder, asked + " GROUP BY action"))
    assert set(counts) == {"slow", "require approval"}
    assert max(counts.values()) <= ROOM_ASKED


def test_what_waits_in_the_morning(night: Night) -> None:
    """The copies as a few cases; a report of something else is not buried."""
    cases = night.cases()
    assert sum(campaign for *_, campaign in cases) <= CAMPAIGN_CASES
    rules = [found for _, found, _, _ in cases]
    assert rules.index("flagged") + 1 <= REPORT_RANK


def test_the_figures(
    night: Night, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """What was measured."""
    told = {name: dict(night.count(name)) for name, _ in dict(night.answered).items()}
    messages = night.messages()
    found = {
        "answers": told,
        "messages": {"most": messages[0], "people": len(messages), "in all": sum(messages)},
        "cases": len(night.cases()),
        "calls to the staff": rows(
            night.platform.folder,
            "SELECT clause, queue, sum(times), count(*) FROM summons GROUP BY 1, 2",
        ),
    }
    record_testsuite_property("raid at night", json.dumps(found))
    assert told


def test_everything_ends_or_is_reviewed(night: Night) -> None:
    """Emergency and order end by themselves; every hold is before people, and ends by itself."""
    platform = night.platform
    held = rows(
        platform.folder,
        "SELECT count(*) FROM decision d WHERE d.action = 'hold' AND d.ended IS NULL"
        " AND d.undone_by IS NULL AND NOT EXISTS (SELECT 1 FROM case_subject s"
        " JOIN review_case c ON c.id = s.id WHERE s.record = d.about)",
    )
    assert held == [(0,)]
    night.until(NIGHT + 9 * HOUR)
    after = [("after", raid_night.post("late", NIGHT + 9 * HOUR + 5, "Good morning to you all"))]
    night.tell(after)
    assert night.count("after") == {"allow": 1}
    for hour in range(10, 40):
        night.until(NIGHT + hour * HOUR)
        night.tell([("tick", raid_night.post("member5", NIGHT + hour * HOUR + 1, f"hour {hour}"))])
    left = "SELECT count(*) FROM decision WHERE action = 'hold' AND ended IS NULL"
    assert rows(platform.folder, left + " AND undone_by IS NULL") == [(0,)]
    assert night.messages()[0] <= MESSAGES_IN_ALL
    all_holds(platform)
