"""The look-up pages: nothing without a reason, nothing to others, and to act is to open a case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import bags, flag
from flow.small_community import SETTINGS, event, line, rows
from ombud import casework
from ombud.clock import SECOND
from ombud.controls.lookup import LASTS
from ombud.finding import Found
from ombud.web.console.lookup import key
from staff.at_the_entrance import PASSWORD
from web.console.cases_at_hand import at_work, tell, waiting
from web.console.staff_pages import NAMED, Browser, open_pages, said
from web.pretend_community import HOSTILE

WHY = "A neighbour wrote to us about it."


def come_in(browser: Browser, name: str, *roles: str) -> None:
    """Somebody of the staff comes in, in another browser."""
    link = browser.place.add(name, *roles)
    browser.forget()
    browser.send(f"/link/{link}", {"password": PASSWORD})


@pytest.fixture
def reviewer(tmp_path: Path) -> Iterator[Browser]:
    """A reviewer at a community in which Ana wrote, and one post of hers is held."""
    with open_pages(tmp_path, SETTINGS + NAMED) as browser:
        browser.first()
        come_in(browser, "Bình", "reviewer")
        posts = [event(1, text="hello"), bags(2, at=1)]
        browser.place.engine.submit([line(each) for each in posts])
        yield browser


def ask(browser: Browser, what: str, reason: str = WHY, **more: str) -> Any:
    """The form."""
    fields = {"form": browser.token("/lookup"), "what": what, "reason": reason, **more}
    return browser.send("/lookup", fields)


def looked(browser: Browser, what: str, **more: str) -> str:
    """Where a look-up leads."""
    path = str(ask(browser, what, **more).headers["location"])
    assert re.fullmatch(r"/lookup/look_[\w-]+", path)
    return path


def test_a_member_is_seen_only_by_a_look_up(reviewer: Browser) -> None:
    """The address of the look-up shows them; any other leads to the form that asks why."""
    path = looked(reviewer, "@ana")
    page = said(reviewer.get(path))
    assert "Member ana" in page
    assert WHY in page
    assert "Posts that were accepted1" in page
    assert page.count("in force") == 1
    nowhere = reviewer.get("/lookup/look_other")
    assert (nowhere.status_code, nowhere.headers["location"]) == (303, "/lookup?done=lookup")
    assert "say first whom you look up, and why" in said(reviewer.get("/lookup?done=lookup"))


def test_no_reason_no_look(reviewer: Browser) -> None:
    """What was typed stays; nothing is journalled."""
    page = ask(reviewer, "ana", "because")
    assert page.status_code == 422
    assert "it needs a reason" in said(page)
    assert "because" in page.text
    assert not rows(reviewer.place.engine.folder, "SELECT 1 FROM journal WHERE type = '!lookup'")


def test_somebody_elses_look_up_shows_nothing(reviewer: Browser) -> None:
    """Nor one's own after an hour, nor anything to who may not look up, nor to strangers."""
    path = looked(reviewer, "ana")
    come_in(reviewer, "Chi", "appeals reviewer")
    assert reviewer.get(path).headers["location"] == "/lookup?done=lookup"
    come_in(reviewer, "Uyên", "author")
    assert reviewer.get(path).status_code == 403
    assert reviewer.get("/lookup").status_code == 403
    reviewer.forget()
    assert reviewer.get(path).headers["location"] == "/login"
    assert reviewer.log_in("Bình").status_code == 303
    assert reviewer.get(path).status_code == 200
    reviewer.place.clock.at += LASTS + SECOND
    assert reviewer.get(path).headers["location"] == "/lookup?done=lookup"


def test_a_get_looks_nobody_up(reviewer: Browser) -> None:
    """However its address is made."""
    reviewer.get(f"/lookup?what=ana&reason={WHY}")
    assert not rows(reviewer.place.engine.folder, "SELECT 1 FROM lookup")


def test_a_form_without_its_token_looks_nobody_up(reviewer: Browser) -> None:
    """Nor opens a case."""
    asked = {"what": "ana", "reason": WHY, "form": "x"}
    assert reviewer.send("/lookup", asked).status_code == 403
    path = looked(reviewer, "e1")
    assert reviewer.send(path, {"clause": "spam.links", "form": "x"}).status_code == 403
    query = "SELECT 1 FROM review_case WHERE reason = 'looked up'"
    assert not rows(reviewer.place.engine.folder, query)


def test_what_can_mean_several_things_is_asked(reviewer: Browser) -> None:
    """With what was typed kept; the choice leads on. What is no choice asks again."""
    told = event(7, 9, source="forum/x", author={"id": "ana"})
    reviewer.place.engine.submit([line(told)])
    page = ask(reviewer, "ana")
    assert page.status_code == 200
    assert "This can mean several things" in said(page)
    assert WHY in page.text
    assert ask(reviewer, "ana", meant="member/moon/ana").status_code == 200
    meant = key(Found("member", "forum", "ana"))
    assert f'value="{meant}"' in page.text
    assert "forum" in said(reviewer.get(looked(reviewer, "ana", meant=meant)))


def test_what_is_not_known_is_said_to_be_not_known(reviewer: Browser) -> None:
    """With what to try."""
    page = ask(reviewer, "nobody at all")
    assert page.status_code == 422
    assert "Nothing that is known here is called so" in said(page)


