"""A raid at night: who comes, who writes what, what became of each, through the whole engine.

Forty members who have written before; 300 accounts that nobody has seen, some of which write
without pause; ten that were members before and are raiders now; twelve honest newcomers who come in
the middle of it. One moderator, who confirms the campaign, orders the rest of it removed, declares
an emergency and goes to bed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flow.certified_community import WORDS
from flow.platform_side import Platform
from flow.small_community import START, event, rows
from ombud import casework
from ombud.changes import Mark
from ombud.transaction import Answer

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
NIGHT = 9 * DAY + 14 * HOUR  # START is at noon: two at night
MEMBERS, RAIDERS, LOUD, SLEEPERS, NEWCOMERS = 40, 300, 5, 10, 12
BATCH = 64
DELIVERED_EVERY = 30 * MINUTE
OFFER = (
    "Everybody in here should leave this boring place tonight and come over to the fine new hall"
    " of our dear friends, where the gifts are waiting for you, ask for number {}"
)
STOPPED = ("hold", "remove", "limit")


@dataclass
class Night:
    """What is told, by whom, and what it was answered."""

    platform: Platform
    answered: list[tuple[str, str]] = field(default_factory=list)  # (who, action) of each event
    _delivered: float = 0.0

    def tell(self, events: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Let events happen in the order of their times; messages go out on the way."""
        told = sorted(events, key=lambda each: each[1]["time"])
        for begin in range(0, len(told), BATCH):
            batch = told[begin : begin + BATCH]
            self.until(_seconds(batch[-1][1]))
            answers = self.platform.stream(*(each for _, each in batch))
            for (who, _), answer in zip(batch, answers, strict=True):
                assert isinstance(answer, Answer)
                self.answered.append((who, answer.action))

    def until(self, seconds: float) -> None:
        """Let time pass."""
        start = int(START.timestamp()) * 1_000_000
        self.platform.clock[0] = max(
            self.platform.clock[0], start + int(seconds * 1_000_000) + 1_000
        )
        if seconds >= self._delivered + DELIVERED_EVERY:
            self._delivered = seconds
            self._deliver()

    def _deliver(self) -> None:
        """Take all that can be sent now, many in one commit: thousands of them go out."""
        platform = self.platform
        before: list[str] = []
        while (turn := platform.open()) and [due.id for due in turn] != before:
            before = [due.id for due in turn]
            for state in ("sending", "delivered"):
                marks = [Mark(due.id, state, platform.clock[0], 1) for due in turn]
                platform.engine.writer.submit(marks, first=True).result()

    def share(self, *who: str) -> float:
        """Which share of what these wrote was stopped."""
        found = [action for name, action in self.answered if name in who]
        return sum(action in STOPPED for action in found) / len(found)

    def count(self, *who: str) -> Counter[str]:
        """What was done to what these wrote."""
        return Counter(action for name, action in self.answered if name in who)

    def messages(self) -> list[int]:
        """How many messages went out to each person who got any, the most first."""
        query = (
            "SELECT count(DISTINCT o.id) FROM outbox o JOIN notice n ON n.message = o.id"
            " WHERE o.state = 'delivered' GROUP BY n.author ORDER BY 1 DESC"
        )
        return [row[0] for row in rows(self.platform.folder, query)]

    def cases(self) -> list[tuple[str, str, str, bool]]:
        """The open cases in their order: id, rule, reason, whether it is of a campaign."""
        query = (
            "SELECT id, rule, reason, cluster IS NOT NULL FROM review_case WHERE closed IS NULL"
            " ORDER BY place, id"
        )
        return [(row[0], row[1], row[2], bool(row[3])) for row in rows(self.platform.folder, query)]


def _seconds(told: dict[str, Any]) -> float:
    return (datetime.fromisoformat(told["time"]) - START).total_seconds()


def _words(seed: str, count: int = 12) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def _by(who: str, at: float, age: float) -> dict[str, Any]:
    created = START + timedelta(seconds=at - age)
    name = _words(f"name {who}", 2).title()
    return {"id": who, "name": name, "created": created.isoformat(), "lang": "en"}


