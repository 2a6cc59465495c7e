"""Verdicts: what a digest covers, what is chosen, and what an account's history is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flow.small_community import RULES, event, line, rule
from ombud import samples
from ombud.activation.active import EMPTY, QUIET, Active
from ombud.activation.compiling import from_sources
from ombud.clock import DAY, from_datetime
from ombud.config import Settings, Sources
from ombud.events import decode
from ombud.explain import ThrowAway
from ombud.signals.observation import Observation, kind_of
from ombud.verdicts.community import Community, Verdict
from ombud.verdicts.past import Known

KEY = bytes(32)
SECOND = dict(
    [
        rule(
            "cheap",
            'text contains "cheap"',
            'text "cheap"',
            'text "a"',
            then="hold this for 2 hours",
        ),
        rule("warned", 'text contains "bags"', 'text "bags"', 'text "a"', then="warn author"),
        rule("asked", 'text contains "bags"', 'text "bags"', 'text "a"', then="remove this"),
    ]
)


@pytest.fixture(scope="module")
def active() -> Active:
    """A configuration with several rules for one text."""
    rules = {name: text.encode() for name, text in {**RULES, **SECOND}.items()}
    return from_sources(
        Sources(
            rules=rules,
            policies=samples.files("policies"),
            lists=samples.files("lists"),
            settings=Settings(procedural_holds=True),
        )
    )


@pytest.fixture
def community(active: Active) -> Community:
    """A community without a past."""
    made = Community(KEY, EMPTY)
    made.activate(active, {})
    return made


def judge(community: Community, told: dict[str, Any], recv: int = 0, timeline: str = "") -> Verdict:
    """Judge one event, received when it happened unless told otherwise."""
    heard = decode(line(told))
    time = from_datetime(heard.time)
    seen = Observation(heard, kind_of(heard) or "", ThrowAway())
    return community.judge(seen, timeline, time, recv or time)


def test_the_strongest_permitted_action_is_done_and_the_rest_asked(community: Community) -> None:
    """Of holds, a warning and a removal without a licence: a hold, and a person for the removal."""
    verdict = judge(community, event(1, text="cheap bags"))
    assert verdict.action == "hold"
    done = {(each.action, each.target) for each in verdict.chosen}
    assert ("hold", "this") in done
    assert ("remove", "this") not in done
    reasons = [each.reason for each in verdict.asked]
    assert "no licence" in reasons
    assert "hold" in reasons


def test_a_digest_covers_what_was_said_and_done(community: Community, active: Active) -> None:
    """Same verdict, same digest; another rule, fact, key or licence, another one; quiet is one."""
    first = judge(community, event(1, text="cheap bags"))
    assert judge(community, event(2, text="cheap bags")).digest == first.digest
    assert judge(community, event(3, text="bags")).digest != first.digest
    other = Community(b"k" * 32, EMPTY)
    other.activate(active, {})
    assert judge(other, event(1, text="cheap bags")).digest != first.digest
    unlicensed = Community(KEY, EMPTY)
    unlicensed.activate(replace(active, licences=()), {})
    assert judge(unlicensed, event(1, text="cheap bags")).digest != first.digest
    assert judge(community, event(4)).digest == QUIET
    assert len(first.digest) == 16


def test_recorded_facts_give_the_same_verdict(active: Active) -> None:
    """Judged from the facts that were stored, an event comes out as it did."""
    live, again = Community(KEY, EMPTY), Community(KEY, EMPTY)
    live.activate(active, {})
    again.activate(active, {})
    for number in range(12):
        told = event(number, number, text="cheap bags and more", author={"id": f"p{number % 4}"})
        verdict = judge(live, told)
        heard = decode(line(told))
        time = from_datetime(heard.time)
        seen = Observation(heard, "post", ThrowAway())
        recorded = again.judge(seen, "", time, time, dict(verdict.facts))
        assert recorded == verdict
    assert live.histories == again.histories


def test_a_history_is_of_one_timeline(community: Community) -> None:
    """First and last seen, and the posts that were not restricted, apart for each timeline."""
    for at, text in ((0, "hello"), (50, "cheap bags"), (20, "hello again")):
        judge(community, event(at, at, text=text))
    judge(community, event("old", 7), timeline="old")
    token = ThrowAway().account("chat", "ana")
    known, old = community.history("", token), community.history("old", token)
    assert known is not None
    assert old is not None
    assert (known.last - known.first, known.accepted) == (50_000_000, 2)
    assert (old.last - old.first, old.accepted) == (0, 1)
    assert community.history("other", token) is None
    assert community.changed == {("", token), ("old", token)}


def test_the_store_is_asked_once(active: Active) -> None:
    """A history that the store knows is loaded at the first look and moved on from there."""
    asked: list[tuple[str, int]] = []

    def load(timeline: str, account: int) -> Known:
        asked.append((timeline, account))
        return Known(5, 6, 7)

    community = Community(KEY, EMPTY, load)
    community.activate(active, {})
    for number in range(3):
        judge(community, event(number, number))
    token = ThrowAway().account("chat", "ana")
    known = community.history("", token)
    assert known is not None
    assert (known.first, known.accepted) == (5, 10)
    assert asked.count(("", token)) == 1


def test_a_stale_event_leaves_no_trace_in_time(community: Community) -> None:
    """It is judged with unknown pasts, enters no window and moves no history."""
    judge(community, event(1, 3 * 86400))
    before = dict(community.histories)
    verdict = judge(community, event(2, 0, text="cheap bags"), recv=10**18)
    assert verdict.place is None
    assert verdict.entries == []
    assert verdict.unknown
    assert verdict.action == "hold"
    assert community.histories == before


def test_memory_lets_go_of_what_the_store_has(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uses of days gone by and, when there are very many, stored histories are dropped."""
    monkeypatch.setattr("ombud.verdicts.community.HISTORIES_KEPT", 1)
    judge(community, event(1))
    judge(community, event(2, author={"id": "bo"}))
    community.used = {("", "a", 1): 3, ("", "a", 2): 1, ("", "a", 3): 1}
    community.trim()
    assert community.used == {("", "a", 2): 1, ("", "a", 3): 1}
    assert len(community.histories) == 2  # not yet in the store
    community.changed.clear()
    community.trim()
    assert community.histories == {}
    assert DAY > 0
