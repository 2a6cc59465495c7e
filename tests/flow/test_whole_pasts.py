"""`replay --check` over everything that can happen to a journal, and over what must not.

The past is judged again after restarts, reloads, undoings, ends, erasures and lost bodies, with no
difference; and each kind of tampering is found at the record it was done to.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flow import small_community
from flow.small_community import (
    DAY,
    NOW,
    RULES,
    Clock,
    agrees_with_replay,
    change,
    check,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
)
from ombud.app import KEY_FILE, Engine
from ombud.errors import BadUse
from ombud.windows import counts as windows
from ombud.windows import names

NEW_RULES = dict(
    [
        rule(
            "busy-author",
            "author.posts in last 1 hour > 2",
            "author.posts in last 1 hour  3",
            "author.posts in last 1 hour  2",
            clause="flood.burst",
            then='alert "busy"',
        ),
        rule(
            "same-site",
            "links.repeat authors in last 2 hours >= 3",
            'text "see http://a.example"\n  links.repeat authors in last 2 hours  3',
            'text "see http://a.example"\n  links.repeat authors in last 2 hours  2',
            clause="spam.repeats",
            then='alert "sites"',
        ),
        rule(
            "look-alikes",
            "author.name resembles recent names >= 70 %",
            "author.name resembles recent names  71 %",
            "author.name resembles recent names  69 %",
            kinds="post, join",
            clause="flood.raid",
            then='alert "names"',
        ),
        rule(
            "like-a-member",
            "author.name resembles established members >= 75 %",
            "author.name resembles established members  90 %",
            "author.name resembles established members  70 %",
            kinds="post, join",
            clause="impersonation.staff",
            then='alert "members"',
        ),
        rule(
            "echo",
            "text quotes target",
            "text quotes target  yes",
            "text quotes target  no",
            kinds="reply",
            then='alert "echo"',
        ),
        rule(
            "nobody-there",
            "not on duty\n  text.length >= 10",
            'on duty  no\n  text  "Where is everybody?"',
            'on duty  yes\n  text  "Where is everybody?"',
            then='alert "night"',
        ),
        rule(
            "in-emergency",
            "emergency\n  author.accepted posts < 20",
            "emergency  yes\n  author.accepted posts  0",
            "emergency  no\n  author.accepted posts  0",
        ),
    ]
)
STRICTER = {
    name: text.replace("> 6", "> 3")
    .replace("minutes  6", "minutes  3")
    .replace("10 minutes", "1 hour")
    for name, text in RULES.items()
}


def crowd(seed: int, count: int, first: int = 0) -> list[dict[str, Any]]:
    """The usual crowd, in which half of the people have had their accounts for long."""
    made = small_community.crowd(seed, count, first)
    for each in made:
        author = each["data"].get("author")
        if author and author["id"] in ("person0", "person1", "person2", "person3"):
            author["created"] = "2020-01-01T00:00:00Z"
    return made


def send(engine: Engine, events: list[dict[str, Any]], timeline: str = "") -> list[Any]:
    """Hand in events; their answers."""
    return engine.submit([line(each) for each in events], timeline)


def write_rules(folder: Path, rules: dict[str, str]) -> None:
    """Put rule files beside those that are there."""
    for name, text in rules.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to which everything has happened that can."""
    folder, clock = prepare(tmp_path_factory.mktemp("lived")), Clock()
    with Engine(folder, now=clock) as engine:
        send(engine, crowd(21, 120))
        answers = send(engine, crowd(21, 120))
        assert {each.status for each in answers} == {"duplicate"}
        changed = event(3, text="something else")
        changed["source"] = crowd(21, 120)[3]["source"]
        assert send(engine, [changed])[0].status == "conflict"
        write_rules(folder, NEW_RULES)
        assert engine.reload()
        assert not engine.reload()
    with Engine(folder, now=clock) as engine:
        engine.set_state("duty", begins=True)
        engine.set_state("emergency", begins=True)
        send(engine, crowd(22, 100, 120))
        engine.set_state("emergency", begins=False)
        engine.set_state("duty", begins=False)
        send(engine, crowd(23, 100, 5000), "history")
        write_rules(folder, STRICTER)
        assert engine.reload()
        send(engine, crowd(24, 60, 220))
        assert engine.undo("admin", rule="bags")
        clock.at += 2 * DAY  # every hold has ended
        send(engine, [event("late", 2 * 86400)])
        assert engine.erase("chat", "person3") > 10
        send(engine, crowd(25, 60, 300))  # person3 comes back under another token
        write_rules(folder, RULES)
        assert engine.reload()
        send(engine, crowd(26, 60, 5200), "history")
    change(folder, "DELETE FROM body_key WHERE seq BETWEEN 40 AND 60", file=KEY_FILE)
    change(folder, "DELETE FROM body WHERE seq BETWEEN 61 AND 70")
    with Engine(folder, now=clock) as engine:
        agrees_with_replay(engine)
        send(engine, crowd(27, 60, 400))
    return folder


