"""What is shown of appeals: pages in order, clocks in words, who may decide, what was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from controls.test_controls_outcome import appeal, settle, upheld
from flow.case_desk import DESK_RULES, ask, bags, copies, decide, shoes, waiting
from flow.platform_side import CONNECTED, Platform, connected
from flow.small_community import DAY, rows
from ombud import appealbook, session
from ombud.appealbook import AppealBook, Entitled
from ombud.appeals import DUE, AppealMade
from ombud.controls.outcome import OUTCOMES
from ombud.errors import BadUse
from ombud.reading import reading
from ombud.staff import people


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


@contextmanager
def book(platform: Platform) -> Iterator[AppealBook]:
    """Its appeals, as somebody beside the writer reads them."""
    active = platform.engine.writer.pipeline.community.active
    with reading(platform.folder) as reader:
        yield AppealBook(reader.store, reader.keys, active)


def token(platform: Platform, name: str) -> int:
    """Somebody of the staff."""
    return people.person(platform.engine.keys, name)


def shown(platform: Platform, made: str, name: str = "kim", lang: str = "en") -> dict[str, Any]:
    """One appeal, as somebody looks at it."""
    with book(platform) as found:
        return found.shown(made, token(platform, name), platform.clock[0], lang)


def may(platform: Platform, made: str, name: str) -> Entitled:
    """Whether somebody may decide an appeal."""
    found = shown(platform, made, name)["may"]
    assert isinstance(found, Entitled)
    return found


def test_pages_follow_what_is_due_without_gap(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page behind the other gives every open appeal once, by when it is due; decided ones stand
    in the other list, the latest first.
    """
    monkeypatch.setattr(appealbook, "PAGE", 3)
    made = []
    for number in range(7):
        (told,) = platform.stream(bags(number, f"person{number}", number))
        platform.clock[0] += 1_000_000
        made.append(appeal(platform, told))
    with book(platform) as found:
        pages, after = [], ""
        while True:
            lines, after = found.waiting(after, platform.clock[0], "en")
            pages.append([each["id"] for each in lines])
            if not after:
                break
        assert pages == [made[:3], made[3:6], made[6:]]
    for each in made[:4]:
        platform.clock[0] += 1_000_000
        settle(platform, "uphold", each)
    with book(platform) as found:
        lines, after = found.ended("", platform.clock[0], "en")
        assert [each["id"] for each in lines] == [made[3], made[2], made[1]]
        assert {each["outcome"] for each in lines} == {"upheld"}
        lines, after = found.ended(after, platform.clock[0], "en")
        assert ([each["id"] for each in lines], after) == ([made[0]], "")
        lines, after = found.waiting("", platform.clock[0], "en")
        assert ([each["id"] for each in lines], after) == (made[4:], "")
        assert found.waiting("app_none\udcff", platform.clock[0], "en")[0] == lines


def test_the_clock_is_told_in_words(platform: Platform) -> None:
    """What is left, and from the very instant on how long it is late."""
    (told,) = platform.stream(bags(1))
    made = appeal(platform, told)
    (at,) = rows(platform.folder, "SELECT made FROM appeal")[0]
    with book(platform) as found:
        ((line,), _) = found.waiting("", at + 1, "en")
        assert (line["overdue"], line["left"]) == (False, "6 days")
        ((line,), _) = found.waiting("", at + DUE - 1, "vi")
        assert not line["overdue"]
        assert (found.overdue(at + DUE - 1), found.overdue(at + DUE)) == (0, 1)
        ((line,), _) = found.waiting("", at + DUE + 2 * DAY, "vi")
        assert (line["overdue"], line["left"]) == (True, "2 ngày")
    settle(platform, "uphold", made)
    with book(platform) as found:
        ((line,), _) = found.ended("", at + 90 * DAY, "en")
        assert not line["overdue"]
        assert found.overdue(at + 90 * DAY) == 0


