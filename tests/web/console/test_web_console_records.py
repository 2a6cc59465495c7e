"""The auditor's page: who did what, for auditors alone, with reasons and without posts."""

from __future__ import annotations

import re

import pytest

from flow.case_desk import bags
from flow.small_community import line, rows
from ombud import casework, daywork, staffing, staffrecords
from ombud.staffrecords import _SAID
from ombud.store import sqlite
from ombud.web.words import TEXTS
from web.console.staff_pages import Browser, said
from web.console.test_web_console_lookup import WHY, come_in
from web.pretend_community import HOSTILE


@pytest.fixture
def auditor(browser: Browser) -> Browser:
    """An auditor at a community in which a reviewer has looked somebody up and judged."""
    browser.first()
    engine = browser.place.engine
    staffing.change(engine, "added", "Bình", "admin", roles=["reviewer"])
    engine.submit([line(bags(1))])
    look(browser, WHY)
    ((case,),) = rows(engine.folder, "SELECT id FROM review_case")
    told = {"case": case, "by": "Bình", "outcome": "release"}
    casework.perform(engine, "decide case", told)
    come_in(browser, "Dung", "auditor")
    return browser


def look(browser: Browser, reason: str) -> None:
    """Bình looks Ana up."""
    asked = {"kind": "member", "platform": "chat", "name": "ana", "reason": reason, "by": "Bình"}
    daywork.perform(browser.place.engine, "look up", asked)


def test_acts_stand_there_with_who_and_why(auditor: Browser) -> None:
    """In words, with the reason of the look-up; and nothing of the post."""
    page = said(auditor.get("/records"))
    assert "Released, 1 posts or flags of the case" in page
    assert f"Looked up: Member ana (chat) {WHY}" in page
    assert "Added Bình to the staff" in page
    assert "cheap bags" not in page


def test_others_are_not_let_in(auditor: Browser) -> None:
    """Neither reviewers nor admins, unless they are auditors too."""
    come_in(auditor, "Mia", "reviewer", "admin")
    assert auditor.get("/records").status_code == 403
    assert "/records" not in auditor.get("/me").text
    auditor.forget()
    assert auditor.get("/records").headers["location"] == "/login"


def test_one_persons_acts(auditor: Browser) -> None:
    """By the form, which is one of GET: it changes nothing."""
    token = staffing.token(auditor.place.engine, "Bình")
    page = auditor.get(f"/records?of={token}")
    assert "Looked up" in said(page)
    assert "to the staff" not in said(page)
    assert re.search(rf'value="{token}"[^>]* selected', page.text)
    for odd in ("x", "-1", "9" * 30, "9" * 19):
        assert "to the staff" in said(auditor.get(f"/records?of={odd}"))


def test_pages_go_on(auditor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """And end."""
    monkeypatch.setattr(staffrecords, "PAGE", 2)
    path, pages = "/records", 0
    while path:
        page = auditor.get(path)
        pages += 1
        more = re.findall(r'href="(/records\?before=\d+)', page.text)
        path = more[0] if more else ""
    assert pages > 1
    assert "There is nothing older" in said(auditor.get("/records?before=1"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_reasons_stay_text(auditor: Browser, hostile: str) -> None:
    """Whoever writes one writes for auditors."""
    look(auditor, f"{WHY} {hostile}"[:500])
    assert rows(auditor.place.engine.folder, "SELECT count(*) FROM lookup") == [(2,)]
    page = auditor.get("/records")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "\u202e" not in page.text


def test_every_act_has_its_sentence() -> None:
    """Of all that the index takes."""
    kinds = re.findall(r"'!(\w+)'", sqlite.named(sqlite.text_of("queries.sql"))["staff_acts"])
    assert len(kinds) > 10
    assert {f"records.did.{each}" for each in kinds} <= set(TEXTS)
    assert set(_SAID) <= set(kinds)
