"""Promises of the design that exist today, held through the whole flow.

All or nothing at every step, one answer for one event, caps that hold instead of letting through,
no action on an account by a rule, ends that come by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from flow.small_community import (
    DAY,
    NOW,
    RULES,
    agrees_with_replay,
    crowd,
    event,
    hold_together,
    line,
    prepare,
    rows,
    rule,
    tallies,
)
from flow.test_crash import POINTS
from ombud import gate, samples
from ombud.app import Engine
from ombud.errors import BadData, BadEvent, BadUse
from ombud.transaction import Answer

THEN = {  # a `then` line for each action that only people may take
    "ban from room": "ban from room author",
    "suspend": "suspend author",
    "lock": "lock room",
    "context": 'context this "a note"',
}
IN_A_GROUP = [
    point
    for point in POINTS
    if point not in ("erasure found", "keys destroyed", "tiles written", "checkpoint written")
]


def answers(engine: Engine, *events: dict[str, object]) -> list[Answer]:
    """The answers to some events, all of them good."""
    found = engine.submit([line(each) for each in events])
    return [each for each in found if not isinstance(each, BadEvent)]


@pytest.mark.parametrize("point", IN_A_GROUP)
def test_a_failure_between_two_steps_leaves_nothing_behind(point: str, tmp_path: Path) -> None:
    """Where a step fails, nothing of its group is kept; sent again, it is taken once."""
    folder = prepare(tmp_path)
    failing = [""]

    def fault(passed: str) -> None:
        if passed == failing[0]:
            failing[0] = ""
            raise RuntimeError(f"broken at {passed}")

    with Engine(folder, now=lambda: NOW) as engine:
        answers(engine, *crowd(81, 20))
        engine.fault = engine.writer.pipeline.fault = fault
        before = rows(folder, "SELECT count(*), max(seq) FROM journal")
        failing[0] = point
        with pytest.raises(BadData, match="D011"):
            engine.submit([line(each) for each in crowd(82, 20, 20)])
        if point not in ("committed", "answered"):
            assert rows(folder, "SELECT count(*), max(seq) FROM journal") == before
        again = answers(engine, *crowd(82, 20, 20))
        assert {each.status for each in again} == {
            "duplicate" if point in ("committed", "answered") else "accepted"
        }
        agrees_with_replay(engine)
    assert rows(folder, "SELECT count(*) FROM body") == [(40,)]
    hold_together(folder)


def test_one_event_has_one_answer(tmp_path: Path) -> None:
    """Again it is a duplicate with the stored answer; with other content it is a conflict."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        first = answers(engine, event(1, text="cheap bags"), event(1, text="cheap bags"))
        assert [each.status for each in first] == ["accepted", "duplicate"]
        assert first[0].action == first[1].action == "hold"
        assert first[0].decisions == first[1].decisions != ()
        again = answers(engine, event(1, text="cheap bags"), event(1, text="sorry"))
        assert [each.status for each in again] == ["duplicate", "conflict"]
        assert (again[0].seq, again[0].action, again[0].decisions) == (
            first[0].seq,
            "hold",
            first[0].decisions,
        )
        elsewhere = answers(engine, event(1, source="chat/yard", text="sorry"))
        assert elsewhere[0].status == "accepted"
    assert rows(tmp_path, "SELECT count(*) FROM decision") == [(1,)]


def test_at_the_cap_the_hold_stays_and_a_person_is_asked(tmp_path: Path) -> None:
    """Beyond the day's cap the answer is hold and a case, never "allow"; no restart resets it."""
    folder = prepare(tmp_path)
    (folder / "policies").mkdir()
    policy = samples.files("policies")["spam.md"].decode().replace("cap 200", "cap 3")
    (folder / "policies" / "spam.md").write_text(policy)
    clock = [NOW]
    found: list[Answer] = []
    for day in (0, 1):
        for start in range(3):
            with Engine(folder, now=lambda: clock[0]) as engine:
                numbers = range(start * 2, start * 2 + 2)
                bags = [event(f"{day} {n}", n, text="cheap bags") for n in numbers]
                found += answers(engine, *bags)
                agrees_with_replay(engine)
        clock[0] += DAY // 2
        clock[0] += DAY // 2
    assert {each.action for each in found} == {"hold"}
    asked = rows(folder, "SELECT seq, reason FROM review_case WHERE rule = 'bags' ORDER BY seq")
    assert [seq for seq, _ in asked] == [each.seq for each in found]
    assert [reason for _, reason in asked] == (["hold"] * 3 + ["over cap"] * 3) * 2
    hold_together(folder)


