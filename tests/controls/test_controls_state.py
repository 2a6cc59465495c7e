"""States that people set hold from their control until their end, live and in any retelling."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow import small_community
from flow.small_community import (
    NOW,
    agrees_with_replay,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
    tallies,
)
from flow.test_crash import KILLED, write
from ombud.app import Engine
from ombud.clock import HOUR
from ombud.controls import lists, state
from ombud.errors import BadUse
from ombud.journal import Control
from ombud.staff import people
from ombud.transaction import Answer

RULES = dict(
    [
        rule(
            "unmanned",
            "not on duty\n  text.length > 3",
            'on duty  no\n  text  "hello"',
            'on duty  yes\n  text  "hello"',
            then='alert "night"',
        ),
        rule(
            "brake",
            "emergency\n  author.accepted posts < 20",
            "emergency  yes\n  author.accepted posts  0",
            "emergency  no\n  author.accepted posts  0",
        ),
    ]
)


class Clock(small_community.Clock):
    """A clock that is moved by hand, and the number of the last post."""

    number = 0


def said(engine: Engine, clock: Clock, timeline: str = "") -> tuple[set[str], set[str]]:
    """A post: the rules that fired on it, and those that lack a fact."""
    clock.number += 1
    posted = event(clock.number, clock.number, author={"id": f"person{clock.number}"})
    (answer,) = engine.submit([line(posted)], timeline)
    assert isinstance(answer, Answer)
    return set(answer.fired), set(answer.unknown)


def payloads(folder: Path, name: str) -> list[dict[str, Any]]:
    """What the journal keeps of a state's controls."""
    query = "SELECT payload FROM journal WHERE type = ? ORDER BY seq"
    return [json.loads(row[0]) for row in rows(folder, query, f"!{name}")]


def test_a_state_holds_until_it_is_ended_or_ends_by_itself(tmp_path: Path) -> None:
    """Unknown while nobody ever said who is on duty; no emergency where nobody declared one."""
    folder, clock = prepare(tmp_path / "data", RULES), Clock()
    with Engine(folder, now=clock) as engine:
        assert said(engine, clock) == (set(), {"unmanned"})
        engine.set_state("duty", begins=True)
        assert said(engine, clock) == (set(), set())
        engine.set_state("emergency", 2 * HOUR, begins=True)
        assert said(engine, clock) == ({"brake"}, set())
        engine.set_state("duty", begins=False)
        assert said(engine, clock) == ({"brake", "unmanned"}, set())
        (begun,) = payloads(folder, "emergency")
        clock.at = begun["until"] - 1
        assert said(engine, clock) == ({"brake", "unmanned"}, set())
        clock.at = begun["until"]
        assert said(engine, clock) == ({"unmanned"}, set())
        agrees_with_replay(engine)
    hold_together(folder)
    found = tallies(folder)
    assert found["emergency", None, None, None] == 1
    assert [each["begins"] for each in payloads(folder, "duty")] == [True, False]


def test_a_restart_and_an_erasure_in_between_change_nothing(tmp_path: Path) -> None:
    """The states are those of the journal, in force to the microsecond."""
    folder, clock = prepare(tmp_path / "data", RULES), Clock()
    with Engine(folder, now=clock) as engine:
        said(engine, clock)
        engine.set_state("duty", HOUR, begins=True)
        engine.set_state("emergency", begins=True)
        until = payloads(folder, "duty")[-1]["until"]
        assert engine.erase("chat", "person1") == 1
        assert said(engine, clock) == ({"brake"}, set())
    with Engine(folder, now=clock) as engine:
        agrees_with_replay(engine)
        clock.at = until - 1
        assert said(engine, clock) == ({"brake"}, set())
        clock.at = until
        assert said(engine, clock) == ({"brake", "unmanned"}, set())
        agrees_with_replay(engine)


