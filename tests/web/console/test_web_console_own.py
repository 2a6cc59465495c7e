"""One's own page: only one's own, and what opens doors only while fresh."""

from __future__ import annotations

import pytest

from ombud.staff.credentials import FRESH
from staff.at_the_entrance import OTHER, PASSWORD
from web.console.staff_pages import Browser, said


def test_it_shows_where_one_is_logged_in(browser: Browser) -> None:
    """Each session with its browser's family, when and how it began; this one is marked."""
    browser.first()
    browser.forget()
    browser.log_in()
    page = said(browser.get("/me"))
    assert page.count("Some other browser") == 2
    assert page.count("this browser") == 1
    assert "by a one-time link" in page
    assert "by password" in page
    assert "2 March 2026" in page


def test_a_session_is_ended_and_all_others_are(browser: Browser) -> None:
    """By its id, which opens nothing; an id that is nobody's, or somebody else's, ends nothing."""
    browser.first()
    place = browser.place
    theirs = place.newcomer("Bình", "reviewer")
    others = [place.entrance.log_in("Ana", PASSWORD, "Firefox", "") for _ in range(3)]
    token = browser.token()
    for id_ in ("", "ses_unknown", "\0", place.visitor(theirs).session.id):
        browser.send("/me", {"form": token, "do": "end", "session": id_})
    assert len(place.entrance.sessions(place.visitor(others[0]))) == 4
    place.visitor(theirs)
    ended = place.visitor(others[0]).session.id
    answer = browser.send("/me", {"form": token, "do": "end", "session": ended})
    assert answer.headers["location"] == "/me?done=ended"
    assert place.entrance.visitor(others[0].cookie) is None
    answer = browser.send("/me", {"form": token, "do": "others"})
    assert answer.headers["location"] == "/me?done=others"
    assert [place.entrance.visitor(each.cookie) for each in others] == [None] * 3
    assert browser.get("/me").status_code == 200


def test_what_opens_doors_needs_a_fresh_proof(browser: Browser) -> None:
    """Password and passkeys; what shuts them, and how pages look, do not."""
    browser.first()
    token = browser.token()
    browser.place.clock.at += FRESH
    for do in ("password", "passkey", "drop"):
        page = browser.send("/me", {"form": token, "do": do, "password": OTHER})
        assert page.status_code == 403
        assert "Nothing was changed" in said(page)
        assert 'href="/fresh?next=/me"' in page.text
    assert 'name="do" value="password"' not in browser.get("/me").text
    for do in ("look", "end", "others"):
        assert browser.send("/me", {"form": token, "do": do}).status_code == 303
    browser.forget()
    assert browser.log_in(password=OTHER).status_code == 422


def test_the_password_is_changed(browser: Browser) -> None:
    """With a reason where it is refused; afterwards the old one opens nothing."""
    browser.first()
    token = browser.token()
    page = browser.send("/me", {"form": token, "do": "password", "password": "short"})
    assert "too short" in said(page)
    done = browser.send("/me", {"form": token, "do": "password", "password": OTHER})
    assert done.headers["location"] == "/me?done=password"
    browser.forget()
    assert browser.log_in().status_code == 422
    assert browser.log_in(password=OTHER).status_code == 303


@pytest.mark.parametrize("do", ["", "unknown", "added", "<script>"])
def test_nothing_else_can_be_asked_for(browser: Browser, do: str) -> None:
    """The list of what a form does is closed."""
    browser.first()
    assert browser.send("/me", {"form": browser.token(), "do": do}).status_code == 400


def test_colours_and_language_are_of_a_closed_list(browser: Browser) -> None:
    """Whatever a form says."""
    browser.first()
    fields = {"form": browser.token(), "do": "look", "lang": "xx", "theme": '"><script>'}
    browser.send("/me", fields)
    page = browser.get("/me").text
    assert "data-theme" not in page
    assert '<html lang="en"' in page


def test_at_a_number_no_passkey_can_be_made(browser: Browser) -> None:
    """The page says where one can; at this machine's name the form is there, with script."""
    browser.first()
    assert "data-passkey" not in browser.get("/me").text
    cookie = f"ombud={browser.client.cookies['ombud']}"
    browser.forget()
    page = browser.get("/me", host="localhost:8420", cookie=cookie).text
    assert 'data-passkey="create"' in page
    assert "/static/passkey.js?v=" in page
