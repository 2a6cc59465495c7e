"""Who may judge what: outcomes that fit, actions that are possible, a second person if needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from flow.case_desk import (
    DESK_RULES,
    ask,
    bags,
    copies,
    decide,
    flag,
    shoes,
    standing,
    waiting,
)
from flow.platform_side import CONNECTED, SECOND, Platform, all_holds, connected
from flow.small_community import DAY, event, rows
from ombud.errors import BadUse
from ombud.journal import Control
from ombud.ledger import leaf

LOOK = {"shoes.rule": DESK_RULES["shoes.rule"].replace("remove this", 'alert "look"')}
FINAL = CONNECTED + '[connectors.chat.actions]\nhold = "exact"\nremove = "none"\nwarn = "exact"\n'


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def refused(code: str, platform: Platform, *decided: Any, **more: Any) -> str:
    """A judgement is refused with this code and changes nothing; the message."""
    before = rows(platform.folder, "SELECT count(*), max(seq) FROM journal")
    pipeline = platform.engine.writer.pipeline
    with pytest.raises(BadUse, match=code) as caught:
        decide(platform, *decided, **more)
    assert caught.value.hint
    assert rows(platform.folder, "SELECT count(*), max(seq) FROM journal") == before
    assert platform.engine.writer.pipeline is pipeline  # and nothing was built anew for it
    return caught.value.message


def public(platform: Platform, type_: str) -> list[leaf.Leaf]:
    """The lines of one type in the public log."""
    found = rows(platform.folder, "SELECT entry FROM leaf ORDER BY position")
    lines = [leaf.parse_leaf(bytes(each[0])) for each in found]
    return [each for each in lines if each.type == type_]


def test_what_does_not_fit_is_refused(platform: Platform) -> None:
    """Wrong outcomes, roles, records, actions and words: told apart, nothing changed."""
    platform.stream(bags(1), *copies(4), shoes("x", "kim"))
    held, campaign = waiting(platform, "hold")
    (asked,) = waiting(platform, "no licence")
    refused("U220", platform, "cas_none", "release")
    refused("U233", platform, held, "perhaps")
    refused("U233", platform, held, "release", role="king")
    refused("U233", platform, held, "release", "remove")
    refused("U233", platform, held, "seen")
    refused("U233", platform, held, "uphold")  # a hold would end by itself
    refused("U233", platform, asked, "uphold")  # nothing stands yet
    refused("U233", platform, held, "uphold", "suspend")  # and what of the post?
    refused("U233", platform, held, "uphold", "remove", "warn")
    refused("U230", platform, held, "uphold", "context")
    refused("U230", platform, held, "uphold", "limit")
    refused("U233", platform, held, "uphold", "remove", why={"en": "x" * 1001})
    refused("U233", platform, held, "uphold", "remove", why={"en": ""})
    refused("U233", platform, campaign, "release")  # which of them?
    refused("U233", platform, campaign, "release", records=[999])
    refused("U085", platform, held, "release", by="\u202e")
    assert standing(platform) == [("hold", "rule", False, False)] * 5
    all_holds(platform)


def test_people_may_what_rules_may_not(platform: Platform) -> None:
    """Suspend, ban and lock, beside what becomes of the post; marked as a person's by role."""
    platform.stream(bags(1), shoes(2, "bo"))
    (held,), (asked,) = waiting(platform, "hold"), waiting(platform, "no licence")
    ask(
        platform,
        "decide",
        held,
        outcome="uphold",
        role="admin",
        acts=[{"action": "remove"}, {"action": "suspend", "length": DAY}, {"action": "lock"}],
    )
    decide(platform, asked, "uphold", "ban from room")
    found = standing(platform)[1:]
    assert [each[0] for each in found] == ["remove", "suspend", "lock", "ban from room"]
    assert {each[1] for each in found} == {"admin", "reviewer"}
    platform.clock[0] += 11 * SECOND
    sent = [each for each in platform.deliver() if each["type"] == "action"]
    on = {each["action"]: (each["on"], each["subject"]) for each in sent}
    assert on["suspend"] == ("author", "account/ana")
    assert on["lock"] == ("room", "room/hall")
    leaves = public(platform, "decision")[1:]
    assert all(each.automated is False and each.rule is None for each in leaves)
    platform.clock[0] += 2 * DAY
    platform.stream(event("later", 3))
    assert standing(platform)[2][:3] == ("suspend", "admin", True)  # it had an end
    all_holds(platform)


