"""Chaff: months of events, each with an account, a name, a text, a link, a server and an invitation
that were never seen. What is kept in memory stays within a bound, and replay agrees.

The whole shipped pack runs. What 200,000 such events take in megabytes is told in ARCHITECTURE.md
("Windows"); here the number of things that are kept is held.
"""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from flow.small_community import SETTINGS, START, agrees_with_replay, event, line
from ombud.app import Engine
from ombud.errors import BadEvent
from ombud.store import keyfile
from ombud.verdicts import community
from ombud.windows import timeline

EVENTS = 1216  # in a part
STEP = 3600.0  # seconds between two: a part takes fifty days, longer than any window is wide
GROUP = 64
KEPT = 400  # of what is bounded by number, so that a part goes far beyond


def word(chance: random.Random, length: int) -> str:
    """A word that nobody has used."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(length))


def chaff(number: int) -> bytes:
    """One event like no other: a join, or a post with a link."""
    chance = random.Random(number)
    at = number * STEP
    created = START + timedelta(seconds=at, days=-chance.choice((0, 400)))
    more = {
        "author": {
            "id": f"a{number}",
            "name": f"{word(chance, 4).title()} {word(chance, 4).title()}",
            "created": created.isoformat(),
        },
        "room": {"id": f"room{number % 5}"},
        "server": {"id": f"s{number}.example"},
        "invite": f"i{number}",
        "text": " ".join(word(chance, 3) for _ in range(12)) + f" http://x{number}.example/",
    }
    joins = number % 5 == 0
    made = event(number, at, type="member.joined" if joins else "post.created", **more)
    if joins:
        del made["data"]["text"]
    return line(made)


def kept(engine: Engine) -> dict[str, int]:
    """How many things are held in memory, by what they are."""
    found = engine.writer.pipeline.community
    known = found.timelines[""]
    assert known.clusters is not None
    counts = {
        f"{type(window).__name__} {number}": len(list(window.entries()))
        for number, window in known.windows.items()
    }
    members = sum(len(list(each.entries())) for each in known.members.values())
    return {
        **counts,
        "members": members,
        "clusters": len(list(known.clusters.entries())),
        "histories": len(found.histories),
        "days of licences": len(found.used),
    }


def test_what_is_kept_of_chaff_levels_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three times as long no more is kept than after the first part, in any window."""
    monkeypatch.setattr(timeline, "SWEEP_EVERY", 1000)
    monkeypatch.setattr(community, "HISTORIES_KEPT", KEPT)
    monkeypatch.setattr(keyfile, "ACCOUNTS_CACHED", KEPT)
    monkeypatch.setattr(keyfile, "TOKENS_CACHED", KEPT)
    (tmp_path / "ombud.toml").write_text(SETTINGS)
    now = 0
    with Engine(tmp_path, now=lambda: now) as engine:
        parts = []
        for begin in range(0, 3 * EVENTS, GROUP):
            at = START + timedelta(seconds=(begin + GROUP) * STEP)
            now = int(at.timestamp()) * 1_000_000
            for answer in engine.submit([chaff(begin + number) for number in range(GROUP)]):
                assert not isinstance(answer, BadEvent)
                assert answer.status == "accepted"
            if (begin + GROUP) % EVENTS == 0:
                parts.append(kept(engine))
        early, _, late = parts
        assert sum(count > 0 for count in early.values()) > len(early) // 2
        assert min(early["clusters"], early["histories"]) > 0
        for name, count in late.items():
            assert count <= 1.5 * early[name] + GROUP, (name, count, early[name])
        assert late["histories"] <= KEPT + 2 * GROUP
        agrees_with_replay(engine)
