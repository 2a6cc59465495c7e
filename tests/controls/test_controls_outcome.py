"""Appeals decided: by whom, how they end, what is restored, told, published and counted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import pytest

from flow.case_desk import DESK_RULES, ask, bags, copies, decide, flag, shoes, standing, waiting
from flow.platform_side import CONNECTED, SECOND, Platform, all_holds, connected
from flow.small_community import DAY, rows
from ombud import casework, staffing
from ombud.appeals import APPEALS_MAX, AppealMade
from ombud.controls.outcome import SAME
from ombud.errors import BadUse
from ombud.ledger import leaf
from ombud.replay import labels
from ombud.transaction import Answer

HOUR = 3601 * SECOND


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def appeal(platform: Platform, told: Answer, decision: str = "", text: str = "No.") -> str:
    """Somebody appeals; the appeal's id."""
    decision = decision or told.decisions[0]
    (page,) = rows(
        platform.folder, "SELECT DISTINCT statement FROM notice WHERE decision = ?", decision
    )[0]
    assert platform.engine.change(AppealMade(platform.token(page), decision, text))
    return str(rows(platform.folder, "SELECT id FROM appeal ORDER BY rowid DESC LIMIT 1")[0][0])


def settle(platform: Platform, outcome: str, *appeals: str, by: str = "lou", **more: Any) -> Any:
    """Somebody decides appeals."""
    asked = {"appeals": list(appeals), "outcome": outcome, "by": by, **more}
    return casework.perform(platform.engine, "decide appeals", asked)


def lines(platform: Platform) -> list[tuple[str | None, str | None]]:
    """Rule and outcome of each outcome in the public log."""
    found = rows(platform.folder, "SELECT entry FROM leaf ORDER BY position")
    parsed = [leaf.parse_leaf(bytes(each[0])) for each in found]
    return [(each.rule, each.outcome) for each in parsed if each.type == "outcome"]


def upheld(platform: Platform, by: str = "mia") -> tuple[Answer, str]:
    """A hold that somebody upheld as a removal, and its appeal."""
    (told,) = platform.stream(bags(1))
    (case,) = waiting(platform, "hold")
    made = decide(platform, case, "uphold", "remove", by=by)
    platform.clock[0] += 11 * SECOND
    platform.deliver()
    return told, appeal(platform, told, made["decisions"][0])


def test_a_reversal_restores_and_is_told(platform: Platform) -> None:
    """The action is taken back, the person hears they were right, the log and the rule's figures
    say so.
    """
    (told,) = platform.stream(bags(1))
    platform.deliver()
    made = appeal(platform, told)
    settle(platform, "reverse", made, text="You were quoting an advert. Sorry.")
    sent = platform.deliver()
    assert [(each["action"], each["inverse"]) for each in sent if each["type"] == "action"] == [
        ("hold", True)
    ]
    platform.clock[0] += HOUR
    (message,) = platform.deliver()
    assert "you were right" in message["text"]
    (item,) = platform.page(told.statement).items
    (shown,) = item.appeals
    assert (item.state, shown.state, item.may_appeal) == ("undone", "reversed", False)
    assert shown.due is not None
    assert shown.decided is not None
    assert [(each.role, each.said["und"]) for each in shown.messages] == [
        ("appeals reviewer", "You were quoting an advert. Sorry.")
    ]
    assert lines(platform) == [("bags", "reversed")]
    store = platform.engine.store
    assert store.all("outcomes_by_rule") == [("bags", 1, 1, 1, 0, 0)]
    learned = labels.gathered(store, platform.engine.keys.community, None)
    assert learned.by_record == {2: {"spam.links": False}}
    assert waiting(platform, "appeal") == []
    all_holds(platform)


def test_what_is_upheld_stands_and_is_told(platform: Platform) -> None:
    """Nothing is sent but the word that it stands; the appeal is answered and stays so."""
    (told,) = platform.stream(bags(1))
    platform.deliver()
    made = appeal(platform, told)
    settle(platform, "uphold", made)
    platform.clock[0] += HOUR
    (message,) = platform.deliver()
    assert message["type"] == "notice"
    assert "the decision stands" in message["text"]
    assert platform.page(told.statement).items[0].state == "in force"
    with pytest.raises(BadUse, match="U241"):
        settle(platform, "reverse", made)
    assert standing(platform) == [("hold", "rule", False, False)]
    all_holds(platform)


