"""A person opens a case about a post: whose it is, under which clause, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, bags, flag
from flow.small_community import NOW, agrees_with_replay, event, hold_together, line, prepare, rows
from ombud import casework, daywork, staffing
from ombud.app import Engine
from ombud.controls.lookup import LASTS
from ombud.errors import BadUse


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community with reviewers; Ana posted twice, once something that is held."""
    with Engine(prepare(tmp_path, DESK_RULES), now=lambda: NOW) as opened:
        for name, *roles in (("Thu", "admin"), ("mia", "reviewer"), ("Bình", "reviewer")):
            staffing.change(opened, "added", name, "admin", roles=roles)
        posts = [event(1, text="hello"), bags(2, at=1), event(3, 2, type="post.deleted")]
        opened.submit([line(each) for each in posts])
        yield opened


def seq(engine: Engine, number: int | str) -> int:
    """The record of an event, in the order they came."""
    query = "SELECT seq FROM journal WHERE source IS NOT NULL ORDER BY seq LIMIT 1 OFFSET ?"
    return int(rows(engine.folder, query, int(number) - 1)[0][0])


def opens(engine: Engine, record: int, clause: str = "spam.links", by: str = "mia") -> Any:
    """Look a post up, open a case about it and take it."""
    why = {"kind": "post", "record": record, "reason": "Somebody wrote to us about it."}
    daywork.perform(engine, "look up", {**why, "by": by})
    return daywork.perform(engine, "open case", {"record": record, "clause": clause, "by": by})


def about(engine: Engine, case: str) -> list[tuple[Any, ...]]:
    """What a case is about: record, and whether a decision stands."""
    query = "SELECT record, decision IS NOT NULL, apart FROM case_subject WHERE id = ?"
    return rows(engine.folder, query, case)


def test_a_case_is_opened_taken_and_decided_as_any_other(engine: Engine) -> None:
    """With a decision, a notice and an action; and undoing it puts all back."""
    post = seq(engine, 1)
    done = opens(engine, post)
    case, lease = done["case"], done["lease"]
    query = "SELECT reason, queue, rule, clause, harm, closed FROM review_case WHERE id = ?"
    assert rows(engine.folder, query, case) == [
        ("looked up", "review", None, "spam.links", "spam", None)
    ]
    assert about(engine, case) == [(post, 0, None)]
    asked = {"case": case, "by": "mia", "lease": lease, "outcome": "uphold"}
    with pytest.raises(BadUse) as caught:
        casework.perform(engine, "decide case", asked)
    assert caught.value.code == "U233"  # nothing stands that could be upheld without an action
    asked |= {"acts": [{"action": "hold"}], "why": {"en": "It is an offer."}}
    told = casework.perform(engine, "decide case", asked)
    assert len(told["decisions"]) == 1
    agrees_with_replay(engine)
    hold_together(engine.folder)
    undone = casework.perform(engine, "undo case", {"case": case, "by": "mia"})
    assert undone["undone"] == told["decisions"]
    agrees_with_replay(engine)
    hold_together(engine.folder)


def test_an_open_case_about_the_same_is_that_case(engine: Engine) -> None:
    """Whoever asks second comes to the first one's case; and so do later asks of rules."""
    first = opens(engine, seq(engine, 1))["case"]
    with pytest.raises(BadUse) as caught:
        opens(engine, seq(engine, 1), by="Bình")
    assert caught.value.code == "U222"
    casework.perform(engine, "give case back", {"case": first, "by": "mia"})
    assert opens(engine, seq(engine, 1), by="Bình")["case"] == first
    other = opens(engine, seq(engine, 1), "flood.burst")["case"]
    assert other != first


def test_what_stands_is_what_the_case_is_about(engine: Engine) -> None:
    """A hold that a rule has put on it is replaced or released by this case."""
    held = seq(engine, 2)
    case = opens(engine, held, "flood.burst")["case"]
    assert about(engine, case) == [(held, 1, None)]
    casework.perform(engine, "decide case", {"case": case, "by": "mia", "outcome": "release"})
    query = "SELECT undone_by IS NOT NULL FROM decision WHERE about = ?"
    assert rows(engine.folder, query, held) == [(1,)]
    agrees_with_replay(engine)
    hold_together(engine.folder)


