"""Explaining events: the same answers as the engine's, with every fact as it stood before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.small_community import DAY, NOW, RULES, crowd, event, line, prepare, rule
from ombud import config, events, explain, reading, samples
from ombud.activation import compiling
from ombud.activation.active import Active
from ombud.app import Engine
from ombud.signals.declare import SIGNALS
from ombud.transaction import Answer

SHARE = rule(
    "share",
    "share of author.posts with links in last 1 day >= 50 %",
    "share of author.posts with links in last 1 day  50 %",
    "share of author.posts with links in last 1 day  49 %",
    then='alert "links"',
)
LATE = rule(  # its second condition is seldom looked at: the first one settles it
    "late",
    'text contains "snorkel"\n  room.posts in last 1 hour >= 1\n  author.accepted posts >= 0',
    'text  "snorkel"\n  room.posts in last 1 hour  1\n  author.accepted posts  0',
    'text  "thanks"',
)


def active(folder: Path, rules: Mapping[str, str]) -> Active:
    """The configuration of a folder with these rules, no others that are no draft."""
    prepare(folder, rules)
    config.copy_samples(folder, {name: samples.files(name) for name in ("policies", "lists")})
    return compiling.from_sources(config.read(folder))


def explained(configured: Active, told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is explained of some events."""
    return list(explain.explain(configured, [events.decode(line(each)) for each in told]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_says_what_the_engine_does(tmp_path: Path, seed: int) -> None:
    """For events of every kind, late and stale ones too, the same rules fire and are unknown."""
    happened = crowd(seed, 150)
    configured = active(tmp_path, {**RULES, **dict([SHARE, LATE])})
    found = explained(configured, happened)
    with Engine(tmp_path, now=lambda: NOW) as engine:
        answers = engine.submit([line(each) for each in happened])
    assert len(found) == len(answers)
    for told, answer in zip(found, answers, strict=True):
        assert isinstance(answer, Answer)
        assert tuple(told.get("fired", ())) == answer.fired
        assert tuple(told.get("unknown", ())) == answer.unknown
    assert any(answer.fired for answer in answers if isinstance(answer, Answer))
    facts = {
        answer.seq: told.get("facts", {})
        for told, answer in zip(found, answers, strict=True)
        if isinstance(answer, Answer)
    }
    with reading.reading(tmp_path) as reader:
        made = reader.decisions(limit=1000)
    own = [each for each in made if each["about"] == each["seq"]]  # not what is about a member
    assert own
    for each in own:
        for fact in each["reasons"]["facts"]:
            name = re.split(r" (?:<|<=|>|>=|=|!=) | contains ", fact["condition"])[0]
            if isinstance(fact["value"], int) and not isinstance(fact["value"], bool):
                assert facts[each["seq"]][name] == fact["value"]


def test_every_signal_of_the_kind_is_told(tmp_path: Path) -> None:
    """All declared signals of an event's kind are there, and no signal of another kind."""
    told = [
        event(1, author={"id": "ana"}),
        event(2, type="member.joined", author={"id": "bo"}),
        event(3, type="flag.created", reporter={"id": "bo"}, reported="post/1"),
    ]
    for each in explained(active(tmp_path, {}), told):
        assert set(each["facts"]) == {
            name for name, declared in SIGNALS.items() if each["kind"] in declared.kinds
        }


def test_the_facts_are_those_before_the_event(tmp_path: Path) -> None:
    """History is as it stood before the event, windows count it, whatever the rules looked at."""
    configured = active(tmp_path, dict([LATE]))
    told = [event(each, 60 * each) for each in range(4)]
    found = [each["facts"] for each in explained(configured, told)]
    assert [each["author.accepted posts"] for each in found] == [0, 1, 2, 3]
    minute = 60_000_000
    assert [each["author.first seen"] for each in found] == [0, minute, 2 * minute, 3 * minute]
    assert [each["author.last seen"] for each in found] == [0, minute, minute, minute]
    assert [each["room.posts in last 1 hour"] for each in found] == [1, 2, 3, 4]
    assert {each['text contains "snorkel"'] for each in found} == {False}


def test_an_event_out_of_order_is_seen_at_its_own_time(tmp_path: Path) -> None:
    """The age of an account runs to the event's time, also where a later event came before."""
    author = {"id": "ana", "created": "2026-03-01T11:00:00Z"}
    found = explained(
        active(tmp_path, {}), [event(1, 3600, author=author), event(2, 0, author=author)]
    )
    hour = 3_600_000_000
    assert [each["facts"]["author.age"] for each in found] == [2 * hour, hour]


def test_a_stale_event_has_no_past(tmp_path: Path) -> None:
    """More than a day behind, what rests on the past is unknown and nothing is counted."""
    configured = active(tmp_path, dict([LATE]))
    late = DAY / 1_000_000
    told = [event(1, late + 1), event(2, 0), event(3, late + 2)]
    first, stale, last = (each["facts"] for each in explained(configured, told))
    for name in stale:
        if name in SIGNALS and SIGNALS[name].past:
            assert stale[name] is None, name
    assert stale["room.posts in last 1 hour"] is None
    assert stale["text.length"] == len("hello")
    assert first["room.posts in last 1 hour"] == 1
    assert last["room.posts in last 1 hour"] == 2
    assert last["author.accepted posts"] == 1


def test_what_no_rule_judges_is_told_as_such(tmp_path: Path) -> None:
    """A deletion has no kind and no facts and is not counted, but moves its source's time on."""
    told = [event(1, 7200, type="post.deleted"), event(2), event(3, 7200)]
    found = explained(active(tmp_path, dict([LATE])), told)
    assert found[0] == {"id": "e1", "source": "chat/hall", "kind": None}
    assert found[1]["facts"]["author.accepted posts"] == 0
    assert [each["facts"]["room.posts in last 1 hour"] for each in found[1:]] == [1, 2]


def test_platforms_are_kept_apart(tmp_path: Path) -> None:
    """Accounts and rooms of one name on two platforms share no history and no count."""
    told = [event(1, source="chat/hall"), event(2, 1, source="forum/hall")]
    found = explained(active(tmp_path, dict([LATE])), told)
    assert [each["facts"]["author.accepted posts"] for each in found] == [0, 0]
    assert [each["facts"]["room.posts in last 1 hour"] for each in found] == [1, 1]


def test_two_explanations_share_nothing(tmp_path: Path) -> None:
    """Each explanation begins with an empty past, and gives the same answers; all are JSON."""
    configured = active(tmp_path, {**RULES, **dict([SHARE])})
    first = explained(configured, crowd(5, 60))
    assert explained(configured, crowd(5, 60)) == first
    assert json.loads(msgspec.json.encode(first)) == json.loads(json.dumps(first))


def test_a_share_is_told_from_ten_posts_on(tmp_path: Path) -> None:
    """A share is unknown below ten posts, then integer permille of them."""
    texts = ["http://a.example"] * 5 + ["dear"] * 6
    told = [event(each, each, text=text) for each, text in enumerate(texts)]
    found = explained(active(tmp_path, dict([SHARE])), told)
    name = "share of author.posts with links in last 1 day"
    assert [each["facts"][name] for each in found] == [*[None] * 9, 500, 454]
    assert [each["fired"] for each in found] == [*[[]] * 9, ["share"], []]
    assert all(each["unknown"] == ["share"] for each in found[:9])
