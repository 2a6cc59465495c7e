"""Who may work on cases and appeals where there is a staff: held at the control, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_outcome import settle, upheld
from flow.case_desk import (
    DESK_RULES,
    HELD,
    ask,
    bags,
    copies,
    decide,
    shoes,
    standing,
    waiting,
)
from flow.platform_side import WARNED, Platform, all_holds, connected
from flow.small_community import event, rows
from ombud import casework, daywork, staffing
from ombud.controls import entitled
from ombud.errors import BadUse
from ombud.review.case import find

BAGS = {HELD[0]: HELD[1].replace("hold this", 'hold this for review in queue "bags"')}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A community with a staff; Mia and Zoe decide cases, Lou appeals, nobody has said more."""
    with connected(tmp_path, rules={**DESK_RULES, **BAGS, WARNED[0]: WARNED[1]}) as made:
        add(made, "Ana", "admin")
        add(made, "Mia", "reviewer")
        add(made, "Zoe", "reviewer")
        add(made, "Lou", "appeals reviewer")
        yield made


def add(platform: Platform, name: str, *roles: str, **narrowed: list[str]) -> None:
    """Somebody joins the staff."""
    staffing.change(platform.engine, "added", name, "admin", roles=list(roles), **narrowed)


def refused(code: str, do: Any, *given: Any, **more: Any) -> str:
    """What is asked for is refused with this code; the message."""
    with pytest.raises(BadUse, match=code) as caught:
        do(*given, **more)
    assert caught.value.code == code
    return caught.value.message


def counted(platform: Platform) -> Any:
    """How long the journal is, and what stands about cases."""
    found = [rows(platform.folder, "SELECT count(*) FROM journal")]
    for table in ("review_case", "case_note", "proposal", "reviewed", "appeal_message"):
        found.append(rows(platform.folder, f"SELECT * FROM {table}"))  # noqa: S608
    return found


@pytest.mark.parametrize("who", ["Ana", "Lou", "Pat", "Quy", "Nobody"])
def test_nobody_works_on_cases_but_reviewers(platform: Platform, who: str) -> None:
    """Every request about a case is refused to an admin, to who decides appeals, to an auditor, to
    who is suspended and to a stranger; nothing has changed by it.
    """
    add(platform, "Pat", "auditor")
    add(platform, "Quy", "reviewer")
    staffing.change(platform.engine, "suspended", "Quy", "admin")
    platform.stream(bags(1), shoes(2), shoes(3, "kim"))
    first, second = waiting(platform, "no licence")
    (held,) = waiting(platform, "hold")
    decide(platform, held, "release", by="Mia")
    before = counted(platform)
    code = "U200" if who == "Nobody" else "U201"
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("claim", "", {}),
        ("claim", first, {}),
        ("give", first, {}),
        ("snooze", first, {"until": platform.clock[0] + 10**9}),
        ("assign", first, {"to": "Mia"}),
        ("split", first, {"records": [1]}),
        ("merge", first, {"into": second}),
        ("urge", first, {}),
        ("note", first, {"text": "Look."}),
        ("decide", first, {"outcome": "release"}),
        ("confirm", first, {}),
        ("undo", held, {}),
    ]
    names = {"give": "give case back"}
    for do, case, more in asked:
        request = {"case": case, "by": who, **more}
        name = names.get(do, f"{do} case")
        assert name in casework.REQUESTS
        if do == "confirm":  # of what nobody proposed it is not even asked who wants to
            refused("U234", casework.perform, platform.engine, name, request)
        else:
            refused(code, casework.perform, platform.engine, name, request)
    assert counted(platform) == before
    all_holds(platform)


@pytest.mark.parametrize("who", ["Ana", "Mia", "Nobody"])
def test_nobody_decides_appeals_but_who_may(platform: Platform, who: str) -> None:
    """Neither writing nor deciding, nor the case that they are in."""
    _, made = upheld(platform)
    code = "U200" if who == "Nobody" else "U201"
    for outcome in ("uphold", "reverse", "omit"):
        refused(code, settle, platform, outcome, made, by=who)
    refused(code, casework.perform, platform.engine, "answer appeal",
            {"appeal": made, "by": who, "text": "We look."})  # fmt: skip
    (case,) = waiting(platform, "appeal")
    refused(code, ask, platform, "claim", case, by=who)
    refused(code, ask, platform, "claim", by=who, queue="appeals")
    assert ask(platform, "claim", case, by="Lou")["case"] == case
    settle(platform, "reverse", made, by="Lou", role="admin")
    assert rows(platform.folder, "SELECT role FROM appeal_outcome") == [("appeals reviewer",)]
    all_holds(platform)