def test_a_campaign_is_one_line_and_its_outliers_are_told(platform: Platform) -> None:
    """One line for all of them; from one of them the others, with their words and why apart."""
    answers = platform.stream(*copies(3))
    decided = [row[0] for row in rows(platform.folder, "SELECT id FROM decision ORDER BY about")]
    made = []
    for number, each in enumerate(decided):
        platform.clock[0] += 1_000_000
        made.append(appeal(platform, answers[2], each, f"Not me, {number}. " + "x" * 400))
    assert len(made) >= 3
    with book(platform) as found:
        ((line,), after) = found.waiting("", platform.clock[0], "en")
        assert (line["id"], line["together"], after) == (made[0], len(made), "")
    one = shown(platform, made[0])
    assert [each["id"] for each in one["beside"]] == made[1:]
    assert [each["text"][:9] for each in one["beside"]] == [
        f"Not me, {number}" for number in range(1, len(made))
    ]
    assert {len(each["text"]) for each in one["beside"]} == {appealbook.FIRST_WORDS + 1}
    store = platform.engine.store
    store.connection.execute("UPDATE case_subject SET apart = 'reply' WHERE decision = ?",
                             (decided[1],))  # fmt: skip
    assert next(each["apart"] for each in shown(platform, made[0])["beside"]) == "reply"
    assert shown(platform, made[1])["apart"] == "reply"
    settle(platform, "uphold", made[0])
    with book(platform) as found:
        ((line,), _) = found.waiting("", platform.clock[0], "en")
        assert (line["id"], line["together"]) == (made[1], len(made) - 1)


def test_who_may_decide_is_said_as_it_is_refused(platform: Platform) -> None:
    """Who had no part may; who decided may take it back, and alone reconsider; under no other
    spelling more. What it says and what the engine does are the same.
    """
    _, made = upheld(platform, by="Mia")
    assert may(platform, made, "lou") == Entitled("free", False, OUTCOMES)
    assert may(platform, made, "MIA") == Entitled("alone", False, OUTCOMES)
    with pytest.raises(BadUse, match="U242"):
        settle(platform, "uphold", made, by="mia")
    assert ask(platform, "claim", by="lou", queue="appeals")["case"]
    assert ask(platform, "claim", by="m\u0456a", queue="appeals")["case"] is None
    for name in ("mia", "m\u0456a"):
        assert may(platform, made, name) == Entitled("reverse", False, ("reversed",))
        with pytest.raises(BadUse, match="U243"):
            settle(platform, "uphold", made, by=name, alone=True)
    settle(platform, "reverse", made, by="mia")


def test_who_blacked_words_out_had_a_part_in_it(platform: Platform) -> None:
    """They may take it back; whether it was who decided it is told with what is left."""
    hid = {}
    for who in ("mia", "lou"):
        post = bags(who, who, 5)
        post["data"]["text"] = "cheap bags, ring 0901 234 567"
        platform.stream(post)
        (case,) = waiting(platform, "hold")
        ((record,),) = rows(platform.folder, "SELECT record FROM case_subject WHERE id = ?", case)
        asked = {"record": record, "words": ["0901 234 567"], "by": who, "fresh": True}
        session.perform(platform.engine, "black out", asked)
        decided = decide(platform, case, "uphold", "remove", by="mia")["decisions"][0]
        platform.clock[0] += 20_000_000
        platform.deliver()
        ((page,),) = rows(
            platform.folder, "SELECT DISTINCT statement FROM notice WHERE decision = ?", decided
        )
        assert platform.engine.change(AppealMade(platform.token(page), decided, "No."))
        query = "SELECT id FROM appeal WHERE decision = ?"
        ((made,),) = rows(platform.folder, query, decided)
        assert may(platform, made, who).kind in ("reverse", "alone")
        assert may(platform, made, "kim").kind == "free"
        (content,) = shown(platform, made)["evidence"]
        hid[who] = content["hid"]
        assert content["blacked_out"]
    assert hid == {"mia": True, "lou": False}


def test_the_author_of_a_rule_stands_behind_it(tmp_path: Path) -> None:
    """Whose version acted alone: said as theirs, not as a decision of their own."""
    with connected(tmp_path, rules=DESK_RULES) as platform:
        path = tmp_path / "rules" / "bags.rule"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("cheap bags", "cheap caps"), encoding="utf-8")
        assert platform.engine.reload("Ana Author")
        post = bags(1)
        (told,) = platform.stream({**post, "data": {**post["data"], "text": "cheap caps"}})
        made = appeal(platform, told)
        platform.engine.store.connection.execute("DELETE FROM appeal_behind")
        assert may(platform, made, "ana author") == Entitled("alone", True, OUTCOMES)
        assert may(platform, made, "bo").kind == "free"


