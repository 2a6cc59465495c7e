"""What auditors see of the staff: every act once, by whom, why looked up; no word of members."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import DESK_RULES, bags, copies, shoes
from flow.small_community import line, prepare, rows
from ombud import casework, daywork, listwork, session, staffing, staffrecords
from ombud.app import Engine
from ombud.clock import DAY
from ombud.controls import confirming
from ombud.staffrecords import LATEST, PAGE, StaffRecords

WHY = "A neighbour wrote to us about it."
SECRET = "cheap bags and where to buy them in secret"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community with a few people of the staff."""
    with Engine(prepare(tmp_path, DESK_RULES)) as opened:
        for name, *roles in (("Thu", "admin", "author"), ("mia", "reviewer")):
            staffing.change(opened, "added", name, "admin", roles=roles)
        opened.submit([line(bags(1)), line(shoes(2, at=1))])
        yield opened


def book(engine: Engine) -> StaffRecords:
    """The records."""
    active = engine.writer.pipeline.community.active
    return StaffRecords(engine.store, engine.keys, active)


def look(engine: Engine, by: str = "mia") -> str:
    """One look-up."""
    asked = {"kind": "member", "platform": "chat", "name": "ana", "reason": WHY, "by": by}
    return str(daywork.perform(engine, "look up", asked)["look"])


def test_every_act_stands_there_once_the_latest_first(engine: Engine) -> None:
    """Judgements, look-ups, lists, states, staff, keys, erasures; not what rules do."""
    (case, *_) = [row[0] for row in rows(engine.folder, "SELECT id FROM review_case ORDER BY id")]
    look(engine)
    casework.perform(engine, "decide case", {"case": case, "by": "mia", "outcome": "release"})
    session.perform(engine, "duty", {"begins": True, "by": "mia"})
    listed = {"change": "add", "name": "sites", "term": "bad.example", "new": True, "by": "Thu"}
    listwork.change_list(engine, listed, b"")
    key = {"name": "bot", "sources": ["chat/*"], "kinds": [], "doors": [], "by": "Thu"}
    chat = {"name": "chat", "url": "https://c.example/hook", "allow": [], "by": "Thu"}
    session.perform(engine, "connect", chat)
    session.perform(engine, "key", key)
    session.perform(engine, "erase", {"platform": "chat", "account": "ana", "by": "Thu"})
    acts, more = book(engine).page()
    assert more == 0
    assert [each["seq"] for each in acts] == sorted((each["seq"] for each in acts), reverse=True)
    told = [(each["by"], each["did"], each["how"]) for each in acts]
    assert told[:2] == [("thu", "erasure", ""), ("thu", "access", "key made")]
    assert ("thu", "list", "add") in told
    assert ("mia", "duty", "begun") in told
    assert ("mia", "review", "released") in told
    assert ("mia", "lookup", "") in told
    assert told.count(("admin", "staff", "added")) == 2
    query = "SELECT count(*) FROM journal WHERE json_extract(payload, '$.by') > 0"
    assert rows(engine.folder, query) == [(len(acts),)]


def test_a_standing_order_stands_there_with_its_rule_and_case(engine: Engine) -> None:
    """Given and ended, by whom."""
    engine.submit([line(each) for each in copies(5)])
    ((case,),) = rows(engine.folder, "SELECT id FROM review_case WHERE rule = 'same-text'")
    given = casework.perform(engine, "give order", {"case": case, "by": "mia"})
    casework.perform(engine, "end order", {"order": given["order"], "by": "mia"})
    told = [
        (each["by"], each["did"], each["how"], each["name"], each["case"])
        for each in book(engine).page()[0][:2]
    ]
    assert told == [
        ("mia", "standing_order", "ended", "", None),
        ("mia", "standing_order", "begun", "same-text", case),
    ]


def test_a_look_up_comes_with_its_reason_until_it_is_erased(engine: Engine) -> None:
    """And with whom it was about."""
    made = look(engine)
    acts, _ = book(engine).page()
    assert acts[0]["look"]["id"] == made
    assert (acts[0]["look"]["name"], acts[0]["look"]["reason"]) == ("ana", WHY)
    engine.erase("chat", "ana")
    acts, _ = book(engine).page()
    (found,) = (each["look"] for each in acts if each["did"] == "lookup")
    assert found["gone"]
    assert "ana" not in (found["name"], found["reason"])


def test_no_word_of_a_member_stands_there(engine: Engine) -> None:
    """Neither posts, nor entries of lists, nor notes."""
    post = bags(5, at=9)
    post["data"]["text"] = SECRET
    engine.submit([line(post)])
    listed = {"change": "add", "name": "sites", "term": "bad.example", "new": True, "by": "Thu"}
    listwork.change_list(engine, listed, b"")
    for (case,) in rows(engine.folder, "SELECT id FROM review_case WHERE reason = 'hold'"):
        note = {"case": case, "by": "mia", "text": "a note about it"}
        casework.perform(engine, "note case", note)
        casework.perform(
            engine,
            "decide case",
            {"case": case, "by": "mia", "outcome": "uphold", "everything": True, "alone": True,
             "acts": [{"action": "remove"}], "why": {"en": "words to the person"}},
        )  # fmt: skip
    told = json.dumps(book(engine).page())
    assert not [
        each for each in (SECRET, "bad.example", "a note", "words to", "cheap") if each in told
    ]


def test_records_of_one_person(engine: Engine) -> None:
    """Only theirs, and none of who has done nothing."""
    look(engine)
    mia, thu = (staffing.token(engine, each) for each in ("mia", "Thu"))
    assert {each["by"] for each in book(engine).page(person=mia)[0]} == {"mia"}
    assert book(engine).page(person=thu) == ([], 0)
    assert book(engine).page(person=1) == ([], 0)


def test_pages_end(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each act on one page, for all and for one person."""
    monkeypatch.setattr(staffrecords, "PAGE", 3)
    for _ in range(5):
        look(engine)
    mia = staffing.token(engine, "mia")
    for person, count in ((None, 7), (mia, 5)):
        seqs: list[int] = []
        before = LATEST
        while before:
            acts, before = book(engine).page(before, person)
            assert len(acts) <= 3
            seqs += [each["seq"] for each in acts]
        assert seqs == sorted(set(seqs), reverse=True)
        assert len(seqs) >= count
    assert PAGE > 3


def acts_of(engine: Engine, did: str) -> list[dict[str, Any]]:
    """The acts of one kind."""
    return [each for each in book(engine).page()[0] if each["did"] == did]


def test_who_left_is_said_to_have_left(engine: Engine) -> None:
    """A removed person keeps their name in what they did: the journal's token stands for it."""
    look(engine)
    staffing.change(engine, "removed", "mia", "Thu")
    assert acts_of(engine, "lookup")[0]["by"] == "mia"
    (removed,) = [each for each in acts_of(engine, "staff") if each["how"] == "removed"]
    assert (removed["by"], removed["name"]) == ("thu", "mia")


def test_who_confirmed_the_clock_is_read(engine: Engine) -> None:
    """With the days by which it was ahead."""
    engine.control(confirming.asked("Thu", 9 * DAY + 5))
    (found,) = acts_of(engine, "clock")
    assert (found["by"], found["count"]) == ("thu", 9)
