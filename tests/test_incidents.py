"""The file of an incident: all that happened, in order, with roles and without who flagged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_incident import cases, tell
from flow.case_desk import DESK_RULES, LONG, bags, copies, flag, shoes
from flow.small_community import NOW, event, prepare, rows
from ombud import casework, incidents, notices, session, staffing
from ombud.app import Engine
from ombud.appeals import AppealMade
from ombud.clock import HOUR, MINUTE
from ombud.config import STORE_FILE
from ombud.controls.incident import Scope
from ombud.incidents import SHOWN, Incidents
from ombud.staff.roles import Member
from ombud.store.sqlite import Store
from staff.at_the_entrance import Clock
from test_lookups import Place

REVIEWER, AUDITOR, JUDGE = (Member((each,)) for each in ("reviewer", "auditor", "appeals reviewer"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Two reviewers; rules may hold by themselves."""
    moved = Clock()
    settings = "procedural_holds = true\n"
    with Engine(prepare(tmp_path, DESK_RULES, settings), now=moved) as engine:
        for name, *roles in (("Thu", "admin"), ("mia", "reviewer"), ("Bình", "reviewer")):
            staffing.change(engine, "added", name, "admin", roles=roles)
        yield Place(engine, moved)


def file(place: Place, scope: Scope, member: Member = REVIEWER) -> dict[str, Any]:
    """The file as somebody sees it."""
    engine = place.engine
    beside = Store(engine.folder / STORE_FILE, readonly=True)  # the writer has its own
    try:
        found = Incidents(beside, engine.keys, engine.writer.pipeline.community.active)
        return found.file(scope, member, place.clock(), "en")
    finally:
        beside.close()


def of(place: Place, *named: str, member: Member = REVIEWER) -> dict[str, Any]:
    """The file of some cases."""
    return file(place, Scope(named), member)


