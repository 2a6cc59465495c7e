"""A comparison of rule engines is worth nothing unless they say the same and the rules do
something.
"""

from __future__ import annotations

import json

import pytest
from bench.__main__ import section
from bench.measure import Row

from bench import peers, rule_sets, rules
from ombud import events

RAW = rule_sets.events(150)


@pytest.mark.parametrize("name", sorted(peers.PEERS))
@pytest.mark.parametrize("count", [10, 50])
def test_every_peer_is_there_and_gives_the_same_verdicts(name: str, count: int) -> None:
    """All engines name the same rules for every event, in the same order."""
    assert peers.there(name)
    judge = peers.PEERS[name](rule_sets.specs(count))
    own = rules.ours(rules.plan_of(count))
    assert [judge(json.loads(each)) for each in RAW] == [own(events.decode(each)) for each in RAW]


def test_the_workload_is_what_it_says() -> None:
    """The same bytes each time, about 0.8 kB; 18 raw fields and three derived; rules of all forms,
    of which many take part and most do not hold.
    """
    assert rule_sets.events(20) == RAW[:20]
    assert 700 < sum(map(len, RAW)) / len(RAW) < 900
    assert len(peers.flat(json.loads(RAW[0]))) == 18 + 3
    specs = rule_sets.specs(200)
    assert {each.form for spec in specs for each in spec.conditions} == {
        "contains",
        "matches",
        "number",
        "list",
        "label",
    }
    own = rules.ours(rules.plan_of(200))
    held = [own(events.decode(each)) for each in RAW]
    assert len({name for names in held for name in names}) > 20
    assert sum(map(len, held)) / len(held) < 20


def test_a_peer_that_says_otherwise_has_no_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A peer that is wrong, or not there, is told of and left out."""

    def missing(_: object) -> peers.Judge:
        raise ImportError("not here")

    honest = peers.PEERS["plain Python"]
    table = {"plain Python": honest, "wrong": lambda _: lambda _: ["rule-0000"], "away": missing}
    monkeypatch.setattr(peers, "PEERS", table)
    found = rules.compared(10, RAW[:40], rounds=1, seconds=0.001)
    assert {row.peer_is for row in found} == {"plain Python"}
    told = capsys.readouterr().err
    assert "wrong gives other verdicts" in told
    assert "away is not installed" in told


def test_targets_belong_to_rows_that_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every target is met or not by a row, and the section shows it."""
    monkeypatch.setattr(rules, "MORE", (1, 2))
    table = {name: peers.PEERS[name] for name in (rules.PYTHON, rules.JSON_LOGIC)}
    monkeypatch.setattr(peers, "PEERS", table)
    monkeypatch.setattr(rule_sets, "events", lambda _: RAW[:10])
    found = rules.rows(quick=True)
    assert {(row.name, row.peer_is) for row in found} >= set(rules.TARGETS)
    growth = rules.growth(quick=True)
    assert [each["rules"] for each in growth] == [1, 2]
    text = section({"items": list(map(rules.judged, found)), "growth": growth}, 0.5)
    assert text.count("| yes |") + text.count("| no |") == len(rules.TARGETS)
    assert "| rules | Ombud | plain Python |" in text


def test_a_row_without_a_target_stands_as_it_is() -> None:
    """Where nothing was promised, nothing is met."""
    row = Row("rules, 10", 1.0, 1.0, 1.0, 1, rules.UNIT, "rule-engine")
    assert rules.judged(row) == row.as_json()