def test_in_part_something_milder_stands_instead(platform: Platform) -> None:
    """The old one is taken back and the new one done; nothing harder passes as a part."""
    _, made = upheld(platform)
    for act in (
        {"action": "suspend"},
        {"action": "remove"},
        {"action": "limit", "length": DAY, "on": "room"},
        {"action": "context", "text": "x"},
    ):
        with pytest.raises(BadUse, match=r"U243|U230"):
            settle(platform, "partial", made, act=act)
    with pytest.raises(BadUse, match="U243"):
        settle(platform, "partial", made)
    settle(platform, "partial", made, act={"action": "label", "text": "Advertising"})
    platform.clock[0] += 11 * SECOND
    sent = [each for each in platform.deliver() if each["type"] == "action"]
    assert [(each["action"], each["inverse"]) for each in sent] == [
        ("label", False),
        ("remove", True),
    ]
    assert standing(platform)[1:] == [
        ("remove", "reviewer", True, True),
        ("label", "appeals reviewer", False, False),
    ]
    assert lines(platform) == [(None, "partial")]
    learned = labels.gathered(platform.engine.store, platform.engine.keys.community, None)
    assert learned.undone == 0  # in part right says nothing of the post
    all_holds(platform)


def test_nobody_upholds_what_they_decided(platform: Platform) -> None:
    """Not under another spelling either; they may take it back; somebody else may uphold it."""
    _, made = upheld(platform, by="Mia")
    for name in ("mia", "MIA", "m\u0456a"):
        for outcome in ("uphold", "omit"):
            with pytest.raises(BadUse, match="U242"):
                settle(platform, outcome, made, by=name)
        with pytest.raises(BadUse, match="U242"):
            settle(platform, "partial", made, by=name, act={"action": "warn"})
    assert ask(platform, "claim", by="lou", queue="appeals")["case"]
    with pytest.raises(BadUse, match="U243"):
        settle(platform, "uphold", made, by="mia", alone=True)
    settle(platform, "reverse", made, by="mia")
    assert standing(platform)[1][3]
    all_holds(platform)


def test_whoever_confirmed_stands_behind_it_too(platform: Platform) -> None:
    """Of a decision that two people made neither upholds it."""
    answers = platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", everything=True, by="mia")
    decided = ask(platform, "confirm", case, by="lou")["decisions"][0]
    made = appeal(platform, answers[-1], decided)
    for name in ("mia", "lou"):
        with pytest.raises(BadUse, match="U242"):
            settle(platform, "uphold", made, by=name)
    settle(platform, "uphold", made, by="kim")
    all_holds(platform)


