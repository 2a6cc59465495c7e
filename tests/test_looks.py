"""Second looks: blind, by somebody else, acting on nobody; gold of what two people judged alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, bags, decide, shoes, waiting
from flow.platform_side import Platform, all_holds, connected
from flow.small_community import DAY, rows
from ombud import casework, looks, staffing
from ombud.actions import UNDO_WINDOW_OF_PEOPLE
from ombud.errors import BadUse
from ombud.review import drawing
from ombud.staff.care import Care

STAFF = ("Mia", "Zoe", "Kim")


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """A community in which every judgement is drawn, with three reviewers."""
    monkeypatch.setattr(drawing, "USUAL", 1000)
    with connected(tmp_path, rules=DESK_RULES) as made:
        staffing.change(made.engine, "added", "Ana", "admin", roles=["admin"])
        for name in STAFF:
            staffing.change(made.engine, "added", name, "admin", roles=["reviewer"])
        yield made


def token(platform: Platform, name: str) -> int:
    """Who somebody is in the journal."""
    found = platform.engine.credentials.token_of(name.lower())
    assert found is not None
    return found


def judged(platform: Platform, outcome: str = "release", by: str = "Mia", number: int = 1) -> str:
    """Somebody judges a post that was held, and it can be undone no more; the case."""
    platform.stream(bags(number, f"author{number}"))
    case = waiting(platform, "hold")[0]
    acts = ["remove"] if outcome == "uphold" else []
    decide(platform, case, outcome, *acts, by=by)
    platform.clock[0] += UNDO_WINDOW_OF_PEOPLE + 1000
    return case


def next_look(platform: Platform, by: str) -> str | None:
    """What somebody is given to look at."""
    found: Any = casework.perform(platform.engine, "next look", {"by": by})["look"]
    return None if found is None else str(found)


def answer(platform: Platform, by: str, said: str) -> str:
    """Somebody looks at the next thing and answers; the thing."""
    look = next_look(platform, by)
    assert look is not None
    casework.perform(platform.engine, "answer look", {"by": by, "look": look, "said": said})
    return look


def refused(platform: Platform, code: str, by: str, look: str, said: str = "upheld") -> None:
    """An answer is not taken, and says what to do."""
    with pytest.raises(BadUse, match=code) as caught:
        casework.perform(platform.engine, "answer look", {"by": by, "look": look, "said": said})
    assert caught.value.hint


def acted(platform: Platform) -> list[Any]:
    """All that was decided, asked of platforms, told, and published."""
    tables = ("decision", "outbox", "notice", "leaf", "journal", "reviewed")
    return [rows(platform.folder, f"SELECT * FROM {each}") for each in tables]  # noqa: S608


def test_it_is_somebody_elses(platform: Platform) -> None:
    """Not of who judged it; of the others one has it at a time, and gets it again who has it."""
    judged(platform)
    assert next_look(platform, "Mia") is None
    look = next_look(platform, "Zoe")
    assert look is not None
    assert next_look(platform, "Zoe") == look
    assert next_look(platform, "Kim") is None
    platform.clock[0] += looks.LEASE + 1000
    assert next_look(platform, "Kim") == look
    refused(platform, "U290", "Zoe", look)
    answer(platform, "Kim", "released")
    assert next_look(platform, "Zoe") is None


def test_only_who_decides_cases_looks(platform: Platform) -> None:
    """In their queues; not an admin, nor who is suspended."""
    judged(platform)
    with pytest.raises(BadUse, match="U201"):
        next_look(platform, "Ana")
    given = {"roles": ["reviewer"], "queues": ["appeals"]}
    staffing.change(platform.engine, "roles", "Zoe", "admin", **given)
    assert next_look(platform, "Zoe") is None
    staffing.change(platform.engine, "suspended", "Kim", "admin")
    with pytest.raises(BadUse):
        next_look(platform, "Kim")


def test_not_before_it_can_be_undone_no_more_and_not_after_two_weeks(platform: Platform) -> None:
    """What was undone is looked at by nobody."""
    case = judged(platform)
    platform.clock[0] -= UNDO_WINDOW_OF_PEOPLE
    assert next_look(platform, "Zoe") is None
    casework.perform(platform.engine, "undo case", {"case": case, "by": "Mia"})
    platform.clock[0] += UNDO_WINDOW_OF_PEOPLE + 1000
    assert next_look(platform, "Zoe") is None
    decide(platform, case, "release", by="Mia")
    platform.clock[0] += drawing.SECOND_ENDS - 1000
    assert next_look(platform, "Zoe") is not None
    platform.clock[0] += UNDO_WINDOW_OF_PEOPLE + looks.LEASE
    assert next_look(platform, "Zoe") is None
    all_holds(platform)


@pytest.mark.parametrize("said", looks.ANSWERS)
@pytest.mark.parametrize("outcome", ["release", "uphold"])
def test_an_answer_acts_on_nobody(platform: Platform, outcome: str, said: str) -> None:
    """Nothing is decided, sent, told or published by it, whatever it says; where it differs there
    is a case, for anybody who decides them, which says so.
    """
    judged(platform, outcome)
    before = acted(platform)
    answer(platform, "Zoe", said)
    assert acted(platform) == before
    first = "upheld" if outcome == "uphold" else "released"
    differs = said not in (first, "unclear")
    assert len(waiting(platform, looks.REASON)) == differs
    all_holds(platform)


@pytest.mark.parametrize("outcome", ["release", "uphold"])
def test_a_third_person_decides_where_two_differ(platform: Platform, outcome: str) -> None:
    """What they say counts as any judgement: the later decision is taken back, or one is made."""
    judged(platform, outcome)
    answer(platform, "Zoe", "upheld" if outcome == "release" else "released")
    (case,) = waiting(platform, looks.REASON)
    standing = "SELECT action FROM decision WHERE undone_by IS NULL AND ended IS NULL"
    if outcome == "release":
        assert rows(platform.folder, standing) == []
        decide(platform, case, "uphold", "remove", by="Kim")
        assert rows(platform.folder, standing) == [("remove",)]
    else:
        assert rows(platform.folder, standing) == [("remove",)]
        decide(platform, case, "release", by="Kim")
        assert rows(platform.folder, standing) == []
    all_holds(platform)


def test_what_two_judge_alike_may_become_gold(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put before somebody else later, who cannot tell it from a second look; it acts on nobody
    and opens no case, whatever they say.
    """
    monkeypatch.setattr(drawing, "GOLDEN", 1000)
    judged(platform)
    second = answer(platform, "Zoe", "released")
    assert next_look(platform, "Kim") is None
    platform.clock[0] += 31 * DAY
    assert [next_look(platform, each) for each in ("Mia", "Zoe")] == [None, None]
    before = acted(platform)
    gold = answer(platform, "Kim", "upheld")
    assert gold != second
    assert acted(platform) == before
    assert waiting(platform, looks.REASON) == []
    assert next_look(platform, "Kim") is None
    kinds = rows(platform.folder, "SELECT kind, open FROM look ORDER BY due")
    assert kinds == [("second", 0), ("gold", looks.GOLD_ASKED - 1)]
    all_holds(platform)


