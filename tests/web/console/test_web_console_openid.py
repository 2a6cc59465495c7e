"""Leaving for the provider and coming back, as a browser sends it; what the pages tell of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ombud import clock
from ombud.staff.credentials import FRESH
from staff.openid_provider import CLIENT, SECRET, Provider, logged_in, providing
from test_sign_on import SETTINGS
from web.console.staff_pages import Browser, open_pages, said

BACK = "http://localhost.local/openid/back"


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider on loopback, whose people return to the pages of the tests."""
    with providing(BACK) as made:
        yield made


@pytest.fixture
def browser(tmp_path: Path, provider: Provider) -> Iterator[Browser]:
    """The pages of a community with one account, Ana's; nobody is in."""
    settings = SETTINGS.format(issuer=provider.issuer, client=CLIENT)
    (tmp_path / "secret").write_text(SECRET)
    with open_pages(tmp_path, settings) as opened:
        opened.place.clock.at = clock.now()
        opened.first()
        opened.forget()
        yield opened


def leads_to(page: Any) -> str:
    """Where a page goes on to by itself, which is where its link leads too."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found is not None, page.text
    assert f'href="{found[1]}"' in page.text
    return html.unescape(found[1])


def away(browser: Browser, user: str, **fields: str) -> Any:
    """Leave by a form, log in there, and come back: the answer to that."""
    left = browser.send("/openid", fields)
    assert left.status_code == 200, left.text
    answer = logged_in(leads_to(left), user)
    return browser.get(f"/openid/back?{urlencode(answer)}")


def bound(browser: Browser) -> Any:
    """Bình, who comes in by the provider: the page that they come back to."""
    link = browser.place.add("Bình", "admin")
    assert "Instead of a password" in said(browser.get(f"/link/{link}"))
    return away(browser, "binh", do="link", link=link)


def test_somebody_comes_in_by_their_link_and_again(browser: Browser) -> None:
    """The page goes on to their own; its cookie stays with this site, the other one is gone."""
    page = bound(browser)
    assert leads_to(page) == "/me"
    cookies = page.headers.get_list("set-cookie")
    (session,) = (each for each in cookies if each.startswith("ombud="))
    assert "HttpOnly" in session
    assert "SameSite=strict" in session
    (errand,) = (each for each in cookies if each.startswith("ombud-openid="))
    assert "Max-Age=0" in errand
    own = said(browser.get("/me"))
    assert "by the provider" in own
    assert "You can come in this way." in own
    browser.forget()
    assert leads_to(away(browser, "binh", do="in", next="/staff")) == "/staff"
    assert browser.get("/staff").status_code == 200


def test_leaving_is_told_to_no_other_site(browser: Browser) -> None:
    """What a browser leaves with is no use to a script or another site, and no page is kept."""
    page = browser.send("/openid", {"do": "in"})
    (cookie,) = page.headers.get_list("set-cookie")
    assert cookie.startswith("ombud-openid=")
    for part in ("HttpOnly", "SameSite=lax", "Max-Age=600"):
        assert part in cookie
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "script-src" not in page.headers["content-security-policy"]


@pytest.mark.parametrize("user", ["ana", "nobody"])
def test_who_is_not_bound_is_told_the_same(browser: Browser, user: str) -> None:
    """Whether somebody is called so here, whether they are suspended: not from this page."""
    page = away(browser, user, do="in")
    assert page.status_code == 422
    assert "Nobody was let in this way." in said(page)
    assert 'href="/login"' in page.text
    assert browser.get("/me").status_code == 303


@pytest.mark.parametrize(
    "sent", ["", "state=x&code=y", "error=access_denied", "code=" + "x" * 9000]
)
def test_who_comes_back_from_nowhere_is_let_in_nowhere(browser: Browser, sent: str) -> None:
    """Without having left, or with what this browser did not leave with."""
    assert browser.get(f"/openid/back?{sent}").status_code == 422
    browser.send("/openid", {"do": "in"})
    assert browser.get(f"/openid/back?{sent}").status_code == 422


def test_another_browser_s_log_in_is_not_taken(browser: Browser) -> None:
    """Somebody is made to open the end of a log-in that they did not begin."""
    bound(browser)
    browser.forget()
    left = browser.send("/openid", {"do": "in"})
    answer = urlencode(logged_in(leads_to(left), "binh"))
    browser.forget()
    assert browser.get(f"/openid/back?{answer}").status_code == 422
    browser.send("/openid", {"do": "in"})
    assert browser.get(f"/openid/back?{answer}").status_code == 422


def test_leaving_needs_a_page_of_ours(browser: Browser) -> None:
    """A form of another site sends nobody away; what is for somebody needs their form's token."""
    other = {"sec-fetch-site": "cross-site"}
    assert browser.send("/openid", {"do": "in"}, headers=other).status_code == 403
    for do in ("proof", "bind"):
        assert browser.send("/openid", {"do": do}).headers["location"] == "/login"
    browser.log_in()
    for do in ("proof", "bind"):
        assert browser.send("/openid", {"do": do, "form": "wrong"}).status_code == 403
    assert browser.send("/openid", {"do": "other"}).status_code == 400
    assert browser.send("/openid", {"do": "link", "link": "wrong"}).status_code == 404


def test_somebody_shows_again_who_they_are(browser: Browser) -> None:
    """The page of a fresh proof offers it to who is bound, and goes on to where they were going."""
    bound(browser)
    token = browser.token()
    browser.place.clock.at += FRESH
    assert "Nothing was changed" in said(browser.send("/me", {"form": token, "do": "unbind"}))
    assert 'name="do" value="proof"' in browser.get("/fresh?next=/staff").text
    browser.place.clock.at -= FRESH
    page = away(browser, "binh", do="proof", form=token, next="/staff")
    assert leads_to(page) == "/staff?done=proven"


def test_who_is_in_binds_themselves_and_unbinds(browser: Browser) -> None:
    """While they are fresh."""
    browser.log_in()
    token = browser.token()
    assert 'name="do" value="proof"' not in browser.get("/fresh").text
    page = away(browser, "ana", do="bind", form=token, next="/me")
    assert leads_to(page) == "/me?done=bound"
    assert "You can come in this way." in said(browser.get("/me"))
    done = browser.send("/me", {"form": token, "do": "unbind"})
    assert done.headers["location"] == "/me?done=unbound"
    browser.place.clock.at += FRESH
    stale = browser.send("/openid", {"do": "bind", "form": token})
    assert stale.status_code == 403
    assert 'name="do" value="bind"' not in browser.get("/me").text


def test_a_provider_that_is_down_is_told(browser: Browser, provider: Provider) -> None:
    """And passwords work; the log-in page does not wait for it."""
    provider.broken = 500
    assert "Log in with" in said(browser.get("/login"))
    page = browser.send("/openid", {"do": "in"})
    assert page.status_code == 503
    assert page.headers["retry-after"] == "10"
    assert "Passwords and passkeys work as ever." in said(page)
    assert browser.log_in().headers["location"] == "/cases"


def test_without_a_provider_no_page_speaks_of_one(tmp_path: Path) -> None:
    """And nobody leaves."""
    with open_pages(tmp_path / "plain") as opened:
        opened.first()
        for path in ("/me", "/login", "/fresh"):
            assert "/openid" not in opened.get(path).text
        assert opened.send("/openid", {"do": "in"}).status_code == 422