def test_nobody_upholds_what_their_rule_did_alone(tmp_path: Path) -> None:
    """The author of the version that acted, also after the rule has changed; others may."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        path = tmp_path / "rules" / "bags.rule"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("cheap bags", "cheap caps"), encoding="utf-8")
        assert platform.engine.reload("Ana Author")
        told, other = platform.stream(
            {**bags(1), "data": {**bags(1)["data"], "text": "cheap caps"}},
            {**bags(2, "bo"), "data": {**bags(2, "bo")["data"], "text": "cheap caps"}},
        )
        path.write_text(text.replace("cheap bags", "cheap hats"), encoding="utf-8")
        assert platform.engine.reload("Bo Builder")
        made, second = appeal(platform, told), appeal(platform, other)
        with pytest.raises(BadUse, match="U242"):
            settle(platform, "uphold", made, by="ana author")
        settle(platform, "uphold", made, by="bo builder")
        settle(platform, "reverse", second, by="ana author")
        all_holds(platform)


def test_alone_it_is_reconsidered_by_the_same_person(platform: Platform) -> None:
    """Allowed where nobody else works here, and said: on the page, in the message, in public."""
    told, made = upheld(platform)
    settle(platform, "uphold", made, by="mia", alone=True)
    assert lines(platform) == [(None, f"upheld ({SAME})")]
    platform.clock[0] += HOUR
    text = "\n".join(each.get("text", "") for each in platform.deliver())
    assert "There was nobody else" in text
    shown = platform.page(told.statement).items[1].appeals[0]
    assert (shown.state, shown.same_person) == ("upheld", True)
    all_holds(platform)


def test_who_decides_no_appeals_about_this_is_nobody_else(platform: Platform) -> None:
    """Of a staff only who may decide about this action counts: one may be alone beside others."""
    join = partial(staffing.change, platform.engine, "added")
    join("Ada", "admin", roles=["admin"])
    join("Mia", "admin", roles=["reviewer", "appeals reviewer"])
    join("Lou", "admin", roles=["appeals reviewer"], actions=["warn"])
    _, made = upheld(platform, by="Mia")
    settle(platform, "uphold", made, by="Mia", alone=True)
    all_holds(platform)


def test_what_cannot_be_taken_back_waits_for_another(tmp_path: Path) -> None:
    """Alone nobody reconsiders what the platform could not take back."""
    final = CONNECTED + '[connectors.chat.actions]\nhold = "exact"\nremove = "none"\n'
    look = {"shoes.rule": DESK_RULES["shoes.rule"].replace("remove this", 'alert "look"')}
    with connected(tmp_path, rules=look, settings=final) as platform:
        (told,) = platform.stream(shoes(1))
        (case,) = waiting(platform, "alert")
        decide(platform, case, "uphold", "remove", by="mia")
        decided = ask(platform, "confirm", case, by="lou")["decisions"][0]
        made = appeal(platform, told, decided)
        platform.clock[0] += 40 * DAY
        with pytest.raises(BadUse, match="U243"):
            settle(platform, "uphold", made, by="mia", alone=True)
        settle(platform, "uphold", made, by="kim")
        all_holds(platform)


@pytest.mark.parametrize("outcome", ["upheld", "partial", "omitted"])
def test_the_table_itself_wants_another_pair_of_eyes(platform: Platform, outcome: str) -> None:
    """Whatever a program says: no row by who stands behind the decision, but a reversal."""
    _, made = upheld(platform)
    store = platform.engine.store.connection
    ((person,),) = rows(platform.folder, "SELECT person FROM appeal_behind WHERE appeal = ?", made)
    row = "INSERT INTO appeal_outcome VALUES (?, 99, 1, ?, 'admin', ?, ?, ?, NULL)"
    with pytest.raises(apsw.ConstraintError):
        store.execute(row, (made, person, outcome, 0, 1))
    with pytest.raises(apsw.ConstraintError):
        store.execute(row, (made, person, outcome, 1, 0))
    with pytest.raises(apsw.ConstraintError):
        store.execute(row, (made, person + 2, "whatever", 0, 1))
    store.execute(row, (made, person, "reversed", 0, 1))
    with pytest.raises(apsw.ConstraintError):
        store.execute("UPDATE appeal_outcome SET outcome = 'upheld'")


def test_appeals_of_a_campaign_are_one_case(platform: Platform) -> None:
    """Decided together, each with its own line and word; replies among them stand apart."""
    answers = platform.stream(*copies(4))
    decided = [row[0] for row in rows(platform.folder, "SELECT id FROM decision ORDER BY about")]
    made = [appeal(platform, answers[-1], each) for each in decided[:3]]
    (case,) = waiting(platform, "appeal")
    assert len(rows(platform.folder, "SELECT 1 FROM case_subject WHERE id = ?", case)) == 3
    with pytest.raises(BadUse, match="U233"):
        decide(platform, case, "release", everything=True)
    settle(platform, "reverse", *made[:2])
    assert waiting(platform, "appeal") == [case]
    settle(platform, "uphold", made[2])
    assert waiting(platform, "appeal") == []
    assert lines(platform) == [("same-text", "reversed")] * 2 + [("same-text", "upheld")]
    all_holds(platform)


@pytest.mark.parametrize("outcome", ["uphold", "reverse"])
def test_twenty_appeals_a_day_are_decided_alike(platform: Platform, outcome: str) -> None:
    """Of one campaign, by whomever, at once or one group after the other; what is decided by itself
    is read, and counts for nothing. Appeals about different things are never decided alike.
    """
    other = platform.stream(bags(1))[0]
    platform.stream(*copies(24))
    case = waiting(platform, "hold")[-1]
    decide(platform, case, "uphold", "remove", by="mia", everything=True)
    ask(platform, "confirm", case, by="jo")
    found = "SELECT id FROM decision WHERE action = 'remove' ORDER BY about"
    made = [appeal(platform, other, row[0]) for row in rows(platform.folder, found)]
    assert len(waiting(platform, "appeal")) == 1
    beside = appeal(platform, other)
    with pytest.raises(BadUse, match="U243"):
        settle(platform, outcome, made[0], beside)
    with pytest.raises(BadUse, match="U465"):
        settle(platform, outcome, *made[:21])
    settle(platform, outcome, *made[:15])
    settle(platform, outcome, made[15])
    with pytest.raises(BadUse, match="U465"):
        settle(platform, outcome, *made[16:22], by="kim")
    settle(platform, outcome, *made[16:21], by="kim")
    with pytest.raises(BadUse, match="U465"):
        settle(platform, outcome, *made[21:], by="kim")
    settle(platform, outcome, made[21])
    platform.clock[0] += DAY + SECOND
    settle(platform, outcome, *made[22:])
    assert len(lines(platform)) == 24
    all_holds(platform)


def test_staff_and_person_write_to_each_other(platform: Platform) -> None:
    """Sealed, shown with the role only, told by a message; whoever may not is refused."""
    (told,) = platform.stream(bags(1))
    platform.deliver()
    made = appeal(platform, told, text="erste Worte")
    request = {"appeal": made, "by": "Wilhelmina", "text": "Zwischenfrage?"}
    assert casework.perform(platform.engine, "answer appeal", request)
    platform.clock[0] += HOUR
    (message,) = platform.deliver()
    assert "an answer to your appeal" in message["text"]
    assert "Zwischenfrage" not in message["text"]
    appeal(platform, told, text="noch etwas")
    shown = platform.page(told.statement).items[0].appeals[0]
    assert [(each.role, each.said["und"]) for each in shown.messages] == [
        ("appeals reviewer", "Zwischenfrage?"),
        ("person", "noch etwas"),
    ]
    platform.engine.store.forget_log()
    content = (platform.folder / "ombud.db").read_bytes()
    for secret in (b"erste Worte", b"Zwischenfrage", b"noch etwas", b"wilhelmina"):
        assert secret not in content
    for wrong, code in (("", "U026"), ("x" * 4001, "U026")):
        with pytest.raises(BadUse, match=code):
            casework.perform(platform.engine, "answer appeal", {**request, "text": wrong})
    with pytest.raises(BadUse, match="U240"):
        casework.perform(platform.engine, "answer appeal", {**request, "appeal": "app_none"})
    with pytest.raises(BadUse, match="U243"):
        casework.perform(platform.engine, "answer appeal", {**request, "role": "Wilhelmina"})
    all_holds(platform)


def test_an_erasure_takes_every_word_of_it(platform: Platform) -> None:
    """Messages both ways die with the person; that there was an appeal stays in the log."""
    (told,) = platform.stream(bags(1))
    made = appeal(platform, told)
    request = {"appeal": made, "by": "lou", "text": "about you"}
    casework.perform(platform.engine, "answer appeal", request)
    ((message, sealed),) = rows(platform.folder, "SELECT message, sealed FROM appeal_message")
    assert sealed
    platform.engine.erase("chat", "ana")
    assert rows(platform.folder, "SELECT sealed FROM appeal_message") == [(None,)]
    assert not platform.engine.keys.has_decision_key(message)
    with pytest.raises(BadUse, match="U243"):
        settle(platform, "uphold", made)
    settle(platform, "omit", made)
    all_holds(platform)


def test_after_an_answer_one_may_appeal_again_and_not_for_ever(platform: Platform) -> None:
    """Three times in all, one after the other, and each time before somebody else."""
    (told,) = platform.stream(bags(1))
    for _, by in zip(range(APPEALS_MAX), ("lou", "kim", "eve"), strict=True):
        settle(platform, "uphold", appeal(platform, told), by=by)
    assert not platform.page(told.statement).items[0].may_appeal
    with pytest.raises(BadUse, match="U025"):
        appeal(platform, told)
    all_holds(platform)


def test_who_flagged_hears_of_a_reversal(platform: Platform) -> None:
    """What they reported was acted on, and taken back after an appeal: they hear both."""
    platform.stream(flag(1, "post/e7", "bo"))
    (case,) = waiting(platform)
    decided = decide(platform, case, "uphold", "suspend", by="mia")["decisions"][0]
    platform.clock[0] += 11 * SECOND
    first = [each for each in platform.deliver() if each["type"] == "answer"]
    assert [each["outcome"] for each in first] == ["upheld"]
    (told,) = rows(platform.folder, "SELECT statement FROM notice WHERE decision = ?", decided)[0]
    assert platform.engine.change(AppealMade(platform.token(told), decided, "not me"))
    ((made,),) = rows(platform.folder, "SELECT id FROM appeal")
    settle(platform, "reverse", made)
    again = [each for each in platform.deliver() if each["type"] == "answer"]
    assert [(each["account"], each["outcome"]) for each in again] == [("bo", "reversed")]
    all_holds(platform)