def test_a_flag_can_be_looked_into(engine: Engine) -> None:
    """It is about what was flagged, and concerns who wrote that."""
    engine.submit([line(flag(9, "post/e1", "lan", 5))])
    case = opens(engine, seq(engine, 4))["case"]
    who = engine.keys.known_account("chat", "ana")
    assert rows(engine.folder, "SELECT author FROM case_subject WHERE id = ?", case) == [(who,)]


@pytest.mark.parametrize(
    ("number", "clause", "why"),
    [
        (3, "spam.links", "nothing"),  # a deletion
        (1, "no.such", "no such clause"),
        (1, "", "no such clause"),
    ],
)
def test_nothing_else_is_put_before_people(
    engine: Engine, number: int, clause: str, why: str
) -> None:
    """Neither what no rule judges, nor under a clause that nobody published."""
    record = seq(engine, number)
    with pytest.raises(BadUse) as caught:
        opens(engine, record, clause)
    assert caught.value.code == "U272"
    assert why in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("record", [0, 1, 99_999, 2])
def test_what_was_not_looked_up_is_put_before_nobody(engine: Engine, record: int) -> None:
    """Else a case would show a post to whoever gave no reason: no control, none that is not there,
    nothing that only somebody else looked up, nor an hour later.
    """
    post = seq(engine, 1) if record == 2 else record
    asked = {"record": post, "clause": "spam.links"}
    if record == 2:
        why = {"kind": "post", "record": post, "reason": "Somebody wrote to us about it."}
        daywork.perform(engine, "look up", {**why, "by": "Bình"})
    with pytest.raises(BadUse, match="U468"):
        daywork.perform(engine, "open case", {**asked, "by": "mia"})
    assert rows(engine.folder, "SELECT count(*) FROM review_case WHERE reason = 'looked up'") == [
        (0,)
    ]


def test_a_look_up_lasts_an_hour(tmp_path: Path) -> None:
    """Then the reason is given again."""
    clock = [NOW]
    with Engine(prepare(tmp_path, DESK_RULES), now=lambda: clock[0]) as engine:
        engine.submit([line(event(1, text="hello"))])
        asked = {"record": seq(engine, 1), "clause": "spam.links", "by": "mia"}
        why = {"kind": "post", "reason": "Somebody wrote to us about it."}
        daywork.perform(engine, "look up", {**asked, **why})
        clock[0] += LASTS + 1000
        with pytest.raises(BadUse, match="U468"):
            daywork.perform(engine, "open case", asked)
        daywork.perform(engine, "look up", {**asked, **why})
        assert daywork.perform(engine, "open case", asked)["case"]


def test_what_was_erased_is_put_before_nobody(engine: Engine) -> None:
    """There is nothing left to judge."""
    engine.erase("chat", "ana")
    with pytest.raises(BadUse) as caught:
        opens(engine, seq(engine, 1))
    assert caught.value.code == "U272"


def test_nobody_is_judged_by_a_wording_that_came_later(engine: Engine) -> None:
    """A clause that was published anew since the post."""
    (engine.folder / "policies").mkdir(exist_ok=True)
    (engine.folder / "policies" / "own.md").write_text(
        "## own.quiet Quiet hours\nharm: form\npublished: 2026-03-02\n\nBe quiet at night.\n"
    )
    engine.reload()
    with pytest.raises(BadUse) as caught:
        opens(engine, seq(engine, 1), "own.quiet")
    assert caught.value.code == "U272"


def test_who_may_not_judge_opens_nothing(engine: Engine) -> None:
    """An admin runs the place and judges nobody."""
    with pytest.raises(BadUse) as caught:
        opens(engine, seq(engine, 1), by="Thu")
    assert caught.value.code == "U201"
