"""The day-one rules on the same rows, without anything learned: which texts some rule fires on.

The shipped pack is run in memory over all rows of a set in the order of their times, so that
repeats and rates count as they would live. Where a set has no authors, ages or times, facts that
rest on them are unknown and rules that need them do not fire; rows without a time come a minute
apart. This module must never invent a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from evaluation.spam_sets import Text
from ombud import samples
from ombud.activation import compiling
from ombud.activation.active import EMPTY, Active
from ombud.config import Settings, Sources
from ombud.explain import KEY, ThrowAway
from ombud.model import Account, Data, Event, Room
from ombud.signals.observation import Observation
from ombud.verdicts.community import Community

FIRST = 1_388_534_400  # 2014-01-01: where rows without a time begin
MINUTE = 60
RESTRICTS = frozenset({"hold", "remove", "limit", "label", "mark sensitive"})


def pack() -> Active:
    """The shipped rules, policies and lists."""
    rules, policies, lists = map(samples.files, ("rules", "policies", "lists"))
    settings = Settings(procedural_holds=True)
    return compiling.from_sources(Sources(rules, policies, lists, settings))


def hits(texts: Sequence[Text], active: Active) -> list[bool]:
    """For each text, whether a rule fires on it that would restrict it."""
    community, tokens = Community(KEY, EMPTY), ThrowAway()
    community.activate(active, {})
    acting = {
        rule
        for rule, proposals in enumerate(active.proposals)
        if any(each.action in RESTRICTS for each in proposals)
    }
    found = [False] * len(texts)
    recv = 0
    for seq, (number, seconds) in enumerate(_ordered(texts), 1):
        event = _event(number, texts[number], seconds)
        at = seconds * 1_000_000
        recv = max(recv + 1, at)
        seen = Observation(event, "post", tokens)
        verdict = community.judge(seen, "", at, recv, seq=seq)
        found[number] = not acting.isdisjoint(verdict.fired)
    return found


def _ordered(texts: Sequence[Text]) -> list[tuple[int, int]]:
    """The rows by time: those of a room without one at the last time known of it."""
    last: dict[str | None, int] = {}
    for each in texts:
        if each.at is not None:
            last[each.room] = max(each.at, last.get(each.room, 0))
    placed = [
        (
            each.at if each.at is not None else last.get(each.room, FIRST + MINUTE * number),
            each.at is None,
            number,
        )
        for number, each in enumerate(texts)
    ]
    return [(number, at) for at, _, number in sorted(placed)]


def _event(number: int, each: Text, seconds: int) -> Event:
    return Event(
        id=f"r{number}",
        source="evaluation",
        type="post.created",
        time=datetime.fromtimestamp(seconds, UTC),
        data=Data(
            author=Account(id=each.author) if each.author else None,
            text=each.text,
            room=Room(each.room) if each.room else None,
        ),
    )