def test_everything_that_may_happen_makes_no_difference(lived: Path) -> None:
    """Restart, reload, undo, end, erasure, timeline, duplicates, conflicts, stale, bodies gone."""
    outcome = check(lived)
    assert outcome.differences == []
    assert outcome.different == outcome.not_recomputable == 0
    assert outcome.from_facts > 20
    assert outcome.same > outcome.from_facts
    assert outcome.checked == outcome.same + outcome.from_facts
    assert outcome.checked == rows(lived, "SELECT count(*) FROM journal")[0][0]
    controls = {
        row[0] for row in rows(lived, "SELECT DISTINCT type FROM journal WHERE type LIKE '!%'")
    }
    assert controls == {
        *("!config", "!undo", "!erasure", "!ended"),
        *("!duty", "!emergency"),
    }
    assert rows(lived, "SELECT 1 FROM journal WHERE place IS NULL AND kind IS NOT NULL")
    assert rows(lived, "SELECT 1 FROM decision WHERE about != seq")
    hold_together(lived)


def test_a_new_window_is_filled_from_the_past(tmp_path: Path) -> None:
    """After a reload the facts are those of an engine that had the rule from the beginning."""
    early, late = prepare(tmp_path / "early", {**RULES, **NEW_RULES}), prepare(tmp_path / "late")
    found = []
    for folder in (early, late):
        with Engine(folder, now=lambda: NOW) as engine:
            send(engine, crowd(31, 150))
            write_rules(folder, NEW_RULES)
            assert engine.reload() is (folder == late)
            send(engine, crowd(32, 80, 150))
            found.append(_facts(folder, 80))
            agrees_with_replay(engine)
        with Engine(folder, now=lambda: NOW) as engine:
            agrees_with_replay(engine)
    assert found[0] == found[1]
    assert {"busy-author", "like-a-member"} <= {fired for row in found[0] for fired in row[1]}


def _facts(folder: Path, last: int) -> list[tuple[dict[str, Any], list[str]]]:
    """Facts about windows and the rules that fired, by name, of the last records."""
    payload = json.loads(
        rows(folder, "SELECT payload FROM journal WHERE type = '!config' ORDER BY seq DESC")[0][0]
    )
    names = sorted(name for name, (_, mode) in payload["manifest"]["rules"].items())
    slots = payload["slots"]
    found = []
    for facts, hits in rows(
        folder, "SELECT facts, hits FROM journal ORDER BY seq DESC LIMIT ?", last
    ):
        named = {
            slots[slot]: value
            for slot, value in (msgspec.msgpack.decode(facts) if facts else {}).items()
        }
        counted = {name: value for name, value in named.items() if " in last " in name}
        fired = msgspec.msgpack.decode(hits)[0] if hits else []
        found.append((counted, [names[each] for each in fired]))
    return found


def test_a_lost_body_makes_a_new_window_unknown(tmp_path: Path) -> None:
    """A window filled from a past with a gap in it says unknown, and not too little."""
    folder = prepare(tmp_path / "folder")
    with Engine(folder, now=lambda: NOW) as engine:
        send(engine, [event(number, number * 10) for number in range(10)])
    change(folder, "DELETE FROM body WHERE seq = 6")
    with Engine(folder, now=lambda: NOW) as engine:
        write_rules(folder, NEW_RULES)
        assert engine.reload()
        near, far = send(engine, [event("near", 110), event("far", 110 + 3600)])
        assert "busy-author" in near.unknown
        assert "busy-author" not in far.unknown
        agrees_with_replay(engine)


