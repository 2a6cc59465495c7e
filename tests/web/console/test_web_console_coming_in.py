"""Logging in and out, the first account, one-time links, showing again who one is: the pages."""

from __future__ import annotations

import pytest

from ombud.clock import HOUR
from ombud.staff.credentials import FRESH
from staff.at_the_entrance import HERE, OTHER, PASSWORD
from staff.soft_authenticator import Device
from web.console.staff_pages import FROM_HERE, Browser, said
from web.page_elements import Elements
from web.pretend_community import HOSTILE

LOCALHOST = {**FROM_HERE, "host": "localhost:8420"}


def test_from_the_first_link_to_logging_out(browser: Browser) -> None:
    """The whole way by plain forms: link, account, own page, out, in again."""
    assert "no account yet" in said(browser.get("/login"))
    link = f"/start/{browser.place.first_link()}"
    assert "The first account" in said(browser.get(link))
    made = browser.send(link, {"name": "Ana", "password": PASSWORD})
    assert (made.status_code, made.headers["location"]) == (303, "/me?done=first")
    assert "Ana" in said(browser.get("/me"))
    assert browser.get("/login").headers["location"] == "/cases"
    out = browser.send("/logout", {"form": browser.token()})
    assert out.headers["location"] == "/login?done=left"
    assert "You are logged out." in said(browser.get("/login?done=left"))
    assert browser.get("/me").status_code == 303
    assert browser.log_in().headers["location"] == "/cases"
    assert "no account yet" not in said(browser.get("/ledger"))
    assert browser.get("/me").status_code == 200


def test_a_used_or_unknown_link_says_what_to_do(browser: Browser) -> None:
    """On a page in both languages, for a look and for a form; it gives nothing away."""
    link = browser.place.first_link()
    unknown = browser.get("/start/unknown")
    browser.send(f"/start/{link}", {"name": "Ana", "password": PASSWORD})
    for path in (f"/start/{link}", f"/link/{link}", "/start/unknown", "/link/" + "x" * 5000):
        for page in (browser.get(path), browser.send(path, {"name": "B", "password": PASSWORD})):
            assert page.status_code == 404
            assert "opens nothing any more" in said(page)
            assert "không còn mở được gì" in said(page)
            assert page.text.count("<h1") == 1
    assert said(unknown) == said(browser.get("/start/unknown"))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_wrong_login_says_so_and_no_more(browser: Browser, lang: str) -> None:
    """The same page for a wrong password and an unknown name, but for the name that was typed; the
    password is never written back.
    """
    browser.first()
    browser.forget()
    pages = []
    for name in ("Ana", "Unknown"):
        page = browser.send(f"/login?lang={lang}", {"name": name, "password": OTHER})
        assert page.status_code == 422
        assert OTHER not in page.text
        assert f'value="{name}"' in page.text
        assert "set-cookie" not in page.headers
        pages.append(page.text.replace(name, "NAME"))
    assert pages[0] == pages[1]
    assert 'role="alert"' in pages[0]


def test_who_must_wait_is_told_how_long(browser: Browser) -> None:
    """In words and for programs."""
    browser.first()
    browser.forget()
    for _ in range(3):
        browser.log_in(password=OTHER)
    page = browser.log_in()
    assert (page.status_code, page.headers["retry-after"]) == (429, "2")
    assert "Wait 2 seconds" in said(page)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_breaks_no_page(browser: Browser, name: str) -> None:
    """Typed to log in or for the first account: shown as text, in a page of the same elements."""
    plain = browser.send("/login", {"name": "Somebody", "password": "x"})
    typed = name.encode("utf-8", "replace").decode()
    page = browser.send("/login", {"name": typed, "password": "x"})
    assert page.status_code == 422
    assert Elements(page.text).shape() == Elements(plain.text).shape()
    assert len(page.text) < 20_000
    link = f"/start/{browser.place.first_link()}"
    plain = browser.send(link, {"name": "admin", "password": PASSWORD})
    page = browser.send(link, {"name": typed, "password": PASSWORD})
    assert plain.status_code == 422
    if page.status_code == 422:
        assert Elements(page.text).shape() == Elements(plain.text).shape()
    else:
        shown = browser.get("/me")
        assert shown.status_code == 200
        assert Elements(shown.text).others == ["doctype html"]
        assert not {"script", "img"} & set(Elements(shown.text).counts())


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("tiny pw", "too short"),
        ("x" * 300, "too long"),
        ("ababababababab", "repeats"),
        ("Quang Minh 2026", "is the name"),
    ],
)
def test_a_password_that_is_none_is_refused_with_a_reason(
    browser: Browser, password: str, words: str
) -> None:
    """The name stays in its field, the password does not; the link is still good."""
    link = f"/start/{browser.place.first_link()}"
    page = browser.send(link, {"name": "Quang Minh", "password": password})
    assert page.status_code == 422
    assert words in said(page)
    assert 'value="Quang Minh"' in page.text
    assert password not in page.text
    assert browser.send(link, {"name": "Quang Minh", "password": PASSWORD}).status_code == 303