def test_a_link_leads_to_the_post_and_to_a_case(reviewer: Browser) -> None:
    """Whoever judges opens a case from there, has it, and goes to it."""
    path = looked(reviewer, "https://chat.example/chat/hall/e1")
    page = reviewer.get(path)
    assert "hello" in said(page)
    chosen = {"form": reviewer.token(path), "clause": "spam.links"}
    going = reviewer.send(path, chosen).headers["location"]
    ((case, held),) = rows(
        reviewer.place.engine.folder,
        "SELECT id, holder IS NOT NULL FROM review_case WHERE reason = 'looked up'",
    )
    assert (going, held) == (f"/cases/{case}", 1)
    wrong = reviewer.send(path, {**chosen, "clause": "no.such"})
    assert wrong.status_code == 422
    assert "No case about this can be opened" in said(wrong)


def test_a_case_of_ones_own_needs_no_reason(reviewer: Browser) -> None:
    """The page says that the case is the reason."""
    engine = reviewer.place.engine
    ((case,),) = rows(engine.folder, "SELECT id FROM review_case")
    assert ask(reviewer, "ana", "").status_code == 422
    casework.perform(engine, "claim case", {"case": case, "by": "Bình"})
    page = said(reviewer.get(looked(reviewer, "ana", reason="")))
    assert f"The reason is the case {case}" in page


def test_auditors_see_no_words(reviewer: Browser) -> None:
    """They may look up, and what posts say is not for them; nor can they open a case."""
    come_in(reviewer, "Dung", "auditor")
    path = looked(reviewer, "e1")
    page = reviewer.get(path)
    assert "hello" not in said(page)
    assert "shown to those who decide" in said(page)
    assert "<select" not in page.text
    chosen = {"form": reviewer.token(path), "clause": "spam.links"}
    assert reviewer.send(path, chosen).status_code == 422
    query = "SELECT 1 FROM review_case WHERE reason = 'looked up'"
    assert not rows(reviewer.place.engine.folder, query)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(reviewer: Browser, hostile: str) -> None:
    """In what is asked for, in reasons, in names and posts."""
    hostile = hostile.encode("utf-8", "replace").decode()
    asked = ask(reviewer, hostile[:400], hostile)
    assert asked.status_code in (303, 422)
    assert "<script>" not in asked.text
    names = {
        "author": {"id": "odd", "name": hostile[:500]},
        "room": {"id": "r", "name": hostile[:500]},
    }
    (answer,) = reviewer.place.engine.submit([line(event("x", 5, text=hostile or "-", **names))])
    assert not isinstance(answer, Exception), answer
    page = reviewer.get(looked(reviewer, "ex", reason=f"{WHY} {hostile}"[:500]))
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert not re.findall(r"(?:href|src)=[\"']?javascript:", page.text)
    assert "\u202e" not in page.text
    assert "http" not in " ".join(re.findall(r'(?:href|src)="([^"]*)"', page.text))


def test_pages_go_on(reviewer: Browser) -> None:
    """Older decisions are one link away, and what is no number is the beginning."""
    posts = [bags(f"m{n}", who="lan", at=50 + n) for n in range(25)]
    reviewer.place.engine.submit([line(each) for each in posts])
    path = looked(reviewer, "lan")
    first = reviewer.get(path)
    (more,) = re.findall(r'href="[^"]*\?before=(\d+)', first.text)
    second = reviewer.get(f"{path}?before={more}")
    assert "?before=" not in second.text
    assert said(reviewer.get(f"{path}?before=-1")).count("hold") == said(first).count("hold")
    assert "There is nothing older" in said(reviewer.get(f"{path}?before=1"))


def buttons(browser: Browser, case: str) -> dict[str, dict[str, str]]:
    """The forms of a case that look something up, by kind."""
    page = browser.get(f"/cases/{case}").text
    forms = re.findall(r'<form method="post" action="/lookup">(.*?)</form>', page, re.DOTALL)
    found = [dict(re.findall(r'name="(\w+)" value="([^"]*)"', each)) for each in forms]
    return {each["meant"].partition("/")[0]: each for each in found}


def test_a_case_leads_to_a_look_up(reviewer: Browser) -> None:
    """Of one's own no reason is asked; else the form stands filled in, and nothing is done yet."""
    ((case,),) = rows(reviewer.place.engine.folder, "SELECT id FROM review_case")
    found = buttons(reviewer, case)
    assert set(found) == {"member", "room"}
    page = reviewer.send("/lookup", found["member"])
    assert page.status_code == 200
    assert 'value="ana"' in page.text
    assert f">\n{case}: </textarea>" in page.text
    assert rows(reviewer.place.engine.folder, "SELECT count(*) FROM lookup") == [(0,)]
    asked = {"case": case, "by": "Bình", "role": "reviewer"}
    casework.perform(reviewer.place.engine, "claim case", asked)
    done = reviewer.send("/lookup", buttons(reviewer, case)["member"])
    assert done.status_code == 303
    assert rows(reviewer.place.engine.folder, "SELECT review FROM lookup") == [(case,)]
    assert "do" in buttons(reviewer, case)["room"]


def test_a_flag_leads_to_no_look_up_of_who_made_it(tmp_path: Path) -> None:
    """Nor to anything else."""
    with at_work(tmp_path) as browser:
        tell(browser, event(1, text="hello"), flag(1, "post/e1", "neighbour", 90))
        (case,) = waiting(browser, "alert")
        assert browser.get(f"/cases/{case}").status_code == 200
        assert buttons(browser, case) == {}
