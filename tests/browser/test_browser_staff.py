"""The staff's pages in a real browser: keyboard, no script, passkeys, for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import axe, in_every_look
from browser.chromium import Pages
from browser.pages_served import STORIES
from browser.staff_served import (
    NAME,
    PASSWORD,
    Place,
    authenticator,
    first_account,
    log_in,
    staffed,
)

OTHER = "one more heron than before"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A community without accounts."""
    with staffed(tmp_path) as found:
        yield found


def tab_to(page: Page, name: str, tag: str) -> None:
    """Walk by keyboard to what a screen reader calls so, and see that its focus shows."""
    for _ in range(60):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "() => { const at = document.activeElement; return [at.tagName.toLowerCase(),"
            " at.labels?.[0]?.textContent ?? at.textContent,"
            " getComputedStyle(at).outlineStyle, at.matches(':focus-visible')] }"
        )
        if told[0] == tag and told[1].strip() == name:
            assert told[2] != "none"
            assert told[3]
            return
    pytest.fail(f"the keyboard does not reach {name}")


# --- first start, passwords -----------------------------------------------------------------------


def test_the_first_start_by_keyboard_alone(open_page: Pages, place: Place) -> None:
    """From the link to the own page, out and in again; each place is reached by Tab and shows
    where the focus is.
    """
    page = open_page()
    page.goto(place.address + place.first_link())
    tab_to(page, "Name", "input")
    page.keyboard.type(NAME)
    tab_to(page, "New password", "input")
    page.keyboard.type(PASSWORD)
    tab_to(page, "Make the account", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    tab_to(page, "Log out", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("You are logged out.")
    tab_to(page, "Name", "input")
    page.keyboard.type(NAME)
    tab_to(page, "Password", "input")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")  # where work begins


def test_everything_but_passkeys_works_without_script(open_page: Pages, place: Place) -> None:
    """First account, somebody added, their link, their password, looks, sessions, suspension; the
    form for a passkey is not there, and the page says why.
    """
    page = open_page(java_script_enabled=False)
    first_account(page, place)
    assert page.locator("form[data-passkey]:visible").count() == 0
    assert page.get_by_text("A passkey needs script").is_visible()
    page.get_by_role("link", name="Staff").click()
    page.locator("#name").fill("Bình")
    page.locator("#new-role-3").check()
    page.get_by_role("button", name="Add and make the link").click()
    link = page.locator(".note code").inner_text()
    second = open_page(java_script_enabled=False)
    second.goto(link)
    second.locator("#password").fill(PASSWORD)
    second.get_by_role("button", name="Keep it and log in").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Bình")
    second.locator("#lang").select_option("vi")
    second.locator("#theme").select_option("dark")
    second.get_by_role("button", name="Keep", exact=True).click()
    expect(second.get_by_role("status").first).to_have_text("Đã lưu.")
    assert second.locator("html").get_attribute("data-theme") == "dark"
    page.goto(f"{place.address}/staff")
    page.get_by_text("Change Bình").click()
    page.get_by_role("button", name="Suspend").first.click()
    expect(page.get_by_role("status").first).to_have_text("Suspended, and out at once.")
    second.reload()
    assert second.url.endswith("/login")
    log_in(second, place, "Bình")
    expect(second.get_by_role("alert")).to_contain_text("not right")


def test_a_session_is_ended_from_another_browser(open_page: Pages, place: Place) -> None:
    """And with another password all others are."""
    here, there, third = open_page(), open_page(), open_page()
    first_account(here, place)
    for page in (there, third):
        log_in(page, place)
        expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    here.reload()
    assert here.get_by_role("button", name="Log out there").count() == 2
    here.get_by_role("button", name="Log out there").first.click()
    expect(here.get_by_role("status").first).to_have_text("You are logged out there.")
    here.get_by_label("New password").fill(OTHER)
    here.get_by_role("button", name="Change it").click()
    expect(here.get_by_role("status").first).to_contain_text("Your password is changed")
    for page in (there, third):
        page.reload()
        assert page.url.endswith("/login")
    log_in(third, place, password=OTHER)
    expect(third.get_by_role("heading", level=1)).to_have_text("Cases")


# --- passkeys -------------------------------------------------------------------------------------


def test_a_passkey_from_adding_to_removing(open_page: Pages, place: Place) -> None:
    """Added with a virtual authenticator, it logs in without a name and proves again who one is;
    removed, it does not. All by keyboard.
    """
    page = open_page()
    authenticator(page)
    first_account(page, place)
    page.locator("#passkey-name").fill("phone")
    page.get_by_role("button", name="Add a passkey").press("Enter")
    expect(page.get_by_role("status").first).to_have_text("The passkey is added.")
    expect(page.get_by_text("never used")).to_be_visible()
    page.get_by_role("button", name="Log out").press("Enter")
    page.get_by_role("button", name="Log in with a passkey").press("Enter")
    page.wait_for_url("**/cases")
    page.goto(f"{place.address}/me")
    expect(page.get_by_text("by passkey")).to_be_visible()
    page.goto(f"{place.address}/fresh?next=/staff")
    page.get_by_role("button", name="Confirm with a passkey").press("Enter")
    page.wait_for_url("**/staff?done=proven")
    page.goto(f"{place.address}/me")
    page.get_by_role("button", name="Remove this passkey").press("Enter")
    expect(page.get_by_role("status").first).to_have_text("The passkey is removed.")
    page.get_by_role("button", name="Log out").press("Enter")
    page.get_by_role("button", name="Log in with a passkey").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This passkey was not taken.")


def test_a_browser_without_a_passkey_says_so(open_page: Pages, place: Place) -> None:
    """What the device refuses is told in the page, and the form goes nowhere."""
    page = open_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{place.address}/login")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("The browser gave no passkey.")).to_be_visible()
    assert page.url.endswith("/login")


# --- for everybody --------------------------------------------------------------------------------


def reachable(page: Page, place: Place) -> list[Callable[[str], None]]:
    """How each page is opened in a language, as somebody who is in sees it."""

    def staff(lang: str) -> None:
        page.goto(f"{place.address}/staff?lang={lang}")
        page.locator(".cards summary").first.click()
        page.locator(".cards details details summary").first.click()

    def link(lang: str) -> None:
        page.goto(f"{place.address}/staff?lang={lang}")
        page.locator(".cards summary").first.click()
        page.locator("button", has_text="link" if lang == "en" else "liên kết").first.click()
        expect(page.locator(".note code")).to_be_visible()

    def wrong(lang: str) -> None:
        page.goto(f"{place.address}/fresh?lang={lang}")
        page.locator("#password").fill(OTHER)
        page.locator("main button").first.click()
        expect(page.get_by_role("alert")).to_be_visible()

    def own(lang: str) -> None:
        page.goto(f"{place.address}/me?lang={lang}&done=look")

    return [own, staff, link, wrong]


@pytest.mark.parametrize("reader", STORIES, ids=str)
def test_every_page_is_accessible_for_everybody(
    open_page: Pages, place: Place, reader: tuple[str, int, str]
) -> None:
    """Light or dark, English or Vietnamese, wide or narrow: no violation of axe-core with no rule
    off, nothing sticks out, and targets are large. Names are hostile.
    """
    scheme, width, lang = reader
    page = open_page(color_scheme=scheme, viewport=(width, 640))  # type: ignore[arg-type]
    authenticator(page)
    strange = "<b>שלום</b> " + "W" * 80
    strangers: list[Callable[[str], None]] = [
        lambda lang: _open(page, f"{place.address}{place.first_link()}?lang={lang}"),
        lambda lang: _open(page, f"{place.address}/login?lang={lang}"),
        lambda lang: _open(page, f"{place.address}/start/used?lang={lang}"),
    ]
    for opened in strangers:
        opened(lang)
        fine(page)
    page.goto(f"{place.address}{place.first_link()}?lang={lang}")
    page.locator("#password").fill("short pw")
    page.locator("#name").fill(strange)
    page.locator("main button").first.click()
    expect(page.get_by_role("alert")).to_be_visible()
    fine(page)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url("**/me*")
    place.add("Zoë", "reviewer", "auditor")
    page.locator("#passkey-name").fill("مرحبا " * 10)
    page.locator("form[data-passkey] button").click()
    page.wait_for_url("**done=passkey*")
    for each in reachable(page, place):
        each(lang)
        fine(page)


def _open(page: Page, address: str) -> None:
    page.goto(address)


SMALL = """() => [...document.querySelectorAll('button, select, summary, input:not([type=hidden])')]
  .map(each => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.width && Math.min(box.width, box.height) < 24)
  .map(([, each]) => each.outerHTML)"""


def fine(page: Page) -> None:
    """What must hold of a page."""
    for look in in_every_look(page):
        assert axe(page) == [], (page.url, look)
        assert page.evaluate("document.documentElement.scrollWidth") <= look[1], (page.url, look)
        assert page.evaluate(SMALL) == []


def test_the_colours_that_were_chosen_count(open_page: Pages, place: Place) -> None:
    """Dark in a light browser and light in a dark one."""
    for scheme, theme in (("light", "dark"), ("dark", "light")):
        page = open_page(color_scheme=scheme)  # type: ignore[arg-type]
        if place.engine.staff:
            log_in(page, place)
            page.wait_for_url("**/cases")
            page.goto(f"{place.address}/me")
        else:
            first_account(page, place)
        ground = "getComputedStyle(document.body).backgroundColor"
        page.wait_for_url("**/me*")
        page.locator("#theme").select_option("")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.get_by_role("status").first).to_be_visible()
        before = page.evaluate(ground)
        page.locator("#theme").select_option(theme)
        page.get_by_role("button", name="Keep", exact=True).click()
        page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
        assert page.evaluate(ground) != before