# --- anything in any order ------------------------------------------------------------------------

BOOKS = (RULES, {**RULES, **NEW_RULES}, {**STRICTER, **NEW_RULES})
steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 10_000), st.integers(1, 25)),
        st.tuples(st.just("history"), st.integers(0, 10_000), st.integers(1, 10)),
        st.tuples(st.just("reload"), st.integers(0, len(BOOKS) - 1), st.just(0)),
        st.tuples(st.just("undo"), st.sampled_from(sorted(RULES)), st.just(0)),
        st.tuples(st.just("erase"), st.integers(0, 7), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 30), st.just(0)),
        st.tuples(st.just("reopen"), st.just(0), st.just(0)),
        st.tuples(st.just("state"), st.sampled_from(("duty", "emergency")), st.integers(0, 1)),
        st.tuples(st.just("forget"), st.integers(1, 60), st.just(0)),
    ),
    min_size=4,
    max_size=12,
)


@given(steps)
@example(  # a day begins between the last use of a licence and the restart
    [("wait", 26, 0), ("send", 0, 21), ("wait", 11, 0), ("reload", 1, 0), ("wait", 15, 0)]
)
@example([("send", 0, 1), ("reopen", 0, 0), ("wait", 25, 0), ("undo", "bags.rule", 0)])  # ended
@example([("forget", 19, 0)])  # the body of a text that others are compared with
@example([("forget", 2, 0), ("send", 3, 20), ("reopen", 0, 0), ("send", 4, 20)])
@example(  # it is erased, and the next one of its cluster lost
    [("forget", 11, 0), ("erase", 2, 0), ("send", 3, 20), ("erase", 4, 0), ("forget", 30, 0)]
)
@example([("erase", 2, 0), ("reopen", 0, 0), ("erase", 3, 0), ("send", 3, 9), ("reopen", 0, 0)])
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_course_of_events_is_judged_again_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    course: list[tuple[str, Any, int]],
) -> None:
    """Live, after reopening and in replay: the same digests, windows, histories and uses.

    The bounds are small here, so that full windows are part of it.
    """
    folder, clock = prepare(tmp_path_factory.mktemp("course")), Clock()
    with (
        mock.patch.object(windows, "CAP", 5),
        mock.patch.object(windows, "PLACES_PER_VALUE", 2),
        mock.patch.object(names, "OWNERS_MAX", 2),
        mock.patch.object(names, "NAMES_MAX", 2),
    ):
        engine = Engine(folder, now=clock)
        for name, what, count in [("send", 1, 20), *course, ("reopen", 0, 0), ("send", 2, 9)]:
            if name == "reopen":
                engine.close()
                engine = Engine(folder, now=clock)
                agrees_with_replay(engine)
            else:
                _step(engine, clock, name, what, count)
        agrees_with_replay(engine)
        engine.close()
    hold_together(folder)
    shutil.rmtree(folder)


def _step(engine: Engine, clock: Clock, name: str, what: Any, count: int) -> None:
    number = rows(engine.folder, "SELECT max(seq) FROM journal")[0][0]
    if name == "send":
        later = (clock.at - NOW) // 20_000_000  # the events keep up with the clock
        send(engine, crowd(what, count, later + number))
    elif name == "history":
        send(engine, crowd(what, count, 10**6 + number), "history")
    elif name == "reload":
        write_rules(engine.folder, BOOKS[what])
        engine.reload()
    elif name == "undo":
        engine.undo("admin", rule=what.removesuffix(".rule"))
    elif name == "erase":
        with suppress(BadUse):  # nobody of that name has said anything yet
            engine.erase("chat", f"person{what}")
    elif name == "state":
        with suppress(BadUse):  # an emergency that is none cannot be ended
            engine.set_state(what, begins=bool(count))
    elif name == "wait":
        clock.at += what * 3_600_000_000
    elif name == "forget":
        change(engine.folder, "DELETE FROM body WHERE seq = ?", what)
