"""Other rules on the same past: exactly what a fresh engine under those rules would have said.

The oracle is the engine itself, fed the same events live under the other rules, and the journal
where the rules are the recorded ones.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow.small_community import (
    NOW,
    RULES,
    START,
    Clock,
    change,
    crowd,
    event,
    prepare,
    rows,
    rule,
)
from flow.test_whole_pasts import BOOKS, NEW_RULES, STRICTER, send
from ombud.app import Engine
from ombud.clock import from_datetime
from ombud.errors import BadUse
from ombud.replay import records
from ombud.replay.others import Span
from ombud.windows import counts as windows
from replay.trying import hits, live, recorded, tried, verdicts

OTHERS = {**STRICTER, **NEW_RULES}


batches = st.lists(
    st.tuples(st.sampled_from(("", "", "history")), st.integers(0, 10_000), st.integers(1, 40)),
    min_size=1,
    max_size=5,
)


@given(batches, st.sampled_from(range(len(BOOKS))), st.sampled_from(range(len(BOOKS))))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_other_rules_are_judged_as_if_they_had_been_there(
    tmp_path_factory: pytest.TempPathFactory,
    course: list[tuple[str, int, int]],
    then: int,
    other: int,
) -> None:
    """Fired, unknown, place, facts and what is done: as live, late and backdated events included.

    The cap is small, so that full windows are part of it.
    """
    place = tmp_path_factory.mktemp("course")
    told, number = [], 0
    for timeline, seed, count in course:
        told.append((timeline, crowd(seed, count, number)))
        number += count
    with mock.patch.object(windows, "CAP", 5), mock.patch.object(windows, "PLACES_PER_VALUE", 2):
        past = live(place / "past", dict(BOOKS[then]), told)
        wanted = recorded(live(place / "other", dict(BOOKS[other]), told, past))
        assert verdicts(past, BOOKS[other]) == wanted
    shutil.rmtree(place)


def test_nothing_is_known_before_it_came(tmp_path: Path) -> None:
    """Record n is judged the same however the past goes on after it."""
    events = crowd(77, 200)
    whole = live(tmp_path / "whole", dict(RULES), [("", events)])
    found = verdicts(whole, OTHERS)
    assert len(found) > 100
    for count in (1, 60, 130):
        part = live(tmp_path / f"part{count}", dict(RULES), [("", events[:count])], whole)
        known = verdicts(part, OTHERS)
        assert known == found[: len(known)]


# --- the same rules -------------------------------------------------------------------------------

steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 10_000), st.integers(1, 25)),
        st.tuples(st.just("history"), st.integers(0, 10_000), st.integers(1, 10)),
        st.tuples(st.just("reload"), st.just(0), st.just(0)),
        st.tuples(st.just("undo"), st.sampled_from(sorted(RULES)), st.just(0)),
        st.tuples(st.just("erase"), st.integers(0, 7), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 30), st.just(0)),
        st.tuples(st.just("reopen"), st.just(0), st.just(0)),
        st.tuples(st.just("forget"), st.integers(1, 60), st.just(0)),
    ),
    min_size=3,
    max_size=12,
)


@given(steps)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_same_rules_find_nothing_new_and_nothing_gone(
    tmp_path_factory: pytest.TempPathFactory, course: list[tuple[str, Any, int]]
) -> None:
    """Whatever came between: restarts, reloads, undoings, ends, erasures, bodies lost."""
    folder, clock = prepare(tmp_path_factory.mktemp("course")), Clock()
    engine = Engine(folder, now=clock)
    switched = False
    for name, what, count in [("send", 1, 20), *course, ("send", 2, 9)]:
        number = rows(folder, "SELECT max(seq) FROM journal")[0][0]
        if name == "reopen":
            engine.close()
            engine = Engine(folder, now=clock)
        elif name == "send":
            send(engine, crowd(what, count, (clock.at - NOW) // 20_000_000 + number))
        elif name == "history":
            send(engine, crowd(what, count, 10**6 + number), "history")
        elif name == "reload":  # another name for the community: no rule, but a configuration
            switched = not switched
            text = 'procedural_holds = true\nname = "other"\n'
            (folder / "ombud.toml").write_text(text if switched else "procedural_holds = true\n")
            engine.reload()
        elif name == "undo":
            engine.undo("admin", rule=what.removesuffix(".rule"))
        elif name == "erase":
            with suppress(BadUse):
                engine.erase("chat", f"person{what}")
        elif name == "wait":
            clock.at += what * 3_600_000_000
        elif name == "forget":
            change(folder, "DELETE FROM body WHERE seq = ?", what)
    engine.close()
    tally = tried(folder, RULES)
    for each in tally.rules.values():
        assert (each.rule.name, each.new, each.gone) == (each.rule.name, 0, 0)
        assert each.recorded == each.overlap + each.not_comparable
    judged = rows(folder, "SELECT count(*) FROM journal WHERE kind IS NOT NULL")[0][0]
    assert tally.judged + tally.without_body == judged
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A past of 300 events under RULES."""
    return live(tmp_path_factory.mktemp("past"), dict(RULES), [("", crowd(5, 300))])