def test_what_cannot_be_taken_back_nobody_reconsiders_alone(tmp_path: Path) -> None:
    """Then only another person decides it."""
    final = CONNECTED + '[connectors.chat.actions]\nhold = "exact"\nremove = "none"\n'
    look = {"shoes.rule": DESK_RULES["shoes.rule"].replace("remove this", 'alert "look"')}
    with connected(tmp_path, rules=look, settings=final) as platform:
        (told,) = platform.stream(shoes(1))
        (case,) = waiting(platform, "alert")
        decide(platform, case, "uphold", "remove", by="mia")
        decided = ask(platform, "confirm", case, by="lou")["decisions"][0]
        made = appeal(platform, told, decided)
        platform.clock[0] += 40 * DAY
        assert may(platform, made, "mia") == Entitled("final", False, ("reversed",))
        assert may(platform, made, "kim").kind == "free"
        assert shown(platform, made)["milder"][-1][0] == "hold"


def test_what_was_sealed_is_shown_and_kept(platform: Platform) -> None:
    """The content as it was decided about, both sides' words, and what could stand instead."""
    told, made = upheld(platform)
    found = shown(platform, made)
    (content,) = found["evidence"]
    assert (content["text"], content["account"], content["more"]) == ("cheap bags", "ana", 0)
    assert (content["kept"], content["kept_until"]) == ("open", None)
    assert [each["said"] for each in found["messages"]] == [{"und": "No."}]
    assert (found["of"], found["action"], found["by"]) == ("in force", "remove", "reviewer")
    actions = [action for action, _ in found["milder"]]
    assert "hold" in actions
    assert not {"remove", "suspend", "lock", "ban from room", "context"} & set(actions)
    act = {"action": "label", "text": "Advertising"}
    settle(platform, "partial", made, act=act, text={"en": "A label.", "vi": "Chỉ một nhãn."})
    after = shown(platform, made, lang="vi")
    assert (after["instead"]["action"], after["of"]) == ("label", "undone")
    assert after["messages"][1]["said"] == {"en": "A label.", "vi": "Chỉ một nhãn."}
    (page,) = [each for each in platform.page(told.statement).items if each.appeals]
    assert page.appeals[0].messages[0].said == {"en": "A label.", "vi": "Chỉ một nhãn."}
    (content,) = after["evidence"]
    assert content["kept_until"] is not None
    assert (after["ended"]["by"], after["ended"]["role"]) == ("lou", "appeals reviewer")


def test_an_erased_decision_is_shown_as_erased(platform: Platform) -> None:
    """It can be taken back or left alone, and nothing of it is read."""
    (told,) = platform.stream(bags(1))
    made = appeal(platform, told, text="Erase me")
    platform.engine.erase("chat", "ana")
    found = shown(platform, made)
    assert found["erased"]
    assert found["may"].outcomes == ("reversed", "omitted")
    assert found["evidence"][0]["gone"]
    assert found["messages"][0]["said"] == {"und": ""}
    with pytest.raises(BadUse, match="U243"):
        settle(platform, "uphold", made)
    settle(platform, "omit", made)


def test_the_message_of_the_preview_is_the_one_that_is_sent(platform: Platform) -> None:
    """Word for word, with every outcome; the same person is named where it was."""
    for number, (outcome, kept) in enumerate(
        {"uphold": "upheld", "reverse": "reversed", "omit": "omitted"}.items()
    ):
        (told,) = platform.stream(bags(number, f"person{number}", number))
        platform.deliver()
        made = appeal(platform, told)
        with book(platform) as found:
            subject, text = found.message(made, kept, platform.doors.name(), "en", same=False)
            again = found.message(made, kept, platform.doors.name(), "en", same=True)[1]
        assert ("nobody else" in again) == (kept != "reversed")
        settle(platform, outcome, made)
        platform.clock[0] += 3601 * 1_000_000
        sent = [each for each in platform.deliver() if each["type"] == "notice"]
        assert [(each["title"], each["text"].partition("\n\n")[0]) for each in sent][-1] == (
            subject,
            text,
        ), sent
    with book(platform) as found, pytest.raises(BadUse, match="U240"):
        found.message("app_none", "upheld", "x", "en", same=False)


def test_an_unknown_appeal_is_refused(platform: Platform) -> None:
    """By its code, whatever was asked for."""
    for wrong in ("app_none", "", "\udcff", "x" * 10_000):
        with pytest.raises(BadUse, match="U240"):
            shown(platform, wrong)
