"""What a rule did by itself comes before people again when it loses its certificate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow.certified_community import WEEK, again, bags, certified, earned, grown, post
from flow.small_community import agrees_with_replay, change, hold_together, rows, rule
from ombud import casework, certifying
from ombud.app import Engine
from ombud.controls import reopening

COPY = "come and see our cheap bags of every size today, near the old market gate, bo{}"
NEVER = rule(
    "near",
    "author.accepted posts < 20\n  text.repeat authors in last 1 hour >= 900",
    "author.accepted posts  0\n  text.repeat authors in last 1 hour  900",
    "author.accepted posts  0\n  text.repeat authors in last 1 hour  1",
    clause="spam.repeats",
)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A certified rule that has marked 34 posts by itself, three of them nearly the same and one
    of them a quote; another rule, which never fires, has texts compared.
    """
    folder = tmp_path_factory.mktemp("marked") / "data"
    clock = grown(folder, 8, bags("mark this sensitive") | dict([NEVER]))
    with Engine(folder, now=clock) as engine:
        earned(engine, clock)
        clock.at += WEEK - clock.at % WEEK
        many = [post(60_000 + at, clock.at, sells=True) for at in range(30)]
        many += [post(61_000 + at, clock.at, sells=True, said=COPY.format(at)) for at in range(3)]
        many.append(post(62_000, clock.at, sells=True, said="> they said\n\nno cheap bags please"))
        actions = [getattr(each, "action", "") for each in engine.submit(many)]
        assert actions == ["mark sensitive"] * 34
    return folder, clock.at


def lose(engine: Engine) -> None:
    """The audit says no until the certificate is gone."""
    (found,) = certified(engine)
    for name in [each.item.id for each in found.open.values() if each.asked][:2]:
        certifying.label(engine, name, "no", "Ben")
    engine.set_state("duty", begins=True)  # behind what the writer owes
    assert not certified(engine)


def reopened(folder: Path) -> list[tuple[str, int, int]]:
    """The cases in their order: id, how many decisions are in it, how many of these apart."""
    return rows(
        folder,
        "SELECT c.id, count(*), count(s.apart) FROM review_case c JOIN case_subject s USING (id)"
        " WHERE c.reason = ? GROUP BY 1 ORDER BY c.place, c.id",
        reopening.REOPENED,
    )


def told_of(folder: Path) -> dict[str, Any]:
    """What the control says."""
    found = rows(folder, "SELECT payload FROM journal WHERE type = '!demotion'")
    payload: dict[str, Any] = json.loads(found[0][0])
    return payload


def test_what_it_did_comes_before_people(marked: tuple[Path, int], tmp_path: Path) -> None:
    """As campaigns where texts are nearly the same; a quote is decided by itself. Nothing is taken
    back by that. What people then release is undone, and each person is told.
    """
    folder, clock = again(marked, tmp_path)
    undone = "SELECT count(*) FROM decision WHERE undone_by IS NOT NULL"
    with Engine(folder, now=clock) as engine:
        lose(engine)
        agrees_with_replay(engine)
        assert [found[1:] for found in reopened(folder)] == [(3, 0), (31, 1)]
        assert (told_of(folder)["reopened"], told_of(folder)["more"]) == (34, 0)
        assert rows(folder, undone) == [(0,)]
        (campaign, _, _), (rest, _, _) = reopened(folder)
        asked = {"by": "mia", "outcome": "release", "everything": True}
        casework.perform(engine, "decide case", {"case": campaign, **asked})
        assert rows(folder, undone) == [(3,)]
        casework.perform(engine, "decide case", {"case": rest, **asked})
        casework.perform(engine, "confirm case", {"case": rest, "by": "lou"})  # thirty people
        assert rows(folder, undone) == [(33,)]  # all but the quote
        agrees_with_replay(engine)
    told = "SELECT count(DISTINCT author) FROM notice WHERE reason = 'released'"
    assert rows(folder, told) == [(33,)]
    order = "SELECT DISTINCT unsure, harm FROM review_case WHERE reason = ?"
    assert rows(folder, order, reopening.REOPENED) == [(1, "spam")]
    hold_together(folder)


def test_what_is_settled_or_asked_already_is_left_out(
    marked: tuple[Path, int], tmp_path: Path
) -> None:
    """What was undone, what a person has judged, and what an open case is about."""
    folder, clock = again(marked, tmp_path)
    made = rows(folder, "SELECT id, about, subject FROM decision ORDER BY leaf LIMIT 3")
    with Engine(folder, now=clock) as engine:
        engine.undo("admin", ids=[made[0][0]])
    judged = "INSERT INTO reviewed VALUES (1, 'cas_x', ?, ?, 'spam.links', 'upheld', ?, ?, ?, ?)"
    change(folder, judged, made[1][1], made[1][2], None, None, None, None)
    (case,) = rows(folder, "SELECT id FROM review_case WHERE closed IS NULL LIMIT 1")[0]
    asked = "INSERT INTO case_subject (id, record, subject) VALUES (?, ?, ?)"
    change(folder, asked, case, made[2][1], made[2][2])
    with Engine(folder, now=clock) as engine:
        lose(engine)
    assert told_of(folder)["reopened"] == 31
    again_ = {row[0] for row in rows(folder, "SELECT decision FROM case_subject")}
    assert not again_ & {each[0] for each in made}


def test_what_came_before_a_clean_audit_is_left_out(
    marked: tuple[Path, int], tmp_path: Path
) -> None:
    """Since the certificate was last renewed, or granted."""
    folder, clock = again(marked, tmp_path)
    with Engine(folder, now=clock) as engine:
        (found,) = certified(engine)
        assert found.clean_since == found.granted
        found.renew(found.until, rows(folder, "SELECT max(time) FROM decision")[0][0])
        lose(engine)
    assert told_of(folder)["reopened"] == 1


def test_so_many_and_no_more(
    marked: tuple[Path, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The latest come before people, in cases that hold so many; of the rest the number is told."""
    monkeypatch.setattr(reopening, "REOPENED_MAX", 10)
    monkeypatch.setattr(reopening, "A_CASE", 4)
    folder, clock = again(marked, tmp_path)
    with Engine(folder, now=clock) as engine:
        lose(engine)
    assert (told_of(folder)["reopened"], told_of(folder)["more"]) == (10, 24)
    assert [found[1] for found in reopened(folder)] == [3, 4, 3]
