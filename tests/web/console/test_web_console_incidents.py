"""The pages of an incident's file: asked for, shown to who asked, saved, handed over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import bags, shoes
from flow.small_community import event, rows
from ombud.clock import SECOND
from ombud.controls.lookup import LASTS
from ombud.web.console.incidents import _ids, _instant
from web.console.cases_at_hand import act, at_work, colleague, led, tell, waiting
from web.console.staff_pages import Browser, said
from web.pretend_community import HOSTILE

WHY = "The night crew has to know what happened."


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Ana decides cases; two wait, about two people."""
    with at_work(tmp_path) as found:
        tell(found, bags(1), shoes(2, "lan", 60))
        yield found


def ask(browser: Browser, cases: str = "", reason: str = WHY, **more: str) -> Any:
    """The form."""
    fields = {"form": browser.token("/incidents"), "cases": cases, "reason": reason, **more}
    return browser.send("/incidents", fields)


def made(browser: Browser, *cases: str, **more: str) -> str:
    """Where the file of some cases is."""
    path = led(ask(browser, "\n".join(cases), **more))[0]
    assert re.fullmatch(r"/incidents/look_[\w-]+", path)
    return path


def test_a_file_of_cases_is_shown_to_who_asked_for_an_hour(browser: Browser) -> None:
    """To others, later and unasked the address leads to the form."""
    path = made(browser, *waiting(browser))
    page = browser.get(path)
    told = said(page)
    assert "cheap bags" in told
    assert "The rule bags decided: hold" in told
    assert "1 still to be judged" in told
    assert led(browser.get("/incidents/look_none"))[0] == "/incidents"
    ana = colleague(browser, "Bình", "reviewer")
    for each in (path, f"{path}/incident.md", f"{path}/incident.json"):
        assert led(browser.get(each)) == ("/incidents", {"done": "incident"})
    browser.forget()
    browser.client.cookies["ombud"] = ana
    browser.place.clock.at += LASTS + SECOND
    assert led(browser.get(path))[0] == "/incidents"


def test_a_case_leads_to_its_file_and_needs_no_reason_where_one_has_it(browser: Browser) -> None:
    """The link fills the form in; a GET makes nothing."""
    first, _ = waiting(browser)
    link = re.findall(r'href="(/incidents\?case=[^"]+)"', browser.get(f"/cases/{first}").text)[0]
    assert f">\n{first}</textarea>" in browser.get(link).text
    assert rows(browser.place.engine.folder, "SELECT count(*) FROM lookup") == [(0,)]
    refused = ask(browser, first, "")
    assert refused.status_code == 422
    assert f">\n{first}</textarea>" in refused.text
    act(browser, first, "claim")
    assert browser.get(made(browser, first, reason="")).status_code == 200


def test_a_time_is_a_file_too(browser: Browser) -> None:
    """In UTC as the browser's field sends it; what is no time is told."""
    hours = {"since": "2026-03-01T00:00", "until": "2026-03-03T00:00"}
    page = browser.get(led(ask(browser, **hours))[0])
    assert "cheap shoes" in said(page)
    for odd in ({"since": "soon"}, {"since": hours["until"], "until": hours["since"]}, {}):
        refused = ask(browser, **odd)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
    assert _instant("") == 0
    assert _instant("2026-03-01T00:00") == _instant("2026-03-01T00:00+00:00") > 0
    assert _instant("٢٠٢٦") == -1
    assert _ids("https://x.example/cases/cas_1?lang=vi, cas_2\ncas_3/") == [
        "cas_1",
        "cas_2",
        "cas_3",
    ]


def test_it_is_saved_as_markdown_and_data(browser: Browser) -> None:
    """Under a name of its own, to be saved and not opened, with nobody of the staff in it."""
    first, _ = waiting(browser)
    act(browser, first, "claim")
    path = made(browser, first)
    saved = browser.get(f"{path}/incident.md?lang=vi")
    assert saved.headers["content-type"].startswith("text/markdown")
    assert re.fullmatch(
        r'attachment; filename="incident-\d{4}-\d\d-\d\d\.md"', saved.headers["content-disposition"]
    )
    assert saved.text.startswith("# Hồ sơ sự cố")
    assert "    cheap shoes" in saved.text
    data = json.loads(browser.get(f"{path}/incident.json").text)
    assert data["cases"][0]["with"] == {"role": "admin"}
    assert not {"hidden", "stands_until"} - {"hidden"} & set(data)


def test_cases_are_handed_over_with_a_note(browser: Browser) -> None:
    """All that is open and that nobody else is judging; the rest is said to have stayed."""
    first, second = waiting(browser)
    path = made(browser, first, second)
    ana = colleague(browser, "Bình", "reviewer")
    act(browser, second, "claim")
    browser.forget()
    browser.client.cookies["ombud"] = ana
    fields = {"form": browser.token("/me"), "to": "Bình", "note": "Ask the ferry people."}
    assert led(browser.send(path, fields))[1] == {"done": "incident handed in part"}
    page = said(browser.get(path))
    assert "With Bình, reviewer." in page
    assert page.count("Ask the ferry people.") == 2
    query = "SELECT id FROM review_case WHERE assigned IS NOT NULL"
    assert rows(browser.place.engine.folder, query) == [(first,)]
    long = {**fields, "note": "x" * 3000}
    refused = browser.send(path, long)
    assert refused.status_code == 422
    assert "x" * 3000 in refused.text
    assert browser.send(path, {**fields, "to": "Nobody"}).status_code == 422


def test_an_auditor_sees_who_made_it_and_why(browser: Browser) -> None:
    """And has a file without texts, from which nothing can be handed over."""
    cases = waiting(browser)
    made(browser, *cases)
    colleague(browser, "Dung", "auditor")
    page = said(browser.get("/records"))
    assert f"Incident file: {cases[0]}, {cases[1]}" in page
    assert WHY in page
    path = made(browser, cases[0])
    told = browser.get(path)
    assert "cheap bags" not in told.text
    assert 'name="to"' not in told.text
    assert "only for who judges the case" in said(told)
    assert "cheap bags" not in browser.get(f"{path}/incident.json").text
    look = path.rpartition("/")[2]
    assert led(browser.get(f"/lookup/{look}"))[0] == path


def test_who_may_look_up_nothing_has_no_file(browser: Browser) -> None:
    """Neither the form nor a file."""
    colleague(browser, "An", "author")
    for path in ("/incidents", "/incidents/look_x", "/incidents/look_x/incident.md"):
        assert browser.get(path).status_code == 403


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_posts_and_reasons_stay_text(browser: Browser, hostile: str) -> None:
    """On the page and in what is saved."""
    hostile = hostile.encode("utf-8", "replace").decode()
    tell(browser, event(9, 90, text=f"cheap bags {hostile}", author={"id": "eve"}))
    newest = rows(browser.place.engine.folder, "SELECT id FROM review_case ORDER BY seq DESC")[0][0]
    path = made(browser, newest, reason=f"{WHY} {hostile}"[:500])
    for each in (path, f"{path}/incident.md", f"{path}/incident.json"):
        page = browser.get(each)
        assert page.status_code == 200
        assert "\u202e" not in page.text
    assert "<script>" not in browser.get(path).text