def test_the_same_rules_on_a_whole_past_compare_completely(folder: Path) -> None:
    """With every body there, nothing is left out of the comparison."""
    tally = tried(folder, RULES)
    assert tally.without_body == 0
    assert all(each.not_comparable == 0 for each in tally.rules.values())
    assert sum(hits(tally).values()) > 50
    assert {each.rule.name: each.recorded for each in tally.rules.values() if each.hits} == dict(
        hits(tally)
    )


def test_new_and_gone_are_told_apart(folder: Path) -> None:
    """A stricter threshold only adds, a looser one only takes away."""
    stricter, looser = dict(RULES), dict(RULES)
    busy = RULES["busy-room.rule"]
    stricter["busy-room.rule"] = busy.replace("> 6", "> 3").replace("minutes  6", "minutes  3")
    looser["busy-room.rule"] = busy.replace("> 6", "> 9").replace("minutes  7", "minutes  10")
    more = next(e for e in tried(folder, stricter).rules.values() if e.rule.name == "busy-room")
    less = next(e for e in tried(folder, looser).rules.values() if e.rule.name == "busy-room")
    assert more.recorded == less.recorded > 0
    assert more.new > 0
    assert (more.gone, less.new) == (0, 0)
    assert less.gone > 0
    assert more.hits == more.recorded + more.new
    assert less.hits == less.recorded - less.gone


def test_a_span_counts_only_its_part_and_fills_from_before(folder: Path) -> None:
    """What lies before is not counted, and yet stands in the windows; two halves make the whole."""
    middle = from_datetime(START) + 150 * 20_000_000
    whole = tried(folder, OTHERS)
    first = tried(folder, OTHERS, Span(until=middle))
    second = tried(folder, OTHERS, Span(since=middle))
    assert first.judged + second.judged == whole.judged
    assert min(first.judged, second.judged) > 50
    assert hits(first) + hits(second) == hits(whole)
    assert first.people | second.people == whole.people
    assert any(name.startswith("busy") for name in hits(second))


def test_steps_do_not_show(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In however small parts the journal is read, the same comes out; progress is told by part."""
    wanted = tried(folder, OTHERS).as_json()
    monkeypatch.setattr(records, "STEP", 7)
    found = tried(folder, OTHERS).as_json()
    for each in (wanted, found):
        for item in each["sample"]:
            item["person"] = ""
        each["sample"].sort(key=str)
    assert found == wanted


def test_what_was_declared_then_holds_then(tmp_path: Path) -> None:
    """Duty and emergency are facts about the past: rules that ask for them are told how it was."""
    folder = prepare(tmp_path, {"bags.rule": RULES["bags.rule"]})
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, [event(1, 1)])
        for name in ("duty", "emergency"):
            engine.set_state(name, begins=True)
        send(engine, [event(2, 2), event(3, 3)])
        for name in ("duty", "emergency"):
            engine.set_state(name, begins=False)
        send(engine, [event(4, 4)])
    asked = dict(
        [
            rule("alarm", "emergency", "emergency yes", "emergency no", then='alert "a"'),
            rule("alone", "not on duty", "on duty no", "on duty yes", then='alert "a"'),
        ]
    )
    found = verdicts(folder, asked)
    assert [each[0] for each in found] == [(), ("alarm",), ("alarm",), ("alone",)]
    assert [each[1] for each in found] == [("alone",), (), (), ()]


def test_the_members_of_a_campaign_are_people_too(tmp_path: Path) -> None:
    """Whose earlier post would be held with the third is counted, though that was no hit."""
    text = "the very same words of an offer"
    posts = [event(n, n, author={"id": f"p{n}"}, text=text) for n in range(3)]
    past = live(tmp_path, {"bags.rule": RULES["bags.rule"]}, [("", posts)])
    tally = tried(past, {"same-text.rule": RULES["same-text.rule"]})
    (of,) = tally.rules.values()
    assert (of.hits, of.members, len(of.people), len(tally.people)) == (1, 2, 3, 3)
    assert tally.done == {"spam.repeats": {"hold": 3}}