def test_one_author_of_many_posts_is_suspended_once(platform: Platform) -> None:
    """An action on the author is one decision, however many of their records are judged."""
    platform.stream(flag(1, "post/e7", "bo"), flag(2, "post/e7", "cy"))
    (case,) = waiting(platform)
    made = decide(platform, case, "uphold", "suspend", everything=True)
    assert len(made["decisions"]) == 1
    assert rows(platform.folder, "SELECT count(*) FROM reviewed") == [(2,)]


def test_an_author_in_a_campaign_is_suspended_once(platform: Platform) -> None:
    """Two copies by one account are two removals and one suspension."""
    again = copies(1, 90)
    again[0]["data"]["author"] = {"id": "copier0"}
    platform.stream(*copies(3), *again)
    (case,) = waiting(platform, "hold")
    acts = [{"action": "remove"}, {"action": "suspend"}]
    ask(platform, "decide", case, outcome="uphold", acts=acts, everything=True)
    made = [each[0] for each in standing(platform) if each[1] == "reviewer"]
    assert (made.count("remove"), made.count("suspend")) == (4, 3)
    all_holds(platform)


def test_a_hold_that_becomes_less_is_lifted(platform: Platform) -> None:
    """A warning stands in its place: the post comes out; the platform hears both, in order."""
    platform.stream(bags(1))
    platform.deliver()
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "warn")
    platform.clock[0] += 11 * SECOND
    sent = [each for each in platform.deliver() if each["type"] == "action"]
    assert [(each["action"], each["inverse"]) for each in sent] == [
        ("warn", False),
        ("hold", True),
    ]
    all_holds(platform)


def test_an_unsent_hold_is_never_left_behind(platform: Platform) -> None:
    """Judged before it went out: where it becomes less it is withdrawn, not sent and forgotten."""
    platform.stream(bags(1))
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "warn")
    platform.clock[0] += 11 * SECOND
    sent = [each for each in platform.deliver() if each["type"] == "action"]
    assert [(each["action"], each["inverse"]) for each in sent] == [("warn", False)]
    all_holds(platform)


def test_over_twenty_people_need_a_second_person(platform: Platform) -> None:
    """Proposed by one, confirmed by another, never by the same under another spelling; the
    statement says that two agreed.
    """
    platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    told = decide(platform, case, "uphold", "remove", everything=True, by="Mia")
    assert (told["proposed"], told["decisions"]) == (True, [])
    assert "21 people" in told["why"]
    assert {each[1] for each in standing(platform)} == {"rule"}
    for same in ("Mia", "MIA", " mia ", "m\u0456a"):
        with pytest.raises(BadUse, match="U234"):
            ask(platform, "confirm", case, by=same)
    ask(platform, "confirm", case, by="Lou")
    found = rows(platform.folder, "SELECT second IS NOT NULL, alone, authors FROM review")
    assert found == [(1, 0, 21)]
    with pytest.raises(BadUse, match="U221"):
        ask(platform, "confirm", case, by="Kim")
    ((page,),) = rows(
        platform.folder,
        "SELECT statement FROM notice WHERE decision = (SELECT max(id) FROM decision"
        " WHERE by_role = 'reviewer')",
    )
    assert not platform.page(page).items[-1].one_person
    all_holds(platform)


def test_releasing_many_needs_a_second_person(platform: Platform) -> None:
    """What a rule held of twenty-one people is let go by two, as it would be removed; of twenty by
    one, and not twenty by twenty.
    """
    platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    told = decide(platform, case, "release", everything=True)
    assert told["proposed"]
    assert not told["decisions"]
    assert "21 people" in told["why"]
    records = [row[0] for row in rows(platform.folder, "SELECT record FROM case_subject")]
    assert not decide(platform, case, "release", records=records[:2])["proposed"]
    assert decide(platform, case, "release", records=records[2:])["proposed"]  # with the two before
    ask(platform, "confirm", case, by="lou")
    assert {(each[0], each[3]) for each in standing(platform)} == {("hold", True)}
    assert rows(platform.folder, "SELECT authors, second IS NULL FROM review") == [(2, 1), (19, 0)]
    all_holds(platform)


