"""Floods as stories: what the shipped rules hold, and the gatherings that nobody may be held for.

The whole engine runs with the shipped pack and holds on; a person's clock is the events' own.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import (
    START,
    agrees_with_replay,
    check,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
)
from ombud.app import Engine
from ombud.transaction import Answer

DAY, HOUR, MINUTE = 86_400.0, 3_600.0, 60.0
EVENING = 7 * HOUR  # START is at noon
BATCH = 64
TERM = timedelta(days=21)  # for how long a class has had its accounts
FRESH = timedelta(minutes=20)


def name(number: int, seed: str = "") -> str:
    """Somebody's name: long, and like nobody else's, so that no likeness decides by chance."""
    chance = random.Random(f"{seed}{number}")
    given, family = (
        "".join(chance.choice("bdfghklmnprstvz") + chance.choice("aeiou") for _ in range(5))
        for _ in range(2)
    )
    return f"{given.title()} {family.title()}"


def somebody(who: str, at: float, called: str, age: timedelta) -> dict[str, Any]:
    """An account as the platform tells it."""
    created = START + timedelta(seconds=at) - age
    return {"id": who, "name": called, "created": created.isoformat(), "lang": "en"}


def joins(
    label: str,
    count: int,
    at: float,
    *,
    age: timedelta = FRESH,
    called: Callable[[int], str] = name,
    pace: float = 10.0,
    **more: Any,
) -> list[dict[str, Any]]:
    """So many people, never seen before, join the hall one after the other."""
    found = []
    for number in range(count):
        moment = at + number * pace
        author = somebody(f"{label}{number}", moment, called(number), age)
        told = event(f"{label}-{number}", moment, type="member.joined", author=author, **more)
        del told["data"]["text"]
        found.append(told)
    return found


def evenings(days: range, count: int) -> Iterator[dict[str, Any]]:
    """Each evening so many newcomers join the hall, all of different names."""
    for day in days:
        start = day * DAY + EVENING
        yield from joins(f"d{day}-", count, start, called=partial(name, seed=f"{day} "))


class Story:
    """A community that began empty, under the shipped rules."""

    def __init__(self, folder: Path, settings: str = "procedural_holds = true\n") -> None:
        (folder / "ombud.toml").write_text(settings)
        self.folder = folder
        self.instant = 0

    def tell(self, events: Iterable[dict[str, Any]]) -> list[str]:
        """What each event is answered; the clock follows the events."""
        told = sorted(events, key=lambda each: each["time"])
        answers: list[str] = []
        with Engine(self.folder, now=lambda: self.instant) as engine:
            for begin in range(0, len(told), BATCH):
                batch = told[begin : begin + BATCH]
                self.instant = max(self.instant, _instant(batch[-1]["time"]))
                for answer in engine.submit([line(each) for each in batch]):
                    assert isinstance(answer, Answer)
                    answers.append(answer.action)
        return answers

    def alerts(self) -> Counter[str]:
        """How many cases were opened because a rule said so, by rule."""
        found = rows(self.folder, "SELECT rule FROM review_case WHERE reason = 'alert'")
        return Counter(row[0] for row in found)

    def decided(self) -> Counter[str]:
        """How many decisions each rule made."""
        return Counter(row[0] for row in rows(self.folder, "SELECT rule FROM decision"))


def _instant(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1_000_000) + 1_000


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A new community."""
    return Story(tmp_path)


# --- gatherings that nobody may be held for -------------------------------------------------------


def test_a_release_day_lets_everybody_in_and_tells_the_moderators(story: Story) -> None:
    """Sixty people who were never here, with accounts of their own age, where three are usual."""
    story.tell(evenings(range(9), 3))
    crowd = joins("r", 60, 9 * DAY + EVENING, age=timedelta(days=90), pace=9.0)
    fans = joins("f", 6, 9 * DAY + EVENING + 100, called=lambda n: name(n + 100), pace=60.0)
    assert set(story.tell([*crowd, *fans])) == {"allow"}
    assert 1 <= story.alerts()["unusual-joins"] <= 4  # a few cases, not one for each who came
    assert not story.decided()


def test_a_class_with_school_accounts_comes_in_at_once(story: Story) -> None:
    """Thirty names of one pattern from one server; the school made the accounts at term's start."""
    called = "b21dccn{:03}".format
    pupils = joins(
        "c", 30, HOUR, age=TERM, called=called, server={"id": "school.example"}, pace=7.0
    )
    hello = [
        event(
            f"h{number}",
            2 * HOUR + number * 20,
            author=somebody(f"c{number}", 2 * HOUR, called(number), TERM),
            server={"id": "school.example"},
            text=f"Hello, I am number {number} and I am here for the course.",
        )
        for number in range(2)
    ]
    assert set(story.tell([*pupils, *hello])) == {"allow"}