def post(who: str, at: float, said: str, age: float = 400 * DAY, **more: Any) -> dict[str, Any]:
    """One post in the hall."""
    return event(f"{who}@{at:.3f}", at, text=said, author=_by(who, at, age), **more)


def join(who: str, at: float, age: float) -> dict[str, Any]:
    """Somebody joins the hall."""
    told = event(f"{who}-joins", at, type="member.joined", author=_by(who, at, age))
    del told["data"]["text"]
    return told


# --- before, and who comes ------------------------------------------------------------------------


def days_before() -> Iterator[tuple[str, dict[str, Any]]]:
    """Nine days on which members, and those who will wake, write now and then."""
    people = [f"member{n}" for n in range(MEMBERS)] + [f"sleeper{n}" for n in range(SLEEPERS)]
    for day in range(9):
        for number, who in enumerate(people):
            at = day * DAY + 4 * HOUR + number * 200.0
            if day == 0:
                yield "before", join(who, at - 60, 400 * DAY)
            yield "before", post(who, at, _words(f"{who} {day}"))


def first_wave() -> Iterator[tuple[str, dict[str, Any]]]:
    """Eight accounts post the offer: by this the moderator is woken."""
    for number in range(8):
        at = NIGHT + number * 20.0
        yield "first wave", join(f"first{number}", at - 30, HOUR)
        yield "first wave", post(f"first{number}", at, OFFER.format(number), HOUR)


def raid(begin: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Three hours: each raider joins and writes six times, the loud ones two hundred times."""
    for number in range(RAIDERS):
        who, came = f"raider{number}", begin + number * 24.0
        yield "joins", join(who, came, HOUR)
        writes = 200 if number < LOUD else 6
        for turn in range(writes):
            at = came + 20.0 + turn * (2.5 * HOUR / writes) * 0.9
            if turn % 3 == 0:
                yield "copies", post(who, at, OFFER.format(number * 7 + turn), HOUR)
            elif turn % 3 == 1:
                yield "varied", post(who, at, _words(f"{who} {turn}", 9), HOUR)
            else:
                about = {"in_reply_to": {"id": "member1@0", "author": {"id": "member1"}}}
                yield "replies", post(who, at, _words(f"{who} {turn}", 7), HOUR, **about)
    for number in range(SLEEPERS):
        for turn in range(2):
            at = begin + HOUR + number * 60.0 + turn * 900.0
            yield "sleepers", post(f"sleeper{number}", at, OFFER.format(9000 + number * 2 + turn))


def honest(begin: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Members talk on, some quote the offer; newcomers come, greet and ask."""
    for number in range(MEMBERS):
        for turn in range(5):
            at = begin + 90.0 + number * 30.0 + turn * 0.5 * HOUR
            said = _words(f"night {number} {turn}")
            if turn == 2 and number % 4 == 0:
                said = f"> {OFFER.format(number)}\n\nWho wrote this? {said}"
            yield "members", post(f"member{number}", at, said)
    for number in range(NEWCOMERS):
        who, at = f"newcomer{number}", begin + 600.0 + number * 720.0
        yield "newcomers join", join(who, at, DAY)
        for turn in range(2):
            said = _words(f"{who} {turn}", 8)
            yield "newcomers", post(who, at + 60.0 + turn * 300.0, said, DAY)


def woken(night: Night) -> str:
    """What the one moderator does before they sleep: confirm, order, declare; the order's id."""
    engine = night.platform.engine
    (case,) = [case for case, *_, campaign in night.cases() if campaign][:1]
    by = {"case": case, "by": "mia"}
    remove = [{"action": "remove"}]
    asked = {**by, "outcome": "uphold", "acts": remove, "everything": True}
    casework.perform(engine, "decide case", asked)
    given = casework.perform(engine, "give order", {**by, "action": "remove"})
    engine.set_state("duty", begins=False, by="mia")
    engine.set_state("emergency", begins=True, by="mia")
    return str(given["order"])
