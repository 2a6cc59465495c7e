"""What all pages of the staff have: where forms come from, cookies, looks, places to go."""

from __future__ import annotations

from pathlib import Path

import pytest

from ombud.clock import DAY
from ombud.i18n import SPOKEN
from ombud.staff.credentials import ABSOLUTE
from ombud.web.console import desk
from staff.at_the_entrance import PASSWORD
from web.console.staff_pages import FROM_HERE, Browser, open_pages, said

HOST = "localhost.local"
TLS = 'public_url = "https://mod.example"\n'


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, True),
        ({"sec-fetch-site": "same-site", "origin": f"http://{HOST}"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"origin": f"http://{HOST}"}, True),
        ({"origin": f"https://{HOST}"}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": f"http://{HOST}.evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://["}, False),
        ({"origin": "", "host": ""}, False),
        ({}, False),
    ],
)
def test_a_form_is_taken_from_our_own_pages_only(
    browser: Browser, headers: dict[str, str], taken: bool
) -> None:
    """As browsers say where it came from; one that says nothing is believed nothing."""
    browser.first()
    browser.forget()
    fields = {"name": "Ana", "password": PASSWORD}
    answer = browser.send("/login", fields, headers=headers)
    assert answer.status_code == (303 if taken else 403)
    assert ("set-cookie" in answer.headers) is taken


@pytest.mark.parametrize("path", ["/me", "/staff", "/fresh", "/logout"])
def test_a_form_of_somebody_who_is_in_carries_the_token_of_their_session(
    browser: Browser, path: str
) -> None:
    """Without it, with a changed or another session's token nothing is done, and nothing breaks."""
    browser.first()
    token = browser.token()
    cookies = dict(browser.client.cookies)
    browser.forget()
    browser.log_in()
    other = browser.token()
    browser.forget()
    browser.client.cookies.update(cookies)
    for wrong in ("", other, token[:-1], token + "0", token.upper() + "é", "\0"):
        fields = {"form": wrong, "do": "others", "password": PASSWORD}
        assert browser.send(path, fields).status_code == 403
    fields = {"form": token, "do": "look", "lang": "vi", "password": PASSWORD}
    assert browser.send(path, fields).status_code in (303, 400)


def test_what_is_no_form_is_not_taken(browser: Browser) -> None:
    """Another type, bytes that are no form, more fields than there are, too much of it."""
    assert browser.send("/login", {"name": "x"}, kind="application/json").status_code == 415
    assert browser.send("/login", {"name": "x"}, kind="text/plain").status_code == 415
    many = {f"f{each}": "1" for each in range(desk.FIELDS_MAX + 1)}
    assert browser.send("/login", many).status_code == 400
    assert browser.send("/login", {"name": "x" * 100_000}).status_code == 413


def test_cookies_are_for_this_host_and_no_script(browser: Browser) -> None:
    """Strict, out of a script's reach, for the session's longest time and for the whole site."""
    cookies = browser.first().headers.get_list("set-cookie")
    assert sorted(each.partition("=")[0] for each in cookies) == ["ombud", "ombud-known"]
    for each in cookies:
        assert "HttpOnly" in each
        assert "SameSite=strict" in each
        assert "Path=/" in each
        assert "Secure" not in each
        assert "Domain" not in each
    (session,) = (each for each in cookies if each.startswith("ombud="))
    assert f"Max-Age={ABSOLUTE // 1_000_000}" in session
    left = browser.send("/logout", {"form": browser.token()}).headers["set-cookie"]
    assert left.startswith("ombud=")
    assert "Max-Age=0" in left