def test_a_class_that_registers_is_told_to_the_moderators_and_nobody_waits(story: Story) -> None:
    """Thirty registrations with students' numbers open one case, or one for each pattern."""
    pupils = joins("c", 30, HOUR, called="b21dccn{:03}".format, server={"id": "school.example"})
    for each in pupils:
        each["type"] = "account.created"
        del each["data"]["room"]
    assert set(story.tell(pupils)) == {"allow"}
    assert story.alerts() == {"alike-registrations": 1}


def test_ordinary_names_register_without_a_word(story: Story) -> None:
    """A hundred and eighty people in an hour, with names and numbers as people choose them."""
    given = ("anna", "bo", "minh", "lan", "maria", "jon", "tuan", "kim", "lea", "peter", "hannah")
    more = ("phuong", "oscar", "tove", "sam", "huong", "elena", "nora", "khanh", "max")
    said = (name, lambda n: f"{(given + more)[n % 20]}{n % 90 + 10}", lambda n: f"{name(n)} {n}")
    people = [
        each
        for label, called in zip("pqr", said, strict=True)
        for each in joins(label, 60, HOUR, called=called, pace=50.0)
    ]
    for each in people:
        each["type"] = "account.created"
        del each["data"]["room"]
    assert set(story.tell(people)) == {"allow"}
    assert not story.alerts()


def test_a_live_thread_is_no_flood(story: Story) -> None:
    """Twenty people, newcomers among them, write four hundred lines in ten minutes."""
    lines = [
        event(
            f"l{number}",
            HOUR + number * 1.5,
            author=somebody(f"w{number % 20}", HOUR, name(number % 20), FRESH),
            text=f"line {number}",
        )
        for number in range(400)
    ]
    assert set(story.tell(lines)) == {"allow"}


def test_an_evening_as_full_as_every_evening_holds_nobody(story: Story) -> None:
    """Twenty-six newcomers an evening are many at first, and what is usual once it is known."""
    first, later = story.tell(evenings(range(2), 26)), story.tell(evenings(range(2, 12), 26))
    assert Counter(first) == {"allow": 40, "hold": 12}  # from the 21st on, on both evenings
    assert Counter(later[: 6 * 26])["hold"] == 6 * 6  # until nine days of joins are known
    assert set(later[-2 * 26 :]) == {"allow"}


def test_members_may_all_invite_to_the_same_meeting(story: Story) -> None:
    """Old accounts with the same invitation are no flood, whatever their number."""
    told = [
        event(
            f"m{number}",
            HOUR + number * 60 + step,
            author=somebody(f"m{number}", HOUR, name(number), timedelta(days=400)),
            text=("Good evening" if step == 0 else f"{name(number)} asks you to discord.gg/meet")
            + f" from {name(number)}",
        )
        for number in range(8)
        for step in (0, 30)
    ]
    story.tell(told)
    assert "invite-flood" not in story.decided()


def test_people_of_a_new_server_may_say_hello(story: Story) -> None:
    """Thirty newcomers from a server nobody knew: greetings pass."""
    told = [
        event(
            f"n{number}",
            HOUR + number * 40,
            author=somebody(f"n{number}", HOUR, name(number), FRESH),
            server={"id": "moved.example"},
            text=f"{name(number)} says hello.",
        )
        for number in range(30)
    ]
    assert set(story.tell(told)) == {"allow"}


# --- floods ---------------------------------------------------------------------------------------


def test_a_raid_is_held_where_the_usual_is_known_and_where_it_is_not(story: Story) -> None:
    """Sixty new accounts: from the 21st on in a new room; in one where 26 come, from 52 on."""
    raid = joins("x", 60, HOUR, called=lambda n: name(n + 40), pace=5.0)
    assert Counter(story.tell(raid)) == {"allow": 20, "hold": 40}
    story.tell(evenings(range(1, 12), 26))
    again = joins("y", 60, 12 * DAY + EVENING, called=lambda n: name(n + 90), pace=5.0)
    answers = story.tell(again)
    assert answers == ["allow"] * 51 + ["hold"] * 9
    hold_together(story.folder)


def test_names_alike_are_held_even_where_many_are_usual(story: Story) -> None:
    """Names that one program made do not pass as an ordinary evening."""
    story.tell(evenings(range(11), 26))
    raid = joins("x", 26, 11 * DAY + EVENING, called="partyfox{}".format, pace=5.0)
    answers = story.tell(raid)
    assert answers[:10] == ["allow"] * 10
    assert set(answers[10:]) == {"hold"}


def test_poisoning_the_usual_takes_more_than_half_of_the_days(story: Story) -> None:
    """Seven loud evenings of fourteen leave a raid where it was; the eighth hides it."""
    quiet, loud = evenings(range(7), 2), evenings(range(7, 14), 40)
    story.tell([*quiet, *loud])
    raid = joins("x", 40, 14 * DAY + EVENING, called=lambda n: name(n + 40), pace=5.0)
    assert Counter(story.tell(raid))["hold"] == 20
    again = joins("y", 40, 15 * DAY + EVENING, called=lambda n: name(n + 60), pace=5.0)
    assert Counter(story.tell(again))["hold"] == 0