def test_releasing_twenty_needs_nobody_else(platform: Platform) -> None:
    """As many as one person may restrict."""
    platform.stream(*copies(20))
    (case,) = waiting(platform, "hold")
    assert len(decide(platform, case, "release", everything=True)["decisions"]) == 20
    held = rows(platform.folder, "SELECT count(*) FROM decision WHERE undone_by IS NULL")
    assert held == [(0,)]
    all_holds(platform)


def test_whoever_is_alone_says_so(platform: Platform) -> None:
    """Allowed where nobody else works on cases, for what can be taken back; told and published."""
    platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    ask(platform, "claim", case, by="lou")
    platform.clock[0] += DAY
    bulk = {"everything": True, "alone": True}
    assert "somebody else" in refused("U232", platform, case, "uphold", "remove", **bulk)
    platform.clock[0] += 31 * DAY
    decide(platform, case, "uphold", "remove", **bulk)
    assert rows(platform.folder, "SELECT alone, second FROM review") == [(1, None)]
    assert public(platform, "review")[0].outcome == "upheld (one person)"
    decided = [each for each in public(platform, "decision") if not each.automated]
    assert {each.outcome for each in decided} == {"one person"}
    all_holds(platform)


def test_what_cannot_be_taken_back_always_needs_two(tmp_path: Path) -> None:
    """Not even alone; once confirmed it is marked, and a case looks at it once more."""
    with connected(tmp_path, rules=LOOK, settings=FINAL) as platform:
        platform.stream(shoes(1))
        (case,) = waiting(platform)
        assert "two people" in refused("U232", platform, case, "uphold", "remove", alone=True)
        assert decide(platform, case, "uphold", "remove")["proposed"]
        ask(platform, "confirm", case, by="lou")
        assert rows(platform.folder, "SELECT revocable FROM review") == [(0,)]
        (again,) = waiting(platform)
        reason = rows(platform.folder, "SELECT reason FROM review_case WHERE id = ?", again)
        assert reason == [("cannot be undone, done",)]
        decide(platform, again, "seen", by="kim")
        refused("U221", platform, again, "seen", by="kim")
        all_holds(platform)


def test_a_proposal_ends(platform: Platform) -> None:
    """After three days nobody confirms it any more; a newer one takes its place at once."""
    platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", everything=True)
    platform.clock[0] += 4 * DAY
    with pytest.raises(BadUse, match="U234"):
        ask(platform, "confirm", case, by="lou")
    decide(platform, case, "uphold", "remove", everything=True)
    with pytest.raises(BadUse, match="U237"):  # not silently in the place of Mia's
        decide(platform, case, "uphold", "warn", everything=True, by="kim")
    (seen,) = rows(
        platform.folder, "SELECT key FROM proposal WHERE until > 0 ORDER BY made DESC LIMIT 1"
    )
    decide(platform, case, "uphold", "warn", everything=True, by="kim", proposal=seen[0])
    with pytest.raises(BadUse, match="U234"):
        ask(platform, "confirm", case, by="kim")
    with pytest.raises(BadUse, match="U237"):
        ask(platform, "confirm", case, by="mia", proposal=seen[0])
    ask(platform, "confirm", case, by="mia")
    assert {each[0] for each in standing(platform) if each[1] == "reviewer"} == {"warn"}
    all_holds(platform)


def test_no_name_is_in_journal_log_or_statement(platform: Platform) -> None:
    """Who judged is a token in the journal, a role to the person, and nothing in the log."""
    (answer,) = platform.stream(bags(1))
    decide(platform, waiting(platform)[0], "uphold", "remove", by="Wilhelmina Brandt")
    platform.engine.store.forget_log()
    assert b"wilhelmina" not in (platform.folder / "ombud.db").read_bytes().lower()
    payload = rows(platform.folder, "SELECT payload FROM journal WHERE type = '!review'")[0][0]
    assert '"by":' in payload
    assert platform.page(answer.statement).items[1].by == "reviewer"
    with pytest.raises(BadUse, match="U088"):
        platform.engine.control(Control("review", {"by": "mia"}, {}))
    all_holds(platform)


