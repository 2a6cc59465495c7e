"""The staff page: for admins, while they are fresh; names as text, links once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ombud import staffing
from ombud.staff.credentials import FRESH
from ombud.staff.roles import ROLES, Member
from staff.at_the_entrance import PASSWORD
from web.console.staff_pages import Browser, said
from web.page_elements import Elements
from web.pretend_community import HOSTILE


def add(browser: Browser, name: str, *roles: str, **more: Any) -> Any:
    """Add somebody by the form."""
    fields = {"form": browser.token("/staff"), "do": "added", "name": name, "role": roles, **more}
    return browser.send("/staff", fields)


def act(browser: Browser, do: str, name: str | int, **more: Any) -> Any:
    """One of the other forms."""
    who = name if isinstance(name, int) else staffing.token(browser.place.engine, name)
    return browser.send(
        "/staff", {"form": browser.token("/staff"), "do": do, "who": str(who), **more}
    )


def link_in(page: Any) -> str:
    """The one-time link on a page, as a path."""
    (found,) = re.findall(r"http://localhost\.local(/link/[\w-]+)", page.text)
    return str(found)


def test_somebody_is_added_and_comes_in(browser: Browser) -> None:
    """The link stands on the answer and nowhere again; by it they come in, with their roles."""
    browser.first()
    page = add(browser, "Bình", "reviewer", queues="spam\r\n\r\n raid \n", action=["hold", "warn"])
    assert page.status_code == 200
    link = link_in(page)
    assert link not in browser.get("/staff").text
    member = browser.place.engine.staff[staffing.token(browser.place.engine, "Bình")]
    assert member == Member(("reviewer",), ("spam", "raid"), ("warn", "hold"))
    assert "Only these queues: spam, raid" in said(browser.get("/staff"))
    browser.forget()
    assert browser.send(link, {"password": PASSWORD}).headers["location"] == "/me"
    assert browser.get("/staff").status_code == 403


def test_roles_are_changed_and_people_kept_out_and_let_in(browser: Browser) -> None:
    """Each by its button; the page then says so."""
    browser.first()
    add(browser, "Bình", "reviewer")
    engine = browser.place.engine
    whose = staffing.token(engine, "Bình")
    assert act(browser, "roles", "Bình", role=["author", "auditor"]).headers["location"] == (
        "/staff?done=roles"
    )
    assert engine.staff[whose].roles == ("author", "auditor")
    assert act(browser, "suspended", "Bình").status_code == 303
    assert engine.staff[whose].suspended
    page = browser.get("/staff?done=suspended")
    assert "Suspended, and out at once." in said(page)
    assert 'value="restored"' in page.text
    assert "are suspended" in said(act(browser, "link", "Bình"))
    assert act(browser, "restored", "Bình").status_code == 303
    assert link_in(act(browser, "link", "Bình")).startswith("/link/")
    assert act(browser, "removed", "Bình").status_code == 303
    assert whose not in engine.staff


def test_what_is_refused_is_told_in_the_readers_language(browser: Browser) -> None:
    """And what was typed is still there."""
    browser.first()
    add(browser, "Bình", "reviewer")
    page = add(browser, "BÌNH", "author", queues="spam")
    assert page.status_code == 422
    assert "looks the same" in said(page)
    assert 'value="BÌNH"' in page.text
    assert re.search(r'id="new-role-2" name="role" value="author" checked', page.text)
    assert "at least one role" in said(add(browser, "Chi"))
    assert "cannot be somebody" in said(add(browser, "admin", "author"))
    assert "nobody could change" in said(act(browser, "suspended", "Ana")).lower()
    assert "already" in said(act(browser, "restored", "Bình"))
    assert "Nobody of the staff" in said(act(browser, "removed", 5))
    token = browser.token("/staff")
    fields = {"form": token, "do": "removed", "who": "٥"}
    assert "Nobody of the staff" in said(browser.send("/staff", fields))
    fields = {"form": token, "do": "added", "name": "Chi"}
    assert "ít nhất một vai trò" in said(browser.send("/staff?lang=vi", fields))
    assert browser.send("/staff", {"form": token, "do": "promoted"}).status_code == 400


def test_nothing_is_changed_by_who_is_not_fresh(browser: Browser) -> None:
    """The page then has no forms for it, and a form sent all the same does nothing."""
    browser.first()
    add(browser, "Bình", "reviewer")
    browser.place.clock.at += FRESH
    before = browser.place.engine.staff
    page = browser.get("/staff")
    assert 'name="do"' not in page.text
    assert 'href="/fresh?next=/staff"' in page.text
    for do in ("roles", "suspended", "removed", "link"):
        assert act(browser, do, "Bình", role=["admin"]).status_code == 403
    assert add(browser, "Chi", "author").status_code == 403
    assert browser.place.engine.staff is before


@pytest.mark.parametrize("role", [each for each in ROLES if each != "admin"])
def test_it_is_for_admins(browser: Browser, role: str) -> None:
    """Nobody else sees who there is or changes anything, and has no link to it."""
    browser.first()
    browser.forget()
    link = browser.place.add("Bình", role)
    browser.send(f"/link/{link}", {"password": PASSWORD})
    assert browser.get("/staff").status_code == 403
    assert "Ana" not in browser.get("/staff").text
    assert 'href="/staff"' not in browser.get("/me").text
    fields = {"form": browser.token(), "do": "added", "name": "Chi", "role": "admin"}
    assert browser.send("/staff", fields).status_code == 403
    assert len(browser.place.engine.staff) == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_breaks_no_page(browser: Browser, name: str) -> None:
    """Refused, or shown as text: the page has the elements that it has with a plain name."""
    browser.first()
    typed = name.encode("utf-8", "replace").decode()
    page = add(browser, typed, "reviewer")
    assert page.status_code in (200, 422)
    assert len(page.text) < 60_000
    assert not {"script", "img"} & set(Elements(page.text).counts())
    hostile = Elements(browser.get("/staff").text).shape()
    if page.status_code == 200:
        act(browser, "removed", typed)
        add(browser, "Zzz", "reviewer")
        plain = sorted(Elements(browser.get("/staff").text).shape())
        assert sorted(hostile) == plain


def test_a_link_leads_where_passkeys_are_for(browser: Browser) -> None:
    """To the address by which the page was opened."""
    browser.first()
    cookie = f"ombud={browser.client.cookies['ombud']}"
    token = browser.token("/staff")
    browser.forget()
    headers = {"sec-fetch-site": "same-origin", "host": "localhost:8420", "cookie": cookie}
    fields = {"form": token, "do": "added", "name": "Bình", "role": "author"}
    page = browser.send("/staff", fields, headers=headers)
    assert "http://localhost:8420/link/" in page.text