def test_behind_tls_cookies_are_bound_to_it(tmp_path: Path) -> None:
    """With a public address by TLS they are Secure, and no other host can set them: the plain
    name, which one could, opens nothing.
    """
    with open_pages(tmp_path, TLS) as browser:
        cookies = browser.first().headers.get_list("set-cookie")
        names = {each.partition("=")[0] for each in cookies}
        assert names == {"__Host-ombud", "__Host-ombud-known"}
        for each in cookies:
            assert "Secure" in each
            assert "Path=/" in each
            assert "Domain" not in each
        (session,) = (each for each in cookies if each.startswith("__Host-ombud="))
        cookie = session.partition("=")[2].partition(";")[0]
        browser.forget()
        assert browser.get("/me", cookie=f"__Host-ombud={cookie}").status_code == 200
        assert browser.get("/me", cookie=f"ombud={cookie}").status_code == 303


def test_pages_have_strict_headers(browser: Browser) -> None:
    """No other's script, style, frame or form; nothing is kept; where a form was is told to
    ourselves alone. Script of ours runs only where there is a passkey to ask for.
    """
    browser.first()
    for path in ("/me", "/staff", "/fresh"):
        page = browser.get(path)
        policy = page.headers["content-security-policy"]
        assert page.status_code == 200
        assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy  # no passkey at such an address
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
        assert 'name="referrer" content="same-origin"' in page.text
    browser.forget()
    policy = browser.get("/login", host="localhost:8420").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "asked",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/staff/../x", "js:1", ""],
)
def test_nobody_is_sent_elsewhere(browser: Browser, asked: str) -> None:
    """Where to go on is one of our places, whatever an address or a form asks for."""
    browser.first()
    page = browser.client.get("/fresh", params={"next": asked})
    assert 'name="next" value="/me"' in page.text
    assert not asked or asked not in page.text
    fields = {"form": browser.token(), "password": PASSWORD, "next": asked}
    assert browser.send("/fresh", fields).headers["location"] == "/me?done=proven"


def test_what_an_address_says_was_done_is_one_of_our_words(browser: Browser) -> None:
    """A link elsewhere cannot put words into our pages."""
    browser.first()
    assert "Kept." in said(browser.get("/me?done=look"))
    assert "evil" not in browser.get("/me?done=evil").text
    assert browser.get("/me?done=%00&lang=%ff&next=x").status_code == 200


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605 (KHTML) Version/18 Safari/605.1", "Safari"),
        ("curl/8", ""),
        ("<script>", ""),
        ("x" * 5000 + "Firefox/1", ""),
    ],
)
def test_of_a_browser_its_family_is_kept(browser: Browser, agent: str, family: str) -> None:
    """Not its version, not the machine, and nothing of what it says otherwise."""
    link = browser.place.first_link()
    headers = {**FROM_HERE, "user-agent": agent}
    browser.send(f"/start/{link}", {"name": "Ana", "password": PASSWORD}, headers=headers)
    ((token, _, _),) = browser.place.entrance.members()
    (session,) = browser.place.engine.credentials.sessions(token, browser.place.clock())
    assert session.browser == family


def test_a_visitors_language_and_colours_are_those_they_chose(browser: Browser) -> None:
    """What they chose counts before what the browser says, and the address before both."""
    browser.first()
    chosen = {"form": browser.token(), "do": "look", "lang": "vi", "theme": "dark"}
    browser.send("/me?lang=en", chosen)
    page = browser.get("/me", **{"accept-language": "en"})
    assert '<html lang="vi" dir="ltr" data-theme="dark">' in page.text
    assert '<html lang="en"' in browser.get("/me?lang=en").text
    browser.forget()
    assert "data-theme" not in browser.get("/login").text


@pytest.mark.parametrize("lang", SPOKEN)
def test_a_clock_that_is_not_believed_is_told_on_every_page(browser: Browser, lang: str) -> None:
    """To whoever is in, and to nobody else."""
    browser.first()
    assert "ombud clock confirm" not in browser.get(f"/me?lang={lang}").text
    browser.place.engine.wall.ahead = 9 * DAY
    for path in ("/me", "/rules"):
        page = said(browser.get(f"{path}?lang={lang}"))
        assert "9 days ahead" in page or "trước 9 ngày" in page
        assert "ombud clock confirm" in page
    browser.forget()
    assert "ombud clock confirm" not in browser.get(f"/login?lang={lang}").text