def test_no_rule_acts_on_an_account(tmp_path: Path) -> None:
    """Whatever a live rule asks for: no account is acted on, no person-only action is done."""
    assert gate.NEVER
    for action in sorted(gate.NEVER):
        folder = prepare(tmp_path / action.replace(" ", "-"))
        then = THEN[action]
        name, text = rule("harsh", 'text contains "cheap"', 'text "cheap"', 'text "a"', then=then)
        (folder / "rules" / name).write_text(text)
        with Engine(folder, now=lambda: NOW) as engine:
            assert answers(engine, event(1, text="cheap"))[0].action == "allow"
        assert rows(folder, "SELECT reason FROM review_case") == [("people only",)]
        assert rows(folder, "SELECT count(*) FROM decision") == [(0,)]


def test_a_hold_ends_by_itself(tmp_path: Path) -> None:
    """When its end has come, the hold is ended once: leaf, notice, inverse; also after a stop."""
    folder, clock = prepare(tmp_path), [NOW]
    with Engine(folder, now=lambda: clock[0]) as engine:
        first = answers(engine, event(1, text="cheap bags"), event(2, text="cheap bags"))
        engine.undo("admin", ids=[first[1].decisions[0]] * 2)
        clock[0] += DAY - 3_600_000_000
        answers(engine, event(3, 86000))
        assert rows(folder, "SELECT count(*) FROM decision WHERE ended IS NULL") == [(1,)]
    clock[0] += 3_601_000_000
    with Engine(folder, now=lambda: clock[0]) as engine:
        answers(engine, event(4, 86400))
        assert rows(folder, "SELECT count(*) FROM decision WHERE ended IS NULL") == [(0,)]
        agrees_with_replay(engine)
    hold_together(folder)
    found = tallies(folder)
    assert found["undo", "spam.links", "hold", False] == 1
    assert found["ended", "spam.links", "hold", True] == 1


def test_undoing_what_nobody_decided_is_an_error(tmp_path: Path) -> None:
    """An unknown decision is named in the error, nothing is journalled, and the engine goes on."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        made = answers(engine, event(1, text="cheap bags"))[0].decisions[0]
        with pytest.raises(BadUse, match="U010"):
            engine.undo("admin", ids=[made, "dec_none"])
        assert rows(tmp_path, "SELECT count(*) FROM journal") == [(2,)]
        assert engine.undo("admin", ids=[made]) == [made]
        assert engine.undo("admin", ids=[made]) == []
        assert engine.undo("admin", rule="bags") == []
    hold_together(tmp_path)


def _keys_of_another(folder: Path) -> None:
    other = prepare(folder.parent / "other")
    with Engine(other, now=lambda: NOW):
        pass
    (folder / "ombud.keys").write_bytes((other / "ombud.keys").read_bytes())


def _no_keys(folder: Path) -> None:
    (folder / "ombud.keys").unlink()


@pytest.mark.parametrize("damage", [_keys_of_another, _no_keys])
def test_a_wrong_or_missing_key_file_is_refused(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    """Without its own key file a community does not start, and its store is not touched."""
    folder = prepare(tmp_path / "data", RULES)
    with Engine(folder, now=lambda: NOW) as engine:
        answers(engine, *crowd(83, 20))
    kept = (folder / "ombud.keys").read_bytes()
    damage(folder)
    with pytest.raises(BadData, match="D009"):
        Engine(folder, now=lambda: NOW)
    (folder / "ombud.keys").write_bytes(kept)
    with Engine(folder, now=lambda: NOW) as engine:
        agrees_with_replay(engine)
    assert re.match("[0-9]+", str(rows(folder, "SELECT max(seq) FROM journal")[0][0]))