@pytest.mark.parametrize("point", ["before keys", "journal written", "before commit", "committed"])
def test_killed_while_it_begins_a_state_holds_or_does_not(tmp_path: Path, point: str) -> None:
    """Killed at the third commit, which is the control's: in force exactly where it was kept."""
    folder, clock = prepare(tmp_path / "data", RULES), Clock()
    stream = [line(event("first")), b"!duty\n", line(event("last"))]
    assert write(folder, stream, f"{point}:3") == KILLED
    kept = point == "committed"
    assert len(payloads(folder, "duty")) == kept
    with Engine(folder, now=clock) as engine:
        assert engine.writer.pipeline.community.state("", "duty", NOW + 9) is (
            True if kept else None
        )
        assert said(engine, clock) == (set(), set() if kept else {"unmanned"})
        agrees_with_replay(engine)


def test_a_history_is_not_judged_by_the_state_of_today(tmp_path: Path) -> None:
    """What is read in beside live traffic happened when nobody knows who was on duty."""
    folder, clock = prepare(tmp_path / "data", RULES), Clock()
    with Engine(folder, now=clock) as engine:
        engine.set_state("emergency", begins=True)
        engine.set_state("duty", begins=False)
        assert said(engine, clock, "last year") == (set(), {"unmanned", "brake"})
        assert said(engine, clock) == ({"unmanned", "brake"}, set())
        agrees_with_replay(engine)


def test_beginning_again_moves_the_end(tmp_path: Path) -> None:
    """The last control says until when, also where that is sooner."""
    folder, clock = prepare(tmp_path / "data", RULES), Clock()
    with Engine(folder, now=clock) as engine:
        engine.set_state("emergency", 5 * HOUR, begins=True)
        engine.set_state("emergency", HOUR, begins=True)
        clock.at += 2 * HOUR
        assert said(engine, clock)[0] == set()


def test_an_emergency_that_is_none_cannot_be_ended(tmp_path: Path) -> None:
    """It would stand in the public log as if there had been one. Nobody on duty can be said."""
    folder, clock = prepare(tmp_path / "data", RULES), Clock()
    with Engine(folder, now=clock) as engine:
        with pytest.raises(BadUse) as refused:
            engine.set_state("emergency", begins=False)
        assert refused.value.code == "U071"
        engine.set_state("duty", begins=False)
        assert said(engine, clock)[0] == {"unmanned"}
        engine.set_state("emergency", begins=True)
        engine.set_state("emergency", begins=False)
        with pytest.raises(BadUse):
            engine.set_state("emergency", begins=False)
        agrees_with_replay(engine)
    assert tallies(folder)["emergency", None, None, None] == 2


@pytest.mark.parametrize("name", sorted(state.STATES))
@pytest.mark.parametrize("length", [0, -1, 24 * HOUR + 1])
def test_no_state_lasts_longer_than_a_day(name: str, length: int) -> None:
    """Nor shorter than not at all; without a length it lasts as long as is usual."""
    with pytest.raises(BadUse) as refused:
        state.asked(name, length, "admin", begins=True)
    assert refused.value.code == "U070"
    asked = state.asked(name, None, "admin", begins=True)
    assert asked.sealed["length"] == {"duty": 8 * HOUR, "emergency": 6 * HOUR}[name]
    assert state.asked(name, 24 * HOUR, "admin", begins=True).sealed["length"] == 24 * HOUR


def test_no_name_is_journalled_by_whom(tmp_path: Path) -> None:
    """A payload holds the token of who did it: names stand in the key file and nowhere else."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.set_state("duty", by="annemarie", begins=True)
        engine.set_state("emergency", by="annemarie", begins=True)
        engine.undo("annemarie", rule="bags")
        added = lists.line("staff", "ana")
        engine.change_list("add", "staff", added, "annemarie", new=True)
        token = engine.keys.known_account(people.STAFF, "annemarie")
        with pytest.raises(BadUse, match="U088"):
            engine.control(Control("duty", {"begins": True, "by": "annemarie"}))
        engine.set_state("duty", begins=True)
    found = rows(folder, "SELECT payload FROM journal WHERE type != '!config' ORDER BY seq")
    assert [json.loads(row[0])["by"] for row in found[:-1]] == [token] * 4
    for path in folder.rglob("*"):
        holds = path.is_file() and b"annemarie" in path.read_bytes()
        assert not holds or path.name.startswith("ombud.keys"), path