def test_one_invitation_under_many_addresses_is_one_flood(story: Story) -> None:
    """The third new account with it waits, and those behind; each said hello first."""
    ways = (
        "discord.gg/fre3Gift",
        "https://discord.com/invite/fre3Gift?event=7",
        "http://discordapp.com/invite/fre3Gift/",
    )
    told = []
    for number in range(6):
        who = somebody(f"s{number}", HOUR, name(number), FRESH)
        told.append(event(f"a{number}", HOUR + number, author=who, text=f"hi, {name(number)}"))
        said = f"{name(number)} gives: {ways[number % 3]}"
        told.append(event(f"b{number}", 2 * HOUR + number * 60, author=who, text=said))
    answers = story.tell(told)
    assert answers[6:] == ["allow", "allow", "hold", "hold", "hold", "hold"]
    assert story.decided()["invite-flood"] >= 1


def test_a_new_server_s_newcomers_wait_with_links_from_the_eighth_on(story: Story) -> None:
    """Each greets first; then each links to a page of another site."""
    told = []
    for number in range(12):
        who = somebody(f"s{number}", HOUR, name(number), FRESH)
        base: dict[str, Any] = {"author": who, "server": {"id": "wave.example"}}
        told.append(event(f"a{number}", HOUR + number, text=f"hi, {name(number)}", **base))
        said = f"{name(number)} reads http://site{number}.example"
        told.append(event(f"b{number}", HOUR + 300 + number * 30, text=said, **base))
    answers = story.tell(told)
    assert answers == ["allow"] * 12 + ["hold"] * 12  # twelve have posted by then
    assert story.decided() == {"new-server-flood": 12}


# --- the same answer, whatever happened to the program --------------------------------------------

RATE = rule(
    "rate",
    "author.first seen < 1 hour\n  room.joins against usual in last 1 hour >= 3",
    "author.first seen  1 minute\n  room.joins against usual in last 1 hour  3",
    "author.first seen  1 minute\n  room.joins against usual in last 1 hour  2",
    kinds="join",
    clause="flood.raid",
)


def _days(last: int) -> list[dict[str, Any]]:
    found = [*evenings(range(8), 2), *joins("z", last, 8 * DAY + EVENING, pace=5.0)]
    chat = (event(f"p{number}", number * HOUR / 2) for number in range(390))  # keeps the time going
    return sorted([*found, *chat], key=lambda each: each["time"])


def test_restart_replay_and_erasure_agree_on_what_is_usual(tmp_path: Path) -> None:
    """The memory after a restart is that of a run without one, before and after an erasure."""
    whole, halves = (Story(prepare(tmp_path / each, dict([RATE]))) for each in ("a", "b"))
    events = _days(9)
    answers = whole.tell(events)
    assert Counter(answers)["hold"] == 4  # from six on, three times two
    assert halves.tell(events[:200]) + halves.tell(events[200:]) == answers
    assert check(whole.folder).different == 0
    with Engine(halves.folder, now=lambda: halves.instant) as engine:
        agrees_with_replay(engine)
        for number in range(4):
            assert engine.erase("chat", f"d{number}-0") == 1
        agrees_with_replay(engine)
    with Engine(halves.folder, now=lambda: halves.instant) as engine:
        agrees_with_replay(engine)


def test_an_erasure_lowers_what_is_usual_from_then_on(tmp_path: Path) -> None:
    """Erased joins count no more: two evenings of five become smaller, and so does the median."""
    told = Story(prepare(tmp_path, dict([RATE])))
    told.tell(_days(0))
    with Engine(told.folder, now=lambda: told.instant) as engine:
        for number in range(8):
            assert engine.erase("chat", f"d{number}-1") == 1
    answers = told.tell(joins("z", 5, 8 * DAY + 9 * HOUR, pace=5.0))
    assert answers == ["allow", "allow", "hold", "hold", "hold"]  # usual is one now, not two
    assert check(told.folder).different == 0


def test_a_rule_that_comes_later_knows_what_the_journal_knows(tmp_path: Path) -> None:
    """The window of a new rule is filled from the bodies before it is asked."""
    told = Story(prepare(tmp_path, {}))
    told.tell(_days(0))
    prepare(tmp_path, dict([RATE]))
    answers = told.tell(joins("z", 7, 8 * DAY + 9 * HOUR, pace=5.0))
    assert answers == ["allow"] * 5 + ["hold"] * 2
    with Engine(told.folder, now=lambda: told.instant) as engine:
        agrees_with_replay(engine)


def test_copies_and_stale_events_raise_nothing(story: Story) -> None:
    """The same join again, and joins more than a day late, neither count nor become usual."""
    story.tell(evenings(range(9), 2))
    raid = joins("x", 9, 9 * DAY + EVENING, pace=5.0)
    story.tell(raid)
    late = joins("late", 30, 3 * DAY, pace=5.0)
    assert set(story.tell([*raid, *late])) == {"allow"}
    assert not story.alerts()  # nine are not six times two
    story.tell(joins("y", 4, 9 * DAY + EVENING + MINUTE, pace=5.0))
    assert story.alerts() == {"unusual-joins": 2}  # the twelfth and the thirteenth