def test_an_older_post_is_not_judged_by_a_newer_clause(platform: Platform) -> None:
    """What was written before the clause's wording can only be released."""
    platform.stream(shoes(1))
    policy = platform.folder / "policies" / "spam.md"
    text = policy.read_text(encoding="utf-8").replace("## spam.links", "## spam.links New", 1)
    policy.write_text(text, encoding="utf-8")
    assert platform.engine.reload()
    (case,) = waiting(platform)
    assert "older than its clause" in refused("U233", platform, case, "uphold", "remove")
    decide(platform, case, "release")
    all_holds(platform)


def test_what_stands_apart_is_named_alone(platform: Platform) -> None:
    """A reply in a campaign, however it is asked for: with others it is refused."""
    platform.stream(*copies(4))
    (case,) = waiting(platform, "hold")
    some = [row[0] for row in rows(platform.folder, "SELECT record FROM case_subject")]
    change = "UPDATE case_subject SET apart = 'reply' WHERE record = ?"
    platform.engine.store.connection.execute(change, (some[1],))
    for outcome, act in (("uphold", ["remove"]), ("release", [])):
        with pytest.raises(BadUse, match="U233") as caught:
            decide(platform, case, outcome, *act, records=some[:2])
        assert f"record {some[1]} is decided by itself" in caught.value.message
    decide(platform, case, "release", records=some[1:2])
    decide(platform, case, "uphold", "remove", records=[some[0], *some[2:]])
    all_holds(platform)


def test_what_is_gone_can_only_be_released(platform: Platform) -> None:
    """Nobody is restricted for what nobody can read any more."""
    platform.stream(shoes(1))
    platform.engine.erase("chat", "ana")
    (case,) = waiting(platform)
    assert "gone" in refused("U233", platform, case, "uphold", "remove")
    decide(platform, case, "release")
    all_holds(platform)


@pytest.mark.parametrize(
    "broken",
    [
        "second = person",
        "second = NULL, alone = 0, authors = 21",
        "second = NULL, alone = 0, revocable = 0",
        "second = NULL, alone = 1, revocable = 0",
        "second = 5, alone = 1",
        "outcome = 'maybe'",
    ],
)
def test_the_table_itself_knows_who_may_judge(platform: Platform, broken: str) -> None:
    """Whatever a program says: two people are two, and one alone does nothing final."""
    platform.stream(*copies(21))
    (case,) = waiting(platform, "hold")
    decide(platform, case, "uphold", "remove", everything=True)
    ask(platform, "confirm", case, by="lou")
    store = platform.engine.store.connection
    with pytest.raises(apsw.ConstraintError):
        store.execute(f"UPDATE review SET {broken}")  # noqa: S608


def test_the_table_itself_judges_nothing_twice(platform: Platform) -> None:
    """A second row for a judged record breaks a constraint, whoever writes it."""
    platform.stream(shoes(1))
    (case,) = waiting(platform)
    decide(platform, case, "release")
    copied = "INSERT INTO reviewed SELECT 99, id, record, subject, clause, outcome, decision,"
    copied += " before, changed, undone FROM reviewed"
    with pytest.raises(apsw.ConstraintError):
        platform.engine.store.connection.execute(copied)


def test_two_holds_on_one_post_are_both_replaced(tmp_path: Path) -> None:
    """A post was held, and held again as it was edited: the removal outlasts both."""
    bags_rule = DESK_RULES["bags.rule"].replace("for     post", "for     post, edit")
    edit = event(2, 5, text="cheap bags, really", type="post.edited", before={"text": "cheap bags"})
    with connected(tmp_path, rules={**DESK_RULES, "bags.rule": bags_rule}) as platform:
        platform.stream(bags(1), {**edit, "subject": "post/e1"})
        (case,) = waiting(platform, "hold")
        decide(platform, case, "uphold", "remove", everything=True)
        ask(platform, "undo", case)
        assert [each[2] for each in standing(platform)] == [False, False, True]
        decide(platform, case, "uphold", "remove", everything=True)
        platform.clock[0] += 11 * SECOND
        platform.deliver()
        platform.clock[0] += 2 * DAY
        platform.stream(event(9, text="hello"))
        assert not [each for each in platform.deliver() if each["type"] == "action"]
        assert [each[2] for each in standing(platform)] == [True, True, True, False]
        all_holds(platform)
