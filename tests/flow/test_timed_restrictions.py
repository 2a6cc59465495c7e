"""Restrictions that end by themselves while the server runs, by a clock that can be moved: told to
the platform, told to the person, once. And the clock jumps a day ahead and a day back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flow.nothing_silent import delivered_once, judged_once, nothing_silent
from flow.served_platform import Site, site, spam, wait
from flow.small_community import event, rows
from ombud.clock import DAY, HOUR, MINUTE, SECOND

OVER = "Nothing of it remains in force"
PEOPLE = 4


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Site]:
    """A community with one platform, served; signatures of other days are of no use here."""
    with site(tmp_path, signed=False) as made:
        made.serving.start()
        yield made


def arrived(made: Site, count: int) -> list[dict[str, Any]]:
    """What has taken effect at the platform once it is so much."""
    wait(lambda: len(made.chat.did()) >= count, f"{count} webhooks never come")
    return made.chat.did()


def released(entry: dict[str, Any], held: dict[str, Any]) -> bool:
    """Whether a webhook takes back what another asked for."""
    same = ("type", "action", "subject", "on", "account", "decision", "clause")
    return entry["body"]["inverse"] is True and all(
        entry["body"][name] == held["body"][name] for name in same
    )


def ended(made: Site) -> list[tuple[int, ...]]:
    """Each end: its place in the journal."""
    return rows(made.folder, "SELECT seq FROM journal WHERE type = '!ended'")


def test_a_hold_ends_by_itself_while_nothing_happens(served: Site) -> None:
    """After 24 hours, not a minute before, the hold ends without any event: the platform is asked
    to release, the person is told, and the page says so.
    """
    one = spam(1) | {"subject": "post/1"}
    served.asked.until_taken("/v1/events", one)
    hold, told = arrived(served, 2)
    assert (hold["type"], hold["body"]["action"], told["type"]) == ("action", "hold", "notice")
    assert told["body"]["link"] == hold["body"]["statement"]
    (page,) = served.page("ana")
    assert "This is temporary" in page
    assert "This restriction has ended" not in page
    served.serving.shift(DAY - MINUTE)
    other = event(2, 60, author={"id": "bo"})
    served.asked.until_taken("/v1/events", other)
    assert ended(served) == []
    served.serving.shift(DAY)
    inverse, last = arrived(served, 4)[2:]
    assert released(inverse, hold)
    assert last["type"] == "notice"
    assert OVER in last["body"]["text"]
    assert last["body"]["account"] == "ana"
    assert len(ended(served)) == 1
    pages = served.page("ana")
    assert len(pages) == 2  # a day later it is told on a page of its own; the first says it too
    assert all("This restriction has ended" in each for each in pages)
    _finish(served, [one, other], Counter(action=2, notice=2))


def test_a_hold_ends_while_the_server_is_down(served: Site) -> None:
    """An end that came while nobody served is carried out at the next start, once."""
    one = spam(1) | {"subject": "post/1"}
    served.asked.until_taken("/v1/events", one)
    hold = arrived(served, 2)[0]
    assert served.serving.stop() == 0
    served.serving.shift(3 * DAY)
    served.serving.start()
    inverse, last = arrived(served, 4)[2:]
    assert released(inverse, hold)
    assert OVER in last["body"]["text"]
    assert all("This restriction has ended" in each for each in served.page("ana"))
    assert served.serving.stop() == 0
    served.serving.start()
    served.asked.until_taken("/v1/events", one)
    _finish(served, [one], Counter(action=2, notice=2))


def test_killed_where_a_hold_ends(served: Site) -> None:
    """Killed just before or just after the end is committed, it comes once all the same."""
    one = spam(1) | {"subject": "post/1"}
    served.asked.until_taken("/v1/events", one)
    hold = arrived(served, 2)[0]
    for point in ("before commit", "committed"):
        assert served.serving.stop() == 0
        served.serving.shift(2 * DAY)
        served.serving.begin(OMBUD_FAULT=f"{point}:1")
        served.serving.wait_for_death()
    served.serving.start()
    inverse, last = arrived(served, 4)[2:]
    assert released(inverse, hold)
    assert OVER in last["body"]["text"]
    _finish(served, [one], Counter(action=2, notice=2))


def test_the_clock_jumps_a_day_ahead_and_back(served: Site) -> None:
    """No event is lost, receipt goes on growing, holds that came due end once, nobody is flooded,
    and back in the present all goes on: events, holds, webhooks, the public log.
    """
    sent: list[dict[str, Any]] = []

    def send(count: int) -> None:
        """Of each five posts one is held, each about a subject of its own."""
        for _ in range(count):
            number = len(sent)
            person = {"id": f"person{number % PEOPLE}"}
            make = event if number % 5 else spam
            sent.append(make(number, number, author=person) | {"subject": f"post/{number}"})
            served.asked.until_taken("/v1/events", sent[-1], busy=False)

    send(60)
    assert kinds(arrived(served, 12 + PEOPLE)) == Counter(hold=12, notice=PEOPLE)
    served.serving.shift(DAY + MINUTE)
    # Twelve ends; each person is told of them at once, and what was added to the first page.
    wait(lambda: len(served.outbox("inverse = 1")) == 12, "holds do not end")
    send(30)
    there = kinds(arrived(served, 12 + PEOPLE + 12 + 2 * PEOPLE + 6))
    assert there == Counter(hold=18, release=12, notice=3 * PEOPLE)
    wait(lambda: served.due() == 0, "something is never marked")
    served.serving.shift(0)
    send(30)

    def later() -> bool:
        """What was timed by the other clock waits some seconds: they pass faster here."""
        served.serving.shift(served.serving.ahead + SECOND)
        return kinds(served.chat.did())["hold"] == 24

    wait(later, "nothing goes out after jumping back")
    leaves = rows(served.folder, "SELECT leaves FROM head")[0][0]
    served.serving.shift(2 * HOUR)
    wait(
        lambda: rows(served.folder, "SELECT published FROM head")[0][0] >= leaves,
        "the log is not published any more",
    )
    served.serving.shift(2 * DAY + HOUR)
    wait(lambda: kinds(served.chat.did())["release"] == 24, "holds do not end after jumping back")
    times = [row[0] for row in rows(served.folder, "SELECT recv FROM journal ORDER BY seq")]
    assert all(before < after for before, after in pairwise(times))
    _finish(served, sent, Counter(action=48, notice=kinds(served.chat.did())["notice"]))
    assert max(Counter(map(page_of, messages(served))).values()) <= 2  # an hour's page, two at most


def kinds(did: list[dict[str, Any]]) -> Counter[str]:
    """How many holds, releases and messages there were."""
    return Counter(
        "notice" if each["type"] == "notice" else "release" if each["body"]["inverse"] else "hold"
        for each in did
    )


def messages(made: Site) -> list[dict[str, Any]]:
    """The messages that came."""
    return [each for each in made.chat.did() if each["type"] == "notice"]


def page_of(message: dict[str, Any]) -> str:
    """The link that a message brings."""
    link: str = message["body"]["link"]
    return link


def _finish(made: Site, sent: list[dict[str, Any]], came: Counter[str]) -> None:
    """Stop, and see that all holds; `came` is how much took effect by now."""
    wait(lambda: made.due() == 0, "something is never delivered")
    assert made.serving.stop() == 0, made.serving.told()
    nothing_silent(made)
    judged_once(made, sent)
    did = delivered_once(made)
    assert Counter(entry["type"] for entry in did) == came
    assert len(made.chat.entries()) == len(did), "something came twice"