def test_a_newcomer_chooses_a_password(browser: Browser) -> None:
    """By the link, once; the page calls them by name, and the name cannot be changed by it."""
    browser.first()
    browser.forget()
    link = f"/link/{browser.place.add('<b>Bình</b>', 'reviewer')}"
    page = browser.get(link)
    assert "&lt;b&gt;Bình&lt;/b&gt;" in page.text
    wrong = browser.send(link, {"password": "short", "name": "Somebody else"})
    assert "too short" in said(wrong)
    made = browser.send(link, {"password": PASSWORD, "name": "Somebody else"})
    assert made.headers["location"] == "/me"
    assert "<b>Bình</b>" in said(browser.get("/me"))
    assert browser.get(link).status_code == 404
    stranger = browser.get("/staff")
    assert stranger.status_code == 403
    assert "for other roles" in said(stranger)


def test_a_link_that_ended_while_the_page_was_open(browser: Browser) -> None:
    """Says so, and nothing was changed."""
    link = f"/start/{browser.place.first_link()}"
    assert browser.get(link).status_code == 200
    browser.place.clock.at += HOUR
    assert browser.send(link, {"name": "Ana", "password": PASSWORD}).status_code == 404
    assert browser.place.entrance.empty


def test_showing_again_who_one_is(browser: Browser) -> None:
    """A wrong password is told; a right one leads on to where it was asked."""
    browser.first()
    browser.place.clock.at += FRESH
    page = browser.get("/fresh?next=/staff&lang=vi")
    assert "Xác nhận lại đó là bạn" in said(page)
    assert 'name="next" value="/staff"' in page.text
    fields = {"form": browser.token("/fresh"), "password": OTHER, "next": "/staff"}
    wrong = browser.send("/fresh?next=/staff", fields)
    assert wrong.status_code == 422
    assert 'name="next" value="/staff"' in wrong.text
    assert "To change anything here" in said(browser.get("/staff"))
    right = browser.send("/fresh?lang=vi", {**fields, "password": PASSWORD})
    assert right.headers["location"] == "/staff?done=proven&lang=vi"
    assert "To change anything here" not in said(browser.get("/staff"))


def test_a_passkey_by_form(browser: Browser) -> None:
    """Made on one's own page, then used to log in and to show again who one is; the answer to an
    old question is refused in words.
    """
    browser.first()
    entrance, device = browser.place.entrance, Device()
    cookie = browser.client.cookies["ombud"]
    options = entrance.ask_new_passkey(browser.place.seen(cookie), HERE, "x")
    fields = {"form": browser.token(), "do": "passkey", "name": " phone "}
    fields["credential"] = device.made(options, HERE.origin)
    browser.client.headers["cookie"] = f"ombud={cookie}"
    added = browser.send("/me", fields, headers=LOCALHOST)
    assert added.headers["location"] == "/me?done=passkey"
    again = browser.send("/me", fields, headers=LOCALHOST)
    assert "was not taken" in said(again)
    browser.place.clock.at += FRESH
    options = str(entrance.ask_proof(browser.place.seen(cookie), HERE))
    proof = {"form": fields["form"], "credential": device.proof(options, HERE.origin)}
    assert browser.send("/fresh", proof, headers=LOCALHOST).headers["location"] == "/me?done=proven"
    del browser.client.headers["cookie"]
    answer = {"credential": device.proof(entrance.ask_passkey(HERE), HERE.origin)}
    assert browser.send("/login", answer, headers=LOCALHOST).headers["location"] == "/cases"
    refused = browser.send("/login", answer, headers=LOCALHOST)
    assert refused.status_code == 422
    assert "was not taken" in said(refused)