def told(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The entries of one kind."""
    return [each for each in made["timeline"] if each["kind"] == kind]


def test_a_case_from_the_first_post_to_its_end(place: Place) -> None:
    """In order: what came in, the hold, who was told, what was asked, how it was judged, closed."""
    tell(place, bags(1, at=5))
    (case,) = cases(place)
    place.ask("decide case", case=case, outcome="release")
    made = of(place, case)
    kinds = [each["kind"] for each in made["timeline"]]
    assert set(kinds) == {
        *("opened", "came", "decided", "told", "asked", "judged", "undone", "closed"),
    }
    assert [each["time"] for each in made["timeline"]] == sorted(
        each["time"] for each in made["timeline"]
    )
    came, decided = told(made, "came")[0], told(made, "decided")[0]
    assert (came["text"], came["account"], came["what"]) == ("cheap bags", "ana", "post")
    assert (decided["rule"], decided["role"], decided["action"]) == ("bags", "rule", "hold")
    assert (decided["licence"], decided["undone"], decided["until"]) != (None, 0, None)
    assert decided["licence"] == "procedural"
    assert told(made, "judged")[0]["role"] == "reviewer"
    assert {each["reason"] for each in told(made, "told")} == {"decided", "released"}
    assert [each["inverse"] for each in told(made, "asked")] == [False, True]
    assert told(made, "undone")[0]["how"] == "review"
    assert told(made, "undone")[0]["role"] == "reviewer"


def test_staff_are_roles_and_who_flagged_is_not_there(place: Place) -> None:
    """Nor what they wrote with it. Names of staff are with who has a case alone."""
    tell(place, event(1, text="hello", author={"id": "ana"}))
    flags = [flag(n, "post/e1", f"neighbour{n}", 10 + n) for n in range(3)]
    for each in flags:
        each["data"]["reason"] = "I am neighbour0 and he shouts at me"
    tell(place, *flags)
    case = cases(place)[-1]
    place.ask("decide case", case=case, outcome="release", everything=True)
    text = json.dumps(of(place, case))
    assert "neighbour" not in text
    assert "shouts" not in text
    assert "mia" not in text
    assert [each["what"] for each in told(of(place, case), "came")] == ["flag"] * 3


def test_a_campaign_is_told_in_few_lines_and_counted(place: Place) -> None:
    """What is alike in a minute is one entry; the first records stand there.

    The others are a number.
    """
    tell(place, *copies(SHOWN + 10))
    (case,) = cases(place)
    made = of(place, case)
    assert len(told(made, "came")) == SHOWN
    assert [each["same"] for each in told(made, "came")] == [False, *[True] * (SHOWN - 1)]
    assert json.dumps(made).count(LONG) == 1
    assert [each["count"] for each in told(made, "came more")] == [10]
    held = told(made, "decided")
    assert sum(each["count"] for each in held) == SHOWN + 10
    assert len(held) < SHOWN
    assert sum(each["count"] for each in told(made, "told")) == SHOWN + 10


def test_texts_are_for_who_judges_the_case(place: Place) -> None:
    """An auditor has the rest; a judge of appeals has nothing of it."""
    tell(place, bags(1))
    (case,) = cases(place)
    place.ask("note case", case=case, text="Ask Lan about it.")
    seen = of(place, case, member=AUDITOR)
    assert not seen["texts"]
    assert "cheap bags" not in json.dumps(seen)
    assert '"ana"' not in json.dumps(seen)
    assert "Ask Lan" not in json.dumps(seen)
    assert told(seen, "decided")
    assert of(place, case)["cases"][0]["notes"][0]["text"] == "Ask Lan about it."
    hidden = of(place, case, member=JUDGE)
    assert (hidden["hidden"], hidden["cases"], hidden["timeline"]) == (1, [], [])


def test_what_is_gone_or_long_is_not_there(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Erased: neither text nor account; long: cut, and how much is said."""
    monkeypatch.setattr(incidents, "TEXT_LENGTH_MAX", 10)
    tell(place, bags(1))
    tell(place, event(2, text="cheap bags and more", author={"id": "lan"}))
    first, second = cases(place)
    assert told(of(place, second), "came")[0]["text"] == "cheap bags"
    assert told(of(place, second), "came")[0]["more"] == 9
    session.perform(place.engine, "erase", {"platform": "chat", "account": "ana", "by": "admin"})
    came = told(of(place, first), "came")[0]
    assert (came["gone"], came["text"], came["account"]) == (True, None, None)


def test_a_night_has_its_cases_orders_and_emergency(place: Place) -> None:
    """Those opened within it, and what the staff set; nothing from before and after."""
    tell(place, bags("before"))
    place.clock.at += HOUR
    start = place.clock() - MINUTE
    session.perform(place.engine, "emergency", {"begins": True, "by": "mia"})
    tell(place, *copies(5, 50))
    campaign = cases(place)[-1]
    order = place.ask("give order", case=campaign, length=HOUR)["order"]
    casework.perform(place.engine, "end order", {"order": order, "by": "Bình"})
    session.perform(place.engine, "emergency", {"begins": False, "by": "mia"})
    end = place.clock() + MINUTE
    place.clock.at += HOUR
    tell(place, shoes("after", "lan"))
    made = file(place, Scope((), start, end))
    assert [each["id"] for each in made["cases"]] == [campaign]
    acts = [(each["did"], each["how"], each["role"]) for each in told(made, "act")]
    assert acts == [
        ("emergency", "begun", "reviewer"),
        ("standing_order", "begun", "reviewer"),
        ("standing_order", "ended", "reviewer"),
        ("emergency", "ended", "reviewer"),
    ]
    assert told(made, "act")[1]["action"] == "hold"
    named = file(place, Scope((cases(place)[0],), start, end))
    assert {each["id"] for each in named["cases"]} == {cases(place)[0], campaign}
    assert [each["did"] for each in told(of(place, campaign), "act")] == ["standing_order"]


def test_what_is_left_open_is_told(place: Place) -> None:
    """What waits, until when, with whom, and that a second person is needed."""
    tell(place, bags(1), shoes(2, "lan", 60))
    first, second = cases(place)
    place.ask("assign case", case=first, to="Bình")
    made = of(place, first, second)["cases"]
    assert made[0]["with"] == {"role": "reviewer", "name": "bình"}
    assert (made[0]["waiting"], made[1]["with"], made[1]["second_needed"]) == (1, None, False)
    place.ask("decide case", case=second, outcome="release")
    assert of(place, second)["cases"][0]["waiting"] == 0
    assert of(place, second)["cases"][0]["closed"] is not None


def test_it_is_bounded_and_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """In cases and in entries."""
    tell(place, *(bags(n, f"who{n}", at=60 * n) for n in range(6)))
    monkeypatch.setattr(incidents, "CASES_MAX", 4)
    monkeypatch.setattr(incidents, "ENTRIES_MAX", 2)
    made = file(place, Scope((), NOW - 10 * HOUR, place.clock() + HOUR))
    assert len(made["cases"]) == 4
    assert made["more_cases"]
    assert made["cut"]
    assert sum(each["count"] for each in told(made, "decided")) == 2


def test_an_appeal_and_its_end_are_told(place: Place) -> None:
    """With a role, and without a word that its person wrote."""
    tell(place, bags(1))
    (case,) = cases(place)
    found = "SELECT d.id, n.statement FROM decision d JOIN notice n ON n.decision = d.id"
    ((decision, statement),) = rows(place.engine.folder, found)
    token = notices.token(place.engine.keys.community, statement)
    assert place.engine.change(AppealMade(token, decision, "This was no offer."))
    (open_,) = told(of(place, case), "appealed")
    assert (open_["open"], open_["due"] > open_["time"]) == (True, True)
    appeal = place.one("SELECT id FROM appeal")
    asked = {"appeals": [appeal], "outcome": "reverse", "by": "Chi"}
    staffing.change(place.engine, "added", "Chi", "admin", roles=["appeals reviewer"])
    casework.perform(place.engine, "decide appeals", asked)
    made = of(place, case)
    (ended,) = told(made, "appeal ended")
    assert (ended["outcome"], ended["role"]) == ("reversed", "appeals reviewer")
    assert told(made, "undone")[0]["how"] == "outcome"
    assert "no offer" not in json.dumps(made)