@pytest.mark.parametrize("said", ["upheld", "unclear"])
def test_what_two_judge_differently_is_no_gold(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """Nor is what is unclear: there is no right answer."""
    monkeypatch.setattr(drawing, "GOLDEN", 1000)
    judged(platform)
    answer(platform, "Zoe", said)
    assert rows(platform.folder, "SELECT count(*) FROM look WHERE kind = 'gold'") == [(0,)]


def test_gold_is_drawn(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not drawn there is none."""
    monkeypatch.setattr(drawing, "GOLDEN", 0)
    judged(platform)
    answer(platform, "Zoe", "released")
    assert rows(platform.folder, "SELECT count(*) FROM look") == [(1,)]


def test_what_is_spared_is_not_given(platform: Platform) -> None:
    """Second looks and gold obey what somebody would rather not be shown, and count as seen."""
    judged(platform)
    zoe, kept = token(platform, "Zoe"), platform.engine.credentials
    kept.set_care(zoe, Care(spared=frozenset(["spam"])))
    assert next_look(platform, "Zoe") is None
    kept.set_care(zoe, Care(spared=frozenset(["hate"])))
    for _ in range(3):
        assert next_look(platform, "Zoe") is not None
    assert kept.exposure(zoe, 0) == {"spam": 1}


def test_what_is_no_answer_is_refused(platform: Platform) -> None:
    """And what was answered is answered once."""
    judged(platform)
    look = next_look(platform, "Zoe")
    assert look is not None
    for said in ("", "seen", "yes", "x" * 200):
        refused(platform, "U291", "Zoe", look, said)
    for unknown in ("", "lok_unknown", "\ud800"):
        refused(platform, "U290", "Zoe", unknown)
    refused(platform, "U290", "Kim", look)
    answer(platform, "Zoe", "released")
    refused(platform, "U290", "Zoe", look)


def test_where_nothing_is_drawn_nothing_is_looked_at(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is what is about nobody."""
    monkeypatch.setattr(drawing, "USUAL", 0)
    judged(platform)
    platform.stream(shoes(9))
    assert rows(platform.folder, "SELECT count(*) FROM look") == [(0,)]