def test_the_role_is_the_tables_and_not_the_requests(platform: Platform) -> None:
    """Mia appears as a reviewer, whatever she says; whoever gives no name is the admin."""
    platform.stream(shoes(1), shoes(2, "kim"))
    first, second = waiting(platform)
    decide(platform, first, "uphold", "remove", by="mia", role="admin")
    decide(platform, second, "uphold", "remove", by="admin", role="appeals reviewer")
    assert [each[1] for each in standing(platform)] == ["reviewer", "admin"]
    assert rows(platform.folder, "SELECT role FROM review") == [("reviewer",), ("admin",)]
    all_holds(platform)


def test_without_a_staff_it_is_as_they_say(tmp_path: Path) -> None:
    """No name is checked, and the role is what was said."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        platform.stream(shoes(1))
        (case,) = waiting(platform)
        decide(platform, case, "uphold", "remove", by="whoever", role="admin", fresh=False)
        assert [each[1] for each in standing(platform)] == ["admin"]


def test_somebody_is_kept_to_their_queues_and_actions(platform: Platform) -> None:
    """Of all queues the next case comes from theirs; elsewhere, and by other actions, they do
    nothing. What a rule holds until somebody looks they let go as they judge it.
    """
    add(platform, "Nam", "reviewer", queues=["bags"], actions=["warn", "remove"])
    platform.stream(shoes(1), bags(2, "kim"), bags(3, "lan"))
    (asked, *_) = waiting(platform, "no licence")
    held = waiting(platform, "hold")
    assert waiting(platform)[0] == asked  # the order of all begins elsewhere
    assert ask(platform, "claim", by="Nam")["case"] == held[0]
    assert ask(platform, "claim", by="Nam")["case"] == held[1]
    assert ask(platform, "claim", by="Nam")["case"] is None
    refused("U250", ask, platform, "claim", by="Nam", queue="review")
    refused("U250", ask, platform, "claim", asked, by="Nam")
    refused("U250", ask, platform, "note", asked, by="Nam", text="Look.")
    said = refused("U250", decide, platform, asked, "release", by="Nam")
    assert said == (
        "Nam may not do this here: they may do it only"
        " in the queues bags and by the actions warn, remove."
    )
    refused("U250", decide, platform, held[0], "uphold", "hold", by="Nam")
    decide(platform, held[0], "uphold", "remove", by="Nam")
    decide(platform, held[1], "release", by="Nam")  # a rule's hold: to judge it is their work
    refused("U250", ask, platform, "assign", asked, by="Mia", to="Nam")
    refused("U201", ask, platform, "assign", asked, by="Mia", to="Ana")
    refused("U250", ask, platform, "undo", _decided(platform, asked), by="Nam")
    all_holds(platform)


def test_taking_back_is_narrowed_as_doing_is(platform: Platform) -> None:
    """Who may warn lifts no removal within its ten seconds; who is there for one queue takes
    nothing of another one back, by id or by time; what is theirs they do.
    """
    add(platform, "Nam", "reviewer", actions=["warn"])
    add(platform, "Tú", "reviewer", actions=["remove"])
    add(platform, "Kim", "reviewer", queues=["review"])
    add(platform, "Huy", "reviewer", queues=["bags"])
    platform.stream(bags(1))
    (case,) = waiting(platform, "hold")
    (held,) = rows(platform.folder, "SELECT id FROM decision")
    refused("U250", platform.engine.undo, "Kim", ids=[held[0]])  # which a case still asks about
    made = decide(platform, case, "uphold", "remove", by="Mia")["decisions"]
    refused("U250", ask, platform, "undo", case, by="Nam")
    ask(platform, "undo", case, by="Tú")
    made = decide(platform, case, "uphold", "remove", by="Mia")["decisions"]
    refused("U250", platform.engine.undo, "Kim", since=0)
    refused("U250", platform.engine.undo, "Kim", ids=[made[0]])
    assert made[0] in platform.engine.undo("Huy", since=0)
    all_holds(platform)


@pytest.mark.parametrize("who", ["by", "confirmed"])
def test_who_confirms_may_take_it_back_too(platform: Platform, who: str) -> None:
    """Both of two are held to the actions that they are narrowed to."""
    add(platform, "Nam", "reviewer", actions=["warn"])
    platform.stream(bags(1))
    hands = platform.engine.writer.pipeline
    case = find(hands.store, waiting(platform, "hold")[0])
    told = {"by": "Mia", "confirmed": "Zoe"}
    entitled.take_back(hands, told, case, ["remove"])
    refused("U250", entitled.take_back, hands, {**told, who: "Nam"}, case, ["remove"])


def test_less_instead_of_a_hold_lifts_it(platform: Platform) -> None:
    """Who may only warn warns instead of a rule's hold, which waits for that; not instead of what a
    person held, nor by confirming it.
    """
    add(platform, "Nam", "reviewer", actions=["warn"])
    platform.stream(bags(1), bags(2, "kim"))
    first, second = waiting(platform, "hold")
    decide(platform, first, "uphold", "warn", by="Nam")
    decide(platform, second, "uphold", "hold", by="Mia")
    case = _opened(platform, second, "Nam")
    refused("U250", decide, platform, case, "uphold", "warn", by="Nam")
    refused("U250", decide, platform, case, "release", by="Nam")
    casework.perform(platform.engine, "give case back", {"case": case, "by": "Nam"})
    decide(platform, case, "uphold", "warn", by="Mia")
    all_holds(platform)


def test_who_is_kept_to_a_queue_undoes_nothing_that_stood_in_none(platform: Platform) -> None:
    """What a rule did and nobody was asked about is for those who are kept to no queue."""
    add(platform, "Huy", "reviewer", queues=["bags"])
    platform.stream(event(1, 1, text="mind you", author={"id": "ana"}))
    ((warned,),) = rows(platform.folder, "SELECT id FROM decision")
    refused("U250", platform.engine.undo, "Huy", ids=[warned])
    assert platform.engine.undo("Mia", ids=[warned]) == [warned]
    all_holds(platform)


def test_whoever_gives_no_name_is_no_second_person(platform: Platform) -> None:
    """Where there is a staff: they may be the very one whom it takes another for."""
    platform.stream(*copies(22))
    (case,) = waiting(platform, "hold")
    refused("U444", decide, platform, case, "uphold", "remove", by="admin", everything=True)
    assert decide(platform, case, "uphold", "remove", by="Mia", everything=True)["proposed"]
    refused("U444", ask, platform, "confirm", case, by="admin")
    ask(platform, "confirm", case, by="Zoe")
    _, made = upheld(platform)
    refused("U444", settle, platform, "uphold", made, by="admin")
    settle(platform, "reverse", made, by="admin")
    all_holds(platform)


def _opened(platform: Platform, judged: str, by: str) -> str:
    """Somebody looks up what a case was about, and opens another one under another clause."""
    about = rows(platform.folder, "SELECT record FROM case_subject WHERE id = ?", judged)[0][0]
    asked = {"record": about, "clause": "flood.burst", "by": by}
    why = {"kind": "post", "reason": "Somebody wrote to us about it."}
    daywork.perform(platform.engine, "look up", {**asked, **why})
    return str(daywork.perform(platform.engine, "open case", asked)["case"])


def _decided(platform: Platform, case: str) -> str:
    decide(platform, case, "release", by="Mia")
    return case


def test_many_at_once_need_more(platform: Platform) -> None:
    """Beyond 20 people: the permission for it of whoever proposes and whoever confirms, and both
    have shown who they are where they come by a page.
    """
    add(platform, "Nam", "reviewer", actions=["warn"])
    platform.stream(*copies(22))
    (case,) = waiting(platform, "hold")
    given: dict[str, Any] = {"everything": True}
    refused("U250", decide, platform, case, "uphold", "remove", by="Nam", **given)
    refused("U251", decide, platform, case, "uphold", "remove", by="Mia", fresh=False, **given)
    assert rows(platform.folder, "SELECT count(*) FROM proposal") == [(0,)]
    told = decide(platform, case, "uphold", "remove", by="Mia", fresh=True, **given)
    assert told["proposed"]
    refused("U234", ask, platform, "confirm", case, by="Mia", fresh=True)
    told_of = refused("U251", ask, platform, "confirm", case, by="Zoe", fresh=False)
    assert "Zoe" in told_of
    assert "Mia" not in told_of
    refused("U250", ask, platform, "confirm", case, by="Nam", fresh=True)
    refused("U201", ask, platform, "confirm", case, by="Ana", fresh=True)
    assert len(ask(platform, "confirm", case, by="Zoe", fresh=True)["decisions"]) == 44
    all_holds(platform)


def test_few_need_nothing_shown_anew(platform: Platform) -> None:
    """Twenty people are not many."""
    platform.stream(*copies(20))
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", by="Mia", fresh=False, everything=True)
    all_holds(platform)


def test_what_somebody_proposed_goes_with_them(platform: Platform) -> None:
    """Whoever may no more cannot have proposed what is confirmed now."""
    platform.stream(*copies(22))
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", by="Mia", everything=True)
    staffing.change(platform.engine, "suspended", "Mia", "admin")
    refused("U201", ask, platform, "confirm", case, by="Zoe")
    staffing.change(platform.engine, "restored", "Mia", "admin")
    ask(platform, "confirm", case, by="Zoe")
    all_holds(platform)
